"""Answers to the review's questions, with what they rest on: the small algebra under all verdicts.

Everything that several reasons come to is a union: the worst answer among those given, every duty, limit and scope, every
reason why something is unclear. So an answer with all that goes with it is a set of bits, and combining is `|`; only its
reasons, the links, are put together when somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple, Protocol

from . import vocabularies as words

QUESTIONS: dict[str, str] = {
    "commercial-use": "May it be used commercially?",
    "redistribution": "May it be passed on?",
    "train-another-model": "May another model be trained with it?",
}
ARTEFACTS: dict[str, tuple[str, ...]] = {"paper": ("code", "data", "weights"), "model": ("code", "weights", "output")}

# In order of caution; `not-released` stands outside the order.
ORDER = ("no", "unclear", "conditional", "yes")
NOT_RELEASED = "not-released"

REASONS: dict[str, str] = {
    "no-licence": "released without terms",
    "conflict": "two places state different licences",
    "contested": "whether terms reach so far is contested",
    "untraced": "where it came from is not known",
    "not-researched": "nobody has looked",
    "terms-version-unknown": "which version of the terms was in force is not known",
}

# --- Links -------------------------------------------------------------------------------------------------------------


class Link(NamedTuple):
    """One reason of a verdict: which record and artefact says it, by which rule, under which licence."""

    answer: str
    record: str
    artefact: str
    rule: str  # one of RULES: how it speaks where it stands
    license: str = ""  # as its page spells it
    reason: str = ""  # one of REASONS, for what is unclear
    note: str = ""
    counted: tuple[int, ...] = ()  # for a collection: how many of its sources say so, of how many
    through: tuple[str, ...] = ()  # the records between, nearest the verdict's own first
    edges: tuple[str, ...] = ()  # the rules of the edges it came along, in the same order


new = tuple.__new__  # what `Link(…)` does in the end, without its keywords: for the places where links and the like are made by the thousand


def way_length(link: Link) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """Return what links are compared by that give one reason by several ways."""
    return len(link.through), link.through, link.edges


def shortest(links: Iterable[Link]) -> Collection[Link]:
    """Return each reason once: of one that arrives by several ways the shortest, so that their number does not grow with the ways."""
    kept: dict[tuple[Any, ...], Link] = {}
    for link in links:
        key = link[:8]  # all but its way
        known = kept.setdefault(key, link)
        if known is not link and way_length(link) < way_length(known):
            kept[key] = link
    return kept.values()


_FORBIDDEN_FOR_DATA = "forbidden for the data; whether that reaches models trained with them is contested"


def contested(link: Link) -> Link:
    """Return what passes of a reason along a contested edge: a no becomes unclear, anything else stays."""
    answer, record, artefact, rule, license, _, note, *rest = link
    return link if answer != "no" else new(Link, ("unclear", record, artefact, rule, license, "contested", note or _FORBIDDEN_FOR_DATA, *rest))


def contract(link: Link, question: str) -> Link:
    """Return what account terms mean for somebody who receives the data: they bind the account holder only.

    Commercial use is conditional at best. Training another model is limited for the account holder; for others it is contested.
    """
    if question == "commercial-use" and link.answer == "yes":
        return link._replace(answer="conditional", note=link.note or "the account holder's terms apply")
    if question == "train-another-model" and link.answer in ("no", "conditional"):
        limited = "limited for the account holder, contested for others"
        return link._replace(answer="unclear", reason="contested", note=f"{link.note}; {limited}" if link.note else limited)
    return link


# --- Bits --------------------------------------------------------------------------------------------------------------

# One question's bits: the answers given, worst first; why they are unclear; whether places conflict; then the words.
_NAMED = [
    *(("answer", name) for name in ORDER),
    *(("reason", name) for name in REASONS),
    ("conflict", ""),
    *((name, word) for name, vocabulary in (("requires", words.DUTY), ("restricts", words.LIMIT), ("scope", words.SCOPE)) for word in vocabulary.words),
]
_BIT = {named: 1 << position for position, named in enumerate(_NAMED)}
_WIDTH = len(_NAMED)
_SHIFTS = {question: _WIDTH * number for number, question in enumerate(QUESTIONS)}
_ONE = (1 << _WIDTH) - 1
_ANSWERS = sum(_BIT["answer", answer] for answer in ORDER)
_UNCLEAR_AND_CONTESTED = (_BIT["answer", "unclear"] | _BIT["reason", "contested"]) // _BIT["answer", "no"]

_EACH = sum(1 << _WIDTH * number for number in range(len(QUESTIONS)))  # the first bit of every question
NUMBER = {question: number for number, question in enumerate(QUESTIONS)}
ALL = _ONE * _EACH  # every question's bits, packed into one number
CONFLICT = _BIT["conflict", ""] * _EACH
ALIKE = frozenset(_BIT["answer", answer] * _EACH for answer in ORDER)  # the same answer to every question
_NO = _BIT["answer", "no"] * _EACH
ANSWERS = _ANSWERS * _EACH


def bits_of(answer: str, reason: str = "", given: Mapping[str, Any] | None = None) -> int:
    """Return an answer with its reason, and the duties, limits and scope that a licence page gives, as one question's bits."""
    bits = _BIT["answer", answer] | (_BIT["reason", reason] if reason else 0)
    if given:
        for name in ("requires", "restricts"):
            for word in given.get(name, ()):
                bits |= _BIT.get((name, word), 0)
        bits |= _BIT.get(("scope", given.get("scope", "")), 0)
    return bits


def pack(question: str, bits: int) -> int:
    """Put one question's bits where they stand among all questions'."""
    return bits << _SHIFTS[question]


def unpack(packed: int, question: str) -> int:
    """Return one question's bits."""
    return packed >> _SHIFTS[question] & _ONE


def softened(packed: int) -> int:
    """Return what passes along a contested edge, of one question or all: a no becomes unclear and contested."""
    forbidden = packed & _NO
    return packed ^ forbidden | forbidden * _UNCLEAR_AND_CONTESTED


def worst(packed: int) -> int:
    """Return the bits of the worst answer to each question: those of its answers that no worse one stands before."""
    answers = packed & ANSWERS
    return answers & ~(answers << 1 | answers << 2 | answers << 3)


class _Read(NamedTuple):
    answer: str
    bit: int  # of the answer
    reason: str
    requires: frozenset[str]
    restricts: frozenset[str]
    scope: frozenset[str]
    conflict: bool


@cache
def _read(bits: int) -> _Read:
    held: dict[str, list[str]] = {}
    for named, bit in _BIT.items():
        if bits & bit:
            held.setdefault(named[0], []).append(named[1])
    answer = held.get("answer", [NOT_RELEASED])[0]
    reason = held.get("reason", [""])[0] if answer == "unclear" else ""
    requires, restricts, scope = (frozenset(held.get(name, ())) for name in ("requires", "restricts", "scope"))
    return _Read(answer, _BIT.get(("answer", answer), 0), reason, requires, restricts, scope, "conflict" in held)


# --- Verdicts ----------------------------------------------------------------------------------------------------------


class _Given(Protocol):
    def links(self, asked: int) -> list[Link]:
        """Return the reasons that give one of the answers to one question whose bits are asked for, each once and in order."""


class Verdict:
    """An answer with everything that led to it, the dominated reasons too; the links are put together when they are asked for."""

    __slots__ = ("_bit", "_deciding", "_given", "_shift", "answer", "bits", "conflict", "reason", "requires", "restricts", "scope")

    answer: str  # the worst answer given, or that nothing was released
    reason: str  # why it is unclear, the weightiest reason first; empty where it is clear
    requires: frozenset[str]  # all duties
    restricts: frozenset[str]  # all limits
    scope: frozenset[str]  # which other models are concerned, in the words of the texts that say so
    conflict: bool  # whether different places state different licences

    def __init__(self, packed: int, given: _Given, number: int = 0) -> None:
        self._shift = _WIDTH * number  # where the question's bits stand, if `given` answers several
        self.bits = packed >> self._shift & _ONE
        self._given = given
        self._deciding: list[Link] | None = None
        self.answer, self._bit, self.reason, self.requires, self.restricts, self.scope, self.conflict = _read(self.bits)

    @property
    def deciding(self) -> list[Link]:
        """Return the links that gave the answer, in order."""
        found = self._deciding
        if found is None:
            found = self._deciding = self._given.links(self._bit << self._shift) if self._bit else []
        return found

    @property
    def because(self) -> frozenset[Link]:
        """Return all links."""
        return frozenset(self._given.links((self.bits & _ANSWERS) << self._shift))

    @property
    def counted(self) -> dict[str, int]:
        """Return how many data sets of counted collections give each answer; empty where none of them gave this one.

        Where it is contested whether a `no` reaches so far, it is counted as the `no` that it is for the data.
        """
        if not any(link.counted for link in self.deciding):
            return {}
        once = {(link.record, link.note): link for link in self.because if link.counted}
        found = dict.fromkeys(reversed(ORDER), 0)
        for link in once.values():
            found["no" if link.reason == "contested" else link.answer] += link.counted[0]
        return {answer: count for answer, count in found.items() if count}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verdict) and self.bits == other.bits and self.because == other.because

    def __hash__(self) -> int:
        return hash(self.bits)

    def __repr__(self) -> str:
        return f"Verdict({', '.join(f'{name}={value!r}' for name, value in _read(self.bits)._asdict().items() if value)}, because={self.because!r})"


def by_question(packed: int, given: _Given, alike: bool = False) -> tuple[Verdict, ...]:
    """Return the verdict on each question; it is one for all where the reasons are the same for all, and so is what goes with their answers."""
    if alike and packed == (packed & _ONE) * _EACH:
        return (Verdict(packed, given),) * len(QUESTIONS)
    return tuple([Verdict(packed, given, number) for number in NUMBER.values()])


class _Listed:
    """The links on one question, as they are given."""

    def __init__(self, links: Iterable[Link]) -> None:
        self._links = sorted(shortest(links))

    def links(self, asked: int) -> list[Link]:
        """Return those that give an answer."""
        return [link for link in self._links if _BIT["answer", link.answer] & asked]


NOTHING = Verdict(0, _Listed([]))  # combined with anything, it changes nothing


def combine(verdicts: Iterable[Verdict]) -> Verdict:
    """Return what several verdicts on one question come to: the worst answer, all duties, limits and reasons. Order does not matter."""
    bits = 0
    links: list[Link] = []
    for verdict in verdicts:
        bits |= verdict.bits
        links += verdict.because
    return Verdict(bits, _Listed(links))
