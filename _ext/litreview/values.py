"""The kinds of single values a field can have: how each is written, read, checked and described in JSON Schema.

YAML hands over every scalar as text, so `no`, `1.10`, `2401.00010` and `7B` arrive as they were typed; what they mean is
decided here and nowhere else. Values come out as plain JSON: text, numbers, and small mappings for approximate amounts.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from .diagnostics import shorten, suggest

if TYPE_CHECKING:
    from pydantic_core import PydanticCustomError
    from pydantic_core.core_schema import CoreSchema, ValidatorFunctionWrapHandler

NOT_STATED = "not-stated"
NONE = "none"
PER_SOURCE = "per-source"
ABSENT = {
    NOT_STATED: "Somebody read the places where it would stand, and they are silent.",
    NONE: "There is none.",
    PER_SOURCE: "Each part keeps the licence of the source it came from.",
}


def is_absent(value: Any) -> bool:
    """Tell whether a value is one of the words for a missing one."""
    return isinstance(value, str) and value in ABSENT


# What people write when they mean one of the two words above.
_LOOSE_ABSENT = {
    "not stated": NOT_STATED, "not_stated": NOT_STATED, "unstated": NOT_STATED, "unknown": NOT_STATED, "unspecified": NOT_STATED,
    "undisclosed": NOT_STATED, "n/a": NONE, "null": NONE, "nothing": NONE, "unreleased": NONE, "not-released": NONE,
}  # fmt: skip


def fault(code: str, message: str, suggestion: str = "") -> PydanticCustomError:
    """Return the error that pydantic reports for a value; its type is the diagnostic's code."""
    from pydantic_core import PydanticCustomError  # a review without faults never needs it

    return PydanticCustomError(code, "{text}", {"text": message, "suggestion": suggestion})


class Scalar:
    """Read one kind of value from text; subclasses say how."""

    name: ClassVar[str]
    numeric: ClassVar[bool] = False

    def parse(self, text: str) -> Any:
        """Return the value that `text` stands for, or raise `fault`."""
        return text

    def json_schema(self) -> dict[str, Any]:
        """Describe the parsed value in JSON Schema."""
        return {"type": "string"}

    def read(self, value: Any) -> Any:
        """Return the value that stands for what YAML gave, or raise `fault`."""
        if not isinstance(value, str):
            shape = "a list" if isinstance(value, list) else "a mapping"
            raise fault("value-type", f"expected {self.name}, found {shape}")
        if not value.strip():
            raise fault("field-empty", f"has no value; expected {self.name}")
        return self.parse(value)

    # The two methods pydantic looks for on metadata inside Annotated[…].
    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return self.json_schema()


@dataclass(frozen=True)
class Text(Scalar):
    """Read free text; line breaks and runs of spaces become one space."""

    name: ClassVar[str] = "text"

    def parse(self, text: str) -> str:
        return " ".join(text.split())


@dataclass(frozen=True)
class PersonName(Text):
    """Read one person's or group's name, as the work prints it."""

    name: ClassVar[str] = "one name"

    def parse(self, text: str) -> str:
        if re.search(r",\s|;|\band\b", text):
            raise fault("value-type", f"'{shorten(text)}' holds more than one name or a surname first; expected one name a list item")
        return super().parse(text)


@dataclass(frozen=True)
class Pattern(Scalar):
    """Read an identifier of a fixed form."""

    what: str
    pattern: str
    example: str

    @property
    def name(self) -> str:  # type: ignore[override]
        return f"{self.what} such as {self.example}"

    def parse(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise fault("identifier-bad", f"'{shorten(text)}' is not {self.name}")
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^(?:{self.pattern})$", "examples": [self.example]}


ARXIV = Pattern("an arXiv id", r"[0-9]{4}\.[0-9]{4,5}(?:v[0-9]+)?|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7}(?:v[0-9]+)?", "2305.11206")
DOI = Pattern("a DOI", r"10\.[0-9]{4,9}/[^\s\"<>]+", "10.18653/v1/2023.acl-long.754")
ANTHOLOGY = Pattern("an ACL Anthology id", r"[A-Z][0-9]{2}-[0-9]{4}|[0-9]{4}\.[a-z0-9_]+-[a-z0-9]+\.[0-9]+", "2023.acl-long.754")
OPENREVIEW = Pattern("an OpenReview forum id", r"[A-Za-z0-9_-]{6,20}", "9Vrb9D0WI4")
LANGUAGE = Pattern("a BCP 47 language code", r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", "en")
LABEL = Pattern("a label", r"[A-Za-z0-9][A-Za-z0-9_.+-]*", "seeds")
SPDX = Pattern("a licence name", r"[A-Za-z0-9][A-Za-z0-9.+-]*", "CC-BY-NC-4.0")

ID_PATTERN = r"[a-z0-9]+(?:[.-][a-z0-9]+)*"


@dataclass(frozen=True)
class Url(Scalar):
    """Read a web address; only http and https, so that no link can run a script or read a file."""

    name: ClassVar[str] = "a web address (http or https)"
    _pattern: ClassVar[re.Pattern[str]] = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?(?:[/?#][^\s<>\"'`{}|\\^]*)?")

    def parse(self, text: str) -> str:
        if not self._pattern.fullmatch(text):
            bare = f"https://{text}"
            hint = bare if "://" not in text and ":" not in text.split("/")[0] and self._pattern.fullmatch(bare) else ""
            raise fault("url-bad", f"'{shorten(text)}' is not {self.name}", hint)
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "uri", "pattern": "^https?://"}


def check_date(text: str) -> bool:
    """Tell whether `text` is a year, a month or a day that exists."""
    if not re.fullmatch(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", text, re.ASCII):
        return False
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_MONTH = r"(?P<name>[A-Za-z]{3,9})\.?"
_DATES = (
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})(?:[-/. ](?P<day>\d{1,2}))?",
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -])?{_MONTH},?[ -](?P<year>\d{{4}})",
    rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
)


def date_meant(text: str) -> str:
    """Return the date that a text means, where it can mean one only; 03/04/2023 can mean two."""
    for pattern in _DATES:
        match = re.fullmatch(pattern, text.strip(), re.ASCII)
        if match is None:
            continue
        parts = match.groupdict()
        name = (parts.get("name") or "").lower()
        meant = [number for number, month in enumerate(_MONTHS, start=1) if name and (month.startswith(name) or name == "sept" == month[:4])]
        if name and len(meant) != 1:
            return ""
        month = meant[0] if name else int(parts["month"])
        found = f"{parts['year']}-{month:02}" + (f"-{int(parts['day']):02}" if parts.get("day") else "")
        return found if check_date(found) else ""
    return ""


@dataclass(frozen=True)
class Date(Scalar):
    """Read a date of year, month or day precision; the precision is kept."""

    name: ClassVar[str] = "a date (2023, 2023-03 or 2023-03-13)"

    def parse(self, text: str) -> str:
        if not check_date(text):
            raise fault("date-bad", f"'{shorten(text)}' is not {self.name}", date_meant(text))
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}


@dataclass(frozen=True)
class Period(Scalar):
    """Read a date, or a first and a last date with a slash between them."""

    name: ClassVar[str] = "a date or a period (2023-02/2023-03)"

    def parse(self, text: str) -> str:
        ends = text.split("/")
        if len(ends) > 2 or not all(map(check_date, ends)):
            said = [date_meant(text)] if date_meant(text) else [date_meant(end) for end in re.split(r"\s*(?:/|–|—|\bto\b)\s*|\s+-\s+", text)]
            raise fault("date-bad", f"'{shorten(text)}' is not {self.name}", "/".join(said) if len(said) <= 2 and all(said) else "")
        if len(ends) == 2 and ends[0][: len(ends[1])] > ends[1]:
            raise fault("range-swapped", f"the period '{text}' ends before it starts", f"{ends[1]}/{ends[0]}")
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?(/\d{4}(-\d{2}(-\d{2})?)?)?$"}


LARGEST = 1e18  # no corpus has as many tokens; larger numbers are slips, and floats beyond it are not exact


def _number(text: str) -> int | float | None:
    match = re.fullmatch(r"\d{1,18}(?:\.\d{1,6})?(?:[eE]\+?\d{1,2})?", text, re.ASCII)
    value = float(text) if match else 0.0
    if not match or value >= LARGEST:
        return None
    return int(text) if text.isdigit() else int(value) if value == int(value) else value


@dataclass(frozen=True)
class Amount(Scalar):
    """Read a number: exact, approximate (`~52000`), a range (`193000..200000`), or open at one end (`60..`, `..500`)."""

    name: ClassVar[str] = "an amount (52002, ~52000, 193000..200000, 60.., ..500)"
    numeric: ClassVar[bool] = True

    def parse(self, text: str) -> int | float | dict[str, int | float]:
        exact = _number(text)
        if exact is not None:
            return exact
        if text.startswith("~"):
            about = _number(text[1:])
            if about is not None:
                return {"about": about}
        if ".." in text:
            low_text, _, high_text = text.partition("..")
            low, high = _number(low_text), _number(high_text)
            if (low is not None or not low_text) and (high is not None or not high_text) and (low_text or high_text):
                if low is not None and high is not None and low > high:
                    raise fault("range-swapped", f"the range '{text}' ends below its start", f"{high_text}..{low_text}")
                ends = {"min": low, "max": high}
                return {end: number for end, number in ends.items() if number is not None}
        raise fault("number-bad", f"'{shorten(text)}' is not {self.name}", self._guess(text))

    @staticmethod
    def write(value: Any) -> str:
        """Return an amount as pages write it; `parse` reads it back."""
        if not isinstance(value, Mapping):
            return str(value)
        if "about" in value:
            return f"~{value['about']}"
        return f"{value.get('min', '')}..{value.get('max', '')}"

    @staticmethod
    def _guess(text: str) -> str:
        """Return how a number written for people (`52K`, `52,002`, `2.58M`) is written here."""
        if re.fullmatch(r"\d{1,3}(?:[, _]\d{3})+", text, re.ASCII):
            return re.sub(r"[, _]", "", text)
        match = re.fullmatch(r"(~?)\s*(\d{1,9}(?:\.\d{1,6})?)\s*([KkMmBbTt])", text, re.ASCII)
        if not match:
            return ""
        scale = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}[match[3].lower()]
        return f"~{round(float(match[2]) * scale)}"

    def json_schema(self) -> dict[str, Any]:
        number = {"type": "number", "minimum": 0}
        return {
            "anyOf": [
                number,
                {"type": "object", "properties": {"about": number}, "required": ["about"], "additionalProperties": False},
                {"type": "object", "properties": {"min": number, "max": number}, "minProperties": 1, "additionalProperties": False},
            ]
        }


@dataclass(frozen=True)
class Word(Scalar):
    """Read one word of a vocabulary: each word with its meaning."""

    vocabulary: str
    words: Mapping[str, str]

    @property
    def name(self) -> str:  # type: ignore[override]
        return "one of " + ", ".join(self.words)

    def parse(self, text: str) -> str:
        if text not in self.words:
            raise fault("word-unknown", f"'{shorten(text)}' is not {self.name}", suggest(text, self.words))
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}

    def __hash__(self) -> int:
        return hash(self.vocabulary)


@dataclass(frozen=True)
class Reference(Scalar):
    """Read the id of another record of one of `kinds`, with a variant after a slash where `variant` is set."""

    kinds: tuple[str, ...]
    variant: bool = False

    @property
    def name(self) -> str:  # type: ignore[override]
        return f"the id of a page in {', '.join(kind + 's/' for kind in self.kinds)}" + (", with a size: llama/7B" if self.variant else "")

    def parse(self, text: str) -> str:
        if not re.fullmatch(ID_PATTERN + (r"(?:/[^\s/]+)?" if self.variant else ""), text):
            raise fault("identifier-bad", f"'{shorten(text)}' is not {self.name}")
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "description": f"Names {self.name}."}


@dataclass(frozen=True)
class LicenseName(Scalar):
    """Read the exact spelling of a licence, as its page's `spdx` has it."""

    name: ClassVar[str] = "a licence as its page spells it, such as CC-BY-NC-4.0"

    def parse(self, text: str) -> str:
        if not re.fullmatch(SPDX.pattern, text):
            raise fault("identifier-bad", f"'{shorten(text)}' is not {self.name}")
        return text


@dataclass(frozen=True)
class Absent:
    """Let a field say `not-stated`, `none` or `per-source` instead of a value."""

    words: tuple[str, ...] = (NOT_STATED, NONE)

    def holds(self, text: str) -> bool:
        """Tell whether a text is one of the words; raises `fault` where it is what people write for one of them."""
        if text in self.words:
            return True
        meant = _LOOSE_ABSENT.get(text.strip().lower())
        if meant in self.words:
            raise fault("value-type", f"'{shorten(text)}' is no value", meant)
        return False

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        from pydantic_core import core_schema

        def read(value: Any, inner: ValidatorFunctionWrapHandler) -> Any:
            return value if isinstance(value, str) and self.holds(value) else inner(value)

        return core_schema.no_info_wrap_validator_function(read, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [handler(schema), {"enum": list(self.words)}]}
