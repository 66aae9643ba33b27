"""Code, highlighted by the same lexers as in every other builder."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from pygments import lex
from pygments.token import STANDARD_TYPES
from sphinx import addnodes
from sphinx.highlighting import PygmentsBridge

from .source import Code as Literal
from .source import arguments, string, value
from .writing import Writing

_WIDEST = 92  # characters of a line of code that fit


class CodeBlocks(Writing):
    """Visit blocks of code."""

    _bridge = PygmentsBridge("html", "default")

    def visit_literal_block(self, node: nodes.Element) -> None:
        if node.rawsource != node.astext():
            # Parsed literals hold links and emphasis.
            self.call(node, "parsed-code", self.anchors(node) + self.preformatted(node))
            raise nodes.SkipNode
        self._code(node, node.get("language", "none"))

    def visit_doctest_block(self, node: nodes.Element) -> None:
        self._code(node, "pycon")

    def visit_caption(self, node: nodes.Element) -> None:
        """Print nothing: what the caption belongs to prints it."""
        raise nodes.SkipNode

    def _code(self, node: nodes.Element, language: str) -> None:
        text = node.astext().expandtabs(8).rstrip("\n")
        options: dict[str, Any] = node.get("highlight_args", {})
        emphasized = options.get("hl_lines", [])
        lines = self._highlighted(text, language, node)
        caption = None
        if isinstance(node.parent, nodes.container) and (title := next((child for child in node.parent.children if isinstance(child, nodes.caption)), None)):
            caption = Literal(f"[{self.content(title)}]")
        given = arguments(
            numbers=options.get("linenostart", 1) if node.get("linenos") else None,
            emphasized=list(emphasized),
            caption=caption,
            size=Literal("7pt") if max(map(len, text.split("\n"))) > _WIDEST else None,
        )
        spans = "".join(f"{value(line)},\n" for line in lines)
        self.block(node, f"{self.anchors(node)}#code-block({given}, {string(text)}, (\n{spans}))")
        raise nodes.SkipNode

    def _highlighted(self, text: str, language: str, node: nodes.Element) -> list[list[list[str]]]:
        """Return each line as pieces, (class, text); the classes are Pygments' short ones."""
        lexer = self._bridge.get_lexer(text, language, opts=self.config.highlight_options.get(language, {}), force=node.get("force", False), location=node)
        lines: list[list[list[str]]] = [[]]
        for token, piece in lex(text, lexer):
            while token not in STANDARD_TYPES:
                token = token.parent
            for number, part in enumerate(piece.split("\n")):
                if number:
                    lines.append([])
                if part:
                    lines[-1].append([STANDARD_TYPES[token], part])
        wanted = text.count("\n") + 1
        return (lines + [[] for _ in range(wanted)])[:wanted]

    def preformatted(self, node: nodes.Element) -> str:
        """Return a node whose text keeps its spaces and line ends, and whose links lead somewhere."""
        parts = []
        for child in node.children:
            if isinstance(child, nodes.Text):
                parts.append("#linebreak()".join(f"#{string(line)}" if line else "" for line in child.astext().split("\n")))
            elif isinstance(child, addnodes.literal_strong):
                parts.append(f"{self.anchors(child)}#strong[{self.preformatted(child)}]")
            else:
                parts.append(self.content([child]))
        return "".join(parts)
