import base64
import sys
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive

sys.path.insert(0, str(Path(__file__).parents[3] / "_ext"))

project = "All kinds of nodes"
author = copyright = "nobody"
version = release = "1.0"
language = "en_GB"
extensions = ["sphinx_design", "typst_book"]
exclude_patterns = ["golden"]
numfig = True
typst_fallback_fonts = ["Noto Sans Symbols", "Noto Sans CJK JP", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Emoji", "Noto Sans"]
typst_font_packages = ["manimgx_fonts", "manimgx_fonts_cjk"]
typst_chapter_breaks = 1
typst_signs = {"good": "✓"}
rst_prolog = """
.. role:: good
.. role:: quiet
"""


class Drawing(Directive):
    """An image with links over it, as an extension would make one."""

    def run(self):
        parts = "<rect width='90' height='40' fill='none' stroke='black'/><text x='9' y='20'>box</text>"
        svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='200' height='100'>{parts}</svg>"
        address = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
        links = [(0, 0, 90, 40, "lists", "Lists"), (100, 0, 90, 40, "https://example.org/", "Outside")]
        return [nodes.image("", uri=address, alt="Two boxes", candidates={"?": address}, links=links)]


def setup(app):
    app.add_directive("drawing", Drawing)
