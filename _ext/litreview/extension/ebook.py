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

    def get_toc(self) -> None:
        """List record pages after the page that lists them: it keeps them from sidebars (`tocdepth`), but a book is read from page to page."""
        super().get_toc()
        listed = {entry["refuri"] for entry in self.refnodes}
        whole: list[dict[str, Any]] = []
        waiting: list[list[dict[str, Any]]] = []  # pages to come at the end of each chapter that is still open
        docnames = {escape(self.get_target_uri(docname)): docname for docname in self.env.found_docs}
        for entry in [*self.refnodes, {"level": 0}]:
            while len(waiting) >= max(entry["level"], 1):
                whole += waiting.pop()
            if not entry["level"]:
                break
            whole.append(entry)
            waiting += [[] for _ in range(entry["level"] - 1 - len(waiting))]
            included = self.env.toctree_includes.get(docnames.get(entry["refuri"], ""), [])
            unlisted = [docname for docname in included if docname in self.env.titles and escape(self.get_target_uri(docname)) not in listed]
            waiting.append(
                [
                    {"level": entry["level"] + 1, "refuri": escape(self.get_target_uri(docname)), "text": escape(self.env.titles[docname].astext())}
                    for docname in unlisted
                ]
            )
        self.refnodes = whole

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
