"""The review's command line: `python -m litreview check`, `new`, `query`, `verdict`, `export` and more."""

from __future__ import annotations

import argparse
import gc
import io
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from .corpus import Corpus
    from .diagnostics import Diagnostic


def _load(root: Path) -> Corpus:
    from .corpus import load

    gc.disable()  # one pass over many small objects that all live to the end: collecting only costs time
    return load(root)


def _faults(root: Path, corpus: Corpus) -> list[Diagnostic]:
    """Return every fault of the pages, the tables on them, and the change log."""
    from . import changelog
    from .tables import check_pages

    return sorted({*corpus.check(), *check_pages(root, corpus), *changelog.check(changelog.load(root), corpus)})


def _check(arguments: argparse.Namespace) -> int:
    gc.disable()  # as `_load` does, and before the imports, whose classes live to the end too
    from .report import find_page, tell

    only = find_page(arguments.root, arguments.page) if arguments.page else ""
    if only is None:
        return 2
    corpus = _load(arguments.root)
    if not corpus.pages:
        print(f"{arguments.root}: no pages in papers/, models/, licenses/ or sources/", file=sys.stderr)
        return 1
    problems = _faults(arguments.root, corpus)
    if arguments.fix:
        from .fixes import fix

        if fix(arguments.root, corpus, problems, only):
            corpus = _load(arguments.root)
            problems = _faults(arguments.root, corpus)
    if only:
        problems = [problem for problem in problems if problem.path == only]
    tell(problems, 1 if only else len(corpus.pages), arguments.format, arguments.root)
    return 1 if problems else 0


def _new(arguments: argparse.Namespace) -> int:
    from .scaffold import new

    return new(arguments)


def _tidy(arguments: argparse.Namespace) -> int:
    from .scaffold import tidy_page

    return tidy_page(arguments)


def _stale(arguments: argparse.Namespace) -> int:
    from .stale import stale

    return stale(arguments)


def _live(arguments: argparse.Namespace) -> int:
    try:
        from .extension.live import serve
    except ImportError as error:
        print(f"litreview live: {error.name} is missing: `make live` installs it", file=sys.stderr)
        return 2
    return serve(arguments)


def _explain(arguments: argparse.Namespace) -> int:
    from .report import explain

    return explain(arguments.codes)


def _query(arguments: argparse.Namespace) -> int:
    from .cells import plain
    from .columns import columns
    from .database import Database
    from .diagnostics import suggest
    from .schema import FOLDERS
    from .tables import Request, build

    if arguments.subject not in FOLDERS:
        hint = suggest(arguments.subject, FOLDERS)
        meant = f"; did you mean '{hint}'?" if hint else ""
        print(f"litreview query: '{arguments.subject}' is not one of {', '.join(FOLDERS)}{meant} [litreview.option-bad]", file=sys.stderr)
        return 2
    names = tuple(name.strip() for name in arguments.columns.split(",") if name.strip())
    request = Request(arguments.subject, names, arguments.where, arguments.order_by, caption="query")
    corpus = _load(arguments.root)
    with Database(corpus) as database:
        table, faults = build(corpus, database, request)
    if faults:
        for code, message, suggestion in faults:
            hint = f"; did you mean '{suggestion}'?" if suggestion else ""
            print(f"litreview query: {message}{hint} [litreview.{code}]", file=sys.stderr)
        return 2
    rows = [row for group in table.groups for row in group.rows]
    if arguments.json:
        known = columns(FOLDERS[arguments.subject])
        pages = {page.id: page for page in corpus.pages}
        values = [{"id": row.id, **{name: known[name].value(corpus, pages[row.id])[0] for name in names}} for row in rows]
        print(json.dumps(values, ensure_ascii=False, indent=1))
    else:
        print("\t".join(names))
        for row in rows:
            print("\t".join(plain(cell).replace("\t", " ") for cell in row.cells))
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from . import changelog
    from .diagnostics import suggest
    from .edition import edition_of
    from .export import EXPORTS, FOLDER, Contents, stream
    from .files import write_together
    from .memory import paused_collector

    names = list(EXPORTS) if arguments.format == "all" else [arguments.format]
    if names[0] not in EXPORTS:
        hint = suggest(arguments.format, EXPORTS)
        meant = f"; did you mean '{hint}'?" if hint else ""
        print(f"litreview export: '{arguments.format}' is not one of all, {', '.join(EXPORTS)}{meant}", file=sys.stderr)
        return 2
    root = arguments.root
    contents = Contents(_load(root), edition=edition_of(root), changes=changelog.load(root))
    target = folder = arguments.output or Path("_build")
    made: list[str] = []

    def each() -> Iterator[tuple[str, bytes | Path]]:
        for path, data in stream(contents, names):
            # Of one format, only what lies below the folder for data; of all, what the site has.
            name = path.removeprefix(FOLDER) if arguments.output and len(names) == 1 else path
            made.append(target.name if folder != target else name)
            yield made[-1], data or b""

    if len(names) == 1 and not EXPORTS[names[0]].several and arguments.output:
        folder = target.parent
    try:
        with paused_collector():
            write_together(folder, each())
    except OSError as error:
        print(f"litreview export: {error.filename or target}: {error.strerror or error}", file=sys.stderr)
        return 2
    if len(made) == 1:
        print(folder / made[0])
    else:
        print(f"{folder}: {len(made)} files")
    return 0


def _verdict(arguments: argparse.Namespace) -> int:
    from .recipe import RecipeError, cook

    try:
        if not arguments.base and not arguments.data:
            raise RecipeError("name a base model with --base, data sets with --data, or both")
        found = cook(_load(arguments.root), arguments.base, arguments.data, arguments.question, merge=arguments.merge)
    except RecipeError as error:
        print(f"litreview verdict: {error}", file=sys.stderr)
        return 2
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    print(f"{arguments.question}: {found['answer']}")
    for one, other in found["excluded"]:
        print(f"  {one} and {other} are share-alike licences that exclude each other: one work cannot be made of both")
    for part in found["because"]:
        print(f"  {part['ingredient']}: {part['answer']}")
        for reason in part["reasons"]:
            print(f"    - {reason}")
    for name, what in (("scope", "other models that are meant"), ("restricts", "limits"), ("requires", "duties")):
        if found[name]:
            print(f"  {what}: {', '.join(found[name])}")
    print("  What base models were pretrained on is left out. Not legal advice.")
    return 0


def _release(arguments: argparse.Namespace) -> int:
    import datetime

    from . import release

    try:
        if not arguments.pack:
            changed = release.prepare(arguments.root, arguments.version, arguments.day or datetime.datetime.now(datetime.UTC).date().isoformat())
            print(f"{arguments.version}: {', '.join(changed) + ' written' if changed else 'nothing to change'}")
            return 0
        for path in release.pack(arguments.root, arguments.version, arguments.root / "_build/html", arguments.root / "_build/release"):
            print(path)
        print(release.steps_left(arguments.version, release.is_committed(arguments.root)), end="")
        return 0
    except release.ReleaseError as error:
        print(f"litreview release: {error}", file=sys.stderr)
    except OSError as error:
        print(f"litreview release: {error.filename}: {error.strerror or error}", file=sys.stderr)
    return 2


def main(argv: list[str] | None = None) -> int:
    """Run a command and return its exit code: 0 well, 1 faults found, 2 a wrong call."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # pages hold letters that some terminals cannot print
    parser = argparse.ArgumentParser(prog="litreview", description="Check, query and export the review without Sphinx.")
    commands = parser.add_subparsers(dest="command", required=True)
    root = argparse.ArgumentParser(add_help=False)
    root.add_argument("--root", type=Path, default=Path(), help="the review's folder (default: the current one)")

    check = commands.add_parser("check", parents=[root], help="tell every fault of every page")
    check.add_argument("--page", help="tell only this page's: papers/lima.md")
    check.add_argument("--format", default="text", choices=("text", "json", "github"), help="how faults are told")
    check.add_argument("--fix", action="store_true", help="mend what has one right answer, and show what was changed")
    check.set_defaults(run=_check)

    new = commands.add_parser("new", parents=[root], help="start a page: what can be looked up is filled in, the rest explained")
    new.add_argument("kind", choices=("paper", "model", "license", "source"))
    new.add_argument("--id", default="", help="the file's name without .md; left out, it is made from the title")
    new.add_argument("--arxiv", default="", help="an arXiv id or address")
    new.add_argument("--doi", default="", help="a DOI or its address, looked up at Crossref")
    new.add_argument("--bibtex", default="", help="a BibTeX file")
    new.add_argument("--key", default="", help="which of the BibTeX file's entries")
    new.add_argument("--spdx", default="", help="a licence's SPDX id, or LicenseRef-… for other terms")
    new.add_argument("--title", default="", help="the title")
    new.add_argument("--url", default="", help="where the work, site or licence is read")
    new.set_defaults(run=_new)

    tidy = commands.add_parser("tidy", parents=[root], help="take the scaffold's explanations off a page")
    tidy.add_argument("page")
    tidy.set_defaults(run=_tidy)

    stale = commands.add_parser("stale", parents=[root], help="list what is worth looking up next, by how many verdicts hang on it")
    stale.add_argument("--months", type=int, default=12, help="evidence last read longer ago is old (default: 12)")
    stale.add_argument("--kind", choices=("disagreement", "unsourced", "second-hand", "unread", "old"), help="only one kind of task")
    stale.add_argument("--limit", type=int, default=40, help="how many to list (default: 40)")
    stale.add_argument("--today", help="count from another day: 2026-11-22")
    stale.set_defaults(run=_stale)

    live = commands.add_parser("live", parents=[root], help="show the review in the browser, and anew whenever a page is saved")
    live.add_argument("--port", type=int, default=0, help="where to serve it (default: a free port)")
    live.add_argument("--open", action="store_true", help="open the browser")
    live.set_defaults(run=_live)

    explain = commands.add_parser("explain", parents=[root], help="say what a diagnostic's code means and how to mend it")
    explain.add_argument("codes", nargs="*", help="a code such as date-bad; without one, all")
    explain.set_defaults(run=_explain)

    query = commands.add_parser("query", parents=[root], help="list records that meet a condition")
    query.add_argument("subject", help="papers, models, licenses or sources")
    query.add_argument("--where", default="", help="a condition in SQLite's language over the columns")
    query.add_argument("--order-by", default="", help="columns to sort by")
    query.add_argument("--columns", default="id", help="columns to show, separated by commas")
    query.add_argument("--json", action="store_true", help="plain values as JSON; missing ones are null")
    query.set_defaults(run=_query)

    export = commands.add_parser("export", parents=[root], help="write the review as data")
    export.add_argument("format", help="what to write, such as json, sqlite, facts or bibtex; all for everything; contribute/data.md lists them")
    export.add_argument("--output", type=Path, help="the file to write, or the folder where a format has several (default: in _build/)")
    export.set_defaults(run=_export)

    verdict = commands.add_parser("verdict", parents=[root], help="what a model tuned from a base with data sets may be used for")
    verdict.add_argument("--base", help="a base model, with or without its size: llama-2/7B")
    verdict.add_argument("--data", action="append", default=[], help="a paper whose data are used; may be repeated")
    verdict.add_argument("--question", default="commercial-use", help="commercial-use, redistribution or train-another-model")
    verdict.add_argument("--merge", action="store_true", help="the data sets are merged into one work that is passed on, not kept side by side")
    verdict.add_argument("--json", action="store_true", help="the answer as JSON")
    verdict.set_defaults(run=_verdict)

    release = commands.add_parser("release", parents=[root], help="set the version and date the change log; then, with --pack, pack what was built")
    release.add_argument("version", help="such as 1.2.3")
    release.add_argument("--day", default="", help="the day of the release (default: today)")
    release.add_argument("--pack", action="store_true", help="pack source, site and data into _build/release/")
    release.set_defaults(run=_release)

    arguments = parser.parse_args(argv)
    if not arguments.root.is_dir():
        parser.error(f"--root: '{arguments.root}' is not a folder")
    result: int = arguments.run(arguments)
    return result


def _run() -> NoReturn:
    """Run as a program: end quietly when the reader of a pipe has gone, and without taking thousands of records apart one by one."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # as other programs do; Python's own way is a traceback
    try:
        code = main()
        sys.stdout.flush()
        sys.stderr.flush()
    except SystemExit as leaving:
        sys.exit(leaving.code)
    os._exit(code)


if __name__ == "__main__":
    _run()
