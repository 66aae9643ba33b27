"""`review.sqlite`: every relation as a table with its keys and comments, and views for the questions people ask most."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..database import quote
from .relation import Relation
from .relations import RELATIONS
from .sqlite_rows import updated

if TYPE_CHECKING:
    from .contents import Contents

PATH = "data/review.sqlite"
APPLICATION = 0x4C695265  # "LiRe", so that `file` and SQLite's tools can tell these databases
_MUCH = 32 * 1024 * 1024
# In the file's head, how often it and its schema were changed, and which SQLite changed it last: section 1.3 of the file format
_HISTORY = {24: 1, 40: 1, 92: 1, 96: sum(part * 1000**place for place, part in enumerate(reversed(sqlite3.sqlite_version_info)))}
_TYPES = {"text": "TEXT", "number": "NUMERIC", "truth": "INTEGER"}

# Name → what it answers, and the query.
VIEWS: dict[str, tuple[str, str]] = {
    "commercial_data": (
        "Papers whose released instruction data may be used commercially, with the answer of both readings.",
        "SELECT p.id, p.name, p.declared_data_commercial_use AS declared, p.verdict_data_commercial_use AS lineage FROM papers AS p "
        "WHERE p.verdict_data_commercial_use IN ('yes', 'conditional') ORDER BY p.id",
    ),
    "ancestors": (
        "Every record with everything it was built from, near or far; steps is the length of the shortest way.",
        "WITH RECURSIVE above(record, ancestor, steps) AS ("
        "SELECT child, parent, 1 FROM lineage UNION SELECT above.record, lineage.parent, above.steps + 1 FROM above "
        "JOIN lineage ON lineage.child = above.ancestor WHERE above.steps < 20) "
        "SELECT record, ancestor, min(steps) AS steps FROM above GROUP BY record, ancestor",
    ),
    "paper_licenses": (
        "What each paper released, family by family, and under which licence.",
        "SELECT r.record AS paper, r.artefact, r.family, r.license, CASE r.state WHEN 'value' THEN r.license_state ELSE r.state END AS state, "
        "l.name AS license_name "
        "FROM releases AS r JOIN papers AS p ON p.id = r.record LEFT JOIN licenses AS l ON l.spdx = r.license ORDER BY r.record, r.artefact, r.family",
    ),
    "base_models": (
        "Which models each paper tuned.",
        "SELECT child AS paper, parent AS model, variant FROM lineage JOIN papers ON papers.id = child WHERE relation = 'tuned-from'",
    ),
    "generators": (
        "Which models generated each paper's data.",
        "SELECT DISTINCT child AS paper, parent AS model, role FROM lineage JOIN papers ON papers.id = child WHERE relation = 'generated-by'",
    ),
    "not_first_hand": (
        "Facts without first-hand evidence: nothing proves them, or only words quoted elsewhere.",
        "SELECT record, field, value, state FROM facts WHERE coalesce(first_hand, 0) = 0",
    ),
    "disputed": ("Facts of which some source says something else.", "SELECT record, field, value, disagreeing FROM facts WHERE disagreeing > 0"),
    "changed_by_lineage": (
        "Verdicts where what a release itself says is more than its lineage allows.",
        "SELECT d.record, d.artefact, d.family, d.question, d.answer AS declared, l.answer AS lineage FROM verdicts AS d JOIN verdicts AS l "
        "USING (record, artefact, family, question) WHERE d.reading = 'declared' AND l.reading = 'lineage' AND d.answer <> l.answer",
    ),
}


def table(relation: Relation) -> str:
    """Return the statement that makes a relation's table; its comments stay in the database."""
    lines = []
    for attribute in relation.attributes:
        told, _, column = attribute.points_at.partition(".")
        pointer = f" REFERENCES {quote(told)} ({quote(column)})" if told else ""
        unique = " UNIQUE" if (relation.name, attribute.name) == ("licenses", "spdx") else ""
        required = " NOT NULL" if attribute.name in relation.key else ""
        kind = "INTEGER" if relation.is_numbered and attribute.name == "id" else _TYPES[attribute.kind]
        lines.append((f"{quote(attribute.name)} {kind}{required}{unique}{pointer}", attribute.help))
    if relation.key:
        lines.append((f"PRIMARY KEY ({', '.join(map(quote, relation.key))})", ""))
    body = "\n".join(f"  {sql}{',' if number < len(lines) - 1 else ''}{f' -- {help}' if help else ''}" for number, (sql, help) in enumerate(lines))
    without = " WITHOUT ROWID" if relation.is_kept_by_key else ""
    return f"CREATE TABLE {quote(relation.name)} ( -- {relation.help}\n{body}\n){without}"


def connect(contents: Contents) -> sqlite3.Connection:
    """Return the review as a database, which is gone when it is closed.

    It lies on the disk: what SQLite may hold in memory is limited for the whole process once a table's condition was asked
    (see `database.py`), and a review of four thousand papers takes more.
    """
    before = contents.former.whole(PATH)
    with _reasons():
        connection = updated(contents, before) if before is not None else None
        if connection is None:
            connection = contents.product(Made).finish()
        return connection


@contextlib.contextmanager
def _reasons() -> Iterator[None]:
    """Give the system's own reason where SQLite could not write, because it tells none: whoever writes as much meets the same."""
    try:
        yield
    except sqlite3.OperationalError as error:
        with tempfile.TemporaryFile() as file:
            try:
                file.write(bytes(_MUCH))
                file.flush()
            except OSError as reason:
                reason.filename = PATH
                raise reason from error
        raise


class Made:
    """A database that is put together from nothing."""

    def __init__(self, contents: Contents) -> None:
        self._connection = connection = sqlite3.connect("", isolation_level=None)
        self._unless_finished = weakref.finalize(self, connection.close)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {contents.edition.stated['format_version'].partition('.')[0]}")
        connection.execute("PRAGMA journal_mode = OFF")  # nothing is ever rolled back
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE edition ( -- Which edition of the review this is.\n  name TEXT PRIMARY KEY,\n  value TEXT\n)")
        connection.executemany("INSERT INTO edition VALUES (?, ?)", contents.edition.stated.items())
        connection.execute("CREATE TABLE described ( -- What every table and column means.\n  table_name TEXT,\n  column_name TEXT,\n  description TEXT\n)")
        for relation in RELATIONS.values():
            connection.execute(table(relation))
            connection.execute("INSERT INTO described VALUES (?, NULL, ?)", (relation.name, relation.help))
            connection.executemany("INSERT INTO described VALUES (?, ?, ?)", ((relation.name, entry.name, entry.help) for entry in relation.attributes))

    def take(self, part: Contents) -> None:
        """Take some records in."""
        with _reasons():
            for relation in RELATIONS.values():
                marks = ", ".join("?" * len(relation.attributes))
                self._connection.executemany(f"INSERT OR IGNORE INTO {quote(relation.name)} VALUES ({marks})", part.rows(relation.name))

    def finish(self) -> sqlite3.Connection:
        """Return the database when it has all records; whoever has it closes it."""
        connection = self._connection
        connection.execute("CREATE INDEX lineage_of_parents ON lineage (parent)")
        for name, (answers, query) in VIEWS.items():
            connection.execute(f"CREATE VIEW {quote(name)} AS -- {answers}\n{query}")
            connection.execute("INSERT INTO described VALUES (?, NULL, ?)", (name, answers))
        connection.execute("COMMIT")
        self._unless_finished.detach()
        return connection


def write(contents: Contents) -> Path:
    """Return the database, as a file among the contents' own; the same contents and the same SQLite give the same bytes."""
    path = contents.folder / "review.sqlite"
    path.unlink(missing_ok=True)
    with _reasons():
        contents.database.execute("VACUUM INTO ?", (str(path),))  # whatever was put in when: the same rows give the same bytes
    with path.open("r+b") as file:
        for place, number in _HISTORY.items():
            file.seek(place)
            file.write(number.to_bytes(4, "big"))
    return path
