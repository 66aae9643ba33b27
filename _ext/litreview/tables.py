"""Comparison tables: what a page asks for, checked, and the rows it gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .cells import Cell
from .columns import columns
from .database import Database, QueryError
from .diagnostics import Diagnostic, shorten, suggest
from .frontmatter import decode
from .markdown import directives, read_options
from .markup import check_chapter
from .page_files import read_or_refuse
from .part_tables import PARTS
from .schema import FOLDERS

if TYPE_CHECKING:
    from .corpus import Corpus

DIRECTIVE = "comparison-table"
Fault = tuple[str, str, str]  # code, message, suggestion
SUBJECTS = (*FOLDERS, *PARTS)
OPTIONS: dict[str, str] = {
    "columns": "The columns, separated by commas; the first one heads each row.",
    "where": "A condition in SQLite's language over the columns.",
    "order-by": "Columns or expressions to sort by, as in SQLite.",
    "group-by": "A column; records stand once under each of its values.",
    "caption": "What the table shows; required, because readers of screens and of lists of tables go by it.",
}


@dataclass(frozen=True)
class Request:
    """What a page asks for; `line` is where it asks, for diagnostics."""

    subject: str
    columns: tuple[str, ...] = ()
    where: str = ""
    order_by: str = ""
    group_by: str = ""
    caption: str = ""
    line: int = 1
    faults: tuple[Fault, ...] = ()  # of how it is written
    readable: bool = True  # whether anything can be said of its options

    @classmethod
    def read(cls, subject: str, content: str, line: int) -> Request:
        """Make a request from a directive's argument and the text inside it: this is the only reading of it."""
        options, problem = read_options(content)
        request = cls.from_options(subject, options, line)
        if problem and not options:
            return cls(subject.strip(), line=line, faults=(("option-bad", problem, ""),), readable=False)
        faults = [("option-bad", problem, "")] if problem else []
        for name in sorted(options.keys() - OPTIONS.keys()):
            faults.append(("option-bad", f"there is no option '{shorten(name)}'; there are: {', '.join(OPTIONS)}", suggest(name, OPTIONS)))
        return replace(request, faults=tuple(faults))

    @classmethod
    def from_options(cls, subject: str, options: Mapping[str, str], line: int) -> Request:
        """Make a request from options that were read."""
        names = tuple(name.strip() for name in options.get("columns", "").split(",") if name.strip())
        given = {key: " ".join(options.get(key, "").split()) for key in ("where", "order-by", "group-by", "caption")}
        return cls(subject.strip(), names, given["where"], given["order-by"], given["group-by"], given["caption"], line)


@dataclass(frozen=True)
class Row:
    """One row: the record it is about, and a cell for each column."""

    id: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """Rows under one heading; the heading is empty where the table is not grouped."""

    heading: Cell
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Table:
    """A table ready to be written by any builder."""

    caption: str
    headings: tuple[str, ...]
    styles: tuple[str, ...]  # for each column: 'number', 'wide' or nothing
    groups: tuple[Group, ...]
    explorer: str = ""  # JSON for the browser: how rows sort, and what they can be narrowed by


def check_request(request: Request) -> Iterator[Fault]:
    """Yield the faults of a request."""
    yield from request.faults
    if request.subject not in SUBJECTS:
        yield "option-bad", f"'{shorten(request.subject)}' is not one of {', '.join(SUBJECTS)}", suggest(request.subject, SUBJECTS)
        return
    if not request.readable:
        return
    if not request.caption:
        yield "option-bad", f"the option caption is missing; {OPTIONS['caption']}", ""
    if request.subject in PARTS:
        for name in ("columns", "where", "order_by", "group_by"):
            if getattr(request, name):
                yield "option-bad", f"the option {name.replace('_', '-')} has no meaning for {request.subject}", ""
        return
    known = columns(FOLDERS[request.subject])
    if not request.columns:
        yield "option-bad", "the option columns is missing; name at least one column", ""
    for name in (*request.columns, *([request.group_by] if request.group_by else [])):
        if name not in known:
            hint = suggest(name, known)
            yield "column-unknown", f"there is no column '{shorten(name)}'; see the field reference", hint


def faults_of(corpus: Corpus, database: Database, request: Request) -> list[Fault]:
    """Return the faults of a request, its conditions tried but no row made."""
    faults = list(check_request(request))
    if request.subject in FOLDERS:
        try:
            database.select(FOLDERS[request.subject], request.where, request.order_by)
        except QueryError as error:
            faults.append((error.code, error.message, error.suggestion))
    return faults


def build(corpus: Corpus, database: Database, request: Request) -> tuple[Table, list[Fault]]:
    """Return the table that a request asks for, as far as it is right, and its faults."""
    from .facets import explorer_data  # only a table that is made needs it, and `check` makes none

    faults = list(check_request(request))
    if request.subject not in SUBJECTS:
        return Table(request.caption, (), (), ()), faults
    if request.subject in PARTS:
        headings, styles, make = PARTS[request.subject]
        rows_of_parts = tuple(Row(record, cells) for record, cells in make(corpus))
        return Table(request.caption, headings, styles, (Group((), rows_of_parts),) if rows_of_parts else ()), faults
    kind = FOLDERS[request.subject]
    known = columns(kind)
    wanted = [known[name] for name in request.columns if name in known] or [known["name"]]
    try:
        ids = database.select(kind, request.where, request.order_by)
    except QueryError as error:
        faults.append((error.code, error.message, error.suggestion))
        ids = [page.id for page in corpus.of_kind(kind)]
    pages = [page for record_id in ids if (page := corpus.get(record_id)) is not None]
    rows = {page.id: Row(page.id, tuple(column.cell(corpus, page) for column in wanted)) for page in pages}
    groups: list[Group]
    grouping = known.get(request.group_by) if request.group_by else None
    if grouping is None or grouping.groups is None:
        groups = [Group((), tuple(rows.values()))] if rows else []
    else:
        members: dict[str, tuple[Cell, list[Row]]] = {}
        for page in pages:
            for text, heading in grouping.groups(corpus, page):
                members.setdefault(text, (heading, []))[1].append(rows[page.id])
        groups = [Group(heading, tuple(rows)) for _, (heading, rows) in sorted(members.items(), key=lambda entry: entry[0].casefold())]
    styles = tuple("number" if column.numeric and column.name != "amount" else "wide" if column.wide else "" for column in wanted)
    shown = [page for group in groups for row in group.rows if (page := corpus.get(row.id)) is not None]
    return Table(request.caption, tuple(column.label for column in wanted), styles, tuple(groups), explorer_data(corpus, kind, wanted, shown)), faults


def find_requests(text: str) -> list[Request]:
    """Return the tables that a page's text asks for, as the directive reads them; examples in code are not asked for."""
    return [Request.read(found.argument, found.content, found.line + 1) for found in directives(text, DIRECTIVE)]


def diagnose(path: str, request: Request, faults: list[Fault]) -> list[Diagnostic]:
    """Return a request's faults as diagnostics of the page that makes it."""
    return [Diagnostic(path, request.line, code, DIRECTIVE, message, suggestion) for code, message, suggestion in faults]


# Where tables may be asked for, besides record pages.
CHAPTERS = ("index.md", "review/*.md", "contribute/*.md", *(f"{folder}/index.md" for folder in FOLDERS))


def check_pages(root: Path, corpus: Corpus) -> list[Diagnostic]:
    """Return the faults of a review's chapters, and of the tables that chapters and records ask for."""
    found: list[Diagnostic] = []
    texts = [(page.path, page.body, page.body_line - 1) for page in corpus.pages]
    for name in sorted({path.relative_to(root).as_posix() for pattern in CHAPTERS for path in root.glob(pattern)}):
        data = read_or_refuse(root, name)
        if isinstance(data, Diagnostic):
            found.append(data)
            continue
        found += check_chapter(name, data, root)
        texts.append((name, decode(data)[0], 0))
    with Database(corpus) as database:
        for name, text, offset in texts:
            for request in find_requests(text):
                found += diagnose(name, replace(request, line=request.line + offset), faults_of(corpus, database, request))
    return found
