"""The review itself: its pages are right, complete where the first list asked, and built without a warning."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import ROOT, Result
from litreview.columns import UNKNOWN, columns
from litreview.corpus import Corpus, load
from litreview.evidence import facts_of
from litreview.records import Page
from litreview.tables import check_pages

FIRST_LIST_PAPERS = [
    "alpaca", "self-instruct", "lima", "lamini-lm", "sail", "t0", "flan-collection", "super-naturalinstructions", "learning-from-task-descriptions",
    "natural-instructions", "flan-2021", "instructgpt", "continual-t0", "flan-palm-flan-t5", "contintin", "instructdial", "xp3-bloomz",
]  # fmt: skip
FIRST_LIST_MODELS = ["llama", "chinchilla", "palm", "gpt-3"]
FILLED_MARKS = {"alpaca": "not-commercial", "self-instruct": "commercial", "lima": "unclear", "lamini-lm": "not-commercial", "sail": "commercial"}
FIRST_LIST_COLUMNS = ["base_models", "resources", "amount", "offering", "evaluation_multiple_nlp_tasks", "mark"]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(ROOT)


def test_every_page_checks_clean(corpus: Corpus) -> None:
    assert [str(problem) for problem in [*corpus.check(), *check_pages(ROOT, corpus)]] == []


@pytest.mark.parametrize("paper", [paper for paper in FIRST_LIST_PAPERS if (ROOT / f"papers/{paper}.md").exists()])
def test_every_field_of_the_first_list_is_filled(corpus: Corpus, paper: str) -> None:
    page = corpus.get(paper)
    assert page is not None
    empty = [name for name in FIRST_LIST_COLUMNS if columns("paper")[name].value(corpus, page)[1] == UNKNOWN]
    assert empty == []
    assert {"code", "data", "weights", "collection_tool"} - set(page.record["releases"]) == set()


def test_the_first_list_is_covered(corpus: Corpus) -> None:
    missing = [name for name in [*FILLED_MARKS, *FIRST_LIST_MODELS] if corpus.get(name) is None]
    assert missing == []


@pytest.mark.parametrize(("paper", "mark"), FILLED_MARKS.items())
def test_the_first_lists_marks_are_kept(corpus: Corpus, paper: str, mark: str) -> None:
    page = corpus.get(paper)
    assert page is not None
    assert page.record["listed"]["mark"] == mark


def _words(page: Page) -> int:
    return len(re.sub(r"\]\([^)]*\)", "]", page.body).split())


def test_prose_has_its_length(corpus: Corpus) -> None:
    limits = {"paper": (250, 640), "model": (80, 260), "license": (60, 320), "source": (40, 260)}
    wrong = {page.path: _words(page) for page in corpus.pages if not limits[page.kind][0] <= _words(page) <= limits[page.kind][1]}
    assert wrong == {}


def test_prose_is_not_boilerplate(corpus: Corpus) -> None:
    """No sentence of any length stands on two pages."""
    seen: dict[str, str] = {}
    twice = []
    for page in corpus.pages:
        for sentence in re.split(r"(?<=[.!?])\s+", " ".join(re.sub(r"^#.*$", "", page.body, flags=re.MULTILINE).split())):
            if len(sentence.split()) >= 9:
                if sentence in seen and seen[sentence] != page.path:
                    twice.append((seen[sentence], page.path, sentence))
                seen[sentence] = page.path
    assert twice == []


def test_most_facts_are_proved_at_first_hand(corpus: Corpus) -> None:
    facts = [fact for page in corpus.of_kind("paper") for fact in facts_of(page)]
    assert sum(fact.first_hand for fact in facts) >= 0.8 * len(facts)


def test_a_newcomer_finds_what_the_review_promises(corpus: Corpus) -> None:
    """Alpaca's data came from Self-Instruct's 175 seeds and text-davinci-003; SAIL and LaMini-LM descend from it."""
    alpaca = corpus.get("alpaca")
    assert alpaca is not None
    sources = alpaca.record["data"]["sources"].values()
    assert any(source.get("from") == ["self-instruct"] and source.get("amount") == 175 for source in sources)
    assert any(source.get("from") == ["text-davinci-003"] for source in sources)
    links = {link.id: link.through for link in corpus.backlinks("self-instruct") if link.relation == "built-on-by"}
    assert {"alpaca", "sail", "lamini-lm"} <= set(links)
    assert links["alpaca"] == ""


# --- The built site ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(review_site: Result) -> Result:
    return review_site


def test_builds_without_a_warning(site: Result) -> None:
    assert (site.code, site.warnings) == (0, "")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.ids: set[str] = set()
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.add(given["id"] or "")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag in ("script", "img", "iframe", "source") and given.get("src"):
            self.loaded.append(given["src"] or "")
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload"):
            self.loaded.append(given["href"] or "")
        self.handlers += [name for name in given if name.startswith("on")]


@pytest.fixture(scope="module")
def pages(site: Result) -> dict[Path, _Links]:
    parsed = {}
    for path in site.outdir.rglob("*.html"):
        parsed[path] = _Links()
        parsed[path].feed(path.read_text("utf-8"))
    return parsed


def test_every_internal_link_leads_somewhere(site: Result, pages: dict[Path, _Links]) -> None:
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or path.name in ("genindex.html", "search.html"):
                continue
            base, relative = (site.outdir, parts.path.lstrip("/")) if path.name == "404.html" else (path.parent, parts.path)
            target = (base / unquote(relative)).resolve() if relative else path.resolve()
            if not target.exists() or (parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids):
                broken.append((path.name, link))
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(pages: dict[Path, _Links]) -> None:
    foreign = [(path.name, address) for path, page in pages.items() for address in page.loaded if "//" in address]
    assert foreign == []


def test_no_event_handlers_stand_in_the_pages(pages: dict[Path, _Links]) -> None:
    assert [(path.name, page.handlers) for path, page in pages.items() if page.handlers] == []


def test_the_main_table_has_every_paper(site: Result, corpus: Corpus) -> None:
    index = site.text("index.html")
    for page in corpus.of_kind("paper"):
        assert f'<th scope="row"><a href="papers/{page.id}.html">' in index
