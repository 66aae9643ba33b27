"""The field reference and the list of diagnostics, written from the schema itself (reading phase).

Ordinary nodes, the same in every builder: what stands here depends on the code only, and other code reads every page again
(see freshness). The examples are from other pages, so they are placeholders until all pages were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from ..columns import columns
from ..diagnostics import CODES
from ..fixes import CERTAIN
from ..report import anchor
from ..schema import FOLDERS, KINDS
from ..specification import Field, paths, specification
from ..values import ABSENT, Word
from .domain import ReviewDomain
from .nodes import field_example

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def _kind_of_value(field: Field) -> str:
    """Return what a field's value is, in words."""
    if field.scalar is not None:
        kind = "a word" if isinstance(field.scalar, Word) else field.scalar.name
    elif field.shape == "list" and field.item is not None:
        kind = f"a list of: {_kind_of_value(field.item)}" if field.item.scalar is not None else "a list of entries"
    elif field.shape == "labelled":
        kind = "entries, each under a label"
    elif field.shape == "release":
        kind = "one entry, or one under each of several labels"
    else:
        kind = "fields"
    words = f", or {' or '.join(f'`{word}`' for word in field.absent.words)}" if field.absent else ""
    return kind + words


def _vocabulary(field: Field) -> Word | None:
    scalar = field.scalar or (field.item.scalar if field.item is not None else None)
    return scalar if isinstance(scalar, Word) else None


class FieldReference(SphinxDirective):
    """Describe every field of one kind of record."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        kind = FOLDERS.get(self.arguments[0])
        if kind is None:
            raise self.error(f"expected one of {', '.join(FOLDERS)}")
        definitions = nodes.definition_list()
        ReviewDomain.of(self.env).note_examples(self.env.docname, kind)
        for path, field in paths(specification(kind)):
            head = nodes.term("", "", nodes.literal("", path), nodes.Text(f" {field.about.label}"), ids=[nodes.make_id(f"{kind} {path}")])
            if field.about.required:
                head += [nodes.Text(" "), nodes.strong("", "required")]
            body = nodes.definition("", _prose(f"{field.about.help} Value: {_kind_of_value(field)}."))
            vocabulary = _vocabulary(field)
            if vocabulary is not None:
                body += nodes.bullet_list(
                    "",
                    *(nodes.list_item("", _prose(f"`{word}` {meaning}")) for word, meaning in vocabulary.words.items()),
                )
            body += field_example(docname=self.env.docname, kind=kind, path=path)
            definitions += nodes.definition_list_item("", head, body)
        names = nodes.paragraph("", "Columns for tables and queries: ", *_separated(columns(kind)), nodes.Text("."))
        return [nodes.paragraph("", KINDS[kind].__doc__ or ""), definitions, names]


def _prose(text: str) -> nodes.paragraph:
    """Return a paragraph in which what stands between backticks is code."""
    return nodes.paragraph("", "", *with_code(text))


def _separated(names: Iterable[str]) -> Iterator[nodes.Node]:
    for number, name in enumerate(names):
        if number:
            yield nodes.Text(", ")
        yield nodes.literal("", name)


class MissingReference(SphinxDirective):
    """Describe the words that stand for a missing value."""

    def run(self) -> list[nodes.Node]:
        return [_definitions({word: (meaning,) for word, meaning in ABSENT.items()})]


class DiagnosticsReference(SphinxDirective):
    """Describe every diagnostic: what it means and how to mend it. An error's code links to its entry."""

    def run(self) -> list[nodes.Node]:
        entries = nodes.definition_list()
        for code, said in CODES.items():
            name = anchor(code)
            head = nodes.term("", "", nodes.literal("", f"litreview.{code}"), ids=[name])
            body = nodes.definition("", _prose(said.meaning), _prose(f"To mend it: {said.remedy}"))
            if code in CERTAIN:
                body += _prose(f"`make check FIX=1` mends it where this holds: {CERTAIN[code]}")
            entries += nodes.definition_list_item("", head, body)
            # so that prose can link to it as to any heading: `[](#litreview-date-bad)`
            self.env.domains.standard_domain.note_hyperlink_target(name, self.env.docname, name, f"litreview.{code}")
        return [entries]


class DataReference(SphinxDirective):
    """Describe every file that the build writes for programs, field by field."""

    def run(self) -> list[nodes.Node]:
        from ..export.reference import parts  # loads every format

        found: list[nodes.Node] = []
        for part in parts():
            found += [
                nodes.rubric("", part.title),
                nodes.paragraph("", "", *with_code(part.holds)),
                _definitions({name: (meaning,) for name, meaning in part.fields}),
            ]
            if part.more:
                found.append(nodes.paragraph("", part.more))
        return found


class DataPromise(SphinxDirective):
    """Say what of the data files changes when."""

    def run(self) -> list[nodes.Node]:
        from ..export.reference import promise

        return [nodes.paragraph("", promise().holds), _definitions({name: (meaning,) for name, meaning in promise().fields})]


def with_code(text: str) -> list[nodes.Node]:
    """Return a text whose parts between backticks are code."""
    return [nodes.literal("", part) if number % 2 else nodes.Text(part) for number, part in enumerate(text.split("`"))]


def _definitions(entries: dict[str, tuple[str, ...]]) -> nodes.definition_list:
    items = [
        nodes.definition_list_item("", nodes.term("", "", nodes.literal("", name)), nodes.definition("", *map(_prose, texts)))
        for name, texts in entries.items()
    ]
    return nodes.definition_list("", *items)


def register(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("field-reference", FieldReference)
    app.add_directive("missing-reference", MissingReference)
    app.add_directive("data-reference", DataReference)
    app.add_directive("data-promise", DataPromise)
    app.add_directive("diagnostics-reference", DiagnosticsReference)
