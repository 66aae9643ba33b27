"""Turn placeholders into docutils nodes for builders other than HTML (writing phase).

The rows are the same as in HTML. References are left pending, so Sphinx resolves them as it resolves any other, in every
builder, without this module knowing one.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..cards import card, document_line, place_line, related
from ..cells import Cell, Inline, Line, Mark, RecordLink, WebLink, Words, plain, text_cell
from ..charts import Chart
from ..drawing import printed
from ..evidence import Note, state_of
from ..examples import Example
from ..explanations import QUESTION_LABELS, answer_for_drawing, panel, scope
from ..lineage_graph import Graph, in_words, neighbourhood, whole
from ..recipe import COMMAND
from ..tables import Group, Row, Table
from ..verdicts import QUESTIONS
from .domain import ReviewDomain
from .nodes import (
    Placeholder,
    comparison_table,
    data_files,
    field_example,
    lineage_tree,
    recipe_form,
    record_card,
    record_citation,
    record_evidence,
    record_lineage,
    record_related,
    record_verdicts,
    review_chart,
    review_state,
    worked_answer,
)
from .state import state_lines

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from ..corpus import Corpus


class Expander:
    """Make nodes for one page."""

    def __init__(self, corpus: Corpus, docname: str, *, draws: bool = False) -> None:
        self._corpus = corpus
        self._draws = draws
        self._docname = docname

    def inline(self, inline: Inline) -> nodes.Node:
        """Return one piece of a line."""
        text = nodes.Text(inline.text)
        if isinstance(inline, RecordLink):
            page = self._corpus.get(inline.id)
            if page is None:
                return text
            return addnodes.pending_xref(
                "", nodes.inline("", "", text), refdomain=ReviewDomain.name, reftype=page.kind, reftarget=page.id, refdoc=self._docname, refexplicit=True
            )
        if isinstance(inline, WebLink):
            return nodes.reference("", "", text, refuri=inline.url)
        if isinstance(inline, Mark):
            return nodes.strong("", "", text, classes=["mark", inline.name])
        return text

    def line(self, line: Line) -> list[nodes.Node]:
        """Return a line's nodes."""
        return [self.inline(inline) for inline in line]

    def paragraphs(self, cell: Cell) -> list[nodes.Node]:
        """Return a cell, a paragraph for each line."""
        return [nodes.paragraph("", "", *self.line(line)) for line in cell]

    def tables(self, table: Table, *, captioned: bool = True) -> list[nodes.Node]:
        """Return a table that breaks over pages where the builder can; a grouped one as a table for each group.

        A heading that spans a whole row would do, but several builders know no cells that span columns.
        """
        if not table.headings:
            return []
        if not table.groups:
            return [nodes.paragraph("", f"{table.caption}: no record meets the condition.")]
        widths = _widths(table)
        found: list[nodes.Node] = []
        for group in table.groups:
            caption = table.caption + (f": {plain(group.heading)}" if group.heading else "")
            head = nodes.thead("", nodes.row("", *(nodes.entry("", nodes.paragraph("", heading)) for heading in table.headings)))
            body = nodes.tbody("", *(nodes.row("", *(nodes.entry("", *self.paragraphs(cell)) for cell in row.cells)) for row in group.rows))
            columns = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in widths), head, body, cols=len(widths))
            found.append(nodes.table("", *([nodes.title("", caption)] if captioned else []), columns, classes=["comparison", "longtable", "colwidths-given"]))
        return found

    def card(self, docname: str) -> list[nodes.Node]:
        """Return the card of the record on a page: definitions with numbers, then the evidence under these numbers."""
        page = self._corpus.by_docname.get(docname)
        if page is None:
            return []
        shown = card(self._corpus, page)
        found: list[nodes.Node] = [nodes.paragraph("", "", nodes.emphasis("", shown.summary))] if shown.summary else []
        for group in shown.groups:
            found.append(nodes.rubric("", group.title))
            items = nodes.field_list()
            for row in group.rows:
                body = nodes.field_body("", *self.paragraphs(row.cell))
                last = body[-1] if len(body) and isinstance(body[-1], nodes.paragraph) else nodes.paragraph()
                if last.parent is None:
                    body += last
                if row.unsourced:
                    last += [nodes.Text(" "), self.inline(Mark("unsourced"))]
                if row.disputed:
                    last += [nodes.Text(" "), self.inline(Mark("disputed")), nodes.Text(": " + "; ".join(dict.fromkeys(note.says for note in row.disputed)))]
                if row.notes:
                    last += nodes.inline("", "", nodes.Text(" ["), *self._numbers(row.notes), nodes.Text("]"), classes=["quiet"])
                items += nodes.field("", nodes.field_name("", row.label), body)
            found.append(items)
        return found

    def _numbers(self, notes: Iterable[Note]) -> list[nodes.Node]:
        """Return the numbers of notes, each a link to its note."""
        found: list[nodes.Node] = []
        for note in notes:
            found += [nodes.Text(", ")] if found else []
            found.append(nodes.reference("", str(note.number), internal=True, refid=f"evidence-{note.number}"))
        return found

    def evidence(self, docname: str) -> list[nodes.Node]:
        """Return the numbered evidence of a record, and each document once, with its address."""
        page = self._corpus.by_docname.get(docname)
        entries = self._corpus.notes(page) if page else []
        if not entries:
            return []
        notes = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".", start=1)
        documents = nodes.definition_list()
        for label, document in {note.label: note.document for note in entries}.items():
            term = nodes.term("", "", nodes.target("", "", ids=[f"document-{label}"]), nodes.Text(label))
            documents += nodes.definition_list_item("", term, nodes.definition("", nodes.paragraph("", "", *self.line(document_line(document, label)))))
        for note in entries:
            target = nodes.target("", "", ids=[f"evidence-{note.number}"])
            link = nodes.reference("", note.label, internal=True, refid=f"document-{note.label}")
            notes += nodes.list_item("", nodes.paragraph("", "", target, link, *self.line(place_line(note))))
        parts = [nodes.rubric("", "Evidence"), notes, nodes.rubric("", "Documents"), documents]
        return [nodes.container("", *parts, classes=["notes"])]

    def verdicts(self, docname: str) -> list[nodes.Node]:
        """Return the verdicts of the record on a page."""
        page = self._corpus.by_docname.get(docname)
        shown = panel(self._corpus, page) if page else None
        if shown is None:
            return []
        rows = tuple(Row("", (text_cell(row.label), *row.cells)) for row in shown.rows)
        table = Table(shown.title, ("", *QUESTION_LABELS.values()), ("", "", "", ""), (Group((), rows),))
        found: list[nodes.Node] = [nodes.rubric("", shown.title), *self.tables(table, captioned=False)]
        found += [nodes.paragraph("", "", *self.line(note)) for note in shown.notes]
        if shown.why:
            found.append(self._bullets(shown.why))
        found.append(nodes.paragraph("", "", nodes.inline("", scope(self._corpus), classes=["quiet"])))
        return found

    def lineage(self, docname: str) -> list[nodes.Node]:
        """Return a record's lineage, drawn where the builder can show a drawing, and in words."""
        page = self._corpus.by_docname.get(docname)
        graph = neighbourhood(self._corpus, page.id) if page else None
        if graph is None or not graph.arrows:
            return []
        short = page.short if page else ""
        drawn = self._drawing(graph, f"What {short} was made from, and what was made from it")
        return [nodes.rubric("", "Lineage"), *drawn, self._bullets(in_words(self._corpus, graph))]

    def tree(self) -> list[nodes.Node]:
        """Return the lineage of all records, drawn where the builder can show a drawing, and in words."""
        graph = whole(self._corpus)
        drawn = self._drawing(graph, "All papers, models and upstream sources, and what they were made from")
        figure = [nodes.figure("", *drawn, nodes.caption("", "The family tree"))] if drawn else []
        return [*figure, self._bullets(in_words(self._corpus, graph))]

    def _drawing(self, graph: Graph, title: str) -> list[nodes.Node]:
        """Return a drawing as an image within the document; its boxes are told as `links`, for builders that can lay links over it."""
        if not self._draws or not graph.nodes:
            return []
        drawn = printed(graph, answer=partial(answer_for_drawing, self._corpus), title=title, question=QUESTIONS["commercial-use"])
        address = f"data:image/svg+xml;base64,{b64encode(drawn.svg.encode()).decode()}"
        pages = {record_id: page.docname for *_, record_id, _ in drawn.boxes if (page := self._corpus.get(record_id)) is not None}
        links = [(*place, pages[record_id], name) for *place, record_id, name in drawn.boxes if record_id in pages]
        return [nodes.image("", uri=address, alt=drawn.description, candidates={"?": address}, links=links)]

    def related(self, docname: str) -> list[nodes.Node]:
        """Return the back-references of the record on a page, gathered: in print, where nothing is looked for with a finger, long lists waste pages."""
        page = self._corpus.by_docname.get(docname)
        found: list[nodes.Node] = []
        for group in related(self._corpus, page) if page else ():
            found += [nodes.rubric("", f"In this review: {group.title[0].lower()}{group.title[1:]}"), self._bullets(group.gathered)]
        return found

    def chart(self, chart: Chart, *, draws: bool) -> list[nodes.Node]:
        """Return a chart as an image within the document, where the builder can show one, and its numbers as a table."""
        found: list[nodes.Node] = []
        if draws:
            address = f"data:image/svg+xml;base64,{b64encode(chart.svg.encode()).decode()}"
            image = nodes.image("", uri=address, alt=chart.title, candidates={"?": address})
            found.append(nodes.figure("", image, nodes.caption("", chart.title)))
        return [*found, *self.tables(chart.table)]

    def state(self) -> list[nodes.Node]:
        """Return the review's state in numbers."""
        return [self._bullets(state_lines(state_of(self._corpus)))]

    def data_files(self) -> list[nodes.Node]:
        """Return the list of exports, which the site has and a book has not."""
        from ..export import EXPORTS

        return [self._bullets([(Words(f"{export.file}: {export.holds.replace('`', '')}"),) for export in EXPORTS.values() if export.in_site])]

    def answer(self, table: Table) -> list[nodes.Node]:
        """Return the answer to a worked question, or that it is nothing."""
        return self.tables(table) if any(group.rows for group in table.groups) else [nodes.paragraph("", "No row.")]

    def example(self, example: Example | None) -> list[nodes.Node]:
        """Return how one page writes a field."""
        if example is None:
            return []
        page = self.inline(RecordLink(example.page.id, example.page.short))
        return [nodes.paragraph("", "", nodes.Text("Example: "), nodes.literal("", example.text), nodes.Text(" on "), page)]

    def recipe_form(self) -> list[nodes.Node]:
        """Return what to do where no form can be: the command."""
        return [nodes.paragraph("", "Ask on the command line: ", nodes.literal("", COMMAND))]

    def _bullets(self, lines: Iterable[Line]) -> nodes.Node:
        return nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph("", "", *self.line(line))) for line in lines))


def _widths(table: Table) -> list[int]:
    """Return column widths by the text they hold: wide enough for the longest word, and wider for more text."""
    widths = []
    rows = [row for group in table.groups for row in group.rows]
    for index, heading in enumerate(table.headings):
        texts = [heading, *(plain(row.cells[index]) for row in rows)]
        longest = max((len(word) for text in texts for word in text.split()), default=1)
        average = sum(map(len, texts)) / len(texts)
        widths.append(round(max(min(longest, 24), 6, (average + max(map(len, texts)) / 5) ** 0.8)))
    return widths


_EXPAND: dict[type[Placeholder], Callable[[Expander, ReviewDomain, Any], list[nodes.Node]]] = {
    record_card: lambda expander, domain, node: expander.card(node["docname"]),
    record_verdicts: lambda expander, domain, node: expander.verdicts(node["docname"]),
    record_lineage: lambda expander, domain, node: expander.lineage(node["docname"]),
    lineage_tree: lambda expander, domain, node: expander.tree(),
    record_evidence: lambda expander, domain, node: expander.evidence(node["docname"]),
    record_related: lambda expander, domain, node: expander.related(node["docname"]),
    comparison_table: lambda expander, domain, node: expander.tables(domain.table(node["docname"], node["number"])),
    review_chart: lambda expander, domain, node: expander.chart(domain.chart(node["name"]), draws=domain.builder_draws),
    record_citation: lambda expander, domain, node: [],  # a book has its own list of references, and no files beside it
    recipe_form: lambda expander, domain, node: expander.recipe_form(),
    field_example: lambda expander, domain, node: expander.example(domain.examples(node["kind"]).get(node["path"])),
    data_files: lambda expander, domain, node: expander.data_files(),
    worked_answer: lambda expander, domain, node: expander.answer(domain.answer(node["number"])),
    review_state: lambda expander, domain, node: expander.state(),
}


class Expand(SphinxPostTransform):
    """Expand placeholders before references are resolved (Sphinx at 10, MyST at 9, LaTeX's own at 5)."""

    default_priority: ClassVar[int] = 4

    def is_supported(self) -> bool:
        return ReviewDomain.of(self.env).builder_format != "html"

    def run(self, **kwargs: Any) -> None:
        domain = ReviewDomain.of(self.env)
        for node in list(self.document.findall(Placeholder)):
            node.replace_self(_EXPAND[type(node)](Expander(domain.corpus, node["docname"], draws=domain.builder_draws), domain, node))


def register(app: Sphinx) -> None:
    """Register the post-transform."""
    app.add_post_transform(Expand)
