"""`croissant.json`: the review described as a data set for machine-learning tools (MLCommons Croissant 1.0)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from ..edition import CREATORS, DESCRIPTION, KEYWORDS, LICENSE_URL, TITLE
from . import csv
from .relation import Attribute
from .relations import RELATIONS

if TYPE_CHECKING:
    from .contents import Contents

# The context that the specification prescribes, whole and unchanged.
CONTEXT: dict[str, Any] = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column", "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/", "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty", "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract", "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet",
    "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet", "references": "cr:references",
    "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
    "samplingRate": "cr:samplingRate", "sc": "https://schema.org/", "separator": "cr:separator",
    "source": "cr:source", "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip
TYPES = {"text": "sc:Text", "number": "sc:Float", "truth": "sc:Integer"}
CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
DESCRIBED = ("review.json", "review.sqlite", *(f"{name}.csv" for name in csv.FILES), "references.bib")
_FORMATS = {"json": "application/json", "csv": "text/csv", "sqlite": "application/vnd.sqlite3", "bib": "application/x-bibtex"}


def media_type(name: str) -> str:
    """Return what kind of file it is, in the words of the web."""
    return _FORMATS[name.rpartition(".")[2]]


def _field(table: str, attribute: Attribute) -> dict[str, Any]:
    target, _, column = attribute.points_at.partition(".")
    points_at = {"references": {"field": {"@id": f"{target}/{column}"}}} if target in csv.FILES else {}
    return {
        "@type": "cr:Field", "@id": f"{table}/{attribute.name}", "name": attribute.name, "description": attribute.help, "dataType": TYPES[attribute.kind],
        "source": {"fileObject": {"@id": f"{table}.csv"}, "extract": {"column": attribute.name}}, **points_at,
    }  # fmt: skip


@cache
def _record_sets() -> str:
    """Return what the CSV files hold, as JSON; it depends on the code alone."""
    value = [
        {
            "@type": "cr:RecordSet", "@id": name, "name": name, "description": RELATIONS[name].help,
            **({"key": [{"@id": f"{name}/{column}"} for column in RELATIONS[name].key]} if RELATIONS[name].key else {}),
            "field": [_field(name, attribute) for attribute in csv.attributes(RELATIONS[name])],
        }
        for name in csv.FILES
    ]  # fmt: skip
    return json.dumps(value, ensure_ascii=False, indent=1)


def write(contents: Contents, sums: Mapping[str, str]) -> bytes:
    """Return the description's bytes; `sums` are those of the other exports (SHA-256)."""
    site = f"{contents.edition.site}data/" if contents.edition.site else ""
    day = contents.checked if re.fullmatch(r"\d{4}-\d\d-\d\d", contents.checked) else ""
    value = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": TITLE,
        "description": DESCRIPTION,
        "conformsTo": CONFORMS_TO,
        "license": LICENSE_URL,
        "url": contents.edition.site or "index.html",
        "creator": {"@type": "sc:Organization", "name": CREATORS},
        "version": contents.edition.release,
        **({"datePublished": day} if day else {}),
        "keywords": list(KEYWORDS),
        "inLanguage": "en",
        "isLiveDataset": True,
        "citeAs": f"@misc{{instruction-tuning-review, title = {{{TITLE}}}, author = {{{{{CREATORS}}}}}, version = {{{contents.edition.release}}}}}",
        "comment": contents.edition.line,
        "distribution": [
            {
                "@type": "cr:FileObject", "@id": name, "name": name, "contentUrl": f"{site}{name}", "encodingFormat": media_type(name),
                "sha256": sums[name],
            }
            for name in DESCRIBED
        ],
    }  # fmt: skip
    return f'{json.dumps(value, ensure_ascii=False, indent=1)[:-2]},\n"recordSet": {_record_sets()}\n}}\n'.encode()
