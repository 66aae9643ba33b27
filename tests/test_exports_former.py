"""Exports of a changed fact: what the last build wrote of other records is taken over, and the outcome is the same as from nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, ROOTS, build, build_clean, replace
from litreview.corpus import Corpus, load
from litreview.export import EXPORTS, Contents, files, stream
from litreview.export import json as json_export
from litreview.export.former import Former
from litreview.page_files import state_of_file
from litreview.records import Page
from litreview.schema import FOLDERS

Files = dict[str, bytes | None]


def everything(contents: Contents) -> Files:
    return {name: data.read_bytes() if isinstance(data, Path) else data for name, data in stream(contents)}


def written(folder: Path, made: Files) -> Path:
    for name, data in made.items():
        if data is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
    return folder


def former(folder: Path, changed: set[str], corpus: Corpus) -> Former:
    states = {export.path: state_of_file(folder / export.path) for export in EXPORTS.values() if export.in_parts}
    return Former(folder, states, {page.id for page in corpus.pages} - changed)


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> tuple[Corpus, Path, Files]:
    corpus = load(ROOT)
    made = everything(Contents(corpus))
    return corpus, written(tmp_path_factory.mktemp("exports"), made), made


def with_record(corpus: Corpus, changed: str, record: dict[str, Any]) -> Corpus:
    return Corpus(
        Page(page.path, page.kind, page.id, record, page.problems, root=page.root) if page.id == changed else page for page in corpus.pages
    )  # fmt: skip


def a_list_longer(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "authors": [*record.get("authors", []), "Ada Lovelace"], "languages": ["en", "de", "fr"]}


def fewer_facts(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in ("results", "summary", "corrections", "venue")}


def awkward_texts(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "summary": 'a, "b"; =c', "venue": "{Journal} 25(70), pages 1-53, 2024 @ \\x"}


EDITS: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "a paper's lists": ("alpaca", a_list_longer),
    "a paper's facts": ("lima", fewer_facts),
    "a paper's texts": ("self-instruct", awkward_texts),
    "a model's texts": ("llama", awkward_texts),
    "a source's texts": ("wikipedia", fewer_facts),
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_is_taken_over_gives_the_same_bytes(edit: str, review: tuple[Corpus, Path, Files]) -> None:
    corpus, folder, before = review
    changed, change = EDITS[edit]
    page = corpus.get(changed)
    assert page is not None
    after = with_record(corpus, changed, change(page.record))
    whole = files(Contents(after))
    made = everything(Contents(after, former=former(folder, {changed}, after)))
    assert whole != before
    assert made.keys() == whole.keys()
    assert [name for name, data in made.items() if (before[name] if data is None else data) != whole[name]] == []
    assert sum(data is None for data in made.values()) == 2 * (len(corpus.pages) - 1)  # JSON and text of each other record


def test_a_change_of_what_is_counted_through_gives_the_same_bytes(review: tuple[Corpus, Path, Files]) -> None:
    """Verdicts are numbered through the whole review: one more shifts all behind it."""
    corpus, folder, _ = review
    page = corpus.get("alpaca")
    assert page is not None
    after = with_record(corpus, "alpaca", {**page.record, "releases": {name: entry for name, entry in page.record["releases"].items() if name != "data"}})
    whole = files(Contents(after))
    told = {record.id for record in after.pages if json_export.record(after, record) != json_export.record(corpus, corpus.get(record.id) or record)}
    made = everything(Contents(after, former=former(folder, told | {"alpaca"}, after)))
    assert [name for name, data in made.items() if data is not None and data != whole[name]] == []


def test_a_file_that_somebody_wrote_is_not_taken_over(review: tuple[Corpus, Path, Files], tmp_path: Path) -> None:
    corpus, folder, before = review
    mine = shutil.copytree(folder, tmp_path / "exports")
    known = former(mine, {"alpaca"}, corpus)
    for export in EXPORTS.values():
        if export.in_parts:
            (mine / export.path).write_bytes((mine / export.path).read_bytes().replace(b"lima", b"lama"))
            os.utime(mine / export.path, (1, 1))
    made = everything(Contents(corpus, former=known))
    assert [name for name, data in made.items() if data is not None and data != before[name]] == []


# --- In the build ------------------------------------------------------------------------------------------------------


@pytest.fixture
def herd(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOTS / "herd", tmp_path / "herd"))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ids of the records that exports are made of, as they are made."""
    found: list[str] = []
    record_of = json_export.record_of

    def noted(contents: Contents, page: Page) -> dict[str, Any]:
        found.append(page.id)
        return record_of(contents, page)

    monkeypatch.setattr(json_export, "record_of", noted)
    return found


def test_of_an_edit_that_no_other_record_shows_only_the_record_is_exported(herd: Path, made: list[str]) -> None:
    outdir = build(herd).outdir
    assert len(made) == sum(len([*(herd / folder).glob("[!i]*.md")]) for folder in FOLDERS)
    made.clear()
    replace(herd / "papers/camel.md", "summary: ", "summary: A changed ")
    assert build(herd).code == 0
    assert made == ["camel"]
    assert b"A changed " in (outdir / "data/review.json").read_bytes()
    after = {path.relative_to(outdir): path.read_bytes() for path in (outdir / "data").rglob("*.*")}
    clean = build_clean(herd).outdir
    assert after == {path.relative_to(clean): path.read_bytes() for path in (clean / "data").rglob("*.*")}


def test_of_an_edit_that_others_show_all_are_exported(herd: Path, made: list[str]) -> None:
    build(herd)
    every = {*made}
    made.clear()
    replace(herd / "papers/camel.md", "short: ", "short: Other ")
    assert build(herd).code == 0
    assert {*made} == every


def test_where_an_export_is_gone_all_are_made(herd: Path, made: list[str]) -> None:
    outdir = build(herd).outdir
    every = {*made}
    made.clear()
    (outdir / "data/papers/llama-calf.json").unlink()
    replace(herd / "papers/camel.md", "summary: ", "summary: A changed ")
    assert build(herd).code == 0
    assert {*made} == every
    assert (outdir / "data/papers/llama-calf.json").read_bytes() == (build_clean(herd).outdir / "data/papers/llama-calf.json").read_bytes()
