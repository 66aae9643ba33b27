"""Make every warning come again on every build until it is mended.

Sphinx tells a page's warnings only when it reads or writes the page, so `-W` fails once and passes the next time. The
review's own faults are kept as data and told each time (see events). For all other warnings this module notes which pages
gave any, and has these pages read again by the next build, whatever builder runs then.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.logging import NAMESPACE, get_node_location, is_suppressed_warning

from ..files import write_atomically

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

OWN_TYPE = "litreview"
NOTED = "litreview-warnings.json"  # beside the doctrees, which all builders share


class Watcher(logging.Handler):
    """Note the pages that warnings are about; warnings of parallel workers pass here too, when the parent repeats them."""

    def __init__(self, app: Sphinx) -> None:
        super().__init__(logging.WARNING)
        self._app = app
        self.docnames: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        kind, subtype = getattr(record, "type", None) or "", getattr(record, "subtype", None) or ""
        if kind == OWN_TYPE or is_suppressed_warning(kind, subtype, self._app.config.suppress_warnings):
            return
        docname = self._docname(getattr(record, "location", None))
        if docname:
            self.docnames.add(docname)

    def _docname(self, location: Any) -> str | None:
        env = self._app.env
        if isinstance(location, tuple) and location:
            location = location[0]
        elif isinstance(location, nodes.Node):
            location = get_node_location(location)
        if not isinstance(location, str):
            return None
        if location in env.found_docs:
            return location
        # `path`, `path:line`, or a path with a note of MyST's or docutils' after it
        path = location.split(":docstring of ")[0]
        for _ in range(3):
            docname = env.path2doc(path)
            if docname in env.found_docs:
                return docname
            path = path.rpartition(":")[0]
        return None


def _read(app: Sphinx) -> dict[str, list[str]]:
    try:
        noted = json.loads((Path(app.doctreedir) / NOTED).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def pages_to_read_again(app: Sphinx, env: BuildEnvironment) -> set[str]:
    """Return the pages that gave a warning in the last build of any builder."""
    return {docname for docnames in _read(app).values() for docname in docnames} & set(env.found_docs)


def note_early(app: Sphinx, watcher: Watcher) -> None:
    """Note the pages that gave a warning when they were read, in case the build does not reach its end."""
    if watcher.docnames:
        outdir = str(Path(app.outdir).resolve())
        noted = _read(app)
        _write(app, noted | {outdir: sorted({*noted.get(outdir, ()), *watcher.docnames})})


def note(app: Sphinx, watcher: Watcher) -> None:
    """Note the pages that gave a warning in this build, under this builder's output folder."""
    noted = _read(app) | {str(Path(app.outdir).resolve()): sorted(watcher.docnames)}
    _write(app, noted)


def _write(app: Sphinx, noted: dict[str, list[str]]) -> None:
    kept = {outdir: docnames for outdir, docnames in noted.items() if docnames}
    path = Path(app.doctreedir) / NOTED
    if kept or path.exists():
        write_atomically(path, (json.dumps(kept, indent=0, sort_keys=True) + "\n").encode())


def watch(app: Sphinx) -> Watcher:
    """Begin to watch warnings."""
    watcher = Watcher(app)
    logging.getLogger(NAMESPACE).addHandler(watcher)
    return watcher
