"""Images and figures.

An image may carry `links`, boxes over it that lead somewhere: a list of (x, y, width, height, address, text), lengths in the
image's own pixels, the address `https://…` or the name of a page. Other builders take no notice of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes

from .pictures import PIXEL, PictureError, Size, length, relative
from .references import _OUT
from .source import Code, arguments, markup, string, value
from .table_layout import PORTRAIT
from .tables import Tables
from .writing import label, logger

_SHRUNK = 0.62  # an image that must be made smaller than this to stand upright stands on a landscape page
_SPREAD = 1.3  # and only if it is so much wider than high


class Figures(Tables):
    """Visit images and figures."""

    def visit_image(self, node: nodes.Element) -> None:
        inline = isinstance(node.parent, nodes.TextElement)
        code, _ = self._picture(node, inline=inline)
        if inline or self.in_heading:
            self.put(self.anchors(node), code)
        elif "align" in node and node["align"] in ("left", "center", "right"):
            self.block(node, f"#align({node['align']})[{self.anchors(node)}{code}]")
        else:
            self.block(node, self.anchors(node) + code)
        raise nodes.SkipNode

    def _picture(self, node: nodes.Element, *, inline: bool) -> tuple[str, Size]:
        """Return an image's code, or its alternative text where it cannot be printed, which is told."""
        alternative = node.get("alt") or ""
        try:
            name, natural = self._file(node)
        except PictureError as error:
            logger.warning("%s: %s", _shortened(node["uri"]), error, location=node, type="typst", subtype="image")
            return f"#missing-image[{markup(alternative or _shortened(node['uri']))}]", Size(0, 0)
        if not alternative and not inline and "ua-1" in self.config.typst_standards:
            logger.warning("%s: the image has no alternative text, which the standard ua-1 asks for", _shortened(node["uri"]),
                           location=node, type="typst", subtype="alternative")  # fmt: skip
        size = _wanted(node, natural)
        options: dict[str, Any] = {"width": _pt(size.width), "height": _pt(size.height), "alternative": alternative or None, "inline": inline or None}
        if share := relative(str(node.get("width", ""))):
            options |= {"width": Code(f"{share}%"), "height": None}
        links = self._links(node, natural)
        return f"#picture({string(name)}, {arguments(**options)}{links})", size

    def _file(self, node: nodes.Element) -> tuple[str, Size]:
        address = node["uri"]
        if address.startswith("data:"):
            return self.builder.pictures.decode(address)
        if address not in self.builder.images:
            raise PictureError("the image is not there, or is of a kind that cannot be printed")
        return self.builder.pictures.take(Path(self.builder.srcdir, address))

    def _links(self, node: nodes.Element, natural: Size) -> str:
        """Return the boxes over an image, in shares of its width and height."""
        boxes = []
        given: list[tuple[float, float, float, float, str, str]] = node.get("links", []) if natural.width and natural.height else []
        for x, y, wide, high, address, text in given:
            sides = ((x, natural.width), (y, natural.height), (wide, natural.width), (high, natural.height))
            place = [Code(f"{100 * side * PIXEL / whole:.3f}%") for side, whole in sides]
            if _OUT.match(address):
                boxes.append([*place, address, text, True])
            else:
                name = label(address)
                self.want(name, node)
                boxes.append([*place, name, text, False])
        return f", links: {value(boxes)}" if boxes else ""

    def visit_figure(self, node: nodes.Element) -> None:
        caption = next((child for child in node.children if isinstance(child, nodes.caption)), None)
        legend = next((child for child in node.children if isinstance(child, nodes.legend)), None)
        parts, widest = [], Size(0, 0)
        for child in node.children:
            if child in (caption, legend):
                continue
            if isinstance(child, nodes.image):
                code, size = self._picture(child, inline=False)
                widest = max(widest, size)
                parts.append(self.anchors(child) + code)
            else:
                parts.append(self.content([child]))
        self._number += 1
        names = [f"{label(self.docname)}figure-{self._number}", *self.names(node)]
        self.know(names[0])
        shown = self.content(caption) if caption is not None else None
        with self.set_small(30):
            below = self.content(legend) if legend is not None else None
        title, number = None if shown is None else Code(f"[{shown}]"), self.figure_number(node, "figure")
        self.places.captions[names[0]] = Code(f"image, {arguments(caption=title, numbered=number)}")
        options = arguments(caption=title, legend=None if below is None else Code(f"[{below}]"), names=names, numbered=number)
        code = f"#figure-of({options})[{''.join(parts)}]"
        turned = widest.width * _SHRUNK > PORTRAIT and widest.width > widest.height * _SPREAD
        if turned and not self.landscape and not self.narrow:
            self.deferred.append(code + "\n")
            self.want(names[0], node, numbered=True)
            self.call(node, "elsewhere", shown or "", name=names[0])
        else:
            self.block(node, code)
        raise nodes.SkipNode

    def visit_legend(self, node: nodes.Element) -> None:
        """Do nothing: the figure prints its legend."""


def _wanted(node: nodes.Element, natural: Size) -> Size:
    """Return the size that the author asked for, else the file's own, in pt."""
    width, height = (length(str(node.get(side, ""))) for side in ("width", "height"))
    scale = float(node.get("scale", 100)) / 100
    ratio = natural.height / natural.width if natural.width else 0
    if width is None and height is None:
        return Size(natural.width * scale, natural.height * scale)
    if width is None:
        width = (height or 0) / ratio if ratio else 0
    if height is None:
        height = width * ratio
    return Size(width * scale, height * scale)


def _pt(given: float) -> Code | None:
    return Code(f"{given:.2f}pt") if given else None


def _shortened(address: str) -> str:
    return address if len(address) <= 60 else address[:57] + "…"
