"""Show the review in the browser, and anew whenever a page is saved: sphinx-autobuild, with its builds kept warm.

sphinx-autobuild starts a new Python for each build, and most of a small build is loading Sphinx. But it calls its builder in a
forked process, so a builder that works in that process finds everything loaded. Code that changed since the start is not what
is loaded: then a new Python builds, as sphinx-autobuild would have.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import multiprocessing
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import uvicorn
from sphinx.cmd.build import main as sphinx_build
from sphinx_autobuild.__main__ import _create_app  # the command line offers no builder of one's own
from sphinx_autobuild.build import Builder
from sphinx_autobuild.filter import IgnoreFilter
from sphinx_autobuild.utils import find_free_port, open_browser

IGNORED = ("_build", ".git", ".venv", ".ci", ".github", "tests", "node_modules", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis")
TEMPORARY = (r"/\.[^/]*$", r"~$", r"/4913$", r"/__pycache__/")  # what editors write beside a page while they save it


class WarmBuilder(Builder):  # type: ignore[misc] # sphinx-autobuild has no types
    """Build in this process, where Sphinx is loaded."""

    def __init__(self, root: Path, options: list[str], host: str) -> None:
        super().__init__(options, url_host=host, pre_build_commands=[], post_build_commands=[])
        self._root = root
        self._started = time.time()

    def __call__(self, *, changed_paths: Sequence[Path]) -> None:
        """Build, and say how long it took and what came of it."""
        if any(path.stat().st_mtime > self._started for path in [*(self._root / "_ext").rglob("*.py"), self._root / "conf.py"]):
            super().__call__(changed_paths=changed_paths)
            return
        since = time.perf_counter()
        gc.disable()  # a build's objects live as long as the process that makes them
        # The data files are a third of a small build and nobody waits for them; the next `make html` sees that they are old.
        code = sphinx_build([*(["-D", "litreview_exports=0"] if changed_paths else []), *self.sphinx_args])
        gc.enable()
        names = ", ".join(sorted({path.name for path in changed_paths})[:3]) or "everything"
        print(f"{names}: built in {time.perf_counter() - since:.1f} s{f', which ended with {code}' if code else ''} – {self.uri}", flush=True)


def serve(arguments: argparse.Namespace) -> int:
    """Build, serve on this machine only, and watch until stopped with Ctrl+C."""
    root: Path = arguments.root.resolve()
    out = root / "_build" / "html"
    # Forking is what keeps builds warm; on a Mac a process with threads must not fork, so builds load Sphinx there each time.
    if "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin":
        multiprocessing.set_start_method("fork", force=True)
    port = arguments.port or find_free_port()
    host = f"127.0.0.1:{port}"
    out.mkdir(parents=True, exist_ok=True)
    builder = WarmBuilder(root, ["-q", "-b", "html", "-d", str(root / "_build" / "doctrees"), str(root), str(out)], host)
    builder(changed_paths=())
    app = _create_app([root], IgnoreFilter([str(root / name) for name in IGNORED], TEMPORARY), builder, out, host)
    if arguments.open:
        open_browser(host, 1)
    print(f"Watching; stop with Ctrl+C. The review: http://{host}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
    return 0
