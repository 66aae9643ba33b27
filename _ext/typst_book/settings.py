"""What a project sets in its conf.py, checked once, with defaults that make a book of any project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from sphinx.errors import ConfigError
from sphinx.util.osutil import make_filename_from_project

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

# name: (default, what it is). All are read when the PDF is made only, so changing one reads no page again.
SETTINGS: dict[str, tuple[Any, str]] = {
    "typst_documents": ([], "The books, a dictionary each, with the keys of `Book`; without any, one of the whole project."),
    "typst_text_font": (["Libertinus Serif"], "Families for running text, the first that has a letter shows it."),
    "typst_heading_font": ([], "Families for headings, tables, captions and notes; without any, those of running text."),
    "typst_code_font": (["DejaVu Sans Mono"], "Families for code."),
    "typst_math_font": (["New Computer Modern Math"], "Families for formulas."),
    "typst_fallback_fonts": ([], "Families for letters that the others have not, in the order in which they are asked."),
    "typst_font_packages": ([], "Python packages that hold font files."),
    "typst_font_paths": ([], "Folders with font files, from the folder of conf.py."),
    "typst_system_fonts": (False, "Whether the machine's own fonts are used too; then the book depends on the machine."),
    "typst_paper": ("a4", "The paper, as Typst names it."),
    "typst_accent": ("#1c4e80", "The colour of headings, rules and links."),
    "typst_pdf": (True, "Whether the PDF is made; without it only its Typst source is, in the folder `source`."),
    "typst_standards": (["ua-1"], "Standards that the PDF must meet; with ua-1 a letter that no font has ends the build."),
    "typst_contents_depth": (2, "How many levels of headings the contents list."),
    "typst_chapter_breaks": (1, "Titles up to this level begin a page."),
    "typst_show_urls": ("footnote", "How addresses of links out of the book are printed: 'footnote' or 'no'."),
    "typst_signs": ({}, "Signs put before inline elements of a class, {class: sign}; they decorate, and are not read out."),
    "typst_style": ("", "A Typst file of the project, with a function `style(body)` that is applied to the whole book."),
    "typst_wide_columns": (8, "Tables of so many columns or more stand on landscape pages; others where their rows would get tall."),
    "typst_largest_piece": (
        2_000_000,
        "How much Typst source the compiler is given at once, in characters, of which each block of content counts 100 more (2,000,000 take it some 400 MB): a "
        "larger book is set in pieces that are joined. Where a part of more than that is cut, a page of the sources begins a page. 0 sets any book whole.",
    ),
    "typst_largest_image": (20, "The largest image that is taken, in MB."),
}


@dataclass(frozen=True)
class Book:
    """One PDF: `start` is its first page, `file` its name in the output folder."""

    start: str
    file: str
    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    imprint: tuple[str, ...] = ()  # paragraphs at the foot of the title page: licence, how to cite
    description: str = ""
    keywords: tuple[str, ...] = ()
    without: tuple[str, ...] = ()  # pages, and folders of pages, that the book leaves out; links to them are text
    opening: str = ""  # heading of the first page's own text; without one, that page's title


def books(config: Config) -> list[Book]:
    """Return the books that a project asks for.

    Raises ConfigError, which names the setting, for keys that are unknown or of another type.
    """
    asked: Sequence[Mapping[str, Any]] = config.typst_documents or [{}]
    return [_book(config, number, given) for number, given in enumerate(asked)]


def _book(config: Config, number: int, given: Mapping[str, Any]) -> Book:
    where = f"typst_documents[{number}]"
    known = {field.name: field for field in fields(Book)}
    if not isinstance(given, Mapping):
        raise ConfigError(f"{where}: expected a dictionary with some of the keys {', '.join(known)}, not {given!r}")
    for name, item in given.items():
        if name not in known:
            raise ConfigError(f"{where}: unknown key {name!r}; the keys are {', '.join(known)}")
        several = name in ("authors", "imprint", "keywords", "without")
        if not (isinstance(item, (list, tuple)) and all(isinstance(part, str) for part in item) if several else isinstance(item, str)):
            raise ConfigError(f"{where}: {name}: expected {'a list of texts' if several else 'a text'}, not {item!r}")
    defaults = {
        "start": config.root_doc,
        "file": f"{make_filename_from_project(config.project)}.pdf",
        "title": config.project,
        "authors": [config.author] if config.author and config.author != "unknown" else [],
        "imprint": [config.copyright] if isinstance(config.copyright, str) and config.copyright else [],
    }
    chosen: dict[str, Any] = {name: tuple(item) if isinstance(item, list) else item for name, item in (defaults | dict(given)).items()}
    return Book(**chosen)


def register(app: Sphinx) -> None:
    """Register all settings."""
    for name, (default, about) in SETTINGS.items():
        app.add_config_value(name, default, "", description=about)
