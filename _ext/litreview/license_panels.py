"""The panel of a licence page: what its text answers, what it answered at other times, and what stands under it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .cards import note_line
from .cells import Cell, Inline, Line, Mark, Words, cell, join
from .display import record_link, words
from .explanations import QUESTION_LABELS, Panel, PanelRow
from .specification import specification
from .verdicts import ARTEFACTS, NOT_RELEASED, ORDER, QUESTIONS
from .vocabularies import SCOPE

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page

SHOWN_WORKS = 12  # that a cell names for one answer; the list of what is under the licence has all


def license_panel(corpus: Corpus, page: Page) -> Panel:
    """Return the answers of a licence's text, each dated version's where there are any, and the works under it by what they come to."""
    rows = [PanelRow("Its text", tuple(_answer(page.record.get("answers", {}), question) for question in QUESTIONS))]
    for version in page.record.get("versions", []):
        rows.append(PanelRow(f"Version {version.get('id', '')}", tuple(_answer(version.get("answers", {}), question) for question in QUESTIONS)))
    works = _works(corpus, page)
    if works:
        rows.append(PanelRow("Works under it, with what they were made from", tuple(_by_answer(corpus, works, question) for question in QUESTIONS)))
    return Panel(tuple(rows), tuple(_evidence(corpus, page)), tuple(_notes(page)), "What it allows", "Evidence: the words of the text")


def _answer(answers: Mapping[str, Any], question: str) -> Cell:
    given = answers.get(question, {})
    if "answer" not in given:
        return cell(Mark("unknown"))
    lines: list[Line] = [(Mark(given["answer"]),)]
    if "scope" in given:
        lines.append((Words(SCOPE.words[given["scope"]], quiet=True),))
    for name, label in (("restricts", "limits"), ("requires", "duties")):
        if given.get(name):
            lines.append((Words(f"{label}: {', '.join(map(words, given[name]))}", quiet=True),))
    return tuple(lines)


def _works(corpus: Corpus, page: Page) -> list[tuple[str, str]]:
    """Return the releases under a licence: the record, and which artefact."""
    found: dict[tuple[str, str], None] = {}
    for link in corpus.backlinks(page.id):
        work = corpus.get(link.id)
        artefact = link.detail.partition(" ")[0]
        if link.relation == "licensed" and work is not None and artefact in ARTEFACTS.get(work.kind, ()):
            found[link.id, artefact] = None
    return list(found)


def _by_answer(corpus: Corpus, works: list[tuple[str, str]], question: str) -> Cell:
    """Return the works by what their lineage comes to, the best answer first."""
    grouped: dict[str, dict[str, list[str]]] = {}
    for record_id, artefact in works:
        work = corpus.get(record_id)
        if work is not None:
            answer = corpus.verdicts.lineage(work, artefact, question).answer
            grouped.setdefault(answer, {}).setdefault(record_id, []).append(artefact)
    lines = []
    for answer in (*reversed(ORDER), NOT_RELEASED):
        records = grouped.get(answer, {})
        named: list[Line] = [(record_link(corpus, record_id), Words(f" ({', '.join(artefacts)})")) for record_id, artefacts in records.items()]
        if named:
            more: list[Inline] = [Words(f", and {len(named) - SHOWN_WORKS} more")] if len(named) > SHOWN_WORKS else []
            lines.append((Mark(answer), Words(f" ({len(named)}): "), *join(named[:SHOWN_WORKS]), *more))
    return tuple(lines)


def _evidence(corpus: Corpus, page: Page) -> list[Line]:
    """Return what proves each answer, in the order of the questions."""
    found: list[Line] = []
    notes = corpus.notes(page)
    for question, label in QUESTION_LABELS.items():
        for note in notes:
            if note.covers(("answers", question)) or any(path[:2] == ("answers", question) for path in note.paths):
                found.append((Words(f"{label}: "), *note_line(note)))
    return found


def _notes(page: Page) -> list[Line]:
    """Return what the answers alone do not show, and how far the text reaches."""
    found: list[Line] = []
    for question, label in QUESTION_LABELS.items():
        note = page.record.get("answers", {}).get(question, {}).get("note")
        if note:
            found.append((Words(f"{label}: {note}"),))
    reach = page.record.get("reach", {})
    fields = specification("license").fields["reach"].fields
    said: list[Line] = [
        (Words(f"{fields[name].about.label.lower()}: "), Mark(value) if value in ("yes", "no", "unclear") else Mark("not-stated"))
        for name, value in reach.items()
    ]
    if said:
        found.append((Words("How far its text says it reaches. "), *join(said, "; "), Words(".")))
    return found
