"""The records as a SQLite database, and questions to it that cannot do harm.

One table for each kind of record, one row a record, one column for each of `columns.py`; a missing value is NULL, and
`<column>_state` says which kind of missing it is, because text in a number column would sort above every number.
"""

from __future__ import annotations

import re
import sqlite3
import time
import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from .columns import columns
from .diagnostics import suggest
from .schema import FOLDER_OF, FOLDERS

if TYPE_CHECKING:
    from .corpus import Corpus

MAX_STEPS = 10_000_000  # virtual-machine steps a query may take; about a quarter of a second
MAX_SECONDS = 0.3  # of CPU time; a step can be dear: `instr` on long texts, or sorting them
MAX_LENGTH = 32 * 1024  # bytes of any one value; the limits above do not stop what happens within one step
MAX_MEMORY = 128 * 1024 * 1024  # bytes that SQLite may hold in all: sorting by long texts fills gigabytes in a second
STEPS_BETWEEN_LOOKS = 200
FUNCTIONS = frozenset(
    "abs avg coalesce count date glob ifnull iif instr julianday length like lower ltrim max min nullif replace round rtrim "  # noqa: SIM905
    "sign strftime substr substring sum total trim typeof unicode upper".split()
)


class QueryError(Exception):
    """Say why a query was refused; `code` and `suggestion` as a Diagnostic has them."""

    def __init__(self, code: str, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.suggestion = code, message, suggestion


def quote(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def fill(connection: sqlite3.Connection, corpus: Corpus, kind: str, wanted: Iterable[str] | None = None) -> None:
    """Create and fill the table of a record kind, with all columns or the ones wanted."""
    table = FOLDER_OF[kind]
    known = columns(kind)
    names = known if wanted is None else {name: known[name] for name in known if name in {"id", *wanted}}
    declared: list[str] = []
    for name, column in names.items():
        declared.append(f"{quote(name)} {'NUMERIC' if column.numeric else 'TEXT'}")
        declared.append(f"{quote(name + '_state')} TEXT")
    connection.execute(f"CREATE TABLE {quote(table)} ({', '.join(declared)})")
    rows = [[part for column in names.values() for part in column.value(corpus, page)] for page in corpus.of_kind(kind)]
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {quote(table)} VALUES ({marks})", rows)
    connection.commit()


def _authorize(action: int, first: str | None, second: str | None, *rest: str | None) -> int:
    if action == sqlite3.SQLITE_SELECT or (action == sqlite3.SQLITE_READ and first in FOLDERS):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in FUNCTIONS:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _balanced(text: str) -> bool:
    """Tell whether every bracket is closed after it was opened, so that an expression cannot end the statement it stands in."""
    depth = 0
    for sign in re.findall(r"[()]", text):
        depth += 1 if sign == "(" else -1
        if depth < 0:
            return False
    return depth == 0


def _close(connections: dict[tuple[str, frozenset[str]], sqlite3.Connection]) -> None:
    while connections:
        connections.popitem()[1].close()


class Database:
    """Answers conditions over the records of a corpus; it cannot write, attach, load, or run for long.

    Its connections are closed with it: by `close`, at the end of a `with`, or when nothing refers to it any more.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._connections: dict[tuple[str, frozenset[str]], sqlite3.Connection] = {}
        self._found: dict[tuple[str, str, str], tuple[str, ...]] = {}
        weakref.finalize(self, _close, self._connections)

    def close(self) -> None:
        """Close what was opened; a later question opens it again."""
        _close(self._connections)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connect(self, kind: str, expressions: str) -> sqlite3.Connection:
        """Return a database that holds the columns that expressions can mean; most queries need two of a hundred."""
        words = {word.removesuffix("_state") for word in re.findall(r"\w+", expressions.lower())}
        wanted = frozenset(words & set(columns(kind)))
        if (kind, wanted) not in self._connections:
            connection = sqlite3.connect(":memory:")
            fill(connection, self._corpus, kind, wanted)
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_LENGTH)
            connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 10_000)
            connection.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 100)
            connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            connection.execute(f"PRAGMA hard_heap_limit = {MAX_MEMORY}")
            connection.set_authorizer(_authorize)
            self._connections[kind, wanted] = connection
        return self._connections[kind, wanted]

    def select(self, kind: str, where: str = "", order_by: str = "") -> list[str]:
        """Return the ids of the records of a kind that meet a condition, in order; QueryError where it is refused.

        Most tables ask for the same: all records, by date. They are found once.
        """
        if (kind, where, order_by) not in self._found:
            self._found[kind, where, order_by] = tuple(self._select(kind, where, order_by))
        return list(self._found[kind, where, order_by])

    def _select(self, kind: str, where: str, order_by: str) -> list[str]:
        for option, expression in (("where", where), ("order-by", order_by)):
            if '"' in expression:
                # SQLite takes an unknown "name" for text, so a misspelt column would go unseen.
                raise QueryError("query-refused", f"{option}: double quotes are not allowed; write text in single quotes, columns bare")
            bare = re.sub(r"'[^']*'", "", expression)
            if ";" in bare or "--" in bare or "/*" in bare or not _balanced(bare):
                raise QueryError("query-refused", f"{option}: only one plain expression is allowed")
        sql = f"SELECT id FROM {quote(FOLDER_OF[kind])}"
        sql += f" WHERE ({where})" if where else ""
        sql += f" ORDER BY {order_by}, id" if order_by else " ORDER BY id"
        connection = self._connect(kind, f"{where} {order_by}")
        steps, end = 0, time.process_time() + MAX_SECONDS

        def count() -> int:
            nonlocal steps
            steps += STEPS_BETWEEN_LOOKS
            return int(steps > MAX_STEPS or time.process_time() > end)

        connection.set_progress_handler(count, STEPS_BETWEEN_LOOKS)
        try:
            return [row[0] for row in connection.execute(sql)]
        except MemoryError:
            raise QueryError("query-refused", "it takes too much memory") from None
        except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
            raise self._explain(kind, str(error)) from None
        finally:
            connection.set_progress_handler(None, 0)

    @staticmethod
    def _explain(kind: str, message: str) -> QueryError:
        missing = re.match(r"no such column: (\S+)", message)
        if missing:
            names = list(columns(kind))
            return QueryError("column-unknown", f"there is no column '{missing[1]}'", suggest(missing[1], names))
        if message == "interrupted":
            return QueryError("query-refused", "it takes too long")
        if "not authorized" in message or "prohibited" in message:
            return QueryError("query-refused", f"only comparisons over the review's columns and plain functions are allowed ({message})")
        return QueryError("query-refused", message)
