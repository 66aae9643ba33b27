"""Conditions of tables that try to write, attach, load, fill the memory, or never end: refused or stopped within a second."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import minimal
import pytest
from litreview.corpus import Corpus
from litreview.database import MAX_LENGTH, Database, QueryError
from litreview.records import read_page

ROWS = 40


def long(length: int) -> str:
    """Return an expression for a text of many letters, the condition itself being short."""
    return f"substr(replace(replace(replace(replace('aaaaaaaa', 'a', 'aaaaaaaa'), 'a', 'aaaaaaaa'), 'a', 'aaaaaaaa'), 'a', 'aaaaaaa'), 1, {length})"


NEAR = long(MAX_LENGTH - 500)
HALF = long(MAX_LENGTH // 2)
FAR = ", ".join(f"papers {name}" for name in "abcdefgh")  # 40 to the power of 8 rows
IDS = "||".join(f"{name}.id" for name in "abcdefgh")
LONG = f"SELECT {NEAR} || {IDS} AS x FROM {FAR}"

# Each with a word of why it is refused; an empty word where it is merely answered in time.
HOSTILE: dict[str, tuple[str, str]] = {
    "attach": ("1); ATTACH '/tmp/evil.db' AS evil; --", "one plain expression"),
    "attach in an expression": ("ATTACH '/tmp/evil.db' AS evil", "syntax"),
    "pragma": ("1); PRAGMA writable_schema = 1; --", "one plain expression"),
    "pragma as a table": ("(SELECT count(*) FROM pragma_database_list) > 0", "allowed"),
    "hard heap limit as a table": ("(SELECT * FROM pragma_hard_heap_limit(9e18)) > 0", ""),
    "load_extension": ("load_extension('evil')", "load_extension"),
    "writefile": ("writefile('/tmp/evil', 'x')", "writefile"),
    "readfile": ("readfile('/etc/passwd')", "readfile"),
    "edit": ("edit('x', 'vi')", "edit"),
    "fts3_tokenizer": ("fts3_tokenizer('simple', x'4141414141414141')", "fts3_tokenizer"),
    "recursion without end": ("(WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c) > 0", "allowed"),
    "recursion that grows": ("(WITH RECURSIVE c(x) AS (SELECT 'a' UNION ALL SELECT x || x FROM c) SELECT max(x) FROM c) > 0", "allowed"),
    "randomblob": ("randomblob(1000000000) IS NULL", "randomblob"),
    "zeroblob": ("length(zeroblob(1000000000)) > 0", "zeroblob"),
    "hex": ("hex(zeroblob(100000000)) IS NULL", "allowed"),
    "printf width": ("printf('%1000000000d', 1) IS NULL", "printf"),
    "format width": ("format('%.*c', 1000000000, 'x') IS NULL", "format"),
    "char": ("char(1, 2, 3) IS NULL", "char"),
    "group_concat": (f"(SELECT group_concat(a.id) FROM {FAR}) > 0", "group_concat"),
    "rows without end": (f"(SELECT count(*) FROM {FAR}) > 0", "too long"),
    "rows without end in the order": (f"(SELECT count(*) FROM {FAR})", "too long"),
    "long texts for each row": (f"(SELECT count(*) FROM {FAR} WHERE instr({NEAR} || '', {HALF} || 'b' || length({IDS})) > 0) > 0", "too long"),
    "long patterns for each row": (f"(SELECT count(*) FROM {FAR} WHERE {NEAR} LIKE '%a%a%a%a%a%a%a%a%b' || length({IDS})) > 0", ""),
    "glob for each row": (f"(SELECT count(*) FROM {FAR} WHERE {NEAR} GLOB '*a*a*a*a*a*a*a*a*b' || length({IDS})) > 0", ""),
    "sorting long texts": (f"(SELECT count(DISTINCT {NEAR} || {IDS}) FROM {FAR}) > 0", "too "),
    "ordering long texts": (f"(SELECT a.id FROM {FAR} ORDER BY {NEAR} || {IDS} LIMIT 1) > ''", "too "),
    "joining long texts": (f"(SELECT count(*) FROM ({LONG}) s JOIN ({LONG}) t ON s.x = t.x) > 0", "too "),
    "a value too long": (f"length(replace({NEAR}, 'a', {HALF})) > 0", "too big"),
    "brackets": ("(" * 300 + "1" + ")" * 300, ""),
    "long expression": (" + ".join("1" for _ in range(20_000)), ""),
    "many names": (" OR ".join(f"id = 'x{number}'" for number in range(900)), ""),
    "NUL": ("id = 'a\0b'", ""),
    "half a sign": ("id = '\ud800'", ""),
    "overflow": ("abs(-9223372036854775807 - 1) > 0", "overflow"),
    "a text without end": ("id = 'x", ""),
    "a comment": ("id = 'x' /* ", "one plain expression"),
    "values": ("(VALUES (1), (2)) > 0", ""),
    "another database's tables": ("(SELECT sql FROM temp.sqlite_master) > ''", ""),
    "a table-valued function": ("(SELECT count(*) FROM json_each('[1]')) > 0", "json_each"),
    "a series": ("(SELECT count(*) FROM generate_series(1, 1e12)) > 0", ""),
    "bind": ("id = ?1", ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def database() -> Database:
    pages = {**minimal.PAGES, **{f"papers/p{number}.md": minimal.page(f"papers/p{number}.md") for number in range(ROWS)}}
    return Database(Corpus([read_page(path, text) for path, text in pages.items()]))


IN_ORDERS = ("attach", "pragma", "load_extension", "randomblob", "rows without end in the order")


@pytest.mark.parametrize(("name", "where"), [*((name, "where") for name in HOSTILE), *((name, "order-by") for name in IN_ORDERS)])
def test_it_is_refused_or_stopped_within_a_second(database: Database, name: str, where: str) -> None:
    expression, why = HOSTILE[name]
    start, memory = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        found = database.select("paper", **{"where" if where == "where" else "order_by": expression})
        assert not why, "it was answered"
        assert set(found) <= {"alpha", *(f"p{number}" for number in range(ROWS))}
    except QueryError as error:
        assert why in error.message, error.message
        assert error.code in ("query-refused", "column-unknown")
    assert time.process_time() - start < 1.5  # a second, and what a busy machine's clock adds
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 200 * 1024
    assert not Path("/tmp/evil.db").exists()
    assert not Path("/tmp/evil").exists()
    assert database.select("paper", "id = 'p1'") == ["p1"], "the database is as before"


def test_a_page_full_of_hostile_tables_is_told_for_each(tmp_path: Path) -> None:
    table = "```{{comparison-table}} papers\n:columns: name\n:caption: T\n:where: {}\n```\n\n"
    kinds = [name for name, (expression, why) in HOSTILE.items() if why and "\0" not in expression and "{" not in expression]
    chapter = "# T\n\n" + "".join(table.format(HOSTILE[name][0]) for name in kinds)
    minimal.write(tmp_path, {**minimal.PAGES, "review/tables.md": chapter})
    code, lines = minimal.check(tmp_path)
    assert code == 1
    assert {line.split(":")[0] for line in lines} == {"review/tables.md"}
    assert sum("[litreview.query-refused]" in line for line in lines) >= len(kinds) - 8, lines  # a review of one paper answers some in time
