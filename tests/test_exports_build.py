"""Exports in the build: the same as on the command line, never stale, and gone with their records."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from conftest import ROOTS, build, build_clean, replace
from litreview import changelog
from litreview.corpus import load
from litreview.edition import edition_of
from litreview.export import Contents, files

CHANGES = """\
# Changelog

## 0.1.0 (not yet released)

### New works

- 2026-11-22: [Camel](papers/camel.md).
"""


@pytest.fixture
def herd(tmp_path: Path) -> Path:
    """Return the small review in a folder of the test's own, with a change log."""
    target = tmp_path / "herd"
    shutil.copytree(ROOTS / "herd", target)
    (target / "CHANGELOG.md").write_text(CHANGES, "utf-8")
    return target


def exported(outdir: Path) -> dict[str, bytes]:
    """Return what was exported; the citations in `data/cite` are downloads of single pages, written with these."""
    found = {path.relative_to(outdir).as_posix(): path.read_bytes() for path in sorted((outdir / "data").rglob("*")) if path.is_file()}
    return {**{name: held for name, held in found.items() if not name.startswith("data/cite/")}, "llms.txt": (outdir / "llms.txt").read_bytes()}


def expected(root: Path) -> dict[str, bytes]:
    return files(Contents(load(root), edition=edition_of(root), changes=changelog.load(root)))


def test_the_build_writes_what_the_command_line_writes(herd: Path) -> None:
    done = build(herd)
    assert (done.code, done.warnings) == (0, "")
    assert exported(done.outdir) == expected(herd)


def test_exports_follow_facts_and_records(herd: Path) -> None:
    build(herd)
    replace(herd / "papers/camel.md", "published: 2", "published: 1")
    (herd / "papers/llama-calf.md").unlink()
    done = build(herd)
    now = exported(done.outdir)
    assert now == expected(herd)
    assert "data/papers/llama-calf.json" not in now
    assert "data/papers/llama-calf.txt" not in now
    assert now == exported(build_clean(herd).outdir)


def test_the_change_log_is_followed_though_it_is_no_page(herd: Path) -> None:
    outdir = build(herd).outdir
    pages = {path: path.stat().st_mtime_ns for path in outdir.rglob("papers/*.html")}
    assert pages
    more = CHANGES + "- 2026-11-23: [Bleat](models/bleat.md).\n"
    (herd / "CHANGELOG.md").write_text(more, "utf-8")
    done = build(herd)
    assert done.code == 0
    assert b"New: Bleat" in (outdir / "data/feed.xml").read_bytes()
    assert exported(outdir) == expected(herd)
    assert {path: path.stat().st_mtime_ns for path in outdir.rglob("papers/*.html")} == pages


def test_faults_of_the_change_log_fail_every_build_until_they_are_mended(herd: Path) -> None:
    (herd / "CHANGELOG.md").write_text(CHANGES.replace("papers/camel.md", "papers/kamel.md"), "utf-8")
    for _ in range(2):
        done = build(herd)
        assert done.code == 1
        assert f"{herd / 'CHANGELOG.md'}:7: WARNING: there is no record page 'papers/kamel.md'; did you mean 'papers/camel.md'?" in done.warnings
        assert "[litreview.changelog-page]" in done.warnings
    (herd / "CHANGELOG.md").write_text(CHANGES, "utf-8")
    assert (build(herd).code, build(herd).warnings) == (0, "")


def test_an_edit_of_prose_leaves_the_exports_alone(herd: Path) -> None:
    outdir = build(herd).outdir
    for path in (outdir / "data").rglob("*.*"):
        os.utime(path, (1, 1))
    with (herd / "papers/camel.md").open("a", encoding="utf-8") as stream:
        stream.write("\nMore prose.\n")
    done = build(herd)
    assert "More prose" in done.text("papers/camel.html")
    assert {path.stat().st_mtime for path in (outdir / "data").rglob("*.*")} == {1}


def test_addresses_are_the_builder_s(herd: Path) -> None:
    done = build(herd, "dirhtml")
    assert b'"url": "papers/camel/"' in (done.outdir / "data/papers/camel.json").read_bytes()
    assert b'href="../papers/camel/"' in (done.outdir / "data/feed.xml").read_bytes()


def test_pages_lead_to_the_feed(herd: Path) -> None:
    done = build(herd)
    for page, address in (("index.html", "data/feed.xml"), ("papers/camel.html", "../data/feed.xml")):
        assert f'<link rel="alternate" type="application/atom+xml" title="Changes" href="{address}" />' in done.text(page)


def test_what_cannot_be_written_is_told_and_nothing_is_half_written(herd: Path) -> None:
    outdir = build(herd).outdir
    before = exported(outdir)
    target = outdir / "data/review.sqlite"
    target.unlink()
    (target / "in the way").mkdir(parents=True)
    replace(herd / "papers/camel.md", "published: 2", "published: 1")
    done = build(herd)
    assert done.code == 1
    assert f"{target} could not be written: Is a directory" in done.warnings
    del before["data/review.sqlite"]
    assert exported(outdir) == before
    (target / "in the way").rmdir()
    target.rmdir()
    assert build(herd).code == 0
    assert exported(outdir) == expected(herd)


def test_too_little_memory_is_told_in_one_line_and_the_old_exports_stay(herd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outdir = build(herd).outdir
    before = exported(outdir)
    replace(herd / "papers/camel.md", "summary: ", "summary: A changed ")

    def too_much(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("litreview.export.sqlite.write", too_much)
    monkeypatch.setattr("litreview.export.json.record_of", too_much)
    done = build(herd)
    assert done.code == 1
    assert f"the exports in {outdir} could not be made: they take more memory than there is" in done.warnings
    assert exported(outdir) == before
    monkeypatch.undo()
    assert build(herd).code == 0
    assert exported(outdir) == expected(herd)


def test_answers_to_worked_questions_follow_the_facts(herd: Path) -> None:
    (herd / "index.md").write_text((herd / "index.md").read_text("utf-8") + "\n```{worked-questions}\n```\n", "utf-8")
    done = build(herd)
    assert (done.code, done.warnings) == (0, "")
    before = done.text("index.html")
    assert "What is the median amount of instruction data by year?" in before
    replace(herd / "papers/camel.md", "published: 2", "published: 1")
    after = build(herd)
    assert after.text("index.html") != before
    assert after.files() == build_clean(herd).files()
