"""All records of a review, indexed: by id and kind, by licence, and by who points at whom."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .diagnostics import Diagnostic
from .lineage import Lineage
from .page_files import page_files as page_files  # also found here
from .page_files import read_or_refuse
from .records import Page, read_page, unread_page
from .schema import FOLDERS
from .specification import Node
from .values import LicenseName
from .worked_out import WorkedOut

if TYPE_CHECKING:
    from .evidence import Fact, Note
    from .facets import Facets
    from .stale import Task
    from .verdicts import Verdicts

# Back-references: how a record is named from elsewhere, and the heading under which its page lists it.
BACKLINKS: dict[str, str] = {
    "base-of": "Base model of",
    "generated": "Generated data for",
    "built-on-by": "Built on by",
    "described-here": "Models described here",
    "licensed": "Under this licence",
    "same-base": "Same base model",
}
_ORDER = {relation: number for number, relation in enumerate(BACKLINKS)}
# Pages of which the facts and notes are kept: a page's are asked for several times in a row, and those of all would be more than their records.
_KEPT = 64


@dataclass(frozen=True)
class Backlink:
    """One record that names another: which, and in what way."""

    relation: str
    id: str
    detail: str = ""  # the variant, the data source's label, or what is licensed
    through: str = ""  # the nearer record, where the relation is not direct


class Corpus:
    """Index pages; of several with one id the first counts, the others are reported."""

    def __init__(self, pages: Iterable[Page], worked_out: WorkedOut | None = None) -> None:
        order = {kind: number for number, kind in enumerate(FOLDERS.values())}
        self.pages = sorted(pages, key=lambda page: (order[page.kind], page.id))
        self._by_id: dict[str, Page] = {}
        for page in self.pages:
            self._by_id.setdefault(page.id, page)
        self.get: Callable[[str], Page | None] = self._by_id.get  # the page with an id, if there is one: asked so often that it is the dictionary's own
        self._of_kind: dict[str, list[Page]] = {}
        self._variants: dict[str, dict[str, dict[str, Any]]] = {}
        self.licenses: dict[str, Page] = {page.record["spdx"]: page for page in self.of_kind("license") if "spdx" in page.record}
        self._references: dict[str, list[Node]] = {}
        self._ids: dict[tuple[str, ...], list[str]] = {}
        self._backlinks: dict[str, list[Backlink]] = {}
        self._notes: dict[str, list[Note]] = {}
        self._facts: dict[str, list[Fact]] = {}
        self.worked_out = WorkedOut() if worked_out is None else worked_out

    @cached_property
    def checked(self) -> str:
        """Return the last day on which a source was read; the review is as of that day. Empty where no page says."""
        return max((document.get("checked", "") for page in self.pages for document in page.record.get("references", {}).values()), default="")

    @cached_property
    def by_docname(self) -> dict[str, Page]:
        """Return the pages by the names that Sphinx has for them."""
        return {page.docname: page for page in self.pages}

    def of_kind(self, kind: str) -> list[Page]:
        """Return the records of one kind, by id; pages that were not read have none."""
        if kind not in self._of_kind:
            self._of_kind[kind] = [page for page in self.pages if page.kind == kind and page.is_read and self._by_id.get(page.id) is page]
        return list(self._of_kind[kind])

    def ids_of(self, kinds: tuple[str, ...]) -> list[str]:
        """Return the ids of the pages of several kinds; made once, however many wrong ones are compared with them."""
        if kinds not in self._ids:
            self._ids[kinds] = [page.id for page in self.pages if page.kind in kinds]
        return self._ids[kinds]

    def namesakes(self) -> Iterator[list[Page]]:
        """Yield the groups of pages that share one id."""
        groups: dict[str, list[Page]] = {}
        for page in self.pages:
            groups.setdefault(page.id, []).append(page)
        yield from (group for group in groups.values() if len(group) > 1)

    @staticmethod
    def _find_references(page: Page) -> list[Node]:
        named = [node for node in page.judged if node.field.names_a_page and isinstance(node.value, str)]
        return [node for node in named if not (node.field.absent and node.value in node.field.absent.words)]

    def references_of(self, page: Page) -> list[Node]:
        """Return the values of a page that name other pages."""
        if page.path not in self._references:
            self._references[page.path] = self._find_references(page)
        return self._references[page.path]

    def variant(self, model: Page, name: str) -> dict[str, Any] | None:
        """Return the variant of a model page that a name or alias means; of several the first."""
        if model.path not in self._variants:
            known = self._variants[model.path] = {}
            for variant in model.record.get("variants", []):
                for spelling in (variant.get("id", ""), *variant.get("aka", [])):
                    known.setdefault(spelling.casefold(), variant)
        return self._variants[model.path].get(name.casefold())

    @staticmethod
    def variant_names(model: Page) -> list[str]:
        """Return the names and aliases of a model's variants."""
        return [name for variant in model.record.get("variants", []) for name in (variant.get("id", ""), *variant.get("aka", []))]

    def notes(self, page: Page) -> list[Note]:
        """Return a page's evidence, looked up once: facts, cards and panels show the same notes."""
        from .evidence import notes_of  # `check` starts faster without

        if page.path not in self._notes:
            if len(self._notes) == _KEPT:
                self._notes.clear()
            self._notes[page.path] = notes_of(page)
        return self._notes[page.path]

    def facts(self, page: Page) -> list[Fact]:
        """Return a page's facts with their evidence, paired once: tables, the review's state and the exports all ask."""
        from .evidence import facts_of

        if page.path not in self._facts:
            if len(self._facts) == _KEPT:
                self._facts.clear()
            self._facts[page.path] = list(facts_of(page, self.notes(page)))
        return self._facts[page.path]

    def proved(self, page: Page) -> tuple[int, int, int]:
        """Return how many facts a page has, how many of them with evidence, and how many with evidence read first-hand."""
        known = self.worked_out.proved
        if page.path not in known:
            facts = self.facts(page)
            known[page.path] = (len(facts), sum(bool(fact.proved) for fact in facts), sum(fact.first_hand for fact in facts))
        return known[page.path]

    @cached_property
    def lineage(self) -> Lineage:
        """Return who was built from what."""
        return Lineage(self._by_id.values())

    @cached_property
    def verdicts(self) -> Verdicts:
        """Return what may be done with each release."""
        from .verdicts import Verdicts

        return Verdicts(self)

    @cached_property
    def tasks(self) -> list[Task]:
        """Return what is worth looking up next, the weightiest first."""
        from .stale import Tasks  # only the pages that list them need it

        return Tasks(self).all()

    @cached_property
    def facets(self) -> Facets:
        """Return what tables of records can be narrowed by in a browser."""
        from .facets import Facets  # only a build needs them; `check` starts faster without

        return Facets(self)

    def backlinks(self, record_id: str) -> list[Backlink]:
        """Return the records that name one, in the order of `BACKLINKS` and then by id."""
        page = self._by_id.get(record_id)
        if page is None:
            return []
        if record_id not in self._backlinks:
            self._backlinks[record_id] = sorted(self._links_to(page), key=lambda link: (_ORDER[link.relation], bool(link.through), link.id, link.detail))
        return self._backlinks[record_id]

    def _links_to(self, page: Page) -> set[Backlink]:
        found = {
            Backlink({"tuned-from": "base-of", "generated-by": "generated"}.get(edge.relation, "built-on-by"), edge.child, edge.variant or edge.label)
            for edge in self.lineage.children.get(page.id, ())
        }
        if page.kind == "license":
            found.update(self._licensed.get(page.id, ()))
        found.update(Backlink("described-here", other) for other in self._described.get(page.id, ()))
        if page.kind == "paper":
            found.update(self._same_base(page))
        direct = {link.id for link in found}
        found.update(
            Backlink("built-on-by", descendant, through=through)
            for descendant, through in self.lineage.descendants(page.id)
            if through and descendant not in direct
        )
        return found

    @cached_property
    def _licensed(self) -> dict[str, set[Backlink]]:
        """Return what is under each licence; every value of every page is looked at, so that only the pages of licences ask."""
        found: dict[str, set[Backlink]] = {}
        for page in self._by_id.values():
            for node in self.references_of(page):
                if isinstance(node.field.scalar, LicenseName) and node.value in self.licenses:
                    found.setdefault(self.licenses[node.value].id, set()).add(Backlink("licensed", page.id, _what_is_licensed(node)))
        return found

    @cached_property
    def _described(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for page in self._by_id.values():
            if "described_in" in page.record:
                found.setdefault(page.record["described_in"], []).append(page.id)
        return found

    @cached_property
    def _papers_by_base(self) -> dict[str, list[tuple[str, str]]]:
        index: dict[str, list[tuple[str, str]]] = {}
        for page in self.of_kind("paper"):
            for edge in self.lineage.parents.get(page.id, []):
                if edge.relation == "tuned-from":
                    index.setdefault(edge.parent, []).append((page.id, edge.variant))
        return index

    def _same_base(self, page: Page) -> Iterator[Backlink]:
        bases = {edge.parent for edge in self.lineage.parents.get(page.id, []) if edge.relation == "tuned-from"}
        for base in bases:
            for other in {other for other, _ in self._papers_by_base[base]} - {page.id}:
                yield Backlink("same-base", other, base)

    def let_go(self) -> None:
        """Drop what only relating the records and checking them needed of each; it is made again for whoever asks."""
        for page in self.pages:
            page.let_go()

    def check(self) -> list[Diagnostic]:
        """Return every fault of every page, sorted by place."""
        from .rules import check_corpus

        found = [problem for page in self.pages for problem in page.problems]
        return sorted({*found, *check_corpus(self)})


def _what_is_licensed(node: Node) -> str:
    path = node.path
    if path[0] == "releases":
        return " ".join(segment.replace("_", " ") for segment in path[1:-1])
    return "output" if path[0] == "output_terms" else "content"


def digest(value: Any) -> str:
    """Return a short fingerprint of a JSON value; what is shown on pages may be in it as it is."""
    import hashlib  # of no use to `check`

    return hashlib.blake2b(json.dumps(value, sort_keys=True, ensure_ascii=False, default=_of_object).encode(), digest_size=12).hexdigest()


def _of_object(shown: Any) -> list[Any]:
    kind = type(shown)
    read = _READ.get(kind)
    if read is None:
        names = [field.name for field in fields(kind)]
        read = _READ[kind] = attrgetter(*names) if len(names) > 1 else lambda one: (getattr(one, names[0]),)
    return [kind.__name__, *read(shown)]


# What reads the fields of a kind of object; `vars` would leave a dictionary in each object, for as long as it lives.
_READ: dict[type, Callable[[Any], Iterable[Any]]] = {}


def load(root: Path) -> Corpus:
    """Read a review from its folder; pages that cannot be read are reported like any other fault."""
    pages = []
    for name in page_files(root):
        data = read_or_refuse(root, name)
        pages.append(unread_page(data, root) if isinstance(data, Diagnostic) else read_page(name, data, root))
    return Corpus(pages)
