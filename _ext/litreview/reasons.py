"""What is said at one place of the lineage and what comes to it from others: answers at once, reasons when somebody asks."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from .answers import ALIKE, ALL, ANSWERS, QUESTIONS, Link, bits_of, contested, new, pack, softened, unpack, way_length, worst
from .license_texts import Statement

Place = tuple[str, str]  # a record's id and one of code, data, weights, output

# That something comes from another node: which, to which record, by which of RULES, whether that is contested, and the bits of
# the answers that come, as that node gives them. Steps are plain tuples because there are thousands.
Step = tuple["Node", str, str, bool, int]


# Links by the bits of the answers that they give, to one question or to several: most licences answer alike, so that
# what is said once to all questions is passed on once.
Found = dict[int, list[Link]]

_NONE_YET: Found = {}  # what most nodes are never asked for costs nothing


class Node:
    """A union of statements and of steps from other nodes, which must not change any more.

    `trained` is what passes of it to models trained with the data; the node itself, where that makes no difference.
    """

    __slots__ = ("_asked", "_found", "alike", "packed", "statements", "steps", "trained")

    def __init__(self, statements: Iterable[Statement] = (), trained: Node | None = None) -> None:
        self.packed = 0
        self.statements = tuple(statements)
        self.steps: tuple[Step, ...] = ()
        self.alike = True  # whether each reason gives all questions one answer
        self.trained = self if trained is None else trained
        self._asked = 0  # the answers whose links were put together
        self._found = _NONE_YET
        for packed, answers, _ in self.statements:
            self.packed |= packed
            if answers[0] not in ALIKE:
                self.alike = False

    def say(self, statement: Statement) -> None:
        """Add a statement."""
        self.packed |= statement.packed
        self.statements += (statement,)
        if statement.answers[0] not in ALIKE:
            self.alike = False

    def take(self, node: Node, here: str, rule: str, contested: bool = False, only: int = ALL) -> None:
        """Add what comes from another node, by which of RULES, to the questions whose bits are in `only`; that node must be complete."""
        packed = node.packed & only
        if packed:
            self.packed |= softened(packed) if contested else packed
            self.steps += ((node, here, rule, contested, packed & ANSWERS),)
            if not node.alike or only != ALL:
                self.alike = False

    def join(self, other: Node) -> None:
        """Add everything that another node of the same record holds."""
        self.packed |= other.packed
        self.statements += other.statements
        self.steps += other.steps
        self.alike = self.alike and other.alike
        if self.trained is not self:
            self.trained.join(other.trained)

    def links(self, asked: int) -> list[Link]:
        """Return the reasons that give one of the answers to one question whose bits are asked for, each once and in order."""
        if not self.steps:
            if len(self.statements) == 1 and self.alike:
                return [*self.statements[0].links]
            said = [link for _, answers, links in self.statements for bits, link in zip(answers, links, strict=True) if bits & asked]
            return said if len(said) == 1 else sorted(set(said))
        if asked & self.packed & ~self._asked:
            self.find(asked)
        found = [links for bits, links in self._found.items() if bits & asked]
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found))

    def find(self, asked: int = 0) -> None:
        """Put the reasons for answers together, and those for all that decide; ancestors first, without recursion, for lines of descent are long."""
        waiting = [(self, asked)]
        while waiting:
            node, here = waiting[-1]
            missing = (here & node.packed | worst(node.packed)) & ~node._asked
            ahead = missing and node._collect(missing)
            if ahead:
                waiting += ahead
            else:
                waiting.pop()

    def _collect(self, wanted: int) -> list[tuple[Node, int]]:
        """Add the reasons for answers; where some are missed that come from other nodes, return which those are, and add nothing."""
        found: Found = {}
        for _, answers, links in self.statements:
            for number, bits in enumerate(answers):
                if bits & wanted:
                    found.setdefault(bits & wanted, []).append(links[number])
        # A no arrives as unclear along a contested edge: the bit before that of unclear is the one of no.
        before_contested = wanted >> 1 & _NO | wanted & ~_NO
        coming, ahead = [], []
        for step in self.steps:
            node, _, _, contested_edge, coming_along = step
            given = coming_along & (before_contested if contested_edge else wanted)
            if given:
                coming.append((step, given))
                if given & ~node._asked:
                    ahead.append((node, given))
        if ahead:
            return ahead
        once = not found and len(coming) == 1 and not coming[0][0][3]  # what comes from one node, by an edge that changes nothing, comes once
        for (node, here, rule, contested_edge, _), given in coming:
            for bits, there in node._found.items():
                passing = bits & given
                if contested_edge and passing & _NO:
                    there, passing = [contested(link) for link in there], passing << 1
                if passing:
                    known = found.get(passing)
                    if known is None:
                        found[passing] = _passed(there, here, rule)
                    else:
                        known += _passed(there, here, rule)
        self._asked |= wanted
        if not once:
            found = _shortest(found)
        for arrived in found.values():
            arrived.sort()
        self._found = {**self._found, **found} if self._found else found
        return ahead


_NO = sum(pack(question, bits_of("no")) for question in QUESTIONS)  # the bits of all that is forbidden


def _shortest(found: Found) -> Found:
    """Return each reason once for each question: of one that arrives by several ways the shortest."""
    number = sum(map(len, found.values()))
    if number == 1 or len({link[1] for links in found.values() for link in links}) == number:
        return found  # mostly each is from a record of its own
    arrived = [(link, bits) for bits, links in found.items() for link in links]
    if len({link[:8] for link, _ in arrived}) == number:
        return found
    arrived.sort(key=lambda one: way_length(one[0]))
    taken: dict[tuple[Any, ...], int] = {}
    kept: Found = {}
    for link, bits in arrived:
        known = taken.get(link[:8], 0)
        if bits & ~known:
            taken[link[:8]] = known | bits
            kept.setdefault(bits & ~known, []).append(link)
    return kept


def _passed(links: Iterable[Link], here: str, rule: str) -> list[Link]:
    """Return reasons as seen from the record that a step leads to: they remember what lies between, and the edge."""
    passed = []
    for link in links:
        answer, record, artefact, how, license, reason, note, counted, through, edges = link
        if record != here and here not in through:
            through = (here, *through)
        if rule != "own":
            edges = (rule, *edges)
        passed.append(new(Link, (answer, record, artefact, how, license, reason, note, counted, through, edges)))
    return passed


def silent(node: Node) -> int:
    """Return the bits of the questions to which a node says nothing."""
    return sum(pack(question, unpack(ALL, question)) for question in QUESTIONS if not unpack(node.packed, question))
