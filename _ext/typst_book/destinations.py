"""Links within the book: the compiler wrote the names of places as if they were addresses, here each link is led to its place.

A link to a label makes the compiler lay out the pages around it once more, and keep both: with thousands of links that is twice the
time and three times the memory. An address is laid out once, and only tells the reader's program where to go.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pikepdf import Object, Page, Pdf

_ABOVE = 10.0  # pt between a page's upper edge and the place: a place is a base line, its letters stand above


def lead_to_places(made: Path, target: Path, survey: Mapping[str, Any]) -> None:
    """Write a book whose links within it lead to their places; `survey` tells each one's page, from 1, and x and y in pt from the upper left."""
    import pikepdf

    with pikepdf.open(made) as pdf:
        save_led(pdf, target, survey)


def save_led(pdf: Pdf, target: Path, survey: Mapping[str, Any]) -> None:
    """Lead the links of an open book to their places, and write it."""
    from pikepdf import ObjectStreamMode

    pages = list(pdf.pages)
    places = {name: _place(pdf, pages[page - 1], x, y) for name, (page, x, y) in survey["places"].items()}
    words = {name: f"page {place[0]}" for name, place in survey["places"].items()}
    for page in pages:
        for annotation in page.get("/Annots", ()):
            action = annotation.get("/A")
            address = str(action.get("/URI", "")) if action is not None else ""
            if address in places:  # no address out of the book is one: those have a scheme
                annotation["/Dest"] = places[address]
                annotation["/Contents"] = words[address]
                del annotation["/A"]
    # Thousands of small objects, the structure that is read out, are packed: a third of the size.
    pdf.save(target, object_stream_mode=ObjectStreamMode.generate, deterministic_id=True)


def _place(pdf: Pdf, leaf: Page, x: float, y: float) -> Object:
    """Return a destination, one object for all links that lead to it."""
    from pikepdf import Array, Name

    return pdf.make_indirect(Array([leaf.obj, Name.XYZ, round(x, 3), round(float(leaf.mediabox[3]) - max(y - _ABOVE, 0), 3), 0]))
