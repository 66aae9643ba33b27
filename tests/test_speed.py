"""What the build costs, in figures that no other load on the machine can change: calls of functions, files, bytes. Never a time.

The same pages are built with our extension and with plain Sphinx and MyST (see `bench/`), in two sizes, and the larger is
compared with the smaller, so that what a build costs once does not count.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bench import pages
from bench.builds import SPHINX_OWN, Cost, Side, row_bytes

SMALL, LARGE = 24, 48  # of each kind of page exactly twice as many


class Built:
    """Both sides in both sizes, their first builds counted by the call."""

    def __init__(self, folder: Path) -> None:
        self.sides = {(papers, floor): Side(folder / f"{papers}-{floor}", papers, floor=floor) for papers in (SMALL, LARGE) for floor in (False, True)}
        self.first: dict[tuple[int, bool], Cost] = {key: side.build("calls") for key, side in self.sides.items()}

    def grown(self, figure: str, *, floor: bool = False) -> float:
        """Return how much more of something the larger build took, for each page more."""
        small, large = (self.first[papers, floor].report[figure] for papers in (SMALL, LARGE))
        more = len(list(pages.records(LARGE))) - len(list(pages.records(SMALL)))
        return float(large - small) / more


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(tmp_path_factory.mktemp("speed"))


def test_a_page_takes_fewer_calls_than_with_plain_sphinx_and_myst(built: Built) -> None:
    ours, floor = built.grown("calls"), built.grown("calls", floor=True)
    assert ours <= 0.6 * floor, f"{ours:,.0f} calls a page, the floor takes {floor:,.0f}"


def test_our_own_functions_are_few_of_the_calls(built: Built) -> None:
    own, all_calls = built.grown("own_calls"), built.grown("calls")
    assert own <= 0.10 * all_calls, f"{own:,.0f} of {all_calls:,.0f} calls a page"


def test_our_own_calls_grow_with_the_pages_and_no_faster(built: Built) -> None:
    """Looking through all pages for each page shows here, long before it can be felt."""
    each = {papers: built.first[papers, False].report["own_calls"] / len(list(pages.records(papers))) for papers in (SMALL, LARGE)}
    assert each[LARGE] <= 1.05 * each[SMALL], each


def test_a_page_weighs_the_same_in_a_larger_review(built: Built) -> None:
    small, large = (built.sides[papers, False].page(f"papers/{pages.PROBE}") for papers in (SMALL, LARGE))
    assert large == small


def test_a_row_of_a_table_is_light(built: Built) -> None:
    raw, zipped = row_bytes(built.sides[LARGE, False].page("review/all").decode(), LARGE + 1)
    assert raw <= 780  # 800 at 1,000 papers, whose names and numbers are longer
    assert zipped <= 100


def test_files_written_by_later_builds(built: Built) -> None:
    """Nothing changed: no page. A text: what plain Sphinx writes. A field: the page, and the pages whose generated content changed."""
    ours, floor = (built.sides[SMALL, floor] for floor in (False, True))

    def both() -> tuple[Cost, Cost]:
        return ours.build("calls"), floor.build()

    def edit(*change: str) -> None:
        ours.edit("papers/paper-00003", *change)
        floor.edit("papers/paper-00003", *change)

    own = built.first[SMALL, False].report["own_calls"]
    unchanged, _ = both()
    assert unchanged.written == SPHINX_OWN
    assert unchanged.report["own_calls"] <= 0.02 * own
    edit("## What it did\n", "## What it did\n\nOne sentence more, above all other headings.\n")
    text, text_floor = both()
    assert text.written == text_floor.written
    # The one page is written; fingerprints, checks and exports are not made again.
    assert text.report["own_calls"] <= 0.08 * own
    edit("instances: 2003", "instances: 7777")
    field, field_floor = both()
    shown: set[Any] = {"papers/paper-00003.html", "review/all.html", "review/data.html"}
    assert field.changed == shown
    # Tables and exports are made again, and the fingerprint of the one page: nobody else shows this fact.
    assert field.report["own_calls"] <= 0.65 * own
    # The index has the tables' pages in its toctree, and Sphinx writes the parents of every page that it writes.
    assert field.written == shown | field_floor.written | {"index.html"}
