"""Tables of parts of records, or of the review's own rules: corrections, dated terms, verdict rules, what is wanted next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from .cells import Cell, Mark, RecordLink, WebLink, Words, cell, text_cell
from .display import labelled, show
from .edge_rules import RULES
from .explanations import QUESTION_LABELS
from .specification import resolve, specification

if TYPE_CHECKING:
    from .corpus import Corpus
    from .stale import Task

Rows = list[tuple[str, tuple[Cell, ...]]]  # the record a row is about, and its cells


def _corrections(corpus: Corpus) -> Rows:
    """Return what the first list said and what the sources say, one row a correction."""
    rows: Rows = []
    for page in corpus.pages:
        notes = corpus.notes(page)
        for correction in page.record.get("corrections", []):
            path = resolve(page.record, correction.get("field", "")) or ()
            label, found = labelled(corpus, page, path)
            if "found" in correction:
                found = ((Words(correction["found"]),), *found)
            proof = [note for note in notes if path and note.touches(path)]
            shown = tuple((WebLink(note.document["url"], note.label), Words(f", {note.at}")) for note in proof[:3] if "url" in note.document)
            name, listed = cell(RecordLink(page.id, page.short)), text_cell(correction.get("listed", ""))
            rows.append((page.id, (name, text_cell(label), listed, found or cell(Mark("unknown")), shown or cell(Mark("unsourced")))))
    return rows


def _versions(corpus: Corpus) -> Rows:
    """Return the dated versions of terms that changed, with their answers."""
    rows: Rows = []
    spec = specification("license").fields["versions"].item
    assert spec is not None
    for page in corpus.of_kind("license"):
        for version in page.record.get("versions", []):
            start = version.get("from") or (f"seen {version['seen']}" if "seen" in version else "not known")
            answers = version.get("answers", {})
            shown = tuple(
                show(corpus, spec.fields["answers"].fields[question], answers[question]) if question in answers else cell(Mark("unknown"))
                for question in QUESTION_LABELS
            )
            name = cell(RecordLink(page.id, page.short), Words(f", {version.get('id', '')}"))
            rows.append(
                (
                    page.id,
                    (
                        name,
                        text_cell(f"{start} – {version.get('to', '')}"),
                        text_cell(version.get("service", "")),
                        text_cell(version.get("clause", "")),
                        *shown,
                    ),
                )
            )
    return rows


def _rules(corpus: Corpus) -> Rows:
    return [("", (text_cell(rule.edge), text_cell(rule.passes), text_cell(rule.says))) for rule in RULES.values()]


def _wanted(kinds: tuple[str, ...]) -> Callable[[Corpus], Rows]:
    """Return the rows of what is worth looking up: a row a page and kind of task, the weightiest first."""

    def rows(corpus: Corpus) -> Rows:
        grouped: dict[tuple[str, str], list[Task]] = {}
        for task in corpus.tasks:
            if task.kind in kinds:
                grouped.setdefault((task.page.id, task.kind), []).append(task)
        found: Rows = []
        for tasks in grouped.values():
            page = tasks[0].page
            fields = tuple((Words(f"{labelled(corpus, page, task.path)[0] or task.dotted} ({task.dotted})"),) for task in tasks)
            why = tuple((Words(text),) for text in dict.fromkeys(task.why for task in tasks))
            weight = max(task.weight for task in tasks)
            found.append((page.id, (cell(RecordLink(page.id, page.short)), fields, why, text_cell(str(weight)))))
        return found

    return rows


def _oldest(corpus: Corpus) -> Rows:
    """Return the documents that were read longest ago, with how much rests on them."""
    found = []
    for page in corpus.pages:
        uses = Counter(note.label for note in corpus.notes(page))
        for label, document in page.record.get("references", {}).items():
            if "checked" in document and "url" in document:
                found.append((document["checked"], -uses[label], page, label, document["url"]))
    found.sort(key=lambda entry: (entry[0], entry[1], entry[2].path, entry[3]))
    return [
        (page.id, (cell(RecordLink(page.id, page.short)), cell(WebLink(url, label)), text_cell(checked), text_cell(str(-uses))))
        for checked, uses, page, label, url in found[:20]
    ]


_TASKS = ("Page", "What to look up", "Why", "Verdicts that hang on it")

# Subject → headings, styles and rows.
PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...], Callable[[Corpus], Rows]]] = {
    "corrections": (("Page", "Field", "The first list said", "What the sources say", "Source"), ("", "", "wide", "wide", "wide"), _corrections),
    "terms-versions": (
        ("Terms", "In force", "Services", "Clause on other models", *QUESTION_LABELS.values()),
        ("", "", "", "wide", "wide", "wide", "wide"),
        _versions,
    ),
    "wanted-disagreements": (_TASKS, ("", "wide", "wide", "number"), _wanted(("disagreement",))),
    "wanted-evidence": (_TASKS, ("", "wide", "wide", "number"), _wanted(("unsourced", "second-hand"))),
    "wanted-fields": (_TASKS, ("", "wide", "wide", "number"), _wanted(("unread",))),
    "oldest-evidence": (("Page", "Document", "Last read", "Entries of evidence"), ("", "wide", "", "number"), _oldest),
    "verdict-rules": (("Edge", "Passes", "Rule"), ("wide", "", "wide"), _rules),
}
