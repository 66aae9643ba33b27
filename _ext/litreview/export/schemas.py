"""JSON Schemas (2020-12) of every JSON export, generated from the schema of the records and the vocabularies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from ..corpus import BACKLINKS
from ..edition import LICENSE, TITLE
from ..schema import FOLDERS, KINDS
from ..specification import specification
from ..values import ID_PATTERN
from ..verdicts import ARTEFACTS, NOT_RELEASED, ORDER, QUESTIONS, REASONS
from ..vocabularies import SCOPE
from .csl import TYPES

if TYPE_CHECKING:
    from .contents import Contents

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def _text(description: str = "", **more: Any) -> Schema:
    return {"type": "string", **({"description": description} if description else {}), **more}


def _object(properties: Schema, required: list[str] | None = None, *, more: bool | Schema = False, description: str = "") -> Schema:
    said = {"description": description} if description else {}
    return {"type": "object", **said, "properties": properties, "required": list(properties) if required is None else required, "additionalProperties": more}


def _list(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


_EDITION: Schema = {
    "format_version": _text("The version of the files' form: the first number changes when something is renamed or removed.", pattern=r"^\d+\.\d+$"),
    "release": _text("The review's release.", pattern=r"^\d+\.\d+\.\d+$"),
    "commit": _text("The commit whose pages these are; absent where they are not exactly a commit's.", pattern="^[0-9a-f]{7,64}$"),
    "license": {"const": LICENSE, "description": "Of the data."},
}
_REQUIRED = [name for name in _EDITION if name != "commit"]

# Open to more keys: what explains a verdict grows with the rules.
_VERDICT = _object(
    {
        "answer": {"enum": [*ORDER, NOT_RELEASED], "description": "In order of caution; not-released where there is nothing to use."},
        "reason": {"enum": [*REASONS, None], "description": "Why it is unclear."},
        "requires": _list(_text(), description="Duties."),
        "restricts": _list(_text(), description="Limits on who, what for or how many."),
        "scope": _list({"enum": list(SCOPE.words)}, description="For training another model: which other models are meant."),
        "conflict": {"type": "boolean", "description": "Sources state different licences."},
        "because": _list(
            _object(
                {
                    "record": _text("Whose terms or gap it is."), "artefact": _text("What of it."), "rule": _text("How its terms pass."),
                    "answer": {"enum": list(ORDER), "description": "What it answers."}, "license": _text("Its licence."),
                    "reason": {"enum": list(REASONS), "description": "Why it is unclear."}, "note": _text("In words."),
                    "through": _list(_text(), description="The records between."),
                    "edges": _list(_text(), description="The steps along which it came, the nearest to the record last."),
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
    families = {"type": "object", "additionalProperties": _object(_questions()), "description": "Each family's own; the plain keys are the worst of them."}
    artefact = _object({**_questions(), "families": families}, list(QUESTIONS))
    return _object(dict.fromkeys(ARTEFACTS[kind], artefact), description="Release → question → reading. Not legal advice.")


@cache
def _record(kind: str) -> tuple[Schema, Schema]:
    """Return the schema of an exported record, and the definitions it needs."""
    own = TypeAdapter(KINDS[kind]).json_schema()
    definitions = own.pop("$defs", {})
    definitions.pop("Evidence", None)
    fields: Schema = own["properties"]
    fields.pop("evidence")
    properties = {
        "id": _text("The page's file name, unique in the whole review.", pattern=f"^{ID_PATTERN}$"),
        **fields,
        "evidence": {
            "type": "object",
            "additionalProperties": _list({"$ref": "#/$defs/Proof"}),
            "description": "Path of a field → what proves it; a path covers what lies under it.",
        },
        "verdicts": _verdicts(kind),
        "backlinks": _list({"$ref": "#/$defs/Backlink"}, description="The records that name this one."),
        "url": _text("The page's address, from the site's root."),
    }
    definitions |= {
        "Proof": _object(
            {
                "in": _text("The label of a document in `references`."), "at": _text("The place in it; for `not-stated`, what was searched."),
                "quote": _text("At most 20 words, verbatim."), "says": _text("What this source says, where it disagrees."),
                "until": _text("When the source ceased to say so."), "note": _text("How the words prove the value."),
                "first_hand": {"type": "boolean", "description": "Whether the document itself or a full copy of it was read."},
                "url": _text("The document's address."), "checked": _text("The day it was read."),
            }, ["in", "at", "first_hand"],
        ),
        "Backlink": _object(
            {
                "relation": {"enum": list(BACKLINKS), "description": "In which way."}, "id": _text("The record that names this one."),
                "detail": _text("The variant, the data source's label, or what is licensed."),
                "through": _text("The nearer record, where the relation is not direct."),
            }, ["relation", "id"],
        ),
    }  # fmt: skip
    if kind in ARTEFACTS:
        definitions |= {"Verdict": _VERDICT, "Readings": _object({"declared": {"$ref": "#/$defs/Verdict"}, "lineage": {"$ref": "#/$defs/Verdict"}})}
    required = ["id", *specification(kind).required, "evidence", "verdicts", "backlinks", "url"]
    return _object(properties, required, description=KINDS[kind].__doc__ or ""), definitions


def _file(name: str, title: str, schema: Schema, definitions: Schema | None = None) -> Schema:
    return {"$schema": DIALECT, "$id": f"{name}.json", "title": title, **schema, **({"$defs": definitions} if definitions else {})}


def schemas() -> dict[str, Schema]:
    """Return every schema by the name of its file: one for each kind of record, one for the whole, one for the references."""
    found: dict[str, Schema] = {}
    for folder, kind in FOLDERS.items():
        record, definitions = _record(kind)
        one = {**_EDITION, "kind": {"const": folder}, "record": {"$ref": "#/$defs/Record"}}
        found[kind] = _file(kind, f"One of the review's {folder}", _object(one, [*_REQUIRED, "kind", "record"]), {**definitions, "Record": record})
    lists: Schema = {folder: _list({"$ref": f"{kind}.json#/$defs/Record"}) for folder, kind in FOLDERS.items()}
    found["review"] = _file("review", TITLE, _object({**_EDITION, **lists}, [*_REQUIRED, *FOLDERS]))
    name = _object({part: _text() for part in ("family", "given", "non-dropping-particle", "suffix", "literal")}, [])
    date = _object({"date-parts": _list(_list({"type": "integer"}, minItems=1, maxItems=3), minItems=1, maxItems=1)})
    texts = {
        "title": "The full title.", "title-short": "The short name.", "container-title": "The journal or the proceedings.", "collection-title": "The series.",
        "volume": "The volume.", "issue": "The number of the journal.", "page": "First and last page.", "publisher": "Who published it, or where it appeared.",
        "DOI": "The DOI.", "number": "The arXiv id, as `arXiv:2305.11206`.", "URL": "Where the work is read.",
    }  # fmt: skip
    item = _object(
        {
            "id": _text("The record's id."), "type": {"enum": list(TYPES.values()), "description": "What it is, in CSL's words."},
            "author": _list(name, description="The parts of the names, in their order; a group's whole name is `literal`."),
            **{key: _text(said) for key, said in texts.items()},
            "issued": {**date, "description": "The year that the venue names, else the first publication; as precise as it is known."},
            "original-date": {**date, "description": "When the work first became public, where the venue names a year of its own."},
            "custom": _object(_EDITION, _REQUIRED, description="Which edition of the review the item is from."),
        }, ["id", "type", "title", "custom"],
    )  # fmt: skip
    found["references"] = _file("references", "References as CSL-JSON", _list(item))
    return found


@cache
def _files() -> tuple[tuple[str, bytes], ...]:
    return tuple((f"schema/{name}.json", (json.dumps(schema, ensure_ascii=False, indent=1) + "\n").encode()) for name, schema in schemas().items())


def each(contents: Contents) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of every schema's file: `schema/paper.json`; they depend on the code alone."""
    yield from _files()
