"""The domain: what Sphinx remembers of the review, and how its objects are referred to.

Stored are plain dicts keyed by docname, because they are pickled with the environment and merged from parallel readers.
The corpus is made from them on demand and never pickled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from sphinx.domains import Domain, ObjType
from sphinx.roles import XRefRole
from sphinx.util.nodes import make_refnode

from .. import changelog
from ..charts import Chart, draw
from ..corpus import Corpus, digest
from ..database import Database
from ..diagnostics import Diagnostic
from ..edition import Edition, edition_of
from ..examples import Example, examples
from ..export import Address, Contents, html_address
from ..export.former import Former
from ..export.questions import answers
from ..faces import face
from ..records import Page, kind_of, unread_page
from ..schema import KINDS
from ..tables import Request, Table, build
from ..worked_out import WorkedOut

if TYPE_CHECKING:
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment


class ReviewDomain(Domain):
    """Records of the review: papers, models, licences, sources."""

    name = "review"
    label = "Review"
    object_types: ClassVar[dict[str, ObjType]] = {kind: ObjType(kind, kind) for kind in KINDS}
    roles: ClassVar[dict[str, Any]] = {kind: XRefRole() for kind in KINDS}
    data_version = 5
    BY_DOCNAME = ("pages", "requests", "state", "recipe", "tree", "charts", "questions", "references", "problems", "files", "examples")
    ASKING = ("requests", "state", "recipe", "tree", "charts", "questions", "examples")  # what makes a page show more than its own facts and its neighbours
    initial_data: ClassVar[dict[str, Any]] = {
        "pages": {},  # docname → what a record page says
        "requests": {},  # docname → the tables that a page asks for, in order
        "state": {},  # docname → True for pages that show the review's state
        "recipe": {},  # docname → True for pages with the recipe form
        "tree": {},  # docname → True for pages with the drawing of all records
        "questions": {},  # docname → True for pages with the worked questions
        "charts": {},  # docname → the charts that a page asks for
        "references": {},  # docname → what its prose refers to (target, anchor, whether its title is shown)
        "problems": {},  # docname → faults of pages that are no record, and what was refused unforeseen
        "files": {},  # docname → the state of the file that was read, and the digests of what it held and of its facts' lines
        "refused": {},  # docname → True for pages whose files may not be read, which are no pages to Sphinx
        "examples": {},  # docname → the kinds whose fields it shows examples of
        "checked": {},  # "inputs" → the digest of what was last checked, "found" → its faults
        "worked_out": {},  # docname → the digest of what a record can show and of its lines, and what was last worked out of it
    }

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self.builder_format = ""  # set when the builder is known
        self.builder_draws = False
        self.changes = ""  # the text of CHANGELOG.md
        self.edition = Edition()
        self.address: Address = html_address  # where the builder puts a page
        self.exports_follow = False  # so that the database made for the answers is kept for them
        self._former = Former()  # what the exports can take over from the last build
        self._contents: Contents | None = None
        self._answers: list[Table] | None = None
        self._corpus: Corpus | None = None
        self._named: dict[str, list[str]] | None = None  # id → docnames
        self._record_digests: dict[str, str] | None = None
        self._database: Database | None = None
        self._examples: dict[str, dict[str, Example]] = {}
        self._charts: dict[str, Chart] = {}
        self._told: tuple[str, int, set[tuple[str, str]]] = ("", 0, set())  # of the page being read: how many faults, and which
        self._tables: dict[tuple[str, int], tuple[Table, list[tuple[str, str, str]]]] = {}

    @classmethod
    def of(cls, env: BuildEnvironment) -> ReviewDomain:
        """Return the domain of an environment."""
        return cast(ReviewDomain, env.get_domain(cls.name))

    # --- Reading phase: notes by docname ---

    def note_page(self, docname: str, page: Page) -> None:
        """Remember what a record page says."""
        problems = [[d.path, d.line, d.code, d.field, d.message, d.suggestion] for d in page.problems]
        stored = {"path": page.path, "kind": page.kind, "id": page.id, "record": page.record, "problems": problems, "is_read": page.is_read}
        self.data["pages"][docname] = stored | {"digest": digest(stored), "face": digest([stored | {"record": face(page.record)}])}
        self._named = None

    def note_problems(self, docname: str, problems: list[Diagnostic]) -> None:
        """Remember the faults of a page that is no record."""
        self.data["problems"][docname] = [[d.path, d.line, d.code, d.field, d.message, d.suggestion] for d in problems]

    def note_file(self, docname: str, state: list[int], data: bytes, facts: bytes = b"") -> None:
        """Remember which file was read as a page, what it held, and that part of it which other pages can show or faults name by line."""
        self.data["files"][docname] = (state, *(hashlib.blake2b(part, digest_size=12).hexdigest() for part in (data, facts)))

    def note_refused_files(self, refused: dict[str, Diagnostic]) -> None:
        """Remember the pages whose files are not read in this build, in place of those of the last one."""
        for docname in self.data["refused"]:
            self.clear_doc(docname)
        self.data["refused"] = dict.fromkeys(refused, True)
        for docname, fault in refused.items():
            if kind_of(fault.path) is None:
                self.note_problems(docname, [fault])
            else:
                self.note_page(docname, unread_page(fault))

    def note_refusal(self, docname: str, refusal: Diagnostic) -> None:
        """Remember what was refused while a page was read, if reading its text did not foresee it."""
        problems = [*self.data["pages"].get(docname, {}).get("problems", ()), *self.data["problems"].get(docname, ())]
        if self._told[:2] != (docname, len(problems)):  # made once for a page, which may have thousands
            self._told = (docname, len(problems), {(code, field) for _, _, code, field, _, _ in problems})
        if (refusal.code, refusal.field) not in self._told[2]:
            self.data["problems"].setdefault(docname, []).append([refusal.path, refusal.line, refusal.code, refusal.field, refusal.message, refusal.suggestion])

    def noted_problems(self) -> list[Diagnostic]:
        """Return the faults of pages that are no record."""
        return [Diagnostic(*fields) for problems in self.data["problems"].values() for fields in problems]

    def note_request(self, docname: str, request: Request) -> int:
        """Remember a table that a page asks for; return its position on the page."""
        requests = self.data["requests"].setdefault(docname, [])
        requests.append(vars(request).copy())
        return len(requests) - 1

    def note_state(self, docname: str) -> None:
        """Remember that a page shows the review's state."""
        self.data["state"][docname] = True

    def note_recipe(self, docname: str) -> None:
        """Remember that a page has the recipe form."""
        self.data["recipe"][docname] = True

    def note_tree(self, docname: str) -> None:
        """Remember that a page has the drawing of all records."""
        self.data["tree"][docname] = True

    def note_examples(self, docname: str, kind: str) -> None:
        """Remember that a page shows examples of a kind's fields."""
        self.data["examples"].setdefault(docname, []).append(kind)

    def note_questions(self, docname: str) -> None:
        """Remember that a page has the worked questions."""
        self.data["questions"][docname] = True

    def note_chart(self, docname: str, name: str) -> None:
        """Remember a chart that a page asks for."""
        self.data["charts"].setdefault(docname, []).append(name)

    def chart(self, name: str) -> Chart:
        """Return a chart, drawn once a build."""
        if name not in self._charts:
            self._charts[name] = draw(self.corpus, name)
        return self._charts[name]

    def note_references(self, docname: str, references: list[tuple[str, str, bool]]) -> None:
        """Remember what a page's prose refers to."""
        self.data["references"][docname] = references

    def clear_doc(self, docname: str) -> None:
        self._named = None
        for store in self.BY_DOCNAME:
            self.data[store].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        self._named = None
        for store in self.BY_DOCNAME:
            for docname in docnames:
                if docname in otherdata[store]:
                    self.data[store][docname] = otherdata[store][docname]

    # --- After reading: everything related once ---

    def forget(self) -> None:
        """Drop what was made from the pages; called when every page was read. What is no page is read here."""
        self.close()
        self._corpus, self._named, self._record_digests = None, None, None
        self._contents, self._answers, self._former = None, None, Former()
        self._tables.clear()
        self._charts.clear()
        self._examples.clear()
        root = Path(self.env.srcdir)
        self.changes = changelog.load(root)
        address = str(self.env.config.html_baseurl or "")
        self.edition = edition_of(root, f"{address.rstrip('/')}/" if address else "")

    def close(self) -> None:
        """Close what is open on the disk and in SQLite, which holds memory for all builds of a process; it is opened again for whoever asks."""
        if self._database is not None:
            self._database.close()
            self._database = None
        if self._contents is not None:
            self._contents.close()

    def let_go(self) -> None:
        """Drop what only relating the records needed of each of them."""
        if self._corpus is not None:
            self._corpus.let_go()

    @property
    def corpus(self) -> Corpus:
        """Return all records; made once a build, in the parent process before workers are forked."""
        if self._corpus is None:
            root = Path(self.env.srcdir)
            pages = [
                Page(
                    stored["path"],
                    stored["kind"],
                    stored["id"],
                    stored["record"],
                    [Diagnostic(*fields) for fields in stored["problems"]],
                    is_read=stored["is_read"],
                    root=root,
                )
                for stored in self.data["pages"].values()
            ]
            self._corpus = Corpus(pages, self._worked_out_before())
        return self._corpus

    def record_digests(self) -> dict[str, str]:
        """Return for each record, by docname, a digest of all that its page, its rows and its entries in the exports can show of records.

        That is what the record says, and the faces of all others: another fact of another record leaves it as it is. Not in it are
        the texts of pages, the list of changes and the edition, and the last day on which a source was read (`Corpus.checked`).
        """
        if self._record_digests is None:
            pages = self.data["pages"]
            faces = digest(sorted((docname, stored["face"]) for docname, stored in pages.items()))
            self._record_digests = {docname: digest([stored["digest"], faces]) for docname, stored in pages.items()}
        return self._record_digests

    def _made_of(self) -> dict[str, str]:
        """Return for each record a digest of what is worked out of it is made of: all that it can show, and the lines of its facts."""
        files = self.data["files"]
        return {docname: f"{shown} {files[docname][2] if docname in files else ''}" for docname, shown in self.record_digests().items()}

    def _worked_out_before(self) -> WorkedOut:
        """Return what earlier builds worked out of the records that are made of the same."""
        found, pages, made_of = WorkedOut(), self.data["pages"], self._made_of()
        for docname, (known, faults, facets, proved) in self.data["worked_out"].items():
            if made_of.get(docname) == known:
                path = pages[docname]["path"]
                if faults is not None:
                    found.faults[path] = [Diagnostic(*fields) for fields in faults]
                if facets is not None:
                    found.facets[path] = facets
                if proved is not None:
                    found.proved[path] = proved
        return found

    def keep_worked_out(self) -> None:
        """Remember for later builds what was worked out of each record."""
        worked_out, pages = self.corpus.worked_out, self.data["pages"]
        kept = {}
        for docname, made_of in self._made_of().items():
            path = pages[docname]["path"]
            faults = worked_out.faults.get(path)
            plain = None if faults is None else [[d.path, d.line, d.code, d.field, d.message, d.suggestion] for d in faults]
            kept[docname] = (made_of, plain, worked_out.facets.get(path), worked_out.proved.get(path))
        self.data["worked_out"] = kept

    @property
    def contents(self) -> Contents:
        """Return what the exports are made from; made once a build."""
        if self._contents is None:
            self._contents = Contents(self.corpus, self.address, self.edition, self.changes, self._former)
        return self._contents

    def take_over(self, former: Former) -> None:
        """Have the exports made with what can be taken over from the last build's."""
        if self._contents is not None:
            self._contents.close()
        self._contents, self._former = None, former

    def answer(self, number: int) -> Table:
        """Return the answer to a worked question."""
        if self._answers is None:
            if self.exports_follow:  # so what they need is made in the same pass
                from ..export.formats import EXPORTS, prepare

                prepare(self.contents, {name for name, export in EXPORTS.items() if export.in_site})
            self._answers = answers(self.contents)
            if not self.exports_follow:
                self.contents.close()
        return self._answers[number]

    def page(self, docname: str) -> Page | None:
        """Return the record on a page."""
        return self.corpus.by_docname.get(docname)

    def table(self, docname: str, number: int) -> Table:
        """Return a table that a page asks for."""
        return self._built(docname, number)[0]

    def table_faults(self, docname: str, number: int) -> list[tuple[str, str, str]]:
        """Return what is wrong with a page's request for a table."""
        return self._built(docname, number)[1]

    def _built(self, docname: str, number: int) -> tuple[Table, list[tuple[str, str, str]]]:
        key = (docname, number)
        if key not in self._tables:
            if self._database is None:
                self._database = Database(self.corpus)
            self._tables[key] = build(self.corpus, self._database, Request(**self.data["requests"][docname][number]))
        return self._tables[key]

    def examples(self, kind: str) -> dict[str, Example]:
        """Return an example of each field of a kind."""
        if kind not in self._examples:
            self._examples[kind] = examples(self.corpus, kind)
        return self._examples[kind]

    def inputs(self) -> str:
        """Return a fingerprint of everything that the generated content is made from; what a page's own text says is no part of it."""
        return digest(
            [
                sorted((docname, stored["digest"]) for docname, stored in self.data["pages"].items()),
                sorted((docname, [list(map(str, request.values())) for request in requests]) for docname, requests in self.data["requests"].items()),
                sorted(self.data["state"]),
                sorted(self.data["recipe"]),
                sorted(self.data["tree"]),
                sorted(self.data["charts"].items()),
                sorted(self.data["examples"].items()),
                sorted(self.data["questions"]),
                sorted(self.data["problems"].items()),
                sorted((docname, facts) for docname, (_, _, facts) in self.data["files"].items()),
            ]
        )

    # --- References: `[](#lima)`, `{any}`, the roles, and objects.inv ---

    def find(self, record_id: str, kinds: tuple[str, ...] = tuple(KINDS)) -> tuple[str, dict[str, Any]] | None:
        """Return the page and stored record with an id."""
        pages = self.data["pages"]
        if self._named is None:
            self._named = {}
            for docname, stored in sorted(pages.items()):
                self._named.setdefault(stored["id"], []).append(docname)
        return next(((docname, pages[docname]) for docname in self._named.get(record_id, ()) if pages[docname]["kind"] in kinds), None)

    def resolve_xref(
        self, env: BuildEnvironment, fromdocname: str, builder: Builder, typ: str, target: str, node: pending_xref, contnode: nodes.Element
    ) -> nodes.reference | None:
        found = self.find(target, (typ,))
        return self._reference(builder, fromdocname, found, node, contnode) if found else None

    def resolve_any_xref(
        self, env: BuildEnvironment, fromdocname: str, builder: Builder, target: str, node: pending_xref, contnode: nodes.Element
    ) -> list[tuple[str, nodes.reference]]:
        found = self.find(target)
        if found is None:
            return []
        return [(f"{self.name}:{found[1]['kind']}", self._reference(builder, fromdocname, found, node, contnode))]

    @staticmethod
    def _reference(builder: Builder, fromdocname: str, found: tuple[str, dict[str, Any]], node: pending_xref, contnode: nodes.Element) -> nodes.reference:
        docname, stored = found
        title = stored["record"].get("title", stored["id"])
        if not node.get("refexplicit"):
            short = stored["record"].get("short", stored["id"])
            contnode = contnode.copy()
            contnode.clear()
            contnode += nodes.Text(short)
        return make_refnode(builder, fromdocname, docname, "", contnode, title)

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        for docname, stored in self.data["pages"].items():
            yield stored["id"], stored["record"].get("short", stored["id"]), stored["kind"], docname, "", 1

    def get_full_qualified_name(self, node: nodes.Element) -> str | None:
        target = node.get("reftarget")
        return f"{self.name}.{target}" if target else None


def register(app: Sphinx) -> None:
    """Register the domain."""
    app.add_domain(ReviewDomain)
