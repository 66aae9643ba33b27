"""Read one page: its text becomes a record and its faults become diagnostics.

A bad field costs that field only: it is cut out of the tree and the rest is read again, so its neighbours, the page and the
build go on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from . import frontmatter
from .diagnostics import CODES, Diagnostic, one_page, shorten, suggest
from .lines import Lines
from .markdown import first_level_headings
from .markup import length_refusal, refusals
from .memory import paused_collector
from .page_files import name_fault
from .reader import read_record, record_of
from .schema import FOLDERS, KINDS
from .specification import Field, Node, one_or_families, specification, walk
from .values import ID_PATTERN, Word

if TYPE_CHECKING:
    from pydantic import TypeAdapter


MAX_TOLD = 2_000  # faulty fields of one page; a page has not half as many fields


@dataclass
class Page:
    """Hold what a page says: its record, its body, its faults."""

    path: str  # relative to the review's root, with slashes
    kind: str
    id: str
    record: dict[str, Any]
    problems: list[Diagnostic] = field(default_factory=list)
    body: str = ""
    body_line: int = 1
    is_read: bool = True  # no for a file that may not or cannot be read: others may name it, but it tells nothing
    root: Path | None = None  # where to find the page again when a line is needed
    raw: frontmatter.FrontMatter | None = None  # only while the page is being read

    # What was cut out of the page's lists because it was bad: path of the list → positions as written.
    cut: dict[tuple[str, ...], list[int]] = field(default_factory=dict)

    @cached_property
    def nodes(self) -> list[Node]:
        """Return the record's values with their fields; the record must not change any more."""
        return walk(self.kind, self.record)

    @cached_property
    def judged(self) -> list[Node]:
        """Return those of the record's values that rules look at, names of other pages among them."""
        return walk(self.kind, self.record, judged=True)

    @cached_property
    def dotted(self) -> list[str]:
        """Return the paths of the record's values as people write them."""
        return [node.dotted for node in self.nodes]

    def let_go(self) -> None:
        """Drop what was worked out of the record; it is made again for whoever asks."""
        for name in ("nodes", "judged", "dotted"):
            self.__dict__.pop(name, None)

    @property
    def title(self) -> str:
        """Return the title, or the id where the title is missing or bad."""
        title = self.record.get("title")
        return title if isinstance(title, str) else self.id

    @property
    def short(self) -> str:
        """Return the short name, or the id where it is missing or bad."""
        short = self.record.get("short")
        return short if isinstance(short, str) else self.id

    @property
    def docname(self) -> str:
        """Return the page's name as Sphinx has it."""
        return self.path.removesuffix(".md")

    def line(self, path: Sequence[str | int]) -> int:
        """Return the line (from 1) of a field; the page is read again where its nodes are gone."""
        if self.raw is not None:
            return self.raw.line(path)
        if self.root is None:
            return 1
        try:
            data = (self.root / self.path).read_bytes()
        except OSError:
            return 1
        return _lines(data).of(path)

    def diagnostic(self, path: Sequence[str | int], code: str, message: str, suggestion: str = "") -> Diagnostic:
        """Return a fault of one of the page's fields, with its line."""
        written = self.as_written(path)
        return Diagnostic(self.path, self.line(written), code, ".".join(shorten(segment) for segment in written), message, suggestion)

    def as_written(self, path: Sequence[str | int]) -> tuple[str, ...]:
        """Return a path with the positions that its list members have in the file, those that were cut counted in."""
        if not self.cut:
            return tuple(map(str, path))
        written: list[str] = []
        for segment in map(str, path):
            lost = self.cut.get(tuple(written), ())
            if lost and segment.isascii() and segment.isdecimal() and str(int(segment)) == segment:
                position = int(segment)
                for earlier in sorted(lost):
                    position += earlier <= position
                segment = str(position)
            written.append(segment)
        return tuple(written)


@lru_cache(maxsize=2)  # faults of one page come one after the other, and may be thousands
def _lines(data: bytes) -> Lines:
    return frontmatter.read(frontmatter.decode(data)[0]).lines


@lru_cache(maxsize=10_000)  # each build asks of every page several times
def kind_of(path: str) -> str | None:
    """Return the record kind of a page by its folder, or None for a page that is no record."""
    folder, _, name = path.partition("/")
    return None if "/" in name or not name.endswith(".md") or name == "index.md" else FOLDERS.get(folder)


@cache
def _adapter(kind: str) -> TypeAdapter[dict[str, Any]]:
    from pydantic import TypeAdapter  # a review without faults never needs it

    return TypeAdapter(KINDS[kind])


@paused_collector()
@one_page()
def read_page(path: str, data: str | bytes, root: Path | None = None) -> Page:
    """Read a record page; its faults are in `problems`, the checks that need other pages are not among them.

    `path` is relative to the review's root and its folder is one of papers, models, licenses, sources.
    """
    from .rules import check_page  # the rules work on pages

    kind = kind_of(path)
    if kind is None:
        raise ValueError(f"{path} is not a record page")
    text, encoding = frontmatter.decode(data) if isinstance(data, bytes) else (data, None)
    raw = frontmatter.clean(text)
    record = read_record(kind, raw.block) if raw is not None else None
    if raw is None or record is None:
        raw = frontmatter.read(text)
        record = record_of(kind, raw.values) if not raw.problems else None
    if record is not None:
        raw.values = record
    if encoding:  # the signs put in for what could not be decoded are not the writer's
        raw.problems = [encoding, *(problem for problem in raw.problems if "U+FFFD" not in problem.message)]
    page = Page(path, kind, path.rpartition("/")[2].removesuffix(".md"), {}, body=raw.body, body_line=raw.body_line, root=root, raw=raw)
    page.problems += [Diagnostic(path, p.line, p.code, p.field, p.message, p.suggestion) for p in raw.problems]
    if not re.fullmatch(ID_PATTERN, page.id):
        page.problems.append(name_fault(path))
    too_long = length_refusal(path, raw.body, raw.body_line)
    if too_long:
        page.problems.append(too_long)
        page.body = raw.body = ""
    page.problems += [
        Diagnostic(path, raw.body_line + number, "heading-one", "", "a first-level heading; the title comes from the facts, headings here start at `##`")
        for number in first_level_headings(raw.body)
    ]
    page.problems += refusals(path, raw.body, root, raw.body_line)
    if record is not None or raw.values or not raw.problems:
        page.record = record if record is not None else _validate(page, raw.values)
        page.problems += check_page(page)
    page.raw = None
    return page


def unread_page(problem: Diagnostic, root: Path | None = None) -> Page:
    """Return the page of a record whose file is not read, so that what names it is not reported as well."""
    path = PurePosixPath(problem.path)
    return Page(problem.path, FOLDERS[path.parts[0]], path.stem, {}, [problem], is_read=False, root=root)


def _prepare(spec: Field, value: Any, path: tuple[str, ...], page: Page) -> None:
    """Make single values into lists where a list is expected, and report required fields that are not there.

    The values are changed in place; this runs over every value of every page, so single values cost no call.
    """
    if isinstance(value, list):
        if spec.item is not None and spec.item.shape != "value":
            for index, entry in enumerate(value):
                if type(entry) is not str:
                    _prepare(spec.item, entry, (*path, str(index)), page)
    elif isinstance(value, dict):
        families = spec.shape == "release" and one_or_families(value) == "families"
        if spec.fields and not families:
            for name in spec.required:
                if name not in value:
                    wanted = spec.fields[name]
                    scalar = wanted.scalar or (wanted.item.scalar if wanted.item is not None else None)
                    expected = f" Expected {scalar.name}" if isinstance(scalar, Word) else ""
                    page.problems.append(page.diagnostic((*path, name), wanted.about.missing, f"is missing; {wanted.about.help}{expected}"))
        for name, entry in value.items():
            child = spec.one if families else spec.fields.get(name) if spec.fields else spec.item
            if child is None:
                continue
            if type(entry) is not str:
                _prepare(child, entry, (*path, name), page)
            elif child.takes_one and entry.strip() and not (child.absent and entry in child.absent.words):
                value[name] = [entry]


def _validate(page: Page, raw: dict[str, Any]) -> dict[str, Any]:
    """Return the record without its bad fields, which are reported on the page."""
    from pydantic import ValidationError

    spec = specification(page.kind)
    values = raw
    _prepare(spec, values, (), page)
    adapter = _adapter(page.kind)
    faults = 0
    for _ in range(20):  # each round cuts what is bad; a cut can only uncover faults further in
        try:
            record = adapter.validate_python(values)
        except ValidationError as error:
            if values is raw:
                values = _copied(raw)  # the rules still look at what was written
            bad: set[tuple[str | int, ...]] = set()
            for fault in error.errors(include_url=False, include_input=True):
                path, node = _path(spec, values, fault["loc"])
                bad.add(path)
                faults += 1
                if faults <= MAX_TOLD:
                    page.problems.append(_translate(page, fault, path, node))
            # Deepest first, and of one list the last first, so that the other paths still lead where they led.
            lost = [page.as_written(path) for path in bad if path and isinstance(path[-1], int)]
            for path in sorted(bad, key=lambda path: (len(path), path[-1] if path and isinstance(path[-1], int) else -1), reverse=True):
                values = _cut(values, path)
            for written in lost:
                page.cut.setdefault(written[:-1], []).append(int(written[-1]))
        else:
            if faults > MAX_TOLD:
                page.problems.append(page.diagnostic((), "yaml-too-large", f"{faults - MAX_TOLD:,} more faulty fields are not told"))
            return record
    raise AssertionError(f"{page.path}: the record could not be cut to a valid one")


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: entry if type(entry) is str else _copied(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [entry if type(entry) is str else _copied(entry) for entry in value]
    return value


def _path(spec: Field, values: Any, loc: tuple[str | int, ...]) -> tuple[tuple[str | int, ...], Field | None]:
    """Return where pydantic found a fault as a path into the values, without its names of union members and keys."""
    path: list[str | int] = []
    node: Field | None = spec
    for segment in loc:
        holder = _at(values, path)
        if segment == "[key]" and not (isinstance(holder, dict) and segment in holder):
            break  # a fault of the label itself
        if node is not None and node.shape == "release" and segment in ("one", "families") and segment == one_or_families(_at(values, path)):
            node = node.one if segment == "one" else Field(node.name, node.about, "labelled", absent=node.absent, item=node.one)
            continue
        path.append(segment)
        if node is not None:
            node = node.fields.get(str(segment)) if node.shape == "mapping" else node.item
    return tuple(path), node


def _at(values: Any, path: Sequence[str | int]) -> Any:
    for segment in path:
        values = values[segment]
    return values


def _translate(page: Page, fault: Any, path: tuple[str | int, ...], node: Field | None) -> Diagnostic:
    kind, given = fault["type"], fault.get("input")
    optional = "" if node is not None and node.about.required else ", or leave the line out"
    if kind in CODES:
        context = fault["ctx"]
        return page.diagnostic(path, kind, context["text"] + (optional if kind == "field-empty" else ""), context["suggestion"])
    if kind == "extra_forbidden":
        parent = _field_at(specification(page.kind), path[:-1])
        known = list(parent.fields) if parent else []
        hint = suggest(str(path[-1]), known)
        if given == "" and " " in str(path[-1]):
            what = f"there is no field '{shorten(path[-1])}' here; inside {{…}} a comma starts a new field, so quote a text that has one"
            return page.diagnostic(path, "field-unknown", what)
        return page.diagnostic(path, "field-unknown", f"there is no field '{shorten(path[-1])}' here; there are: {', '.join(known)}", hint)
    expected = {"list": "a list", "labelled": "entries, each under a label", "mapping": "`field: value` lines", "release": "`field: value` lines"}
    shape = expected.get(node.shape if node else "", "another value")
    words = f", or {' or '.join(node.absent.words)}" if node and node.absent else ""
    if isinstance(given, str) and not given.strip():
        members = f" ({node.item.scalar.name})" if node is not None and node.item is not None and node.item.scalar is not None else ""
        return page.diagnostic(path, "field-empty", f"has no value; expected {shape}{members}{words}{optional}")
    found = f"'{shorten(given)}'" if isinstance(given, str) else "a list" if isinstance(given, list) else "a mapping"
    return page.diagnostic(path, "value-type", f"expected {shape}{words}, found {found}")


def _field_at(spec: Field, path: Sequence[str | int]) -> Field | None:
    node: Field | None = spec
    for segment in path:
        if node is None:
            return None
        below = node.item if node.item is not None else node.fields.get(str(segment))
        node = below or (node.one if node.shape == "release" else None)
    return node


def _cut(values: Any, path: Sequence[str | int]) -> Any:
    """Return the values without what stands at `path`; paths are cut deepest and last first, so positions hold."""
    if not path:
        return {}
    try:
        holder = _at(values, path[:-1])
        del holder[path[-1]]
    except (KeyError, IndexError, TypeError):
        pass  # its holder was cut already
    return values
