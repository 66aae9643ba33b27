"""The exports beside a site: made anew where facts changed, taken over where they did not.

What the last build exported was made from is in the output folder's stamp. Where no record shows another face, only records
that changed themselves are exported anew (see `faces.py`), and the files of the others stand.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.util import logging

from ..corpus import digest
from ..explanations import scope
from ..export.former import Former
from ..files import write_together
from ..memory import paused_collector
from ..page_files import state_of_file
from . import head, replay
from .domain import ReviewDomain

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)


def has_exports(app: Sphinx) -> bool:
    """Tell whether a builder's output is a site, beside which exports lie."""
    return app.builder.name in ("html", "dirhtml")


def made_of(app: Sphinx) -> dict[str, Any]:
    """Return what tells of which records the exports would have to be made anew: a digest of what they share, and one of each."""
    domain = ReviewDomain.of(app.env)
    pages = domain.data["pages"]
    shared = [sorted((docname, stored["face"]) for docname, stored in pages.items()), scope(domain.corpus), domain.edition.line, domain.edition.site]
    return {"shared": digest([*shared, app.builder.name]), "records": {stored["id"]: stored["digest"] for stored in pages.values()}}


def former(app: Sphinx, stamp: dict[str, Any]) -> Former:
    """Return what can be taken over from the exports that a stamp tells of."""
    before = stamp.get("exported_of", {})
    now = made_of(app)
    if not has_exports(app) or before.get("shared") != now["shared"] or len(now["records"]) != len(ReviewDomain.of(app.env).data["pages"]):
        return Former()
    unchanged = {record for record, made in now["records"].items() if before["records"].get(record) == made}
    return Former(Path(app.outdir), before["states"], frozenset(unchanged))


def write(app: Sphinx, before: list[str]) -> tuple[list[str], dict[str, Any]] | None:
    """Write all exports; return their names, and what a stamp tells of them. None where they cannot be written.

    Of those that the same code wrote before, some stand as they are.
    """
    from ..export import EXPORTS  # loads every format, which a build that changes nothing can do without

    domain, outdir = ReviewDomain.of(app.env), Path(app.outdir)
    wanted, standing = [], []
    for name, export in EXPORTS.items():
        stands = [file for file in before if file.startswith(export.path.partition("<")[0])] if export.of_code else []
        if stands and all((outdir / file).is_file() for file in stands):
            standing += stands
        elif export.in_site:
            wanted.append(name)
    names: list[str] = []
    try:
        try:
            write_together(outdir, _files(app, wanted, names))
        except _GoneError:
            domain.take_over(Former())
            names.clear()
            write_together(outdir, _files(app, wanted, names))
    except OSError as error:
        logger.warning("%s could not be written: %s", error.filename or app.outdir, error.strerror, type=replay.OWN_TYPE)
        return None
    except MemoryError:
        logger.warning("the exports in %s could not be made: they take more memory than there is", app.outdir, type=replay.OWN_TYPE)
        return None
    states = {}
    with contextlib.suppress(OSError):  # somebody took one away: nothing is taken over from it
        states = {export.path: state_of_file(outdir / export.path) for export in EXPORTS.values() if export.in_parts}
    return sorted([*names, *standing]), {**made_of(app), "states": states}


class _GoneError(Exception):
    """A file that should stand as the last build wrote it is not there."""


def _files(app: Sphinx, wanted: list[str], names: list[str]) -> Iterator[tuple[str, bytes | Path]]:
    """Yield the files that are to be written; the names of all that there are, those that stand too, are added to the list."""
    from ..export import stream

    folder = str(app.outdir)
    with paused_collector():
        for name, data in chain(stream(ReviewDomain.of(app.env).contents, wanted), head.files_beside(app)):
            names.append(name)
            if data is not None:
                yield name, data
            elif not os.path.isfile(os.path.join(folder, name)):
                raise _GoneError
