"""Image files: found, checked before Typst sees them, copied beside the book's source, and measured."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import imagesize
from sphinx.util.images import parse_data_uri

SUFFIXES = {"image/svg+xml": ".svg", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "application/pdf": ".pdf"}
PIXEL = 0.75  # pt
_UNITS = {"": PIXEL, "px": PIXEL, "pt": 1.0, "pc": 12.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "em": 10.0, "ex": 5.0, "rem": 10.0}
_LENGTH = re.compile(r"\s*(\d*\.?\d+)\s*([a-z%]*)\s*", re.IGNORECASE)


class PictureError(Exception):
    """An image that cannot be printed; the text says why."""


class Size(NamedTuple):
    """Width and height in pt; 0 where the file does not say."""

    width: float
    height: float


@dataclass
class Pictures:
    """The images of one book; `folder` is where its source lies."""

    folder: Path
    largest: int  # bytes
    font: str  # families for SVG that name none

    def take(self, path: Path) -> tuple[str, Size]:
        """Copy an image file; return its name in the folder and its size.

        Raises PictureError for files that are missing, too large, broken or of another kind.
        """
        try:
            length = path.stat().st_size
        except OSError as error:
            raise PictureError(f"the image cannot be read: {error.strerror}") from None
        self._weigh(length)
        return self._keep(path.read_bytes(), path.suffix.lower())

    def decode(self, address: str) -> tuple[str, Size]:
        """Take an image that is written into its address (`data:image/…`), as `take` does."""
        try:
            image = parse_data_uri(address)
        except ValueError:
            image = None
        if image is None or image.mimetype not in SUFFIXES:
            raise PictureError("the image's data are of no known kind")
        self._weigh(len(image.data))
        return self._keep(image.data, SUFFIXES[image.mimetype])

    def _weigh(self, length: int) -> None:
        if length > self.largest:
            raise PictureError(f"the image has {length / 1e6:.0f} MB; at most {self.largest / 1e6:.0f} MB are taken")

    def _keep(self, data: bytes, suffix: str) -> tuple[str, Size]:
        if suffix == ".svg":
            size = _svg_size(data)
            data = self._with_font(data)
        else:
            size = _size(data, suffix)
        # Named by content: equal images are kept once, and names from elsewhere cannot collide or surprise.
        name = f"images/{hashlib.sha256(data).hexdigest()[:20]}{suffix}"
        target = self.folder / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return name, size

    def _with_font(self, data: bytes) -> bytes:
        """Return an SVG with the book's font, if it names none."""
        if b"font-family" in data or b"<text" not in data:
            return data
        return re.sub(rb"<((?:\w+:)?svg)\b", lambda tag: b"<" + tag[1] + f' font-family="{escape(self.font)}"'.encode(), data, count=1)

    def clear(self) -> None:
        """Remove the images of the build before."""
        shutil.rmtree(self.folder / "images", ignore_errors=True)


def _svg_size(data: bytes) -> Size:
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise PictureError(f"the image is no well-formed SVG: {error}") from None
    if root.tag.rpartition("}")[2] != "svg":
        raise PictureError("the image is no SVG: its root is not <svg>")
    width, height = (length(root.get(side, "")) or 0.0 for side in ("width", "height"))
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    if not (width and height) and len(box) == 4:
        try:
            across, down = float(box[2]), float(box[3])
        except ValueError:
            across = down = 0.0
        if across > 0 and down > 0:
            width, height = (width, width * down / across) if width else (height * across / down, height) if height else (across * PIXEL, down * PIXEL)
    return Size(width, height)


def _size(data: bytes, suffix: str) -> Size:
    if suffix not in SUFFIXES.values() and suffix != ".jpeg":
        raise PictureError(f"images of kind {suffix or 'without suffix'} cannot be printed; SVG, PNG, JPEG, GIF, WebP and PDF can")
    if suffix == ".pdf":
        return Size(0, 0)
    width, height = imagesize.get(io.BytesIO(data))
    if width <= 0 or height <= 0:
        raise PictureError(f"the image is no {suffix[1:].upper()}, or is broken")
    return Size(width * PIXEL, height * PIXEL)


def length(text: str) -> float | None:
    """Return a length in pt, or None for percentages and what is no length."""
    found = _LENGTH.fullmatch(text)
    unit = found[2].lower() if found else ""
    return float(found[1]) * _UNITS[unit] if found and unit in _UNITS else None


def relative(text: str) -> float | None:
    """Return a percentage as a number, or None for what is none."""
    found = _LENGTH.fullmatch(text)
    return float(found[1]) if found and found[2] == "%" else None
