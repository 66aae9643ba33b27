"""What a page's generated content was made from, so that exactly the pages that change are written again.

Builders share doctrees, so the environment cannot know what an output folder holds: html, an edit, latex, html would leave
the html stale. Each output folder therefore has a stamp: page → fingerprint of everything on it that is not its own text,
and of the file that it was read from. Of a change of texts only the second half is made again. A stamp of other settings, or
of other code, speaks for no page.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from pprint import pformat
from typing import TYPE_CHECKING, Any

import sphinx
from docutils import nodes
from sphinx import addnodes

from ..corpus import digest
from ..evidence import state_of
from ..explanations import answer_for_drawing, scope
from ..export.questions import QUESTIONS
from ..faces import shown_of_others
from ..files import write_atomically
from ..lineage_graph import in_words, whole
from ..recipe import ingredients
from ..records import kind_of
from . import faults

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from .domain import ReviewDomain

STAMP = ".litreview-stamp.json"


@cache
def code_digest() -> str:
    """Return a fingerprint of the extension's own files: other code may read and write other things."""
    folder = Path(__file__).parent.parent
    return digest([path.read_text("utf-8") for path in sorted(folder.rglob("*.py"))])


def settings(app: Sphinx) -> str:
    """Return a fingerprint of what makes pages beside their sources: settings, templates, styles and scripts, and the extensions' versions.

    Sphinx notes settings too, but before it reads pages, so a build that breaks off leaves a note of what it has not written yet;
    and changed styles it neither copies while no page changes, nor has other pages name in their new version.
    """
    values = {value.name: value.value for value in app.config.filter(frozenset({"env", "html", "epub"}))}
    makers = {"sphinx": sphinx.__version__, **{extension.name: extension.version for extension in app.extensions.values()}}
    places = [Path(app.confdir, place) for place in (*app.config.templates_path, *app.config.html_static_path)]
    files = [(str(path), _held(path)) for place in places for path in (place, *sorted(place.rglob("*"))) if path.is_file()]
    # `pformat` sorts sets and dictionaries; where an object lies in memory is no part of a setting
    return digest(re.sub(r" at 0x[0-9a-f]+", "", pformat([values, makers, sorted(app.tags), files])))


def _held(path: Path) -> str:
    """Return a fingerprint of what a file holds; of one that cannot be read none, because Sphinx tells that when it copies it."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def read_stamp(folder: Path, settings: str) -> dict[str, Any]:
    """Return what an output folder was last made from; where that is not to be trusted, only which pages it may hold."""
    try:
        stamp = json.loads((folder / STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        stamp = {}
    pages = stamp.get("pages", {}) if isinstance(stamp, dict) else {}
    unfinished = faults.begun(folder)
    if unfinished is None and pages and stamp.get("code") == code_digest() and stamp.get("settings") == settings:
        return dict(stamp)
    held = {name: stamp.get(name, []) if isinstance(stamp, dict) else [] for name in ("files", "assets", "exports")}
    return {"pages": dict.fromkeys([*pages, *(unfinished or ())], ""), **held}


def is_trusted(stamp: dict[str, Any]) -> bool:
    """Tell whether a stamp that was read speaks for what the folder holds."""
    return "code" in stamp


def write_stamp(folder: Path, made_from: dict[str, Any], pages: dict[str, str], **held: list[str]) -> None:
    """Write what an output folder was made from, and what it holds beside pages: images and downloads, styles and scripts, exports."""
    stamp = {"code": code_digest(), **made_from, "pages": pages, **held}
    write_atomically(folder / STAMP, (json.dumps(stamp, sort_keys=True, indent=0) + "\n").encode())


def settle_search_index(outdir: Path) -> None:
    """Drop from the search index the words that no page has any more; Sphinx leaves them when it updates the index."""
    path = outdir / "searchindex.js"
    try:
        text = path.read_text("utf-8")
    except OSError:
        return
    head, tail = "Search.setIndex(", ")"
    if '":[]' not in text or not text.startswith(head) or not text.endswith(tail):
        return
    index = json.loads(text.removeprefix(head).removesuffix(tail))
    for part in ("terms", "titleterms"):
        index[part] = {word: where for word, where in index[part].items() if where != []}
    write_atomically(path, f"{head}{json.dumps(index, separators=(',', ':'), sort_keys=True)}{tail}".encode())


def references_in(doctree: nodes.document) -> list[tuple[str, str, bool]]:
    """Return what a page's prose refers to: target, anchor, and whether the link shows the target's own title."""
    found = {
        (str(node.get("reftarget", "")), str(node.get("reftargetid") or ""), not node.get("refexplicit", False))
        for node in doctree.findall(addnodes.pending_xref)
    }
    return sorted(found)


def inputs(env: BuildEnvironment, domain: ReviewDomain) -> str:
    """Return a fingerprint of everything that the pages' fingerprints are made from; equal inputs need no more work."""
    titles = sorted((docname, title.astext()) for docname, title in env.titles.items())
    includes = sorted((docname, list(children)) for docname, children in env.toctree_includes.items())
    others = [domain.changes, domain.edition.line, domain.edition.site]
    return digest([domain.inputs(), titles, includes, _anchors(env), sorted(_labels(env).items()), sorted(domain.data["references"].items()), others])


def _anchors(env: BuildEnvironment) -> list[Any]:
    """Return the headings that links can name, as MyST keeps them."""
    return sorted((docname, *sorted(_headings(env, docname).items())) for docname, metadata in env.metadata.items() if "myst_slugs" in metadata)


def _headings(env: BuildEnvironment, docname: str) -> dict[str, tuple[str, str]]:
    """Return a page's headings by the names that links have for them: id and text, not the line, which every text above moves."""
    slugs = env.metadata.get(docname, {}).get("myst_slugs", {})
    return {slug: (heading_id, text) for slug, (_line, heading_id, text) in slugs.items()}


def _labels(env: BuildEnvironment) -> dict[str, tuple[str, str]]:
    """Return where the names lead that pages give to places on them."""
    labels = env.domains.standard_domain
    return labels.anonlabels | {name: (docname, label_id) for name, (docname, label_id, _) in labels.labels.items()}


def fingerprints(domain: ReviewDomain, generated: dict[str, str]) -> dict[str, str]:
    """Return a fingerprint for each page of all that stands on it: what is generated, and what its file held when it was read."""
    files = domain.data["files"]
    return {docname: f"{made} {files[docname][1] if docname in files else ''}" for docname, made in generated.items()}


def generated_before(fingerprints: dict[str, str]) -> dict[str, str]:
    """Return the halves of fingerprints that are of the generated content."""
    return {docname: fingerprint.partition(" ")[0] for docname, fingerprint in fingerprints.items()}


def sidebar(env: BuildEnvironment) -> str:
    """Return a fingerprint of the pages that every page's sidebar lists; it lists no records."""
    return digest(
        [
            (docname, env.titles[docname].astext() if docname in env.titles else None, [child for child in children if kind_of(f"{child}.md") is None])
            for docname in sorted(env.found_docs)
            if kind_of(f"{docname}.md") is None
            for children in [env.toctree_includes.get(docname, [])]
        ]
    )


def relations(env: BuildEnvironment, domain: ReviewDomain) -> str:
    """Return a fingerprint of all that a page can show of other pages, but for tables and the like: while it stands, an edited fact stays on its page."""
    faces = sorted((docname, stored["face"]) for docname, stored in domain.data["pages"].items())
    titles = sorted((docname, title.astext()) for docname, title in env.titles.items())
    includes = sorted((docname, list(children)) for docname, children in env.toctree_includes.items())
    prose = [_anchors(env), sorted(_labels(env).items()), sorted(domain.data["references"].items())]
    return digest([faces, titles, includes, prose, scope(domain.corpus), sorted(env.found_docs)])


def standing(domain: ReviewDomain, known: dict[str, str]) -> dict[str, str]:
    """Return the fingerprints, as they were before, of pages that show nothing but their own file and relations that stand."""
    files, asking = domain.data["files"], {docname for store in domain.ASKING for docname in domain.data[store]}
    found = {}
    for docname, fingerprint in known.items():
        made, _, held = fingerprint.partition(" ")
        if made and docname not in asking and docname in files and files[docname][1] == held:
            found[docname] = made
    return found


def generated(env: BuildEnvironment, domain: ReviewDomain, stands: dict[str, str]) -> dict[str, str]:
    """Return a fingerprint for each page of what stands on it and is not in its own file; `stands` are those known already."""
    relations = env.collect_relations()
    titles = {docname: title.astext() for docname, title in env.titles.items()}
    beside = sidebar(env)
    labels = _labels(env)
    subject_to = scope(domain.corpus)
    state = repr(state_of(domain.corpus)) if domain.data["state"] else ""
    by_docname = {page.docname: page for page in domain.corpus.pages}
    found: dict[str, str] = {}
    for docname in env.found_docs:
        if docname in stands:
            found[docname] = stands[docname]
            continue
        parts: list[Any] = [beside, [(near, titles.get(near)) for near in relations.get(docname, []) if near]]
        page = by_docname.get(docname)
        if page is not None:
            parts += [subject_to, domain.data["pages"][docname]["digest"], shown_of_others(domain.corpus, page)]
        parts += [domain.table(docname, number) for number in range(len(domain.data["requests"].get(docname, [])))]
        if docname in domain.data["state"]:
            parts.append(state)
        if docname in domain.data["questions"]:
            parts += [domain.answer(number) for number in range(len(QUESTIONS))]
        if docname == env.config.root_doc:
            parts.append(subject_to)
        if docname in domain.data["recipe"]:
            parts.append(ingredients(domain.corpus))
        for kind in domain.data["examples"].get(docname, []):
            parts.append({path: (example.page.id, example.page.short, example.text) for path, example in domain.examples(kind).items()})
        parts += [repr(domain.chart(name)) for name in domain.data["charts"].get(docname, [])]
        if docname in domain.data["tree"]:
            answers = [answer_for_drawing(domain.corpus, page.id) for page in domain.corpus.pages]
            parts += [repr(whole(domain.corpus)), repr(in_words(domain.corpus, whole(domain.corpus))), answers]
        for target, anchor, shows_title in domain.data["references"].get(docname, []):
            record = domain.find(target)
            exists = target in env.found_docs
            headings = _headings(env, target)
            seen = [record[1]["record"].get("short"), record[1]["record"].get("title"), record[0]] if record else []
            title = titles.get(target) if shows_title else ""
            heading = str(headings.get(anchor)) if anchor else ""
            parts.append([target, exists, title, seen, list(labels.get(target, ())), heading])
        found[docname] = digest(parts)
    return found
