"""How long the random tests run: as long as a test may in `make test`, and SOAK times as long, each time otherwise, in `make soak`."""

from __future__ import annotations

import os
import random

SOAK = int(os.environ.get("REVIEW_SOAK", "0"))  # 0: no soak, the same steps on every run
# Workers each collect the tests, and must find the same: what they share is the name of their run.
_run = random.Random(os.environ.get("PYTEST_XDIST_TESTRUNUID")) if SOAK else None


def times(few: int) -> int:
    """Return how often to do what is done `few` times in `make test`."""
    return few * max(SOAK, 1)


def seeds(number: int) -> list[int]:
    """Return the seeds of sequences: always the same, or ever new ones for a soak, which says them when it fails."""
    return list(range(number)) if _run is None else _run.sample(range(1_000_000), times(number))
