"""What a page's text may do: the directives, roles, links and other markup that are allowed, by the kind of page.

Pages come from strangers. What is not named here is refused, whether it could do harm or not; the build refuses it where it
would be carried out (`extension/guard.py`), and `check` finds it here, without Sphinx, in the tokens that MyST would get.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from . import frontmatter
from .diagnostics import Diagnostic, one_page, shorten, suggest
from .markdown import like_myst, plain_fences
from .plain_yaml import read_plain
from .schema import FOLDERS, KINDS

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

ADMONITIONS = ("admonition", "attention", "caution", "hint", "important", "note", "seealso", "tip", "warning")
TEXT_ROLES = ("abbr", "code", "sub", "sup")  # no mathematics: browsers would load the script that shows it from elsewhere
# Our own; `extension/` registers them, and a test asserts that none is missing here.
OWN_DIRECTIVES = (
    "comparison-table", "data-files", "data-promise", "data-reference", "diagnostics-reference", "field-reference", "lineage-tree", "missing-reference",
    "recipe-form", "review-chart", "review-state", "worked-questions",
)  # fmt: skip
OWN_ROLES = tuple(f"review:{kind}" for kind in KINDS)


@dataclass(frozen=True)
class Rules:
    """What the pages of one place may hold; `where` names the place in messages."""

    where: str
    directives: frozenset[str]
    roles: frozenset[str]
    settings: frozenset[str] = frozenset()  # keys of the block before the text that are MyST's and Sphinx's; a record's block is never handed on
    own_files: bool = False  # links to files of the review that are no pages


# The only declaration of what is allowed.
RECORD = Rules("a record page", frozenset((*ADMONITIONS, "code-block", "comparison-table", "list-table")), frozenset((*TEXT_ROLES, *OWN_ROLES)))
LISTING = Rules("a list of records", RECORD.directives | {*OWN_DIRECTIVES, "toctree"}, RECORD.roles, frozenset(("nosearch", "tocdepth")))
CHAPTER = Rules(
    "a chapter",
    LISTING.directives
    | {
        "button-link", "button-ref", "card", "code", "contents", "deprecated", "dropdown", "epigraph", "figure", "glossary", "grid", "grid-item",
        "grid-item-card", "highlight", "image", "index", "key-takeaway", "parsed-literal", "pull-quote", "rubric", "sidebar", "tab-item", "tab-set", "table",
        "topic", "versionadded", "versionchanged",
    },
    RECORD.roles | {"any", "doc", "kbd", "numref", "ref", "term"},
    LISTING.settings | {"orphan"},
    own_files=True,
)  # fmt: skip

IMAGES = (".gif", ".jpeg", ".jpg", ".png", ".webp")  # no SVG: opened by itself it runs scripts
# Markdown's own blocks and signs, as MyST's renderer names them; whatever else its plugins may learn is refused.
SYNTAX = frozenset(
    "blockquote bullet_list code_block code_inline colon_fence dd dl dt em fence footnote_ref footnote_reference front_matter hardbreak heading hr "  # noqa: SIM905
    "image inline link list_item myst_block_break myst_line_comment myst_role myst_target ordered_list paragraph softbreak strong table text".split()
)
_LITERAL = frozenset((*OWN_DIRECTIVES, "code", "code-block", "highlight", "index", "toctree"))  # what they hold is not read as Markdown
_LEADS_TO = frozenset(("button-link", "button-ref", "card", "figure", "grid-item-card", "image"))  # their argument or options name a target


def rules_for(path: str) -> Rules:
    """Return what the page at a path (relative to the review's root, with slashes) may hold."""
    folder, _, name = path.rpartition("/")
    if folder not in FOLDERS:
        return CHAPTER
    return LISTING if name == "index.md" else RECORD


@dataclass(frozen=True)
class Refusal:
    """Tell what is refused: the diagnostic's code, what it is about, why, and what was probably meant."""

    code: str
    subject: str
    message: str
    suggestion: str = ""

    def diagnostic(self, path: str, line: int) -> Diagnostic:
        """Return the refusal as a fault of a page."""
        return Diagnostic(path, line, self.code, self.subject, self.message, self.suggestion)


def directive_refusal(rules: Rules, name: str) -> Refusal | None:
    """Return why a directive may not stand on a page, or None."""
    return None if name in rules.directives else _not_listed("directive", f"{{{shorten(name)}}}", name, rules, rules.directives)


def role_refusal(rules: Rules, name: str) -> Refusal | None:
    """Return why a role may not stand on a page, or None."""
    return None if name in rules.roles else _not_listed("role", f"{{{shorten(name)}}}", name, rules, rules.roles)


def _not_listed(what: str, subject: str, name: str, rules: Rules, allowed: Iterable[str]) -> Refusal:
    names = sorted(allowed)
    return Refusal(f"{what}-forbidden", subject, f"this {what} is not allowed on {rules.where}; allowed are {', '.join(names)}", suggest(name, names))


def html_refusal(rules: Rules, text: str) -> Refusal:
    """Return why HTML may not stand on a page."""
    return Refusal("html-forbidden", shorten(text, 40), r"HTML is not allowed; write Markdown, and a bare `<` as `\<`")


def syntax_refusal(rules: Rules, name: str) -> Refusal | None:
    """Return why a kind of markup may not stand on a page, or None."""
    return None if name in SYNTAX else Refusal("markup-forbidden", name.replace("_", " "), "this kind of markup is not allowed; write plain Markdown")


_WEB = re.compile(r"https?://[A-Za-z0-9\[]", re.IGNORECASE)
_PAGE = re.compile(r"(?:\.\./|\./)?(?:[a-z0-9.-]+/)?[A-Za-z0-9_-][A-Za-z0-9_.-]*\.md(?:#.*)?")


def link_refusal(rules: Rules, path: str, target: str, root: Path | None) -> Refusal | None:
    """Return why a page may not link to a target, or None; `root` is where the review lies, if its files can be looked at."""
    if not target or target.startswith("#") or _WEB.match(target) or (_PAGE.fullmatch(target) and _inside(path, target)):
        return None
    if rules.own_files and (target.startswith("mailto:") or _is_own_file(path, target, root)):
        return None
    also = ", mailto:, a file of the review" if rules.own_files else ""
    return Refusal("link-forbidden", shorten(target), f"this target is not allowed; allowed are http and https addresses, pages (`lima.md`), `#id`{also}")


def image_refusal(rules: Rules, path: str, target: str, root: Path | None) -> Refusal | None:
    """Return why a page may not show an image, or None."""
    suffix = PurePosixPath(target).suffix.lower()
    near = "/" not in target.removeprefix("./") or rules.own_files
    if suffix in IMAGES and near and not target.startswith("/") and _is_own_file(path, target, root):
        return None
    where = "of the review" if rules.own_files else "beside the page"
    return Refusal("image-forbidden", shorten(target), f"this image is not allowed; allowed are files {where} that end in {', '.join(IMAGES)}")


def _inside(path: str, target: str) -> bool:
    """Tell whether a relative target stays in the review's root."""
    depth = path.count("/")
    for part in target.partition("#")[0].split("/")[:-1]:
        depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
        if depth < 0:
            return False
    return True


def _is_own_file(path: str, target: str, root: Path | None) -> bool:
    """Tell whether a relative target is a file of the review: not above its root, not hidden, not through a symbolic link."""
    target = unquote(target.partition("#")[0])
    parts = target.split("/")
    hidden = any(part.startswith((".", "_build")) for part in parts if part not in (".", ".."))
    if hidden or not re.fullmatch(r"[\w ./+-]+", target) or target.startswith("/") or not _inside(path, target):
        return False
    if root is None:
        return True
    file = root / PurePosixPath(path).parent / target
    if ".." not in parts and not os.path.lexists(file):
        return True  # before anything is followed, because a page may hold thousands of them
    try:
        base, real = root.resolve(), file.resolve()
        return not real.exists() or (real == base / real.relative_to(base) and not _through_link(root, PurePosixPath(path).parent, parts))
    except (OSError, ValueError, RuntimeError):
        return False


def _through_link(root: Path, folder: PurePosixPath, parts: Sequence[str]) -> bool:
    here = root / folder
    for part in parts:
        here = here / part
        if part not in ("", ".", "..") and here.is_symlink():
            return True
    return False


# --- Finding it in a page's text ------------------------------------------------------------------------------------------

# What is harmless whatever stands around it, in the forms that pages have: an allowed fence's opening line, a link to a page, an
# anchor or the web. Without them, a text that has none of the signs below cannot hold anything that is refused.
_SAFE_LINK = re.compile(r"\]\((?:https?://[\w./?=&%#:~,+-]+|#[\w.-]+|(?:\.\./)?(?:[a-z]+/)?[a-z0-9][a-z0-9.-]*\.md(?:#[\w.-]+)?)\)", re.ASCII | re.IGNORECASE)
_SIGNS = ("](", "]:", ":::")


def _has_signs(text: str) -> bool:
    """Tell whether a text has a sign of what may be refused; looks for one after another, because a pattern of them all takes ten times as long."""
    return (
        "{" in text
        or "<" in text
        or ("!" in text and "![" in text)  # one sign is found in a tenth of the time that two take
        or any(sign in text for sign in _SIGNS)
        or ("://" in text and text.count("://") > text.count("http://") + text.count("https://"))  # a target of another scheme
        or text.startswith("----")
    )


@cache
def _safe_fence(rules: Rules) -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(rules.directives - _LEADS_TO)))
    return re.compile(rf"^```\{{(?:{names})\}}(?=[ \t]|$)", re.MULTILINE)


@cache
def _safe_role(rules: Rules) -> re.Pattern[str]:
    return re.compile(rf"(?<![\\\w{{}}])\{{(?:{'|'.join(map(re.escape, sorted(rules.roles)))})\}}(?=`[^`\n{{<]*`)")


def is_plain(rules: Rules, text: str) -> bool:
    """Tell cheaply whether a text holds nothing that could be refused; False means that it must be parsed to know."""
    return not _has_signs(text) or not _has_signs(_without_safe(rules, text)) or ("```" in text and not _has_signs(_without_safe(rules, _without_shown(text))))


def _without_safe(rules: Rules, text: str) -> str:
    """Return a text without the harmless forms of what has signs."""
    text = _SAFE_LINK.sub(" ", text)
    return _safe_role(rules).sub(" ", _safe_fence(rules).sub("```", text)) if "{" in text else text


def _without_shown(text: str) -> str:
    """Return a text without what its fences only show or hand to a directive of ours: that is not read as Markdown, and names no targets."""
    lines = text.split("\n")
    for fence in reversed(plain_fences(text) or ()):
        name = directive_name(fence.info)
        if name is None or name in OWN_DIRECTIVES:
            del lines[fence.line + 1 : fence.line + 1 + fence.content.count("\n")]
    return "\n".join(lines)


@cache
def _parser() -> MarkdownIt:
    return keep_every_link(like_myst())


def keep_every_link(parser: MarkdownIt) -> MarkdownIt:
    """Have a parser read links to scripts as links too, so that they are refused aloud; by itself it leaves them as text in silence."""
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


def directive_name(info: str) -> str | None:
    """Return the name of the directive that a fence asks for, as MyST reads it; None for a fence that shows its text."""
    first = (info.split(maxsplit=1) or [""])[0]
    return first[1:-1] if first.startswith("{") and first.endswith("}") else None


# The longest text so far has 10,000 characters on 150 lines. Some texts take a parser time that grows with the square of their length, of their
# brackets, or of the headings, rows and entries that their lines can hold.
MAX_TEXT = 32 * 1024
MAX_SIGNS = {
    "\n": ("lines", 400), "[": ("opening brackets", 300), "{": ("opening braces", 400), "<": ("less-than signs", 400), "|": ("bars", 400),
    "*": ("stars", 2_000), "_": ("underscores", 2_000), ":": ("colons", 2_000),
}  # fmt: skip
FEW = min(most for _, most in MAX_SIGNS.values())
_COUNTED = "".join(MAX_SIGNS).encode()
MAX_CELLS = 2_000  # of a table that were as wide as the line with most bars and as long as the text


def length_refusal(path: str, text: str, first_line: int = 1) -> Diagnostic | None:
    """Return why a page's text is not read, if it is too long."""
    if len(text) > MAX_TEXT:
        return Diagnostic(path, first_line, "page-too-large", "", f"the text has {len(text):,} characters; at most {MAX_TEXT:,} are read")
    data = text.encode("utf-8", "surrogatepass")
    has_many = len(data) - len(data.translate(None, _COUNTED)) > FEW  # of all signs together, told in one pass; mostly not
    for sign, (name, most) in MAX_SIGNS.items() if has_many else ():
        amount = text.count(sign)
        if amount > most:
            return Diagnostic(path, first_line, "page-too-large", "", f"the text has {amount:,} {name}; at most {most:,} are read")
    if text.count("|") > 2:
        lines = text.split("\n")
        cells = max(line.count("|") for line in lines) * len(lines)
        if cells > MAX_CELLS:
            return Diagnostic(path, first_line, "page-too-large", "", f"a table of this text may have {cells:,} cells; at most {MAX_CELLS:,} are read")
    return None


def refusals(path: str, text: str, root: Path | None = None, first_line: int = 1) -> list[Diagnostic]:
    """Return everything in a page's text that is not allowed there; `first_line` is the text's line in its file."""
    rules = rules_for(path)
    if is_plain(rules, text):
        return []
    return sorted(set(_search(rules, path, root, text, first_line, 0)))


MAX_NESTED = 12  # directives within directives; MyST reads them recursively, and each level costs it a few calls


def _search(rules: Rules, path: str, root: Path | None, text: str, first_line: int, depth: int) -> Iterator[Diagnostic]:
    if depth > MAX_NESTED:
        yield too_deep().diagnostic(path, first_line)
        return
    for token in _parser().parse(text):
        line = first_line + (token.map[0] if token.map else 0)
        if token.type in ("fence", "colon_fence"):
            name = directive_name(token.info)
            refusal = directive_refusal(rules, name) if name is not None else None
            if refusal:
                yield refusal.diagnostic(path, line)
            elif name is not None or token.type == "colon_fence":
                yield from _inside_directive(rules, path, root, name, token, line, depth)
            continue
        for part in (token, *(token.children or ())):
            refusal = _refusal(rules, path, root, part)
            if refusal:
                yield refusal.diagnostic(path, line)


_OPTION = re.compile(r"^:(?P<name>[\w-]+):[ \t]*(?P<value>.*)", re.MULTILINE)
_ENTRY = re.compile(r"^(?:.*<)?(?P<target>[^<>\n]*?://[^<>\n]*)>?[ \t]*$", re.MULTILINE)


def _inside_directive(
    rules: Rules, path: str, root: Path | None, name: str | None, token: Token, line: int, depth: int
) -> Iterator[Diagnostic]:  # fmt: skip
    """Search what an allowed directive holds: its argument, its options, its text."""
    argument = token.info.partition("}")[2].strip() if name is not None else ""
    options = {match["name"]: match["value"].strip() for match in _OPTION.finditer(token.content)}
    found: list[Refusal | None] = []
    if name in ("figure", "image"):
        found.append(image_refusal(rules, path, argument, root))
    elif name == "button-link":
        found.append(link_refusal(rules, path, argument, root))
    if name in _LEADS_TO and options.get("link-type", "url") == "url":
        found += [link_refusal(rules, path, options[option], root) for option in ("target", "link") if option in options]
    if name == "toctree":
        found += [link_refusal(rules, path, match["target"], root) for match in _ENTRY.finditer(token.content)]
    yield from (refusal.diagnostic(path, line) for refusal in found if refusal)
    if name in _LITERAL:
        if "caption" in options and name not in OWN_DIRECTIVES:
            yield from _search(rules, path, root, options["caption"], line, depth + 1)
        return
    if argument and name not in ("figure", "image", "button-link"):
        yield from _search(rules, path, root, argument, line, depth + 1)
    yield from _search(rules, path, root, token.content, line + 1, depth + 1)


def too_deep() -> Refusal:
    """Return why directives that nest deeply are refused."""
    return Refusal("markup-forbidden", "nested directives", f"directives nest more than {MAX_NESTED} deep")


_PART_OF = re.compile(r"_(?:open|close)$")
_TABLE = frozenset(("tbody", "td", "th", "thead", "tr"))


def _refusal(rules: Rules, path: str, root: Path | None, token: Token) -> Refusal | None:
    attributes: dict[str, Any] = token.attrs
    match token.type:
        case "html_block" | "html_inline":
            return html_refusal(rules, token.content)
        case "myst_role":
            return role_refusal(rules, token.meta["name"])
        case "link_open":
            return link_refusal(rules, path, str(attributes.get("href", "")), root)
        case "image":
            return image_refusal(rules, path, str(attributes.get("src", "")), root)
    name = _PART_OF.sub("", token.type)
    return None if name in _TABLE or name == "footnote_anchor" else syntax_refusal(rules, name)


def settings_refusals(path: str, text: str) -> list[Diagnostic]:
    """Return what is wrong with the block before a chapter's text, which MyST and Sphinx would obey, and with the text's characters."""
    rules = rules_for(path)
    right = frontmatter.clean(text)
    plain = read_plain(right.block) if right is not None else None
    if plain is not None and all(key in rules.settings and isinstance(value, str) for key, value in plain[0].items()):
        return []
    page = frontmatter.read(text)
    problems = [problem for problem in page.problems if problem.code != "front-matter-missing"]
    found = [Diagnostic(path, problem.line, problem.code, problem.field, problem.message, problem.suggestion) for problem in problems]
    if text.startswith("----"):
        found.append(Diagnostic(path, 1, "setting-forbidden", "----", "a page may not start with more than three dashes"))
    for key, value in page.values.items():
        if key not in rules.settings:
            message = f"this setting is not allowed on {rules.where}; allowed are {', '.join(sorted(rules.settings))}"
            found.append(Diagnostic(path, page.line((key,)), "setting-forbidden", shorten(key), message, suggest(key, rules.settings)))
        elif not isinstance(value, str):
            found.append(Diagnostic(path, page.line((key,)), "value-type", shorten(key), "expected one word, found a list or a mapping"))
    return found


@one_page()
def check_chapter(path: str, data: bytes, root: Path | None = None) -> list[Diagnostic]:
    """Return what is wrong with the text of a page that is no record: its encoding, its characters, its settings, its markup."""
    text, encoding = frontmatter.decode(data)
    settings = settings_refusals(path, text)
    if encoding:  # the signs put in for what could not be decoded are not the writer's
        settings = [Diagnostic(path, encoding.line, encoding.code, "", encoding.message), *(fault for fault in settings if "U+FFFD" not in fault.message)]
    too_long = length_refusal(path, text)
    return [*settings, *([too_long] if too_long else refusals(path, text, root))]
