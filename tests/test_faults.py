"""Builds that break off: killed, out of space, kept from writing, or with a page that goes away under them.

What breaks off says why in one line, and whatever it left, the next build gives what a clean build gives.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import minimal
import pytest
from conftest import ROOTS, Result, build, replace
from litreview.extension.events import Build
from litreview.extension.faults import FileError
from litreview.files import STAGING
from soak import seeds, times

Outcome = tuple[int, list[str], dict[str, bytes]]


def outcome(result: Result) -> Outcome:
    return result.code, sorted(set(result.warnings.splitlines())), {name: data for name, data in result.files().items() if not name.startswith(".")}


class Changed:
    """A review that was built and then changed in every way; it can be had again as it was."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "herd"
        self.built = folder / "herd-built"
        self._kept = folder / "kept"
        shutil.copytree(ROOTS / "herd", self.source)
        replace(self.source / "conf.py", '"furo"', '"basic"')
        build(self.source)
        replace(self.source / "papers/camel.md", "It came first.", "It came before all others.")
        replace(self.source / "papers/dromedary.md", "short: Dromedary", "short: Bactrian")
        replace(self.source / "models/wooly.md", "A model.", "A model. [Gone](../nowhere.md)")  # a warning, told when the page is read or written
        replace(self.source / "licenses/mit.md", "answer: yes", "answer: no")
        calf = self.source / "papers/llama-calf.md"
        (self.source / "papers/guanaco.md").write_text(calf.read_text().replace("Calf", "Guanaco"))
        calf.unlink()
        self.clean: dict[str, Outcome] = {}
        for builder in ("html", "latex"):
            self.clean[builder] = outcome(build(self.source, builder, out=folder / "clean" / builder, doctrees=folder / "clean/doctrees"))
        for path in (self.source, self.built):
            shutil.copytree(path, self._kept / path.name)

    def restore(self) -> None:
        for path in (self.source, self.built):
            shutil.rmtree(path)
            shutil.copytree(self._kept / path.name, path)  # with the files' times


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Changed:
    return Changed(tmp_path_factory.mktemp("changed"))


def in_a_child(run: Callable[[], None]) -> int:
    """Run in a forked process, and return how it ended."""
    child = os.fork()
    if child == 0:
        try:
            run()
        except BaseException:
            os._exit(3)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def steps_to_disk(run: Callable[[], Any], stop_at: int = 0, report: Path | None = None) -> None:
    """Run, counting what changes files; at one of these steps write half of it, and be killed."""
    count = 0

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        writes = event == "open" and isinstance(arguments[0], str | os.PathLike) and isinstance(arguments[1], str) and set(arguments[1]) & set("wax")
        if writes and Path(arguments[0]).is_dir():  # a file without a name, of which nothing is left
            return
        if not writes and event not in ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.copyfile", "shutil.copymode"):
            return
        count += 1
        if count == stop_at:
            if writes:
                handle = os.open(arguments[0], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                os.write(handle, b"<html>half")
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    run()
    if report is not None:
        seen = count
        report.write_text(str(seen))


@pytest.mark.parametrize("builder", ["html", "latex"])
def test_a_build_that_is_killed_is_made_whole_by_the_next(changed: Changed, builder: str, tmp_path: Path) -> None:
    report = tmp_path / "steps"
    changed.restore()
    assert in_a_child(lambda: steps_to_disk(lambda: build(changed.source, builder), report=report)) == 0
    steps = int(report.read_text())
    assert steps > 25
    points = times(20 if builder == "html" else 4)
    for point in sorted({1 + number * (steps - 1) // (points - 1) for number in range(points)}):
        changed.restore()
        assert in_a_child(lambda: steps_to_disk(lambda: build(changed.source, builder), stop_at=point)) == -signal.SIGKILL, point  # noqa: B023
        code, warnings, files = outcome(build(changed.source, builder))
        clean_code, clean_warnings, clean_files = changed.clean[builder]
        assert (code, warnings) == (clean_code, clean_warnings), f"killed at step {point} of {steps}"
        assert sorted(files) == sorted(clean_files), f"killed at step {point} of {steps}"
        assert [name for name in files if files[name] != clean_files[name]] == [], f"killed at step {point} of {steps}"


@pytest.mark.parametrize("written", [0, 20])
def test_a_note_of_settings_that_is_half_written_troubles_no_build(changed: Changed, written: int) -> None:
    """Sphinx's own, which it writes last."""
    changed.restore()
    write_text = Path.write_text

    def killed_while_it_writes(path: Path, text: str, *arguments: Any, **named: Any) -> int:
        if path.name != ".buildinfo":
            return write_text(path, text, *arguments, **named)
        write_text(path, text[:written])
        return os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[return-value]

    def killed() -> None:
        Path.write_text = killed_while_it_writes  # type: ignore[assignment, method-assign]
        build(changed.source)

    assert in_a_child(killed) == -signal.SIGKILL
    assert (changed.built / "html/.buildinfo").stat().st_size == written
    assert outcome(build(changed.source)) == changed.clean["html"]


@pytest.mark.parametrize("event", ["get_outdated", "env_updated", "page_context"])
@pytest.mark.parametrize("setting", ['version = "1"', "html_show_sphinx = False"])
def test_settings_that_changed_before_a_kill_come_into_force(tmp_path: Path, setting: str, event: str) -> None:
    """Sphinx notes settings before it writes pages, some before it reads them, and believes from then on that they are in force."""
    source = tmp_path / "herd"
    shutil.copytree(ROOTS / "herd", source)
    replace(source / "conf.py", '"furo"', '"basic"')
    before = outcome(build(source))
    replace(source / "conf.py", setting, setting.replace('"1"', '"2"').replace("False", "True"))

    def killed() -> None:
        setattr(Build, event, lambda *arguments: os.kill(os.getpid(), signal.SIGKILL))
        build(source)

    assert in_a_child(killed) == -signal.SIGKILL
    code, warnings, files = outcome(build(source))
    clean_code, clean_warnings, clean_files = outcome(build(source, out=tmp_path / "clean/html", doctrees=tmp_path / "clean/doctrees"))
    assert (code, warnings, sorted(files)) == (clean_code, clean_warnings, sorted(clean_files))
    assert [name for name in files if files[name] != clean_files[name]] == []
    assert clean_files != before[2], "the setting changes nothing, so this test shows nothing"


def test_a_page_that_was_added_and_deleted_around_a_kill_leaves_nothing(changed: Changed) -> None:
    changed.restore()
    page = changed.source / "papers/brief.md"
    page.write_text((changed.source / "papers/guanaco.md").read_text().replace("Guanaco", "Brief"))

    def killed_at_its_end() -> None:
        Build._finish = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment, method-assign]
        build(changed.source)

    assert in_a_child(killed_at_its_end) == -signal.SIGKILL
    assert (changed.built / "html/papers/brief.html").exists()
    page.unlink()
    assert outcome(build(changed.source)) == changed.clean["html"]


def told_by_a_child(run: Callable[[], Result], said: Path) -> str:
    """Return what a build in a process of its own said at its end."""

    def tell() -> None:
        try:
            text = run().warnings
        except FileError as error:
            text = error.category
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        said.write_text(text)

    assert in_a_child(tell) == 0, "it ended with another exception than the one that explains"
    return said.read_text()


@pytest.mark.parametrize("room", [0, 1_000, 6_000, 20_000, 60_000])
def test_a_full_disk_is_told_and_leaves_nothing_half_written(changed: Changed, room: int, tmp_path: Path) -> None:
    """A limit on the size of files stands for the end of the disk: writing fails in the middle of a file."""
    changed.restore()

    def cramped() -> Result:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        return build(changed.source)

    said = told_by_a_child(cramped, tmp_path / "said")
    assert os.strerror(errno.EFBIG) in said
    assert "Traceback" not in said
    exports = changed.built / "html/data/review.json"
    assert exports.read_bytes() == (changed._kept / "herd-built/html/data/review.json").read_bytes(), "half an export, or one that nobody asked for"
    assert not list(changed.built.rglob(f"{STAGING}*"))
    assert outcome(build(changed.source)) == changed.clean["html"]


@pytest.mark.parametrize("name", ["papers", "data", ".litreview-stamp.json", ".litreview-unfinished", "index.html"])
def test_an_output_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    """What is in the way stands for a folder that may not be written, which root always may."""
    source = minimal.write(
        tmp_path / "review", {"index.md": "# R\n\n```{toctree}\npapers/alpha\nmodels/beta\nlicenses/cc-by-nc-4.0\nsources/gamma\n```\n", **minimal.PAGES}
    )
    (source / "conf.py").write_text((ROOTS / "herd/conf.py").read_text().replace('"furo"', '"basic"'))
    place = tmp_path / "review-built/html" / name
    place.parent.mkdir(parents=True)
    if name in ("papers", "data"):
        place.write_text("in the way")
    else:
        (place / "in the way").mkdir(parents=True)
    try:
        result = build(source)
        assert result.code == 1
        said = result.warnings
    except FileError as error:
        said = str(error)
    assert name in said
    assert "Traceback" not in said
    shutil.rmtree(tmp_path / "review-built")
    assert build(source).code == 0


def test_the_command_says_in_one_line_what_stood_in_the_way(tmp_path: Path) -> None:
    source = tmp_path / "herd"
    shutil.copytree(ROOTS / "herd", source)
    out = tmp_path / "out"
    out.mkdir()
    (out / "papers").write_text("in the way")
    arguments = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(source), str(out)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "_ext"), "TMPDIR": str(tmp_path)}
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    first = re.sub(r"\x1b\[[0-9;]*m", "", done.stderr).strip().splitlines()[0]
    assert first == f"A file could not be read or written: {out}/papers: File exists!"


def give_up_powers() -> None:
    """Let file permissions hold for root too, in this process for good: its capabilities go, as an ordinary user has none (capset(2))."""
    if sys.platform == "linux":
        version_3 = 0x20080522
        header, nothing = (ctypes.c_uint32 * 2)(version_3, 0), (ctypes.c_uint32 * 6)()
        assert ctypes.CDLL(None).capset(header, nothing) == 0


def test_a_folder_that_may_not_be_written(changed: Changed, tmp_path: Path) -> None:
    changed.restore()
    said = tmp_path / "said"

    def build_without_powers() -> None:
        give_up_powers()
        try:
            build(changed.source)
        except FileError as error:
            said.write_text(str(error))

    (changed.built / "html").chmod(0o555)
    try:
        assert in_a_child(build_without_powers) == 0
    finally:
        (changed.built / "html").chmod(0o755)
    assert said.read_text() == f"{changed.built}/html: Permission denied"
    assert outcome(build(changed.source)) == changed.clean["html"]


def test_a_style_that_may_not_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    source, said = tmp_path / "herd", tmp_path / "said"
    shutil.copytree(ROOTS / "herd", source)
    conf = (source / "conf.py").read_text().replace('"furo"', '"basic"')
    (source / "conf.py").write_text(f'{conf}\nhtml_static_path = ["_static"]\n')
    style = source / "_static/herd.css"
    style.parent.mkdir()
    style.write_text("p { color: red }\n")
    style.chmod(0)

    def build_without_powers() -> None:
        give_up_powers()
        said.write_text(build(source).warnings)

    assert in_a_child(build_without_powers) == 0
    assert re.findall(r"WARNING: (.*)", said.read_text()) == [f"Failed to copy a file in html_static_file: {style}: PermissionError(13, 'Permission denied')"]
    style.chmod(0o644)
    assert build(source).code == 0
    assert (tmp_path / "herd-built/html/_static/herd.css").exists()


# --- Pages that cannot be read -----------------------------------------------------------------------------------------


def test_a_page_without_permission_is_told_by_check_and_build(changed: Changed, monkeypatch: pytest.MonkeyPatch) -> None:
    changed.restore()
    page = changed.source / "papers/guanaco.md"
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode, **more: Path(path) != page and may(path, mode, **more))
    told = "papers/guanaco.md:1: error: Permission denied [litreview.page-unreadable]"
    assert told in minimal.check(changed.source)[1]
    result = build(changed.source)
    assert result.code == 1
    assert told.replace("error", "WARNING") in result.warnings.replace(f"{changed.source}/", "")
    assert not (changed.built / "html/papers/guanaco.html").exists()
    monkeypatch.undo()
    assert outcome(build(changed.source)) == changed.clean["html"]


def test_a_page_that_cannot_be_read_after_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails, or a page that goes away between the listing and the reading."""
    minimal.write(tmp_path)
    read = open

    def fail(path: Any, *given: Any, **named: Any) -> Any:
        if str(path).endswith("alpha.md"):
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return read(path, *given, **named)

    monkeypatch.setattr("builtins.open", fail)
    assert minimal.check(tmp_path) == (1, ["papers/alpha.md:1: error: Input/output error [litreview.page-unreadable]"])


@pytest.mark.parametrize("parallel", [0, 2])
@pytest.mark.parametrize("when", ["before it is read", "while it is read", "before its source is copied"])
def test_a_page_that_vanishes_during_a_build(changed: Changed, monkeypatch: pytest.MonkeyPatch, when: str, parallel: int) -> None:
    changed.restore()
    page = changed.source / "papers/camel.md"
    event = {"before it is read": "before_read_docs", "while it is read": "source_read", "before its source is copied": "env_updated"}[when]
    handler = getattr(Build, event)

    def vanish(*arguments: Any) -> Any:
        if event != "source_read" or arguments[2] == "papers/camel":
            page.unlink(missing_ok=True)
        return handler(*arguments)

    monkeypatch.setattr(Build, event, vanish)
    with pytest.raises(FileError) as raised:
        build(changed.source, parallel=parallel)
    assert "papers/camel.md" in str(raised.value)
    assert re.search("No such file|does not exist", str(raised.value))
    assert "\n" not in str(raised.value)
    monkeypatch.undo()
    again = outcome(build(changed.source))
    assert again == outcome(build(changed.source, out=changed.source.parent / "gone/html", doctrees=changed.source.parent / "gone/doctrees"))
    shutil.rmtree(changed.source.parent / "gone")


@pytest.mark.parametrize("seed", seeds(1))
def test_kills_at_any_time(changed: Changed, seed: int) -> None:
    """By the clock instead of by the step, several times in a row."""
    import random
    import time

    chance = random.Random(seed)
    changed.restore()
    for _ in range(3):
        child = os.fork()
        if child == 0:
            build(changed.source)
            os._exit(0)
        time.sleep(chance.uniform(0.05, 1.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert outcome(build(changed.source)) == changed.clean["html"], f"seed {seed}"
