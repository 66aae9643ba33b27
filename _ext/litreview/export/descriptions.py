"""The schemas of the JSON files that describe the others: `croissant.json`, `csv-metadata.json`, and `codemeta.json`.

Other people's standards say what may stand in such files; these schemas say what stands in ours, so their tables
and columns are the declared ones.
"""

from __future__ import annotations

from typing import Any

from ..edition import CODE_LICENSE, CREATORS, DESCRIPTION, KEYWORDS, LICENSE, LICENSE_URL, TITLE
from . import croissant, csv, software
from .json_schema import ALWAYS_STATED, EDITION, Schema, constant, exactly, list_of, object_of, text
from .relations import RELATIONS

_DAY = r"^\d{4}-\d\d-\d\d$"
_VERSION: dict[str, Any] = {"pattern": EDITION["release"]["pattern"]}


def schemas() -> dict[str, tuple[str, Schema]]:
    """Return title and schema by the name of the file."""
    return {
        "croissant": ("The review described as a data set (Croissant 1.0)", _croissant()),
        "csv-metadata": ("What the columns of the CSV files mean (CSV on the Web)", _csv_metadata()),
        "codemeta": ("What the review's code is (CodeMeta 3.0)", _codemeta()),
    }


def _same(**values: str) -> Schema:
    return object_of({name.replace("_at_", "@"): constant(value) for name, value in values.items()})


def _columns() -> Schema:
    """Return the definitions that the tables' parts refer to: the names of each table's columns."""
    return {name: {"enum": [attribute.name for attribute in csv.attributes(RELATIONS[name])]} for name in csv.FILES}


def _column_of(table: str) -> Schema:
    return {"$ref": f"#/$defs/{table}"}


def _identified(*ids: str) -> Schema:
    return object_of({"@id": {"enum": list(ids)}})


# --- Croissant ---------------------------------------------------------------------------------------------------------


def _croissant_table(name: str) -> Schema:
    relation = RELATIONS[name]
    number = len(csv.attributes(relation))
    pointed_at = sorted({attribute.points_at.replace(".", "/") for attribute in relation.attributes if attribute.points_at.partition(".")[0] in csv.FILES})
    field = {
        "@type": constant("cr:Field"), "@id": text(pattern=f"^{name}/"), "name": _column_of(name), "description": text(minLength=1),
        "dataType": {"enum": list(croissant.TYPES.values())},
        "source": object_of({"fileObject": _identified(f"{name}.csv"), "extract": object_of({"column": _column_of(name)})}),
        **({"references": object_of({"field": _identified(*pointed_at)})} if pointed_at else {}),
    }  # fmt: skip
    key = {"key": exactly(_identified(f"{name}/{column}") for column in relation.key)} if relation.key else {}
    fields = list_of(object_of(field, [part for part in field if part != "references"]), minItems=number, maxItems=number, uniqueItems=True)
    named = {"@type": constant("cr:RecordSet"), "@id": constant(name), "name": constant(name), "description": constant(relation.help)}
    return object_of({**named, **key, "field": fields})


def _croissant_file(name: str) -> Schema:
    return object_of(
        {
            "@type": constant("cr:FileObject"), "@id": constant(name), "name": constant(name),
            "contentUrl": text("Where the file lies; beside this one where the site's address is not known.", pattern=rf"^(https?://.+/)?{name}$"),
            "encodingFormat": constant(croissant.media_type(name)), "sha256": text("The sum of the file's bytes.", pattern="^[0-9a-f]{64}$"),
        }
    )  # fmt: skip


def _croissant() -> Schema:
    properties = {
        "@context": constant(croissant.CONTEXT, "The context that the specification prescribes."),
        "@type": constant("sc:Dataset"),
        "name": constant(TITLE, "The review's title."),
        "description": constant(DESCRIPTION, "What the review is."),
        "conformsTo": constant(croissant.CONFORMS_TO, "The version of Croissant."),
        "license": constant(LICENSE_URL, "Of the data."),
        "url": text("The site's address, or its first page where it is not known."),
        "creator": {**_same(_at_type="sc:Organization", name=CREATORS), "description": "Who made the review."},
        "version": text("The review's release.", **_VERSION),
        "datePublished": text("The last day on which a source was read; absent where no page says.", pattern=_DAY),
        "keywords": constant(list(KEYWORDS), "What it is about."),
        "inLanguage": constant("en", "The language of texts and labels."),
        "isLiveDataset": constant(True, "The review goes on."),
        "citeAs": text("How to cite it, as BibTeX."),
        "comment": text("Which edition it is: release, commit where there is one, format version, licence of the data."),
        "distribution": exactly(map(_croissant_file, croissant.DESCRIBED), description="The files, each with its sum."),
        "recordSet": exactly(map(_croissant_table, csv.FILES), description="The CSV files, column by column."),
    }
    return {**object_of(properties, [name for name in properties if name != "datePublished"]), "$defs": _columns()}


# --- CSV on the Web ----------------------------------------------------------------------------------------------------


def _csv_table(name: str) -> Schema:
    relation = RELATIONS[name]
    number = len(csv.attributes(relation))
    kinds: list[Any] = []
    for attribute in relation.attributes:
        if csv.datatype(attribute) not in kinds:
            kinds.append(csv.datatype(attribute))
    column = object_of({"name": _column_of(name), "titles": _column_of(name), "dc:description": text(minLength=1), "datatype": {"enum": kinds}})
    reference = object_of({"resource": {"enum": [f"{other}.csv" for other in csv.FILES]}, "columnReference": text()})
    properties = {
        "columns": list_of(column, minItems=number, maxItems=number, uniqueItems=True),
        "primaryKey": constant(list(relation.key)),
        "foreignKeys": list_of(object_of({"columnReference": _column_of(name), "reference": reference}), minItems=1),
    }
    schema = object_of(properties, ["columns", *(["primaryKey"] if relation.key else [])])
    return object_of({"url": constant(f"{name}.csv"), "dc:description": constant(relation.help), "tableSchema": schema})


def _csv_metadata() -> Schema:
    edition = {f"schema:{name}": stated for name, stated in EDITION.items()}
    properties = {
        "@context": constant(csv.CONTEXT, "The context that the standard prescribes."),
        "dc:title": constant(TITLE, "The review's title."),
        "dc:creator": constant(CREATORS, "Who made the review."),
        "dc:license": {**object_of({"@id": constant(LICENSE_URL)}), "description": "Of the data."},
        **edition,
        "dialect": constant(csv.DIALECT, "How the files are written."),
        "tables": exactly(map(_csv_table, csv.FILES), description="The files, column by column, with their keys."),
    }
    left_out = {f"schema:{name}" for name in EDITION if name not in ALWAYS_STATED}
    return {**object_of(properties, [name for name in properties if name not in left_out]), "$defs": _columns()}


# --- CodeMeta ----------------------------------------------------------------------------------------------------------


def _codemeta() -> Schema:
    whole = _same(_at_type="Dataset", name=TITLE, license=software.license_address(LICENSE))
    properties = {
        "@context": constant(software.CODEMETA, "The version of CodeMeta."),
        "@type": constant("SoftwareSourceCode"),
        "name": constant(TITLE, "The review's title."),
        "description": constant(DESCRIPTION, "What the review is."),
        "author": {**_same(_at_type="Organization", name=CREATORS), "description": "Who wrote it."},
        "keywords": constant(list(KEYWORDS), "What it is about."),
        "license": constant(software.license_address(CODE_LICENSE), "Of the code."),
        "version": text("The release.", **_VERSION),
        "datePublished": text("The day of the release; absent before it.", pattern=_DAY),
        "programmingLanguage": constant("Python", "What it is written in."),
        "runtimePlatform": text("What it runs on."),
        "softwareRequirements": text("What it is built on."),
        "developmentStatus": constant("active", "Whether it is worked on."),
        "isPartOf": {**whole, "description": "The data, which have a licence of their own."},
    }
    return object_of(properties, [name for name in properties if name != "datePublished"])
