"""What pages tell machines, how they are cited, and what a first visit weighs."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlsplit
from xml.etree import ElementTree

import pytest
from conftest import ROOTS, Result, build
from litreview.corpus import load
from litreview.edition import TITLE
from litreview.webpage import linked_data
from minimal import PAGES, corpus_of
from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent
BASE = "https://review.example/en/latest/"


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return a small review built for an address of its own."""
    source = tmp_path_factory.mktemp("public") / "herd"
    shutil.copytree(ROOTS / "herd", source)
    with (source / "conf.py").open("a") as conf:
        conf.write(f'html_baseurl = "{BASE}"\nextensions.append("notfound.extension")\nnotfound_urls_prefix = "/en/latest/"\n')
    return build(source)


def _head(site: Result, name: str) -> str:
    return site.text(name).partition("</head>")[0]


def _links(site: Result, name: str, relation: str) -> list[str]:
    return [unescape(found) for found in re.findall(rf'<link rel="{relation}" href="([^"]+)"', _head(site, name))]


def _linked(site: Result, name: str) -> dict[str, Any]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', site.text(name), re.DOTALL)
    assert len(found) == 1
    assert "<" not in found[0]
    return json.loads(found[0])  # type: ignore[no-any-return]


# --- Linked data: what schema.org allows, written down for the types that pages use ----------------------------------------

_THING = {"name": str, "description": str, "url": "address", "sameAs": "address", "alternateName": str}
_MADE = ("Dataset", "SoftwareApplication", "ScholarlyArticle", "CreativeWork")
_CREATIVE_WORK = _THING | {
    "author": ("Person", "Organization"), "creator": ("Person", "Organization"), "datePublished": "date", "license": "address", "inLanguage": str,
    "version": str, "keywords": str, "isAccessibleForFree": bool, "isBasedOn": _MADE, "isPartOf": ("Dataset",),
    "about": _MADE, "encodingFormat": str,
}  # fmt: skip
ALLOWED: dict[str, dict[str, Any]] = {
    "Person": _THING,
    "Organization": _THING,
    "CreativeWork": _CREATIVE_WORK,
    "WebPage": _CREATIVE_WORK,
    "ScholarlyArticle": _CREATIVE_WORK,
    "SoftwareApplication": _CREATIVE_WORK,
    "Dataset": _CREATIVE_WORK | {"distribution": ("DataDownload",)},
    "DataDownload": _CREATIVE_WORK | {"contentUrl": "address"},
}


def faults(value: Any, expected: Any = tuple(ALLOWED), place: str = "") -> list[str]:
    """Return what schema.org does not allow in a value."""
    if isinstance(value, list):
        return [fault for number, one in enumerate(value) for fault in faults(one, expected, f"{place}[{number}]")] + ([] if value else [f"{place}: empty"])
    if isinstance(expected, tuple):
        kind = value.get("@type") if isinstance(value, dict) else None
        if kind not in expected:
            return [f"{place}: {kind or value!r} is not one of {expected}"]
        found = [] if value.get("name") or kind == "DataDownload" else [f"{place}: {kind} without a name"]
        for name, below in value.items():
            if name in ("@type", "@context"):
                continue
            allowed = ALLOWED[kind].get(name)
            found += faults(below, allowed, f"{place}.{name}") if allowed else [f"{place}.{name}: not for {kind}"]
        return found
    if expected == "date":
        return [] if re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", str(value)) else [f"{place}: {value!r} is no date"]
    if expected == "address":
        parts = urlsplit(str(value))
        return [] if isinstance(value, str) and value and (parts.scheme in ("https", "http") or not parts.scheme) else [f"{place}: {value!r} is no address"]
    return [] if isinstance(value, expected) and value != "" else [f"{place}: {value!r} is no {expected.__name__}"]


def _records() -> list[str]:
    return [f"{page.docname}.html" for page in load(ROOT).pages]


def test_linked_data_of_every_page_is_what_schema_org_allows(review_site: Result) -> None:
    wrong = {}
    for name in _records():
        data = _linked(review_site, name)
        assert data["@context"] == "https://schema.org"
        wrong[name] = faults(data["@graph"])
    assert {name: found for name, found in wrong.items() if found} == {}


def test_the_check_of_linked_data_finds_faults() -> None:
    assert faults({"@type": "Dataset", "name": "x", "licence": "y", "url": "javascript:x", "datePublished": "soon"}) == [
        ".licence: not for Dataset", ".url: 'javascript:x' is no address", ".datePublished: 'soon' is no date",
    ]  # fmt: skip
    assert faults({"@type": "Article"}) != []


def test_a_paper_page_is_about_the_work_and_does_not_claim_to_be_it(review_site: Result) -> None:
    page, data = _linked(review_site, "papers/lima.html")["@graph"]
    assert page["@type"] == "WebPage"
    assert page["about"]["@type"] == "ScholarlyArticle"
    assert "https://arxiv.org/abs/2305.11206" in page["about"]["sameAs"]
    assert page["about"]["author"][0] == {"@type": "Person", "name": "Chunting Zhou"}
    assert data["@type"] == "Dataset"
    assert {"Stack Exchange", "wikiHow"} <= {source["name"] for source in data["isBasedOn"]}
    assert "citation_" not in review_site.text("papers/lima.html")


def test_a_released_data_set_names_its_licence(review_site: Result) -> None:
    data = _linked(review_site, "papers/alpaca.html")["@graph"][1]
    assert data["license"].startswith("https://creativecommons.org/licenses/by-nc/4.0")
    assert {source["name"] for source in data["isBasedOn"]} == {"Self-Instruct", "text-davinci-003"}
    unreleased = _linked(review_site, "papers/instructgpt.html")["@graph"]
    assert [node["@type"] for node in unreleased] == ["WebPage"]


def test_the_review_is_a_data_set_that_can_be_downloaded(review_site: Result) -> None:
    data = _linked(review_site, "index.html")
    assert faults(data) == []
    assert (data["@type"], data["name"]) == ("Dataset", TITLE)
    for download in data["distribution"]:
        assert (review_site.outdir / download["contentUrl"]).is_file(), download
    assert "application/json" in {download["encodingFormat"] for download in data["distribution"]}


def test_linked_data_of_hostile_records_stays_data() -> None:
    pages = {path: text.replace("title: ", 'title: "</script><script>alert(1)</script> & <!--" # ', 1) for path, text in PAGES.items()}
    corpus = corpus_of(pages)
    page = corpus.get("alpha")
    assert page is not None
    assert faults(linked_data(corpus, page, str)["@graph"]) == []


# --- The head ----------------------------------------------------------------------------------------------------------------


def test_pages_know_their_own_address(public: Result) -> None:
    assert _links(public, "papers/camel.html", "canonical") == [f"{BASE}papers/camel.html"]
    assert _links(public, "papers/camel.html", "cite-as") == [f"{BASE}papers/camel.html"]
    assert f'<meta property="og:url" content="{BASE}papers/camel.html" />' in _head(public, "papers/camel.html")
    assert _linked(public, "papers/camel.html")["@graph"][0]["url"] == f"{BASE}papers/camel.html"


def test_every_page_describes_itself_in_its_own_words(review_site: Result) -> None:
    said = {}
    for path in sorted(review_site.outdir.glob("*/*.html")):
        if path.parent.name in ("papers", "models", "licenses", "sources", "review", "contribute"):
            head = path.read_text("utf-8").partition("</head>")[0]
            described = re.findall(r'<meta (?:name|property)="(?:og:)?description" content="([^"]+)"', head)
            assert len(described) == 2, path.name
            assert described[0] == described[1]
            assert described[0] not in said, (path.name, said[described[0]])
            said[described[0]] = path.name
            assert '<meta property="og:title"' in head
    assert len(said) > 80


def test_signposting_leads_to_files_that_are_there(public: Result, review_site: Result) -> None:
    described = _links(public, "papers/camel.html", "describedby")
    assert [urlsplit(address).path.partition(".page.")[2] for address in described] == ["bib", "ris", "csl.json"]
    for address in described:
        assert (public.outdir / address.removeprefix(BASE)).is_file()
    items = _links(review_site, "index.html", "item")
    assert "data/review.json" in items
    for item in items:
        assert (review_site.outdir / item).is_file()
    assert _links(review_site, "index.html", "license") == ["https://creativecommons.org/licenses/by/4.0/"]


def test_only_the_index_says_that_it_is_a_work_to_cite(review_site: Result) -> None:
    with_tags = [path.name for path in review_site.outdir.rglob("*.html") if 'name="citation_' in path.read_text("utf-8")]
    assert with_tags == ["index.html"]
    tags = dict(re.findall(r'<meta name="(citation_\w+)" content="([^"]+)"', _head(review_site, "index.html")))
    assert tags["citation_title"] == TITLE
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", tags["citation_online_date"])


def test_the_map_has_every_page_and_no_date(public: Result, review_site: Result) -> None:
    tree = ElementTree.parse(public.outdir / "sitemap.xml")
    addresses = [element.text or "" for element in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert f"{BASE}papers/camel.html" in addresses
    assert addresses == sorted(addresses)
    for address in addresses:
        assert (public.outdir / address.removeprefix(BASE)).is_file()
    assert "lastmod" not in (public.outdir / "sitemap.xml").read_text()
    assert not (review_site.outdir / "sitemap.xml").exists(), "without an address there is nothing to map"


def test_a_page_that_is_not_found_works_from_anywhere(public: Result) -> None:
    text = public.text("404.html")
    loaded = re.findall(r'(?:href|src)="([^"#]+)"', text)
    local = [address for address in loaded if not urlsplit(address).scheme]
    assert local
    assert [address for address in local if not address.startswith("/en/latest/")] == []


# --- Citing ------------------------------------------------------------------------------------------------------------------


def test_a_work_and_the_page_about_it_are_cited_apart(review_site: Result) -> None:
    folder = review_site.outdir / "data/cite/papers"
    work, page = (folder / name for name in ("alpaca.bib", "alpaca.page.bib"))
    assert "Taori, Rohan" in work.read_text("utf-8")
    assert "Taori" not in page.read_text("utf-8")
    assert "contributors" in page.read_text("utf-8")
    assert json.loads((folder / "alpaca.csl.json").read_text("utf-8"))[0]["author"][0] == {"family": "Taori", "given": "Rohan"}
    assert json.loads((folder / "alpaca.page.csl.json").read_text("utf-8"))[0]["author"] == [{"literal": f"The contributors to {TITLE}"}]
    assert (folder / "alpaca.ris").read_text("utf-8").startswith("TY  - ")
    assert len(list(folder.iterdir())) == 6 * len(load(ROOT).of_kind("paper"))


def test_a_citation_of_a_page_says_where_it_is(public: Result) -> None:
    assert f"url = {{{BASE}papers/camel.html}}" in public.text("data/cite/papers/camel.page.bib")
    assert f"{BASE}papers/camel.html" in public.text("papers/camel.html").partition('data-what="this page"')[2]


def test_citations_are_downloaded_without_scripts_and_copied_with(browser: Browser, served: str) -> None:
    plain = browser.new_context(java_script_enabled=False, accept_downloads=True)
    page = plain.new_page()
    page.goto(f"{served}papers/alpaca.html")
    assert page.locator(".cite button").count() == 0
    with page.expect_download() as waiting:
        page.get_by_role("link", name="RIS of the work").click()
    assert Path(waiting.value.path()).read_text("utf-8").startswith("TY  - ")
    plain.close()
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{served}papers/alpaca.html")
    page.get_by_role("button", name="Copy the BibTeX of the work").click()
    page.get_by_text("copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("pre.citation").first.inner_text()
    context.close()


def test_citations_of_a_deleted_page_are_removed(tmp_path: Path) -> None:
    source = tmp_path / "herd"
    shutil.copytree(ROOTS / "herd", source)
    site = build(source)
    assert (site.outdir / "data/cite/papers/llama-calf.bib").exists()
    (source / "papers/llama-calf.md").unlink()
    again = build(source)
    assert not (again.outdir / "data/cite/papers/llama-calf.bib").exists()
    assert (again.outdir / "data/cite/papers/camel.bib").exists()


# --- Nothing from elsewhere -------------------------------------------------------------------------------------------------


def test_no_page_has_scripts_in_its_attributes_or_loads_from_elsewhere(review_site: Result) -> None:
    handler = re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=")
    foreign = re.compile(r'<(?:script|img|iframe|source|use|link rel="(?:stylesheet|preload|icon)")[^<>]*(?:src|href)="(?:https?:)?//')
    assert handler.search('<a class="x" onclick="y">')
    assert foreign.search('<script src="https://cdn.example/x.js">')
    pages = sorted(review_site.outdir.rglob("*.html"))
    assert len(pages) > 100
    texts = {path: path.read_text("utf-8") for path in pages}
    assert [path.name for path, text in texts.items() if handler.search(text) or foreign.search(text)] == []


# --- Weight ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "limit"), [("papers/*.html", 60_000), ("models/*.html", 60_000), ("index.html", 150_000)])
def test_a_first_visit_is_light(browser: Browser, review_site: Result, served: str, name: str, limit: int) -> None:
    """Everything that a first visit loads, gzipped as a server sends it; of several pages the heaviest."""
    name = max(review_site.outdir.glob(name), key=lambda path: (len(gzip.compress(path.read_bytes(), 6)), path)).relative_to(review_site.outdir).as_posix()
    context = browser.new_context()
    page = context.new_page()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urldefrag(request.url)[0].partition("?")[0]))
    page.goto(served + name, wait_until="networkidle")
    files = [review_site.outdir / address.removeprefix(served) for address in asked if address.startswith(served) and not address.endswith("favicon.ico")]
    weight = sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)
    print(f"{name}: {weight:,} bytes in {len(files)} files")
    assert weight <= limit
    assert len(files) > 5
    context.close()
