"""The cost of `check` for many pages as full as Alpaca's, the fullest kind of page there is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent


def write(root: Path, size: int) -> None:
    """Write the review with so many more pages like Alpaca's, each with texts of its own."""
    for name in ("papers", "models", "licenses", "sources", "review"):
        shutil.copytree(PROJECT / name, root / name)
    shutil.copy(PROJECT / "index.md", root)
    text = (PROJECT / "papers/alpaca.md").read_text("utf-8")
    head, facts, body = text.split("---\n", 2)
    for number in range(size):
        # Other texts everywhere, so that nothing is read once for all pages
        varied = re.sub(r"(?m)( (?:quote|note|at|title|what|summary): \"?[A-Za-z][a-z']+)", rf"\1 {number}", facts)
        varied = varied.replace("short: Alpaca", f"short: Alpaca {number}", 1)
        (root / f"papers/alpaca-{number}.md").write_text(f"{head}---\n{varied}---\n{body}\nThis is page {number}.\n", "utf-8")


def runs(folder: Path, size: int, count: int) -> list[float]:
    """Return the CPU seconds of the command, several times; modules are compiled before, as they are for any user."""
    root = folder / "review"
    write(root, size)
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "_ext"), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    took = []
    for _ in range(count + 1):
        with subprocess.Popen(
            [sys.executable, "-m", "litreview", "check", "--root", root], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            assert process.stdout is not None
            told = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"the pages do not check clean:\n{told[:2000]}")
        took.append(usage.ru_utime + usage.ru_stime)
    return took[1:]
