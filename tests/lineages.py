"""Small reviews made in memory, for the tests of verdicts: licences, sources, models and papers, single, drawn at random, or by the thousand.

Facts are given as text, as on a page, and read by the schema, so that no test works on a record that no page could hold.
Three made licences answer every question alike: `Free` yes, `Limited` conditional, `Banned` no; `Banned` reaches output.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from hypothesis import strategies as st
from litreview.corpus import Corpus
from litreview.records import Page
from litreview.schema import FOLDER_OF, KINDS
from litreview.verdicts import ARTEFACTS, QUESTIONS, Link, Verdict, Verdicts
from pydantic import TypeAdapter

Facts = dict[str, Any]
COMMERCIAL, REDISTRIBUTION, TRAINING = QUESTIONS


@cache
def _adapter(kind: str) -> TypeAdapter[Facts]:
    return TypeAdapter(KINDS[kind])


def raw(kind: str, record_id: str, record: Facts) -> Page:
    """Return a page whose record nobody has checked."""
    return Page(f"{FOLDER_OF[kind]}/{record_id}.md", kind, record_id, record)


def made(kind: str, record_id: str, facts: Mapping[str, Any]) -> Page:
    """Return a page with some facts; facts that are None are left out."""
    return raw(kind, record_id, _adapter(kind).validate_python({name: value for name, value in facts.items() if value is not None}))


def answers(answer: str | Mapping[str, Any], **more: Any) -> Facts:
    """Return answers to all questions: one for all, or each question's own."""
    return {question: {"answer": answer if isinstance(answer, str) else answer[question], **more} for question in QUESTIONS}


def licence(spdx: str, answer: str | Mapping[str, Any] | None = None, *, output: str | None = "not-stated", **facts: Any) -> Page:
    given = {} if answer is None else {"answers": answers(answer)}
    reach = {} if output is None else {"reach": {"output": output}}
    return made("license", spdx.lower(), {"spdx": spdx, **given, **reach, **facts})


def version(version_id: str, answer: str | Mapping[str, Any], start: str = "", end: str = "", service: str = "all", **facts: Any) -> Facts:
    """Return one version of dated terms."""
    given = {"id": version_id, "service": service, "answers": answers(answer)} | ({"from": start} if start else {}) | ({"to": end} if end else {})
    return {**given, **facts}


def entry(license: str | None, **facts: Any) -> Any:
    """Return a release under a licence; None is a release whose licence nobody looked up."""
    return "none" if license == "none" else {"url": "https://example.org"} | ({} if license is None else {"license": license}) | facts


def paper(record_id: str, *, sources: Any = None, generated: str | None = None, bases: Any = "none", evidence: Any = None, published: str | None = "2023-06-01",
          **releases: Any) -> Page:  # fmt: skip
    """Return a paper; a release is a licence's name or what the field holds."""
    if sources is None and "weights" in releases and "data" not in releases:
        sources = "none"  # a test of weights alone: what is not recorded would be unclear
    data = {name: value for name, value in {"sources": sources, "generated": generated}.items() if value is not None}
    facts = {"published": published, "base_models": bases, "data": data or None, "releases": _releases(releases), "evidence": evidence}
    return made("paper", record_id, facts)


def model(record_id: str, *, by: str | None = None, sources: Any = None, bases: Any = None, terms: str | None = None, availability: Any = None,
          evidence: Any = None, variants: Any = None, corpus: str | None = None, **releases: Any) -> Page:  # fmt: skip
    """Return a model; by its own developer where none is named. A tuned one has no data of its own, but for `sources={}`: then nobody recorded them."""
    if sources is None and (bases or any("base" in variant for variant in variants or ())) and "data" not in releases:
        sources = "none"
    facts = {
        "developer": by or f"Maker of {record_id}", "published": "2022-01-01", "base_models": bases, "data": {"sources": sources} if sources else None,
        "output_terms": terms, "availability": availability, "releases": _releases(releases), "evidence": evidence, "variants": variants, "corpus": corpus,
    }  # fmt: skip
    return made("model", record_id, facts)


def _releases(releases: Mapping[str, Any]) -> Facts | None:
    return {name: entry(value) if isinstance(value, str) else value for name, value in releases.items()} or None


def source(record_id: str, *terms: str | Facts, sources: Any = None) -> Page:
    """Return a source under terms: the names of licences or what the field holds."""
    given = [{"license": one} if isinstance(one, str) else one for one in terms]
    return made("source", record_id, {"kind": "website", "terms": given or None, "data": {"sources": sources} if sources else None})


def part(kind: str, *upstream: str, role: str = "pairs", **facts: Any) -> Facts:
    """Return one labelled source of data."""
    return {"kind": kind, "role": role} | ({"from": list(upstream)} if upstream else {}) | facts


def says(license: str, *fields: str, **facts: Any) -> Facts:
    """Return evidence that a document states another licence for some fields."""
    return {"for": list(fields), "in": "card", "at": "top", "says": license, **facts}


FREE, LIMITED, BANNED = "Free", "Limited", "Banned"
STOCK = (licence(FREE, "yes"), licence(LIMITED, "conditional"), licence(BANNED, "no", output="yes"))


def review(*pages: Page) -> Verdicts:
    """Return the verdicts of a review of these pages and the stock of licences."""
    return verdicts_of([*STOCK, *pages])


def verdicts_of(pages: Iterable[Page]) -> Verdicts:
    return Verdicts(Corpus(pages))


def ask(verdicts: Verdicts, record_id: str, artefact: str, question: str = "commercial-use", family: str = "") -> tuple[Verdict, Verdict]:
    """Return both readings."""
    page = verdicts._corpus.get(record_id)
    assert page is not None, record_id
    return verdicts.both(page, artefact, question, family)


def lineage(verdicts: Verdicts, record_id: str, artefact: str, question: str = "commercial-use", family: str = "") -> Verdict:
    return ask(verdicts, record_id, artefact, question, family)[1]


Key = tuple[str, str, str, str]  # record, artefact, family, question


def everything(verdicts: Verdicts) -> dict[Key, tuple[Verdict, Verdict]]:
    """Return both readings of every verdict of a review, its families' too."""
    return {
        (page.id, artefact, family, question): verdicts.both(page, artefact, question, family)
        for page in verdicts._corpus.pages
        for artefact in ARTEFACTS.get(page.kind, ())
        for family in ["", *verdicts.families(page, artefact)]
        for question in QUESTIONS
    }


# --- At random ---------------------------------------------------------------------------------------------------------

_mixed = {"commercial-use": "conditional", "redistribution": "yes", "train-another-model": "no"}
_BUT_NO_OTHER = {"answer": "no", "restricts": ["any-other-model"], "scope": "any-other"}
_turned = {"commercial-use": "no", "redistribution": "conditional", "train-another-model": "unclear"}
_LICENCES = [
    *STOCK,
    licence("Mixed", None, answers=answers(_mixed) | {"train-another-model": _BUT_NO_OTHER}, output="yes"),
    licence("Turned", _turned, output="unclear"),
    licence("Empty", None, output=None),
    licence("Dated", _mixed, output="yes", versions=[
        version("old", _turned, "2022-03", "2022-10-31"),
        version("new", "yes", "2022-11", service="consumer"),
        version("business", _mixed, "2022-11-15", service="api"),
    ]),
]  # fmt: skip
_NAMES = ["Free", "Free", "Free", "Limited", "Banned", "Mixed", "Turned", "Empty", "Dated", "Ghost"]
_PERIODS = [None, None, "2022", "2022-02", "2022-10", "2022-10/2022-12", "2023-01-01", "not-stated"]
_WORDS: dict[str, list[Any]] = {
    "kind": ["web", "existing-dataset", "existing-dataset", "model-generated", "model-generated", "human-written", "user-conversations", "templates"],
    "role": ["pairs", "pairs", "responses", "prompts", "seeds", "topics", "selection", "translation", "labels"],
    "released": [None, None, None, "yes", "no", "mixed"],
    "service": [None, None, "api", "consumer", "all"],
    "licenses": [None, None, None, None, {"yes": "3", "no": "1"}, {"yes": "2"}, {"unclear": "~4", "yes": "1..3"}],
}
_RELEASE = ["none", None, "not-stated", *_NAMES]


class _Chance:
    """Draw the parts of a random review; the first choice of each list is what a failing case shrinks to."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw

    def one(self, choices: list[Any]) -> Any:
        return self.draw(st.sampled_from(choices))

    def some(self, choices: list[str], at_most: int) -> list[str]:
        return self.draw(st.lists(st.sampled_from(choices), max_size=at_most, unique=True)) if choices else []

    def part(self, upstream: list[str]) -> Facts:
        facts = {name: self.one(words) for name, words in _WORDS.items()}
        facts["generated"] = self.one(_PERIODS)
        return {name: value for name, value in facts.items() if value is not None} | ({"from": upstream} if upstream else {})

    def parts(self, others: list[str], least: int = 0) -> Facts:
        count = self.draw(st.integers(least, 3))
        return {f"part-{number}": self.part(self.some(others, 2)) for number in range(count)}

    def weights(self, bases: list[str]) -> Any:
        if bases and self.one([False, False, False, True]):
            return {"model": self.one(bases)}
        if self.one([False, False, False, True]):
            return {label: entry(self.one(["Free", None, "not-stated", *_NAMES]), **self.base(bases)) for label in ("small", "large")}
        return entry(self.one(_RELEASE), **self.base(bases))

    def base(self, bases: list[str]) -> Facts:
        named = self.some(bases, 2) if self.one([False, False, True]) else []
        return {"base": named} if named else {}

    def data(self, others: list[str]) -> Any:
        license = self.one([*_RELEASE, "per-source"])
        return entry(license) if license == "none" else entry(license, **({"reaches_models": "yes"} if self.one([False, False, True]) else {}))

    def evidence(self, *fields: str) -> list[Facts]:
        return [says(self.one(_NAMES), field) for field in self.some(list(fields), 2)]

    def page(self, kind: str, name: str, others: list[str]) -> Page:
        bases = [other for other in others if other.startswith("m")]
        if kind == "source":
            terms = [{"license": self.one(["Free", "not-stated", *_NAMES]), **self.one([{}, {}, {"covers": "code"}])} for _ in range(self.one([1, 1, 2, 0]))]
            terms[1:] = [{**one, "from": "2022-11-01"} for one in terms[1:]]
            return source(name, *terms, sources=self.parts(others) or None)
        if kind == "model":
            sources = self.parts(others) or self.one([None, {}])  # none, or nobody recorded them
            return model(
                name, by=self.one([None, None, "One Lab", "Two Lab", "not-stated"]), bases=self.some(bases, 2), sources=sources,
                terms=self.one([None, None, None, "Dated", "Mixed", "not-stated", "none"]), availability=[self.one(["open-weights", "api", "unreleased"])],
                evidence=self.evidence("releases.weights", "releases"), code=entry(self.one(_RELEASE)),
                weights=self.weights(bases),
            )  # fmt: skip
        # One part always has an upstream record, so that each part of a release `per-source` has a source.
        sources = {**self.parts(others), "first": part(self.one(["existing-dataset", "model-generated"]), *self.some(others, 2))}
        return paper(
            name, sources=sources, generated=self.one(_PERIODS), bases=self.some(bases, 2), published=self.one(["2022-12-01", "2022", None]),
            evidence=self.evidence("releases.data", "releases.weights", "releases"), code=entry(self.one(_RELEASE)), data=self.data(others),
            weights=self.weights(bases),
        )  # fmt: skip


@st.composite
def reviews(draw: Any, *, circles: bool = False, least: int = 1) -> list[Page]:
    """Draw the pages of a small review; without circles each record is built from earlier ones only."""
    chance = _Chance(draw)
    kinds = draw(st.lists(st.sampled_from(["model", "paper", "source"]), min_size=least, max_size=6))
    names = [f"{kind[0]}{number}" for number, kind in enumerate(kinds)]
    return [*_LICENCES, *(chance.page(kind, name, names if circles else names[:number]) for number, (kind, name) in enumerate(zip(kinds, names, strict=True)))]


# --- By the thousand ---------------------------------------------------------------------------------------------------

DEPTH = 12
_LINES = (1, 2, 2, 3, 3, 4, 5, 6, 8, DEPTH - 1)  # records of a line of descent, above the well-known models and the sources


def thousands(size: int, seed: int = 4) -> list[Page]:
    """Return a large review as one could grow: sources, some well-known models tuned from others, and lines of works.

    Each work of a line is built on the one before it, on a well-known model and on some sources; one in fifty takes fifty sources.
    """
    chance = random.Random(seed)
    dated = [version(str(year), chance.choice(["conditional", "unclear"]), f"{year}-01", f"{year}-12-31") for year in range(2020, 2026)]
    pages = [*_LICENCES[:-1], licence("Account", "conditional", output="yes", versions=dated)]
    names = ["Free"] * 6 + ["Limited", "Mixed", "Banned", "not-stated"]
    sources, known = [f"s{number}" for number in range(size // 10)], [f"k{number}" for number in range(size // 20)]
    pages += [source(name, chance.choice(names)) for name in sources]
    pages += [
        model(name, weights=chance.choice(names), code="Free", availability=["open-weights"]) if number % 3 else
        model(name, weights="none", terms="Account", availability=["api"])
        for number, name in enumerate(known)
    ]  # fmt: skip
    last_model, last_paper, left = "", "", 0
    for number in range(size - len(sources) - len(known)):
        name = f"r{number}"
        if not left:
            last_model, last_paper, left = chance.choice(known), "", chance.choice(_LINES)
        left -= 1
        parts = {f"site-{index}": part("web", chance.choice(sources)) for index in range(50 if number % 50 == 7 else chance.randrange(3))}
        if last_paper:
            parts["data"] = part("existing-dataset", last_paper)
        parts["answers"] = part("model-generated", chance.choice([last_model, *chance.sample(known, 2)]), role="responses", service="api")
        if number % 3 == 1:
            pages.append(model(name, bases=[last_model], sources=parts, availability=["open-weights"], weights=chance.choice(names), code="Free"))
            last_model = name
            continue
        weights, when = entry(chance.choice(names), base=[last_model]), str(chance.randrange(2020, 2026))
        pages.append(paper(name, bases=[last_model], sources=parts, generated=when, code="Free", data=chance.choice(names), weights=weights))
        last_paper = name
    return pages


def links(verdict: Verdict, record: str, artefact: str = "") -> set[Link]:
    """Return the reasons that a record gives to a verdict."""
    return {link for link in verdict.because if link.record == record and artefact in ("", link.artefact)}


def fact(verdicts: Verdicts, record_id: str, *path: str) -> Any:
    """Return a value of a page, so that a case that rests on it fails when the page changes."""
    page = verdicts._corpus.get(record_id)
    assert page is not None, record_id
    value: Any = page.record
    for name in path:
        value = value[name]
    return value
