"""Which evidence proves which value, and how much of a review is proved at first hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .specification import Node, facts, resolve

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page


@dataclass(frozen=True)
class Note:
    """One entry of evidence, with its document looked up."""

    number: int  # from 1, in the page's order
    paths: tuple[tuple[str, ...], ...]
    document: Mapping[str, Any]
    label: str
    at: str
    quote: str = ""
    says: str = ""
    note: str = ""
    until: str = ""

    @property
    def first_hand(self) -> bool:
        """Tell whether the document itself or a full copy was read."""
        return self.document.get("first_hand") == "yes"

    def covers(self, path: tuple[str, ...]) -> bool:
        """Tell whether it proves the value at `path`: it is for it, or for what it lies under."""
        own = self.paths[0]  # most have one, and are asked for each value
        return path[: len(own)] == own or (len(self.paths) > 1 and any(path[: len(own)] == own for own in self.paths))

    def touches(self, path: tuple[str, ...]) -> bool:
        """Tell whether it proves the value at `path` or a part of it."""
        own = self.paths[0]
        return own[: len(path)] == path[: len(own)] or (len(self.paths) > 1 and any(own[: len(path)] == path[: len(own)] for own in self.paths))


def notes_of(page: Page) -> list[Note]:
    """Return a page's evidence in its order; entries that name no field or document of the page are left to the rules."""
    found: list[Note] = []
    references = page.record.get("references", {})
    for entry in page.record.get("evidence", []):
        paths = tuple(resolved for path in entry.get("for", []) if (resolved := resolve(page.record, path)))
        document = references.get(entry.get("in", ""))
        if document is None or not paths:
            continue
        said = entry.get
        found.append(
            Note(len(found) + 1, paths, document, entry["in"], said("at", ""), said("quote", ""), said("says", ""), said("note", ""), said("until", ""))
        )
    return found


def by_field(notes: Iterable[Note]) -> dict[str, list[Note]]:
    """Return the notes on each of a record's fields, in their order: all that can cover or touch a path begin as it does."""
    found: dict[str, list[Note]] = {}
    for note in notes:
        for field in {path[0] for path in note.paths}:
            found.setdefault(field, []).append(note)
    return found


@dataclass(frozen=True)
class Fact:
    """One fact of a record with what proves it; sources that disagree prove nothing."""

    page: Page
    node: Node
    notes: tuple[Note, ...]

    @property
    def proved(self) -> tuple[Note, ...]:
        """Return the evidence that agrees with the value."""
        return tuple(note for note in self.notes if not note.says)

    @property
    def first_hand(self) -> bool:
        """Tell whether some agreeing evidence was read at first hand."""
        return any(note.first_hand for note in self.proved)


def facts_of(page: Page, evidence: Iterable[Note] | None = None) -> Iterator[Fact]:
    """Yield a page's facts with their evidence, which may be known already."""
    notes = by_field(notes_of(page) if evidence is None else evidence)
    for node in facts(page.kind, page.record):
        whole = node.field.shape == "mapping"  # a fact with parts is proved by evidence for a part
        yield Fact(page, node, tuple([note for note in notes.get(node.path[0], ()) if (note.touches if whole else note.covers)(node.path)]))


@dataclass(frozen=True)
class State:
    """How far the review is: records, facts, and how many facts are proved."""

    papers: int
    models: int
    licenses: int
    sources: int
    facts: int
    with_evidence: int
    first_hand: int


def state_of(corpus: Corpus, kinds: tuple[str, ...] = ("paper", "model", "license", "source")) -> State:
    """Count the records, and the facts of the records of `kinds`."""
    counted = [corpus.proved(page) for kind in kinds for page in corpus.of_kind(kind)]
    sizes = {kind: len(corpus.of_kind(kind)) for kind in ("paper", "model", "license", "source")}
    return State(
        sizes["paper"], sizes["model"], sizes["license"], sizes["source"],
        *(sum(numbers[place] for numbers in counted) for place in range(3)),
    )  # fmt: skip


def ranges(numbers: list[int]) -> str:
    """Return numbers as a book's index writes them, three and more in a row as a range: `1, 3–5, 8`."""
    if len(numbers) == 1:
        return str(numbers[0])
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
