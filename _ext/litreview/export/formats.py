"""The list of all formats: the build, the command line and the page on data go by it. Paths are from the site's root."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..memory import paused_collector
from . import bibtex, croissant, csl, csv, feed, json, relations, ris, schemas, software, sqlite, text
from .citation import Work
from .contents import FOLDER, Contents
from .spool import Product

Data = bytes | Path  # what a file holds, or another file that holds it, which is there until the next one is asked for
Files = Iterable[tuple[str, Data | None]]  # no data: the file that the last build wrote stands
_OF_EACH: frozenset[Callable[[Contents], Product]] = frozenset((json.Lines, text.Texts))  # products that hold records apart


@dataclass(frozen=True)
class Export:
    """One format: its file from the site's root (with `<…>` where there are several), what it holds, and how the bytes are made.

    `made` are the sums (SHA-256) of the files that it `needs`, by path, for what describes others.
    """

    path: str
    holds: str
    make: Callable[[Contents, Mapping[str, str]], Files]
    needs: tuple[str, ...] = ()  # the formats it describes
    in_site: bool = True
    of_code: bool = False  # it depends on the code alone, so that no change of facts changes it
    in_parts: bool = False  # of records that did not change, the next build takes over what the file holds of them
    of: Callable[[Contents], Product] | None = None  # the product that it is put together from, made in one pass over the records for all formats

    @property
    def several(self) -> bool:
        """Tell whether it is more than one file."""
        return "<" in self.path

    @property
    def file(self) -> str:
        """Return its name in the site's folder for data; from there, where it lies elsewhere."""
        return self.path.removeprefix(FOLDER) if self.path.startswith(FOLDER) else f"../{self.path}"


def _one(path: str, holds: str, write: Callable[[Contents], Data], *, in_parts: bool = False, of: Callable[[Contents], Product] | None = None) -> Export:
    return Export(path, holds, lambda contents, made: [(path, write(contents))], in_parts=in_parts, of=of)


def _root(path: str, holds: str, write: Callable[[Contents], bytes]) -> Export:
    """Return a file of the repository's root, which the site has not."""
    return Export(path, holds, lambda contents, made: [(path, write(contents))], in_site=False)


def _each(
    path: str,
    holds: str,
    each: Callable[[Contents], Iterator[tuple[str, bytes | None]]],
    *,
    of_code: bool = False,
    of: Callable[[Contents], Product] | None = None,
) -> Export:
    return Export(path, holds, lambda contents, made: ((FOLDER + name, data) for name, data in each(contents)), of_code=of_code, of=of)


def _csv(name: str) -> Export:
    return _one(csv.path(name), relations.RELATIONS[name].help, lambda contents: csv.write(contents, name), in_parts=True, of=csv.product(name))


def _references(path: str, holds: str, entry: re.Pattern[str], write: Callable[[Contents, Iterator[Work | str]], str]) -> Export:
    return _one(path, holds, lambda contents: write(contents, contents.works(path, entry)).encode(), in_parts=True)


def _croissant(contents: Contents, made: Mapping[str, str]) -> Files:
    yield f"{FOLDER}croissant.json", croissant.write(contents, {path.removeprefix(FOLDER): total for path, total in made.items()})


EXPORTS: dict[str, Export] = {
    "json": _one(json.PATH, "Every record with its evidence, verdicts, back-references and address.", json.whole, in_parts=True, of=json.Lines),
    "records": _each(f"{FOLDER}<folder>/<id>.json", "The same, a file for each record: `papers/alpaca.json`.", json.each, of=json.Lines),
    "schema": _each(f"{FOLDER}schema/<name>.json", "JSON Schemas (2020-12) of the JSON files.", schemas.each, of_code=True),
    "sqlite": _one(sqlite.PATH, "A database: every table with its keys and comments, and views for common questions.", sqlite.write,
                   in_parts=True, of=sqlite.Made),
    **{name: _csv(name) for name in csv.FILES},
    "csvw": _one(f"{FOLDER}csv-metadata.json", "What the columns of the CSV files mean (CSV on the Web).", csv.metadata),
    "bibtex": _references(f"{FOLDER}references.bib", "Every paper, and every model's paper, as BibTeX.", bibtex.ENTRY,
                          lambda contents, works: bibtex.library(works, contents.edition.line)),
    "ris": _references(f"{FOLDER}references.ris", "The same as RIS, for reference managers.", ris.ENTRY,
                       lambda contents, works: ris.library(works, contents.edition.line)),
    "csl": _references(f"{FOLDER}references.json", "The same as CSL-JSON, for citation processors.", csl.ITEM,
                       lambda contents, works: csl.library(works, **contents.edition.stated)),
    "feed": _one(feed.PATH, "New works, changed facts, changed verdicts: an Atom feed, from the change log.", feed.write),
    "text": _each(f"{FOLDER}<folder>/<id>.txt", "Each record as plain text: `papers/alpaca.txt`.", text.each, of=text.Texts),
    "llms": _one("llms.txt", "A list of the texts and data files, for language models.", text.index),
    "croissant": Export(f"{FOLDER}croissant.json", "The review described as a data set (Croissant 1.0).", _croissant,
                        needs=("json", "sqlite", *csv.FILES, "bibtex")),
    "citation": _root("CITATION.cff", "How to cite the review.", lambda contents: software.citation(contents.edition, contents.released)),
    "codemeta": _root("codemeta.json", "What the review's code is.", lambda contents: software.codemeta(contents.edition, contents.released)),
}  # fmt: skip


def files(contents: Contents, names: Iterable[str] | None = None) -> dict[str, bytes]:
    """Return the files of the formats named, or of all that the site has: path from the site's root → bytes; none of those that the last build's stand for."""
    with paused_collector():
        return {path: data if isinstance(data, bytes) else data.read_bytes() for path, data in stream(contents, names) if data is not None}


def stream(contents: Contents, names: Iterable[str] | None = None) -> Iterator[tuple[str, Data | None]]:
    """Yield the same one after the other, so that nobody need hold all of them, with those that stand as the last build wrote them."""
    wanted = [name for name, export in EXPORTS.items() if export.in_site] if names is None else list(names)
    needed = {other for name in wanted for other in EXPORTS[name].needs}
    sums: dict[str, str] = {}
    try:
        prepare(contents, {*wanted, *needed})
        for name in [*(name for name in EXPORTS if name in needed and name not in wanted), *wanted]:
            for path, data in EXPORTS[name].make(contents, sums):
                if name in needed and data is not None:
                    sums[path] = _sum(data)
                if name in wanted:
                    yield path, data
    finally:
        contents.close()


def prepare(contents: Contents, names: Collection[str]) -> None:
    """Work through the records once for all formats named, rather than once for each."""
    changed = contents.changed
    # What holds all records is put together from the last build's, where there is one; only what is made of single ones is made here.
    changed.prepare(export.of for name, export in EXPORTS.items() if name in names and export.of and (changed is contents or export.of in _OF_EACH))


def _sum(data: Data) -> str:
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    with data.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
