"""Evidence read with one pattern: the same entries as libyaml's and the thorough reader's, or none."""

from __future__ import annotations

import random

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from litreview import frontmatter
from litreview.page_files import page_files
from litreview.plain_evidence import divide
from litreview.reader import evidence_of, read_record, record_of
from litreview.records import kind_of
from test_frontmatter_fuzz import few

REAL = {path: divide(frontmatter.split((ROOT / path).read_text("utf-8")).block)[1] for path in page_files(ROOT)}
LINES = [line for lines in REAL.values() for line in lines.split("\n") if line]
PIECES = [
    '"', '\\"', "\\\\", "\\", "'", ", ", ",", ": ", ":", " ", "  ", "[", "]", "{", "}", "#", " #", "?", "-", "- ", "\n", "\n  - ", "\n\n", '""', '" "', "é",
    "\u3000", "\xa0", "\t", "&a", "*", "!", "|", ">", "%", "@", "`", "~", "for: a", ", in: b", ', quote: "c"', ", note: d",
    ", until: 2023", ", at: e", "}\n  - {", "{for: a, in: b, at: c}", "=", "<<",
]  # fmt: skip


def same(lines: str) -> bool:
    """Make sure that the thorough way, through libyaml, reads lines alike; tell whether the pattern could read them."""
    read = evidence_of("paper", lines) if frontmatter.clean(f"---\nx: y\nevidence:\n{lines}\n---\n") is not None else None
    if read is None:
        return False
    page = frontmatter.read(f"---\nevidence:\n{lines}\n---\n")
    assert page.problems == []
    paper = frontmatter.read((ROOT / "papers/alpaca.md").read_text("utf-8")).values
    record = record_of("paper", {**paper, "evidence": page.values["evidence"]})
    assert record is not None
    assert repr(record["evidence"]) == repr(read)  # the order of the fields too
    return True


def test_most_evidence_of_the_review_is_read() -> None:
    read = [path for path, lines in REAL.items() if kind_of(path) and same(lines)]
    assert len(read) >= 0.7 * len(REAL)


READ = {
    "one field": "  - {for: a, in: b, at: c}",
    "several fields": "  - {for: [a, b.c], in: b, at: c}",
    "all that an entry may have": '  - {for: [a], in: b, at: c, says: d, until: 2023-01, quote: "e", note: f}',
    "texts with quotation marks and backslashes": '  - {for: a, in: b, at: "c \\"d\\" \\\\", quote: "\\"e\\""}',
    "texts with signs": '  - {for: a, in: b, at: "c: d, [e] {f} # g", quote: "- h? \'i\' & j"}',
    "texts without marks": "  - {for: a, in: b, at: c (d's) & 50% - e, quote: f/g <h>}",
    "letters of other scripts": '  - {for: a, in: b, at: "字 é", quote: c字}',
    "several entries": "  - {for: a, in: b, at: c}\n  - {for: d, in: e, at: f}",
}


@pytest.mark.parametrize("what", READ)
def test_the_pattern_reads(what: str) -> None:
    assert same(READ[what])


LEFT = {
    "a field that there is not": "  - {for: a, in: b, at: c, where: d}",
    "a field twice": "  - {for: a, in: b, at: c, at: d}",
    "fields in another order": "  - {in: b, for: a, at: c}",
    "a missing field": "  - {for: a, at: c}",
    "an empty text": '  - {for: a, in: b, at: ""}',
    "a text of spaces": '  - {for: a, in: b, at: " "}',
    "a space before a text": '  - {for: a, in: b, at: " c"}',
    "a space after a text": '  - {for: a, in: b, at: "c "}',
    "two spaces": '  - {for: a, in: b, at: "c  d"}',
    "a wide space": '  - {for: a, in: b, at: "c\u3000"}',
    "a label that is none": "  - {for: a, in: B!, at: c}",
    "a date that is none": "  - {for: a, in: b, at: c, until: soon}",
    "a comment": "  - {for: a, in: b, at: c} # d",
    "a mapping in a text's place": "  - {for: a, in: b, at: c: d}",
    "an entry over two lines": '  - {for: a, in: b,\n     at: c, quote: "d"}',
    "an entry that is not indented": "  - {for: a, in: b, at: c}\n- {for: a, in: b, at: c}",
    "an empty line": "  - {for: a, in: b, at: c}\n\n  - {for: a, in: b, at: c}",
    "something after it": "  - {for: a, in: b, at: c}\nnosearch: yes",
}


@pytest.mark.parametrize("what", LEFT)
def test_the_pattern_leaves(what: str) -> None:
    assert not same(LEFT[what])


def test_evidence_that_stands_twice_is_told() -> None:
    entry = "evidence:\n  - {for: a, in: b, at: c}"
    assert read_record("paper", f"{entry}\n{entry}") is None
    assert [problem.code for problem in frontmatter.read(f"---\n{entry}\n{entry}\n---\n").problems] == ["key-duplicate"]


def test_what_looks_like_evidence_within_a_text_is_none() -> None:
    assert read_record("source", 'title: "a\nevidence:\n  - {for: a, in: b, at: c}') is None
    assert read_record("source", "title: |\n  a\nevidence:\n  - {for: a, in: b, at: c}") is None


@few(max_examples=600)
@given(st.integers(0, 2**32))
def test_changed_evidence_is_read_alike(seed: int) -> None:
    draw = random.Random(seed)
    lines = "\n".join(draw.sample(LINES, draw.randint(1, 3)))
    for _ in range(draw.randint(0, 3)):
        place = draw.randint(0, len(lines))
        lines = lines[:place] + draw.choice(PIECES) + lines[place + draw.randint(0, 2) :]
    same(lines)
