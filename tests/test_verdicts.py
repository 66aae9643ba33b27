"""Licence verdicts: one real and one made case for each rule, dated terms, nothing from ignorance, what holds for any review, and the cost."""

from __future__ import annotations

import cProfile
import gc
import itertools
import pstats
import random
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import lineages
import minimal
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lineages import BANNED, FREE, LIMITED, answers, ask, entry, everything, licence, lineage, model, paper, part, raw, review, says, source, version
from litreview.answers import bits_of, softened
from litreview.corpus import Corpus, load
from litreview.license_texts import Statement
from litreview.reasons import Node
from litreview.records import Page
from litreview.verdicts import ARTEFACTS, NOT_RELEASED, NOTHING, ORDER, QUESTIONS, REASONS, RULES, Link, Verdict, Verdicts, combine
from litreview.vocabularies import DUTY, LIMIT

ROOT = Path(__file__).parent.parent
COMMERCIAL, REDISTRIBUTION, TRAINING = QUESTIONS

few = partial(settings, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

CASES: set[tuple[str, str]] = set()


Test = TypeVar("Test", bound=Callable[..., None])


def case(sort: str, rule: str) -> Callable[[Test], Test]:
    """Note that a test is a real or a made case of a rule."""
    CASES.add((sort, rule))
    return lambda test: test


def links(verdict: Verdict, record: str, artefact: str = "") -> set[Link]:
    """Return the reasons that a record gives to a verdict."""
    return {link for link in verdict.because if link.record == record and artefact in ("", link.artefact)}


@pytest.fixture(scope="module")
def real() -> Verdicts:
    """Return the verdicts of the review itself."""
    return Verdicts(load(ROOT))


def fact(verdicts: Verdicts, record_id: str, *path: str) -> Any:
    """Return a value of a page, so that a case that rests on it fails when the page changes."""
    page = verdicts._corpus.get(record_id)
    assert page is not None, record_id
    value: Any = page.record
    for name in path:
        value = value[name]
    return value


# --- What the first list's marks rest on -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "artefact", "declared", "conflict", "lineage_is"),
    [
        ("alpaca", "code", "yes", False, {"yes"}),
        ("alpaca", "data", "no", True, {"no"}),
        ("alpaca", "weights", "no", False, {"no"}),
        ("self-instruct", "data", "yes", False, {"unclear", "conditional"}),
        ("lima", "data", "no", True, {"no"}),
        ("lamini-lm", "data", "no", False, {"no"}),
        ("lamini-lm", "weights", "no", False, {"no"}),
        ("sail", "code", "yes", False, {"yes"}),
        ("sail", "weights", "yes", True, {"no"}),
    ],
)
def test_what_the_first_lists_marks_rest_on(real: Verdicts, record: str, artefact: str, declared: str, conflict: bool, lineage_is: set[str]) -> None:
    said, comes_to = ask(real, record, artefact)
    assert (said.answer, said.conflict) == (declared, conflict)
    assert comes_to.answer in lineage_is


def test_the_licences_that_sails_conflict_is_between(real: Verdicts) -> None:
    said, comes_to = ask(real, "sail", "weights")
    assert {link.license for link in said.because} == {"Apache-2.0", "GPL-3.0-only"}
    assert "llama" in {link.record for link in comes_to.deciding}


# --- One real and one made case for every rule -------------------------------------------------------------------------


def test_every_rule_has_a_real_and_a_made_case() -> None:
    assert {(sort, rule) for sort in ("real", "made") for rule in RULES} == CASES


@case("real", "own")
def test_own_licence_where_all_places_give_the_same_answer(real: Verdicts) -> None:
    said, _ = ask(real, "lima", "data")
    assert {link.license for link in said.because} == {"LicenseRef-CC-BY-NC-SA-unversioned", "CC-BY-NC-SA-4.0"}
    assert (said.answer, said.conflict) == ("no", True)


@case("real", "own")
def test_own_licence_where_places_give_different_answers(real: Verdicts) -> None:
    said, _ = ask(real, "alpaca", "data")
    assert {link.answer for link in said.because} == {"no", "yes"}
    assert (said.answer, said.conflict) == ("no", True)
    assert {link.license for link in said.deciding} == {"CC-BY-NC-4.0"}


@case("made", "own")
def test_own_licence_made() -> None:
    verdicts = review(
        licence("Duties", None, answers=answers("yes", requires=["notice"])),
        licence("Shared", None, answers=answers("yes", requires=["share-alike"])),
        paper("alone", data=FREE),
        paper("same", data="Duties", evidence=[says("Shared", "releases.data.license")]),
        paper("better", data=BANNED, evidence=[says(FREE, "releases.data")]),
        paper("worse", data=FREE, evidence=[says(BANNED, "releases")]),
        paper("ended", data=FREE, evidence=[says(BANNED, "releases.data", until="2023-01-01")]),
        paper("elsewhere", data=FREE, evidence=[says(BANNED, "releases.weights")], weights="none"),
        paper("agrees", data=FREE, evidence=[says(FREE, "releases.data")]),
        paper("of-a-family", weights={"a": entry(FREE), "b": entry(FREE)}, evidence=[says(BANNED, "releases.weights.b.license")]),
    )
    same, _ = ask(verdicts, "same", "data")
    assert (same.answer, same.conflict, same.requires) == ("yes", True, {"notice", "share-alike"})
    found = {
        name: (said.answer, said.conflict) for name in ("alone", "better", "worse", "ended", "elsewhere", "agrees") for said, _ in [ask(verdicts, name, "data")]
    }
    assert found == {
        "alone": ("yes", False), "better": ("no", True), "worse": ("no", True), "ended": ("yes", False), "elsewhere": ("yes", False), "agrees": ("yes", False),
    }  # fmt: skip
    families = {family: ask(verdicts, "of-a-family", "weights", family=family)[0] for family in ("a", "b", "")}
    assert {family: (said.answer, said.conflict) for family, said in families.items()} == {"a": ("yes", False), "b": ("no", True), "": ("no", True)}


@case("real", "base")
def test_base_weights_bind(real: Verdicts) -> None:
    for record in ("sail", "lima", "alpaca"):
        comes_to = lineage(real, record, "weights")
        assert comes_to.answer == "no"
        (link,) = links(comes_to, "llama", "weights")
        assert (link.answer, link.license, link.through) == ("no", "LicenseRef-scancode-llama-license-2023", (record,))
        assert {"non-commercial", "research-only"} <= comes_to.restricts


@case("made", "base")
def test_base_weights_bind_made() -> None:
    verdicts = review(
        licence("Held", None, answers=answers("conditional", requires=["policies"], restricts=["users-over-limit"])),
        model("root", weights="Held"), model("middle", bases=["root"], weights=FREE),
        paper("tuned", bases=["middle/7B"], weights=FREE), paper("delta", weights=entry(FREE, base=["middle"], form="delta")),
        paper("merge", bases=["middle", "bad"], weights=FREE), model("bad", weights=BANNED),
        paper("families", bases=["middle"], weights={"one": entry(FREE, base=["bad"]), "two": entry(FREE, base=["root"])}),
        model("by-variant", variants=[{"id": "a"}, {"id": "b", "base": "bad"}], weights=FREE),
    )  # fmt: skip
    for name in ("tuned", "delta"):
        said, comes_to = ask(verdicts, name, "weights")
        assert (said.answer, comes_to.answer) == ("yes", "conditional")
        assert (comes_to.requires, comes_to.restricts) == ({"policies"}, {"users-over-limit"})
        (link,) = comes_to.deciding
        assert (link.record, link.license, link.through) == ("root", "Held", (name, "middle"))
    assert lineage(verdicts, "merge", "weights").answer == "no"
    assert {link.answer for link in lineage(verdicts, "merge", "weights").because} == {"yes", "conditional", "no"}  # what is dominated is kept
    assert [lineage(verdicts, "families", "weights", family=family).answer for family in ("one", "two", "")] == ["no", "conditional", "no"]
    assert lineage(verdicts, "by-variant", "weights").answer == "no"


@case("real", "content")
def test_content_is_counted_for_a_collection(real: Verdicts) -> None:
    for record in ("super-naturalinstructions", "t0"):
        comes_to = lineage(real, record, "data")
        assert comes_to.answer == "no"
        notes = {link.note for link in links(comes_to, record)}
        for label, one in fact(real, record, "data", "sources").items():
            if "licenses" in one:
                counts = one["licenses"]
                assert f"no: {counts['no']:,} of {sum(counts.values()):,} sources in {label.replace('_', ' ')}" in notes
    assert "no: 53 of 346 sources in datasets" in {link.note for link in lineage(real, "super-naturalinstructions", "data").because}


@case("real", "content")
def test_content_of_each_source_counts(real: Verdicts) -> None:
    comes_to = lineage(real, "lima", "data")
    assert {link.record for link in comes_to.deciding} >= {"lima", "wikihow", "super-naturalinstructions"}
    assert {(link.answer, link.through) for link in links(comes_to, "wikihow")} == {("no", ("lima",))}


@case("made", "content")
def test_content_made() -> None:
    verdicts = review(
        source("good", FREE), source("bad", BANNED), source("half", LIMITED),
        paper("copied", data=FREE, sources={"a": part("web", "good"), "b": part("existing-dataset", "bad"), "c": part("web", "half", role="context")}),
        paper("again", data=FREE, sources={"a": part("existing-dataset", "copied")}),
        paper("counted", data=FREE, sources={"a-b": part("existing-dataset", licenses={"no": "4", "yes": "50", "unclear": "8"}, count="62")}),
        paper("written", data=FREE, sources={"own": part("human-written"), "users": part("user-conversations")}),
        paper("per-source", data="per-source", sources={"a": part("web", "good"), "b": part("web", "half")}),
        source("archive", FREE, sources={"one": part("web", "bad"), "two": part("web", "good")}),
        paper("part-one", data=FREE, sources={"x": part("web", "archive", parts=["one"])}),
        paper("part-two", data=FREE, sources={"x": part("web", "archive", parts=["two"])}),
    )  # fmt: skip
    copied = lineage(verdicts, "copied", "data")
    assert copied.answer == "no"
    assert {(link.record, link.answer) for link in copied.because} == {("copied", "yes"), ("good", "yes"), ("bad", "no"), ("half", "conditional")}
    assert {link.through for link in links(lineage(verdicts, "again", "data"), "bad")} == {("again", "copied")}
    counted = lineage(verdicts, "counted", "data")
    assert counted.answer == "no"
    assert {link.note for link in links(counted, "counted")} >= {f"{answer} of 62 sources in a-b" for answer in ("no: 4", "unclear: 8", "yes: 50")}
    assert [link.note for link in counted.deciding] == ["no: 4 of 62 sources in a-b"]
    assert lineage(verdicts, "counted", "data", REDISTRIBUTION).answer == "unclear"  # only commercial use was counted
    assert lineage(verdicts, "written", "data").answer == "yes"
    assert [verdict.answer for verdict in ask(verdicts, "per-source", "data")] == ["conditional", "conditional"]
    assert [lineage(verdicts, name, "data").answer for name in ("part-one", "part-two")] == ["no", "yes"]


@case("made", "content")
@pytest.mark.parametrize("kind", ["paper", "source"])
def test_only_the_parts_that_were_taken_count(kind: str) -> None:
    """The upstream record's own terms and those of the parts; a part that it does not have is a part of which nobody knows anything."""
    sources = {"one": part("web", "bad"), "two": part("web", "good")}
    upstream = paper("up", data=FREE, sources=sources) if kind == "paper" else source("up", FREE, sources=sources)
    taken = {"one": ["one"], "two": ["two"], "both": ["one", "two"], "gone": ["gone"], "whole": None}
    papers = [paper(name, data=FREE, sources={"x": part("existing-dataset", "up", **({"parts": parts} if parts else {}))}) for name, parts in taken.items()]
    verdicts = review(source("bad", BANNED), source("good", FREE), upstream, *papers)
    found = {name: lineage(verdicts, name, "data").answer for name in taken}
    assert found == {"one": "no", "two": "yes", "both": "no", "gone": "unclear", "whole": "no"}


@case("real", "seeds")
def test_seeds_pass_nothing(real: Verdicts) -> None:
    for record, label, upstream in (("alpaca", "seeds", "self-instruct"), ("lamini-lm", "seeds", "self-instruct"), ("lamini-lm", "topics", "wikipedia")):
        assert fact(real, record, "data", "sources", label, "from") == [upstream]
        assert fact(real, record, "data", "sources", label, "released") == "no"
        for question in QUESTIONS:
            assert not links(lineage(real, record, "data", question), upstream)


@case("made", "seeds")
def test_seeds_pass_nothing_made() -> None:
    sources = {
        "seeds": part("web", "bad", role="seeds"), "topics": part("web", "bad", role="topics"),
        "seeds-left-out": part("web", "bad", role="seeds", released="no"),
        "prompts": part("web", "bad", role="prompts", released="no"), "left-out": part("existing-dataset", "unknown", released="no"),
    }  # fmt: skip
    verdicts = review(source("bad", BANNED), source("unknown", "Ghost"), paper("p", data=FREE, sources=sources))
    for question in QUESTIONS:
        comes_to = lineage(verdicts, "p", "data", question)
        assert (comes_to.answer, {link.record for link in comes_to.because}) == ("yes", {"p"})


@case("made", "seeds")
@pytest.mark.parametrize("role", ["seeds", "topics", "prompts"])
def test_seeds_and_prompts_that_are_in_the_release_are_content(role: str) -> None:
    verdicts = review(source("bad", BANNED), paper("p", data=FREE, sources={"x": part("web", "bad", role=role, released="yes")}))
    assert lineage(verdicts, "p", "data").answer == "no"


@case("real", "model-output")
def test_output_of_a_public_licence_is_as_its_text_says(real: Verdicts) -> None:
    assert [verdict.answer for verdict in ask(real, "llama", "output")] == ["no", "no"]
    assert [verdict.answer for verdict in ask(real, "llama", "output", TRAINING)] == ["conditional", "conditional"]
    assert lineage(real, "llama-2", "output", TRAINING).restricts >= {"any-other-model"}
    assert lineage(real, "opt", "output").answer == "no"
    assert lineage(real, "bloom", "output").answer == "conditional"
    assert lineage(real, "gpt-j", "output").answer == "yes"
    # SAIL's labels were generated by a model under MIT, whose text does not speak of output.
    assert fact(real, "sail", "data", "sources", "labels", "from") == ["esp-roberta-large"]
    assert {(link.answer, link.rule) for link in links(lineage(real, "sail", "data"), "esp-roberta-large")} == {("yes", "model-output")}


@case("made", "model-output")
def test_output_of_a_public_licence_made() -> None:
    verdicts = review(
        licence("Reaching", "conditional", output="yes"), licence("Short", "no", output="no"), licence("Silent", "no"),
        licence("Vague", "no", output="unclear"), licence("Unread", "no", output=None),
        *(model(name, weights=license) for name, license in {"m1": "Reaching", "m2": "Short", "m3": "Silent", "m4": "Vague", "m5": "Unread"}.items()),
        *(paper(f"p{number}", data=FREE, sources={"x": part("model-generated", f"m{number}/7B")}) for number in range(1, 6)),
    )  # fmt: skip
    found = [lineage(verdicts, f"p{number}", "data") for number in range(1, 6)]
    assert [verdict.answer for verdict in found] == ["conditional", "yes", "yes", "unclear", "unclear"]
    assert [verdict.reason for verdict in found] == ["", "", "", "contested", "not-researched"]
    assert {link.note for link in links(found[1], "m2")} == {"the licence's text does not reach output"}


@case("made", "model-output")
def test_output_of_a_tuned_model_is_bound_by_its_base_models_licence() -> None:
    verdicts = review(
        model("llama-like", weights=BANNED), model("tuned", bases=["llama-like"], weights=FREE),
        paper("p", data=FREE, sources={"x": part("model-generated", "tuned")}),
    )  # fmt: skip
    assert lineage(verdicts, "tuned", "output").answer == "no"
    assert {link.record for link in lineage(verdicts, "p", "data").deciding} == {"llama-like"}


@case("made", "model-output")
def test_output_of_a_served_model_is_bound_by_its_base_models_licence_too() -> None:
    verdicts = review(
        model("llama-like", weights=BANNED), model("served", bases=["llama-like"], terms=FREE, weights="none"),
        paper("p", data=FREE, sources={"x": part("model-generated", "served")}),
    )  # fmt: skip
    assert lineage(verdicts, "served", "output").answer == "no"
    assert lineage(verdicts, "p", "data").answer == "no"


@case("made", "model-output")
def test_conflicting_licences_of_weights_count_for_output() -> None:
    verdicts = review(model("m", weights=FREE, evidence=[says(BANNED, "releases.weights")]))
    said, _ = ask(verdicts, "m", "weights")
    assert (said.answer, said.conflict) == ("no", True)
    assert ask(verdicts, "m", "output")[0].answer == "no"


@case("real", "account-terms")
def test_account_terms(real: Verdicts) -> None:
    for record, generator in (("alpaca", "text-davinci-003"), ("lamini-lm", "gpt-3-5-turbo"), ("self-instruct", "gpt-3"), ("sail", "gpt-4")):
        for link in links(lineage(real, record, "data"), generator):
            assert link.license == "LicenseRef-OpenAI-Terms"
            assert link.rule == "account-terms"
            assert link.answer in ("conditional", "unclear")
        given = links(lineage(real, record, "data", TRAINING), generator)
        assert given
        assert ("unclear", "contested") in {(link.answer, link.reason) for link in given}
        # The terms of December 2022 are known from its 28th day only.
        assert {(link.answer, link.reason) for link in given} <= {("unclear", "contested"), ("unclear", "terms-version-unknown")}
    assert {link.answer for link in links(lineage(real, "sail", "data"), "gpt-4")} == {"conditional"}  # the terms of 14 March 2023
    assert "competing-models" in lineage(real, "alpaca", "data", TRAINING).restricts
    assert lineage(real, "self-instruct", "data").answer != "yes"


@case("made", "account-terms")
@pytest.mark.parametrize(
    ("terms", "commercial", "redistribution", "training"),
    [
        ("yes", "conditional", "yes", "yes"),
        ("conditional", "conditional", "conditional", "unclear"),
        ("no", "no", "no", "unclear"),
        ("unclear", "unclear", "unclear", "unclear"),
    ],
)
def test_account_terms_made(terms: str, commercial: str, redistribution: str, training: str) -> None:
    verdicts = review(
        licence("Account", terms), model("served", terms="Account", weights="none"), paper("p", data=FREE, sources={"x": part("model-generated", "served")})
    )  # fmt: skip
    found = {question: lineage(verdicts, "p", "data", question) for question in QUESTIONS}
    assert [verdict.answer for verdict in found.values()] == [commercial, redistribution, training]
    assert found[TRAINING].reason == ("contested" if terms in ("conditional", "no") else "not-researched" if terms == "unclear" else "")
    assert ask(verdicts, "served", "output", TRAINING)[0].answer == terms  # to the account holder the terms are what they say


@case("made", "account-terms")
def test_account_terms_hold_for_conversations_and_data_sets_of_a_served_model() -> None:
    kinds = ("model-generated", "user-conversations", "existing-dataset")
    verdicts = review(
        licence("Account", "yes", versions=[version("first", "no", "2023-01-01")]), model("served", terms="Account", weights="none"),
        *(paper(kind, generated="2023", data=FREE, sources={"x": part(kind, "served")}) for kind in kinds),
    )  # fmt: skip
    for kind in kinds:
        assert lineage(verdicts, kind, "data", REDISTRIBUTION).answer == "no", kind
        assert lineage(verdicts, kind, "data", TRAINING).reason == "contested", kind


@case("made", "account-terms")
def test_only_what_forbids_is_said_to_be_contested() -> None:
    verdicts = review(
        licence("Account", None, versions=[version("old", "yes", "2022", "2022-12-31"), version("new", "no", "2023")]), model("served", terms="Account"),
        paper("p", generated="2022-12/2023-01", data=FREE, sources={"x": part("model-generated", "served")}),
    )  # fmt: skip
    given = {link.note.split(";")[0]: link.answer for link in links(lineage(verdicts, "p", "data", TRAINING), "served")}
    assert given == {"version old": "yes", "version new": "unclear"}


@case("real", "assistant")
def test_a_translator_counts_as_a_generator(real: Verdicts) -> None:
    assert fact(real, "xp3-bloomz", "data", "sources", "translated-prompts", "role") == "translation"
    for question in QUESTIONS:
        given = links(lineage(real, "xp3-bloomz", "data", question), "google-cloud-translation")
        assert given
        assert "yes" not in {link.answer for link in given} or question != COMMERCIAL


@case("made", "assistant")
@pytest.mark.parametrize("role", ["translation", "labels", "comparisons", "selection"])
@pytest.mark.parametrize("upstream", ["open-model", "served", "service"])
def test_translators_labellers_and_judges_made(role: str, upstream: str) -> None:
    verdicts = review(
        model("open-model", weights=BANNED), model("served", terms=BANNED, weights="none"), source("service", BANNED),
        paper("p", data=FREE, sources={"text": part("human-written"), "x": part("model-generated", upstream, role=role)}),
    )  # fmt: skip
    comes_to = lineage(verdicts, "p", "data")
    assert comes_to.answer == ("unclear" if role == "selection" else "no")
    assert comes_to.reason == ("contested" if role == "selection" else "")
    assert {(link.record, link.license) for link in comes_to.deciding} == {(upstream, BANNED)}
    training = lineage(verdicts, "p", "data", TRAINING)
    assert training.answer == ("no" if role != "selection" and upstream == "open-model" else "unclear")


@case("made", "assistant")
@pytest.mark.parametrize("kind", ["existing-dataset", "web", "user-conversations"])
def test_selection_is_contested_whatever_selected(kind: str) -> None:
    verdicts = review(source("bad", BANNED), paper("p", data=FREE, sources={"text": part("human-written"), "x": part(kind, "bad", role="selection")}))
    comes_to = lineage(verdicts, "p", "data")
    assert (comes_to.answer, comes_to.reason) == ("unclear", "contested")


@case("real", "training")
def test_a_no_of_the_data_is_contested_for_weights(real: Verdicts) -> None:
    for record in ("super-naturalinstructions", "t0"):
        assert lineage(real, record, "data").answer == "no"
        comes_to = lineage(real, record, "weights")
        assert comes_to.answer == "unclear"
        counted = {(link.answer, link.reason) for link in links(comes_to, record, "data") if link.note.startswith("no: ")}
        assert counted == {("unclear", "contested")}
        assert "no" not in {link.answer for link in comes_to.because}


@case("real", "training")
def test_alpacas_own_words_reach_models(real: Verdicts) -> None:
    assert fact(real, "alpaca", "releases", "data", "reaches_models") == "yes"
    assert {link.answer for link in links(lineage(real, "alpaca", "weights"), "alpaca", "data") if link.license == "CC-BY-NC-4.0"} == {"no"}


@case("made", "training")
@pytest.mark.parametrize(
    ("reaches", "answer", "reason"), [("yes", "no", ""), ("no", "unclear", "contested"), ("unclear", "unclear", "contested"), (None, "unclear", "contested")]
)
def test_training_made(reaches: str | None, answer: str, reason: str) -> None:
    data = entry(BANNED, **({"reaches_models": reaches} if reaches else {}))
    verdicts = review(model("base", weights=FREE), paper("p", bases=["base"], data=data, weights=FREE, sources={"x": part("human-written")}))
    said, comes_to = ask(verdicts, "p", "weights")
    assert (said.answer, comes_to.answer, comes_to.reason) == ("yes", answer, reason)
    assert {(link.record, link.artefact, link.license) for link in comes_to.deciding} == {("p", "data", BANNED)}


@case("made", "training")
def test_what_is_conditional_for_data_is_conditional_for_weights() -> None:
    verdicts = review(
        source("half", LIMITED),
        paper("p", data=FREE, weights=FREE, sources={"x": part("web", "half")}), model("m", weights=FREE, sources={"x": part("web", "half")}),
    )  # fmt: skip
    assert lineage(verdicts, "p", "weights").answer == lineage(verdicts, "m", "weights").answer == "conditional"


@case("made", "training")
def test_words_that_reach_models_are_the_licensors_own() -> None:
    """One licensor's words bind through later data sets, and do not make another's terms bind."""
    verdicts = review(
        source("site", {"license": BANNED, "reaches_models": "yes"}), source("silent", BANNED),
        paper("loud", data=entry(BANNED, reaches_models="yes"), sources={"x": part("human-written")}),
        paper("from-loud", data=FREE, weights=FREE, sources={"x": part("existing-dataset", "loud")}),
        paper("from-site", data=FREE, weights=FREE, sources={"x": part("web", "site")}),
        paper("of-silent", data=entry(FREE, reaches_models="yes"), weights=FREE, sources={"x": part("web", "silent")}),
    )  # fmt: skip
    assert [lineage(verdicts, name, "weights").answer for name in ("from-loud", "from-site", "of-silent")] == ["no", "no", "unclear"]


@case("made", "training")
@pytest.mark.parametrize(("reach", "answer"), [("yes", "no"), ("no", "unclear"), ("unclear", "unclear"), ("not-stated", "unclear")])
@pytest.mark.parametrize("step", ["own", "site", "data", "generator"])
def test_a_licence_whose_text_reaches_trained_models_binds_them(step: str, reach: str, answer: str) -> None:
    upstream, kind = {
        "own": (source("up", FREE), "web"), "site": (source("up", "Bound"), "web"), "generator": (model("up", weights="Bound"), "model-generated"),
        "data": (paper("up", data="Bound", sources={"x": part("human-written")}), "existing-dataset"),
    }[step]  # fmt: skip
    verdicts = review(
        licence("Bound", "no", reach={"output": "yes", "trained_models": reach}), upstream,
        paper("p", data="Bound" if step == "own" else FREE, weights=FREE, sources={"x": part(kind, "up")}),
    )  # fmt: skip
    assert lineage(verdicts, "p", "data").answer == "no"
    assert lineage(verdicts, "p", "weights").answer == answer


@case("real", "training")
def test_reddits_terms_reach_models(real: Verdicts) -> None:
    assert fact(real, "licenseref-reddit-data-api-terms", "reach", "trained_models") == "yes"
    given = links(lineage(real, "lima", "weights"), "pushshift-reddit")
    assert {link.answer for link in given if link.license == "LicenseRef-Reddit-Data-API-Terms" and link.reason == "contested"} == set()


@case("made", "training")
def test_data_that_were_trained_on_but_left_out_of_the_release_still_count_for_the_weights() -> None:
    verdicts = review(source("bad", BANNED), paper("p", data=FREE, weights=FREE, sources={"x": part("web", "bad", released="no")}))
    assert lineage(verdicts, "p", "data").answer == "yes"
    assert (lineage(verdicts, "p", "weights").answer, lineage(verdicts, "p", "weights").reason) == ("unclear", "contested")


@case("made", "training")
def test_data_that_a_model_page_releases_count_for_its_weights() -> None:
    data = entry(BANNED, reaches_models="yes")
    verdicts = review(model("m", data=data, weights=FREE, sources={"x": part("human-written")}))
    assert lineage(verdicts, "m", "weights").answer == "no"


@case("made", "training")
def test_a_papers_data_count_for_weights_that_a_model_page_states() -> None:
    verdicts = review(model("m", weights=FREE), paper("p", data=BANNED, weights={"model": "m"}, sources={"x": part("human-written")}))
    assert lineage(verdicts, "p", "weights").answer == "unclear"


@case("real", "code")
def test_code_licences_reach_nothing(real: Verdicts) -> None:
    assert fact(real, "sail", "releases", "code", "repository", "license") == "GPL-3.0-only"
    assert fact(real, "llama", "releases", "code", "license") == "GPL-3.0-only"
    for (record, artefact, _, _), (said, comes_to) in everything(real).items():
        if artefact == "code":
            assert comes_to == said, record
        else:
            assert "code" not in {link.artefact for link in comes_to.because | said.because}, (record, artefact)


@case("made", "code")
def test_code_licences_reach_nothing_made() -> None:
    verdicts = review(
        model("m", code=BANNED, weights=FREE), paper("p", code=BANNED, bases=["m"], data=FREE, weights=FREE, sources={"x": part("model-generated", "m")}),
        paper("q", code=FREE, data=BANNED, weights=BANNED, sources={"x": part("human-written")}),
    )  # fmt: skip
    assert [lineage(verdicts, "p", artefact).answer for artefact in ARTEFACTS["paper"]] == ["no", "yes", "yes"]
    assert [lineage(verdicts, "m", artefact).answer for artefact in ARTEFACTS["model"]] == ["no", "yes", "yes"]
    assert [lineage(verdicts, "q", artefact).answer for artefact in ARTEFACTS["paper"]] == ["yes", "no", "no"]


@case("real", "code")
def test_a_sources_code_licence_is_no_licence_of_its_data(real: Verdicts) -> None:
    for record, label in (("gpt-4-llm", "code"), ("unifiedqa", "repository")):
        (terms,) = [one for one in fact(real, record, "terms") if one.get("id") == label]
        assert (terms["license"], terms["covers"]) == ("Apache-2.0", "code")
    for verdict in everything(real).values():
        for link in verdict[1].because:
            assert (link.record, link.license) not in {("gpt-4-llm", "Apache-2.0"), ("unifiedqa", "Apache-2.0")}


@case("made", "code")
def test_a_sources_code_licence_is_no_licence_of_its_data_made() -> None:
    verdicts = review(
        source("both", {"license": FREE}, {"license": BANNED, "covers": "code"}), source("only-code", {"license": FREE, "covers": "code"}),
        paper("p", data=FREE, weights=FREE, sources={"x": part("web", "both")}), paper("q", data=FREE, weights=FREE, sources={"x": part("web", "only-code")}),
    )  # fmt: skip
    for artefact, question in itertools.product(("data", "weights"), QUESTIONS):
        assert lineage(verdicts, "p", artefact, question).answer == "yes"
        assert (lineage(verdicts, "q", artefact, question).answer, lineage(verdicts, "q", artefact, question).reason) == ("unclear", "not-researched")


@case("real", "pretraining")
def test_pretraining_text_is_not_followed(real: Verdicts) -> None:
    assert "Stack Exchange" in fact(real, "llama", "corpus")
    for question in QUESTIONS:
        said, comes_to = ask(real, "llama", "weights", question)
        assert comes_to == said
        assert {link.record for link in comes_to.because} == {"llama"}


@case("made", "pretraining")
def test_pretraining_text_is_not_followed_made() -> None:
    verdicts = review(source("crawl", BANNED), model("m", corpus="The crawl, all of it.", weights=FREE), paper("p", bases=["m"], weights=FREE))
    assert [verdict.answer for verdict in (*ask(verdicts, "m", "weights"), *ask(verdicts, "m", "output"))] == ["yes"] * 4
    assert not links(lineage(verdicts, "p", "weights"), "crawl")


@case("real", "unreleased")
def test_models_that_were_never_released_add_nothing(real: Verdicts) -> None:
    assert {base.partition("/")[0] for base in fact(real, "flan-palm-flan-t5", "base_models")} >= {"palm", "u-palm"}
    for question in QUESTIONS:
        comes_to = lineage(real, "flan-palm-flan-t5", "weights", question)
        assert not links(comes_to, "palm")
        assert not links(comes_to, "u-palm")
        assert lineage(real, "palm", "weights", question) == NOTHING
        assert lineage(real, "instructgpt", "weights", question) == NOTHING


@case("made", "unreleased")
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_an_ancestor_that_was_never_released_is_transparent(steps: int) -> None:
    """Weights, data and output: what lies behind counts, and nothing else."""
    chain = range(1, steps + 1)
    verdicts = review(
        model("m0", weights=BANNED), *(model(f"m{number}", bases=[f"m{number - 1}"], weights="none") for number in chain),
        paper("tuned", bases=[f"m{steps}"], weights=FREE),
        source("p0", BANNED), *(paper(f"p{number}", data="none", sources={"x": part("existing-dataset", f"p{number - 1}")}) for number in chain),
        paper("copied", data=FREE, sources={"x": part("existing-dataset", f"p{steps}")}),
    )  # fmt: skip
    for name, artefact, origin in (("tuned", "weights", "m0"), ("copied", "data", "p0")):
        said, comes_to = ask(verdicts, name, artefact)
        assert (said.answer, comes_to.answer) == ("yes", "no")
        assert {link.record for link in comes_to.because} == {name, origin}


@case("made", "unreleased")
def test_a_released_artefact_of_unreleased_ancestors_without_any_of_their_own_is_as_its_own_licence_says() -> None:
    verdicts = review(model("m", weights="none"), paper("p", bases=["m"], weights=FREE))
    assert lineage(verdicts, "p", "weights").answer == "yes"
    assert {link.record for link in lineage(verdicts, "p", "weights").because} == {"p"}


@case("made", "unreleased")
def test_an_unreleased_model_is_transparent_for_output() -> None:
    verdicts = review(
        model("llama-like", weights=BANNED), model("hidden", bases=["llama-like"], weights="none", availability=["unreleased"]),
        model("tuned", bases=["hidden"], weights=FREE), paper("p", data=FREE, sources={"x": part("model-generated", "hidden")}),
    )  # fmt: skip
    assert lineage(verdicts, "tuned", "output").answer == "no"
    assert lineage(verdicts, "p", "data").answer == "no"


@case("real", "same-holder")
def test_flan_t5_from_t5(real: Verdicts) -> None:
    assert fact(real, "flan-t5", "developer") == fact(real, "t5", "developer")
    for artefact, question in itertools.product(("weights", "output"), QUESTIONS):
        assert not links(lineage(real, "flan-t5", artefact, question), "t5")
    assert links(lineage(real, "t0-models", "weights"), "t5")  # another holder


@case("made", "same-holder")
def test_the_same_holder_made() -> None:
    verdicts = review(
        model("foreign", by="Else", weights=LIMITED), model("old", by="Lab", bases=["foreign"], weights=BANNED),
        model("new", by="Lab", bases=["old"], weights=FREE), model("newest", by="Lab", bases=["new"], weights=FREE),
        model("strange", by="Else", bases=["old"], weights=FREE),
    )  # fmt: skip
    for name in ("new", "newest"):
        comes_to = lineage(verdicts, name, "weights")
        assert comes_to.answer == "conditional"  # of the ancestor behind
        assert not links(comes_to, "old")
        assert links(comes_to, "foreign")
    assert lineage(verdicts, "strange", "weights").answer == "no"


@case("made", "same-holder")
def test_the_same_holder_is_neutral_for_output_and_the_ancestors_behind_still_count() -> None:
    verdicts = review(
        model("foreign", by="Else", weights=BANNED), model("old", by="Lab", bases=["foreign"], weights=FREE),
        model("new", by="Lab", bases=["old"], weights=FREE),
    )  # fmt: skip
    comes_to = lineage(verdicts, "new", "output")
    assert comes_to.answer == "no"
    assert not links(comes_to, "old")


@case("made", "same-holder")
def test_two_makers_whom_nobody_knows_are_not_the_same() -> None:
    verdicts = review(model("old", by="not-stated", weights=BANNED), model("new", by="not-stated", bases=["old"], weights=FREE))
    assert lineage(verdicts, "new", "weights").answer == "no"
    assert lineage(verdicts, "new", "output").answer == "no"


# --- The way of a reason -----------------------------------------------------------------------------------------------


def test_every_rule_that_passes_something_shows_in_the_reasons_it_gave() -> None:
    """Each reason tells how it speaks where it stands, and the edges along which it came from there, nearest first."""
    verdicts = review(
        licence("Account", "conditional"), source("site", BANNED), source("translator", BANNED),
        model("foreign", by="Else", weights=BANNED), model("hidden", bases=["foreign"], weights="none"), model("served", terms="Account", weights="none"),
        model("old", by="Lab", bases=["foreign"], weights=FREE), model("new", by="Lab", bases=["old"], weights=FREE),
        paper("p", bases=["hidden"], data=LIMITED, weights=FREE, sources={
            "text": part("web", "site"), "answers": part("model-generated", "served"), "more": part("model-generated", "foreign"),
            "words": part("model-generated", "translator", role="translation"), "seeds": part("web", "site", role="seeds"),
        }),
        paper("q", data=FREE, weights="none", sources={"x": part("existing-dataset", "p")}),
    )  # fmt: skip
    ways = {(link.record, link.artefact): (link.rule, link.edges) for link in lineage(verdicts, "p", "weights", COMMERCIAL).because}
    assert ways == {
        ("p", "weights"): ("own", ()), ("p", "data"): ("own", ("training",)), ("site", "content"): ("own", ("training", "content")),
        ("served", "output"): ("account-terms", ("training", "account-terms")), ("foreign", "output"): ("model-output", ("training", "model-output")),
        ("translator", "content"): ("own", ("training", "assistant")), ("foreign", "weights"): ("own", ("unreleased", "base")),
    }  # fmt: skip
    assert {link.edges for link in links(lineage(verdicts, "new", "weights"), "foreign")} == {("same-holder", "base")}
    copied = {link.record: (link.rule, link.edges, link.through) for link in lineage(verdicts, "q", "data", COMMERCIAL).because}
    assert copied["site"] == ("own", ("content", "content"), ("q", "p"))
    assert copied["p"] == ("own", ("content",), ("q",))
    shown = {edge for verdict in everything(verdicts).values() for reading in verdict for link in reading.because for edge in (link.rule, *link.edges)}
    assert shown == {name for name, rule in RULES.items() if rule.chain} | {"own"}


def test_the_reviews_own_reasons_come_along_every_edge_there_is(real: Verdicts) -> None:
    shown = {edge for verdict in everything(real).values() for reading in verdict for link in reading.because for edge in (link.rule, *link.edges)}
    assert shown >= {"own", "base", "content", "model-output", "account-terms", "assistant", "training"}


# --- Which other models are meant ---------------------------------------------------------------------------------------


def test_which_other_models_are_concerned_travels_with_the_answer() -> None:
    verdicts = review(
        *(licence(name, None, answers={TRAINING: {"answer": "conditional", "scope": scope}}, output="yes") for name, scope in {
            "Rivals": "competing", "Family": "own-family-only", "Others": "any-other"}.items()),
        model("m", weights="Family"), source("site", "Rivals"),
        paper("p", bases=["m"], data=FREE, weights="Others", sources={"x": part("web", "site"), "y": part("model-generated", "m")}),
    )  # fmt: skip
    said, comes_to = ask(verdicts, "p", "weights", TRAINING)
    assert (said.scope, comes_to.scope) == ({"any-other"}, {"any-other", "own-family-only", "competing"})
    assert ask(verdicts, "p", "data", TRAINING)[0].scope == set()
    assert lineage(verdicts, "p", "data", TRAINING).scope == {"competing", "own-family-only"}
    assert {reading.scope for question in (COMMERCIAL, REDISTRIBUTION) for reading in ask(verdicts, "p", "weights", question)} == {frozenset()}


def test_the_scopes_of_the_review_itself(real: Verdicts) -> None:
    assert lineage(real, "alpaca", "data", TRAINING).scope == {"competing"}
    assert ask(real, "llama-2", "output", TRAINING)[0].scope == {"own-family-only"}


# --- Families, and weights that a model page states --------------------------------------------------------------------


def test_the_plain_answer_is_the_worst_of_the_families() -> None:
    weights = {"named": entry(FREE, base=["good"]), "unnamed": entry(FREE)}
    verdicts = review(model("good", weights=FREE), model("bad", weights=BANNED), paper("p", bases=["good", "bad"], weights=weights))
    assert [lineage(verdicts, "p", "weights", family=family).answer for family in ("named", "unnamed", "")] == ["yes", "no", "no"]


def test_a_family_whose_terms_a_model_page_states_has_that_models_ancestors() -> None:
    verdicts = review(
        model("bad", weights=BANNED), model("tuned", bases=["bad"], weights=FREE), paper("p", weights={"a": {"model": "tuned"}, "b": entry(FREE)}),
        paper("q", weights={"model": "tuned"}),
    )  # fmt: skip
    assert [verdict.answer for verdict in ask(verdicts, "q", "weights")] == ["yes", "no"]
    assert [lineage(verdicts, "p", "weights", family=family).answer for family in ("a", "b", "")] == ["no", "yes", "no"]


@pytest.mark.parametrize("label", ["small", "7B", "model-7b", "yes"])
def test_a_family_may_have_any_name(label: str) -> None:
    verdicts = review(paper("p", data={label: entry(FREE)}, weights={label: entry(FREE), "other": entry(LIMITED)}, sources={"x": part("human-written")}))
    assert [verdict.answer for verdict in ask(verdicts, "p", "weights")] == ["conditional", "conditional"]
    assert [verdict.answer for verdict in ask(verdicts, "p", "weights", family=label)] == ["yes", "yes"]


# --- Terms of their time -----------------------------------------------------------------------------------------------

# A time and a service, and the versions of OpenAI's terms that were in force; none where nothing is known of that time.
OF_A_TIME: list[tuple[str, str, set[str]]] = [
    ("2022-11", "", set()),
    ("2022-12-27", "", set()),
    ("2021/2022-11", "api", set()),
    ("2022-12-28", "", {"2022-12"}),
    ("2022-12", "", {"2022-12"}),
    ("2022-12", "api", {"2022-12"}),
    ("2022-12", "consumer", {"2022-12"}),
    ("2023-01/2023-02", "api", {"2022-12"}),
    ("2023-03-13", "", {"2022-12"}),
    ("2023-03-14", "", {"2023-03-14"}),
    ("2023-03", "", {"2022-12", "2023-03-14"}),
    ("2023-03/2023-04", "api", {"2022-12", "2023-03-14"}),
    ("2023-04", "", {"2023-03-14"}),
    ("2023-11", "api", {"2023-03-14", "2023-11-14-business"}),
    ("2023-11", "consumer", {"2023-03-14"}),
    ("2024-01-30", "consumer", {"2023-03-14"}),
    ("2024-01-31", "consumer", {"2023-11-14-consumer"}),
    ("2024-02", "api", {"2023-11-14-business"}),
    ("2024-02", "consumer", {"2023-11-14-consumer", "europe"}),
    ("2024-02", "", {"2023-11-14-consumer", "europe", "2023-11-14-business"}),
    ("2024-02-14", "consumer", {"2023-11-14-consumer"}),
    ("2025-06", "api", {"services-agreement"}),
    ("2023", "api", {"2022-12", "2023-03-14", "2023-11-14-business"}),
]


def served_at(*times: tuple[str, str], record_id: str = "served") -> list[Page]:
    """Return papers whose data a served model generated at some times through some services."""
    return [
        paper(f"at-{number}", generated=period, data=FREE, sources={"x": part("model-generated", record_id, **({"service": service} if service else {}))})
        for number, (period, service) in enumerate(times)
    ]


def versions_of(verdicts: Verdicts, record_id: str, served: str) -> set[str]:
    """Return the versions of terms that the verdict on a paper's data names."""
    given = links(lineage(verdicts, record_id, "data", REDISTRIBUTION), served)
    return {link.note.removeprefix("version ") for link in given if link.note}


@pytest.fixture(scope="module")
def of_a_time(real: Verdicts) -> Verdicts:
    return lineages.verdicts_of([*real._corpus.pages, *lineages.STOCK, *served_at(*((period, service) for period, service, _ in OF_A_TIME), record_id="gpt-4")])


@pytest.mark.parametrize("number", range(len(OF_A_TIME)), ids=[f"{period} {service}".strip() for period, service, _ in OF_A_TIME])
def test_openais_terms_of_a_time(of_a_time: Verdicts, number: int) -> None:
    _, _, versions = OF_A_TIME[number]
    assert fact(of_a_time, "gpt-4", "output_terms") == "LicenseRef-OpenAI-Terms"
    assert versions_of(of_a_time, f"at-{number}", "gpt-4") == versions
    if not versions:
        for question in QUESTIONS:
            comes_to = lineage(of_a_time, f"at-{number}", "data", question)
            assert (comes_to.answer, comes_to.reason) == ("unclear", "terms-version-unknown")


@pytest.mark.parametrize(
    ("period", "touched"),
    [
        ("2022", ""), ("2023", "ab"), ("2024", "bc"), ("2025", "c"), ("2022/2023", "ab"), ("2023-04", "a"), ("2023-05", "ab"), ("2023-06", "b"),
        ("2024-02", "b"),
        ("2023-05-09", "a"), ("2023-05-10", "b"), ("2024-02-29", "b"), ("2024-03-01", "c"), ("2024-02/2024-03", "bc"),
        ("2023-04/2024-03-01", "abc"), ("2023-05-09/2023-05-10", "ab"),
        ("2023-01-01", "a"), ("2022-12-31", ""), ("2099", "c"),
    ],
)  # fmt: skip
def test_years_months_and_days_overlap_as_they_should(period: str, touched: str) -> None:
    versions = [version("a", "yes", "2023", "2023-05-09"), version("b", "yes", "2023-05-10", "2024-02"), version("c", "yes", "2024-03", "none")]
    verdicts = review(licence("Dated", "yes", versions=versions), model("served", terms="Dated", weights="none"), *served_at((period, "")))
    assert versions_of(verdicts, "at-0", "served") == set(touched)


_TERMS = [
    version("open", "yes", "", "2023-03-13", seen="2022-12-28"),
    version("limited", "conditional", "2023-03-14", "2024-01-30"),
    version("closed-api", "no", "2023-11-01", "2024-06-30", "api"),
    version("consumer", "yes", "2024-01-31", "none", "consumer"),
]


def generated(when: str | None, service: str | None = None, published: str | None = "2023-06-01", **of_the_source: str) -> dict[str, Verdict]:
    """Return what data come to that were generated at some time under the terms above."""
    facts = of_the_source | ({"service": service} if service else {})
    verdicts = review(
        licence("Dated", "yes", versions=_TERMS), model("served", terms="Dated", weights="none"),
        paper("p", generated=when, published=published, data=FREE, sources={"x": part("model-generated", "served", **facts)}),
    )  # fmt: skip
    return {question: lineage(verdicts, "p", "data", question) for question in QUESTIONS}


@pytest.mark.parametrize(
    ("when", "service", "answer"),
    [
        ("2023-01", None, "yes"), ("2023-03-13", None, "yes"), ("2023-03-14", None, "conditional"), ("2023-03", None, "conditional"),
        ("2023-02/2023-03", None, "conditional"), ("2023-12", "consumer", "conditional"), ("2023-12", "api", "no"), ("2023-12", None, "no"),
        ("2024-02", "consumer", "yes"), ("2024-02", "api", "no"), ("2024-02", None, "no"),
    ],
)  # fmt: skip
def test_the_worst_over_the_period_counts(when: str, service: str | None, answer: str) -> None:
    assert generated(when, service)[REDISTRIBUTION].answer == answer


def test_the_versions_that_counted_are_named() -> None:
    notes = {link.note for link in links(generated("2023-03")[REDISTRIBUTION], "served")}
    assert notes == {"version open", "version limited"}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(("when", "service"), [("2022-11", None), ("2022-12-27", "api"), ("2021", "consumer"), ("2024-08", "api")])
def test_a_time_without_known_terms_is_unclear(question: str, when: str, service: str | None) -> None:
    verdict = generated(when, service)[question]
    assert (verdict.answer, verdict.reason) == ("unclear", "terms-version-unknown")
    assert {link.license for link in verdict.deciding} == {"Dated"}


def test_the_nearest_statement_of_the_time_counts() -> None:
    assert generated("2024-02", "api", generated="2023-01")[REDISTRIBUTION].answer == "yes"
    assert generated("2023-01", "api", generated="not-stated")[REDISTRIBUTION].answer == "yes"
    assert generated(None, published="2023-01-10")[REDISTRIBUTION].answer == "yes"
    assert generated("not-stated", published="2023-04-10")[REDISTRIBUTION].answer == "conditional"


def test_unnatural_instructions_were_generated_before_the_first_known_terms(real: Verdicts) -> None:
    """Its pairs were published on 19 December 2022, nine days before the first day for which OpenAI's terms are known."""
    assert fact(real, "unnatural-instructions", "published") == "2022-12-19"
    given = links(lineage(real, "sail", "data", REDISTRIBUTION), "text-davinci-002")
    assert given == set() or {link.reason for link in given} == {"terms-version-unknown"}


def test_data_of_a_time_that_nobody_knows_come_under_terms_that_nobody_knows() -> None:
    verdict = generated(None, published=None)[REDISTRIBUTION]
    assert (verdict.answer, verdict.reason) == ("unclear", "terms-version-unknown")


@pytest.mark.parametrize("when", ["2022-06/2023-02", "2022/2023-02", "2022-12-27/2022-12-28"])
def test_a_period_that_begins_before_the_first_known_terms_is_not_a_yes(when: str) -> None:
    verdict = generated(when)[REDISTRIBUTION]
    assert (verdict.answer, verdict.reason) == ("unclear", "terms-version-unknown")


@pytest.mark.parametrize(("when", "answer"), [("2023-12", "no"), ("2024-02", "no"), ("2023-01", "yes")])
def test_data_from_all_services_come_under_the_terms_of_each(when: str, answer: str) -> None:
    assert generated(when, "all")[REDISTRIBUTION].answer == answer


def test_a_version_of_which_no_day_is_known_may_have_been_in_force() -> None:
    terms = licence("Dated", "yes", versions=[version("known", "yes", "2023-01"), version("undated", "no", "not-stated")])
    verdicts = review(terms, model("served", terms="Dated"), paper("p", generated="2023-05", data=FREE, sources={"x": part("model-generated", "served")}))
    assert lineage(verdicts, "p", "data", REDISTRIBUTION).answer != "yes"


def test_terms_of_a_source_are_those_of_the_time() -> None:
    site = source("site", {"license": FREE, "to": "2023-06-18"}, {"license": BANNED, "from": "2023-06-19"})
    papers = [
        paper(f"p{number}", generated=when, data=FREE, sources={"x": part("web", "site")}) for number, when in enumerate(["2023-05", "2023-06", "2023-07"])
    ]
    verdicts = review(site, *papers)
    assert [lineage(verdicts, page.id, "data").answer for page in papers] == ["yes", "no", "no"]


# --- Never a yes from ignorance ----------------------------------------------------------------------------------------

_answer_words = ["Yes", "YES", "true", "maybe", "", "unknown", "not-released", "commercial", None, 1]
PAGES_OF_NOTHING: dict[str, Page] = {
    "no-answers": raw("license", "odd", {"spdx": "Odd", "reach": {"output": "yes"}}),
    "empty-answers": raw("license", "odd", {"spdx": "Odd", "answers": {}, "reach": {"output": "yes"}}),
    "another-question": raw("license", "odd", {"spdx": "Odd", "answers": {"some-other-use": {"answer": "yes"}}, "reach": {"output": "yes"}}),
    "answer-without-word": raw(
        "license", "odd", {"spdx": "Odd", "answers": {question: {"requires": ["notice"]} for question in QUESTIONS}, "reach": {"output": "yes"}}
    ),
    **{
        f"word-{word!r}": raw("license", "odd", {"spdx": "Odd", "answers": {question: {"answer": word} for question in QUESTIONS}, "reach": {"output": "yes"}})
        for word in _answer_words
    },
}
# The states of a release that say nothing; `Odd` is the licence of the pages above, `ghost` has no page at all.
RELEASES_OF_NOTHING: dict[str, Any] = {
    "not-stated": entry("not-stated"), "no-licence-field": entry(None), "unknown-licence": entry("Ghost"), "wrong-case": entry("FREE"), "nothing-in-it": {},
    "unknown-model-page": {"model": "ghost"},
}  # fmt: skip
_NOTHING = [
    *(f"release: {name}" for name in RELEASES_OF_NOTHING),
    "release: left out",
    "release: no releases",
    *(f"licence: {name}" for name in PAGES_OF_NOTHING),
]


def with_nothing(kind: str, artefact: str, what: str, record_id: str = "p", **facts: Any) -> list[Page]:
    """Return a record that says nothing of the terms of one artefact, its other artefacts being free, and its licence page if it has one."""
    sort, _, name = what.partition(": ")
    released = "weights" if artefact == "output" else artefact
    releases = {other: {"license": FREE} for other in ("code", "data", "weights")}
    extra = []
    if sort == "licence":
        releases[released] = {"license": "Odd"}
        extra = [PAGES_OF_NOTHING[name]]
    elif name in RELEASES_OF_NOTHING:
        releases[released] = RELEASES_OF_NOTHING[name]
    else:
        del releases[released]
    record = {"published": "2023", **facts} | ({} if name == "no releases" else {"releases": releases})
    return [raw(kind, record_id, record), *extra]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("what", _NOTHING)
@pytest.mark.parametrize(("kind", "artefact"), [(kind, artefact) for kind, artefacts in ARTEFACTS.items() for artefact in artefacts])
def test_what_nobody_knows_is_never_a_yes(kind: str, artefact: str, what: str, question: str) -> None:
    pages = with_nothing(kind, artefact, what, data={"sources": {"x": part("human-written")}}, availability=["open-weights"])
    for verdict in ask(review(*pages), "p", artefact, question):
        assert verdict.answer == "unclear"
        assert verdict.reason in REASONS


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("what", _NOTHING)
@pytest.mark.parametrize("step", ["base", "copied", "generated", "conversations", "trained"])
def test_what_nobody_knows_of_an_ancestor_is_never_a_yes(step: str, what: str, question: str) -> None:
    kind, artefact, child, asked = {
        "base": ("model", "weights", paper("child", bases=["p"], weights=FREE), "weights"),
        "copied": ("paper", "data", paper("child", data=FREE, sources={"x": part("existing-dataset", "p")}), "data"),
        "generated": ("model", "output", paper("child", data=FREE, sources={"x": part("model-generated", "p")}), "data"),
        "conversations": ("model", "output", paper("child", data=FREE, sources={"x": part("user-conversations", "p")}), "data"),
        "trained": ("paper", "data", paper("child", weights=FREE, data=FREE, sources={"x": part("existing-dataset", "p")}), "weights"),
    }[step]
    pages = with_nothing(kind, artefact, what, **({"data": {"sources": {"x": part("human-written")}}} if kind == "paper" else {}))
    said, comes_to = ask(review(*pages, child), "child", asked, question)
    assert (said.answer, comes_to.answer) == ("yes", "unclear")
    assert comes_to.reason in REASONS


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("terms", [None, "not-stated", "Ghost", "Odd", "none"])
@pytest.mark.parametrize("weights", ["none", None])
def test_output_of_a_served_model_whose_terms_nobody_knows_is_never_a_yes(terms: str | None, weights: str | None, question: str) -> None:
    releases = {"weights": weights} if weights else {}
    served = model("served", terms=terms, availability=["api"], **releases)
    verdicts = review(PAGES_OF_NOTHING["no-answers"], served, paper("p", data=FREE, sources={"x": part("model-generated", "served")}))
    assert "yes" not in {verdict.answer for verdict in ask(verdicts, "served", "output", question)}
    assert lineage(verdicts, "p", "data", question).answer == "unclear"


@pytest.mark.parametrize("availability", [None, "not-stated", []])
def test_output_of_a_model_of_which_nobody_knows_whether_it_is_served_is_never_a_yes(availability: Any) -> None:
    generator = raw("model", "m", {"releases": {"weights": "none"}} | ({} if availability is None else {"availability": availability}))
    verdicts = review(generator, paper("p", data=FREE, sources={"x": part("model-generated", "m")}))
    assert lineage(verdicts, "p", "data").answer == "unclear"


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("kind", ["web", "existing-dataset", "model-generated", "search-results"])
@pytest.mark.parametrize(
    "terms", [None, "not-stated", "none", [], [{}], [{"license": "not-stated"}], [{"license": "Ghost"}], [{"license": FREE}, {"for": "the rest"}]]
)
def test_a_source_whose_terms_nobody_knows_is_never_a_yes(terms: Any, kind: str, question: str) -> None:
    site = raw("source", "site", {"kind": "website"} | ({} if terms is None else {"terms": terms}))
    verdicts = review(site, paper("p", data=FREE, sources={"x": part(kind, "site")}))
    assert lineage(verdicts, "p", "data", question).answer == "unclear"


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_has_no_page_is_never_a_yes(question: str) -> None:
    verdicts = review(
        paper("base", bases=["ghost/7B"], weights=FREE), model("output", bases=["ghost"], weights=FREE),
        paper("from", data=FREE, sources={"x": part("web", "ghost")}),
        paper("untold", data=FREE, sources={"x": part("web")}), paper("unlisted", data=FREE), paper("unsaid", data=FREE, sources="not-stated"),
    )  # fmt: skip
    for name, artefact in (
        ("base", "weights"),
        ("output", "weights"),
        ("output", "output"),
        *((name, "data") for name in ("from", "untold", "unlisted", "unsaid")),
    ):
        assert lineage(verdicts, name, artefact, question).answer == "unclear"
        assert lineage(verdicts, name, artefact, question).reason in ("untraced", "not-researched")


@pytest.mark.parametrize("question", QUESTIONS)
def test_weights_whose_base_nobody_knows_are_never_a_yes(question: str) -> None:
    verdicts = review(paper("p", bases="not-stated", weights=FREE), model("m", bases="not-stated", weights=FREE), model("scratch", bases="none", weights=FREE))
    assert lineage(verdicts, "scratch", "weights", question).answer == "yes"
    assert [lineage(verdicts, name, "weights", question).answer for name in ("p", "m")] == ["unclear", "unclear"]
    assert lineage(verdicts, "m", "output", question).answer == "unclear"


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_model_tuned_with_data_that_nobody_recorded_is_never_a_yes(question: str) -> None:
    """More pretraining is no tuning: what it was done with is out of scope, as for any base model."""
    tuned = {"published": "2023", "developer": "Lab", "releases": {"weights": {"license": FREE}}}
    verdicts = review(
        model("base", weights=FREE), model("none", bases=["base"], weights=FREE), model("untold", bases=["base"], weights=FREE, sources={}),
        raw("model", "by-variant", {**tuned, "variants": [{"id": "a", "base": "base"}]}),
        raw("model", "pretrained", {**tuned, "base_models": ["base"], "training": {"stages": ["pretraining"]}}),
        raw("model", "both", {**tuned, "base_models": ["base"], "training": {"stages": ["pretraining", "sft"]}}),
        paper("p", bases=["untold"], weights=FREE),
    )  # fmt: skip
    found = {name: lineage(verdicts, name, "weights", question) for name in ("base", "none", "untold", "by-variant", "pretrained", "both", "p")}
    assert {name: verdict.answer for name, verdict in found.items()} == {
        "base": "yes", "none": "yes", "untold": "unclear", "by-variant": "unclear", "pretrained": "yes", "both": "unclear", "p": "unclear",
    }  # fmt: skip
    assert (found["untold"].reason, [link.rule for link in found["untold"].deciding]) == ("not-researched", ["training"])


@pytest.mark.parametrize("sources", [None, "not-stated"])
def test_weights_tuned_on_data_that_nobody_knows_are_never_a_yes(sources: str | None) -> None:
    verdicts = review(model("m", weights=FREE), paper("p", bases=["m"], weights=FREE, data="none", sources=sources))
    assert lineage(verdicts, "p", "weights").answer == "unclear"


@pytest.mark.parametrize("role", ["human-written", "user-conversations", "templates"])
def test_a_release_per_source_that_has_no_source_is_never_a_yes_and_is_released(role: str) -> None:
    verdicts = review(
        paper("p", data="per-source", weights=FREE, sources={"x": part(role)}), paper("q", data=FREE, sources={"x": part("existing-dataset", "p")})
    )
    assert [verdict.answer for verdict in ask(verdicts, "p", "data")] == ["unclear", "unclear"]
    assert lineage(verdicts, "q", "data").answer == "unclear"


@pytest.mark.parametrize(
    "facts",
    [
        "releases: {data: {license: CC BY 4.0}}", "releases: {data: [MIT]}", "releases: MIT", "releases: {data: MIT}", "releases: {data: {licence: MIT}}",
        "releases: {data: {license: MIT}}\ndata: {sources: {x: {kind: web, role: pairs, from: [No Id]}}}",
        "releases: {data: {license: MIT}}\ndata: {sources: [x]}",
        "releases: {data: {license: MIT}}\ndata: {sources: {x: {kind: web, role: pairs, from: [site]}}}",
        "releases: {data: {license: MIT}}\ndata: {sources: {x: {kind: webb, role: pairs, from: site}}}",
    ],
)  # fmt: skip
def test_a_page_with_faults_is_never_a_yes(facts: str) -> None:
    """The bad field is cut out of the record; what is left must not read as permission."""
    files = {
        "papers/p.md": minimal.page("papers/p.md", facts),
        "sources/site.md": minimal.page("sources/site.md", "terms: [MIT]"),
        "licenses/mit.md": minimal.page("licenses/mit.md", "answers: {commercial-use: {answer: yes}}"),
    }
    corpus = minimal.corpus_of(files)
    assert corpus.check()
    assert lineage(Verdicts(corpus), "p", "data").answer == "unclear"


@pytest.mark.parametrize("license", ["not-stated", "per-source", None])
def test_a_ban_that_some_place_states_outweighs_an_empty_field(license: str | None) -> None:
    data = entry(license)
    verdicts = review(source("good", FREE), paper("p", data=data, sources={"x": part("web", "good")}, evidence=[says(BANNED, "releases.data")]))
    said, _ = ask(verdicts, "p", "data")
    assert said.answer == "no"


@pytest.mark.parametrize("count", ["~4", "1..3", "0..3", "..3", "2.."])
def test_a_count_of_bans_may_be_approximate(count: str) -> None:
    verdicts = review(paper("p", data=FREE, sources={"x": part("existing-dataset", licenses={"no": count, "yes": "5"})}))
    assert lineage(verdicts, "p", "data").answer == "no"


def test_counts_may_be_approximate() -> None:
    verdicts = review(paper("p", data=FREE, sources={"x": part("existing-dataset", licenses={"no": "~4", "yes": "50..60"})}))
    comes_to = lineage(verdicts, "p", "data")
    assert comes_to.answer == "no"
    assert "4" in comes_to.deciding[0].note


# --- Circles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pages",
    [
        [model("a", weights={"model": "a"})],
        [model("a", weights={"model": "b"}), model("b", weights={"model": "a"})],
        [model("a", weights=entry(FREE, base=["a"]))],
        [model("a", weights=entry(FREE, base=["b"])), model("b", weights=entry(FREE, base=["a"]))],
        [model("a", weights={"x": entry(FREE, base=["b"])}), model("b", bases=["a"], weights=FREE)],
        [model("a", bases=["a"], weights=FREE)],
        [model("a", bases=["b"], weights=FREE), model("b", weights=FREE, sources={"x": part("model-generated", "a")})],
    ],
)
def test_weights_on_a_circle_are_unclear(pages: list[Page]) -> None:
    verdicts = review(*pages)
    for question, page in itertools.product(QUESTIONS, pages):
        comes_to = lineage(verdicts, page.id, "weights", question)
        assert (comes_to.answer, comes_to.reason) == ("unclear", "untraced")


@pytest.mark.parametrize("artefact", ["code", "data", "weights"])
@pytest.mark.parametrize("others", [{"a": "a"}, {"a": "b", "b": "a"}, {"p": "a", "a": "b", "b": "c", "c": "b"}])
def test_model_pages_that_name_each_other_for_their_terms_are_unclear(artefact: str, others: dict[str, str]) -> None:
    verdicts = review(
        *(paper(name, **{artefact: {"model": other}}) if name == "p" else model(name, **{artefact: {"model": other}}) for name, other in others.items())
    )
    for name, question in itertools.product(others, QUESTIONS):
        for verdict in ask(verdicts, name, "weights" if artefact == "data" and name != "p" else artefact, question):
            assert (verdict.answer, bool(verdict.reason)) == ("unclear", True)


@pytest.mark.parametrize("license", [FREE, "per-source"])
def test_data_on_a_circle_are_unclear(license: str) -> None:
    verdicts = review(
        *(paper(name, data=license, sources={"x": part("existing-dataset", other)}) for name, other in {"a": "b", "b": "c", "c": "a", "self": "self"}.items()),
        paper("outside", data=FREE, sources={"x": part("existing-dataset", "a")}),
    )  # fmt: skip
    for name in ("a", "b", "c", "self", "outside"):
        comes_to = lineage(verdicts, name, "data")
        assert (comes_to.answer, comes_to.reason) == ("unclear", "untraced")


def test_every_record_of_a_knot_of_circles_is_on_it() -> None:
    """`c` is on a circle with `a` and `b`, though the circle that is reported of the three goes without it."""
    verdicts = review(model("a", bases=["b", "c"], weights=FREE), model("b", bases=["a"], weights=FREE), model("c", bases=["b"], weights=FREE))
    for name, artefact in itertools.product("abc", ("weights", "output")):
        comes_to = lineage(verdicts, name, artefact)
        assert comes_to.answer == "unclear"
        assert {link.reason for link in links(comes_to, name, artefact)} >= {"untraced"}


@pytest.mark.parametrize(("license", "answer"), [(BANNED, "no"), (FREE, "unclear"), ("Mixed", "unclear")])
def test_what_a_release_forbids_stays_forbidden_on_a_circle(license: str, answer: str) -> None:
    """A circle hides what else there is; it takes nothing away from what the release itself says."""
    verdicts = review(
        licence("Mixed", "conditional"), model("a", bases=["b"], weights=license), model("b", bases=["a"], weights=FREE),
        paper("p", data=license, sources={"x": part("existing-dataset", "q")}), paper("q", data=FREE, sources={"x": part("existing-dataset", "p")}),
        paper("r", bases=["a"], data="none", weights={"one": entry(license, base=["a"]), "two": entry(FREE, base=["a"])}, sources="none"),
    )  # fmt: skip
    for name, artefact in (("a", "weights"), ("p", "data")):
        said, comes_to = ask(verdicts, name, artefact)
        assert comes_to.answer == answer
        assert said.because <= comes_to.because
        assert "untraced" in {link.reason for link in comes_to.because}
    assert [lineage(verdicts, "r", "weights", family=family).answer for family in ("one", "two", "")] == [answer, "unclear" if answer != "no" else "no", answer]


def test_a_circle_leaves_code_and_what_was_not_released_alone() -> None:
    verdicts = review(model("a", bases=["a"], code=FREE, weights="none"), paper("p", code=BANNED, data="none", sources={"x": part("existing-dataset", "p")}))
    assert [lineage(verdicts, name, "code").answer for name in ("a", "p")] == ["yes", "no"]
    assert [lineage(verdicts, name, artefact).answer for name, artefact in (("a", "weights"), ("p", "data"))] == [NOT_RELEASED, NOT_RELEASED]


# --- What holds for any review -----------------------------------------------------------------------------------------


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
    return Verdict(bits, Node([Statement(bits, (link,))]))


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


def test_what_holds_for_every_verdict_of_the_review_itself(real: Verdicts) -> None:
    for key, (said, comes_to) in everything(real).items():
        assert no_better(comes_to, said), key
        assert said.because <= comes_to.because, key
        for verdict in (said, comes_to):
            if verdict.answer != NOT_RELEASED:
                assert verdict.deciding, key
                assert verdict.deciding == sorted(link for link in verdict.because if link.answer == verdict.answer), key
                assert all(link.license in real._corpus.licenses or link.reason in REASONS or link.counted for link in verdict.deciding), key
                assert (verdict.reason in REASONS) == (verdict.answer == "unclear"), key


# --- Cost --------------------------------------------------------------------------------------------------------------


def depth_of(corpus: Corpus) -> int:
    """Return how many records the longest line of descent has."""
    depth: dict[str, int] = {}
    pages = [page.id for page in corpus.pages]
    while len(depth) < len(pages):
        for name in pages:
            parents = [edge.parent for edge in corpus.lineage.parents.get(name, [])]
            if name not in depth and all(parent in depth for parent in parents):
                depth[name] = 1 + max((depth[parent] for parent in parents), default=0)
    return max(depth.values())


def calls(work: Callable[[], Any]) -> int:
    """Return how many Python functions a piece of work calls: a measure of cost without noise."""
    profile = cProfile.Profile(builtins=False)
    profile.enable()
    try:
        work()
    finally:
        profile.disable()
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def all_verdicts(corpus: Corpus, questions: Iterable[str] = QUESTIONS) -> None:
    verdicts = Verdicts(corpus)
    for page in corpus.pages:
        for artefact, question in itertools.product(ARTEFACTS.get(page.kind, ()), questions):
            for verdict in verdicts.both(page, artefact, question):
                assert (verdict.answer in ORDER) == bool(verdict.deciding), "an answer is asked for with all that goes with it"
                assert verdict.requires is not None
                assert verdict.restricts is not None
                assert verdict.reason in ("", *REASONS)


def test_all_verdicts_of_a_thousand_records_cost_little(capsys: pytest.CaptureFixture[str]) -> None:
    """The bound is on function calls, which no busy machine changes; on a quiet one they take about a fifth of a second."""
    pages = lineages.thousands(1000)
    corpus = Corpus(pages)
    assert sum(page.kind != "license" for page in pages) == 1000
    assert depth_of(corpus) == lineages.DEPTH
    assert sum(len(page.record.get("data", {}).get("sources", ())) >= 50 for page in pages) >= 10
    counted = calls(partial(all_verdicts, Corpus(pages)))
    gc.collect()
    gc.freeze()  # what other tests left is no cost of this one
    start = time.process_time()
    all_verdicts(Corpus(pages))
    took = time.process_time() - start
    gc.unfreeze()
    with capsys.disabled():
        print(f"\nall verdicts of 1,000 records: {counted:,} function calls, {took:.3f} s of process time")
    assert counted <= 250_000
    assert took <= 2.0  # several times what it takes, for machines that do other work


def test_the_cost_grows_with_the_number_of_records(capsys: pytest.CaptureFixture[str]) -> None:
    counts = {size: calls(partial(all_verdicts, Corpus(lineages.thousands(size)), [COMMERCIAL])) for size in (500, 2000)}
    with capsys.disabled():
        print(f"\nfunction calls for 500 and 2,000 records: {counts[500]:,} and {counts[2000]:,}, {counts[2000] / counts[500]:.2f}-fold")
    assert counts[2000] <= 5.5 * counts[500]


def pairs_of(steps: int, first: Callable[[str], Page], step: Callable[[str, list[str]], Page]) -> list[Page]:
    """Return two records on each of several steps, each built from both on the step below: 2 ** steps ways through them."""
    pages = [first(f"r0.{twin}") for twin in range(2)]
    for number in range(1, steps + 1):
        pages += [step(f"r{number}.{twin}", [f"r{number - 1}.0", f"r{number - 1}.1"]) for twin in range(2)]
    return pages


def copies(name: str, below: Iterable[str], license: str) -> Page:
    return paper(name, data=license, sources={f"part-{number}": part("existing-dataset", one) for number, one in enumerate(below)})


LADDERS: dict[str, Callable[[int], list[Page]]] = {
    "models": lambda steps: pairs_of(steps, lambda name: model(name, weights=BANNED), lambda name, below: model(name, bases=below, weights=FREE)),
    "models of one holder": lambda steps: pairs_of(
        steps, lambda name: model(name, by="Lab", weights=BANNED), lambda name, below: model(name, by="Lab", bases=below, weights=FREE)
    ),
    "unreleased models": lambda steps: pairs_of(steps, lambda name: model(name, weights=BANNED), lambda name, below: model(name, bases=below, weights="none")),
    "data": lambda steps: pairs_of(steps, lambda name: source(name, BANNED), lambda name, below: copies(name, below, FREE)),
    "unreleased data": lambda steps: pairs_of(steps, lambda name: source(name, BANNED), lambda name, below: copies(name, below, "none")),
    "data per source": lambda steps: pairs_of(steps, lambda name: source(name, BANNED), lambda name, below: copies(name, below, "per-source")),
    "sources": lambda steps: pairs_of(
        steps, lambda name: source(name, BANNED), lambda name, below: source(name, FREE, sources={one: part("existing-dataset", one) for one in below})
    ),
}


@pytest.mark.parametrize("ladder", LADDERS)
def test_the_number_of_ways_to_an_ancestor_does_not_matter(ladder: str) -> None:
    """Eight steps have 256 ways to the bottom, four have 16; the cost may grow with the square of the steps, not with the ways."""

    def cost(steps: int) -> int:
        last = f"r{steps}.0"
        pages = [*LADDERS[ladder](steps), paper("top", bases=[last], data=FREE, weights=FREE, sources={"x": part("existing-dataset", last)})]
        verdicts = review(*pages)
        return calls(lambda: [lineage(verdicts, "top", artefact, question) for artefact in ARTEFACTS["paper"] for question in QUESTIONS])

    assert cost(8) <= 5 * cost(4)


@pytest.mark.parametrize("license", [FREE, "none"])
def test_a_long_line_of_descent_is_followed_to_its_end(license: str) -> None:
    steps = 200
    pages = [model("r0", weights=BANNED), *(model(f"r{number}", bases=[f"r{number - 1}"], weights=license) for number in range(1, steps))]
    verdicts = review(*pages, paper("p", bases=[f"r{steps - 1}"], weights=FREE))
    assert lineage(verdicts, "p", "weights").answer == "no"
    assert {link.record for link in lineage(verdicts, "p", "weights").deciding} == {"r0"}


@pytest.mark.parametrize("license", [FREE, "none", "per-source"])
def test_a_long_line_of_copies_is_followed_to_its_end(license: str) -> None:
    steps = 300
    pages = [
        source("r0", BANNED),
        *(paper(f"r{number}", data=license, sources={"x": part("existing-dataset", f"r{number - 1}")}) for number in range(1, steps)),
    ]
    verdicts = review(*pages, paper("p", data="per-source", sources={"x": part("existing-dataset", f"r{steps - 1}")}))
    assert lineage(verdicts, "p", "data").answer == "no"


def test_account_terms_are_no_licence_of_data_and_answer_by_their_page() -> None:
    """Data put under dated terms are answered by the page of the terms, whatever the date."""
    verdicts = review(licence("Dated", "conditional", versions=_TERMS), paper("p", data="Dated", sources={"x": part("human-written")}))
    assert lineage(verdicts, "p", "data").answer == "conditional"
