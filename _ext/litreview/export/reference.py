"""What stands in each file, field by field: read off the declarations that write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..edition import PROMISE
from ..schema import FOLDERS
from . import bibtex, csv, descriptions, ris, schemas, sqlite
from .json_schema import Schema
from .relation import Relation
from .relations import RELATIONS


@dataclass(frozen=True)
class Part:
    """One file or table: what it is, and its fields with their meaning; `more` is said after them."""

    title: str
    holds: str
    fields: tuple[tuple[str, str], ...]
    more: str = ""


_STATES = "Every column that can be without a value has a column `<name>_state` beside it."


def promise() -> Part:
    """Return what stays as it is, and how one can tell what changed."""
    return Part("What changes when", "Every file states `format_version`. What it promises:", tuple(PROMISE.items()))


def _relation(relation: Relation, title: str) -> Part:
    shown = tuple((attribute.name, attribute.help) for attribute in relation.attributes if not attribute.name.endswith("_state"))
    hidden = any(attribute.name.endswith("_state") for attribute in relation.attributes)
    key = f"Rows are told apart by {', '.join(relation.key)}." if relation.key and relation.key != ("id",) else ""
    return Part(title, relation.help, shown, " ".join(filter(None, (key, _STATES if hidden else ""))))


def _object(schema: Schema) -> Iterator[tuple[str, str]]:
    for name, field in schema["properties"].items():
        yield name, field.get("description", "")


def parts() -> Iterator[Part]:
    """Yield the parts of all files, in the order in which the page on data shows them."""
    every = schemas.schemas()
    whole = {name: field for name, field in every["review"]["properties"].items() if name not in FOLDERS}
    lists = tuple((folder, f"The records of the folder {folder}/, by id.") for folder in FOLDERS)
    yield Part("review.json", "One object.", (*_object({"properties": whole}), *lists))
    edition = {name: field for name, field in every["paper"]["properties"].items() if name not in ("kind", "record")}
    own = (("kind", "The folder."), ("record", "The record, as in review.json."))
    yield Part("papers/alpaca.json and the like", "One object a record.", (*_object({"properties": edition}), *own))
    record = every["paper"]["$defs"]["Record"]["properties"]
    added = [(name, record[name].get("description", "")) for name in ("id", "evidence", "verdicts", "backlinks", "url")]
    yield Part("A record in JSON", "Its own fields under the names of the field reference, and:", tuple(added))
    definitions = every["paper"]["$defs"]
    yield Part("An entry of evidence in JSON", "In `evidence`, under each path that it is for.", tuple(_object(definitions["Proof"])))
    yield Part("A verdict in JSON", "At `verdicts.<release>.<question>.<reading>`.", tuple(_object(definitions["Verdict"])))
    yield Part("A reason in JSON", "In a verdict's `because`.", tuple(_object(definitions["Verdict"]["properties"]["because"]["items"])))
    yield Part("A back-reference in JSON", "In `backlinks`.", tuple(_object(definitions["Backlink"])))
    for name in csv.FILES:
        yield _relation(RELATIONS[name], f"{name}.csv, and the table {name}")
    for name, relation in RELATIONS.items():
        if name not in csv.FILES:
            yield _relation(relation, f"The table {name}")
    yield Part("Views of the database", "Ready-made queries.", tuple((name, answers) for name, (answers, _) in sqlite.VIEWS.items()))
    yield Part("references.bib", "BibTeX; an entry's key is the record's id.", tuple(bibtex.FIELDS.items()))
    yield Part("references.ris", "RIS.", tuple(ris.TAGS.items()))
    yield Part("references.json", "CSL-JSON.", tuple(_object(every["references"]["items"])))
    for name in descriptions.schemas():
        told = tuple((field, meaning) for field, meaning in _object(every[name]) if meaning)
        yield Part(f"{name}.json", f"{every[name]['title']}.", told)
    feed = (
        ("title", "What happened, and to which records."), ("id", "Stays the same when the words are mended."), ("updated", "The day of the change."),
        ("link", "The record's page."), ("category", "New works, Changed facts, Changed verdicts or Release."), ("summary", "The line of the change log."),
    )  # fmt: skip
    yield Part("feed.xml", "Atom, an entry for each line of the change log's sections, and for each release.", feed)
