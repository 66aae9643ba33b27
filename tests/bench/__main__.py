"""Measure what grows with the review, against limits: `make bench`, `make bench CASE="check build" PAIRS=7`.

CPU time is user and system time of a process and its children. Builds are compared in pairs, ours and the floor's right after
each other: the floor is plain Sphinx and MyST with the same theme on the same pages. Seconds differ between machines and with
what else runs there; ratios of one run, files, bytes and calls hardly do.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import math
import os
import platform
import re
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import book, check, explorer, pages, verdicts
from .builds import SPHINX_OWN, Pair, Sides, row_bytes

ROOT = Path(__file__).parent.parent.parent
EDITED = "papers/paper-00003"


@dataclass(frozen=True)
class Figure:
    """One measured figure; `limit` and `aim` are upper bounds where there are any."""

    name: str
    value: float
    unit: str = ""
    limit: float | None = None
    aim: float | None = None
    runs: tuple[float, ...] = ()

    def __str__(self) -> str:
        verdict = (
            ""
            if self.limit is None
            else "  aim reached"
            if self.aim is not None and self.value <= self.aim
            else "  ok"
            if self.value <= self.limit
            else "  OVER"
        )
        bounds = "".join(f"  {name} {bound:g}" for name, bound in (("limit", self.limit), ("aim", self.aim)) if bound is not None)
        return f"{self.name:62} {self.value:10.3f} {self.unit:6}{bounds}{verdict}"


def _ratio(name: str, pairs: list[Pair], limit: float | None = None, aim: float | None = None) -> Figure:
    ratios = tuple(round(pair.ratio, 4) for pair in pairs)
    return Figure(name, statistics.median(ratios), "x", limit, aim, ratios)


def _own_share(pairs: list[Pair]) -> float:
    return statistics.median(pair.ours.own / pair.ours.report["total"] for pair in pairs)


def builds(folder: Path, papers: int, pairs: int) -> Iterator[Figure]:
    """Yield the figures of full builds and edits, each a median of so many pairs."""
    full: list[Pair] = []
    same: list[Pair] = []
    body: list[Pair] = []
    field: list[Pair] = []
    for number in range(pairs):
        sides = Sides(folder / str(number), papers)
        full.append(sides.build())
        same.append(sides.build())
        sides.edit(EDITED, "## Limits\n", "## Limits\n\nOne sentence more.\n")
        body.append(sides.build())
        sides.edit(EDITED, "instances: 2003", "instances: 7777")
        field.append(sides.build())
    size = f"{papers} papers"
    yield _ratio(f"{size}: full build over the floor", full, *([1.0, 0.9] if papers == 1000 else []))
    yield Figure(f"{size}: our own hooks' share of the process", _own_share(full), "", *([0.10, 0.05] if papers == 1000 else []))
    yield Figure(f"{size}: our own hooks over the floor's process", statistics.median(pair.ours.own / pair.floor.cpu for pair in full))
    yield _ratio(f"{size}: nothing changed", same, 1.10, 1.0)
    yield Figure(f"{size}: nothing changed, pages of ours written", len(same[-1].ours.written - SPHINX_OWN), "", 0)
    yield _ratio(f"{size}: one text changed", body, 1.10)
    yield Figure(f"{size}: one text changed, files written that the floor does not", len(body[-1].ours.written - body[-1].floor.written), "", 0)
    yield _ratio(f"{size}: one field changed", field, 1.6, 1.3)
    changed = field[-1].ours.written - field[-1].floor.written - field[-1].ours.changed
    # Sphinx marks the pages whose toctree names a page that it writes
    yield Figure(f"{size}: one field changed, unchanged files written that Sphinx need not", len(changed - {"index.html"}), "", 0)
    yield Figure(f"{size}: memory of the full build over the floor", statistics.median(pair.ours.memory / pair.floor.memory for pair in full), "x")
    raw, zipped = row_bytes(sides.ours.page("review/all").decode(), papers + 1)
    yield Figure(f"{size}: table of ten columns, a row", raw, "B", 800)
    yield Figure(f"{size}: table of ten columns, a row, gzipped", zipped, "B", 100)
    yield Figure(f"{size}: the probe's page", len(sides.ours.page(f"papers/{pages.PROBE}")), "B")
    for where, seconds in sorted(full[-1].ours.report["where"].items(), key=lambda entry: -entry[1])[:7]:
        yield Figure(f"{size}: of which {where}", seconds / full[-1].ours.report["total"])


def large(folder: Path, pairs: int) -> Iterator[Figure]:
    """Yield what only a large review shows: growth from 1000 to 4000 papers, memory, and pages that must not grow."""
    found: dict[int, list[Pair]] = {}
    probes: dict[int, bytes] = {}
    for papers in (100, 1000, 4000):
        found[papers] = []
        for number in range(min(pairs, 2) if papers == 4000 else 1):
            sides = Sides(folder / f"{papers}-{number}", papers)
            found[papers].append(sides.build())
            probes[papers] = sides.ours.page(f"papers/{pages.PROBE}")
    own = {papers: statistics.median(pair.ours.own for pair in runs) for papers, runs in found.items()}
    yield _ratio("4000 papers: full build over the floor", found[4000])
    yield Figure("growth of our own hooks from 1000 to 4000 papers, exponent", math.log(own[4000] / own[1000], 4), "", 1.1, 1.0)
    yield Figure("4000 papers: memory over the floor", statistics.median(pair.ours.memory / pair.floor.memory for pair in found[4000]), "x", 1.05)
    yield Figure("a page with the same facts, bytes at 4000 papers less those at 100", abs(len(probes[4000]) - len(probes[100])), "B", 0)


def checks(folder: Path, pairs: int) -> Iterator[Figure]:
    """Yield the CPU time of `check`."""
    runs = check.runs(folder, 1000, pairs)
    yield Figure("check, 1000 pages as full as Alpaca's", statistics.median(runs), "s CPU", 2.0, 1.2, tuple(runs))


def of_verdicts(folder: Path, pairs: int) -> Iterator[Figure]:
    """Yield the CPU time of all verdicts."""
    small, big = verdicts.seconds(1000, pairs), verdicts.seconds(4000, min(pairs, 2))
    yield Figure("verdicts, 1000 records", small, "s CPU")
    yield Figure("verdicts, 4000 records", big, "s CPU")
    yield Figure("growth of the verdicts, exponent", math.log(big / small, 4))


def in_browser(folder: Path, pairs: int) -> Iterator[Figure]:
    """Measure a table of 1000 rows in Chromium."""
    found = list(explorer.runs(folder, pairs))
    loads = tuple(loading / static for static, loading, _, _ in found)
    yield Figure("browser: page without the explorer, load", statistics.median(static for static, *_ in found), "s CPU")
    yield Figure("browser: load with the explorer over without", statistics.median(loads), "x", 1.1, 1.0, loads)
    yield Figure("browser: a filter over the load without", statistics.median(filtering / static for static, _, filtering, _ in found), "x", 0.15)
    yield Figure("browser: a sort over the load without", statistics.median(sorting / static for static, _, _, sorting in found), "x", 0.15)


def of_book(folder: Path, pairs: int) -> Iterator[Figure]:
    """Yield what the book costs; one run each, because it takes long."""
    each, whole = book.growth(folder)
    yield Figure("book: one paper's page more, beyond reading", each, "s CPU", 0.35)
    yield Figure("book of 60 papers, beyond reading", whole.cpu, "s CPU")
    yield Figure("book of 60 papers, memory", whole.memory, "GB", 1.2)


CASES: dict[str, tuple[str, Callable[[Path, int], Iterator[Figure]]]] = {
    "verdicts": ("all verdicts of 1000 and 4000 records", of_verdicts),
    "check": ("`make check` of 1000 pages as full as Alpaca's", checks),
    "small": ("builds of 100 papers: full, unchanged, one text, one field", lambda folder, pairs: builds(folder, 100, pairs)),
    "build": ("the same of 1000 papers", lambda folder, pairs: builds(folder, 1000, pairs)),
    "browser": ("a table of 1000 rows in Chromium: load, filter, sort", in_browser),
    "book": ("the PDF of 20 and of 60 papers", of_book),
    "large": ("growth and memory at 4000 papers", large),
}


def machine() -> dict[str, object]:
    """Return what the figures were measured on."""
    try:
        processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        processor = None
    versions = {name: importlib.metadata.version(name) for name in ("sphinx", "myst-parser", "furo", "docutils", "pyyaml", "pydantic")}
    return {
        "python": platform.python_version(), "system": platform.platform(), "processor": processor[1] if processor else platform.machine(),
        "cores": os.cpu_count(), "load": os.getloadavg(), **versions,
    }  # fmt: skip


def main() -> int:
    """Print the figures and write them to `_build/bench.json`."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure checks and builds on synthetic reviews.")
    parser.add_argument("cases", nargs="*", metavar="case", help=", ".join(f"{name}: {says}" for name, (says, _) in CASES.items()))
    parser.add_argument("--pairs", type=int, default=5, help="how many runs or pairs each figure is the median of")
    arguments = parser.parse_args()
    unknown = [case for case in arguments.cases if case not in CASES]
    if unknown or arguments.pairs < 1:
        parser.error(f"choose from {', '.join(CASES)}, and at least one pair")
    figures: list[Figure] = []
    on = machine()
    for case in arguments.cases or CASES:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            for figure in CASES[case][1](Path(folder), arguments.pairs):
                figures.append(figure)
                print(figure, flush=True)
    target = ROOT / "_build/bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps({"machine": on, "pairs": arguments.pairs, "figures": [vars(figure) for figure in figures]}, indent=1) + "\n")
    print(f"written to {target.relative_to(ROOT)}", file=sys.stderr)
    return int(any(figure.limit is not None and figure.value > figure.limit for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
