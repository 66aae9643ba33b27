"""Fences and options read without a parser: the same as with it, or none."""

from __future__ import annotations

import random

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from litreview import markup
from litreview.markdown import Fence, _blocks, _plain_options, plain_fences
from litreview.tables import CHAPTERS
from myst_parser.parsers.options import TokenizeError, options_to_items
from test_frontmatter_fuzz import few

REAL = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for pattern in CHAPTERS for path in sorted(ROOT.glob(pattern))}
# What may begin, end or swallow a fence
LINES = [
    "```", "````", "~~~", "~~~{note}", ":::", ":::{note}", "   ```", "    ```", "\t```", "- ```{note}", "text ``` x", "", "   ", "\t", "text",
    "text `x` text", "- item", "- - item", "- " * 11 + "x", "  - item", "1. item", "1) item", "12", "1.", "  text", "      text", "* item", "*word*",
    "[x](y)", "[x]: y", "[^1]: note", "- [^1]: note", "(x)=", ": definition", "text\n: definition", "~ definition", "> quote", "| a | b |\n|---|---|\n| c |",
    "|---|", "---", "--- x", "===", "***", "___", "# One", "#", "## Two", "% comment", "+++", "<div>", "<!--", "text\n\n<!--", "-->", "<?", "<script>",
    "---\na: b\n---", "...", "<x", "{note}", "{download}`x`", "[x](javascript:y)", "[x](file.txt)", "![x](y.svg)", "ftp://x", "\u00a0", "x\r", "\ufeff", "\\",
    "é", "_x", '"x"', "(x)", "**x**",
]  # fmt: skip
FENCES = [
    "```{note} Title\ntext\n```", "```{comparison-table} papers\n:columns: a\n:where: b <> 'c'\n```", "```\n{x}\n```", "```yaml\n<b>\n- {a: b}\n```",
    "```{a}\n: x\n```", "```{lineage-tree}\n:caption: {download}`x`\n```", "```{code-block} x\n:caption: {download}`x`\n```", "```{toctree}\nfile:///x\n```",
    "``` {note}\n[x](file:y)\n```", "```{figure} x.svg\n```", "```{recipe-form} a | b\n|---|\n```", "```{recipe-form}\n\n<x\n    ```\n```",
    "```{recipe-form}", "```{review-chart}x\n![x](y.svg)\n```",
]  # fmt: skip


def parsed(text: str) -> list[Fence]:
    return [Fence(line, token.info, token.content) for line, token in _blocks(text) if token.type in ("fence", "colon_fence")]


def same(text: str) -> bool:
    """Make sure that a text's fences, and what is refused in it, are those that the parser finds; tell whether it could be read without."""
    found = plain_fences(text)
    assert found is None or found == parsed(text)
    for path in ("papers/x.md", "papers/index.md", "review/x.md"):
        rules = markup.rules_for(path)
        if markup.is_plain(rules, text):
            assert list(markup._search(rules, path, None, text, 1, 0)) == []
    return found is not None


def test_chapters_that_ask_for_tables_are_read_without_a_parser() -> None:
    assert [path for path, text in REAL.items() if not same(text) and "{comparison-table}" in text] == []


def test_nothing_in_a_small_review_s_chapters_needs_a_parser() -> None:
    """Loading the parser takes as long as reading fifty pages."""
    kept = [path for path in REAL if not path.startswith("contribute/")]
    assert [path for path in kept if not markup.is_plain(markup.rules_for(path), REAL[path])] == []


PLAIN = {
    "a fence": ("text\n\n```{note} Title\ntext\n```\ntext\n", [Fence(2, "{note} Title", "text\n")]),
    "an empty fence": ("```{lineage-tree}\n```\n", [Fence(0, "{lineage-tree}", "")]),
    "two fences": ("```\na\n```\n\n```yaml\n\n- b\n```", [Fence(0, "", "a\n"), Fence(4, "yaml", "\n- b\n")]),
    "settings before": ("---\nnosearch: true\n---\n\n# T\n\n```{a} b\n:c: d\n```\n", [Fence(6, "{a} b", ":c: d\n")]),
    "a list before": ("- one\n  goes on\n- two\n\n```{a}\n```\n", [Fence(4, "{a}", "")]),
    "a table before": ("| a |\n|---|\n| b |\n\n```{a}\n```\n", [Fence(4, "{a}", "")]),
    "signs inside": ("```{a}\n:where: b <> 'c'\n<script>\n: x\n```\n", [Fence(0, "{a}", ":where: b <> 'c'\n<script>\n: x\n")]),
}  # fmt: skip


@pytest.mark.parametrize("what", PLAIN)
def test_plain_fences_are_found(what: str) -> None:
    text, fences = PLAIN[what]
    assert plain_fences(text) == fences == parsed(text)


LEFT = {
    "no empty line before": "text\n```{a}\n```\n",
    "no end": "```{a}\n",
    "a longer fence": "````{a}\n````\n",
    "another sign": "~~~{a}\n~~~\n",
    "colons": ":::{a}\n:::\n",
    "in a list": "- x\n\n  ```{a}\n  ```\n",
    "in a quotation": "> x\n\n```{a}\n```\n",
    "in a comment": "<!--\n\n```{a}\n```\n\n-->\n",
    "lists in lists in lists, of which the parser leaves out the end": "- " * 12 + "x\n\n```{a}\n```\n",
    "a term that looks like a fence": "x\n: y\n\n```{a}\n: b\n```\n",
    "the head of a table": "```{a} b | c\n---|---\n```\n",
    "a footnote": "[^1]: x\n\n```{a}\n```\n",
    "spaces behind the end": "```{a}\n``` \n",
    "other settings": "---\na: [b]\n---\n\n```{a}\n```\n",
    "carriage returns": "```{a}\r```\r",
}


@pytest.mark.parametrize("what", LEFT)
def test_other_texts_are_left_to_the_parser(what: str) -> None:
    assert plain_fences(LEFT[what]) is None
    same(LEFT[what])


@few(max_examples=1200)
@given(st.lists(st.one_of(st.sampled_from(LINES), st.sampled_from(FENCES).map("\n{}".format)), max_size=6).map("\n".join))
def test_any_text_is_read_alike(text: str) -> None:
    same(text)


@few(max_examples=150)
@given(st.integers(0, 2**32))
def test_damaged_chapters_are_read_alike(seed: int) -> None:
    draw = random.Random(seed)
    lines = draw.choice(list(REAL.values())).split("\n")
    for _ in range(draw.randint(1, 4)):
        place = draw.randrange(len(lines))
        line = lines[place]
        within = draw.randint(0, len(line))
        lines[place : place + 1] = draw.choice(
            [
                [],
                [line, line],
                [draw.choice(LINES), line],
                [draw.choice(LINES)],
                [line[:within] + draw.choice(LINES) + line[within:]],
                [line[:within], line[within:]],
            ]
        )
    same("\n".join(lines))


SETTINGS = [
    "nosearch: true",
    "tocdepth: 1",
    "orphan: yes",
    "html_meta: x",
    "nosearch:",
    "nosearch: [a]",
    "tocdepth: 1 # c",
    "tocdepth: 1",
    "a",
    "",
    "  x: y",
    "\u200b",
    "x: \\",
    "- x",
    "<<: x",
]


@pytest.mark.parametrize("path", ["papers/index.md", "review/x.md"])
def test_settings_are_judged_alike_without_composing_them(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(7)
    texts = [f"---\n{chr(10).join(draw.sample(SETTINGS, draw.randint(0, 3)))}\n{draw.choice(['---', '---', '----', ''])}\n# T\n" for _ in range(200)]
    texts += ["", "# T\n", "----\n", "---\n---\n", *REAL.values()]
    quick = [markup.settings_refusals(path, text) for text in texts]
    monkeypatch.setattr(markup, "read_plain", lambda block: None)
    assert quick == [markup.settings_refusals(path, text) for text in texts]
    assert [] in quick
    assert {fault.code for faults in quick for fault in faults} >= {"setting-forbidden", "value-type", "key-duplicate", "character-forbidden", "yaml-syntax"}


VALUES = [
    "name",
    "a: b",
    "'a'",
    '"a"',
    "a 'b'",
    "#",
    " #c",
    "a#b",
    "|",
    "> x",
    "",
    " ",
    "  x  ",
    "a  b",
    "a\tb",
    "é",
    "\u2028",
    "\x85",
    "\xa0",
    "a\u2028b",
    "\ufeff",
    "*x",
    "- x",
    ":x",
]


@few(max_examples=300)
@given(
    st.lists(
        st.tuples(st.sampled_from(["caption", "order-by", "caption", "x y", "X", "-"]), st.sampled_from(["", " ", "  "]), st.sampled_from(VALUES)), max_size=4
    )
)
def test_options_are_read_as_the_parser_of_options_reads_them(given: list[tuple[str, str, str]]) -> None:
    lines = [f":{name}:{space}{value}" for name, space, value in given]
    plain = _plain_options(lines)
    if plain is not None:
        try:
            assert list(plain.items()) == list(dict(options_to_items("\n".join(line[1:] for line in lines))[0]).items())
        except TokenizeError:  # pragma: no cover
            pytest.fail(f"these are no options: {lines}")


def test_plain_options_are_read_without_it() -> None:
    assert _plain_options([":columns: name, data_sources", ":where: mark <> 'no-mark'", ":caption: Papers: all  "]) == {
        "columns": "name, data_sources", "where": "mark <> 'no-mark'", "caption": "Papers: all",
    }  # fmt: skip
    assert _plain_options([]) == {}
