"""What is worth looking up next: facts without evidence or with weak or old evidence, sources that disagree, fields nobody read.

Each task weighs as much as the verdicts that hang on it: those that name the record, its release or its licence among their
reasons. Nothing here asks the clock; the day is given, and the generated page shows dates instead of ages.
"""

from __future__ import annotations

import argparse
import calendar
import datetime
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from .evidence import Fact, facts_of
from .specification import Field, resolve, specification
from .verdicts import ARTEFACTS, QUESTIONS

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page

# What a volunteer can do, in the order in which tasks of one weight are listed.
KINDS = {
    "disagreement": "sources disagree",
    "unsourced": "no evidence",
    "second-hand": "read in somebody else's words only",
    "unread": "nobody has looked",
    "old": "evidence is old",
}

Asked = tuple[str, str, str]  # a verdict: record, artefact, question


class Task(NamedTuple):
    """One thing to look up; `weight` is the number of verdicts that hang on it."""

    weight: int
    kind: str
    page: Page
    path: tuple[str, ...]
    why: str

    @property
    def dotted(self) -> str:
        """Return the field as people write it."""
        return ".".join(self.path)


@dataclass
class Tasks:
    """Find the tasks of a corpus."""

    corpus: Corpus

    @cached_property
    def _hanging(self) -> dict[tuple[str, ...], set[Asked]]:
        """Return the verdicts by what they rest on: a record, a record's artefact, a licence, a licence's answer to a question."""
        found: dict[tuple[str, ...], set[Asked]] = {}
        for page in self.corpus.pages:
            for artefact in ARTEFACTS.get(page.kind, ()):
                for question in QUESTIONS:
                    asked = (page.id, artefact, question)
                    for link in self.corpus.verdicts.lineage(page, artefact, question).because:
                        keys = [("record", record) for record in (link.record, *link.through)] + [("artefact", link.record, link.artefact)]
                        if link.license:
                            keys += [("license", link.license), ("license", link.license, question)]
                        for key in keys:
                            found.setdefault(key, set()).add(asked)
        return found

    def weight(self, page: Page, path: tuple[str, ...]) -> int:
        """Return how many verdicts hang on a field of a page; 0 for what no verdict reads."""
        return len(self._hanging.get(_rests_on(page, path), ()))

    def all(self, *, before: str = "") -> list[Task]:
        """Return every task, the weightiest first; evidence last read before the day `before` is old."""
        found = [task for page in self.corpus.pages for task in (*self._of_facts(page, before), *self._unread(page))]
        order = {kind: number for number, kind in enumerate(KINDS)}
        return sorted(found, key=lambda task: (-task.weight, order[task.kind], task.page.path, task.path))

    def _of_facts(self, page: Page, before: str) -> Iterator[Task]:
        for fact in facts_of(page):
            weight = self.weight(page, fact.node.path)
            for kind, why in _faults(fact, before):
                yield Task(weight, kind, page, fact.node.path, why)

    @cached_property
    def _usual(self) -> dict[str, frozenset[tuple[str, ...]]]:
        """Return for each kind the fields that at least half of its pages answer, if only with `not-stated`."""
        usual = {}
        for kind in {page.kind for page in self.corpus.pages}:
            pages = self.corpus.of_kind(kind)
            counts = Counter(path for page in pages for path in _optional(kind) if resolve(page.record, ".".join(path)))
            usual[kind] = frozenset(path for path, count in counts.items() if 2 * count >= len(pages))
        return usual

    def _unread(self, page: Page) -> Iterator[Task]:
        for path in _optional(page.kind):
            above = page.record
            for segment in path[:-1]:
                above = above.get(segment, {}) if isinstance(above, dict) else {}
            if not isinstance(above, dict) or path[-1] in above:
                continue  # answered, or its whole group is `none` or `not-stated`
            if path in self._usual[page.kind] or self._asked_for(page, path):
                yield Task(self.weight(page, path), "unread", page, path, "nobody has looked it up")

    def _asked_for(self, page: Page, path: tuple[str, ...]) -> bool:
        """Tell whether a verdict is unclear for want of a field that pages of this kind do not usually have."""
        if path == ("data", "generated"):
            sources = page.record.get("data", {}).get("sources", {})
            return isinstance(sources, dict) and any(source.get("kind") == "model-generated" and "generated" not in source for source in sources.values())
        return page.kind != "license" and _rests_on(page, path) in self._not_researched

    @cached_property
    def _not_researched(self) -> set[tuple[str, ...]]:
        links = [
            link
            for page in self.corpus.pages
            for artefact in ARTEFACTS.get(page.kind, ())
            for question in QUESTIONS
            for link in self.corpus.verdicts.lineage(page, artefact, question).because
            if link.reason == "not-researched" and not link.license
        ]
        # What a release was made from is wanted where its lineage is not known, not where its own licence is not.
        return {("record", link.record) for link in links if link.rule != "own"} | {("artefact", link.record, link.artefact) for link in links}


def _faults(fact: Fact, before: str) -> Iterator[tuple[str, str]]:
    """Yield what is weak about a fact's evidence."""
    said = dict.fromkeys(f"{note.label} says '{note.says}'" for note in fact.notes if note.says and not note.until)
    if said:
        yield "disagreement", "; ".join(said)
    if not fact.proved:
        yield "unsourced", "no evidence on the page is for it"
        return
    if not fact.first_hand:
        yield "second-hand", f"only {', '.join(dict.fromkeys(note.label for note in fact.proved))}, which nobody read at first hand"
    newest = max((str(note.document.get("checked", "")) for note in fact.proved), default="")
    if before and newest and newest < before[: len(newest)]:
        yield "old", f"last read {newest}"


def _optional(kind: str) -> tuple[tuple[str, ...], ...]:
    """Return the fields of a record that may be left out and hold facts, those of groups one by one."""
    return tuple(_paths(specification(kind), ()))


def _paths(field: Field, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, child in field.fields.items():
        if not child.about.fact or child.about.required:
            continue
        if child.shape == "mapping" and not child.about.unit and not path:
            yield from _paths(child, (name,))
        elif child.shape != "mapping" or child.about.unit:
            yield (*path, name)


def _rests_on(page: Page, path: tuple[str, ...]) -> tuple[str, ...]:
    """Return under which key the verdicts stand that read a field; empty where none does."""
    head, rest = path[0], path[1:]
    if page.kind == "license":
        if head == "answers" and rest:
            return ("license", page.record.get("spdx", ""), rest[0])
        return ("license", page.record.get("spdx", "")) if head in ("answers", "versions", "reach", "compatible_with") else ()
    if head == "releases" and rest and (len(path) == 2 or path[-1] in ("license", "base", "model", "reaches_models")):
        return ("artefact", page.id, rest[0])
    if head in ("output_terms", "availability"):
        return ("artefact", page.id, "output")
    lineage = head in ("base_models", "terms") or path[:2] in (("data", "sources"), ("data", "generated")) or (head == "variants" and path[-1] == "base")
    return ("record", page.id) if lineage else ()


# --- Told ---------------------------------------------------------------------------------------------------------------


def months_before(day: datetime.date, months: int) -> str:
    """Return the day so many months earlier, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1])).isoformat()


def tell(tasks: list[Task], limit: int) -> Iterator[str]:
    """Yield the work list for people: a line a task, the weightiest first, and how many there are of each kind."""
    for task in tasks[:limit]:
        hang = f"{task.weight} verdict{'' if task.weight == 1 else 's'}"
        yield f"{hang:>12}  {task.page.path}:{task.page.line(task.path)}: {task.dotted}: {KINDS[task.kind]}: {task.why}"
    if len(tasks) > limit:
        yield f"… and {len(tasks) - limit} more (LIMIT={len(tasks)})"


def stale(arguments: argparse.Namespace) -> int:
    """Print what is worth looking up next; always 0, because a work list is no fault."""
    from .corpus import load

    try:
        today = datetime.date.fromisoformat(arguments.today) if arguments.today else datetime.date.today()
        before = months_before(today, arguments.months)
    except (ValueError, OverflowError):
        print(f"litreview stale: {arguments.months} months before '{arguments.today or 'today'}' is no day", file=sys.stderr)
        return 2
    tasks = Tasks(load(arguments.root)).all(before=before)
    if arguments.kind:
        tasks = [task for task in tasks if task.kind == arguments.kind]
    for line in tell(tasks, arguments.limit):
        print(line)
    counts = Counter(task.kind for task in tasks)
    print("; ".join(f"{what}: {counts[kind]}" for kind, what in KINDS.items() if counts[kind]) or "nothing to look up", file=sys.stderr)
    return 0
