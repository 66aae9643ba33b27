"""The words of JSON Schema (2020-12) that the schemas of the exports are put together from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..edition import LICENSE

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def text(description: str = "", **more: Any) -> Schema:
    """Return the schema of a text."""
    return {"type": "string", **({"description": description} if description else {}), **more}


def constant(value: Any, description: str = "") -> Schema:
    """Return the schema of one value that is always the same."""
    return {"const": value, **({"description": description} if description else {})}


def object_of(properties: Schema, required: list[str] | None = None, *, more: bool | Schema = False, description: str = "") -> Schema:
    """Return the schema of an object; all its properties are required where nothing else is said."""
    said = {"description": description} if description else {}
    return {"type": "object", **said, "properties": properties, "required": list(properties) if required is None else required, "additionalProperties": more}


def list_of(items: Schema, **more: Any) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items, **more}


def exactly(entries: Iterable[Schema], **more: Any) -> Schema:
    """Return the schema of a list with these entries in this order, and no others."""
    known = list(entries)
    return {"type": "array", "prefixItems": known, "items": False, "minItems": len(known), **more}


EDITION: Schema = {
    "format_version": text("The version of the files' form: the first number changes when something is renamed or removed.", pattern=r"^\d+\.\d+$"),
    "release": text("The review's release.", pattern=r"^\d+\.\d+\.\d+$"),
    "commit": text("The commit whose pages these are; absent where they are not exactly a commit's.", pattern="^[0-9a-f]{7,64}$"),
    "license": {"const": LICENSE, "description": "Of the data."},
}
ALWAYS_STATED = [name for name in EDITION if name != "commit"]
