"""The card of a record, with its evidence, and the list of records that point at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .cells import Cell, Inline, Line, WebLink, Words, join
from .corpus import BACKLINKS
from .display import labelled, links, record_link, show
from .evidence import Note, by_field
from .specification import Field, name_of, one_or_families, resolve, specification

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page

# Said elsewhere on the page, or not of a reader's interest.
_HIDDEN = {"title", "short", "summary", "references", "evidence", "corrections"}


Near = Mapping[str, Sequence[Note]]  # the notes on each field


@dataclass(frozen=True)
class CardRow:
    """One value: its label, what it reads like, what proves it, and whether it needs proof and has none."""

    path: tuple[str, ...]
    label: str
    cell: Cell
    notes: tuple[Note, ...]
    unsourced: bool

    @property
    def disputed(self) -> tuple[Note, ...]:
        """Return the sources that say something else."""
        return tuple(note for note in self.notes if note.says)


@dataclass(frozen=True)
class CardGroup:
    """Rows under a heading."""

    title: str
    rows: tuple[CardRow, ...]


@dataclass(frozen=True)
class Card:
    """Everything a record page shows of its facts."""

    summary: str
    groups: tuple[CardGroup, ...]
    notes: tuple[Note, ...]


def card(corpus: Corpus, page: Page) -> Card:
    """Return a page's card: one group for what the record is, one for each field that has parts."""
    notes = corpus.notes(page)
    near = by_field(notes)
    own: list[CardRow] = []
    groups: list[CardGroup] = []
    for name, field in specification(page.kind).fields.items():
        if name not in page.record or name in _HIDDEN:
            continue
        value, path = page.record[name], (name,)
        if name == "links":
            own.append(CardRow(path, field.about.label, links(corpus, field, value), (), False))
        elif (isinstance(value, dict) and field.shape != "value") or (isinstance(value, list) and field.item is not None and field.item.shape == "mapping"):
            rows = _rows(corpus, field, value, path, near)
            if rows:
                groups.append(CardGroup(field.about.label, tuple(rows)))
        else:
            own.append(_row(corpus, field, value, path, field.about.label, near))
    corrections = _corrections(corpus, page, near)
    if corrections:
        groups.append(CardGroup("Corrections to the first list", tuple(corrections)))
    return Card(page.record.get("summary", ""), (CardGroup("The record", tuple(own)), *groups), tuple(notes))


def _row(corpus: Corpus, field: Field, value: Any, path: tuple[str, ...], label: str, near: Near) -> CardRow:
    field_notes = near.get(path[0], ())
    proof = tuple([note for note in field_notes if note.touches(path)] if len(path) > 1 else field_notes)
    agreeing = any(not note.says for note in proof)
    return CardRow(path, label, show(corpus, field, value), proof, field.about.fact and not agreeing)


def _rows(corpus: Corpus, field: Field, value: Any, path: tuple[str, ...], near: Near) -> list[CardRow]:
    """Return the rows of a field that has parts: one for each part, families and labelled sources one each."""
    rows: list[CardRow] = []
    if isinstance(value, list):
        for index, item in enumerate(value):
            name = name_of(item, index)
            label = name if "id" in item else f"{field.about.label} {index + 1}" if len(value) > 1 else field.about.label
            if field.item is not None:
                rows.append(_row(corpus, field.item, item, (*path, name), label, near))
        return rows
    for name, child in field.fields.items():
        if name not in value:
            continue
        part, here = value[name], (*path, name)
        if child.shape == "release" and isinstance(part, dict) and one_or_families(part) == "families":
            rows += [_row(corpus, child.one, entry, (*here, label), f"{child.about.label}: {label}", near) for label, entry in part.items()]
        elif child.shape == "labelled" and isinstance(part, dict) and child.item is not None:
            rows += [_row(corpus, child.item, entry, (*here, label), f"Source: {label.replace('_', ' ')}", near) for label, entry in part.items()]
        else:
            rows.append(_row(corpus, child, part, here, child.about.label, near))
    return rows


def _corrections(corpus: Corpus, page: Page, near: Near) -> list[CardRow]:
    rows = []
    for index, correction in enumerate(page.record.get("corrections", [])):
        path = resolve(page.record, correction.get("field", "")) or ()
        lines: list[Line] = [(Words(f"The first list said: {correction.get('listed', '')}"),)]
        if "found" in correction:
            lines.append((Words(f"Found: {correction['found']}"),))
        proof = tuple([note for note in near.get(path[0] if path else "", ()) if note.touches(path)])
        label = labelled(corpus, page, path)[0] or correction.get("field", "")
        rows.append(CardRow(("corrections", str(index)), label, tuple(lines), proof, False))
    return rows


def note_line(note: Note) -> Line:
    """Return an entry of evidence as people read it: document, place, quotation, and how it was read."""
    document = note.document
    said = [f", {note.at}" if note.at else ""]
    if note.says:
        said.append(f"; says instead: {note.says}" if not note.until else f"; said until {note.until}: {note.says}")
    said += [
        f": “{note.quote}”" if note.quote else "",
        f" ({note.note})" if note.note else "",
        ". Read first-hand" if note.first_hand else ". Not read first-hand",
    ]
    line: list[Inline] = [WebLink(document["url"], document.get("title", note.label)) if "url" in document else Words(note.label)]
    for name, lead, link in (("copy", " in a ", "full copy"), ("quoted_by", ", quoted by ", "another document")):
        if name in document:
            line += [Words("".join([*said, lead])), WebLink(document[name], link)]
            said = []
    said += [f", {document['checked']}" if "checked" in document else "", ".", f" {document['note']}" if "note" in document else ""]
    return (*line, Words("".join(said)))


def place_line(note: Note) -> Line:
    """Return an entry of evidence without its document: the place in it and the quotation. `document_line` says the rest once."""
    said = [f", {note.at}" if note.at else ""]
    if note.says:
        said.append(f"; says instead: {note.says}" if not note.until else f"; said until {note.until}: {note.says}")
    said += [f": “{note.quote}”" if note.quote else "", f" ({note.note})" if note.note else ""]
    return (Words("".join(said).rstrip(".") + "."),)


def document_line(document: Mapping[str, Any], label: str) -> Line:
    """Return a document as a list of what was read names it: its title, how it was read, and its address in full, for paper."""
    line: list[Any] = [Words(f"{document.get('title', label)}. {'Read' if document.get('first_hand') == 'yes' else 'Not read'} first-hand")]
    if "checked" in document:
        line.append(Words(f", {document['checked']}"))
    for name, lead in (("url", ". "), ("copy", ". In a full copy: "), ("quoted_by", ". Quoted by ")):
        if name in document:
            line += [Words(lead), WebLink(document[name], document[name].removeprefix("https://").removeprefix("http://"))]
    if "note" in document:
        line.append(Words(f". {document['note']}"))
    return tuple(line)


@dataclass(frozen=True)
class Related:
    """The records that point at a page in one way, each with what is told of it: the variant, the base model in common, the record between."""

    title: str
    records: tuple[tuple[Line, Line], ...]

    @property
    def entries(self) -> tuple[Line, ...]:
        """Return a line for each record, for where a list is looked through."""
        return tuple((*record, Words(" ("), *told, Words(")")) if told else record for record, told in self.records)

    @property
    def gathered(self) -> tuple[Line, ...]:
        """Return a line for all records of which the same is told, for where a list is printed."""
        alike: dict[Line, list[Line]] = {}
        for record, told in self.records:
            alike.setdefault(told, []).append(record)
        return tuple(
            (*told, Words(": "), *join(records)) if told and len(records) > 1 else (*join(records), *((Words(" ("), *told, Words(")")) if told else ()))
            for told, records in alike.items()
        )


def related(corpus: Corpus, page: Page) -> tuple[Related, ...]:
    """Return who points at a page, each record once in each way it does."""
    found: dict[str, dict[str, tuple[list[str], str]]] = {}
    for link in corpus.backlinks(page.id):
        details, through = found.setdefault(link.relation, {}).setdefault(link.id, ([], link.through))
        if link.detail and link.detail not in details:
            details.append(link.detail)
    shown = []
    for relation, entries in found.items():
        records: list[tuple[Line, Line]] = []
        for record_id, (details, through) in entries.items():
            told: Line = ()
            if through:
                told = (Words("through "), record_link(corpus, through))
            elif relation == "same-base":
                told = join((record_link(corpus, detail),) for detail in details)
            elif details:
                told = (Words(", ".join(detail.replace("_", " ") for detail in details)),)
            records.append(((record_link(corpus, record_id),), told))
        shown.append(Related(BACKLINKS[relation], tuple(records)))
    return tuple(shown)


def labels_read_by(corpus: Corpus, page: Page) -> list[tuple[str, str, str]]:
    """Return what a page's generated parts take from other records: (reference, how it reads, the page it leads to).

    A licence is named by its spelling, so its page can be renamed while all that names it stays as it was.
    """
    found = []
    for node in corpus.references_of(page):
        target = corpus.licenses.get(node.value) or corpus.get(node.value.partition("/")[0])
        name = record_link(corpus, node.value) if target is not None and target.kind != "license" else None
        found.append((node.value, name.text if name is not None else target.short if target is not None else "", target.path if target is not None else ""))
    return found
