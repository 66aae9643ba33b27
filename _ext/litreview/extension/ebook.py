"""Make the e-book one that every reader takes: pages say what is in them and in which language (finishing phase).

Sphinx's own builder writes neither the properties that EPUB asks of a page with a drawing in it, nor the language of a page; and
its languages are names of translations (`en_GB`), not the tags that EPUB asks for (`en-GB`).
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from sphinx.builders.epub3 import Epub3Builder

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders._epub_base import NavPoint as OldNavPoint
    from sphinx.builders.epub3 import NavPoint

# What a page's entry in the manifest has to declare, by the elements that it has; https://www.w3.org/TR/epub-33/#app-item-properties-vocab
PROPERTIES = {"mathml": ("math",), "scripted": ("script", "form"), "svg": ("svg",)}
_ELEMENTS = {name: re.compile(rf"<(?:{'|'.join(elements)})[\s/>]") for name, elements in PROPERTIES.items()}
_ITEM = re.compile(r'(<item id="[^"]*" href="(?P<href>[^"]*)" media-type="application/xhtml\+xml") ?/>')


def properties(page: str) -> list[str]:
    """Return what the manifest has to declare of an XHTML page; text in it cannot look like an element."""
    return [name for name, element in _ELEMENTS.items() if element.search(page)]


class EbookBuilder(Epub3Builder):
    """Write an EPUB 3 whose manifest and languages are right."""

    def init(self) -> None:
        """Put the language on every page."""
        super().init()
        self.html_tag = f'{Epub3Builder.html_tag[:-1]} lang="{self._language}" xml:lang="{self._language}">'

    @property
    def _language(self) -> str:
        return escape(self.config.epub_language.replace("_", "-"))

    def content_metadata(self) -> dict[str, Any]:
        """Return the metadata with the book's language."""
        return super().content_metadata() | {"lang": self._language}

    def navigation_doc_metadata(self, navlist: list[NavPoint]) -> dict[str, Any]:
        """Return what the contents page is made from with its language."""
        return super().navigation_doc_metadata(navlist) | {"lang": self._language}

    def toc_metadata(self, level: int, navpoints: list[OldNavPoint]) -> dict[str, Any]:
        """Return what the contents for older readers are made from with the book's identifier, where Sphinx puts the name of its element."""
        return super().toc_metadata(level, navpoints) | {"uid": escape(self.config.epub_identifier)}

    def build_content(self) -> None:
        """Write the manifest, and declare in it what the pages hold."""
        super().build_content()
        manifest = self.outdir / "content.opf"

        def declared(item: re.Match[str]) -> str:
            page = self.outdir / unquote(item["href"])
            found = properties(page.read_text("utf-8")) if page.exists() else []  # the contents page is written later
            return f'{item[1]} properties="{" ".join(found)}" />' if found else item[0]

        manifest.write_text(_ITEM.sub(declared, manifest.read_text("utf-8")), "utf-8")


def register(app: Sphinx) -> None:
    """Put this builder in the place of Sphinx's own."""
    app.add_builder(EbookBuilder, override=True)
