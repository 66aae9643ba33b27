"""What a catalogue or a BibTeX entry says of a work, ready to be put on a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ..values import ANTHOLOGY, ARXIV, DOI

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]")
LONGEST = 2000  # characters of one text; what is longer is no title and no name
MOST = 5000  # authors


@dataclass
class Found:
    """Hold what was found: fields of the schema, remarks that stay comments, and the document that says so."""

    values: dict[str, Any] = field(default_factory=dict)
    remarks: dict[str, list[str]] = field(default_factory=dict)  # field → what a contributor must know of it
    reference: tuple[str, dict[str, str]] | None = None  # label, and the entry of `references`
    proves: tuple[tuple[str, str], ...] = ()  # fields and the place that proves them
    source: str = ""  # who said so, for messages

    def note(self, name: str, remark: str) -> None:
        """Add a remark to a field."""
        self.remarks.setdefault(name, []).append(clean(remark))


def clean(value: Any) -> str:
    """Return a text on one line without characters that a page may not hold; an empty one for what is no text."""
    if not isinstance(value, str):
        return ""
    return " ".join(_UNSEEN.sub(" ", value[: LONGEST + 1]).split())[:LONGEST]


def arxiv_id(text: str) -> str:
    """Return the arXiv id, without version, that an id, address or DOI names; empty where it names none."""
    found = re.fullmatch(
        r"(?i:(?:https?://)?(?:export\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:|(?:https?://(?:dx\.)?doi\.org/|doi:)?10\.48550/arxiv\.)?(.+?)(?:v\d+)?(?:\.pdf)?/?",
        text.strip(),
    )
    return found[1] if found and re.fullmatch(ARXIV.pattern, found[1]) else ""


def doi_of(text: str) -> str:
    """Return the DOI that a DOI or its address names; empty where it names none."""
    found = re.sub(r"(?i)^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", text.strip())
    return found if re.fullmatch(DOI.pattern, found) else ""


def links_of_doi(doi: str) -> dict[str, str]:
    """Return the links that follow from a DOI: itself, and the ACL Anthology's id, which its DOIs hold."""
    anthology = doi.lower().removeprefix("10.18653/v1/")
    if anthology != doi.lower():
        spelled = anthology if anthology[:1].isdecimal() else anthology.upper()
        if re.fullmatch(ANTHOLOGY.pattern, spelled):
            return {"doi": doi, "anthology": spelled}
    return {"doi": doi}
