"""Read a page's evidence, which is half of its facts, with one pattern made from the declaration; leave all else to `plain_yaml`.

Evidence stands last in a block, an entry on each line with its fields in the declared order: `  - {for: [a, b], in: c, at: "d"}`.
Whatever is written otherwise, if only in one entry, gives None.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from .plain_yaml import may_have_wide_spaces
from .specification import Field

_START = "\nevidence:\n"
# What YAML reads as it stands, without spaces at its ends. Nothing in it can be read in two ways, so the pattern never goes back (a second `+`).
_WORD = "[A-Za-z0-9][A-Za-z0-9_./+-]*+"
_WORDS = rf"\[{_WORD}(?:, {_WORD})*+\]|{_WORD}"
_TEXT = r'"(?! )(?:[^"\\\n]++|\\["\\])++(?<! )"|[A-Za-z0-9][^\n"\[\]{},:#?]*+(?<! )'

Read = Callable[[str], Any]
Column = tuple[str, ...]  # one field of all entries; an empty text where an entry lacks it


def divide(block: str) -> tuple[str, str]:
    """Return what stands before a block's evidence, and the evidence's lines; none where it does not stand last."""
    before, start, lines = block.rpartition(_START)
    return (before, lines) if start else (block, "")


def entries_reader(entry: Field, read: Callable[[Field], Read]) -> Callable[[str], list[dict[str, Any]] | None]:
    """Return what gives the entries that lines hold, or None; `read` gives what reads a field's tidy text, which may raise ValueError."""
    pattern = ""
    columns: list[tuple[str, Callable[[Column], list[Any]]]] = []
    for name, field in entry.fields.items():
        written = f"{', ' if pattern else ''}{name}: ({_TEXT if field.item is None else _WORDS})"
        pattern += written if field.about.required else f"(?:{written})?"
        columns.append((name, _texts(read(field)) if field.item is None else _lists(read(field.item))))
    find = re.compile(rf"^  - \{{{pattern}\}}$", re.MULTILINE).findall

    def read_entries(lines: str) -> list[dict[str, Any]] | None:
        if "\t" in lines or "\r" in lines or may_have_wide_spaces(lines):
            return None
        found = find(lines)
        if len(found) != lines.count("\n") + 1 or lines.count("  ") != len(found):  # two spaces together only before each entry
            return None
        entries: list[dict[str, Any]] = [{} for _ in found]
        for (name, values), column in zip(columns, zip(*found, strict=True), strict=True):
            if any(column):
                for one, text, value in zip(entries, column, values(column), strict=True):
                    if text:
                        one[name] = value
        return entries

    return read_entries


# A field that takes any text has `str` for what reads it, which need not be called.
def _lists(read: Read) -> Callable[[Column], list[Any]]:
    def values(column: Column) -> list[Any]:
        # A list that `split` makes has room for twelve members; its copy has not
        lists = [[*text[1:-1].split(", ")] if ", " in text else [text.strip("[]")] for text in column]
        return lists if read is str else [list(map(read, texts)) for texts in lists]

    return values


def _texts(read: Read) -> Callable[[Column], list[Any]]:
    def values(column: Column) -> list[Any]:
        if "\\" in "".join(column):
            texts = [json.loads(text) if text[:1] == '"' else text for text in column]
        else:
            texts = [text[1:-1] if text[:1] == '"' else text for text in column]
        return texts if read is str else [text and read(text) for text in texts]

    return values
