"""Each record as plain text, and `llms.txt`, the list of them: for programs that read as people do."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..corpus import BACKLINKS
from ..edition import DESCRIPTION, TITLE
from ..evidence import Fact, Note
from ..explanations import QUESTION_LABELS, scope
from ..schema import FOLDERS
from .contents import FOLDER, folder_of
from .spool import Spool

if TYPE_CHECKING:
    from ..records import Page
    from .contents import Contents

MISSING = {"not-stated": "not stated by its sources", "none": "none", "per-source": "each part keeps its source's licence"}


# What Markdown would read as something else than text; signs that cannot begin anything stay as they are.
_MARKUP = re.compile(r"[\\`*\[\]]|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|&(?=#?\w+;)|~(?=~)")


def _as_markdown(text: str) -> str:
    """Return a text as Markdown that shows it."""
    return _MARKUP.sub(r"\\\g<0>", text)


def _proof(note: Note) -> str:
    said = f'"{note.quote}"' if note.quote else "searched, nothing found" if not note.says else ""
    hand = "" if note.first_hand else " (not read first-hand)"
    against = f"; says {note.says} instead" if note.says else ""
    return f"    [{note.document.get('url', '')}, {note.at}]{hand} {said}{against}".rstrip() + "\n"


def _facts(contents: Contents, page: Page, texts: dict[tuple[str, str], str]) -> Iterator[str]:
    facts: list[Fact] = contents.facts(page)
    if facts:
        yield "\nFacts, each with its evidence\n-----------------------------\n"
    for fact in facts:
        path, value = fact.node.dotted, fact.node.value
        shown = MISSING.get(value, value) if isinstance(value, str) and value in MISSING else texts[page.id, path]
        yield f"- {path} ({fact.node.field.about.label}): {shown}\n"
        yield from map(_proof, fact.notes)


def _verdicts(verdicts: dict[str, Any], subject_to: str) -> Iterator[str]:
    if not verdicts:
        return
    heading = "Licence verdicts: what the release itself says / what its lineage allows"
    yield f"\n{heading}\n{'-' * len(heading)}\n"
    for artefact, questions in verdicts.items():
        for question, label in QUESTION_LABELS.items():
            declared, lineage = (questions[question][reading] for reading in ("declared", "lineage"))
            limits = f" (limits: {', '.join(lineage['restricts'])})" if lineage["restricts"] else ""
            yield f"- {artefact}, {label.lower()}: {declared['answer']} / {lineage['answer']}{limits}\n"
    yield subject_to


def _related(contents: Contents, page: Page) -> Iterator[str]:
    links = contents.corpus.backlinks(page.id)
    for relation, label in BACKLINKS.items():
        ids = list(dict.fromkeys(link.id for link in links if link.relation == relation))
        if ids:
            yield f"{label}: {', '.join(ids)}\n"


class Texts(Spool):
    """Every record as plain text, by its id."""

    def __init__(self, contents: Contents) -> None:
        super().__init__(f"{FOLDER}*.txt")
        self._subject_to = textwrap.fill(scope(contents.corpus), 120) + "\n"

    def take(self, part: Contents) -> None:
        """Take some records in."""
        texts = {(row[0], row[1]): row[2] for row in part.rows("facts") if row[2] is not None}
        for page in part.pages:
            title = page.title
            parts = [f"{title}\n{'=' * len(title)}\n\n{page.short}, one of the review's {folder_of(page)}: {part.address(page)}\n"]
            if "summary" in page.record:
                parts.append(f"{page.record['summary']}\n")
            parts += [f"{name}: {value}\n" for name, value in page.record.get("links", {}).items()]
            parts += [*_facts(part, page, texts), *_verdicts(part.verdicts(page), self._subject_to)]
            related = list(_related(part, page))
            if related:
                parts += ["\nIn this review\n--------------\n", *related]
            parts.append(f"\n{part.edition.line}\n")
            self.add(page.id, "".join(parts))


def each(contents: Contents) -> Iterator[tuple[str, bytes | None]]:
    """Yield the name and the bytes of a text for each record: `papers/alpaca.txt`; no bytes where the last build's stands."""
    made = contents.changed.product(Texts)
    for folder in FOLDERS:
        for page in contents.in_folder(folder):
            yield f"{folder}/{page.id}.txt", None if page.id in contents.former.unchanged else made[page.id]


def index(contents: Contents) -> bytes:
    """Return `llms.txt`: what the review is, its data files, and every record with its text."""
    site = contents.edition.site
    lines = [
        f"# {TITLE}\n\n> {DESCRIPTION}\n",
        f"{contents.edition.line}. {scope(contents.corpus)}\n",
        "Missing values are told apart: `not-stated` (its sources were searched and are silent), `none` (there is none), and absent (nobody has looked).\n",
        "## Data\n",
        f"- [The whole review as JSON]({site}data/review.json): every record with its evidence and verdicts; schemas in data/schema/",
        f"- [The same as a SQLite database]({site}data/review.sqlite): tables with comments, and views for common questions",
        f"- [Facts as CSV]({site}data/facts.csv): one row a fact, with its source, place and quotation",
        f"- [References]({site}data/references.bib): BibTeX; also references.ris and references.json (CSL)",
    ]
    for folder in FOLDERS:
        pages = contents.in_folder(folder)
        if pages:
            lines.append(f"\n## {folder.capitalize()}\n")
            for page in pages:
                name, told = _as_markdown(page.short), _as_markdown(page.record.get("summary", page.title))
                lines.append(f"- [{name}]({site}data/{folder}/{page.id}.txt): {told}")
    return ("\n".join(lines) + "\n").encode()
