"""The part of a drawing that its shape alone decides: how large it is, the outlines of boxes, where their texts stand, the lines of arrows.

Many drawings have one shape: works of one line of descent, drawn around each of them. To place the boxes is what costs most.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import dist, isclose, sqrt
from typing import NamedTuple

from .labels import FONT, text_width, wrapped
from .placing import LANE, Point, layout

MARGIN = 6.0
HEAD = 7.0  # length of an arrow's head
_LINE = 14.0  # from one line of a label to the next
_PADDING = 7.0
_ROUND, _CUT = 10.0, 9.0  # corners of papers and sources


class Box(NamedTuple):
    """One record's box, before it has a place; sizes in px."""

    kind: str
    lines: int  # of text
    width: float
    height: float


class Shape(NamedTuple):
    """A drawing without names, links and answers; all in the order of its boxes and edges."""

    width: str
    height: str
    corners: tuple[Point, ...]  # of the boxes, top left, in px
    outlines: tuple[str, ...]  # of the boxes, as SVG
    texts: tuple[tuple[str, ...], ...]  # where each line of a box's text stands, as attributes
    arrows: tuple[str, ...]  # the edges' lines, as path data


@lru_cache(maxsize=4096)
def label(name: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return the lines of a name, and how wide each is."""
    lines = wrapped(name)
    return tuple(lines), tuple(map(text_width, lines))


def box(kind: str, name: str, *, signed: bool, bold: bool, arrows: int) -> Box:
    """Return the box of a record: with room for a sign after its name, for bold letters, and for so many arrows on a side."""
    lines, widths = label(name)
    if signed:
        widths = (*widths[:-1], widths[-1] + FONT * 1.4)
    return Box(kind, len(lines), round(max(widths) * (1.14 if bold else 1) + 2 * _PADDING), max(_LINE * len(lines) + 12, LANE * (arrows + 1)))


@lru_cache(maxsize=256)  # pages are written in the order of their names, and works of one line have names that are near each other
def shape(boxes: tuple[Box, ...], edges: tuple[tuple[int, int], ...]) -> Shape:
    """Return the drawing of boxes and of the edges between them, from the index of one to that of another."""
    placed = layout({number: (one.width, one.height) for number, one in enumerate(boxes)}, edges)
    corners = tuple([placed.positions[number] for number in range(len(boxes))])
    arrows = []
    for start, end in edges:
        first, *between, last = placed.paths[start, end]
        points = [_on_outline(boxes[start], corners[start], first), *between, _on_outline(boxes[end], corners[end], last)]
        arrows.append(_rounded([(x + MARGIN, y + MARGIN) for x, y in points]))
    width, height = (number(side + 2 * MARGIN) for side in placed.size)
    shifted = [(x + MARGIN, y + MARGIN) for x, y in corners]
    outlines = tuple([outline(one.kind, x, y, one.width, one.height) for one, (x, y) in zip(boxes, shifted, strict=True)])
    return Shape(width, height, corners, outlines, tuple([_texts(one, *at) for one, at in zip(boxes, shifted, strict=True)]), tuple(arrows))


def _texts(one: Box, x: float, y: float) -> tuple[str, ...]:
    first = y + one.height / 2 - _LINE * (one.lines - 1) / 2 + FONT * 0.35
    return tuple([f'x="{number(x + one.width / 2)}" y="{number(first + _LINE * line)}"' for line in range(one.lines)])


def outline(kind: str, x: float, y: float, width: float, height: float) -> str:
    """Draw a paper as a rounded box, a model as a box, a source as a box with a cut corner."""
    drawn = 'class="lineage-box" fill="none" stroke="currentColor"'
    if kind == "source":
        cut = min(_CUT, height / 2)
        return f'<path {drawn} d="M{_pair(x, y)}H{number(x + width - cut)}L{_pair(x + width, y + cut)}V{number(y + height)}H{number(x)}z"/>'
    corner = f' rx="{number(min(_ROUND, height / 2))}"' if kind == "paper" else ""
    return f'<rect {drawn} x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"{corner}/>'


def _on_outline(one: Box, corner: Point, end: Point) -> Point:
    """Move the end of an arrow from the side of the box to its outline, where a corner is rounded or cut."""
    left, right, from_corner = corner[0], corner[0] + one.width, min(end[1] - corner[1], corner[1] + one.height - end[1])
    round_, cut = min(_ROUND, one.height / 2), min(_CUT, one.height / 2)
    inset = 0.0
    if one.kind == "paper" and from_corner < round_:
        inset = round_ - sqrt(max(0.0, round_**2 - (round_ - from_corner) ** 2))
    elif one.kind == "source" and isclose(end[0], right, abs_tol=0.1) and end[1] - corner[1] < cut:
        inset = cut - (end[1] - corner[1])
    return end[0] - inset * isclose(end[0], right, abs_tol=0.1) + inset * isclose(end[0], left, abs_tol=0.1), end[1]


def _rounded(points: list[Point]) -> str:
    """Return a path through the points with its corners rounded, ending where the arrow's head begins."""
    points = [*points[:-1], _before(points[-1], points[-2], HEAD - 1.5)]
    parts = ["M{:.1f} {:.1f}".format(*points[0])]
    for index, here in enumerate(points[1:-1], 1):
        before, after = points[index - 1], points[index + 1]
        radius = min(5.0, dist(here, before) / 2, dist(here, after) / 2)
        corner = (*_before(here, before, radius), *here, *_before(here, after, radius))
        parts.append("L{:.1f} {:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}".format(*corner))
    path = "".join(parts) + "L{:.1f} {:.1f}".format(*points[-1])
    return _ZERO.sub("0", _WHOLE.sub("", path))  # each as `number` writes it, all at once


_WHOLE, _ZERO = re.compile(r"\.0(?!\d)"), re.compile(r"-0(?![.\d])")


def _before(end: Point, start: Point, by: float) -> Point:
    """Return the point that lies a bit before the end of a line."""
    length = dist(end, start)
    part = min(1.0, by / length) if length else 0.0
    return end[0] + (start[0] - end[0]) * part, end[1] + (start[1] - end[1]) * part


def number(value: float) -> str:
    """Return a number as SVG writes it, to a tenth."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _pair(x: float, y: float) -> str:
    return f"{number(x)} {number(y)}"
