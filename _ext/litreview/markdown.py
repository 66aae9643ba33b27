"""What a page's Markdown holds that the checks ask for: first-level headings, and the directives of one name.

Read with the parser that MyST uses, its blocks only. Most pages have neither, which a search tells without parsing; and of
most of the others it is plain without a parser where their fences are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from .diagnostics import shorten

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_NESTING = 20  # directives inside directives
_MAY_BE_HEADING = re.compile(r"\n {0,3}(?:#(?:\s|$)|=+[ \t]*(?:\n|$))")
_OPTION = re.compile(r"\s*:(?!::)")
_SHOWS_TEXT = frozenset({"code", "code-block", "sourcecode", "literalinclude", "parsed-literal", "math", "raw", "eval-rst"})


def like_myst() -> MarkdownIt:
    """Return a Markdown parser with the rules that MyST has with this project's settings; a test holds them equal."""
    from markdown_it import MarkdownIt  # takes as long to import as ten pages to read, and many runs need none
    from markdown_it.rules_block import make_fence_rule
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin
    from mdit_py_plugins.myst_blocks import myst_block_plugin
    from mdit_py_plugins.myst_role import myst_role_plugin

    parser = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).use(myst_block_plugin).use(myst_role_plugin)
    parser.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    colon_fence = make_fence_rule(markers=(":",), token_type="colon_fence")
    parser.block.ruler.before("fence", "colon_fence", colon_fence, {"alt": ["paragraph", "reference", "blockquote", "list", "footnote_def"]})
    return parser.use(deflist_plugin)


@cache
def _parser() -> MarkdownIt:
    return like_myst().disable("inline")


class Fence(NamedTuple):
    """A block between lines of three backticks: where it starts (line from 0), what stands behind the backticks, and the text inside."""

    line: int
    info: str
    content: str


# Lines that can begin nothing in which a fence at a line's start would be none, nor anything that goes on behind an empty line but one list item:
# no quotation, definition, footnote, comment, HTML, nor lists in lists, at whose twentieth level the parser leaves out the rest of the text.
_STARTS = r"""(?:[^\W\d_]|["'(“‘]|\[(?!\^)|\*\*?[^\W\d_]|`(?!``))"""
_PLAIN_LINE = re.compile(rf"#{{1,6}} .*|\|.*|(?:- |\d{{1,9}}\. | +)?{_STARTS}.*|\d+(?![\d.)]).*")
_OPENS = re.compile(r"```[^`|]*")  # what has a bar may be the head of a table
_SETTINGS = re.compile(r"---\n(?:[a-z]+: [a-z0-9]+\n)+---\n")


def plain_fences(text: str) -> list[Fence] | None:
    """Return all fences of a text whose lines are so plain that no parser is needed to know them; None where one is.

    Such fences have three backticks at the start of a line, behind an empty one, and end in the same way; no directive stands in another.
    """
    if "\r" in text or "\0" in text or "~~~" in text or ":::" in text:
        return None
    settings = _SETTINGS.match(text)
    first = settings[0].count("\n") if settings else 0
    found: list[Fence] = []
    opened, before = -1, ""
    lines = text.split("\n")
    for number, line in enumerate(lines[first:], start=first):
        if "```" in line:
            if opened < 0 and not before and _OPENS.fullmatch(line):
                opened = number
            elif opened >= 0 and line == "```":
                found.append(Fence(opened, lines[opened][3:], "".join(f"{inside}\n" for inside in lines[opened + 1 : number])))
                opened = -1
            else:
                return None
        elif opened < 0 and line and not _PLAIN_LINE.fullmatch(line):
            return None
        before = line
    return None if opened >= 0 else found


def _blocks(text: str, offset: int = 0, depth: int = 0) -> Iterator[tuple[int, Token]]:
    """Yield the blocks of a text, those inside directives too, each with its line (from 0)."""
    for token in _parser().parse(text):
        line = offset + (token.map[0] if token.map else 0)
        yield line, token
        name, _ = _called(token.info)
        nests = token.type == "colon_fence" or (token.type == "fence" and name)
        if nests and name not in _SHOWS_TEXT and depth < MAX_NESTING:
            yield from _blocks(token.content, line + 1, depth + 1)


def _called(info: str) -> tuple[str, str]:
    """Return the name and the argument of the directive that a fence calls; empty where it calls none."""
    name, _, argument = info.strip().partition(" ")
    return (name[1:-1], argument.strip()) if name.startswith("{") and name.endswith("}") else ("", "")


def first_level_headings(body: str) -> list[int]:
    """Return the positions (lines from 0) of the first-level headings in a body; MyST makes none of what looks like one in a list or directive."""
    if not _MAY_BE_HEADING.search("\n" + body):
        return []
    return [token.map[0] for token in _parser().parse(body) if token.type == "heading_open" and token.tag == "h1" and not token.level and token.map]


class Directive(NamedTuple):
    """One call of a directive, as MyST hands it over: where (line from 0), its argument, and the text inside."""

    line: int
    argument: str
    content: str


def directives(text: str, name: str) -> list[Directive]:
    """Return a text's calls of a directive; examples in code are none."""
    if f"{{{name}}}" not in text:
        return []
    fences = plain_fences(text)
    if fences is None:
        fences = [Fence(line, token.info, token.content) for line, token in _blocks(text) if token.type in ("fence", "colon_fence")]
    return [Directive(fence.line, _called(fence.info)[1], fence.content) for fence in fences if _called(fence.info)[0] == name]


# A line that gives an option, with nothing that MyST's parser of options would read otherwise: quotes, comments, longer texts.
_PLAIN_OPTION = re.compile(r":([a-z][a-z-]*): +([^\s#|>'\"\0](?:[^\s#\0]| )*)")


def _plain_options(lines: list[str]) -> dict[str, str] | None:
    """Return the options that lines give, None where one of them is not plain."""
    plain = [_PLAIN_OPTION.fullmatch(line) for line in lines]
    return {match[1]: match[2].rstrip(" ") for match in plain if match} if all(plain) else None


def read_options(content: str) -> tuple[dict[str, str], str]:
    """Return the options that the text inside a directive gives, and what is wrong with how they are written.

    As MyST reads them: a YAML block between `---` lines, or lines that start with a colon, their values plain or quoted, with
    comments; blank lines may stand around them. Anything else inside is a fault, because the directive takes no text.
    """
    lines = content.strip("\n").splitlines()
    options: dict[str, str] | None = None
    if lines and lines[0].startswith("---"):
        from textwrap import dedent  # few tables are asked for in this way

        end = next((number for number, line in enumerate(lines[1:], start=1) if line.startswith("---")), len(lines))
        block, rest = dedent("\n".join(lines[1:end])), [lines[end].lstrip("-"), *lines[end + 1 :]] if end < len(lines) else []
    else:
        end = next((number for number, line in enumerate(lines) if not _OPTION.match(line)), len(lines))
        block, rest = "\n".join(line.lstrip()[1:] for line in lines[:end]), lines[end:]
        options = _plain_options(lines[:end])
    left = next((line for line in rest if line.strip()), "")
    problem = f"only options can stand inside; found '{shorten(left)}'" if left else ""
    if options is None:
        from myst_parser.parsers.options import TokenizeError, options_to_items

        try:
            options = dict(options_to_items(block)[0])
        except TokenizeError as error:
            return {}, f"the options cannot be read: {error.problem}"
    return options, problem
