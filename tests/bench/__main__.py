"""Measure what grows with the review: all verdicts, and `check`; CPU time of this process or of the command."""

from __future__ import annotations

import gc
import json
import math
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lineages import thousands
from litreview.corpus import Corpus
from litreview.verdicts import ARTEFACTS, QUESTIONS

ROOT = Path(__file__).parent.parent.parent
RUNS = 5


def verdicts(size: int) -> float:
    """Return the CPU seconds of all verdicts of a synthetic review: every artefact and question, both readings, with all that goes with an answer."""
    pages = thousands(size)
    took = []
    for _ in range(RUNS if size <= 1000 else 2):
        corpus = Corpus(pages)
        gc.collect()
        gc.freeze()  # the pages were there before
        start = time.process_time()
        for page in corpus.pages:
            for artefact in ARTEFACTS.get(page.kind, ()):
                for question in QUESTIONS:
                    for verdict in corpus.verdicts.both(page, artefact, question):
                        _ = verdict.answer, verdict.reason, verdict.requires, verdict.restricts, verdict.scope, verdict.deciding
        took.append(time.process_time() - start)
        gc.unfreeze()
    return statistics.median(took)


def check(size: int) -> float:
    """Return the CPU seconds of `check` over a review with many copies of Alpaca's page."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("papers", "models", "licenses", "sources"):
            shutil.copytree(ROOT / name, root / name)
        text = (ROOT / "papers/alpaca.md").read_text("utf-8")
        for number in range(size):
            (root / f"papers/alpaca-{number}.md").write_text(text.replace("short: Alpaca", f"short: Alpaca {number}", 1), "utf-8")
        took = []
        for _ in range(RUNS):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-m", "litreview", "check", "--root", root], check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return statistics.median(took)


def main() -> None:
    """Print the figures and write them to `_build/bench.json`."""
    small, large = verdicts(1000), verdicts(4000)
    figures = {
        "verdicts, 1,000 records": small,
        "verdicts, 4,000 records": large,
        "growth exponent of the verdicts": math.log(large / small, 4),
        "check, 1,000 pages as full as Alpaca's": check(1000),
    }
    for name, value in figures.items():
        print(f"{name:45} {value:8.2f}" + ("" if "exponent" in name else " s CPU"))
    target = ROOT / "_build/bench.json"
    target.parent.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    target.write_text(json.dumps({"machine": machine, "figures": figures}, indent=1) + "\n")


if __name__ == "__main__":
    main()
