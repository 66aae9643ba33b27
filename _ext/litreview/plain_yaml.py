"""Read the YAML that pages are written in, which is little of YAML, in a fraction of libyaml's time; leave all else to libyaml.

Lines of `key: value`, `key:` and `- value`; a value is plain text, a text in double quotes, or a flow collection that ends on
its line. Such a collection becomes JSON when its plain texts are quoted, and Python's JSON reader, which forgives nothing,
proves that it was well-formed. Whatever looks otherwise, if only by one sign, gives None; a test holds both readings equal.
"""

from __future__ import annotations

import json
import re
from typing import Any

# One line, or as many as follow each other with a flow mapping each; never read in two ways, so without a way back (a second `+`).
_LINE = re.compile(r"^( *+)(?:- (\{.*+(?:\n\1- \{.*+)*+)|(- )?+(?:([A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}+):(?: ++|$))?(.*+))$", re.MULTILINE)
_QUOTED_TEXT = re.compile(r'"[^"\\\n]*(?:\\["\\][^"\\\n]*)*"')
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@` ")  # what a plain text may not begin with
_WIDE_SPACES = [*"\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000", *map(chr, range(0x2000, 0x200B))]  # all that are not ASCII, for `split`
# In a flow collection whose texts have been quoted: a text that begins with an indicator
_INDICATED = re.compile(r"\"(?:[-&*!|>'%@`# ]|[:,](?! ))")


def read_plain(block: str) -> tuple[dict[str, Any], bool] | None:
    """Return the mapping that a block holds, every scalar as text, and whether no text is empty or has spaces to spare; None where only libyaml can tell.

    The block holds no character that `frontmatter` refuses.
    """
    if "\t" in block or "\r" in block:
        return None
    texts: list[str] = []
    values = _read_safely(block, texts)
    if values is None and (" \n" in block or block.endswith(" ")):  # asked only now: it takes as long as all other questions together
        values = _read_safely("\n".join([line.rstrip(" ") for line in block.split("\n")]), texts := [])
    if values is None:
        return None
    spare = "  " in f" {' '.join(texts)} "  # within a text, where two meet, or around an empty one
    return values, not spare and not may_have_wide_spaces(block)


def may_have_wide_spaces(text: str) -> bool:
    """Tell whether a text has spaces that YAML takes for letters."""
    return not text.isascii() and any(sign in text for sign in _WIDE_SPACES)


def _read_safely(block: str, all_texts: list[str]) -> dict[str, Any] | None:
    try:
        return _read(block, all_texts)
    except (ValueError, RecursionError):
        return None


def _read(block: str, all_texts: list[str]) -> dict[str, Any] | None:
    """Return what a block holds; its texts are added to the list, but for plain ones in flow collections, which have no spaces to spare."""
    root: dict[str, Any] = {}
    holder: Any = root
    level = 0
    above: list[tuple[int, Any]] = []  # the levels and holders around
    waiting: tuple[dict[str, Any], str, int] | None = None  # a key whose value starts on the next line, and the key's level
    texts: list[str] = []
    collections: list[str] = []
    places: list[tuple[Any, Any, int]] = []  # of the collections: holder, where in it, how many
    for indent, run, dash, key, value in _LINE.findall(block):
        at = len(indent)
        if run:
            dash = run
        elif not key and not value:
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
            if run:
                entries = run.split(f"\n{indent}- ")
                collections += entries
                places.append((holder, where, len(entries)))
                holder += entries
                continue
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
        if first not in _INDICATORS:
            texts.append(value)
            holder[where] = value
        elif value in ("[]", "{}"):
            holder[where] = [] if value == "[]" else {}
        elif first in "[{":
            collections.append(value)
            places.append((holder, where, 1))
            holder[where] = None  # the keys' order
        elif first == '"':
            if not _QUOTED_TEXT.fullmatch(value):
                return None
            holder[where] = text = json.loads(value) if "\\" in value else value[1:-1]
            all_texts.append(text)
        else:
            return None
    if waiting is not None or not _are_plain(texts):
        return None
    all_texts += texts
    if collections:
        read = _flow(collections, all_texts)
        if read is None:
            return None
        start = 0
        for holder, where, count in places:
            if count == 1:
                holder[where] = read[start]
            else:
                holder[where : where + count] = read[start : start + count]
            start += count
    return root


def _flow(collections: list[str], all_texts: list[str]) -> list[Any] | None:
    whole = "\n".join(collections)
    escaped = "\\" in whole
    if escaped:  # as signs that no page may hold
        whole = whole.replace("\\\\", "\1").replace('\\"', "\2")
        if "\\" in whole:
            return None
    parts = whole.split('"')
    all_texts += parts[1::2]
    around = "\0".join(parts[::2])  # plain texts and signs, with a mark for each quoted text
    # One sign is found in a tenth of the time that two take
    if "?" in around or "\1" in around or "\2" in around or ("#" in around and " #" in around) or around.count(",") != around.count(", "):
        return None
    if " ," in around or " ]" in around or " }" in around or " :" in around:
        return None
    # Quotation marks on both sides of what stands between signs, then away from those that stand outside of brackets or around nothing.
    # There are none in it yet, so a mark between two is a quoted text by itself, and a text with a bracket in it becomes what no JSON is.
    lines = around.replace(", ", '", "').replace(": ", '": "')
    lines = lines.replace("[", '["').replace("{", '{"').replace("]", '"]').replace("}", '"}')
    lines = lines.replace('"[""]"', "[]").replace('"{""}"', "{}").replace('"[', "[").replace('"{', "{").replace(']"', "]").replace('}"', "}")
    if '""' in lines or ':"' in lines or "  " in lines or ("<" in lines and '"<<"' in lines) or _INDICATED.search(lines):
        return None
    keys = lines.count('": ')
    pieces = lines.split('"\0"')
    if len(pieces) != len(parts[::2]) or len(parts) % 2 == 0:
        return None
    parts[::2] = pieces
    text = '"'.join(parts)
    if escaped:
        text = text.replace("\1", "\\\\").replace("\2", '\\"')
    # A number between two collections: nothing else gives one, so where they stand in turn each collection ends with its line.
    read: list[Any] = json.loads("[" + text.replace("\n", ",0,") + "]")
    if len(read) != 2 * len(collections) - 1 or read[1::2].count(0) != len(collections) - 1:
        return None
    read = read[::2]
    return read if keys == _keys(read, lines.count("{")) else None


def _keys(values: list[Any], mappings: int) -> int:
    """Return how many keys the mappings in some values have, so many mappings in all; fewer than were written where a key stood twice."""
    outer = [len(value) for value in values if type(value) is dict]
    if len(outer) == mappings:
        return sum(outer)
    return sum(map(_keys_within, values))


def _keys_within(value: Any) -> int:
    if type(value) is str:
        return 0
    return len(value) + sum(map(_keys_within, value.values())) if type(value) is dict else sum(map(_keys_within, value))


def _are_plain(texts: list[str]) -> bool:
    """Tell whether YAML reads each of the texts as it stands; none begins with an indicator."""
    joined = "\n".join(texts) + "\n"
    return ": " not in joined and ":\n" not in joined and " \n" not in joined and ("#" not in joined or " #" not in joined)
