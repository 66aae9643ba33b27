"""Descriptions of objects: functions, classes, options, grammar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from .code import CodeBlocks

if TYPE_CHECKING:
    from sphinx import addnodes


class Descriptions(CodeBlocks):
    """Visit the nodes that object descriptions are made of."""

    def _plain(self, node: nodes.Element) -> None:
        self.put(self.anchors(node))

    def _nothing(self, node: nodes.Element) -> None:
        """Do nothing."""

    visit_desc = _plain
    depart_desc = _nothing

    def visit_desc_signature(self, node: nodes.Element) -> None:
        lines = [child for child in node.children if type(child).__name__ == "desc_signature_line"]
        body = "#linebreak()".join(map(self.content, lines)) if lines else self.content(node)
        self.call(node, "signature", self.anchors(node) + body)
        raise nodes.SkipNode

    visit_desc_signature_line = _plain
    depart_desc_signature_line = _nothing

    def visit_desc_content(self, node: nodes.Element) -> None:
        if body := self.content(node):
            self.call(node, "description", body)
        raise nodes.SkipNode

    visit_desc_inline = visit_desc_addname = visit_desc_type = visit_desc_annotation = _plain
    depart_desc_inline = depart_desc_addname = depart_desc_type = depart_desc_annotation = _nothing

    def visit_desc_name(self, node: nodes.Element) -> None:
        self.put(self.anchors(node), "#strong[")

    def depart_desc_name(self, node: nodes.Element) -> None:
        self.put("]")

    def visit_desc_returns(self, node: nodes.Element) -> None:
        self.put(" → ", self.anchors(node))

    depart_desc_returns = _nothing

    def _parameters(self, node: nodes.Element, left: str, right: str) -> None:
        """Print parameters with commas between them, and the optional ones in brackets."""
        shown: list[str] = []
        for child in node.children:
            text = self.content([child])
            optional = type(child).__name__ == "desc_optional"
            shown.append(text if optional or not shown else f", {text}")
        self.put(self.anchors(node), rf"\{left}", "".join(shown), rf"\{right}")
        raise nodes.SkipNode

    def visit_desc_parameterlist(self, node: addnodes.desc_parameterlist) -> None:
        self._parameters(node, "(", ")")

    def visit_desc_type_parameter_list(self, node: nodes.Element) -> None:
        self._parameters(node, "[", "]")

    def visit_desc_optional(self, node: nodes.Element) -> None:
        self.put(r"\[, " if node.parent.index(node) else r"\[", ", ".join(self.content([child]) for child in node.children), r"\]")
        raise nodes.SkipNode

    def visit_desc_parameter(self, node: nodes.Element) -> None:
        self.put(self.anchors(node), "" if node.get("noemph") else "#emph[")

    def depart_desc_parameter(self, node: nodes.Element) -> None:
        self.put("" if node.get("noemph") else "]")

    visit_desc_type_parameter = visit_desc_parameter
    depart_desc_type_parameter = depart_desc_parameter

    def visit_productionlist(self, node: nodes.Element) -> None:
        """Print a grammar, a rule on each line; Sphinx has aligned them with spaces."""
        lines = [self.anchors(rule) + self.preformatted(rule) for rule in node.children if isinstance(rule, nodes.Element)]
        self.call(node, "parsed-code", self.anchors(node) + "".join(lines).removesuffix("#linebreak()"))
        raise nodes.SkipNode

    def visit_production(self, node: nodes.Element) -> None:
        self.put(self.anchors(node))

    depart_production = _nothing
