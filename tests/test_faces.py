"""What a page and the exports of a record show of other records is no more than their faces: so an edit of any other fact leaves them as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lineages import FREE, STOCK, model
from litreview.columns import columns
from litreview.corpus import Corpus, load
from litreview.export import Contents, text
from litreview.export.json import record_of
from litreview.export.relations import RELATIONS
from litreview.faces import OWN, face, shown_of_others
from litreview.lineage_graph import neighbourhood
from litreview.records import Page
from litreview.rules import check_corpus
from litreview.specification import specification

ROOTS = {"review": Path(__file__).parent.parent, "herd": Path(__file__).parent / "roots/herd"}


def with_record(page: Page, record: dict[str, object]) -> Page:
    return Page(page.path, page.kind, page.id, record, page.problems, root=page.root)


@pytest.fixture(scope="module", params=ROOTS)
def corpus(request: pytest.FixtureRequest) -> Corpus:
    return load(ROOTS[request.param])


def test_a_page_shows_nothing_of_others_but_their_faces(corpus: Corpus) -> None:
    faces = {page.path: with_record(page, face(page.record)) for page in corpus.pages}
    for page in corpus.pages:
        alone = Corpus([page, *(shown for path, shown in faces.items() if path != page.path)])
        assert shown_of_others(alone, page) == shown_of_others(corpus, page), page.path


def exported(corpus: Corpus, page: Page) -> list[object]:
    """Return what the exports hold of one record."""
    contents = Contents(corpus)
    contents.pages = [page]
    return [record_of(contents, page), *text.each(contents), *(contents.rows(name) for name in RELATIONS), *contents.works("", re.compile("()()"))]


def test_exports_show_nothing_of_others_but_their_faces(corpus: Corpus) -> None:
    faces = {page.path: with_record(page, face(page.record)) for page in corpus.pages}
    for page in corpus.pages:
        alone = Corpus([page, *(shown for path, shown in faces.items() if path != page.path)])
        assert exported(alone, page) == exported(corpus, page), page.path


def test_no_row_and_no_fault_of_a_record_rests_on_more_of_others_than_their_faces(corpus: Corpus) -> None:
    """What tables show of a record and narrow it by, and what is wrong with what it says of others, is kept while it and all faces stand."""
    faces = {page.path: with_record(page, face(page.record)) for page in corpus.pages}

    def worked_out(one: Corpus, page: Page) -> list[object]:
        shown = [(name, column.cell(one, page), column.value(one, page)) for name, column in columns(page.kind).items()]
        return [shown, one.facets.of(page), one.proved(page), [fault for fault in check_corpus(one) if fault.path == page.path]]

    for page in corpus.pages:
        alone = Corpus([page, *(shown for path, shown in faces.items() if path != page.path)])
        assert worked_out(alone, page) == worked_out(corpus, page), page.path


def test_a_face_leaves_most_facts_out(corpus: Corpus) -> None:
    """Else nothing would be saved; and each name in the list is a field's."""
    facts = {name for kind in ("paper", "model", "license", "source") for name in specification(kind).fields}
    assert facts >= OWN
    whole, faces = (sum(len(repr(record)) for record in records) for records in zip(*((page.record, face(page.record)) for page in corpus.pages), strict=True))
    assert faces < 0.6 * whole


def test_a_place_that_states_another_license_is_on_the_face() -> None:
    record = {"short": "x", "data": {"instances": 3, "generated": "2023"}, "evidence": [{"for": ["a"], "says": "MIT"}, {"for": ["a"], "quote": "b"}]}
    assert face(record) == {"short": "x", "data": {"generated": "2023"}, "evidence": [{"for": ["a"], "says": "MIT"}]}


def test_how_many_records_are_left_out_of_a_drawing_is_shown_of_others() -> None:
    """The drawing says so: a page has to be written again where only a record changed that is too far away to be drawn."""

    def chain(length: int) -> Corpus:
        older = [f"n{number:02}" for number in range(1, length)]
        models = [model(f"n{number:02}", bases=older[number : number + 1], weights=FREE, code=FREE, availability=["open-weights"]) for number in range(length)]
        return Corpus([*STOCK, *models])

    short, long = (chain(length) for length in (40, 41))
    first, same = (next(page for page in corpus.pages if page.id == "n00") for corpus in (short, long))
    assert neighbourhood(short, "n00").left_out + 1 == neighbourhood(long, "n00").left_out
    assert shown_of_others(short, first) != shown_of_others(long, same)
