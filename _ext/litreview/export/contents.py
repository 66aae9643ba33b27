"""What all exports are made from: the corpus, where its pages stand, which edition it is, and what the last build made; worked out once for all of them.

What is worked out of a record is more than the record; so all that is made of every record is made in one pass, a few records at
a time (`prepare`), and kept on the disk.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from .. import changelog
from ..edition import Edition
from ..evidence import Fact
from ..explanations import record_json
from ..schema import FOLDER_OF, FOLDERS
from ..specification import specification
from .citation import Work, is_listed, work_of
from .former import Former

if TYPE_CHECKING:
    from ..corpus import Corpus
    from ..records import Page
    from .spool import Product

Address = Callable[["Page"], str]
P = TypeVar("P", bound="Product")
FOLDER = "data/"  # where the exports lie, from the site's root
PART = 50  # records


def html_address(page: Page) -> str:
    """Return a page's address relative to the site's root, as the html builder has it."""
    return f"{page.docname}.html"


class Contents:
    """Hold a corpus and what several exports need of it; made for one writing of all of them."""

    def __init__(
        self, corpus: Corpus, address: Address = html_address, edition: Edition | None = None, changes: str = "", former: Former | None = None
    ) -> None:
        self.corpus = corpus
        self.address = address
        self.edition = edition or Edition()
        self.changes = changes  # the text of CHANGELOG.md
        self.former = former or Former()
        self.pages: list[Page] = [page for kind in FOLDERS.values() for page in corpus.of_kind(kind)]
        self._verdicts: dict[str, dict[str, Any]] = {}
        self._works: dict[str, Work] = {}
        self._facts: dict[str, list[Fact]] = {}
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        self._products: dict[Callable[[Contents], Product], Product] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.counted = 0  # verdicts of records before the first one

    @cached_property
    def changed(self) -> Contents:
        """Return the same of those records only of which nothing can be taken over from the last build."""
        if not self.former.unchanged:
            return self
        found = Contents(self.corpus, self.address, self.edition, self.changes)
        found.pages = [page for page in self.pages if page.id not in self.former.unchanged]
        found._verdicts, found._works, found._facts = self._verdicts, self._works, self._facts
        return found

    def in_folder(self, folder: str) -> list[Page]:
        """Return the pages in a folder."""
        return [page for page in self.pages if page.kind == FOLDERS[folder]]

    def verdicts(self, page: Page) -> dict[str, Any]:
        """Return a record's verdicts as JSON."""
        if page.path not in self._verdicts:
            self._verdicts[page.path] = record_json(self.corpus, page)
        return self._verdicts[page.path]

    def parts(self) -> Iterator[Contents]:
        """Yield the records a few at a time, in their order; what is worked out of them goes when they do."""
        counted = 0
        for start in range(0, len(self.pages), PART):
            part = Contents(self.corpus, self.address, self.edition, self.changes)
            part.pages, part.counted = self.pages[start : start + PART], counted
            yield part
            for page in part.pages:
                page.let_go()
            if part._verdicts:  # who asked for none of these asks for none of the next
                counted += len(part.rows("verdicts"))

    def prepare(self, products: Iterable[Callable[[Contents], Product]]) -> None:
        """Make several products in one pass, each told by what makes it; those that are there already are not made again."""
        made = {make: make(self) for make in dict.fromkeys(products) if make not in self._products}
        for part in self.parts() if made else ():
            for product in made.values():
                product.take(part)
        self._products |= made

    def product(self, make: Callable[[Contents], P]) -> P:
        """Return a product, made now unless it was prepared."""
        self.prepare([make])
        return cast("P", self._products[make])

    @property
    def folder(self) -> Path:
        """Return a folder for large files; it goes when `close` is called."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="litreview-")
        return Path(self._folder.name)

    def works(self, path: str, part: re.Pattern[str]) -> Iterator[Work | str]:
        """Yield what the references list, as something to cite, or as the text that it is in a file of the last build (see `Former`)."""
        former = self.former.parts(path, part)
        for page in filter(is_listed, self.pages):
            if page.id in former:
                yield former[page.id][0]
                continue
            if page.path not in self._works:
                self._works[page.path] = work_of(page)
            yield self._works[page.path]

    def facts(self, page: Page) -> list[Fact]:
        """Return the facts of a record."""
        if page.path not in self._facts:
            self._facts[page.path] = self.corpus.facts(page)
        return self._facts[page.path]

    @cached_property
    def checked(self) -> str:
        """Return the last day on which a source was read; the review is as of that day. Empty where no page says."""
        return max((document.get("checked", "") for page in self.pages for document in page.record.get("references", {}).values()), default="")

    @cached_property
    def released(self) -> str:
        """Return the day of this edition's release, as the change log has it; empty before it."""
        return next((release.date for release in changelog.read(self.changes).releases if release.version == self.edition.release), "")

    @cached_property
    def database(self) -> sqlite3.Connection:
        """Return the review as a database; whoever asked for it calls `close` at the end."""
        from .sqlite import connect

        return connect(self)

    def close(self) -> None:
        """Close the database, if there is one, and remove what lies on the disk."""
        if "database" in self.__dict__:
            self.__dict__.pop("database").close()
        self._products.clear()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        if "changed" in self.__dict__ and self.changed is not self:
            self.changed.close()

    def rows(self, relation: str) -> list[tuple[Any, ...]]:
        """Return the rows of a relation; see `relations.py`. Those that are also a file are kept, the many others are needed once."""
        from .csv import FILES
        from .relations import RELATIONS

        if relation in self._rows:
            return self._rows[relation]
        rows = list(RELATIONS[relation].rows(self))
        if relation in FILES:
            self._rows[relation] = rows
        return rows


def own_fields(page: Page) -> dict[str, Any]:
    """Return a record's fields in the schema's order, without its evidence, which exports show by path."""
    return {name: page.record[name] for name in specification(page.kind).fields if name in page.record and name != "evidence"}


def folder_of(page: Page) -> str:
    """Return the folder of a page, which is the name of its kind's list in the exports."""
    return FOLDER_OF[page.kind]
