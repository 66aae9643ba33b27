"""`review.json`: every record with its evidence by path, its back-references and its address; and one file for each record.

A record stands on one line: two editions compare by record, and the quick encoder of Python's `json` is used, which cannot indent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..edition import FORMAT_VERSION, Edition
from ..schema import FOLDERS
from .contents import Address, Contents, html_address, own_fields

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


def lines(contents: Contents) -> dict[str, list[str]]:
    """Return every record as a line of JSON, by folder."""
    former = contents.former.parts(PATH, _LINE)

    def line(page: Page) -> str:
        return former[page.id][0] if page.id in former else json.dumps(record_of(contents, page), ensure_ascii=False, check_circular=False)

    return {folder: [line(page) for page in contents.in_folder(folder)] for folder in FOLDERS}


def whole(contents: Contents) -> bytes:
    """Return the bytes of `review.json`; the same contents give the same bytes."""
    head = json.dumps(contents.edition.stated, ensure_ascii=False)[1:-1]
    between = ",\n"
    lists = between.join(f'"{folder}": [\n{between.join(entries)}\n]' if entries else f'"{folder}": []' for folder, entries in contents.lines.items())
    return ("{" + head + ",\n" + lists + "}\n").encode()


def write(corpus: Corpus, address: Address = html_address, edition: Edition | None = None) -> bytes:
    """Return the bytes of a corpus's `review.json`."""
    return whole(Contents(corpus, address, edition))


def each(contents: Contents) -> Iterator[tuple[str, bytes | None]]:
    """Yield the name and the bytes of a file for each record: `papers/alpaca.json`; no bytes where the last build's stands."""
    head = json.dumps(contents.edition.stated, ensure_ascii=False)[1:-1]
    for folder in FOLDERS:
        for page, line in zip(contents.in_folder(folder), contents.lines[folder], strict=True):
            stands = page.id in contents.former.unchanged
            yield f"{folder}/{page.id}.json", None if stands else f'{{{head}, "kind": "{folder}", "record":\n{line}}}\n'.encode()
