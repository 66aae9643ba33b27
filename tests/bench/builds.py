"""Build the same pages with our extension and without it, each in a process of its own, and compare."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import pages

TESTS = Path(__file__).parent.parent
SPHINX_OWN = {"search.html"}  # written by every build


@dataclass(frozen=True)
class Cost:
    """What one build cost."""

    cpu: float  # user and system, of the process and its children
    memory: int  # the largest resident set, KiB
    report: dict[str, Any]
    written: frozenset[str]  # HTML files
    changed: frozenset[str]  # those of them whose bytes changed

    @property
    def own(self) -> float:
        """Return our own hooks' CPU seconds."""
        return float(self.report["own"])


class Side:
    """A folder of pages, its build, and what its last build left."""

    def __init__(self, folder: Path, papers: int, *, floor: bool) -> None:
        self.root, self.out, self._folder = folder / "source", folder / "html", folder
        pages.write(self.root, papers, floor=floor)
        self._state: dict[str, tuple[int, bytes]] = {}

    def build(self, mode: str = "time") -> Cost:
        """Build once; the environment is left for the next build."""
        report = self._folder / "report.json"
        command = [sys.executable, TESTS / "bench/driver.py", self.root, self._folder / "doctrees", self.out, report, mode]
        # Compiled modules as any user has them, and strings hashed alike, so that calls can be counted
        environment = {**os.environ, "PYTHONPATH": str(TESTS), "PYTHONHASHSEED": "0"}
        if environment.pop("PYTHONDONTWRITEBYTECODE", None):
            environment["PYTHONPYCACHEPREFIX"] = str(self._folder.parent / "compiled")
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            warnings = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode or "WARNING" in warnings or "ERROR" in warnings:
            raise RuntimeError(f"{self.root} did not build clean:\n{warnings[-3000:]}")
        before, self._state = self._state, self._files()
        written = frozenset(name for name, (when, _) in self._state.items() if before.get(name, (0, b""))[0] != when)
        changed = frozenset(name for name in written if before.get(name, (0, b""))[1] != self._state[name][1])
        return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss, json.loads(report.read_text()), written, changed)

    def _files(self) -> dict[str, tuple[int, bytes]]:
        return {
            path.relative_to(self.out).as_posix(): (path.stat().st_mtime_ns, hashlib.blake2b(path.read_bytes()).digest()) for path in self.out.rglob("*.html")
        }

    def edit(self, docname: str, old: str, new: str) -> None:
        """Change a page; what is replaced must be there."""
        path = self.root / f"{docname}.md"
        text = path.read_text("utf-8")
        if old not in text:
            raise ValueError(f"{docname} does not hold {old!r}")
        path.write_text(text.replace(old, new, 1), "utf-8")

    def page(self, docname: str) -> bytes:
        """Return a page's HTML."""
        return (self.out / f"{docname}.html").read_bytes()


@dataclass(frozen=True)
class Pair:
    """One build of ours and one of the floor, right after each other."""

    ours: Cost
    floor: Cost

    @property
    def ratio(self) -> float:
        """Return our CPU time over the floor's."""
        return self.ours.cpu / self.floor.cpu


class Sides:
    """Both sides of a comparison."""

    def __init__(self, folder: Path, papers: int) -> None:
        self.papers = papers
        self.ours = Side(folder / "ours", papers, floor=False)
        self.floor = Side(folder / "floor", papers, floor=True)

    def build(self, mode: str = "time") -> Pair:
        """Build both."""
        floor = self.floor.build(mode)
        return Pair(self.ours.build(mode), floor)

    def edit(self, docname: str, old: str, new: str) -> None:
        """Change a page on both sides."""
        self.ours.edit(docname, old, new)
        self.floor.edit(docname, old, new)


def row_bytes(html: str, rows: int) -> tuple[float, float]:
    """Return a table page's bytes a row, raw and gzipped, of what stands in its bodies."""
    body = "".join(re.findall(r"<tbody>.*?</tbody>", html, re.DOTALL)).encode()
    return len(body) / rows, len(gzip.compress(body, 9)) / rows
