"""The parts of a name as citations need them, read off the one line in which a work prints it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# What tells a group from a person: groups are cited under their whole name.
GROUP_WORDS = frozenset(
    "association authors center centre collaboration collective community company consortium contributors corporation foundation "  # noqa: SIM905
    "group initiative institute lab laboratory labs network organization project research team university workshop".split()
)
SUFFIXES = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"})
JOINING = frozenset({"y", "i", "e"})  # between the two surnames of Spanish, Catalan and Portuguese names
ARTICLES = frozenset({"De", "Del", "Della", "Di", "La", "Las", "Le", "Los", "Von"})  # with a capital they belong to the surname: Le Scao, De Freitas


@dataclass(frozen=True)
class Name:
    """A person's name in its parts, or a group's as a whole in `literal`."""

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def surname(self) -> str:
        """Return the family name with its particle, or the whole name of a group."""
        return self.literal or " ".join(filter(None, (self.particle, self.family)))


def _writes_family_first(name: str) -> bool:
    """Tell whether every letter of a name is Chinese, Japanese or Korean."""
    letters = [letter for letter in name if letter.isalpha()]
    return bool(letters) and all(unicodedata.name(letter, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL")) for letter in letters)


@lru_cache(maxsize=65_536)  # the same people write many papers, and several formats ask
def parse(text: str) -> Name:
    """Return the parts of a name written as `Given von Family`; what has no parts comes as it is.

    Particles are the lower-case words before the family name; written with a capital they are part of it. Names in Chinese,
    Japanese or Korean script have the family name first where a space parts them. A name with a word of `GROUP_WORDS`, or that
    starts with `The`, is a group's.
    """
    words = text.split()
    if len(words) < 2:
        return Name(family=text)
    if words[0] == "The" or any(re.sub(r"\W", "", word).lower() in GROUP_WORDS for word in words):
        return Name(literal=text)
    if _writes_family_first(text):
        return Name(words[0], " ".join(words[1:]))
    suffix = words.pop() if words[-1] in SUFFIXES and len(words) > 2 else ""
    start = len(words) - 1
    if len(words) > 3 and words[-2] in JOINING:
        start -= 2
    while start > 1 and words[start - 1] in ARTICLES:
        start -= 1
    first = start
    while first > 1 and words[first - 1][0].islower() and not words[first - 1].endswith("."):
        first -= 1
    if words[0][0].islower():  # who writes the whole name small has no particle
        first = start
    return Name(" ".join(words[start:]), " ".join(words[:first]), " ".join(words[first:start]), suffix)
