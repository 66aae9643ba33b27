"""Read the YAML that pages are written in, which is little of YAML, in a tenth of libyaml's time; leave all else to libyaml.

Lines of `key: value`, `key:` and `- value`; a value is plain text, a text in double quotes, or a flow collection that ends on
its line. Such a collection becomes JSON when its plain texts are quoted, and Python's JSON reader, which forgives nothing,
proves that it was well-formed. Whatever looks otherwise, if only by one sign, gives None; a test holds both readings equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from json import JSONDecoder
from typing import Any

# Their first signs are literals, so that the search skips what none of them begins with.
_LINE = re.compile(r"^( *)(- )?(?:([A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}):(?: +|$))?(.*)$", re.MULTILINE)
_QUOTED = r'"[^"\\\n]*(?:\\["\\][^"\\\n]*)*"'
_QUOTED_TEXT = re.compile(_QUOTED)
_PARTS = re.compile(rf"(\{{|\}}|\[|\]|,|:(?= )|\n|{_QUOTED}) *")
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@` ")  # what a plain text may not begin with


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key stands twice")
    return made


# What `raw_decode` calls: the value at a place in a text, and where it ends; StopIteration where there is none
_scan: Callable[[str, int], tuple[Any, int]] = JSONDecoder(object_pairs_hook=_unique).scan_once  # type: ignore[attr-defined]


def read_plain(block: str) -> dict[str, Any] | None:
    """Return the mapping that a block holds, every scalar as text; None where only libyaml can tell.

    The block holds no character that `frontmatter` refuses.
    """
    if "\t" in block or "\r" in block:
        return None
    if " \n" in block or block.endswith(" "):
        block = "\n".join([line.rstrip(" ") for line in block.split("\n")])
    try:
        return _read(block)
    except (ValueError, StopIteration, RecursionError):
        return None


def _read(block: str) -> dict[str, Any] | None:
    root: dict[str, Any] = {}
    holder: Any = root
    level = 0
    above: list[tuple[int, Any]] = []  # the levels and holders around
    waiting: tuple[dict[str, Any], str, int] | None = None  # a key whose value starts on the next line, and the key's level
    texts: list[str] = []
    collections: list[str] = []
    places: list[tuple[Any, Any]] = []  # of the collections
    for indent, dash, key, value in _LINE.findall(block):
        at = len(indent)
        if at == level and dash and value and not key and waiting is None and type(holder) is list and value[0] == "{":  # half of all lines: evidence
            places.append((holder, len(holder)))
            holder.append(None)
            collections.append(value)
            continue
        if not key and not value:
            if dash:
                return None
            continue
        if waiting is not None:
            holds, name, least = waiting
            if at < least or (at == least and not dash):
                return None
            above.append((level, holder))
            level = at
            holds[name] = holder = [] if dash else {}
            waiting = None
        else:
            while level > at or (not dash and level == at and type(holder) is list):
                if not above:
                    return None
                level, holder = above.pop()
            if level != at:
                return None
        if dash:
            if type(holder) is not list:
                return None
            where: Any = len(holder)
            if key:  # `- key: value` begins a mapping
                above.append((level, holder))
                level = at + 2
                begun: dict[str, Any] = {}
                holder.append(begun)
                holder = begun
                where = key
            else:
                holder.append(None)
        else:
            if not key or type(holder) is list or key in holder:
                return None
            where = key
        if not value:
            waiting = (holder, key, level)
            continue
        first = value[0]
        if first in "[{":
            collections.append(value)
            places.append((holder, where))
            holder[where] = None  # the keys' order
        elif first == '"':
            if not _QUOTED_TEXT.fullmatch(value):
                return None
            holder[where] = _scan(value, 0)[0] if "\\" in value else value[1:-1]
        else:
            texts.append(value)
            holder[where] = value
    if waiting is not None or not _are_plain(texts):
        return None
    if collections:
        read = _flow(collections)
        if read is None:
            return None
        for (holder, where), made in zip(places, read, strict=True):
            holder[where] = made
    return root


def _flow(collections: list[str]) -> list[Any] | None:
    whole = "\n".join(collections)
    parts = _PARTS.split(whole)  # plain texts, and between them signs or quoted texts
    texts = parts[0::2]
    joined = "\n".join(texts)
    if '"' in joined or "\\" in joined or "?" in joined or not _are_plain(texts):
        return None
    # Quotation marks around all texts, then away from those that are empty; a quoted text among signs has three on either side.
    lines = '"' + '"'.join(parts) + '"'
    if '\\""' not in whole and lines.count('"""') == whole.count('"') - whole.count('\\"'):
        lines = lines.replace('""', "")
    else:  # the same, slower, whatever stands where
        parts[0::2] = [f'"{text}"' if text else "" for text in texts]
        lines = "".join(parts)
    read = []
    for line in lines.split("\n"):
        made, end = _scan(line, 0)
        if end != len(line):
            return None
        read.append(made)
    return read if len(read) == len(collections) else None


def _are_plain(texts: list[str]) -> bool:
    """Tell whether YAML reads each of the texts as it stands; empty ones are no texts."""
    if not _INDICATORS.isdisjoint({text[0] for text in texts if text}):
        return False
    joined = "\n".join(texts) + "\n"
    return ": " not in joined and ":\n" not in joined and " #" not in joined and " \n" not in joined
