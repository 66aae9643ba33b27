"""List a record's generated sections (facts, verdicts, lineage, citations) in its page's own contents (writing phase).

Sphinx lists what stands in the page's text; the generated sections are longer, and what most readers come for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .domain import ReviewDomain

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

_SECTION = re.compile(r'<section class="[^"]+" aria-labelledby="(?P<id>[\w-]+)"><h2 id="(?P=id)">(?P<title>[^<]*)</h2>')
_OWN_SECTION = re.compile(r'<section id="[^"]+">\s*(?:<span id="[^"]+"></span>)*<h2>')


def with_sections(contents: str, body: str) -> str:
    """Return a page's contents with the generated sections of its body, those before its first own heading and those after it."""
    own = _OWN_SECTION.search(body)
    before: list[str] = []
    after: list[str] = []
    for section in _SECTION.finditer(body):
        entry = f'<li><a class="reference internal" href="#{section["id"]}">{section["title"]}</a></li>\n'
        (before if own is not None and section.start() < own.start() else after).append(entry)
    head, title_end, rest = contents.partition("</a>")
    inner = re.fullmatch(r"\s*<ul>\n?(?P<entries>.*)</ul>\s*</li>\s*</ul>\s*", rest, re.DOTALL)
    entries = inner["entries"] if inner is not None else ""
    return f"{head}{title_end}<ul>\n{''.join(before)}{entries}{''.join(after)}</ul>\n</li>\n</ul>\n" if before or after else contents


def page_context(app: Sphinx, docname: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Complete a record page's contents, and show them where its text alone has too few headings for any."""
    if ReviewDomain.of(app.env).page(docname) is not None and context.get("toc"):
        context["toc"] = with_sections(context["toc"], context.get("body", ""))
        context["display_toc"] = True
        context["furo_hide_toc"] = False


def register(app: Sphinx) -> None:
    """Connect the handler, after the theme's, which decides whether contents are shown."""
    app.connect("html-page-context", page_context, priority=900)
