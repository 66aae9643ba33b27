"""Read a work's facts off a BibTeX file, with pybtex."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ..diagnostics import shorten, suggest
from .asking import UnknownWorkError
from .found import Found, arxiv_id, clean, doi_of, links_of_doi

LARGEST = 1_000_000  # bytes; an export of a whole library is not meant
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read_bibtex(path: Path, key: str = "") -> Found:
    """Return what a file's only entry, or the one under `key`, says; raises UnknownWorkError."""
    try:
        from pybtex.database import BibliographyDataError, parse_string
        from pybtex.exceptions import PybtexError
    except ImportError:
        raise UnknownWorkError("reading BibTeX needs pybtex: `make paper` installs it, or `pip install pybtex`") from None
    try:
        data = path.read_bytes()
        if len(data) > LARGEST:
            raise UnknownWorkError(f"{path} has more than {LARGEST // 1_000_000} MB; give a file with this work's entry")
        entries = parse_string(data.decode("utf-8-sig", errors="replace"), "bibtex").entries
    except OSError as error:
        raise UnknownWorkError(f"{path}: {error.strerror or error}") from None
    except (PybtexError, BibliographyDataError, RecursionError, ValueError) as error:
        raise UnknownWorkError(f"{path} is not BibTeX that pybtex can read: {shorten(error, 120)}") from None
    if not entries:
        raise UnknownWorkError(f"{path} has no entry")
    if key and key not in entries:
        hint = suggest(key, entries)
        raise UnknownWorkError(f"{path} has no entry '{key}'" + (f"; did you mean '{hint}'?" if hint else ""))
    if not key and len(entries) > 1:
        raise UnknownWorkError(f"{path} has {len(entries)} entries ({shorten(', '.join(entries), 100)}); say which one with KEY=…")
    return _found(entries[key] if key else next(iter(entries.values())))


def _plain(text: Any) -> str:
    """Return LaTeX as the text it prints."""
    from pybtex.richtext import Text

    try:
        return clean(str(Text.from_latex(str(text))))
    except Exception:  # latexcodec raises what it likes; the braces and commands are then left for the contributor to see
        return clean(str(text))


def _found(entry: Any) -> Found:
    fields = entry.fields
    found = Found({"title": _plain(fields.get("title", ""))}, source="the BibTeX entry")
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    parts = ("first_names", "middle_names", "prelast_names", "last_names", "lineage_names")
    found.values["authors"] = [_plain(" ".join(name for part in parts for name in getattr(person, part))) for person in people]
    if found.values["authors"] and found.values["authors"][-1].casefold() == "others":
        found.values["authors"].pop()
        found.note("authors", "The entry ends in `and others`: more authors are to be added.")
    found.values["published"] = _date(str(fields.get("date", "")), str(fields.get("year", "")), str(fields.get("month", "")))
    if found.values["published"]:
        found.note("published", "The entry's date; if a preprint came earlier, that day is the one wanted here.")
    found.values["venue"] = next((text for name in ("booktitle", "journal", "journaltitle", "howpublished") if (text := _plain(fields.get(name, "")))), "")
    if re.match(r"(?i)\\?url|https?:|arxiv|corr", found.values["venue"]):
        found.note("venue", f"The entry says: {found.values.pop('venue')}")
    links: dict[str, str] = {}
    address = clean(fields.get("url", ""))
    identifier = arxiv_id(clean(fields.get("eprint", ""))) or arxiv_id(address)
    journal = re.search(r"(?i)arxiv:\s*(\S+)", str(fields.get("journal", "")))
    identifier = identifier or (arxiv_id(journal[1]) if journal else "")
    if address or identifier:
        links["paper"] = address or f"https://arxiv.org/abs/{identifier}"
    if identifier:
        links["arxiv"] = identifier
    doi = doi_of(clean(fields.get("doi", "")))
    found.values["links"] = links | (links_of_doi(doi) if doi and not arxiv_id(doi) else {})
    if note := _plain(fields.get("note", "")):
        found.note("venue", f"The entry's note: {note}")
    return found


def _date(date: str, year: str, month: str) -> str:
    if match := re.match(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", date):
        return match[0]
    if not re.fullmatch(r"\d{4}", year.strip()):
        return ""
    name = month.strip().lower()
    number = int(name) if name.isdecimal() and len(name) < 3 else _MONTHS.index(name[:3]) + 1 if name[:3] in _MONTHS else 0
    return f"{year.strip()}-{number:02}" if 1 <= number <= 12 else year.strip()
