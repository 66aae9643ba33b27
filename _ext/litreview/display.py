"""How each kind of value reads to people: values become cells, with links to the records they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from .cells import MARKS, Cell, Inline, Line, Mark, RecordLink, WebLink, Words, cell, join
from .specification import Field, one_or_families, specification
from .values import Amount, LicenseName, Pattern, Reference, Text, Url, Word, is_absent

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page

# Where identifiers lead.
RESOLVERS: dict[str, str] = {
    "arxiv": "https://arxiv.org/abs/{}",
    "doi": "https://doi.org/{}",
    "anthology": "https://aclanthology.org/{}/",
    "openreview": "https://openreview.net/forum?id={}",
}


def number(value: float) -> str:
    """Return a number with thousands separated."""
    return f"{value:,}"


def amount(value: Any, unit: str = "") -> str:
    """Return an amount in words: 52,002; about 52,000; 193,000 to 200,000; at least 60."""
    if isinstance(value, Mapping):
        if "about" in value:
            return f"about {number(value['about'])}"
        if "min" in value and "max" in value:
            return f"{number(value['min'])} to {number(value['max'])}"
        return f"at least {number(value['min'])}" if "min" in value else f"at most {number(value['max'])}"
    return number(value)


def scale(value: Any) -> str:
    """Return a large amount as papers write it: 7B, 61M, about 1.4T."""
    if isinstance(value, Mapping):
        if "about" in value:
            return f"about {scale(value['about'])}"
        if "min" in value and "max" in value:
            return f"{scale(value['min'])} to {scale(value['max'])}"
        return f"at least {scale(value['min'])}" if "min" in value else f"at most {scale(value['max'])}"
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if value >= size:
            return f"{value / size:.4g}{letter}"
    return number(value)


def words(text: str) -> str:
    """Return a vocabulary word as it reads in a sentence."""
    return text.replace("-", " ").replace("_", " ")


@cache
def language(code: str) -> str:
    """Return a language's English name, with its script or region where the code has one; a code that nobody knows as it is."""
    from babel import Locale, UnknownLocaleError  # only what shows a language needs it

    try:
        return Locale.parse(code, sep="-").get_display_name("en") or code
    except (UnknownLocaleError, ValueError):  # no data of its own, but perhaps a name
        name = Locale("en").languages.get(code)
        return str(name) if name else code


def record_link(corpus: Corpus, reference: str) -> Inline:
    """Return a link to a record, by its short name and with the variant; plain text where there is no such record."""
    record_id, _, variant = reference.partition("/")
    page = corpus.get(record_id)
    if page is None:
        return Words(reference)
    if variant and page.kind == "model":
        known = corpus.variant(page, variant)
        variant = known.get("id", variant) if known else variant
    text = page.short if not variant or variant == page.short else f"{page.short} {variant}"
    return RecordLink(record_id, text)


def license_link(corpus: Corpus, spelling: str) -> Inline:
    """Return a link to a licence page, by its spelling or, for licences that SPDX does not list, its short name."""
    page = corpus.licenses.get(spelling)
    if page is None:
        return Words(spelling)
    return RecordLink(page.id, page.short if spelling.startswith("LicenseRef-") else spelling)


def show(corpus: Corpus, field: Field, value: Any) -> Cell:
    """Return what a value of a field reads like."""
    if is_absent(value) and field.absent and value in field.absent.words:
        return cell(Mark(value))
    if field.shape == "value":
        return cell(_scalar(corpus, field, value))
    if field.shape == "list" and field.item is not None:
        if field.item.shape == "value":
            return (join([(_scalar(corpus, field.item, item),) for item in value]),)
        return tuple(line for item in value for line in show(corpus, field.item, item))
    if field.shape == "release" and one_or_families(value) == "families":
        return tuple((Words(f"{label}: "), *_release(corpus, field.one, entry)) for label, entry in value.items())
    composed = _COMPOSED.get(_kind_of_mapping(field))
    if composed is not None:
        result: Cell = composed(corpus, field, value)
        return result
    if field.shape == "labelled" and field.item is not None:
        return tuple((Words(f"{words(label)}: "), *_flat(show(corpus, field.item, entry))) for label, entry in value.items())
    return tuple((Words(f"{child.about.label}: "), *_flat(show(corpus, child, value[name]))) for name, child in field.fields.items() if name in value)


def _flat(value: Cell) -> Line:
    return join(value, "; ")


def _scalar(corpus: Corpus, field: Field, value: Any) -> Inline:
    scalar = field.scalar
    if isinstance(scalar, Amount):
        return Words(scale(value) if field.name in ("params", "corpus_tokens", "tokens_seen") else amount(value))
    if isinstance(scalar, Reference):
        return record_link(corpus, value)
    if isinstance(scalar, LicenseName):
        return license_link(corpus, value)
    if isinstance(scalar, Url):
        return WebLink(value, field.about.label)
    if isinstance(scalar, Word):
        return Mark(value) if value in MARKS else Words(words(value))
    if isinstance(scalar, Pattern) and field.name in RESOLVERS:
        return WebLink(RESOLVERS[field.name].format(value), value)
    if isinstance(scalar, Pattern) and field.name == "languages":
        return Words(language(value))
    if isinstance(scalar, Text):
        return Words(value)
    return Words(str(value))


def _kind_of_mapping(field: Field) -> str:
    """Return which composed form a mapping has, told by the fields it holds."""
    names = field.fields
    if field.shape == "release" or "form" in names:
        return "release"
    for known in ("role", "params", "what", "answer", "service", "license"):
        if known in names:
            return known
    return ""


def _source(corpus: Corpus, field: Field, value: Mapping[str, Any]) -> Cell:
    """Say one source of data: what it is, how it came about, from whom, how much."""
    line: list[Inline] = [Words(value.get("what") or words(value.get("kind", "")))]
    notes: list[Line] = []
    if "what" in value and "kind" in value:
        notes.append((Words(words(value["kind"])),))
    if value.get("from"):
        verb = "by " if value.get("kind") == "model-generated" else "from "
        notes.append((Words(verb), *join([(record_link(corpus, upstream),) for upstream in value["from"]])))
    if "parts" in value:
        notes.append((Words(f"only its {', '.join(map(words, value['parts']))}"),))
    if "role" in value:
        notes.append((Words(f"as {words(value['role'])}"),))
    for name, unit in (("amount", "examples"), ("count", "data sets")):
        if name in value and not is_absent(value[name]):
            notes.append((Words(f"{amount(value[name])} {unit}"),))
    if value.get("licenses"):
        counts = ", ".join(f"{amount(count)} {answer}" for answer, count in value["licenses"].items())
        notes.append((Words(f"commercial use by data set: {counts}"),))
    if value.get("released") == "no":
        notes.append((Words("not in the release"),))
    if notes:
        line += [Words(" ("), *join(notes, "; "), Words(")")]
    return (tuple(line),)


def _release(corpus: Corpus, field: Field, value: Mapping[str, Any]) -> Line:
    """Say one release: its licence, what is handed out, and where."""
    parts: list[Line] = []
    if "license" in value:
        parts.append((license_link(corpus, value["license"]),) if not is_absent(value["license"]) else (Words("licence "), Mark(value["license"])))
    if "model" in value:
        parts.append((Words("see "), record_link(corpus, value["model"])))
    if "form" in value and value["form"] != "full":
        parts.append((Words(words(value["form"])),))
    if "base" in value:
        parts.append((Words("from "), *join([(record_link(corpus, base),) for base in value["base"]])))
    if value.get("gated") == "yes":
        parts.append((Words("gated"),))
    if "partial" in value:
        parts.append((Words(f"in part: {value['partial']}"),))
    if value.get("reaches_models") == "yes":
        parts.append((Words("the licensor extends its terms to models trained on it"),))
    if "published" in value:
        parts.append((Words(value["published"]),))
    if "url" in value:
        parts.append((WebLink(value["url"], "where it is"),))
    return join(parts, "; ") or (Words("released"),)


def _release_cell(corpus: Corpus, field: Field, value: Mapping[str, Any]) -> Cell:
    return (_release(corpus, field, value),)


def _result(corpus: Corpus, field: Field, value: Mapping[str, Any]) -> Cell:
    line = f"{value.get('what', '')}: {value.get('value', '')}"
    notes = [f"against {value['against']}"] if "against" in value else []
    notes += [f"on {value['on']}"] if "on" in value else []
    notes += [value["conditions"]] if "conditions" in value else []
    return cell(Words(line), *([Words(f" ({'; '.join(notes)})")] if notes else []))


def _variant(corpus: Corpus, field: Field, value: Mapping[str, Any]) -> Cell:
    line: list[Inline] = [Words(value.get("id", ""))]
    notes: list[Line] = []
    for name, child in field.fields.items():
        if name in ("id", "aka") or name not in value or (name == "params" and scale_matches(value)):
            continue
        shown = _flat(show(corpus, child, value[name]))
        notes.append(shown if name == "params" else (Words(f"{child.about.label.lower()} "), *shown))
    if value.get("aka"):
        notes.append((Words(f"also written {', '.join(value['aka'])}"),))
    if notes:
        line += [Words(" ("), *join(notes, "; "), Words(")")]
    return (tuple(line),)


def scale_matches(variant: Mapping[str, Any]) -> bool:
    """Tell whether a variant's name already says its number of parameters."""
    params = variant.get("params")
    return isinstance(params, (int, float)) and scale(params) == variant.get("id")


def _answer(corpus: Corpus, field: Field, value: Mapping[str, Any]) -> Cell:
    line: list[Inline] = [Mark(value["answer"])] if "answer" in value else []
    for name, lead in (("requires", "requires "), ("restricts", "limits: ")):
        if value.get(name):
            line.append(Words(f"; {lead}{', '.join(map(words, value[name]))}"))
    if "scope" in value:
        line.append(Words(f"; scope: {words(value['scope'])}"))
    if "note" in value:
        line.append(Words(f". {value['note']}"))
    return (tuple(line),)


def _period(value: Mapping[str, Any]) -> str:
    start, end = value.get("from"), value.get("to")
    if start and not is_absent(start) and end and not is_absent(end):
        return f"{start} to {end}"
    if start and not is_absent(start):
        return f"from {start}"
    return f"until {end}" if end and not is_absent(end) else ""


def _terms_version(corpus: Corpus, field: Field, value: Mapping[str, Any]) -> Cell:
    head = "; ".join(part for part in (value.get("title", ""), _period(value), f"for {words(value.get('service', 'all'))} services") if part)
    lines: list[Line] = [(Words(head),)]
    if "clause" in value:
        lines.append((Words(value["clause"]),))
    if "answers" in value:
        lines += show(corpus, field.fields["answers"], value["answers"])
    return tuple(lines)


def _terms(corpus: Corpus, field: Field, value: Mapping[str, Any]) -> Cell:
    line: list[Inline] = []
    if "license" in value:
        line.append(license_link(corpus, value["license"]) if not is_absent(value["license"]) else Mark(value["license"]))
    notes = [part for part in (value.get("for", ""), _period(value)) if part]
    if notes:
        line.append(Words(f" ({'; '.join(notes)})"))
    return (tuple(line),)


_COMPOSED: dict[str, Any] = {
    "role": _source,
    "release": _release_cell,
    "what": _result,
    "params": _variant,
    "answer": _answer,
    "service": _terms_version,
    "license": _terms,
}


def links(corpus: Corpus, field: Field, value: Mapping[str, Any]) -> Cell:
    """Return a record's links on one line, each named by what it leads to."""
    found: list[Line] = []
    for name, child in field.fields.items():
        if name in value:
            url = RESOLVERS[name].format(value[name]) if name in RESOLVERS else value[name]
            found.append((WebLink(url, child.about.label),))
    return (join(found, " · "),)


def lines_of(cells: Iterable[Cell]) -> Cell:
    """Return several cells as one, their lines after each other."""
    return tuple(line for value in cells for line in value)


def labelled(corpus: Corpus, page: Page, path: tuple[str, ...]) -> tuple[str, Cell]:
    """Return a field's label, and how its value reads; nothing for what the first list itself said."""
    field, here, labels = specification(page.kind), page.record, []
    for segment in path:
        below = field.item if field.item is not None else field.fields.get(segment)
        if below is None or not isinstance(here, dict) or segment not in here:
            break
        field, here = below, here[segment]
        labels.append(field.about.label)
    whole = len(labels) == len(path) and path and path[0] not in ("listed", "short", "links")
    return ": ".join(dict.fromkeys(labels)), show(corpus, field, here) if whole else ()
