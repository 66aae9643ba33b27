"""Licence verdicts, rule by rule: one real and one made case for each; what the marks of the first list rest on."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TypeVar

import pytest
from lineages import (
    BANNED,
    COMMERCIAL,
    FREE,
    LIMITED,
    REDISTRIBUTION,
    TRAINING,
    answers,
    ask,
    entry,
    everything,
    fact,
    licence,
    lineage,
    links,
    model,
    paper,
    part,
    review,
    says,
    source,
    version,
)
from litreview.verdicts import ARTEFACTS, NOTHING, QUESTIONS, RULES, Verdicts

CASES: set[tuple[str, str]] = set()


Test = TypeVar("Test", bound=Callable[..., None])


def case(sort: str, rule: str) -> Callable[[Test], Test]:
    """Note that a test is a real or a made case of a rule."""
    CASES.add((sort, rule))
    return lambda test: test


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
def test_what_the_first_lists_marks_rest_on(real_verdicts: Verdicts, record: str, artefact: str, declared: str, conflict: bool, lineage_is: set[str]) -> None:
    said, comes_to = ask(real_verdicts, record, artefact)
    assert (said.answer, said.conflict) == (declared, conflict)
    assert comes_to.answer in lineage_is


def test_the_licences_that_sails_conflict_is_between(real_verdicts: Verdicts) -> None:
    said, comes_to = ask(real_verdicts, "sail", "weights")
    assert {link.license for link in said.because} == {"Apache-2.0", "GPL-3.0-only"}
    assert "llama" in {link.record for link in comes_to.deciding}


# --- One real and one made case for every rule -------------------------------------------------------------------------


def test_every_rule_has_a_real_and_a_made_case() -> None:
    assert {(sort, rule) for sort in ("real", "made") for rule in RULES} == CASES


@case("real", "own")
def test_own_licence_where_all_places_give_the_same_answer(real_verdicts: Verdicts) -> None:
    said, _ = ask(real_verdicts, "lima", "data")
    assert {link.license for link in said.because} == {"LicenseRef-CC-BY-NC-SA-unversioned", "CC-BY-NC-SA-4.0"}
    assert (said.answer, said.conflict) == ("no", True)


@case("real", "own")
def test_own_licence_where_places_give_different_answers(real_verdicts: Verdicts) -> None:
    said, _ = ask(real_verdicts, "alpaca", "data")
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
def test_base_weights_bind(real_verdicts: Verdicts) -> None:
    for record in ("sail", "lima", "alpaca"):
        comes_to = lineage(real_verdicts, record, "weights")
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
def test_content_is_counted_for_a_collection(real_verdicts: Verdicts) -> None:
    for record in ("super-naturalinstructions", "t0"):
        comes_to = lineage(real_verdicts, record, "data")
        assert comes_to.answer == "no"
        notes = {link.note for link in links(comes_to, record)}
        for label, one in fact(real_verdicts, record, "data", "sources").items():
            if "licenses" in one:
                counts = one["licenses"]
                assert f"no: {counts['no']:,} of {sum(counts.values()):,} sources in {label.replace('_', ' ')}" in notes
    assert "no: 53 of 346 sources in datasets" in {link.note for link in lineage(real_verdicts, "super-naturalinstructions", "data").because}


@case("real", "content")
def test_content_of_each_source_counts(real_verdicts: Verdicts) -> None:
    comes_to = lineage(real_verdicts, "lima", "data")
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
def test_seeds_pass_nothing(real_verdicts: Verdicts) -> None:
    for record, label, upstream in (("alpaca", "seeds", "self-instruct"), ("lamini-lm", "seeds", "self-instruct"), ("lamini-lm", "topics", "wikipedia")):
        assert fact(real_verdicts, record, "data", "sources", label, "from") == [upstream]
        assert fact(real_verdicts, record, "data", "sources", label, "released") == "no"
        for question in QUESTIONS:
            assert not links(lineage(real_verdicts, record, "data", question), upstream)


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
def test_output_of_a_public_licence_is_as_its_text_says(real_verdicts: Verdicts) -> None:
    assert [verdict.answer for verdict in ask(real_verdicts, "llama", "output")] == ["no", "no"]
    assert [verdict.answer for verdict in ask(real_verdicts, "llama", "output", TRAINING)] == ["conditional", "conditional"]
    assert lineage(real_verdicts, "llama-2", "output", TRAINING).restricts >= {"any-other-model"}
    assert lineage(real_verdicts, "opt", "output").answer == "no"
    assert lineage(real_verdicts, "bloom", "output").answer == "conditional"
    assert lineage(real_verdicts, "gpt-j", "output").answer == "yes"
    # SAIL's labels were generated by a model under MIT, whose text does not speak of output.
    assert fact(real_verdicts, "sail", "data", "sources", "labels", "from") == ["esp-roberta-large"]
    assert {(link.answer, link.rule) for link in links(lineage(real_verdicts, "sail", "data"), "esp-roberta-large")} == {("yes", "model-output")}


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
def test_account_terms(real_verdicts: Verdicts) -> None:
    for record, generator in (("alpaca", "text-davinci-003"), ("lamini-lm", "gpt-3-5-turbo"), ("self-instruct", "gpt-3"), ("sail", "gpt-4")):
        for link in links(lineage(real_verdicts, record, "data"), generator):
            assert link.license == "LicenseRef-OpenAI-Terms"
            assert link.rule == "account-terms"
            assert link.answer in ("conditional", "unclear")
        given = links(lineage(real_verdicts, record, "data", TRAINING), generator)
        assert given
        assert ("unclear", "contested") in {(link.answer, link.reason) for link in given}
        # The terms of December 2022 are known from its 28th day only.
        assert {(link.answer, link.reason) for link in given} <= {("unclear", "contested"), ("unclear", "terms-version-unknown")}
    assert {link.answer for link in links(lineage(real_verdicts, "sail", "data"), "gpt-4")} == {"conditional"}  # the terms of 14 March 2023
    assert "competing-models" in lineage(real_verdicts, "alpaca", "data", TRAINING).restricts
    assert lineage(real_verdicts, "self-instruct", "data").answer != "yes"


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
def test_a_translator_counts_as_a_generator(real_verdicts: Verdicts) -> None:
    assert fact(real_verdicts, "xp3-bloomz", "data", "sources", "translated-prompts", "role") == "translation"
    for question in QUESTIONS:
        given = links(lineage(real_verdicts, "xp3-bloomz", "data", question), "google-cloud-translation")
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
def test_a_no_of_the_data_is_contested_for_weights(real_verdicts: Verdicts) -> None:
    for record in ("super-naturalinstructions", "t0"):
        assert lineage(real_verdicts, record, "data").answer == "no"
        comes_to = lineage(real_verdicts, record, "weights")
        assert comes_to.answer == "unclear"
        counted = {(link.answer, link.reason) for link in links(comes_to, record, "data") if link.note.startswith("no: ")}
        assert counted == {("unclear", "contested")}
        assert "no" not in {link.answer for link in comes_to.because}


@case("real", "training")
def test_alpacas_own_words_reach_models(real_verdicts: Verdicts) -> None:
    assert fact(real_verdicts, "alpaca", "releases", "data", "reaches_models") == "yes"
    assert {link.answer for link in links(lineage(real_verdicts, "alpaca", "weights"), "alpaca", "data") if link.license == "CC-BY-NC-4.0"} == {"no"}


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
def test_reddits_terms_reach_models(real_verdicts: Verdicts) -> None:
    assert fact(real_verdicts, "licenseref-reddit-data-api-terms", "reach", "trained_models") == "yes"
    given = links(lineage(real_verdicts, "lima", "weights"), "pushshift-reddit")
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
def test_code_licences_reach_nothing(real_verdicts: Verdicts) -> None:
    assert fact(real_verdicts, "sail", "releases", "code", "repository", "license") == "GPL-3.0-only"
    assert fact(real_verdicts, "llama", "releases", "code", "license") == "GPL-3.0-only"
    for (record, artefact, _, _), (said, comes_to) in everything(real_verdicts).items():
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
def test_a_sources_code_licence_is_no_licence_of_its_data(real_verdicts: Verdicts) -> None:
    for record, label in (("gpt-4-llm", "code"), ("unifiedqa", "repository")):
        (terms,) = [one for one in fact(real_verdicts, record, "terms") if one.get("id") == label]
        assert (terms["license"], terms["covers"]) == ("Apache-2.0", "code")
    for verdict in everything(real_verdicts).values():
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
def test_pretraining_text_is_not_followed(real_verdicts: Verdicts) -> None:
    assert "Stack Exchange" in fact(real_verdicts, "llama", "corpus")
    for question in QUESTIONS:
        said, comes_to = ask(real_verdicts, "llama", "weights", question)
        assert comes_to == said
        assert {link.record for link in comes_to.because} == {"llama"}


@case("made", "pretraining")
def test_pretraining_text_is_not_followed_made() -> None:
    verdicts = review(source("crawl", BANNED), model("m", corpus="The crawl, all of it.", weights=FREE), paper("p", bases=["m"], weights=FREE))
    assert [verdict.answer for verdict in (*ask(verdicts, "m", "weights"), *ask(verdicts, "m", "output"))] == ["yes"] * 4
    assert not links(lineage(verdicts, "p", "weights"), "crawl")


@case("real", "unreleased")
def test_models_that_were_never_released_add_nothing(real_verdicts: Verdicts) -> None:
    assert {base.partition("/")[0] for base in fact(real_verdicts, "flan-palm-flan-t5", "base_models")} >= {"palm", "u-palm"}
    for question in QUESTIONS:
        comes_to = lineage(real_verdicts, "flan-palm-flan-t5", "weights", question)
        assert not links(comes_to, "palm")
        assert not links(comes_to, "u-palm")
        assert lineage(real_verdicts, "palm", "weights", question) == NOTHING
        assert lineage(real_verdicts, "instructgpt", "weights", question) == NOTHING


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
def test_flan_t5_from_t5(real_verdicts: Verdicts) -> None:
    assert fact(real_verdicts, "flan-t5", "developer") == fact(real_verdicts, "t5", "developer")
    for artefact, question in itertools.product(("weights", "output"), QUESTIONS):
        assert not links(lineage(real_verdicts, "flan-t5", artefact, question), "t5")
    assert links(lineage(real_verdicts, "t0-models", "weights"), "t5")  # another holder


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
