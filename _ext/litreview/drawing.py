"""Lineage as a drawing: SVG written into the page. Boxes are links, letters are text, colours are the page's own.

A page has a dozen boxes and twenty arrows, a review a thousand such pages: so the markup is written out here, every text escaped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import NamedTuple

from .cells import MARKS
from .labels import FONT, escaped
from .lineage import RELATIONS
from .lineage_graph import DRAWN, KINDS, Graph, Node
from .outlines import HEAD, MARGIN, Box, Shape, box, label, number, outline, shape

# How a relation's arrow is dashed.
DASHES = dict(zip(DRAWN, ("", "1.5 3", "7 3"), strict=True))
# A record's own verdict: its sign and its words.
SIGNS = {name: MARKS[name] for name in ("yes", "no", "conditional", "unclear")} | {"not-released": (MARKS["none"][0], "not released")}

_BEFORE = 150.0  # what is seen to the left of the record itself where the drawing scrolls
_SVG = 'svg xmlns="http://www.w3.org/2000/svg"'
_STROKE = 'fill="none" stroke="currentColor"'
_VERDICT = "Its own verdict:"


def svg(
    graph: Graph,
    *,
    uri: Callable[[str], str],
    answer: Callable[[str], str],
    title: str,
    key: str,
    question: str = "",
) -> str:
    """Return the drawing as inline SVG, well-formed XHTML.

    `uri` says where a record's page is, `answer` what its own verdict is (one of `SIGNS`, or nothing), and `question` what the
    verdict answers. `key` starts every id, so that several drawings can stand on one page.

    The drawing is a group and no image: to a screen reader an image has nothing in it, so its links would be lost.
    """
    return _drawn(graph, uri, answer, title, key, question).svg


class Printed(NamedTuple):
    """A drawing for paper: the SVG, what it shows in words, and for each box (x, y, width, height in px, record, name)."""

    svg: str
    description: str
    boxes: list[tuple[float, float, float, float, str, str]]


def printed(graph: Graph, *, answer: Callable[[str], str], title: str, question: str = "") -> Printed:
    """Return the drawing with the places of its boxes, for builders that lay their own links over an image."""
    drawn = _drawn(graph, lambda record_id: "", answer, title, "lineage", question)
    places = [
        (x + MARGIN, y + MARGIN, float(one.width), float(one.height), node.id, node.short)
        for node, one, (x, y) in zip(graph.nodes, drawn.boxes, drawn.shape.corners, strict=True)
    ]
    return Printed(drawn.svg, f"{title}. {_description(graph, question)}", places)


def scrolling(
    graph: Graph,
    *,
    uri: Callable[[str], str],
    answer: Callable[[str], str],
    title: str,
    key: str,
    question: str = "",
) -> str:
    """Return the drawing in the box that scrolls it where the page is too narrow, from the start to the graph's centre.

    An empty element marks where to begin, because browsers do not scroll to what stands inside a drawing.
    """
    drawn = _drawn(graph, uri, answer, title, key, question)
    begin = next((x - _BEFORE for node, (x, _) in zip(graph.nodes, drawn.shape.corners, strict=True) if node.id == graph.centre), 0.0)
    mark = f'<span class="lineage-sight" style="left: {number(begin)}px"></span>' if begin > 0 else ""
    return f'<div class="lineage-drawing" role="region" aria-labelledby="{key}-title" tabindex="0">{mark}{drawn.svg}</div>'


class _Drawn(NamedTuple):
    svg: str
    boxes: tuple[Box, ...]
    shape: Shape


def _drawn(graph: Graph, uri: Callable[[str], str], answer: Callable[[str], str], title: str, key: str, question: str) -> _Drawn:
    if not re.fullmatch(r"[A-Za-z][\w.-]*", key, re.ASCII):
        raise ValueError(f"not the start of an id: {key!r}")
    answers = [given if given in SIGNS else "" for given in [answer(node.id) for node in graph.nodes]]
    leaving, arriving = Counter([arrow.parent for arrow in graph.arrows]), Counter([arrow.child for arrow in graph.arrows])
    boxes = tuple([
        box(node.kind, node.short, signed=given != "", bold=node.id == graph.centre, arrows=max(leaving[node.id], arriving[node.id]))
        for node, given in zip(graph.nodes, answers, strict=True)
    ])  # fmt: skip
    index = {node.id: number for number, node in enumerate(graph.nodes)}
    drawn = shape(boxes, tuple([(index[arrow.parent], index[arrow.child]) for arrow in graph.arrows]))
    arrows = "".join([
        f'<path class="lineage-arrow {arrow.relations[0]}" d="{line}"{_DASHED[arrow.relations[0]]} marker-end="url(#{key}-head)">'
        f"<title>{_arrow_says(graph.by_id[arrow.child].short, arrow.relations, graph.by_id[arrow.parent].short)}</title></path>"
        for arrow, line in zip(graph.arrows, drawn.arrows, strict=True)
    ])  # fmt: skip
    records = []
    for node, given, outlined, places in zip(graph.nodes, answers, drawn.outlines, drawn.texts, strict=True):
        here, address = node.id == graph.centre, escaped(uri(node.id))
        lines = " ".join([f"<tspan {place}>{escaped(line)}{_END}" for place, line in zip(places, label(node.short)[0], strict=True)])
        if given:
            lines = f'{lines.removesuffix(_END)} <tspan class="lineage-sign">{SIGNS[given][0]}{_END}{_END}'
        linked = f' href="{address}"' * bool(address) + ' aria-current="true"' * here
        records.append(
            f'<a class="lineage-node {node.kind}{" centre" * here}{f" answer-{given}" * bool(given)}"{linked}>'
            f"<title>{_box_says(node, given, question)}</title>{outlined}"
            f'<text text-anchor="middle" fill="currentColor"{_BOLD * here}>{lines}</text></a>'
        )
    written = (
        f'<{_SVG} class="lineage" role="group" aria-labelledby="{key}-title {key}-desc" viewBox="0 0 {drawn.width} {drawn.height}"'
        f' width="{drawn.width}" height="{drawn.height}" font-size="{number(FONT)}px">'
        f'<title id="{key}-title">{escaped(title)}</title><desc id="{key}-desc">{escaped(_description(graph, question))}</desc>'
        f'<defs><marker id="{key}-head" class="lineage-head" markerUnits="userSpaceOnUse" markerWidth="{number(HEAD)}" markerHeight="6"'
        f' refX="1.5" refY="3" orient="auto" fill="currentColor"><path d="M0 0L{number(HEAD)} 3L0 6z"/></marker></defs>'
        f'<g aria-hidden="true" {_STROKE}>{arrows}</g>{"".join(records)}</svg>'
    )
    return _Drawn(written, boxes, drawn)


_END = "</tspan>"
_BOLD = ' font-weight="bold"'
_DASHED = {relation: f' stroke-dasharray="{dashes}"' * bool(dashes) for relation, dashes in DASHES.items()}


@lru_cache(maxsize=4096)
def _arrow_says(child: str, relations: tuple[str, ...], parent: str) -> str:
    return escaped(f"{child}: {' and '.join([RELATIONS[relation][0] for relation in relations])} {parent}")


@lru_cache(maxsize=4096)
def _box_says(node: Node, answer: str, question: str) -> str:
    name = node.title if node.title.casefold().startswith(node.short.casefold()) else f"{node.short}: {node.title}"
    verdict = f"; {question or _VERDICT} {SIGNS[answer][1]}" if answer else ""
    return escaped(f"{name} ({KINDS[node.kind]}{verdict})")


def legend(graph: Graph, *, answer: Callable[[str], str], question: str = "") -> str:
    """Return what the shapes, arrows and signs of a drawing mean, those that occur in it, as an XHTML list."""
    kinds, relations = {node.kind for node in graph.nodes}, {arrow.relations[0] for arrow in graph.arrows}
    given = {answer(node.id) for node in graph.nodes}
    items = [_KIND[kind] for kind in KINDS if kind in kinds] + [_RELATION[relation] for relation in DASHES if relation in relations]
    signs = [sign for name, sign in _SIGN.items() if name in given]
    if signs:
        items.append(f"<li>{escaped(question or _VERDICT)} {', '.join(signs)}</li>")
    return f'<ul class="lineage-legend">{"".join(items)}</ul>'


def _sample(content: str) -> str:
    return f'<{_SVG} aria-hidden="true" viewBox="0 0 32 16" width="32" height="16">{content}</svg>'


# The entries of legends: one for each kind, each relation and each sign.
_KIND = {kind: f'<li class="lineage-node {kind}">{_sample(outline(kind, 1, 1, 30, 14))} {name}</li>' for kind, name in KINDS.items()}
_RELATION = {
    relation: "<li>"
    + _sample(
        f'<path class="lineage-arrow {relation}" d="M0 8H26" {_STROKE}{dashed}/>'
        f'<path class="lineage-head" d="M25 5L{number(25 + HEAD)} 8L25 11z" fill="currentColor"/>'
    )
    + f" towards what was {RELATIONS[relation][0]} it</li>"
    for relation, dashed in _DASHED.items()
}
_SIGN = {name: f'<span class="answer-{name}"><span class="lineage-sign" aria-hidden="true">{sign}</span> {says}</span>' for name, (sign, says) in SIGNS.items()}


def _description(graph: Graph, question: str) -> str:
    relations = {relation for arrow in graph.arrows for relation in arrow.relations}
    ways = ", ".join([RELATIONS[relation][0] for relation in DRAWN if relation in relations])
    says = [
        f"{_count(graph.nodes, 'record')}, {_count(graph.arrows, 'arrow')}: what something was made of on the left, what was made of it on the right.",
        f"An arrow says: {ways}." if ways else "",
        f"The sign in a box answers: {question}" if question else "",
        f"{_count(range(graph.left_out), 'more distant record')} left out." if graph.left_out else "",
    ]
    return " ".join([part for part in says if part])


def _count(things: Collection[object], name: str) -> str:
    return f"{len(things)} {name}" + "s" * (len(things) != 1)
