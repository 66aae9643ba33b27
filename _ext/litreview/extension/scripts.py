"""Load scripts only where they are needed, and styles only where something is styled (writing phase)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..files import write_atomically
from ..records import kind_of
from .domain import ReviewDomain

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

EXPLORER = "explorer.js"
OFFLINE = "explorer-offline.js"
_OF_DESIGN = re.compile("sphinx-design|design-tabs")
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(?P<file>[\w-]+\.js)";\n', re.MULTILINE)


def page_context(app: Sphinx, docname: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Give a page the scripts that it has a use for, and take away styles that it has none for."""
    data = ReviewDomain.of(app.env).data
    if docname in data["recipe"]:
        app.add_js_file("recipe.js", loading_method="defer")
    if docname in data["requests"]:
        app.add_js_file(EXPLORER, type="module")
        app.add_js_file("offline.js", loading_method="defer")
    if kind_of(f"{docname}.md") == "paper":
        app.add_js_file("cite.js", loading_method="defer")
    if 'class="sd-' not in context.get("body", ""):  # sphinx-design's weigh 10 KB gzipped
        for kind in ("css_files", "script_files"):
            context[kind] = [file for file in context.get(kind, []) if not _OF_DESIGN.search(str(getattr(file, "filename", file)))]


def in_one(folder: Path, entry: str, seen: set[str] | None = None) -> str:
    """Return a module and those it imports as one text, each once, those imported first; names must not clash."""
    seen = {entry} if seen is None else seen
    text = (folder / entry).read_text("utf-8")
    before = []
    for found in _IMPORT.finditer(text):
        if found["file"] not in seen:
            seen.add(found["file"])
            before.append(in_one(folder, found["file"], seen))
    return "".join(before) + re.sub(r"^export ", "", _IMPORT.sub("", text), flags=re.MULTILINE)


def build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write the explorer as one plain script: browsers load no modules from a folder (`file:`), and people open sites from folders."""
    folder = Path(app.outdir) / "_static"
    if exception is None and app.builder.name in ("html", "dirhtml") and (folder / EXPLORER).exists():
        write_atomically(folder / OFFLINE, f'"use strict";\n{{\n{in_one(folder, EXPLORER)}}}\n'.encode())


def register(app: Sphinx) -> None:
    """Connect the handlers."""
    # after every extension that may add a file of its own
    app.connect("html-page-context", page_context, priority=900)
    app.connect("build-finished", build_finished)
