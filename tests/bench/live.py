"""Measure `make live`: from saving a page of a review of 100 until its new text is in the browser.

    PYTHONPATH=tests python -m bench.live [pages]

Seconds on the wall depend on what else the machine does, so the processor time of the build is told beside them.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
PARTS = ("_ext", "_static", "_templates", "papers", "models", "licenses", "sources", "review", "contribute", "conf.py", "index.md")


def review(target: Path, pages: int) -> None:
    """Copy the review, with papers copied under new ids until there are `pages` record pages."""
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / part).exists():
            shutil.copy(ROOT / part, target / part)
    there = sum(1 for folder in ("papers", "models", "licenses", "sources") for path in (target / folder).glob("*.md") if path.name != "index.md")
    originals = sorted(path for path in (target / "papers").glob("*.md") if path.name != "index.md")
    for number in range(max(pages - there, 0)):
        text = originals[number % len(originals)].read_text("utf-8")
        (target / "papers" / f"copy-{number}.md").write_text(re.sub(r"^short: .*$", f"short: Copy {number}", text, count=1, flags=re.MULTILINE), "utf-8")


def cpu(pid: int) -> float:
    """Return the processor seconds of a process and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def served(root: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `litreview live` and give its process and address; it is stopped whatever happens."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "_ext"), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "litreview", "live", "--root", str(root)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            said = []
            assert process.stdout is not None
            for line in process.stdout:
                said.append(line)
                if found := re.search(r"The review: (http://127\.0\.0\.1:\d+)", line):
                    yield process, found[1]
                    return
            raise RuntimeError("".join(said))
        finally:
            process.terminate()
            process.wait(20)


def saves(root: Path, edits: list[tuple[str, str, str]], chromium: str = "/usr/bin/chromium") -> Iterator[tuple[str, float, float]]:
    """Yield for each edit (page, old text, new text; `…` in it becomes unique) its page, wall seconds and processor seconds."""
    with served(root) as (process, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        for number, (name, old, new) in enumerate(edits):
            page.goto(f"{address}/{name.removesuffix('.md')}.html")
            page.wait_for_timeout(1500)  # the page's own connection to the server, and the watcher, settle
            path, mark = root / name, f"saved{number}"
            text = path.read_text("utf-8")
            assert old in text
            spent, since = cpu(process.pid), time.perf_counter()
            path.write_text(text.replace(old, new.replace("…", mark), 1), "utf-8")
            page.get_by_text(mark).first.wait_for(timeout=60_000)
            wall = time.perf_counter() - since
            page.wait_for_timeout(300)  # the build's process ends a moment after its last file
            yield name, wall, cpu(process.pid) - spent
        browser.close()


EDITS = [
    ("papers/alpaca.md", "## What it did\n", "## What it did\n\nProse …\n"),
    ("papers/lima.md", "## What it did\n", "## What it did\n\nProse …\n"),
    ("papers/alpaca.md", "summary: ", "summary: Fact … "),
    ("papers/lima.md", "summary: ", "summary: Fact … "),
    ("models/llama.md", "summary: ", "summary: Fact … "),
    ("papers/alpaca.md", "## What it did\n", "## What it did\n\nProse …\n"),
]


def main(pages: int = 100) -> None:
    """Print the measurements."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "review"
        root.mkdir()
        review(root, pages)
        print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; {pages} record pages")
        walls, spents = [], []
        for name, wall, spent in saves(root, EDITS):
            print(f"  {name}: in the browser after {wall:.2f} s, processor {spent:.2f} s")
            walls.append(wall)
            spents.append(spent)
        print(f"median {statistics.median(walls):.2f} s on the wall, {statistics.median(spents):.2f} s of processor time")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
