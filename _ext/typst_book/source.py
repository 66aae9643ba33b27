"""Typst source from text and values: whatever a document says stays text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

# What Typst would read as markup anywhere in a line. Everything else is special only at the start of a piece of text: it could
# continue the code before it, or begin a heading or a list.
_SPECIAL = re.compile(r"""[\\`*_#$@<>\[\]~"'/=+-]|^[!-/:-@\[-`{-~]|(?<=\d)\.|\.(?=\.)|(?<=\.)\.""")
_SPACE = re.compile("[ \t\n\r\v\f\x85\u2028\u2029]+")
# No font and no PDF can show these; U+FEFF and the controls of direction are invisible, and the first is not allowed in a PDF.
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\ufeff\u202a-\u202e\u2066-\u2069]")
BREAK = "\u200b"  # a place where a line may end


class Code(str):
    """Typst code, which `value` leaves as it is."""


def clean(text: str) -> str:
    """Return a text without what no PDF may hold: a replacement character stands for it."""
    return _INVISIBLE.sub("", _UNPRINTABLE.sub("\ufffd", str(text)))


def markup(text: str) -> str:
    """Return Typst markup that shows a text as it is; runs of white space are one space, as in any paragraph."""
    return _SPECIAL.sub(r"\\\g<0>", _SPACE.sub(" ", clean(text)))


def string(text: str) -> str:
    """Return a Typst string literal; white space in it counts."""
    escaped = clean(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub("[\t\n\r\v\f\x85\u2028\u2029]", lambda found: f"\\u{{{ord(found[0]):x}}}", escaped) + '"'


def value(given: Any) -> str:
    """Return Python data as Typst code: texts as strings, dictionaries with their keys, lists as arrays."""
    if isinstance(given, Code):
        return str(given)
    if given is None:
        return "none"
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, (int, float)):
        return str(given)
    if isinstance(given, str):
        return string(given)
    if isinstance(given, Mapping):
        return f"({', '.join(f'{string(str(key))}: {value(item)}' for key, item in given.items()) or ':'})"
    if isinstance(given, Sequence):
        return f"({''.join(f'{value(item)}, ' for item in given)})"
    raise TypeError(f"Typst has no {type(given).__name__}")


def arguments(**given: Any) -> str:
    """Return named arguments of a call; those that are None are left out."""
    return ", ".join(f"{name.replace('_', '-')}: {value(item)}" for name, item in given.items() if item is not None)


def breakable(text: str, longest: int) -> str:
    """Return a text in which every word of more than `longest` characters may be broken.

    It is broken after the signs that addresses and identifiers are joined with, and where there are none, anywhere.
    """

    def allow(found: re.Match[str]) -> str:
        word = re.sub(r"(?<=[^\W_])([/_.:?&=#@,;\\|+-]+)(?=[^\W_])", rf"\1{BREAK}", found[0])
        return BREAK.join(_pieces(part, longest) for part in word.split(BREAK))

    return re.sub(rf"\S{{{longest + 1},}}", allow, text)


def _pieces(word: str, longest: int) -> str:
    """Cut what is still too long; never before a sign that belongs to the letter before it."""
    if len(word) <= longest * 1.5:
        return word
    parts, start = [], 0
    for index in range(len(word)):
        if index - start >= longest and not unicodedata.combining(word[index]) and unicodedata.category(word[index]) not in ("Cf", "Sk", "Mn", "Mc"):
            parts.append(word[start:index])
            start = index
    return BREAK.join([*parts, word[start:]])
