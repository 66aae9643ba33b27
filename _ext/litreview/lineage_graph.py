"""Lineage around one record or of the whole review: the records and arrows that a drawing shows, and the same in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from .cells import Inline, Line, RecordLink, Words, join
from .corpus import digest
from .display import record_link, words
from .labels import clean
from .lineage import RELATIONS, Edge

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page

MOST = 25  # records in the drawing of one record's neighbourhood

# The kinds of record that are drawn, with what each is called.
KINDS = {"paper": "paper", "model": "model", "source": "upstream source"}
# The relations that are drawn. Where one record was made from another in several ways, the first of them shows.
DRAWN = ("tuned-from", "built-from", "generated-by")


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
        """Return in which ways, in the order of `DRAWN`."""
        known = {step.relation for step in self.steps}
        return tuple(relation for relation in DRAWN if relation in known)


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


class _Parts:
    """What the graphs of a review are made of. A record is in many of them, so each part is made once, when it is first asked for."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.arrows: dict[str, tuple[Arrow, ...]] = {}  # of a child, by parent
        self.parents: dict[tuple[str, str, str], Line] = {}  # what is said of an arrow in one relation
        self.lines: dict[tuple[str, ...], Line] = {}  # what is said of a child and those of its parents that are in the graph
        self.digests: dict[str | tuple[str, ...], str] = {}  # of nodes and lines
        # A page's graph is looked at when its fingerprint is made and again when it is written, in another phase.
        self.neighbourhoods: dict[tuple[str, int], Graph] = {}


_PARTS: WeakKeyDictionary[Corpus, _Parts] = WeakKeyDictionary()


def _parts_of(corpus: Corpus) -> _Parts:
    parts = _PARTS.get(corpus)
    if parts is None:
        parts = _PARTS[corpus] = _Parts()
    return parts


def neighbourhood(corpus: Corpus, record_id: str, most: int = MOST) -> Graph:
    """Return a record with all it was made from and all that was made from it; of more than `most` records the nearest."""
    known = _parts_of(corpus).neighbourhoods
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
    parts, nodes, arrows = _parts_of(corpus), [], []
    for page in [page for page in map(corpus.get, sorted(kept)) if page is not None]:
        node = parts.nodes.get(page.id)
        if node is None:
            node = parts.nodes[page.id] = Node(page.id, page.kind, clean(page.short) or page.id, clean(page.title))
            parts.arrows[page.id] = _arrows(corpus, page)
        nodes.append(node)
        arrows += [arrow for arrow in parts.arrows[page.id] if arrow.parent in kept]
    return Graph(tuple(nodes), tuple(arrows), centre, left_out)


def _arrows(corpus: Corpus, page: Page) -> tuple[Arrow, ...]:
    steps: dict[str, list[Edge]] = {}
    for edge in corpus.lineage.parents.get(page.id, []):
        if edge.parent != page.id:
            steps.setdefault(edge.parent, []).append(edge)
    return tuple([Arrow(page.id, parent, tuple(steps[parent])) for parent in sorted(steps)])


# --- In words ------------------------------------------------------------------------------------------------------------


def in_words(corpus: Corpus, graph: Graph) -> tuple[Line, ...]:
    """Return the same graph as lines: "Alpaca: tuned from LLaMA 7B; built from Self-Instruct (seeds)", sorted by name."""
    return tuple([line for _, line in _lines(corpus, graph)])


def fingerprint(corpus: Corpus, graph: Graph) -> list[Any]:
    """Return what a drawing and its words are made of, but for verdicts; each part is made once, because pages share most of them."""
    known = _parts_of(corpus).digests
    parts: list[tuple[str | tuple[str, ...], Node | Line]] = [(node.id, node) for node in graph.nodes]
    parts += _lines(corpus, graph)
    for key, shown in parts:
        if key not in known:
            known[key] = digest(shown)
    return [graph.centre, graph.left_out, *[known[key] for key, _ in parts]]


def _lines(corpus: Corpus, graph: Graph) -> Iterator[tuple[tuple[str, ...], Line]]:
    """Yield the lines, each with what it tells of: a child and those of its parents that are in the graph."""
    arrows: dict[str, list[Arrow]] = {}
    for arrow in graph.arrows:
        arrows.setdefault(arrow.child, []).append(arrow)
    known = _parts_of(corpus).lines
    for child in sorted(arrows, key=lambda child: _by_name(graph, child)):
        shown = (child, *[arrow.parent for arrow in arrows[child]])
        if shown not in known:
            known[shown] = _line(corpus, graph, child, arrows[child])
        yield shown, known[shown]


def _by_name(graph: Graph, record_id: str) -> tuple[str, str]:
    return graph.by_id[record_id].short.casefold(), record_id


def _line(corpus: Corpus, graph: Graph, child: str, arrows: Collection[Arrow]) -> Line:
    """Say one record and what it was made from, in each way."""
    known = _parts_of(corpus).parents
    arrows = sorted(arrows, key=lambda arrow: _by_name(graph, arrow.parent))
    ways: list[Line] = []
    for relation in DRAWN:
        named = []
        for arrow in arrows:
            if relation in arrow.relations:
                key = (child, arrow.parent, relation)
                if key not in known:
                    known[key] = _parent(corpus, arrow, relation)
                named.append(known[key])
        if named:
            ways.append((Words(f"{RELATIONS[relation][0]} "), *join(named)))
    return (RecordLink(child, graph.by_id[child].short), Words(": "), *join(ways, "; "))


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
