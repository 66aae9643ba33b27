"""Split a page into its block of facts and its body, and read the block strictly.

Scalars stay text: what they mean is the schema's business. Whatever can hurt (aliases, tags, depth, size, characters that
cannot be seen) is refused before YAML composes anything. A page without a fault is not composed at all: `clean` and `reader.py`
take it in one pass. Lines are looked up in the composed block, and only where a diagnostic needs one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml

from .diagnostics import shorten
from .lines import Lines

try:
    from yaml import CBaseLoader as _Loader
except ImportError:  # a PyYAML built without libyaml: slower, the same result
    from yaml import BaseLoader as _Loader  # type: ignore[assignment]

MAX_BLOCK = 64 * 1024  # characters; the fullest page so far has 28 KB
MAX_VALUES = 10_000  # keys, values, lists and mappings; the fullest page so far has 1,400. A fault in each must be told in a fraction of a second
MAX_DEPTH = 12
MAX_RUN = 200  # what may nest: brackets that are open at once, indicators and spaces before a line's first word

# Control characters, zero-width characters, bidirectional overrides, a BOM inside the text, lone surrogates, and letters that show nothing.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Where an anchor, alias or tag could stand; what looks like one is then checked by parsing.
_SIGNS = re.compile("[&*!]")
_BEFORE_SIGN = frozenset("\n\t [{,:?-")
_MERGE_KEY = re.compile(r"^\s*(?:- )*<<\s*:", re.MULTILINE)
# `---` alone on a line; what `\s` means here is what `str.rstrip` takes off.
_OPENING = re.compile(r"---[^\S\n]*(?=\n|\Z)")
_CLOSING = re.compile(r"\n---[^\S\n]*(?=\n|\Z)")
_PLAIN = bytes({*b"\t\n", *range(0x20, 0x7F)})  # ASCII that may stand on a page
_LONG_RUN = re.compile(rf"[ \t?:-]{{{MAX_RUN},}}")
_STRIDE = 20
_SAMPLED_RUN = re.compile(rf"[ \t?:-]{{{MAX_RUN // _STRIDE - 1},}}")  # what a long run leaves of every twentieth sign


class Loader(_Loader):
    """Compose without asking what a scalar's type is: every scalar is text here, and asking costs a quarter of the time."""

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        """Do nothing: paths do not decide types."""

    def ascend_resolver(self) -> None:
        """Do nothing: paths do not decide types."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        """Return one tag for all nodes; nothing reads it."""
        return "text"


@dataclass(frozen=True)
class Problem:
    """Tell a fault of the page's text: its line (from 1) and what a Diagnostic needs."""

    line: int
    code: str
    message: str
    suggestion: str = ""
    field: str = ""


@dataclass
class FrontMatter:
    """Hold a page's parts: the block's values as text, the body, and where the body starts (line, from 1)."""

    values: dict[str, Any] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1
    problems: list[Problem] = field(default_factory=list)
    block: str = ""
    node: yaml.Node | None = None

    @cached_property
    def lines(self) -> Lines:
        """Return where things stand; made when the first fault needs it, because most pages have none."""
        if self.node is None and self.values:  # a page that was read in one pass
            self.node = yaml.compose(self.block, Loader=Loader)
        return Lines(self.node)

    def line(self, path: Sequence[str | int]) -> int:
        """Return the line (from 1) of the deepest part of `path` that the block has."""
        return self.lines.of(path)


def decode(data: bytes) -> tuple[str, Problem | None]:
    """Return a file's text without BOM and with plain line ends, and the fault if it is not UTF-8."""
    try:
        text, problem = data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        text = data.decode("utf-8-sig", errors="replace")
        problem = Problem(line, "text-encoding", f"byte 0x{data[error.start]:02x} is not UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text, problem


def split(text: str) -> FrontMatter:
    """Split a page's text; the block is not read yet."""
    page = FrontMatter(body=text)
    start = _OPENING.match(text)
    if start is None:
        page.problems.append(Problem(1, "front-matter-missing", "the page does not start with a block of facts between `---` lines"))
        return page
    end = _CLOSING.search(text, start.end())
    if end is None:
        page.problems.append(Problem(1, "front-matter-unclosed", "the block of facts that starts here has no closing `---`"))
        page.body = ""
        return page
    page.block = text[start.end() + 1 : end.start()]
    page.body = text[end.end() + 1 :]
    page.body_line = text.count("\n", 0, end.end()) + 2
    return page


def clean(text: str) -> FrontMatter | None:
    """Split a page whose text needs no closer look before its block is read; None where it may.

    Aliases, anchors and tags are left to the reader, which meets them as events.
    """
    page = split(text)
    block = page.block
    if page.problems or len(block) > MAX_BLOCK or _may_hold_many(block) or _hides(text):
        return None
    if (_SAMPLED_RUN.search(block[::_STRIDE]) and _LONG_RUN.search(block)) or ("<" in block and "<<" in block and _MERGE_KEY.search(block)):
        return None
    # Escapes other than of quotes and backslashes may stand for characters that cannot be seen.
    return None if "\\" in block and "\\" in block.replace("\\\\", "").replace('\\"', "") else page


def _hides(text: str) -> bool:
    """Tell whether a text holds a forbidden character; quick, because it is asked of every page."""
    beyond = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
    return bool(beyond) and _FORBIDDEN.search(beyond.decode("utf-8", "surrogatepass")) is not None


def may_hold_signs(block: str) -> bool:
    """Tell whether an anchor, alias or tag may stand in a block."""
    if not ("&" in block or "*" in block or "!" in block):
        return False
    return any(match.start() == 0 or block[match.start() - 1] in _BEFORE_SIGN for match in _SIGNS.finditer(block))


def read(text: str) -> FrontMatter:
    """Split a page and read its block; every fault found is in `problems`, and nothing is raised."""
    page = split(text)
    suspect = text if _hides(text) else ""
    for match in _FORBIDDEN.finditer(suspect):
        line = text.count("\n", 0, match.start()) + 1
        page.problems.append(Problem(line, "character-forbidden", f"character U+{ord(match[0]):04X} is not allowed"))
        if len(page.problems) > 20:
            break
    if not page.block and page.problems:
        return page
    block = _FORBIDDEN.sub(" ", page.block) if suspect else page.block  # already reported; YAML itself would refuse the whole block
    refusal = _refuse(block)
    if refusal:
        page.problems.append(refusal)
        return page
    try:
        page.node = yaml.compose(block, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = ", ".join(part for part in (error.context, error.problem) if part)
        page.problems.append(Problem((mark.line if mark else 0) + 2, "yaml-syntax", what or "not valid YAML", _quote_hint(page.block, mark)))
        return page
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        page.problems.append(Problem(2, "yaml-syntax", shorten(error)))
        return page
    if page.node is None:
        return page
    if not isinstance(page.node, yaml.MappingNode):
        page.problems.append(Problem(2, "front-matter-not-mapping", "expected one `field: value` a line"))
        return page
    if "\\" in block:
        page.problems += _escaped(page.node)
    page.values = _build(page.node, page.problems, (), 0)
    return page


def _escaped(node: yaml.Node) -> list[Problem]:
    """Return the characters that may not stand in a page and were written as escapes; the values lose them."""
    found: list[Problem] = []
    nodes = [node]
    while nodes:
        here = nodes.pop()
        if isinstance(here, yaml.ScalarNode):
            hidden = _FORBIDDEN.search(here.value)
            if hidden:
                found.append(Problem(here.start_mark.line + 2, "character-forbidden", f"character U+{ord(hidden[0]):04X} is not allowed"))
                here.value = _FORBIDDEN.sub(" ", here.value)
        elif isinstance(here, yaml.MappingNode):
            nodes += [part for pair in here.value for part in pair]
        else:
            nodes += here.value
    return found


def _refuse(block: str) -> Problem | None:
    """Return why a block must not be composed, or None."""
    if len(block) > MAX_BLOCK:
        return Problem(2, "yaml-too-large", f"the block has {len(block):,} characters; at most {MAX_BLOCK:,} are read")
    if _LONG_RUN.search(block):
        return _TOO_DEEP
    if block.count("[") + block.count("{") > MAX_RUN or _may_hold_many(block):
        problem = _too_large(block)
        if problem:
            return problem
    merge = _MERGE_KEY.search(block) if "<<" in block else None
    if merge:
        return Problem(block.count("\n", 0, merge.start()) + 2, "yaml-refused", "merge keys (`<<:`) are not allowed")
    if may_hold_signs(block):
        try:
            for event in yaml.parse(block, Loader=Loader):
                line = event.start_mark.line + 2 if event.start_mark else 2
                if isinstance(event, yaml.AliasEvent):
                    return Problem(line, "yaml-refused", f"the alias `*{getattr(event, 'anchor', '')}` is not allowed; write the value out or quote it")
                anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
                if anchor:
                    return Problem(line, "yaml-refused", f"the anchor `&{anchor}` is not allowed; write the value out or quote it")
                if tag is not None:
                    return Problem(line, "yaml-refused", f"the tag `{shorten(tag)}` is not allowed; quote the value")
        except (yaml.YAMLError, ValueError):
            return None  # the composer meets the same fault and says where
    return None


_TOO_DEEP = Problem(2, "yaml-too-large", f"the block is nested too deeply; at most {MAX_DEPTH} levels are read")
STARTS = "\n,:-[{?"


def _may_hold_many(block: str) -> bool:
    """Tell cheaply whether a block may hold more values than are read; True means that they must be counted to know.

    Each sign before a value brings at most two, and one is there without any: `a: b` is a mapping, a key and a value.
    """
    if len(block) < MAX_VALUES:
        return False
    data = block.encode("utf-8", "surrogatepass")
    return 2 * (len(data) - len(data.translate(None, STARTS.encode()))) >= MAX_VALUES


def _too_large(block: str) -> Problem | None:
    """Return the fault of a block with too many values, or whose brackets nest deeper than the composer may descend, which has no limit of its own."""
    depth = values = 0
    loader = Loader(block)
    try:
        while (event := loader.get_event()) is not None:
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.NodeEvent):
                values += 1
                depth += isinstance(event, yaml.CollectionStartEvent)
                if depth > MAX_RUN:
                    return _TOO_DEEP
                if values > MAX_VALUES:
                    line = event.start_mark.line + 2 if event.start_mark else 2
                    return Problem(line, "yaml-too-large", f"the block has too many values; at most {MAX_VALUES:,} are read")
    except (yaml.YAMLError, ValueError):
        pass  # the composer meets the same fault, no deeper than here, and says where
    finally:
        loader.dispose()
    return None


def _quote_hint(block: str, mark: Any) -> str:
    """Return the line with its value quoted, where a colon inside the value is the likely fault."""
    if mark is None:
        return ""
    lines = block.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    match = re.fullmatch(r"(\s*(?:- )?[\w-]+: )([^'\"\[{].*: .*)", line)
    return f'{match[1].strip()} "{match[2]}"' if match else ""


def _build(node: yaml.Node, problems: list[Problem], path: tuple[str, ...], depth: int) -> Any:
    """Return a node's value with all scalars as text."""
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if depth >= MAX_DEPTH:
        problems.append(Problem(node.start_mark.line + 2, "yaml-too-large", f"nested deeper than {MAX_DEPTH} levels", field=".".join(path)))
        return ""
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, problems, (*path, str(index)), depth + 1) for index, item in enumerate(node.value)]
    mapping: dict[str, Any] = {}
    lines: Lines | None = None
    for key_node, value_node in node.value:
        key = key_node.value
        if isinstance(key, str) and key not in mapping:
            # the common case first: this runs for every value of every page
            mapping[key] = value_node.value if type(value_node) is yaml.ScalarNode else _build(value_node, problems, (*path, key), depth + 1)
            continue
        line = key_node.start_mark.line + 2
        if not isinstance(key, str):
            problems.append(Problem(line, "yaml-syntax", "a key must be plain text", field=".".join(path)))
        else:
            lines = lines or Lines(node)
            first = lines.of((key,))
            problems.append(Problem(line, "key-duplicate", f"the key '{shorten(key)}' stands here and on line {first}", field=".".join((*path, key))))
    return mapping
