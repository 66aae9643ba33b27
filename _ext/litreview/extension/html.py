"""Write placeholders as HTML, straight from the corpus: no docutils tables, and every value escaped here (writing phase).

The markup is XHTML, because the epub builder goes through here too.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from docutils import nodes
from sphinx.errors import NoUri

from ..cards import Card, CardRow, card, note_line, related
from ..cells import Cell, Inline, Line, Mark, RecordLink, WebLink, Words, plain, plain_line
from ..charts import Chart
from ..diagnostics import shorten
from ..drawing import legend, scrolling
from ..evidence import Note, ranges, state_of
from ..examples import Example
from ..explanations import QUESTION_LABELS, PanelRow, answer_for_drawing, panel, scope
from ..export.citation import work_of
from ..export.cited import FORMATS, about, file_of
from ..lineage_graph import Graph, in_words, neighbourhood, whole
from ..recipe import COMMAND, ingredients
from ..tables import Table
from ..verdicts import ARTEFACTS, QUESTIONS
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
    from ..corpus import Corpus
    from ..records import Page


REPORT_FORM = "fix-a-fact.yml"  # under .github/ISSUE_TEMPLATE; its fields have the ids `page`, `field` and `value`


class Writer:
    """Write cells for one page of one builder."""

    def __init__(self, corpus: Corpus, uri: Callable[[str], str], *, on_site: bool = True, repository: str = "", site: str = "") -> None:
        self._corpus = corpus
        self._uri = uri
        self._on_site = on_site  # an e-book and a single page run no scripts and have no files beside them
        self._site = site  # the page's whole address, where the site's is known
        self._repository = repository.rstrip("/")  # where faults are reported; without it nothing offers to
        self._links: dict[str, str] = {}  # the links to records begin so; a page names a record many times

    def inline(self, inline: Inline) -> str:
        """Return one piece of a line."""
        text = _escaped(inline.text)
        if isinstance(inline, RecordLink):
            opened = self._links.get(inline.id)
            if opened is None:
                page = self._corpus.get(inline.id)
                opened = self._links[inline.id] = f'<a href="{escape(self._uri(page.docname))}">' if page else ""
            return f"{opened}{text}</a>" if opened else text
        if isinstance(inline, WebLink):
            return f'<a class="out" href="{_escaped(inline.url)}">{text}</a>'
        if isinstance(inline, Mark):
            return f'<b class="{inline.name}">{text}</b>'
        return f"<small>{text}</small>" if inline.quiet else text

    def line(self, line: Line) -> str:
        """Return a line; most pieces are plain words, which cost no call here."""
        return "".join([escape(inline.text) if type(inline) is Words and not inline.quiet else self.inline(inline) for inline in line])

    def cell(self, cell: Cell) -> str:
        """Return a cell; of several lines each is a paragraph, and a search that shows texts without their elements keeps them apart."""
        return self.line(cell[0]) if len(cell) == 1 else "\n".join([f"<p>{self.line(line)}</p>" for line in cell])

    def _light(self, cell: Cell) -> str:
        """Return a cell of a table: pages of tables are not searched, and their rows have to be light.

        In HTML the next paragraph ends the one before it, as the end of the cell does; XHTML asks for the end to be written.
        """
        end = "" if self._on_site else "</p>"
        return self.line(cell[0]) if len(cell) == 1 else "".join([f"<p>{self.line(line)}{end}" for line in cell])

    def table(self, table: Table, key: str) -> str:
        """Return a table in a region that scrolls by itself and can be reached by keyboard."""
        heads = "".join(f'<th scope="col"{_style(style)}>{escape(text)}</th>' for text, style in zip(table.headings, table.styles, strict=True))
        numbers = {style: _style(style) if style == "number" else "" for style in table.styles}  # the width is told once, by the heading
        bodies = []
        for group in table.groups:
            rows = []
            if group.heading:
                rows.append(f'<tr class="group"><th scope="rowgroup" colspan="{len(table.headings)}">{self.cell(group.heading)}</th></tr>')
            for row in group.rows:
                first, *rest = [self._light(cell) for cell in row.cells]
                cells = "".join(f"<td{numbers[style]}>{text}</td>" for text, style in zip(rest, table.styles[1:], strict=True))
                rows.append(f'<tr><th scope="row">{first}</th>{cells}</tr>')
            bodies.append("<tbody>" + "\n".join(rows) + "</tbody>")
        if not bodies:
            bodies.append(f'<tbody><tr><td colspan="{len(table.headings) or 1}">No record meets the condition.</td></tr></tbody>')
        label = f"{key}-caption"
        return (
            f'<div class="comparison" role="region" tabindex="0" aria-labelledby="{label}"><table id="{key}">'
            f'<caption><span id="{label}">{escape(table.caption)}</span></caption>'
            f"<thead><tr>{heads}</tr></thead>\n{''.join(bodies)}</table>{self._data('explorer-data', table.explorer)}</div>\n"
        )

    def _data(self, name: str, values: str) -> str:
        """Return JSON for a script; `<` cannot stand in a script element as it is: `</script>` in a text would end it."""
        if not values or not self._on_site:
            return ""
        escaped = values.replace("<", "\\u003c").replace("&", "\\u0026")
        return f'<script type="application/json" class="{name}">{escaped}</script>'

    def card(self, card: Card, docname: str) -> str:
        """Return a record's card: each value with its evidence behind one disclosure, and a way to report it."""
        parts = [f'<p class="summary">{escape(card.summary)}</p>\n'] if card.summary else []
        parts.append('<section class="card" aria-labelledby="facts"><h2 id="facts">Facts and their sources</h2>\n')
        for group in card.groups:
            rows = "".join(self._card_row(row, docname) for row in group.rows)
            parts.append(f"<h3>{escape(group.title)}</h3><dl>\n{rows}</dl>\n")
        parts.append("</section>\n")
        return "".join(parts)

    def _report(self, docname: str, field: str, shown: Cell, label: str) -> str:
        """Return a link to the repository's form, filled in by the ids of its fields; it works without scripts."""
        if not self._repository:
            return ""
        form = f"{escape(self._repository)}/issues/new?template={_quoted(REPORT_FORM)}&amp;page={_quoted(docname)}"
        given = f"field={_quoted(field)}&amp;value={_quoted(shorten(plain(shown), 300))}"
        return f' <a class="report" href="{form}&amp;{given}" aria-label="Report a fault: {escape(label)}">report</a>'

    def _card_row(self, row: CardRow, docname: str) -> str:
        value = self.cell(row.cell)
        if row.unsourced:
            value = f'<span class="unsourced">{value}</span> {self.inline(Mark("unsourced"))}'
        if row.disputed:
            said = "; ".join(dict.fromkeys(escape(note.says) for note in row.disputed))
            value += f' <span class="disputed">{self.inline(Mark("disputed"))}: {said}</span>'
        anchor = "fact-" + "-".join(row.path)
        label = f"correction of {row.label}" if row.path[0] == "corrections" else row.label
        report = self._report(docname, ".".join(row.path), row.cell, label)
        return f'<div id="{_escaped(anchor)}"><dt>{_escaped(row.label)}</dt>\n<dd>{value}{self._evidence(row)}{report}</dd></div>\n'

    def _evidence(self, row: CardRow) -> str:
        if not row.notes:
            return ""
        numbers = ranges([note.number for note in row.notes])
        notes = "".join(f'<li value="{note.number}"{_hand(note)}>{self.line(note_line(note))}</li>' for note in row.notes)
        name = _escaped(row.label)
        return f' <details class="evidence"><summary aria-label="Evidence {numbers} for {name}">source {numbers}</summary><ol>{notes}</ol></details>'

    def verdicts(self, docname: str) -> str:
        """Return the verdicts of the record on a page: both readings side by side, and why."""
        page = self._corpus.by_docname.get(docname)
        shown = panel(self._corpus, page) if page else None
        if page is None or shown is None:
            return ""
        heads = "".join(f'<th scope="col">{escape(label)}</th>' for label in QUESTION_LABELS.values())
        rows = "".join(self._verdict_row(row, page) for row in shown.rows)
        parts = [
            '<section class="verdicts" aria-labelledby="verdicts">'
            f'<h2 id="verdicts">{escape(shown.title)}</h2>\n'
            '<div class="verdict-table" role="region" tabindex="0" aria-label="Answers for each release"><table><thead><tr><td></td>'
            f"{heads}</tr></thead><tbody>{rows}</tbody></table></div>\n"
        ]
        parts += [f"<p>{self.line(note)}</p>\n" for note in shown.notes]
        if shown.why:
            reasons = "".join(f"<li>{self.line(line)}</li>" for line in shown.why)
            parts.append(f'<details class="why"><summary>{escape(shown.why_title)}</summary><ul>{reasons}</ul></details>\n')
        parts.append(f'<p class="scope">{escape(scope(self._corpus))}</p></section>\n')
        return "".join(parts)

    def _verdict_row(self, row: PanelRow, page: Page) -> str:
        """Return a row of answers; each can be reported by the path that it has in the exports, but a licence's own, which its card has."""
        cells = []
        for (question, label), shown in zip(QUESTION_LABELS.items(), row.cells, strict=True):
            field = f"verdicts.{row.label.replace(': ', '.')}.{question}"
            report = self._report(page.docname, field, shown, f"{row.label}, {label.lower()}") if page.kind in ARTEFACTS else ""
            cells.append(f"<td>{self.cell(shown)}{report}</td>")
        return f'<tr><th scope="row">{escape(row.label)}</th>{" ".join(cells)}</tr>'

    def lineage(self, docname: str) -> str:
        """Return the drawing of a record's ancestors and descendants, and the same in words."""
        page = self._corpus.by_docname.get(docname)
        graph = neighbourhood(self._corpus, page.id) if page else None
        if page is None or graph is None or not graph.arrows:
            return ""
        drawn = self._drawn(graph, f"What {page.short} was made from, and what was made from it", "lineage")
        return f'<section class="lineage-section" aria-labelledby="lineage"><h2 id="lineage">Lineage</h2>\n{drawn}</section>\n'

    def tree(self) -> str:
        """Return the drawing of all records, and the same in words."""
        return f'<div class="wide">{self._drawn(whole(self._corpus), "All records, and what they were made from", "tree")}</div>\n'

    def _drawn(self, graph: Graph, title: str, key: str) -> str:
        def uri(record_id: str) -> str:
            page = self._corpus.get(record_id)
            return self._uri(page.docname) if page else ""

        def answer(record_id: str) -> str:
            return answer_for_drawing(self._corpus, record_id)

        question = QUESTIONS["commercial-use"]
        words = "".join(f"<li>{self.line(line)}</li>" for line in in_words(self._corpus, graph))
        return (
            f"{scrolling(graph, uri=uri, answer=answer, title=title, key=key, question=question)}\n{legend(graph, answer=answer, question=question)}\n"
            f'<details class="why"><summary>The same in words</summary><ul>{words}</ul></details>\n'
        )

    def related(self, docname: str) -> str:
        """Return the back-references of the record on a page."""
        page = self._corpus.by_docname.get(docname)
        groups = related(self._corpus, page) if page else ()
        if not groups:
            return ""
        parts = ['<section class="related" aria-labelledby="related"><h2 id="related">In this review</h2>\n']
        for group in groups:
            entries = "".join(f"<li>{self.line(entry)}</li>" for entry in group.entries)
            parts.append(f"<h3>{escape(group.title)}</h3><ul>{entries}</ul>\n")
        parts.append("</section>\n")
        return "".join(parts)

    def citation(self, page: Page) -> str:
        """Return how to cite a work and, apart from it, this page about it; the files beside work without scripts."""
        root = self._uri("index").rpartition("/")[0]
        parts = ['<section class="cite" aria-labelledby="cite"><h2 id="cite">Cite</h2>\n']
        for of_page, heading, work in ((False, "The work", work_of(page)), (True, "This page", about(page, self._site))):
            links = []
            for form in FORMATS if self._on_site else ():
                file = file_of(page, form.ending, of_page=of_page)
                address = f"{root}/{file}" if root else file
                label = f"{form.label} of {heading.lower()}"
                links.append(f'<a href="{escape(address)}" type="{form.media_type}" download="" aria-label="{label}">{form.label}</a>')
            text = f'<pre class="citation" data-what="{heading.lower()}">{escape(FORMATS[0].write(work))}</pre>'
            parts.append(f"<h3>{heading}</h3>\n{text}" + (f'<p class="citation-files">Download: {" · ".join(links)}</p>\n' if links else "\n"))
        return "".join([*parts, "</section>\n"])

    def chart(self, chart: Chart) -> str:
        """Return a chart, and its numbers behind a disclosure."""
        key = re.sub(r"\W+", "-", chart.title.lower())
        return (
            f'<figure class="chart-figure"><figcaption id="caption-{key}">{escape(chart.title)}</figcaption>'
            f'<div class="chart-drawing" role="region" tabindex="0" aria-labelledby="caption-{key}">{chart.svg}</div>'
            f'<details class="why"><summary>The numbers</summary>{self.table(chart.table, f"numbers-{key}")}</details></figure>\n'
        )

    def state(self) -> str:
        """Return the review's state in numbers."""
        entries = "".join(f"<li>{escape(plain_line(line))}</li>" for line in state_lines(state_of(self._corpus)))
        return f'<ul class="review-state">{entries}</ul>\n'

    def recipe_form(self) -> str:
        """Return the form, hidden until its script runs, and what it combines as data; without scripts the command is told."""
        command = f"<code>{escape(COMMAND)}</code>"
        if not self._on_site:
            return f"<p>Ask on the command line: {command}</p>\n"
        found = ingredients(self._corpus)
        questions = "".join(
            f'<label><input type="radio" name="question" value="{escape(name)}" /> {escape(text)}</label>' for name, text in found["questions"].items()
        )
        bases = "".join(f'<option value="{escape(base["id"])}">{escape(base["name"])}</option>' for base in found["bases"])
        data = "".join(f'<label><input type="checkbox" name="data" value="{escape(one["id"])}" /> {escape(one["name"])}</label>' for one in found["data"])
        values = json.dumps(found, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return (
            f'<p class="recipe-without-scripts">Without scripts, ask on the command line: {command}</p>\n'
            '<form class="recipe" hidden="hidden">'
            f'<p><label for="recipe-base">Base model</label> <select id="recipe-base" name="base"><option value="">none</option>{bases}</select></p>'
            f"<fieldset><legend>Data sets</legend>{data}</fieldset><fieldset><legend>Question</legend>{questions}</fieldset>"
            '<p><label><input type="checkbox" name="merge" value="yes" /> The data sets are merged into one work that is passed on</label></p>'
            '<div class="recipe-answer" role="status"></div></form>\n'
            f"{self._data('recipe-ingredients', values)}\n"
        )

    def example(self, example: Example | None) -> str:
        """Return how one page writes a field."""
        if example is None:
            return ""
        page = self.inline(RecordLink(example.page.id, example.page.short))
        return f'<p class="example">Example: <code class="docutils literal notranslate">{escape(example.text)}</code> on {page}</p>\n'

    def data_files(self) -> str:
        """Return the exports, which lie beside the site's index: links there, words elsewhere."""
        from ..export import EXPORTS

        root = self._uri("index").rpartition("/")[0]
        entries = []
        for export in (export for export in EXPORTS.values() if export.in_site):
            address = f"{root}/{export.path}" if root else export.path
            shown = f"<code>{escape(export.file)}</code>" if export.several or not self._on_site else f'<a href="{escape(address)}">{escape(export.file)}</a>'
            entries.append(f"<li>{shown}: {_with_code(export.holds)}</li>")
        return f"<ul>{''.join(entries)}</ul>\n"

    def answer(self, table: Table, name: str) -> str:
        """Return the answer to a worked question, or that it is nothing."""
        return self.table(table, name) if any(group.rows for group in table.groups) else "<p>No row.</p>\n"


# Of what stands on many pages, or on one many times: names, labels, addresses.
_escaped = lru_cache(maxsize=4096)(escape)


def _quoted(text: str) -> str:
    """Return a text as part of an address. What has to be quoted are mostly spaces and a few signs: each run of them is looked up."""
    return _TO_QUOTE.sub(_quoted_run, text)


_TO_QUOTE = re.compile(r"[^A-Za-z0-9_.~-]+")


@lru_cache(maxsize=1000)
def _quote(run: str) -> str:
    return quote(run, safe="")


def _quoted_run(found: re.Match[str]) -> str:
    return _quote(found[0])


def _with_code(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))


def _style(style: str) -> str:
    return {"number": ' class="n"', "wide": ' class="w"'}.get(style, "")


def _hand(note: Note) -> str:
    return "" if note.first_hand else ' class="second-hand"'


def _writer(translator: Any) -> Writer:
    """Return the writer of the translator's page; there is a translator for each page."""
    if not hasattr(translator, "review_writer"):
        builder = translator.builder
        here = builder.current_docname
        # All pages of a folder have the same addresses for every page but themselves, and are written one after the other
        folder = builder.get_target_uri(here).rpartition("/")[0]
        if getattr(builder, "review_addresses", (None, {}))[0] != folder:
            builder.review_addresses = (folder, {})
        known: dict[str, str] = builder.review_addresses[1]

        def address(docname: str) -> str:
            try:
                found: str = builder.get_relative_uri(here, docname)
            except NoUri:
                return ""
            return found

        def uri(docname: str) -> str:
            if docname == here:
                return address(docname)
            if docname not in known:
                known[docname] = address(docname)
            return known[docname]

        config, base = builder.config, str(builder.config.html_baseurl or "")
        site = posixpath.join(base, builder.get_target_uri(here)) if base else ""
        on_site = builder.name in ("html", "dirhtml")
        translator.review_writer = Writer(ReviewDomain.of(builder.env).corpus, uri, on_site=on_site, repository=config.litreview_repository, site=site)
    writer: Writer = translator.review_writer
    return writer


def _visitor(write: Callable[[Writer, ReviewDomain, Any], str]) -> Callable[[Any, Any], None]:
    def visit(self: Any, node: Placeholder) -> None:
        self.body.append(write(_writer(self), ReviewDomain.of(self.builder.env), node))
        raise nodes.SkipNode

    return visit


def _card(writer: Writer, domain: ReviewDomain, node: Placeholder) -> str:
    page = domain.page(node["docname"])
    return writer.card(card(domain.corpus, page), page.docname) if page else ""


def _citation(writer: Writer, domain: ReviewDomain, node: Placeholder) -> str:
    page = domain.page(node["docname"])
    return writer.citation(page) if page else ""


def _table(writer: Writer, domain: ReviewDomain, node: Placeholder) -> str:
    docname, number = node["docname"], node["number"]
    return writer.table(domain.table(docname, number), f"table-{docname.replace('/', '-')}-{number + 1}")


VISITORS: dict[type[Placeholder], Callable[[Any, Any], None]] = {
    record_card: _visitor(_card),
    record_verdicts: _visitor(lambda writer, domain, node: writer.verdicts(node["docname"])),
    record_lineage: _visitor(lambda writer, domain, node: writer.lineage(node["docname"])),
    lineage_tree: _visitor(lambda writer, domain, node: writer.tree()),
    record_evidence: _visitor(lambda writer, domain, node: ""),
    record_related: _visitor(lambda writer, domain, node: writer.related(node["docname"])),
    comparison_table: _visitor(_table),
    record_citation: _visitor(_citation),
    review_chart: _visitor(lambda writer, domain, node: writer.chart(domain.chart(node["name"]))),
    recipe_form: _visitor(lambda writer, domain, node: writer.recipe_form()),
    field_example: _visitor(lambda writer, domain, node: writer.example(domain.examples(node["kind"]).get(node["path"]))),
    data_files: _visitor(lambda writer, domain, node: writer.data_files()),
    worked_answer: _visitor(lambda writer, domain, node: writer.answer(domain.answer(node["number"]), f"answer-{node['number'] + 1}")),
    review_state: _visitor(lambda writer, domain, node: writer.state()),
}
