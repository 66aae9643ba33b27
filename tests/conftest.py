"""What the tests of the upper floor share: small reviews on disk, and builds in this process."""

from __future__ import annotations

import fcntl
import functools
import gc
import io
import json
import logging
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import pytest
import sphinx.theming
from browsing import ARGUMENTS, CHROMIUM, MISSING, REQUIRED, serve
from litreview.corpus import load
from litreview.verdicts import Verdicts
from playwright.sync_api import Browser, Page, sync_playwright
from sphinx.application import Sphinx
from sphinx.builders.html._assets import _file_checksum_inner
from sphinx.util.docutils import docutils_namespace, patch_docutils

ROOT = Path(__file__).parent.parent
ROOTS = Path(__file__).parent / "roots"


@pytest.fixture(autouse=True)
def _collector_goes_on() -> Iterator[None]:
    """Let the collector of garbage go on: the command line switches it off for its short life, and tests run it in this process."""
    yield
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once() -> Iterator[None]:
    """Keep compiled templates between builds: compiling the same ones anew takes a third of a small build's time."""
    compiled: dict[Any, Any] = {}
    compile_template = jinja2.Environment.compile

    def compile_once(self: Any, source: Any, name: Any = None, filename: Any = None, *others: Any) -> Any:
        key = (type(self), self.block_start_string, self.variable_start_string, self.trim_blocks, *self.extensions, source, name, filename, *others)
        if key not in compiled:
            compiled[key] = compile_template(self, source, name, filename, *others)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Environment, "compile", compile_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _themes_looked_for_once() -> Iterator[None]:
    """Keep the list of what installed packages offer: every build of pages would read the metadata of all of them again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sphinx.theming, "entry_points", functools.cache(sphinx.theming.entry_points))
        yield


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what was imported: it is never garbage, and every build would have it looked through several times."""
    gc.collect()
    gc.freeze()


@dataclass
class Result:
    """What a build gave: its exit code with warnings as errors, its warnings, its output."""

    code: int
    warnings: str
    outdir: Path

    def text(self, name: str) -> str:
        return (self.outdir / name).read_text("utf-8")

    def files(self) -> dict[str, bytes]:
        """Return the output without what Sphinx itself dates or what names the build."""
        skipped = {".buildinfo", ".litreview-stamp.json", "environment.pickle"}
        return {
            path.relative_to(self.outdir).as_posix(): path.read_bytes()
            for path in sorted(self.outdir.rglob("*"))
            if path.is_file() and path.name not in skipped
        }


@contextmanager
def _only_warnings() -> Iterator[None]:
    """Keep Sphinx from making what it says below a warning, hundreds of times a build: here nobody reads it."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(before)


def build(source: Path, builder: str = "html", *, parallel: int = 0, out: Path | None = None, doctrees: Path | None = None, fresh: bool = False) -> Result:
    """Build a review as `make html` does: warnings as errors, all of them, whatever their number."""
    base = source.parent / f"{source.name}-built"
    outdir = out or base / builder
    warning = io.StringIO()
    _file_checksum_inner.cache_clear()  # Sphinx keeps checksums of styles and scripts until the process ends, which is the build's end elsewhere
    with patch_docutils(str(source)), docutils_namespace(), _only_warnings():
        app = Sphinx(
            source, source, outdir, doctrees or base / "doctrees", builder, status=None, warning=warning,
            parallel=parallel, freshenv=fresh, warningiserror=True,
        )  # fmt: skip
        app.build()
        return Result(app.statuscode, re.sub(r"\x1b\[[0-9;]*m", "", warning.getvalue()), outdir)


def build_clean(source: Path, builder: str = "html", *, parallel: int = 0) -> Result:
    """Build into new folders, so that nothing is left from before."""
    base = source.parent / f"{source.name}-clean"
    shutil.rmtree(base, ignore_errors=True)
    return build(source, builder, parallel=parallel, out=base / builder, doctrees=base / "doctrees")


@pytest.fixture
def review(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that copies a review of tests/roots/ to a folder of the test's own."""

    def copy(name: str) -> Path:
        target = tmp_path / name
        shutil.copytree(ROOTS / name, target)
        return target

    return copy


def replace(path: Path, old: str, new: str) -> None:
    """Replace text in a file; the text must be there, or the test tests nothing."""
    text = path.read_text("utf-8")
    assert old in text, f"{path.name} does not hold {old!r}"
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture(scope="session")
def real_verdicts() -> Verdicts:
    """Return the verdicts of the review itself."""
    return Verdicts(load(ROOT))


@pytest.fixture(scope="session")
def review_site(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return the review itself, built once for all tests of a run, whichever process builds it."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if base.name.startswith("popen-") else base) / "review-site"
    shared.mkdir(exist_ok=True)
    done = shared / "result.json"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            source = shared / "review"
            ignored = shutil.ignore_patterns(".git", ".venv", "_build", "tests", "__pycache__", ".*_cache")
            shutil.copytree(ROOT, source, ignore=ignored)
            built = build(source)
            done.write_text(json.dumps([built.code, built.warnings, str(built.outdir)]))
    code, warnings, outdir = json.loads(done.read_text())
    return Result(code, warnings, Path(outdir))


@pytest.fixture(scope="session")
def served(review_site: Result) -> Iterator[str]:
    """Return the address under which the review is served."""
    with serve(review_site.outdir) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium; without it a test says in one line how to get it, and in CI that is a failure."""
    if CHROMIUM is None:
        assert not REQUIRED, MISSING
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _window(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(accept_downloads=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def window(_window: Page) -> Iterator[Page]:
    """Return a window as at a first visit, light and 1366 pixels wide; the same one for all tests, as a new one takes more than a second to open and fill."""
    _window.set_viewport_size({"width": 1366, "height": 900})
    _window.emulate_media(media="screen", color_scheme="light", reduced_motion="no-preference")
    yield _window
    _window.evaluate("if (location.protocol.startsWith('http')) { localStorage.clear(); sessionStorage.clear() }")
    _window.context.clear_cookies()
    _window.goto("about:blank")  # an address that differs after `#` only would not be loaded again
