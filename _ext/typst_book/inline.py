"""Pieces of a line: emphasis, code, marks, and all that is only text."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes

from .source import breakable, string, value
from .writing import Writing


class Inline(Writing):
    """Visit inline nodes other than references."""

    def _open(self, node: nodes.Element, function: str) -> None:
        self.put(self.anchors(node), f"#{function}[")

    def _close(self, node: nodes.Element) -> None:
        self.put("]")

    def visit_emphasis(self, node: nodes.Element) -> None:
        self._open(node, "emph")

    depart_emphasis = _close

    def visit_strong(self, node: nodes.Element) -> None:
        self.put(self.anchors(node), self._sign(node), "#strong[")

    depart_strong = _close

    def visit_subscript(self, node: nodes.Element) -> None:
        self._open(node, "sub")

    depart_subscript = _close

    def visit_superscript(self, node: nodes.Element) -> None:
        self._open(node, "super")

    depart_superscript = _close

    def visit_title_reference(self, node: nodes.Element) -> None:
        self._open(node, "emph")

    depart_title_reference = _close

    def visit_problematic(self, node: nodes.Element) -> None:
        self._open(node, "problematic")

    depart_problematic = _close

    def visit_abbreviation(self, node: nodes.Element) -> None:
        self.put(self.anchors(node))

    def depart_abbreviation(self, node: nodes.Element) -> None:
        if node.get("explanation") and not isinstance(node.parent.parent, addnodes.desc_parameter):
            self.visit_Text(nodes.Text(f" ({node['explanation']})"))

    def _plain(self, node: nodes.Element) -> None:
        self.put(self.anchors(node))

    def _nothing(self, node: nodes.Element) -> None:
        """Do nothing."""

    visit_acronym = visit_generated = _plain
    depart_acronym = depart_generated = _nothing

    def visit_inline(self, node: nodes.Element) -> None:
        function = next((name for name in ("guilabel", "menuselection", "accelerator", "kbd", "quiet", "sd-badge") if name in node["classes"]), None)
        if "math" in node["classes"] or function is None:
            function = "" if "classifier" not in node["classes"] else "emph"
        self.put(self.anchors(node), self._sign(node), f"#{function}[" if function else "")
        node["closes"] = bool(function)

    def depart_inline(self, node: nodes.Element) -> None:
        self.put("]" if node["closes"] else "")

    def _sign(self, node: nodes.Element) -> str:
        """Return the sign that the project put before this class of text: it decorates, the text carries the meaning."""
        signs: dict[str, str] = self.config.typst_signs
        sign = next((signs[name] for name in node["classes"] if name in signs), "")
        return f"#sign({value(sign)})" if sign else ""

    # --- Code within a line ---

    def visit_literal(self, node: nodes.Element) -> None:
        text = node.astext()
        classes = node["classes"]
        if "kbd" in classes or "guilabel" in classes:
            self.put(self.anchors(node), f"#kbd[#{string(text)}]")
        else:
            self.put(self.anchors(node), f"#raw({string(breakable(text, min(self.longest, 30)))})")
        raise nodes.SkipNode

    def visit_literal_strong(self, node: nodes.Element) -> None:
        self.put(self.anchors(node), f"#strong[#raw({string(node.astext())})]")
        raise nodes.SkipNode

    def visit_literal_emphasis(self, node: nodes.Element) -> None:
        # A file's name with a part to fill in, or a manual page.
        self._open(node, "literal-emphasis")

    depart_literal_emphasis = _close

    def visit_manpage(self, node: nodes.Element) -> None:
        self._open(node, "literal-emphasis")

    depart_manpage = _close

    # --- What is not printed ---

    def _skip(self, node: nodes.Node) -> None:
        raise nodes.SkipNode

    visit_comment = visit_meta = visit_highlightlang = visit_tabular_col_spec = visit_substitution_definition = visit_system_message = _skip
    visit_colspec = visit_pending = visit_decoration = visit_header = visit_footer = _skip

    def visit_index(self, node: addnodes.index) -> None:
        """Print nothing: the entries' targets follow, and the index is made from the environment's list."""
        self.put(self.anchors(node))
        raise nodes.SkipNode

    def visit_raw(self, node: nodes.Element) -> None:
        """Take what was written for Typst; what is for other formats is not for us."""
        if "typst" in node.get("format", "").split():
            self.put(node.astext())
            if not isinstance(node.parent, nodes.TextElement):
                self.put("\n\n")
        raise nodes.SkipNode
