"""Values that would be code elsewhere: in every field of text, through every builder and every export, each arrives as text."""

from __future__ import annotations

import contextlib
import csv
import json
import re
import shutil
import sqlite3
import warnings
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import minimal
import pytest
import rispy
import yaml
from conftest import ROOTS, Result, build
from litreview import changelog
from litreview.corpus import Corpus
from litreview.export import Contents, bibtex, feed
from litreview.export.citation import work_of
from litreview.records import Page, read_page
from markdown_it import MarkdownIt
from pybtex.database import BibliographyData
from test_citations import decoded, read_bibtex
from test_hostile_pages import Audit

VALUES: dict[str, str] = {
    "script": "</script><script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "attribute": "' onmouseover='alert(1)",
    "entity": "&lt;script&gt; &amp; &#106;",
    "comment": "--> <!-- ]]> <![CDATA[ x",
    "template": "{{ 7 ** 9 }} {% raw %} ${7} %(x)s %n {0}",
    "markdown": "**b** `c` [x](javascript:alert(1)) ![x](y.png) {download}`x` <b>",
    "rst": ":raw:`x` |x| `a <javascript:x>`_ .. include:: x",
    "latex": r"\input{/etc/passwd} \write18{id} $x^2_i$ % # & ~ {}",
    "typst": '#read("/etc/passwd") #eval("1") $ @x <y> *b* _i_',
    "sheet-equals": '=HYPERLINK("http://evil.example","x")',
    "sheet-plus": "+cmd|' /C calc'!A0",
    "sheet-minus": "-2+3+cmd|' /C calc'!A0",
    "sheet-at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "bibtex": "}, author = {Evil} @article{x, title = \\unhbox",
    "ris": "x ER - TY - JOUR",
    "json": '","x":"y\\u0000\\"',
    "script-address": "javascript:alert(1)",
    "data-address": "data:text/html,<script>alert(1)</script>",
    "separators": "a;b|c,d",
    "long-word": "x" * 300,
}
FIELDS = {"what": "result {}", "summary": "summary {}", "venue": "venue {}", "title": "title {}", "at": "at {}", "quote": "quote {}", "note": "note {}"}


def page_with(name: str, value: str) -> str:
    """Return a right page that says a value in each of its texts, at the start and after a word."""
    facts: dict[str, Any] = {
        "title": f"{value} title {name}", "short": f"{value} {name}", "summary": f"{value} summary", "venue": value,
        "authors": [re.sub(r",\s|;|\band\b", " ", value)], "published": "2023", "kinds": ["dataset"], "method": ["distillation"], "also_known_as": [value],
        "data": {"sources": {"seeds": {"kind": "web", "from": "gamma", "role": "pairs", "what": value}}},
        "evaluation": {"benchmarks": [value]},
        "results": [{"what": value, "value": value, "on": value, "against": value, "conditions": value}],
        "releases": {"data": {"license": "CC-BY-NC-4.0", "partial": value}},
        "references": {"text": {"url": "https://example.org/x?a=1&b=2", "title": value, "first_hand": "yes", "checked": "2026-11-22"}},
        "evidence": [{"for": ["venue", "data", "results"], "in": "text", "at": value, "quote": value[:60], "says": value, "note": value}],
    }  # fmt: skip
    return f"---\n{yaml.safe_dump(facts, allow_unicode=True, width=10**9)}---\n\n## Text\n"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("values") / "review"
    shutil.copytree(ROOTS / "herd", folder)
    pages = {**minimal.PAGES, **{f"papers/value-{name}.md": page_with(name, value) for name, value in VALUES.items()}}
    return minimal.write(folder, pages)


@pytest.fixture(scope="module")
def built(source: Path) -> dict[str, Result]:
    return {builder: build(source, builder) for builder in ("html", "dirhtml", "singlehtml", "text", "epub", "latex")}


@pytest.mark.parametrize("name", VALUES)
def test_the_page_is_right_and_keeps_the_value(name: str) -> None:
    page = read_page(f"papers/value-{name}.md", page_with(name, VALUES[name]))
    assert [str(problem) for problem in page.problems] == []
    assert page.record["venue"] == VALUES[name]
    assert page.record["results"][0]["what"] == VALUES[name]


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "text", "epub", "latex"])
def test_every_builder_builds_without_a_warning(built: dict[str, Result], builder: str) -> None:
    own = [line for line in built[builder].warnings.splitlines() if builder != "singlehtml" or "[litreview." in line]
    assert own == []


class Text(HTMLParser):
    """Collect a page's text as a reader sees it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def plain(text: str) -> str:
    return " ".join(text.split())


def text_of(path: Path) -> str:
    reader = Text()
    reader.feed(path.read_text("utf-8"))
    return plain("".join(reader.parts))


@pytest.mark.parametrize("builder", ["html", "dirhtml", "epub"])
@pytest.mark.parametrize("name", VALUES)
def test_sites_and_books_show_it_as_text_and_run_nothing(built: dict[str, Result], name: str, builder: str) -> None:
    end = {"html": ".html", "dirhtml": "/index.html", "epub": ".xhtml"}[builder]
    path = built[builder].outdir / f"papers/value-{name}{end}"
    audit, own = Audit(), Audit()
    audit.feed(path.read_text("utf-8"))
    own.feed((built[builder].outdir / f"models/beta{end}").read_text("utf-8"))
    assert audit.dangers == []
    assert audit.scripts <= own.scripts
    assert text_of(path).count(plain(VALUES[name])) >= 8
    if builder == "epub":
        ElementTree.parse(path)


def test_a_site_on_one_page_shows_them_all(built: dict[str, Result]) -> None:
    path = built["singlehtml"].outdir / "index.html"
    audit = Audit()
    audit.feed(path.read_text("utf-8"))
    assert audit.dangers == []
    text = text_of(path)
    assert [name for name, value in VALUES.items() if plain(value) not in text] == []


@pytest.mark.parametrize("name", VALUES)
def test_plain_text_shows_it(built: dict[str, Result], name: str) -> None:
    text = (built["text"].outdir / f"papers/value-{name}.txt").read_text("utf-8")
    assert re.sub(r"\s", "", VALUES[name]) in re.sub(r"\s", "", text)


def skeleton(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", text)


@pytest.mark.parametrize("name", VALUES)
def test_latex_has_it_escaped(built: dict[str, Result], name: str) -> None:
    text = (built["latex"].outdir / "herd.tex").read_text("utf-8")
    commands = r"\\(?:text(?:backslash|less|greater|asciitilde|asciicircum|quotesingle|bar)|sphinx\w+|_|ensuremath)(?:\{\})?"
    assert skeleton(VALUES[name]) in skeleton(re.sub(commands, "", text))
    body = text.partition(r"\begin{document}")[2]
    assert not re.search(r"\\(?:input|write18|unhbox)\b", body)


def exported(built: dict[str, Result], *suffixes: str) -> list[Path]:
    """Return the files for programs that the site's build wrote, by their ends."""
    root = built["html"].outdir
    found = [path for path in [*(root / "data").rglob("*"), *root.glob("*.txt")] if path.is_file()]
    return sorted(path for path in found if path.suffix in suffixes)


def test_exports_in_json_hold_every_value(built: dict[str, Result]) -> None:
    for path in exported(built, ".json", ".jsonld"):
        json.loads(path.read_text("utf-8"))
    papers = {paper["id"]: paper for paper in json.loads(built["html"].text("data/review.json"))["papers"]}
    assert {name: papers[f"value-{name}"]["venue"] for name in VALUES} == VALUES


def test_no_cell_of_an_export_is_a_formula(built: dict[str, Result]) -> None:
    files = exported(built, ".csv")
    assert files
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r") or re.match(r"-(?![\d.]+$)", cell)] == [], path.name


def test_exported_databases_are_whole(built: dict[str, Result]) -> None:
    for path in exported(built, ".sqlite"):
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_reference_lists_keep_to_their_form(built: dict[str, Result]) -> None:
    def whole(path: Path) -> int:
        """Return the least number of entries: the lists have every value's page, the downloads of one page have one."""
        return len(VALUES) + 1 if "cite" not in path.parts else 1

    for path in exported(built, ".ris"):
        text = path.read_text("utf-8")
        assert len(re.findall(r"^TY  - ", text, re.MULTILINE)) == len(re.findall(r"^ER  - ", text, re.MULTILINE)) >= whole(path)
    for path in exported(built, ".bib"):
        entries = re.findall(r"^@\w+\{([^,]*),", path.read_text("utf-8"), re.MULTILINE)
        assert len(set(entries)) == len(entries) >= whole(path)
        assert "x" not in entries
    for path in exported(built, ".xml"):
        ElementTree.parse(path)


# --- Read back by other people's parsers: the value itself, in each file -----------------------------------------------


def page_of(name: str) -> Page:
    return read_page(f"papers/value-{name}.md", page_with(name, VALUES[name]))


def value_of(name: str) -> str:
    """Return a value as YAML reads it back in a title, which is one line without spaces at its ends."""
    return str(page_of(name).record["venue"])


def author_of(name: str) -> str:
    return " ".join(str(page_of(name).record["authors"][0]).split())


@pytest.fixture(scope="module")
def database(built: dict[str, Result]) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(f"file:{built['html'].outdir}/data/review.sqlite?mode=ro", uri=True)) as connection:
        yield connection


@pytest.mark.parametrize("name", VALUES)
def test_the_database_has_the_value(database: sqlite3.Connection, name: str) -> None:
    value, page = VALUES[name], f"value-{name}"

    def every(query: str) -> list[tuple[Any, ...]]:
        return database.execute(query, (page,)).fetchall()

    assert every("SELECT title, name, venue, summary FROM papers WHERE id = ?") == [(f"{value} title {name}", f"{value} {name}", value, f"{value} summary")]
    assert every("SELECT value FROM facts WHERE record = ? AND field = 'venue'") == [(value,)]
    assert every("SELECT DISTINCT place, quote, says, note FROM evidence WHERE record = ?") == [(value, value[:60].strip(), value, value)]
    assert every('SELECT what, value, "on", against, conditions FROM results WHERE record = ?') == [(value,) * 5]


@pytest.fixture(scope="module")
def bibliography(built: dict[str, Result]) -> BibliographyData:
    return read_bibtex(built["html"].text("data/references.bib"))


@pytest.mark.parametrize("name", VALUES)
def test_bibtex_has_the_value(bibliography: BibliographyData, name: str) -> None:
    entry = bibliography.entries[f"value-{name}"]
    work = work_of(page_of(name))
    shown = {field: unquoted(decoded(entry.fields[field])) for field in ("title", *(["howpublished"] if work.publisher else []))}
    assert shown["title"] == unquoted(f"{VALUES[name]} title {name}")
    if work.publisher:
        assert shown["howpublished"] == unquoted(work.publisher)
    assert set(entry.fields) <= set(bibtex.FIELDS), "a value that ended its field would have made others"


def unquoted(text: str) -> str:
    """Return a text with one kind of quotation marks and of spaces: TeX has opening and closing ones, and joins spaces."""
    return plain(text.replace("''", '"').replace("``", '"').replace("’’", '"').replace("’", "'").replace("‘", "'"))


@pytest.mark.parametrize("name", VALUES)
def test_ris_has_the_value(built: dict[str, Result], name: str) -> None:
    every = {entry["id"]: entry for entry in rispy.loads(built["html"].text("data/references.ris"))}
    entry, work = every[f"value-{name}"], work_of(page_of(name))
    assert (entry["title"], entry["short_title"]) == (f"{VALUES[name]} title {name}", f"{VALUES[name]} {name}")
    assert entry.get("publisher", "") == work.publisher
    assert entry["authors"] == [", ".join(filter(None, (work.names[0].surname, work.names[0].given, work.names[0].suffix)))]
    assert "unknown_tag" not in entry


@pytest.mark.parametrize("name", VALUES)
def test_csl_has_the_value(built: dict[str, Result], name: str) -> None:
    every = {entry["id"]: entry for entry in json.loads(built["html"].text("data/references.json"))}
    entry = every[f"value-{name}"]
    assert (entry["title"], entry["title-short"]) == (f"{VALUES[name]} title {name}", f"{VALUES[name]} {name}")
    (author,) = entry["author"]
    parts = [author.get(part, "") for part in ("given", "non-dropping-particle", "family", "suffix", "literal")]
    assert " ".join(filter(None, parts)) == author_of(name)


@pytest.mark.parametrize("name", VALUES)
def test_the_feed_has_the_value(name: str) -> None:
    """The record's name stands in the title; the line of the change log, which is Markdown, in the summary."""
    value = VALUES[name]
    page = page_of(name)
    log = f"# Changelog\n\n## 0.1.0 (not yet released)\n\n### New works\n\n- 2026-11-22: [X]({page.path}): {value} end.\n"
    data = feed.write(Contents(Corpus([page]), changes=log))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = feedparser.parse(data, sanitize_html=False)
    assert not found.bozo
    (entry,) = found.entries
    assert entry.title.startswith(f"New: {value} {name}")
    assert entry.title == f"New: {value} {name}" or "](" in value, "links of the line that lead to no record, which `check` refuses, are told by their address"
    assert plain(entry.summary) == plain(changelog.plain_text(f"X: {value} end."))
    (kept,) = ElementTree.fromstring(data).iter("{http://www.w3.org/2005/Atom}entry")
    assert {part.tag.rpartition("}")[2] for part in kept.iter()} == {"entry", "title", "id", "updated", "link", "category", "summary"}


@pytest.mark.parametrize("name", VALUES)
def test_texts_for_language_models_have_the_value(built: dict[str, Result], name: str) -> None:
    value = VALUES[name]
    lines = built["html"].text(f"data/papers/value-{name}.txt").splitlines()
    assert lines[0] == f"{value} title {name}"
    assert f"- venue (Venue): {value}" in lines
    assert f"{value} summary" in lines
    (line,) = [line for line in built["html"].text("llms.txt").splitlines() if f"data/papers/value-{name}.txt" in line]
    (item,) = [token for token in MarkdownIt().parse(line) if token.type == "inline"]
    link, *rest = item.children or []
    assert (link.type, link.attrs) == ("link_open", {"href": f"data/papers/value-{name}.txt"}), "the name ends the link, or is one"
    assert {token.type for token in rest} == {"text", "link_close"}, "something of the value was read as Markdown"
    assert "".join(token.content for token in rest) == f"{value} {name}: {value} summary"


HIDDEN = [
    chr(code)
    for code in (
        0x00, 0x1B, 0xAD, 0x34F, 0x61C, 0x115F, 0x17B4, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E,
        0x2060, 0x2061, 0x2066, 0x2067, 0x2068, 0x2069, 0x206F, 0x3164, 0xFEFF, 0xFFA0, 0xFFF9, 0xE0001, 0xE0041,
    )
]  # fmt: skip


@pytest.mark.parametrize("sign", HIDDEN, ids=[f"U+{ord(sign):04X}" for sign in HIDDEN])
@pytest.mark.parametrize("where", ["a value", "a key", "the body", "an escape"])
def test_what_cannot_be_seen_is_refused(sign: str, where: str) -> None:
    text = minimal.PAGES[minimal.SOURCE]
    escape = f"\\U{ord(sign):08x}"
    changed = {
        "a value": text.replace("Gamma, a site", f"Gamma,{sign} a site"),
        "a key": text.replace("kind:", f"ki{sign}nd:"),
        "the body": text.replace("A site.", f"A {sign}site."),
        "an escape": text.replace("title: Gamma, a site of questions", f'title: "Gamma{escape} a site"'),
    }[where]
    assert changed != text
    told = [str(problem) for problem in read_page(minimal.SOURCE, changed).problems]
    assert any(f"U+{ord(sign):04X} is not allowed [litreview.character-forbidden]" in line for line in told), told


NAMES = [
    '"><img src=x onerror=alert(1)>',
    "a'b",
    "a b",
    "A",
    "..",
    "a&b",
    "a<b>c",
    "javascript:alert(1)",
    "a\nb",
    "\u202etxt",
    "a#b",
    "a?b",
    "%2e%2e",
    "-",
    "a`b",
]


def test_files_with_hostile_names_are_told_and_harm_nothing(tmp_path: Path) -> None:
    source = tmp_path / "review"
    shutil.copytree(ROOTS / "herd", source)
    page = (source / "papers/llama-calf.md").read_text()
    for number, name in enumerate(NAMES):
        (source / f"papers/{name}.md").write_text(page.replace("Calf", f"Kid {number}"))
    code, lines = minimal.check(source)
    assert code == 1
    assert sum("[litreview.id-bad]" in line for line in lines) == len(NAMES)
    assert all(re.search(r"\[litreview\.[a-z-]+\]$", line) and line.isprintable() for line in lines), "each fault on one line, and nothing hidden in it"
    result = build(source)
    assert result.code == 1
    assert "Traceback" not in result.warnings
    for path in result.outdir.rglob("*.html"):
        audit = Audit()
        audit.feed(path.read_text("utf-8"))
        assert audit.dangers == [], path
