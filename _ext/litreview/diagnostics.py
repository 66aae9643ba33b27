"""What can be wrong with a page, said once: the codes, and the one form in which a fault is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import NamedTuple


class Code(NamedTuple):
    """Describe one kind of fault: what it means, and how to mend it."""

    meaning: str
    remedy: str


# The only declaration of the codes: the messages, the tests and the page of diagnostics read it.
CODES: dict[str, Code] = {
    # The page as text
    "page-unreadable": Code("The file cannot be read.", "Check that it exists, and its permissions."),
    "page-linked": Code("A page is a symbolic link, so the build would show a file from elsewhere.", "Put a file with the page's text there."),
    "page-too-large": Code("The file is too long for a page.", "Shorten it; a page holds one record's facts and some paragraphs."),
    "text-encoding": Code("The file is not UTF-8 text.", "Save it as UTF-8."),
    "character-forbidden": Code(
        "The page holds a character that cannot be seen and changes how text reads (control, zero-width, bidirectional override).",
        "Delete it; the message gives its code point.",
    ),
    "front-matter-missing": Code(
        "A page in papers/, models/, licenses/ or sources/ does not start with a block of facts.",
        "Start the file with a line `---`, the facts, and another line `---`.",
    ),
    "front-matter-unclosed": Code("The block of facts has no end.", "Close it with a line `---`."),
    "front-matter-not-mapping": Code("The block of facts is not a list of `field: value` lines.", "Write one field a line, as `field: value`."),
    "yaml-syntax": Code("The block of facts is not valid YAML.", "Quote values with `: ` or `#` in them; indent with spaces."),
    "yaml-refused": Code(
        "Anchors, aliases, tags and merge keys are refused: they make small files huge, and nobody needs them here.",
        "Write the value out.",
    ),
    "yaml-too-large": Code(
        "The block of facts is too long or too deep, or it has too many values, or more faulty ones than are told.",
        "Shorten it, because long text belongs in the body; of thousands of faults, mend those that are told and check again.",
    ),
    "key-duplicate": Code("A key stands twice in one mapping, so one value would be lost.", "Keep one of them."),
    "heading-one": Code("The body has a first-level heading; the page's title is made from `title`.", "Start the body's headings at `##`."),
    # One field
    "field-unknown": Code("There is no field of this name here.", "Check its spelling and its indentation."),
    "field-missing": Code("A field that every page of this kind needs is missing.", "Add it."),
    "field-empty": Code("The field has no value.", "Give it one, or take the line out: left out means nobody has looked."),
    "value-type": Code("The value has the wrong shape.", "The message says what is expected."),
    "word-unknown": Code("The value is not a word of this field's vocabulary.", "Use one of its words; the field reference explains them."),
    "number-bad": Code("The value is not an amount.", "Write digits only: 52002, ~52000, 193000..200000, 60.. or ..500."),
    "date-bad": Code("The value is not a date.", "Write 2023, 2023-03 or 2023-03-13; a period as 2023-02/2023-03."),
    "url-bad": Code("The value is not a web address.", "Write a whole address with http:// or https://."),
    "identifier-bad": Code("The value is not an identifier of this kind.", "The message shows the form."),
    "range-swapped": Code("A range ends before it starts.", "Swap its ends."),
    # Between fields of a page
    "author-duplicate": Code("An author is given twice.", "Delete one."),
    "member-duplicate": Code("A list has the same entry twice.", "Delete one."),
    "count-order": Code("Counts contradict each other: there are fewer instances than instructions.", "Check both in the source."),
    "benchmark-unknown": Code("A result is on a benchmark that `evaluation.benchmarks` does not list.", "List it, or mend the spelling."),
    "evidence-field": Code("Evidence is for a field that does not exist or has no value.", "Point it at a field of this page."),
    "evidence-reference": Code("Evidence names no reference, or one that the page does not list.", "Add it to `references`, or mend `in`."),
    "evidence-place": Code("Evidence does not say where in the document it stands.", "Add `at`: a section, table, page, file or heading."),
    "quote-long": Code("A quotation is longer than 20 words.", "Cut it to the words that prove the value."),
    "not-stated-unsearched": Code(
        "A field says `not-stated` and no evidence names the place that was searched.",
        "Add evidence with `in` and `at` and no quote, or leave the field out if nobody looked.",
    ),
    "not-stated-unread": Code(
        "A field says `not-stated`, and the document that was searched was read only in part.",
        "Read all of it, or leave the field out.",
    ),
    "reference-unused": Code("A reference is listed and no evidence uses it.", "Use it or delete it."),
    "correction-field": Code("A correction is about a field that this page does not have.", "Point it at a field of this page."),
    # What a page's text may do
    "directive-forbidden": Code("A directive stands on a page where it is not allowed.", "Write it in Markdown, or use one that the message lists."),
    "role-forbidden": Code("A role stands on a page where it is not allowed.", "Write it in Markdown, or use one that the message lists."),
    "html-forbidden": Code("A page holds HTML.", "Write Markdown; a `<` that is meant as such is written `\\<`, or stands in a code span."),
    "markup-forbidden": Code("A page holds a kind of markup that is not allowed.", "Write plain Markdown."),
    "link-forbidden": Code(
        "A link leads to a script, to data, to a file, or out of the review.", "Link to http or https addresses, to pages by their file, or to `#id`."
    ),
    "image-forbidden": Code(
        "An image comes from elsewhere, or is of a kind that can hold scripts.", "Put the image beside the page, as PNG, JPEG, GIF or WebP."
    ),
    "setting-forbidden": Code("The block before a chapter's text has a setting that is not allowed.", "Delete it; the message lists the allowed ones."),
    # Between pages
    "id-bad": Code("A file name is not a valid id.", "Use lower-case letters, digits, dots and hyphens: `super-naturalinstructions.md`."),
    "id-duplicate": Code("Two pages have one id.", "Rename one of them: an id names one page in the whole review."),
    "short-duplicate": Code("Two pages of one kind have one short name.", "Make them different."),
    "record-unknown": Code("The value names a page that does not exist.", "Mend the id, or add the page."),
    "part-unknown": Code("`parts` names a source that the upstream page does not have.", "Use the labels of that page's `data.sources`."),
    "variant-unknown": Code("The model page has no such variant or alias.", "Use one it lists, or add it there."),
    "license-unknown": Code("No licence page has this spelling.", "Use the spelling in the licence page's `spdx`, or add the page."),
    "license-spelling": Code("A licence page's `spdx` does not match its file name.", "Name the file as `spdx` in lower case."),
    "lineage-cycle": Code("Records are built from each other in a circle.", "One of the steps is wrong; the message shows the circle."),
    # The change log
    "changelog-form": Code(
        "A line of CHANGELOG.md has not the form from which the feed of changes is made.",
        "Write `## 1.2.3 (2026-01-31)`, below it `- ` lines on the review's tools, then `### New works`, `### Changed facts` or `### Changed verdicts` with "
        "`- 2026-01-31: [Alpaca](papers/alpaca.md): what changed` lines.",
    ),
    "changelog-page": Code("A line of CHANGELOG.md is about a record that does not exist.", "Mend the link; it goes to the page's file."),
    # Tables and queries
    "column-unknown": Code("There is no column of this name.", "Use one of the columns the message lists."),
    "query-refused": Code("The expression is not a plain condition over the review's columns.", "See the field reference for what is allowed."),
    "option-bad": Code("A directive's option has a value it cannot have.", "The message says what is allowed."),
}


@dataclass(frozen=True, order=True)
class Diagnostic:
    """Tell one fault of one page: where, in which field, what is wrong, and what was probably meant."""

    path: str
    line: int
    code: str
    field: str
    message: str
    suggestion: str = ""

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise KeyError(f"undeclared diagnostic code {self.code!r}")

    @property
    def text(self) -> str:
        """Return the message without its place."""
        hint = f"; did you mean '{self.suggestion}'?" if self.suggestion else ""
        subject = f"{' '.join(self.field.split())}: " if self.field else ""
        return visible(f"{subject}{self.message}{hint}")

    def __str__(self) -> str:
        return f"{visible(self.path)}:{self.line}: error: {self.text} [litreview.{self.code}]"


@dataclass
class _Effort:
    left: int = 200_000  # a unit costs 0.2 to 0.6 microseconds, and looking for a word among 500 about 10,000 units


_effort: ContextVar[_Effort] = ContextVar("what looking for suggestions may still cost")


@contextmanager
def one_page() -> Iterator[None]:
    """Bound what looking for suggestions may cost for all faults found meanwhile: a page can hold thousands of words that thousands resemble."""
    before = _effort.set(_Effort())
    try:
        yield
    finally:
        _effort.reset(before)


MAX_WORD = 100  # letters; what is longer is no slip of the pen


def suggest(word: str, allowed: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the allowed word nearest to `word`, or an empty string where none is near or the page had its share of looking.

    The same word as `difflib.get_close_matches` finds, sooner: the words that can be nearest are looked at first.
    """
    import difflib  # a review without faults never needs it

    effort = _effort.get(_Effort())
    if len(word) > MAX_WORD or effort.left <= 0:
        return ""
    candidates = {candidate.casefold(): candidate for candidate in allowed}
    wanted = word.casefold()
    letters = [(letter, wanted.count(letter)) for letter in set(wanted)]
    effort.left -= len(candidates) * (8 + len(letters))
    near = []
    for candidate in candidates:
        length = len(wanted) + len(candidate)
        if 2 * min(len(wanted), len(candidate)) >= cutoff * length:
            shared = sum([min(count, candidate.count(letter)) for letter, count in letters])
            if 2 * shared >= cutoff * length:
                near.append((2 * shared / length if length else 1.0, candidate))
    best = (cutoff, "")
    matcher = difflib.SequenceMatcher()
    matcher.set_seq2(wanted)
    for bound, candidate in sorted(near, reverse=True):
        if bound < best[0]:
            break
        if effort.left <= 0:
            return ""
        effort.left -= 100 + len(wanted) * len(candidate) // 4
        matcher.set_seq1(candidate)
        best = max(best, (matcher.ratio(), candidate))
    return candidates.get(best[1], "")


def alike(word: str, allowed: Iterable[str]) -> str:
    """Return the allowed ids of several that begin with the same word, for a message; nothing where there is one or none.

    A suggestion that is followed without a thought must not turn LLaMA into Llama 2.
    """
    first = word.partition("-")[0]
    near = sorted(name for name in allowed if name.partition("-")[0] == first)
    return f" (alike: {', '.join(near[:6])})" if len(near) > 1 else ""


def visible(text: str) -> str:
    """Return a text on one line with what cannot be seen written out; a file's name may hold anything."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text)


def shorten(value: object, limit: int = 60) -> str:
    """Return a value as it is quoted in a message: on one line, cut to `limit` characters."""
    text = " ".join(str(value).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
