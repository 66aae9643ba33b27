"""Whatever a file holds, reading it never fails: it gives a record or it gives diagnostics, and what is read can be shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import minimal
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litreview.cards import card, note_line, related
from litreview.columns import columns
from litreview.corpus import Corpus
from litreview.database import Database
from litreview.diagnostics import CODES
from litreview.evidence import state_of
from litreview.export import json as json_export
from litreview.records import Page, read_page
from litreview.schema import KINDS
from litreview.specification import Field, specification
from minimal import LICENSE, MODEL, PAGES, PAPER, SOURCE
from pydantic import TypeAdapter
from soak import SOAK, times

PATHS = [PAPER, MODEL, LICENSE, SOURCE]


# The same examples on every run, so that a change is to blame for a failure; nothing is written beside the tests.
def few(max_examples: int) -> settings:
    return settings(
        max_examples=times(max_examples), derandomize=not SOAK, deadline=None, database=None, phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip


def read(path: str, data: str | bytes) -> Page:
    """Read a page and make sure of what holds for every page."""
    page = read_page(path, data)
    text = data if isinstance(data, str) else data.decode("utf-8", "replace")
    lines = len(text.splitlines()) + 1
    assert page.record or page.problems
    for problem in page.problems:
        assert str(problem).startswith(f"{path}:{problem.line}: error: ")
        assert problem.code in CODES
        assert 1 <= problem.line <= lines, problem
    # What is left of a record is a right record.
    assert adapter(page.kind).validate_python(typed(specification(page.kind), page.record)) == page.record
    return page


@cache
def adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(KINDS[kind])


def typed(field: Field, value: Any) -> Any:
    """Return a value as it was typed: amounts are the only values that change when they are read."""
    if field.scalar is not None and field.scalar.numeric:
        if isinstance(value, dict):
            return f"~{value['about']}" if "about" in value else f"{value.get('min', '')}..{value.get('max', '')}"
        return str(value)
    if isinstance(value, dict):
        families = field.shape == "release" and value and all(isinstance(entry, dict) for entry in value.values())
        if field.shape in ("mapping", "release") and not families:
            return {name: typed(field.fields[name], entry) for name, entry in value.items()}
        below = Field(field.name, field.about, "mapping", fields=field.fields) if families else field.item
        assert below is not None
        return {label: typed(below, entry) for label, entry in value.items()}
    if isinstance(value, list):
        assert field.item is not None
        return [typed(field.item, entry) for entry in value]
    return value


def show(pages: list[Page]) -> None:
    """Do everything that a review does with pages, without caring what comes out."""
    corpus = Corpus(pages)
    for problem in corpus.check():
        assert problem.path in PATHS
    database = Database(corpus)
    for page in corpus.pages:
        shown = card(corpus, page)
        for note in shown.notes:
            note_line(note)
        related(corpus, page)
        for column in columns(page.kind).values():
            column.cell(corpus, page)
            column.value(corpus, page)
            if column.groups:
                column.groups(corpus, page)
        assert database.select(page.kind) == [page.id]
    state_of(corpus)
    json.loads(json_export.write(corpus))


# --- Any text, any bytes -----------------------------------------------------------------------------------------------

marks = st.sampled_from([*"-:#{}[],&*!|>'\"%@`?=~ \n\t\\<.", "---\n", "\n---\n", ": ", "- ", "<<: ", "\r\n", "\ufeff", "\u2028", "\0", "...\n"])
yaml_text = st.lists(st.one_of(marks, st.text(max_size=8), st.sampled_from(["title", "data", "evidence", "for", "x"])), max_size=60).map("".join)


@few(max_examples=100)
@given(st.sampled_from(PATHS), st.text())
def test_any_text(path: str, text: str) -> None:
    read(path, text)


@few(max_examples=100)
@given(st.sampled_from(PATHS), st.binary())
def test_any_bytes(path: str, data: bytes) -> None:
    read(path, data)


@few(max_examples=200)
@given(st.sampled_from(PATHS), yaml_text, yaml_text)
def test_any_block_of_facts(path: str, block: str, body: str) -> None:
    read(path, f"---\n{block}\n---\n{body}")


@few(max_examples=100)
@given(st.sampled_from(PATHS), st.binary(max_size=60))
def test_any_bytes_in_a_block_of_facts(path: str, block: bytes) -> None:
    read(path, b"---\ntitle: " + block + b"\n---\n")


# --- Right YAML with any values where the schema expects others --------------------------------------------------------

odd = st.sampled_from(["", " ", "none", "not-stated", "per-source", "no", "7B", "~1", "1..", "2..1", "2023-02/2023-01", "x" * 300, "a.b/c", "../x", "0"])


def named(field: Field) -> st.SearchStrategy[str]:
    names = list(field.fields) if field.shape in ("mapping", "release") else ["seeds", "outputs", "one", "families", "0", "id"]
    return st.one_of(st.sampled_from(names), st.sampled_from(["license", "id", "for", "in"]), st.text(max_size=5))


def values_for(field: Field, depth: int = 0) -> st.SearchStrategy[Any]:
    """Return values of which some fit a field."""
    scalars = st.one_of(odd, st.text(max_size=12), st.sampled_from(list(getattr(field.scalar, "words", ["en"]))))
    if depth > 5:
        return scalars
    children: list[st.SearchStrategy[Any]] = [scalars, st.lists(scalars, max_size=2)]
    if field.item is not None:
        children.append(st.lists(st.deferred(lambda: values_for(field.item, depth + 1)), max_size=3))  # type: ignore[arg-type]
        children.append(st.dictionaries(named(field), st.deferred(lambda: values_for(field.item, depth + 1)), max_size=3))  # type: ignore[arg-type]
    if field.fields:
        children.append(mapping_for(field, depth))
    if field.shape == "release":
        children.append(st.dictionaries(named(field), mapping_for(field, depth), max_size=2))
    return st.one_of(*reversed(children))


def mapping_for(field: Field, depth: int) -> st.SearchStrategy[Any]:
    chosen = st.lists(st.sampled_from(list(field.fields)), max_size=5, unique=True)
    return chosen.flatmap(lambda names: st.fixed_dictionaries({name: values_for(field.fields[name], depth + 1) for name in names}))


@pytest.mark.parametrize("path", PATHS)
@few(max_examples=60)
@given(data=st.data())
def test_any_values(path: str, data: st.DataObject) -> None:
    facts = data.draw(mapping_for(specification(minimal.kind_of(path) or ""), 0))
    show([read(path, f"---\n{yaml.safe_dump(facts, allow_unicode=True)}---\n")])


# --- A right page with something wrong ---------------------------------------------------------------------------------


def delete(text: list[str], at: int, what: str) -> list[str]:
    return text[:at] + text[at + 1 :]


def double(text: list[str], at: int, what: str) -> list[str]:
    return [*text[:at], *text[at : at + 1], *text[at:]]


def replace(text: list[str], at: int, what: str) -> list[str]:
    return [*text[:at], what, *text[at + 1 :]]


def insert(text: list[str], at: int, what: str) -> list[str]:
    return [*text[:at], what, *text[at:]]


Change = Callable[[list[str], int, str], list[str]]
changes = st.lists(
    st.tuples(
        st.sampled_from([delete, double, replace, insert]),
        st.booleans(),  # a line or a character
        st.floats(0, 1, exclude_max=True),
        st.one_of(marks, st.characters(), st.sampled_from(["none", "not-stated", "  ", "no", "[]", "{}", "beta", "alpha", "gamma"])),
    ),
    min_size=1,
    max_size=6,
)


def changed(text: str, steps: list[tuple[Change, bool, float, str]]) -> str:
    for change, lines, where, what in steps:
        parts = text.split("\n") if lines else list(text)
        text = ("\n" if lines else "").join(change(parts, int(where * len(parts)), what))
    return text


@few(max_examples=100)
@given(st.sampled_from(PATHS), changes)
def test_a_changed_page(path: str, steps: list[tuple[Change, bool, float, str]]) -> None:
    """The page is read, and the whole review goes on with what is left of it."""
    show([read(name, changed(text, steps) if name == path else text) for name, text in PAGES.items()])


@pytest.mark.parametrize("path", PATHS)
def test_a_page_without_one_of_its_lines(path: str) -> None:
    lines = PAGES[path].split("\n")
    for number in range(len(lines)):
        show([read(path, "\n".join(lines[:number] + lines[number + 1 :]))])


@pytest.mark.parametrize("path", PATHS)
def test_a_page_cut_off_anywhere(path: str) -> None:
    data = PAGES[path].encode()
    for end in range(0, len(data), 7):
        read(path, data[:end])
