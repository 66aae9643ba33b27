"""Charts where looking beats reading: static SVG that follows the page's colours, and the same numbers as a table.

Amounts are drawn on a logarithmic scale. Each series has a shape and a colour of its own, so that colour is never needed;
the colours have a contrast of at least 3 to 1 on white and on black.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from .cells import Cell, Mark, RecordLink, cell, text_cell
from .columns import columns
from .display import words
from .facets import ANSWERS, facets
from .tables import Group, Row, Table

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page

COLOURS = ("#0072b2", "#c4541a", "#008a63", "#b5548e", "#8a6d1f", "#6a62c9", "#3d8291", "#a0522d", "#7a7a7a", "#4f7d2c")
SHAPES = ("round", "square", "triangle", "triangled", "x", "+", "<", ">", "square", "square")
_DIAMOND, _STAR = "5,0 10,5 5,10 0,5", "5,0 6.5,3.4 10,3.8 7.4,6.3 8.1,10 5,8.1 1.9,10 2.6,6.3 0,3.8 3.5,3.4"
REDRAWN = dict(zip(COLOURS[8:], (_DIAMOND, _STAR), strict=True))  # the library has eight shapes that can be told apart
WIDTH = 760


@dataclass(frozen=True)
class Chart:
    """One chart: what it shows, its drawing, and its numbers."""

    title: str
    svg: str
    table: Table


def _style(height: int) -> str:
    """Return the drawing's style; `currentColor` is the page's text colour, light or dark, and black on paper."""
    return f"""
    Canvas {{ color: none; width: {WIDTH}; height: {height}; }}
    Graph {{ color: none; edge_color: currentColor; edge_width: 1; font_size: 13; }}
    Graph.TickX, Graph.TickY, BarChart.TickX, BarChartHoriz.TickX, BarChartHoriz.TickY {{ color: currentColor; font_size: 13; height: 5; stroke_width: 1; }}
    Graph.GridX, Graph.GridY, BarChartHoriz.GridX {{ color: #9a9a9a; stroke: dotted; stroke_width: 0.4; }}
    BarChartHoriz.GridY {{ color: none; }}
    Graph.XName, Graph.YName {{ color: currentColor; font_size: 13; }}
    Graph.Legend {{ color: none; edge_color: none; radius: 30; stroke_width: 0; pad: 6; }}
    Graph.LegendText {{ color: currentColor; font_size: 13; }}
    Text {{ color: currentColor; font_size: 11; }}
    Bar, BarsHoriz {{ edge_color: {COLOURS[0]}; edge_width: 0; }}
    Scatter {{ edge_color: none; edge_width: 0; radius: 5; }}
    """


def _drawn(diagram: Any, key: str, title: str, description: str) -> str:
    """Return a diagram as SVG whose ids are the page's only ones, with a name for those who do not see it."""
    element = diagram.svgxml()
    text = ElementTree.tostring(element, encoding="unicode")
    text = re.sub(r'(\bid="|url\(#|href="#)', rf"\1{key}-", text)
    text = re.sub(r'\b(fill|stroke)="black"', r'\1="currentColor"', text)  # ticks take no colour from the style
    text = text.replace('stroke="lightgray"', 'stroke="currentColor" stroke-opacity="0.2"')  # nor does the grid, which must be faint on any ground
    text = re.sub(r'(<rect [^>]*fill="#[^>]*)stroke="currentColor"', r'\1stroke="none"', text)  # a bar needs no border
    text = text.replace('viewBox="5 0 10 10" refX="5"', 'viewBox="5 0 10 10" refX="10"').replace(
        'viewBox="-5 0 10 10" refX="5"', 'viewBox="-5 0 10 10" refX="0"'
    )
    for colour, points in REDRAWN.items():  # the library has eight shapes that can be told apart, and two of them beside their point
        text = re.sub(rf'(<marker [^>]*fill="{colour}"[^>]*>)<polygon[^>]*/>', rf'\1<polygon points="{points}" />', text)
    head = f'<svg class="chart" role="img" aria-labelledby="{key}-title {key}-description" '
    named = f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-description">{escape(description)}</desc>'
    text = text.replace("<svg ", head, 1).replace('font-family="sans-serif"', 'font-family="Liberation Sans, Arial, sans-serif"')
    return re.sub(r"(<svg [^>]*>)", rf"\1{named}", text, count=1)


def _when(text: str) -> float:
    """Return a date of whatever precision as a number of years; a month or year stands in its middle."""
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    if not month:
        return year + 0.5
    middle = date(year, month, day or 15)
    return year + (middle.timetuple().tm_yday - 1) / 365.25


def _amount(corpus: Corpus, page: Page) -> float | None:
    value, _ = columns("paper")["amount"].value(corpus, page)
    return float(value) if isinstance(value, (int, float)) and value > 0 else None


def _power(exponent: int) -> str:
    return {6: "1 million", 9: "1 billion"}.get(exponent) or (f"{10**exponent:,}" if exponent < 6 else f"{10 ** (exponent - 6)} million")


def _labelled(points: list[tuple[float, float, str]], x_scale: float, y_scale: float) -> Iterable[tuple[float, float, str]]:
    """Yield the points whose name can stand beside them without lying on another name or point."""
    taken = [(x * x_scale - 6, y * y_scale - 6, x * x_scale + 6, y * y_scale + 6) for x, y, _ in points]
    for x, y, name in points:
        left, low = x * x_scale + 12, y * y_scale - 6
        box = (left, low, left + 6.2 * len(name), low + 12)
        if not any(box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in taken):
            taken.append(box)
            yield x, y, name


def _timeline(corpus: Corpus, name: str, title: str, series_of: Callable[[Corpus, Page], tuple[str, Cell]], order: tuple[str, ...], heading: str) -> Chart:
    found: list[tuple[str, float, float, str]] = []
    rows = []
    shown = columns("paper")
    for page in sorted(corpus.of_kind("paper"), key=lambda page: (page.record.get("published", ""), page.id)):
        series, series_cell = series_of(corpus, page)
        amount = _amount(corpus, page)
        if amount is not None and "published" in page.record:
            found.append((series, _when(page.record["published"]), math.log10(amount), page.short))
        rows.append(
            Row(page.id, (cell(RecordLink(page.id, page.short)), shown["published"].cell(corpus, page), shown["amount"].cell(corpus, page), series_cell))
        )
    names = [series for series in order if any(series == one[0] for one in found)]
    names += sorted({one[0] for one in found} - set(names))
    caption = f"{title}: the numbers"
    table = Table(caption, ("Work", "Published", "Amount of instruction data", heading), ("", "", "", ""), (Group((), tuple(rows)),) if rows else ())
    said = f"{len(found)} of {len(rows)} works, by date of publication and amount of instruction data on a logarithmic scale; the table has the numbers."
    return Chart(title, _scattered(f"chart-{name}", title, said, tuple(found), tuple(names)), table)


@lru_cache(maxsize=16)  # `make live` builds in copies of one process: of the same points the drawing is there already
def _scattered(key: str, title: str, said: str, found: tuple[tuple[str, float, float, str], ...], names: tuple[str, ...]) -> str:
    import ziaplot  # only a build draws

    height = 460
    ziaplot.css(_style(height))
    diagram = ziaplot.Graph()
    diagram.size(WIDTH, height)
    if found:
        years = range(math.floor(min(one[1] for one in found)), math.ceil(max(one[1] for one in found)) + 1)
        powers = range(math.floor(min(one[2] for one in found)), math.ceil(max(one[2] for one in found) + 0.02) + 1)
        diagram.xticks(tuple(years), tuple(map(str, years))).xrange(years[0], years[-1] + 0.35)
        diagram.yticks(tuple(powers), tuple(map(_power, powers))).yrange(powers[0], powers[-1])
        for number, series in enumerate(names):
            points = [(x, y) for one, x, y, _ in found if one == series] * 2  # of a single point the library makes a path without an end
            marks = ziaplot.Scatter([x for x, _ in points], [y for _, y in points]).name(series)
            diagram.add(marks.marker(SHAPES[number % len(SHAPES)]).color(COLOURS[number % len(COLOURS)]))
        x_scale, y_scale = 540 / max(len(years) - 0.65, 1), 400 / max(len(powers) - 1, 1)
        for x, y, label in _labelled([(x, y, short) for _, x, y, short in found], x_scale, y_scale):
            diagram.add(ziaplot.Text(x + 12 / x_scale, y, label, halign="left", valign="center"))
        diagram.legend("right")
    return _drawn(diagram, key, title, said)


def _bars(name: str, title: str, heading: str, counts: dict[str, int]) -> Chart:
    rows = tuple(Row("", (text_cell(label), text_cell(str(count)))) for label, count in counts.items())
    said = "; ".join(f"{label}: {count}" for label, count in counts.items())
    table = Table(f"{title}: the numbers", (heading, "Works"), ("", "number"), (Group((), rows),) if rows else ())
    return Chart(title, _barred(f"chart-{name}", title, said, tuple(counts.items())), table)


@lru_cache(maxsize=16)
def _barred(key: str, title: str, said: str, counts: tuple[tuple[str, int], ...]) -> str:
    import ziaplot

    height = 46 + 26 * max(len(counts), 1)
    ziaplot.css(_style(height))
    diagram = ziaplot.BarChartHoriz()
    for label, count in counts:
        diagram.add(ziaplot.Bar(count).name(label).color(COLOURS[0]))
    diagram.size(WIDTH, height)
    most = max((count for _, count in counts), default=1)
    step = max(1, math.ceil(most / 8))
    ticks = tuple(range(0, most + step, step))
    diagram.xticks(ticks, tuple(map(str, ticks))).xrange(0, ticks[-1] + 0.3 * step)
    return _drawn(diagram, key, title, said)


def _by_method(corpus: Corpus, page: Page) -> tuple[str, Cell]:
    """Return the method that the page names first, and all of them for the table."""
    methods = page.record.get("method", [])
    return (words(methods[0]) if methods else "unknown"), columns("paper")["method"].cell(corpus, page)


def _by_verdict(corpus: Corpus, page: Page) -> tuple[str, Cell]:
    answer = corpus.verdicts.lineage(page, "data", "commercial-use").answer
    return words(answer), cell(Mark(answer))


def _counted(corpus: Corpus, facet_name: str) -> dict[str, int]:
    """Return how many papers have each value of a facet, most first; years in their order."""
    number = next(number for number, facet in enumerate(facets("paper")) if facet.name == facet_name)
    counts = Counter(value for page in corpus.of_kind("paper") for value in corpus.facets.of(page)[number])
    if facet_name == "published":
        return dict(sorted(counts.items()))
    return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0].casefold())))


def _methods() -> tuple[str, ...]:
    return next(facet.order for facet in facets("paper") if facet.name == "method")


_VERDICTS = tuple(map(words, ANSWERS))
CHARTS: dict[str, tuple[str, Callable[[Corpus, str, str], Chart]]] = {
    "amounts-by-method": (
        "Works by date, amount of instruction data and method",
        lambda corpus, name, title: _timeline(corpus, name, title, _by_method, _methods(), "Method"),
    ),
    "amounts-by-verdict": (
        "Works by date, amount of instruction data and whether the data may be used commercially",
        lambda corpus, name, title: _timeline(corpus, name, title, _by_verdict, _VERDICTS, "Data: commercial use, lineage reading"),
    ),
    "works-by-year": ("Works by year", lambda corpus, name, title: _bars(name, title, "Year", _counted(corpus, "published"))),
    "works-by-method": ("Works by method", lambda corpus, name, title: _bars(name, title, "Method", _counted(corpus, "method"))),
    "works-by-generator": (
        "Works by the models that generated their data",
        lambda corpus, name, title: _bars(name, title, "Generator", _counted(corpus, "generators")),
    ),
    "works-by-base-model": ("Works by base model", lambda corpus, name, title: _bars(name, title, "Base model", _counted(corpus, "base_models"))),
}


def draw(corpus: Corpus, name: str) -> Chart:
    """Return one of `CHARTS`; the same corpus gives the same bytes."""
    title, make = CHARTS[name]
    return make(corpus, name, title)
