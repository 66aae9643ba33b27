"""Verdicts in words: the panels of papers, models and licences, what a reading says beside its answer, and the same for programs."""

from __future__ import annotations

from pathlib import Path

import minimal
import pytest
from lineages import BANNED, FREE, STOCK, answers, entry, licence, model, paper, part, review, says, source, version
from litreview.cells import Mark, RecordLink, plain, plain_line
from litreview.corpus import Corpus, load
from litreview.explanations import Panel, both, panel, reading, record_json
from litreview.records import Page
from litreview.verdicts import ARTEFACTS, NOT_RELEASED, QUESTIONS

ROOT = Path(__file__).parent.parent
COMMERCIAL, REDISTRIBUTION, TRAINING = QUESTIONS


@pytest.fixture(scope="module")
def real() -> Corpus:
    return load(ROOT)


def panel_of(corpus: Corpus, record_id: str) -> Panel:
    page = corpus.get(record_id)
    assert page is not None, record_id
    shown = panel(corpus, page)
    assert shown is not None, record_id
    return shown


def notes(shown: Panel) -> str:
    return "\n".join(map(plain_line, shown.notes))


def why(shown: Panel, start: str) -> str:
    """Return the one reason that starts with some words."""
    (line,) = [text for line in shown.why if (text := plain_line(line)).startswith(start)]
    return line


# --- Papers and models -------------------------------------------------------------------------------------------------


def test_every_paper_model_and_licence_has_a_panel_with_an_answer_to_each_question(real: Corpus) -> None:
    for page in real.pages:
        shown = panel(real, page)
        assert (shown is None) == (page.kind == "source"), page.id
        if shown is not None:
            assert shown.rows, page.id
            for row in shown.rows:
                assert len(row.cells) == len(QUESTIONS)
                assert all(any(isinstance(inline, Mark) for inline in line) for cell in row.cells for line in cell[:1]), (page.id, row.label)


def test_where_readings_differ_a_sentence_says_so(real: Corpus) -> None:
    said = notes(panel_of(real, "sail"))
    assert "The two readings of the weights differ: commercial use is yes by its own licence, no by its lineage, which is a conflict;" in said
    assert "Different places state different licences for the weights: Apache-2.0, GPL-3.0-only." in said
    for page in real.pages:
        for artefact in ARTEFACTS.get(page.kind, ()):
            differ = any(one.answer != other.answer for question in QUESTIONS for one, other in [real.verdicts.both(page, artefact, question)])
            assert (f"The two readings of the {artefact} differ" in notes(panel_of(real, page.id))) == differ, (page.id, artefact)


def test_what_decides_for_sail_is_told_link_by_link(real: Corpus) -> None:
    line = why(panel_of(real, "sail"), "Weights, commercial use: ")
    assert "LLaMA (weights) under LLaMA 1 licence, as base model" in line
    assert "GPT-4-LLM (content) under CC-BY-NC-4.0, as training data ← content taken over" in line
    assert "Alpaca (data) under CC-BY-NC-4.0, as training data ← content taken over, through GPT-4-LLM" in line
    links = {inline.id for line in panel_of(real, "sail").why for inline in line if isinstance(inline, RecordLink)}
    assert links >= {"llama", "alpaca", "gpt-4-llm", "cc-by-nc-4.0", "licenseref-scancode-llama-license-2023"}


def test_the_same_reasons_are_told_once(real: Corpus) -> None:
    shown = panel_of(real, "flan-collection")
    assert "because of its own data: nobody has looked" in why(shown, "Data, redistribution: ")
    assert why(shown, "Data, training another model: ") == "Data, training another model: unclear, for the same reasons as redistribution"
    assert "because of" in why(shown, "Weights, redistribution: ")  # those of another release are others


def test_a_chain_says_the_edges_that_lead_to_an_ancestor() -> None:
    pages = [
        *STOCK, model("foreign", by="Else", weights=BANNED), model("hidden", bases=["foreign"], weights="none"), paper("p", bases=["hidden"], weights=FREE),
        model("old", by="Lab", bases=["foreign"], weights=FREE), model("new", by="Lab", bases=["old"], weights=FREE),
    ]  # fmt: skip
    corpus = Corpus(pages)
    assert "foreign (weights) under Banned, as an ancestor never released ← base model, through hidden" in why(panel_of(corpus, "p"), "Weights, commercial")
    line = why(panel_of(corpus, "new"), "Weights, commercial")
    assert "foreign (weights) under Banned, as an ancestor that its holder relicensed ← base model, through old" in line


def test_ancestors_that_add_nothing_are_named_with_the_rule(real: Corpus) -> None:
    assert "Adds nothing of its own, as seeds, topics and prompts that are not in the release: Self-Instruct." in notes(panel_of(real, "alpaca"))
    assert "Adds nothing of its own, as an ancestor relicensed by its own rightsholder: T5." in notes(panel_of(real, "flan-t5"))
    assert "Adds nothing of its own, as an ancestor that was never released: " in notes(panel_of(real, "text-davinci-003"))
    assert "Adds nothing" not in notes(panel_of(real, "llama"))


@pytest.mark.parametrize("record", ["flan-collection", "t0", "super-naturalinstructions", "xp3-bloomz"])
def test_works_built_from_many_data_sets_never_show_the_bare_worst_word(real: Corpus, record: str) -> None:
    page = real.get(record)
    assert page is not None
    counts = {"yes": 0, "unclear": 0, "no": 0}
    for one in page.record["data"]["sources"].values():
        for answer, count in one.get("licenses", {}).items():
            counts[answer] += count
    verdict = real.verdicts.lineage(page, "data", COMMERCIAL)
    assert verdict.answer == "no"
    assert plain_line(reading("lineage", verdict)) == f"lineage: no ({counts['no']} of {sum(counts.values())} data sets)"
    said = ", ".join(f"{count} {answer}" for answer, count in counts.items())
    assert f"Data sets by answer: {said}" in why(panel_of(real, record), "Data, commercial use: no")
    weights = real.verdicts.lineage(page, "weights", COMMERCIAL)
    assert "data sets" in plain_line(reading("lineage", weights)), "what is contested for weights is counted too"


def test_a_count_beside_other_bans_says_that_there_are_others() -> None:
    counted = part("existing-dataset", licenses={"no": "4", "yes": "50", "unclear": "8"})
    sources = {"counted": counted, "site": part("web", "bad")}
    verdicts = review(source("bad", BANNED), paper("p", data=FREE, sources=sources), paper("q", data=FREE, sources={"counted": counted}))
    shown = {name: plain(both(*verdicts.both(page, "data", COMMERCIAL))) for name in "pq" if (page := verdicts._corpus.get(name))}
    assert shown == {"p": "declared: yes; lineage: no (4 of 62 data sets, and others)", "q": "declared: yes; lineage: no (4 of 62 data sets)"}


def test_a_reading_says_which_other_models_are_meant() -> None:
    rivals = licence("Rivals", None, answers={TRAINING: {"answer": "conditional", "scope": "competing"}})
    corpus = Corpus([*STOCK, rivals, paper("p", data="Rivals", sources={"x": part("human-written")})])
    (row,) = [row for row in panel_of(corpus, "p").rows if row.label == "data"]
    assert plain(row.cells[2]) == "declared: conditional (models: competing); lineage: conditional (models: competing)"
    assert "Other models that are meant: Only models that compete with the provider are concerned" in why(panel_of(corpus, "p"), "Data, training")


# --- Bad pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ("releases: {data: {license: CC BY 4.0}}", "its field releases.data.license could not be read"),
        ("releases: {data: MIT}", "its field releases.data could not be read"),
        ("releases: {data: {licence: MIT}}", "its field releases.data.licence could not be read"),
        ("releases: MIT", "its field releases could not be read"),
        ("releases: {data: {a: {license: CC BY}, b: {license: MIT}}}", "its field releases.data.a.license could not be read"),
        ("releases: {data: {license: CC-BY-9.0}}", "there is no page on this licence"),
    ],
)
def test_a_record_with_a_bad_licence_keeps_its_page_and_its_verdict_says_why(facts: str, reason: str) -> None:
    files = {
        "papers/p.md": minimal.page("papers/p.md", f"{facts}\ndata: {{sources: none}}"),
        "licenses/mit.md": minimal.page(
            "licenses/mit.md", "answers: {commercial-use: {answer: yes}, redistribution: {answer: yes}, train-another-model: {answer: yes}}"
        ),
    }
    corpus = minimal.corpus_of(files)
    assert corpus.check()
    shown = panel_of(corpus, "p")
    (row,) = [row for row in shown.rows if row.label == "data"]
    assert plain(row.cells[0]) == "declared: unclear (nobody has looked); lineage: unclear (nobody has looked)"
    assert reason in why(shown, "Data, commercial use: unclear")


# --- Licences ----------------------------------------------------------------------------------------------------------


def test_a_licences_panel_has_its_answers_and_the_words_that_prove_them(real: Corpus) -> None:
    for page in real.of_kind("license"):
        shown = panel_of(real, page.id)
        assert shown.title == "What it allows"
        text = shown.rows[0]
        proved = {line.split(":")[0] for line in map(plain_line, shown.why)}
        for question, label, cell in zip(QUESTIONS, ("Commercial use", "Redistribution", "Training another model"), text.cells, strict=True):
            answer = page.record.get("answers", {}).get(question, {}).get("answer")
            assert plain(cell).startswith(answer or "not looked up"), (page.id, question)
            assert answer is None or label in proved, f"{page.id}: no evidence for its answer on {question}"
    said = panel_of(real, "cc-by-nc-4.0")
    assert plain(said.rows[0].cells[0]) == "no; limits: non commercial"
    assert any("NonCommercial" in plain_line(line) for line in said.why)


def test_a_licences_panel_shows_each_dated_version(real: Corpus) -> None:
    page = real.get("licenseref-openai-terms")
    assert page is not None
    labels = [row.label for row in panel_of(real, page.id).rows]
    assert [label for label in labels if label.startswith("Version ")] == [f"Version {one['id']}" for one in page.record["versions"]]


def test_a_licences_panel_groups_what_stands_under_it_by_what_it_comes_to() -> None:
    under = [paper(f"good-{number:02}", data=FREE, sources={"x": part("human-written")}) for number in range(14)]
    bad = paper("bad", data=FREE, weights="none", code=FREE, sources={"x": part("web", "site")})
    corpus = Corpus([*STOCK, source("site", BANNED), *under, bad, model("m", weights={"a": entry(FREE), "b": entry(BANNED)}, availability=["open-weights"])])
    row = panel_of(corpus, "free").rows[-1]
    assert row.label == "Works under it, with what they were made from"
    lines = [plain_line(line) for line in row.cells[0]]
    named = ", ".join(f"good-{number:02} (data)" for number in range(11))
    assert lines[0] == f"yes (15): bad (code), {named}, and 3 more"
    assert lines[1] == "no (2): bad (data), m (weights)"
    assert [line.split(" ")[0] for line in lines] == ["yes", "no"]


def test_a_licence_under_which_nothing_stands_says_only_what_its_text_says() -> None:
    dated = licence("Dated", "conditional", versions=[version("old", "no", "2022-03", "2022-10-31")])
    shown = panel_of(Corpus([dated]), "dated")
    assert [row.label for row in shown.rows] == ["Its text", "Version old"]
    assert [plain(cell) for cell in shown.rows[1].cells] == ["no"] * 3


# --- For programs ------------------------------------------------------------------------------------------------------


def test_json_says_everything_that_a_panel_says(real: Corpus) -> None:
    page = real.get("alpaca")
    assert page is not None
    verdicts = record_json(real, page)
    lineage = verdicts["data"][TRAINING]["lineage"]
    assert set(lineage) == {"answer", "reason", "requires", "restricts", "scope", "conflict", "because"}
    assert (lineage["answer"], lineage["reason"], lineage["scope"]) == ("unclear", "contested", ["competing"])
    assert verdicts["data"][COMMERCIAL]["declared"]["scope"] == []
    base = next(link for link in verdicts["weights"][COMMERCIAL]["lineage"]["because"] if link["record"] == "llama")
    assert (base["rule"], base["edges"], base["through"]) == ("own", ["base"], ["alpaca"])


def test_every_reason_in_json_leads_to_a_page(real: Corpus) -> None:
    for page in real.pages:
        for questions in record_json(real, page).values():
            for question in QUESTIONS:
                for verdict in questions[question].values():
                    assert (verdict["answer"] == NOT_RELEASED) == (not verdict["because"])
                    assert all(isinstance(real.get(link["record"]), Page) for link in verdict["because"])


def test_other_places_licences_are_shown_as_a_conflict() -> None:
    given = licence("Given", None, answers=answers("yes"))
    corpus = Corpus([*STOCK, given, paper("p", data=FREE, evidence=[says("Given", "releases.data")], sources={"x": part("human-written")})])
    (row,) = [row for row in panel_of(corpus, "p").rows if row.label == "data"]
    assert plain(row.cells[0]) == "declared: yes (sources disagree); lineage: yes"
    assert "Different places state different licences for the data: Free, Given." in notes(panel_of(corpus, "p"))
