"""What is said at one place of the lineage and what comes to it from others: answers at once, reasons when somebody asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from .answers import ALL, ORDER, QUESTIONS, Link, bits_of, contested, new_link, pack, shortest, softened, unpack
from .license_texts import Statement


class Step(NamedTuple):
    """That something comes from another node: to which record, by which of RULES, and how much of it."""

    node: Node
    here: str
    rule: str
    contested: bool = False
    only: int = ALL  # the bits of the questions it speaks to


Place = tuple[str, str]  # a record's id and one of code, data, weights, output


_NONE_YET: dict[int, Collection[Link]] = {}  # what most nodes are never asked for costs nothing


class Node:
    """A union of statements and of steps from other nodes, which must not change any more.

    `trained` is what passes of it to models trained with the data; the node itself, where that makes no difference.
    """

    __slots__ = ("_known", "packed", "statements", "steps", "trained")

    def __init__(self, statements: Iterable[Statement] = (), steps: Iterable[Step] = (), trained: Node | None = None) -> None:
        self.packed = 0
        self.statements = tuple(statements)
        self.steps: tuple[Step, ...] = ()
        self.trained = self if trained is None else trained
        self._known: dict[int, Collection[Link]] = _NONE_YET
        for statement in self.statements:
            self.packed |= statement.packed
        for step in steps:
            self.take(step)

    def say(self, statement: Statement) -> None:
        """Add a statement."""
        self.packed |= statement.packed
        self.statements += (statement,)

    def take(self, step: Step) -> None:
        """Add what comes from another node, if anything does."""
        packed = step.node.packed & step.only
        if packed:
            self.packed |= softened(packed) if step.contested else packed
            self.steps += (step,)

    def join(self, other: Node) -> None:
        """Add everything that another node of the same record holds."""
        self.packed |= other.packed
        self.statements += other.statements
        self.steps += other.steps
        if self.trained is not self:
            self.trained.join(other.trained)

    def links(self, wanted: int) -> Collection[Link]:
        """Return the reasons that give an answer to a question; those of ancestors first, without recursion, for lines of descent are long."""
        if not self.steps:
            return self._collect(wanted, [])
        found = self._known.get(wanted)
        if found is None:
            waiting = [(self, wanted)]
            while waiting:
                node, here = waiting[-1]
                ways = node._ways(here)
                ahead = [(step.node, given) for step, given in ways if given not in step.node._known and step.node.steps]
                if ahead:
                    waiting += ahead
                else:
                    waiting.pop()
                    if node._known is _NONE_YET:
                        node._known = {}
                    found = node._known[here] = node._collect(here, ways)
        return found or ()

    def _ways(self, wanted: int) -> list[tuple[Step, int]]:
        """Return the steps along which an answer comes, and the answer that it was before each of them."""
        ways = []
        bit, rank = _ASKED[wanted], wanted % len(ORDER)
        for step in self.steps:
            packed = step.node.packed & step.only
            if step.contested:
                if rank == _NO:
                    continue
                if rank == _UNCLEAR and packed & _ASKED[wanted - 1]:
                    ways.append((step, wanted - 1))
            if packed & bit:
                ways.append((step, wanted))
        return ways

    def _collect(self, wanted: int, ways: list[tuple[Step, int]]) -> Collection[Link]:
        number, rank = divmod(wanted, len(ORDER))
        answer = ORDER[rank]
        found = []
        for statement in self.statements:
            link = statement.links[number]
            if link is not None and link.answer == answer:
                found.append(link)
        if not found and len(ways) == 1 and ways[0][1] == wanted:  # nothing can arrive twice
            return [_passed(link, ways[0][0]) for link in ways[0][0].node.links(wanted)]
        for step, given in ways:
            links = step.node.links(given)
            found += [_passed(contested(link), step) for link in links] if given != wanted else [_passed(link, step) for link in links]
        return shortest(found) if len(found) > 1 else found


# One number for each question and answer, the bit that answers have among the packed ones, and the two that a contested edge turns.
_ASKED = [pack(question, bits_of(answer)) for question in QUESTIONS for answer in ORDER]
_NO, _UNCLEAR = ORDER.index("no"), ORDER.index("unclear")


def _passed(link: Link, step: Step) -> Link:
    """Return a reason as seen from the record that a step leads to: it remembers what lies between, and the edge."""
    answer, record, artefact, rule, license, reason, note, counted, through, edges = link
    here = step.here
    if record != here and here not in through:
        through = (here, *through)
    if step.rule != "own":
        edges = (step.rule, *edges)
    return new_link(Link, (answer, record, artefact, rule, license, reason, note, counted, through, edges))


def silent(node: Node) -> int:
    """Return the bits of the questions to which a node says nothing."""
    return sum(pack(question, unpack(ALL, question)) for question in QUESTIONS if not unpack(node.packed, question))
