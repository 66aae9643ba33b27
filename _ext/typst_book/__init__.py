"""A PDF book from any Sphinx project, typeset by Typst: `sphinx -b typst`.

The documents' trees become one Typst source, and that becomes one PDF: tagged, bookmarked, with every font in it. Nothing is
needed but the `typst` wheel: no TeX, no browser, no system library. The settings are described in `settings.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__version__ = "0.1.0"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the builder and its settings; the compiler itself is not imported before a book is built."""
    from . import settings
    from .builder import TypstBuilder

    settings.register(app)
    app.add_builder(TypstBuilder)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
