"""What proves a fact, how much of a review is proved, what a record's card shows, and who points at a record."""

from __future__ import annotations

from typing import Any

import minimal
import pytest
from litreview.cards import Card, CardRow, Related, card, labels_read_by, note_line, related
from litreview.cells import Line, RecordLink, WebLink, Words, plain, plain_line
from litreview.columns import columns
from litreview.corpus import Backlink, Corpus
from litreview.evidence import Fact, facts_of, notes_of, ranges, state_of
from litreview.records import Page, read_page
from litreview.specification import resolve, value_at
from minimal import LICENSE, MODEL, PAGES, PAPER, SOURCE, edited

READ = "{url: 'https://example.org/%s', first_hand: %s, checked: 2026-11-22}"
REFERENCES = f"references:\n  own: {READ % ('own', 'yes')}\n  heard: {READ % ('heard', 'no')}\n"


def paper(facts: str, *evidence: str) -> Page:
    """Return a paper with two documents, one read first-hand and one not; unused ones are no fault here."""
    text = minimal.page("papers/p.md", f"{facts}\n{REFERENCES}evidence:\n" + "".join(f"  - {{{entry}}}\n" for entry in evidence))
    page = read_page("papers/p.md", text)
    assert {problem.code for problem in page.problems} <= {"reference-unused"}, page.problems
    return page


def fact(page: Page, path: str) -> Fact:
    (found,) = [fact for fact in facts_of(page) if fact.node.dotted == path]
    return found


def row(shown: Card, *path: str) -> CardRow:
    (found,) = [row for group in shown.groups for row in group.rows if row.path == path]
    return found


def card_of(page: Page, *others: Page) -> Card:
    return card(Corpus([page, *others]), page)


# --- Which evidence proves what ----------------------------------------------------------------------------------------


def test_a_path_covers_what_lies_under_it_and_nothing_beside_it() -> None:
    page = paper("data: {instructions: 5, instances: 6, languages: [en]}\ntraining: {stages: [sft]}", "for: data, in: own, at: p. 1")
    proved = {fact.node.dotted: bool(fact.proved) for fact in facts_of(page)}
    assert proved == {
        "authors": False, "published": False, "data.instructions": True, "data.instances": True, "data.languages": True, "training.stages": False,
    }  # fmt: skip


def test_a_path_does_not_cover_a_name_that_only_begins_like_it() -> None:
    page = paper("data: {language_count: 3, languages: [en]}", "for: data.language_count, in: own, at: p. 1")
    assert fact(page, "data.language_count").proved
    assert not fact(page, "data.languages").proved


def test_a_part_of_a_plain_fact_does_not_prove_the_whole() -> None:
    page = paper("authors: [First Author, Second Author]", "for: authors.0, in: own, at: p. 1")
    assert not fact(page, "authors").proved


def test_a_part_of_a_composed_fact_proves_it() -> None:
    page = paper("data: {sources: {seeds: {kind: web, role: seeds, amount: 5}}}", "for: data.sources.seeds.amount, in: own, at: p. 1")
    assert fact(page, "data.sources.seeds").proved


RESULTS = "results:\n  - {id: wins, what: wins, value: 90}\n  - {what: ties, value: 3}"


@pytest.mark.parametrize(
    ("path", "proved"),
    [("results.wins", ["results.wins"]), ("results.wins.value", ["results.wins"]), ("results.1", ["results.1"]), ("results", ["results.wins", "results.1"])],
)
def test_list_members_by_label_and_by_position(path: str, proved: list[str]) -> None:
    page = paper(RESULTS, f"for: {path}, in: own, at: p. 1")
    assert [fact.node.dotted for fact in facts_of(page) if fact.proved] == proved


def test_a_member_that_has_a_label_is_not_named_by_its_position() -> None:
    """A position moves when an entry is put before it."""
    page = read_page("papers/p.md", minimal.page("papers/p.md", f"{RESULTS}\n{REFERENCES}evidence: [{{for: results.0, in: own, at: p. 1}}]"))
    assert "evidence-field" in {problem.code for problem in page.problems}
    assert not any(fact.proved for fact in facts_of(page))


def test_labels_may_hold_dots() -> None:
    model = {"variants": [{"id": "6.7B", "params": 6}, {"id": "6", "params": 5}]}
    assert resolve(model, "variants.6.7B.params") == ("variants", "6.7B", "params")
    assert value_at(model, ("variants", "6.7B", "params")) == 6
    assert resolve(model, "variants.6.params") == ("variants", "6", "params")
    assert resolve(model, "variants.6.7") is None
    with pytest.raises(KeyError):
        value_at(model, ("variants", "7"))


def test_a_source_that_says_something_else_proves_nothing() -> None:
    page = paper("venue: Blog", "for: venue, in: own, at: p. 1, says: ACL, quote: ACL")
    assert fact(page, "venue").notes
    assert not fact(page, "venue").proved
    assert not fact(page, "venue").first_hand
    shown = row(card_of(page), "venue")
    assert shown.unsourced
    assert [note.says for note in shown.disputed] == ["ACL"]


def test_a_source_that_disagrees_does_not_undo_one_that_agrees() -> None:
    page = paper("venue: Blog", "for: venue, in: heard, at: p. 1", "for: venue, in: own, at: p. 2, says: ACL")
    assert [note.at for note in fact(page, "venue").proved] == ["p. 1"]
    assert not fact(page, "venue").first_hand  # only the disagreeing document was read itself
    shown = row(card_of(page), "venue")
    assert not shown.unsourced
    assert [note.at for note in shown.disputed] == ["p. 2"]


def test_first_hand_is_what_the_document_says() -> None:
    page = paper("venue: Blog\ndata: {instructions: 5, tasks: 6}", "for: venue, in: own, at: a", "for: data.instructions, in: heard, at: b")
    assert [(note.label, note.first_hand) for note in notes_of(page)] == [("own", True), ("heard", False)]
    assert fact(page, "venue").first_hand
    assert fact(page, "data.instructions").proved
    assert not fact(page, "data.instructions").first_hand
    assert not fact(page, "data.tasks").proved


def test_one_of_several_first_hand_is_enough() -> None:
    page = paper("venue: Blog", "for: venue, in: heard, at: a", "for: venue, in: own, at: b")
    assert fact(page, "venue").first_hand


# --- Counting ----------------------------------------------------------------------------------------------------------


def test_facts_are_counted() -> None:
    page = paper(
        "venue: not-stated\n"
        "data: {sources: {a: {kind: web, role: pairs, amount: 5}, b: {kind: web, role: seeds}}, instructions: 5, before_filtering: {tasks: 9}}\n"
        "results: [{what: wins, value: 90}, {what: ties, value: 3}]\n"
        "releases: {code: none, weights: {small: {form: full, license: MIT, url: 'https://example.org/w'}}}\n"
        "listed: {mark: unclear}",
        "for: [venue, releases.weights.small], in: own, at: p. 1", "for: data.sources.a, in: heard, at: p. 2",
    )  # fmt: skip
    assert [fact.node.dotted for fact in facts_of(page)] == [
        "authors", "published", "venue",
        "data.sources.a", "data.sources.b", "data.instructions", "data.before_filtering.tasks",  # a source is one fact, whatever its parts
        "results.0", "results.1",
        "releases.code", "releases.weights.small.license", "releases.weights.small.form",  # where it is is no fact
    ]  # fmt: skip
    state = state_of(Corpus([page]))
    assert (state.papers, state.models, state.licenses, state.sources) == (1, 0, 0, 0)
    assert (state.facts, state.with_evidence, state.first_hand) == (12, 4, 3)


def test_the_minimal_review_is_counted_by_kind() -> None:
    corpus = minimal.corpus_of(PAGES)
    whole = state_of(corpus)
    assert (whole.papers, whole.models, whole.licenses, whole.sources) == (1, 1, 1, 1)
    papers, models = state_of(corpus, ("paper",)), state_of(corpus, ("model",))
    assert papers.facts == papers.with_evidence == papers.first_hand == len(list(facts_of(corpus.get("alpha"))))  # type: ignore[arg-type]
    assert whole.facts == papers.facts + models.facts + state_of(corpus, ("license", "source")).facts
    assert papers.papers == models.papers == 1  # the numbers of records are the review's, whatever kinds are counted


def test_unproved_facts_are_counted_but_are_no_fault() -> None:
    pages = edited(MODEL, ("for: [developer, published, variants, architecture, availability, releases]", "for: developer"))
    corpus = minimal.corpus_of(pages)
    assert corpus.check() == []
    state = state_of(corpus, ("model",))
    assert (state.facts, state.with_evidence) == (7, 1)
    page = corpus.get("beta")
    assert page is not None
    assert plain(columns("model")["first_hand"].cell(corpus, page)) == "1 of 7 facts first-hand"


# --- Cards -------------------------------------------------------------------------------------------------------------


def test_unsourced_rows_say_so_and_others_do_not() -> None:
    page = paper("venue: Blog\ndata: {instructions: 5, tasks: 6}", "for: [data.tasks, authors], in: heard, at: p. 1")
    shown = card_of(page)
    unsourced = {".".join(row.path): row.unsourced for group in shown.groups for row in group.rows}
    assert unsourced == {
        "authors": False, "published": True, "venue": True, "kinds": False, "method": False,  # our own classification needs no source
        "data.instructions": True, "data.tasks": False,
    }  # fmt: skip


def test_the_card_of_the_minimal_paper() -> None:
    corpus = minimal.corpus_of(PAGES)
    page = corpus.get("alpha")
    assert page is not None
    shown = card(corpus, page)
    assert shown.summary == "A small model tuned on what a larger one wrote."
    assert [group.title for group in shown.groups] == [
        "The record", "Instruction data", "Training", "Evaluation", "Results", "Releases", "First list", "Corrections to the first list",
    ]  # fmt: skip
    text = {".".join(row.path): (row.label, plain(row.cell)) for group in shown.groups for row in group.rows}
    assert text["authors"] == ("Authors", "First Author, Second Author")
    assert text["venue"] == ("Venue", "not stated")
    assert text["links"] == ("Links", "Paper · arXiv · DOI")
    assert text["base_models"] == ("Base model", "Beta 7B")
    assert text["data.sources.seeds"] == ("Source: seeds", "questions with answers (existing dataset; from Gamma; as seeds; 175 examples)")
    assert text["data.sources.outputs"] == ("Source: outputs", "model generated (by Beta 7B; as responses)")  # 6.7B is 7B by another name
    assert text["data.instances"] == ("Instances", "about 53,000")
    assert text["data.human_annotation"] == ("Human annotation", "none")
    assert text["results.wins"] == ("wins", "wins in pairwise comparison: 90 to 89 (on user tasks)")
    assert text["releases.code"] == ("Code", "none")
    assert text["releases.data"] == ("Data", "CC-BY-NC-4.0; where it is")
    assert text["releases.weights.small"] == ("Weights: small", "CC-BY-NC-4.0; delta; from Beta 7B")
    assert text["corrections.0"] == ("Releases: Code", "The first list said: not mentioned")
    assert "title" not in text
    assert "references" not in text


FULL = {
    "licenses/mit.md": """
publisher: MIT
answers:
  commercial-use: {answer: yes}
  redistribution: {answer: yes, requires: [notice, licence-copy], note: Short.}
  train-another-model: {answer: conditional, restricts: [competing-models], scope: competing}
reach: {derivatives: no}
versions:
  - {id: v1, title: First, from: 2020, to: 2021-05, service: api, clause: No rivals., answers: {commercial-use: {answer: no}}}
  - {id: v2, from: 2021-06, to: none, service: all}
  - {id: v3, to: 2022, service: consumer}
""",
    "licenses/licenseref-odd.md": "spdx: LicenseRef-Odd\nshort: Odd terms",
    "models/m.md": """
variants:
  - {id: 7B, params: 7e9, aka: [6.9B]}
  - {id: big, params: ~1.3e12, base: n/7B, tokens_seen: 1e12..2e12, context_length: 2048}
  - {id: small, params: 60e6.., availability: api}
base_models: none
context_length: 2048
corpus_tokens: ~1.4e12
tokens_seen: ..5e5
languages: [en, zh, sw]
output_terms: LicenseRef-Odd
availability: [api, open-weights]
releases:
  code: {license: MIT, partial: only inference, published: 2023-05}
  weights: {license: MIT, gated: yes, form: delta, reaches_models: yes}
""",
    "models/n.md": "",
    "sources/s.md": """
terms:
  - {id: a, license: MIT, for: code, from: 2020, to: 2021}
  - {license: LicenseRef-Odd, from: 2021}
  - {license: MIT, to: 2019}
data: {sources: {x: {kind: web, from: [m], parts: [one_two], role: selection, count: ~12, licenses: {yes: 3, no: 1..2}, released: no}}}
""",
    "papers/p.md": """
data: {sources: none, instances: 60.., tasks: ..500, templates: 10..20}
results: [{what: score, value: 3, against: m, conditions: 7B}]
releases: {weights: {model: m}, data: {url: "https://example.org/d", license: Unknown-1.0}}
links: {openreview: abcdefgh, home: "https://example.org"}
""",
    "papers/q.md": "",
    "papers/r.md": """
data: {languages: [en, de], instances: none, language_count: ~12}
listed: {mark: commercial}
releases: {weights: {a: {license: MIT}, b: {form: delta}}}
""",
}

FULL_CARDS = [
    ("p", "links", "Links", "OpenReview · Home page"),
    ("p", "data.sources", "Resource of instruction data", "none"),
    ("p", "data.instances", "Instances", "at least 60"),
    ("p", "data.tasks", "Tasks", "at most 500"),
    ("p", "data.templates", "Templates", "10 to 20"),
    ("p", "results.0", "Results", "score: 3 (against m; 7B)"),
    ("p", "releases.weights", "Weights", "see m"),
    ("p", "releases.data", "Data", "Unknown-1.0; where it is"),
    ("m", "availability", "Availability", "api, open weights"),
    ("m", "languages", "Languages", "English, Chinese, Swahili"),
    ("m", "base_models", "Base model", "none"),
    ("m", "output_terms", "Output terms", "Odd terms"),  # a spelling that SPDX does not list tells people nothing
    ("m", "context_length", "Context length", "2,048"),
    ("m", "corpus_tokens", "Corpus tokens", "about 1.4T"),
    ("m", "tokens_seen", "Tokens seen", "at most 500,000"),
    ("m", "variants.7B", "7B", "7B (also written 6.9B)"),  # its name says its size
    ("m", "variants.big", "big", "big (about 1.3T; base n 7B; tokens seen 1T to 2T; context length 2,048)"),
    ("m", "variants.small", "small", "small (at least 60M; availability api)"),
    ("m", "releases.code", "Code", "MIT; in part: only inference; 2023-05"),
    ("m", "releases.weights", "Weights", "MIT; delta; gated; the licensor extends its terms to models trained on it"),
    ("mit", "answers.commercial-use", "Commercial use", "yes"),
    ("mit", "answers.redistribution", "Redistribution", "yes; requires notice, licence copy. Short."),
    ("mit", "answers.train-another-model", "Training another model", "conditional; limits: competing models; scope: competing"),
    ("mit", "reach.derivatives", "Derivatives", "no"),
    ("mit", "versions.v1", "v1", "First; 2020 to 2021-05; for api services; No rivals.; Commercial use: no"),
    ("mit", "versions.v2", "v2", "from 2021-06; for all services"),
    ("mit", "versions.v3", "v3", "until 2022; for consumer services"),
    ("s", "terms.a", "a", "MIT (code; 2020 to 2021)"),
    ("s", "terms.1", "Terms 2", "Odd terms (from 2021)"),
    ("s", "terms.2", "Terms 3", "MIT (until 2019)"),
    (
        "s", "data.sources.x", "Source: x",
        "web (from m; only its one two; as selection; about 12 data sets; commercial use by data set: 3 yes, 1 to 2 no; not in the release)",
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def full() -> Corpus:
    return Corpus([minimal.read(path, facts) for path, facts in FULL.items()])


@pytest.mark.parametrize(("record_id", "path", "label", "text"), FULL_CARDS, ids=[f"{record_id} {path}" for record_id, path, _, _ in FULL_CARDS])
def test_each_kind_of_value_on_a_card(full: Corpus, record_id: str, path: str, label: str, text: str) -> None:
    page = full.get(record_id)
    assert page is not None
    shown = row(card(full, page), *(resolve(page.record, path) or ()))
    assert (shown.label, plain(shown.cell)) == (label, text)


COMPUTED = [  # …, what queries see where it is not the text, and the state
    ("p", "name", "p", "p", "value"),
    ("p", "resources", "none", None, "none"),
    ("p", "amount", "at least 60 instances; at most 500 tasks; 10 to 20 templates", 60, "value"),
    ("p", "languages", "not looked up", None, "unknown"),
    ("p", "offering", "data", "data", "value"),
    ("p", "licenses", "code: not looked up; data: Unknown-1.0; weights: MIT", ..., "value"),  # the model page states the weights' terms
    ("p", "mark", "not in the first list", ..., "value"),
    ("q", "resources", "not looked up", None, "unknown"),
    ("q", "amount", "not looked up", None, "unknown"),
    ("q", "offering", "not looked up", None, "unknown"),
    ("r", "amount", "none", None, "none"),
    ("r", "languages", "English, German", ..., "value"),
    ("r", "mark", "commercial", ..., "value"),
    ("r", "releases_weights", "a: MIT; b: delta", ..., "value"),
    ("m", "languages", "English, Chinese, Swahili", "en; zh; sw", "value"),
    ("p", "first_hand", "0 of 9 facts first-hand", ..., "value"),
    ("m", "scales", "7B, big, small", ..., "value"),
    ("m", "largest", "1.3T", 1_300_000_000_000, "value"),
    ("m", "tokens", "at most 500,000", ..., "value"),
    ("m", "licenses", "code: MIT; weights: MIT; output: Odd terms", ..., "value"),
    ("n", "largest", "not looked up", None, "unknown"),
    ("n", "licenses", "code: not looked up; weights: not looked up", ..., "value"),
    ("mit", "answer_commercial_use", "yes", "yes", "value"),
    ("licenseref-odd", "answer_commercial_use", "not looked up", None, "unknown"),
    ("licenseref-odd", "first_hand", "0 of 0 facts first-hand", ..., "value"),
    ("s", "terms_in_words", "MIT (code; 2020 to 2021); Odd terms (from 2021); MIT (until 2019)", ..., "value"),
]


@pytest.mark.parametrize(("record_id", "name", "text", "value", "state"), COMPUTED, ids=[f"{record_id} {name}" for record_id, name, *_ in COMPUTED])
def test_computed_columns(full: Corpus, record_id: str, name: str, text: str, value: Any, state: str) -> None:
    page = full.get(record_id)
    assert page is not None
    column = columns(page.kind)[name]
    assert plain(column.cell(full, page)) == text
    assert column.value(full, page) == (text if value is ... else value, state)


@pytest.mark.parametrize(
    ("releases", "offering", "licenses"),
    [
        ("{data: {license: MIT}, collection_tool: {license: MIT}}", "both", "code: not looked up; data: MIT; weights: not looked up"),
        ("{data: none, collection_tool: none}", "none", "code: not looked up; data: not released; weights: not looked up"),
        ("{data: {license: MIT, partial: a sample}, collection_tool: none}", "data in part", "code: not looked up; data: MIT; weights: not looked up"),
        ("{collection_tool: {license: MIT}, code: none}", "tool", "code: not released; data: not looked up; weights: not looked up"),
        (
            "{data: {a: {license: MIT}, b: {license: CC-BY-4.0}, c: {license: MIT, partial: a sample}}, weights: {license: not-stated}}",
            "data in part", "code: not looked up; data: MIT, CC-BY-4.0; weights: not stated",
        ),
        ("{code: {license: MIT}}", "not looked up", "code: MIT; data: not looked up; weights: not looked up"),
    ],
)  # fmt: skip
def test_what_is_offered_and_under_which_licences(releases: str, offering: str, licenses: str) -> None:
    page = read_page("papers/p.md", minimal.page("papers/p.md", f"releases: {releases}"))
    assert {problem.code for problem in page.problems} <= {"not-stated-unsearched"}
    corpus = Corpus([page])
    assert plain(columns("paper")["offering"].cell(corpus, page)) == offering
    assert plain(columns("paper")["licenses"].cell(corpus, page)) == licenses


def test_a_yes_with_duties_is_a_yes_to_queries(full: Corpus) -> None:
    page = full.get("mit")
    assert page is not None
    column = columns("license")["answer_redistribution"]
    assert plain(column.cell(full, page)) == "yes (notice, licence copy)"
    assert column.value(full, page) == ("yes", "value")


def test_every_fact_is_on_the_card(full: Corpus) -> None:
    """What is counted is shown: in a row of its own or in the row of what it is a part of."""
    for page in [*full.pages, *minimal.corpus_of(PAGES).pages]:
        rows = [shown.path for group in card(Corpus([page]), page).groups for shown in group.rows]
        missing = [fact.node.dotted for fact in facts_of(page) if not any(fact.node.path[: len(path)] == path for path in rows)]
        assert missing == [], page.path


def test_links_on_a_card_lead_to_their_records(full: Corpus) -> None:
    page = full.get("m")
    assert page is not None
    shown = card(full, page)
    assert RecordLink("licenseref-odd", "Odd terms") in row(shown, "output_terms").cell[0]
    assert RecordLink("n", "n 7B") in row(shown, "variants", "big").cell[0]
    assert RecordLink("mit", "MIT") in row(shown, "releases", "weights").cell[0]
    paper = full.get("p")
    assert paper is not None
    assert WebLink("https://openreview.net/forum?id=abcdefgh", "OpenReview") in row(card(full, paper), "links").cell[0]
    assert Words("Unknown-1.0") in row(card(full, paper), "releases", "data").cell[0]  # no page, no link


def test_what_a_page_takes_from_others_is_known(full: Corpus) -> None:
    """The build writes a page anew when one of these changes."""
    page = full.get("m")
    assert page is not None
    assert labels_read_by(full, page) == [
        ("n/7B", "n 7B", "models/n.md"),
        ("MIT", "mit", "licenses/mit.md"),
        ("MIT", "mit", "licenses/mit.md"),
        ("LicenseRef-Odd", "Odd terms", "licenses/licenseref-odd.md"),
    ]
    paper = full.get("p")
    assert paper is not None
    assert labels_read_by(full, paper) == [("Unknown-1.0", "", ""), ("m", "m", "models/m.md")]


def test_what_nobody_looked_up_is_not_on_the_card() -> None:
    page = paper("data: {instructions: 5}", "for: data, in: own, at: p. 1")
    paths = {row.path for group in card_of(page).groups for row in group.rows}
    assert ("venue",) not in paths
    assert ("data", "tasks") not in paths


def test_notes_are_numbered_in_the_page_s_order() -> None:
    page = paper("venue: Blog\ndata: {instructions: 5}", "for: data, in: own, at: b", "for: venue, in: heard, at: a", "for: [venue, data], in: own, at: c")
    shown = card_of(page)
    assert [(note.number, note.at) for note in shown.notes] == [(1, "b"), (2, "a"), (3, "c")]
    assert [note.number for note in row(shown, "venue").notes] == [2, 3]
    assert [note.number for note in row(shown, "data", "instructions").notes] == [1, 3]


def test_a_note_says_document_place_quotation_and_how_it_was_read() -> None:
    corpus = minimal.corpus_of(PAGES)
    page = corpus.get("alpha")
    assert page is not None
    lines = [plain_line(note_line(note)) for note in card(corpus, page).notes]
    assert lines[0] == "text, title page: “Alpha: Instructions for Little Money”. Read first-hand, 2026-11-22."
    assert lines[1] == "text, all of it. Read first-hand, 2026-11-22."
    assert lines[5] == "card, metadata; says instead: MIT: “license: mit”. Not read first-hand, quoted by another document, 2026-11-22."


def test_a_correction_shows_what_proves_the_value_as_it_is_now() -> None:
    shown = card_of(paper("venue: Blog\ncorrections: [{field: venue, listed: ACL, found: a blog}]", "for: venue, in: own, at: p. 1"))
    correction = row(shown, "corrections", "0")
    assert plain(correction.cell) == "The first list said: ACL; Found: a blog"
    assert [note.at for note in correction.notes] == ["p. 1"]
    assert not correction.unsourced


def test_a_variant_without_a_label_is_shown_by_the_name_it_was_given() -> None:
    """The missing label is told on the model's page; the paper's page goes on."""
    model = read_page("models/m.md", minimal.page("models/m.md", "variants: [{params: 7e9, aka: [7B]}]"))
    assert [problem.code for problem in model.problems] == ["field-missing"]
    user = minimal.read("papers/p.md", "base_models: [m/7B]")
    assert plain(row(card_of(user, model), "base_models").cell) == "m 7B"


def test_a_family_called_like_a_field_is_told_or_shown() -> None:
    """`license` could be the release's licence or a family of that name."""
    page = read_page("papers/p.md", minimal.page("papers/p.md", "releases: {weights: {license: {form: full}}}"))
    corpus = Corpus([page])
    for column in columns("paper").values():
        column.cell(corpus, page)
        column.value(corpus, page)
    assert page.problems


# --- Who points at whom ------------------------------------------------------------------------------------------------


def links(corpus: Corpus, record_id: str) -> list[tuple[str, str, str, str]]:
    return [(link.relation, link.id, link.detail, link.through) for link in corpus.backlinks(record_id)]


def built(path: str, upstream: str) -> Page:
    return minimal.read(path, f"data: {{sources: {{part: {{kind: existing-dataset, from: [{upstream}], role: pairs}}}}}}")


def test_back_references_of_the_minimal_review() -> None:
    corpus = minimal.corpus_of(PAGES)
    assert links(corpus, "alpha") == []
    assert links(corpus, "beta") == [("base-of", "alpha", "7B", ""), ("generated", "alpha", "6.7B", "")]
    assert links(corpus, "gamma") == [("built-on-by", "alpha", "seeds", "")]
    assert links(corpus, "cc-by-nc-4.0") == [
        ("licensed", "alpha", "data", ""), ("licensed", "alpha", "weights small", ""),
        ("licensed", "beta", "weights", ""), ("licensed", "gamma", "content", ""),
    ]  # fmt: skip


def test_back_references_reach_through_the_nearer_record() -> None:
    corpus = Corpus([minimal.read("sources/s.md"), built("papers/a.md", "s"), built("papers/b.md", "a"), built("papers/c.md", "b")])
    assert links(corpus, "s") == [("built-on-by", "a", "part", ""), ("built-on-by", "b", "", "a"), ("built-on-by", "c", "", "b")]
    assert links(corpus, "a") == [("built-on-by", "b", "part", ""), ("built-on-by", "c", "", "b")]
    assert links(corpus, "c") == []


def test_who_is_named_directly_is_not_listed_again_through_another() -> None:
    corpus = Corpus([
        minimal.read("sources/s.md"),
        built("papers/a.md", "s"),
        minimal.read("papers/b.md", "data: {sources: {x: {kind: web, from: [s, a], role: pairs}}}"),
    ])  # fmt: skip
    assert links(corpus, "s") == [("built-on-by", "a", "part", ""), ("built-on-by", "b", "x", "")]


def test_papers_with_one_base_model_name_each_other() -> None:
    pages = [minimal.read(f"papers/{name}.md", f"base_models: [{base}]") for name, base in {"a": "m/7B", "b": "m", "c": "n"}.items()]
    corpus = Corpus([*pages, minimal.read("models/m.md"), minimal.read("models/n.md")])
    assert links(corpus, "a") == [("same-base", "b", "m", "")]
    assert links(corpus, "b") == [("same-base", "a", "m", "")]
    assert links(corpus, "c") == []
    assert links(corpus, "m") == [("base-of", "a", "7B", ""), ("base-of", "b", "", "")]
    said = [[(group.title, [plain_line(line) for line in group.entries]) for group in related(corpus, page)] for page in pages]
    assert said == [[("Same base model", ["b (m)"])], [("Same base model", ["a (m)"])], []]
    model = corpus.get("m")
    assert model is not None
    assert [[plain_line(line) for line in group.entries] for group in related(corpus, model)] == [["a (7B)", "b"]]


def test_models_described_and_output_terms() -> None:
    corpus = minimal.corpus_of({
        **PAGES,
        "models/served.md": minimal.page("models/served.md", "described_in: alpha\noutput_terms: CC-BY-NC-4.0"),
    })  # fmt: skip
    assert ("described-here", "served", "", "") in links(corpus, "alpha")
    assert ("licensed", "served", "output", "") in links(corpus, "cc-by-nc-4.0")


def test_a_name_that_is_no_page_gives_no_back_reference() -> None:
    corpus = minimal.corpus_of({PAPER: PAGES[PAPER]})
    assert all(corpus.backlinks(page.id) == [] for page in corpus.pages)


def test_related_says_each_record_once_with_all_that_it_takes() -> None:
    corpus = minimal.corpus_of({**PAGES, "papers/next.md": minimal.page("papers/next.md", "data: {sources: {x: {kind: web, from: [alpha], role: pairs}}}")})
    page = corpus.get("cc-by-nc-4.0")
    assert page is not None
    said = [(group.title, [plain_line(line) for line in group.entries]) for group in related(corpus, page)]
    assert said == [("Under this licence", ["Alpha (data, weights small)", "Beta (weights)", "Gamma (content)"])]
    source = corpus.get("gamma")
    assert source is not None
    said = [(group.title, [plain_line(line) for line in group.entries]) for group in related(corpus, source)]
    assert said == [("Built on by", ["Alpha (seeds)", "next (through Alpha)"])]


def test_back_references_are_the_same_in_any_order_of_pages() -> None:
    pages = [read_page(path, text) for path, text in PAGES.items()]
    one, other = Corpus(pages), Corpus(list(reversed(pages)))
    found = {page.id: one.backlinks(page.id) for page in pages}
    assert found == {page.id: other.backlinks(page.id) for page in pages}
    assert all(isinstance(link, Backlink) for links in found.values() for link in links)
    assert any(found.values())
    assert {PAPER, MODEL, LICENSE, SOURCE} == {page.path for page in pages}


@pytest.mark.parametrize(("numbers", "text"), [([], ""), ([4], "4"), ([1, 2], "1, 2"), ([1, 2, 3, 5, 7, 8, 9, 10], "1–3, 5, 7–10")])
def test_many_sources_in_a_row_are_a_range(numbers: list[int], text: str) -> None:
    assert ranges(numbers) == text


def test_back_references_are_gathered_in_print_and_listed_on_the_site() -> None:
    def named(text: str) -> Line:
        return (Words(text),)

    found = Related(
        "Same base model", tuple((named(record), named(told) if told else ()) for record, told in [("A", "X"), ("B", "X"), ("C", ""), ("D", "Y"), ("E", "")])
    )
    assert ["".join(inline.text for inline in line) for line in found.gathered] == ["X: A, B", "C, E", "D (Y)"]
    assert ["".join(inline.text for inline in line) for line in found.entries] == ["A (X)", "B (X)", "C", "D (Y)", "E"]
