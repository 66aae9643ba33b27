"""Each kind of single value: what is accepted and what it becomes, what is refused and what is suggested instead."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Annotated, Any

import minimal
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from litreview import vocabularies
from litreview.columns import columns
from litreview.corpus import Corpus
from litreview.database import Database
from litreview.diagnostics import CODES, one_page, suggest
from litreview.records import read_page
from litreview.schema import KINDS
from litreview.values import (
    ANTHOLOGY,
    ARXIV,
    DOI,
    LABEL,
    LANGUAGE,
    OPENREVIEW,
    SPDX,
    Absent,
    Amount,
    Date,
    LicenseName,
    Period,
    PersonName,
    Reference,
    Scalar,
    Text,
    Url,
    Word,
)
from pydantic import TypeAdapter, ValidationError

COLOUR = Word("colour", {"red": "Like blood.", "dark-green": "Like leaves."})
MODEL = Reference(("model",), variant=True)
PAPER = Reference(("paper",))

ACCEPTED: list[tuple[Scalar, str, Any]] = [
    (Text(), "no", "no"),
    (Text(), "1.10", "1.10"),
    (Text(), "  two\n lines\tand   spaces ", "two lines and spaces"),
    (Text(), "two\twords", "two words"),
    (Text(), " two words ", "two words"),
    (Text(), "none", "none"),
    (PersonName(), "Tatsunori B. Hashimoto", "Tatsunori B. Hashimoto"),
    (PersonName(), "Martin Luther King,Jr.", "Martin Luther King,Jr."),
    (PersonName(), "Anders  Andersson", "Anders Andersson"),
    (PersonName(), "BigScience Workshop", "BigScience Workshop"),
    (ARXIV, "2401.00010", "2401.00010"),
    (ARXIV, "0704.0001", "0704.0001"),
    (ARXIV, "2305.11206v2", "2305.11206v2"),
    (ARXIV, "cs/0112017", "cs/0112017"),
    (ARXIV, "math.GT/0309136v1", "math.GT/0309136v1"),
    (DOI, "10.18653/v1/2023.acl-long.754", "10.18653/v1/2023.acl-long.754"),
    (DOI, "10.1000/a(b)c;d", "10.1000/a(b)c;d"),
    (ANTHOLOGY, "2023.acl-long.754", "2023.acl-long.754"),
    (ANTHOLOGY, "2021.findings-emnlp.1", "2021.findings-emnlp.1"),
    (ANTHOLOGY, "D19-1410", "D19-1410"),
    (OPENREVIEW, "9Vrb9D0WI4", "9Vrb9D0WI4"),
    (LANGUAGE, "en", "en"),
    (LANGUAGE, "zh-Hant-TW", "zh-Hant-TW"),
    (LABEL, "7B", "7B"),
    (LABEL, "no", "no"),
    (LABEL, "v1.3", "v1.3"),
    (LABEL, "2023-03", "2023-03"),
    (SPDX, "CC-BY-NC-4.0", "CC-BY-NC-4.0"),
    (SPDX, "LicenseRef-scancode-llama-2-license-2023", "LicenseRef-scancode-llama-2-license-2023"),
    (LicenseName(), "GPL-2.0+", "GPL-2.0+"),
    (Url(), "https://example.org", "https://example.org"),
    (Url(), "http://example.org:8080/a?b=c&d=%20e#f", "http://example.org:8080/a?b=c&d=%20e#f"),
    (Url(), "https://en.wikipedia.org/wiki/Word_(disambiguation)", "https://en.wikipedia.org/wiki/Word_(disambiguation)"),
    (Date(), "2023", "2023"),
    (Date(), "2023-03", "2023-03"),
    (Date(), "2024-02-29", "2024-02-29"),
    (Period(), "2023-02", "2023-02"),
    (Period(), "2023-02/2023-03", "2023-02/2023-03"),
    (Period(), "2022/2023-03-01", "2022/2023-03-01"),
    (Period(), "2023-03/2023", "2023-03/2023"),
    (Period(), "2023-03-13/2023-03-13", "2023-03-13/2023-03-13"),
    (Amount(), "0", 0),
    (Amount(), "52002", 52002),
    (Amount(), "6.7e9", 6_700_000_000),
    (Amount(), "1E12", 1_000_000_000_000),
    (Amount(), "1e+3", 1000),
    (Amount(), "2.5", 2.5),
    (Amount(), "3.0", 3),
    (Amount(), "~52000", {"about": 52000}),
    (Amount(), "~1.4e12", {"about": 1_400_000_000_000}),
    (Amount(), "193000..200000", {"min": 193000, "max": 200000}),
    (Amount(), "5..5", {"min": 5, "max": 5}),
    (Amount(), "60..", {"min": 60}),
    (Amount(), "..500", {"max": 500}),
    (COLOUR, "red", "red"),
    (COLOUR, "dark-green", "dark-green"),
    (vocabularies.YES_NO, "no", "no"),
    (vocabularies.YES_NO_MIXED, "mixed", "mixed"),
    (MODEL, "llama", "llama"),
    (MODEL, "llama/7B", "llama/7B"),
    (MODEL, "gpt-3.5-turbo/0301", "gpt-3.5-turbo/0301"),
    (PAPER, "super-naturalinstructions", "super-naturalinstructions"),
]

REFUSED: list[tuple[Scalar, Any, str, str]] = [  # …, code, suggestion
    (Text(), "", "field-empty", ""),
    (Text(), " \n ", "field-empty", ""),
    (Text(), ["a"], "value-type", ""),
    (Text(), {"a": "b"}, "value-type", ""),
    (PersonName(), "Taori, Rohan", "value-type", ""),
    (PersonName(), "Rohan Taori; Xuechen Li", "value-type", ""),
    (PersonName(), "Rohan Taori and Xuechen Li", "value-type", ""),
    (ARXIV, "2401.10", "identifier-bad", ""),
    (ARXIV, "arXiv:2401.00010", "identifier-bad", ""),
    (ARXIV, "2401.00010 ", "identifier-bad", ""),
    (DOI, "https://doi.org/10.1000/a", "identifier-bad", ""),
    (DOI, "10.1000", "identifier-bad", ""),
    (DOI, "10.1000/a b", "identifier-bad", ""),
    (DOI, '10.1000/a"onclick="x', "identifier-bad", ""),
    (DOI, "10.1000/a\u00a0b", "identifier-bad", ""),
    (ANTHOLOGY, "acl-long.754", "identifier-bad", ""),
    (OPENREVIEW, "forum?id=9Vrb9D0WI4", "identifier-bad", ""),
    (LANGUAGE, "English", "identifier-bad", ""),
    (LANGUAGE, "EN", "identifier-bad", ""),
    (LABEL, "two words", "identifier-bad", ""),
    (LABEL, "-x", "identifier-bad", ""),
    (SPDX, "CC BY-NC 4.0", "identifier-bad", ""),
    (LicenseName(), "CC BY-NC 4.0", "identifier-bad", ""),
    (Url(), "javascript:alert(1)", "url-bad", ""),
    (Url(), "JavaScript:alert(1)", "url-bad", ""),
    (Url(), "data:text/html,x", "url-bad", ""),
    (Url(), "file:///etc/passwd", "url-bad", ""),
    (Url(), "ftp://example.org", "url-bad", ""),
    (Url(), "//example.org/a", "url-bad", ""),
    (Url(), "https://", "url-bad", ""),
    (Url(), "https://example.org/a b", "url-bad", ""),
    (Url(), 'https://example.org/"onclick="x', "url-bad", ""),
    (Url(), "https://example.org/<b>", "url-bad", ""),
    (Url(), "https://user:secret@example.org/", "url-bad", ""),
    (Url(), "example.org", "url-bad", "https://example.org"),
    (Url(), "www.example.org/a?b", "url-bad", "https://www.example.org/a?b"),
    (Date(), "2023-02-29", "date-bad", ""),
    (Date(), "2023-13", "date-bad", ""),
    (Date(), "2023-3-1", "date-bad", "2023-03-01"),
    (Date(), "0000", "date-bad", ""),
    (Date(), "March 2023", "date-bad", "2023-03"),
    (Date(), "2023-02/2023-03", "date-bad", ""),
    (Date(), "2023-03-13T10:00", "date-bad", ""),
    (Period(), "2023-02/", "date-bad", ""),
    (Period(), "2023-02/2023-03/2023-04", "date-bad", ""),
    (Period(), "2023-02 to 2023-03", "date-bad", "2023-02/2023-03"),
    (Period(), "2023-03/2023-02", "range-swapped", "2023-02/2023-03"),
    (Period(), "2023/2022-12", "range-swapped", "2022-12/2023"),
    (Amount(), "52K", "number-bad", "~52000"),
    (Amount(), "52k", "number-bad", "~52000"),
    (Amount(), "~52K", "number-bad", "~52000"),
    (Amount(), "2.58M", "number-bad", "~2580000"),
    (Amount(), "1.4T", "number-bad", "~1400000000000"),
    (Amount(), "7B", "number-bad", "~7000000000"),
    (Amount(), "52,002", "number-bad", "52002"),
    (Amount(), "1,234,567", "number-bad", "1234567"),
    (Amount(), "52 002", "number-bad", "52002"),
    (Amount(), "52_002", "number-bad", "52002"),
    (Amount(), "5,2", "number-bad", ""),
    (Amount(), "-1", "number-bad", ""),
    (Amount(), "..", "number-bad", ""),
    (Amount(), "~", "number-bad", ""),
    (Amount(), "1...2", "number-bad", ""),
    (Amount(), "many", "number-bad", ""),
    (Amount(), "nan", "number-bad", ""),
    (Amount(), "inf", "number-bad", ""),
    (Amount(), "0x10", "number-bad", ""),
    (Amount(), "1e-3", "number-bad", ""),
    (Amount(), "200000..193000", "range-swapped", "193000..200000"),
    (Amount(), {"about": "1"}, "value-type", ""),
    (COLOUR, "dark green", "word-unknown", "dark-green"),
    (COLOUR, "Red", "word-unknown", "red"),
    (COLOUR, "purple", "word-unknown", ""),
    (vocabularies.YES_NO, "true", "word-unknown", ""),
    (vocabularies.YES_NO, "mixed", "word-unknown", ""),
    (MODEL, "LLaMA/7B", "identifier-bad", ""),
    (MODEL, "llama/", "identifier-bad", ""),
    (MODEL, "llama/7B/chat", "identifier-bad", ""),
    (MODEL, "../licenses/mit", "identifier-bad", ""),
    (PAPER, "alpaca/7B", "identifier-bad", ""),
]

AMOUNT_OR_ABSENT: Any = Annotated[Any, Amount(), Absent()]


def parse(kind: Any, value: Any) -> Any:
    return TypeAdapter(kind).validate_python(value)


def refusal(kind: Any, value: Any) -> tuple[str, str, str]:
    """Return a value's code, message and suggestion."""
    with pytest.raises(ValidationError) as caught:
        parse(kind, value)
    (error,) = caught.value.errors()
    context: Mapping[str, str] = error["ctx"]
    return error["type"], context["text"], context["suggestion"]


@pytest.mark.parametrize(("scalar", "text", "value"), ACCEPTED, ids=lambda value: value if isinstance(value, str) else type(value).__name__)
def test_accepted(scalar: Scalar, text: str, value: Any) -> None:
    found = parse(Annotated[Any, scalar], text)
    assert found == value
    assert type(found) is type(value)
    assert Draft202012Validator(scalar.json_schema()).is_valid(found), f"the schema {scalar.json_schema()} refuses {found!r}"


@pytest.mark.parametrize(("scalar", "value", "code", "suggestion"), REFUSED, ids=lambda value: value if isinstance(value, str) else type(value).__name__)
def test_refused(scalar: Scalar, value: Any, code: str, suggestion: str) -> None:
    found, message, hint = refusal(Annotated[Any, scalar], value)
    assert (found, hint) == (code, suggestion)
    assert code in CODES
    if code not in ("field-empty", "value-type"):
        assert f"'{' '.join(value.split())}'" in message  # the message quotes what was typed


@pytest.mark.parametrize(("scalar", "suggestion"), [(row[0], row[3]) for row in REFUSED if row[3]])
def test_suggestions_are_accepted(scalar: Scalar, suggestion: str) -> None:
    parse(Annotated[Any, scalar], suggestion)


@pytest.mark.parametrize(
    ("scalar", "text"),
    [(Date(), "٢٠٢٣"), (Period(), "２０２３/２０２４"), (Amount(), "२०२३"), (ARXIV, "２３０５.１１２０６")],
    ids=["date", "period", "amount", "arxiv"],
)
def test_only_plain_digits_are_digits(scalar: Scalar, text: str) -> None:
    """Other scripts' digits read like numbers here, and sort, compare and link like none."""
    code, _, _ = refusal(Annotated[Any, scalar], text)
    assert code in ("date-bad", "number-bad", "identifier-bad")


def test_a_long_value_is_quoted_in_short() -> None:
    _, message, _ = refusal(Annotated[Any, Date()], "spring " * 1000)
    assert len(message) < 200
    assert "…" in message


@pytest.mark.parametrize("word", ["not-stated", "none"])
def test_absent_words_stand_for_themselves(word: str) -> None:
    assert parse(AMOUNT_OR_ABSENT, word) == word


def test_absent_words_are_values_only_where_the_field_allows_them() -> None:
    licence = Annotated[Any, Amount(), Absent(("not-stated", "per-source"))]
    assert parse(licence, "per-source") == "per-source"
    assert refusal(licence, "none")[0] == "number-bad"
    assert refusal(AMOUNT_OR_ABSENT, "per-source")[0] == "number-bad"
    assert refusal(Annotated[Any, Amount()], "not-stated")[0] == "number-bad"


@pytest.mark.parametrize(
    ("loose", "meant"),
    [("not stated", "not-stated"), ("Not_Stated", "not-stated"), ("unknown", "not-stated"), ("undisclosed", "not-stated"), ("N/A", "none"), ("null", "none")],
)
def test_loose_words_for_absence_are_refused_with_the_exact_word(loose: str, meant: str) -> None:
    code, _, suggestion = refusal(AMOUNT_OR_ABSENT, loose)
    assert (code, suggestion) == ("value-type", meant)


def test_loose_words_are_only_told_where_the_exact_word_is_allowed() -> None:
    assert refusal(Annotated[Any, Amount(), Absent(("not-stated",))], "n/a")[0] == "number-bad"


# --- From the page to every way out ------------------------------------------------------------------------------------


def test_what_looks_like_something_else_survives_as_typed() -> None:
    paper = minimal.read(
        "papers/typed.md",
        "short: no\nvenue: 1.10\nsummary: 0o17\npublished: 2023\nalso_known_as: [yes, on, null, 1e3, 007, 12:30:45, 2023-03-13]\nlinks: {arxiv: 2401.00010}",
    )
    assert paper.record["short"] == "no"
    assert paper.record["venue"] == "1.10"
    assert paper.record["summary"] == "0o17"
    assert paper.record["published"] == "2023"
    assert paper.record["also_known_as"] == ["yes", "on", "null", "1e3", "007", "12:30:45", "2023-03-13"]
    assert paper.record["links"] == {"arxiv": "2401.00010"}
    corpus = Corpus([paper])
    known = columns("paper")
    assert known["venue"].value(corpus, paper) == ("1.10", "value")
    assert known["links_arxiv"].value(corpus, paper) == ("2401.00010", "value")
    assert Database(corpus).select("paper", "venue = '1.10' and links_arxiv = '2401.00010' and short = 'no'") == ["typed"]


def test_a_variant_survives_as_typed() -> None:
    model = minimal.read("models/typed.md", "variants: [{id: 7B}, {id: 1.10, aka: [1e9, no]}]")
    assert model.record["variants"] == [{"id": "7B"}, {"id": "1.10", "aka": ["1e9", "no"]}]
    paper = minimal.read("papers/user.md", "base_models: [typed/1.10, typed/no]")
    assert Corpus([model, paper]).check() == []


@pytest.mark.parametrize(("path", "kind"), [(minimal.PAPER, "paper"), (minimal.MODEL, "model"), (minimal.LICENSE, "license"), (minimal.SOURCE, "source")])
def test_the_json_schema_of_a_kind_describes_its_records(path: str, kind: str) -> None:
    """Programs check `review.json` with it; it is made from the same declaration, and must know what reading does to values."""
    schema = TypeAdapter(KINDS[kind]).json_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    record = read_page(path, minimal.PAGES[path]).record
    assert list(validator.iter_errors(record)) == []
    for wrong in ({"nonsense": 1}, {"references": {"x": {"url": "javascript:x"}}}, {"title": 1}, {"evidence": [{"for": "x"}]}):
        assert not validator.is_valid({**record, **wrong})


HUGE = {
    "more than SQLite holds": "9223372036854775808",
    "1e99": "1e99",
    "400 digits": "9" * 400,
    "400 digits and a half": "9" * 400 + ".5",
    "300 digits and an exponent": "1" * 300 + "e99",
    "5000 digits": "9" * 5000,
    "about 400 digits": "~" + "9" * 400,
    "from 400 digits": "9" * 400 + "..",
}


@pytest.mark.parametrize("amount", HUGE.values(), ids=HUGE.keys())
def test_a_huge_amount_breaks_nothing(amount: str) -> None:
    """It is told or it is taken; either way every page, table and query goes on."""
    page = read_page("papers/huge.md", minimal.page("papers/huge.md", f"data: {{instructions: {amount}, instances: 5}}"))
    corpus = Corpus([page])
    corpus.check()
    assert Database(corpus).select("paper", "data_instances = 5") == ["huge"]
    for column in columns("paper").values():
        column.cell(corpus, page)


@given(st.text("abc-", max_size=8), st.lists(st.text("abcA-", max_size=10), max_size=8), st.sampled_from([0.5, 0.6, 0.9]))
def test_the_word_that_is_suggested_is_the_nearest(word: str, allowed: list[str], cutoff: float) -> None:
    """Looking at the likeliest words first finds what looking at all finds."""
    folded = {other.casefold(): other for other in allowed}
    nearest = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=cutoff)
    assert suggest(word, allowed, cutoff) == (folded[nearest[0]] if nearest else "")


def test_a_page_with_few_faults_has_a_suggestion_for_each() -> None:
    words = [f"data.sources.seeds-{number}.kind" for number in range(500)]
    with one_page():
        assert [suggest(f"data.sources.seed-{number}.kind", words) for number in range(8)] == words[:8]
