"""`CHANGELOG.md`, read by its form: what the feed of changes is made from, also where there is no git history.

Versions are headings `## 0.2.0 (2026-12-01)`; the first may say `(not yet released)`. What changed in the review's own tools
stands below as list items of free text. Then follow the sections of `SECTIONS`, as `### New works`, whose items start with
their day and link the record they are about: `- 2026-11-22: [Alpaca](papers/alpaca.md): free text`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .diagnostics import Diagnostic, shorten, suggest
from .values import check_date

if TYPE_CHECKING:
    from .corpus import Corpus

FILE = "CHANGELOG.md"
UNRELEASED = "not yet released"
SECTIONS = {
    "New works": "Records that were added.",
    "Changed facts": "Values that were corrected, added or withdrawn.",
    "Changed verdicts": "Licence verdicts that came out differently than before.",
}

Fault = Callable[..., None]  # line, message, suggestion
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Change:
    """One line under a section: when, about which pages (paths such as `papers/alpaca.md`), and in which words."""

    section: str
    date: str
    pages: tuple[str, ...]
    text: str
    line: int


@dataclass
class Release:
    """One version with its changes; `date` is empty where it is not yet released."""

    version: str
    date: str
    line: int
    notes: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass
class Changelog:
    """All versions, the newest first, and what is wrong with the file's form."""

    releases: list[Release] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        """Return all changes, the newest first; of one day in the file's order."""
        return sorted((change for release in self.releases for change in release.changes), key=lambda change: change.date, reverse=True)


def plain_text(markdown: str) -> str:
    """Return a line without its links' addresses, code marks and emphasis."""
    return re.sub(r"[`*]", "", _LINK.sub(r"\1", markdown))


def read(text: str) -> Changelog:
    """Read a change log; every fault of its form is in `problems`."""
    found = Changelog()
    release: Release | None = None
    section = ""

    def fault(line: int, message: str, suggestion: str = "") -> None:
        found.problems.append(Diagnostic(FILE, line, "changelog-form", "", message, suggestion))

    for line, content in _paragraphs(text):
        if content.startswith("# "):
            continue
        if content.startswith("## "):
            release, section = _release(content, line, found, fault), ""
        elif content.startswith("### "):
            name = content[4:].strip()
            section = name
            if name not in SECTIONS:
                fault(line, f"there is no section '{shorten(name)}'; there are: {', '.join(SECTIONS)}", suggest(name, SECTIONS))
        elif release is None:
            if found.releases or content.startswith("- "):
                fault(line, "a line before the first `## version (date)`")
        elif not content.startswith("- "):
            fault(line, f"'{shorten(content)}' is no list item; start it with `- `, and indent the lines it goes on in")
        elif not section:
            release.notes.append(content[2:].strip())
        elif section in SECTIONS:
            change = _change(section, content[2:].strip(), line, fault)
            if change is not None:
                release.changes.append(change)
    _check_dates(found, fault)
    return found


def _paragraphs(text: str) -> list[tuple[int, str]]:
    """Return the lines with their numbers, lines indented below a list item joined to it, empty ones left out."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("  ") and line.strip() and found and found[-1][1].startswith("- "):
            found[-1] = found[-1][0], f"{found[-1][1]} {line.strip()}"
        elif line.strip():
            found.append((number, line.rstrip()))
    return found


def _release(content: str, line: int, found: Changelog, fault: Fault) -> Release:
    match = re.fullmatch(r"## (\d+\.\d+\.\d+) \(([^()]*)\)", content)
    if match is None:
        fault(line, f"'{shorten(content)}' is not `## 1.2.3 (2026-01-31)` or `## 1.2.3 ({UNRELEASED})`")
        version, date = "", ""
    else:
        version, date = match[1], match[2]
        if date == UNRELEASED:
            date = ""
            if found.releases:
                fault(line, f"only the first version can be {UNRELEASED}")
        elif not _is_day(date):
            fault(line, f"'{shorten(date)}' is neither a day (2026-01-31) nor `{UNRELEASED}`")
            date = ""
        if version in [release.version for release in found.releases]:
            fault(line, f"the version {version} stands here twice")
    release = Release(version, date, line)
    found.releases.append(release)
    return release


def _is_day(text: str) -> bool:
    return len(text) == 10 and check_date(text)


def _change(section: str, content: str, line: int, fault: Fault) -> Change | None:
    match = re.fullmatch(r"(\S+): (.+)", content)
    if match is None or not _is_day(match[1]):
        fault(line, f"'{shorten(content)}' does not start with its day, as `- 2026-01-31: …`")
        return None
    pages = tuple(target for _, target in _LINK.findall(match[2]) if "://" not in target)
    if not pages:
        fault(line, "names no page; link the record it is about, as `[Alpaca](papers/alpaca.md)`")
        return None
    return Change(section, match[1], pages, match[2], line)


def _check_dates(found: Changelog, fault: Fault) -> None:
    versions = [tuple(map(int, release.version.split("."))) for release in found.releases if release.version]
    if versions != sorted(versions, reverse=True):
        fault(found.releases[0].line, "the versions do not stand in their order, the newest first")
    for release in found.releases:
        for change in release.changes:
            if release.date and change.date > release.date:
                fault(change.line, f"the change of {change.date} is later than its release on {release.date}")


def load(root: Path) -> str:
    """Return the change log's text; empty where there is none."""
    try:
        return (root / FILE).read_bytes().decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    except OSError:
        return ""


def check(text: str, corpus: Corpus) -> list[Diagnostic]:
    """Return every fault of a change log: of its form, and links to records that do not exist."""
    changelog = read(text)
    known = {page.path for page in corpus.pages}
    problems = list(changelog.problems)
    for change in changelog.changes:
        for path in change.pages:
            if path not in known:
                problems.append(Diagnostic(FILE, change.line, "changelog-page", "", f"there is no record page '{shorten(path)}'", suggest(path, known)))
    return problems
