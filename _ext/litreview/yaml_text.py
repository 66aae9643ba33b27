"""YAML as text: write single values the way a person would, and tell text from comments."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from . import frontmatter

_BARE = re.compile(r"(?:~(?=\d))?[A-Za-z0-9](?:[\w ()./+-]*[\w)])?")


def quoted(value: str) -> str:
    """Return a text bare where YAML reads it as it stands, else in double quotes as in JSON."""
    return value if _BARE.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def flow(value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return quoted(str(value))


def lines_of_text(block: str) -> set[int]:
    """Return the lines (from 0) inside values that go over several lines: a `#` there is text."""
    inside: set[int] = set()
    try:
        for event in yaml.parse(block, Loader=frontmatter.Loader):
            start, end = event.start_mark, event.end_mark
            if isinstance(event, yaml.ScalarEvent) and start and end and end.line > start.line:
                inside |= set(range(start.line + 1, end.line + (end.column > 0)))
    except (yaml.YAMLError, ValueError):
        return set(range(block.count("\n") + 1))  # not readable: leave it all
    return inside
