"""The order of a book's pages: each page's own text first, then its toctree's children, one level deeper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment


class Chapter(NamedTuple):
    """One page of the sources: `level` is that of its title, from 1."""

    docname: str
    level: int


def sequence(env: BuildEnvironment, start: str, without: Sequence[str] = ()) -> list[Chapter]:
    """Return the pages that are reached from `start`, each once, hidden toctrees included, but not those `without`, nor what is in these folders.

    The first page's title is the book's, so its children's titles are as high as its own.
    """
    seen: set[str] = set()

    def walk(docname: str, level: int) -> Iterator[Chapter]:
        seen.add(docname)
        yield Chapter(docname, max(level, 1))
        for child in env.toctree_includes.get(docname, []):
            if child not in seen and child in env.found_docs and not any(child == left or child.startswith(f"{left}/") for left in without):
                yield from walk(child, level + 1)

    return list(walk(start, 0))
