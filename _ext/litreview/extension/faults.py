"""What a build leaves when it breaks off, and what it says then.

A build that is killed cannot tidy up. So it says beforehand that it has begun to write: a mark in the output folder, taken away
only when everything was written. Where the mark is found, nothing in the folder is trusted and every page is written again.
"""

from __future__ import annotations

import contextlib
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import SphinxError
from sphinx.util.logging import NAMESPACE

from ..files import write_atomically

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder

MARK = ".litreview-unfinished"


class FileError(SphinxError):
    """Tell that a file could not be read or written; Sphinx prints the category first, so it says all."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.category = f"A file could not be read or written: {message}"


def folder_for_notes(app: Sphinx) -> Path:
    """Return where the mark and the stamp of an output folder lie: in it, but beside an EPUB's, whose files all go into the book."""
    outdir = Path(app.outdir)
    return outdir.with_name(f".{outdir.name}-notes") if app.builder.name == "epub" else outdir


def begun(folder: Path) -> list[str] | None:
    """Return the pages that the last build into a folder may have written before it broke off; None where none did."""
    try:
        return (folder / MARK).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return [] if (folder / MARK).exists() else None


def write_started(app: Sphinx, builder: Builder) -> None:
    """Mark the output folder as unfinished, with the pages that may be written (before the first one is)."""
    folder = folder_for_notes(app)
    docnames = sorted({*app.env.found_docs, *(begun(folder) or ())})
    try:
        write_atomically(folder / MARK, "".join(f"{docname}\n" for docname in docnames).encode())
    except OSError as error:
        raise _told(error) from error


def finished(folder: Path) -> None:
    """Take the mark away."""
    (folder / MARK).unlink(missing_ok=True)


def forget_build_info(outdir: Path) -> None:
    """Remove Sphinx's own note of settings from a folder that no stamp speaks for (before Sphinx looks for what is outdated).

    Half written, it would end the next build or have it warn; of other settings, it would be kept as a copy, in an e-book too.
    Nothing hangs on it: all pages of such a folder are written again.
    """
    with contextlib.suppress(OSError):  # a folder that cannot be written is told when a page is
        (outdir / ".buildinfo").unlink(missing_ok=True)


class FailedWrites(logging.Handler):
    """Note the pages that Sphinx could not write: it only warns, and leaves what it had written of them."""

    def __init__(self, app: Sphinx) -> None:
        super().__init__(logging.WARNING)
        self.paths: list[Path] = []
        logging.getLogger(NAMESPACE).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Remember a file, and remove what was written of it."""
        if str(record.msg).startswith("error writing file") and isinstance(record.args, tuple) and record.args:
            path = Path(str(record.args[0]))
            self.paths.append(path)
            path.unlink(missing_ok=True)


def _told(error: OSError) -> FileError:
    return FileError(f"{error.filename or 'a file'}: {error.strerror}" if error.strerror else str(error))


_NAMES = "|".join(["OSError", *(kind.__name__ for kind in OSError.__subclasses__())])
_AS_TEXT = re.compile(rf"(?:{_NAMES}): (?P<why>[^\n]+)|exception: (?P<handler>\[Errno[^\n]+)\)$", re.MULTILINE)


def explained(error: Exception | None) -> FileError | None:
    """Return in one line what ended a build, if a file was to blame; parallel workers and event handlers tell it as text."""
    if isinstance(error, FileError):
        return None  # it says so itself
    if isinstance(error, OSError):
        return _told(error)
    found = _AS_TEXT.search(str(error)) if isinstance(error, SphinxError) else None
    return FileError(re.sub(r"\[Errno \d+\] ", "", found["why"] or found["handler"])) if found else None
