"""What people type who look for a record: its names, and those of what it was made of, tested on and released under."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .lineage import edges_of
from .values import LicenseName

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page


def found_by(corpus: Corpus, page: Page) -> list[str]:
    """Return the names under which the site's search finds a record, each once."""
    return list(dict.fromkeys(filter(None, _names(corpus, page))))


def _names(corpus: Corpus, page: Page) -> Iterator[str]:
    record: dict[str, Any] = page.record
    yield page.short
    yield page.id
    yield record.get("spdx", "")
    yield from record.get("also_known_as", [])
    yield from record.get("authors", [])
    for name in ("developer", "publisher"):
        yield record.get(name, "") if record.get(name) not in ("not-stated", "none") else ""
    benchmarks = record.get("evaluation", {}).get("benchmarks", [])
    yield from benchmarks if isinstance(benchmarks, list) else []
    for edge in edges_of(page):
        parent = corpus.get(edge.parent)
        yield parent.short if parent else edge.parent
    for node in corpus.references_of(page):
        if isinstance(node.field.scalar, LicenseName):
            licence = corpus.licenses.get(node.value)
            yield node.value
            yield licence.short if licence else ""
