"""The review as relations, each declared once with what its columns mean and how its rows are made.

The CSV files, the SQLite database, their metadata (CSV on the Web, Croissant) and the page that documents them are all read
off these declarations.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..columns import UNKNOWN
from ..names import parse
from ..schema import FOLDERS, KINDS
from ..specification import one_or_families, specification
from ..values import Amount, is_absent
from .contents import folder_of
from .relation import RECORD, Attribute, Relation, Rows, entries, entry_attributes, entry_row, notation, of_kind

if TYPE_CHECKING:
    from .contents import Contents


def _records(contents: Contents) -> Rows:
    for page in contents.pages:
        yield page.id, folder_of(page), page.short, page.title, contents.address(page)


def _authors(contents: Contents) -> Rows:
    for page in contents.pages:
        for position, text in enumerate(page.record.get("authors", []), 1):
            name = parse(text)
            yield page.id, position, text, name.family or None, name.given or None, name.particle or None, name.suffix or None, int(bool(name.literal))


def _list_values(contents: Contents) -> Rows:
    for page in contents.pages:
        for node in page.nodes:
            if node.field.shape == "list" and isinstance(node.value, list) and node.field.item is not None and node.field.item.shape == "value":
                for position, value in enumerate(node.value, 1):
                    yield page.id, node.dotted, position, value


def _amounts(contents: Contents) -> Rows:
    for page in contents.pages:
        for node in page.nodes:
            if isinstance(node.field.scalar, Amount) and not is_absent(node.value):
                ends = node.value if isinstance(node.value, dict) else {"min": node.value, "max": node.value}
                about = ends.get("about")
                yield page.id, node.dotted, ends.get("min", about), ends.get("max", about), int(about is not None), node.field.scalar.write(node.value)


def _links(contents: Contents) -> Rows:
    for page in contents.pages:
        for name, value in page.record.get("links", {}).items():
            yield page.id, name, value


# --- Releases and licences ------------------------------------------------------------------------------------------

_RELEASE = specification("paper").fields["releases"].fields["weights"]


def _releases(contents: Contents) -> Rows:
    for page in contents.pages:
        for artefact in specification("paper").fields["releases"].fields:
            if page.kind not in ("paper", "model"):
                continue
            entry = page.record.get("releases", {})
            entry = entry.get(artefact) if isinstance(entry, dict) else entry
            if isinstance(entry, dict):
                families = entry.items() if one_or_families(entry) == "families" else [("", entry)]
                for family, one in families:
                    yield page.id, artefact, family, "value", *entry_row(_RELEASE.one, one)
            else:
                yield page.id, artefact, "", entry or UNKNOWN, *entry_row(_RELEASE.one, {})


def _answers(contents: Contents) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for page in (page for page in contents.pages if page.kind == "license"):
        for question, answer in page.record.get("answers", {}).items():
            yield page.id, "", question, answer
        for version in page.record.get("versions", []):
            for question, answer in version.get("answers", {}).items():
                yield page.id, version["id"], question, answer


def _license_answers(contents: Contents) -> Rows:
    for license, version, question, answer in _answers(contents):
        yield license, version, question, answer.get("answer"), answer.get("scope"), answer.get("note")


def _license_terms(contents: Contents) -> Rows:
    for license, version, question, answer in _answers(contents):
        for name in ("requires", "restricts"):
            for word in answer.get(name, []):
                yield license, version, question, name, word


# --- Evidence and facts ------------------------------------------------------------------------------------------------


def _evidence(contents: Contents) -> Rows:
    for page in contents.pages:
        for number, entry in enumerate(page.record.get("evidence", []), 1):
            yield page.id, number, *(entry.get(name) for name in ("in", "at", "quote", "says", "until", "note"))


def _evidence_for(contents: Contents) -> Rows:
    for page in contents.pages:
        for number, entry in enumerate(page.record.get("evidence", []), 1):
            for path in dict.fromkeys(entry.get("for", [])):
                yield page.id, number, path


def _facts(contents: Contents) -> Rows:
    for page in contents.pages:
        for fact in contents.facts(page):
            field, value = fact.node.field, fact.node.value
            missing = is_absent(value)
            proved = fact.proved
            best = next((note for note in proved if note.first_hand), proved[0] if proved else None)
            shown = (best.document.get("url"), best.at or None, best.quote or None, int(best.first_hand), best.document.get("checked")) if best else (None,) * 5
            yield (
                page.id,
                fact.node.dotted,
                None if missing else notation(contents, field, value),
                value if missing else "value",
                *shown,
                len(proved),
                len(fact.notes) - len(proved),
            )


# --- Between records ---------------------------------------------------------------------------------------------------


def _lineage(contents: Contents) -> Rows:
    for page in contents.pages:
        for edge in contents.corpus.lineage.parents.get(page.id, []):
            yield edge.child, edge.relation, edge.parent, edge.variant or None, edge.label or None, edge.role or None, ".".join(edge.path)


def _backlinks(contents: Contents) -> Rows:
    for page in contents.pages:
        for link in contents.corpus.backlinks(page.id):
            yield page.id, link.relation, link.id, link.detail or None, link.through or None


# --- Verdicts ----------------------------------------------------------------------------------------------------------


def _each_verdict(contents: Contents) -> Iterator[tuple[tuple[str, str, str, str, str], dict[str, Any]]]:
    for page in contents.pages:
        for artefact, questions in contents.verdicts(page).items():
            of_families = questions.get("families", {})
            for family, answers in (("", questions), *of_families.items()):
                for question, readings in answers.items():
                    if question != "families":
                        for reading, verdict in readings.items():
                            yield (page.id, artefact, family, question, reading), verdict


def _verdicts(contents: Contents) -> Rows:
    for number, (key, verdict) in enumerate(_each_verdict(contents), contents.counted + 1):
        scope = verdict.get("scope")
        yield (
            number,
            *key,
            verdict["answer"],
            verdict.get("reason"),
            "; ".join(verdict.get("requires", [])) or None,
            "; ".join(verdict.get("restricts", [])) or None,
            ("; ".join(scope) if isinstance(scope, list) else scope) or None,
            int(bool(verdict.get("conflict"))),
        )


def _verdict_reasons(contents: Contents) -> Rows:
    for number, (_, verdict) in enumerate(_each_verdict(contents), contents.counted + 1):
        for position, link in enumerate(verdict.get("because", []), 1):
            yield (
                number,
                position,
                link.get("record"),
                link.get("artefact"),
                link.get("rule"),
                link.get("answer"),
                link.get("license"),
                link.get("reason"),
                link.get("note"),
                "; ".join(link.get("edges", [])) or None,
                "; ".join(link.get("through", [])) or None,
            )


_VERDICT_KEY = (
    RECORD,
    Attribute("artefact", "What the verdict is about: code, data, weights or output."),
    Attribute("family", "The family of releases; empty for the worst of them all."),
    Attribute("question", "commercial-use, redistribution or train-another-model."),
    Attribute("reading", "declared: what the release itself says; lineage: with everything it was made from."),
)


_LIST = [
    Relation(
        "records",
        "Every record of the review.",
        (
            Attribute("id", "The record's id: its page's file name, unique in the whole review."),
            Attribute("kind", f"One of {', '.join(FOLDERS)}."),
            Attribute("short", "The name by which people speak of it."),
            Attribute("title", "The full title, as its authors write it."),
            Attribute("url", "The page's address, from the site's root."),
        ),
        ("id",),
        _records,
    ),
    *(of_kind(kind) for kind in KINDS),
    Relation(
        "authors",
        "Authors of papers, models and sources, in their order, with the parts of their names.",
        (
            RECORD,
            Attribute("position", "From 1.", "number"),
            Attribute("name", "As the work prints it."),
            Attribute("family", "Family name."),
            Attribute("given", "Given names."),
            Attribute("particle", "von, van der, de …"),
            Attribute("suffix", "Jr., III …"),
            Attribute("is_group", "1 for a group, whose name has no parts.", "truth"),
        ),
        ("record", "position"),
        _authors,
    ),
    Relation(
        "list_values",
        "The members of every field that can have several values.",
        (RECORD, Attribute("field", "The field's path."), Attribute("position", "From 1.", "number"), Attribute("value", "The member.")),
        ("record", "field", "position"),
        _list_values,
    ),
    Relation(
        "amounts",
        "Every amount with both its ends, so that approximate ones can be told from exact ones.",
        (
            RECORD,
            Attribute("field", "The field's path."),
            Attribute("at_least", "The lower end; empty where it is open.", "number"),
            Attribute("at_most", "The upper end; empty where it is open.", "number"),
            Attribute("is_about", "1 where the source says about.", "truth"),
            Attribute("notation", "As pages write it: 52002, ~53000, 60.., 1..2."),
        ),
        ("record", "field"),
        _amounts,
    ),
    Relation(
        "links",
        "Identifiers and addresses of records.",
        (RECORD, Attribute("name", "Which link: paper, arxiv, doi, code …"), Attribute("value", "The identifier or address.")),
        ("record", "name"),
        _links,
    ),
    entries("data_sources", "What instruction data were made from.", ("paper", "model", "source"), ("data", "sources"), "label", ("from", "parts", "licenses")),
    Relation(
        "releases",
        "What papers and models released; one row an artefact, or one for each family of it.",
        (
            RECORD,
            Attribute("artefact", "code, data, weights or collection_tool."),
            Attribute("family", "The family's label; empty where there is one entry."),
            Attribute("state", "value: released; none: not released; not-stated; unknown: nobody has looked."),
            *entry_attributes(_RELEASE.one, points_at={"license": "licenses.spdx", "model": "models.id"}),
        ),
        ("record", "artefact", "family"),
        _releases,
    ),
    entries("variants", "Sizes and versions of models.", ("model",), ("variants",), "variant"),
    entries("results", "Headline findings of papers, with their numbers.", ("paper",), ("results",), "label"),
    entries("terms", "Licences or terms of sources, by period or part.", ("source",), ("terms",), "label", license="licenses.spdx"),
    entries("license_versions", "Dated versions of licences and terms that changed.", ("license",), ("versions",), "version"),
    Relation(
        "license_answers",
        "What licences answer to the review's questions.",
        (
            Attribute("license", "The licence's id.", points_at="licenses.id"),
            Attribute("version", "The dated version; empty where there is one text."),
            Attribute("question", "commercial-use, redistribution or train-another-model."),
            Attribute("answer", "yes, conditional, unclear or no."),
            Attribute("scope", "For training another model: which models are concerned."),
            Attribute("note", "What the answer does not show."),
        ),
        ("license", "version", "question"),
        _license_answers,
    ),
    Relation(
        "license_terms",
        "The duties and limits that come with a licence's answers.",
        (
            Attribute("license", "The licence's id.", points_at="licenses.id"),
            Attribute("version", "The dated version; empty where there is one text."),
            Attribute("question", "The question."),
            Attribute("kind", "requires: a duty; restricts: a limit on who, what for or how many."),
            Attribute("word", "Which."),
        ),
        ("license", "version", "question", "kind", "word"),
        _license_terms,
    ),
    entries("corrections", "Where the list this review grew from was wrong or is out of date.", tuple(KINDS), ("corrections",), "position"),
    entries("documents", "The documents that evidence names, each once a record.", tuple(KINDS), ("references",), "label"),
    Relation(
        "evidence",
        "Every entry of evidence: which document, which place, which words.",
        (
            RECORD,
            Attribute("number", "From 1, in the page's order.", "number"),
            Attribute("document", "The document's label.", points_at=""),
            Attribute("place", "Where in the document; for not-stated, what was searched."),
            Attribute("quote", "At most 20 words, verbatim."),
            Attribute("says", "What this source says, where it disagrees with the value."),
            Attribute("until", "When the source ceased to say so."),
            Attribute("note", "How the words prove the value."),
        ),
        ("record", "number"),
        _evidence,
    ),
    Relation(
        "evidence_for",
        "Which fields an entry of evidence is for; it covers what lies under them.",
        (RECORD, Attribute("number", "The entry.", "number"), Attribute("field", "The field's path.")),
        ("record", "number", "field"),
        _evidence_for,
    ),
    Relation(
        "facts",
        "Every fact with the best evidence for it; a fact that nobody has looked up has no row.",
        (
            RECORD,
            Attribute("field", "The field's path."),
            Attribute("value", "As text; amounts as pages write them (~53000), lists with semicolons."),
            Attribute("state", "value, not-stated, none or per-source."),
            Attribute("source", "The address of the document that proves it, first-hand where there is one."),
            Attribute("place", "The place in that document."),
            Attribute("quote", "The words that prove it."),
            Attribute("first_hand", "1 if the document or a full copy of it was read, 0 if only words quoted elsewhere.", "truth"),
            Attribute("checked", "The day on which that document was read."),
            Attribute("proofs", "How many entries of evidence agree.", "number"),
            Attribute("disagreeing", "How many sources say something else.", "number"),
        ),
        ("record", "field"),
        _facts,
    ),
    Relation(
        "lineage",
        "Who was built from what: one row a step that a page states.",
        (
            Attribute("child", "What was built.", points_at="records.id"),
            Attribute("relation", "tuned-from, generated-by or built-from."),
            Attribute("parent", "What it was built from.", points_at="records.id"),
            Attribute("variant", "The parent's size or version."),
            Attribute("label", "The label of the data source that says so."),
            Attribute("role", "What the source contributes."),
            Attribute("field", "The path of the field on the child's page that says so."),
        ),
        ("child", "field"),
        _lineage,
    ),
    Relation(
        "backlinks",
        "How records are named elsewhere, as their pages list it.",
        (
            RECORD,
            Attribute("relation", "base-of, generated, built-on-by, described-here, licensed or same-base."),
            Attribute("other", "The record that names it.", points_at="records.id"),
            Attribute("detail", "The variant, the data source's label, or what is licensed."),
            Attribute("through", "The nearer record, where the relation is not direct."),
        ),
        (),
        _backlinks,
    ),
    Relation(
        "verdicts",
        "What may be done with each release, in both readings; not legal advice.",
        (
            Attribute("id", "A number within this edition.", "number"),
            *_VERDICT_KEY,
            Attribute("answer", "yes, conditional, unclear or no; not-released where there is nothing to use."),
            Attribute("reason", "Why it is unclear."),
            Attribute("requires", "Duties, with semicolons."),
            Attribute("restricts", "Limits, with semicolons."),
            Attribute("scope", "For training another model: which models are concerned."),
            Attribute("conflict", "1 where sources state different licences.", "truth"),
        ),
        ("id",),
        _verdicts,
    ),
    Relation(
        "verdict_reasons",
        "Why: every licence, rule and gap that a verdict rests on, the deciding ones first.",
        (
            Attribute("verdict", "Which verdict.", "number", "verdicts.id"),
            Attribute("position", "From 1.", "number"),
            Attribute("source", "The record whose terms or gap it is.", points_at="records.id"),
            Attribute("source_artefact", "What of that record."),
            Attribute("rule", "How terms pass from there; see the page on licences."),
            Attribute("answer", "Its answer."),
            Attribute("license", "Its licence."),
            Attribute("reason", "Why it is unclear."),
            Attribute("note", "In words."),
            Attribute("edges", "The steps along which it came, with semicolons."),
            Attribute("through", "The records between, with semicolons."),
        ),
        ("verdict", "position"),
        _verdict_reasons,
    ),
]
RELATIONS: dict[str, Relation] = {relation.name: relation for relation in _LIST}
