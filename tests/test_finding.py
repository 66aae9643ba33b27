"""The built-in search, in a browser, and the links that report a fault."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import ROOTS, Result, build
from litreview.corpus import load
from litreview.found_by import found_by
from litreview.verdicts import QUESTIONS
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


def test_a_search_says_how_many_pages_it_found_and_shows_words_apart(browser: Browser, served: str) -> None:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{served}search.html?q=stanford")
    page.wait_for_function("/found (one page|[0-9]+ pages) /.test(document.querySelector('.search-summary')?.textContent)", timeout=10_000)
    assert errors == []
    texts = page.evaluate(
        "async () => new DOMParser().parseFromString(await (await fetch('papers/alpaca.html')).text(), 'text/html').querySelector('.card').textContent"
    )
    assert "VenueStanford" not in texts
    assert "blogsource" not in texts
    page.close()


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
    given = {query["field"][0]: query for link in links for query in [parse_qs(link.query)]}
    assert {field.replace(".", "-") for field in given if not field.startswith("verdicts.")} == set(facts)
    assert len(links) == len(given) > 10
    assert {f"{link.scheme}://{link.netloc}{link.path}" for link in links} == {"https://example.org/owner/review/issues/new"}
    data = given["releases.data"]
    assert (data["template"], data["page"]) == (["fix-a-fact.yml"], ["papers/camel"])
    assert "CC BY 4.0" in data["value"][0] or "CC-BY-4.0" in data["value"][0]
    assert given["published"]["value"] == ["2023-01-05"]


def test_a_verdict_can_be_reported_by_its_path_in_the_exports(reporting: Result) -> None:
    text = reporting.text("papers/camel.html").partition('class="verdict-table"')[2].partition("</table>")[0]
    cells = re.findall(r"<td>(.*?)</td>", text.partition("</thead>")[2], re.DOTALL)
    assert len(cells) == 3 * text.count('<th scope="row">') > 3
    for cell in cells:
        link = re.search(r'<a class="report" href="([^"]+)"', cell)
        assert link is not None
        query = parse_qs(urlsplit(unescape(link[1])).query)
        kind, artefact, *_, question = query["field"][0].split(".")
        assert (kind, artefact in ("code", "data", "weights"), question in QUESTIONS) == ("verdicts", True, True)
        assert "declared: " in query["value"][0] or query["value"] == ["not released"]
    answers = reporting.text("licenses/mit.html").partition('class="verdict-table"')[2].partition("</table>")[0]
    assert "<td>" in answers
    assert 'class="report"' not in answers, "a licence's answers are facts of its card, and can be reported there"


def test_links_to_report_say_what_they_report(reporting: Result) -> None:
    labels = re.findall(r'<a class="report"[^>]* aria-label="([^"]+)"', reporting.text("papers/camel.html"))
    assert len(labels) == len(set(labels))
    assert "Report a fault: Published" in labels


def test_without_a_repository_nothing_offers_to_report(review_site: Result) -> None:
    assert 'class="report"' not in review_site.text("papers/alpaca.html")
