"""The collector of garbage is held back while what lasts is made, and goes on afterwards as before; what need not last goes early."""

from __future__ import annotations

import errno
import gc
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOTS, build
from docutils import nodes
from lineages import thousands
from litreview.corpus import Corpus
from litreview.evidence import Fact
from litreview.export import Contents, stream
from litreview.export.contents import PART
from litreview.memory import paused_collector
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import SphinxError
from sphinx.util.docutils import docutils_namespace, patch_docutils


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


# --- What a build and the exports hold at once --------------------------------------------------------------------------


def test_a_build_holds_the_doctrees_of_few_pages(tmp_path: Path) -> None:
    """Sphinx would hold all of them from reading until writing."""
    herd = Path(shutil.copytree(ROOTS / "herd", tmp_path / "herd"))
    alive: list[int] = []

    def pages() -> int:
        """Count doctrees; Sphinx keeps each title that it has rendered, in a document of its own."""
        gc.collect()
        return sum(isinstance(thing, nodes.document) and str(thing.get("source")).endswith(".md") for thing in gc.get_objects())

    def count(app: Sphinx, *_: object) -> None:
        alive.append(pages())

    with patch_docutils(str(herd)), docutils_namespace():
        app = Sphinx(herd, herd, tmp_path / "html", tmp_path / "doctrees", "html", status=None)
        before = pages()
        app.connect("env-updated", count, priority=1)
        app.connect("write-started", count)
        app.connect("html-page-context", count)
        app.build()
    assert len(alive) > len(app.env.found_docs) > 10
    assert 0 < max(alive) - before <= 3


def test_exports_hold_what_is_worked_out_of_few_records() -> None:
    pages = thousands(300)
    assert len(pages) > 5 * PART
    alive: list[int] = []
    with paused_collector():
        for path, _data in stream(Contents(Corpus(pages)), ["json", "records", "sqlite", "facts", "verdicts", "text"]):
            if path.count("/") == 1:  # a file of all records
                alive.append(len({fact.page.path for fact in gc.get_objects() if isinstance(fact, Fact)}))
    assert 0 < max(alive) <= 2 * PART


@pytest.mark.parametrize(("builder", "breaks_off"), [("html", False), ("latex", False), ("html", True)])
def test_a_build_leaves_no_database_open(builder: str, breaks_off: bool, tmp_path: Path) -> None:
    """What SQLite may hold in memory is limited for the whole process, and one may make many builds."""
    herd = Path(shutil.copytree(ROOTS / "herd", tmp_path / "herd"))
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def noted(*given: Any, **named: Any) -> sqlite3.Connection:
        opened.append(connect(*given, **named))
        return opened[-1]

    def no_space(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", noted)
        if breaks_off:
            patch.setattr(StandaloneHTMLBuilder, "write_doc", no_space)
            with pytest.raises(SphinxError):
                build(herd, builder)
        else:
            assert build(herd, builder).code == 0
    assert opened
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")
