"""Refuse what a page may not do, at the point where it would be done (reading phase).

MyST's renderer looks every directive, role, link, image and piece of HTML up in one of the methods below, however deep it is
nested, so nothing that `markup.py` does not name is ever run or read. `source-read` has told most refusals already, from the
same declaration; one that it did not foresee is told from here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast
from urllib.parse import unquote

from docutils import nodes
from myst_parser.mdit_to_docutils.base import token_line
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from ..markup import (
    MAX_NESTED,
    RECORD,
    Refusal,
    Rules,
    directive_name,
    directive_refusal,
    html_refusal,
    image_refusal,
    keep_every_link,
    link_refusal,
    role_refusal,
    rules_for,
    settings_refusals,
    syntax_refusal,
    too_deep,
)
from .domain import ReviewDomain

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def _refuse(env: BuildEnvironment, line: int, refusal: Refusal) -> None:
    docname = env.current_document.docname
    ReviewDomain.of(env).note_refusal(docname, refusal.diagnostic(f"{docname}.md", line))


class GuardedRenderer(SphinxRenderer):
    """Render what is allowed, and show as text what is not."""

    def __init__(self, parser: MarkdownIt) -> None:
        super().__init__(parser)
        self._depth = 0
        # What has no name among the allowed syntax is refused, also what a later version of MyST may learn.
        rules = cast("dict[str, Callable[[Any], None]]", self.rules)
        for name, render in rules.items():
            rules[name] = self._guarded(name.removeprefix("render_"), render)

    def _guarded(self, name: str, render: Callable[[Any], None]) -> Callable[[Any], None]:
        refusal = syntax_refusal(RECORD, name)
        if name in ("html_block", "html_inline") or refusal is None:
            return render
        return lambda token: self._shown_as_text(token, refusal)

    @property
    def _page(self) -> tuple[Rules, str, Path]:
        path = f"{self.sphinx_env.current_document.docname}.md"
        return rules_for(path), path, Path(self.sphinx_env.srcdir)

    def _shown_as_text(self, token: SyntaxTreeNode, refusal: Refusal) -> None:
        _refuse(self.sphinx_env, token_line(token, 1), refusal)
        inline = isinstance(self.current_node, nodes.TextElement)
        self.current_node += nodes.Text(token.content) if inline else nodes.literal_block(token.content, token.content, language="none")

    def render_html_block(self, token: SyntaxTreeNode) -> None:
        self._shown_as_text(token, html_refusal(self._page[0], token.content))

    def render_html_inline(self, token: SyntaxTreeNode) -> None:
        self.render_html_block(token)

    def render_fence(self, token: SyntaxTreeNode) -> None:
        # MyST runs `eval-rst` without looking it up as a directive
        name = directive_name(token.info or "")
        refusal = directive_refusal(self._page[0], name) if name is not None else None
        if refusal:
            self._shown_as_text(token, refusal)
        else:
            super().render_fence(token)

    def run_directive(self, name: str, first_line: str, content: str, position: int, *arguments: Any, **options: Any) -> list[nodes.Element]:
        refusal = directive_refusal(self._page[0], name) or (too_deep() if self._depth > MAX_NESTED else None)
        if refusal:
            _refuse(self.sphinx_env, position, refusal)
            return [nodes.literal_block(content, content, language="none")]
        self._depth += 1
        try:
            return super().run_directive(name, first_line, content, position, *arguments, **options)
        finally:
            self._depth -= 1

    def render_colon_fence(self, token: SyntaxTreeNode) -> None:
        if self._depth > MAX_NESTED:
            self._shown_as_text(token, too_deep())
            return
        self._depth += 1
        try:
            super().render_colon_fence(token)
        finally:
            self._depth -= 1

    def render_restructuredtext(self, token: SyntaxTreeNode) -> None:
        refusal = directive_refusal(self._page[0], "eval-rst")
        assert refusal is not None, "reStructuredText would pass by every check made here"
        self._shown_as_text(token, refusal)

    def render_myst_role(self, token: SyntaxTreeNode) -> None:
        refusal = role_refusal(self._page[0], token.meta["name"])
        if refusal:
            self._shown_as_text(token, refusal)
        else:
            super().render_myst_role(token)

    def render_link(self, token: SyntaxTreeNode) -> None:
        rules, path, root = self._page
        refusal = link_refusal(rules, path, str(token.attrGet("href") or ""), root)
        if refusal:
            _refuse(self.sphinx_env, token_line(token, 1), refusal)
            self.render_children(token)
        else:
            super().render_link(token)

    def render_link_unknown(self, token: SyntaxTreeNode) -> None:
        """Make a link to a page one to a page, whatever its file is: of one that is not read MyST would offer what it points to as a download."""
        name, _, part = unquote(str(token.attrGet("href") or "")).partition("#")
        docname = self.sphinx_env.relfn2path(name, self.sphinx_env.current_document.docname)[0].removesuffix(".md")
        if not name.endswith(".md") or docname in self.sphinx_env.found_docs:
            super().render_link_unknown(token)
            return
        explicit = token.info != "auto" and bool(token.children)
        link = addnodes.pending_xref(
            refdomain="doc", reftarget=docname, reftargetid=part or None, refdoc=self.sphinx_env.current_document.docname, reftype="myst", refexplicit=explicit
        )
        self._process_wrap_node(link, token, explicit, ["xref", "myst"], name)

    def render_image(self, token: SyntaxTreeNode) -> None:
        rules, path, root = self._page
        refusal = image_refusal(rules, path, str(token.attrGet("src") or ""), root)
        if refusal:
            _refuse(self.sphinx_env, token_line(token, 1), refusal)
            self.current_node += nodes.Text(self.renderInlineAsText(token.children or []))
        else:
            super().render_image(token)

    def render_front_matter(self, token: SyntaxTreeNode) -> None:
        if not settings_refusals(self._page[1], f"---\n{token.content}\n---\n"):
            super().render_front_matter(token)


class GuardedParser(MystParser):
    """Parse a page with the project's settings; those a page makes for itself could switch on what is refused."""

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse a page's text into its document."""
        parser = keep_every_link(create_md_parser(document.settings.env.myst_config, GuardedRenderer))
        parser.options["document"] = document
        parser.render(inputstring)


class RefuseTargets(SphinxTransform):
    """Take away targets that directives made of their options and that no page may have (before anything is read or copied)."""

    default_priority: ClassVar[int] = 3

    def apply(self, **kwargs: Any) -> None:
        docname = self.env.current_document.docname
        rules, path, root = rules_for(f"{docname}.md"), f"{docname}.md", Path(self.env.srcdir)
        for node in list(self.document.findall(nodes.Element)):
            refusal: Refusal | None = None
            if isinstance(node, nodes.reference) and "refuri" in node:
                refusal = link_refusal(rules, path, str(node["refuri"]), root)
                if refusal:
                    del node["refuri"]
                    node["refid"] = ""
            elif isinstance(node, addnodes.download_reference):
                refusal = link_refusal(rules, path, str(node["reftarget"]), root)
                if refusal:
                    node.replace_self(nodes.inline("", "", *node.children))
            elif isinstance(node, nodes.image):
                refusal = image_refusal(rules, path, str(node["uri"]), root)
                if refusal:
                    node.replace_self(nodes.inline("", str(node.get("alt", ""))))
            elif isinstance(node, addnodes.toctree):
                for entry in list(node["entries"]):
                    outside = link_refusal(rules, path, str(entry[1]), root) if "://" in str(entry[1]) else None
                    if outside:
                        refusal = outside
                        node["entries"].remove(entry)
            elif isinstance(node, nodes.raw) and rules is RECORD and not _is_line_break(node):
                refusal = html_refusal(rules, node.astext())
                node.replace_self(nodes.Text(node.astext()))
            if refusal:
                _refuse(self.env, node.line or 1, refusal)


def _is_line_break(node: nodes.raw) -> bool:
    return (node.get("format"), node.astext()) in {("html", "<br />\n"), ("latex", "\\\\\n")}


def register(app: Sphinx) -> None:
    """Put the guarded parser in MyST's place, whichever of the two the configuration names first."""
    app.setup_extension("myst_parser")
    app.add_source_parser(GuardedParser, override=True)
    app.add_transform(RefuseTargets)
