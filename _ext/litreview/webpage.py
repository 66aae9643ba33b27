"""What a page tells machines of itself: linked data in schema.org's words, a description, links to its other forms.

A page about a paper is no paper: it is a `WebPage` about a `ScholarlyArticle`, and never claims to be that. Addresses are
relative to the site where its own is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from .display import RESOLVERS
from .edition import CREATORS, DESCRIPTION, KEYWORDS, LICENSE_URL, TITLE
from .specification import one_or_families
from .values import is_absent

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page

Address = Callable[[str], str]  # docname or file → address
CONTEXT = "https://schema.org"
_TYPES = {"paper": "ScholarlyArticle", "model": "SoftwareApplication", "license": "CreativeWork", "source": "Dataset"}


def same_as(page: Page) -> list[str]:
    """Return where else a record is known: its identifiers as addresses, then its own pages."""
    links = page.record.get("links", {})
    found = [RESOLVERS[name].format(links[name]) for name in RESOLVERS if name in links]
    return list(dict.fromkeys([*found, *(links[name] for name in ("paper", "home", "blog", "docs") if name in links)]))


def _license_address(corpus: Corpus, spelling: str, address: Address) -> str:
    """Return where a licence's own text is, else the review's page about it, else its name."""
    page = corpus.licenses.get(spelling)
    if page is None:
        return spelling
    known = same_as(page)
    return known[0] if known else address(page.docname)


def _brief(page: Page, address: Address) -> dict[str, Any]:
    """Return a record as another names it."""
    kind = "Dataset" if page.kind == "paper" and "dataset" in page.record.get("kinds", []) else _TYPES[page.kind]
    known = same_as(page)
    return {"@type": kind, "name": page.short, "url": known[0] if known else address(page.docname)}


def _people(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"@type": "Person", "name": name} for name in names]


def _work(page: Page) -> dict[str, Any]:
    """Return the record itself, whatever else says of it."""
    record = page.record
    known = same_as(page)
    found: dict[str, Any] = {"@type": _TYPES[page.kind], "name": page.title}
    if page.short != page.title:
        found["alternateName"] = [page.short, *record.get("also_known_as", [])]
    if record.get("authors"):
        found["author"] = _people(record["authors"])
    if "published" in record and not is_absent(record["published"]):
        found["datePublished"] = record["published"]
    if known:
        found |= {"url": known[0], "sameAs": known}
    return found


def _data(corpus: Corpus, page: Page, address: Address) -> Iterator[dict[str, Any]]:
    """Yield the data sets that a paper released, with their licence and what they were made from."""
    entry = page.record.get("releases", {}).get("data")
    if not isinstance(entry, dict):
        return
    several = one_or_families(entry) == "families"
    sources = [edge.parent for edge in corpus.lineage.parents.get(page.id, []) if edge.relation in ("built-from", "generated-by")]
    based_on = [_brief(parent, address) for name in dict.fromkeys(sources) if (parent := corpus.get(name)) is not None]
    for label, release in entry.items() if several else [("", entry)]:
        name = f"{page.short}: {label}" if label else f"{page.short}: data"
        found: dict[str, Any] = {"@type": "Dataset", "name": name, "description": f"The instruction data of {page.title}: {page.record.get('summary', '')}"}
        if "license" in release and not is_absent(release["license"]):
            found["license"] = _license_address(corpus, release["license"], address)
        if "url" in release:
            found["url"] = release["url"]
        if page.record.get("authors"):
            found["creator"] = _people(page.record["authors"])
        if based_on:
            found["isBasedOn"] = based_on
        yield found


def review_in_brief(address: Address) -> dict[str, Any]:
    """Return the review as its pages name it."""
    return {"@type": "Dataset", "name": TITLE, "url": address("index"), "license": LICENSE_URL, "description": DESCRIPTION}


def linked_data(corpus: Corpus, page: Page, address: Address) -> dict[str, Any]:
    """Return what a record page says of itself and of what it is about, as JSON-LD."""
    found: dict[str, Any] = {
        "@type": "WebPage",
        "name": page.title,
        "description": page.record.get("summary", ""),
        "url": address(page.docname),
        "inLanguage": "en",
        "license": LICENSE_URL,
        "isPartOf": review_in_brief(address),
        "about": _work(page),
    }
    return {"@context": CONTEXT, "@graph": [found, *(_data(corpus, page, address) if page.kind == "paper" else ())]}


def linked_review(address: Address, release: str, files: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    """Return the review itself as a data set; `files` are those it is downloaded as: path, description, media type."""
    downloads = [{"@type": "DataDownload", "contentUrl": address(path), "description": said, "encodingFormat": kind} for path, said, kind in files]
    organization = {"@type": "Organization", "name": CREATORS}
    return {
        "@context": CONTEXT, **review_in_brief(address), "creator": organization, "version": release, "keywords": list(KEYWORDS), "isAccessibleForFree": True,
        "inLanguage": "en", "distribution": downloads,
    }  # fmt: skip
