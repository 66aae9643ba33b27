"""What stands after the last page: the index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sphinx.environment.adapters.indexentries import IndexEntries
from sphinx.locale import _

from .cutting import NEW_PAGE
from .source import Code, arguments, markup, value
from .writing import label

if TYPE_CHECKING:
    from .builder import TypstBuilder
    from .writing import Places


def index(builder: TypstBuilder, places: Places) -> str:
    """Return the index of a book: its entries under their letters, with pages; nothing where there is no entry."""
    groups = []
    for letter, entries in IndexEntries(builder.env).create_index(builder):
        lines = []
        for name, (targets, below, _key) in entries:
            lines.append(_line(name, targets, places, 0))
            lines += [_line(sub, found, places, 1) for sub, found in below]
        lines = [line for line in lines if line]
        if lines:
            groups.append(f"#index-group[{markup(letter)}][\n{''.join(lines)}]\n")
    if not groups:
        return ""
    places.known[label("genindex")] = "genindex"
    places.headings[label("genindex")] = 1, Code(markup(_("Index")))
    places.titles.append((label("genindex"), 1, Code(f"[{markup(_('Index'))}]")))
    return f"{NEW_PAGE}#heading({arguments(level=1)})[{markup(_('Index'))}]#label({value(label('genindex'))})\n#columns(2)[\n{''.join(groups)}]\n"


def _line(name: str, targets: Sequence[tuple[str | None, str | bool]], places: Places, depth: int) -> str:
    """Return an entry; what the book does not hold is left out."""
    found = []
    for main, address in targets:
        docname, _separator, target = str(address).removeprefix("%").partition("#")
        place = label(docname, target)
        if place in places.known:
            places.wanted.setdefault(place, (docname, None))
            places.numbered.setdefault("genindex", []).append(place)
            found.append(f"#page-of({value(place)}, {value(bool(main))})")
    return f"#index-entry({depth})[{markup(name)}{'#h(0.6em)' if found else ''}{', '.join(found)}]\n" if found or not targets else ""
