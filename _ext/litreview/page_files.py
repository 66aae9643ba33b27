"""The files that are pages: which there are, and which of them may not be read at all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from pathlib import Path, PurePosixPath

from .diagnostics import Diagnostic
from .schema import FOLDERS

MAX_BYTES = 256 * 1024  # the longest page so far has 40 KB; parsing a page's Markdown takes time that grows with it


def page_files(root: Path) -> list[str]:
    """Return the record pages under a review's root as paths from there, sorted."""
    found: list[str] = []
    for folder in FOLDERS:
        with contextlib.suppress(OSError), os.scandir(root / folder) as entries:  # a small review may lack a folder
            found += [f"{folder}/{entry.name}" for entry in entries if entry.name.endswith(".md") and entry.name != "index.md"]
    return sorted(found)


def name_fault(name: str) -> Diagnostic:
    """Return the fault of a page whose file name is no id."""
    stem = PurePosixPath(name).name.removesuffix(".md")
    meant = re.sub(r"[^a-z0-9.]+", "-", stem.lower()).strip("-.")
    return Diagnostic(name, 1, "id-bad", "", f"the file name '{stem}' is not an id (lower-case letters, digits, dots, hyphens)", meant)


# A name with other signs would stand in addresses and attributes that themes write unescaped: such a file is no page at all.
_SAFE_NAME = re.compile(r"[\w.+ -]+")


def refusal(root: Path, name: str) -> Diagnostic | None:
    """Return why a page's file may not be read, or None.

    A symbolic link would show a file of the machine that builds; nobody needs one, so none is followed.
    """
    file = os.path.join(root, name)  # a text: making paths of thousands of names takes longer than asking for the files
    try:
        status = os.lstat(file)
    except OSError as error:
        return Diagnostic(name, 1, "page-unreadable", "", error.strerror or "cannot be read")
    if not _SAFE_NAME.fullmatch(name.rpartition("/")[2]):
        return name_fault(name)
    if stat.S_ISLNK(status.st_mode) or os.path.islink(os.path.dirname(file)):
        return Diagnostic(name, 1, "page-linked", "", "a symbolic link; only files are read")
    if not stat.S_ISREG(status.st_mode):
        return Diagnostic(name, 1, "page-unreadable", "", "not a file")
    if not os.access(file, os.R_OK):
        return Diagnostic(name, 1, "page-unreadable", "", os.strerror(errno.EACCES))
    if status.st_size > MAX_BYTES:
        return Diagnostic(name, 1, "page-too-large", "", f"the file has {status.st_size:,} bytes; at most {MAX_BYTES:,} are read")
    return None


def read_or_refuse(root: Path, name: str) -> bytes | Diagnostic:
    """Return a page's bytes, or why they may not or cannot be read."""
    refused = refusal(root, name)
    if refused:
        return refused
    try:
        with open(os.path.join(root, name), "rb", buffering=0) as file:  # in half the time of a buffered file, which a page that is read at once needs not
            return file.read()
    except OSError as error:
        return Diagnostic(name, 1, "page-unreadable", "", error.strerror or "cannot be read")


def state_of_file(path: str | os.PathLike[str]) -> list[int]:
    """Return what changes when a file is written, or replaced, also by an older one: time and size."""
    status = os.stat(path)
    return [status.st_mtime_ns, status.st_size]
