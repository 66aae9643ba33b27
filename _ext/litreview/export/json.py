"""`review.json`: every record with its evidence by path, its back-references and its address; and one file for each record.

A record stands on one line: two editions compare by record, and the quick encoder of Python's `json` is used, which cannot indent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..edition import FORMAT_VERSION, Edition
from ..schema import FOLDERS
from .contents import Address, Contents, html_address, own_fields
from .spool import Spool, told_of

if TYPE_CHECKING:
    from ..corpus import Corpus
    from ..records import Page

__all__ = ["FORMAT_VERSION", "each", "html_address", "record", "review", "whole", "write"]


def record(corpus: Corpus, page: Page, address: Address = html_address) -> dict[str, Any]:
    """Return one record: its fields under their own names, in the schema's order, fields that nobody looked up absent."""
    return record_of(Contents(corpus, address), page)


def record_of(contents: Contents, page: Page) -> dict[str, Any]:
    """Return one record of those that are exported."""
    return {
        "id": page.id,
        **own_fields(page),
        "evidence": _evidence(page),
        "verdicts": contents.verdicts(page),
        "backlinks": [{key: value for key, value in vars(link).items() if value} for link in contents.corpus.backlinks(page.id)],
        "url": contents.address(page),
    }


def _evidence(page: Page) -> dict[str, list[dict[str, Any]]]:
    """Return the evidence by the paths it is for, with what the reference says of the document resolved."""
    references = page.record.get("references", {})
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in page.record.get("evidence", []):
        document = references.get(entry.get("in", ""), {})
        shown = {key: entry[key] for key in ("in", "at", "quote", "says", "until", "note") if key in entry}
        shown["first_hand"] = document.get("first_hand") == "yes"
        for key in ("url", "checked"):
            if key in document:
                shown[key] = document[key]
        for path in entry.get("for", []):
            found.setdefault(path, []).append(shown)
    return found


def review(corpus: Corpus, address: Address = html_address, edition: Edition | None = None) -> dict[str, Any]:
    """Return the whole review as one JSON value."""
    contents = Contents(corpus, address)
    return {**(edition or Edition()).stated, **{folder: [record_of(contents, page) for page in contents.in_folder(folder)] for folder in FOLDERS}}


PATH = "data/review.json"
_LINE = re.compile(r'^(\{"id": "([^"]+)".*\}),?$', re.MULTILINE)


class Lines(Spool):
    """Every record as a line of JSON, by its id."""

    def __init__(self, contents: Contents) -> None:
        super().__init__(PATH)

    def take(self, part: Contents) -> None:
        """Take some records in."""
        for page in part.pages:
            self.add(page.id, json.dumps(record_of(part, page), ensure_ascii=False, check_circular=False))


def whole(contents: Contents) -> Path:
    """Return `review.json`, as a file among the contents' own; the same contents give the same bytes."""
    former = contents.former.parts(PATH, _LINE)
    is_whole = all(page.id in former for page in contents.pages if page.id in contents.former.unchanged)  # else somebody wrote the file since
    made = (contents.changed if is_whole else contents).product(Lines)
    path = contents.folder / "review.json"
    with told_of(PATH), path.open("wb") as file:
        file.write(f"{{{json.dumps(contents.edition.stated, ensure_ascii=False)[1:-1]}".encode())
        for folder in FOLDERS:
            file.write(f',\n"{folder}": ['.encode())
            between = b"\n"
            for page in contents.in_folder(folder):
                file.write(between + (made[page.id] if page.id in made else former[page.id][0].encode()))
                between = b",\n"
            file.write(b"]" if between == b"\n" else b"\n]")
        file.write(b"}\n")
    return path


def write(corpus: Corpus, address: Address = html_address, edition: Edition | None = None) -> bytes:
    """Return the bytes of a corpus's `review.json`."""
    contents = Contents(corpus, address, edition)
    try:
        return whole(contents).read_bytes()
    finally:
        contents.close()


def each(contents: Contents) -> Iterator[tuple[str, bytes | None]]:
    """Yield the name and the bytes of a file for each record: `papers/alpaca.json`; no bytes where the last build's stands."""
    made = contents.changed.product(Lines)
    head = json.dumps(contents.edition.stated, ensure_ascii=False)[1:-1]
    for folder in FOLDERS:
        before = f'{{{head}, "kind": "{folder}", "record":\n'.encode()
        for page in contents.in_folder(folder):
            stands = page.id in contents.former.unchanged
            yield f"{folder}/{page.id}.json", None if stands else b"".join((before, made[page.id], b"}\n"))
