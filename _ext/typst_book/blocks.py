"""Sections, paragraphs, lists, notes and quotations."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _, admonitionlabels

from .cutting import NEW_PAGE
from .source import Code, arguments, markup, string, value
from .writing import Writing

_SHORT = 200  # characters of a paragraph that may be moved to the next page with its heading
_UNSEEN = (nodes.target, nodes.comment, addnodes.index)
RUNNING = 2  # levels of headings that running heads show
ADMONITIONS = ("attention", "caution", "danger", "error", "hint", "important", "note", "tip", "warning")


class Blocks(Writing):
    """Visit blocks of text."""

    _depth = 0
    opening = ""  # the heading to put for the page's own title
    is_first = False
    begins_page = False  # whether the book's page ends before this one

    # --- Sections ---

    def visit_document(self, node: nodes.document) -> None:
        self.know(label_of_page := f"{self.docname}--")
        self.put(f"#anchor({value(label_of_page)})\n\n" if not isinstance(next(iter(node.children), None), nodes.section) else "")
        self._page_label = label_of_page

    def depart_document(self, node: nodes.document) -> None:
        """Do nothing: a page ends with its last section."""

    visit_start_of_file = visit_document
    depart_start_of_file = depart_document

    def visit_section(self, node: nodes.Element) -> None:
        self._depth += 1

    def depart_section(self, node: nodes.Element) -> None:
        self._depth -= 1

    def visit_title(self, node: nodes.Element) -> None:
        """Print a section's title; those of tables, topics and notes are printed by what they stand in."""
        if not isinstance(node.parent, nodes.section):
            raise nodes.SkipNode
        names = [*self.names(node.parent), *self.names(node)]
        is_page = self._depth == 1 and isinstance(node.parent.parent, nodes.document) and node.parent.parent.index(node.parent) == 0
        if is_page:
            names.insert(0, self._page_label)
        self.in_heading = True
        body = markup(self.opening) if is_page and self.opening else self.number(node.parent) + self.content(node)
        self.in_heading = False
        self.origin(node)
        level = self.level + self._depth - 1
        breaks = NEW_PAGE if is_page and level <= self.config.typst_chapter_breaks else ""
        self.begins_page = self.begins_page or bool(breaks)
        first, *others = names or [""]
        attached = f"#label({value(first)})" if first else ""
        if first:
            self.places.headings[first] = level, Code(body)
        if first and level <= RUNNING:
            self.places.titles.append((first, level, Code(f"[{body}]")))
        self.put(f"{breaks}#heading({arguments(level=level)})[{body}]{attached}", *(f"#anchor({value(name)})" for name in others), "\n\n")
        raise nodes.SkipNode

    def number(self, section: nodes.Element) -> str:
        """Return a section's number, where the toctree asks for numbers."""
        numbers = self.builder.env.toc_secnumbers.get(self.docname, {})
        found = next((numbers[f"#{name}"] for name in section["ids"] if f"#{name}" in numbers), numbers.get("") if self._depth == 1 else None)
        return f"#{string('.'.join(map(str, found)))}#h(0.6em)" if found else ""

    def visit_subtitle(self, node: nodes.Element) -> None:
        self.call(node, "rubric", self.anchors(node) + self.content(node))
        raise nodes.SkipNode

    def visit_rubric(self, node: nodes.Element) -> None:
        self.call(node, "rubric", self.anchors(node) + self.content(node))
        raise nodes.SkipNode

    def visit_transition(self, node: nodes.Element) -> None:
        self.call(node, "transition")
        raise nodes.SkipNode

    # --- Paragraphs ---

    def visit_paragraph(self, node: nodes.Element) -> None:
        self.origin(node)
        self.put("#lead-in[" if _leads_in(node) else "", self.anchors(node))

    def depart_paragraph(self, node: nodes.Element) -> None:
        self.put("]" if _leads_in(node) else "", "\n\n")

    visit_compact_paragraph = visit_paragraph
    depart_compact_paragraph = depart_paragraph

    def visit_centered(self, node: nodes.Element) -> None:
        self.block(node, f"#align(center)[{self.anchors(node)}#strong[{self.content(node)}]]")
        raise nodes.SkipNode

    def _pass(self, node: nodes.Element) -> None:
        self.put(self.anchors(node))

    def _end(self, node: nodes.Element) -> None:
        """Do nothing: the children are all there is."""

    visit_compound = visit_glossary = visit_acks = visit_only = visit_toctree_wrapper = _pass
    depart_compound = depart_glossary = depart_acks = depart_only = depart_toctree_wrapper = _end

    def visit_toctree(self, node: nodes.Element) -> None:
        """Print the pages that a toctree shows, with their page numbers; those of the first page are the contents' own."""
        entries = [] if node.get("hidden") or self.is_first else [docname for _title, docname in node["entries"] if self.builder.holds(docname)]
        lines = []
        for docname in entries:
            name = f"{docname}--"
            self.want(name, node, numbered=True)
            lines.append(f"#chapter-line({value(name)})[{markup(self.builder.env.titles[docname].astext())}]\n")
        if lines:
            self.block(node, "".join(lines))
        raise nodes.SkipNode

    def visit_line_block(self, node: nodes.Element) -> None:
        self.block(node, f"#lines[{self.anchors(node)}{self._lines(node, 0)}]")
        raise nodes.SkipNode

    def _lines(self, node: nodes.Element, depth: int) -> str:
        lines = []
        for child in node.children:
            if isinstance(child, nodes.line_block):
                lines.append(self._lines(child, depth + 1))
            elif isinstance(child, nodes.Element):
                lines.append((f"#h({depth * 1.5}em)" if depth else "") + (self.anchors(child) + self.content(child) or "~"))
        return "#linebreak()\n".join(lines)

    def visit_block_quote(self, node: nodes.Element) -> None:
        attribution = next((child for child in node.children if isinstance(child, nodes.attribution)), None)
        body = self.content(child for child in node.children if child is not attribution)
        said = Code(f"[{self.content(attribution)}]") if attribution is not None else None
        self.call(node, "quotation", self.anchors(node) + body, attribution=said)
        raise nodes.SkipNode

    # --- Lists ---

    def _items(self, node: nodes.Element) -> str:
        return "".join(f"[{self.anchors(item)}{self.content(item)}],\n" for item in node.children if isinstance(item, nodes.list_item))

    def visit_bullet_list(self, node: nodes.Element) -> None:
        self.block(node, f"{self.anchors(node)}#list({arguments(tight=_is_tight(node))},\n{self._items(node)})")
        raise nodes.SkipNode

    def visit_enumerated_list(self, node: nodes.Element) -> None:
        sign = {"loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I"}.get(node.get("enumtype", ""), "1")
        numbering = f"{node.get('prefix', '')}{sign}{node.get('suffix', '.') or '.'}"
        options = arguments(tight=_is_tight(node), start=node.get("start"), numbering=numbering)
        self.block(node, f"{self.anchors(node)}#enum({options},\n{self._items(node)})")
        raise nodes.SkipNode

    def visit_definition_list(self, node: nodes.Element) -> None:
        items = []
        for item in node.children:
            if not isinstance(item, nodes.definition_list_item):
                continue
            terms = [self.anchors(term) + self.content(term) for term in item.children if isinstance(term, nodes.term)]
            terms[-1:] = [" ".join([*terms[-1:], *(f"#emph[{self.content(sort)}]" for sort in item.children if isinstance(sort, nodes.classifier))])]
            body = self.content(child for child in item.children if not isinstance(child, (nodes.term, nodes.classifier)))
            items.append(f"terms.item([{self.anchors(item)}{'#linebreak()'.join(terms)}], [{body}]),\n")
        self.block(node, f"{self.anchors(node)}#definitions(\n{''.join(items)})")
        raise nodes.SkipNode

    def visit_definition(self, node: nodes.Element) -> None:
        self.put(self.anchors(node))

    def depart_definition(self, node: nodes.Element) -> None:
        """Do nothing: the list prints its parts."""

    def visit_field_list(self, node: nodes.Element) -> None:
        rows = []
        for item in node.children:
            if isinstance(item, nodes.field):
                name, body = item.children
                rows.append((self.anchors(item) + self.content(name), body))
        self._fields(node, rows)

    def visit_docinfo(self, node: nodes.Element) -> None:
        rows = []
        for item in node.children:
            if isinstance(item, nodes.field):
                name, body = item.children
                rows.append((self.content(name), body))
            elif isinstance(item, nodes.Element):
                rows.append((markup(_(type(item).__name__.capitalize())), item))
        self._fields(node, rows)

    def visit_option_list(self, node: nodes.Element) -> None:
        rows = []
        for item in node.children:
            if isinstance(item, nodes.option_list_item):
                group, description = item.children
                rows.append((f"{self.anchors(item)}#raw({string(', '.join(option.astext() for option in group.children))})", description))
        self._fields(node, rows)

    def _fields(self, node: nodes.Element, rows: list[tuple[str, nodes.Node]]) -> None:
        with self.set_small(26):
            shown = "".join(f"([{name}], [{self.content(body)}]),\n" for name, body in rows)
        self.block(node, f"{self.anchors(node)}#fields(\n{shown})")
        raise nodes.SkipNode

    def visit_hlist(self, node: nodes.Element) -> None:
        columns = [f"[{self.content(column)}],\n" for column in node.children]
        self.block(node, f"{self.anchors(node)}#side-by-side({len(columns)},\n{''.join(columns)})")
        raise nodes.SkipNode

    # --- Notes ---

    def _admonition(self, node: nodes.Element, kind: str) -> None:
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        head = self.content(title) if title is not None else markup(admonitionlabels.get(kind, kind.capitalize()))
        body = self.content(child for child in node.children if child is not title)
        self.call(node, "admonition", self.anchors(node) + body, kind=kind, title=Code(f"[{head}]"))
        raise nodes.SkipNode

    def visit_admonition(self, node: nodes.Element) -> None:
        self._admonition(node, next((name for name in node["classes"] if name in ADMONITIONS), "note"))

    def visit_seealso(self, node: nodes.Element) -> None:
        self._admonition(node, "seealso")

    def visit_topic(self, node: nodes.Element) -> None:
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        body = self.content(child for child in node.children if child is not title)
        head = Code(f"[{self.content(title)}]") if title is not None else None
        self.call(node, "panel", self.anchors(node) + body, title=head)
        raise nodes.SkipNode

    visit_sidebar = visit_topic

    def visit_versionmodified(self, node: nodes.Element) -> None:
        self.call(node, "version-note", self.anchors(node) + self.content(node))
        raise nodes.SkipNode


def _visitor(kind: str) -> Callable[[Blocks, nodes.Element], None]:
    def visit(self: Blocks, node: nodes.Element) -> None:
        self._admonition(node, kind)

    return visit


for _kind in ADMONITIONS:
    setattr(Blocks, f"visit_{_kind}", _visitor(_kind))


def _leads_in(node: nodes.Element) -> bool:
    """Tell whether a paragraph is all that stands between a heading and a figure, and short: it stays with them on a page."""
    if not isinstance(node.parent, nodes.section):
        return False
    begins = tuple(islice((child for child in node.parent.children if not isinstance(child, _UNSEEN)), 3))
    return begins[1:2] == (node,) and isinstance(begins[0], nodes.title) and isinstance(begins[-1], nodes.figure) and len(node.astext()) <= _SHORT


def _is_tight(node: nodes.Element) -> bool:
    """Tell whether a list's items are a line or a few each, so that they stand close together."""
    plain = (nodes.paragraph, addnodes.compact_paragraph, nodes.bullet_list, nodes.enumerated_list, nodes.target, nodes.comment)
    items = [item for item in node.children if isinstance(item, nodes.list_item)]
    short = all(sum(isinstance(child, nodes.paragraph) for child in item.children) <= 1 for item in items)
    return short and all(isinstance(child, plain) for item in items for child in item.children)
