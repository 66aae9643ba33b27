"""Where a large book is cut: the compiler keeps all that it has laid out, so it is given a book in pieces that are joined afterwards.

A book is cut where a page ends anyway. Only a run of pages without such a place that is larger than a piece by itself is cut within, evenly, where a
page of the sources begins, and that begins a page of the book then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

MARK = "\n//% the next piece\n"
NEW_PAGE = "#new-page()\n"
_HEADING = re.compile(r"^#heading\(level: (\d+)", re.MULTILINE)


class Written(NamedTuple):
    """A page of the sources as Typst code, its first line the comment that names it; whether the book's page ends before it and after it."""

    docname: str
    code: str
    begins_page: bool
    ends_page: bool


def level_of(code: str) -> int:
    """Return the level of the first heading in a piece, from 1; without any it is 1."""
    found = _HEADING.search(code)
    return int(found[1]) if found else 1


def cut(pages: Sequence[Written], largest: int) -> list[list[Written]]:
    """Return the pieces of a book; each has at most `largest` characters of code, if no page of the sources has more; 0 leaves a book whole."""
    if not largest or sum(len(page.code) for page in pages) <= largest:
        return [list(pages)]
    pieces: list[list[Written]] = [[]]
    for run in _runs(pages):
        for part in _parts(run, largest):
            if pieces[-1] and _size(pieces[-1]) + _size(part) > largest:
                pieces.append([])
            pieces[-1] += part
    return pieces


def _size(pages: Sequence[Written]) -> int:
    return sum(len(page.code) for page in pages)


def _runs(pages: Sequence[Written]) -> list[list[Written]]:
    """Return the pages in runs between which a page of the book ends anyway."""
    runs: list[list[Written]] = []
    ended = True
    for page in pages:
        if ended or page.begins_page:
            runs.append([])
        runs[-1].append(page)
        ended = page.ends_page
    return runs


def _parts(run: list[Written], largest: int) -> list[list[Written]]:
    """Cut a run that is too large into parts of about one size, each of which begins a page."""
    size = _size(run)
    wanted = size / -(-size // largest)
    parts: list[list[Written]] = [[]]
    for page in run:
        if parts[-1] and (_size(parts[-1]) + len(page.code) / 2 > wanted or _size(parts[-1]) + len(page.code) > largest):
            parts.append([])
            origin, _, code = page.code.lstrip("\n").partition("\n")
            page = page._replace(code=f"\n{origin}\n{NEW_PAGE}{code}", begins_page=True)
        parts[-1].append(page)
    return parts
