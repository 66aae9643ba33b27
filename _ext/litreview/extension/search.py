"""Let the built-in search find records by what stands on their cards, which are written too late for its index (writing phase).

Pages of generated tables say `nosearch` in their metadata, so that each record is found once, on its own page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..found_by import found_by
from .domain import ReviewDomain

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class names_for_search(nodes.Invisible, nodes.Element):
    """Hold text that the index reads and no reader sees."""


class NameForSearch(SphinxPostTransform):
    """Put a record's names on its page for the index; only HTML has one. (Keywords in the head would not do: the index takes each for one word.)"""

    default_priority = 5
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Add the keywords to a record page."""
        domain = ReviewDomain.of(self.env)
        page = domain.page(self.env.current_document.docname)
        if page is not None:
            self.document += names_for_search("", nodes.Text(" · ".join(found_by(domain.corpus, page))))


def _skip(self: Any, node: names_for_search) -> None:
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Register the node and the transform."""
    app.add_node(names_for_search, html=(_skip, None))
    app.add_post_transform(NameForSearch)
