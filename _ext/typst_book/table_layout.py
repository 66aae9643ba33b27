"""How a table fits a page: its type size, its columns' widths, and whether it needs a landscape page.

Nothing here can measure letters; an average is enough, because cells wrap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

PORTRAIT, LANDSCAPE = 453.0, 700.0  # pt of text width on A4; other papers differ by little
SIZES = (8.5, 8.0, 7.4, 6.8)  # pt, tried in this order
_LETTER = 0.49  # em, of an average letter of a humanist sans
_PADDING = 7.0  # pt, left and right of a cell's text together
_WORD = 16  # letters of the longest word that is not broken, if it can be helped
_FEW = 5  # columns: fewer need no wide page
_SMALL = 0.6  # of a page's width: what asks for less is not stretched
_SHORTEST = 7  # letters that a column holds at least
_TALL = 7.0  # lines of an average row: more are better read on a wider page


@dataclass(frozen=True)
class Layout:
    """Widths in pt, type size in pt, letters of a word before it may be broken, and whether the page is turned."""

    widths: tuple[float, ...]
    size: float
    longest: int
    landscape: bool
    fills: bool = True  # whether it is as wide as the page; tables of few words are as wide as those


def layout(rows: Sequence[Sequence[str]], columns: int, given: Sequence[float] = (), wide: int = 8) -> Layout:
    """Lay out a table whose cells have these texts; `given` are relative widths that the author asked for.

    Tables of `wide` or more columns are turned; others are where their rows would get tall or their words be cut.
    """
    if not columns:
        return Layout((), SIZES[0], _WORD, False)
    natural = tuple(_natural(rows, column, SIZES[0]) for column in range(columns))
    if not given and sum(natural) < _SMALL * PORTRAIT:
        return Layout(natural, SIZES[0], _WORD, False, fills=False)
    upright = _fit(rows, columns, given, PORTRAIT, SIZES[:3])
    if columns < wide and (columns < _FEW or (upright.longest >= _WORD - 4 and _average_height(rows, upright) <= _TALL)):
        return upright
    turned = _fit(rows, columns, given, LANDSCAPE, SIZES)
    return Layout(turned.widths, turned.size, turned.longest, True)


def _fit(rows: Sequence[Sequence[str]], columns: int, given: Sequence[float], width: float, sizes: Sequence[float]) -> Layout:
    """Return the largest type in which every word fits; where none does, the smallest with words broken."""
    for longest in (_WORD, 12, 9, _SHORTEST):
        for size in sizes:
            least = [_least(rows, column, longest, size) for column in range(columns)]
            if sum(least) <= width:
                return Layout(_shared(rows, least, given, width), size, longest, False)
    return Layout((width / columns,) * columns, sizes[-1], max(3, int((width / columns - _PADDING) / (sizes[-1] * _LETTER))), False)


def _least(rows: Sequence[Sequence[str]], column: int, longest: int, size: float) -> float:
    """Return the width that holds a column's longest word; no line ends before a digit, so dates are one word."""
    words = (len(word) for row in rows if column < len(row) for word in re.split(r"[\s\u200b]+|[/-]+(?!\d)", row[column]))
    return max(min(max(words, default=1), longest), 2) * size * (_LETTER + 0.05) + _PADDING


def _natural(rows: Sequence[Sequence[str]], column: int, size: float) -> float:
    """Return the width that holds a column's longest line."""
    lines = (len(line) for row in rows if column < len(row) for line in row[column].split("\n"))
    return round(max(max(lines, default=1), 3) * size * (_LETTER + 0.09) + _PADDING + 2, 1)


def _shared(rows: Sequence[Sequence[str]], least: Sequence[float], given: Sequence[float], width: float) -> tuple[float, ...]:
    """Share a width among columns: as asked for, else by the text they hold, and none below its least."""
    weights = list(given) if len(given) == len(least) else [_weight(rows, column) for column in range(len(least))]
    fixed: dict[int, float] = {}
    while True:
        rest, share = width - sum(fixed.values()), sum(weight for column, weight in enumerate(weights) if column not in fixed)
        found = {column: fixed.get(column, rest * weight / share if share else 0) for column, weight in enumerate(weights)}
        short = [column for column, wide in found.items() if column not in fixed and wide < least[column]]
        if not short:
            return tuple(round(found[column], 1) for column in range(len(least)))
        fixed |= {column: least[column] for column in short}


def _weight(rows: Sequence[Sequence[str]], column: int) -> float:
    """Return how much room a column's text asks for: its average and its longest cell, the latter less."""
    lengths = [len(row[column]) for row in rows if column < len(row)] or [1]
    return float(max(4.0, (sum(lengths) / len(lengths) + max(lengths) / 5) ** 0.8))


def row_height(row: Sequence[str], found: Layout) -> float:
    """Return the lines of a row."""
    letters = [max(1.0, (width - _PADDING) / (found.size * _LETTER)) for width in found.widths]
    return max((sum(-(-len(line) // fits) for line in text.split("\n")) for text, fits in zip(row, letters, strict=False)), default=1.0)


def _average_height(rows: Sequence[Sequence[str]], found: Layout) -> float:
    """Return the lines of an average row."""
    lines = [row_height(row, found) for row in rows]
    return sum(lines) / len(lines) if lines else 0.0
