"""Facets: what the records of a table can be narrowed by in a browser, and what each record has of them.

They are columns of the schema and the verdicts; only what no column holds is computed here. Each table carries the values
of its own rows, so nothing more is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from .cells import MARKS
from .columns import UNKNOWN, Column, columns
from .display import words
from .explanations import QUESTION_LABELS, READINGS
from .specification import Field, one_or_families, specification
from .values import ABSENT, Word, is_absent
from .verdicts import ARTEFACTS, NOT_RELEASED, ORDER

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page

ANSWERS = (*reversed(ORDER), NOT_RELEASED)

# The columns that records of a kind are narrowed by, in the order in which readers see them.
BY_COLUMN: dict[str, tuple[str, ...]] = {
    "paper": ("published", "method", "base_models", "data_languages", "kinds"),
    "model": ("published", "developer", "architecture", "availability"),
    "license": ("family", "meant_for", "answer_commercial_use", "answer_redistribution", "answer_train_another_model"),
    "source": ("kind", "publisher"),
}


@dataclass(frozen=True)
class Facet:
    """One way to narrow a table: a span of years, one of several answers, or any of several values."""

    name: str
    label: str
    shape: str  # `years`; `one`: each record has one value; `any`: each record has any number
    values: Callable[[Corpus, Page], list[str]]
    group: str = ""  # the heading under which it stands with others
    order: tuple[str, ...] = ()  # the values' own order; without one they are sorted


def _vocabulary(field: Field) -> tuple[str, ...]:
    scalar = field.item.scalar if field.item is not None else field.scalar
    return tuple(map(words, scalar.words)) if isinstance(scalar, Word) else ()


def _of_column(kind: str, column: Column) -> Facet:
    if column.name == "published":
        return Facet("published", "Year", "years", lambda corpus, page: [str(value)[:4]] if (value := column.value(corpus, page)[0]) else [])
    if column.groups is None:  # an answer of a licence
        shown = tuple(map(words, ANSWERS))
        return Facet(column.name, column.label, "one", lambda corpus, page: [words(str(value))] if (value := column.value(corpus, page)[0]) else [], "", shown)
    groups, field = column.groups, specification(kind)
    for segment in column.name.split("_", 1) if column.name not in field.fields else [column.name]:
        field = field.fields[segment]
    return Facet(column.name, column.label, "any", lambda corpus, page: [text for text, _ in groups(corpus, page)], order=_vocabulary(field))


def _generators(corpus: Corpus, page: Page) -> list[str]:
    """Return the models that generated its data."""
    edges = [edge for edge in corpus.lineage.parents.get(page.id, []) if edge.relation == "generated-by"]
    return list(dict.fromkeys(parent.short for edge in edges if (parent := corpus.get(edge.parent)) is not None))


def _released(corpus: Corpus, page: Page) -> list[str]:
    """Return the artefacts that were released, whole or in part."""
    releases = page.record.get("releases", {})
    labels = specification(page.kind).fields["releases"].fields
    return [field.about.label for name, field in labels.items() if name in releases and not is_absent(releases[name])]


EVIDENCE = ("every fact read first-hand", "every fact has evidence", "some facts lack evidence")


def _evidence(corpus: Corpus, page: Page) -> list[str]:
    facts, with_evidence, first_hand = corpus.proved(page)
    return [EVIDENCE[0 if first_hand == facts else 1 if with_evidence == facts else 2]]


def _terms(corpus: Corpus, page: Page) -> list[str]:
    """Return the licences of the weights, or of a source's content, as their pages are called."""
    entry = page.record.get("releases", {}).get("weights") if page.kind == "model" else page.record.get("terms")
    if not isinstance(entry, (dict, list)):
        return []
    entries: Iterable[Any] = entry if isinstance(entry, list) else entry.values() if one_or_families(entry) == "families" else [entry]
    licenses = dict.fromkeys(one["license"] for one in entries if "license" in one and not is_absent(one["license"]))
    return [found.short if (found := corpus.licenses.get(spelling)) else spelling for spelling in licenses]


def _verdicts(kind: str) -> Iterable[Facet]:
    for reading, heading in enumerate(READINGS):
        for artefact in ARTEFACTS[kind]:
            for question, label in QUESTION_LABELS.items():

                def values(corpus: Corpus, page: Page, artefact: str = artefact, question: str = question, reading: int = reading) -> list[str]:
                    return [words(corpus.verdicts.both(page, artefact, question)[reading].answer)]

                name = f"{heading}_{artefact}_{question.replace('-', '_')}"
                group = f"Licence verdicts, {heading} reading"
                yield Facet(name, f"{artefact.capitalize()}: {label.lower()}", "one", values, group, tuple(map(words, ANSWERS)))


@cache
def facets(kind: str) -> tuple[Facet, ...]:
    """Return what records of a kind can be narrowed by."""
    known = columns(kind)
    found = [_of_column(kind, known[name]) for name in BY_COLUMN[kind]]
    if kind in ("paper", "model"):
        found += [Facet("generators", "Data generated by", "any", _generators), Facet("released", "Released", "any", _released)]
    if kind in ("model", "source"):
        found.append(Facet("terms", "Licence", "any", _terms))
    found.append(Facet("evidence", "Evidence", "any", _evidence, order=EVIDENCE))
    return (*found, *(_verdicts(kind) if kind in ARTEFACTS else ()))


class Facets:
    """What each record of a corpus has of each facet; each is looked at once, however many tables show it."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._found = corpus.worked_out.facets

    def of(self, page: Page) -> tuple[list[str], ...]:
        """Return a record's values, a list for each facet of its kind."""
        if page.path not in self._found:
            self._found[page.path] = tuple(facet.values(self._corpus, page) for facet in facets(page.kind))
        return self._found[page.path]


_ABSENT = {MARKS[name][1] for name in (*ABSENT, UNKNOWN)}
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def _coded(facet: Facet, rows: list[list[str]]) -> list[Any] | None:
    """Return a facet with its values and each row's positions among them; None where it would not narrow anything.

    One digit a row where one digit is enough, else numbers: `0 2|1||` for four rows.
    """
    present = {value for row in rows for value in row}
    values = [value for value in facet.order if value in present]
    values += sorted(present - set(values), key=lambda value: (value in _ABSENT, value.casefold(), value))
    if len(values) < 2:
        return None
    at = {value: number for number, value in enumerate(values)}
    if all(len(row) < 2 for row in rows) and len(values) <= len(_DIGITS):
        code = "".join(_DIGITS[at[row[0]]] if row else "-" for row in rows)
    else:
        code = "|".join(" ".join(str(at[value]) for value in row) for row in rows)
    return [facet.name, facet.label, facet.shape, facet.group, values, code]


def _sorted_by(corpus: Corpus, column: Column, pages: list[Page]) -> list[int | float | None] | None:
    """Return what rows are sorted by where their text does not tell: amounts, and answers from the worst to the best."""
    answers = column.name.startswith(("verdict_", "declared_", "answer_"))
    if not column.numeric and not answers:
        return None
    found = [column.value(corpus, page)[0] for page in pages]
    if column.numeric:
        return [value if isinstance(value, (int, float)) else None for value in found]
    return [ORDER.index(value) if value in ORDER else None for value in found]


def explorer_data(corpus: Corpus, kind: str, wanted: list[Column], pages: list[Page]) -> str:
    """Return what the explorer needs to know of a table and its cells do not tell, as JSON; `pages` are its rows in order."""
    rows = [corpus.facets.of(page) for page in pages]
    coded = [_coded(facet, [row[number] for row in rows]) for number, facet in enumerate(facets(kind))] if rows else []
    numbers = {str(number): values for number, column in enumerate(wanted) if (values := _sorted_by(corpus, column, pages)) is not None}
    data = {"kind": kind, "columns": [column.name for column in wanted], "sort": numbers, "facets": [one for one in coded if one is not None]}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
