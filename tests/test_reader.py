"""The quick reading of a right page gives what the thorough reading gives, or leaves the page to it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import minimal
import pytest
import yaml
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from litreview import frontmatter, records
from litreview.corpus import page_files
from litreview.lines import Lines
from litreview.reader import read_record
from litreview.records import Page, kind_of, read_page
from litreview.specification import specification
from minimal import MODEL, PAGES, PAPER, SOURCE, edited
from test_check_cases import CASES, files_of
from test_frontmatter_fuzz import PATHS, changed, changes, few, mapping_for

REAL = page_files(ROOT)


def thorough(path: str, text: str) -> Page:
    """Read a page without the quick way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "read_record", lambda kind, block: None)
        patch.setattr(records, "record_of", lambda kind, values: None)
        return read_page(path, text)


def quick(path: str, text: str) -> dict[str, Any] | None:
    page = frontmatter.clean(text)
    return read_record(kind_of(path) or "", page.block) if page is not None else None


def same(path: str, text: str) -> bool:
    """Make sure that both ways give one page; tell whether the quick one could read it."""
    page, other = read_page(path, text), thorough(path, text)
    assert json.dumps(page.record) == json.dumps(other.record)  # the order of its fields too: exports keep it
    assert list(map(str, page.problems)) == list(map(str, other.problems))
    assert (page.body, page.body_line, page.cut) == (other.body, other.body_line, other.cut)
    return quick(path, text) is not None


@pytest.mark.parametrize("path", REAL)
def test_pages_of_the_review_are_read_quickly_and_alike(path: str) -> None:
    assert same(path, (ROOT / path).read_text("utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_faulty_pages_are_told_alike(name: str) -> None:
    for path, text in files_of(CASES[name]).items():
        if kind_of(path) and isinstance(text, str):
            same(path, text)


@pytest.mark.parametrize("path", PATHS)
@few(max_examples=60)
@given(data=st.data())
def test_any_values_are_read_alike(path: str, data: st.DataObject) -> None:
    facts = data.draw(mapping_for(specification(kind_of(path) or ""), 0))
    same(path, f"---\n{yaml.safe_dump(facts, allow_unicode=True)}---\n")


@few(max_examples=150)
@given(st.sampled_from(PATHS), changes)
def test_changed_pages_are_read_alike(path: str, steps: Any) -> None:
    same(path, changed(PAGES[path], steps))


SAME_MEANING = {
    "a page in the order of the schema": (PAPER, "short: Alpha", "short: Alpha"),
    "keys in another order": (SOURCE, "short: Gamma\nkind: website", "kind: website\nshort: Gamma"),
    "one value for a list": (MODEL, "availability: [open-weights]", "availability: open-weights"),
    "an ampersand in a text": (SOURCE, "summary: A site", "summary: Q & A, a site"),
    "an escaped quotation mark": (SOURCE, "summary: A site", 'summary: "A \\"site\\" with \\\\%"  #'),
    "spaces that cannot be told apart": (SOURCE, "summary: A site", "summary: A\u00a0site"),
    "a text over several lines": (SOURCE, "summary: A site", "summary: >\n  A\n  site"),
    "families of releases": (PAPER, "  code: none\n", "  code: {app: {license: CC-BY-NC-4.0}, tools: {license: not-stated}}\n"),
}  # fmt: skip


@pytest.mark.parametrize("what", SAME_MEANING)
def test_the_quick_way_can_read(what: str) -> None:
    path, old, new = SAME_MEANING[what]
    assert same(path, edited(path, (old, new))[path])


LEFT_TO_THE_OTHER = {
    "an alias": "publisher: &a Us\nalso_known_as: [*a]",
    "a tag": "publisher: !!str Us",
    "an anchor": "publisher: &us Us",
    "a merge key": "<<: {publisher: Us}",
    "a hidden character": "publisher: U\u200bs",
    "a hidden character as an escape": 'publisher: "U\\u200bs"',
    "a key twice": "publisher: Us\npublisher: We",
    "a second document": "publisher: Us\n--- \npublisher: Us",
    "an unknown field": "publishr: Us",
    "a word that means not-stated": "published: unknown",
}


@pytest.mark.parametrize("what", LEFT_TO_THE_OTHER)
def test_the_quick_way_leaves(what: str) -> None:
    text = edited(SOURCE, ("kind: website\n", f"kind: website\n{LEFT_TO_THE_OTHER[what]}\n"))[SOURCE]
    assert not same(SOURCE, text)
    assert read_page(SOURCE, text).problems


def test_a_family_named_like_a_field_is_left() -> None:
    assert not same(PAPER, edited(PAPER, ("  code: none\n", "  code: {app: {license: CC-BY-NC-4.0}, model: {license: not-stated}}\n"))[PAPER])


def test_a_block_that_nests_without_end_is_left_at_once() -> None:
    for nest in ("[" * 50_000, "? " * 50_000, "- " * 50_000, "{a: " * 20_000):
        assert quick(SOURCE, f"---\ntitle: {nest}\n---\n") is None
        assert quick(SOURCE, f"---\n{nest}\n---\n") is None


def test_a_review_without_faults_needs_no_pydantic(tmp_path: Path) -> None:
    """It takes a fifth of a second to import."""
    minimal.write(tmp_path)
    code = "import sys; from litreview.__main__ import main; main(['check', '--root', sys.argv[1]]); sys.exit('pydantic' in sys.modules)"
    engine = Path(records.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code, tmp_path], env={"PYTHONPATH": str(engine)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


MANY: dict[str, tuple[str, str, str]] = {
    "fields": ("venue: not-stated\n", "venue: not-stated\n", "no_field_{}: x\n"),
    "keys": ("venue: not-stated\n", "venue: not-stated\n", "venue: not-stated\n"),
    "evidence": ("evidence:\n", "evidence:\n", "  - {{for: [nothing_{}], in: text, at: x}}\n"),
    "references": ("references:\n", "references:\n", '  r{}: {{url: "http://a.org", first_hand: yes, checked: 2023}}\n'),
    "bases": ("base_models: [beta/7B]\n", "base_models:\n", "  - beta/{}X\n"),
}


@pytest.mark.parametrize("what", MANY)
def test_a_page_with_a_thousand_faults_is_composed_a_few_times(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fault needs its line; finding it must not read the page again, nor look through all of it."""
    old, new, line = MANY[what]
    root = minimal.write(tmp_path, edited(PAPER, (old, new + "".join(map(line.format, range(1000))))))
    composed, compared = [], []
    compose, of = yaml.compose, Lines.of
    monkeypatch.setattr(yaml, "compose", lambda *arguments, **named: composed.append(1) or compose(*arguments, **named))
    monkeypatch.setattr(Lines, "of", lambda self, path: compared.append(id(self)) or of(self, path))
    _, lines = minimal.check(root)
    assert len(lines) >= 999
    assert len(composed) <= 4
    assert len(set(compared)) <= 4
