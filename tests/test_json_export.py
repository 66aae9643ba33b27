"""`review.json`: its shape, the same bytes from the same facts, and files that are written whole or not at all."""

from __future__ import annotations

import json
import os
import random
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import litreview
import minimal
import pytest
from litreview.corpus import Corpus, load
from litreview.export import json as json_export
from litreview.files import write_atomically
from litreview.records import read_page
from minimal import MODEL, PAGES, PAPER, edited

ENGINE = Path(json_export.__file__).parents[2]


def exported(pages: dict[str, str] | None = None) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(json_export.write(minimal.corpus_of(pages or PAGES)))
    return value


def record(kind: str, record_id: str, pages: dict[str, str] | None = None) -> dict[str, Any]:
    (found,) = [entry for entry in exported(pages)[kind] if entry["id"] == record_id]
    return dict(found)


# --- Shape -------------------------------------------------------------------------------------------------------------


def test_the_whole() -> None:
    value = exported()
    assert list(value) == ["format_version", "release", "license", "papers", "models", "licenses", "sources"]
    assert [value[name] for name in ("format_version", "release", "license")] == ["1.0", litreview.__version__, "CC-BY-4.0"]
    ids = {kind: [entry["id"] for entry in value[kind]] for kind in ("papers", "models", "licenses", "sources")}
    assert ids == {"papers": ["alpha"], "models": ["beta"], "licenses": ["cc-by-nc-4.0"], "sources": ["gamma"]}


def test_an_empty_review() -> None:
    value = json.loads(json_export.write(Corpus([])))
    assert [value[kind] for kind in ("papers", "models", "licenses", "sources")] == [[], [], [], []]


def test_a_paper() -> None:
    paper = record("papers", "alpha")
    evidence = paper.pop("evidence")
    verdicts = paper.pop("verdicts")
    assert paper == {
        "id": "alpha",
        "title": "Alpha: Instructions for Little Money",
        "short": "Alpha",
        "authors": ["First Author", "Second Author"],
        "published": "2023-03-13",
        "venue": "not-stated",
        "kinds": ["dataset", "model"],
        "method": ["distillation"],
        "summary": "A small model tuned on what a larger one wrote.",
        "links": {"paper": "https://example.org/alpha", "arxiv": "2303.00010", "doi": "10.1000/alpha.1"},
        "base_models": ["beta/7B"],
        "data": {
            "sources": {
                "seeds": {"kind": "existing-dataset", "from": ["gamma"], "role": "seeds", "what": "questions with answers", "amount": 175},
                "outputs": {"kind": "model-generated", "from": ["beta/6.7B"], "role": "responses"},
            },
            "generated": "2023-01/2023-02",
            "instructions": 52002,
            "instances": {"about": 53000},
            "languages": ["en"],
            "human_annotation": "none",
        },
        "training": {"stages": ["sft"], "parameters": "full", "in_context_examples": "no"},
        "evaluation": {"multiple_nlp_tasks": "no", "benchmarks": ["user tasks"], "judge": ["human"]},
        "results": [{"id": "wins", "what": "wins in pairwise comparison", "value": "90 to 89", "on": "user tasks"}],
        "releases": {
            "code": "none",
            "data": {"license": "CC-BY-NC-4.0", "url": "https://example.org/alpha/data"},
            "weights": {"small": {"base": ["beta/7B"], "form": "delta", "license": "CC-BY-NC-4.0"}},
        },
        "listed": {"mark": "unclear"},
        "corrections": [{"field": "releases.code", "listed": "not mentioned"}],
        "references": {
            "text": {"url": "https://example.org/alpha", "first_hand": "yes", "checked": "2026-11-22"},
            "card": {
                "url": "https://example.org/alpha/card", "first_hand": "no", "read": "part", "quoted_by": "https://example.org/list", "checked": "2026-11-22",
            },
        },
        "backlinks": [],
        "url": "papers/alpha.html",
    }  # fmt: skip
    assert isinstance(verdicts, dict)
    proof = {"in": "text", "first_hand": True, "url": "https://example.org/alpha", "checked": "2026-11-22"}
    assert list(evidence) == [
        "authors", "published", "venue", "base_models", "data", "training", "evaluation", "results.wins", "releases", "releases.data.license",
    ]  # fmt: skip
    assert evidence["authors"] == evidence["published"] == [{**proof, "at": "title page", "quote": "Alpha: Instructions for Little Money"}]
    assert evidence["venue"] == [{**proof, "at": "all of it"}]  # searched, no quotation
    assert evidence["releases.data.license"] == [
        {
            "in": "card", "at": "metadata", "quote": "license: mit", "says": "MIT",
            "first_hand": False, "url": "https://example.org/alpha/card", "checked": "2026-11-22",
        }
    ]  # fmt: skip


def test_several_entries_for_one_path_stay_together_in_the_page_s_order() -> None:
    entry = "{for: venue, in: text, at: all of it}"
    pages = edited(PAPER, (entry, f"{entry}\n  - {{for: [venue, data], in: card, at: head, until: 2023}}"))
    evidence = record("papers", "alpha", pages)["evidence"]
    assert [(entry["in"], entry["at"], entry["first_hand"]) for entry in evidence["venue"]] == [("text", "all of it", True), ("card", "head", False)]
    assert [entry["at"] for entry in evidence["data"]] == ["head", "section 2"]
    assert evidence["venue"][1]["until"] == "2023"


def test_what_nobody_looked_up_is_absent_and_never_null() -> None:
    pages = edited(PAPER, ("venue: not-stated\n", ""), ("  - {for: venue, in: text, at: all of it}\n", ""))
    paper = record("papers", "alpha", pages)
    assert "venue" not in paper
    assert "tasks" not in paper["data"]
    assert "null" not in json.dumps({name: value for name, value in paper.items() if name != "verdicts"})


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("52002", 52002),
        ("~53000", {"about": 53000}),
        ("52002..53000", {"min": 52002, "max": 53000}),
        ("60000..", {"min": 60000}),
        ("..90000", {"max": 90000}),
        ("5.3e4", 53000),
        ("not-stated", "not-stated"),
        ("none", "none"),
    ],
)
def test_amounts_and_absence(typed: str, value: Any) -> None:
    assert record("papers", "alpha", edited(PAPER, ("instances: ~53000", f"instances: {typed}")))["data"]["instances"] == value


def test_a_single_word_is_a_list_where_there_could_be_several() -> None:
    pages = edited(PAPER, ("judge: [human]", "judge: human"))
    assert record("papers", "alpha", pages)["evaluation"]["judge"] == ["human"]


def test_backlinks() -> None:
    pages = {**PAGES, "papers/next.md": minimal.page("papers/next.md", "data: {sources: {x: {kind: web, from: [alpha], role: pairs}}}")}
    assert record("models", "beta", pages)["backlinks"] == [
        {"relation": "base-of", "id": "alpha", "detail": "7B"},
        {"relation": "generated", "id": "alpha", "detail": "6.7B"},
        {"relation": "built-on-by", "id": "next", "through": "alpha"},
    ]
    assert record("licenses", "cc-by-nc-4.0", pages)["url"] == "licenses/cc-by-nc-4.0.html"


def test_fields_stand_in_the_schema_s_order_whatever_the_page_s() -> None:
    text = PAGES[MODEL]
    moved = text.replace("short: Beta\n", "").replace("architecture: decoder-only\n", "architecture: decoder-only\nshort: Beta\n")
    assert moved != text
    assert list(record("models", "beta", {**PAGES, MODEL: moved})) == list(record("models", "beta"))


def test_addresses_are_given_by_the_builder() -> None:
    value = json.loads(json_export.write(minimal.corpus_of(PAGES), lambda page: f"{page.docname}/"))
    assert value["papers"][0]["url"] == "papers/alpha/"


def test_other_scripts_stay_readable() -> None:
    data = json_export.write(minimal.corpus_of(edited(PAPER, ("Second Author]", "王小明]"))))
    assert "王小明".encode() in data
    assert data.endswith(b"}\n")


# --- The same bytes ----------------------------------------------------------------------------------------------------

MANY = {
    **PAGES,
    **{f"papers/p{number}.md": minimal.page(f"papers/p{number}.md", f"base_models: [beta/{size}]\nreleases: {{data: {{license: CC-BY-NC-4.0}}}}")
       for number, size in enumerate(["7B", "13B", "base", "7B", "6.7B"])},
}  # fmt: skip


def test_the_order_of_pages_does_not_matter() -> None:
    pages = [read_page(path, text) for path, text in MANY.items()]
    expected = json_export.write(Corpus(pages))
    chance = random.Random(7)
    for _ in range(10):
        assert json_export.write(Corpus(chance.sample(pages, len(pages)))) == expected


def test_the_order_in_which_files_were_made_does_not_matter(tmp_path: Path) -> None:
    one = load(minimal.write(tmp_path / "one", MANY))
    other = load(minimal.write(tmp_path / "other", dict(reversed(MANY.items()))))
    assert json_export.write(one) == json_export.write(other)


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    """Python orders sets anew in every run, unless told otherwise."""
    root = minimal.write(tmp_path / "review", MANY)
    written = []
    for seed in ("1", "2"):
        target = tmp_path / f"{seed}.json"
        environment = {**os.environ, "PYTHONPATH": str(ENGINE), "PYTHONHASHSEED": seed}
        command = [sys.executable, "-m", "litreview", "export", "json", "--root", str(root), "--output", str(target)]
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
        written.append(target.read_bytes())
    assert written[0] == written[1] == json_export.write(load(root))


# --- Whole files or none -----------------------------------------------------------------------------------------------


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "review.json"
    assert write_atomically(target, b"one") is True
    assert target.read_bytes() == b"one"
    assert [path.name for path in target.parent.iterdir()] == ["review.json"]


def test_a_file_is_replaced_and_can_be_read_by_a_web_server(tmp_path: Path) -> None:
    target = tmp_path / "review.json"
    write_atomically(target, b"one")
    assert write_atomically(target, b"two") is True
    assert target.read_bytes() == b"two"
    before = os.umask(0o022)
    try:
        write_atomically(target, b"three")
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o644


def test_a_file_with_this_content_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "review.json"
    write_atomically(target, b"one")
    os.utime(target, (1, 1))
    assert write_atomically(target, b"one") is False
    assert target.stat().st_mtime == 1


def test_nothing_is_written_below_a_file(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"a file")
    with pytest.raises((FileExistsError, NotADirectoryError, IsADirectoryError)):
        write_atomically(blocked / "data" / "review.json", b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert blocked.read_bytes() == b"a file"


def test_nothing_half_written_is_left_where_renaming_fails(tmp_path: Path) -> None:
    target = tmp_path / "review.json"
    (target / "inside").mkdir(parents=True)  # a folder of that name
    with pytest.raises((FileExistsError, NotADirectoryError, IsADirectoryError)):
        write_atomically(target, b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["review.json"]
    assert [path.name for path in target.iterdir()] == ["inside"]
