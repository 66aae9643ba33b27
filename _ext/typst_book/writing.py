"""What all parts of the translator share: where code is put, where it came from, and which anchors exist and are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxTranslator

from .source import Code, arguments, breakable, markup, value

if TYPE_CHECKING:
    from .builder import TypstBuilder
    from .sequence import Chapter

logger = logging.getLogger(__name__)

# The comment before a block that says where it came from: a compiler's message is traced back with it.
ORIGIN = "//@ "


def label(docname: str, target: str = "") -> str:
    """Return the name of a place in the book; ids are unique only within a page."""
    return f"{docname}--{target}"


@dataclass
class Places:
    """The places of one book: those that links can lead to, those that links ask for, and what is listed with its page."""

    known: dict[str, str] = field(default_factory=dict)  # label → page of the sources
    wanted: dict[str, tuple[str, int | None]] = field(default_factory=dict)  # label → page and line of the sources that ask for it
    numbered: dict[str, list[str]] = field(default_factory=dict)  # page of the sources → labels whose page numbers it prints
    titles: list[tuple[str, int, Code]] = field(default_factory=list)  # those of running heads: label, level, markup
    headings: dict[str, tuple[int, Code]] = field(default_factory=dict)  # label → level and markup
    captions: dict[str, Code] = field(default_factory=dict)  # label of a table or figure that may be listed → the rest of its call of `listed`


class Writing(SphinxTranslator):
    """Write one page's tree; `level` is that of its title."""

    builder: TypstBuilder

    def __init__(self, document: nodes.document, builder: TypstBuilder, chapter: Chapter, places: Places) -> None:
        super().__init__(document, builder)
        self.docname, self.level = chapter
        self.places = places
        self.longest = 44  # characters of a word before it may be broken; fewer where lines are short
        self.narrow = 0  # how deep in content that is set small: tables, fields, notes
        self.in_heading = False
        self._parts: list[str] = []
        self._origin: tuple[str, int | None] = ("", None)

    # --- Putting ---

    def put(self, *codes: str) -> None:
        """Add code."""
        self._parts += codes

    def content(self, given: nodes.Node | Iterable[nodes.Node]) -> str:
        """Return the markup of nodes: of a node's children, or of the nodes given."""
        outer, self._parts = self._parts, []
        try:
            for child in _children(given):
                child.walkabout(self)
            return "".join(self._parts).strip()
        finally:
            self._parts = outer

    def result(self) -> str:
        """Return all that was put."""
        return "".join(self._parts)

    def block(self, node: nodes.Element, code: str) -> None:
        """Add a block with its anchors and its origin."""
        self.origin(node)
        self.put(code, "\n\n")

    def call(self, node: nodes.Element, function: str, body: str | None = None, **options: Any) -> None:
        """Add a block that is a call of a function of the theme."""
        self.block(node, f"#{function}({arguments(**options)}){'' if body is None else f'[{body}]'}")

    def origin(self, node: nodes.Node) -> None:
        """Note where the next block comes from, if that is not where the last one did."""
        place = (self.docname, line_of(node))
        if place[1] is not None and place != self._origin:
            self._origin = place
            self.put(f"\n{ORIGIN}{place[0]}:{place[1]}\n")

    @contextmanager
    def set_small(self, longest: int) -> Iterator[None]:
        """Break words earlier within, and print no addresses there."""
        before, self.longest = self.longest, min(longest, self.longest)
        self.narrow += 1
        try:
            yield
        finally:
            self.narrow -= 1
            self.longest = before

    # --- Places ---

    def anchors(self, node: nodes.Element) -> str:
        """Return the places that a node's ids name, as inline code."""
        return "".join(f"#anchor({value(name)})" for name in self.names(node))

    def names(self, node: nodes.Element) -> list[str]:
        """Return the labels of a node's ids that no other node has."""
        if self.in_heading:
            return []  # a heading is shown in the contents and in running heads too
        targets: list[str] = list(dict.fromkeys(node.get("ids", [])))
        found = [name for name in (label(self.docname, target) for target in targets) if name not in self.places.known]
        self.know(*found)
        return found

    def know(self, *names: str) -> None:
        """Note that places lie on this page of the sources."""
        self.places.known.update(dict.fromkeys(names, self.docname))

    def want(self, name: str, node: nodes.Node, *, numbered: bool = False) -> None:
        """Note that a link leads to a place, and whether its page number is printed."""
        self.places.wanted.setdefault(name, (self.docname, line_of(node)))
        if numbered:
            self.places.numbered.setdefault(self.docname, []).append(name)

    # --- Text ---

    def visit_Text(self, node: nodes.Text) -> None:
        self.put(markup(breakable(node.astext(), self.longest)))

    def depart_Text(self, node: nodes.Text) -> None:
        """Do nothing: all is said."""

    def unknown_visit(self, node: nodes.Node) -> None:
        logger.warning("no way is known to print a node of type %s; its text is printed", type(node).__name__, location=node, type="typst", subtype="node")

    def unknown_departure(self, node: nodes.Node) -> None:
        """Do nothing: the visit has warned."""


def _children(given: nodes.Node | Iterable[nodes.Node]) -> Iterable[nodes.Node]:
    return given.children if isinstance(given, nodes.Element) else () if isinstance(given, nodes.Node) else given


def line_of(node: nodes.Node | None) -> int | None:
    """Return the line that a node came from: its own, or that of what it stands in."""
    while node is not None:
        if node.line is not None:
            return node.line
        node = node.parent
    return None
