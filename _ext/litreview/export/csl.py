"""CSL-JSON, which citation processors, Zotero and Pandoc read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .citation import Work, work_of

if TYPE_CHECKING:
    from ..names import Name
    from ..records import Page

TYPES = {
    "article": "article-journal", "proceedings": "paper-conference", "report": "report", "software": "software", "other": "article",
}  # fmt: skip


def _name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    parts = {"family": name.family, "given": name.given, "non-dropping-particle": name.particle, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}


def _date(date: str) -> dict[str, Any]:
    return {"date-parts": [[int(part) for part in date.split("-")]]}


def item(work: Work) -> dict[str, Any]:
    """Return one item; dates keep their precision."""
    texts = {
        "title": work.title,
        "title-short": work.short if work.short != work.title else "",
        "container-title": work.container,
        "collection-title": work.series,
        "volume": work.volume,
        "issue": work.number,
        "page": work.pages,
        "publisher": work.publisher,
        "DOI": work.doi,
        "number": f"arXiv:{work.arxiv}" if work.arxiv else "",
        "URL": work.url,
    }
    dates = {"issued": work.issued, "original-date": work.first_public}
    return {
        "id": work.id,
        "type": TYPES[work.kind],
        **({"author": [_name(name) for name in work.names]} if work.names else {}),
        **{name: value for name, value in texts.items() if value},
        **{name: _date(value) for name, value in dates.items() if value},
    }


def csl(page: Page) -> str:
    """Return a record as CSL-JSON: a list of one item, as citation processors expect it."""
    return json.dumps([item(work_of(page))], ensure_ascii=False, indent=1) + "\n"


# An item of a file: all of it, and whose it is
ITEM = re.compile(r'^(\{"id": "([^"]+)".*\}),?$', re.MULTILINE)


def library(works: Iterable[Work | str], **custom: str) -> str:
    """Return a whole CSL-JSON file of works or items; `custom` says of each item where it comes from, as the format has no other place."""
    said = {"custom": custom} if custom else {}
    lines = [work if isinstance(work, str) else json.dumps({**item(work), **said}, ensure_ascii=False) for work in works]
    return "[\n" + ",\n".join(lines) + "\n]\n"
