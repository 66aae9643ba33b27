"""The work list for volunteers: what is on it, and what stands first."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import minimal
import pytest
from litreview.__main__ import main
from litreview.corpus import Corpus
from litreview.part_tables import PARTS
from litreview.stale import KINDS, Task, Tasks, months_before
from minimal import LICENSE, MODEL, PAPER, edited


def tasks(files: Any = None, before: str = "") -> list[Task]:
    return Tasks(minimal.corpus_of(files or minimal.PAGES)).all(before=before)


def found(kind: str, files: Any = None, before: str = "") -> set[tuple[str, str]]:
    return {(task.page.id, task.dotted) for task in tasks(files, before) if task.kind == kind}


def test_sources_that_disagree() -> None:
    assert found("disagreement") == {("alpha", "releases.data.license")}
    said = next(task.why for task in tasks() if task.kind == "disagreement")
    assert said == "card says 'MIT'"


def test_a_disagreement_that_was_settled_is_off_the_list() -> None:
    settled = edited(PAPER, ("at: metadata, says: MIT,", "at: metadata, says: MIT, until: 2024,"))
    assert found("disagreement", settled) == set()


def test_facts_without_evidence() -> None:
    assert ("alpha", "venue") in found("unsourced", edited(PAPER, ("  - {for: venue, in: text, at: all of it}\n", "")))
    assert ("alpha", "venue") not in found("unsourced")


def test_words_read_in_somebody_elses_quotation() -> None:
    second = edited(MODEL, ("first_hand: yes", "first_hand: no"))
    assert {("beta", "developer"), ("beta", "releases.weights.license")} <= found("second-hand", second)
    assert found("second-hand") == set()


def test_evidence_is_old_from_the_day_on() -> None:
    assert found("old", before="2026-11-22") == set()
    assert ("alpha", "venue") in found("old", before="2026-11-23")
    assert found("old", edited(MODEL, ("checked: 2026-11-22", "checked: 2026-11")), before="2026-11-30") & {("beta", "developer")} == set()


def test_old_evidence_with_newer_beside_it_is_not_old() -> None:
    newer = edited(
        PAPER,
        ("  - {for: venue, in: text, at: all of it}\n", "  - {for: venue, in: text, at: all of it}\n  - {for: venue, in: new, at: all of it}\n"),
        ("references:\n", 'references:\n  new: {url: "https://example.org/n", first_hand: yes, checked: 2027-06-01}\n'),
    )
    assert ("alpha", "venue") not in found("old", newer, before="2027-01-01")


def test_fields_that_pages_of_the_kind_usually_have() -> None:
    """One of two has a venue, so the other is asked for it; what nobody has is no omission."""
    more = minimal.PAGES | {"papers/delta.md": minimal.page("papers/delta.md")}
    unread = found("unread", more)
    assert ("delta", "venue") in unread and ("delta", "data.instances") in unread
    assert not {field for _, field in unread} & {"data.tasks", "data.messages"}
    assert not {field for page, field in unread if page == "alpha"}


def test_a_field_that_a_verdict_misses_is_asked_for() -> None:
    """Nobody else says when data were generated; the terms in force then decide."""
    assert ("alpha", "data.generated") in found("unread", edited(PAPER, ("  generated: 2023-01/2023-02\n", "")))
    assert ("beta", "data.generated") not in found("unread")


def test_a_group_that_there_is_none_of_is_not_asked_for() -> None:
    none = edited(PAPER, ("    small: {base: [beta/7B], form: delta, license: CC-BY-NC-4.0}\n", ""), ("  weights:\n", "  weights: none\n"))
    assert not [path for page, path in found("unread", none) if page == "alpha" and path.startswith("releases")]


def test_more_verdicts_hang_on_what_more_rests_on() -> None:
    """The licence bears the paper's and the model's releases; the paper's data bear its own only; a venue bears nothing."""
    every = Tasks(minimal.corpus_of(minimal.PAGES))
    pages = {page.id: page for page in every.corpus.pages}
    license = every.weight(pages["cc-by-nc-4.0"], ("reach", "output"))
    model = every.weight(pages["beta"], ("releases", "weights", "license"))
    data = every.weight(pages["alpha"], ("releases", "data", "license"))
    assert license > model >= data > 0
    assert every.weight(pages["alpha"], ("venue",)) == every.weight(pages["alpha"], ("releases", "data", "gated")) == 0
    assert every.weight(pages["cc-by-nc-4.0"], ("answers", "commercial-use")) < license


def test_the_weightiest_stand_first() -> None:
    files = edited(LICENSE, ("first_hand: yes", "first_hand: no"), pages=edited(MODEL, ("first_hand: yes", "first_hand: no")))
    listed = tasks(files)
    weights = [task.weight for task in listed]
    assert weights == sorted(weights, reverse=True)
    assert listed[0].page.id == "beta"  # of the licence each answer bears one question only


def test_every_kind_of_task_is_told_in_words() -> None:
    assert {task.kind for task in tasks(before="2030-01-01")} <= KINDS.keys()


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [("2026-11-22", 12, "2025-11-22"), ("2024-02-29", 12, "2023-02-28"), ("2026-03-31", 1, "2026-02-28"), ("2026-01-15", 1, "2025-12-15")],
)
def test_months_are_counted_by_the_calendar(day: str, months: int, before: str) -> None:
    assert months_before(datetime.date.fromisoformat(day), months) == before


def run(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> tuple[int, list[str], str]:
    code = main(["stale", "--root", str(root), *arguments])
    told = capsys.readouterr()
    return code, told.out.splitlines(), told.err


def test_stale_lists_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    minimal.write(tmp_path)
    code, lines, err = run(capsys, tmp_path, "--today", "2026-11-23")
    assert code == 0
    assert lines[0].strip().endswith("papers/alpha.md:30: releases.data.license: sources disagree: card says 'MIT'")
    assert "verdicts  papers/alpha.md" in lines[0]
    assert "sources disagree: 1" in err


def test_stale_by_age_kind_and_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    minimal.write(tmp_path)
    assert "evidence is old" in run(capsys, tmp_path, "--today", "2027-12-24")[2]
    assert "evidence is old" not in run(capsys, tmp_path, "--today", "2027-12-24", "--months", "24")[2]
    _, lines, _ = run(capsys, tmp_path, "--today", "2027-12-24", "--kind", "old", "--limit", "2")
    assert len(lines) == 3 and lines[-1].startswith("… and ")
    assert all("evidence is old: last read 2026-11-22" in line for line in lines[:2])


@pytest.mark.parametrize("arguments", [["--today", "tomorrow"], ["--months", "99999"]])
def test_stale_of_no_day(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    minimal.write(tmp_path)
    code, lines, err = run(capsys, tmp_path, *arguments)
    assert (code, lines) == (2, [])
    assert "is no day" in err


@pytest.mark.parametrize("subject", ["wanted-disagreements", "wanted-evidence", "wanted-fields", "oldest-evidence"])
def test_tables_of_what_is_wanted(subject: str) -> None:
    """They ask no clock: the same pages give the same table."""
    corpus: Corpus = minimal.corpus_of(minimal.PAGES | {"papers/delta.md": minimal.page("papers/delta.md", "venue: Somewhere")})
    headings, styles, make = PARTS[subject]
    rows = make(corpus)
    assert rows
    assert all(len(cells) == len(headings) == len(styles) for _, cells in rows)
    assert rows == make(corpus)
