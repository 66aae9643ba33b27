"""Lead `[](#lima)` to the record of that name (writing phase, before MyST asks every domain)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from .domain import ReviewDomain

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class ResolveRecordIds(SphinxPostTransform):
    """Say of a link by id that it means the record; MyST would also find the file of that name beside the page, and call it ambiguous."""

    default_priority: ClassVar[int] = 8  # MyST's own comes at 9

    def run(self, **kwargs: Any) -> None:
        domain = ReviewDomain.of(self.env)
        for node in self.document.findall(addnodes.pending_xref):
            if node.get("reftype") == "myst" and not node.get("refdomain"):
                found = domain.find(node["reftarget"])
                if found is not None:
                    node["refdomain"], node["reftype"] = domain.name, found[1]["kind"]


def register(app: Sphinx) -> None:
    """Register the post-transform."""
    app.add_post_transform(ResolveRecordIds)
