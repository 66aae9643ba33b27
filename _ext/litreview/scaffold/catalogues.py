"""Look a work up in arXiv's or Crossref's public catalogue.

The answers are strangers' data: arXiv's XML is refused if it declares a document type at all (a feed never does, and entity
bombs and external entities need one; asking expat itself is a few lines, where defusedxml has had no release since 2021),
and of Crossref's JSON nothing is taken to have the type it should have.
"""

from __future__ import annotations

import datetime
import html
import json
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from .asking import Catalogue, NoAnswerError, UnknownWorkError, ask
from .found import MOST, Found, arxiv_id, clean, doi_of, links_of_doi

ARXIV = Catalogue("arXiv", "https://export.arxiv.org/api/query", "LITREVIEW_ARXIV", 3.0)  # its terms of use: one request in three seconds
CROSSREF = Catalogue("Crossref", "https://api.crossref.org/works", "LITREVIEW_CROSSREF", 1.0)

_ATOM = "{http://www.w3.org/2005/Atom}"
_OWN = "{http://arxiv.org/schemas/atom}"


def ask_arxiv(given: str, root: Path) -> Found:
    """Return what arXiv says of a paper; raises NoAnswerError or UnknownWorkError."""
    identifier = arxiv_id(given)
    if not identifier:
        raise UnknownWorkError(f"'{clean(given)}' is no arXiv id such as 2305.11206")
    query = urllib.parse.urlencode({"id_list": identifier, "max_results": 1})
    data = ask(ARXIV, f"?{query}", "application/atom+xml", root)
    return read_atom(data, identifier)


def _tree(data: bytes) -> ElementTree.Element:
    def refuse(*declared: Any) -> None:
        raise NoAnswerError("arXiv's answer declares a document type; it was not read")

    try:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = refuse
        parser.Parse(data, True)
        return ElementTree.fromstring(data)
    except (expat.ExpatError, ElementTree.ParseError, ValueError, LookupError, RecursionError):
        if b"rate exceeded" in data[:200].lower():  # said in plain words, with the code of a success
            raise NoAnswerError("arXiv asks to slow down; try again in a minute") from None
        raise NoAnswerError("arXiv's answer is not the feed it should be") from None


def read_atom(data: bytes, identifier: str) -> Found:
    """Return what a feed of arXiv's says of the paper that was asked for."""
    entries = _tree(data).findall(f"{_ATOM}entry")
    for entry in entries:
        if "/api/errors" in (entry.findtext(f"{_ATOM}id") or ""):
            raise UnknownWorkError(f"arXiv refuses the id: {clean(entry.findtext(f'{_ATOM}summary'))}")
    if not entries:
        raise UnknownWorkError(f"arXiv has no paper {identifier}")
    entry = entries[0]
    if arxiv_id(entry.findtext(f"{_ATOM}id") or "") != identifier:
        raise NoAnswerError("arXiv answered with another paper than was asked for")
    title = clean(entry.findtext(f"{_ATOM}title"))
    if not title:
        raise NoAnswerError("arXiv's answer has no title")
    found = Found({"title": title}, source="arXiv's record")
    authors = [name for author in entry.findall(f"{_ATOM}author")[:MOST] if (name := clean(author.findtext(f"{_ATOM}name")))]
    found.values["authors"] = authors
    published = _day(entry.findtext(f"{_ATOM}published"))
    found.values["published"] = published
    links = {"paper": f"https://arxiv.org/abs/{identifier}", "arxiv": identifier}
    doi = doi_of(entry.findtext(f"{_OWN}doi") or "")
    found.values["links"] = links | (links_of_doi(doi) if doi else {})
    found.values["venue"] = clean(entry.findtext(f"{_OWN}journal_ref"))
    if comment := clean(entry.findtext(f"{_OWN}comment")):
        found.note("venue", f"The authors' comment on arXiv: {comment}")
    if (updated := _day(entry.findtext(f"{_ATOM}updated"))) and updated != published:
        found.note("published", f"The day of version 1; the newest version is of {updated}.")
    found.reference = (
        "arxiv",
        {"url": f"https://arxiv.org/abs/{identifier}", "title": "arXiv's record of the paper", "note": "The record only, not the paper itself."},
    )
    found.proves = (("authors", "authors"), ("published", "date of version 1"), ("venue", "journal reference"))
    return found


def _day(text: str | None) -> str:
    day = (text or "").strip()[:10]
    try:
        return datetime.date.fromisoformat(day).isoformat()
    except ValueError:
        return ""


# --- Crossref ----------------------------------------------------------------------------------------------------------


def ask_crossref(given: str, root: Path) -> Found:
    """Return what Crossref says of a work; raises NoAnswerError or UnknownWorkError."""
    doi = doi_of(given)
    if not doi:
        raise UnknownWorkError(f"'{clean(given)}' is no DOI such as 10.18653/v1/2023.acl-long.754")
    if identifier := arxiv_id(doi):
        return ask_arxiv(identifier, root)  # arXiv's own DOIs are registered elsewhere; Crossref knows none of them
    data = ask(CROSSREF, f"/{urllib.parse.quote(doi, safe='')}", "application/json", root)
    return read_crossref(data, doi)


def read_crossref(data: bytes, doi: str) -> Found:
    """Return what an answer of Crossref's says of a work."""
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError):
        raise NoAnswerError("Crossref's answer is not the JSON it should be") from None
    work = answer.get("message") if isinstance(answer, Mapping) else None
    if not isinstance(work, Mapping):
        raise NoAnswerError("Crossref's answer is not the record it should be")
    if str(work.get("DOI", doi)).lower() != doi.lower():
        raise NoAnswerError("Crossref answered with another work than was asked for")
    title, subtitle = _words(work, "title"), _words(work, "subtitle")
    if not title:
        raise NoAnswerError("Crossref's answer has no title")
    if subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title}: {subtitle}"
    found = Found({"title": title}, source="Crossref's record")
    people = work.get("author")
    found.values["authors"] = [name for person in (people if isinstance(people, list) else [])[:MOST] if (name := _name(person))]
    days = sorted(_dates(work))
    found.values["published"] = days[0][1] if days else ""
    if days:
        found.note("published", "The publisher's first date; if a preprint came earlier, that day is the one wanted here.")
    event = work.get("event")
    found.values["venue"] = _words(work, "container-title") or (clean(event.get("name")) if isinstance(event, Mapping) else "")
    found.values["links"] = {"paper": f"https://doi.org/{doi}"} | links_of_doi(doi)
    found.reference = ("crossref", {"url": f"https://doi.org/{doi}", "title": "Crossref's record of the work", "note": "The record only, not the work itself."})
    found.proves = (("authors", "author"), ("published", "dates"), ("venue", "container title"))
    return found


def _words(work: Mapping[str, Any], name: str) -> str:
    """Return the first of a field's texts without markup: publishers send tags and entities in titles."""
    value = work.get(name)
    first = value[0] if isinstance(value, list) and value else value
    return clean(re.sub(r"<[^<>]{0,100}>", "", html.unescape(first[:5000]))) if isinstance(first, str) else ""


def _name(person: Any) -> str:
    if not isinstance(person, Mapping):
        return ""
    return " ".join(part for key in ("given", "family", "suffix") if (part := clean(person.get(key)))) or clean(person.get("name"))


def _dates(work: Mapping[str, Any]) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield the dates of publication with a key to sort by: a date without a day counts as the end of its month."""
    for name in ("published-online", "published-print", "published", "posted", "issued"):
        value = work.get(name)
        parts = value.get("date-parts") if isinstance(value, Mapping) else None
        first = parts[0] if isinstance(parts, list) and parts else None
        if not isinstance(first, list) or not 1 <= len(first) <= 3 or not all(type(part) is int for part in first):
            continue
        year, month, day = (*first, 12, 28)[:3] if len(first) == 1 else (*first, 28)[:3]
        try:
            datetime.date(year, month, day)
        except (ValueError, OverflowError):
            continue
        yield (year, month, 31 if len(first) < 3 else day), "-".join([f"{first[0]:04}", *(f"{part:02}" for part in first[1:])])
