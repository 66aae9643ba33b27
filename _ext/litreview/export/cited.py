"""What a reader cites: a work itself and, apart from it, the review's page about it; each in three formats, a file each."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..edition import CREATORS, TITLE
from ..names import Name
from . import bibtex, csl, ris
from .citation import Work, work_of

if TYPE_CHECKING:
    from ..records import Page

FOLDER = "data/cite"


@dataclass(frozen=True)
class Format:
    """A format: what readers call it, how its files end, their media type, and how an entry is written."""

    label: str
    ending: str
    media_type: str
    write: Callable[[Work], str]


FORMATS = (
    Format("BibTeX", "bib", "application/x-bibtex", bibtex.entry),
    Format("RIS", "ris", "application/x-research-info-systems", ris.entry),
    Format("CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json", lambda work: json.dumps([csl.item(work)], ensure_ascii=False, indent=1) + "\n"),
)


def checked(page: Page) -> str:
    """Return the last day on which one of a page's documents was read: what the page says is as of that day."""
    return max((document.get("checked", "") for document in page.record.get("references", {}).values()), default="")


def about(page: Page, address: str) -> Work:
    """Return the review's page about a record as something to cite, apart from the record; `address` may be empty."""
    title = f"{page.short}: facts, sources and licence verdicts"
    return Work(f"{page.id}-in-living-review", "other", title, page.short, (Name(literal=CREATORS),), issued=checked(page), publisher=TITLE, url=address)


def file_of(page: Page, ending: str, *, of_page: bool) -> str:
    """Return a citation's file, from the site's root."""
    return f"{FOLDER}/{page.docname}{'.page' if of_page else ''}.{ending}"


def files(papers: Iterable[Page], address: Callable[[Page], str], standing: Collection[str] = ()) -> Iterator[tuple[str, bytes | None]]:
    """Yield the papers' citation files; `address` gives a page's whole address, empty where the site's is not known.

    No bytes are made of papers, by id, whose files stand as the last build wrote them.
    """
    for page in papers:
        if page.id in standing:
            yield from ((file_of(page, form.ending, of_page=of_page), None) for of_page in (False, True) for form in FORMATS)
            continue
        for of_page, work in ((False, work_of(page)), (True, about(page, address(page)))):
            for form in FORMATS:
                yield file_of(page, form.ending, of_page=of_page), form.write(work).encode()
