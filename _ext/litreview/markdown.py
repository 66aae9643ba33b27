"""What a page's Markdown holds that the checks ask for: first-level headings, and the directives of one name.

Read with the parser that MyST uses, its blocks only. Most pages have neither, which a search tells without parsing.
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


def _blocks(text: str, offset: int = 0, depth: int = 0) -> Iterator[tuple[int, Token]]:
    """Yield the blocks of a text, those inside directives too, each with its line (from 0)."""
    for token in _parser().parse(text):
        line = offset + (token.map[0] if token.map else 0)
        yield line, token
        name, _ = _called(token)
        nests = token.type == "colon_fence" or (token.type == "fence" and name)
        if nests and name not in _SHOWS_TEXT and depth < MAX_NESTING:
            yield from _blocks(token.content, line + 1, depth + 1)


def _called(token: Token) -> tuple[str, str]:
    """Return the name and the argument of the directive that a fence calls; empty where it calls none."""
    name, _, argument = token.info.strip().partition(" ")
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
    fences = [(line, token) for line, token in _blocks(text) if token.type in ("fence", "colon_fence")]
    return [Directive(line, _called(token)[1], token.content) for line, token in fences if _called(token)[0] == name]


def read_options(content: str) -> tuple[dict[str, str], str]:
    """Return the options that the text inside a directive gives, and what is wrong with how they are written.

    As MyST reads them: a YAML block between `---` lines, or lines that start with a colon, their values plain or quoted, with
    comments; blank lines may stand around them. Anything else inside is a fault, because the directive takes no text.
    """
    from myst_parser.parsers.options import TokenizeError, options_to_items

    lines = content.strip("\n").splitlines()
    if lines and lines[0].startswith("---"):
        from textwrap import dedent  # few tables are asked for in this way

        end = next((number for number, line in enumerate(lines[1:], start=1) if line.startswith("---")), len(lines))
        block, rest = dedent("\n".join(lines[1:end])), [lines[end].lstrip("-"), *lines[end + 1 :]] if end < len(lines) else []
    else:
        end = next((number for number, line in enumerate(lines) if not _OPTION.match(line)), len(lines))
        block, rest = "\n".join(line.lstrip()[1:] for line in lines[:end]), lines[end:]
    left = next((line for line in rest if line.strip()), "")
    problem = f"only options can stand inside; found '{shorten(left)}'" if left else ""
    try:
        items, _ = options_to_items(block)
    except TokenizeError as error:
        return {}, f"the options cannot be read: {error.problem}"
    return dict(items), problem
