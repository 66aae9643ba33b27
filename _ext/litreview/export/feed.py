"""`feed.xml`: new works, changed facts, changed verdicts and releases, as an Atom feed, from the change log alone."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from ..changelog import Change, plain_text, read
from ..edition import CREATORS, LICENSE_URL, TITLE
from .contents import FOLDER

if TYPE_CHECKING:
    from .contents import Contents

PATH = f"{FOLDER}feed.xml"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "litreview:feed")  # entries keep their ids wherever the site is


def _id(*parts: str) -> str:
    return uuid.uuid5(_NAMESPACE, "\n".join((TITLE, *parts))).urn


def _entry(title: str, id: str, date: str, link: str, category: str, text: str) -> str:
    shown = f" <link href={quoteattr(link)}/>\n" if link else ""
    return (
        f"<entry>\n <title>{escape(title)}</title>\n <id>{id}</id>\n <updated>{date}T00:00:00Z</updated>\n{shown}"
        f" <category term={quoteattr(category)}/>\n <summary>{escape(text)}</summary>\n</entry>\n"
    )


def write(contents: Contents) -> bytes:
    """Return the feed's bytes; links are relative to the feed where the site's address is not known."""
    changelog = read(contents.changes)
    addresses = {page.path: contents.address(page) for page in contents.pages}
    site = contents.edition.site or "../"
    entries: list[tuple[str, str]] = []
    seen: dict[tuple[str, ...], int] = {}
    for change in changelog.changes:
        about = tuple(re.sub(r"\.md$", "", path) for path in change.pages)
        key = (change.section, change.date, *about)
        seen[key] = number = seen.get(key, 0) + 1
        link = next((site + addresses[path] for path in change.pages if path in addresses), "")
        entries.append((change.date, _entry(_title(contents, change), _id(*key, str(number)), change.date, link, change.section, plain_text(change.text))))
    for release in changelog.releases:
        if release.date:
            text = " ".join(map(plain_text, release.notes)) or "A new release of the review's data."
            entry = _entry(f"Release {release.version}", _id("release", release.version), release.date, f"{site}index.html", "Release", text)
            entries.append((release.date, entry))
    entries.sort(key=lambda entry: entry[0], reverse=True)
    updated = entries[0][0] if entries else f"{contents.checked or '1970-01-01':-<10}"
    updated = updated if re.fullmatch(r"\d{4}-\d\d-\d\d", updated) else "1970-01-01"
    own = f' <link rel="self" href={quoteattr(f"{site}data/feed.xml")}/>\n' if contents.edition.site else ""
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
        f" <title>{escape(TITLE)}</title>\n <subtitle>{escape(contents.edition.line)}</subtitle>\n <id>{_id()}</id>\n"
        f" <updated>{updated}T00:00:00Z</updated>\n <author><name>{escape(CREATORS)}</name></author>\n <rights>{escape(LICENSE_URL)}</rights>\n"
        f" <generator version={quoteattr(contents.edition.release)}>litreview</generator>\n <link href={quoteattr(f'{site}index.html')}/>\n{own}"
    )
    return f"{head}{''.join(text for _, text in entries)}</feed>\n".encode()


def _title(contents: Contents, change: Change) -> str:
    names = {page.path: page.short for page in contents.pages}
    shorts = [names.get(path, path) for path in dict.fromkeys(change.pages)]
    what = {"New works": "New", "Changed facts": "Facts changed", "Changed verdicts": "Verdict changed"}[change.section]
    return f"{what}: {', '.join(shorts)}"
