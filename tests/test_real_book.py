"""The review's own book: made once, then opened and looked into."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Result, build
from litreview.charts import CHARTS, draw
from litreview.corpus import Corpus, load
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

DAY = 1_790_000_000  # a day in September 2026
A4 = (595, 842)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("book") / "review"
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(".git", ".venv", "_build", "tests", "__pycache__", ".*_cache"))
    return target


@pytest.fixture(scope="module")
def book(source: Path) -> Iterator[Result]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(DAY))
        yield build(source, "typst")


@pytest.fixture(scope="module")
def pdf(book: Result) -> PdfReader:
    return PdfReader(book.outdir / "instruction-tuning-review.pdf")


@pytest.fixture(scope="module")
def texts(pdf: PdfReader) -> list[str]:
    return [page.extract_text() for page in pdf.pages]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(ROOT)


def _flat(text: str) -> str:
    """Return a text without what a line's end and a typographer do to it."""
    return re.sub("[\\s\u200b\u00ad\"'“”‘’–-]+", "", text)


def test_it_is_made_without_a_warning(book: Result) -> None:
    assert (book.code, book.warnings) == (0, "")


def test_it_is_set_in_pieces(book: Result) -> None:
    """So all that is asserted here holds for what is joined."""
    pieces = list((book.outdir / "source").glob("instruction-tuning-review.[0-9]*.typ"))
    assert len(pieces) > 2
    whole = (book.outdir / "source/instruction-tuning-review.typ").stat().st_size
    assert max(piece.stat().st_size for piece in pieces) < 0.6 * whole


def test_it_says_what_it_is(pdf: PdfReader) -> None:
    told = pdf.metadata
    assert told is not None
    assert told.title == "Instruction Tuning for LLMs, a living review"
    assert told.author == "The contributors"
    assert "licences" in str(told.get("/Keywords"))
    assert "evidence" in str(told.subject)
    catalog: Any = pdf.trailer["/Root"]
    assert catalog["/Lang"] == "en-GB"
    assert catalog["/MarkInfo"]["/Marked"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalog["/Metadata"].get_data()


def test_every_record_has_a_bookmark_under_its_part(pdf: PdfReader, corpus: Corpus) -> None:
    parts: dict[str, list[str]] = {}
    part = ""
    for entry in pdf.outline:
        if isinstance(entry, list):
            parts[part] = [str(found.title) for found in entry if not isinstance(found, list)]
        else:
            part = str(entry.title)
    for part, kind in (("Papers", "paper"), ("Models", "model"), ("Licences and terms", "license"), ("Upstream sources", "source")):
        assert sorted(_flat(title) for title in parts[part]) == sorted(_flat(page.title) for page in corpus.of_kind(kind))


def _links(pdf: PdfReader) -> Iterator[tuple[int, DictionaryObject]]:
    for number, page in enumerate(pdf.pages):
        for annotation in page.get("/Annots", []):
            found = annotation.get_object()
            if found["/Subtype"] == "/Link":
                yield number, found


def test_every_link_leads_to_a_page_or_out(pdf: PdfReader) -> None:
    pages = {page.indirect_reference.idnum for page in pdf.pages if page.indirect_reference is not None}
    inside = outside = 0
    for number, link in _links(pdf):
        action: Any = link.get("/A", {})
        destination: Any = action.get("/D", link.get("/Dest"))
        if destination is None:
            assert str(action["/URI"]).startswith(("http://", "https://", "mailto:")), number
            outside += 1
            continue
        if isinstance(destination, str):
            destination = pdf.named_destinations[destination].dest_array
        target = destination.get_object()[0] if isinstance(destination, IndirectObject) else destination[0]
        assert target.idnum in pages, number
        inside += 1
    assert inside > 1000
    assert outside > 100


def test_boxes_of_the_drawings_are_links(book: Result) -> None:
    text = (book.outdir / "source/instruction-tuning-review.typ").read_text("utf-8")
    drawings = re.findall(r"#picture\(\"images/\w+\.svg\".*", text)
    linked = [drawing for drawing in drawings if "links: ((" in drawing]
    assert len(linked) > 20  # charts have none
    assert any('"models/llama--"' in drawing for drawing in linked)


def test_every_chart_is_in_the_book_with_its_numbers(book: Result, texts: list[str], corpus: Corpus) -> None:
    source = (book.outdir / "source/instruction-tuning-review.typ").read_text("utf-8")
    for name in CHARTS:
        chart = draw(corpus, name)
        assert re.search(rf"(?s)#?picture\(\"images/\w+\.svg\"[^\n]*\n?.{{0,400}}?{re.escape(chart.title)}", source), name
        assert any(_flat(chart.table.caption) in _flat(text) for text in texts), name


def test_pages_are_a4_upright_or_turned_and_none_is_empty(pdf: PdfReader, texts: list[str]) -> None:
    sizes = {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in pdf.pages}
    assert sizes == {A4, A4[::-1]}
    running = "Instruction Tuning for LLMs, a living review"
    assert [number + 1 for number, text in enumerate(texts) if len(_flat(text)) < len(_flat(running)) + 60] == []


def test_pages_are_numbered_of_all(texts: list[str]) -> None:
    assert f"Page {len(texts)} of {len(texts)}" in texts[-1]


def test_no_sign_stands_for_a_missing_letter(texts: list[str]) -> None:
    assert [number + 1 for number, text in enumerate(texts) if "\ufffd" in text or "\u25a1" in text] == []


def test_all_fonts_are_in_the_file(pdf: PdfReader) -> None:
    names = set()
    for page in pdf.pages:
        fonts: Any = page["/Resources"].get("/Font", {})  # type: ignore[union-attr]
        for font in fonts.values():
            below = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = below["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor), below["/BaseFont"]
            names.add(str(below["/BaseFont"]).split("+")[-1])
    assert any("SourceSans3" in name for name in names)
    assert any("LibertinusSerif" in name for name in names)


def _words(code: str) -> list[str]:
    """Return the words of Typst code that the translator wrote."""
    code = re.sub(r"^//@ .*$", "", code, flags=re.MULTILINE)
    code = re.sub(r'#(?:to|out|sign|anchor|raw|label)\("(?:[^"\\]|\\.)*"\)', " ", code)
    code = re.sub(r"#[a-z-]+(?:\([^()\[\]]*\))?(?=\[)", " ", code)
    return re.sub(r"(?<!\\)[\[\]]", " ", code).replace("\\", "").split()


def _cells(table: str) -> list[str]:
    """Return the cells of a table's code, those of its head first: what stands in outermost brackets after the options."""
    found, depth, start = [], 0, 0
    for match in re.finditer(r'\\.|"(?:[^"\\]|\\.)*"|[\[\]]', table):
        if match[0] == "[":
            start = match.end() if depth == 0 else start
            depth += 1
        elif match[0] == "]":
            depth -= 1
            if depth == 0:
                found.append(table[start : match.start()])
    return found


def _chapters(book: Result, code: str) -> dict[str, range]:
    """Return the pages of the PDF that each page of the sources takes, from 0."""
    heads = json.loads((book.outdir / "source/survey.json").read_text())["heads"]
    named = re.findall(r'\("([\w./-]+?)--[^"]*", [12], \[', code.split("\n", 2)[1])
    assert len(named) == len(heads)
    begins = [(name, head[1]) for (name, head), before in zip(zip(named, heads, strict=True), ["", *named], strict=False) if name != before]
    return {name: range(page - 1, end) for (name, page), (_, end) in zip(begins, [*begins[1:], ("", 10_000)], strict=True)}


def test_the_first_and_last_cell_of_every_table_are_on_its_pages(book: Result, texts: list[str]) -> None:
    """Its pages are those of the chapter that it stands in."""
    code = (book.outdir / "source/instruction-tuning-review.typ").read_text("utf-8")
    chapters = _chapters(book, code)
    flat = [_flat(text) for text in texts]
    counted, lost = 0, []
    for part in re.split(r"^(?=//@ [\w./-]+$)", code, flags=re.MULTILINE)[1:]:
        docname = part.split("\n", 1)[0].removeprefix("//@ ")
        pages = "".join(flat[number] for number in chapters[docname] if number < len(flat))
        for table in re.findall(r"^#data-table\(.*?, heads: \d+(?:, together: true)?,\n(.*?)\n\)$", part, flags=re.MULTILINE | re.DOTALL):
            counted += 1
            cells = _cells(table)
            lost += [(docname, word) for cell in (cells[0], cells[-1]) for word in _words(cell) if _flat(word) not in pages]
    assert counted > 60
    assert lost == []


def test_links_lead_to_the_page_where_their_target_stands(book: Result, pdf: PdfReader, texts: list[str]) -> None:
    """The compiler tells where places lie, and links are led there in the finished file."""
    survey = json.loads((book.outdir / "source/survey.json").read_text())
    assert survey["pages"] == len(texts)
    code = (book.outdir / "source/instruction-tuning-review.typ").read_text("utf-8")
    titles = re.findall(r'^#heading\(level: \d\)\[(.*)\]#label\("([\w./-]+--)"\)', code, flags=re.MULTILINE)
    followed = [(name, title) for title, name in titles if name in survey["places"]]
    assert len(followed) > 60
    assert [name for name, title in followed if _flat("".join(_words(title))) not in _flat(texts[survey["places"][name][0] - 1])] == []
    numbers = {page.indirect_reference.idnum: number for number, page in enumerate(pdf.pages, 1) if page.indirect_reference is not None}
    destinations = [link["/Dest"] for _, link in _links(pdf) if "/Dest" in link]
    led = {(numbers[found[0].idnum], round(float(found[3]))) for found in destinations if isinstance(found, list)}  # those of the contents have names
    for name, _ in followed:
        page, _left, down = survey["places"][name]
        height = float(pdf.pages[page - 1].mediabox.height)
        assert (page, round(height - down + 10)) in led, name
    assert len({height for _, height in led}) > 20, "not all at the top of their pages"


def test_pages_are_told_by_number_where_a_table_or_figure_lies_elsewhere(book: Result, texts: list[str]) -> None:
    survey = json.loads((book.outdir / "source/survey.json").read_text())
    code = (book.outdir / "source/instruction-tuning-review.typ").read_text("utf-8")
    moved = re.findall(r'^#elsewhere\(name: "([^"]+)"\)\[(.*)\]$', code, flags=re.MULTILINE)
    assert moved
    for name, caption in moved:
        told = f"{_flat(' '.join(_words(caption)))}Page{survey['places'][name][0]}"
        assert [text for text in texts if told in _flat(text)], name


def test_the_running_heads_name_the_part_and_the_chapter(texts: list[str]) -> None:
    assert [text for text in texts if text.startswith("Papers") and "LIMA: Less Is More for Alignment" in text.split("\n")[0] + text.split("\n")[1]]


def test_evidence_is_numbered_and_linked_from_its_values(book: Result, corpus: Corpus) -> None:
    code = (book.outdir / "source/instruction-tuning-review.typ").read_text("utf-8")
    for page in corpus.of_kind("paper"):
        if page.record.get("evidence"):
            assert f'#anchor("papers/{page.id}--evidence-1")' in code
            assert f'#to("papers/{page.id}--evidence-1")[1]' in code


def test_addresses_of_documents_are_printed(texts: list[str]) -> None:
    whole = _flat(" ".join(texts))
    assert "arxiv.org/abs/" in whole or "aclanthology.org/" in whole


def test_the_same_sources_and_day_give_the_same_bytes(book: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    """The typesetter runs again on the same source; that the source is the same is what the builder's own tests show for small books."""
    from typst_book.compilation import compile_book
    from typst_book.fonts import _package

    made, again = (book.outdir / name for name in ("instruction-tuning-review.pdf", "again.pdf"))
    fonts = [_package(name) for name in ("manimgx_fonts", "manimgx_fonts_cjk", "fontpkg_source_sans_3")]
    compile_book(book.outdir / "source/instruction-tuning-review.typ", again, fonts, standards=["ua-1"], system_fonts=False, timestamp=DAY)
    assert again.read_bytes() == made.read_bytes()
    again.unlink()


def test_the_site_after_the_book_is_as_without_it(book: Result, source: Path) -> None:
    """Builders share doctrees: neither makes the other's output stale."""
    index = build(source).text("index.html")
    assert "<table" in index
    assert "#data-table" not in index
