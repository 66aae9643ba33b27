"""Licence verdicts where something is not known, or goes round in a circle: never a yes."""

from __future__ import annotations

import itertools
from typing import Any

import minimal
import pytest
from lineages import BANNED, FREE, ask, entry, licence, lineage, links, model, paper, part, raw, review, says, source
from litreview.records import Page
from litreview.verdicts import ARTEFACTS, NOT_RELEASED, QUESTIONS, REASONS, Verdicts

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
