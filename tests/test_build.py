"""A review builds in every format, with every record in it and every reference resolved."""

from __future__ import annotations

import json
import re
import shutil
import zlib
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import minimal
import pytest
from conftest import ROOTS, Result, build, replace

Copy = Callable[[str], Path]
RECORDS = ["Camel", "Dromedary", "Calf", "Wooly", "Bleat", "MIT licence", "CC-BY-4.0 licence", "The wool corpus"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Result:
    source = tmp_path_factory.mktemp("built") / "herd"
    shutil.copytree(ROOTS / "herd", source)
    return build(source)


def test_builds_without_warnings(built: Result) -> None:
    assert (built.code, built.warnings) == (0, "")


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "text", "epub", "latex", "man", "texinfo", "xml", "pseudoxml", "linkcheck"])
def test_every_builder_has_every_record(review: Copy, builder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = review("herd")
    if builder == "linkcheck":
        with (source / "conf.py").open("a") as conf:
            conf.write('linkcheck_ignore = [".*"]\n')
    result = build(source, builder)
    assert (result.code, result.warnings) == (0, "")
    text = "\n".join(
        path.read_text("utf-8", errors="ignore")
        for path in result.outdir.rglob("*")
        if path.is_file() and path.suffix not in (".js", ".css", ".epub", ".inv", ".pickle")
    )
    if builder == "linkcheck":  # its report lists the addresses in the generated cards
        assert "https://example.org/camel" in text
        return
    for title in RECORDS:
        assert title.lower() in text.lower().replace("\\sphinxhyphen{}", "-").replace("‐", "-").replace("\\-", "-"), f"{title} is missing from {builder}"


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_links_between_pages_lead_to_pages(review: Copy, builder: str) -> None:
    """Pages of one folder share what they look up, which is not the same in every builder."""
    result = build(review("herd"), builder)
    followed = 0
    for page in result.outdir.rglob("*.html"):
        if page.name != "404.html":  # its links begin at the site's root, so that they work at any address
            for link in re.findall(r'<a\b[^>]* href="([^":#?]+)["#?]', page.read_text("utf-8")):
                target = page.parent / unquote(unescape(link))
                assert (target / "index.html" if link.endswith("/") else target).is_file(), f"{page.relative_to(result.outdir)}: {link}"
                followed += "papers/" in link or "models/" in link
    assert followed > 100


def test_a_line_of_a_cell_has_its_end_where_xml_needs_it(review: Copy) -> None:
    """In HTML the next paragraph ends it: rows of tables are light."""
    source = review("herd")
    replace(source / "review/tables.md", ":columns: name, published\n", ":columns: name, licenses\n")
    site, book = ((build(source, builder).outdir / f"review/tables.{ending}").read_text("utf-8") for builder, ending in (("html", "html"), ("epub", "xhtml")))
    for lines, end in ((site, ""), (book, "</p>")):
        assert re.search(rf"<td><p>code: [^\n]*?{end}<p>data: [^\n]*?{end}<p>weights: [^\n]*?{end}</td>", lines)
    assert "</p><p>" not in site


def test_epub_pages_are_xhtml(review: Copy) -> None:
    result = build(review("herd"), "epub")
    pages = sorted(result.outdir.rglob("*.xhtml"))
    assert len(pages) > 10
    for page in pages:
        ElementTree.parse(page)


def test_links_in_prose_and_roles_resolve(built: Result) -> None:
    camel = built.text("papers/camel.html")
    assert '<a class="reference internal" href="dromedary.html">' in camel
    assert 'href="../models/wooly.html"' in camel
    index = built.text("index.html")
    assert 'href="papers/camel.html"' in index and ">Camel</a>" in index  # `[](#camel)` shows the short name


def test_inventory_names_every_record(built: Result) -> None:
    data = (built.outdir / "objects.inv").read_bytes()
    entries = zlib.decompress(data.split(b"zlib.\n", 1)[1]).decode()
    for entry in ("camel review:paper", "wooly review:model", "cc-by-4.0 review:license", "wool review:source"):
        assert f"\n{entry} " in f"\n{entries}"


def test_values_are_escaped(built: Result) -> None:
    for page in ("index.html", "papers/camel.html", "papers/index.html"):
        assert "<b>answers</b>" not in built.text(page)
    assert "Camel: instructions &amp; &lt;b&gt;answers&lt;/b&gt;" in built.text("papers/camel.html")


def test_every_header_cell_has_a_scope(built: Result) -> None:
    for page in ("index.html", "review/tables.html"):
        heads = re.findall(r"<th\b[^>]*>", built.text(page))
        assert heads
        assert all("scope=" in head for head in heads)


def test_tables_are_reached_by_keyboard_and_named(built: Result) -> None:
    text = built.text("review/tables.html")
    assert text.count('role="region" tabindex="0" aria-labelledby="table-review-tables-') == 4
    assert 'id="table-review-tables-1-caption">Papers with much data</span></caption>' in text


def test_evidence_stands_beside_its_value(built: Result) -> None:
    text = built.text("papers/camel.html")
    row = text[text.index('id="fact-base_models"') :]
    row = row[: row.index("</div>")]
    assert "Wooly 7B" in row and "<details" in row and "“we tune Wooly 7B”" in row and "section 2" in row and "Read first-hand" in row


def test_a_value_without_evidence_says_so(review: Copy) -> None:
    source = review("herd")
    replace(source / "papers/camel.md", "for: [authors, published, venue]", "for: [authors, published]")
    result = build(source)
    text = result.text("papers/camel.html")
    row = text[text.index('id="fact-venue"') :]
    assert "no source yet" in row[: row.index("</div>")]


def test_a_source_that_disagrees_is_shown(built: Result) -> None:
    text = built.text("papers/camel.html")
    row = text[text.index('id="fact-data-instructions"') :]
    row = row[: row.index("</div>")]
    assert "1,000" in row and "sources disagree</b>: 1,024" in row


def test_back_references_reach_through(built: Result) -> None:
    text = built.text("papers/camel.html")
    related = text[text.index('class="related"') :]
    assert '<a href="dromedary.html">Dromedary</a>' in related
    assert '<a href="llama-calf.html">Calf</a> (through <a href="dromedary.html">Dromedary</a>)' in related


def test_missing_values_are_told_apart(built: Result) -> None:
    index = built.text("papers/dromedary.html")
    assert '<b class="not-stated">not stated</b>' in index[index.index('id="fact-venue"') :][:300]
    table = built.text("index.html")
    calf = table[table.index(">Calf</a></th>") :]
    assert '<b class="not-stated">not stated' in calf[: calf.index("</td>")]
    assert '<b class="unknown">not looked up' in calf[: calf.index("</tr>")]


def test_records_are_in_no_sidebar(built: Result) -> None:
    text = built.text("papers/camel.html")
    sidebar = text[text.index('class="sidebar-tree"') : text.index("</aside>")]
    assert "Papers" in sidebar
    assert "dromedary.html" not in sidebar and "mit.html" not in sidebar


def test_previous_and_next_are_there(built: Result) -> None:
    text = built.text("papers/dromedary.html")
    assert 'class="prev-page" href="camel.html"' in text
    assert 'class="next-page" href="llama-calf.html"' in text


def test_page_weight_does_not_grow_with_the_review(review: Copy) -> None:
    source = review("herd")
    small = (build(source, out=source.parent / "small").outdir / "papers/dromedary.html").read_bytes()
    page = (source / "papers/llama-calf.md").read_text()
    for number in range(40):
        copy = page.replace("title: Calf", f"title: Kid {number}").replace("short: Calf", f"short: Kid {number}").replace("from: [dromedary]", "from: [camel]")
        (source / f"papers/zz-{number:02}.md").write_text(copy)
    result = build(source, out=source.parent / "large")
    assert (result.code, result.warnings) == (0, "")
    assert len((result.outdir / "papers/dromedary.html").read_bytes()) == len(small)


def test_exports_are_written(built: Result) -> None:
    data = json.loads(built.text("data/review.json"))
    assert [record["id"] for record in data["papers"]] == ["camel", "dromedary", "llama-calf"]
    assert data["papers"][0]["url"] == "papers/camel.html"


def test_html_and_docutils_tables_say_the_same(review: Copy) -> None:
    """Rows are written twice, as HTML and as nodes; their texts must agree."""
    source = review("herd")
    html = build(source).text("review/tables.html")
    xml = ElementTree.parse(build(source, "xml").outdir / "review/tables.xml")
    of_html = [[re.sub(r"\s+", " ", unescape(cell)).strip() for cell in _cells(row)] for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)]
    of_nodes = [
        [re.sub(r"\s+", " ", " ".join("".join(paragraph.itertext()) for paragraph in entry.iter("paragraph"))).strip() for entry in row.findall("entry")]
        for row in xml.iter("row")
    ]

    def body(rows: list[list[str]]) -> list[list[str]]:  # headings are repeated for each group there, and not here
        return [row for row in rows if row[0] not in ("Name", "Page")]

    assert body(of_html)
    assert body(of_html) == body(of_nodes)


def _cells(row: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", cell.replace("<p>", " ")) for cell in re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL)]


def test_a_hostile_value_stays_text_everywhere(review: Copy) -> None:
    source = review("herd")
    hostile = "</script><script>alert(1)</script> %$#&_{}~^ \\\\input{x} `x` **b** | x"
    replace(source / "papers/camel.md", "venue: Journal of Herds", f"venue: '{hostile}'")
    for builder in ("html", "latex", "text", "epub", "xml"):
        result = build(source, builder)
        assert (result.code, result.warnings) == (0, ""), builder
    assert "<script>alert" not in (source.parent / "herd-built/html/papers/camel.html").read_text()
    latex = (source.parent / "herd-built/latex/herd.tex").read_text()
    assert r"\textbackslash{}\textbackslash{}input\{x\}" in latex


def test_how_tables_are_asked_for_is_told_alike_by_check_and_build(review: Copy) -> None:
    source = review("herd")
    replace(
        source / "review/tables.md",
        "```{comparison-table} corrections\n:caption: Corrections\n```",
        "```{comparison-table} corrections\n---\ncaption: 'Corrections'  # all\ncolums: name\n---\n\nAnd text.\n```\n\n"
        '- ```{comparison-table} papers\n  :columns: nam\n  :caption: "In: a list"\n  ```\n\n```{comparison-table}\n:columns: \'name\n```',
    )
    result = build(source)
    told = re.findall(r"review/tables\.md:(\d+): WARNING: (.*)", result.warnings)
    _, lines = minimal.check(source)
    assert [f"review/tables.md:{line}: error: {text}" for line, text in told] == lines
    assert len(lines) == 5, lines
    html = result.text("review/tables.html")
    assert "In: a list" in html
    assert "Corrections</span>" in html
