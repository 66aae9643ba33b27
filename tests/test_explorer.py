"""Comparison tables explored in a real browser: sorted, searched, narrowed, compared, passed on, and sent as an address."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from browsing import serve, write_page
from conftest import ROOT, Result
from lineages import thousands
from litreview.columns import columns
from litreview.corpus import Corpus, load
from litreview.database import Database
from litreview.display import language
from litreview.facets import explorer_data, facets
from litreview.schema import FOLDERS
from litreview.tables import Request, build
from playwright.sync_api import Browser, Error, Page, expect

TABLE = "review/papers.html"
Open = Callable[..., Page]


@pytest.fixture
def visit(window: Page, browser: Browser, served: str) -> Iterator[Open]:
    """Return a function that opens a page of the review and fails at the end if a script failed on it.

    The first is opened in the window that all tests share; what a test opens beside it, or without scripts, in one of its own.
    """
    contexts, opened, errors = [], [], []

    def note(error: Error) -> None:
        errors.append(str(error))

    def visit(name: str, *, scripts: bool = True, address: str = served) -> Page:
        if scripts and window not in opened:
            page = window
        else:
            contexts.append(browser.new_context(viewport={"width": 1366, "height": 900}, java_script_enabled=scripts, accept_downloads=True))
            page = contexts[-1].new_page()
        opened.append(page)
        page.on("pageerror", note)
        page.goto(f"{address}{name}")
        return page

    yield visit
    if window in opened:
        window.remove_listener("pageerror", note)
    for context in contexts:
        context.close()
    assert errors == []


def _shown(page: Page, column: int = 1) -> list[str]:
    """Return the texts of a column of the first table, as its rows stand."""
    return page.locator(f"#table-review-papers-1 tbody tr > :nth-child({column})").all_inner_texts()


def _status(page: Page) -> str:
    return page.locator(".explorer-state").first.inner_text()


def _explorer(page: Page) -> Page:
    return page.locator(".explorer").first  # type: ignore[return-value]


def _head(page: Page, name: str) -> Page:
    return page.locator("#table-review-papers-1 thead").get_by_role("button", name=name)  # type: ignore[return-value]


# --- Weight ------------------------------------------------------------------------------------------------------------


def test_the_explorer_weighs_at_most_8_kb_gzipped() -> None:
    entry = (ROOT / "_static/explorer.js").read_text("utf-8")
    files = {"explorer.js", "offline.js", *re.findall(r'from "\./([\w-]+\.js)"', "".join(path.read_text("utf-8") for path in (ROOT / "_static").glob("*.js")))}
    assert "import" in entry
    assert len(files) >= 5
    assert sum(len(gzip.compress((ROOT / "_static" / name).read_bytes(), 9)) for name in files) <= 8192


def test_what_the_explorer_needs_to_know_is_light() -> None:
    """The cells' own weight is the bench's; the JSON beside them stays within a fifth of a row's 100 bytes gzipped."""
    corpus = Corpus(thousands(1000))
    pages = corpus.of_kind("paper")
    wanted = [columns("paper")[name] for name in ("name", "published", "amount", "verdict_data_commercial_use")]
    few, all_of_them = (explorer_data(corpus, "paper", wanted, pages[:count]).encode() for count in (100, len(pages)))
    rows = len(pages) - 100
    assert (len(all_of_them) - len(few)) / rows <= 120
    assert (len(gzip.compress(all_of_them, 9)) - len(gzip.compress(few, 9))) / rows <= 20


def test_only_pages_with_a_table_load_the_explorer(review_site: Result) -> None:
    assert "explorer.js" in review_site.text(TABLE)
    assert "explorer.js" not in review_site.text("papers/alpaca.html")
    assert "recipe.js" in review_site.text("review/recipe.html")


# --- Facets, on the ground floor ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FOLDERS.values())
def test_every_kind_has_facets_with_names_of_their_own(kind: str) -> None:
    names = [facet.name for facet in facets(kind)]
    assert len(set(names)) == len(names) >= 4
    assert not {"q", "sort", "hide", "compare", "all"} & set(names)


def test_facets_cover_what_readers_ask_of_papers() -> None:
    names = {facet.name for facet in facets("paper")}
    assert {"method", "published", "base_models", "generators", "released", "data_languages", "evidence"} <= names
    verdicts = {f"{reading}_{artefact}_{question}" for reading in ("declared", "lineage") for artefact in ("code", "data", "weights")
                for question in ("commercial_use", "redistribution", "train_another_model")}  # fmt: skip
    assert verdicts <= names


def test_facets_say_of_alpaca_what_its_page_says() -> None:
    corpus = load(ROOT)
    alpaca = corpus.get("alpaca")
    assert alpaca is not None
    found = dict(zip((facet.name for facet in facets("paper")), corpus.facets.of(alpaca), strict=True))
    assert found["generators"] == ["text-davinci-003"]
    assert found["base_models"] == ["LLaMA"]
    assert found["published"] == ["2023"]
    assert found["method"] == ["distillation"]
    assert found["lineage_data_commercial_use"] == ["no"]
    assert found["data_languages"] == ["English"]
    assert found["released"] == ["Code", "Data", "Weights", "Data-collection tool"]


def test_languages_have_their_names_and_what_nobody_looked_up_comes_last() -> None:
    assert [language(code) for code in ("cs", "zh", "pt-BR", "zh-Hant", "yo", "xx")] == [
        "Czech", "Chinese", "Portuguese (Brazil)", "Chinese (Traditional)", "Yoruba", "xx",
    ]  # fmt: skip
    corpus = load(ROOT)
    data = json.loads(explorer_data(corpus, "paper", [columns("paper")["name"]], corpus.of_kind("paper")))
    values = next(values for name, _, _, _, values, _ in data["facets"] if name == "data_languages")
    assert {"English", "Czech"} <= set(values)
    assert not [value for value in values if re.fullmatch("[a-z]{2,3}", value)]
    assert values[-1] == "not looked up"
    assert values[:-1] == sorted(values[:-1])


def test_a_script_cannot_be_ended_by_what_a_record_says(review_site: Result) -> None:
    for data in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', review_site.text(TABLE), re.DOTALL):
        assert "<" not in data
        json.loads(data)


# --- Without scripts ---------------------------------------------------------------------------------------------------


def test_without_scripts_the_table_is_whole_and_no_control_is_dead(visit: Open) -> None:
    page = visit(TABLE, scripts=False)
    count = len(load(ROOT).of_kind("paper"))
    assert page.locator("#table-review-papers-1 tbody tr").count() == count
    assert page.locator(".comparison button, .explorer, article input, article select, article form").count() == 0


# --- Sorting -----------------------------------------------------------------------------------------------------------


def test_a_header_sorts_both_ways_and_back_and_says_so(visit: Open) -> None:
    page = visit(TABLE)
    own = _shown(page)
    head = page.locator("#table-review-papers-1 thead th").first
    _head(page, "Name").click()
    assert _shown(page) != own
    assert _shown(page) == page.evaluate("names => names.sort(new Intl.Collator('en', {numeric: true}).compare)", own)
    assert head.get_attribute("aria-sort") == "ascending"
    assert "sorted by Name, ascending" in _status(page)
    ascending = _shown(page)
    _head(page, "Name").click()
    assert _shown(page) == ascending[::-1]
    assert head.get_attribute("aria-sort") == "descending"
    _head(page, "Name").click()
    assert _shown(page) == own
    assert page.locator("#table-review-papers-1 [aria-sort]").count() == 0


def test_amounts_sort_by_their_number_not_their_text(visit: Open) -> None:
    page = visit(f"{TABLE}?sort=-amount")
    corpus = load(ROOT)
    table, _ = build(corpus, Database(corpus), Request("papers", ("name",), where="amount IS NOT NULL", order_by="amount DESC", caption="x"))
    expected = [corpus.get(row.id).short for group in table.groups for row in group.rows]  # type: ignore[union-attr]
    assert sorted(_shown(page)[: len(expected)]) == sorted(expected)
    assert _shown(page)[:3] == expected[:3]


def test_rows_of_a_grouped_table_stay_in_their_groups(visit: Open) -> None:
    page = visit("review/by-method.html")
    groups = "() => [...document.querySelectorAll('.comparison tbody')].map(b => [...b.rows].map(r => r.cells[0].textContent))"
    before = page.evaluate(groups)
    page.locator(".comparison thead").get_by_role("button", name="Name").click()
    after = page.evaluate(groups)
    assert [group[0] for group in before] == [group[0] for group in after]
    assert [sorted(group) for group in before] == [sorted(group) for group in after]
    assert before != after


def test_a_table_that_is_not_of_records_offers_neither_filters_nor_comparing(visit: Open) -> None:
    page = visit("review/corrections.html")
    bar = page.locator(".explorer-bar").first
    assert bar.get_by_text("Columns").is_visible()
    assert not bar.get_by_text("Filters").is_visible()
    assert not bar.get_by_role("button", name="Compare").is_visible()


# --- Searching and narrowing ---------------------------------------------------------------------------------------------


def test_search_leaves_the_rows_with_every_word(visit: Open) -> None:
    page = visit(TABLE)
    _explorer(page).get_by_role("searchbox").fill("stack LLAMA")
    expect(page.locator(".explorer-state").first).to_contain_text("1 of")
    assert _shown(page) == ["LIMA"]
    assert "q=stack+LLAMA" in page.url


def test_facets_narrow_together_and_clear_at_once(visit: Open) -> None:
    page = visit(TABLE)
    everything = _shown(page)
    explorer = _explorer(page)
    place = explorer.get_by_text("Filters").bounding_box()
    explorer.get_by_text("Filters").click()
    assert explorer.get_by_text("Filters").bounding_box() == place, "its button stays where it was pressed"
    explorer.get_by_label(re.compile(r"^distillation")).check()
    assert {"Alpaca", "LaMini-LM", "SAIL"} <= set(_shown(page))
    explorer.get_by_label("Data: commercial use").nth(1).select_option("no")
    narrowed = _shown(page)
    assert "Alpaca" in narrowed
    corpus = load(ROOT)
    for page_ in corpus.of_kind("paper"):
        wanted = "distillation" in page_.record["method"] and corpus.verdicts.lineage(page_, "data", "commercial-use").answer == "no"
        assert (page_.short in narrowed) == wanted, page_.id
    assert explorer.locator("summary").first.inner_text().startswith("Filters (2)")
    explorer.get_by_role("button", name="Clear all").click()
    assert _shown(page) == everything
    assert not explorer.get_by_label(re.compile(r"^distillation")).is_checked()
    assert "?" not in page.url


def test_years_narrow_to_a_span(visit: Open) -> None:
    page = visit(f"{TABLE}?published=2021..2022")
    assert {text[:4] for text in _shown(page, 2)} == {"2021", "2022"}


def test_columns_hide_and_show(visit: Open) -> None:
    page = visit(TABLE)
    explorer = _explorer(page)
    explorer.get_by_text("Columns").click()
    explorer.get_by_label("Licences").uncheck()
    assert not page.locator("#table-review-papers-1 tbody tr").first.locator(":scope > *").nth(8).is_visible()
    assert not _head(page, "Licences").is_visible()
    assert "hide=licenses" in page.url
    explorer.get_by_label("Licences").check()
    assert _head(page, "Licences").is_visible()


# --- The address ---------------------------------------------------------------------------------------------------------


def test_a_view_can_be_sent(visit: Open) -> None:
    page = visit(TABLE)
    explorer = _explorer(page)
    explorer.get_by_role("searchbox").fill("a")
    expect(page.locator(".explorer-state").first).to_contain_text(" of ")
    explorer.get_by_text("Filters").click()
    explorer.get_by_label(re.compile(r"^multitask tuning")).check()
    _head(page, "Published").click()
    _head(page, "Published").click()
    page.wait_for_function("location.search.includes('q=a')")
    seen, said = _shown(page), _status(page)
    again = visit(page.url.partition(TABLE)[1] + page.url.partition(TABLE)[2])
    assert _shown(again) == seen
    assert _status(again) == said
    assert again.locator("#table-review-papers-2 tbody tr").count() == len(load(ROOT).of_kind("paper")), "the second table has a state of its own"


def test_every_part_of_a_view_is_in_its_address(visit: Open) -> None:
    view = "q=a&sort=-published&hide=mark%2Clicenses&compare=alpaca%2Csail&all=1&published=2020..2023&method=distillation&data_languages=English"
    page = visit(f"{TABLE}?{view}")
    page.locator(".explorer-compare table").first.wait_for()
    seen = _shown(page)
    assert {"Alpaca", "SAIL"} <= set(seen)
    explorer = _explorer(page)
    explorer.get_by_text("Filters").click()
    box = explorer.get_by_label(re.compile("^human demonstrations"))
    box.check()
    assert "human-demonstrations" in page.url or "human+demonstrations" in page.url
    box.uncheck()
    assert parse_qs(urlsplit(page.url).query) == parse_qs(view)
    assert _shown(page) == seen


@pytest.mark.parametrize("query", ["?sort=nonsense&method=%3Cscript%3E&hide=name,,x&compare=nobody&published=..&all=2", "?method=&q=%00%F0&2.sort=-&sort=-"])
def test_an_address_that_makes_no_sense_is_harmless(visit: Open, query: str) -> None:
    page = visit(f"{TABLE}{query}")
    assert page.locator("#table-review-papers-1 thead th").first.is_visible()
    assert page.locator(".explorer").count() == 2


# --- Passing on ----------------------------------------------------------------------------------------------------------


def _download(page: Page, name: str) -> str:
    explorer = _explorer(page)
    if not explorer.get_by_role("button", name="CSV").is_visible():
        explorer.get_by_text("Download").click()
    with page.expect_download() as waiting:
        explorer.get_by_role("button", name=name, exact=True).click()
    return Path(waiting.value.path()).read_text("utf-8")


def test_the_rows_in_view_can_be_taken_away(visit: Open) -> None:
    page = visit(f"{TABLE}?method=distillation&hide=resources&sort=name")
    rows = list(csv.DictReader(io.StringIO(_download(page, "CSV"), newline="")))
    assert [row["name"] for row in rows] == _shown(page)
    assert {"id", "name", "published", "amount"} <= set(rows[0])
    assert "resources" not in rows[0]
    alpaca = next(row for row in rows if row["id"] == "alpaca")
    assert alpaca["amount"] == "52,002 instructions; 52,002 instances"
    found = json.loads(_download(page, "JSON"))
    assert [{key: value.lstrip("'") for key, value in row.items()} for row in rows] == [dict(row) for row in found]


def test_the_references_of_the_rows_in_view_can_be_taken_away(visit: Open) -> None:
    page = visit(f"{TABLE}?method=distillation")
    entries = re.findall(r"^@\w+\{([^,]+),", _download(page, "BibTeX"), re.MULTILINE)
    ids = [record.id for record in load(ROOT).of_kind("paper") if "distillation" in record.record["method"]]
    assert sorted(entries) == sorted(ids)


def test_a_spreadsheet_runs_no_cell(visit: Open) -> None:
    page = visit(TABLE)
    page.evaluate("document.querySelector('#table-review-papers-1 tbody td').textContent = '=HYPERLINK(\"x\")'")
    assert '"\'=HYPERLINK(""x"")"' in _download(page, "CSV")


# --- Side by side --------------------------------------------------------------------------------------------------------


def test_two_papers_stand_side_by_side_with_their_differences_marked(visit: Open) -> None:
    page = visit(TABLE)
    explorer = _explorer(page)
    explorer.get_by_role("button", name="Compare").click()
    assert "Tick two to four" in page.locator(".explorer-compare").first.inner_text()
    page.get_by_label("Compare Alpaca", exact=True).check()
    page.get_by_label("Compare LIMA", exact=True).check()
    place = page.locator(".explorer-compare").first
    place.locator("table").wait_for()
    assert place.locator("thead th").all_inner_texts() == ["Alpaca", "LIMA"]
    row = place.locator("tr", has=page.get_by_role("rowheader", name=re.compile("^Judged by")))
    assert row.count() == 1, "facts that the table has no column for are there too"
    venue = place.locator("tr", has=page.get_by_role("rowheader", name=re.compile("^Venue")))
    assert "differs" in venue.inner_text()
    same = place.locator("tr.same")
    assert same.count() >= 1
    assert "differs" not in same.first.inner_text()
    place.get_by_label("Differences only").check()
    assert not same.first.is_visible()
    assert place.locator(".evidence").count() == 0
    link = place.get_by_role("link", name="LLaMA 65B")
    assert link.get_attribute("href", timeout=1000).endswith("/models/llama.html")  # type: ignore[union-attr]
    assert "compare=alpaca%2Clima" in page.url
    again = visit(f"{TABLE}?compare=alpaca,lima")
    again.locator(".explorer-compare table").first.wait_for()
    assert again.get_by_label("Compare LIMA", exact=True).is_checked()


def test_no_more_than_four_can_be_compared(visit: Open) -> None:
    page = visit(f"{TABLE}?compare=alpaca,lima,sail,t0,xp3-bloomz")
    page.locator(".explorer-compare table").first.wait_for()
    assert page.locator("#table-review-papers-1 .explorer-pick input:checked").count() == 4
    assert page.locator("#table-review-papers-1 .explorer-pick input:not(:checked)").first.is_disabled()


# --- From a folder -------------------------------------------------------------------------------------------------------


def test_a_site_in_a_folder_can_be_explored_too(visit: Open, review_site: Result) -> None:
    page = visit(f"{TABLE}?method=distillation&compare=alpaca,lima", address=f"file://{review_site.outdir}/")
    page.locator(".explorer-compare table").first.wait_for()
    assert "LIMA" not in _shown(page)
    assert "differs" in page.locator(".explorer-compare").first.inner_text()
    _explorer(page).get_by_role("button", name="Clear all").click()
    assert "LIMA" in _shown(page)


# --- Many rows -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many_rows_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    write_page(folder, 250)
    return folder


@pytest.fixture(scope="module")
def many_rows(many_rows_folder: Path) -> Iterator[str]:
    with serve(many_rows_folder) as address:
        yield address


def test_of_many_matches_a_hundred_are_attached_until_all_are_asked_for(visit: Open, many_rows: str, many_rows_folder: Path) -> None:
    texts = [re.sub("<[^>]*>", " ", row) for row in re.findall(r"<tr>.*?</tr>", (many_rows_folder / "plain.html").read_text("utf-8"), re.DOTALL)[1:]]
    assert len(texts) == 250
    wanted = [number for number, text in enumerate(texts) if "crowdsourcing" in text]
    assert wanted[0] < 100 < wanted[-1], "some matches are attached and some are not"
    page = visit("table.html", address=many_rows)
    rows = page.locator("#table-1 tbody tr")
    assert rows.count() == 100
    assert "250 of 250 rows, the first 100 shown" in _status(page)
    page.get_by_role("searchbox").fill("Crowdsourcing")
    expect(page.locator(".explorer-state")).to_contain_text(f"{len(wanted)} of 250")
    assert rows.count() == len(wanted) < 100, "rows that were not attached are found"
    page.get_by_role("searchbox").fill("")
    expect(page.locator(".explorer-state")).to_contain_text("250 of 250")
    following = page.evaluate("document.querySelector('#table-1 tbody').lastElementChild.textContent")
    page.get_by_role("button", name="Show all 250 rows").click()
    assert rows.count() == 250
    assert page.evaluate("document.activeElement.closest('tr').previousElementSibling.textContent") == following, "focus goes on where the rows went on"
    assert not page.get_by_role("button", name="Show all 250 rows").is_visible()


def test_paper_takes_every_match(visit: Open, many_rows: str) -> None:
    page = visit("table.html", address=many_rows)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#table-1 tbody tr").count() == 250
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#table-1 tbody tr").count() == 100
