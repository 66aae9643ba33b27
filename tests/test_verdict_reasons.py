"""Licence verdicts: the way that a reason came, which models it concerns, and the verdicts of families."""

from __future__ import annotations

import pytest
from lineages import (
    BANNED,
    COMMERCIAL,
    FREE,
    LIMITED,
    REDISTRIBUTION,
    TRAINING,
    ask,
    entry,
    everything,
    licence,
    lineage,
    links,
    model,
    paper,
    part,
    review,
    source,
)
from litreview.verdicts import RULES, Verdicts


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


def test_the_reviews_own_reasons_come_along_every_edge_there_is(real_verdicts: Verdicts) -> None:
    shown = {edge for verdict in everything(real_verdicts).values() for reading in verdict for link in reading.because for edge in (link.rule, *link.edges)}
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


def test_the_scopes_of_the_review_itself(real_verdicts: Verdicts) -> None:
    assert lineage(real_verdicts, "alpaca", "data", TRAINING).scope == {"competing"}
    assert ask(real_verdicts, "llama-2", "output", TRAINING)[0].scope == {"own-family-only"}


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
