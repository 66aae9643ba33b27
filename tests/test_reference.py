"""The field reference and the page of errors: everything the schema says, an example from a page, an address for every code."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path

import minimal
import pytest
from conftest import ROOTS, Result, build, build_clean, replace
from litreview.corpus import load
from litreview.diagnostics import CODES
from litreview.examples import SHORT, examples
from litreview.fixes import CERTAIN
from litreview.report import anchor
from litreview.schema import FOLDERS, KINDS
from litreview.specification import paths, specification
from litreview.vocabularies import METHOD

PAGE = "# Reference\n\n" + "".join(f"## {folder}\n\n```{{field-reference}} {folder}\n```\n\n" for folder in FOLDERS)
ERRORS = "# Errors\n\n```{diagnostics-reference}\n```\n\nSee [dates](#litreview-date-bad).\n"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("reference") / "herd"
    shutil.copytree(ROOTS / "herd", root)
    (root / "review/fields.md").write_text(PAGE, "utf-8")
    (root / "review/errors.md").write_text(ERRORS, "utf-8")
    replace(root / "index.md", "review/tables\n", "review/tables\nreview/fields\nreview/errors\n")
    return root


@pytest.fixture(scope="module")
def built(source: Path) -> Result:
    result = build(source)
    assert (result.code, result.warnings) == (0, "")
    return result


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_described(kind: str, built: Result) -> None:
    text = unescape(re.sub(r"<[^>]+>", "", built.text("review/fields.html"))).replace("’", "'")
    for path, field in paths(specification(kind)):
        assert path in text
        assert field.about.help.replace("`", "")[:30] in text, path


def test_a_vocabulary_is_explained_word_by_word(built: Result) -> None:
    page = built.text("review/fields.html")
    for word, meaning in METHOD.words.items():
        assert f'<span class="pre">{word}</span></code> {meaning}' in page


def test_required_fields_say_so(built: Result) -> None:
    entries = dict(re.findall(r'<dt id="paper-([\w-]+)">(.*?)</dt>', built.text("review/fields.html")))
    assert "required" in entries["title"] and "required" in entries["data-sources-kind"]
    assert "required" not in entries["venue"]


def test_examples_come_from_pages(built: Result) -> None:
    page = built.text("review/fields.html")
    found = re.findall(r'<p class="example">Example: <code[^>]*>(.*?)</code> on <a href="(.*?)">(.*?)</a>', page)
    assert ("short: Camel", "../papers/camel.html", "Camel") in found
    assert len(found) > 40


def test_an_example_is_mended_with_its_page(source: Path, built: Result) -> None:
    """The reference depends on other pages, so it must be written again when they change, and only then."""
    replace(source / "papers/camel.md", "\nshort: Camel\n", "\nshort: Camelid\n")
    try:
        changed = build(source)
        assert "short: Camelid" in changed.text("review/fields.html")
        assert changed.text("review/fields.html") == build_clean(source).text("review/fields.html")
    finally:
        replace(source / "papers/camel.md", "\nshort: Camelid\n", "\nshort: Camel\n")
        build(source)


def test_other_builders_have_examples_too(source: Path) -> None:
    result = build(source, "text")
    assert result.code == 0
    assert 'Example: "short: Camel" on Camel' in result.text("review/fields.txt")


def test_every_code_has_an_address(built: Result) -> None:
    page = built.text("review/errors.html")
    for code, said in CODES.items():
        entry = re.search(rf'<dt id="{re.escape(anchor(code))}">(.*?)</dd>', page, re.DOTALL)
        assert entry is not None, code
        text = unescape(re.sub(r"<[^>]+>", "", entry[1])).replace("’", "'").replace("“", '"').replace("”", '"')
        assert f"litreview.{code}" in text and "To mend it: " in text
        assert said.meaning.replace("`", "")[:20] in text
        assert ("FIX=1" in text) == (code in CERTAIN)


def test_prose_can_link_to_a_code(built: Result) -> None:
    assert re.search(r'<a class="reference internal" href="#litreview-date-bad">', built.text("review/errors.html"))


# --- The examples themselves -------------------------------------------------------------------------------------------


def test_examples_read_as_pages_are_written() -> None:
    found = {path: example.text for path, example in examples(minimal.corpus_of(minimal.PAGES), "paper").items()}
    assert found["data.instances"] == "instances: ~53000"
    assert found["authors"] == "authors: [First Author, Second Author]"
    assert found["evidence.….in"] == "in: text"
    assert found["releases.weights.form"] == "form: delta"
    assert found["data.sources.….amount"] == "amount: 175"


def test_a_missing_value_is_no_example() -> None:
    found = examples(minimal.corpus_of(minimal.PAGES), "paper")
    assert not {"venue", "releases.code", "data.human_annotation"} & found.keys()


def test_a_long_value_gives_way_to_a_short_one() -> None:
    long = minimal.page("papers/aaa.md", f"venue: {'long ' * 40}")
    pages = minimal.PAGES | {"papers/aaa.md": long, "papers/zzz.md": minimal.page("papers/zzz.md", "venue: Short")}
    assert examples(minimal.corpus_of(pages), "paper")["venue"].text == "venue: Short"
    alone = examples(minimal.corpus_of(minimal.PAGES | {"papers/aaa.md": long}), "paper")["venue"].text
    assert alone.endswith("…") and len(alone) <= SHORT + 10


def test_the_reviews_own_pages_give_examples_of_most_fields() -> None:
    corpus = load(Path(__file__).parent.parent)
    leaves = {(kind, path) for kind in KINDS for path, field in paths(specification(kind)) if field.scalar is not None}
    shown = {(kind, path) for kind in KINDS for path in examples(corpus, kind)}
    assert len(leaves & shown) > 0.6 * len(leaves)
