"""What the book costs: CPU beyond reading the pages, for each paper's page more, and memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).parent.parent.parent
PARTS = ("papers", "models", "licenses", "sources", "review", "contribute", "_ext", "_static")


class Cost(NamedTuple):
    """CPU in seconds, memory in GB."""

    cpu: float
    memory: float


def of(folder: Path, papers: int) -> Cost:
    """Return what the book of the review with so many papers costs beyond reading; those it has not are copies of its own."""
    root = folder / f"book-{papers}"
    for name in PARTS:
        shutil.copytree(PROJECT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("conf.py", "index.md"):
        shutil.copy(PROJECT / name, root / name)
    own = sorted(path for path in (root / "papers").glob("*.md") if path.name != "index.md")
    for number in range(papers - len(own)):
        text = own[number % len(own)].read_text("utf-8")
        (root / f"papers/copy-{number}.md").write_text(text.replace("\nshort: ", f"\nshort: Copy {number} of ", 1), "utf-8")
    doctrees = root / "doctrees"
    _run(root, doctrees, "dummy")  # reads, and writes nothing
    read = _run(root, doctrees, "dummy")
    made = _run(root, doctrees, "typst")
    return Cost(made.cpu - read.cpu, made.memory)


def _run(root: Path, doctrees: Path, builder: str) -> Cost:
    command = [sys.executable, "-m", "sphinx", "-q", "-b", builder, "-d", str(doctrees), str(root), str(root / builder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"the build of {builder} broke off")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6)


def growth(folder: Path) -> tuple[float, Cost]:
    """Return the CPU seconds of one paper's page more, from 20 papers to 60, and what the book of 60 papers costs."""
    small, large = of(folder, 20), of(folder, 60)
    return (large.cpu - small.cpu) / 40, large
