"""Tell faults: as lines for people, as JSON for programs, as annotations for GitHub; and explain a code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from .corpus import page_files
from .diagnostics import CODES, Code, Diagnostic, suggest
from .schema import FOLDERS

FORMATS = ("text", "json", "github")
FORMAT_VERSION = 1
PAGE = "contribute/diagnostics.html"  # where each code is explained, below the site's address


def anchor(code: str) -> str:
    """Return the name under which the page of diagnostics explains a code."""
    return f"litreview-{code}"


def address(code: str, site: str = "") -> str:
    """Return where a code is explained: below the site's address, or below any copy of the site."""
    return f"{site.rstrip('/')}/{PAGE}#{anchor(code)}".lstrip("/")


def as_json(problems: Sequence[Diagnostic], pages: int, site: str = "") -> str:
    """Return faults for programs: `{"format_version", "pages", "errors": [...]}`; `help` says where the code is explained."""
    import json  # only here: the usual run needs none

    errors = [
        {
            "path": problem.path,
            "line": problem.line,
            "code": f"litreview.{problem.code}",
            "field": problem.field,
            "message": problem.message,
            "suggestion": problem.suggestion or None,
            "remedy": CODES[problem.code].remedy,
            "help": address(problem.code, site),
        }
        for problem in problems
    ]
    return json.dumps({"format_version": FORMAT_VERSION, "pages": pages, "errors": errors}, ensure_ascii=False, indent=1)


def as_annotation(problem: Diagnostic, site: str = "") -> str:
    """Return a fault as the line by which a GitHub workflow puts it on the pull request's line."""
    text = f"{problem.text}\n{CODES[problem.code].remedy}"
    if site:
        text += f"\n{address(problem.code, site)}"
    place = f"file={_property(problem.path)},line={problem.line},title={_property(f'litreview.{problem.code}')}"
    return f"::error {place}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _linked(problem: Diagnostic, site: str) -> str:
    """Return a fault's line with its code as a link (the OSC 8 sequence), for terminals."""
    code = f"[litreview.{problem.code}]"
    head = str(problem).removesuffix(code)
    return f"{head}[\x1b]8;;{address(problem.code, site)}\x1b\\{code[1:-1]}\x1b]8;;\x1b\\]"


def site_of(root: Path) -> str:
    """Return the address below which codes are explained: REVIEW_SITE, else the site built here; empty without either."""
    given = os.environ.get("REVIEW_SITE", "")
    built = root / "_build" / "html"
    return given or (built.resolve().as_uri() if (built / PAGE).is_file() else "")


def tell(problems: Sequence[Diagnostic], pages: int, form: str, root: Path) -> None:
    """Print faults on standard output in one of FORMATS, and how many there are on standard error."""
    site = site_of(root)
    public = site if site.startswith("http") else ""
    if form == "json":
        print(as_json(problems, pages, public))
    elif form == "github":
        for problem in problems:
            print(as_annotation(problem, public))
    else:
        for problem in problems:
            print(_linked(problem, site) if site and sys.stdout.isatty() else problem)
    counted = f"{len(problems) or 'no'} error{'' if len(problems) == 1 else 's'}"
    print(f"{pages} page{'' if pages == 1 else 's'} checked, {counted}", file=sys.stderr)
    if problems and form == "text":
        print(f"What a code means and how to mend it: make explain CODE={problems[0].code}", file=sys.stderr)


def find_page(root: Path, name: str) -> str | None:
    """Return the record page, as a path from the root, that a name means (papers/lima.md, lima, a whole path); None after saying why."""
    pages = page_files(root)
    wanted = Path(name)
    if wanted.is_absolute() and wanted.resolve().is_relative_to(root.resolve()):
        wanted = wanted.resolve().relative_to(root.resolve())
    plain = wanted.as_posix().removeprefix("./")
    for candidate in (plain, f"{plain}.md", *(f"{folder}/{plain}.md" for folder in FOLDERS)):
        if candidate in pages:
            return candidate
    hint = suggest(plain, pages) or suggest(plain, [Path(page).stem for page in pages])
    print(f"litreview: there is no page '{name}'{f'; did you mean {hint}?' if hint else ''}", file=sys.stderr)
    return None


def explain(names: Iterable[str]) -> int:
    """Print what codes mean and how to mend them; 2 for a code that is not one."""
    wrong = 0
    for name in names or CODES:
        code = name.strip("[]").removeprefix("litreview.")
        said: Code | None = CODES.get(code)
        if said is None:
            hint = suggest(code, CODES)
            print(f"litreview explain: '{name}' is not a code{f'; did you mean {hint}?' if hint else ''}", file=sys.stderr)
            wrong = 2
        else:
            print(f"litreview.{code}\n  {said.meaning}\n  To mend it: {said.remedy}")
    return wrong
