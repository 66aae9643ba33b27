"""The book builder alone: every kind of node against reviewed source, any text, faulty input, and settings."""

from __future__ import annotations

import importlib
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from conftest import ROOTS, Result, build
from docutils import nodes
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sphinx import addnodes
from typst_book.compilation import told_from
from typst_book.source import breakable, markup, string, value
from typst_book.table_layout import LANDSCAPE, PORTRAIT, layout
from typst_book.translator import NEVER_VISITED, Translator

ROOT = ROOTS / "typst"
GOLDEN = ROOT / "golden"
PAGES = sorted(path.stem for path in ROOT.glob("*.rst"))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Result:
    source = tmp_path_factory.mktemp("typst") / "kinds"
    shutil.copytree(ROOT, source)
    (source / "conf.py").write_text(_of_tests(source / "conf.py"), "utf-8")
    return build(source, "typst")


def _of_tests(conf: Path) -> str:
    return conf.read_text("utf-8").replace("Path(__file__).parents[3]", f"Path({str(ROOT.parents[2])!r})")


def _sources(result: Result) -> dict[str, str]:
    text = next((result.outdir / "source").glob("allkinds*.typ")).read_text("utf-8")
    parts = re.split(r"^//@ ([\w/-]+)$\n", text, flags=re.MULTILINE)
    return {name: re.sub(r"^//@ .*\n", "", body, flags=re.MULTILINE).strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def test_the_book_of_all_nodes_is_made_without_a_warning(book: Result) -> None:
    assert (book.code, book.warnings) == (0, "")


@pytest.mark.parametrize("page", PAGES)
def test_each_kind_of_node_is_written_as_reviewed(book: Result, page: str) -> None:
    """After a meant change: read the difference, then copy the new text over the old."""
    assert re.sub(r"\n{2,}", "\n\n", _sources(book)[page]) + "\n" == (GOLDEN / f"{page}.typ").read_text("utf-8")


def test_every_node_of_docutils_and_sphinx_is_handled_or_cannot_occur() -> None:
    names = [*nodes.node_class_names, *(name for name, found in vars(addnodes).items() if isinstance(found, type) and issubclass(found, nodes.Node))]
    classes = {name: getattr(addnodes, name, None) or getattr(nodes, name) for name in names}
    lost = [
        name
        for name, found in classes.items()
        if name not in NEVER_VISITED and not any(hasattr(Translator, f"visit_{parent.__name__}") for parent in found.__mro__ if parent is not nodes.Node)
    ]
    assert lost == []
    assert [name for name in NEVER_VISITED if name not in classes] == []


ODD = """
from docutils import nodes
from docutils.parsers.rst import Directive


class odd(nodes.General, nodes.Element):
    pass


class Odd(Directive):
    def run(self):
        found = odd("", nodes.paragraph("", "its text"))
        found.source, found.line = self.state_machine.get_source_and_line(self.lineno)
        return [found]


def setup(app):
    app.add_directive("odd", Odd)
"""


def test_an_unknown_node_is_told_and_its_text_is_printed(kinds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (kinds / "index.rst").write_text("Title\n=====\n\n.. odd::\n")
    (kinds / "odd_extension.py").write_text(ODD)
    monkeypatch.syspath_prepend(kinds)
    with (kinds / "conf.py").open("a") as conf:
        conf.write('extensions.append("odd_extension")\n')
    result = build(kinds, "typst")
    assert result.code == 1
    assert "index.rst:4: WARNING: no way is known to print a node of type odd" in result.warnings
    assert "its text" in _text(result)


@pytest.fixture
def kinds(tmp_path: Path) -> Path:
    """Return a small project of one page."""
    source = tmp_path / "kinds"
    source.mkdir()
    shutil.copy(ROOT / "dot.png", source)
    (source / "conf.py").write_text(_of_tests(ROOT / "conf.py"), "utf-8")
    return source


def _text(result: Result) -> str:
    pages = PdfReader(next(result.outdir.glob("*.pdf"))).pages
    return "\n".join(page.extract_text() for page in pages)


def test_an_outside_checker_finds_no_fault_against_pdf_ua(book: Result) -> None:
    """veraPDF is on no registry that this project installs from; pdfua checks what a program without it can."""
    from pdfua import validate

    file = next(book.outdir.glob("*.pdf"))
    report = validate(str(file))
    # A table whose author gave it no head has none; all of the review's have one.
    assert [str(finding) for finding in report.findings if finding.rule_id != "UA-15-003"] == []


def test_the_structure_is_what_pdf_ua_asks_for(book: Result) -> None:
    with pikepdf.open(next(book.outdir.glob("*.pdf"))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang)
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert [page.get("/Tabs") for page in pdf.pages if page.get("/Annots")] == [pikepdf.Name.S] * sum("/Annots" in page for page in pdf.pages)
        kinds: Counter[str] = Counter()
        levels: list[int] = []
        stack = [pdf.Root.StructTreeRoot.K]
        while stack:
            node = stack.pop()
            if isinstance(node, pikepdf.Array):
                stack += reversed(list(node))  # type: ignore[call-overload]
            elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
                kind = str(node.S)[1:]
                kinds[kind] += 1
                if kind in ("Figure", "Formula"):
                    assert str(node.get("/Alt", "")), kind
                if kind == "TH":
                    attributes = node.get("/A")
                    given = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]  # type: ignore[call-overload]
                    assert any("/Scope" in each for each in given if each is not None)
                if kind[0] == "H" and kind[1:].isdigit():
                    levels.append(int(kind[1:]))
                if "/K" in node:
                    stack.append(node.K)
        assert {"Figure", "Formula", "Table", "TH", "TD", "L", "LI", "Link", "Note", "TOC"} <= set(kinds)
        assert [(one, two) for one, two in zip([0, *levels], levels, strict=False) if two > one + 1] == [], "levels of headings do not skip"
        for page in pdf.pages:
            for annotation in page.get("/Annots", []):
                assert "/StructParent" in annotation
                assert str(annotation.get("/Contents", ""))


COUNTS_READING = """
READ = []


def setup(app):
    app.connect("source-read", lambda app, docname, content: READ.append(docname))
"""


@pytest.mark.parametrize("order", [("html", "typst"), ("typst", "html")])
def test_the_book_and_the_site_read_each_page_once_together(kinds: Path, monkeypatch: pytest.MonkeyPatch, order: tuple[str, str]) -> None:
    """They share doctrees: what one has read the other takes, and what is edited between them is read again, by either."""
    (kinds / "counts_reading.py").write_text(COUNTS_READING)
    monkeypatch.syspath_prepend(kinds)
    with (kinds / "conf.py").open("a") as conf:
        conf.write('extensions.append("counts_reading")\ntypst_pdf = False\nhtml_theme = "basic"\n')
    (kinds / "index.rst").write_text("Title\n=====\n\n.. toctree::\n\n   other\n\nSee :doc:`other`.\n")
    (kinds / "other.rst").write_text("Other\n=====\n\nBefore.\n")
    monkeypatch.delitem(sys.modules, "counts_reading", raising=False)
    read = importlib.import_module("counts_reading").READ

    def pages_read(builder: str) -> list[str]:
        read.clear()
        result = build(kinds, builder)
        assert (result.code, result.warnings) == (0, "")
        return sorted(read)

    first, second = order
    assert [pages_read(first), pages_read(second), pages_read(first), pages_read(second)] == [["index", "other"], [], [], []]
    (kinds / "other.rst").write_text("Other\n=====\n\nAfter, and longer.\n")
    assert [pages_read(second), pages_read(first)] == [["other"], []]
    built = kinds.with_name("kinds-built")
    for made in (built / "html/other.html", next((built / "typst/source").glob("allkinds*.typ"))):
        assert "After, and longer." in made.read_text()
        assert "Before." not in made.read_text()


def test_the_source_alone_can_be_asked_for(kinds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typst_book.builder.compile_book", None)
    (kinds / "conf.py").write_text((kinds / "conf.py").read_text() + "typst_pdf = False\n")
    result = page(kinds, "Words.\n")
    assert (result.code, result.warnings) == (0, "")
    assert list(result.outdir.glob("*.pdf")) == []
    assert "Words." in next((result.outdir / "source").glob("allkinds*.typ")).read_text()


def test_a_compiler_that_breaks_off_is_told_in_one_line(kinds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (kinds / "conf.py").write_text((kinds / "conf.py").read_text() + "typst_font_packages = []\n")
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nkill -9 $$\n")
    broken.chmod(0o755)
    monkeypatch.setattr("typst_book.compilation.sys.executable", str(broken))
    result = page(kinds, "Words.\n")
    assert result.code == 1
    assert "the Typst compiler broke off (the machine may have too little memory)" in result.warnings
    assert "Traceback" not in result.warnings


def test_two_builds_of_a_day_are_the_same_bytes(kinds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    text = "Text with a link to `Other`_.\n\n.. image:: dot.png\n   :alt: A dot\n\nOther\n-----\n\nWords.\n"
    first = next(page(kinds, text).outdir.glob("*.pdf")).read_bytes()
    shutil.rmtree(kinds.with_name("kinds-built"))
    second = next(page(kinds, text).outdir.glob("*.pdf")).read_bytes()
    assert first == second
    assert b"2026" in first


# --- Any text ------------------------------------------------------------------------------------------------------------

PRINTABLE = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_categories=["Cc", "Cf", "Zs"]) | st.sampled_from(" \n\t#*_`$\\/-.1=+[](){}<>@~'\";:")
)


@pytest.fixture(scope="module")
def evaluate() -> Callable[[str], str]:
    """Return a function that has Typst read code and tells the text in it."""
    import typst

    def text_of(code: str) -> str:
        walk = """#let text-of(it) = {
          if type(it) == str { it } else if it.has("text") { it.text } else if it.has("children") { it.children.map(text-of).join("") }
          else if it.has("body") { text-of(it.body) } else if it == [ ] { " " } else { "?" + repr(it.func()) }
        }
        """
        source = f"{walk}#let body = [{code}]\n#metadata(text-of([x] + body))<found>\n"
        found = typst.Compiler(source.encode()).query("<found>", field="value", one=True)
        import json

        return str(json.loads(found)) if isinstance(found, (str, bytes)) else str(found)

    return text_of


@settings(max_examples=120, deadline=None)
@given(PRINTABLE, PRINTABLE)
def test_any_text_stays_text(evaluate: Callable[[str], str], one: str, two: str) -> None:
    """Also where one piece of text follows another, or code."""
    shown = evaluate(f"a{markup(one)}#emph[{markup(two)}]{markup(one)}")
    expected = "xa" + "".join(re.sub(r"[ \t\n\r\v\f\x85\u2028\u2029]+", " ", part) for part in (one, two, one))
    assert re.sub(" +", " ", shown).strip() == re.sub(" +", " ", expected).strip()


@settings(max_examples=120, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_string_is_a_string(evaluate: Callable[[str], str], text: str) -> None:
    shown = evaluate(f"#{string('.' + text)}")
    kept = re.sub("[\ufeff\u202a-\u202e\u2066-\u2069]", "", re.sub("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]", "\ufffd", text))
    assert shown == "x." + kept


@given(st.text(), st.integers(3, 40))
def test_a_breakable_text_is_the_same_text(text: str, longest: int) -> None:
    assert breakable(text, longest).replace("\u200b", "") == text.replace("\u200b", "")


def test_a_word_without_an_end_can_be_broken() -> None:
    assert max(map(len, breakable("x" * 20_000, 20).split("\u200b"))) <= 30


def test_data_become_typst_data() -> None:
    assert value({"a": [1, "b"], "c": None, "d": True, "e": {}, "f": []}) == '("a": (1, "b", ), "c": none, "d": true, "e": (:), "f": ())'


# --- Layout of tables ----------------------------------------------------------------------------------------------------


@given(st.lists(st.lists(st.text(max_size=80), min_size=1, max_size=14), min_size=1, max_size=8))
def test_a_table_is_as_wide_as_its_page_at_most(rows: list[list[str]]) -> None:
    columns = max(map(len, rows))
    found = layout(rows, columns)
    assert len(found.widths) == columns
    assert all(width > 0 for width in found.widths)
    assert sum(found.widths) <= (LANDSCAPE if found.landscape else PORTRAIT) + columns * 0.1


def test_a_table_that_needs_a_wide_page_gets_one() -> None:
    assert not layout([["a", "b"]] * 5, 2).landscape
    assert layout([["some words in a cell"] * 9] * 5, 9).landscape
    assert layout([["a rather long text that wraps often " * 5] * 6] * 5, 6).landscape


def test_a_column_is_as_wide_as_its_dates() -> None:
    """They are not broken at their hyphens, and would stand in the next column."""
    rows = [["words of a cell " * 12, "2023-01/2023-05", "words of a cell " * 12] for _ in range(5)]
    found = layout(rows, 3)
    assert found.widths[1] >= len("2023-01/2023-05") * found.size * 0.5


# --- Faulty input --------------------------------------------------------------------------------------------------------


def page(kinds: Path, text: str) -> Result:
    (kinds / "index.rst").write_text(f"Title\n=====\n\n{text}", "utf-8")
    return build(kinds, "typst")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("broken.svg", b"<svg><g></svg>", "the image is no well-formed SVG"),
        ("other.svg", b"<html/>", "the image is no SVG: its root is not <svg>"),
        ("broken.png", b"\x89PNG\r\n\x1a\n nothing", "the image is no PNG, or is broken"),
        ("huge.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>" + b" " * 21_000_000 + b"</svg>", "the image has 21 MB; at most 20 MB are taken"),
    ],
)
def test_an_image_that_cannot_be_printed_is_told_and_named(kinds: Path, name: str, data: bytes, says: str) -> None:
    (kinds / name).write_bytes(data)
    result = page(kinds, f".. image:: {name}\n   :alt: What it shows\n")
    assert result.code == 1
    assert f"index.rst:4: WARNING: {name}: {says}" in result.warnings
    assert "What it shows" in _text(result)


def test_an_image_that_is_not_there_is_told(kinds: Path) -> None:
    result = page(kinds, ".. image:: nowhere.png\n   :alt: What it shows\n")
    assert result.code == 1
    assert "index.rst:4: WARNING: image file not readable: nowhere.png" in result.warnings
    assert "What it shows" in _text(result)


def test_an_image_of_many_parts_is_printed(kinds: Path) -> None:
    parts = "".join(f"<rect x='{n % 900}' y='{n // 900}' width='1' height='1'/>" for n in range(20_000))
    (kinds / "large.svg").write_text(f"<svg xmlns='http://www.w3.org/2000/svg' width='90000' height='30000' viewBox='0 0 900 300'>{parts}</svg>")
    result = page(kinds, ".. image:: large.svg\n   :alt: Large\n")
    assert (result.code, result.warnings) == (0, "")


def test_a_long_table_and_a_full_cell_are_printed_whole(kinds: Path) -> None:
    rows = "".join(f"   * - row {number}\n     - {number * 7}\n" for number in range(1000))
    cell = "word " * 4000
    result = page(
        kinds, f".. list-table:: Long\n   :header-rows: 1\n\n   * - Head\n     - Number\n{rows}\n.. list-table:: Full\n\n   * - {cell}\n     - {'x' * 20_000}\n"
    )
    assert (result.code, result.warnings) == (0, "")
    pages = PdfReader(next(result.outdir.glob("*.pdf"))).pages
    texts = [found.extract_text() for found in pages]
    with_rows = [text for text in texts if re.search(r"^row \d+", text, re.MULTILINE)]
    assert len(with_rows) > 10
    assert all("Head" in text for text in with_rows), "the head is on every page"
    assert any("row 999" in text for text in texts)
    assert sum(text.count("word") for text in texts) == 4000


def test_a_heading_a_short_line_a_figure_and_its_caption_stay_together(kinds: Path) -> None:
    drawing = ".. figure:: dot.png\n   :alt: A dot\n   :height: 200px\n\n   The caption\n"
    result = page(kinds, f"Words.\n\n.. raw:: typst\n\n   #v(170mm)\n\nA section\n---------\n\nA short line.\n\n{drawing}")
    assert (result.code, result.warnings) == (0, "")
    texts = [found.extract_text() for found in PdfReader(next(result.outdir.glob("*.pdf"))).pages]
    together = [text for text in texts if "The caption" in text and "Fig. 1" in text and "A short line." in text]
    assert len([text for text in texts if "A short line." in text]) == len(together) == 1
    assert together[0].count("A section") >= 1


def test_other_scripts_and_emoji_are_printed(kinds: Path) -> None:
    result = page(kinds, "العربية עברית 日本語 中文 한국어 ไทย हिन्दी ქართული 🎉 **العربية 日本語**\n")
    assert (result.code, result.warnings) == (0, "")
    assert "日本語" in _text(result)


def test_a_letter_that_no_font_has_ends_the_build_with_page_and_line(kinds: Path) -> None:
    result = page(kinds, "Text.\n\nA \U0010fffd letter.\n")
    assert result.code == 1
    assert re.search(r"index\.rst:6: (WARNING|ERROR): .*U\+10FFFD", result.warnings)
    assert "Traceback" not in result.warnings
    assert list(result.outdir.glob("*.pdf")) == [], "no book is left that was not made"


def test_a_formula_that_cannot_be_converted_is_told_and_printed_as_it_is(kinds: Path) -> None:
    result = page(kinds, ":math:`\\undefinedmacro{z}`\n")
    assert result.code == 1
    assert re.search(r"index\.rst:4: \w+: ", result.warnings)


def test_a_link_that_leads_nowhere_is_told(kinds: Path) -> None:
    result = page(kinds, "`away <elsewhere.pdf>`_\n")
    assert result.code == 1
    assert "index.rst:4: WARNING: the link leads to no place in the book: elsewhere.pdf" in result.warnings


def test_special_characters_stand_in_titles_bookmarks_and_metadata(kinds: Path) -> None:
    with (kinds / "conf.py").open("a") as conf:
        conf.write('project = r"""A #title $x$ *b* _c_ [d] <e> @f \\\\ "g" """.strip()\n')
    result = page(kinds, "Text.\n")
    assert (result.code, result.warnings) == (0, "")
    assert PdfReader(next(result.outdir.glob("*.pdf"))).metadata.title == 'A #title $x$ *b* _c_ [d] <e> @f \\\\ "g"'  # type: ignore[union-attr]


def test_a_compilers_message_is_traced_to_page_and_line() -> None:
    source = ["#head", "//@ papers/one:12", "text", "more", "//@ two", "text"]
    said = 'error: the text `"\\u{e123}"` could not be displayed\n  ┌─ book.typ:4:0\n\nerror: other\n  ┌─ book.typ:6:1\n'
    assert [tuple(fault) for fault in told_from(said, "book.typ", source)] == [
        ("papers/one", 12, 'the text `"\ue123 (U+E123)"` could not be displayed'),
        ("two", None, "other"),
    ]


# --- Settings ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("typst_documents = [{'titel': 'x'}]", r"typst_documents\[0\]: unknown key 'titel'; the keys are start, file, title"),
        ("typst_documents = [{'authors': 'one'}]", r"typst_documents\[0\]: authors: expected a list of texts, not 'one'"),
        ("typst_font_packages = ['no_such_fonts']", "the package no_such_fonts is not installed"),
        ("typst_font_paths = ['nowhere']", "typst_font_paths: there is no folder"),
        ("typst_style = 'nowhere.typ'", "typst_style: nowhere.typ cannot be read"),
    ],
)
def test_a_setting_that_is_wrong_is_named(kinds: Path, setting: str, says: str) -> None:
    from sphinx.errors import ConfigError

    with (kinds / "conf.py").open("a") as conf:
        conf.write(f"{setting}\n")
    with pytest.raises(ConfigError, match=says):
        page(kinds, "Text.\n")


def test_without_the_compiler_one_line_says_what_to_do(kinds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(SystemExit, match=r"the Typst compiler is not installed: install the package typst, 0\.15 or later, with pip"):
        page(kinds, "Text.\n")


def test_without_the_package_for_links_one_line_says_what_to_do(kinds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typst_book.compilation.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"the package pikepdf is not installed, which gives the links their places: install it with pip"):
        page(kinds, "Text.\n")
