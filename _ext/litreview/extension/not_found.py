"""The page for addresses that lead nowhere, written only when it changes (before writing).

`sphinx-notfound-page` has it written by every build. Apart from the settings it shows the sidebar only, so it stands while
that, the settings and the templates are as they were.
"""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.builders.html import StandaloneHTMLBuilder

from ..corpus import digest
from .freshness import code_digest, sidebar

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def frame(app: Sphinx) -> str:
    """Return a fingerprint of what stands around the text of every page; empty where pages are no HTML."""
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder):
        return ""
    settings = builder.build_info
    return digest([code_digest(), settings.config_hash, settings.tags_hash, builder.templates.newest_template_mtime(), sidebar(app.env)])


def leave(app: Sphinx, read: Set[str]) -> None:
    """Have the page left as it is, in a build that found the frame as it was; captions of a toctree on a page that was read may be others."""
    name = app.config.values.get("notfound_pagename")
    if name is None or read & app.env.toctree_includes.keys() or not (Path(app.outdir) / f"{app.config.notfound_pagename}.html").is_file():
        return
    for listener in list(app.events.listeners.get("html-collect-pages", ())):
        if listener.handler.__module__ == "notfound.extension":
            app.disconnect(listener.id)
