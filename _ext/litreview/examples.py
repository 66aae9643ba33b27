"""An example of each field, from a real page: the first page that has a short one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .diagnostics import shorten
from .specification import paths, specification, walk
from .yaml_text import flow

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page

SHORT = 90  # characters; what is longer is shown cut


class Example(NamedTuple):
    """A field as one page writes it."""

    page: Page
    text: str


def examples(corpus: Corpus, kind: str) -> dict[str, Example]:
    """Return an example for each path of a kind's schema that some page has a value for."""
    found: dict[int, Example] = {}
    for page in corpus.of_kind(kind):
        for node in walk(kind, page.record, proof=True):
            if node.field.fields or (node.field.item is not None and node.field.item.fields):
                continue  # its parts have examples of their own
            known = found.get(id(node.field))
            absent = node.field.absent is not None and node.value in node.field.absent.words if isinstance(node.value, str) else False
            if absent or (known is not None and len(known.text) <= SHORT):
                continue
            text = f"{node.field.name}: {flow(_as_written(node.value))}"
            if known is None or len(text) < len(known.text):
                found[id(node.field)] = Example(page, text)
    named = {path: found[id(field)] for path, field in paths(specification(kind)) if id(field) in found}
    return {path: Example(example.page, shorten(example.text, SHORT + 10)) for path, example in named.items()}


def _as_written(value: Any) -> Any:
    """Return an amount as a page writes it; anything else as it is."""
    if isinstance(value, dict) and set(value) <= {"about", "min", "max"}:
        return f"~{value['about']}" if "about" in value else f"{value.get('min', '')}..{value.get('max', '')}"
    return value
