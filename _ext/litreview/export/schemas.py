"""JSON Schemas (2020-12) of every JSON export, generated from the schema of the records and the vocabularies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from ..corpus import BACKLINKS
from ..edition import TITLE
from ..schema import FOLDERS, KINDS
from ..specification import specification
from ..values import ID_PATTERN
from ..verdicts import ARTEFACTS, NOT_RELEASED, ORDER, QUESTIONS, REASONS
from ..vocabularies import SCOPE
from . import descriptions
from .csl import TYPES
from .json_schema import ALWAYS_STATED, DIALECT, EDITION, Schema, list_of, object_of, text

if TYPE_CHECKING:
    from .contents import Contents

# Open to more keys: what explains a verdict grows with the rules.
_VERDICT = object_of(
    {
        "answer": {"enum": [*ORDER, NOT_RELEASED], "description": "In order of caution; not-released where there is nothing to use."},
        "reason": {"enum": [*REASONS, None], "description": "Why it is unclear."},
        "requires": list_of(text(), description="Duties."),
        "restricts": list_of(text(), description="Limits on who, what for or how many."),
        "scope": list_of({"enum": list(SCOPE.words)}, description="For training another model: which other models are meant."),
        "conflict": {"type": "boolean", "description": "Sources state different licences."},
        "because": list_of(
            object_of(
                {
                    "record": text("Whose terms or gap it is."), "artefact": text("What of it."), "rule": text("How its terms pass."),
                    "answer": {"enum": list(ORDER), "description": "What it answers."}, "license": text("Its licence."),
                    "reason": {"enum": list(REASONS), "description": "Why it is unclear."}, "note": text("In words."),
                    "through": list_of(text(), description="The records between."),
                    "edges": list_of(text(), description="The steps along which it came, the nearest to the record last."),
                }, ["record", "artefact", "rule", "answer"], more=True,
            ),
            description="Everything the answer rests on, the deciding reasons first.",
        ),
    }, more=True,
)  # fmt: skip


def _questions() -> Schema:
    return {question: {"$ref": "#/$defs/Readings"} for question in QUESTIONS}


def _verdicts(kind: str) -> Schema:
    if kind not in ARTEFACTS:
        return {"type": "object", "maxProperties": 0}
    families = {"type": "object", "additionalProperties": object_of(_questions()), "description": "Each family's own; the plain keys are the worst of them."}
    artefact = object_of({**_questions(), "families": families}, list(QUESTIONS))
    return object_of(dict.fromkeys(ARTEFACTS[kind], artefact), description="Release → question → reading. Not legal advice.")


@cache
def _record(kind: str) -> tuple[Schema, Schema]:
    """Return the schema of an exported record, and the definitions it needs."""
    from pydantic import TypeAdapter  # takes long to load, and most builds write no schema again

    own = TypeAdapter(KINDS[kind]).json_schema()
    definitions = own.pop("$defs", {})
    definitions.pop("Evidence", None)
    fields: Schema = own["properties"]
    fields.pop("evidence")
    properties = {
        "id": text("The page's file name, unique in the whole review.", pattern=f"^{ID_PATTERN}$"),
        **fields,
        "evidence": {
            "type": "object",
            "additionalProperties": list_of({"$ref": "#/$defs/Proof"}),
            "description": "Path of a field → what proves it; a path covers what lies under it.",
        },
        "verdicts": _verdicts(kind),
        "backlinks": list_of({"$ref": "#/$defs/Backlink"}, description="The records that name this one."),
        "url": text("The page's address, from the site's root."),
    }
    definitions |= {
        "Proof": object_of(
            {
                "in": text("The label of a document in `references`."), "at": text("The place in it; for `not-stated`, what was searched."),
                "quote": text("At most 20 words, verbatim."), "says": text("What this source says, where it disagrees."),
                "until": text("When the source ceased to say so."), "note": text("How the words prove the value."),
                "first_hand": {"type": "boolean", "description": "Whether the document itself or a full copy of it was read."},
                "url": text("The document's address."), "checked": text("The day it was read."),
            }, ["in", "at", "first_hand"],
        ),
        "Backlink": object_of(
            {
                "relation": {"enum": list(BACKLINKS), "description": "In which way."}, "id": text("The record that names this one."),
                "detail": text("The variant, the data source's label, or what is licensed."),
                "through": text("The nearer record, where the relation is not direct."),
            }, ["relation", "id"],
        ),
    }  # fmt: skip
    if kind in ARTEFACTS:
        definitions |= {"Verdict": _VERDICT, "Readings": object_of({"declared": {"$ref": "#/$defs/Verdict"}, "lineage": {"$ref": "#/$defs/Verdict"}})}
    required = ["id", *specification(kind).required, "evidence", "verdicts", "backlinks", "url"]
    return object_of(properties, required, description=KINDS[kind].__doc__ or ""), definitions


def _file(name: str, title: str, schema: Schema, definitions: Schema | None = None) -> Schema:
    return {"$schema": DIALECT, "$id": f"{name}.json", "title": title, **schema, **({"$defs": definitions} if definitions else {})}


def schemas() -> dict[str, Schema]:
    """Return every schema by the name of its file: one for each kind of record, and one for each other JSON file, which has its name."""
    found: dict[str, Schema] = {}
    for folder, kind in FOLDERS.items():
        record, definitions = _record(kind)
        one = {**EDITION, "kind": {"const": folder}, "record": {"$ref": "#/$defs/Record"}}
        found[kind] = _file(kind, f"One of the review's {folder}", object_of(one, [*ALWAYS_STATED, "kind", "record"]), {**definitions, "Record": record})
    lists: Schema = {folder: list_of({"$ref": f"{kind}.json#/$defs/Record"}) for folder, kind in FOLDERS.items()}
    found["review"] = _file("review", TITLE, object_of({**EDITION, **lists}, [*ALWAYS_STATED, *FOLDERS]))
    name = object_of({part: text() for part in ("family", "given", "non-dropping-particle", "suffix", "literal")}, [])
    date = object_of({"date-parts": list_of(list_of({"type": "integer"}, minItems=1, maxItems=3), minItems=1, maxItems=1)})
    texts = {
        "title": "The full title.", "title-short": "The short name.", "container-title": "The journal or the proceedings.", "collection-title": "The series.",
        "volume": "The volume.", "issue": "The number of the journal.", "page": "First and last page.", "publisher": "Who published it, or where it appeared.",
        "DOI": "The DOI.", "number": "The arXiv id, as `arXiv:2305.11206`.", "URL": "Where the work is read.",
    }  # fmt: skip
    item = object_of(
        {
            "id": text("The record's id."), "type": {"enum": list(TYPES.values()), "description": "What it is, in CSL's words."},
            "author": list_of(name, description="The parts of the names, in their order; a group's whole name is `literal`."),
            **{key: text(said) for key, said in texts.items()},
            "issued": {**date, "description": "The year that the venue names, else the first publication; as precise as it is known."},
            "original-date": {**date, "description": "When the work first became public, where the venue names a year of its own."},
            "custom": object_of(EDITION, ALWAYS_STATED, description="Which edition of the review the item is from."),
        }, ["id", "type", "title", "custom"],
    )  # fmt: skip
    found["references"] = _file("references", "References as CSL-JSON", list_of(item))
    for file, (title, schema) in descriptions.schemas().items():
        found[file] = _file(file, title, schema)
    return found


def schema_of(path: str) -> str:
    """Return the name of the schema of a JSON file at a path from the site's root; empty where it is a schema itself.

    Every JSON file has one, named as the file is, or as the kind of record is of which it holds one.
    """
    folder, _, file = path.rpartition("/")
    holder = folder.rpartition("/")[2]
    return "" if holder == "schema" else FOLDERS.get(holder, file.removesuffix(".json"))


@cache
def _files() -> tuple[tuple[str, bytes], ...]:
    return tuple((f"schema/{name}.json", (json.dumps(schema, ensure_ascii=False, indent=1) + "\n").encode()) for name, schema in schemas().items())


def each(contents: Contents) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of every schema's file: `schema/paper.json`; they depend on the code alone."""
    yield from _files()
