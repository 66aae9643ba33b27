"""What the texts of licences say to the review's questions: statements, each of one licence and one place that names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from .answers import ALL, ORDER, QUESTIONS, REASONS, Link, bits_of, contested, contract, new, pack, softened
from .specification import resolve
from .terms_in_time import covers, may_hold, versions_in
from .values import NOT_STATED

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page


class Statement(NamedTuple):
    """What one place says to each question: all answers packed, and the reason that each of them is."""

    packed: int
    links: tuple[Link | None, ...]  # by question; None where it says nothing to that one


_UNCLEAR = {reason: reduce(or_, (pack(question, bits_of("unclear", reason)) for question in QUESTIONS)) for reason in REASONS}


def unclear(record: str, artefact: str, rule: str, reason: str, note: str = "", license: str = "", only: int = ALL) -> Statement:
    """Return that nothing can be told, and why; to some of the questions only, where `only` holds their bits."""
    link = new(Link, ("unclear", record, artefact, rule, license, reason, note, (), (), ()))
    if only == ALL:
        return new(Statement, (_UNCLEAR[reason], (link,) * len(QUESTIONS)))
    return Statement(_UNCLEAR[reason] & only, tuple(link if pack(question, 1) & only else None for question in QUESTIONS))


def stated(links: Mapping[str, Link], given: Mapping[str, Mapping[str, Any]] | None = None) -> Statement:
    """Return the statement that answers each question by its link, with the duties and limits given for it."""
    packed = 0
    for question, link in links.items():
        packed |= pack(question, bits_of(link.answer, link.reason, (given or {}).get(question)))
    return Statement(packed, tuple(links.get(question) for question in QUESTIONS))


def for_training(statement: Statement) -> Statement:
    """Return what passes of a statement along a contested edge."""
    softer = softened(statement.packed)
    if softer == statement.packed:
        return statement
    turned = {link: contested(link) for link in dict.fromkeys(statement.links) if link}
    return new(Statement, (softer, tuple([link and turned[link] for link in statement.links])))


def for_receivers(statement: Statement) -> Statement:
    """Return what an account holder's terms come to for somebody who receives the data."""
    packed, links = statement.packed, list(statement.links)
    for number, question in enumerate(QUESTIONS):
        before = links[number]
        after = before and contract(before, question)
        if before and after and after is not before:
            packed ^= pack(question, bits_of(before.answer, before.reason) ^ bits_of(after.answer, after.reason))
            links[number] = after
    return Statement(packed, tuple(links))


class LicenseTexts:
    """Ask the licence pages of a corpus, each question of each text once."""

    def __init__(self, corpus: Corpus) -> None:
        self._pages = corpus.licenses
        self._answers: dict[str, Callable[[Link], Statement]] = {}

    def __contains__(self, spelling: object) -> bool:
        return spelling in self._pages

    def statement(self, spelling: str, link: Link) -> Statement:
        """Return what a licence answers; an unknown licence is unclear, whatever its name."""
        answers = self._answers.get(spelling)
        if answers is None:
            page = self._pages.get(spelling)
            if page is None:
                return unclear(link.record, link.artefact, link.rule, "not-researched", link.note or "there is no page on this licence", spelling)
            answers = self._answers[spelling] = _answering(spelling, page.record.get("answers", {}))
        return answers(link)

    def terms(self, spelling: str, link: Link, period: str, service: str = "") -> list[Statement]:
        """Return what terms say of things made in a period: all versions in force in it. Days that no known version covers leave it unclear.

        Without a service all services' versions count.
        """
        page = self._pages.get(spelling)
        versions = page.record.get("versions") if page else None
        if not versions:
            return [self.statement(spelling, link)]
        services = [service] if service and service != "all" else sorted({version.get("service", "all") for version in versions} - {"all"}) or ["all"]
        found: dict[Statement, None] = {}
        for one in services:
            chosen = versions_in(versions, period, one)
            for version in chosen:
                found[_answering(spelling, version.get("answers", {}))(link._replace(note=f"version {version.get('id', '')}"))] = None
            if not covers(chosen, period) or any(may_hold(version, period, one) for version in versions):
                found[unclear(link.record, link.artefact, link.rule, "terms-version-unknown", link.note, spelling)] = None
        return list(found)

    def output(self, license: Any, link: Link) -> Statement:
        """Return what a licence of weights says of what the model generates."""
        page = self._pages.get(license) if isinstance(license, str) else None
        if page is None:
            reason = "no-licence" if license == NOT_STATED else "not-researched"
            return unclear(link.record, link.artefact, link.rule, reason, license=license or "")
        reach = page.record.get("reach", {}).get("output")
        if reach == "yes":
            return self.statement(license, link)
        if reach in ("no", NOT_STATED):
            note = "the licence's text does not reach output" if reach == "no" else "the licence's text says nothing of output"
            return stated(dict.fromkeys(QUESTIONS, link._replace(answer="yes", license=license, note=note)))
        return unclear(link.record, link.artefact, link.rule, "contested" if reach == "unclear" else "not-researched", license=license)

    def reach_models(self, license: Any) -> bool:
        """Tell whether a licence's text says that it covers models trained with what it licenses."""
        page = self._pages.get(license) if isinstance(license, str) else None
        return page is not None and page.record.get("reach", {}).get("trained_models") == "yes"

    def stated_elsewhere(self, page: Page, path: tuple[str, ...], license: str) -> list[str]:
        """Return the licences that other sources state now for the field at a path, by the spelling of a licence page."""
        found = set()
        for entry in page.record.get("evidence", ()):
            said = entry.get("says", "")
            if not said or "until" in entry or said == license or said not in self._pages:
                continue
            for target in entry.get("for", []):
                resolved = resolve(page.record, target)
                if resolved is not None and (resolved[: len(path)] == path or path[: len(resolved)] == resolved):
                    found.add(said)
        return sorted(found)


def _answering(spelling: str, answers: Mapping[str, Any]) -> Callable[[Link], Statement]:
    """Return what makes statements of a text's answers for whoever names it; a missing answer is never a yes."""
    read: list[tuple[str, str]] = []
    packed = 0
    for question in QUESTIONS:
        given = answers.get(question, {})
        answer = given.get("answer")
        if answer not in ORDER:
            read.append(("unclear", "not-researched"))
            packed |= pack(question, bits_of("unclear", "not-researched"))
        else:
            reason = "not-researched" if answer == "unclear" else ""
            read.append((answer, reason))
            packed |= pack(question, bits_of(answer, reason, given))

    different = list(dict.fromkeys(read))  # most texts answer several questions alike: one link is enough for those
    answered = [different.index(one) for one in read]
    (only_answer, only_reason), *others = different
    times = len(answered)

    def say(link: Link) -> Statement:
        _, record, artefact, rule, _, _, note, *_ = link
        if not others:
            alike = new(Link, (only_answer, record, artefact, rule, spelling, only_reason, note, (), (), ()))
            return new(Statement, (packed, (alike,) * times))
        links = [new(Link, (answer, record, artefact, rule, spelling, reason, note, (), (), ())) for answer, reason in different]
        return new(Statement, (packed, tuple([links[position] for position in answered])))

    return say
