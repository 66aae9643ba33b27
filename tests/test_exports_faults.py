"""Exports whose writing breaks off: killed, out of space, or with another writing at the same time.

Every file is the old one or the new one, the next writing makes all of them new, and nothing temporary stays.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import resource
import signal
from pathlib import Path

import minimal
import pytest
from litreview.files import STAGING, _staging, write_together
from minimal import PAPER, edited
from test_faults import in_a_child, steps_to_disk

OLD = {"one.txt": b"1", "a/two.txt": b"2" * 5_000, "a/b/three.txt": b"3", "same.txt": b"same"}
NEW = {"one.txt": b"new 1", "a/two.txt": b"new 2" * 5_000, "a/b/three.txt": b"new 3", "same.txt": b"same", "c/four.txt": b"new 4"}


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def whole(found: dict[str, bytes], *editions: dict[str, bytes]) -> bool:
    """Tell whether every file that has its own name is one of the editions' files."""
    return all(any(data == edition.get(name) for edition in editions) for name, data in found.items() if STAGING not in name)


def steps_of(run: object, report: Path) -> int:
    assert callable(run)
    assert in_a_child(lambda: steps_to_disk(run, report=report)) == 0
    return int(report.read_text())


def test_a_writing_that_is_killed_at_any_step_is_made_whole_by_the_next(tmp_path: Path) -> None:
    def fresh(name: str) -> Path:
        write_together(tmp_path / name, OLD)
        return tmp_path / name

    counted = fresh("counted")
    steps = steps_of(lambda: write_together(counted, NEW), tmp_path / "steps")
    assert steps >= 10
    mixed = 0
    for step in range(1, steps + 1):
        folder = fresh(str(step))
        assert in_a_child(lambda: steps_to_disk(lambda: write_together(folder, NEW), stop_at=step)) == -signal.SIGKILL, step  # noqa: B023
        left = files_of(folder)
        assert whole(left, OLD, NEW), step
        assert OLD.keys() <= left.keys(), step
        mixed += any(STAGING in name for name in left)
        write_together(folder, NEW)
        assert files_of(folder) == NEW, step
        assert not list(folder.rglob(f"{STAGING}*")), step
    assert mixed, "no kill came while temporary files were there: the test tests nothing"


def test_what_a_kill_left_goes_though_nothing_is_new(tmp_path: Path) -> None:
    write_together(tmp_path, OLD)
    left = tmp_path / f"{STAGING}left"
    left.mkdir()
    (left / "0").write_bytes(b"half")
    assert write_together(tmp_path, OLD) == 0
    assert files_of(tmp_path) == OLD
    assert not left.exists()


def test_another_writing_of_the_same_folder_is_left_alone(tmp_path: Path) -> None:
    with _staging(tmp_path) as staging:
        (staging / "0").write_bytes(b"of the other")
        assert write_together(tmp_path, NEW) == len(NEW)
        assert (staging / "0").read_bytes() == b"of the other"
    assert files_of(tmp_path) == NEW


def export(root: Path, out: Path) -> int:
    return minimal.main(["export", "all", "--root", str(root), "--output", str(out)])


@pytest.fixture
def review(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, Path, dict[str, bytes], dict[str, bytes]]:
    """Return a review that was exported and then changed, where it was exported to, and its files before and after the change."""
    root, out, other = minimal.write(tmp_path / "review"), tmp_path / "out", tmp_path / "other"
    assert export(root, out) == 0
    old = files_of(out)
    minimal.write(root, edited(PAPER, ("published: 2023-03-13", "published: 2023")))
    assert export(root, other) == 0
    capsys.readouterr()
    return root, out, old, files_of(other)


def test_an_export_that_is_killed_is_made_whole_by_the_next(tmp_path: Path, review: tuple[Path, Path, dict[str, bytes], dict[str, bytes]]) -> None:
    root, out, old, new = review
    assert old != new
    for name in old:
        assert (out / name).read_bytes() == old[name]
    write_together(tmp_path / "counted", old)
    steps = steps_of(lambda: export(root, tmp_path / "counted"), tmp_path / "steps")
    assert steps > 2 * sum(old[name] != new[name] for name in new)
    for step in range(1, steps, 4):
        write_together(out, old)
        code = in_a_child(lambda: steps_to_disk(lambda: export(root, out), stop_at=step))  # noqa: B023
        assert code == -signal.SIGKILL, step
        assert whole(files_of(out), old, new), step
        assert export(root, out) == 0
        assert files_of(out) == new, step
        assert not list(out.rglob(f"{STAGING}*")), step


@pytest.mark.parametrize("room", [0, 3_000, 40_000])
def test_a_full_disk_leaves_the_old_files_and_is_told_in_one_line(
    room: int, tmp_path: Path, review: tuple[Path, Path, dict[str, bytes], dict[str, bytes]]
) -> None:
    """A limit on the size of files stands for the end of the disk: writing fails in the middle of a file."""
    root, out, old, new = review
    said = tmp_path / "said"

    def cramped() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        out_text, error_text = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out_text), contextlib.redirect_stderr(error_text):
            code = export(root, out)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        said.write_text(f"{code}\n{out_text.getvalue()}{error_text.getvalue()}")

    assert in_a_child(cramped) == 0
    code, line = said.read_text().removesuffix("\n").split("\n")
    assert code == "2"
    assert line.startswith(f"litreview export: {out}{os.sep}"), "the file's own name, not a temporary one"
    assert line.endswith(f": {os.strerror(errno.EFBIG)}")
    assert STAGING not in line
    assert files_of(out) == old
    assert not list(out.rglob(f"{STAGING}*"))
    assert export(root, out) == 0
    assert files_of(out) == new
