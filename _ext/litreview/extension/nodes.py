"""Placeholders in the document tree for what is generated, and the transform that puts them on record pages.

They hold no rows: those come from the corpus, which is complete only after every page was read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.transforms import SphinxTransform

from ..records import kind_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class Placeholder(nodes.General, nodes.Element):
    """Stand for generated content; `docname` is the page it is on."""


class record_card(Placeholder):
    """Stand for a record's card."""


class record_related(Placeholder):
    """Stand for a record's back-references."""


class record_evidence(Placeholder):
    """Stand for a record's evidence at the end of its page; a page of HTML has it beside each value."""


class record_verdicts(Placeholder):
    """Stand for a record's licence verdicts."""


class record_lineage(Placeholder):
    """Stand for the drawing of a record's ancestors and descendants."""


class lineage_tree(Placeholder):
    """Stand for the drawing of all records."""


class comparison_table(Placeholder):
    """Stand for a table; `number` is its position in the page's requests, from 0."""


class review_state(Placeholder):
    """Stand for the review's state in numbers."""


class record_citation(Placeholder):
    """Stand for how to cite a paper, and the page about it."""


class review_chart(Placeholder):
    """Stand for a chart; `name` is one of `charts.CHARTS`."""


class recipe_form(Placeholder):
    """Stand for the form that combines a base model with data sets."""


class data_files(Placeholder):
    """Stand for the list of exports."""


class field_example(Placeholder):
    """Stand for an example of the field at `path` of the schema of `kind`."""


class worked_answer(Placeholder):
    """Stand for the answer to a worked question; `number` is its position among them, from 0."""


PLACEHOLDERS: tuple[type[Placeholder], ...] = (
    record_card,
    record_verdicts,
    record_lineage,
    lineage_tree,
    record_related,
    record_evidence,
    comparison_table,
    review_state,
    data_files,
    worked_answer,
    recipe_form,
    review_chart,
    record_citation,
    field_example,
)


class PlaceOnRecordPages(SphinxTransform):
    """Put the card after the title and the back-references at the end of each record page (reading phase)."""

    default_priority: ClassVar[int] = 400

    def apply(self, **kwargs: Any) -> None:
        docname = self.env.docname
        if kind_of(f"{docname}.md") is None:
            return
        section = next(iter(self.document.findall(nodes.section)), None)
        holder: nodes.Element = section if section is not None else self.document
        after_title = 1 if section is not None and isinstance(section[0], nodes.title) else 0
        holder.insert(after_title, record_card(docname=docname))
        holder.insert(after_title + 1, record_verdicts(docname=docname))
        holder.append(record_lineage(docname=docname))
        holder.append(record_related(docname=docname))
        holder.append(record_evidence(docname=docname))
        if kind_of(f"{docname}.md") == "paper":
            holder.append(record_citation(docname=docname))


def _skip(self: Any, node: nodes.Element) -> None:
    raise nodes.SkipNode


def register(app: Sphinx, visitors: dict[type[Placeholder], Callable[[Any, Any], None]]) -> None:
    """Register the nodes; builders other than HTML never meet one, because a post-transform replaces them."""
    for placeholder in PLACEHOLDERS:
        nothing = (_skip, None)
        app.add_node(placeholder, html=(visitors[placeholder], None), latex=nothing, text=nothing, man=nothing, texinfo=nothing)
    app.add_transform(PlaceOnRecordPages)
