"""What is said at one place of the lineage and what comes to it from others: answers at once, reasons when somebody asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from .answers import ALL, ANSWERS, ORDER, QUESTIONS, Link, bits_of, contested, new, pack, softened, unpack, way_length, worst
from .license_texts import Statement


class Step(NamedTuple):
    """That something comes from another node: to which record, by which of RULES, and how much of it."""

    node: Node
    here: str
    rule: str
    contested: bool = False
    only: int = ALL  # the bits of the questions it speaks to


Place = tuple[str, str]  # a record's id and one of code, data, weights, output


# Links by the bits of the answer that they give to one question or several: most licences answer alike, so that
# what is said once to all questions is passed on once.
Found = dict[int, list[Link]]

_NONE_YET: Found = {}  # what most nodes are never asked for costs nothing


class Node:
    """A union of statements and of steps from other nodes, which must not change any more.

    `trained` is what passes of it to models trained with the data; the node itself, where that makes no difference.
    """

    __slots__ = ("_asked", "_found", "packed", "statements", "steps", "trained")

    def __init__(self, statements: Iterable[Statement] = (), trained: Node | None = None) -> None:
        self.packed = 0
        self.statements = tuple(statements)
        self.steps: tuple[Step, ...] = ()
        self.trained = self if trained is None else trained
        self._asked = 0  # the answers whose links were put together
        self._found = _NONE_YET
        for statement in self.statements:
            self.packed |= statement.packed

    def say(self, statement: Statement) -> None:
        """Add a statement."""
        self.packed |= statement.packed
        self.statements += (statement,)

    def take(self, node: Node, here: str, rule: str, contested: bool = False, only: int = ALL) -> None:
        """Add what comes from another node, if anything does; the other arguments are those of a step."""
        packed = node.packed & only
        if packed:
            self.packed |= softened(packed) if contested else packed
            self.steps += (new(Step, (node, here, rule, contested, only)),)

    def join(self, other: Node) -> None:
        """Add everything that another node of the same record holds."""
        self.packed |= other.packed
        self.statements += other.statements
        self.steps += other.steps
        if self.trained is not self:
            self.trained.join(other.trained)

    def links(self, wanted: int) -> Collection[Link]:
        """Return the reasons that give an answer to a question."""
        asked = _ASKED[wanted]
        if not self.packed & asked:
            return ()
        if not self.steps:
            number, answer = divmod(wanted, len(ORDER))
            if len(self.statements) == 1:
                only = self.statements[0].links[number]
                return () if only is None else (only,)
            said = [link for statement in self.statements if (link := statement.links[number]) is not None]
            return said if len(said) == 1 else {link for link in said if link.answer == ORDER[answer]}
        if not self._asked & asked:
            self._find(asked)
        return [link for bits, links in self._found.items() if bits & asked for link in links]

    def _find(self, wanted: int) -> None:
        """Put the reasons for answers together, and those for all that decide; ancestors first, without recursion, for lines of descent are long."""
        waiting = [(self, wanted)]
        while waiting:
            node, here = waiting[-1]
            here |= worst(node.packed) | node._asked
            ways = node._ways(here)
            ahead = [(step[0], given) for step, given in ways if given & ~step[0]._asked]
            if ahead:
                waiting += ahead
            else:
                waiting.pop()
                if here != node._asked:
                    node._found = node._collect(here, ways)
                    node._asked = here

    def _ways(self, wanted: int) -> list[tuple[Step, int]]:
        """Return the steps along which answers come, and the answers that they were before each of them."""
        ways = []
        for step in self.steps:
            node, _, _, contested_edge, only = step
            # A no arrives as unclear along a contested edge: the bit before that of unclear is the one of no.
            given = node.packed & only & (wanted >> 1 & _NO | wanted & ~_NO if contested_edge else wanted)
            if given:
                ways.append((step, given))
        return ways

    def _collect(self, wanted: int, ways: list[tuple[Step, int]]) -> Found:
        found: Found = {}
        for statement in self.statements:
            given, links = statement.packed & wanted & ANSWERS, statement.links
            first = links[0]
            if first is not None and given and links.count(first) == len(links):
                found.setdefault(given, []).append(first)
            elif given:
                for bits, link in zip(_EVERY, links, strict=True):
                    if link is not None and given & bits:
                        found.setdefault(given & bits, []).append(link)
        once = not found and len(ways) == 1 and not ways[0][0].contested  # then nothing can arrive twice
        for step, given in ways:
            for bits, arrived in step.node._found.items():
                arriving = bits & given
                if step.contested and arriving & _NO:
                    found.setdefault(arriving << 1, []).extend([_passed(contested(link), step) for link in arrived])
                elif arriving:
                    found.setdefault(arriving, []).extend([_passed(link, step) for link in arrived])
        return found if once else _shortest(found)


# The bits of answers among the packed ones: by one number for each question and answer, by question, and of all that is forbidden.
_ASKED = [pack(question, bits_of(answer)) for question in QUESTIONS for answer in ORDER]
_EVERY = [ANSWERS & pack(question, unpack(ALL, question)) for question in QUESTIONS]
_NO = sum(pack(question, bits_of("no")) for question in QUESTIONS)


def _shortest(found: Found) -> Found:
    """Return each reason once for each question: of one that arrives by several ways the shortest."""
    arrived = [(link, bits) for bits, links in found.items() for link in links]
    if len(arrived) == 1 or len({link[1] for link, _ in arrived}) == len(arrived) or len({link[:8] for link, _ in arrived}) == len(arrived):
        return found  # mostly each from a record of its own, which is told sooner
    arrived.sort(key=lambda one: way_length(one[0]))
    taken: dict[tuple[Any, ...], int] = {}
    kept: Found = {}
    for link, bits in arrived:
        known = taken.get(link[:8], 0)
        if bits & ~known:
            taken[link[:8]] = known | bits
            kept.setdefault(bits & ~known, []).append(link)
    return kept


def _passed(link: Link, step: Step) -> Link:
    """Return a reason as seen from the record that a step leads to: it remembers what lies between, and the edge."""
    answer, record, artefact, rule, license, reason, note, counted, through, edges = link
    here = step.here
    if record != here and here not in through:
        through = (here, *through)
    if step.rule != "own":
        edges = (step.rule, *edges)
    return new(Link, (answer, record, artefact, rule, license, reason, note, counted, through, edges))


def silent(node: Node) -> int:
    """Return the bits of the questions to which a node says nothing."""
    return sum(pack(question, unpack(ALL, question)) for question in QUESTIONS if not unpack(node.packed, question))
