"""What the texts of licences say to the review's questions: statements, each of one licence and one place that names it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from .answers import ALL, ANSWERS, ORDER, QUESTIONS, REASONS, Link, bits_of, contested, contract, new, pack, softened, unpack
from .specification import resolve
from .terms_in_time import covers, may_hold, versions_in
from .values import NOT_STATED

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page


class Statement(NamedTuple):
    """What one place says to each question: all answers packed, and the reason of each; most texts answer all questions alike, by one."""

    packed: int
    answers: tuple[int, ...]  # the bits of those that each link gives, to one question or to several
    links: tuple[Link, ...]


Say = Callable[[str, str, str, str], Statement]  # of a record, artefact, rule and note

_UNCLEAR = {reason: reduce(or_, (pack(question, bits_of("unclear", reason)) for question in QUESTIONS)) for reason in REASONS}


def unclear(record: str, artefact: str, rule: str, reason: str, note: str = "", license: str = "", only: int = ALL) -> Statement:
    """Return that nothing can be told, and why; to some of the questions only, where `only` holds their bits."""
    link = new(Link, ("unclear", record, artefact, rule, license, reason, note, (), (), ()))
    packed = _UNCLEAR[reason] & only
    return new(Statement, (packed, (packed & ANSWERS,), (link,)))


def stated(links: Iterable[tuple[str, Link]]) -> Statement:
    """Return the statement that answers questions by links."""
    packed = 0
    given: dict[Link, int] = {}
    for question, link in links:
        packed |= pack(question, bits_of(link.answer, link.reason))
        given[link] = given.get(link, 0) | pack(question, bits_of(link.answer))
    return Statement(packed, tuple(given.values()), tuple(given))


def for_training(statement: Statement) -> Statement:
    """Return what passes of a statement along a contested edge."""
    softer = softened(statement.packed)
    if softer == statement.packed:
        return statement
    return Statement(softer, tuple([softened(bits) & ANSWERS for bits in statement.answers]), tuple(map(contested, statement.links)))


def for_receivers(statement: Statement) -> Statement:
    """Return what an account holder's terms come to for somebody who receives the data."""
    before = [(question, link) for bits, link in zip(statement.answers, statement.links, strict=True) for question in QUESTIONS if unpack(bits, question)]
    after = stated((question, contract(link, question)) for question, link in before)
    return after._replace(packed=statement.packed ^ stated(before).packed | after.packed)  # what a text asks for, it asks of receivers too


class LicenseTexts:
    """Ask the licence pages of a corpus, each question of each text once."""

    def __init__(self, corpus: Corpus) -> None:
        self._pages = corpus.licenses
        self._reaching = {spelling for spelling, page in self._pages.items() if page.record.get("reach", {}).get("trained_models") == "yes"}
        self._answers: dict[str, Say] = {}
        self._in_force: dict[tuple[str, str, str], tuple[list[tuple[str, Say]], bool]] = {}
        self._elsewhere: dict[str, list[tuple[str, tuple[str, ...]]]] = {}

    def __contains__(self, spelling: object) -> bool:
        return spelling in self._pages

    def statement(self, spelling: str, record: str, artefact: str, rule: str = "own", note: str = "") -> Statement:
        """Return what a licence answers for a place; an unknown licence is unclear, whatever its name."""
        say = self._answers.get(spelling)
        if say is None:
            page = self._pages.get(spelling)
            if page is None:
                return unclear(record, artefact, rule, "not-researched", note or "there is no page on this licence", spelling)
            say = self._answers[spelling] = _answering(spelling, page.record.get("answers", {}))
        return say(record, artefact, rule, note)

    def terms(self, spelling: str, record: str, artefact: str, rule: str, period: str, service: str = "") -> list[Statement]:
        """Return what terms say of things made in a period: all versions in force in it. Days that no known version covers leave it unclear.

        Without a service all services' versions count.
        """
        page = self._pages.get(spelling)
        versions = page.record.get("versions") if page else None
        if not versions:
            return [self.statement(spelling, record, artefact, rule)]
        key = (spelling, period, service)
        if key not in self._in_force:
            self._in_force[key] = self._versions_in_force(spelling, versions, period, service)
        chosen, all_known = self._in_force[key]
        said = [say(record, artefact, rule, note) for note, say in chosen]
        return list(dict.fromkeys(said if all_known else [*said, unclear(record, artefact, rule, "terms-version-unknown", license=spelling)]))

    @staticmethod
    def _versions_in_force(spelling: str, versions: list[Any], period: str, service: str) -> tuple[list[tuple[str, Say]], bool]:
        """Return the versions of terms in force in a period, by what names them and makes their statements, and whether it is known that no others were."""
        services = [service] if service and service != "all" else sorted({version.get("service", "all") for version in versions} - {"all"}) or ["all"]
        found: list[tuple[str, Say]] = []
        all_known = True
        for one in services:
            chosen = versions_in(versions, period, one)
            found += [(f"version {version.get('id', '')}", _answering(spelling, version.get("answers", {}))) for version in chosen]
            if not covers(chosen, period) or any(may_hold(version, period, one) for version in versions):
                all_known = False
        return found, all_known

    def output(self, license: Any, record: str) -> Statement:
        """Return what a licence of weights says of what the model generates."""
        page = self._pages.get(license) if isinstance(license, str) else None
        if page is None:
            reason = "no-licence" if license == NOT_STATED else "not-researched"
            return unclear(record, "output", "model-output", reason, license=license or "")
        reach = page.record.get("reach", {}).get("output")
        if reach == "yes":
            return self.statement(license, record, "output", "model-output")
        if reach in ("no", NOT_STATED):
            note = "the licence's text does not reach output" if reach == "no" else "the licence's text says nothing of output"
            says_yes = Link("yes", record, "output", "model-output", license, note=note)
            return stated((question, says_yes) for question in QUESTIONS)
        return unclear(record, "output", "model-output", "contested" if reach == "unclear" else "not-researched", license=license)

    def reach_models(self, license: Any) -> bool:
        """Tell whether a licence's text says that it covers models trained with what it licenses."""
        return isinstance(license, str) and license in self._reaching

    def stated_elsewhere(self, page: Page, path: tuple[str, ...], license: str) -> list[str]:
        """Return the licences that other sources state now for the field at a path, by the spelling of a licence page."""
        if "evidence" not in page.record:
            return []
        said = self._elsewhere.get(page.path)
        if said is None:
            said = self._elsewhere[page.path] = list(self._said_by_evidence(page))
        return sorted({other for other, field in said if other != license and (field[: len(path)] == path or path[: len(field)] == field)})

    def _said_by_evidence(self, page: Page) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the licences that a record's evidence says some source states now, each with the field that it speaks of."""
        for entry in page.record["evidence"]:
            said = entry.get("says", "")
            if said in self._pages and "until" not in entry:
                resolved = [resolve(page.record, target) for target in entry.get("for", [])]
                yield from ((said, field) for field in resolved if field is not None)


def _answering(spelling: str, answers: Mapping[str, Any]) -> Say:
    """Return what makes statements of a text's answers for a place whose page names it; a missing answer is never a yes."""
    packed = 0
    read: dict[tuple[str, str], int] = {}  # most texts answer several questions alike: one link is enough for those
    for question in QUESTIONS:
        given = answers.get(question, {})
        answer = given.get("answer")
        if answer not in ORDER:
            answer, given = "unclear", {}
        reason = "not-researched" if answer == "unclear" else ""
        packed |= pack(question, bits_of(answer, reason, given))
        read[answer, reason] = read.get((answer, reason), 0) | pack(question, bits_of(answer))
    bits, different = tuple(read.values()), tuple(read)
    answer, reason = different[0]

    def say_one(record: str, artefact: str, rule: str, note: str) -> Statement:
        return new(Statement, (packed, bits, (new(Link, (answer, record, artefact, rule, spelling, reason, note, (), (), ())),)))

    def say(record: str, artefact: str, rule: str, note: str) -> Statement:
        links = tuple([new(Link, (answer, record, artefact, rule, spelling, reason, note, (), (), ())) for answer, reason in different])
        return new(Statement, (packed, bits, links))

    return say_one if len(different) == 1 else say
