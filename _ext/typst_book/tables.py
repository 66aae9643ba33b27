"""Tables: their cells, and where they stand.

A table that needs a wide page stands on one: on a page that is mostly such tables, where it is; else after the page's text,
with a line in its place that says on which page, because a page left half empty helps nobody.
"""

from __future__ import annotations

from docutils import nodes

from .source import Code, arguments
from .table_layout import Layout, layout, row_height
from .writing import Writing, label, line_of

_TOGETHER = 10  # lines of a row, or of a whole table, that no page's end splits
_MOSTLY = 0.45  # share of a page's text outside of wide tables up to which the page is turned as a whole


class Tables(Writing):
    """Visit tables."""

    landscape = False  # whether the whole page of the sources is turned
    _number = 0

    def prepare(self) -> None:
        """Decide how the page of the sources lies, and lay out its tables."""
        self.deferred: list[str] = []
        self._layouts: dict[int, Layout] = {}
        inside = 0
        for table in self.document.findall(nodes.table):
            found = self._layouts[id(table)] = self._lay_out(table)
            inside += len(table.astext()) if found.landscape else 0
        whole = len(self.document.astext())
        self.landscape = inside > 0 and whole - inside <= max(_MOSTLY * whole, 700)

    def _lay_out(self, table: nodes.Element) -> Layout:
        groups = [group for group in table.children if isinstance(group, nodes.tgroup)]
        specs = [spec for group in groups for spec in group.children if isinstance(spec, nodes.colspec)]
        asked = "colwidths-given" in table["classes"]
        given = [float(spec.get("colwidth", 1)) for spec in specs] if asked else []
        return layout(self._texts(table), len(specs), given, self.config.typst_wide_columns)

    def _texts(self, table: nodes.Element) -> list[list[str]]:
        return [[entry.astext() for entry in row.children] for row in table.findall(nodes.row)]

    def visit_table(self, node: nodes.Element) -> None:
        found = self._layouts.get(id(node)) or self._lay_out(node)
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        self._number += 1
        names = [f"{label(self.docname)}table-{self._number}", *self.names(node)]
        self.know(names[0])
        with self.set_small(found.longest):
            caption = self.content(title) if title is not None else None
            code = self._table_code(node, found, caption, names)
        apart = found.landscape and not self.landscape and not self.narrow
        if apart:
            self.deferred.append(f"//@ {self.docname}:{line_of(node)}\n{code}\n" if line_of(node) else f"{code}\n")
            self.want(names[0], node, numbered=True)
            self.call(node, "elsewhere", caption or "", name=names[0])
        else:
            self.block(node, code)
        raise nodes.SkipNode

    def _table_code(self, node: nodes.Element, found: Layout, caption: str | None, names: list[str]) -> str:
        head: list[str] = []
        body: list[str] = []
        for group in node.children:
            if isinstance(group, nodes.tgroup):
                stubs = [bool(spec.get("stub")) for spec in group.children if isinstance(spec, nodes.colspec)]
                for part in group.children:
                    if isinstance(part, (nodes.thead, nodes.tbody)):
                        is_head = isinstance(part, nodes.thead)
                        rows = [self._table_row(row, stubs, found, is_head) for row in part.children if isinstance(row, nodes.row)]
                        (head if is_head else body).extend(rows)
        total = sum(found.widths) or 1
        title, number = None if caption is None else Code(f"[{caption}]"), self.figure_number(node, "table")
        if title is not None:
            self.places.captions[names[0]] = Code(f"table, {arguments(caption=title, numbered=number)}")
        options = arguments(
            columns=[Code(f"{100 * width / total:.2f}%" if found.fills else f"{width}pt") for width in found.widths],
            size=Code(f"{found.size}pt"),
            caption=title,
            names=names,
            numbered=number,
            heads=len(head),
            together=sum(row_height(row, found) for row in self._texts(node)) <= _TOGETHER or None,
        )
        repeated = f"table.header(\n{''.join(head)}),\n" if head else ""
        return f"#data-table({options},\n{repeated}{''.join(body)})"

    def _table_row(self, row: nodes.Element, stubs: list[bool], found: Layout, is_head: bool) -> str:
        cells = []
        together = not is_head and row_height([entry.astext() for entry in row.children], found) <= _TOGETHER
        for column, entry in enumerate(child for child in row.children if isinstance(child, nodes.entry)):
            body = f"[{self.anchors(entry)}{self.content(entry)}]"
            if is_head or (column < len(stubs) and stubs[column]):
                body = f"strong{body}"
            align = next((side for side in ("left", "center", "right") if f"text-{side}" in entry["classes"] or entry.get("align") == side), None)
            spans = arguments(
                rowspan=entry["morerows"] + 1 if entry.get("morerows") else None,
                colspan=entry["morecols"] + 1 if entry.get("morecols") else None,
                align=Code(align) if align else None,
                breakable=False if together and not column else None,  # one such cell holds its row together
            )
            cells.append(f"table.cell({spans}, {body})" if spans else body)
        return ", ".join(cells) + ",\n"

    def figure_number(self, node: nodes.Element, kind: str) -> str | None:
        """Return the number that Sphinx gave a figure or table, where it numbers them."""
        if not self.config.numfig:
            return None
        numbers = self.builder.env.toc_fignumbers.get(self.docname, {}).get(kind, {})
        found = next((numbers[name] for name in node["ids"] if name in numbers), None)
        return ".".join(map(str, found)) if found else ""

    def turned(self) -> str:
        """Return the page's own code, on the pages it needs."""
        own = self.result()
        if self.landscape:
            return f"#landscape[\n{own}\n]\n"
        return own + (f"#landscape[\n{''.join(self.deferred)}]\n" if self.deferred else "")
