"""Where the boxes and arrows of a drawing go. `layout` alone knows the library that places boxes and routes arrows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import inf
from typing import Any, Generic, NamedTuple, TypeVar

import graphlay

Point = tuple[float, float]

LANE = 6.0  # between arrows that run side by side
_CLEARANCE = 2.5  # between an arrow and a box that is not its own
_FEW = 150  # records for which there is time for a second attempt


Name = TypeVar("Name", str, int)  # of a box


class Layout(NamedTuple, Generic[Name]):
    """The top left corners of boxes, the corners of arrows from start to end, and the size of it all."""

    positions: dict[Name, Point]
    paths: dict[tuple[Name, Name], tuple[Point, ...]]
    size: tuple[float, float]


def layout(nodes: Mapping[Name, tuple[float, float]], edges: Iterable[tuple[Name, Name]]) -> Layout[Name]:
    """Place boxes, given by width and height, so that edges run from left to right, and route the edges around them.

    The same boxes and edges give the same places in whatever order they come. Only edges that close a circle run back.
    """
    ids, ends = sorted(nodes), sorted(set(edges))
    if not ids:
        return Layout({}, {}, (0, 0))
    graph = graphlay.Graph()
    for place, name in enumerate(ids):
        # Of equal ways the library takes one by the nodes' keys: so the same shape is drawn alike whatever its records are called
        graph.node(name, width=nodes[name][0], height=nodes[name][1], label=f"{place:09}")
    for start, end in ends:
        graph.edge(start, end)
    best: Layout[Name] = Layout({}, {}, (0, 0))
    widest = -inf
    few = len(ids) <= _FEW
    for attempt in _ATTEMPTS if few else _ATTEMPTS[:1]:
        drawn = graphlay.layout(graph, options=attempt)
        left, top = drawn.bounds["min"]["x"], drawn.bounds["min"]["y"]
        right, bottom = drawn.bounds["max"]["x"], drawn.bounds["max"]["y"]
        positions = {
            name: (round(node["center"]["x"] - nodes[name][0] / 2 - left, 2), round(node["center"]["y"] - nodes[name][1] / 2 - top, 2))
            for name, node in zip(ids, drawn.nodes, strict=True)
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


def clearance(nodes: Mapping[Name, tuple[float, float]], placed: Layout[Name]) -> float:
    """Return how near the arrows come to boxes that are not theirs; less than 0 where one runs through a box."""
    nearest = inf
    boxes = [(name, x, y, x + nodes[name][0], y + nodes[name][1]) for name, (x, y) in placed.positions.items()]
    for pair, points in placed.paths.items():
        for (x, y), (to_x, to_y) in pairwise(points):
            low_x, high_x = (x, to_x) if x < to_x else (to_x, x)
            low_y, high_y = (y, to_y) if y < to_y else (to_y, y)
            for name, left, top, right, bottom in boxes:
                # Most boxes are farther away in one direction than another box is in both
                if left - high_x >= nearest or low_x - right >= nearest or top - high_y >= nearest or low_y - bottom >= nearest or name in pair:
                    continue
                nearest = max(left - high_x, low_x - right, top - high_y, low_y - bottom)
    return nearest


def _attempt(dummy_gap: int = 12, port_stroke_clear: int = 4, placement: str = "network_simplex") -> dict[str, Any]:
    return {
        "direction": "leftright",
        "effort": "balanced",
        "coords": {"placement": placement},
        "routing": {"style": "orthogonal", "port_sides": "facing_only", "lane_gap": LANE},
        "spacing": {"node_gap": 14, "layer_gap": 28, "stub": 11, "port_gap": LANE, "dummy_gap": dummy_gap, "port_stroke_clear": port_stroke_clear},
    }


# So tight a spacing sometimes leads an arrow along the border of a box it passes, in one graph of four: then the next is tried.
_ATTEMPTS = (
    _attempt(),
    _attempt(port_stroke_clear=14),
    _attempt(port_stroke_clear=14, dummy_gap=16),
    _attempt(port_stroke_clear=14, dummy_gap=20),
    _attempt(port_stroke_clear=14, dummy_gap=16, placement="brandes_koepf"),
)
