"""The review as files for programs; each format in its own module, all from one corpus, all listed in `formats`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .contents import FOLDER, Address, Contents, html_address

if TYPE_CHECKING:
    from .formats import EXPORTS, Export, files, stream

__all__ = ["EXPORTS", "FOLDER", "Address", "Contents", "Export", "files", "html_address", "stream"]


def __getattr__(name: str) -> Any:
    # A build that changes nothing writes no export, and loading all formats is a tenth of what such a build costs.
    if name in __all__:
        from . import formats

        return getattr(formats, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
