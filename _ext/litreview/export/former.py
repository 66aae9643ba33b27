"""The files that the last build exported: of records that did not change since, their parts are taken over.

Making all exports of a thousand papers anew takes longer than all else that a changed fact asks for.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..page_files import state_of_file


@dataclass(frozen=True)
class Former:
    """Hold where the files lie, their states when they were written, and the ids of the records whose parts of them still hold."""

    folder: Path = Path()
    states: Mapping[str, list[int]] = field(default_factory=dict)  # of the files that can be taken over in parts, by path from the site's root
    unchanged: Collection[str] = frozenset()

    def whole(self, path: str) -> Path | None:
        """Return where a file lies, if nobody wrote it since."""
        if path not in self.states or not self.unchanged:
            return None
        with contextlib.suppress(OSError):
            if state_of_file(self.folder / path) == self.states[path]:
                return self.folder / path
        return None

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, if nobody wrote it since."""
        file = self.whole(path)
        with contextlib.suppress(OSError):
            return file.read_bytes() if file is not None else None
        return None

    def parts(self, path: str, part: re.Pattern[str]) -> dict[str, list[str]]:
        """Return the parts of unchanged records in a text, by id.

        `part` finds them all: its first group is what is kept, its second the record's id.
        """
        data = self.read(path)
        found: dict[str, list[str]] = {}
        if data is not None:
            for match in part.finditer(data.decode()):
                if match[2] in self.unchanged:
                    found.setdefault(match[2], []).append(match[1])
        return found
