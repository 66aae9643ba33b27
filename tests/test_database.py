"""Questions to the records: what conditions and orders find, and what is refused, at once and without harm."""

from __future__ import annotations

import gc
import sqlite3
import time
from collections.abc import Iterator

import minimal
import pytest
from litreview.cells import plain
from litreview.columns import columns
from litreview.corpus import Corpus
from litreview.database import Database, QueryError
from litreview.tables import Request, Table, build

PAPERS = {
    "exact": "data: {instances: 52002}\npublished: 2023-03-13\nvenue: Blog",
    "about": "data: {instances: ~9000}\npublished: 2023\nevaluation: {benchmarks: [MMLU, user tasks]}\nbase_models: [beta/7B]",
    "range": "data: {instances: 100000..200000}\npublished: 2022-04\nbase_models: [beta/30B, beta/7B]",
    "most": "data: {instances: ..500}\npublished: 2021",
    "silent": "data: {instances: not-stated}\nreferences: {r: {url: 'https://example.org', first_hand: yes, checked: 2023}}\n"
    "evidence: [{for: data.instances, in: r, at: all of it}]",
    "zero": "data: {instances: none}\nvenue: none",
    "blank": "published: 2024-01",
    "ties": "data: {instances: 52002}\nevaluation: {multiple_nlp_tasks: no}",
}


def make_corpus() -> Corpus:
    pages = [minimal.read(f"papers/{name}.md", facts) for name, facts in PAPERS.items()]
    models = [
        minimal.read("models/beta.md", "variants: [{id: 7B, params: 7e9}, {id: 30B, params: ~30e9}]"),
        minimal.read("models/tiny.md", "availability: [api, open-weights]\nvariants: [{id: 60M, params: 60e6}]"),
        minimal.read("models/vague.md", "availability: [open-weights, api]\nvariants: [{id: XL}]"),
        minimal.read("models/closed.md", "variants: [{id: XL, params: none}]"),
    ]
    return Corpus([*pages, *models])


@pytest.fixture(scope="module")
def database() -> Database:
    return Database(make_corpus())


@pytest.fixture
def quick() -> Iterator[None]:
    """Fail if the test takes more than a second of this process's own time."""
    start = time.process_time()
    yield
    assert time.process_time() - start < 1


def refusal(database: Database, where: str = "", order_by: str = "", kind: str = "paper") -> QueryError:
    with pytest.raises(QueryError) as caught:
        database.select(kind, where, order_by)
    return caught.value


# --- What is found -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("", "about blank exact most range silent ties zero"),
        ("data_instances > 9500", "exact range ties"),  # as numbers: as texts, 100000 would stand before 9500
        ("data_instances between 8000 and 60000", "about exact ties"),
        ("data_instances = 52002", "exact ties"),
        ("data_instances <= 500", "most"),
        ("data_instances > 9500 and published >= '2023'", "exact ties"),
        ("data_instances is null", "blank silent zero"),
        ("data_instances is not null", "about exact most range ties"),
        ("data_instances_state = 'value'", "about exact most range ties"),
        ("data_instances_state = 'not-stated'", "silent"),
        ("data_instances_state = 'none'", "zero"),
        ("data_instances_state = 'unknown'", "blank"),
        ("venue_state = 'unknown'", "about blank most range silent ties"),
        ("venue_state = 'none'", "zero"),
        ("venue = 'Blog'", "exact"),
        ("venue = 'none'", ""),  # what is missing is no text
        ("amount > 9500", "exact range ties"),
        ("amount_state = 'unknown'", "blank"),
        ("evaluation_benchmarks like '%user tasks%'", "about"),
        ("base_models = 'beta/7B'", "about"),
        ("evaluation_multiple_nlp_tasks = 'no'", "ties"),
        ("method = 'distillation' and not id in ('about', 'exact')", "blank most range silent ties zero"),
        ("length(id) = 4 and substr(id, 1, 1) = upper('m') or lower('EXACT') = id", "exact"),
        ("title = 'a;b'", ""),
        ("title = 'it''s'", ""),
        ("coalesce(data_instances, 0) = 0", "blank silent zero"),
        ("(data_instances > 60000 or (data_instances < 1000))", "most range"),
    ],
)
def test_where(database: Database, where: str, found: str) -> None:
    assert database.select("paper", where) == found.split()


@pytest.mark.parametrize(
    ("order_by", "found"),
    [
        ("", "about blank exact most range silent ties zero"),
        ("data_instances", "blank silent zero most about exact ties range"),  # what is missing stands at one end
        ("data_instances desc", "range exact ties about most blank silent zero"),
        ("data_instances desc nulls first", "blank silent zero range exact ties about most"),
        ("data_instances is null, data_instances", "most about exact ties range blank silent zero"),
        ("data_instances_state, id desc", "zero silent blank ties range most exact about"),
        ("amount desc", "range exact ties about most blank silent zero"),
        ("published desc, id", "blank exact about silent ties zero range most"),
        ("length(id), id", "most ties zero about blank exact range silent"),
    ],
)
def test_order_by(database: Database, order_by: str, found: str) -> None:
    assert database.select("paper", order_by=order_by) == found.split()


def test_where_and_order_by_together(database: Database) -> None:
    assert database.select("paper", "data_instances > 1000", "data_instances desc, id desc") == ["range", "ties", "exact", "about"]


def test_every_kind_has_its_own_rows_and_columns(database: Database) -> None:
    assert database.select("model", "largest > 1e9") == ["beta"]
    assert database.select("model", "largest is null", "id desc") == ["vague", "closed"]
    assert database.select("model", "largest_state = 'none'") == ["closed"]
    assert database.select("model", order_by="largest desc") == ["beta", "tiny", "closed", "vague"]
    assert database.select("license") == []


@pytest.mark.parametrize("kind", ["paper", "model", "license", "source"])
def test_every_documented_column_and_its_state_can_be_asked_for(database: Database, kind: str) -> None:
    for name in columns(kind):
        database.select(kind, f"{name} is null", name)
        database.select(kind, f"{name}_state = 'value'", f"{name}_state")


def test_numbers_are_never_texts() -> None:
    """A text in a column of numbers would stand above every number."""
    corpus = make_corpus()
    for kind in ("paper", "model"):
        numeric = [column for column in columns(kind).values() if column.numeric]
        assert len(numeric) > 3
        for column in numeric:
            for page in corpus.of_kind(kind):
                value, state = column.value(corpus, page)
                assert (value is None) == (state != "value"), (column.name, page.id)
                assert value is None or isinstance(value, (int, float))


# --- Tables ------------------------------------------------------------------------------------------------------------


def table(database: Database, subject: str, **options: str) -> tuple[Table, list[str]]:
    """Return a table as a page asks for it, and the codes of its faults."""
    given = {"columns": "name", "caption": "A table."} | {name.replace("_", "-"): value for name, value in options.items()}
    found, faults = build(make_corpus(), database, Request.from_options(subject, given, 1))
    return found, [code for code, _, _ in faults]


def test_a_table_has_the_columns_asked_for_in_their_order(database: Database) -> None:
    found, faults = table(database, "papers", columns="id, data_instances , venue", where="data_instances > 60000 or id = 'silent'", order_by="id desc")
    assert faults == []
    assert found.caption == "A table."
    assert found.headings == ("Id", "Instances", "Venue")
    assert found.styles[1] == "number"
    assert [[plain(cell) for cell in row.cells] for group in found.groups for row in group.rows] == [
        ["silent", "not stated", "not looked up"],
        ["range", "100,000 to 200,000", "not looked up"],
    ]


def test_a_table_without_rows_has_no_groups(database: Database) -> None:
    found, faults = table(database, "papers", where="data_instances > 1e9")
    assert (found.groups, faults) == ((), [])


def test_records_stand_under_each_of_their_groups(database: Database) -> None:
    found, faults = table(database, "models", columns="id", group_by="availability", order_by="id desc")
    assert faults == []
    assert [(plain(group.heading), [row.id for row in group.rows]) for group in found.groups] == [
        ("api", ["vague", "tiny", "closed", "beta"]),
        ("open weights", ["vague", "tiny"]),
    ]


def test_sizes_of_a_model_are_one_group(database: Database) -> None:
    found, _ = table(database, "papers", columns="id", group_by="base_models", where="id in ('about', 'blank', 'range')")
    assert [(plain(group.heading), [row.id for row in group.rows]) for group in found.groups] == [("beta", ["about", "range"]), ("not looked up", ["blank"])]


def test_a_faulty_table_still_shows_what_it_can(database: Database) -> None:
    found, faults = table(database, "papers", columns="id, nonsense", where="nonsense > 1")
    assert sorted(faults) == ["column-unknown", "column-unknown"]
    assert found.headings == ("Id",)
    assert [row.id for group in found.groups for row in group.rows] == sorted(PAPERS)


def test_corrections_are_a_table_of_their_own() -> None:
    pages = [
        minimal.read("papers/b.md", "venue: Blog\ncorrections: [{field: venue, listed: ACL}]"),
        minimal.read("papers/a.md", "data: {tasks: 5}\ncorrections: [{field: data.tasks, listed: 6 tasks, found: five}]\n"
                     "references: {r: {url: 'https://example.org', first_hand: yes, checked: 2023}}\nevidence: [{for: data, in: r, at: p. 1}]"),
    ]  # fmt: skip
    corpus = Corpus(pages)
    found, faults = build(corpus, Database(corpus), Request("corrections", caption="Corrections."))
    assert faults == []
    assert [[plain(cell) for cell in row.cells] for group in found.groups for row in group.rows] == [
        ["a", "Instruction data: Tasks", "6 tasks", "five; 5", "r, p. 1"],
        ["b", "Venue", "ACL", "Blog", "no source yet"],
    ]


# --- What is refused ---------------------------------------------------------------------------------------------------

MANY = ", ".join(f"(select {number} union all select 0 union all select 1 union all select 2) t{number}" for number in range(20))
GROWN = "replace(" * 8 + "'aaaaaaaaaa'" + ", 'a', 'aaaaaaaaaa')" * 8

REFUSED = {
    "attach": "ATTACH 'evil.db' AS evil",
    "attach after a statement": "1); ATTACH 'evil.db' AS evil; SELECT (1",
    "pragma": "PRAGMA user_version",
    "pragma as a table": "(select count(*) from pragma_database_list) > 0",
    "pragma as a function": "exists (select * from pragma_table_info('papers'))",
    "load an extension": "load_extension('evil')",
    "write a file": "writefile('evil.txt', 'x')",
    "read a file": "readfile('/etc/passwd')",
    "edit": "edit(title)",
    "a query without end": "(with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c) > 0",
    "a query without end that grows": "(with recursive c(x) as (select 'x' union all select x || x from c) select max(x) from c) = 'x'",
    "a product of many rows": f"(select count(*) from {MANY}) > 0",
    "a large blob": "randomblob(1e9) is not null",
    "a large blob of zeros": "length(zeroblob(1e9)) > 0",
    "a large zero blob as text": "hex(zeroblob(1e8)) = ''",
    "a wide number": "printf('%1000000000d', 1) = ''",
    "a wide number by its other name": "format('%1000000000d', 1) = ''",
    "a text that grows": f"length({GROWN}) > 0",
    "a double-quoted name": '"title" = 1',
    "a double-quoted name that is no column": '"titel" = title',
    "stacked statements": "1; DROP TABLE papers",
    "a stacked statement after a text": "title = 'x'; DELETE FROM papers",
    "a comment": "1 -- the rest",
    "a comment between": "1 /* x */",
    "an open comment": "1 /*",
    "an open text": "title = 'x",
    "an open bracket": "(1",
    "a bracket too many": "1)",
    "an early bracket and another statement": "1 = 0) UNION SELECT title FROM papers WHERE (1",
    "the database's own tables": "exists (select * from sqlite_master)",
    "a limit": "1 LIMIT 1",
    "an update": "(UPDATE papers SET title = 'x')",
    "an aggregate": "count(*) > 1",
    "a random order": "random() > 0",
    "a parameter": "title = ?",
    "NUL": "title = 'x\0'",
    "half a character": "title = '\ud800'",
    "nothing but brackets": "(" * 2000 + "1" + ")" * 2000,
    "very long": "1 or " * 5000 + "1",
    "two values": "(1, 2)",
    "a match": "title match 'x'",
    "a regular expression": "title regexp '(a+)+b'",
}  # fmt: skip


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("where", REFUSED.values(), ids=REFUSED.keys())
def test_refused_as_a_condition(database: Database, where: str) -> None:
    error = refusal(database, where)
    assert error.code == "query-refused"
    assert error.message
    assert database.select("paper", "venue = 'Blog'") == ["exact"]  # everything still stands, and the next question is answered


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "order_by",
    [
        "id; DROP TABLE papers",
        "id -- the rest",
        '"id"',
        "load_extension('evil')",
        "randomblob(1e9)",
        "(select count(*) from pragma_database_list)",
        "(with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c)",
        f"(select count(*) from {MANY})",
        "id union select title from papers",
        "max(data_instances)",
    ],
)
def test_refused_as_an_order(database: Database, order_by: str) -> None:
    assert refusal(database, order_by=order_by).code == "query-refused"
    assert database.select("paper", "venue = 'Blog'") == ["exact"]


def test_double_quotes_are_explained(database: Database) -> None:
    """SQLite would take them for text where no such column exists, and find nothing."""
    error = refusal(database, 'titel = "x"')
    assert "single quotes" in error.message


def test_refusals_say_which_option() -> None:
    database = Database(make_corpus())
    assert refusal(database, where="1; 2").message.startswith("where: ")
    assert refusal(database, order_by="1; 2").message.startswith("order-by: ")


def test_a_condition_that_several_tables_share_is_tried_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        Database, "_connect", lambda self, kind, expressions, connect=Database._connect: asked.append(expressions) or connect(self, kind, expressions)
    )
    first = database.select("paper", "short <> 'x'", "published")
    first.reverse()  # what the asker does with the answer is the asker's
    assert database.select("paper", "short <> 'x'", "published") == first[::-1]
    assert len(asked) == 1
    for _ in range(2):
        with pytest.raises(QueryError):
            database.select("paper", "abs('x', 1) = 0")


def test_the_answer_does_not_hang_on_what_was_asked_before() -> None:
    """Tables of the same page must not find different rows on different builds."""
    question = "id in (select id from models)"

    def answer(database: Database) -> list[str] | str:
        try:
            return database.select("paper", question)
        except QueryError as error:
            return error.code

    fresh, used = Database(make_corpus()), Database(make_corpus())
    used.select("model")
    assert answer(fresh) == answer(used)


@pytest.mark.parametrize(
    ("where", "name", "suggestion"),
    [
        ("data_instance > 1", "data_instance", "data_instances"),
        ("Titel = 'x'", "Titel", "title"),
        ("[venu] = 'x'", "venu", "venue"),
        ("wholly_different_thing = 1", "wholly_different_thing", ""),
    ],
)
def test_unknown_column(database: Database, where: str, name: str, suggestion: str) -> None:
    error = refusal(database, where)
    assert (error.code, error.suggestion) == ("column-unknown", suggestion)
    assert f"'{name}'" in error.message


def test_a_misspelt_state_is_told_with_a_suggestion(database: Database) -> None:
    error = refusal(database, "data_instances_stat = 'none'")
    assert error.code == "column-unknown"
    assert error.suggestion.startswith("data_instances")


def test_unknown_column_in_an_order(database: Database) -> None:
    error = refusal(database, order_by="publishd desc")
    assert (error.code, error.suggestion) == ("column-unknown", "published")


def test_a_column_of_another_kind_is_unknown(database: Database) -> None:
    assert refusal(database, "largest > 1").code == "column-unknown"
    assert refusal(database, "data_sources is null", kind="license").code == "column-unknown"


def test_connections_are_closed_with_the_database() -> None:
    """A connection left open is a ResourceWarning from Python 3.13 on."""
    database = Database(make_corpus())
    database.select("paper", "data_instances > 1")
    opened = list(database._connections.values())
    assert opened
    del database
    gc.collect()
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


def test_a_closed_database_answers_again() -> None:
    with Database(make_corpus()) as database:
        first = database.select("paper")
    assert database.select("paper") == first
    database.close()
