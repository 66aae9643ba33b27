"""The built-in search, in a browser, and the links that report a fault."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import ROOTS, Result, build
from litreview.corpus import load
from litreview.found_by import found_by
from playwright.sync_api import Browser, Page

# --- Search ----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def search(browser: Browser, served: str) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(f"{served}search.html")
    yield page
    page.close()


def _found(page: Page, query: str) -> list[str]:
    """Return the pages that a search lists, in their order."""
    page.goto(f"{page.url.partition('?')[0]}?q={query}")
    page.wait_for_function("document.querySelector('#search-progress')?.textContent === '' || document.querySelector('#search-results .search-summary')")
    page.wait_for_function("!Search._pulse_status || Search._pulse_status < 0")
    links = page.locator("#search-results li a").evaluate_all("links => links.map(link => new URL(link.href).pathname.slice(1))")
    return list(dict.fromkeys(links))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("LIMA", "papers/lima.html"),  # by short name
        ("Taori", "papers/alpaca.html"),  # by author
        ("wikiHow", "papers/lima.html"),  # by data set
        ("MMLU", "papers/flan-palm-flan-t5.html"),  # by benchmark
        ("CC-BY-NC-4.0", "papers/alpaca.html"),  # by licence
        ("CC-BY-NC-4.0", "licenses/cc-by-nc-4.0.html"),
        ("text-davinci-003", "models/text-davinci-003.html"),
    ],
)
def test_search_finds(search: Page, query: str, wanted: str) -> None:
    assert wanted in _found(search, query)


def test_what_has_the_name_comes_first_and_tables_do_not_come_at_all(search: Page) -> None:
    found = _found(search, "Alpaca")
    assert found[0] == "papers/alpaca.html"
    assert not [page for page in found if page.startswith("review/") or page == "index.html"]


def test_what_is_only_for_the_index_is_not_on_the_page(review_site: Result) -> None:
    corpus = load(Path(__file__).parent.parent)
    page = corpus.get("alpaca")
    assert page is not None
    names = found_by(corpus, page)
    assert {"Alpaca", "Rohan Taori", "LLaMA", "Self-Instruct", "CC-BY-NC-4.0"} <= set(names)
    assert " · ".join(names)[:40] not in review_site.text("papers/alpaca.html")


# --- Reports -----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reporting(tmp_path_factory: pytest.TempPathFactory) -> Result:
    source = tmp_path_factory.mktemp("reporting") / "herd"
    shutil.copytree(ROOTS / "herd", source)
    with (source / "conf.py").open("a") as conf:
        conf.write('litreview_repository = "https://example.org/owner/review/"\n')
    return build(source)


def test_each_fact_can_be_reported_with_its_page_field_and_value(reporting: Result) -> None:
    text = reporting.text("papers/camel.html")
    facts = re.findall(r'<div id="fact-([^"]+)">.*?</div>', text, re.DOTALL)
    links = [urlsplit(link.replace("&amp;", "&")) for link in re.findall(r'<a class="report" href="([^"]+)"', text)]
    assert len(links) == len([fact for fact in facts if not fact.startswith("corrections")]) > 10
    given = {query["field"][0]: query for link in links for query in [parse_qs(link.query)]}
    assert {f"{link.scheme}://{link.netloc}{link.path}" for link in links} == {"https://example.org/owner/review/issues/new"}
    data = given["releases.data"]
    assert (data["template"], data["page"]) == (["fix-a-fact.yml"], ["papers/camel"])
    assert "CC BY 4.0" in data["value"][0] or "CC-BY-4.0" in data["value"][0]
    assert given["published"]["value"] == ["2023-01-05"]


def test_links_to_report_say_what_they_report(reporting: Result) -> None:
    labels = re.findall(r'<a class="report"[^>]* aria-label="([^"]+)"', reporting.text("papers/camel.html"))
    assert len(labels) == len(set(labels))
    assert "Report a fault: Published" in labels


def test_without_a_repository_nothing_offers_to_report(review_site: Result) -> None:
    assert 'class="report"' not in review_site.text("papers/alpaca.html")
