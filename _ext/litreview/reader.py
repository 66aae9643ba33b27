"""Take a block of facts that has no fault in one pass, from its plain values to the record.

Nearly every page is right on nearly every run, and preparing and validating it each walk over its thousand values again. This
is the same reading along the same declaration, with the same scalars; at the first thing that is not plainly right it gives
up, and the page is read again in the thorough way (`frontmatter.read`, `records`), which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from .frontmatter import Loader
from .plain_evidence import divide, entries_reader
from .plain_yaml import read_plain
from .specification import Field, specification
from .values import Text

REMEMBERED = 5000  # values of one field that need not be read again: labels, dates, addresses and words come many times


class _NotPlainError(Exception):
    """The block holds something that only the thorough reading can judge."""


class _Remembered(dict[str, Any]):
    """The values of a field's texts; a text is read when it is first met."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field = field

    def __missing__(self, text: str) -> Any:
        absent, scalar = self._field.absent, self._field.scalar
        assert scalar is not None
        value = text if absent is not None and absent.holds(text) else scalar.read(text)
        if len(self) >= REMEMBERED:
            self.clear()
        if not isinstance(value, dict):  # two records must not share what could be changed
            self[text] = value
        return value


def _refuse(*_: Any) -> NoReturn:
    raise _NotPlainError


class _Reader:
    """Read one field, whichever of the three shapes YAML gives it."""

    __slots__ = ("mapping", "sequence", "text")

    def __init__(self) -> None:
        self.text: Callable[[str], Any] = _refuse
        self.sequence: Callable[[list[Any]], Any] = _refuse
        self.mapping: Callable[[dict[str, Any]], Any] = _refuse

    def __call__(self, value: Any) -> Any:
        """Return what a value stands for."""
        kind = type(value)
        return self.text(value) if kind is str else self.sequence(value) if kind is list else self.mapping(value)


def _reader(field: Field, tidy: bool) -> _Reader:
    made = _Reader()
    if field.shape == "value":
        plain = type(field.scalar) is Text and field.absent is None
        made.text = _Remembered(field).__getitem__ if not plain else str if tidy else _read_text
        return made
    absent = field.absent
    if field.shape == "list":
        assert field.item is not None
        item = _reader(field.item, tidy)
        made.sequence = _sequence(item)
        takes_one = field.takes_one

        def single(text: str) -> Any:
            if absent is not None and text in absent.words:
                return text
            return [item.text(text)] if takes_one else _refuse()

        made.text = single
        return made
    if absent is not None:
        made.text = lambda text: text if text in absent.words else _refuse()
    if field.shape == "labelled":
        assert field.item is not None
        assert field.key is not None
        made.mapping = _labelled(field.key.read, _reader(field.item, tidy))
    elif field.shape == "release":
        made.mapping = _one_or_families(field, tidy)
    else:
        made.mapping = _mapping(field, tidy)
    return made


def _read_text(text: str) -> str:
    """Do what `Text` does, without its three calls; of a tidy text it would leave every sign."""
    return " ".join(text.split()) or _refuse()


def _sequence(item: _Reader) -> Callable[[list[Any]], list[Any]]:
    text, mapping = item.text, item.mapping

    def read(values: list[Any]) -> list[Any]:
        if len(values) == 1 and type(values[0]) is str:  # as most are
            return [text(values[0])]
        return [text(value) if type(value) is str else mapping(value) if type(value) is dict else item(value) for value in values]

    return read


def _mapping(field: Field, tidy: bool) -> Callable[[dict[str, Any]], dict[str, Any]]:
    readers = {name: _reader(child, tidy) for name, child in field.fields.items()}
    required = frozenset(field.required)
    # How mappings with the same names are read, for the few combinations of names that there are
    ways: dict[tuple[str, ...], list[tuple[str, Callable[[str], Any], Callable[[list[Any]], Any], Callable[[dict[str, Any]], Any]]]] = {}

    def read(values: dict[str, Any]) -> dict[str, Any]:
        names = tuple(values)
        way = ways.get(names)
        if way is None:
            if not required <= values.keys() or not values.keys() <= readers.keys():
                raise _NotPlainError
            if len(ways) >= REMEMBERED:
                ways.clear()
            way = ways[names] = [(name, reader.text, reader.sequence, reader.mapping) for name, reader in readers.items() if name in values]
        record = {}
        for name, text, sequence, mapping in way:
            value = values[name]
            record[name] = text(value) if type(value) is str else sequence(value) if type(value) is list else mapping(value)
        return record

    return read


def _labelled(read_label: Callable[[str], Any], item: _Reader) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda values: {read_label(label): item(value) for label, value in values.items()}


def _one_or_families(field: Field, tidy: bool) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Tell the two apart by the first key, as `one_or_families` does by all: no family has a field's name."""
    one = _Reader()
    one.mapping = single = _mapping(field.one, tidy)
    label = field.key
    assert label is not None
    families = _labelled(lambda text: label.read(text) if text not in field.fields else _refuse(), one)
    return lambda values: families(values) if values and next(iter(values)) not in field.fields else single(values)


@cache
def _record(kind: str, tidy: bool) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return _mapping(specification(kind), tidy)


@cache
def _entries(kind: str) -> Callable[[str], list[dict[str, Any]] | None]:
    entry = specification(kind).fields["evidence"].item
    assert entry is not None
    return entries_reader(entry, lambda field: _reader(field, tidy=True).text)


def evidence_of(kind: str, lines: str) -> list[dict[str, Any]] | None:
    """Return the evidence that the last lines of a block hold, or None where they must be read with all the others."""
    try:
        return _entries(kind)(lines) if lines else None
    except (ValueError, _NotPlainError):
        return None


def record_of(kind: str, values: dict[str, Any], *, tidy: bool = False) -> dict[str, Any] | None:
    """Return the record that the values of a block of facts stand for, or None where one of them must be looked at in the thorough way.

    Of values that are `tidy`, no text is empty or has spaces to spare.
    """
    try:
        return _record(kind, tidy)(values)
    except (ValueError, _NotPlainError):
        return None


def read_record(kind: str, block: str) -> dict[str, Any] | None:
    """Return the record that a block of facts holds, or None where the block must be read in the thorough way.

    `block` is one that `frontmatter.clean` found nothing to refuse in.
    """
    before, lines = divide(block)
    evidence = evidence_of(kind, lines)
    if evidence is not None:
        plain = read_plain(before)
        record = record_of(kind, plain[0], tidy=plain[1]) if plain is not None else None
        if record is not None and "evidence" not in record:
            record["evidence"] = evidence
            return record
    plain = read_plain(block)
    if plain is not None:
        return record_of(kind, plain[0], tidy=plain[1])
    values = _read_events(block)
    return record_of(kind, values) if values is not None else None


def _read_events(block: str) -> dict[str, Any] | None:
    """Return the values of a block of any YAML, or None where it is wrong, or holds more than texts, lists and mappings."""
    loader = Loader(block)
    take = loader.get_event
    try:
        take(), take()  # the stream's and the document's start
        start = take()
        values = _value(start, take) if type(start) is MappingStartEvent else None
        is_all = type(take()) is DocumentEndEvent and type(take()) is StreamEndEvent
    except (yaml.YAMLError, ValueError, RecursionError, _NotPlainError):
        return None
    finally:
        loader.dispose()
    return values if is_all else None


def _value(event: Any, take: Callable[[], Any]) -> Any:
    kind = type(event)
    if kind is AliasEvent or event.anchor is not None or event.tag is not None:
        raise _NotPlainError
    if kind is ScalarEvent:
        return event.value
    if kind is SequenceStartEvent:
        members = []
        while type(event := take()) is not SequenceEndEvent:
            members.append(_value(event, take))
        return members
    found: dict[str, Any] = {}
    while type(event := take()) is not MappingEndEvent:
        name = _value(event, take)
        if type(name) is not str or name in found:
            raise _NotPlainError
        found[name] = _value(take(), take)
    return found
