"""The collector of garbage is held back while what lasts is made, and goes on afterwards as before."""

from __future__ import annotations

import gc

from litreview.memory import paused_collector


def young() -> set[int]:
    return set(map(id, gc.get_objects(generation=0)))


def test_what_lasts_is_put_with_the_old_at_once() -> None:
    gc.unfreeze()
    with paused_collector(lasting=True):
        assert not gc.isenabled()
        made: list[list[int]] = [[] for _ in range(5000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    assert young().isdisjoint(map(id, made))


def test_what_lasts_joins_what_somebody_has_frozen() -> None:
    gc.freeze()
    frozen = gc.get_freeze_count()
    try:
        with paused_collector(lasting=True):
            made: list[list[int]] = [[] for _ in range(5000)]
        assert gc.get_freeze_count() >= frozen + len(made)
    finally:
        gc.unfreeze()


def test_a_pause_within_a_pause_ends_with_the_outer_one() -> None:
    with paused_collector():
        with paused_collector(lasting=True):
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
