"""What a contributed page tries and may not: read a file, run a script, load something from elsewhere.

All attacks are built as pages of one review, each with its own secret to steal; then each has a test of its own.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import minimal
import pytest
from conftest import ROOT, ROOTS, Result, build
from hypothesis import given
from hypothesis import strategies as st
from litreview import markup
from litreview.__main__ import main
from litreview.diagnostics import Diagnostic
from markdown_it import MarkdownIt
from myst_parser.config.main import MdParserConfig
from myst_parser.mdit_to_docutils.base import DocutilsRenderer
from myst_parser.parsers.mdit import create_md_parser
from test_frontmatter_fuzz import few

SECRET = "the-builders-secret"  # stands in a file outside the review and in one beside its pages
RUN = "40353607"  # 7 to the power of 9: stands in the output only if something was computed


class Attack(NamedTuple):
    """A page's text, the codes of the diagnostics it must give, and a word that must be told."""

    text: str
    codes: set[str]
    told: str = ""


DIRECTIVE, ROLE, HTML, LINK, IMAGE = ({f"{kind}-forbidden"} for kind in ("directive", "role", "html", "link", "image"))

# On a page in papers/, as its body.
ON_RECORDS: dict[str, Attack] = {
    "include": Attack("```{include} ../../secret.txt\n```\n", DIRECTIVE, "{include}"),
    "include-own-configuration": Attack("```{include} ../conf.py\n:literal:\n```\n", DIRECTIVE, "{include}"),
    "include-absolute": Attack("```{include} /conf.py\n```\n", DIRECTIVE, "{include}"),
    "literalinclude": Attack("```{literalinclude} ../../secret.txt\n```\n", DIRECTIVE, "{literalinclude}"),
    "raw": Attack("```{raw} html\n<script>alert(1)</script>\n```\n", DIRECTIVE, "{raw}"),
    "raw-file": Attack("```{raw} html\n:file: ../../secret.txt\n```\n", DIRECTIVE, "{raw}"),
    "raw-url": Attack("```{raw} html\n:url: file:///etc/hostname\n```\n", DIRECTIVE, "{raw}"),
    "eval-rst": Attack("```{eval-rst}\n.. include:: ../../secret.txt\n```\n", DIRECTIVE, "{eval-rst}"),
    "eval-rst-raw": Attack("```{eval-rst}\n.. raw:: html\n\n   <script>alert(1)</script>\n```\n", DIRECTIVE, "{eval-rst}"),
    "eval-rst-colon-fence": Attack(":::{eval-rst}\n.. include:: ../../secret.txt\n:::\n", DIRECTIVE, "{eval-rst}"),
    "csv-table-file": Attack("```{csv-table}\n:file: ../../secret.txt\n```\n", DIRECTIVE, "{csv-table}"),
    "csv-table-url": Attack("```{csv-table}\n:url: file:///etc/hostname\n```\n", DIRECTIVE, "{csv-table}"),
    "upper-case": Attack("```{INCLUDE} ../../secret.txt\n```\n", DIRECTIVE, "{INCLUDE}"),
    "domain": Attack("```{std:include} ../../secret.txt\n```\n", DIRECTIVE, "{std:include}"),
    "meta": Attack('```{meta}\n:http-equiv=refresh: 0; url="https://evil.example"\n```\n', DIRECTIVE, "{meta}"),
    "only": Attack("````{only} html\n```{raw} html\n<script>alert(1)</script>\n```\n````\n", DIRECTIVE, "{only}"),
    "only-expression": Attack('```{only} __import__("os").system("true")\ntext\n```\n', DIRECTIVE, "{only}"),
    "ifconfig": Attack("```{ifconfig} 7 ** 9\ntext\n```\n", DIRECTIVE, "{ifconfig}"),
    "math": Attack("```{math}\n\\input{../../secret.txt}\n```\n", DIRECTIVE, "{math}"),
    "new-role": Attack("```{role} evil(raw)\n:format: html\n```\n\n{evil}`<script>alert(1)</script>`\n", DIRECTIVE | ROLE, "{role}"),
    "default-role": Attack("```{default-role} raw\n```\n", DIRECTIVE, "{default-role}"),
    "default-domain": Attack("```{default-domain} std\n```\n", DIRECTIVE, "{default-domain}"),
    "container": Attack("```{container} evil\n```{include} ../../secret.txt\n```\n", DIRECTIVE, "{container}"),
    "autodoc": Attack("```{automodule} antigravity\n```\n", DIRECTIVE, "{automodule}"),
    "toctree": Attack("```{toctree}\n:glob:\n/*\n```\n", DIRECTIVE, "{toctree}"),
    "image-directive": Attack("```{image} ../../secret.txt\n```\n", DIRECTIVE, "{image}"),
    "figure": Attack("```{figure} https://evil.example/x.png\n:target: javascript:alert(1)\n```\n", DIRECTIVE, "{figure}"),
    # nested, and in other clothes
    "in-a-note": Attack("````{note}\n```{include} ../../secret.txt\n```\n````\n", DIRECTIVE, "{include}"),
    "in-two-notes": Attack("`````{note}\n````{tip} T\n```{include} ../../secret.txt\n```\n````\n`````\n", DIRECTIVE, "{include}"),
    "in-a-title": Attack("```{admonition} A {download}`../../secret.txt` title\nText.\n```\n", ROLE, "{download}"),
    "in-a-caption": Attack("```{code-block} python\n:caption: A {download}`../../secret.txt` caption\nx\n```\n", ROLE, "{download}"),
    "in-a-quote": Attack("> ```{include} ../../secret.txt\n> ```\n", DIRECTIVE, "{include}"),
    "in-a-list": Attack("- one\n\n  1. two\n\n     ```{include} ../../secret.txt\n     ```\n", DIRECTIVE, "{include}"),
    "in-a-footnote": Attack("Text[^1].\n\n[^1]: Note\n\n    ```{include} ../../secret.txt\n    ```\n", DIRECTIVE, "{include}"),
    "in-a-definition": Attack("Term\n: Text\n\n  ```{include} ../../secret.txt\n  ```\n", DIRECTIVE, "{include}"),
    "in-a-table": Attack("| a | b |\n|---|---|\n| {download}`../../secret.txt` | b |\n", ROLE, "{download}"),
    "in-a-table-directive": Attack("````{list-table}\n* - ```{include} ../../secret.txt\n    ```\n````\n", DIRECTIVE, "{include}"),
    "in-a-heading": Attack("## A {download}`../../secret.txt` heading\n", ROLE, "{download}"),
    "in-emphasis": Attack("A **bold {download}`../../secret.txt` word**.\n", ROLE, "{download}"),
    "in-a-link": Attack("A [linked {download}`../../secret.txt` word](https://example.org).\n", ROLE, "{download}"),
    "colon-fence": Attack(":::{include} ../../secret.txt\n:::\n", DIRECTIVE, "{include}"),
    "colon-fence-in-division": Attack("::::evil\n:::{include} ../../secret.txt\n:::\n::::\n", DIRECTIVE, "{include}"),
    "tilde-fence": Attack("~~~{include} ../../secret.txt\n~~~\n", DIRECTIVE, "{include}"),
    "fence-without-end": Attack("```{include} ../../secret.txt", DIRECTIVE, "{include}"),
    "long-fence": Attack("``````````{include} ../../secret.txt\n``````````\n", DIRECTIVE, "{include}"),
    "indented-fence": Attack("   ```{include} ../../secret.txt\n   ```\n", DIRECTIVE, "{include}"),
    "space-before-name": Attack("```   {include} ../../secret.txt\n```\n", DIRECTIVE, "{include}"),
    "carriage-returns": Attack("```{include} ../../secret.txt\r```\r", DIRECTIVE, "{include}"),
    "deep-nesting": Attack("".join(f"{'`' * (60 - n)}{{note}}\n" for n in range(50)) + "```{include} ../../secret.txt\n```\n", {"markup-forbidden"}, "nest"),
    "deep-divisions": Attack("".join(f"{':' * (60 - n)}x\n" for n in range(50)) + "```{include} ../../secret.txt\n```\n", {"markup-forbidden"}, "nest"),
    # roles
    "download": Attack("Take {download}`../../secret.txt`.\n", ROLE, "{download}"),
    "download-titled": Attack("Take {download}`it <../../secret.txt>`.\n", ROLE, "{download}"),
    "raw-role": Attack("Text {raw}`<script>alert(1)</script>`.\n", ROLE, "{raw}"),
    "menuselection": Attack("Text {menuselection}`x`.\n", ROLE, "{menuselection}"),
    "external-role": Attack("Text {external:py:class}`x`.\n", ROLE, "{external:py:class}"),
    "split-role": Attack("Text {download}\n`../../secret.txt`.\n", set()),
    # HTML
    "script": Attack("<script>alert(1)</script>\n", HTML, "<script>"),
    "html-inline": Attack("A <img src=x onerror=alert(1)> word.\n", HTML, "<img"),
    "html-block": Attack('<div onclick="alert(1)">\n\ntext\n\n</div>\n', HTML, "<div"),
    "html-comment": Attack("<!-- <script>alert(1)</script> -->\n", HTML, "<!--"),
    "html-comment-ends-early": Attack("A <!--> <script>alert(1)</script> --> word.\n", HTML, "<!"),
    "html-in-a-note": Attack("```{note}\n<iframe src=https://evil.example></iframe>\n```\n", HTML, "<iframe"),
    "html-in-a-heading": Attack("## A <b onclick=alert(1)>heading</b>\n", HTML, "<b"),
    "html-in-alt-text": Attack("![<img src=x onerror=alert(1)>](x.png)\n", set()),
    "refresh": Attack('<meta http-equiv="refresh" content="0; url=https://evil.example">\n', HTML, "<meta"),
    "cdata": Attack("<![CDATA[ <script>alert(1)</script> ]]>\n", HTML, "<![CDATA["),
    "processing": Attack("<?php system('id') ?>\n", HTML, "<?php"),
    # links
    "javascript-link": Attack("[x](javascript:alert(1))\n", LINK, "javascript"),
    "javascript-capitals": Attack("[x](JaVaScRiPt:alert(1))\n", LINK, "cript"),
    "javascript-entity": Attack("[x](&#106;avascript:alert(1))\n", LINK, "javascript"),
    "javascript-tab": Attack("[x](java&#9;script:alert(1))\n", LINK, "script"),
    "javascript-autolink": Attack("<javascript:alert(1)>\n", LINK, "javascript"),
    "javascript-reference": Attack("[x][y]\n\n[y]: javascript:alert(1)\n", LINK, "javascript"),
    "javascript-reference-elsewhere": Attack("[x]\n\n> [x]: javascript:alert(1)\n", LINK, "javascript"),
    "javascript-in-a-note": Attack("```{note}\n[x](javascript:alert(1))\n```\n", LINK, "javascript"),
    "data-link": Attack("[x](data:text/html;base64,PHNjcmlwdD4=)\n", LINK, "data:"),
    "vbscript-link": Attack("[x](vbscript:x)\n", LINK, "vbscript"),
    "file-link": Attack("[x](file:///etc/hostname)\n", LINK, "file:"),
    "other-scheme": Attack("[x](ftp://example.org/x)\n", LINK, "ftp:"),
    "same-scheme-as-page": Attack("[x](//evil.example/x)\n", LINK, "//evil"),
    "link-to-a-file": Attack("[x](../../secret.txt)\n", LINK, "secret.txt"),
    "link-to-a-file-of-the-project": Attack("[x](../conf.py)\n", LINK, "conf.py"),
    "link-to-a-hidden-file": Attack("[x](../.hidden/secret.txt)\n", LINK, "secret.txt"),
    "link-to-a-file-encoded": Attack("[x](..%2F..%2Fsecret.txt)\n", LINK, "secret.txt"),
    "link-path-scheme": Attack("[x](path:../../secret.txt)\n", LINK, "path:"),
    "link-project-scheme": Attack("<project:../conf.py>\n", LINK, "project:"),
    "link-inventory-scheme": Attack("<inv:*:*:*#x>\n", LINK, "inv:"),
    "link-out-of-the-review": Attack("[x](../../other.md)\n", LINK, "other.md"),
    "link-by-reference": Attack("[x]\n\n[x]: ../../secret.txt\n", LINK, "secret.txt"),
    # images
    "image-outside": Attack("![x](../../secret.png)\n", IMAGE, "secret.png"),
    "image-absolute": Attack("![x](/conf.py)\n", IMAGE, "conf.py"),
    "image-not-an-image": Attack("![x](secret.txt)\n", IMAGE, "secret.txt"),
    "image-from-the-web": Attack("![x](https://evil.example/x.png)\n", IMAGE, "evil.example"),
    "image-data": Attack("![x](data:image/png;base64,AAAA)\n", IMAGE, "data:"),
    "image-javascript": Attack("![x](javascript:alert(1))\n", IMAGE, "javascript"),
    "image-svg": Attack("![x](evil.svg)\n", IMAGE, "evil.svg"),
    "image-linked": Attack("![x](linked.png)\n", IMAGE, "linked.png"),
    "image-glob": Attack("![x](../../secret.*)\n", IMAGE, "secret"),
    # what MyST would compute
    "substitution": Attack("{{ 7 ** 9 }} and {{ env.config }}\n", set()),
    "attributes": Attack('{onclick="alert(1)"}\nA paragraph. [x](https://example.org){onclick="alert(1)"}\n', set()),
    "front-matter-again": Attack("---\nhtml_meta: {a: b}\n---\n", set()),
}

# Facts of a record page that are keys of MyST's or Sphinx's.
IN_FACTS: dict[str, Attack] = {
    "facts-myst": Attack("myst: {enable_extensions: [substitution, attrs_block], substitutions: {a: '{{ 7 ** 9 }}'}}", {"field-unknown"}, "myst"),
    "facts-html-meta": Attack('html_meta: {"http-equiv=refresh": "0; url=https://evil.example"}', {"field-unknown"}, "html_meta"),
    "facts-orphan": Attack("orphan: true", {"field-unknown"}, "orphan"),
    "facts-title": Attack('title: "</h1><script>alert(1)</script> {download}`../../secret.txt` [x](javascript:alert(1)) {{ 7 ** 9 }}"', set()),
}

# Whole pages that are no records.
ELSEWHERE: dict[str, Attack] = {
    "review/settings.md": Attack("---\nmyst:\n  enable_extensions: [substitution]\n---\n\n# T\n\n{{ 7 ** 9 }}\n", {"setting-forbidden"}, "myst"),
    "review/meta.md": Attack('---\nhtml_meta:\n  "http-equiv=refresh": "0; url=https://evil.example"\n---\n\n# T\n', {"setting-forbidden"}, "html_meta"),
    "review/four-dashes.md": Attack("----\nmyst: {enable_extensions: [substitution]}\n----\n\n# T\n\n{{ 7 ** 9 }}\n", {"setting-forbidden"}, "dashes"),
    "review/bomb.md": Attack("---\na: &a [x, x]\nb: &b [*a, *a]\ntocdepth: *b\n---\n\n# T\n", {"yaml-refused"}, "anchor"),
    "review/object.md": Attack("---\ntocdepth: !!python/object/apply:os.system [true]\n---\n\n# T\n", {"yaml-refused"}, "tag"),
    "review/include.md": Attack("# T\n\n```{include} ../../secret.txt\n```\n", DIRECTIVE, "{include}"),
    "review/rst.md": Attack("# T\n\n```{eval-rst}\n.. include:: ../../secret.txt\n```\n", DIRECTIVE, "{eval-rst}"),
    "review/html.md": Attack("# T\n\n<script>alert(1)</script>\n", HTML, "<script>"),
    "review/download.md": Attack("# T\n\n[x](../.hidden/secret.txt)\n", LINK, "secret.txt"),
    "review/outside.md": Attack("# T\n\n[x](../../secret.txt)\n", LINK, "secret.txt"),
    "review/target.md": Attack("# T\n\n```{figure} picture.png\n:target: javascript:alert(1)\nx\n```\n", LINK, "javascript"),
    "review/figure.md": Attack("# T\n\n```{figure} ../../secret.png\nx\n```\n", IMAGE, "secret.png"),
    "review/image.md": Attack("# T\n\n```{image} https://evil.example/x.png\n```\n", IMAGE, "evil.example"),
    "review/toctree.md": Attack("# T\n\n```{toctree}\nx <javascript://x%0aalert(1)>\n```\n", LINK, "javascript"),
    "review/hidden-sign.md": Attack("# T\n\nPay\u202eevil\n", {"character-forbidden"}, "U+202E"),
}

IN_LISTS: dict[str, Attack] = {
    "licenses/index.md": Attack(
        "---\ntocdepth: 1\nhtml_meta: {a: b}\n---\n\n# L\n\n```{toctree}\n:hidden:\n:glob:\n\n*\n```\n", {"setting-forbidden"}, "html_meta"
    ),
    "sources/index.md": Attack("# S\n\n```{toctree}\n:hidden:\n:glob:\n\n*\n```\n\n```{include} ../../secret.txt\n```\n", DIRECTIVE, "{include}"),
}


def page_of(name: str) -> str:
    """Return the page an attack is made on."""
    return name if name.endswith(".md") else f"papers/{name}.md"


ATTACKS = {**ON_RECORDS, **IN_FACTS, **ELSEWHERE, **IN_LISTS}
BUILDERS = ["html", "latex", "text", "epub"]


@dataclass
class Attacked:
    """The review with all attacks, and what became of it."""

    source: Path
    checked: list[str]
    built: dict[str, Result] = field(default_factory=dict)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    folder = tmp_path_factory.mktemp("attacked")
    source = folder / "review"
    shutil.copytree(ROOTS / "herd", source)
    pages = {page_of(name): minimal.page(page_of(name), f"short: {name}", f"## Text\n\n{attack.text}") for name, attack in ON_RECORDS.items()}
    pages |= {page_of(name): minimal.page(page_of(name), f"short: {name}\n{attack.text}") for name, attack in IN_FACTS.items()}
    # A link to a page that is a symbolic link: what it points to may not be offered as a file.
    pages |= {"papers/leading.md": minimal.page("papers/leading.md", "short: leading", "## Text\n\nSee [this](linked.md) and [](linked.md#part).\n")}
    pages |= {name: attack.text for name, attack in (ELSEWHERE | IN_LISTS).items()}
    minimal.write(source, pages)
    index = source / "index.md"
    index.write_text(index.read_text().replace("review/tables\n", "review/tables\n" + "".join(f"{name.removesuffix('.md')}\n" for name in ELSEWHERE)))
    hidden = source / ".hidden"
    hidden.mkdir()
    for place in (folder / "secret.txt", folder / "secret.png", hidden / "secret.txt", source / "papers/secret.txt", source / "papers/evil.svg"):
        place.write_text(SECRET)
    with (source / "conf.py").open("a") as conf:
        conf.write(f'myst_enable_extensions = ["colon_fence", "deflist"]  # {SECRET}\n')
    (source / "review/picture.png").write_bytes((ROOT / "_static/comparison.png").read_bytes())
    (source / "papers/linked.png").symlink_to(folder / "secret.png")
    (source / "papers/linked.md").symlink_to(folder / "secret.txt")
    (source / "review/linked.md").symlink_to(folder / "secret.txt")
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
        assert main(["check", "--root", str(source)]) == 1
    found = Attacked(source, output.getvalue().splitlines())
    for builder in BUILDERS:
        found.built[builder] = build(source, builder)
    return found


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_with_its_place_and_name(attacked: Attacked, name: str) -> None:
    attack, page = ATTACKS[name], page_of(name)
    lines = [line for line in attacked.checked if line.startswith(f"{page}:")]
    assert {line.rpartition("[litreview.")[2].rstrip("]") for line in lines} == attack.codes, lines
    assert all(re.match(rf"{re.escape(page)}:\d+: error: ", line) for line in lines)
    assert not attack.told or any(attack.told in line for line in lines), lines


@pytest.mark.parametrize("builder", BUILDERS)
def test_the_build_tells_the_same_as_the_check(attacked: Attacked, builder: str) -> None:
    built = {re.sub(r"^.*?/review/(?=(?:papers|review|licenses|sources)/|index)", "", line) for line in attacked.built[builder].warnings.splitlines()}
    told = {line.replace(": WARNING: ", ": error: ") for line in built if "[litreview." in line}
    assert told == set(attacked.checked)
    assert attacked.built[builder].code == 1
    assert "Traceback" not in attacked.built[builder].warnings


@pytest.mark.parametrize("builder", BUILDERS)
def test_no_secret_leaves_and_nothing_is_computed(attacked: Attacked, builder: str) -> None:
    seen = 0
    for path in attacked.built[builder].outdir.rglob("*"):
        if path.is_file():
            seen += 1
            data = path.read_bytes()
            assert SECRET.encode() not in data, path
            assert RUN.encode() not in data, path
            assert path.suffix == ".epub" or path.name == "searchindex.js" or b"PHNjcmlwdD4=" not in data or b"data:text/html" in data, path
    assert seen > len(ATTACKS) or builder == "latex"


class Audit(HTMLParser):
    """Collect whatever in a page could run, load from elsewhere, or lead astray."""

    WEB = re.compile(r"https?://|mailto:|#|(?![A-Za-z][A-Za-z0-9+.-]*:)(?!//)", re.IGNORECASE)

    def __init__(self) -> None:
        super().__init__()
        self.scripts: set[str] = set()
        self.dangers: list[str] = []
        self._in_script = False
        self._is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._in_script = tag == "script"
        self._is_data = values.get("type") in ("application/json", "application/ld+json")  # no browser runs these
        if tag in ("iframe", "object", "embed", "base", "applet", "frame"):
            self.dangers.append(tag)
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self.dangers.append("refresh")
        for name, value in values.items():
            if name.startswith("on"):
                self.dangers.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction", "xlink:href", "data") and not self.WEB.match(value.strip()):
                self.dangers.append(f"{tag} {name}={value}")
            if name == "src" and re.match(r"(?:https?:)?//", value):
                self.dangers.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if not self._in_script or not data.strip():
            return
        if not self._is_data:
            self.scripts.add(data.strip())
            return
        try:
            json.loads(data)
        except ValueError:
            self.dangers.append(f"data that breaks off: {data[:80]}")


def audit(path: Path) -> Audit:
    found = Audit()
    found.feed(path.read_text("utf-8"))
    return found


@pytest.mark.parametrize("builder", ["html", "epub"])
def test_no_page_runs_or_loads_anything_of_a_contributor(attacked: Attacked, builder: str) -> None:
    outdir = attacked.built[builder].outdir
    own = audit(outdir / f"models/wooly.{'html' if builder == 'html' else 'xhtml'}").scripts
    pages = [path for path in outdir.rglob("*.*html") if path.name not in ("search.html", "genindex.html")]
    assert len(pages) > len(ON_RECORDS)
    for path in pages:
        found = audit(path)
        assert found.dangers == [], path
        assert found.scripts <= own, path


def test_a_refused_piece_is_shown_as_text(attacked: Attacked) -> None:
    """What was meant well is not lost: the reviewer sees it on the page."""
    text = attacked.built["html"].text("papers/html-inline.html")
    assert "&lt;img src=x onerror=alert(1)&gt; word." in text
    assert "{{ 7 ** 9 }}" in attacked.built["html"].text("papers/substitution.html")


def test_linked_pages_are_no_pages(attacked: Attacked) -> None:
    for name in ("papers/linked.md", "review/linked.md"):
        assert [line for line in attacked.checked if line.startswith(f"{name}:1: error: ")] == [
            f"{name}:1: error: a symbolic link; only files are read [litreview.page-linked]"
        ]
    built = attacked.built["html"]
    assert not list(built.outdir.rglob("linked*"))
    assert '"linked"' not in built.text("data/review.json")
    leading = [page.name for page in built.outdir.rglob("*.html") if re.search(r"[/\"]linked\.html", page.read_text("utf-8"))]
    assert leading == [], "no table leads to it"


def test_faults_of_pages_come_again_on_the_next_build(attacked: Attacked) -> None:
    again = build(attacked.source)
    assert again.code == 1
    assert set(again.warnings.splitlines()) == set(attacked.built["html"].warnings.splitlines())


def test_a_pipe_is_no_page(tmp_path: Path) -> None:
    """Reading a pipe would wait for ever."""
    minimal.write(tmp_path)
    os.mkfifo(tmp_path / "papers/pipe.md")
    code, lines = minimal.check(tmp_path)
    assert (code, lines) == (1, ["papers/pipe.md:1: error: not a file [litreview.page-unreadable]"])


# --- The declaration and what reads it ---------------------------------------------------------------------------------


def test_every_own_directive_and_role_is_declared() -> None:
    from litreview.extension.domain import ReviewDomain

    registered = set()
    for path in (ROOT / "_ext/litreview/extension").glob("*.py"):
        registered |= set(re.findall(r'app\.add_directive\("([a-z-]+)"', path.read_text()))
    from litreview.tables import DIRECTIVE as TABLE

    assert registered | {TABLE} == set(markup.OWN_DIRECTIVES)
    assert {f"review:{role}" for role in ReviewDomain.roles} == set(markup.OWN_ROLES)


pieces = st.sampled_from(
    [
        "```", "````",
        ":::", "~~~", "{note}", "{include}", "{math}", "{sub}", "{comparison-table}", "{review:paper}", "{download}", "`x`", "`", "``", "\n",
        "\n\n",
        " ", "    ", "> ", "- ", "[x]", "(https://example.org/a_b)", "(lima.md)", "(../papers/lima.md#a)", "(javascript:x)", "(#x)", "](", "[", "]", "!", "!",
        "]: x", "<b>", "<", "https://x.org", "javascript://x", "\\", "&lt;", "&#123;", "{", "}", "text", ":caption: x\n",
        "---\n", "|a|b|\n|--|--|\n", "# ", "\r",
        "\u00a0", "\x0b",
    ]
)  # fmt: skip


@cache
def parser_of_the_build() -> MarkdownIt:
    """Return the parser that MyST makes from the project's own settings."""
    settings: dict[str, Any] = {}
    exec((ROOT / "conf.py").read_text(), {"__file__": str(ROOT / "conf.py")}, settings)
    return create_md_parser(MdParserConfig(enable_extensions=set(settings["myst_enable_extensions"])), DocutilsRenderer)


@few(max_examples=300)
@given(st.lists(pieces, max_size=25).map("".join))
def test_the_check_reads_markdown_as_the_build_does(text: str) -> None:
    def read(parser: MarkdownIt) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
        return [(token.type, token.info, token.content, [(part.type, part.content) for part in token.children or ()]) for token in parser.parse(text)]

    assert read(markup._parser()) == read(markup.keep_every_link(parser_of_the_build()))


@pytest.mark.parametrize("path", ["papers/x.md", "papers/index.md", "review/x.md"])
@few(max_examples=150)
@given(st.lists(pieces, max_size=25).map("".join))
def test_text_that_looks_plain_holds_nothing_that_is_refused(path: str, text: str) -> None:
    """Most pages are never parsed by the check, because this quick look says that there is nothing to find."""
    rules = markup.rules_for(path)
    if markup.is_plain(rules, text):
        assert list(markup._search(rules, path, None, text, 1, 0)) == []


def test_the_projects_own_pages_need_no_exception() -> None:
    found: list[Diagnostic] = []
    for folder in (".", "review", "contribute", *markup.FOLDERS):
        for path in sorted((ROOT / folder).glob("*.md")):
            if path.name != "README.md":
                found += markup.refusals(path.relative_to(ROOT).as_posix(), path.read_text().partition("\n---\n")[2] or path.read_text(), ROOT)
    assert found == []
