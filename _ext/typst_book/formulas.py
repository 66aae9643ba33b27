"""Formulas: TeX as Typst mathematics; what cannot be converted is printed as it was written, and told."""

from __future__ import annotations

import re

from docutils import nodes

from .source import Code, arguments, string, value
from .writing import Writing, logger

# A formula's own code may name no function of Typst's outside of text, and may not end the formula.
_TEXT = re.compile(r"#text\[((?:[^\[\]#$\\]|\\.)*)\]")
_CALLS = re.compile(r"(?<!\\)[#$]")


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
    texts: list[str] = []

    def keep(text: re.Match[str]) -> str:
        texts.append(string(re.sub(r"\\(.)", r"\1", text[1])))
        return f"\0{len(texts) - 1}\0"

    code = _TEXT.sub(keep, code.strip())
    if not code or _CALLS.search(code):
        return None
    return re.sub("\0(\\d+)\0", lambda number: texts[int(number[1])], code)


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
            shown = f"#math.equation({arguments(block=block, alt=tex.strip(), numbering=numbering)}, ${' ' if block else ''}{code}{' ' if block else ''}$)"
        if block:
            self.block(node, self.anchors(node) + shown)
        else:
            self.put(self.anchors(node), shown)
        raise nodes.SkipNode

    def visit_displaymath(self, node: nodes.Element) -> None:
        self._formula(node, block=True)
