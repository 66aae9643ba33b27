"""A record as something to cite: its kind, names, dates and places, the same for BibTeX, RIS and CSL.

A venue is one line of text on the page; what citations keep apart (container, volume, pages) is read off its form, never
guessed from a list of names. The day a work first became public and the year its venue names are different dates: the
venue's year is cited, the first day is kept beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..names import Name, parse
from ..values import is_absent

if TYPE_CHECKING:
    from ..corpus import Corpus
    from ..records import Page


@dataclass(frozen=True)
class Work:
    """What a citation says; an empty text is not known or does not apply.

    `kind` is article, proceedings, report, software or other. `issued` and `first_public` have year, month or day precision, as
    the page has them; `pages` is `first-last`.
    """

    id: str
    kind: str
    title: str
    short: str
    names: tuple[Name, ...]
    issued: str = ""
    first_public: str = ""
    container: str = ""
    series: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""
    publisher: str = ""
    doi: str = ""
    arxiv: str = ""
    url: str = ""


@dataclass(frozen=True)
class Venue:
    """The parts of a venue; `container` is empty where the work did not appear in a larger one."""

    kind: str = "other"
    container: str = ""
    year: str = ""
    series: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""
    publisher: str = ""


_DASH = r"\s*(?:-|–|—)\s*"


def read_venue(text: str) -> Venue:
    """Return the parts of a venue as the pages write it.

    `Journal 25(70), pages 1-53, 2024` is a journal with volume and number; a name with a year is a meeting's proceedings
    (`ACL 2022 (Volume 1: Long Papers), pages 3062-3072`, `ICML 2023 (PMLR 202:22631-22648)`); `… report` is a report by whoever
    is named before it; preprint servers, posts and releases are no containers.
    """
    volume = number = pages = series = ""
    found = re.search(rf",?\s*\b(?:pages|pp\.?)\s+(\w+(?:{_DASH}\w+)?)", text)
    if found:
        pages, text = re.sub(_DASH, "-", found[1]), text.replace(found[0], "", 1)
    found = re.search(rf"\s*\(([^()\d]+) (\d+):(\d+{_DASH}\d+)\)", text)
    if found:
        series, volume, pages, text = found[1], found[2], re.sub(_DASH, "-", found[3]), text.replace(found[0], "", 1)
    found = re.search(r"\s*\(volume (\d+)\)", text)
    if found:
        volume, text = found[1], text.replace(found[0], "", 1)
    found = re.search(r"\s+(\d+)\((\w+)\)", text)
    years = re.findall(r"\b(?:19|20)\d\d\b", text)
    if found:
        name = re.sub(r",?\s*\b(?:19|20)\d\d\b", "", text.replace(found[0], "", 1)).strip(" ,")
        return Venue("article", name, years[-1] if years else "", "", found[1], found[2], pages)
    if re.search(r"\breports?\b", text):
        by = re.sub(r"\s*\b(?:technical )?reports?\b.*", "", text).strip()
        return Venue("report" if by.lower() != "arxiv" else "other", publisher=by, year=years[-1] if years else "")
    if text.lower().startswith("software"):
        where = re.search(r"\(([^()]+)\)", text)
        return Venue("software", publisher=where[1] if where else "")
    if years:
        return Venue("proceedings", text.strip(" ,"), years[-1], series, volume, number, pages)
    if text.startswith(("Journal", "Transactions", "Proceedings")):
        return Venue("article", text.strip(" ,"), "", series, volume, number, pages)
    return Venue(publisher=re.sub(r"\s+preprint$", "", text))


def work_of(page: Page) -> Work:
    """Return a record as something to cite: a paper, or a model with the paper or service that its page tells of."""
    record = page.record
    links = record.get("links", {})
    stated = {name: "" if is_absent(record.get(name, "")) else record.get(name, "") for name in ("venue", "published", "publisher", "developer")}
    venue = read_venue(stated["venue"])
    day = stated["published"]
    if page.kind != "paper" and "arxiv" in links:
        # The page dates the model, the citation needs the paper, and the id tells the month in which that appeared.
        month = re.match(r"(\d\d)(\d\d)\.", links["arxiv"])
        day = f"20{month[1]}-{month[2]}" if month else ""
    authors = record.get("authors") or [stated["developer"] or stated["publisher"]]
    address = next((links[name] for name in ("paper", "home", "blog", "code", "data", "docs") if name in links), "")
    if not address and "arxiv" in links:
        address = f"https://arxiv.org/abs/{links['arxiv']}"
    return Work(
        id=page.id,
        kind=venue.kind,
        title=page.title,
        short=page.short,
        names=tuple(parse(author) for author in authors if author),
        issued=venue.year or day,
        first_public=day if venue.year else "",
        container=venue.container,
        series=venue.series,
        volume=venue.volume,
        number=venue.number,
        pages=venue.pages,
        publisher=venue.publisher,
        doi=links.get("doi", ""),
        arxiv=links.get("arxiv", ""),
        url=address,
    )


def works(corpus: Corpus) -> Iterator[Work]:
    """Yield what the review lists."""
    return map(work_of, filter(is_listed, [*corpus.of_kind("paper"), *corpus.of_kind("model")]))


def is_listed(page: Page) -> bool:
    """Tell whether the references list a record: every paper, and the models whose page names authors and that no paper page describes.

    Sources are left out: their pages tell of a site or a data set, not of a paper about it.
    """
    return page.kind == "paper" or (page.kind == "model" and bool(page.record.get("authors")) and "described_in" not in page.record)
