"""What is worked out of single records by looking at all: kept from one build to the next for the records of which nothing changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from .diagnostics import Diagnostic


@dataclass
class WorkedOut:
    """Hold what was worked out so far, by the path of the page; a corpus looks here first and adds what it works out.

    Whoever fills one from an earlier corpus answers for it that those records, and the faces of all, are the same.
    """

    faults: dict[str, list[Diagnostic]] = field(default_factory=dict)  # of what the record says of others
    facets: dict[str, tuple[list[str], ...]] = field(default_factory=dict)  # its values of each facet of its kind
    proved: dict[str, tuple[int, int, int]] = field(default_factory=dict)  # how many facts it has, with evidence, and first-hand
