"""Licence verdicts: what holds for any review, drawn at random."""

from __future__ import annotations

import random
from functools import partial
from typing import Any

import lineages
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lineages import BANNED, FREE, entry, everything, model, part, raw, source
from litreview.answers import bits_of, softened
from litreview.corpus import Corpus
from litreview.license_texts import Statement
from litreview.reasons import Node
from litreview.records import Page
from litreview.verdicts import NOT_RELEASED, ORDER, REASONS, RULES, Link, Verdict, Verdicts, combine
from litreview.vocabularies import DUTY, LIMIT

few = partial(settings, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def rank(answer: str) -> int:
    return ORDER.index(answer)


def no_better(one: Verdict, than: Verdict) -> bool:
    """Tell whether an answer is not better than another; what was not released stays so, and nothing becomes so."""
    if NOT_RELEASED in (one.answer, than.answer):
        return one.answer == than.answer
    return rank(one.answer) <= rank(than.answer)


def given_as(link: Link, requires: frozenset[str], restricts: frozenset[str]) -> Verdict:
    """Return a verdict with one reason."""
    bits = bits_of(link.answer, link.reason, {"requires": requires, "restricts": restricts})
    return Verdict(bits, Node([Statement(bits, (bits,), (link,))]))


some_links = st.builds(
    lambda answer, reason, *more: Link(answer, *more, reason=reason if answer == "unclear" else ""),
    st.sampled_from(ORDER), st.sampled_from(list(REASONS)), st.sampled_from("pq"), st.just("data"), st.just("own"),
)  # fmt: skip
some_verdicts = st.lists(
    st.builds(
        given_as, some_links, *(st.frozensets(st.sampled_from(list(vocabulary.words)[:3]), max_size=2) for vocabulary in (DUTY, LIMIT))
    ),
    max_size=3,
).map(combine)  # fmt: skip


@few(max_examples=100)
@given(some_verdicts, some_verdicts, some_verdicts)
def test_combining_is_associative_commutative_and_idempotent(one: Verdict, two: Verdict, three: Verdict) -> None:
    assert combine([one, two]) == combine([two, one])
    assert combine([combine([one, two]), three]) == combine([one, combine([two, three])]) == combine([one, two, three])
    assert combine([one, one]) == combine([one]) == one
    assert combine([one, combine([])]) == one
    assert all(no_better(combine([one, two]), other) for other in (one, two) if other.answer != NOT_RELEASED)


@few(max_examples=100)
@given(some_verdicts, some_verdicts)
def test_two_verdicts_come_to_the_worse_answer_with_everything_that_was_asked(one: Verdict, two: Verdict) -> None:
    both = combine([one, two])
    answers_given = [verdict.answer for verdict in (one, two) if verdict.answer != NOT_RELEASED]
    assert both.answer == min(answers_given, key=rank, default=NOT_RELEASED)
    assert (both.requires, both.restricts) == (one.requires | two.requires, one.restricts | two.restricts)
    assert both.because == one.because | two.because
    assert {link.answer for link in both.deciding} == ({both.answer} if both.because else set())
    assert both.deciding == sorted(link for link in both.because if link.answer == both.answer)
    reasons = [reason for reason in REASONS if reason in {link.reason for link in both.deciding}]
    assert both.reason == (reasons[0] if both.answer == "unclear" else "")


@few(max_examples=100)
@given(some_verdicts, some_verdicts)
def test_a_contested_edge_only_softens_a_no_and_keeps_the_order(one: Verdict, two: Verdict) -> None:
    softer = [Verdict(softened(verdict.bits), NOTHING_GIVEN) for verdict in (one, two)]
    for before, after in zip((one, two), softer, strict=True):
        assert after.answer == ("unclear" if before.answer == "no" else before.answer)
        assert (after.requires, after.restricts) == (before.requires, before.restricts)
        assert softened(after.bits) == after.bits
    if NOT_RELEASED not in (one.answer, two.answer) and rank(one.answer) <= rank(two.answer):
        assert rank(softer[0].answer) <= rank(softer[1].answer)


NOTHING_GIVEN = Node()


@few(max_examples=120)
@given(lineages.reviews(), st.data())
def test_more_ancestors_never_improve_an_answer(pages: list[Page], data: st.DataObject) -> None:
    """A base model or a source more, known before or new, makes no verdict of any record better."""
    records = [page for page in pages if page.kind != "license"]
    before = everything(lineages.verdicts_of(pages))
    number = data.draw(st.integers(0, len(records) - 1))
    page = records[number]
    new = [
        model("new-model", weights=data.draw(st.sampled_from([FREE, "Mixed", BANNED, "none"]))),
        source("new-source", data.draw(st.sampled_from([FREE, "Mixed", BANNED]))),
    ]
    ancestors = [*records[:number], *new]
    record = {name: value.copy() if isinstance(value, (dict, list)) else value for name, value in page.record.items()}
    sources = record.get("data", {}).get("sources")
    bases = [one.id for one in ancestors if one.kind == "model"]
    if page.kind != "source" and record.get("base_models") and data.draw(st.booleans()):
        record["base_models"].append(data.draw(st.sampled_from(bases)))
    else:
        assume(isinstance(sources, dict))
        upstream = data.draw(st.sampled_from(ancestors)).id
        more = part(
            data.draw(st.sampled_from(["web", "existing-dataset", "model-generated"])),
            upstream,
            role=data.draw(st.sampled_from(["pairs", "prompts", "selection"])),
        )
        record["data"]["sources"] = {**sources, "new-part": more}
    changed = raw(page.kind, page.id, record)
    after = everything(lineages.verdicts_of([*new, *(changed if one is page else one for one in pages)]))
    for key, (said, comes_to) in before.items():
        assert no_better(after[key][1], comes_to), (key, comes_to.answer, after[key][1].answer)
        assert no_better(after[key][0], said), (key, "declared")


def shuffled(value: Any, chance: random.Random) -> Any:
    """Return a record with its mappings and lists in another order; lists of evidence, terms and versions too."""
    if isinstance(value, dict):
        return {name: shuffled(value[name], chance) for name in chance.sample(list(value), len(value))}
    if isinstance(value, list):
        return [shuffled(one, chance) for one in chance.sample(value, len(value))]
    return value


@few(max_examples=80)
@given(lineages.reviews(), st.integers(0, 1000))
def test_order_changes_nothing(pages: list[Page], seed: int) -> None:
    chance = random.Random(seed)
    others = [raw(page.kind, page.id, shuffled(page.record, chance)) for page in chance.sample(pages, len(pages))]
    one, other = lineages.verdicts_of(pages), lineages.verdicts_of(others)
    found = everything(other)
    assert everything(one) == found
    backwards = Verdicts(other._corpus)  # nor the order of asking
    assert {key: backwards.both(page, key[1], key[3], key[2]) for key in reversed(found) if (page := other._corpus.get(key[0]))} == found


def going_round(corpus: Corpus) -> set[str]:
    """Return the records that are built from themselves, directly or not."""
    steps = {page.id: {edge.parent for edge in corpus.lineage.parents.get(page.id, [])} for page in corpus.pages}
    found = set()
    for start in steps:
        seen: set[str] = set()
        ahead = list(steps[start])
        while ahead:
            here = ahead.pop()
            if here not in seen:
                seen.add(here)
                ahead += steps[here]
        if start in seen:
            found.add(start)
    return found


@few(max_examples=120)
@given(lineages.reviews(circles=True, least=2))
def test_circles_end_and_everything_on_them_is_unclear(pages: list[Page]) -> None:
    verdicts = lineages.verdicts_of(pages)
    round_and_round = going_round(verdicts._corpus)
    for (record, artefact, family, question), (said, comes_to) in everything(verdicts).items():
        if artefact == "code":
            assert comes_to == said
        elif record in round_and_round:
            # What the release itself forbids stays forbidden, and so does what comes from elsewhere to a family that is on no circle.
            expected = {NOT_RELEASED: {NOT_RELEASED}, "no": {"no"}}.get(said.answer, {"unclear", "no"} if artefact == "weights" else {"unclear"})
            assert comes_to.answer in expected, (record, artefact, family, question, said.answer)
            assert comes_to.answer == NOT_RELEASED or "untraced" in {link.reason for link in comes_to.because}
            assert said.because <= comes_to.because


@few(max_examples=60)
@given(lineages.reviews(), st.sampled_from(["none", "not-stated", FREE, BANNED, "Ghost", None]))
def test_a_code_licence_never_reaches_data_weights_or_output(pages: list[Page], license: str | None) -> None:
    code = [{"license": license or "not-stated", "covers": "code"}] if license != "none" else []

    def with_other_code(page: Page) -> Page:
        if page.kind == "license":
            return page
        if page.kind == "source":
            terms = [one for one in page.record.get("terms", []) if one.get("covers") != "code"]
            return raw(page.kind, page.id, {**page.record, "terms": [*terms, *code]})
        return raw(page.kind, page.id, {**page.record, "releases": {**page.record.get("releases", {}), "code": entry(license)}})

    changed = list(map(with_other_code, pages))
    before, after = everything(lineages.verdicts_of(pages)), everything(lineages.verdicts_of(changed))
    for key in before:
        assert key[1] == "code" or before[key] == after[key], key


@few(max_examples=120)
@given(lineages.reviews())
def test_what_holds_for_every_verdict(pages: list[Page]) -> None:
    verdicts = lineages.verdicts_of(pages)
    corpus = verdicts._corpus
    found = everything(verdicts)
    for key, (said, comes_to) in found.items():
        _, artefact, family, question = key
        assert no_better(comes_to, said), (key, said.answer, comes_to.answer)
        assert said.because <= comes_to.because, key  # all reasons are kept, the dominated ones too
        assert said.requires <= comes_to.requires
        assert said.restricts <= comes_to.restricts
        assert comes_to.conflict >= said.conflict
        for verdict in (said, comes_to):
            if verdict.answer == NOT_RELEASED:
                assert not verdict.deciding
                continue
            assert verdict.answer in ORDER
            # Each reason for an answer names a licence that has a page, or says what is missing or what was counted.
            assert verdict.deciding, (key, verdict)
            assert verdict.deciding == sorted(link for link in verdict.because if link.answer == verdict.answer), (key, verdict)  # all of them, each once
            assert all(link.license in corpus.licenses or link.reason in REASONS or link.counted for link in verdict.deciding), (key, verdict)
            assert (verdict.reason in REASONS) == (verdict.answer == "unclear"), (key, verdict)
            assert verdict.answer == min((link.answer for link in verdict.because), key=rank), (key, verdict)
            for link in verdict.because:
                assert corpus.get(link.record) is not None
                assert link.rule in RULES
                assert set(link.edges) <= set(RULES)
                assert link.reason in ("", *REASONS)
                assert link.reason or link.answer != "unclear"
        families = verdicts.families(page, artefact) if (page := corpus.get(key[0])) and not family else []
        if families:
            for reading in (0, 1):
                of_families = [found[(key[0], artefact, one, question)][reading] for one in families]
                assert combine(of_families).answer == found[key][reading].answer, (key, reading)


def test_what_holds_for_every_verdict_of_the_review_itself(real_verdicts: Verdicts) -> None:
    for key, (said, comes_to) in everything(real_verdicts).items():
        assert no_better(comes_to, said), key
        assert said.because <= comes_to.because, key
        for verdict in (said, comes_to):
            if verdict.answer != NOT_RELEASED:
                assert verdict.deciding, key
                assert verdict.deciding == sorted(link for link in verdict.because if link.answer == verdict.answer), key
                assert all(link.license in real_verdicts._corpus.licenses or link.reason in REASONS or link.counted for link in verdict.deciding), key
                assert (verdict.reason in REASONS) == (verdict.answer == "unclear"), key
