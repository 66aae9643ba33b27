"""Read the schema as a tree, and walk a record along it.

`schema.py` declares the fields; this module is how everything else looks at that declaration: a `Field` tree with each
field's label, help text and kind of value, and `walk`, which pairs it with a record's values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args, get_origin

from typing_extensions import is_typeddict

from .values import Absent, LicenseName, Reference, Scalar

if TYPE_CHECKING:
    from pydantic_core.core_schema import CoreSchema

Shape = Literal["value", "list", "mapping", "labelled", "release"]


@dataclass(frozen=True)
class About:
    """Say what a field is, for people: its label, its help text, and its part in the review."""

    label: str
    help: str
    required: bool = False
    fact: bool = True  # counted, shown on the card and in need of evidence
    unit: bool = False  # its members are one fact each, however many parts they have
    missing: str = "field-missing"  # the diagnostic's code where it is required and not there

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {**handler(schema), "title": self.label, "description": self.help}


def about(label: str, help: str, *, required: bool = False, fact: bool = True, unit: bool = False, missing: str = "field-missing") -> About:
    """Return a field's description, to stand last in its `Annotated[…]`."""
    return About(label, help, required, fact, unit, missing)


class OneOrFamilies:
    """Mark a field that is one entry, or one entry under each of several labels."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        from pydantic_core import core_schema

        one, families = get_args(source)
        choices = {"one": handler.generate_schema(one), "families": handler.generate_schema(families)}
        return core_schema.tagged_union_schema(choices, one_or_families)


@cache
def _release_fields() -> frozenset[str]:
    from .schema import Release  # the schema needs this module

    return frozenset(Release.__annotations__)


def one_or_families(value: Any) -> str:
    """Tell which of the two a mapping is: entries under labels are families, and no family has a field's name."""
    are_labels = isinstance(value, dict) and value and _release_fields().isdisjoint(value)
    return "families" if are_labels and all(isinstance(entry, dict) for entry in value.values()) else "one"


@dataclass(frozen=True)
class Field:
    """One node of the schema's tree."""

    name: str
    about: About
    shape: Shape
    scalar: Scalar | None = None
    absent: Absent | None = None
    key: Scalar | None = None  # of a labelled mapping, or of a release's families
    item: Field | None = None  # of a list or a labelled mapping
    fields: dict[str, Field] = field(default_factory=dict)  # of a mapping or a release entry

    @cached_property
    def required(self) -> list[str]:
        """Return the names of the fields that must be there."""
        return [name for name, child in self.fields.items() if child.about.required]

    @cached_property
    def takes_one(self) -> bool:
        """Tell whether a single value may stand for a list of one."""
        return self.shape == "list" and self.item is not None and self.item.shape == "value"

    @cached_property
    def names_a_page(self) -> bool:
        """Tell whether its value is another page's name."""
        return isinstance(self.scalar, (Reference, LicenseName))

    @cached_property
    def judged(self) -> bool:
        """Tell whether it, or something below it, is a list, names a page, may be absent, or counts: what rules look at once it is read."""
        by_itself = self.shape == "list" or self.absent is not None or self.names_a_page or "instructions" in self.fields
        return by_itself or any(child.judged for child in (*self.fields.values(), *([self.item] if self.item else [])))

    @cached_property
    def judged_fields(self) -> dict[str, Field]:
        """Return the fields that rules look at."""
        return {name: child for name, child in self.fields.items() if child.judged}

    @cached_property
    def one(self) -> Field:
        """Return a release's single entry as a field of its own."""
        return Field(self.name, self.about, "mapping", fields=self.fields)


def _flatten(annotation: Any) -> tuple[Any, list[Any]]:
    """Return the bare type of nested `Annotated[…]` and all of their metadata, inner first."""
    metadata: list[Any] = []
    while hasattr(annotation, "__metadata__"):
        metadata[:0] = annotation.__metadata__
        annotation = annotation.__origin__
    return annotation, metadata


def _read(name: str, annotation: Any) -> Field:
    bare, metadata = _flatten(annotation)
    scalar = next((entry for entry in metadata if isinstance(entry, Scalar)), None)
    absent = next((entry for entry in metadata if isinstance(entry, Absent)), None)
    said = next((entry for entry in reversed(metadata) if isinstance(entry, About)), About(name, ""))
    if scalar is not None:
        return Field(name, said, "value", scalar=scalar, absent=absent)
    if any(isinstance(entry, OneOrFamilies) for entry in metadata):
        entry, families = get_args(bare)
        return Field(name, said, "release", absent=absent, key=_read("label", get_args(families)[0]).scalar, fields=_read(name, entry).fields)
    if get_origin(bare) is list:
        return Field(name, said, "list", absent=absent, item=_read(name, get_args(bare)[0]))
    if get_origin(bare) is dict:
        key, value = get_args(bare)
        return Field(name, said, "labelled", absent=absent, key=_read("label", key).scalar, item=_read(name, value))
    if is_typeddict(bare):
        # Read as they stand: the schema has no annotations written as text, and looking for such takes a third of the time.
        return Field(name, said, "mapping", absent=absent, fields={key: _read(key, hint) for key, hint in bare.__annotations__.items()})
    raise TypeError(f"field {name!r}: a schema field cannot be {bare!r}")


@cache
def specification(kind: str) -> Field:
    """Return the tree of a record kind: `paper`, `model`, `license` or `source`."""
    from .schema import KINDS  # the schema needs `about` from here

    return _read(kind, KINDS[kind])


def name_of(item: Any, index: int) -> str:
    """Return the path segment of a list's member: its `id` where it has one, else its position from 0."""
    label = item.get("id") if isinstance(item, dict) else None
    return label if isinstance(label, str) else str(index)


class Node(NamedTuple):
    """One value of a record, with its path and the field it belongs to."""

    path: tuple[str, ...]
    field: Field
    value: Any

    @property
    def dotted(self) -> str:
        """Return the path as people write it."""
        return ".".join(self.path)


# Fields about the other fields: what proves them. They hold no facts and name no pages, and they are half of a page.
PROOF = frozenset({"references", "evidence"})


def walk(kind: str, record: Mapping[str, Any], *, judged: bool = False, proof: bool = False) -> list[Node]:
    """Return the nodes of a record, parents before children, without the record itself; its proof only with `proof`.

    With `judged`, only those that a rule can find something wrong with: half as many.
    """
    found: list[Node] = []
    spec = specification(kind)
    for name, child in (spec.judged_fields if judged else spec.fields).items():
        if name in record and (proof or name not in PROOF):
            _walk(child, record[name], (name,), found, judged)
    return found


def paths(field: Field, above: str = "") -> Iterator[tuple[str, Field]]:
    """Yield all fields below one, with their paths as people write them; `…` stands for a label or position."""
    for name, child in field.fields.items():
        here, below = f"{above}{name}", child
        yield here, child
        if child.item is not None and child.item.shape == "mapping":
            here, below = f"{here}.…", child.item
        if below.fields:
            yield from paths(below, f"{here}.")


_new = tuple.__new__  # what `Node(…)` does in the end: a page has hundreds


def _walk(spec: Field, value: Any, path: tuple[str, ...], found: list[Node], judged: bool) -> None:
    found.append(_new(Node, (path, spec, value)))
    if type(value) is str:
        return
    if isinstance(value, dict):
        if spec.shape == "release" and one_or_families(value) == "families":
            for label, entry in value.items():
                _walk(spec.one, entry, (*path, label), found, judged)
        elif spec.fields:
            for key, child in (spec.judged_fields if judged else spec.fields).items():
                if key in value:
                    _walk(child, value[key], (*path, key), found, judged)
        elif spec.item is not None and (spec.item.judged or not judged):
            for label, entry in value.items():
                _walk(spec.item, entry, (*path, label), found, judged)
    elif isinstance(value, list) and spec.item is not None and (spec.item.judged or not judged):
        for index, entry in enumerate(value):
            _walk(spec.item, entry, (*path, name_of(entry, index)), found, judged)


def facts(kind: str, record: Mapping[str, Any]) -> Iterator[Node]:
    """Yield the facts of a record: the values that are counted, shown and in need of evidence."""
    spec = specification(kind)
    for name, child in spec.fields.items():
        if name in record and child.about.fact:
            yield from _facts(child, record[name], (name,))


def _facts(spec: Field, value: Any, path: tuple[str, ...]) -> Iterator[Node]:
    if not spec.about.fact:
        return
    if spec.about.unit and isinstance(value, dict):
        if spec.shape == "mapping":  # a unit that is one mapping, such as an answer, is one fact
            yield Node(path, spec, value)
        elif spec.item is not None:
            for label, entry in value.items():
                yield Node((*path, label), spec.item, entry)
    elif spec.about.unit and isinstance(value, list) and spec.item is not None:
        for index, entry in enumerate(value):
            yield Node((*path, name_of(entry, index)), spec.item, entry)
    elif spec.shape == "release" and isinstance(value, dict) and one_or_families(value) == "families":
        for label, entry in value.items():
            for key, child in spec.fields.items():
                if key in entry:
                    yield from _facts(child, entry[key], (*path, label, key))
    elif spec.shape in ("mapping", "release") and isinstance(value, dict):
        for key, child in spec.fields.items():
            if key in value:
                yield from _facts(child, value[key], (*path, key))
    elif spec.shape == "list" and isinstance(value, list) and spec.item is not None and spec.item.shape == "mapping":
        for index, entry in enumerate(value):
            yield from _facts(spec.item, entry, (*path, name_of(entry, index)))
    else:
        yield Node(path, spec, value)


def resolve(record: Any, path: str) -> tuple[str, ...] | None:
    """Return a dotted path as the keys that lead to its value in a record, or None where there is no such value.

    Keys may hold dots (`variants.6.7B`), so where the plain reading fails, the longest key that fits is taken at each step.
    """
    plain = _segments(path)
    here = record
    try:
        for segment in plain:
            here = here[segment]
    except (KeyError, TypeError):  # no such key, or no mapping
        return _resolve(record, path)
    return plain


@lru_cache(maxsize=10_000)  # the pages of one kind have the same few hundred paths
def _segments(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


def _resolve(record: Any, path: str) -> tuple[str, ...] | None:
    fitting: Iterable[tuple[str, Any]]
    if isinstance(record, dict):
        fitting = ((name, record[name]) for name in _beginnings(path) if name in record)
    elif isinstance(record, list):
        names = [(name_of(item, index), item) for index, item in enumerate(record)]
        fitting = sorted((entry for entry in names if path.startswith(entry[0])), key=lambda entry: -len(entry[0]))
    else:
        return None
    for name, value in fitting:
        if path == name:
            return (name,)
        if path.startswith(f"{name}."):
            rest = _resolve(value, path[len(name) + 1 :])
            if rest is not None:
                return (name, *rest)
    return None


def _beginnings(path: str) -> Iterator[str]:
    """Yield a path and what stands before each of its dots, the longest first."""
    end = len(path)
    while end > 0:
        yield path[:end]
        end = path.rfind(".", 0, end)


def value_at(record: Any, path: tuple[str, ...]) -> Any:
    """Return the value at a path made by `walk` or `resolve`; KeyError where there is none."""
    for segment in path:
        if isinstance(record, Mapping):
            record = record[segment]
        elif isinstance(record, list):
            for index, item in enumerate(record):
                if name_of(item, index) == segment:
                    record = item
                    break
            else:
                raise KeyError(segment)
        else:
            raise KeyError(segment)
    return record
