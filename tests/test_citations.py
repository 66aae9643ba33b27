"""Citations: every kind of name, date and venue arrives whole in BibTeX, RIS and CSL, as read back by other people's parsers."""

from __future__ import annotations

import io
import json
import re
import warnings
from pathlib import Path
from typing import Any

import minimal
import pytest
import rispy
from conftest import ROOT
from litreview.corpus import Corpus, load
from litreview.export import bibtex, citation, csl, ris
from litreview.names import Name, parse
from minimal import PAGES, PAPER
from pybtex.database import BibliographyData, Person, parse_string
from pylatexenc.latex2text import LatexNodes2Text


@pytest.fixture(scope="module")
def review() -> Corpus:
    return load(ROOT)


def read_bibtex(text: str) -> BibliographyData:
    return parse_string(text, "bibtex")


def decoded(text: str) -> str:
    """Return what TeX prints."""
    for command, sign in (
        ("textless", "<"),
        ("textgreater", ">"),
        ("textbar", "|"),
        ("textbraceleft", r"\{"),
        ("textbraceright", r"\}"),
    ):  # which the decoder does not know
        text = text.replace(f"\\{command}{{}}", sign)
    shown: str = LatexNodes2Text(math_mode="verbatim").latex_to_text(text)
    return shown.translate(str.maketrans("“”’ˆ", '""\'^'))


# As a page writes it: given, particle, family, suffix; a group's whole name stands alone.
NAMES: dict[str, Name] = {
    "Andreas Köpf": Name("Köpf", "Andreas"),
    "Richárd Nagyfi": Name("Nagyfi", "Richárd"),
    "Łukasz Żółć": Name("Żółć", "Łukasz"),
    "Đặng Thị Ngọc": Name("Ngọc", "Đặng Thị"),
    "Dimitri von Rütte": Name("Rütte", "Dimitri", "von"),
    "Oskar van der Wal": Name("Wal", "Oskar", "van der"),
    "Diego de Las Casas": Name("Las Casas", "Diego", "de"),
    "Teven Le Scao": Name("Le Scao", "Teven"),
    "Quoc V. Le": Name("Le", "Quoc V."),
    "José Ortega y Gasset": Name("Ortega y Gasset", "José"),
    "Jean d'Alembert": Name("d'Alembert", "Jean"),
    "Martin Luther King Jr.": Name("King", "Martin Luther", "", "Jr."),
    "bell hooks": Name("hooks", "bell"),
    "Plato": Name("Plato"),
    "王小明": Name("王小明"),
    "王 小明": Name("王", "小明"),
    "김 민수": Name("김", "민수"),
    "さとう はなこ": Name("さとう", "はなこ"),
    "محمد علي": Name("علي", "محمد"),
    "OpenAI": Name("OpenAI"),
    "BigScience Workshop": Name(literal="BigScience Workshop"),
    "The Pile Contributors": Name(literal="The Pile Contributors"),
    "AT&T Research Lab_7": Name(literal="AT&T Research Lab_7"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "name"), NAMES.items(), ids=NAMES)
def test_a_name_has_its_parts(text: str, name: Name) -> None:
    assert parse(text) == name


def named(*authors: str, **fields: str) -> Corpus:
    """Return the small review with other authors, and other values of the paper's plain fields."""
    text = PAGES[PAPER].replace("authors: [First Author, Second Author]", f"authors: {json.dumps(authors, ensure_ascii=False)}")
    for field, value in fields.items():
        start = text.index(f"\n{field}: ") + 1
        text = text[:start] + f"{field}: {json.dumps(value, ensure_ascii=False)}" + text[text.index("\n", start) :]
    corpus = minimal.corpus_of({**PAGES, PAPER: text})
    assert [problem for problem in corpus.check() if problem.field in ("authors", *fields)] == []
    return corpus


def alpha(corpus: Corpus) -> citation.Work:
    page = corpus.get("alpha")
    assert page is not None
    return citation.work_of(page)


def test_every_name_survives_bibtex() -> None:
    entries = read_bibtex(bibtex.entry(alpha(named(*NAMES))))
    found = entries.entries["alpha"].persons["author"]
    assert len(found) == len(NAMES)
    for person, name in zip(found, NAMES.values(), strict=True):
        given = person.first_names + person.middle_names
        parts = [" ".join(map(decoded, part)) for part in (person.last_names, given, person.prelast_names, person.lineage_names)]
        assert parts == [name.literal or name.family, name.given, name.particle, name.suffix]


def test_every_name_survives_ris() -> None:
    (entry,) = rispy.loads(ris.entry(alpha(named(*NAMES))))
    assert entry["authors"] == [", ".join(filter(None, (name.surname, name.given, name.suffix))) for name in NAMES.values()]


def test_every_name_survives_csl() -> None:
    (item,) = json.loads(csl.library([alpha(named(*NAMES))]))
    keys = {"family": "family", "given": "given", "non-dropping-particle": "particle", "suffix": "suffix", "literal": "literal"}
    assert [Name(**{keys[key]: value for key, value in author.items()}) for author in item["author"]] == list(NAMES.values())


def reference_list(works: list[citation.Work]) -> list[str]:
    """Return the reference list that citeproc-py renders in its Harvard style, as plain text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own, on import
        from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
        from citeproc.source.json import CiteProcJSON

        items = json.loads(csl.library(works))
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
        for item in items:
            bibliography.register(Citation([CitationItem(item["id"])]))
        return [str(line) for line in bibliography.bibliography()]


def test_citeproc_renders_every_name() -> None:
    for text, name in NAMES.items():
        (line,) = reference_list([alpha(named(text))])
        assert name.surname.replace("'", "’") in line.replace("'", "’"), line


# --- Titles and TeX ----------------------------------------------------------------------------------------------------

TITLES = [
    "100% of $5 & #1 under_scores {braces} ~tilde ^caret \\back <a> |b|",
    'The "quoted" word, and "two words"',
    "Größe, Œuvre, naïve, 指令微调, Ελληνικά",
    "LLaMA, mT5 and T0++ on 1600+ NLP Tasks",
    "\\input{/etc/passwd} \\write18{x} %",
]


@pytest.mark.parametrize("title", TITLES)
def test_titles_are_text_to_tex(title: str) -> None:
    corpus = named("First Author", title=title)
    text = bibtex.entry(alpha(corpus))
    field = read_bibtex(text).entries["alpha"].fields["title"]
    assert decoded(field) == title
    assert not re.search(r"\\(?:input|write)", field)
    assert json.loads(csl.library([alpha(corpus)]))[0]["title"] == title
    assert rispy.loads(ris.entry(alpha(corpus)))[0]["title"] == title


@pytest.mark.parametrize(
    ("short", "title", "expected"),
    [
        ("LIMA", "LIMA: Less Is More for Alignment", "{LIMA}: Less Is More for Alignment"),
        ("Flan", "The Flan Collection", "The {Flan} Collection"),
        ("x", "On GPT-4, mT5 and 1600+ (NLP) Tasks", "On {GPT-4}, {mT5} and 1600+ ({NLP}) Tasks"),
        ("x", "Fine-tuned models learn", "Fine-tuned models learn"),
    ],
)
def test_styles_cannot_lower_what_is_a_name(short: str, title: str, expected: str) -> None:
    assert bibtex.title(alpha(named("First Author", short=short, title=title))) == expected


# --- Dates and venues --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "parts"), [("2023", [2023]), ("2023-03", [2023, 3]), ("2023-03-05", [2023, 3, 5])])
def test_dates_keep_their_precision(day: str, parts: list[int]) -> None:
    work = alpha(named("First Author", published=day))
    fields = read_bibtex(bibtex.entry(work)).entries["alpha"].fields
    assert [fields.get(name) for name in ("year", "month", "day")] == [
        "2023", "March" if len(parts) > 1 else None, "5" if len(parts) > 2 else None,
    ]  # fmt: skip
    assert json.loads(csl.library([work]))[0]["issued"] == {"date-parts": [parts]}
    assert rispy.loads(ris.entry(work))[0]["date"] == "/".join([*day.split("-"), "", "", ""][:3]) + "/"


VENUES: dict[str, dict[str, str]] = {
    "Journal of Machine Learning Research 25(70), pages 1-53, 2024": {
        "kind": "article", "container": "Journal of Machine Learning Research", "volume": "25", "number": "70", "pages": "1-53", "year": "2024",
    },
    "ACL 2022 (Volume 1: Long Papers), pages 3062–3072": {
        "kind": "proceedings", "container": "ACL 2022 (Volume 1: Long Papers)", "pages": "3062-3072", "year": "2022",
    },
    "ICML 2023 (PMLR 202:22631-22648)": {
        "kind": "proceedings", "container": "ICML 2023", "series": "PMLR", "volume": "202", "pages": "22631-22648", "year": "2023",
    },
    "NeurIPS 2020 (volume 33)": {"kind": "proceedings", "container": "NeurIPS 2020", "volume": "33", "year": "2020"},
    "Findings of EMNLP 2023": {"kind": "proceedings", "container": "Findings of EMNLP 2023", "year": "2023"},
    "Transactions of the ACL": {"kind": "article", "container": "Transactions of the ACL"},
    "OpenAI report": {"kind": "report", "publisher": "OpenAI"},
    "Software release (Zenodo)": {"kind": "software", "publisher": "Zenodo"},
    "arXiv technical report": {"publisher": "arXiv"},
    "arXiv preprint": {"publisher": "arXiv"},
    "Stanford CRFM blog": {"publisher": "Stanford CRFM blog"},
}  # fmt: skip


@pytest.mark.parametrize(("text", "parts"), VENUES.items(), ids=VENUES)
def test_a_venue_is_read_by_its_form(text: str, parts: dict[str, str]) -> None:
    assert {name: value for name, value in vars(citation.read_venue(text)).items() if value} == {"kind": "other", **parts}


def test_the_venue_s_year_is_cited_and_the_first_day_is_kept() -> None:
    work = alpha(named("First Author", published="2021-04-18", venue="ACL 2022 (long papers), pages 1-2"))
    fields = read_bibtex(bibtex.entry(work)).entries["alpha"].fields
    assert (fields["year"], fields["origdate"], "month" in fields, fields["pages"]) == ("2022", "2021-04-18", False, "1--2")
    item = json.loads(csl.library([work]))[0]
    assert (item["issued"], item["original-date"]) == ({"date-parts": [[2022]]}, {"date-parts": [[2021, 4, 18]]})
    assert rispy.loads(ris.entry(work))[0]["notes"] == ["First public: 2021-04-18"]


def test_a_model_is_cited_with_the_month_of_its_paper() -> None:
    """The page says when the model became public; the arXiv id says when the paper did."""
    text = minimal.page(minimal.MODEL, "published: 2023-03\nlinks: {arxiv: 2304.03208}")
    page = minimal.corpus_of({**PAGES, minimal.MODEL: text}).get("beta")
    assert page is not None
    assert citation.work_of(page).issued == "2023-04"


# --- The whole review --------------------------------------------------------------------------------------------------


def test_every_paper_is_there_in_every_format(review: Corpus) -> None:
    works = list(citation.works(review))
    ids = [work.id for work in works]
    assert {page.id for page in review.of_kind("paper")} < set(ids)
    assert len(ids) == len(set(ids))
    assert list(read_bibtex(bibtex.library(works, "a note {with} braces")).entries) == ids
    assert [entry["id"] for entry in rispy.load(io.StringIO(ris.library(works)))] == ids
    assert [item["id"] for item in json.loads(csl.library(works))] == ids


def test_titles_authors_and_years_of_the_review_come_back_from_bibtex(review: Corpus) -> None:
    works = {work.id: work for work in citation.works(review)}
    for key, entry in read_bibtex(bibtex.library(works.values())).entries.items():
        work = works[key]
        assert decoded(entry.fields["title"]) == work.title
        assert entry.fields.get("year", "") == work.issued[:4]
        assert [_surname(person) for person in entry.persons["author"]] == [name.surname for name in work.names]


def _surname(person: Person) -> str:
    return decoded(" ".join([*person.prelast_names, *person.last_names]))


def test_citeproc_renders_the_review(review: Corpus) -> None:
    works = [work for work in citation.works(review) if work.names]
    lines = reference_list(works)
    assert len(lines) == len(works)
    for work in works:
        start = " ".join(work.title.split()[:2]).lower()
        assert any(start in line.lower() and work.names[0].surname in line for line in lines), work.id


def test_one_record_stands_alone_as_its_page_offers_it(review: Corpus) -> None:
    page = review.get("openassistant")
    assert page is not None
    assert read_bibtex(bibtex.bibtex(page)).entries["openassistant"].persons["author"][2].prelast_names == ["von"]
    assert rispy.loads(ris.ris(page))[0]["doi" if "doi" in page.record["links"] else "id"]
    shown: list[dict[str, Any]] = json.loads(csl.csl(page))
    assert shown[0]["id"] == "openassistant"
    assert Path(page.path).name == "openassistant.md"
