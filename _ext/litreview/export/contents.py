"""What all exports are made from: the corpus, where its pages stand, which edition it is, and what the last build made; worked out once for all of them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

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

Address = Callable[["Page"], str]
FOLDER = "data/"  # where the exports lie, from the site's root


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

    @cached_property
    def lines(self) -> dict[str, list[str]]:
        """Return every record as a line of JSON, by folder."""
        from .json import lines

        return lines(self)

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
        """Close the database, if there is one."""
        if "database" in self.__dict__:
            self.__dict__.pop("database").close()

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
