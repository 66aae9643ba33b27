"""What is said at one place of the lineage and what comes to it from others: answers at once, reasons when somebody asks."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from .answers import ALIKE, ALL, ANSWERS, QUESTIONS, Link, bits_of, contested, new, pack, shortest, softened, unpack, way_length, worst
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
            contested = contested and packed & _NO != 0  # of anything but a no nothing changes
            self.packed |= softened(packed) if contested else packed
            self.steps += ((node, here, rule, contested, packed & ANSWERS),)
            if not node.alike or only != ALL:
                self.alike = False

    def copy(self, trained: Node | None = None) -> Node:
        """Return a node that says the same, to which more can be added."""
        made = Node(trained=trained)
        made.packed, made.statements, made.steps, made.alike = self.packed, self.statements, self.steps, self.alike
        return made

    def adds_nothing(self, to: Node) -> bool:
        """Tell whether a copy is still what it was copied from."""
        return len(self.statements) == len(to.statements) and len(self.steps) == len(to.steps)

    def join(self, other: Node) -> None:
        """Add everything that another node of the same record holds."""
        self.packed |= other.packed
        self.statements += other.statements
        self.steps += other.steps
        self.alike = self.alike and other.alike
        if self.trained is not self:
            self.trained.join(other.trained)

    def settle(self) -> Node:
        """Take note that a node is complete; where the same passes to models as is said of the data, one does for both."""
        trained = self.trained
        if trained is not self and trained.steps == self.steps and trained.statements == self.statements and trained.packed == self.packed:
            self.trained = self
        return self

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
        """Put the reasons for answers together, and those for all that decide; ancestors first, without deep recursion, for lines of descent are long."""
        waiting = [(self, asked)]
        while waiting:
            node, here = waiting[-1]
            missing = (here & node.packed | worst(node.packed)) & ~node._asked
            ahead = missing and node._collect(missing, _NEAR)
            if ahead:
                waiting.append(ahead)
            else:
                waiting.pop()

    def _find_said(self) -> None:
        """Put together the reasons of a node to which nothing comes from others."""
        found: Found = {}
        for _, answers, links in self.statements:
            for bits, link in zip(answers, links, strict=True):
                found.setdefault(bits, []).append(link)
        self._found = found if len(self.statements) == 1 else _shortest(found)
        self._asked = ALL

    def _collect(self, wanted: int, near: int) -> tuple[Node, int] | None:
        """Add the reasons for answers, after those of the ancestors that are near; where some of another one are missed, return which, and add nothing."""
        # A no arrives as unclear along a contested edge: the bit before that of unclear is the one of no.
        before_contested = wanted >> 1 & _NO | wanted & ~_NO
        coming: list[tuple[Step, int]] = []
        for step in self.steps:
            given = step[4] & (before_contested if step[3] else wanted)
            if given:
                coming.append((step, given))
                node = step[0]
                if given & ~node._asked:
                    if not node.steps:
                        node._find_said()
                    elif not near:
                        return node, given
                    elif ahead := node._collect((given | worst(node.packed)) & ~node._asked, near - 1):
                        return ahead
        found: Found = {}
        for _, answers, links in self.statements:
            for bits, link in zip(answers, links, strict=True):
                if bits & wanted:
                    found.setdefault(bits & wanted, []).append(link)
        once = not found and len(coming) == 1 and not coming[0][0][3]  # what comes from one node, by an edge that changes nothing, comes once
        for (node, here, rule, contested_edge, _), given in coming:
            for bits, there in node._found.items():
                passing = bits & given
                if passing:
                    if contested_edge and passing & _NO:
                        there, passing = [contested(link) for link in there], passing << 1
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
        return None


_NEAR = 20  # steps by recursion, which spares nodes from being looked through twice
_NO = sum(pack(question, bits_of("no")) for question in QUESTIONS)  # the bits of all that is forbidden


def _shortest(found: Found) -> Found:
    """Return each reason once for each question: of one that arrives by several ways the shortest."""
    number = sum(map(len, found.values()))
    if number == 1 or len({link[1] for links in found.values() for link in links}) == number:
        return found  # mostly each is from a record of its own
    found = {bits: [*shortest(links)] for bits, links in found.items()}
    arrived = [(link, bits) for bits, links in found.items() for link in links]
    if len(found) == 1 or len({link[:8] for link, _ in arrived}) == len(arrived):
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
