"""Python's collector of garbage, and work that makes none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collector(*, lasting: bool = False) -> Iterator[None]:
    """Hold the collector back while many small objects are made that live on: looking through them again and again only costs time.

    What lasts as long as what was there before is put with the old at the end, which the collector seldom looks at; else it would
    look through all of it twice right afterwards, as through everything young. If somebody has frozen what is old, it is frozen too.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            if lasting:
                others = gc.get_freeze_count()
                gc.freeze()
                if not others:
                    gc.unfreeze()  # to the oldest generation
            gc.enable()
