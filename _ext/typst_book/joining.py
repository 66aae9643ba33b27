"""Joining a large book: the pages of its pieces take the places of the frame's empty ones, and keep those pages' heads and feet.

What the pieces have that is read out, their trees of structure, becomes one. This is run in a process of its own, that gives back its memory.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .destinations import save_led

if TYPE_CHECKING:
    from pikepdf import Object, Page, Pdf

_FRAME = b"/Artifact<</Type/Pagination>>BDC q /TypstBookFrame Do Q EMC\n"


class Sheet(NamedTuple):
    """A page's width and height in pt."""

    width: float
    height: float


def sheets_of(made: Path) -> list[Sheet]:
    """Return the size of each page of a PDF."""
    import pikepdf

    with pikepdf.open(made) as pdf:
        return [Sheet(*(float(side) for side in list(page.mediabox)[2:])) for page in pdf.pages]


def main() -> None:
    """Join what is asked for on standard input."""
    asked: dict[str, Any] = json.load(sys.stdin)
    survey = json.loads(Path(asked["survey"]).read_text("utf-8"))
    join(Path(asked["frame"]), [(Path(file), above) for file, above in asked["pieces"]], Path(asked["target"]), survey)
    json.dump({}, sys.stdout)


def join(frame: Path, pieces: Sequence[tuple[Path, int]], target: Path, survey: Mapping[str, Any]) -> None:
    """Write the book of a frame and its pieces, its links led to their places.

    The first page of each piece, and the headings on it, of which the number is given, are left out.
    """
    import pikepdf

    with pikepdf.open(frame) as pdf:
        frames = list(pdf.pages)
        leading = list(_destinations(pdf))
        book = _Structure(pdf)
        for number, (file, above) in enumerate(pieces, 1):
            with pikepdf.open(file) as part:
                book.take(part, above, f"{number}.")
        book.finish()
        front = 2 * len(frames) - len(pdf.pages)
        empty = frames[front:]
        shown = pdf.make_stream(_FRAME)
        taking: dict[tuple[int, int], Object] = {}
        for old, new in zip(empty, list(pdf.pages)[front + len(empty) :], strict=True):
            _lay(old, new, shown)
            taking[old.obj.objgen] = new.obj
        for destination in leading:
            destination[0] = taking.get(destination[0].objgen, destination[0])
        del pdf.pages[front : front + len(empty)]
        save_led(pdf, target, survey)


def _lay(frame: Page, page: Page, shown: Object) -> None:
    """Put a page's head and foot before what it shows: nobody reads them out, and they can be selected and searched."""
    from pikepdf import Array, Dictionary

    resources = Dictionary(dict(page.obj.Resources.items()))
    drawings = Dictionary(dict(resources.get("/XObject", Dictionary()).items()))
    drawings["/TypstBookFrame"] = frame.as_form_xobject()
    resources["/XObject"] = drawings
    page.obj.Resources = resources
    contents = page.obj.get("/Contents")
    page.obj.Contents = Array([shown, *(contents if isinstance(contents, Array) else [contents] if contents is not None else [])])


def _destinations(pdf: Pdf) -> Iterator[Any]:
    """Return where the contents, the bookmarks and the named places of the frame lead: to its empty pages, of which others take the places."""
    from pikepdf import Array

    def arrays(*found: Any) -> Iterator[Any]:
        yield from (each for each in found if isinstance(each, Array))

    for page in pdf.pages:
        for annotation in page.get("/Annots", ()):
            yield from arrays(annotation.get("/Dest"), _within(annotation, "/A", "/D"))
    yield from arrays(*_pairs(_within(pdf.Root, "/Names", "/Dests")).values())
    entries = [_within(pdf.Root, "/Outlines", "/First")]
    while entries:
        if (entry := entries.pop()) is not None:
            yield from arrays(entry.get("/Dest"), _within(entry, "/A", "/D"))
            entries += [entry.get("/Next"), entry.get("/First")]


class _Structure:
    """The tree of what is read out, of a book that takes in its pieces."""

    def __init__(self, pdf: Pdf) -> None:
        self.pdf = pdf
        self.root = pdf.Root.StructTreeRoot
        self.document = self.root.K[0]
        self.children = list(self.document.K)
        self.numbers = list(self.root.ParentTree.Nums)
        self.named = _pairs(self.root.get("/IDTree"))
        self.destinations = _pairs(_within(pdf.Root, "/Names", "/Dests"))
        self.next = int(self.root.ParentTreeNextKey)

    def take(self, part: Pdf, above: int, mark: str) -> None:
        """Append a piece's pages and what is read out of them."""
        from pikepdf import Array, Dictionary

        root = part.Root.StructTreeRoot
        left_out = part.pages[0].obj.get("/StructParents")
        del root.K[0].K[:above]
        _rename(root, mark)
        # A page that is not copied yet would be nothing in what leads to it, so pages come first, then links, then the structure.
        links = Array([])
        for page in list(part.pages)[1:]:
            links.append(page.obj.get("/Annots", Array([])))
            if "/Annots" in page.obj:
                del page.obj["/Annots"]
            self.pdf.pages.append(page)
        first = len(self.pdf.pages) - len(links)
        for page, linked in zip(list(self.pdf.pages)[first:], self.pdf.copy_foreign(part.make_indirect(links)), strict=True):
            if "/StructParents" in page.obj:
                page.obj.StructParents += self.next
            for annotation in linked:
                if (number := annotation.get("/StructParent")) is not None:
                    annotation.StructParent = number + self.next
            if len(linked):
                page.obj.Annots = linked
        copied = self.pdf.copy_foreign(root)
        for child in copied.K[0].K:
            child.P = self.document
            self.children.append(child)
        for key, found in _by_two(copied.ParentTree.Nums):
            if key != left_out:
                self.numbers += (key + self.next, found)
        self.named |= _pairs(copied.get("/IDTree"))
        for key in ("/RoleMap", "/ClassMap"):
            if key in copied:
                self.root[key] = Dictionary(dict(copied[key].items()) | dict(self.root.get(key, Dictionary()).items()))
        names = _within(part.Root, "/Names", "/Dests")
        if names is not None:
            self.destinations = _pairs(self.pdf.copy_foreign(names if names.is_indirect else part.make_indirect(names))) | self.destinations
        self.next += int(root.ParentTreeNextKey)

    def finish(self) -> None:
        """Write what was gathered."""
        from pikepdf import Dictionary

        self.document.K = _array(self.children)
        self.root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=_array(self.numbers)))
        self.root.ParentTreeNextKey = self.next
        if self.named:
            self.root.IDTree = self.pdf.make_indirect(Dictionary(Names=_array(_sorted(self.named))))
        if self.destinations:
            self.pdf.Root.Names = self.pdf.Root.get("/Names", Dictionary())
            self.pdf.Root.Names.Dests = Dictionary(Names=_array(_sorted(self.destinations)))


def _rename(root: Any, mark: str) -> None:
    """Mark the names of a piece's cells, which other pieces have too, and where cells say which heads they stand under."""
    from pikepdf import Array, String

    named = _pairs(root.get("/IDTree"))
    tables: dict[tuple[int, int], Any] = {}
    for name, cell in named.items():
        cell.ID = String(mark.encode() + name)
        while cell is not None and "/S" in cell and cell.S != "/Table":
            cell = cell.get("/P")
        if cell is not None and "/S" in cell:
            tables[cell.objgen] = cell
    for table in tables.values():
        for cell in _cells(table):
            given = cell.get("/A")
            for attributes in given if isinstance(given, Array) else [given] if given is not None else []:
                if "/Headers" in attributes:
                    attributes.Headers = Array([String(mark.encode() + bytes(name)) for name in attributes.Headers])
    if named:
        root.IDTree.Names = _array([each for name, found in named.items() for each in (String(mark.encode() + name), found)])


def _cells(table: Any) -> Iterator[Any]:
    for part in table.K:
        for row in [part] if part.S == "/TR" else list(part.get("/K", ())) if part.S in ("/THead", "/TBody", "/TFoot") else []:
            yield from row.get("/K", ())


def _within(found: Any, *keys: str) -> Any:
    """Return what lies in dictionaries in each other, or None."""
    for key in keys:
        found = found.get(key) if found is not None else None
    return found


def _array(found: Sequence[Any]) -> Any:
    from pikepdf import Array

    return Array(found)


def _by_two(found: Any) -> Iterator[tuple[Any, Any]]:
    listed = list(found)
    return zip(listed[::2], listed[1::2], strict=True)


def _pairs(tree: Any) -> dict[bytes, Any]:
    """Return what a tree of names holds."""
    if tree is None:
        return {}
    found = {bytes(name): value for name, value in _by_two(tree.get("/Names", ()))}
    for kid in tree.get("/Kids", ()):
        found |= _pairs(kid)
    return found


def _sorted(pairs: Mapping[bytes, Any]) -> list[Any]:
    from pikepdf import String

    return [each for name in sorted(pairs) for each in (String(name), pairs[name])]
