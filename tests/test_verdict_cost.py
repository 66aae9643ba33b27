"""Licence verdicts: what they cost, by calls of functions, which no busy machine changes."""

from __future__ import annotations

import cProfile
import gc
import itertools
import pstats
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import lineages
import pytest
from lineages import BANNED, COMMERCIAL, FREE, lineage, model, paper, part, review, source
from litreview.corpus import Corpus
from litreview.records import Page
from litreview.verdicts import ARTEFACTS, ORDER, QUESTIONS, REASONS, Verdicts


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


@pytest.mark.parametrize("ladder", ["models", "data"])
def test_nor_does_their_length(ladder: str) -> None:
    """Of one record at a time what is near is gone by recursion; the ways beyond must not be tried one by one."""

    def cost(steps: int) -> int:
        pages = LADDERS[ladder](steps)
        return calls(lambda: lineage(review(*pages), f"r{steps}.0", "weights" if ladder == "models" else "data").deciding)

    assert cost(36) <= 6 * cost(12)


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
