"""Components of sphinx-design: cards, grids, tabs, dropdowns, badges, buttons, steps.

They are known by what they call themselves, so nothing is imported and nothing needs to be installed. A book shows all of
them open: tabs one after the other, dropdowns with their content.
"""

from __future__ import annotations

from docutils import nodes

from .source import Code, string
from .writing import Writing


class Components(Writing):
    """Visit containers, and the inline nodes of sphinx-design."""

    def visit_container(self, node: nodes.Element) -> None:
        name = node.get("design_component", "")
        if "notes" in node["classes"]:
            with self.set_small(24):
                body = self.content(node)
            self.call(node, "notes", self.anchors(node) + body)
            raise nodes.SkipNode
        if name in ("card", "dropdown", "tab-item", "aside", "accordion"):
            self._box(node)
        if name == "grid-row" or name == "card-carousel":
            self._row(node)
        if name == "card-title":
            self.call(node, "card-title", self.content(node))
            raise nodes.SkipNode
        if name in ("card-header", "card-footer"):
            self.call(node, "card-edge", self.content(node))
            raise nodes.SkipNode
        self.put(self.anchors(node))

    def depart_container(self, node: nodes.Element) -> None:
        """Do nothing: its children are all there is."""

    def _box(self, node: nodes.Element) -> None:
        title = next((child for child in node.children if isinstance(child, nodes.rubric)), None)
        link = _stretched(node)
        body = self.content(child for child in node.children if child not in (title, link))
        head = Code(f"[{self.anchors(title)}{self.content(title)}]") if title is not None else None
        if link is not None:
            # The whole card is the link in a browser; here it is a line of the card.
            body += "\n\n" + self.content([link])
        self.call(node, "panel", self.anchors(node) + body, title=head)
        raise nodes.SkipNode

    def _row(self, node: nodes.Element) -> None:
        cells = [f"[{self.content([child])}],\n" for child in node.children]
        cells = [cell for cell in cells if cell != "[],\n"]
        if cells:
            self.block(node, f"{self.anchors(node)}#side-by-side({min(len(cells), 3)},\n{''.join(cells)})")
        raise nodes.SkipNode

    # --- Inline ---

    def _plain(self, node: nodes.Element) -> None:
        self.put(self.anchors(node))

    def _nothing(self, node: nodes.Element) -> None:
        """Do nothing."""

    visit_PassthroughTextElement = _plain

    def depart_PassthroughTextElement(self, node: nodes.Element) -> None:
        self.put("\n\n")

    def visit_sd_badge(self, node: nodes.Element) -> None:
        self.put(self.anchors(node), "#badge[")

    def depart_sd_badge(self, node: nodes.Element) -> None:
        self.put("]")

    def visit_sd_line_break(self, node: nodes.Element) -> None:
        self.put("#linebreak()")
        raise nodes.SkipNode

    def visit_sd_icon(self, node: nodes.Element) -> None:
        """Draw an icon beside the text; it decorates."""
        self.put(f"#icon({string(node['svg'])})" if 'xmlns="' in node["svg"] else f"#icon({string(node['svg'].replace('<svg', _SVG, 1))})")
        raise nodes.SkipNode

    def visit_fontawesome(self, node: nodes.Element) -> None:
        """Print nothing: the icons are a font of the browser's, and decorate."""
        raise nodes.SkipNode

    visit_dropdown_main = visit_dropdown_title = visit_aside_main = _plain
    depart_dropdown_main = depart_dropdown_title = depart_aside_main = _nothing


_SVG = '<svg xmlns="http://www.w3.org/2000/svg"'


def _stretched(node: nodes.Element) -> nodes.Node | None:
    """Return the link that covers a card."""
    for child in node.children:
        if isinstance(child, nodes.TextElement) and any("sd-stretched-link" in found["classes"] for found in child.findall(nodes.reference)):
            return child
    return None
