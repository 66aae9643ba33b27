"""Mend what has one right answer: the order of keys, the form of dates and numbers, the spelling of words and licences.

The text is changed where it stands, never written anew from values, so comments, quotes and prose stay. Before a page is
saved its values are read again: a change that alters anything but what it was meant to is dropped.
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from . import frontmatter
from .diagnostics import Diagnostic
from .files import write_atomically
from .records import kind_of
from .specification import Field, specification
from .values import LicenseName
from .yaml_text import lines_of_text, quoted

if TYPE_CHECKING:
    from .corpus import Corpus

# Codes that `--fix` can mend, where the suggestion is certain; the page of diagnostics says so.
CERTAIN = {
    "date-bad": "The date is complete and can be read in one way only.",
    "number-bad": "Its digits are grouped: 52,002.",
    "word-unknown": "Only capitals, spaces or hyphens differ from a word of the vocabulary.",
    "value-type": "Only capitals, spaces or hyphens differ from a word for a missing value.",
    "license-unknown": "Only one licence page has this name, whatever its capitals, spaces and hyphens.",
    "identifier-bad": "It is a licence's name, and only one licence page has it.",
}


def folded(text: str) -> str:
    """Return a name without what people write differently: capitals, spaces, hyphens, underscores."""
    return re.sub(r"[\s_-]+", "", text.casefold())


def license_meant(corpus: Corpus, text: str) -> str:
    """Return the spelling of the only licence page that a name can mean; empty where none or several can."""
    pages = {
        spelling
        for spelling, page in corpus.licenses.items()
        if folded(text) in {folded(name) for name in (spelling, page.short, page.title, *page.record.get("also_known_as", []))}
    }
    return pages.pop() if len(pages) == 1 else ""


def _certain(corpus: Corpus, problem: Diagnostic, value: str, field: Field | None) -> str:
    """Return what a bad value certainly means, or nothing."""
    meant = problem.suggestion
    if problem.code == "date-bad":
        return meant
    if problem.code == "number-bad":
        return meant if re.sub(r"[, _]", "", value) == meant else ""
    if problem.code in ("word-unknown", "value-type"):
        return meant if folded(value) == folded(meant) else ""
    scalar = (field.scalar or (field.item.scalar if field.item else None)) if field else None
    if problem.code in ("license-unknown", "identifier-bad") and isinstance(scalar, LicenseName):
        return license_meant(corpus, value)
    return ""


def _below(field: Field, segment: str) -> Field | None:
    if segment in field.fields:
        return field.fields[segment]
    return field.item or (field.one if field.shape == "release" else None)


def _find(node: yaml.Node | None, field: Field | None, path: Sequence[str]) -> tuple[yaml.ScalarNode | None, Field | None]:
    """Return the text node at a path as written, and its field; a list's only member may stand without brackets."""
    for segment in path:
        if isinstance(node, yaml.ScalarNode):
            break
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == segment), None)
        elif isinstance(node, yaml.SequenceNode):
            node = _member(node, segment)
        if node is None:
            return None, None
        field = _below(field, segment) if field is not None else None
    return (node, field) if isinstance(node, yaml.ScalarNode) else (None, None)


def _member(node: yaml.SequenceNode, segment: str) -> yaml.Node | None:
    """Return a list's member by its `id`, else by its position."""
    for item in node.value:
        if isinstance(item, yaml.MappingNode) and any((key.value, value.value) == ("id", segment) for key, value in item.value):
            return item
    return node.value[int(segment)] if segment.isdecimal() and int(segment) < len(node.value) else None


Change = tuple[int, int, str]  # from, to (positions in the block), and what stands there instead


def _changes(corpus: Corpus, kind: str, node: yaml.Node, problems: Sequence[Diagnostic]) -> Iterator[Change]:
    """Yield the changes of single values; a field whose name holds a dot is found by trying the longer names."""
    for problem in problems:
        if problem.code not in CERTAIN or not problem.field:
            continue
        found, field = _find(node, specification(kind), problem.field.split("."))
        if found is None or found.start_mark.line != found.end_mark.line:
            continue
        meant = _certain(corpus, problem, found.value, field)
        if meant and meant != found.value:
            yield found.start_mark.index, found.end_mark.index, quoted(meant)


# --- The order of keys -------------------------------------------------------------------------------------------------


def _ordered(text: str, node: yaml.Node, field: Field) -> Iterator[Change]:
    """Yield the changes that put the keys of mappings into the schema's order, outermost first."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _ordered(text, item, field.item) if field.item is not None else ()
        return
    if not isinstance(node, yaml.MappingNode):
        return
    families = field.shape == "release" and all(isinstance(value, yaml.MappingNode) and key.value not in field.fields for key, value in node.value)
    names = list(field.fields) if field.fields and not families else []
    keys = [key.value for key, _ in node.value]
    if names and set(keys) <= set(names) and len(set(keys)) == len(keys) and keys != sorted(keys, key=names.index):
        change = _sorted_flow(text, node, names) if node.flow_style else _sorted_block(text, node, names)
        if change is not None:
            yield change
            return  # what is inside moves with it and is looked at in the next round
    for key, value in node.value:
        below = field.one if families else _below(field, key.value)
        if below is not None:
            yield from _ordered(text, value, below)


def _sorted_flow(text: str, node: yaml.MappingNode, names: list[str]) -> Change | None:
    """Return the change of a `{…}` on one line; one over several lines may hold comments and is left alone."""
    start, end = node.value[0][0].start_mark.index, node.value[-1][1].end_mark.index
    if "\n" in text[start:end]:
        return None
    parts = sorted(node.value, key=lambda pair: names.index(pair[0].value))
    return start, end, ", ".join(text[key.start_mark.index : value.end_mark.index] for key, value in parts)


def _sorted_block(text: str, node: yaml.MappingNode, names: list[str]) -> Change | None:
    """Return the change of a mapping with a key a line; a comment goes with the key under it.

    A mapping that starts inside a line (the first key of a list's entry) is left alone.
    """
    starts = [key.start_mark.index - key.start_mark.column for key, _ in node.value]
    if any(text[start : key.start_mark.index].strip() for start, (key, _) in zip(starts, node.value, strict=True)):
        return None
    texts = lines_of_text(text)
    bounds = [_with_comments(text, start, limit, texts) for limit, start in zip([0, *starts], starts, strict=False)]
    end = _end(text, node)
    pieces = [text[here:there] for here, there in zip(bounds, [*bounds[1:], end], strict=True)]
    pieces = [piece if piece.endswith("\n") else f"{piece}\n" for piece in pieces]
    order = sorted(range(len(pieces)), key=lambda index: names.index(node.value[index][0].value))
    joined = "".join(pieces[index] for index in order)
    return bounds[0], end, joined if text[bounds[0] : end].endswith("\n") else joined.removesuffix("\n")


def _with_comments(text: str, start: int, limit: int, texts: set[int]) -> int:
    """Return where the comments and blank lines right above a line begin, not before `limit` nor inside a text."""
    number = text.count("\n", 0, start)
    while start > limit and (number := number - 1) not in texts:
        above = text.rfind("\n", 0, start - 1) + 1
        line = text[above : start - 1].strip()
        if above < limit or (line and not line.startswith("#")) or above == start:
            break
        start = above
    return start


def _end(text: str, node: yaml.MappingNode) -> int:
    """Return where the line ends on which the mapping's last value ends; comments after it are nobody's."""
    last = node.value[-1][1]
    end = last.end_mark.index
    while end > last.start_mark.index and text[end - 1 : end] in ("\n", " "):
        end -= 1  # a block's end is marked where the next token starts
    stripped = _strip_comments(text, node.value[-1][0].end_mark.index, end)
    line_end = text.find("\n", stripped)
    return len(text) if line_end < 0 else line_end + 1


def _strip_comments(text: str, start: int, end: int) -> int:
    """Return where the last line that is no comment ends."""
    while end > start:
        line_start = text.rfind("\n", start, end) + 1
        line = text[line_start:end].strip() if line_start > start else ""
        if line_start <= start or (line and not line.startswith("#")):
            return end
        end = line_start - 1
    return end


# --- A page ------------------------------------------------------------------------------------------------------------


def _apply(text: str, changes: Sequence[Change]) -> str:
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _comments(text: str) -> list[str]:
    return sorted(line.strip() for line in text.split("\n") if line.lstrip().startswith("#"))


def mended(corpus: Corpus, path: str, text: str, problems: Sequence[Diagnostic], *, order: bool = True) -> str:
    """Return a page's text with everything mended that has one right answer; `order` says whether its keys may be moved."""
    kind = kind_of(path)
    page = frontmatter.split(text)
    if kind is None or page.problems or not page.block:
        return text
    if any(problem.code.startswith(("yaml", "key-", "front", "text-", "character")) for problem in problems):
        return text  # what cannot be read for certain is not rewritten
    block = page.block
    node = _compose(block)
    if node is None:
        return text
    before = frontmatter.read(text).values
    block = _apply(block, sorted(set(_changes(corpus, kind, node, problems))))
    expected = frontmatter.read(f"---\n{block}\n---\n").values
    for _ in range(200 if order else 0):  # each round moves keys of mappings that do not contain each other
        node = _compose(block)
        changes = list(_ordered(block, node, specification(kind))) if node is not None else []
        if not changes:
            break
        moved = _apply(block, changes)
        if moved == block:
            break
        block = moved
    result = frontmatter.read(f"---\n{block}\n---\n")
    if result.problems or result.values != expected or _comments(block) != _comments(page.block) or expected.keys() != before.keys():
        return text
    head = len(text) - len(page.body)
    opening, closing = text[: text.index("\n") + 1], text[:head].rstrip("\n").rsplit("\n", 1)[-1]
    return f"{opening}{block}\n{closing}\n{page.body}" if text[:head].endswith("\n") else f"{opening}{block}\n{closing}"


def _compose(block: str) -> yaml.Node | None:
    read = frontmatter.read(f"---\n{block}\n---\n")  # refuses what must not be composed
    if read.problems:
        return None
    composed: yaml.Node | None = yaml.compose(block, Loader=frontmatter.Loader)
    return composed


def fix(root: Path, corpus: Corpus, problems: Sequence[Diagnostic], only: str = "") -> int:
    """Mend faults, of the named page or of all; print what was changed as a diff on standard error; return how many pages were.

    The order of keys is no fault, so it is mended on a named page only: a newcomer's run must not touch other people's pages.
    """
    by_path: dict[str, list[Diagnostic]] = {}
    for problem in problems:
        by_path.setdefault(problem.path, []).append(problem)
    changed = 0
    for page in corpus.pages:
        if not page.is_read or (page.path != only if only else page.path not in by_path):
            continue
        try:
            data = (root / page.path).read_bytes()
            text = data.decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue  # told as a fault of its own
        ends = "\r\n" if "\r\n" in text else "\n"
        plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
        new = mended(corpus, page.path, plain, by_path.get(page.path, []), order=bool(only))
        if new == plain:
            continue
        diff = difflib.unified_diff(plain.splitlines(), new.splitlines(), page.path, page.path, "as it was", "mended", lineterm="")
        print("\n".join(diff), file=sys.stderr)  # standard output is for what is left
        try:
            write_atomically(root / page.path, (("\ufeff" if text.startswith("\ufeff") else "") + new.replace("\n", ends)).encode())
        except OSError as error:
            print(f"litreview check: {page.path}: {error.strerror or error}", file=sys.stderr)
            continue
        changed += 1
    print(f"{changed or 'no'} page{'' if changed == 1 else 's'} mended", file=sys.stderr)
    return changed
