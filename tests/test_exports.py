"""All exports together: the same bytes every time, whole or not at all, right by other people's parsers, and what goes in comes out."""

from __future__ import annotations

import csv as csv_library
import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import feedparser
import litreview
import minimal
import pandas
import pytest
import yaml
from conftest import ROOT
from jsonschema import Draft202012Validator
from litreview import changelog
from litreview.corpus import Corpus, load
from litreview.edition import Edition, edition_of
from litreview.export import EXPORTS, Contents, csv, feed, files, schemas, sqlite
from litreview.export import json as json_export
from litreview.export.relations import RELATIONS
from litreview.records import Page, read_page
from litreview.schema import FOLDERS
from litreview.values import Amount
from minimal import LICENSE, MODEL, PAGES, PAPER, SOURCE, edited, page
from referencing import Registry, Resource

EDITION = Edition("0.1.0", "0123456789abcdef0123456789abcdef01234567")


@pytest.fixture(scope="module")
def review() -> Contents:
    return Contents(load(ROOT), edition=EDITION, changes=changelog.load(ROOT))


@pytest.fixture(scope="module")
def made(review: Contents) -> dict[str, bytes]:
    return files(review)


@pytest.fixture(scope="module")
def database(made: dict[str, bytes]) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(made["data/review.sqlite"])
    yield connection
    connection.close()


def small(pages: dict[str, str] | None = None, changes: str = "") -> Contents:
    return Contents(minimal.corpus_of(pages or PAGES), edition=EDITION, changes=changes)


# --- JSON and its schemas ----------------------------------------------------------------------------------------------


@cache
def validator(name: str) -> Draft202012Validator:
    every = schemas.schemas()
    registry: Registry[Any] = Registry().with_resources([(f"{key}.json", Resource.from_contents(value)) for key, value in every.items()])
    Draft202012Validator.check_schema(every[name])
    return Draft202012Validator(every[name], registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_every_json_export_meets_its_schema(review: Contents, made: dict[str, bytes]) -> None:
    """Whatever the site has in JSON, and `codemeta.json`: a new one without a schema fails here."""
    paths = {path: data for path, data in {**made, **files(review, ["codemeta"])}.items() if path.endswith(".json")}
    assert {"codemeta.json", "data/croissant.json", "data/csv-metadata.json", "data/papers/alpaca.json", "data/references.json"} <= paths.keys()
    checks = {name: validator(name) for name in schemas.schemas()}
    used = set()
    for path, data in paths.items():
        name = schemas.schema_of(path)
        value = json.loads(data)
        if not name:
            Draft202012Validator.check_schema(value)
            continue
        used.add(name)
        assert name in checks, f"{path} has no schema"
        errors = [f"{path}: {error.json_path}: {error.message[:200]}" for error in checks[name].iter_errors(value)]
        assert errors == []
    assert used == checks.keys(), "a schema of no file"


def test_the_codemeta_of_the_repository_meets_its_schema() -> None:
    assert list(validator("codemeta").iter_errors(json.loads((ROOT / "codemeta.json").read_text("utf-8")))) == []


def spoil(described: Any, path: tuple[str | int, ...], value: Any) -> None:
    """Put a value where a path leads; None takes away what is there."""
    *way, last = path
    for key in way:
        described = described[key]
    if value is None:
        del described[last]
    else:
        described[last] = value


@pytest.mark.parametrize(
    ("file", "path", "value"),
    [
        ("croissant", ("distribution", 0, "sha256"), "0"),
        ("croissant", ("distribution", 1, "contentUrl"), "other.sqlite"),
        ("croissant", ("recordSet", 0, "field", 1, "name"), "nonsense"),
        ("croissant", ("recordSet", 0, "field", 1), None),
        ("croissant", ("recordSet", 1), None),
        ("croissant", ("@context", "cr"), "https://example.org/"),
        ("croissant", ("nonsense",), 1),
        ("csv-metadata", ("tables", 0, "tableSchema", "columns", 2, "name"), "nonsense"),
        ("csv-metadata", ("tables", 0, "tableSchema", "columns", 2, "datatype"), "date"),
        ("csv-metadata", ("tables", 4, "tableSchema", "columns", 0), None),
        ("csv-metadata", ("tables", 1, "tableSchema", "foreignKeys", 0, "columnReference"), "nonsense"),
        ("csv-metadata", ("schema:release",), "newest"),
        ("codemeta", ("version",), "newest"),
        ("codemeta", ("license",), "https://spdx.org/licenses/CC-BY-4.0"),
        ("codemeta", ("author", "name"), None),
    ],
)
def test_the_schemas_of_descriptions_refuse_what_is_wrong(file: str, path: tuple[str | int, ...], value: Any) -> None:
    ((_, data),) = files(small(), ["csvw" if file == "csv-metadata" else file]).items()
    described = json.loads(data)
    assert list(validator(file).iter_errors(described)) == []
    spoil(described, path, value)
    assert list(validator(file).iter_errors(described))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("record", "published"), "spring"),
        (("record", "title"), None),
        (("record", "data", "instances"), -1),
        (("record", "releases", "data", "license"), 7),
        (("record", "nonsense"), 1),
        (("record", "verdicts", "data", "commercial-use", "lineage", "answer"), "perhaps"),
        (("license",), "MIT"),
    ],
)
def test_the_schema_refuses_what_is_wrong(path: tuple[str, ...], value: Any) -> None:
    """A schema that lets everything through would meet every export."""
    record = json.loads(dict(json_export.each(small()))["papers/alpha.json"])
    assert list(validator("paper").iter_errors(record)) == []
    spoil(record, path, value)
    assert list(validator("paper").iter_errors(record))


def test_schemas_describe_every_field_of_the_declaration() -> None:
    for folder, kind in FOLDERS.items():
        properties = schemas.schemas()[kind]["$defs"]["Record"]["properties"]
        assert {"id", "title", "evidence", "verdicts", "backlinks", "url"} <= set(properties), folder
        assert all("description" in schema or "$ref" in schema or "properties" in schema or name == "verdicts" for name, schema in properties.items())


# --- There and back: JSON → front matter → the same records ------------------------------------------------------------


def _written(value: Any) -> Any:
    """Return a JSON value as front matter has it: every scalar as text, amounts in their notation."""
    if isinstance(value, dict):
        return Amount.write(value) if value and value.keys() <= {"about", "min", "max"} else {key: _written(entry) for key, entry in value.items()}
    return [_written(entry) for entry in value] if isinstance(value, list) else str(value)


def _evidence(by_path: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the entries of evidence that JSON shows under each of their paths: each once, none before one it follows somewhere."""
    keys = ("in", "at", "quote", "says", "until", "note")
    paths: dict[str, list[str]] = {}
    after: dict[str, set[str]] = {}
    for path, entries in by_path.items():
        names = [json.dumps({key: entry[key] for key in keys if key in entry}) for entry in entries]
        for position, name in enumerate(names):
            paths.setdefault(name, []).append(path)
            after.setdefault(name, set()).update(names[:position])
    found: list[str] = []
    while len(found) < len(paths):
        found.append(next(name for name in paths if name not in found and after[name] - {name} <= set(found)))
    return [{"for": list(dict.fromkeys(paths[name])), **json.loads(name)} for name in found]


def front_matter(record: dict[str, Any]) -> str:
    """Return an exported record as the block of facts of a page."""
    own = {name: _written(value) for name, value in record.items() if name not in ("id", "evidence", "verdicts", "backlinks", "url")}
    if record["evidence"]:
        own["evidence"] = _evidence(record["evidence"])
    return f"---\n{yaml.dump(own, allow_unicode=True, sort_keys=False, width=10_000)}---\n"


def returned(value: dict[str, Any]) -> Corpus:
    pages: list[Page] = []
    for folder in FOLDERS:
        for record in value[folder]:
            pages.append(read_page(f"{folder}/{record['id']}.md", front_matter(record)))
    assert [problem for page in pages for problem in page.problems] == []
    return Corpus(pages)


def test_the_review_comes_back_from_its_json(review: Contents, made: dict[str, bytes]) -> None:
    again = Contents(returned(json.loads(made["data/review.json"])), edition=EDITION)
    for old, new in zip(review.pages, again.pages, strict=True):
        assert {**new.record, "evidence": None} == {**old.record, "evidence": None}
    assert json.loads(one(again, "json")) == json.loads(made["data/review.json"])


ODD = {
    "title": "\": # - [x] {y} 'z' | > % @ ` no 1.10 2401.00010 7B",
    "short": "no",
    "summary": "=HYPERLINK(\"https://example.org\") und Größe, 王小明, 'single', \\back",
}


def _with(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        start = text.index(f"\n{name}: ") + 1
        text = text[:start] + f"{name}: {json.dumps(value, ensure_ascii=False)}" + text[text.index("\n", start) :]
    return text


def one(contents: Contents, name: str) -> bytes:
    (data,) = files(contents, [name]).values()
    return data


def test_odd_texts_come_back_from_json() -> None:
    contents = small({**PAGES, PAPER: _with(PAGES[PAPER], ODD)})
    again = Contents(returned(json.loads(one(contents, "json"))), edition=EDITION)
    assert one(again, "json") == one(contents, "json")


# --- CSV ---------------------------------------------------------------------------------------------------------------


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv_library.DictReader(io.StringIO(data.decode(), newline="")))


def test_csv_is_read_back_by_python(review: Contents, made: dict[str, bytes]) -> None:
    for name in csv.FILES:
        rows = rows_of(made[f"data/{name}.csv"])
        expected = review.rows(name)
        assert len(rows) == len(expected) > 0
        for row, values in zip(rows, expected, strict=True):
            told = [csv.restore(cell) for cell in list(row.values())[:-1]]
            assert told == ["" if value is None else str(value) for value in values]
            assert row["edition"] == EDITION.line


MISSING = {
    "papers/said.md": page("papers/said.md", "data: {instances: 9000}\nvenue: none"),
    "papers/silent.md": page("papers/silent.md", "data: {instances: not-stated}\nvenue: not-stated"),
    "papers/without.md": page("papers/without.md", "data: {instances: none}\nvenue: none"),
    "papers/open.md": page("papers/open.md"),
}


def test_the_kinds_of_missing_stay_apart_for_python() -> None:
    rows = {row["id"]: row for row in rows_of(one(small({**PAGES, **MISSING}), "papers"))}
    found = {name: (rows[name]["data_instances"], rows[name]["data_instances_state"]) for name in ("said", "silent", "without", "open")}
    assert found == {"said": ("9000", "value"), "silent": ("", "not-stated"), "without": ("", "none"), "open": ("", "unknown")}


def test_the_kinds_of_missing_stay_apart_for_pandas() -> None:
    frame = pandas.read_csv(io.BytesIO(one(small({**PAGES, **MISSING}), "papers"))).set_index("id")
    assert pandas.api.types.is_numeric_dtype(frame["data_instances"])
    assert frame["data_instances"].dropna().to_dict() == {"alpha": 53000, "said": 9000}
    states = frame["data_instances_state"]
    assert [states[name] for name in ("said", "silent", "without", "open")] == ["value", "not-stated", "none", "unknown"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1 point", "@here", "＝1", "'quoted'", "''", "'=1", "plain", "a=b"])
def test_no_cell_is_run_by_a_spreadsheet_and_every_text_comes_back(text: str) -> None:
    (row,) = rows_of(one(small({**PAGES, PAPER: _with(PAGES[PAPER], {"summary": text})}), "papers"))
    assert row["summary"][0] not in "=+-@＝＋－＠\t\r"
    assert csv.restore(row["summary"]) == text
    assert not row["id"].startswith("'")


def test_no_cell_of_the_review_is_run(made: dict[str, bytes]) -> None:
    for name in csv.FILES:
        for row in rows_of(made[f"data/{name}.csv"]):
            assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_facts_have_their_evidence(made: dict[str, bytes]) -> None:
    rows = {(row["record"], row["field"]): row for row in rows_of(one(small(), "facts"))}
    instructions = rows["alpha", "data.instructions"]
    assert (instructions["value"], instructions["state"], instructions["place"], instructions["first_hand"]) == ("52002", "value", "section 2", "1")
    assert rows["alpha", "data.instances"]["value"] == "~53000"
    assert (rows["alpha", "venue"]["value"], rows["alpha", "venue"]["state"], rows["alpha", "venue"]["place"]) == ("", "not-stated", "all of it")
    license = next(row for (record, field), row in rows.items() if record == "alpha" and field.startswith("releases.data"))
    assert license["disagreeing"] == "1"


def test_csv_metadata_describes_every_column(made: dict[str, bytes]) -> None:
    value = json.loads(made["data/csv-metadata.json"])
    for table in value["tables"]:
        header = next(csv_library.reader(io.StringIO(made[f"data/{table['url']}"].decode())))
        assert [column["name"] for column in table["tableSchema"]["columns"]] == header
        assert all(column["dc:description"] for column in table["tableSchema"]["columns"])


# --- SQLite ------------------------------------------------------------------------------------------------------------


def test_the_database_is_sound(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert tables == {*RELATIONS, "edition", "described"}
    linked = sum(len(database.execute(f"PRAGMA foreign_key_list({name})").fetchall()) for name in tables)
    assert linked >= 20


def test_no_row_is_lost_on_the_way_to_the_database(review: Contents, database: sqlite3.Connection) -> None:
    for name in RELATIONS:
        assert database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] == len(review.rows(name)), name


def test_every_table_and_column_is_described(database: sqlite3.Connection) -> None:
    for name in RELATIONS:
        names = {row[1] for row in database.execute(f"PRAGMA table_info({name})")}
        described = {column for (column,) in database.execute("SELECT column_name FROM described WHERE table_name = ? AND description <> ''", (name,))}
        assert described == {*names, None}
        (statement,) = database.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
        assert RELATIONS[name].help in statement


def test_every_view_answers(database: sqlite3.Connection) -> None:
    answers = {name: len(database.execute(f"SELECT * FROM {name}").fetchall()) for name in sqlite.VIEWS}
    assert {name for name, rows in answers.items() if not rows} <= {"commercial_data"}  # in the lineage's reading there may be none


def test_the_view_of_commercial_data() -> None:
    facts = "data: {sources: {own: {kind: human-written, role: pairs}}}\nreleases: {data: {license: CC-BY-NC-4.0}}"
    free = PAGES[LICENSE].replace("commercial-use: {answer: no", "commercial-use: {answer: yes")
    assert free != PAGES[LICENSE]
    found = {}
    for name, license in (("free", free), ("not free", PAGES[LICENSE])):
        connection = sqlite.connect(small({**PAGES, "papers/own.md": page("papers/own.md", facts), LICENSE: license}))
        found[name] = [id for (id,) in connection.execute("SELECT id FROM commercial_data")]
        connection.close()
    assert found == {"free": ["own"], "not free": []}


def test_a_database_may_be_larger_than_the_memory_that_a_query_may_take() -> None:
    """The limit is one for the whole process, and can only be lowered."""
    code = """\
import sqlite3, sys
from pathlib import Path
from litreview.corpus import Corpus, load
from litreview.export import Contents, files
from litreview.records import Page
pages = load(Path(sys.argv[1])).pages
pages = [Page(f"{page.path}-{number}", page.kind, f"{page.id}-{number}", page.record) for page in pages for number in range(6)]
sqlite3.connect(":memory:").execute("PRAGMA hard_heap_limit = 10000000")
print(len(files(Contents(Corpus(pages)), ["sqlite"])["data/review.sqlite"]))
"""
    done = subprocess.run([sys.executable, "-c", code, ROOT], env={**os.environ, "PYTHONPATH": str(ROOT / "_ext")}, capture_output=True, text=True, check=True)
    assert int(done.stdout) > 10_000_000


def test_a_missing_value_is_null_with_its_state() -> None:
    connection = sqlite.connect(small({**PAGES, **MISSING}))
    rows = connection.execute("SELECT id, data_instances, data_instances_state FROM papers WHERE id <> 'alpha' ORDER BY id").fetchall()
    connection.close()
    assert rows == [("open", None, "unknown"), ("said", 9000, "value"), ("silent", None, "not-stated"), ("without", None, "none")]


def test_families_of_releases_are_seen_in_their_columns() -> None:
    """The small review's weights are a family; a column about them must not say that nobody has looked."""
    connection = sqlite.connect(small())
    row = connection.execute("SELECT releases_weights_license, releases_weights_license_state, releases_weights_form FROM papers").fetchone()
    connection.close()
    assert row == ("CC-BY-NC-4.0", "value", "delta")


def test_amounts_keep_both_ends() -> None:
    pages = edited(PAPER, ("instances: ~53000", "instances: 52002..53000"))
    connection = sqlite.connect(small(pages))
    query = "SELECT field, at_least, at_most, is_about, notation FROM amounts WHERE record = 'alpha' AND field LIKE 'data.inst%' ORDER BY field"
    rows = connection.execute(query).fetchall()
    connection.close()
    assert rows == [("data.instances", 52002, 53000, 0, "52002..53000"), ("data.instructions", 52002, 52002, 0, "52002")]


# --- Feed and change log -----------------------------------------------------------------------------------------------

CHANGES = """\
# Changelog

## 0.2.0 (not yet released)

- Tools changed.

### Changed verdicts

- 2026-11-23: [Alpha](papers/alpha.md): commercial use <no longer> "allowed" & so on.

## 0.1.0 (2026-11-22)

- First.

### New works

- 2026-11-20: [Alpha](papers/alpha.md) and
  [Beta](models/beta.md).
- 2026-11-20: [Alpha](papers/alpha.md) again.
"""


def parsed(data: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = feedparser.parse(data)
    assert not found.bozo, found.get("bozo_exception")
    return found


def test_the_feed_is_the_change_log() -> None:
    found = parsed(feed.write(small(changes=CHANGES)))
    assert [(entry.title, entry.updated[:10], entry.link) for entry in found.entries] == [
        ("Verdict changed: Alpha", "2026-11-23", "../papers/alpha.html"),
        ("Release 0.1.0", "2026-11-22", "../index.html"),
        ("New: Alpha, Beta", "2026-11-20", "../papers/alpha.html"),
        ("New: Alpha", "2026-11-20", "../papers/alpha.html"),
    ]
    assert found.entries[0].summary == 'Alpha: commercial use <no longer> "allowed" & so on.'
    assert found.feed.updated == "2026-11-23T00:00:00Z"
    assert len({entry.id for entry in found.entries}) == 4


def test_entries_keep_their_ids_when_words_change_and_others_come() -> None:
    before = {entry.title: entry.id for entry in parsed(feed.write(small(changes=CHANGES))).entries}
    more = CHANGES.replace("\n- 2026-11-23", "\n- 2026-11-24: [Beta](models/beta.md): x.\n- 2026-11-23").replace("commercial use", "Commercial use")
    after = {entry.title: entry.id for entry in parsed(feed.write(small(changes=more))).entries}
    assert before.items() < after.items()


def test_links_are_whole_where_the_site_is_known() -> None:
    contents = Contents(minimal.corpus_of(PAGES), edition=Edition(site="https://example.org/review/"), changes=CHANGES)
    assert parsed(feed.write(contents)).entries[0].link == "https://example.org/review/papers/alpha.html"


def test_the_review_s_feed_tells_of_every_paper(review: Contents) -> None:
    found = parsed(feed.write(review))
    assert len(found.entries) >= 19
    assert changelog.check(review.changes, review.corpus) == []


def test_an_empty_change_log_gives_an_empty_feed() -> None:
    assert parsed(feed.write(small())).entries == []


# --- Croissant ---------------------------------------------------------------------------------------------------------


def test_croissant_is_valid_and_loads_the_data(made: dict[str, bytes], tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for path, data in made.items():
        if path.startswith("data/") and path.count("/") == 1:
            (tmp_path / path.removeprefix("data/")).write_bytes(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own
        import mlcroissant

        dataset = mlcroissant.Dataset(jsonld=tmp_path / "croissant.json")
        assert dataset.metadata.ctx.issues.report() == ""
        assert "not standard" not in caplog.text
        rows = list(dataset.records(record_set="lineage"))
    assert [row["lineage/child"].decode() for row in rows] == [row["child"] for row in rows_of(made["data/lineage.csv"])]


def test_croissant_refuses_a_file_that_was_changed(made: dict[str, bytes]) -> None:
    value = json.loads(made["data/croissant.json"])
    sums = {entry["@id"]: entry["sha256"] for entry in value["distribution"]}
    assert {name: hashlib.sha256(made[f"data/{name}"]).hexdigest() for name in sums} == sums


# --- Names, everywhere -------------------------------------------------------------------------------------------------

PEOPLE = ["Andreas Köpf", "王小明", "Dimitri von Rütte", "Plato", "The Pile Contributors", "Łukasz Żółć", "Jean d'Alembert"]


def test_names_arrive_in_every_format() -> None:
    text = PAGES[PAPER].replace("authors: [First Author, Second Author]", f"authors: {json.dumps(PEOPLE, ensure_ascii=False)}")
    contents = small({**PAGES, PAPER: text})
    made = files(contents)
    assert json.loads(made["data/review.json"])["papers"][0]["authors"] == PEOPLE
    assert rows_of(made["data/papers.csv"])[0]["authors"] == "; ".join(PEOPLE)
    connection = sqlite3.connect(":memory:")
    connection.deserialize(made["data/review.sqlite"])
    assert [name for (name,) in connection.execute("SELECT name FROM authors WHERE record = 'alpha' ORDER BY position")] == PEOPLE
    connection.close()
    for path in ("data/papers/alpha.txt", "data/facts.csv"):
        assert all(name in made[path].decode() for name in PEOPLE)
    for path in ("data/references.bib", "data/references.ris", "data/references.json"):
        assert all(name.split()[-1] in made[path].decode() for name in PEOPLE)


@pytest.mark.parametrize("day", ["2023", "2023-03", "2023-03-13"])
def test_dates_keep_their_precision_everywhere(day: str) -> None:
    made = files(small(edited(PAPER, ("published: 2023-03-13", f"published: {day}"))))
    assert json.loads(made["data/review.json"])["papers"][0]["published"] == day
    row = rows_of(made["data/papers.csv"])[0]
    assert (row["published"], row["year"]) == (day, "2023")
    assert f"published (Published): {day}\n" in made["data/papers/alpha.txt"].decode()


# --- Which edition -----------------------------------------------------------------------------------------------------


def test_every_export_says_which_edition_it_is(made: dict[str, bytes], database: sqlite3.Connection) -> None:
    for path, data in made.items():
        if path == "data/review.sqlite":
            assert dict(database.execute("SELECT name, value FROM edition")) == EDITION.stated
        elif not path.startswith("data/schema/"):
            text = data.decode()
            assert EDITION.commit in text, path
            assert EDITION.release in text, path
            assert "CC-BY-4.0" in text or "creativecommons.org/licenses/by/4.0" in text, path


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_the_commit_is_named_only_where_the_pages_are_the_commit_s(tmp_path: Path) -> None:
    root = minimal.write(tmp_path / "review")
    assert edition_of(root).commit == ""
    git(root, "init", "-q")
    assert edition_of(root).commit == ""
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    assert edition_of(root).commit == git(root, "rev-parse", "HEAD")
    (root / "notes.txt").write_text("no part of the review", "utf-8")
    assert edition_of(root).commit
    minimal.write(root, edited(PAPER, ("published: 2023-03-13", "published: 2023")))
    assert edition_of(root).commit == ""


def test_the_commit_of_a_repository_around_the_review_is_not_the_review_s(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    root = minimal.write(tmp_path / "review")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    assert edition_of(root).commit == ""


# --- The same bytes, and whole files or none ---------------------------------------------------------------------------


def export(root: Path, out: Path, seed: str) -> dict[str, bytes]:
    environment = {"PYTHONPATH": str(Path(litreview.__file__).parents[1]), "PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "litreview", "export", "all", "--root", str(root), "--output", str(out)]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    root = minimal.write(tmp_path / "review", {**PAGES, **MISSING, "CHANGELOG.md": CHANGES})
    one, other = (export(root, tmp_path / seed, seed) for seed in ("1", "2"))
    assert one == other
    assert {"llms.txt", "data/review.sqlite", "data/papers/alpha.json", "data/papers/alpha.txt", "data/schema/paper.json", "CITATION.cff"} <= one.keys()


def test_every_format_is_reached_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = minimal.write(tmp_path / "review")
    for name, entry in EXPORTS.items():
        target = tmp_path / name / "out"
        assert minimal.main(["export", name, "--root", str(root), "--output", str(target)]) == 0
        capsys.readouterr()
        assert target.is_dir() == entry.several
        assert [path for path in (target.rglob("*") if entry.several else [target]) if path.is_file()]


@pytest.mark.parametrize("name", ["json", "records", "all"])
def test_nothing_half_written_where_nothing_can_be_written(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = minimal.write(tmp_path / "review")
    (tmp_path / "out").mkdir()
    blocked = tmp_path / "out" / "file"
    blocked.write_text("x", "utf-8")
    assert minimal.main(["export", name, "--root", str(root), "--output", str(blocked / "below")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"litreview export: {blocked}")
    assert told.err.count("\n") == 1
    assert list((tmp_path / "out").iterdir()) == [blocked]


def test_all_or_nothing_where_one_file_is_in_the_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = minimal.write(tmp_path / "review")
    (tmp_path / "out/data/review.sqlite/inside").mkdir(parents=True)
    assert minimal.main(["export", "all", "--root", str(root), "--output", str(tmp_path / "out")]) == 2
    assert "review.sqlite: Is a directory" in capsys.readouterr().err
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


def test_an_unknown_format_is_told_with_a_suggestion(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = minimal.write(tmp_path / "review")
    assert minimal.main(["export", "sqlit", "--root", str(root)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "did you mean 'sqlite'?" in told.err
    assert told.err.count("\n") == 1


def test_files_that_did_not_change_are_left_alone(tmp_path: Path) -> None:
    from litreview.files import write_together

    made = {"a/one.txt": b"1", "b/two.txt": b"2"}
    assert write_together(tmp_path, made) == 2
    assert write_together(tmp_path, {**made, "b/two.txt": b"3"}) == 1
    assert (tmp_path / "b/two.txt").read_bytes() == b"3"


def test_unknown_records_and_faulty_pages_still_export() -> None:
    """What the checks refuse may still be looked at."""
    pages = edited(PAPER, ("base_models: [beta/7B]", "base_models: [nobody/7B]"), ("published: 2023-03-13", "published: spring"))
    made = files(small({**pages, LICENSE: PAGES[LICENSE], MODEL: PAGES[MODEL], SOURCE: PAGES[SOURCE]}))
    assert json.loads(made["data/review.json"])["papers"][0]["base_models"] == ["nobody/7B"]
