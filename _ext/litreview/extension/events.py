"""What happens in each of Sphinx's phases."""

from __future__ import annotations

import codecs
import contextlib
import gc
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.util import logging

from ..changelog import check as check_changelog
from ..diagnostics import Diagnostic, visible
from ..export import feed
from ..frontmatter import decode
from ..markup import check_chapter, length_refusal
from ..memory import paused_collector
from ..page_files import page_files, refusal, state_of_file
from ..records import kind_of, read_page
from ..tables import Request, diagnose
from . import exports, faults, freshness, not_found, replay
from .domain import ReviewDomain

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

LENIENT = "litreview-utf-8"
_FEW = 50  # pages that are written without much memory, whatever was worked out before


def _find_lenient(name: str) -> codecs.CodecInfo | None:
    """Offer UTF-8 that puts U+FFFD for what it cannot decode; the fault is told by our own reading of the file."""
    if name.replace("_", "-") != LENIENT:
        return None
    utf8 = codecs.lookup("utf-8-sig")

    class Decoder(codecs.BufferedIncrementalDecoder):
        def _buffer_decode(self, data: Any, errors: str, final: bool) -> tuple[str, int]:
            return codecs.utf_8_decode(data, "replace", final)

    return codecs.CodecInfo(utf8.encode, lambda data, errors="strict": utf8.decode(data, "replace"), incrementaldecoder=Decoder, name=LENIENT)


codecs.register(_find_lenient)


class Build:
    """The handlers of one build, with what they must remember between phases."""

    def __init__(self, app: Sphinx) -> None:
        self._watcher = replay.watch(app)
        self._started = time.time()
        self._inputs = ""
        self._relations = ""
        self._frame = ""
        self._read: set[str] = set()
        self._refused: dict[str, Diagnostic] = {}
        self._failed = faults.FailedWrites(app)
        self._settings = ""
        self._stamp: dict[str, Any] = {"pages": {}}
        self._fingerprints: dict[str, str] | None = None
        self._generated_stands = False
        app.connect("builder-inited", self.builder_inited)
        app.connect("env-get-outdated", self.get_outdated)
        app.connect("env-before-read-docs", self.before_read_docs)
        app.connect("source-read", self.source_read)
        app.connect("doctree-read", self.doctree_read)
        app.connect("doctree-resolved", self.doctree_resolved)
        app.connect("html-page-context", self.page_context)
        app.connect("env-updated", self.env_updated)
        app.connect("write-started", faults.write_started)
        app.connect("build-finished", self.build_finished)

    def builder_inited(self, app: Sphinx) -> None:
        """Look what the output folder was made from, and tell the domain which way placeholders are written."""
        # Kept for the end: from the first page written until then, the folder is marked as one that no stamp speaks for.
        self._settings = freshness.settings(app)
        self._stamp = freshness.read_stamp(faults.folder_for_notes(app), self._settings)
        if not freshness.is_trusted(self._stamp):
            faults.forget_build_info(Path(app.outdir))
        domain = ReviewDomain.of(app.env)
        domain.builder_format = app.builder.format
        domain.builder_draws = "image/svg+xml" in app.builder.supported_image_types
        if exports.has_exports(app):
            domain.address = lambda page: app.builder.get_target_uri(page.docname)
            domain.exports_follow = app.config.litreview_exports

    def get_outdated(self, app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> set[str]:
        """Return the pages to read again although their files did not change."""
        domain = ReviewDomain.of(env)
        self._refuse_files(env, added, changed, removed)
        # A link to a page that is gone was parsed as a link to a page, and a toctree keeps the entry without a word; parsed again, both
        # are what a clean build makes of them.
        linking = {docname for docname, references in domain.data["references"].items() if removed & {target for target, _, _ in references}}
        listing = {docname for docname, children in env.toctree_includes.items() if removed & {*children}} - removed
        return (linking | listing | replay.pages_to_read_again(app, env) | _replaced(env, domain)) - added

    def _refuse_files(self, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> None:
        """Take the pages whose files may not be read out of this build.

        The sets are Sphinx's own, and what it does next goes by them.
        """
        root = Path(env.srcdir)
        docnames = {*env.found_docs, *(name.removesuffix(".md") for name in page_files(root))}
        self._refused = {docname: fault for docname in sorted(docnames) if (fault := refusal(root, f"{docname}.md"))}
        for docname in self._refused:
            for pages in (env.found_docs, added, changed):
                pages.discard(docname)
            if docname in env.all_docs:
                removed.add(docname)

    def before_read_docs(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Have Sphinx read what is not UTF-8 too: it would end the build with a traceback.

        What was removed is forgotten by now, so that the faults of pages that are not read can be noted.
        """
        ReviewDomain.of(env).note_refused_files(self._refused)
        env.settings["input_encoding"] = LENIENT
        self._read = {*docnames}

    def source_read(self, app: Sphinx, docname: str, content: list[str]) -> None:
        """Read a record page's facts, and hand MyST the page with its title in their place.

        The file is read again as bytes, because what is not UTF-8 was replaced on the way here. Blank lines stand where the
        facts stood, so the lines of MyST's own messages hold.
        """
        env = app.env
        _let_go_of_doctrees(env)
        path = f"{docname}.md"
        file = Path(env.doc2path(docname))
        domain = ReviewDomain.of(env)
        state = state_of_file(file)  # before it is read: whoever writes in between is seen by the next build
        data = file.read_bytes()
        domain.note_file(docname, state, data)
        if kind_of(path) is None:
            content[0], _ = decode(data)
            problems = check_chapter(path, data, Path(env.srcdir))
            if problems:
                domain.note_problems(docname, problems)
            if length_refusal(path, content[0]):
                content[0] = f"# {Path(docname).name}\n"
            return
        page = read_page(path, data, Path(env.srcdir))
        domain.note_page(docname, page)
        # Of a page with faults, what its text holds may move them or make others
        domain.note_file(docname, state, data, data if page.problems else b"".join(data.splitlines(keepends=True)[: page.body_line - 1]))
        title = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(page.title.split()))
        content[0] = f"# {title}\n" + "\n" * max(page.body_line - 2, 1) + page.body

    def doctree_read(self, app: Sphinx, doctree: nodes.document) -> None:
        """Note what the page's prose refers to."""
        references = freshness.references_in(doctree)
        if references:
            ReviewDomain.of(app.env).note_references(app.env.docname, references)

    def doctree_resolved(self, app: Sphinx, doctree: nodes.document, docname: str) -> None:
        """Let go of what the page was resolved from."""
        _let_go_of_doctrees(app.env)

    def page_context(self, app: Sphinx, docname: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
        """Lead every page's reader to the feed."""
        if app.builder.name in ("html", "dirhtml"):
            address = context["pathto"](feed.PATH, 1)
            context["metatags"] = f'{context.get("metatags", "")}\n<link rel="alternate" type="application/atom+xml" title="Changes" href="{address}" />'

    def env_updated(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Relate all records, tell every fault, and return the pages whose generated content changed.

        This fires in the parent process on every build, also when no page was read.
        """
        with paused_collector():
            changed = self._relate(app, env)
        _let_go_of_doctrees(env)
        if len(changed) > _FEW:
            ReviewDomain.of(env).let_go()
        gc.freeze()  # while pages are written, nobody looks through all records for what could be freed, and workers share them as they are
        return changed

    def _relate(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        domain = ReviewDomain.of(env)
        domain.forget()
        self._inputs = freshness.inputs(env, domain)
        checked = domain.data["checked"]
        if checked.get("inputs") != self._inputs:
            found = [*domain.corpus.check(), *_table_faults(env, domain), *domain.noted_problems(), *check_changelog(domain.changes, domain.corpus)]
            domain.data["checked"] = checked = {
                "inputs": self._inputs,
                "found": [[d.path, d.line, d.code, d.field, d.message, d.suggestion] for d in sorted(set(found))],
            }
        replay.note_early(app, self._watcher)
        for fields in checked["found"]:
            problem = Diagnostic(*fields)
            logger.warning(problem.text, location=f"{visible(str(Path(env.srcdir, problem.path)))}:{problem.line}", type=replay.OWN_TYPE, subtype=problem.code)
        stamp = self._stamp
        domain.take_over(exports.former(app, stamp))
        known = stamp["pages"]
        self._generated_stands = stamp.get("inputs") == self._inputs and known.keys() == env.found_docs
        if self._generated_stands:
            self._relations = stamp.get("relations", "")
            generated = freshness.generated_before(known)
        else:
            self._relations = freshness.relations(env, domain)
            generated = freshness.generated(env, domain, freshness.standing(domain, known) if stamp.get("relations") == self._relations else {})
            domain.keep_worked_out()
        fingerprints = freshness.fingerprints(domain, generated)
        self._frame = not_found.frame(app)
        if self._frame == stamp.get("frame"):
            not_found.leave(app, self._read)
            if self._generated_stands and fingerprints == known and self._exports_stand(app):
                return []
        self._fingerprints = fingerprints
        # Before pages are written: an e-book takes up whatever its folder holds.
        _remove_deleted(app, known.keys() - fingerprints)
        _remove_files(app, {*stamp.get("files", [])} - {*_copied_files(app)})
        if not freshness.is_trusted(stamp):  # other settings may ask for others, and Sphinx copies all that they ask for
            _remove_files(app, {*stamp.get("assets", [])})
        return sorted(docname for docname, fingerprint in fingerprints.items() if known.get(docname) != fingerprint)

    def _exports_stand(self, app: Sphinx) -> bool:
        """Tell whether this build has no exports to write: those there are were made of the same, or it writes none."""
        return self._stamp.get("exported") == self._inputs or not app.config.litreview_exports or not exports.has_exports(app)

    def build_finished(self, app: Sphinx, exception: Exception | None) -> None:
        """Write exports and the stamp, and remove exports that are no more; nothing after a build that broke off."""
        gc.unfreeze()
        try:
            fault = faults.explained(exception)
            if fault is not None:
                raise fault from exception
            self._finish(app, exception)
        except OSError as error:
            raise faults.explained(error) or error from error
        finally:
            if getattr(app, "env", None) is not None:
                ReviewDomain.of(app.env).close()

    def _finish(self, app: Sphinx, exception: Exception | None) -> None:
        if exception is not None or not hasattr(app, "env") or app.env is None:
            return
        replay.note(app, self._watcher)
        outdir, notes = Path(app.outdir), faults.folder_for_notes(app)
        if app.builder.format == "html":
            freshness.settle_search_index(outdir)
        if self._fingerprints is None:
            faults.finished(notes)
            return
        stamp, known = self._stamp, self._stamp["pages"]
        files = _copied_files(app)
        exported, of = stamp.get("exports", []), {name: stamp.get(name, "") for name in ("exported", "exported_of")}
        files_before = [*stamp.get("files", []), *exported]
        if not self._exports_stand(app):
            written = exports.write(app, exported if freshness.is_trusted(stamp) else [])
            if written is None:
                return
            exported, of = written[0], {"exported": self._inputs, "exported_of": written[1]}
        _remove_files(app, {*files_before} - {*files, *exported})
        # A build of named pages only does not write the others: those stay as they were known.
        fingerprints = {
            docname: fingerprint if known.get(docname) == fingerprint or _was_written(app, docname, self._started) else known.get(docname, "")
            for docname, fingerprint in self._fingerprints.items()
        }
        whole = fingerprints == self._fingerprints
        relating = {"inputs": self._inputs, "relations": self._relations} if whole else {"inputs": "", "relations": ""}
        made_from = {"settings": self._settings, "frame": self._frame, **relating, **of}
        freshness.write_stamp(notes, made_from, fingerprints, files=files, assets=_assets(app), exports=exported)
        faults.finished(notes)


def _let_go_of_doctrees(env: BuildEnvironment) -> None:
    """Have Sphinx forget the doctrees that it keeps between reading and writing: they lie beside the environment, and of 4,000 pages take 200 MB."""
    for name in ("_write_doc_doctree_cache", "_pickled_doctree_cache"):
        getattr(env, name, {}).clear()


def _table_faults(env: BuildEnvironment, domain: ReviewDomain) -> list[Diagnostic]:
    return [
        problem
        for docname, requests in sorted(domain.data["requests"].items())
        for number, request in enumerate(requests)
        for problem in diagnose(f"{docname}.md", Request(**request), domain.table_faults(docname, number))
    ]


def _replaced(env: BuildEnvironment, domain: ReviewDomain) -> set[str]:
    """Return the pages whose files are others than those read; Sphinx looks for newer ones only, and a file can be replaced by an older."""
    found = set()
    for docname, (state, *_) in domain.data["files"].items():
        with contextlib.suppress(OSError):
            if docname in env.found_docs and state_of_file(env.doc2path(docname)) != state:
                found.add(docname)
    return found


def _output(app: Sphinx, docname: str) -> Path | None:
    """Return the file that a builder writes for a page; None where it writes one for all."""
    if app.builder.name == "singlehtml":
        return None
    find: Any = getattr(app.builder, "get_output_path", None) or getattr(app.builder, "get_outfilename", None)
    if app.builder.format == "html" and find is not None:
        return Path(find(docname))
    suffix = getattr(app.builder, "out_suffix", "")
    return Path(app.outdir) / f"{docname}{suffix}" if suffix else None


def _copied_files(app: Sphinx) -> list[str]:
    """Return the images and downloads that were copied to the output folder, relative to it."""
    if app.builder.format == "latex":  # a book: every page was written, so every image is known
        return sorted(str(name) for name in app.builder.images.values())
    if app.builder.format != "html":
        return []
    images = {f"_images/{name}" for _, name in app.env.images.values()}
    return sorted(images | {f"_downloads/{name}" for _, name in app.env.dlfiles.values()})


def _assets(app: Sphinx) -> list[str]:
    """Return the styles and scripts in the output folder, and the e-book, which are what settings name, relative to it."""
    outdir = Path(app.outdir)
    books = [f"{app.config.epub_basename}.epub"] if app.builder.name == "epub" else []
    return sorted(books + [path.relative_to(outdir).as_posix() for path in (outdir / "_static").rglob("*") if path.is_file()])


def _was_written(app: Sphinx, docname: str, since: float) -> bool:
    """Tell whether a page's output was written by this build; builders that write one file write every page."""
    output = _output(app, docname)
    if output is None:
        return True
    try:
        return output.stat().st_mtime >= since - 2  # file systems keep time coarsely
    except OSError:
        return False


def _remove_files(app: Sphinx, names: set[str]) -> None:
    for name in names:
        Path(app.outdir, name).unlink(missing_ok=True)


def _remove_deleted(app: Sphinx, docnames: set[str]) -> None:
    """Remove the output of pages that are gone: only what the stamp says was ours, never by pattern."""
    for docname in docnames:
        output = _output(app, docname)
        sources = Path(app.outdir) / "_sources"
        left = [sources / f"{docname}.md{suffix}" for suffix in ("", app.config.html_sourcelink_suffix)]
        for path in [*([output] if output else []), *left]:
            path.unlink(missing_ok=True)
        if output is not None and output.name == "index.html" and output.parent != Path(app.outdir):
            with contextlib.suppress(OSError):  # another page lives below it
                output.parent.rmdir()


def register(app: Sphinx) -> None:
    """Connect the handlers."""
    app.add_config_value(
        "litreview_exports", True, "", bool, "Whether a build writes the review as data beside its pages; `make live` leaves it to the next build."
    )
    app.add_config_value(
        "litreview_repository", "", "html", str, "The address of the repository whose form 'fix a fact' each value's link opens; none without."
    )
    Build(app)
