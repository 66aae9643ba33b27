"""The compiler: from a Typst source to a PDF, and its messages traced back to the pages of the project."""

from __future__ import annotations

import platform
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from sphinx.errors import SphinxError

from .writing import ORIGIN

_PLACE = re.compile(r"┌─ (?P<file>.+?):(?P<line>\d+):\d+")
_MESSAGE = re.compile(r"^error: (?P<message>.*?)$", re.MULTILINE)
_CHARACTER = re.compile(r"\\u\{([0-9a-f]+)\}")


class BookError(SphinxError):
    """A book that could not be made; the text has a line for each fault, with page and line."""

    category = "Book"


def check_compiler() -> None:
    """Raise BookError with what to do where the compiler is missing or too old."""
    machine = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    try:
        import typst
    except ImportError:
        raise BookError(
            f"the Typst compiler is not installed: install the package typst, 0.15 or later, with pip. If pip finds none for {machine}, "
            "no wheel exists for it: use another Python, or a machine for which there is one (x86-64 or aarch64 Linux, macOS, Windows)"
        ) from None
    if not hasattr(typst, "Compiler") or not hasattr(typst.Compiler, "compile_with_warnings"):
        raise BookError("the Typst compiler is too old: 0.15 or later is needed, because it knows variable fonts; upgrade the package typst with pip")


def compile_book(source: Path, fonts: Sequence[Path], *, standards: Sequence[str], system_fonts: bool, timestamp: int) -> tuple[bytes, list[str]]:
    """Return the PDF and the compiler's warnings, each with page and line.

    Raises BookError; a letter that no font has is a fault where the standard asks so.
    """
    import typst

    compiler = typst.Compiler(
        str(source), root=str(source.parent), font_paths=[str(path) for path in fonts], ignore_system_fonts=not system_fonts,
        # No package is ever fetched: these folders are not there.
        package_path=str(source.parent / "no-packages"), package_cache_path=str(source.parent / "no-packages"),
    )  # fmt: skip
    text = source.read_text("utf-8").split("\n")
    try:
        made, warned = compiler.compile_with_warnings(format="pdf", pdf_standards=cast(Any, list(standards)), timestamp=timestamp)
    except typst.TypstError as error:
        told = told_from(getattr(error, "diagnostic", "") or f"error: {error}", source.name, text)
        raise BookError("\n".join(told)) from None
    if not isinstance(made, bytes):
        raise BookError("the Typst compiler gave no PDF")
    return made, [line for warning in warned for line in told_from(str(getattr(warning, "diagnostic", warning)), source.name, text)]


def told_from(diagnostic: str, file: str, source: Sequence[str]) -> list[str]:
    """Return what the compiler says, a line for each fault: `page:line: what is wrong`."""
    found: dict[str, None] = {}
    for part in re.split(r"^(?=(?:error|warning): )", diagnostic, flags=re.MULTILINE):
        if not part.strip():
            continue
        message = part.strip().split("\n")[0].split(": ", 1)[-1]
        message = _CHARACTER.sub(lambda code: f"{chr(int(code[1], 16))} (U+{int(code[1], 16):04X})" if int(code[1], 16) > 31 else f"U+{code[1]:0>4}", message)
        place = next((place for place in _PLACE.finditer(part) if place["file"].endswith(file)), None)
        origin = _origin(source, int(place["line"])) if place else ""
        found[f"{origin}: {message}" if origin else message] = None
    return list(found)


def _origin(source: Sequence[str], line: int) -> str:
    """Return the page and line that a line of the source came from: the comment before it says so."""
    for text in reversed(source[: line - 1]):
        if text.startswith(ORIGIN):
            return text.removeprefix(ORIGIN)
    return ""
