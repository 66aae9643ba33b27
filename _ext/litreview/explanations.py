"""Verdicts in words: the panel of a record page, cells for tables, JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from .answers import ARTEFACTS, NOT_RELEASED, QUESTIONS, REASONS, Link, Verdict
from .cells import Cell, Inline, Line, Mark, Words, cell, join
from .display import license_link, record_link, words
from .edge_rules import RULES
from .vocabularies import SCOPE

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page

QUESTION_LABELS: dict[str, str] = {"commercial-use": "Commercial use", "redistribution": "Redistribution", "train-another-model": "Training another model"}
SHOWN_LINKS = 4  # reasons a panel spells out for one answer; the data files have all
READINGS = ("declared", "lineage")


@dataclass(frozen=True)
class PanelRow:
    """One artefact or family: its label and a cell for each question."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Panel:
    """What a record page says of its licences, or a licence page of itself."""

    rows: tuple[PanelRow, ...]
    why: tuple[Line, ...]
    notes: tuple[Line, ...]
    title: str = "What its licences allow"
    why_title: str = "Why: the reasons, link by link"


def mark(answer: str) -> Inline:
    """Return an answer as a mark."""
    return Mark(answer)


def reading(name: str, verdict: Verdict) -> Line:
    """Return one reading on one line: the answer, why it is unclear, how many of counted data sets say no, which other models are meant."""
    notes: list[Line] = [(Words(REASONS[verdict.reason]),)] if verdict.reason else []
    counted = verdict.counted if verdict.answer in ("no", "unclear") else {}
    if counted.get("no"):
        others = verdict.answer == "no" and any(not link.counted for link in verdict.deciding)
        notes.append((Words(f"{'no: ' if verdict.answer != 'no' else ''}{counted['no']:,} of {sum(counted.values()):,} data sets{', and others' * others}"),))
    if verdict.scope:
        notes.append((Words(f"models: {', '.join(map(words, sorted(verdict.scope)))}"),))
    if verdict.conflict and name == "declared":
        notes.append((Mark("disputed"),))
    shown: Line = (Words(f"{name}: "), mark(verdict.answer))
    return (*shown, Words(" ("), *join(notes, "; "), Words(")")) if notes else shown


def both(declared: Verdict, lineage: Verdict) -> Cell:
    """Return both readings as a cell; only one line where nothing was released."""
    if declared.answer == NOT_RELEASED and lineage.answer == NOT_RELEASED:
        return cell(mark(NOT_RELEASED))
    return (reading("declared", declared), reading("lineage", lineage))


def because(corpus: Corpus, link: Link, here: str) -> Line:
    """Return one reason in words, with links to the record and the licence."""
    line: list[Inline] = []
    if link.record == here:
        line.append(Words(f"its own {link.artefact}"))
    else:
        line += [record_link(corpus, link.record), Words(f" ({link.artefact})")]
    if link.license:
        line += [Words(" under "), license_link(corpus, link.license)]
    chain = [RULES[edge].chain for edge, _ in groupby(link.edges) if RULES[edge].chain]
    if chain:
        line.append(Words(f", as {' ← '.join(chain)}"))
    if link.reason:
        line.append(Words(f": {REASONS[link.reason]}"))
    if link.note:
        line.append(Words(f" [{link.note}]"))
    between = [record for record in link.through if record not in (here, link.record)]
    if between:
        line += [Words(", through "), *join((record_link(corpus, record),) for record in between)]
    return tuple(line)


def explain(corpus: Corpus, verdict: Verdict, here: str, told: str = "") -> Line:
    """Return why a verdict is what it is: the deciding reasons, and what is asked; where they are `told` already, for which question."""
    deciding = verdict.deciding
    line: list[Inline] = [mark(verdict.answer)]
    if told and deciding:
        line.append(Words(f", for the same reasons as {told}"))
    elif deciding:
        nearest = sorted(deciding, key=lambda link: (len(link.edges), link))
        line += [Words(", because of "), *join([because(corpus, link, here) for link in nearest[:SHOWN_LINKS]], "; ")]
        if len(deciding) > SHOWN_LINKS:
            line.append(Words(f"; and {len(deciding) - SHOWN_LINKS} more"))
    if verdict.counted:
        line.append(Words(f". Data sets by answer: {', '.join(f'{count:,} {answer}' for answer, count in verdict.counted.items())}"))
    if verdict.scope:
        line.append(Words(f". Other models that are meant: {' '.join(SCOPE.words[word] for word in sorted(verdict.scope)).removesuffix('.')}"))
    if verdict.restricts:
        line.append(Words(f". Limits: {', '.join(sorted(map(words, verdict.restricts)))}"))
    if verdict.requires:
        line.append(Words(f". Duties: {', '.join(sorted(map(words, verdict.requires)))}"))
    return tuple(line)


def panel(corpus: Corpus, page: Page) -> Panel | None:
    """Return the panel of a paper, model or licence page."""
    if page.kind == "license":
        from .license_panels import license_panel

        return license_panel(corpus, page)
    if page.kind not in ARTEFACTS:
        return None
    verdicts = corpus.verdicts
    rows: list[PanelRow] = []
    why: list[Line] = []
    notes: list[Line] = []
    for artefact in ARTEFACTS[page.kind]:
        found = {question: verdicts.both(page, artefact, question) for question in QUESTIONS}
        rows.append(PanelRow(artefact, tuple(both(*found[question]) for question in QUESTIONS)))
        families = verdicts.families(page, artefact)
        of_families = {family: {question: verdicts.both(page, artefact, question, family) for question in QUESTIONS} for family in families}
        if len({tuple(both(*pair) for pair in answers.values()) for answers in of_families.values()}) > 1:
            rows += [PanelRow(f"{artefact}: {family}", tuple(both(*answers[question]) for question in QUESTIONS)) for family, answers in of_families.items()]
        told: dict[tuple[str, tuple[Link, ...]], str] = {}
        for question, (_, lineage) in found.items():
            if lineage.answer not in ("yes", NOT_RELEASED):
                asked, reasons = QUESTION_LABELS[question].lower(), (lineage.answer, tuple(lineage.deciding))
                why.append((Words(f"{artefact.capitalize()}, {asked}: "), *explain(corpus, lineage, page.id, told.get(reasons, ""))))
                told.setdefault(reasons, asked)
        notes += _differences(artefact, found)
        stated = {link.license for declared, _ in found.values() for link in declared.because if link.record == page.id and link.license}
        if any(declared.conflict for declared, _ in found.values()):
            named = join([(license_link(corpus, license),) for license in sorted(stated)])
            notes.append((Words(f"Different places state different licences for the {artefact}: "), *named, Words(".")))
    notes += _without_effect(corpus, page)
    return Panel(tuple(rows), tuple(why), tuple(notes))


def _differences(artefact: str, found: Mapping[str, tuple[Verdict, Verdict]]) -> list[Line]:
    """Say in a sentence where the two readings of a release differ, and that they conflict where its licence allows what its lineage forbids."""
    parts: list[Line] = []
    for question, (declared, lineage) in found.items():
        if declared.answer != lineage.answer:
            conflict = declared.answer in ("yes", "conditional") and lineage.answer == "no"
            asked, by_lineage = Words(f"{QUESTION_LABELS[question].lower()} is "), Words(" by its own licence, ")
            parts.append((asked, mark(declared.answer), by_lineage, mark(lineage.answer), Words(f" by its lineage{', which is a conflict' * conflict}")))
    return [(Words(f"The two readings of the {artefact} differ: "), *join(parts, "; "), Words("."))] if parts else []


def _without_effect(corpus: Corpus, page: Page) -> list[Line]:
    """Say which ancestors add nothing of their own, and by which rule."""
    named: dict[str, list[Line]] = {}
    for rule, record_id in corpus.verdicts.adding_nothing(page):
        named.setdefault(rule, []).append((record_link(corpus, record_id),))
    return [(Words(f"Adds nothing of its own, as {RULES[rule].edge}: "), *join(records), Words(".")) for rule, records in named.items()]


def answer_for_drawing(corpus: Corpus, record_id: str) -> str:
    """Return the one answer that a drawing shows for a record: commercial use, in the lineage reading, of what others build on.

    That is a paper's data and a model's weights, or its output where its weights were not released; sources have none.
    """
    page = corpus.get(record_id)
    if page is None or page.kind not in ARTEFACTS:
        return ""
    for artefact in ("data", "weights") if page.kind == "paper" else ("weights", "output"):
        answer = corpus.verdicts.lineage(page, artefact, "commercial-use").answer
        if answer != NOT_RELEASED:
            return answer
    return NOT_RELEASED


def scope(corpus: Corpus) -> str:
    """Return what every verdict is subject to."""
    as_of = f" as far as the sources read until {corpus.checked} tell" if corpus.checked else ""
    return f"Computed from the facts on these pages{as_of}. What a base model was pretrained on is left out. Not legal advice."


# --- For programs ------------------------------------------------------------------------------------------------------


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON: all reasons, the dominated ones too, the deciding ones first."""
    deciding = verdict.deciding
    rest = sorted(verdict.because - set(deciding))
    return {
        "answer": verdict.answer,
        "reason": verdict.reason or None,
        "requires": sorted(verdict.requires),
        "restricts": sorted(verdict.restricts),
        "scope": sorted(verdict.scope),
        "conflict": verdict.conflict,
        "because": [
            {key: list(value) if type(value) is tuple else value for key, value in zip(Link._fields, link, strict=True) if value} for link in (*deciding, *rest)
        ],
    }


def record_json(corpus: Corpus, page: Page) -> dict[str, Any]:
    """Return the verdicts of a record: release → question → reading; families beside the worst of them."""
    found: dict[str, Any] = {}
    for artefact in ARTEFACTS.get(page.kind, ()):
        found[artefact] = dict(_questions(corpus, page, artefact, ""))
        families = corpus.verdicts.families(page, artefact)
        if families:
            found[artefact]["families"] = {family: dict(_questions(corpus, page, artefact, family)) for family in families}
    return found


def _questions(corpus: Corpus, page: Page, artefact: str, family: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for question in QUESTIONS:
        pair = corpus.verdicts.both(page, artefact, question, family)
        yield question, dict(zip(READINGS, map(as_json, pair), strict=True))


# --- The first list's marks --------------------------------------------------------------------------------------------


def mark_explained(corpus: Corpus, page: Page) -> Cell:
    """Say how the first list's mark compares with what was found."""
    stated = page.record.get("listed", {}).get("mark")
    if stated is None:
        return cell(Words("not in the first list"))
    answers = {artefact: tuple(verdict.answer for verdict in corpus.verdicts.both(page, artefact, "commercial-use")) for artefact in ARTEFACTS["paper"]}
    released = {artefact: pair for artefact, pair in answers.items() if pair[0] != NOT_RELEASED}
    meant = {"commercial": "yes", "not-commercial": "no", "unclear": "unclear"}.get(stated)
    if meant is None:
        return cell(Words("The list gave no mark."))
    declared = [artefact for artefact, pair in released.items() if pair[0] == meant]
    lineage = [artefact for artefact, pair in released.items() if pair[1] == meant]
    lines: list[Line] = []
    lines.append(
        (Words(f"The mark agrees with the declared licence of: {', '.join(declared)}." if declared else "It agrees with no declared licence that was found."),)
    )
    others = [f"{artefact} {pair[0]}" for artefact, pair in released.items() if pair[0] != meant]
    if others:
        lines.append((Words(f"Declared otherwise: {', '.join(others)}."),))
    for artefact in declared:
        if artefact not in lineage:
            nearest = min(corpus.verdicts.lineage(page, artefact, "commercial-use").deciding, key=lambda link: (len(link.edges), link))
            head = Words(f"The lineage changes it for {artefact} to {released[artefact][1]}, because of ")
            lines.append((head, *because(corpus, nearest, page.id), Words(".")))
    corrections = [
        correction for correction in page.record.get("corrections", []) if "licen" in f"{correction.get('field', '')} {correction.get('listed', '')}".lower()
    ]
    for correction in corrections:
        found = f"; found: {correction['found']}" if "found" in correction else ""
        lines.append((Words(f"The list said: {correction.get('listed', '')}{found}"),))
    return tuple(lines)
