"""Formulas: TeX as Typst mathematics; what cannot be converted is printed as it was written, and told."""

from __future__ import annotations

import re

from docutils import nodes

from .source import Code, arguments, string, value
from .writing import Writing, logger

# A formula's own code may name no function of Typst's outside of text, and may not end the formula.
_CALLS = re.compile(r"(?<!\\)#(?!text\[[^\[\]#$]*\])|(?<!\\)\$")


def converted(tex: str) -> str | None:
    """Return TeX mathematics as Typst mathematics, or None where it cannot be converted."""
    from tylax import L2TOptions, latex_to_typst

    source = tex.strip()
    if "\\\\" in source and "\\begin" not in source:
        source = rf"\begin{{aligned}}{source}\end{{aligned}}"
    try:
        code = latex_to_typst(source, options=L2TOptions(frac_to_slash=False))
    except Exception:  # whatever the converter stumbles over, it is the formula that is told
        return None
    code = re.sub(r"#text\[([^\[\]#$]*)\]", lambda text: string(text[1]), code.strip())
    return None if _CALLS.search(code) or not code else code


class Formulas(Writing):
    """Visit formulas."""

    def visit_math(self, node: nodes.Element) -> None:
        self._formula(node, block=False)

    def visit_math_block(self, node: nodes.Element) -> None:
        self._formula(node, block=True)

    def _formula(self, node: nodes.Element, *, block: bool) -> None:
        tex = node.astext()
        code = converted(tex)
        if code is None:
            logger.warning("the formula cannot be converted; it is printed as TeX: %s", tex, location=node, type="typst", subtype="math")
            shown = f"#raw({string(tex)})"
        else:
            number = node.get("number") if block else None
            numbering = Code(f"_ => {value(f'({number})')}") if number else None
            shown = f"#math.equation({arguments(block=block, alt=tex, numbering=numbering)}, ${' ' if block else ''}{code}{' ' if block else ''}$)"
        if block:
            self.block(node, self.anchors(node) + shown)
        else:
            self.put(self.anchors(node), shown)
        raise nodes.SkipNode

    def visit_displaymath(self, node: nodes.Element) -> None:
        self._formula(node, block=True)
