"""Put the rows of changed records into the database that the last build made.

The outcome is, byte for byte, the database made from nothing: every row keeps its place in its table, and SQLite then writes
tables and indexes out in order (VACUUM INTO). Where that cannot be had, there is no outcome.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..database import quote
from ..schema import FOLDERS
from .relation import Relation
from .relations import RELATIONS

if TYPE_CHECKING:
    from .contents import Contents


class _OtherRowsError(Exception):
    """Rows of records that did not change would have to change."""


def updated(contents: Contents, before: Path) -> sqlite3.Connection | None:
    """Return the last build's database with the rows of changed records in place of their former ones, or None where it must be made from nothing."""
    connection = sqlite3.connect("", isolation_level=None)
    try:
        with contextlib.closing(sqlite3.connect(f"{before.absolute().as_uri()}?mode=ro", uri=True)) as last:
            last.backup(connection)
        # A record whose row was left out for another's with the same key has none that could be replaced.
        for table, pages in (("records", contents.pages), *((folder, contents.in_folder(folder)) for folder in FOLDERS)):
            if connection.execute(f"SELECT count(*) FROM {quote(table)}").fetchone()[0] != len(pages):
                raise _OtherRowsError
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("BEGIN")
        numbers: dict[str, dict[int, int]] = {}  # relation → number among the changed rows → number in the table
        for relation in RELATIONS.values():
            _replace(connection, contents, relation, numbers)
        connection.execute("COMMIT")
    except (sqlite3.Error, _OtherRowsError):
        connection.close()
        return None
    return connection


def _replace(connection: sqlite3.Connection, contents: Contents, relation: Relation, numbers: dict[str, dict[int, int]]) -> None:
    name = quote(relation.name)
    rows = contents.changed.rows(relation.name)
    owner = next(attribute for attribute in relation.attributes if not relation.is_numbered or attribute.name != "id")
    owners: list[Any] = [page.id for page in contents.changed.pages]
    counted, _, _ = owner.points_at.partition(".")
    if counted in numbers:  # rows of a relation whose rows are counted, not of records
        owners = list(numbers[counted].values())
        rows = [(numbers[counted][row[0]], *row[1:]) for row in rows]
    marks = ", ".join("?" * len(owners))
    of_changed = f"FROM {name} WHERE {quote(owner.name)} IN ({marks})"
    places: list[tuple[Any, ...]] = [()] * len(rows)
    columns = [attribute.name for attribute in relation.attributes]
    if not relation.is_kept_by_key:
        held = [place for (place,) in connection.execute(f"SELECT rowid {of_changed} ORDER BY rowid", owners)]
        if len(held) != len(rows):
            raise _OtherRowsError
        if relation.is_numbered:
            numbers[relation.name] = {row[0]: place for row, place in zip(rows, held, strict=True)}
            rows = [(place, *row[1:]) for row, place in zip(rows, held, strict=True)]
        else:
            columns = ["rowid", *columns]
            places = [(place,) for place in held]
    connection.execute(f"DELETE {of_changed}", owners)
    into = f"INSERT INTO {name} ({', '.join(map(quote, columns))}) VALUES ({', '.join('?' * len(columns))})"
    connection.executemany(into, [(*place, *row) for place, row in zip(places, rows, strict=True)])
