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
_BLOCK = 100  # measured: memory grows with blocks, for which this stands, more than with characters
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


def weight(code: str) -> int:
    """Return how large a source is: its characters, and for each block of content in it, a cell or a link, what that takes of memory more."""
    return len(code) + _BLOCK * code.count("[")


def cut(pages: Sequence[Written], largest: int) -> list[list[Written]]:
    """Return the pieces of a book; each weighs `largest` at most, if no page of the sources weighs more; 0 leaves a book whole."""
    pieces: list[list[Written]] = [[]]
    held = 0
    for run in _runs(pages):
        for part, heavy in _parts(run, largest):
            if pieces[-1] and held + heavy > largest > 0:
                pieces.append([])
                held = 0
            pieces[-1] += part
            held += heavy
    return pieces


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


def _parts(run: list[Written], largest: int) -> list[tuple[list[Written], int]]:
    """Return a run with its weight; one that is too large is cut into parts of about one weight, each of which begins a page."""
    weights = [weight(page.code) for page in run]
    whole = sum(weights)
    if whole <= largest or not largest:
        return [(run, whole)]
    wanted = whole / -(-whole // largest)
    parts: list[tuple[list[Written], int]] = []
    for page, heavy in zip(run, weights, strict=True):
        held = parts[-1][1] if parts else 0
        if not parts or held + heavy / 2 > wanted or held + heavy > largest:
            origin, _, code = page.code.lstrip("\n").partition("\n")
            parts.append(([page._replace(code=f"\n{origin}\n{NEW_PAGE}{code}", begins_page=True) if parts else page], heavy))
        else:
            parts[-1] = ([*parts[-1][0], page], held + heavy)
    return parts
