"""Who was built from what: steps, descendants, ancestors, circles; and that the order of pages never matters."""

from __future__ import annotations

import random
from functools import partial
from itertools import pairwise
from pathlib import Path

import minimal
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litreview.corpus import Corpus
from litreview.lineage import Edge, Lineage, edges_of
from litreview.records import Page

Graph = dict[str, list[str]]  # child → parents

few = partial(settings, derandomize=True, deadline=None, database=None)


def pages_of(graph: Graph) -> list[Page]:
    """Return one model page for each record of a graph, with its parents as base models."""
    return [Page(f"models/{name}.md", "model", name, {"base_models": list(parents)}) for name, parents in graph.items()]


def lineage_of(graph: Graph) -> Lineage:
    return Lineage(pages_of(graph))


graphs = st.integers(1, 7).flatmap(
    lambda size: st.lists(st.lists(st.integers(0, size - 1), max_size=3), min_size=size, max_size=size).map(
        lambda rows: {f"n{child}": [f"n{parent}" for parent in parents] for child, parents in enumerate(rows)}
    )
)


def reachable(graph: Graph, start: str) -> dict[str, int]:
    """Return what can be reached from a record and in how many steps, the record itself only round a circle."""
    found: dict[str, int] = {}
    edge, steps = [start], 0
    while edge:
        steps += 1
        edge = sorted({parent for here in edge for parent in graph[here]} - set(found))
        found.update(dict.fromkeys(edge, steps))
    return found


def turned(graph: Graph) -> Graph:
    return {name: [child for child, parents in graph.items() if name in parents] for name in graph}


# --- Steps -------------------------------------------------------------------------------------------------------------


def test_edges_of_the_minimal_paper() -> None:
    page = minimal.corpus_of(minimal.PAGES).get("alpha")
    assert page is not None
    assert edges_of(page) == [
        Edge("alpha", "beta", "tuned-from", ("base_models", "0"), variant="7B"),
        Edge("alpha", "gamma", "built-from", ("data", "sources", "seeds", "from", "0"), label="seeds", role="seeds"),
        Edge("alpha", "beta", "generated-by", ("data", "sources", "outputs", "from", "0"), label="outputs", role="responses", variant="6.7B"),
    ]


def test_edges_of_variants() -> None:
    page = minimal.read("models/m.md", "variants: [{id: a}, {id: b, base: n/7B}]\nbase_models: none\ndata: {sources: none}")
    assert edges_of(page) == [Edge("m", "n", "tuned-from", ("variants", "b", "base"), variant="7B")]


def test_steps_to_what_is_no_page_are_left_out() -> None:
    lineage = lineage_of({"a": ["b", "ghost"], "b": []})
    assert lineage.ancestors("a") == [("b", "")]
    assert lineage.descendants("ghost") == []
    assert lineage.edge("a", "ghost") is None


def test_descendants_and_ancestors_with_the_record_they_go_through() -> None:
    lineage = lineage_of({"s": [], "a": ["s"], "b": ["a"], "c": ["b", "s"], "d": ["c", "b"]})
    assert lineage.descendants("s") == [("a", ""), ("c", ""), ("b", "a"), ("d", "c")]
    assert lineage.descendants("a") == [("b", ""), ("c", "b"), ("d", "b")]
    assert lineage.ancestors("d") == [("b", ""), ("c", ""), ("a", "b"), ("s", "c")]
    assert lineage.descendants("d") == []
    assert lineage.ancestors("s") == []


def test_a_record_is_not_its_own_descendant() -> None:
    lineage = lineage_of({"a": ["b"], "b": ["a"], "c": ["a"]})
    assert lineage.descendants("a") == [("b", ""), ("c", "")]
    assert lineage.ancestors("a") == [("b", "")]


# --- Circles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("graph", "circles"),
    [
        ({"a": []}, []),
        ({"a": ["a"]}, [["a", "a"]]),
        ({"a": ["b"], "b": ["a"]}, [["a", "b", "a"]]),
        ({"a": ["b"], "b": ["c"], "c": ["a"]}, [["a", "b", "c", "a"]]),
        ({"a": ["b"], "b": ["a"], "x": ["y"], "y": ["x"]}, [["a", "b", "a"], ["x", "y", "x"]]),
        ({"z": ["a"], "a": ["b"], "b": ["a"], "y": ["z"]}, [["a", "b", "a"]]),  # only what goes round, not what hangs on it
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, []),  # a diamond
        ({"a": ["b", "b"], "b": []}, []),
        ({"a": ["ghost"], "ghost2": ["a"]}, []),
        ({"a": ["b", "c"], "b": ["c"], "c": ["a"]}, [["a", "c", "a"]]),  # of two circles the shorter
        ({"a": ["b"], "b": ["a", "c"], "c": ["b"]}, [["a", "b", "a"]]),  # one for the group, though there are two
        ({"a": ["a", "b"], "b": ["a", "b"]}, [["a", "a"]]),
    ],
)
def test_cycles(graph: Graph, circles: list[list[str]]) -> None:
    assert lineage_of(graph).cycles() == circles


def test_two_circles_are_both_told_with_their_steps_and_places(tmp_path: Path) -> None:
    files = {
        "models/a.md": minimal.page("models/a.md", "base_models: [b]"),
        "models/b.md": minimal.page("models/b.md", "base_models: [a]"),
        "papers/x.md": minimal.page("papers/x.md", "data:\n  sources:\n    y:\n      kind: web\n      role: pairs\n      from: [y]"),
        "sources/y.md": minimal.page("sources/y.md", "data: {sources: {x: {kind: existing-dataset, from: [x], role: pairs}}}"),
    }
    assert minimal.check(minimal.write(tmp_path, files)) == (
        1,
        [
            "models/a.md:9: error: base_models.0: is built from itself: a → b → a [litreview.lineage-cycle]",
            "papers/x.md:14: error: data.sources.y.from.0: is built from itself: x → y → x [litreview.lineage-cycle]",
        ],
    )


def test_a_long_line_of_descent_is_followed_to_its_end() -> None:
    size = 3000
    graph = {f"n{number:04}": [f"n{number + 1:04}"] for number in range(size)} | {f"n{size:04}": []}
    lineage = lineage_of(graph)
    assert lineage.cycles() == []
    assert len(lineage.ancestors("n0000")) == size
    graph[f"n{size:04}"] = ["n0000"]
    (circle,) = lineage_of(graph).cycles()
    assert len(circle) == size + 2


@few(max_examples=300)
@given(graphs)
def test_cycles_are_found_if_and_only_if_there_are_any(graph: Graph) -> None:
    lineage = lineage_of(graph)
    circles = lineage.cycles()
    going_round = {name for name in graph if name in reachable(graph, name)}
    assert bool(circles) == bool(going_round)
    for circle in circles:
        assert circle[0] == circle[-1]
        assert len(set(circle)) == len(circle) - 1
        assert all(parent in graph[child] for child, parent in pairwise(circle))
    # Every group of records that are built from each other is told of.
    groups = {frozenset(other for other in going_round if other in reachable(graph, name) and name in reachable(graph, other)) for name in going_round}
    told = [next(group for group in groups if circle[0] in group) for circle in circles]
    assert set(told) == groups
    assert len(told) == len(groups), "each group once"
    for circle, group in zip(circles, told, strict=True):
        assert circle[0] == min(group)
        assert len(circle) - 1 == reachable(graph, circle[0])[circle[0]], "the shortest"


@few(max_examples=200)
@given(graphs)
def test_descendants_are_those_that_can_be_reached_and_the_nearest_come_first(graph: Graph) -> None:
    lineage = lineage_of(graph)
    for start in graph:
        for found, steps in ((lineage.ancestors(start), graph), (lineage.descendants(start), turned(graph))):
            distance = {name: far for name, far in reachable(steps, start).items() if name != start}
            assert {name for name, _ in found} == set(distance)
            assert [distance[name] for name, _ in found] == sorted(distance.values())
            for name, through in found:
                if distance[name] == 1:
                    assert through == ""
                else:
                    assert distance[through] == distance[name] - 1
                    assert name in steps[through]


@few(max_examples=100)
@given(graphs, st.randoms(use_true_random=False))
def test_the_order_of_pages_does_not_matter(graph: Graph, chance: random.Random) -> None:
    pages = pages_of(graph)
    shuffled = chance.sample(pages, len(pages))
    one, other = Lineage(pages), Lineage(shuffled)
    assert one.cycles() == other.cycles()
    for name in graph:
        assert one.descendants(name) == other.descendants(name)
        assert one.ancestors(name) == other.ancestors(name)
    assert [str(problem) for problem in Corpus(pages).check()] == [str(problem) for problem in Corpus(shuffled).check()]
