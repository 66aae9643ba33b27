"""What stands in a page's head for machines: description, OpenGraph, linked data, links to other forms; and the site's map (writing phase)."""

from __future__ import annotations

import json
import mimetypes
import posixpath
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape as escape_xml

from docutils import nodes

from ..diagnostics import shorten
from ..edition import CREATORS, DESCRIPTION, LICENSE_URL, TITLE
from ..export.cited import FORMATS, checked, file_of
from ..export.cited import files as citation_files
from ..webpage import linked_data, linked_review
from .domain import ReviewDomain

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MEDIA_TYPES = {".sqlite": "application/vnd.sqlite3", "feed.xml": "application/atom+xml"} | {f".{form.ending}": form.media_type for form in FORMATS}
BUILDERS = ("html", "dirhtml")


def _media_type(name: str) -> str:
    return next((kind for ending, kind in MEDIA_TYPES.items() if name.endswith(ending)), mimetypes.guess_type(name)[0] or "application/octet-stream")


def _meta(name: str, content: str, *, key: str = "name") -> str:
    return f'<meta {key}="{name}" content="{escape(content)}" />\n' if content else ""


def _link(relation: str, address: str, media_type: str = "") -> str:
    kind = f' type="{media_type}"' if media_type else ""
    return f'<link rel="{relation}" href="{escape(address)}"{kind} />\n'


def _first_words(doctree: nodes.document | None) -> str:
    """Return what a page of prose begins with."""
    paragraph = next(iter(doctree.findall(nodes.paragraph)), None) if doctree is not None else None
    return shorten(paragraph.astext(), 300) if paragraph is not None else ""


def _data_files() -> list[tuple[str, str, str]]:
    """Return the files that the whole review is downloaded as."""
    from ..export import EXPORTS  # loads every format, which a build that writes no page can do without

    return [(export.path, export.holds, _media_type(export.path)) for export in EXPORTS.values() if export.in_site and not export.several]


def page_context(app: Sphinx, docname: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Add a page's head; only pages of the review have one, not the search page and the like."""
    if app.builder.name not in BUILDERS or docname not in app.env.found_docs:
        return
    base = str(app.config.html_baseurl or "")
    domain = ReviewDomain.of(app.env)
    page = domain.page(docname)

    def address(target: str) -> str:
        """Return the address of a page or file: whole where the site's is known, else relative to this page."""
        path = app.builder.get_target_uri(target) if target in app.env.found_docs else target
        if target == docname and not base:
            return posixpath.basename(path) or "./"
        return posixpath.join(base, path) if base else context["pathto"](path, True)

    is_index = docname == app.config.root_doc
    title = page.title if page else TITLE if is_index else str(app.env.titles[docname].astext())
    description = page.record.get("summary", "") if page else DESCRIPTION if is_index else _first_words(doctree) or f"{title}: a page of {TITLE}."
    head = [
        _meta("description", description),
        _meta("og:title", title, key="property"),
        _meta("og:description", description, key="property"),
        _meta("og:type", "article" if page else "website", key="property"),
        _meta("og:site_name", TITLE, key="property"),
        _meta("og:url", address(docname) if base else "", key="property"),
        _link("license", LICENSE_URL),
    ]
    data: dict[str, Any] | None = None
    if page is not None:
        data = linked_data(domain.corpus, page, address)
        if base:
            head.append(_link("cite-as", address(docname)))
        if page.kind == "paper":
            head += [_link("describedby", address(file_of(page, form.ending, of_page=True)), form.media_type) for form in FORMATS]
    elif is_index:
        data = linked_review(address, app.config.release, _data_files())
        head += [_link("item", address(path), kind) for path, _, kind in _data_files()]
        as_of = max(map(checked, domain.corpus.pages), default="")
        # The review may say that it is a work to be cited; its pages about other works must not.
        head += [_meta("citation_title", TITLE), _meta("citation_author", CREATORS), _meta("citation_online_date", as_of.replace("-", "/"))]
        head += [_meta("citation_public_url", address(docname) if base else ""), _meta("citation_language", "en")]
    if data is not None:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").replace("&", "\\u0026")
        head.append(f'<script type="application/ld+json">{text}</script>\n')
    context["metatags"] = context.get("metatags", "") + "".join(head)


def sitemap(addresses: list[str]) -> bytes:
    """Return a site's map; without dates, since a build must not depend on the day."""
    entries = "".join(f"<url><loc>{escape_xml(address)}</loc></url>\n" for address in addresses)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'.encode()


def files_beside(app: Sphinx) -> Iterator[tuple[str, bytes | None]]:
    """Yield the citations as files and, where the site's address is known, its map; they are written with the exports.

    Citations that stand as the last build wrote them have no bytes.

    A whole package writes maps too, but warns where the address is not known and asks git for the days.
    """
    base = str(app.config.html_baseurl or "")

    def whole(docname: str) -> str:
        return posixpath.join(base, app.builder.get_target_uri(docname)) if base else ""

    contents = ReviewDomain.of(app.env).contents
    yield from citation_files(contents.in_folder("papers"), lambda page: whole(page.docname), contents.former.unchanged)
    if base:
        yield "sitemap.xml", sitemap(sorted(map(whole, app.env.found_docs)))


def register(app: Sphinx) -> None:
    """Connect the handler."""
    app.connect("html-page-context", page_context)
