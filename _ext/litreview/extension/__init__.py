"""The upper floor: translate between the ground floor and Sphinx, and nothing more.

Phases, in Sphinx's order: `source-read` reads a record page (events), the parser meets directives (directives), a transform
puts cards on record pages (nodes), `env-updated` relates everything once in the parent process (events, freshness), the
writer turns placeholders into HTML (html) or a post-transform turns them into docutils nodes (doctree), `build-finished`
writes exports and the stamp (events, freshness).
"""

from __future__ import annotations

import atexit
import gc
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# A process that ends need not look through a whole review for what could be freed; on a small edit that took as long as the edit.
atexit.register(gc.freeze)


def register(app: Sphinx) -> dict[str, Any]:
    """Register domain, directives, nodes and event handlers."""
    from .. import __version__
    from . import contents, directives, doctree, domain, ebook, events, freshness, guard, head, html, links, nodes, reference, scripts, search

    domain.register(app)
    guard.register(app)
    directives.register(app)
    reference.register(app)
    nodes.register(app, html.VISITORS)
    doctree.register(app)
    ebook.register(app)
    links.register(app)
    events.register(app)
    head.register(app)
    scripts.register(app)
    contents.register(app)
    search.register(app)
    # An environment made by other code is not trusted: its pages are read again.
    environment = int(freshness.code_digest()[:12], 16)
    return {"version": __version__, "env_version": environment, "parallel_read_safe": True, "parallel_write_safe": True}
