"""What the page of a record shows that comes from other records, and which part of a record other records' pages can show: its face.

Most edits are of facts that nobody else shows. Where no face changed, only the page itself can have changed, and the tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .cards import labels_read_by, related
from .explanations import answer_for_drawing, panel
from .lineage_graph import fingerprint, neighbourhood
from .webpage import linked_data

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page

# Facts that no other record's page shows and on which no other record's verdict rests; tests/test_faces.py holds them to it.
OWN = frozenset(
    ("also_known_as", "architecture", "authors", "context_length", "corpus", "corpus_tokens", "corrections", "evaluation", "language_count", "languages",
     "listed", "method", "references", "results", "summary", "tokens_seen", "venue")
)  # fmt: skip
_OF_DATA = frozenset({"sources", "generated"})  # of the data, only these are read elsewhere


def face(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record without the facts that are its own page's only."""
    found = {name: value for name, value in record.items() if name not in OWN}
    if isinstance(found.get("data"), dict):
        found["data"] = {name: value for name, value in found["data"].items() if name in _OF_DATA}
    if "evidence" in found:  # where a place states another licence, a verdict tells of it
        found["evidence"] = [entry for entry in found["evidence"] if "says" in entry]
    return found


def shown_of_others(corpus: Corpus, page: Page) -> list[Any]:
    """Return what stands on a record's page and is made from it together with other records."""
    drawn = neighbourhood(corpus, page.id)
    return [
        labels_read_by(corpus, page),
        linked_data(corpus, page, str),
        related(corpus, page),
        panel(corpus, page),
        fingerprint(corpus, drawn),
        [answer_for_drawing(corpus, node.id) for node in drawn.nodes],
    ]
