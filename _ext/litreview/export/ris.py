"""RIS, as reference managers read it: a tag a line, lines ended as the format wants them (CR LF)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .citation import Work, work_of

if TYPE_CHECKING:
    from ..names import Name
    from ..records import Page

_TYPES = {"article": "JOUR", "proceedings": "CPAPER", "report": "RPRT", "software": "COMP"}


TAGS = {
    "TY": "JOUR, CPAPER (at a meeting), RPRT, COMP (software), UNPB (preprint) or GEN.",
    "ID": "The record's id.",
    "AU": "An author as `Family, Given, Suffix`; one line each; a group's whole name.",
    "TI": "The full title.",
    "ST": "The short name.",
    "T2": "The journal or the proceedings.",
    "T3": "The series.",
    "VL": "The volume.",
    "IS": "The number of the journal.",
    "SP": "First page.",
    "EP": "Last page.",
    "PB": "Who published it, or where it appeared.",
    "PY": "The year that the venue names, else that of the first publication.",
    "DA": "The same as a date, `2023/03//` where only the month is known.",
    "N1": "When the work first became public, where the venue names a year of its own.",
    "DO": "The DOI.",
    "AN": "The arXiv id.",
    "UR": "Where the work is read.",
    "DB": "Which edition of the review the reference is from.",
    "ER": "The end of the reference.",
}


def _name(name: Name) -> str:
    return ", ".join(filter(None, (name.surname, name.given, name.suffix)))


def _date(date: str) -> str:
    """Return a date with a slash for each part that is not known: `2023/03//`."""
    return "/".join((*date.split("-"), "", "", "")[:3]) + "/"


def entry(work: Work, note: str = "") -> str:
    """Return one reference; `note` goes to where the name of the database stands."""
    first, _, last = work.pages.partition("-")
    kind = _TYPES.get(work.kind, "UNPB" if work.arxiv else "GEN")
    lines = [("TY", kind), ("ID", work.id), *(("AU", _name(name)) for name in work.names)]
    lines += [
        ("TI", work.title),
        ("ST", work.short),
        ("T2", work.container),
        ("T3", work.series),
        ("VL", work.volume),
        ("IS", work.number),
        ("SP", first),
        ("EP", last),
        ("PB", work.publisher),
        ("PY", work.issued[:4]),
        ("DA", _date(work.issued) if work.issued else ""),
        ("N1", f"First public: {work.first_public}" if work.first_public else ""),
        ("DO", work.doi),
        ("AN", f"arXiv:{work.arxiv}" if work.arxiv else ""),
        ("UR", work.url),
        ("DB", note),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n"


def ris(page: Page) -> str:
    """Return a record as one RIS reference."""
    return entry(work_of(page))


# An entry of a file: all of it, and whose it is
ENTRY = re.compile(r"^(TY  - .*\r\nID  - (.*)\r\n(?:(?!ER  - ).*\r\n)*ER  - \r\n)", re.MULTILINE)


def library(works: Iterable[Work | str], note: str = "") -> str:
    """Return a whole `.ris` file of works or entries."""
    return "\r\n".join(work if isinstance(work, str) else entry(work, note) for work in works)
