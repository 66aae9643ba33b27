"""Lineage as a drawing and as words: which records were made from which, around one record or in the whole review.

A drawing is SVG written into the page: boxes are links, letters are text, colours are the page's own. What it shows is also
said in words, from the same graph. `layout` alone knows the library that places boxes and routes arrows.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape
from itertools import pairwise
from math import dist, inf, isclose, sqrt
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import graphlay

from .cells import MARKS, Inline, Line, RecordLink, Words, join
from .display import record_link, words
from .lineage import RELATIONS, Edge

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page

MOST = 25  # records in the drawing of one record's neighbourhood

# The kinds of record that are drawn, with what each is called.
KINDS = {"paper": "paper", "model": "model", "source": "upstream source"}
# How a relation's arrow is dashed. Where one record was made from another in several ways, the first of them shows.
DASHES = {"tuned-from": "", "built-from": "1.5 3", "generated-by": "7 3"}
# A record's own verdict: its sign and its words.
SIGNS = {name: MARKS[name] for name in ("yes", "no", "conditional", "unclear")} | {"not-released": (MARKS["none"][0], "not released")}


# --- What is drawn -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """One record of a graph."""

    id: str
    kind: str
    short: str
    title: str


@dataclass(frozen=True)
class Arrow:
    """That one record was made from another, in one or several steps."""

    child: str
    parent: str
    steps: tuple[Edge, ...]

    @cached_property
    def relations(self) -> tuple[str, ...]:
        """Return in which ways, in the order of `DASHES`."""
        known = {step.relation for step in self.steps}
        return tuple(relation for relation in DASHES if relation in known)


@dataclass(frozen=True)
class Graph:
    """Records by id and the arrows between them; `left_out` counts records that were too far away."""

    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    centre: str = ""
    left_out: int = 0

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """Return the records by their ids."""
        return {node.id: node for node in self.nodes}


# A page's drawing is looked at when its fingerprint is made and again when it is written, in another phase.
_NEIGHBOURHOODS: WeakKeyDictionary[Corpus, dict[tuple[str, int], Graph]] = WeakKeyDictionary()
_IN_WORDS: WeakKeyDictionary[Corpus, dict[int, tuple[Graph, tuple[Line, ...]]]] = WeakKeyDictionary()

# What is said of an arrow is said in every drawing that it is in.
_PARENTS: WeakKeyDictionary[Corpus, dict[tuple[str, str, str], Line]] = WeakKeyDictionary()


def neighbourhood(corpus: Corpus, record_id: str, most: int = MOST) -> Graph:
    """Return a record with all it was made from and all that was made from it; of more than `most` records the nearest."""
    known = _NEIGHBOURHOODS.setdefault(corpus, {})
    if (record_id, most) not in known:
        known[record_id, most] = _neighbourhood(corpus, record_id, most)
    return known[record_id, most]


def _neighbourhood(corpus: Corpus, record_id: str, most: int) -> Graph:
    if not _is_drawn(corpus.get(record_id)):
        return Graph((), ())
    nearest: dict[str, tuple[int, int]] = {}
    for side, reached in enumerate((corpus.lineage.ancestors(record_id), corpus.lineage.descendants(record_id))):
        steps = {"": 0}
        for found, through in reached:
            steps[found] = steps[through] + 1
            if _is_drawn(corpus.get(found)):
                nearest[found] = min(nearest.get(found, (steps[found], side)), (steps[found], side))
    ranked = sorted(nearest, key=lambda found: (nearest[found], found))
    kept = ranked[: most - 1]
    return _graph(corpus, {record_id, *kept}, record_id, len(ranked) - len(kept))


def whole(corpus: Corpus) -> Graph:
    """Return all papers, models and upstream sources that were made from, or went into, another."""
    pairs = {(edge.child, edge.parent) for edges in corpus.lineage.parents.values() for edge in edges if edge.child != edge.parent}
    drawn = [pair for pair in pairs if all(_is_drawn(corpus.get(end)) for end in pair)]
    return _graph(corpus, {end for pair in drawn for end in pair})


def _is_drawn(page: Page | None) -> bool:
    return page is not None and page.kind in KINDS


def _graph(corpus: Corpus, kept: Collection[str], centre: str = "", left_out: int = 0) -> Graph:
    """Return the records kept and every arrow between two of them; one that is made from itself is a fault, told elsewhere."""
    pages = [page for page in map(corpus.get, sorted(kept)) if page is not None]
    arrows: dict[tuple[str, str], list[Edge]] = {}
    for page in pages:
        for edge in corpus.lineage.parents.get(page.id, []):
            if edge.parent in kept and edge.parent != page.id:
                arrows.setdefault((page.id, edge.parent), []).append(edge)
    nodes = tuple(Node(page.id, page.kind, _clean(page.short) or page.id, _clean(page.title)) for page in pages)
    return Graph(nodes, tuple(Arrow(child, parent, tuple(arrows[child, parent])) for child, parent in sorted(arrows)), centre, left_out)


# --- In words ------------------------------------------------------------------------------------------------------------


def in_words(corpus: Corpus, graph: Graph) -> tuple[Line, ...]:
    """Return the same graph as lines: "Alpaca: tuned from LLaMA 7B; built from Self-Instruct (seeds)", sorted by name."""
    known = _IN_WORDS.setdefault(corpus, {})
    if id(graph) not in known:  # the graph is kept with its words, so no other can have its identity
        known[id(graph)] = graph, _in_words(corpus, graph)
    return known[id(graph)][1]


def _in_words(corpus: Corpus, graph: Graph) -> tuple[Line, ...]:
    parents: dict[str, list[Arrow]] = {}
    for arrow in graph.arrows:
        parents.setdefault(arrow.child, []).append(arrow)
    known = _PARENTS.setdefault(corpus, {})

    def say(arrow: Arrow, relation: str) -> Line:
        line = known[arrow.child, arrow.parent, relation] = _parent(corpus, arrow, relation)
        return line

    lines = []
    for child in sorted(parents, key=lambda child: _by_name(graph, child)):
        arrows = sorted(parents[child], key=lambda arrow: _by_name(graph, arrow.parent))
        groups: list[Line] = []
        for relation in DASHES:
            named = [known.get((child, arrow.parent, relation)) or say(arrow, relation) for arrow in arrows if relation in arrow.relations]
            if named:
                groups.append((Words(f"{RELATIONS[relation][0]} "), *join(named)))
        lines.append((RecordLink(child, graph.by_id[child].short), Words(": "), *join(groups, "; ")))
    return tuple(lines)


def _by_name(graph: Graph, record_id: str) -> tuple[str, str]:
    return graph.by_id[record_id].short.casefold(), record_id


def _parent(corpus: Corpus, arrow: Arrow, relation: str) -> Line:
    """Say one record that another was made from: linked once, with its variants and what its data were used as."""
    steps = [step for step in arrow.steps if step.relation == relation]
    variants = list(dict.fromkeys(_variant(corpus, step) for step in steps))
    roles = list(dict.fromkeys(words(step.role) for step in steps if step.role not in ("", "pairs")))
    link: Inline
    if len(variants) == 1:
        link, notes = record_link(corpus, f"{arrow.parent}/{variants[0]}"), []
    else:
        link, notes = record_link(corpus, arrow.parent), [", ".join(variant for variant in variants if variant)]
    if roles:
        notes.append(", ".join(roles))
    return (link, Words(f" ({'; '.join(notes)})")) if notes else (link,)


def _variant(corpus: Corpus, step: Edge) -> str:
    """Return the variant that a step names, by its id where the page names it otherwise."""
    page = corpus.get(step.parent)
    known = corpus.variant(page, step.variant) if page is not None and step.variant else None
    return str(known["id"]) if known and "id" in known else step.variant


# --- Where things go -----------------------------------------------------------------------------------------------------

Point = tuple[float, float]


class Layout(NamedTuple):
    """The top left corners of boxes, the corners of arrows from start to end, and the size of it all."""

    positions: dict[str, Point]
    paths: dict[tuple[str, str], tuple[Point, ...]]
    size: tuple[float, float]


def layout(nodes: Mapping[str, tuple[float, float]], edges: Iterable[tuple[str, str]]) -> Layout:
    """Place boxes, given by width and height, so that edges run from left to right, and route the edges around them.

    The same boxes and edges give the same places in whatever order they come. Only edges that close a circle run back.
    """
    ids, ends = sorted(nodes), sorted(set(edges))
    if not ids:
        return Layout({}, {}, (0, 0))
    graph = graphlay.Graph()
    for record_id in ids:
        graph.node(record_id, width=nodes[record_id][0], height=nodes[record_id][1])
    for start, end in ends:
        graph.edge(start, end)
    best, widest = Layout({}, {}, (0, 0)), -inf
    few = len(ids) <= _FEW
    for attempt in _ATTEMPTS if few else _ATTEMPTS[:1]:
        drawn = graphlay.layout(graph, options=attempt)
        left, top = drawn.bounds["min"]["x"], drawn.bounds["min"]["y"]
        right, bottom = drawn.bounds["max"]["x"], drawn.bounds["max"]["y"]
        positions = {
            record_id: (round(node["center"]["x"] - nodes[record_id][0] / 2 - left, 2), round(node["center"]["y"] - nodes[record_id][1] / 2 - top, 2))
            for record_id, node in zip(ids, drawn.nodes, strict=True)
        }
        paths = {
            pair: tuple((round(point["x"] - left, 2), round(point["y"] - top, 2)) for point in edge["points"])
            for pair, edge in zip(ends, drawn.edges, strict=True)
        }
        found = Layout(positions, paths, (round(right - left, 2), round(bottom - top, 2)))
        room = clearance(nodes, found) if few else inf
        if room > widest:
            best, widest = found, room
        if room >= _CLEARANCE:
            break
    return best


def clearance(nodes: Mapping[str, tuple[float, float]], placed: Layout) -> float:
    """Return how near the arrows come to boxes that are not theirs; less than 0 where one runs through a box."""
    nearest = inf
    boxes = [(record_id, x, y, x + nodes[record_id][0], y + nodes[record_id][1]) for record_id, (x, y) in placed.positions.items()]
    for pair, points in placed.paths.items():
        for (x, y), (to_x, to_y) in pairwise(points):
            low_x, high_x = (x, to_x) if x < to_x else (to_x, x)
            low_y, high_y = (y, to_y) if y < to_y else (to_y, y)
            for record_id, left, top, right, bottom in boxes:
                # Most boxes are farther away in one direction than another box is in both
                if left - high_x >= nearest or low_x - right >= nearest or top - high_y >= nearest or low_y - bottom >= nearest or record_id in pair:
                    continue
                nearest = max(left - high_x, low_x - right, top - high_y, low_y - bottom)
    return nearest


_LANE = 6.0  # between arrows that run side by side
_CLEARANCE = 2.5  # between an arrow and a box that is not its own
_FEW = 150  # records for which there is time for a second attempt


def _attempt(dummy_gap: int = 12, port_stroke_clear: int = 4, placement: str = "network_simplex") -> dict[str, Any]:
    return {
        "direction": "leftright",
        "effort": "balanced",
        "coords": {"placement": placement},
        "routing": {"style": "orthogonal", "port_sides": "facing_only", "lane_gap": _LANE},
        "spacing": {"node_gap": 14, "layer_gap": 28, "stub": 11, "port_gap": _LANE, "dummy_gap": dummy_gap, "port_stroke_clear": port_stroke_clear},
    }


# So tight a spacing sometimes leads an arrow along the border of a box it passes, in one graph of four: then the next is tried.
_ATTEMPTS = (
    _attempt(),
    _attempt(port_stroke_clear=14),
    _attempt(port_stroke_clear=14, dummy_gap=16),
    _attempt(port_stroke_clear=14, dummy_gap=20),
    _attempt(port_stroke_clear=14, dummy_gap=16, placement="brandes_koepf"),
)

# --- The drawing ---------------------------------------------------------------------------------------------------------

_FONT = 12.0  # px
_LINE = 14.0  # from one line of a label to the next
_LABEL = 168.0  # the widest line of a label: about 24 characters
_ONE_LINE = 125.0  # wider labels are wrapped where they can be
_PADDING = 7.0
_MARGIN = 6.0
_HEAD = 7.0  # length of an arrow's head
_BEFORE = 150.0  # what is seen to the left of the record itself where the drawing scrolls
_ROUND, _CUT = 10.0, 9.0  # corners of papers and sources
_SVG = "http://www.w3.org/2000/svg"
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
    return Printed(drawn.svg, f"{title}. {_description(graph, question)}", drawn.boxes)


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
    drawing, centre, _ = _drawn(graph, uri, answer, title, key, question)
    mark = _element("span", {"class": "lineage-sight", "style": f"left: {_number(centre)}px"}, "") if centre > 0 else ""
    return _element("div", {"class": "lineage-drawing", "role": "region", "aria-labelledby": f"{key}-title", "tabindex": "0"}, mark, drawing)


class _Drawn(NamedTuple):
    svg: str
    centre: float
    boxes: list[tuple[float, float, float, float, str, str]]


def _drawn(graph: Graph, uri: Callable[[str], str], answer: Callable[[str], str], title: str, key: str, question: str) -> _Drawn:
    """Return the drawing, how far from its left side one should begin to see it, and where its boxes are."""
    if not re.fullmatch(r"[A-Za-z][\w.-]*", key, re.ASCII):
        raise ValueError(f"not the start of an id: {key!r}")
    leaving, arriving = Counter(arrow.parent for arrow in graph.arrows), Counter(arrow.child for arrow in graph.arrows)
    boxes = {node.id: _Box(node, answer(node.id), centre=node.id == graph.centre, arrows=max(leaving[node.id], arriving[node.id])) for node in graph.nodes}
    placed = layout({record_id: (box.width, box.height) for record_id, box in boxes.items()}, [(arrow.parent, arrow.child) for arrow in graph.arrows])
    width, height = (_number(side + 2 * _MARGIN) for side in placed.size)
    head = _element("path", {"d": f"M0 0L{_number(_HEAD)} 3L0 6z"})
    marker: dict[str, str | float] = {"id": f"{key}-head", "class": "lineage-head", "markerUnits": "userSpaceOnUse", "markerWidth": _HEAD, "markerHeight": 6}
    drawing = {"class": "lineage", "role": "group", "aria-labelledby": f"{key}-title {key}-desc"}
    written = _element(
        "svg",
        {"xmlns": _SVG, **drawing, "viewBox": f"0 0 {width} {height}", "width": width, "height": height, "font-size": f"{_number(_FONT)}px"},
        _element("title", {"id": f"{key}-title"}, _text(title)),
        _element("desc", {"id": f"{key}-desc"}, _text(_description(graph, question))),
        _element("defs", {}, _element("marker", {**marker, "refX": 1.5, "refY": 3, "orient": "auto", "fill": "currentColor"}, head)),
        _element("g", {"aria-hidden": "true", "fill": "none", "stroke": "currentColor"}, *(_draw_arrow(arrow, boxes, placed, key) for arrow in graph.arrows)),
        *(boxes[node.id].draw(placed.positions[node.id], uri(node.id), question) for node in graph.nodes),
    )
    centre = placed.positions[graph.centre][0] - _BEFORE if graph.centre in placed.positions else 0.0
    places = [
        (corner[0] + _MARGIN, corner[1] + _MARGIN, float(boxes[node.id].width), float(boxes[node.id].height), node.id, node.short)
        for node in graph.nodes
        for corner in [placed.positions[node.id]]
    ]
    return _Drawn(written, centre, places)


def legend(graph: Graph, *, answer: Callable[[str], str], question: str = "") -> str:
    """Return what the shapes, arrows and signs of a drawing mean, those that occur in it, as an XHTML list."""
    items = []
    for kind, name in KINDS.items():
        if any(node.kind == kind for node in graph.nodes):
            items.append(_element("li", {"class": f"lineage-node {kind}"}, _sample(_shape(kind, 1, 1, 30, 14)), f" {name}"))
    shown = {arrow.relations[0] for arrow in graph.arrows}
    for relation, dashes in DASHES.items():
        if relation in shown:
            line = {"class": f"lineage-arrow {relation}", "d": "M0 8H26", "fill": "none", "stroke": "currentColor", "stroke-dasharray": dashes}
            head = {"class": "lineage-head", "d": f"M25 5L{_number(25 + _HEAD)} 8L25 11z", "fill": "currentColor"}
            items.append(_element("li", {}, _sample(_element("path", line), _element("path", head)), f" towards what was {RELATIONS[relation][0]} it"))
    given = {answer(node.id) for node in graph.nodes}
    signs = [
        _element("span", {"class": f"answer-{name}"}, _element("span", {"class": "lineage-sign", "aria-hidden": "true"}, sign), f" {says}")
        for name, (sign, says) in SIGNS.items()
        if name in given
    ]
    if signs:
        items.append(_element("li", {}, _text(question or _VERDICT), " ", ", ".join(signs)))
    return _element("ul", {"class": "lineage-legend"}, *items)


def _sample(*content: str) -> str:
    return _element("svg", {"xmlns": _SVG, "aria-hidden": "true", "viewBox": "0 0 32 16", "width": 32, "height": 16}, *content)


def _description(graph: Graph, question: str) -> str:
    relations = {relation for arrow in graph.arrows for relation in arrow.relations}
    ways = ", ".join(RELATIONS[relation][0] for relation in DASHES if relation in relations)
    says = [
        f"{_count(graph.nodes, 'record')}, {_count(graph.arrows, 'arrow')}: what something was made of on the left, what was made of it on the right.",
        f"An arrow says: {ways}." if ways else "",
        f"The sign in a box answers: {question}" if question else "",
        f"{_count(range(graph.left_out), 'more distant record')} left out." if graph.left_out else "",
    ]
    return " ".join(part for part in says if part)


def _count(things: Collection[object], name: str) -> str:
    return f"{len(things)} {name}" + "s" * (len(things) != 1)


class _Box:
    """One record's box: its lines of text and its size."""

    def __init__(self, node: Node, answer: str, *, centre: bool, arrows: int) -> None:
        self.node = node
        self.answer = answer if answer in SIGNS else ""
        self.centre = centre
        self.lines = wrapped(node.short)
        widths = [text_width(line) for line in self.lines]
        if self.answer:
            widths[-1] += _FONT * 1.4
        self.width = round(max(widths) * (1.14 if self.centre else 1) + 2 * _PADDING)
        self.height = max(_LINE * len(self.lines) + 12, _LANE * (arrows + 1))  # room for each arrow on its side

    def draw(self, corner: Point, uri: str, question: str) -> str:
        node, x, y = self.node, corner[0] + _MARGIN, corner[1] + _MARGIN
        name = node.title if node.title.casefold().startswith(node.short.casefold()) else f"{node.short}: {node.title}"
        notes = [KINDS[node.kind], *[f"{question or _VERDICT} {SIGNS[answer][1]}" for answer in [self.answer] if answer]]
        first = y + self.height / 2 - _LINE * (len(self.lines) - 1) / 2 + _FONT * 0.35
        lines = [[_text(line)] for line in self.lines]
        if self.answer:
            lines[-1] += [" ", _element("tspan", {"class": "lineage-sign"}, SIGNS[self.answer][0])]
        spans = [_element("tspan", {"x": x + self.width / 2, "y": first + _LINE * number}, *line) for number, line in enumerate(lines)]
        classes = ["lineage-node", node.kind, *["centre"] * self.centre, *[f"answer-{answer}" for answer in [self.answer] if answer]]
        return _element(
            "a",
            {"class": " ".join(classes), "href": uri, "aria-current": "true" if self.centre else ""},
            _element("title", {}, _text(f"{name} ({'; '.join(notes)})")),
            _shape(node.kind, x, y, self.width, self.height),
            _element("text", {"text-anchor": "middle", "fill": "currentColor", "font-weight": "bold" if self.centre else ""}, " ".join(spans)),
        )

    def outline(self, corner: Point, end: Point) -> Point:
        """Move the end of an arrow from the side of the box to its outline, where a corner is rounded or cut."""
        left, right, from_corner = corner[0], corner[0] + self.width, min(end[1] - corner[1], corner[1] + self.height - end[1])
        round_, cut = min(_ROUND, self.height / 2), min(_CUT, self.height / 2)
        inset = 0.0
        if self.node.kind == "paper" and from_corner < round_:
            inset = round_ - sqrt(max(0.0, round_**2 - (round_ - from_corner) ** 2))
        elif self.node.kind == "source" and isclose(end[0], right, abs_tol=0.1) and end[1] - corner[1] < cut:
            inset = cut - (end[1] - corner[1])
        return end[0] - inset * isclose(end[0], right, abs_tol=0.1) + inset * isclose(end[0], left, abs_tol=0.1), end[1]


def _shape(kind: str, x: float, y: float, width: float, height: float) -> str:
    """Draw a paper as a rounded box, a model as a box, a source as a box with a cut corner."""
    drawn = {"class": "lineage-box", "fill": "none", "stroke": "currentColor"}
    if kind == "source":
        cut = min(_CUT, height / 2)
        path = f"M{_pair(x, y)}H{_number(x + width - cut)}L{_pair(x + width, y + cut)}V{_number(y + height)}H{_number(x)}z"
        return _element("path", {**drawn, "d": path})
    return _element("rect", {**drawn, "x": x, "y": y, "width": width, "height": height, "rx": min(_ROUND, height / 2) if kind == "paper" else ""})


def _draw_arrow(arrow: Arrow, boxes: Mapping[str, _Box], placed: Layout, key: str) -> str:
    parent, child = boxes[arrow.parent], boxes[arrow.child]
    start, *between, end = placed.paths[arrow.parent, arrow.child]
    start = parent.outline(placed.positions[arrow.parent], start)
    end = child.outline(placed.positions[arrow.child], end)
    points = [(x + _MARGIN, y + _MARGIN) for x, y in (start, *between, end)]
    ways = " and ".join(RELATIONS[relation][0] for relation in arrow.relations)
    says = f"{child.node.short}: {ways} {parent.node.short}"
    shown = arrow.relations[0]
    return _element(
        "path",
        {"class": f"lineage-arrow {shown}", "d": _rounded(points), "stroke-dasharray": DASHES[shown], "marker-end": f"url(#{key}-head)"},
        _element("title", {}, _text(says)),
    )


def _rounded(points: list[Point]) -> str:
    """Return a path through the points with its corners rounded, ending where the arrow's head begins."""
    points = [*points[:-1], _before(points[-1], points[-2], _HEAD - 1.5)]
    parts = [f"M{_pair(*points[0])}"]
    for number, here in enumerate(points[1:-1], 1):
        before, after = points[number - 1], points[number + 1]
        radius = min(5.0, dist(here, before) / 2, dist(here, after) / 2)
        parts.append(f"L{_pair(*_before(here, before, radius))}Q{_pair(*here)} {_pair(*_before(here, after, radius))}")
    return "".join(parts) + f"L{_pair(*points[-1])}"


def _before(end: Point, start: Point, by: float) -> Point:
    """Return the point that lies a bit before the end of a line."""
    length = dist(end, start)
    part = min(1.0, by / length) if length else 0.0
    return end[0] + (start[0] - end[0]) * part, end[1] + (start[1] - end[1]) * part


def _element(name: str, attributes: Mapping[str, str | float], *content: str) -> str:
    """Return an element; attributes are escaped and left out where they are empty, the content is markup already."""
    given = "".join([f' {key}="{_text(value) if isinstance(value, str) else _number(value)}"' for key, value in attributes.items() if value != ""])
    return f"<{name}{given}>{''.join(content)}</{name}>" if content else f"<{name}{given}/>"


# --- Text ----------------------------------------------------------------------------------------------------------------


def wrapped(name: str) -> list[str]:
    """Return a name as one line or two, shortened where it is still too long."""
    name = " ".join(name[:200].split())
    if text_width(name) <= _ONE_LINE:
        return [name]
    breaks = [match.end() for match in re.finditer(r"\s|(?<=\w)-(?=\w)|(?<=\w)/(?=\w)", name)]
    if not breaks:
        return [_shortened(name)]
    best = min(breaks, key=lambda at: (max(text_width(name[:at].rstrip()), text_width(name[at:])), at))
    return [_shortened(name[:best].rstrip()), _shortened(name[best:])]


def _shortened(line: str) -> str:
    if text_width(line) <= _LABEL:
        return line
    while line and text_width(line + "…") > _LABEL:
        line = line[:-1]
    return line.rstrip() + "…"


@lru_cache(maxsize=20_000)
def text_width(text: str) -> float:
    """Return how wide a text is at most in the fonts that pages are shown in; nothing here can measure letters."""
    return _FONT * sum(map(_em, text))


def _em(char: str) -> float:
    if char.isascii():
        if char in " .,:;'|!()[]/\\-Iijlftr":
            return 0.42
        if char in "mwMW@%&Q+=<>~":
            return 1.0
        return 0.76 if char.isupper() else 0.65
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF" or unicodedata.category(char) == "So":
        return 1.25
    return 0.65 if char.islower() else 1.0


@lru_cache(maxsize=20_000)
def _clean(text: str) -> str:
    """Return a text without the characters that no XML may hold, and without those that turn the direction of what follows."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]", "\ufffd", text).strip()


@lru_cache(maxsize=20_000)  # most of a drawing are the same few classes, colours and names
def _text(text: str) -> str:
    return escape(_clean(text), quote=True)


@lru_cache(maxsize=20_000)
def _number(value: float) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _pair(x: float, y: float) -> str:
    return f"{_number(x)} {_number(y)}"
