"""The builder: pages in the order of the toctrees, one Typst source, one PDF (writing phase)."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Set
from glob import escape
from pathlib import Path
from typing import Any, ClassVar

from sphinx.builders import Builder
from sphinx.errors import ConfigError, NoUri
from sphinx.locale import _, __
from sphinx.util import logging
from sphinx.util.display import progress_message
from sphinx.util.i18n import format_date

from . import back_matter, fonts
from .compilation import BookError, check_compiler, compile_book
from .cutting import MARK, Written, cut
from .pictures import SUFFIXES, Pictures
from .sequence import Chapter, sequence
from .settings import Book, books
from .source import Code, value
from .translator import Translator
from .writing import Places, label

logger = logging.getLogger(__name__)
_ANCHOR = re.compile(r'#anchor\("([^"\\]*)"\)')
_LINK = re.compile(r'#to\("((?:[^"\\]|\\.)*)"\)\[')


class TypstBuilder(Builder):
    """Make a PDF of each book that `typst_documents` asks for."""

    name = "typst"
    format = "typst"
    epilog = __("The book is in %(outdir)s.")
    supported_image_types: ClassVar[list[str]] = list(SUFFIXES)
    supported_data_uri_images: ClassVar[bool] = True
    default_translator_class = Translator

    def init(self) -> None:
        try:
            check_compiler()
        except BookError as error:
            raise SystemExit(f"{self._app.srcdir}: {error}") from None  # before any page is read; the line is all there is to say
        self._books = books(self.config)
        self._fonts = fonts.folders(self.config, Path(self.confdir))
        self._stacks = fonts.stacks(self.config)
        self._docnames: set[str] = set()
        self.pictures = Pictures(Path(self.outdir, "source"), self.config.typst_largest_image * 1_000_000, ", ".join(self._stacks["heading"]))

    # --- What Sphinx asks a builder ---

    def get_outdated_docs(self) -> str:
        return "all documents"  # a book is one file

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        if docname not in self._docnames and docname != "genindex":
            raise NoUri(docname, typ)
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        return self.get_target_uri(to, typ)

    def holds(self, docname: str | None) -> bool:
        """Tell whether the book that is being made has a page."""
        return docname in self._docnames

    def write_documents(self, docnames: Set[str]) -> None:
        self.pictures.clear()
        for book in self._books:
            if book.start not in self.env.found_docs:
                logger.warning("typst_documents: there is no page %s", book.start, type="typst", subtype="config")
                continue
            with progress_message(__("typesetting %s") % book.file, nonl=False):
                try:
                    self._make(book)
                except BookError as error:
                    # Told like any other fault, by page and line; a traceback of the compiler's helps nobody.
                    for docname, line, message in error.faults:
                        logger.error("%s", message, location=(docname, line) if docname else None, type="typst", subtype="compiler")
                    self._app.statuscode = 1

    def finish(self) -> None:
        """Do nothing: the book is written."""

    # --- One book ---

    def _make(self, book: Book) -> None:
        target = Path(self.outdir, book.file)
        target.unlink(missing_ok=True)  # what could not be made anew is not left from before
        source = self.pictures.folder / f"{target.stem}.typ"
        source.parent.mkdir(parents=True, exist_ok=True)
        for piece in source.parent.glob(f"{escape(target.stem)}.*"):
            piece.unlink()  # this book may have fewer
        source.write_text(self._source(book), "utf-8")
        if not self.config.typst_pdf:
            return
        partial = target.with_suffix(".part")
        warned = compile_book(
            source, partial, self._fonts, standards=self.config.typst_standards, system_fonts=self.config.typst_system_fonts, timestamp=_now(),
        )  # fmt: skip
        for docname, line, message in warned:
            logger.warning("%s", message, location=(docname, line) if docname else None, type="typst", subtype="compiler")
        partial.replace(target)

    def _source(self, book: Book) -> str:
        chapters = sequence(self.env, book.start, book.without)
        self._docnames = {chapter.docname for chapter in chapters}
        places = Places()
        pages = [self._page(chapter, book, places) for chapter in chapters]
        pages.append(Written("genindex", back_matter.index(self, places), begins_page=True, ends_page=False))
        lost = {name: place for name, place in places.wanted.items() if name not in places.known}
        for name, (docname, line) in lost.items():
            if name != label("genindex"):  # a project without index entries has none
                logger.warning("the link leads to no place in the book: %s", name.replace("--", "#", 1), location=(docname, line), type="typst", subtype="link")
        wanted = sorted(places.wanted.keys() - lost.keys())
        (self.pictures.folder / "wanted.json").write_text(json.dumps(wanted), "utf-8")

        def cleared(code: str) -> str:
            if lost:
                code = _LINK.sub(lambda link: "#[" if link[1].replace('\\"', '"').replace("\\\\", "\\") in lost else link[0], code)
            # A place that no link leads to is only work for the compiler; pages keep theirs.
            return _ANCHOR.sub(lambda anchor: anchor[0] if anchor[1].endswith("--") or anchor[1] in places.wanted else "", code)

        pieces = cut([page._replace(code=cleared(page.code)) for page in pages if page.code], self.config.typst_largest_piece)
        if len(pieces) > 1:
            lying: dict[str, list[str]] = {}
            for name in wanted:
                lying.setdefault(places.known[name], []).append(name)
            told = {
                "pieces": [
                    {key: [name for page in piece for name in found.get(page.docname, ())] for key, found in (("names", lying), ("numbered", places.numbered))}
                    for piece in pieces
                ],
                "headings": {name: (level, cleared(code)) for name, (level, code) in places.headings.items()},
                "titles": [(name, level) for name, level, _ in places.titles],
                "captions": {name: cleared(code) for name, code in places.captions.items()},
            }
            (self.pictures.folder / f"{Path(book.file).stem}.pieces.json").write_text(json.dumps(told), "utf-8")
        return self._head(book, places) + MARK.join("".join(page.code for page in piece) for piece in pieces)

    def _page(self, chapter: Chapter, book: Book, places: Places) -> Written:
        tree = self.env.get_doctree(chapter.docname)
        self.env.resolve_references(tree, chapter.docname, self)
        self.post_process_images(tree)
        translator = self.create_translator(tree, self, chapter, places)
        assert isinstance(translator, Translator)
        translator.is_first = chapter.docname == book.start
        translator.opening = book.opening if translator.is_first else ""
        translator.prepare()
        tree.walkabout(translator)
        code = f"\n//@ {chapter.docname}\n{translator.turned()}\n"
        turned = translator.landscape
        return Written(chapter.docname, code, begins_page=turned or translator.begins_page, ends_page=turned or bool(translator.deferred))

    def _head(self, book: Book, places: Places) -> str:
        """Write the theme and what it is told, and return how the source begins."""
        folder = self.pictures.folder
        (folder / "theme.typ").write_bytes(Path(__file__).with_name("theme.typ").read_bytes())
        (folder / "settings.typ").write_text(f"#let settings = {value(self._settings(book))}\n", "utf-8")
        head = f'#import "theme.typ": *\n#show: book.with(titles: {value(places.titles)})\n'
        if self.config.typst_style:
            try:
                own = Path(self.confdir, self.config.typst_style).read_bytes()
            except OSError as error:
                raise ConfigError(f"typst_style: {self.config.typst_style} cannot be read: {error.strerror}") from None
            (folder / "style.typ").write_bytes(own)
            head += '#import "style.typ": style\n#show: style\n'
        return head

    def _settings(self, book: Book) -> dict[str, Any]:
        """Return what the theme is told."""
        config = self.config
        when = time.gmtime(_now())
        language, _separator, region = config.language.replace("-", "_").partition("_")
        return {
            "title": book.title,
            "subtitle": book.subtitle or None,
            "authors": book.authors,
            "imprint": book.imprint,
            "description": book.description or None,
            "keywords": book.keywords,
            "release": config.release,
            "date": config.today or format_date(config.today_fmt or "%-d %B %Y", language=config.language),
            "created": Code(f"datetime(year: {when.tm_year}, month: {when.tm_mon}, day: {when.tm_mday})"),
            "language": language,
            "region": region if len(region) == 2 else None,
            "fonts": self._stacks,
            "accent": Code(f"rgb({value(config.typst_accent)})"),
            "paper": config.typst_paper,
            "depth": config.typst_contents_depth,
            "words": {
                "contents": _("Contents"), "tables": _("Tables"), "figures": _("Figures"), "page": _("Page"), "of": _("of"), "table": _("Table"),
                "figure": _("Fig. %s").replace("%s", "").strip(), "listing": _("Listing %s").replace("%s", "").strip(),
            },
        }  # fmt: skip


def _now() -> int:
    """Return the time that the book is dated with, in seconds."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
