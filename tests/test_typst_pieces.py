"""A large book is set in pieces: what joins them must give the book that the compiler would have made of the whole."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
import pytest
from conftest import ROOTS, Result, build
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from typst_book.compilation import Typesetter, compile_book
from typst_book.cutting import MARK, NEW_PAGE, Written, cut, weight
from typst_book.fonts import _package

LARGEST = 17_000  # as `weight` counts, of a piece of the book below
FONTS = ("manimgx_fonts", "manimgx_fonts_cjk")
CONF = f"""
import sys
sys.path.insert(0, {str(ROOTS.parents[1] / "_ext")!r})
project = "A book in pieces"
author = copyright = "nobody"
version = release = "1.0"
extensions = ["typst_book"]
typst_font_packages = {list(FONTS)!r}
typst_largest_piece = {LARGEST}
typst_contents_depth = 3
typst_style = "style.typ"
"""
STYLE = '#let style(body) = { set heading(numbering: "1.1"); set math.equation(numbering: "(1)"); body }\n'
# What numbers go on through the book: footnotes, tables, figures, listings, formulas, headings.
CHAPTER = """
{title}
{line}

.. index:: {title}, thing {number}

It leads to :doc:`chapter-{other}`, to :ref:`a section <section-{other}>` and `out of the book <https://example.org/{number}>`_. A note. [#note]_

.. [#note] The note of chapter {number}.

.. _section-{number}:

A section of {number}
---------------------

{text}

.. list-table:: Caption of table {number}
   :header-rows: 1

   * - Head
     - Number of *{number}*
   * - row
     - {number}

.. figure:: dot.png
   :alt: A dot

   Caption of figure {number}

.. code-block:: python
   :caption: Listing {number}

   number = {number}

.. math:: x + {number}

Deeper in {number}
~~~~~~~~~~~~~~~~~~

{text}
"""
WIDE = """
Wide
====

.. list-table:: A wide table
   :header-rows: 1

   * - {head}
   * - {cell}

{text}
"""


def _write(source: Path, chapters: int = 12) -> None:
    source.mkdir()
    shutil.copy(ROOTS / "typst/dot.png", source)
    (source / "conf.py").write_text(CONF, "utf-8")
    (source / "style.typ").write_text(STYLE, "utf-8")
    text = "Some words that fill a paragraph of this book, one after the other. " * 5
    for number in range(1, chapters + 1):
        title = f"Chapter {number} ``it``"
        about = CHAPTER.format(title=title, line="=" * len(title), number=number, other=(number + chapters // 2) % chapters + 1, text=text * (1 + number % 4))
        (source / f"chapter-{number}.rst").write_text(about, "utf-8")
    cells = "\n     - ".join(f"{{}} {number}" for number in range(9))
    (source / "wide.rst").write_text(WIDE.format(head=cells.replace("{}", "Head"), cell=cells.replace("{}", "words in a cell"), text=text))
    middle = chapters * 7 // 12
    for name, pages in (("first", range(1, middle + 1)), ("second", range(middle + 1, chapters + 1))):
        listed = "\n   ".join([f"chapter-{number}" for number in pages] + (["wide"] if name == "first" else []))
        (source / f"{name}.rst").write_text(f"The {name} part\n===============\n\n.. toctree::\n\n   {listed}\n", "utf-8")
    (source / "index.rst").write_text("Title\n=====\n\nWords before all parts.\n\n.. toctree::\n\n   first\n   second\n", "utf-8")


class Books(NamedTuple):
    """One book, joined of pieces and set whole, from the same source."""

    result: Result
    joined: Path
    whole: Path

    def source(self, name: str = "abookinpieces.typ") -> str:
        return (self.result.outdir / "source" / name).read_text("utf-8")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    source = tmp_path_factory.mktemp("pieces") / "book"
    _write(source)
    return _set_whole(build(source, "typst"))


def _set_whole(result: Result) -> Books:
    """Have the compiler make the same book in one go."""
    joined = next(result.outdir.glob("*.pdf"))
    code = (result.outdir / f"source/{joined.stem}.typ").read_text("utf-8")
    uncut = result.outdir / "source/whole.typ"
    uncut.write_text(code.replace(MARK, "\n"), "utf-8")
    whole = result.outdir / "whole.pdf"
    _compile(uncut, whole)
    return Books(result, joined, whole)


def _compile(source: Path, target: Path) -> None:
    assert compile_book(source, target, [_package(name) for name in FONTS], standards=["ua-1"], system_fonts=False, timestamp=0) == []


def test_the_book_is_cut_between_parts_and_within_one(books: Books) -> None:
    assert (books.result.code, books.result.warnings) == (0, "")
    first = re.findall(rf"{MARK.strip()}\n+//@ ([\w/-]+)$", books.source(), flags=re.MULTILINE)
    assert "second" in first
    assert len([name for name in first if name.startswith("chapter-")]) >= 2
    assert len(first) >= 4


def test_the_compiler_is_given_no_more_than_a_piece(books: Books) -> None:
    head = books.source().index("\n//@ ")
    pieces = sorted((books.result.outdir / "source").glob("abookinpieces.[0-9]*.typ"))
    assert len(pieces) == books.source().count(MARK) + 1
    assert max(weight(piece.read_text("utf-8")) for piece in pieces) < LARGEST + head + 1_000


@cache
def _texts(file: Path) -> list[list[str]]:
    """Return each page's lines; a head and foot come before the text of a joined page, and a letter that one sign of a font shows twice is either."""
    return [
        sorted(re.sub("[\u200b ]", "", line).replace("\u00ad", "-") for line in page.extract_text().split("\n") if line.strip())
        for page in PdfReader(file).pages
    ]


def test_every_page_says_what_it_says_in_the_whole_book(books: Books) -> None:
    """Numbers of pages, notes, tables, figures, listings and formulas, contents, lists, index, heads and feet among it."""
    joined, whole = _texts(books.joined), _texts(books.whole)
    assert len(joined) == len(whole) > 12
    assert [(number, one, two) for number, (one, two) in enumerate(zip(joined, whole, strict=True), 1) if one != two] == []
    everything = "".join("".join(page) for page in joined)
    assert all(f"Table{number}CaptionoftableX".replace("X", str(number)) in everything for number in range(1, 8))
    assert f"Page{len(joined)}of{len(joined)}" in everything
    assert "000" not in everything, "each page's number was known at the end"


def test_pages_look_as_in_the_whole_book(books: Books) -> None:
    """What is drawn is the same: every text at its place, in its font's size."""

    def drawn(file: Path) -> list[list[tuple[str, int, int, int]]]:
        pages = []
        for page in PdfReader(file).pages:
            found: list[tuple[str, int, int, int]] = []

            def visit(text: str, outer: Any, inner: Any, font: Any, size: float, found: list[tuple[str, int, int, int]] = found) -> None:
                if text.strip():
                    found.append((re.sub("[\u200b\\s]", "", text).replace("\u00ad", "-"), round(inner[4] + outer[4]), round(inner[5] + outer[5]), round(size)))

            page.extract_text(visitor_text=visit)
            pages.append(sorted(found))
        return pages

    assert drawn(books.joined) == drawn(books.whole)
    sizes = [[[float(side) for side in page.mediabox] for page in PdfReader(file).pages] for file in (books.joined, books.whole)]
    assert sizes[0] == sizes[1]
    assert len({tuple(size) for size in sizes[0]}) == 2, "one page is turned"


def _bookmarks(file: Path) -> list[tuple[int, str, int | None, int, int]]:
    reader = PdfReader(file)

    def walk(entries: Any, depth: int) -> Iterator[tuple[int, str, int | None, int, int]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry, depth + 1)
            else:
                yield depth, str(entry.title), reader.get_destination_page_number(entry), round(float(entry.left)), round(float(entry.top))

    return list(walk(reader.outline, 0))


def test_the_bookmarks_are_those_of_the_whole_book(books: Books) -> None:
    assert _bookmarks(books.joined) == _bookmarks(books.whole)
    assert len(_bookmarks(books.joined)) > 40


def _links(file: Path) -> list[tuple[int, list[int], object, str]]:
    reader = PdfReader(file)
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages) if page.indirect_reference is not None}
    found: list[tuple[int, list[int], object, str]] = []
    for number, page in enumerate(reader.pages):
        for each in page.get("/Annots", []):
            link = each.get_object()
            leads: Any = link.get("/Dest")
            if isinstance(leads, str):
                leads = reader.named_destinations[leads].dest_array
            place = str(link["/A"]["/URI"]) if leads is None else [numbers[leads[0].idnum], *(round(float(side)) for side in leads[2:4])]
            found.append((number, [round(float(side)) for side in link["/Rect"]], place, str(link["/Contents"])))
    return found


def test_every_link_leads_where_it_leads_in_the_whole_book(books: Books) -> None:
    assert _links(books.joined) == _links(books.whole)
    assert len(_links(books.joined)) > 100


def _told(file: Path) -> list[tuple[int, str, int | None, str, str, int]]:
    """Return what is read out, in order: depth, kind, page, title, alternative text, heads of the cell; that all of it is well joined is asserted."""
    with pikepdf.open(file) as pdf:
        root = pdf.Root.StructTreeRoot
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        listed: list[Any] = list(root.ParentTree.Nums)
        keys = [int(key) for key in listed[::2]]
        assert keys == sorted(set(keys))
        assert int(root.ParentTreeNextKey) > keys[-1]
        parents = dict(zip(keys, listed[1::2], strict=True))
        cells: list[Any] = list(root.IDTree.Names)
        named = {bytes(name): cell.objgen for name, cell in zip(cells[::2], cells[1::2], strict=True)}
        assert [bytes(name) for name in cells[::2]] == sorted(named)
        found: list[tuple[int, str, int | None, str, str, int]] = []

        def walk(element: Any, depth: int) -> None:
            attributes = element.get("/A")
            given = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes] if attributes is not None else []  # type: ignore[call-overload]
            heads = [bytes(name) for each in given for name in each.get("/Headers", ())]
            assert set(heads) <= set(named)
            assert "/ID" not in element or named[bytes(element.ID)] == element.objgen
            page = pages[element.Pg.objgen] if "/Pg" in element else None
            found.append((depth, str(element.S), page, str(element.get("/T", "")), str(element.get("/Alt", "")), len(heads)))
            children = element.get("/K", pikepdf.Array())
            for child in list(children) if isinstance(children, pikepdf.Array) else [children]:
                if isinstance(child, int):
                    assert parents[int(element.Pg.StructParents)][child].objgen == element.objgen
                elif "/S" in child:
                    assert child.P.objgen == element.objgen
                    walk(child, depth + 1)
                elif "/Obj" in child:
                    assert parents[int(child.Obj.StructParent)].objgen == element.objgen
                    assert any(each.objgen == child.Obj.objgen for each in child.Pg.Annots)

        assert len(root.K) == 1
        walk(root.K[0], 0)
        return found


def test_what_is_read_out_is_what_the_whole_book_has(books: Books) -> None:
    """Kinds, order, nesting and pages; headings of each level, tables with their heads, links, figures, notes."""
    joined, whole = _told(books.joined), _told(books.whole)
    kinds = Counter(kind for _, kind, *_ in joined)
    assert kinds == Counter(kind for _, kind, *_ in whole)
    assert joined == whole
    assert min(kinds[kind] for kind in ("/H1", "/H2", "/H3", "/Table", "/TH", "/Figure", "/Formula", "/Link", "/Note", "/TOC")) > 2
    assert sum(heads for *_, heads in joined) > 20


def test_an_outside_checker_finds_no_fault_in_the_joined_book(books: Books) -> None:
    from pdfua import validate

    assert [str(finding) for finding in validate(str(books.joined)).findings] == []


def test_it_says_what_it_is_as_the_whole_book_does(books: Books) -> None:
    with pikepdf.open(books.joined) as joined, pikepdf.open(books.whole) as whole:
        for key in ("/Lang", "/MarkInfo", "/ViewerPreferences"):
            assert joined.Root[key] == whole.Root[key]
        assert dict(joined.docinfo.items()) == dict(whole.docinfo.items()) | {key: joined.docinfo[key] for key in ("/CreationDate", "/ModDate")}
        assert b"<pdfuaid:part>1</pdfuaid:part>" in joined.Root.Metadata.read_bytes()


def test_each_piece_is_set_once_but_those_that_print_numbers_of_later_pages(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a book of pieces is the same bytes again."""
    made: list[str] = []

    def counted(typesetter: Typesetter, source: Path, *given: Any, **options: Any) -> Any:
        made.append(source.name.removeprefix("abookinpieces."))
        return make(typesetter, source, *given, **options)

    make = Typesetter.make
    monkeypatch.setattr(Typesetter, "make", counted)
    again = [books.result.outdir / f"again-{number}.pdf" for number in (1, 2)]
    for target in again:
        _compile(books.result.outdir / "source/abookinpieces.typ", target)
    assert again[0].read_bytes() == again[1].read_bytes()
    times = Counter(made[: len(made) // 2])
    first = re.findall(r"^#chapter-line", books.source(), flags=re.MULTILINE)
    assert len(first) == 13
    lists = {f"{number}.typ" for number in range(1, books.source().count(MARK) + 2) if "#chapter-line" in books.source(f"abookinpieces.{number}.typ")}
    assert {name for name, count in times.items() if name != "frame.typ" and count > 1} == lists
    assert max(times.values()) <= 3


def test_a_book_whose_contents_are_longer_than_was_thought_has_the_right_numbers(tmp_path: Path) -> None:
    """Headings that an author wrote as Typst code are found only when they are set: then pages move on, and pieces that were set are set again."""
    source = tmp_path / "book"
    _write(source, 4)
    (source / "conf.py").write_text(CONF.replace(str(LARGEST), str(LARGEST // 2)), "utf-8")
    raw = "\n".join(f"   #heading(level: 2)[Raw heading {number}]\n\n   Words.\n" for number in range(60))
    with (source / "chapter-4.rst").open("a", encoding="utf-8") as page:
        page.write(f"\n.. raw:: typst\n\n{raw}\n   #figure(kind: table, caption: [A raw caption], [cell])\n\nA :ref:`section-1`.\n")
    result = build(source, "typst")
    assert (result.code, result.warnings) == (0, "")
    books = _set_whole(result)
    assert books.source().count(MARK) > 1
    joined, whole = _texts(books.joined), _texts(books.whole)
    assert joined == whole
    assert any("Rawheading59" in line for page in joined[:4] for line in page), "it is in the contents"
    assert any("Arawcaption" in line for page in joined[:4] for line in page)
    assert _bookmarks(books.joined) == _bookmarks(books.whole)
    assert _links(books.joined) == _links(books.whole)


def test_letters_that_no_font_has_are_told_of_all_pieces_at_once(tmp_path: Path) -> None:
    source = tmp_path / "book"
    _write(source, 6)
    for number in (1, 6):
        with (source / f"chapter-{number}.rst").open("a", encoding="utf-8") as page:
            page.write("\nA letter \U0010fffd.\n")
    result = build(source, "typst")
    assert result.code == 1
    assert re.findall(r"(chapter-\d+)\.rst:\d+: (?:WARNING|ERROR): .*U\+10FFFD", result.warnings) == ["chapter-1", "chapter-6"]
    assert list(result.outdir.glob("*.pdf")) == []
    assert list((result.outdir / "source").glob("*.pdf")) == []


# --- Where a book is cut -------------------------------------------------------------------------------------------------

PAGES = st.lists(st.tuples(st.integers(1, 60), st.booleans(), st.booleans()), min_size=1, max_size=30).map(
    lambda given: [Written(str(number), f"\n//@ {number}\n{'x' * size}", *ends) for number, (size, *ends) in enumerate(given)]
)


@given(PAGES, st.integers(20, 300))
def test_every_page_is_in_one_piece_and_in_its_order(pages: list[Written], largest: int) -> None:
    pieces = cut(pages, largest)
    assert [page.docname for piece in pieces for page in piece] == [page.docname for page in pages]
    assert [page.code.replace(NEW_PAGE, "") for piece in pieces for page in piece] == [page.code for page in pages]
    for piece in pieces:
        assert len(piece) == 1 or sum(weight(page.code.replace(NEW_PAGE, "")) for page in piece) <= largest


@given(PAGES, st.integers(20, 300))
def test_a_page_is_begun_only_where_a_piece_would_be_too_large(pages: list[Written], largest: int) -> None:
    pieces = cut(pages, largest)
    for before, after in pairwise(pieces):
        forced = NEW_PAGE in after[0].code
        assert forced or after[0].begins_page or before[-1].ends_page
    if not any(page.begins_page or page.ends_page for page in pages):
        assert all(NEW_PAGE in piece[0].code for piece in pieces[1:])
    if all(page.begins_page for page in pages):
        assert NEW_PAGE not in "".join(page.code for piece in pieces for page in piece)


@given(PAGES)
def test_a_small_book_is_left_whole(pages: list[Written]) -> None:
    assert cut(pages, 0) == cut(pages, sum(weight(page.code) for page in pages)) == [pages]


def test_cells_and_links_weigh_more_than_the_letters_in_them() -> None:
    assert weight("[a], [b]") > weight("x" * 100)
