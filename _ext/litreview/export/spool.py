"""What is made of every record in one pass and needed when several files are written: kept on the disk, because together it is more than a site's pages."""

from __future__ import annotations

import contextlib
import tempfile
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .contents import Contents


class Product(Protocol):
    """Something put together from all records, a few of which it is given at a time, in their order."""

    def take(self, part: Contents) -> None:
        """Take some records in."""


class Spool:
    """Hold texts on the disk, each under a name; `path` is the file that they are for, from the site's root."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: Any = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed, and so gone, with the spool
        self._places: dict[str, tuple[int, int]] = {}
        self._end = 0
        weakref.finalize(self, self._file.close)

    def add(self, name: str, text: str) -> None:
        """Put a text at the end."""
        data = text.encode()
        with told_of(self._path):
            self._file.write(data)
        self._places[name] = (self._end, len(data))
        self._end += len(data)

    def __getitem__(self, name: str) -> bytes:
        place, length = self._places[name]
        with told_of(self._path):  # what was to be written still is, first
            self._file.seek(place)
            data: bytes = self._file.read(length)
        return data

    def __contains__(self, name: str) -> bool:
        return name in self._places


@contextlib.contextmanager
def told_of(path: str) -> Iterator[None]:
    """Have a fault of the disk told of the file that is to be made, which people know, and not of one in between."""
    try:
        yield
    except OSError as error:
        error.filename = path
        raise
