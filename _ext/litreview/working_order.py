"""In which order verdicts are worked out: each record after those that it is made from, and which places are made from themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, product
from typing import TYPE_CHECKING, Any

from .answers import ARTEFACTS
from .declared import Declared, names_a_model
from .lineage import ordered
from .reasons import Place

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page


class WorkingOrder:
    """Know which records were not worked out yet (`waiting`), and the places that are made from themselves (`circular`).

    Records are put in order as a whole, which is much less work than doing so with each of their releases. Only where records are
    made from each other does it matter which releases: a paper's weights may stand on the page of a model that was made with its data.
    """

    def __init__(self, corpus: Corpus, declared: Declared) -> None:
        self._corpus = corpus
        self._declared = declared
        pages = [page for page in corpus.pages if page.kind != "license" and corpus.get(page.id) is page]
        self._made_from = {page.id: self._parents(page) for page in pages}
        self._groups, among_themselves = ordered(self._made_from)
        self.waiting = {record_id: number for number, group in enumerate(self._groups) for record_id in group}
        self._places: dict[int, list[Place]] = {}  # of the groups whose records are made from each other: their places in order
        self.circular: set[Place] = set()
        if among_themselves:
            for number in {self.waiting[record_id] for record_id in among_themselves}:
                order, circular = ordered(dict(chain.from_iterable(map(self._needs, self._groups[number]))))
                self._places[number] = [*chain.from_iterable(order)]
                self.circular |= circular
            _, on_circle = ordered({child: [edge.parent for edge in edges] for child, edges in corpus.lineage.parents.items()})
            self.circular.update(product(on_circle, ("data", "weights", "output")))

    def take(self, record_id: str = "") -> Iterator[tuple[Page, Iterable[str]]]:
        """Yield a record and those above it, or all records, that are still waiting, with their releases: ancestors first; none of them waits any more."""
        wanted = {self.waiting[one] for one in self._with_ancestors(record_id)} if record_id else set(self.waiting.values())
        for number in sorted(wanted):
            for one in self._groups[number]:
                del self.waiting[one]
            places = self._places.get(number)
            if places is None:
                page = self._corpus.get(self._groups[number][0])
                if page is not None:
                    yield page, _releases_of(page)
                continue
            for one, artefact in places:
                page = self._corpus.get(one)
                if page is not None:
                    yield page, (artefact,)

    def _with_ancestors(self, record_id: str) -> set[str]:
        found: set[str] = set()
        ahead = [record_id]
        while ahead:
            here = ahead.pop()
            if here in self.waiting and here not in found:
                found.add(here)
                ahead += self._made_from.get(here, ())
        return found

    def _parents(self, page: Page) -> list[str]:
        """Return the ids of the records that a record is made from, or on whose pages its terms stand."""
        named = [reference for source in sources_of(page).values() for reference in source.get("from", ())]
        if page.kind != "source":
            named += bases_of(page)
            for artefact in page.record.get("releases", ()):
                for entry in self._declared.entries(page, artefact).values():
                    if isinstance(entry, dict):
                        if "base" in entry:
                            named += entry["base"]
                        if names_a_model(entry):
                            named.append(entry["model"])
        return [reference.partition("/")[0] for reference in named]

    def _needs(self, record_id: str) -> Iterator[tuple[Place, list[Place]]]:
        """Yield each place of a record with the places that it is made from."""
        page = self._corpus.get(record_id)
        if page is None:
            return
        upstream = [self._corpus.get(reference.partition("/")[0]) for source in sources_of(page).values() for reference in source.get("from", ())]
        of_sources = [(parent.id, "output" if parent.kind == "model" else "data") for parent in upstream if parent is not None]
        yield (page.id, "data"), [*of_sources, *self._declared.stands_elsewhere(page, "data")]
        if page.kind == "source":
            return
        bases = [base.partition("/")[0] for entry in self._declared.entries(page, "weights").values() for base in bases_of(page, entry)]
        of_bases = [(base, "weights") for base in bases]
        yield (page.id, "weights"), [*of_bases, *self._declared.stands_elsewhere(page, "weights"), (page.id, "data")]
        if page.kind == "model":
            yield (page.id, "output"), [(base, "output") for base in bases]
        yield (page.id, "code"), self._declared.stands_elsewhere(page, "code")


def _releases_of(page: Page) -> Iterable[str]:
    """Return what of a record others are made from, data that are no release of their own among it."""
    released = ARTEFACTS.get(page.kind, ())
    return released if "data" in released or not sources_of(page) else ("data", *released)


def bases_of(page: Page, entry: Any = None) -> list[str]:
    """Return the base models of an entry of weights: its own, else the record's and its variants'."""
    named = entry.get("base", []) if isinstance(entry, dict) else []
    if not named:
        stated_bases = page.record.get("base_models", [])
        named = [*stated_bases] if isinstance(stated_bases, list) else []
        named += [variant["base"] for variant in page.record.get("variants", ()) if "base" in variant]
    return sorted(set(named)) if len(named) > 1 else named


def sources_of(page: Page) -> dict[str, Any]:
    """Return the labelled sources of a record's data; none where they are not known."""
    sources = page.record.get("data", {}).get("sources")
    return sources if isinstance(sources, dict) else {}
