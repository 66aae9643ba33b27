"""`make live`: a saved page is in the browser, with builds that find Sphinx loaded."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, MISSING, REQUIRED
from conftest import ROOTS, replace
from sphinx.cmd.build import main as sphinx_build

Copy = Callable[[str], Path]


@pytest.fixture
def herd(review: Copy) -> Path:
    """Return a review with code of its own, as a clone has it, whose age decides how it is built."""
    root = review("herd")
    (root / "_ext").mkdir()
    return root


def test_a_saved_page_is_in_the_browser(herd: Path) -> None:
    if CHROMIUM is None and not REQUIRED:
        pytest.skip(MISSING)
    assert CHROMIUM is not None, MISSING
    from bench.live import saves

    edits = [("papers/camel.md", "summary: ", "summary: Fact … "), ("papers/dromedary.md", "summary: ", "summary: Fact … ")]
    with ThreadPoolExecutor(1) as thread:  # its browser is its own, and one thread can drive only one
        seen = thread.submit(lambda: [name for name, _, _ in saves(herd, edits, CHROMIUM)]).result()
    assert seen == ["papers/camel.md", "papers/dromedary.md"]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """Note how builds are started instead of building."""
    from litreview.extension import live

    noted: list[tuple[str, list[str]]] = []

    def cold(self: Any, *, changed_paths: Sequence[Path]) -> None:
        noted.append(("cold", [path.name for path in changed_paths]))

    def warm(options: list[str]) -> int:
        noted.append(("warm", options))
        return 0

    monkeypatch.setattr(live.Builder, "__call__", cold)
    monkeypatch.setattr(live, "sphinx_build", warm)
    return noted


def test_pages_are_built_warm_and_changed_code_is_not(herd: Path, calls: list[tuple[str, list[str]]], capsys: pytest.CaptureFixture[str]) -> None:
    from litreview.extension.live import WarmBuilder

    code = herd / "_ext" / "mine.py"
    code.write_text("", "utf-8")
    os.utime(code, (1, 1))
    os.utime(herd / "conf.py", (1, 1))
    builder = WarmBuilder(herd, ["-q", "x"], "127.0.0.1:1")
    builder(changed_paths=())
    builder(changed_paths=[herd / "papers/camel.md"])
    assert "camel.md: built in" in capsys.readouterr().out
    os.utime(code, (time.time() + 5, time.time() + 5))
    builder(changed_paths=[code])
    assert calls == [("warm", ["-q", "x"]), ("warm", ["-D", "litreview_exports=0", "-q", "x"]), ("cold", ["mine.py"])]


def test_a_build_without_data_files_leaves_them_to_the_next(herd: Path, tmp_path: Path) -> None:
    options = ["-q", "-b", "html", "-d", str(tmp_path / "dt"), str(herd), str(tmp_path / "out")]
    assert sphinx_build(options) == 0
    data = tmp_path / "out/data/review.json"
    before = data.read_text("utf-8")
    replace(herd / "papers/camel.md", "summary: ", "summary: Mended. ")
    assert sphinx_build(["-D", "litreview_exports=0", *options]) == 0
    assert data.read_text("utf-8") == before
    assert "Mended. " in (tmp_path / "out/papers/camel.html").read_text("utf-8")
    assert sphinx_build(options) == 0
    assert "Mended. " in data.read_text("utf-8")


def test_without_its_library_live_says_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    from litreview.__main__ import main

    monkeypatch.delitem(sys.modules, "litreview.extension.live", raising=False)
    monkeypatch.setitem(sys.modules, "sphinx_autobuild.build", None)
    monkeypatch.setitem(sys.modules, "sphinx_autobuild.__main__", None)
    assert main(["live", "--root", str(ROOTS / "herd")]) == 2
    assert "is missing: `make live` installs it" in capsys.readouterr().err
