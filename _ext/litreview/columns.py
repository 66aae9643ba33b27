"""The columns that tables and the database have: every field of the schema, and a few that are computed from several.

A column's name is its field's path with underscores (`data_instructions`). Besides its cell it has a plain value, which
queries see, and a state, which tells the kinds of missing apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from .answers import ARTEFACTS, QUESTIONS
from .cells import Cell, Inline, Mark, RecordLink, Words, cell, join, plain, text_cell
from .display import amount as amount_text
from .display import license_link, record_link, scale, show, words
from .explanations import QUESTION_LABELS, both, mark_explained
from .specification import Field, one_or_families, specification
from .values import ABSENT, Amount, Text, is_absent

if TYPE_CHECKING:
    from .corpus import Corpus
    from .evidence import Fact
    from .records import Page

UNKNOWN = "unknown"  # nobody has looked; shown as an invitation
Value = str | int | float | None


@dataclass(frozen=True)
class Column:
    """One column: its heading, its cell, and the value and state that queries see."""

    name: str
    label: str
    help: str
    cell: Callable[[Corpus, Page], Cell]
    value: Callable[[Corpus, Page], tuple[Value, str]]
    numeric: bool = False  # queries see numbers
    wide: bool = False  # its cells are sentences
    groups: Callable[[Corpus, Page], list[tuple[str, Cell]]] | None = None
    composed: bool = False  # each of its parts has a column too
    of_facts: Callable[[Sequence[Fact]], str] | None = None  # its value, for who has the page's facts already


def _lookup(record: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = record
    for segment in path:
        if not isinstance(value, dict) or segment not in value:  # records hold dicts, and asking for any mapping is slow
            # What lies under a field that says `none` or `not-stated` is as missing as it is.
            return value if is_absent(value) else None
        value = value[segment]
    return value


def _of_families(record: Mapping[str, Any], path: tuple[str, ...]) -> list[Any] | None:
    """Return what each family of a release says for a field of releases; None where there are no families."""
    if len(path) < 3 or path[0] != "releases":
        return None
    releases = record.get("releases")
    entry = releases.get(path[1]) if isinstance(releases, Mapping) else None
    if not isinstance(entry, Mapping) or one_or_families(entry) != "families":
        return None
    return [_lookup(one, path[2:]) for one in entry.values()]


def as_number(value: Any) -> int | float | None:
    """Return the number that an amount is sorted by: itself, about it, or the nearer end of a range."""
    if isinstance(value, dict):
        number: int | float | None = value.get("about", value.get("min", value.get("max")))
        return number
    return value if isinstance(value, (int, float)) else None


def _field_column(name: str, path: tuple[str, ...], field: Field) -> Column:
    numeric = isinstance(field.scalar, Amount)

    def make_cell(corpus: Corpus, page: Page) -> Cell:
        families = _of_families(page.record, path)
        if families is not None:
            return tuple(dict.fromkeys(line for value in families for line in one_cell(corpus, value)))
        return one_cell(corpus, _lookup(page.record, path))

    def one_cell(corpus: Corpus, value: Any) -> Cell:
        if value is None:
            return cell(Mark(UNKNOWN))
        if is_absent(value):
            return cell(Mark(value))
        return show(corpus, field, value)

    def make_value(corpus: Corpus, page: Page) -> tuple[Value, str]:
        if path[0] not in page.record:  # most of a hundred columns, for most records
            return None, UNKNOWN
        families = _of_families(page.record, path)
        if families is not None:
            pairs = [one_value(corpus, value) for value in families]
            texts = list(dict.fromkeys(str(value) for value, _ in pairs if value is not None))
            if texts:
                return "; ".join(texts), "value"
            return None, next((state for _, state in pairs if state != UNKNOWN), UNKNOWN)
        return one_value(corpus, _lookup(page.record, path))

    def one_value(corpus: Corpus, value: Any) -> tuple[Value, str]:
        if value is None:
            return None, UNKNOWN
        if is_absent(value):
            return None, value
        if numeric:
            return as_number(value), "value"
        if field.shape == "value":
            return value, "value"
        if field.shape == "list" and field.item is not None and field.item.shape == "value":
            return "; ".join(value), "value"
        return plain(show(corpus, field, value)), "value"

    def make_groups(corpus: Corpus, page: Page) -> list[tuple[str, Cell]]:
        value = _lookup(page.record, path)
        members = value if isinstance(value, list) else None
        if members is None or field.item is None or field.item.shape != "value":
            shown = make_cell(corpus, page)
            return [(plain(shown), shown)]
        groups: dict[str, Cell] = {}
        for member in members:
            # A size is a detail of the model: papers are grouped by the model.
            shown = show(corpus, field.item, member.partition("/")[0] if field.name == "base_models" else member)
            groups.setdefault(plain(shown), shown)
        return list(groups.items())

    entries = field.item is not None and field.item.shape == "mapping"
    sentences = isinstance(field.scalar, Text) and len(path) > 1  # a record's own texts are names
    wide = not numeric and (field.shape not in ("value", "list") or entries or sentences)
    return Column(name, field.about.label, field.about.help, make_cell, make_value, numeric, wide, make_groups, field.shape in ("mapping", "release"))


def _computed(name: str, label: str, help: str, make: Callable[[Corpus, Page], Cell], *, wide: bool = False) -> Column:
    def value(corpus: Corpus, page: Page) -> tuple[Value, str]:
        shown = make(corpus, page)
        only = shown[0][0] if len(shown) == 1 and len(shown[0]) == 1 else None
        if isinstance(only, Mark) and (only.name == UNKNOWN or only.name in ABSENT):
            return None, only.name
        return plain(shown), "value"

    return Column(name, label, help, make, value, wide=wide)


def _name(corpus: Corpus, page: Page) -> Cell:
    return cell(RecordLink(page.id, page.short))


COUNTED = ("instructions", "instances", "tasks", "datasets", "templates", "conversations", "messages", "preference_pairs")


def _amount(corpus: Corpus, page: Page) -> Cell:
    data = page.record.get("data", {})
    parts = [f"{amount_text(data[name])} {name.replace('_', ' ')}" for name in COUNTED if name in data and not is_absent(data[name])]
    if not parts:
        missing = next((data[name] for name in COUNTED if name in data), UNKNOWN)
        return cell(Mark(missing))
    return tuple((Words(part),) for part in parts)


def _amount_value(corpus: Corpus, page: Page) -> tuple[Value, str]:
    data = page.record.get("data", {})
    for name in ("instances", "conversations", "messages", "instructions", "tasks"):
        number = as_number(data.get(name))
        if number is not None:
            return number, "value"
    return None, next((data[name] for name in COUNTED if name in data), UNKNOWN)


BRIEF = 60  # characters of a source's description that a table cell takes; the page has the rest


def _resources(corpus: Corpus, page: Page) -> Cell:
    """Say each source of data in a line: what it is, and whence; the page has the rest."""
    from textwrap import shorten  # only where cells are made

    sources = page.record.get("data", {}).get("sources", UNKNOWN)
    if isinstance(sources, str):
        return cell(Mark(sources))
    lines = []
    for source in sources.values():
        what = source.get("what") or " ".join(words(source[name]) for name in ("kind", "role") if name in source)
        what = " ".join(what.split())
        line: list[Inline] = [Words(what if len(what) <= BRIEF else shorten(what, BRIEF, placeholder=" …"))]
        upstream = [(record_link(corpus, reference),) for reference in source.get("from", [])]
        if upstream:
            line += [Words(": "), *join(upstream)]
        lines.append(tuple(line))
    return tuple(lines)


def _released(entry: Any) -> str:
    if entry is None:
        return UNKNOWN
    if isinstance(entry, str):
        return "no" if entry == "none" else entry
    entries = entry.values() if one_or_families(entry) == "families" else [entry]
    return "mixed" if any("partial" in one for one in entries) else "yes"


def _offering(corpus: Corpus, page: Page) -> Cell:
    releases = page.record.get("releases", {})
    states = {what: _released(releases.get(name)) for what, name in (("data", "data"), ("tool", "collection_tool"))}
    given = [what if state == "yes" else f"{what} in part" for what, state in states.items() if state in ("yes", "mixed")]
    if given:
        text = "both" if given == ["data", "tool"] else " and ".join(given)
        return text_cell(text)
    if set(states.values()) == {"no"}:
        return cell(Mark("none"))
    return cell(Mark("not-stated" if "not-stated" in states.values() else UNKNOWN))


def _licenses(corpus: Corpus, page: Page) -> Cell:
    lines = []
    releases = page.record.get("releases", {})
    for artefact in ("code", "data", "weights"):
        entry = releases.get(artefact)
        if entry is None or isinstance(entry, str):
            shown: tuple[Inline, ...] = (Mark(entry or UNKNOWN),) if entry != "none" else (Words("not released"),)
        else:
            entries = list(entry.values()) if one_or_families(entry) == "families" else [entry]
            shown = join([(part,) for part in dict.fromkeys(_license_of(corpus, one) for one in entries)])
        lines.append((Words(f"{artefact}: "), *shown))
    return tuple(lines)


def _license_of(corpus: Corpus, release: Mapping[str, Any]) -> Inline:
    license = release.get("license")
    if license is None and "model" in release:
        model = corpus.get(release["model"])
        stated = model.record.get("releases", {}).get("weights") if model else None
        license = stated.get("license") if isinstance(stated, dict) else None
        if license is None and model is not None:
            return RecordLink(model.id, f"see {model.short}")
    return Mark(license or UNKNOWN) if license is None or is_absent(license) else license_link(corpus, license)


def _scales(corpus: Corpus, page: Page) -> Cell:
    variants = page.record.get("variants", [])
    return text_cell(", ".join(variant.get("id", "") for variant in variants)) if variants else cell(Mark(UNKNOWN))


def _largest(corpus: Corpus, page: Page) -> Cell:
    size, state = _largest_value(corpus, page)
    return text_cell(scale(size)) if size is not None else cell(Mark(state))


def _largest_value(corpus: Corpus, page: Page) -> tuple[Value, str]:
    variants = page.record.get("variants", [])
    sizes = [size for variant in variants if (size := as_number(variant.get("params"))) is not None]
    return (max(sizes), "value") if sizes else (None, next((variant["params"] for variant in variants if "params" in variant), UNKNOWN))


def _answer_column(question: str, label: str) -> Column:
    def make(corpus: Corpus, page: Page) -> Cell:
        answer = page.record.get("answers", {}).get(question, {})
        if "answer" not in answer:
            return cell(Mark(UNKNOWN))
        notes = [word.replace("-", " ") for name in ("requires", "restricts") for word in answer.get(name, [])]
        return cell(Mark(answer["answer"]), *([Words(f" ({', '.join(notes)})", quiet=True)] if notes else []))

    def value(corpus: Corpus, page: Page) -> tuple[Value, str]:
        answer = page.record.get("answers", {}).get(question, {}).get("answer")
        return (answer, "value") if answer else (None, UNKNOWN)

    return Column(f"answer_{question.replace('-', '_')}", label, f"The licence's answer to: {label}?", make, value)


def _terms(corpus: Corpus, page: Page) -> Cell:
    terms = page.record.get("terms")
    if not isinstance(terms, list):
        return cell(Mark(terms or UNKNOWN))
    return show(corpus, specification("source").fields["terms"], terms)


def _source_of_weights(corpus: Corpus, page: Page) -> Cell:
    releases = page.record.get("releases", {})
    lines = []
    for artefact in ("code", "weights"):
        entry = releases.get(artefact)
        if isinstance(entry, Mapping):
            entries = list(entry.values()) if one_or_families(entry) == "families" else [entry]
            lines.append((Words(f"{artefact}: "), *join([(part,) for part in dict.fromkeys(_license_of(corpus, one) for one in entries)])))
        else:
            lines.append((Words(f"{artefact}: "), Words("not released") if entry == "none" else Mark(entry or UNKNOWN)))
    if "output_terms" in page.record and not is_absent(page.record["output_terms"]):
        lines.append((Words("output: "), license_link(corpus, page.record["output_terms"])))
    return tuple(lines)


def _languages(corpus: Corpus, page: Page) -> Cell:
    """Say which languages, or how many where they are too many to list."""
    data = page.record.get("data", {}) if page.kind == "paper" else page.record
    listed, count = data.get("languages"), data.get("language_count")
    if isinstance(listed, list):
        return show(corpus, specification("model").fields["languages"], listed)
    if count is not None and not is_absent(count):
        return text_cell(f"{amount_text(count)} languages")
    return cell(Mark(listed or count or UNKNOWN))


def _tokens(corpus: Corpus, page: Page) -> Cell:
    """Say how many tokens the model saw, for all sizes or from the least to the most."""
    seen = page.record.get("tokens_seen")
    if seen is not None:
        return cell(Mark(seen)) if is_absent(seen) else text_cell(scale(seen))
    each = sorted({number for variant in page.record.get("variants", []) if (number := as_number(variant.get("tokens_seen"))) is not None})
    if each:
        return text_cell(scale(each[0]) if len(each) == 1 else f"{scale(each[0])} to {scale(each[-1])}, by size")
    return cell(Mark(next((variant["tokens_seen"] for variant in page.record.get("variants", []) if "tokens_seen" in variant), UNKNOWN)))


def _first_list_mark(corpus: Corpus, page: Page) -> Cell:
    mark = page.record.get("listed", {}).get("mark")
    return cell(Mark(mark)) if mark else text_cell("not in the first list")


def _year(corpus: Corpus, page: Page) -> Cell:
    year, state = _year_value(corpus, page)
    return cell(Mark(state)) if year is None else text_cell(str(year))


def _year_value(corpus: Corpus, page: Page) -> tuple[Value, str]:
    published = page.record.get("published", UNKNOWN)
    return (int(published[:4]), "value") if published[:4].isdecimal() else (None, published)


def _first_hand(facts: Sequence[Fact]) -> str:
    return f"{sum(fact.first_hand for fact in facts)} of {len(facts)} facts first-hand"


def _evidence(corpus: Corpus, page: Page) -> Cell:
    return text_cell(_first_hand(corpus.facts(page)))


def _verdict_columns(kind: str) -> list[Column]:
    """Return the verdicts as columns: both readings in the cell; queries see the lineage's answer, or the declared one by its own name."""
    found = []
    for artefact in ARTEFACTS[kind]:
        for question, label in QUESTION_LABELS.items():
            name = f"{artefact}_{question.replace('-', '_')}"
            heading = f"{artefact.capitalize()}: {label.lower()}"
            found.append(
                Column(f"verdict_{name}", heading, f"{QUESTIONS[question]} Both readings; queries see the lineage's.", *_verdict(artefact, question, 1))
            )
            found.append(
                Column(f"declared_{name}", f"{heading}, declared", f"{QUESTIONS[question]} What the release itself says.", *_verdict(artefact, question, 0))
            )
    return found


def _verdict(artefact: str, question: str, reading: int) -> tuple[Callable[[Corpus, Page], Cell], Callable[[Corpus, Page], tuple[Value, str]]]:
    def make(corpus: Corpus, page: Page) -> Cell:
        pair = corpus.verdicts.both(page, artefact, question)
        return both(*pair) if reading else cell(Mark(pair[0].answer))

    def value(corpus: Corpus, page: Page) -> tuple[Value, str]:
        return corpus.verdicts.both(page, artefact, question)[reading].answer, "value"

    return make, value


_NAME = _computed("name", "Name", "The short name, with a link to the page.", _name)
_AMOUNT = Column(
    "amount", "Amount of instruction data", "Every count that is known; queries see instances, else conversations, messages, instructions or tasks.",
    _amount, _amount_value, numeric=True,
)  # fmt: skip
_YEAR = Column("year", "Year", "In which it first became public.", _year, _year_value, numeric=True)
_FIRST_HAND = replace(_computed("first_hand", "Evidence", "How many of its facts were read at first hand.", _evidence), of_facts=_first_hand)

COMPUTED: dict[str, list[Column]] = {
    "paper": [
        _NAME,
        _YEAR,
        _computed("resources", "Resource of instruction data", "What the data were made from, a line for each source.", _resources, wide=True),
        _AMOUNT,
        _computed("languages", "Languages", "Of the instruction data.", _languages),
        _computed("offering", "Offering data or data-collection tool", "Which of the two was released.", _offering),
        _computed("licenses", "Licences", "Of code, data and weights.", _licenses, wide=True),
        _computed("mark", "First list's mark", "What the list this review grew from marked.", _first_list_mark),
        _computed("mark_explained", "How the mark compares", "With what was found, in both readings.", mark_explained, wide=True),
        *_verdict_columns("paper"),
        _FIRST_HAND,
    ],
    "model": [
        _NAME,
        _YEAR,
        _computed("scales", "Scales", "The sizes and versions.", _scales, wide=True),
        Column("largest", "Largest", "Parameters of the largest variant.", _largest, _largest_value, numeric=True),
        _computed("tokens", "Tokens seen", "In pretraining; by size where sizes differ.", _tokens),
        _computed("licenses", "Licences", "Of code, weights and output.", _source_of_weights, wide=True),
        *_verdict_columns("model"),
        _FIRST_HAND,
    ],
    "license": [
        _NAME,
        _answer_column("commercial-use", "Commercial use"),
        _answer_column("redistribution", "Redistribution"),
        _answer_column("train-another-model", "Training another model"),
        _FIRST_HAND,
    ],
    "source": [_NAME, _computed("terms_in_words", "Terms", "Licence or terms, by period.", _terms), _FIRST_HAND],
}  # fmt: skip

_NOT_COLUMNS = {"references", "evidence"}


@cache
def columns(kind: str) -> dict[str, Column]:
    """Return all columns of a record kind, by name."""
    found = {
        "id": Column("id", "Id", "The page's file name.", lambda corpus, page: text_cell(page.id), lambda corpus, page: (page.id, "value")),
        **{column.name: column for column in COMPUTED[kind]},
    }

    def collect(field: Field, path: tuple[str, ...]) -> None:
        for name, child in field.fields.items():
            if not path and name in _NOT_COLUMNS:
                continue
            here = (*path, name)
            column_name = "_".join(here).replace("-", "_")
            found.setdefault(column_name, _field_column(column_name, here, child))
            if child.shape in ("mapping", "release"):
                collect(child, here)

    collect(specification(kind), ())
    return found
