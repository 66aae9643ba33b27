"""What a relation is: a table of plain rows with what its columns mean; and the two sorts that follow from the schema.

A missing value is None, and `<column>_state` says which kind of missing it is: `not-stated`, `none`,
`per-source`, or `unknown` where nobody has looked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..cells import plain
from ..columns import UNKNOWN, Column, as_number, columns
from ..display import show
from ..schema import KINDS
from ..specification import Field, specification
from ..values import Amount, is_absent

if TYPE_CHECKING:
    from ..corpus import Corpus
    from ..records import Page
    from .contents import Contents

Kind = Literal["text", "number", "truth"]
Row = tuple[Any, ...]
Rows = Iterator[Row]


@dataclass(frozen=True)
class Attribute:
    """One column: its name, what it means, what it holds, and the column it points at (`table.column`)."""

    name: str
    help: str
    kind: Kind = "text"
    points_at: str = ""


@dataclass(frozen=True)
class Relation:
    """One table; `key` are the columns that tell its rows apart."""

    name: str
    help: str
    attributes: tuple[Attribute, ...]
    key: tuple[str, ...]
    rows: Callable[[Contents], Rows]

    @property
    def is_numbered(self) -> bool:
        """Tell whether its rows are counted through, from 1."""
        return self.key == ("id",) and self.attributes[0].kind == "number"

    @property
    def is_kept_by_key(self) -> bool:
        """Tell whether the database keeps its rows in the order of their keys; rows without a key, counted or very long ones lie as they come."""
        return bool(self.key) and not self.is_numbered and len(self.attributes) < 20


STATE = "value, or which kind of missing: not-stated, none, per-source, unknown (nobody has looked)."
RECORD = Attribute("record", "The record's id.", points_at="records.id")


def stated(field: Field, value: Any) -> tuple[Any, str]:
    """Return a field's value as one plain value, and its state."""
    if value is None:
        return None, UNKNOWN
    if is_absent(value) and (field.absent is None or value in field.absent.words):
        return None, value
    if isinstance(field.scalar, Amount):
        return as_number(value), "value"
    if field.scalar is not None:
        return value, "value"
    if field.shape == "list" and field.item is not None and field.item.shape == "value":
        return "; ".join(map(str, value)), "value"
    return None, "value"


def notation(contents: Contents, field: Field, value: Any) -> str:
    """Return a value as one text: amounts as pages write them (`~53000`), lists with semicolons, entries in words."""
    if is_absent(value):
        return str(value)
    if isinstance(field.scalar, Amount):
        return field.scalar.write(value)
    if field.scalar is not None:
        return str(value)
    if field.shape == "list" and field.item is not None and field.item.shape == "value":
        return "; ".join(map(str, value))
    return plain(show(contents.corpus, field, value))


# --- One table for each kind of record, with all its columns -----------------------------------------------------------


def _of_facts(contents: Contents, column: Column) -> Callable[[Corpus, Page], tuple[Any, str]]:
    """Return a column's value made from the facts that the exports have already paired with their evidence."""
    make = column.of_facts
    assert make is not None
    return lambda corpus, page: (make(contents.facts(page)), "value")


def of_kind(kind: str) -> Relation:
    """Return the relation of a record kind: one row a record, one column for each that tables can show, and its state."""
    shown = {name: column for name, column in columns(kind).items() if not column.composed}
    attributes = [Attribute("id", "The record's id: its page's file name.", points_at="records.id")]
    for name, column in shown.items():
        if name != "id":
            points_at = {"described_in": "papers.id"}.get(name, "")
            attributes.append(Attribute(name, f"{column.label}. {column.help}", "number" if column.numeric else "text", points_at))
            attributes.append(Attribute(f"{name}_state", f"Of {name}: {STATE}"))

    def rows(contents: Contents) -> Rows:
        values = [_of_facts(contents, column) if column.of_facts else column.value for name, column in shown.items() if name != "id"]
        for page in contents.pages:
            if page.kind != kind:
                continue
            row: list[Any] = [page.id]
            for value in values:
                row += value(contents.corpus, page)
            yield tuple(row)

    return Relation(f"{kind}s", KINDS[kind].__doc__ or "", tuple(attributes), ("id",), rows)


# --- Entries of a record: one row an entry, one column for each plain field of it --------------------------------------


def _entry_columns(item: Field, skip: frozenset[str] = frozenset()) -> list[tuple[str, Field]]:
    return [
        (name, child) for name, child in item.fields.items() if name not in skip and (child.shape == "value" or (child.item and child.item.shape == "value"))
    ]


def entry_attributes(item: Field, skip: frozenset[str] = frozenset(), points_at: dict[str, str] | None = None) -> tuple[Attribute, ...]:
    """Return the columns of an entry's fields."""
    found: list[Attribute] = []
    for name, child in _entry_columns(item, skip):
        kind: Kind = "number" if isinstance(child.scalar, Amount) else "text"
        found.append(Attribute(name, f"{child.about.label}. {child.about.help}", kind, (points_at or {}).get(name, "")))
        if not child.about.required or child.absent:
            found.append(Attribute(f"{name}_state", f"Of {name}: {STATE}"))
    return tuple(found)


def entry_row(item: Field, entry: dict[str, Any], skip: frozenset[str] = frozenset()) -> Row:
    """Return an entry's values, as `entry_attributes` has the columns."""
    found: list[Any] = []
    for name, child in _entry_columns(item, skip):
        value, state = stated(child, entry.get(name))
        found.append(value)
        if not child.about.required or child.absent:
            found.append(state)
    return tuple(found)


def entries(name: str, help: str, kinds: tuple[str, ...], path: tuple[str, ...], label: str, skip: tuple[str, ...] = (), **points_at: str) -> Relation:
    """Return the relation of a list of entries, or of entries under labels; `label` names the column that tells them apart."""
    field = specification(kinds[0])
    for segment in path:
        field = field.fields[segment]
    item = field.item
    assert item is not None
    left_out = frozenset({*skip, "id"})

    def rows(contents: Contents) -> Rows:
        for page in contents.pages:
            if page.kind not in kinds:
                continue
            value: Any = page.record
            for segment in path:
                value = value.get(segment, {})
                if not isinstance(value, (dict, list)):
                    break
            if isinstance(value, dict):
                entries = list(value.items())
            elif isinstance(value, list):
                entries = [(entry.get("id", str(position)), entry) for position, entry in enumerate(value)]
            else:
                continue
            for key, entry in entries:
                yield page.id, key, *entry_row(item, entry, left_out)

    told = "The entry's label" if field.shape == "labelled" else "The entry's id, or its position from 0 where it has none"
    attributes = (RECORD, Attribute(label, f"{told}; with the record's id it names the entry."), *entry_attributes(item, left_out, points_at))
    return Relation(name, help, attributes, ("record", label), rows)
