"""Links, their targets, footnotes and citations."""

from __future__ import annotations

import re

from docutils import nodes

from .source import breakable, markup, value
from .writing import Writing, label, logger

_OUT = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
PAGE = "%"  # how the builder writes a page's address: %docname#id


class References(Writing):
    """Visit references and what they lead to."""

    def visit_target(self, node: nodes.Element) -> None:
        # One that names another place (`refid`) gave it its ids; one that names an address (`refuri`) is a place like any other.
        self.put(self.anchors(node))

    def depart_target(self, node: nodes.Element) -> None:
        """Do nothing: its text, if any, is text."""

    def visit_reference(self, node: nodes.Element) -> None:
        self.put(self.anchors(node))
        address = node.get("refuri", "")
        node["closes"] = True
        if "refid" in node:
            self._lead_to(label(self.docname, node["refid"]), node)
        elif address.startswith(PAGE):
            docname, _, target = address.removeprefix(PAGE).partition("#")
            self._lead_to(label(docname, target), node)
        elif _OUT.match(address):
            self.put(f"#out({value(address)})[")
        else:
            node["closes"] = False
            if address:
                logger.warning("the link leads to no place in the book: %s", address, location=node, type="typst", subtype="link")

    def _lead_to(self, name: str, node: nodes.Element) -> None:
        self.want(name, node)
        self.put(f"#to({value(name)})[")

    def depart_reference(self, node: nodes.Element) -> None:
        if not node["closes"]:
            return
        self.put("]")
        address = node.get("refuri", "")
        shown = self.config.typst_show_urls == "footnote" and not self.narrow and not self.in_heading
        if shown and re.match(r"https?:", address) and not _says(node.astext(), address):
            self.put(f"#footnote[{address_of(address)}]")

    visit_number_reference = visit_reference
    depart_number_reference = depart_reference

    def visit_download_reference(self, node: nodes.Element) -> None:
        """Print the text: a book has no files to download."""
        self.put(self.anchors(node))

    def depart_download_reference(self, node: nodes.Element) -> None:
        """Do nothing: its text is text."""

    def visit_pending_xref(self, node: nodes.Element) -> None:
        """Print the text of what was not resolved: Sphinx has told it."""

    def depart_pending_xref(self, node: nodes.Element) -> None:
        """Do nothing: its text is text."""

    visit_pending_xref_condition = visit_pending_xref
    depart_pending_xref_condition = depart_pending_xref

    # --- Footnotes ---

    def visit_footnote_reference(self, node: nodes.Element) -> None:
        """Print a footnote where it is first referred to, and its number where it is again."""
        found = self._footnotes().get(node.get("refid", ""))
        name = label(self.docname, node.get("refid", ""))
        if found is None:
            self.put(f"#super[{self.content(node)}]")
        elif name in self.places.known:
            self.put(f"#footnote(label({value(name)}))")
        else:
            self.know(*(label(self.docname, target) for target in found["ids"]))
            with self.set_small(30):
                body = self.content(child for child in found.children if not isinstance(child, nodes.label))
            self.put(f"#footnote[{body}]#label({value(name)})")
        raise nodes.SkipNode

    def _footnotes(self) -> dict[str, nodes.Element]:
        if not hasattr(self, "_by_id"):
            self._by_id: dict[str, nodes.Element] = {target: node for node in self.document.findall(nodes.footnote) for target in node["ids"]}
            self._referred = {node.get("refid") for node in self.document.findall(nodes.footnote_reference)}
        return self._by_id

    def visit_footnote(self, node: nodes.Element) -> None:
        """Print here only what nothing refers to: else it stands at the foot of the page that does."""
        self._footnotes()
        if not self._referred & set(node["ids"]):
            self._labelled(node)
        raise nodes.SkipNode

    def visit_citation(self, node: nodes.Element) -> None:
        self._labelled(node)
        raise nodes.SkipNode

    def _labelled(self, node: nodes.Element) -> None:
        heads = [child for child in node.children if isinstance(child, nodes.label)]
        body = self.content(child for child in node.children if child not in heads)
        self.block(node, f"#entry([{self.anchors(node)}{''.join(map(self.content, heads))}])[{body}]")

    def visit_citation_reference(self, node: nodes.Element) -> None:
        """Print the label: the citation domain resolves all but those of a page that failed."""
        self.put(r"\[", self.content(node), r"\]")
        raise nodes.SkipNode


def address_of(address: str) -> str:
    """Return a link that shows its own address, with places where the line may end."""
    return f"#out({value(address)})[{markup(breakable(re.sub('^https?://', '', address), 8))}]"


def _says(text: str, address: str) -> bool:
    return text.removeprefix("https://").removeprefix("http://").strip("/ ") == address.removeprefix("https://").removeprefix("http://").strip("/ ")
