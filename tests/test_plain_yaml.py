"""The YAML that pages are written in, read without libyaml: the same values, or none."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from litreview import frontmatter
from litreview.corpus import page_files
from litreview.plain_yaml import read_plain
from minimal import PAGES
from test_frontmatter_fuzz import few

REAL = {path: frontmatter.split((ROOT / path).read_text("utf-8")).block for path in page_files(ROOT)}
PIECES = [
    "\n", "\n  ", "\n- ", "\n  - ", ": ", ":", " ", "-", "- ", "{", "}", "[", "]", ",", ", ", '"', "'", "#", " #", "?", "? ", "|", ">", "&", "*", "!", "%", "@",
    "`", "~", ", ", "[]", "{}", '""', '": "', "<<: ", "x: [", "y: {",
    "\\", '\\"', "\n\n", "...", "---", "a", "a: ", "b: c", "\n\n  x", " " * 30, "=", "<<", "é", "\u3000", "\xa0", "\r", "\t", "0", "a:\n", "- b: c",
]  # fmt: skip


def texts(value: Any) -> Iterator[str]:
    """Yield the texts in a value; labels and names are read another way."""
    if isinstance(value, str):
        yield value
    else:
        for member in value.values() if isinstance(value, dict) else value:
            yield from texts(member)


def same(block: str) -> bool:
    """Make sure that libyaml reads a block alike, with nothing to refuse; tell whether it could be read without."""
    page = frontmatter.clean(f"---\n{block}\n---\n")
    plain = read_plain(page.block) if page is not None else None
    if plain is None:
        return False
    values, tidy = plain
    assert not tidy or all(text == " ".join(text.split()) != "" for text in texts(values))
    other = frontmatter.read(f"---\n{block}\n---\n")
    assert other.problems == [] or values == {}
    assert other.values == values
    assert repr(other.values) == repr(values)  # the order of keys too
    return True


def test_nearly_all_pages_are_read_without_libyaml() -> None:
    read = [path for path, block in REAL.items() if same(block)]
    assert len(read) >= 0.8 * len(REAL)


PLAIN = {
    "a text": "a: b",
    "a text with a colon": "a: https://b.c/d:e",
    "a text with quotation marks": 'a: b "c" d\'s',
    "a text with brackets and a question": "a: b, c [d] {e}?",
    "a quoted text": 'a: "b: c # d, \\"e\\" \\\\"',
    "a list": 'a: [b, c d, "e, f", \'g]'.replace("'", ""),
    "a mapping": 'a: {b: c, d: [e, {f: "g"}], h: i:j}',
    "nothing in brackets": "a: []\nb: {}",
    "a list on lines": "a:\n  - b\n  - {c: d}\n  - [e]\nf: g",
    "a list that is not indented": "a:\n- b\n- c\nd: e",
    "mappings in a list": "a:\n  - b: c\n    d: e\n  - b:\n      f: g\nh: i",
    "mappings in mappings": "a:\n  b:\n    c: d\n  e: f\ng: h",
    "empty lines": "a: b\n\nc:\n\n  d: e\n",
    "spaces at the ends of lines": "a: b  \nc: [d]  \ne:  \n  f: g",
    "letters of other scripts": "a: é\u3000字\nb: [字, é]",
    "dates and numbers": "a: 2023-01-01\nb: [1.10, no, ~5, 1..2]",
}


@pytest.mark.parametrize("what", PLAIN)
def test_plain_blocks_are_read(what: str) -> None:
    assert same(PLAIN[what])


LEFT = {
    "a comment": "a: b # c",
    "a comment on its line": "# a\nb: c",
    "a text over two lines": "a: b\n  c",
    "a list over two lines": "a: [b,\n  c]",
    "a list over two lines that are balanced together": "a: [b, [c]\nd: [e], f]",
    "two lists on a line": "a: [b], [c]",
    "a quoted text over two lines": 'a: "b\n  c"',
    "quotes that meet over lines": 'a: [b "c]\nd: [e" f]',
    "a block of text": "a: |\n  b",
    "single quotes": "a: 'b'",
    "an anchor": "a: &b c",
    "an anchor in a list": "a: [&b c]",
    "an alias": "a: *b",
    "a tag": "a: !b c",
    "a key twice": "a: b\na: c",
    "a key twice in brackets": "a: {b: c, b: d}",
    "an empty value": "a:",
    "an empty value before another": "a:\nb: c",
    "an empty value in brackets": "a: {b: , c}",
    "a mapping in a list without braces": "a: [b: c]",
    "a question": "a: [b?, ? c]",
    "a colon in a text": "a: b: c",
    "a colon at the end": "a: b c:",
    "a quoted key": '"a": b',
    "a list at the top": "- a",
    "a line that is indented too deep": "a: b\n  c: d",
    "a line that is indented to nowhere": "a:\n    b: c\n  d: e",
    "a tab": "a: b\tc",
    "a comma at the end": "a: [b, ]",
    "nothing between commas": "a: [b, , c]",
    "a text after a quoted one": 'a: "b" c',
    "lists in lists on a line": "a:\n  - - b",
    "the document's end": "a: b\n...",
    "another escape": 'a: "\\t"',
    "a merge key": "a: b\n<<: c",
}


@pytest.mark.parametrize("what", LEFT)
def test_other_blocks_are_left_to_libyaml(what: str) -> None:
    assert read_plain(LEFT[what]) is None


TIDY = {
    "a: b\nc: [d, \"e f\", \"\\\"\"]\ng: \"h\"": True,
    'a: "b  c"': False, 'a: " b"': False, 'a: "b "': False, 'a: ""': False, "a: b  c": False, "a: b\xa0c": False, "a: b\u3000c": False,
    'a: ["b  c"]': False, 'a: [" b"]': False, 'a: {b: "c "}': False, 'a: [""]': False, 'a: [b, "x: "]': False,
}  # fmt: skip


@pytest.mark.parametrize("block", TIDY)
def test_texts_that_reading_would_change_are_told(block: str) -> None:
    assert same(block)
    plain = read_plain(block)
    assert plain is not None
    assert plain[1] is TIDY[block]


def test_no_space_of_unicode_is_missed() -> None:
    assert all(read_plain(f"a: b{space}c") == ({"a": f"b{space}c"}, False) for space in map(chr, range(0x80, sys.maxunicode)) if space.isspace())


@few(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
def test_any_block_is_read_alike(block: str) -> None:
    same(block)


@few(max_examples=300)
@given(st.integers(0, 2**32))
def test_changed_lines_of_pages_are_read_alike(seed: int) -> None:
    draw = random.Random(seed)
    lines = draw.choice(list(REAL.values())).split("\n")
    start = draw.randrange(len(lines))
    lines = lines[start : start + draw.randint(1, 6)]
    indented = len(lines[0]) - len(lines[0].lstrip(" "))
    block = "\n".join(line[indented:] for line in lines)
    for _ in range(draw.randint(0, 4)):
        place = draw.randint(0, len(block))
        block = block[:place] + draw.choice(PIECES) + block[place + draw.randint(0, 2) :]
    same(block)


def test_a_long_run_of_spaces_is_refused_on_a_right_page_too() -> None:
    """What the thorough way refuses must not pass where nothing else is wrong."""
    (block,) = (frontmatter.split(text).block for path, text in PAGES.items() if path.startswith("sources/"))
    assert frontmatter.clean(f"---\n{block}\nx: y\n---\n") is not None
    for run in (" " * 250, "-" * 250, "- " * 125, ": " * 3 + " " * 300):
        assert frontmatter.clean(f"---\n{block}\nx: y{run}z\n---\n") is None
