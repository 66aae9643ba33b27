"""Licence verdicts under dated terms: those of the time at which data were generated."""

from __future__ import annotations

import lineages
import pytest
from lineages import BANNED, FREE, REDISTRIBUTION, fact, licence, lineage, links, model, paper, part, review, source, version
from litreview.records import Page
from litreview.verdicts import QUESTIONS, Verdict, Verdicts

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
    ("2023-11", "api", {"2023-03-14", "2023-08-28-business", "2023-11-14-business"}),
    ("2023-11", "consumer", {"2023-03-14"}),
    ("2024-01-30", "consumer", {"2023-03-14"}),
    ("2024-01-31", "consumer", {"2023-11-14-consumer"}),
    ("2024-02", "api", {"2023-11-14-business"}),
    ("2024-02", "consumer", {"2023-11-14-consumer", "europe"}),
    ("2024-02", "", {"2023-11-14-consumer", "europe", "2023-11-14-business"}),
    ("2024-02-14", "consumer", {"2023-11-14-consumer"}),
    ("2025-06", "api", {"services-agreement"}),
    ("2023", "api", {"2022-12", "2023-03-14", "2023-08-28-business", "2023-11-14-business"}),
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
def of_a_time(real_verdicts: Verdicts) -> Verdicts:
    return lineages.verdicts_of(
        [*real_verdicts._corpus.pages, *lineages.STOCK, *served_at(*((period, service) for period, service, _ in OF_A_TIME), record_id="gpt-4")]
    )


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


def test_unnatural_instructions_were_generated_before_the_first_known_terms(real_verdicts: Verdicts) -> None:
    """Its pairs were published on 19 December 2022, nine days before the first day for which OpenAI's terms are known."""
    assert fact(real_verdicts, "unnatural-instructions", "published") == "2022-12-19"
    given = links(lineage(real_verdicts, "sail", "data", REDISTRIBUTION), "text-davinci-002")
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


def test_account_terms_are_no_licence_of_data_and_answer_by_their_page() -> None:
    """Data put under dated terms are answered by the page of the terms, whatever the date."""
    verdicts = review(licence("Dated", "conditional", versions=_TERMS), paper("p", data="Dated", sources={"x": part("human-written")}))
    assert lineage(verdicts, "p", "data").answer == "conditional"
