"""Write a new page: what was found as values, every other field of the schema waiting in a comment that explains it.

Two signs, so that a page can be filled by deleting: `##` lines explain, `#` lines wait for a value. `tidy` takes both away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .. import frontmatter
from ..diagnostics import Diagnostic
from ..records import read_page
from ..schema import FOLDER_OF
from ..specification import PROOF, Field, specification
from ..values import ABSENT, Amount, Scalar, Text, Word
from ..yaml_text import flow, lines_of_text
from .found import Found

# The headings of the prose, with what stands under each; MyST does not print lines that start with `%`.
HEADINGS: dict[str, dict[str, str]] = {
    "paper": {
        "What it did": "In two or three sentences: the question, the idea, what came of it. Link other pages by their file: [LLaMA](../models/llama.md).",
        "How its instruction data was made": "Step by step: who or what wrote the instructions, the inputs, the answers; what was filtered; how much was left.",
        "What it found": "The main results, with their numbers and conditions.",
        "Limits": "What the authors concede, and what one has to know before relying on it.",
        "Licences: what to know": "What was released under which terms, where places disagree, and what they mean together.",
    },
    "model": {
        "What it is": "Who made it, from what, when; what sizes there are.",
        "Why it matters here": "Which papers of this review start from it or had it generate data.",
        "Availability and licence": "How one gets at it, and under which terms.",
    },
    "license": {
        "What it is for": "Who wrote it, and for which sort of work.",
        "What it asks": "Its duties and limits, in plain words.",
        "What to watch out for": "Where it is unclear, and what it leaves open for data, weights and output.",
    },
    "source": {
        "What it is": "Who runs it, and what one finds there.",
        "What its terms ask": "Its licence or terms, and since when.",
    },
}

WIDTH = 150

RULES = (
    "How to fill this page: contribute/add-a-paper.md. What each field means: contribute/fields.md.",
    "Lines with two number signs explain. Lines with one wait: take the sign away once you have looked the fact up, leave it if you have not.",
    f"Where a field may say it: {' '.join(f'`{word}`: {meaning[0].lower()}{meaning[1:]}' for word, meaning in ABSENT.items())}",
    f"An amount is written {Amount.name.removeprefix('an amount ')}.",
    "When you are done, `make tidy PAGE={path}` takes these explanations and what still waits off the page.",
)


def _says(field: Field) -> str:
    """Return what a field wants, in words: its help, its vocabulary or kind of value, the words for a missing one."""
    kind = _kind(field)
    missing = f" Or {' or '.join(f'`{word}`' for word in field.absent.words)}." if field.absent else ""
    return f"{field.about.label}: {field.about.help}{f' {kind}.' if kind else ''}{missing}"


def _kind(field: Field) -> str:
    scalar: Scalar | None = field.scalar or (field.item.scalar if field.item is not None else None)
    if scalar is None or isinstance(scalar, Text):
        return "Several may stand in [ ]" if scalar is not None and field.shape == "list" else ""
    several = "One, or several in [ ]" if field.shape == "list" else "One"
    if isinstance(scalar, Word):
        return f"{several} of: {', '.join(scalar.words)}"
    if isinstance(scalar, Amount):
        return "An amount"
    return f"{several}: {scalar.name}" if field.shape == "list" else scalar.name[0].upper() + scalar.name[1:]


def _explained(text: str, indent: str, sign: str = "## ") -> Iterator[str]:
    """Yield an explanation over as many lines as it needs."""
    line = ""
    for word in text.split():
        if line and len(indent) + len(sign) + len(line) + len(word) >= WIDTH:
            yield f"{indent}{sign}{line}"
            line = ""
        line = f"{line} {word}".strip()
    yield f"{indent}{sign}{line}"


def _entry(field: Field) -> str:
    """Return an empty entry of a mapping on one line: what it needs, else its first field."""
    names = field.required or list(field.fields)[:2]
    return "{" + ", ".join(f"{name}: " for name in names) + "}"


def _waiting(name: str, field: Field, indent: str) -> Iterator[str]:
    """Yield a field that nobody has looked up, with all its parts."""
    yield from _explained(_says(field), indent)
    if field.shape == "mapping" and indent:
        yield from _explained(f"It has: {', '.join(field.fields)}.", indent)
        yield f"{indent}# {name}: {_entry(field)}"
    elif field.shape == "mapping":
        yield f"{indent}# {name}:"
        for child, below in field.fields.items():
            yield from _waiting(child, below, f"{indent}  ")
    elif field.shape == "release":
        yield f"{indent}# {name}: {{license: , url: }}"
    elif field.item is not None and field.item.fields:
        yield from _explained(f"Each entry may have: {', '.join(field.item.fields)}.", indent)
        yield f"{indent}# {name}:"
        yield f"{indent}#   {'LABEL: ' if field.shape == 'labelled' else '- '}{_entry(field.item)}"
    elif field.shape == "list":
        yield f"{indent}# {name}: []"
    else:
        yield f"{indent}# {name}:"


def _reference(kind: str, found: Found, today: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the references and evidence that what was found brings with it."""
    if found.reference is None:
        return {}, []
    label, document = found.reference
    entry = {key: document[key] for key in ("url", "title") if key in document} | {"first_hand": "yes", "checked": today}
    facts = specification(kind).fields
    proved = [(name, place) for name, place in found.proves if found.values.get(name) and name in facts and facts[name].about.fact]
    if not proved:
        return {}, []
    places = ", ".join(place for _, place in proved)
    return {label: entry | {"note": document["note"]}}, [{"for": [name for name, _ in proved], "in": label, "at": places}]


def write(kind: str, record_id: str, found: Found, today: str) -> tuple[str, list[str]]:
    """Return a new page's text, and the fields that are still to be looked up for it to pass the check.

    A found value that the schema refuses stays as a remark; so the page has no fault but those that are told.
    """
    spec = specification(kind)
    path = f"{FOLDER_OF[kind]}/{record_id}.md"
    values = {name: value for name, value in found.values.items() if value and name in spec.fields}
    remarks = {name: list(said) for name, said in found.remarks.items()}
    for name in found.values.keys() - spec.fields.keys():
        if found.values[name]:
            remarks.setdefault("links", []).append(f"{found.source or 'The source'} also says: {name}: {flow(found.values[name])}")
    while refused := _refused(kind, path, values):
        for name in refused:
            remarks.setdefault(name, []).append(f"{found.source or 'The source'} says: {flow(values.pop(name))}")
    references, evidence = _reference(kind, Found(values, source=found.source, reference=found.reference, proves=found.proves), today)
    missing = [name for name in spec.required if name not in values]
    lines = ["---", *(line for rule in RULES for line in _explained(rule.replace("{path}", path), ""))]
    for name, field in spec.fields.items():
        if name in PROOF:
            continue
        lines += [line for remark in remarks.get(name, ()) for line in _explained(remark, "")]
        if name in values:
            lines.append(f"{name}: {flow(values[name])}")
        elif field.about.required:
            lines += _explained(f"Needed. {_says(field)}", "")
            if field.item is not None and field.item.fields:
                lines += _explained(f"Each entry may have: {', '.join(field.item.fields)}; for example `- {_entry(field.item)}`.", "")
            lines.append(f"{name}:")
        else:
            lines += _waiting(name, field, "")
    lines += _proof(spec, references, evidence)
    lines += ["---", ""]
    for heading, prompt in HEADINGS[kind].items():
        lines += [f"## {heading}", "", f"% {prompt}", ""]
    return "\n".join(lines), missing


def _proof(spec: Field, references: Mapping[str, Any], evidence: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the documents and the evidence: those found, and how to write more."""
    yield from _explained(spec.fields["references"].about.help, "")
    yield "references:" if references else "# references:"
    yield from (f"  {label}: {flow(entry)}" for label, entry in references.items())
    yield '#   LABEL: {url: "https://", first_hand: yes, checked: 2026-01-31}'
    yield from _explained(spec.fields["evidence"].about.help, "")
    yield "evidence:" if evidence else "# evidence:"
    yield from (f"  - {flow(entry)}" for entry in evidence)
    yield '#   - {for: [FIELD], in: LABEL, at: section 1, quote: "at most twenty words"}'


def _refused(kind: str, path: str, values: Mapping[str, Any]) -> list[str]:
    """Return the found fields that the schema refuses."""
    text = "\n".join(["---", *(f"{name}: {flow(value)}" for name, value in values.items()), "---", ""])
    problems: list[Diagnostic] = read_page(path, text).problems
    bad = {problem.field.split(".")[0] for problem in problems if problem.code != "field-missing"}
    unread = any(problem.code.startswith(("yaml", "front")) for problem in problems)
    return [name for name in values if unread or name in bad]


def tidy(text: str) -> str:
    """Return a page without what the scaffold explained or left waiting, and without the prompts of its prose.

    A comment that somebody wrote stays, as does a waiting line that somebody changed; nothing that is read is touched.
    """
    page = frontmatter.split(text)
    if page.problems:
        return text
    known = {line.strip() for kind in HEADINGS for line in write(kind, "x", Found(), "2026-01-31")[0].split("\n") if line.lstrip().startswith("#")}
    inside = lines_of_text(page.block)
    kept = [
        line
        for number, line in enumerate(page.block.split("\n"))
        if number in inside or not (line.lstrip().startswith("## ") or (line.lstrip().startswith("# ") and line.strip() in known))
    ]
    prompts = {f"% {prompt}" for said in HEADINGS.values() for prompt in said.values()}
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in page.body.split("\n") if line not in prompts))
    return "\n".join(["---", *kept, "---", body])
