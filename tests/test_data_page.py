"""The page on data: every worked question gives the same rows in SQL, pandas and jq, and every field of every file is described."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jq
import minimal
import pandas
import pytest
from conftest import ROOT
from litreview.corpus import load
from litreview.export import EXPORTS, Contents, bibtex, citation, csv, files, questions, reference, ris, sqlite
from litreview.export.questions import QUESTIONS, Question
from litreview.export.relations import RELATIONS
from minimal import page


@pytest.fixture(scope="module")
def contents() -> Contents:
    return Contents(load(ROOT))


@pytest.fixture(scope="module")
def made(contents: Contents) -> dict[str, bytes]:
    names = ["json", "sqlite", *csv.FILES]
    return files(contents, names)


@pytest.fixture(scope="module")
def database(made: dict[str, bytes]) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(made["data/review.sqlite"])
    yield connection
    connection.close()


def plain(rows: Any) -> list[tuple[Any, ...]]:
    """Return rows with numbers as Python's own."""
    return [tuple(value.item() if hasattr(value, "item") else value for value in row) for row in rows]


def test_there_are_ten_questions_and_each_form_is_worked() -> None:
    assert len(QUESTIONS) == 10
    assert sum(bool(question.pandas) for question in QUESTIONS) >= 5
    assert sum(bool(question.jq) for question in QUESTIONS) >= 5


@pytest.mark.parametrize("question", [question for question in QUESTIONS if question.pandas], ids=lambda question: question.asks)
def test_pandas_gives_what_the_query_gives(question: Question, made: dict[str, bytes], database: sqlite3.Connection) -> None:
    space: dict[str, Any] = {"read": lambda name: pandas.read_csv(io.BytesIO(made[f"data/{name}"]))}
    exec(question.pandas, space)
    assert plain(space["answer"]) == questions.rows(database, question)


@pytest.mark.parametrize("question", [question for question in QUESTIONS if question.jq], ids=lambda question: question.asks)
def test_jq_gives_what_the_query_gives(question: Question, made: dict[str, bytes], database: sqlite3.Connection) -> None:
    found = jq.compile(question.jq).input_text(made["data/review.json"].decode()).all()
    assert plain(found) == questions.rows(database, question)


def test_questions_have_as_many_headings_as_columns(database: sqlite3.Connection) -> None:
    for question in QUESTIONS:
        columns = database.execute(question.sql).description
        assert len(columns) == len(question.headings) > 0, question.asks


def test_answers_that_are_known_beforehand() -> None:
    """On pages made for it, so that an answer of no rows on the review is no accident."""
    data = "data: {{instances: {}, sources: {{own: {{kind: human-written, role: pairs}}}}}}"
    pages = {
        **minimal.PAGES,
        "models/text-davinci-003.md": page("models/text-davinci-003.md"),
        "licenses/mit.md": minimal.PAGES[minimal.LICENSE].replace("CC-BY-NC-4.0", "MIT").replace("{answer: no, restricts: [non-commercial]}", "{answer: yes}"),
        "papers/one.md": page("papers/one.md", f"published: 2021\n{data.format(10)}\nreleases: {{data: {{license: MIT}}}}"),
        "papers/two.md": page("papers/two.md", f"published: 2021\n{data.format(20)}"),
        "papers/far.md": page("papers/far.md", "published: 2022\ndata: {sources: {x: {kind: existing-dataset, from: [near], role: pairs}}}"),
        "papers/near.md": page(
            "papers/near.md", "published: 2022\ndata: {tokens: not-stated, sources: {x: {kind: model-generated, from: [text-davinci-003], role: pairs}}}"
        ),
    }
    connection = sqlite.connect(Contents(minimal.corpus_of(pages)))
    found = [questions.rows(connection, question) for question in QUESTIONS]
    connection.close()
    assert found[0] == [("one", "yes", "yes")]
    assert found[2] == [("near", 1), ("far", 2)]
    assert found[3] == [(2021, 2, 15.0), (2023, 1, 53000.0)]
    assert ("not-stated", 1) in found[7]
    assert ("unknown", 4) in found[7]


# --- Every field is described ------------------------------------------------------------------------------------------


def test_every_field_has_a_meaning() -> None:
    for part in reference.parts():
        assert part.fields, part.title
        assert [name for name, meaning in part.fields if not meaning.strip()] == [], part.title


def test_every_table_and_csv_file_is_described() -> None:
    titles = [part.title for part in reference.parts()]
    for name in RELATIONS:
        assert any(title.endswith(f"able {name}") for title in titles), name
    shown = {export.file.rpartition("/")[2] for export in EXPORTS.values() if not export.several}
    described = " ".join(titles)
    assert {name for name in shown if name.partition(".")[0] in ("review", "references", "feed", *csv.FILES) and name not in described} <= {"review.sqlite"}


def test_citations_have_no_field_that_is_not_described(contents: Contents) -> None:
    for work in citation.works(contents.corpus):
        fields = {line.split(" = ")[0].strip() for line in bibtex.entry(work).splitlines() if " = " in line}
        assert fields <= bibtex.FIELDS.keys()
        assert {line[:2] for line in ris.entry(work, "note").split("\r\n") if line} <= ris.TAGS.keys()


def test_the_page_says_how_each_file_is_got() -> None:
    text = (ROOT / "contribute/data.md").read_text("utf-8")
    for word in ("{data-files}", "{data-reference}", "{worked-questions}", "{data-promise}", "make release", "objects.inv", "_state", "apostrophe"):
        assert word in text
    assert Path(ROOT / "CHANGELOG.md").is_file()
