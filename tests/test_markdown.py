"""What is read off a page's Markdown is what MyST makes of it."""

from __future__ import annotations

import io
from typing import Any, ClassVar

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive as DocutilsDirective
from docutils.parsers.rst import directives as docutils_directives
from litreview.markdown import directives, first_level_headings, read_options
from litreview.tables import OPTIONS
from myst_parser.parsers.docutils_ import Parser

SETTINGS = {"myst_enable_extensions": ["colon_fence", "deflist"], "warning_stream": io.StringIO(), "doctitle_xform": False}


def doctree(text: str) -> nodes.document:
    return publish_doctree(text, parser=Parser(), settings_overrides=SETTINGS)


BODIES: dict[str, tuple[str, list[int]]] = {
    "none": ("## Two\n\ntext\n", []),
    "one": ("## Two\n\n# One\n", [2]),
    "underlined": ("text\n\nOne\n===\n", [2]),
    "two underlined lines": ("a\nb\n===\n", [0]),
    "without text": ("#\n\n#\ttab\n", [0, 2]),
    "indented": ("  # One\n\n    # code\n", [0]),
    "no space": ("#One\n\n#hashtag\n", []),
    "in a fence": ("```sh\n# comment\n```\n\n~~~\nx\n===\n~~~\n", []),
    "after a fence in one line": ("``` x ```\n\n# One\n", [2]),
    "after code in a line": ("See ``` a ``` and ```` b ````.\n\n# One\n", [2]),
    "after a longer fence": ("````\n```\n# no\n````\n# One\n", [4]),
    "a list item that looks underlined": ("- a\n===\n", []),
    "in a list": ("- a\n\n  # no heading of the page\n", []),
    "in a quotation": ("> # no heading of the page\n", []),
    "in a directive": ("```{note}\n# no heading of the page\n```\n\n:::{note}\n# nor this\n:::\n", []),
    "an equals sign in a table": ("| a |\n|---|\n| = |\n\n=\n", []),
    "in a comment": ("% # no\n", []),
    "a fence without end": ("```\n# no\n", []),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_first_level_headings_are_those_that_myst_makes(name: str) -> None:
    body, expected = BODIES[name]
    assert first_level_headings(body) == expected
    titles = [section[0].astext().split("\n")[0] for section in doctree(body).findall(nodes.section)]
    lines = body.split("\n")
    assert [title for title in titles if title != "Two"] == [lines[line].strip(" #\t") for line in expected]


class Recorder(DocutilsDirective):
    """Note what MyST hands to a directive like ours."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    got: ClassVar[list[tuple[int, str, str]]] = []

    def run(self) -> list[nodes.Node]:
        self.got.append((self.lineno, " ".join(self.arguments), "\n".join(self.content)))
        return []


PAGES = {
    "plain": "# T\n\n```{recorder} papers\n:columns: name\n```\n",
    "two": "```{recorder} papers\n```\n\n```{recorder} models\n:a: b\n```\n",
    "tildes and colons": "~~~{recorder} papers\n:a: b\n~~~\n\n::::{recorder} models\n:a: b\n::::\n",
    "no argument": "```{recorder}\n:columns: name\n```\n",
    "an argument of several words": "```{recorder}   the papers   of all  \n```\n",
    "a YAML block": "```{recorder} papers\n---\ncolumns: name\n---\n```\n",
    "blank lines before the options": "```{recorder} papers\n\n\n:columns: name\n```\n",
    "in a list": "- item\n\n  ```{recorder} papers\n  :columns: name\n  ```\n",
    "in a quotation": "> ```{recorder} papers\n> :columns: name\n> ```\n",
    "in an admonition": "::::{note}\ntext\n\n```{recorder} papers\n:columns: name\n```\n::::\n",
    "in an admonition with options": "````{admonition} Title\n:class: tip\n\ntext\n\n```{recorder} papers\n:columns: name\n```\n````\n",
    "in a division": ":::\n```{recorder} papers\n```\n:::\n",
    "without end": "```{recorder} papers\n:columns: name\n",
    "in code": "````md\n```{recorder} papers\n```\n````\n\n    ```{recorder} papers\n    ```\n",
    "in a code directive": "````{code-block} md\n```{recorder} papers\n```\n````\n",
    "in the middle of a line": "a ```{recorder} papers``` b\n",
    "in a comment": "% ```{recorder} papers\n",
    "after front matter": "---\ntocdepth: 1\n---\n\n# T\n\n```{recorder} papers\n```\n",
    "in a definition": "term\n: ```{recorder} papers\n  ```\n",
}


@pytest.mark.parametrize("name", PAGES)
def test_directives_are_found_as_myst_calls_them(name: str) -> None:
    Recorder.got.clear()
    docutils_directives.register_directive("recorder", Recorder)
    doctree(PAGES[name])
    found = [(call.line + 1, call.argument, call.content.strip("\n")) for call in directives(PAGES[name], "recorder")]
    # Inside another directive MyST counts from that directive's text; the line in the file is what a reader needs.
    nested = "admonition" in name or "division" in name
    assert [call[nested:] for call in found] == [(line, argument, content.strip("\n"))[nested:] for line, argument, content in Recorder.got]
    for line, _, _ in found:
        assert "{recorder}" in PAGES[name].split("\n")[line - 1]


class Optional(DocutilsDirective):
    """Read options as MyST reads those of any directive."""

    optional_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = dict.fromkeys(OPTIONS, lambda value: value or "")
    got: ClassVar[list[dict[str, str]]] = []

    def run(self) -> list[nodes.Node]:
        self.got.append(dict(self.options))
        return []


AS_MYST = {
    "plain": ":columns: name, published\n:caption: All papers",
    "spaces": ":columns:   name  \n:caption:    All papers   ",
    "single quotes": ":where: 'published > ''2023'''\n:caption: 'x'",
    "double quotes": ':caption: "Papers: all"',
    "quotes inside": ":where: method = 'distillation' and published > '2023'",
    "a comment": ":columns: name # the name\n:caption: x",
    "a number sign that is no comment": ":caption: a#b",
    "no value": ":caption:\n:columns: name",
    "a YAML block": "---\ncolumns: name\ncaption: x\n---",
    "a YAML block with a folded text": "---\nwhere: >\n  published > '2023'\n  and method = 'human'\ncaption: |\n  a\n  b\n---",
    "a YAML block without end": "---\ncolumns: name",
    "an indented YAML block": "---\n  columns: name\n  caption: x\n---",
    "a YAML block with a comment and a blank line": "---\n# what to show\ncolumns: name\n\ncaption: x\n---",
    "indented options": "  :columns: name\n  :caption: x",
    "an option twice": ":caption: a\n:caption: b",
    "a value over two lines in a YAML block": "---\nwhere: a = 1\n  and b = 2\n---",
}


@pytest.mark.parametrize("name", AS_MYST)
def test_options_are_read_as_myst_reads_them(name: str) -> None:
    Optional.got.clear()
    docutils_directives.register_directive("optional", Optional)
    doctree(f"```{{optional}} papers\n{AS_MYST[name]}\n```\n")
    assert read_options(AS_MYST[name] + "\n") == (Optional.got[0], "")


@pytest.mark.parametrize(
    ("content", "options", "problem"),
    [
        ("\n\n:columns: name\n", {"columns": "name"}, ""),
        (":columns: name\n\n", {"columns": "name"}, ""),
        (":columns: name\n\nSome text.\n", {"columns": "name"}, "only options can stand inside; found 'Some text.'"),
        (":columns: name\n  published\n", {"columns": "name"}, "only options can stand inside; found 'published'"),
        ("---\ncolumns: name\n---\ntext\n", {"columns": "name"}, "only options can stand inside; found 'text'"),
        (":columns: 'name\n", {}, "the options cannot be read: found unexpected end of stream"),
        ("text\n", {}, "only options can stand inside; found 'text'"),
        ("", {}, ""),
    ],
)
def test_what_is_no_option_is_told(content: str, options: dict[str, str], problem: str) -> None:
    assert read_options(content) == (options, problem)
