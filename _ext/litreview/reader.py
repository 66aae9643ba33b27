"""Take a block of facts that has no fault in one pass, from libyaml's events straight to the record.

Nearly every page is right on nearly every run, and composing, preparing and validating it each walk over its thousand values
again. This is the same reading along the same declaration, with the same scalars; at the first thing that is not plainly
right it gives up, and the page is read again in the thorough way (`frontmatter.read`, `records`), which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NoReturn

import yaml
from yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from .frontmatter import Loader, may_hold_signs
from .specification import Field, specification
from .values import Text

Take = Callable[[], Any]  # returns the next event
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
        self.sequence: Callable[[Take], Any] = _refuse
        self.mapping: Callable[..., Any] = _refuse


def _reader(field: Field) -> _Reader:
    made = _Reader()
    if field.shape == "value":
        plain = type(field.scalar) is Text and field.absent is None
        made.text = _read_text if plain else _Remembered(field).__getitem__
        return made
    absent = field.absent
    if field.shape == "list":
        assert field.item is not None
        item = _reader(field.item)
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
        made.mapping = _labelled(field.key.read, _reader(field.item))
    elif field.shape == "release":
        made.mapping = _one_or_families(field)
    else:
        made.mapping = _mapping(field)
    return made


def _read_text(text: str) -> str:
    """Do what `Text` does, for half of all values, without its three calls."""
    return " ".join(text.split()) or _refuse()


def _value(reader: _Reader, event: Any, take: Take) -> Any:
    kind = type(event)
    if kind is ScalarEvent:
        return reader.text(event.value)
    if kind is SequenceStartEvent:
        return reader.sequence(take)
    return reader.mapping(take) if kind is MappingStartEvent else _refuse()


def _sequence(item: _Reader) -> Callable[[Take], list[Any]]:
    def read(take: Take) -> list[Any]:
        text, found = item.text, []
        event = take()
        while type(event) is not SequenceEndEvent:
            found.append(text(event.value) if type(event) is ScalarEvent else _value(item, event, take))
            event = take()
        return found

    return read


def _mapping(field: Field) -> Callable[..., dict[str, Any]]:
    readers = {name: _reader(child) for name, child in field.fields.items()}
    required = frozenset(field.required)
    in_order = tuple(readers)

    def read(take: Take, event: Any = None) -> dict[str, Any]:
        found: dict[str, Any] = {}
        event = event or take()
        count = 0
        while type(event) is ScalarEvent:
            name = event.value
            reader = readers[name]
            event = take()
            kind = type(event)
            if kind is ScalarEvent:
                found[name] = reader.text(event.value)
            elif kind is SequenceStartEvent:
                found[name] = reader.sequence(take)
            elif kind is MappingStartEvent:
                found[name] = reader.mapping(take)
            else:
                raise _NotPlainError
            count += 1
            event = take()
        if type(event) is not MappingEndEvent or count != len(found) or not required <= found.keys():
            raise _NotPlainError
        return {name: found[name] for name in in_order if name in found}

    return read


def _labelled(read_label: Callable[[str], Any], item: _Reader) -> Callable[..., dict[str, Any]]:
    def read(take: Take, event: Any = None) -> dict[str, Any]:
        found: dict[str, Any] = {}
        event = event or take()
        count = 0
        while type(event) is ScalarEvent:
            label = read_label(event.value)
            found[label] = _value(item, take(), take)
            count += 1
            event = take()
        if type(event) is not MappingEndEvent or count != len(found):
            raise _NotPlainError
        return found

    return read


def _one_or_families(field: Field) -> Callable[[Take], dict[str, Any]]:
    """Tell the two apart by the first key, as `one_or_families` does by all: no family has a field's name."""
    one = _Reader()
    one.mapping = single = _mapping(field.one)
    label = field.key
    assert label is not None
    families = _labelled(lambda text: label.read(text) if text not in field.fields else _refuse(), one)

    def read(take: Take) -> dict[str, Any]:
        event = take()
        if type(event) is ScalarEvent and event.value not in field.fields:
            return families(take, event)
        return single(take, event)

    return read


def _unsigned(take: Take) -> Take:
    """Return a way to take events that gives up at an anchor or a tag; an alias is no event that any reader expects."""

    def read() -> Any:
        event = take()
        if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
            raise _NotPlainError
        return event

    return read


@cache
def _record(kind: str) -> Callable[[Take], dict[str, Any]]:
    return _mapping(specification(kind))


def read_record(kind: str, block: str) -> dict[str, Any] | None:
    """Return the record that a block of facts holds, or None where the block must be read in the thorough way.

    `block` is one that `frontmatter.clean` found nothing to refuse in.
    """
    loader = Loader(block)
    take = _unsigned(loader.get_event) if may_hold_signs(block) else loader.get_event
    try:
        for expected in (StreamStartEvent, DocumentStartEvent, MappingStartEvent):
            if type(take()) is not expected:
                return None
        record = _record(kind)(take)
        if type(take()) is not DocumentEndEvent or type(take()) is not StreamEndEvent:
            return None
    except (yaml.YAMLError, ValueError, KeyError, _NotPlainError):
        return None
    finally:
        loader.dispose()
    return record
