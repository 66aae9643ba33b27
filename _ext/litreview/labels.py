"""Labels in drawings: names wrapped to lines, how wide they are, and texts as XML can hold them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import escape

FONT = 12.0  # px
_LABEL = 168.0  # the widest line of a label: about 24 characters
_ONE_LINE = 125.0  # wider labels are wrapped where they can be


def wrapped(name: str) -> list[str]:
    """Return a name as one line or two, shortened where it is still too long."""
    name = " ".join(name[:200].split())
    if text_width(name) <= _ONE_LINE:
        return [name]
    breaks = [match.end() for match in re.finditer(r"\s|(?<=\w)-(?=\w)|(?<=\w)/(?=\w)", name)]
    if not breaks:
        return [_shortened(name)]
    best = min(breaks, key=lambda at: (max(text_width(name[:at].rstrip()), text_width(name[at:])), at))
    return [_shortened(name[:best].rstrip()), _shortened(name[best:])]


def _shortened(line: str) -> str:
    if text_width(line) <= _LABEL:
        return line
    while line and text_width(line + "…") > _LABEL:
        line = line[:-1]
    return line.rstrip() + "…"


def text_width(text: str) -> float:
    """Return how wide a text is at most in the fonts that pages are shown in, in px; nothing here can measure letters."""
    return FONT * sum(map(_em, text))


def _em(char: str) -> float:
    if char.isascii():
        if char in " .,:;'|!()[]/\\-Iijlftr":
            return 0.42
        if char in "mwMW@%&Q+=<>~":
            return 1.0
        return 0.76 if char.isupper() else 0.65
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF" or unicodedata.category(char) == "So":
        return 1.25
    return 0.65 if char.islower() else 1.0


_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Return a text without the characters that no XML may hold, and without those that turn the direction of what follows."""
    return _NO_XML.sub("\ufffd", text).strip()


@lru_cache(maxsize=4096)
def escaped(text: str) -> str:
    """Return a text as it stands in XML, in an element or an attribute."""
    return escape(clean(text), quote=True)
