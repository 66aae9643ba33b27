"""CSV: a relation as a file, for spreadsheets and for programs.

UTF-8, commas, quotation marks where needed, lines ended with CR LF (RFC 4180). A missing value is an empty cell; the state
column beside it says which kind of missing it is. A text that a spreadsheet would run as a formula is written with an
apostrophe in front: take one apostrophe off a cell that starts with one, and every text is what it was (`restore`).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..edition import CREATORS, LICENSE_URL, TITLE
from .relation import Attribute, Relation
from .relations import RELATIONS
from .spool import told_of

if TYPE_CHECKING:
    from .contents import Contents

# What makes a spreadsheet run a cell (also in their full-width forms), and the apostrophe itself, so that it can be undone.
RUNS = tuple("=+-@\t\r＝＋－＠'")

CONTEXT = "http://www.w3.org/ns/csvw"
DIALECT: dict[str, Any] = {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True}
FILES = ("papers", "models", "licenses", "sources", "facts", "lineage", "verdicts")
_EDITION = Attribute("edition", "Which edition of the review the row is from: release, commit where there is one, format version, licence of the data.")


def neutral(text: str) -> str:
    """Return a text as a cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith(RUNS) else text


def restore(cell: str) -> str:
    """Return the text that a cell stands for."""
    return cell.removeprefix("'")


def attributes(relation: Relation) -> tuple[Attribute, ...]:
    """Return the columns of a relation's file."""
    return (*relation.attributes, _EDITION)


def path(name: str) -> str:
    """Return a relation's file, from the site's root."""
    return f"data/{name}.csv"


class File:
    """A relation as a CSV file among the contents' own."""

    def __init__(self, contents: Contents, name: str) -> None:
        self.path, self._name = contents.folder / f"{name}.csv", name
        self._write("wb", _head(name))

    def take(self, part: Contents) -> None:
        """Take some records in."""
        self._write("ab", "".join([f"{line}\r\n" for line in _rows(part, self._name)]))

    def _write(self, mode: str, text: str) -> None:
        with told_of(path(self._name)), open(self.path, mode) as file:  # noqa: PTH123
            file.write(text.encode())


@cache
def product(name: str) -> Callable[[Contents], File]:
    """Return what makes a relation's file; always the same."""
    return lambda contents: File(contents, name)


def write(contents: Contents, name: str) -> bytes | Path:
    """Return a relation as a CSV file: its bytes, or where it lies."""
    lines = _updated(contents, name)
    if lines is not None:
        return "".join([_head(name), *[f"{line}\r\n" for line in lines]]).encode()
    return contents.product(product(name)).path


def _head(name: str) -> str:
    return f"{_lines([[attribute.name for attribute in attributes(RELATIONS[name])]])[0]}\r\n"


def _rows(contents: Contents, name: str) -> list[str]:
    edition, runs = contents.edition.line, RUNS
    return _lines(
        [f"'{value}" if type(value) is str and value.startswith(runs) else value for value in row] + [edition] for row in contents.rows(name)
    )  # fmt: skip


def _lines(rows: Iterable[list[Any]]) -> list[str]:
    """Return rows as lines without their ends; no cell has a line break in it, since texts are read as one line."""
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().split("\r\n")[:-1]


def _updated(contents: Contents, name: str) -> list[str] | None:
    """Return the lines of the last build's file with those of changed records in place of their former ones, or None where all must be made."""
    data = contents.former.read(path(name))
    if data is None:
        return None
    numbered = RELATIONS[name].is_numbered
    lines: dict[str, list[str]] = {page.id: [] for page in contents.pages}
    for line in data.decode().split("\r\n")[1:-1]:
        owner = line.split(",", 2)[numbered]
        if owner not in lines:
            return None
        lines[owner].append(line)
    changed: dict[str, list[str]] = {page.id: [] for page in contents.changed.pages}
    for line in _rows(contents.changed, name):
        changed[line.split(",", 2)[numbered]].append(line)
    if numbered:  # counted through the whole review
        if any(len(new) != len(lines[owner]) for owner, new in changed.items()):
            return None
        changed = {
            owner: [f"{old.partition(',')[0]},{line.partition(',')[2]}" for line, old in zip(new, lines[owner], strict=True)] for owner, new in changed.items()
        }
    return [line for found in (lines | changed).values() for line in found]


_TYPES = {"text": "string", "number": "number", "truth": "boolean"}


@cache
def _tables() -> str:
    """Return what the files' columns mean, as JSON; it depends on the code alone."""
    tables: list[dict[str, Any]] = []
    for name in FILES:
        relation = RELATIONS[name]
        foreign = [
            {"columnReference": attribute.name, "reference": {"resource": f"{table}.csv", "columnReference": column}}
            for attribute in relation.attributes
            for table, _, column in [attribute.points_at.partition(".")]
            if table in FILES and attribute.points_at
        ]
        tables.append(
            {
                "url": f"{name}.csv",
                "dc:description": relation.help,
                "tableSchema": {
                    "columns": [
                        {"name": attribute.name, "titles": attribute.name, "dc:description": attribute.help, "datatype": datatype(attribute)}
                        for attribute in attributes(relation)
                    ],
                    **({"primaryKey": list(relation.key)} if relation.key else {}),
                    **({"foreignKeys": foreign} if foreign else {}),
                },
            }
        )
    return json.dumps(tables, ensure_ascii=False, indent=1)


def metadata(contents: Contents) -> bytes:
    """Return what the CSV files hold, as CSV on the Web says it (`csv-metadata.json`)."""
    head = {
        "@context": CONTEXT,
        "dc:title": TITLE,
        "dc:creator": CREATORS,
        "dc:license": {"@id": LICENSE_URL},
        **{f"schema:{name}": text for name, text in contents.edition.stated.items()},
        "dialect": DIALECT,
    }
    return f'{json.dumps(head, ensure_ascii=False, indent=1)[:-2]},\n"tables": {_tables()}\n}}\n'.encode()


def datatype(attribute: Attribute) -> Any:
    """Return what a column holds, in the words of CSV on the Web."""
    return {"base": "boolean", "format": "1|0"} if attribute.kind == "truth" else _TYPES[attribute.kind]
