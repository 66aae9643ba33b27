"""A large book: its pieces are set one after the other, each in a process of its own, and then joined in a frame.

The frame is the book without its text: title page, contents, lists, and as many pages as the pieces have, each with its head and foot. It holds the
headings and captions on the pages where the pieces have them, unseen, so that the theme makes the contents, the lists, the running heads and the
bookmarks of it by the same rules as of a book that is set whole.

A page's number depends on how long the contents are, and a piece may print the numbers of pages that come later. So a piece is set again where what it
was told turns out to be wrong: that is rare.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from .compilation import BookError, Fault, Made, Typesetter, run
from .cutting import MARK, level_of
from .joining import Sheet, sheets_of
from .source import Code, arguments, markup, value
from .writing import ORIGIN

_ROUNDS = 5  # as many as the compiler itself takes until its page numbers hold
_PAGEBREAK = "#pagebreak()\n"
_CHARACTERS = 6500  # of source, on a page: only how many digits its number has is guessed with it
_JOIN = "import sys; sys.path.insert(0, sys.argv[1]); from typst_book.joining import main; main()"

Place = tuple[int, float, float]  # page, from 1, and pt from its upper left


class Listed(NamedTuple):
    """What a page of the frame holds: where, and its code."""

    x: float
    y: float
    code: str


@dataclass
class Piece:
    """A piece, with what it was told when it was set last and what came of it."""

    file: Path
    code: str
    names: list[str]  # places in it that links lead to
    numbered: list[str]  # places in other pieces whose pages it prints
    told: tuple[Any, ...] = ()
    made: Made = field(default_factory=Made)
    sheets: list[Sheet] = field(default_factory=list)


def set_in_pieces(source: Path, target: Path, typesetter: Typesetter) -> list[Fault]:
    """Make the PDF of a source that has marks where it is cut; return the compiler's warnings.

    Raises BookError with the faults of all pieces.
    """
    return _Book(source, typesetter).make(target)


class _Book:
    def __init__(self, source: Path, typesetter: Typesetter) -> None:
        self.typesetter = typesetter
        self.folder = source.parent
        start, _, text = source.read_text("utf-8").partition(f"\n{ORIGIN}")
        self.theme, _, self.style = start.split("\n", 2)  # the second line is the call of the theme
        told = json.loads(source.with_suffix(".pieces.json").read_text("utf-8"))
        self.headings, self.captions, self.titles = told["headings"], told["captions"], told["titles"]
        self.pieces = [
            Piece(self.folder / f"{source.stem}.{number}.typ", code, known["names"], sorted(set(known["numbered"]) - set(known["names"])))
            for number, (code, known) in enumerate(zip(f"{ORIGIN}{text}".split(MARK), told["pieces"], strict=True), 1)
        ]
        self.digits = len(str(len(text) // _CHARACTERS))
        self.frame = self.folder / f"{source.stem}.frame.typ"
        self.places: dict[str, Place] = {}  # those that links lead to
        self.heads: dict[str, Place] = {}
        self.upright: Sheet | None = None

    def make(self, target: Path) -> list[Fault]:
        warnings: list[Fault] = []
        try:
            frame, front = self._guess_front()
            for _ in range(_ROUNDS):
                anew = self._set_all(front, frame.errors)
                frame = self._set_frame(self._sheets())
                if frame.errors:
                    raise BookError(*frame.errors)
                before, front = front, len(sheets_of(_pdf(self.frame))) - sum(len(piece.sheets) for piece in self.pieces)
                if front == before and not anew:
                    break
            else:
                warnings.append(Fault("", None, f"numbers of pages did not hold after the book was set {_ROUNDS} times; some may be wrong"))
            for made in (*(piece.made for piece in self.pieces), frame):
                warnings += made.warnings
            self._join(target, front)
        finally:
            for file in (self.frame, *(piece.file for piece in self.pieces)):
                _pdf(file).unlink(missing_ok=True)
        return list(dict.fromkeys(warnings))

    # --- Pieces ---

    def _set_all(self, front: int, others: Sequence[Fault]) -> bool:
        """Set each piece that was told something else before; tell whether one has a place elsewhere, or prints a number, that is not as it was told."""
        page, level = front + 1, 1
        counters: dict[str, Any] = {}
        faults: list[Fault] = []
        for piece in self.pieces:
            numbers = {name: self.places[name][0] for name in piece.numbered if name in self.places}
            told = (page, min(max(level_of(piece.code) - 1, 0), level), counters, numbers)
            if told != piece.told:
                self._set(piece, *told)
                piece.told = told
                faults += piece.made.errors
            if piece.made.survey is None:
                continue
            headings = piece.made.survey["headings"]
            self.places |= {name: _moved(place, page) for name, place in piece.made.survey["places"].items()}
            self.heads |= {told["label"]: _moved(told["place"], page) for told in headings}
            level = headings[-1]["level"] if headings else level
            counters = piece.made.survey["counters"]
            page += len(piece.sheets)
        if faults:
            raise BookError(*dict.fromkeys([*faults, *(fault for fault in others if fault.message not in {known.message for known in faults})]))
        return any({name: self.places[name][0] for name in piece.numbered if name in self.places} != piece.told[3] for piece in self.pieces)

    def _set(self, piece: Piece, page: int, above: int, counters: Mapping[str, Any], numbers: Mapping[str, int]) -> None:
        call = f"#show: piece-of-book.with({arguments(start=page, above=above, begun=counters, names=piece.names)})"
        piece.file.write_text(f"{self.theme}\n{call}\n{self.style}\n{piece.code}", "utf-8")
        piece.made = self.typesetter.make(piece.file, {"numbers": json.dumps(numbers)})
        piece.sheets = sheets_of(_pdf(piece.file))[1:] if piece.made.survey else []

    # --- The frame ---

    def _guess_front(self) -> tuple[Made, int]:
        """Return how many pages lie before the text: all headings and captions stand on one page, whose number has as many digits as most will have."""
        listed = [Listed(0, 0, f"#heading(level: {level})[{body}]") for level, body in self.headings.values()]
        listed += [Listed(0, 0, f"#listed({caption})") for caption in self.captions.values()]
        made = self._set_frame([(None, listed)], f"#counter(page).update({'8' * self.digits})\n")
        if made.errors:
            return made, 1
        sheets = sheets_of(_pdf(self.frame))
        self.upright = sheets[0]
        return made, len(sheets) - 1

    def _sheets(self) -> list[tuple[Sheet | None, list[Listed]]]:
        """Return each page of the text, with what of it is listed."""
        found: list[tuple[Sheet | None, list[Listed]]] = []
        for piece in self.pieces:
            pages: list[tuple[Sheet | None, list[Listed]]] = [(sheet, []) for sheet in piece.sheets]
            assert piece.made.survey is not None
            for kind in ("headings", "table", "image"):
                for told in piece.made.survey[kind]:
                    page, x, y = told["place"]
                    pages[page - 2][1].append(Listed(x, y, self._listed(kind, told)))
            found += pages
        return found

    def _listed(self, kind: str, told: Mapping[str, Any]) -> str:
        name = told["label"]
        attached = f"#label({value(name)})" if name else ""
        if kind == "headings":
            body = self.headings[name][1] if name in self.headings else markup(told["text"] or "")
            given = arguments(level=told["level"], outlined=told["outlined"] and None, bookmarked=told["bookmarked"] and None)
            return f"#heading({given})[{body}]{attached}"
        words = Code(f"[{markup(told['text'])}]") if told["text"] else None
        caption = self.captions.get(name) or f"{kind}, {arguments(caption=words)}"
        return f"#listed({caption}{'' if told['outlined'] else ', outlined: false'}){attached}"

    def _set_frame(self, sheets: Sequence[tuple[Sheet | None, Sequence[Listed]]], begin: str = "") -> Made:
        parts = [f"{self.theme}\n#show: book\n{self.style}\n{begin}"]
        for sheet, pages in groupby(sheets, key=lambda page: page[0]):
            turned = sheet is not None and self.upright == Sheet(sheet.height, sheet.width)
            own = f"#set page(width: {sheet.width}pt, height: {sheet.height}pt)\n" if sheet and sheet != self.upright and not turned else ""
            bare = (f"#{'turned' if turned else 'bare'}-page({''.join(f'({x}, {y}, [{code}]), ' for x, y, code in listed)})\n" for _, listed in pages)
            parts.append(f"#{'landscape' if turned else ''}[\n{own}{_PAGEBREAK.join(bare)}]\n")
        self.frame.write_text("".join(parts), "utf-8")
        return self.typesetter.make(self.frame, surveyed=False)

    # --- Joining ---

    def _join(self, target: Path, front: int) -> None:
        survey = {
            "places": self.places,
            "heads": [(level, *self.heads[name]) for name, level in self.titles],
            "pages": front + sum(len(piece.sheets) for piece in self.pieces),
        }
        (self.folder / "survey.json").write_text(json.dumps(survey), "utf-8")
        asked = {
            "frame": str(_pdf(self.frame)), "target": str(target), "survey": str(self.folder / "survey.json"),
            "pieces": [(str(_pdf(piece.file)), piece.told[1]) for piece in self.pieces],
        }  # fmt: skip
        run(["-c", _JOIN, str(Path(__file__).parents[1])], asked, "joining the book")


def _pdf(source: Path) -> Path:
    return source.with_suffix(".pdf")


def _moved(place: Sequence[float], start: int) -> Place:
    """Return where a place of a piece lies in the book: the piece's first page is left out, its second is page `start`."""
    page, x, y = place
    return int(page) - 2 + start, x, y
