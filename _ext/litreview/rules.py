"""The checks: over one page, and over the whole corpus. Each finds one kind of fault; none changes anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .diagnostics import Diagnostic, alike, one_page, shorten, suggest
from .specification import Node, resolve
from .values import NOT_STATED, LicenseName, Reference

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page

MAX_QUOTE_WORDS = 20


def amount_bounds(amount: Any) -> tuple[float, float]:
    """Return the least and the greatest number that an amount can mean."""
    if isinstance(amount, Mapping):
        if "about" in amount:
            return amount["about"] * 0.9, amount["about"] * 1.1
        return amount.get("min", 0.0), amount.get("max", float("inf"))
    return amount, amount


def check_page(page: Page) -> list[Diagnostic]:
    """Return the faults that one page shows by itself."""
    nodes = page.judged
    return [
        *_members(page, nodes),
        *_counts(page, nodes),
        *_benchmarks(page),
        *_evidence(page),
        *_not_stated(page, nodes),
        *_corrections(page),
        *_spelling(page),
    ]


def _members(page: Page, nodes: list[Node]) -> Iterator[Diagnostic]:
    """Find lists that hold an entry twice."""
    for node in nodes:
        if not isinstance(node.value, list) or len(node.value) < 2:
            continue
        seen: dict[Any, int] = {}
        for index, item in enumerate(node.value):
            key = item.get("id") if isinstance(item, dict) else " ".join(str(item).casefold().split())
            if key is None:
                continue
            if key in seen:
                code, what = ("author-duplicate", "author") if node.path == ("authors",) else ("member-duplicate", "entry")
                yield page.diagnostic((*node.path, str(index)), code, f"the {what} '{shorten(key if isinstance(item, dict) else item)}' is given twice")
            seen[key] = index
    variants = page.record.get("variants", []) if page.kind == "model" else []
    spelled: dict[str, str] = {}
    for variant in variants:
        for spelling in [variant.get("id", ""), *variant.get("aka", [])]:
            other = spelled.setdefault(spelling.casefold(), variant.get("id", ""))
            if other != variant.get("id", ""):
                yield page.diagnostic(("variants", variant.get("id", "")), "member-duplicate", f"'{spelling}' already names the variant '{other}'")


def _counts(page: Page, nodes: list[Node]) -> Iterator[Diagnostic]:
    for node in nodes:
        if node.field.shape == "mapping" and "instructions" in node.field.fields and isinstance(node.value, dict):
            instructions, instances = node.value.get("instructions"), node.value.get("instances")
            if _is_amount(instructions) and _is_amount(instances) and amount_bounds(instances)[1] < amount_bounds(instructions)[0]:
                yield page.diagnostic(
                    (*node.path, "instances"), "count-order", f"there are fewer instances ({_plain(instances)}) than instructions ({_plain(instructions)})"
                )


def _is_amount(value: Any) -> bool:
    return isinstance(value, (int, float, dict))


def _plain(amount: Any) -> str:
    if isinstance(amount, Mapping):
        return f"~{amount['about']}" if "about" in amount else f"{amount.get('min', '')}..{amount.get('max', '')}"
    return str(amount)


def _benchmarks(page: Page) -> Iterator[Diagnostic]:
    evaluation = page.record.get("evaluation", {})
    benchmarks = evaluation.get("benchmarks", [])
    results = page.record.get("results", [])
    if not isinstance(benchmarks, list) or not isinstance(results, list):
        return
    known, listed = set(benchmarks), ""
    for index, result in enumerate(results):
        if "on" in result and result["on"] not in known:
            listed = listed or shorten(", ".join(benchmarks) or "none", 120)
            yield page.diagnostic(
                ("results", result.get("id", str(index)), "on"),
                "benchmark-unknown",
                f"'{shorten(result['on'])}' is not in `evaluation.benchmarks` ({listed})",
                suggest(result["on"], benchmarks),
            )


def _raw(page: Page) -> Any:
    return page.raw.values if page.raw is not None else page.record


def _evidence(page: Page) -> Iterator[Diagnostic]:
    record, raw = page.record, _raw(page)
    references = record.get("references", {})
    raw_references = raw.get("references")
    labels = dict.fromkeys(raw_references if isinstance(raw_references, dict) else references)
    evidence = record.get("evidence", [])
    used = {entry["in"] for entry in evidence if "in" in entry}
    # A page has fifty entries and mostly no fault among them: what all of them name is looked up once, and the entries only where some of it is wrong.
    wrong = {path for path in {path for entry in evidence for path in entry.get("for", ())} if resolve(record, path) is None and resolve(raw, path) is None}
    if wrong or not used <= labels.keys() or any(entry.get("quote", "").count(" ") >= MAX_QUOTE_WORDS for entry in evidence):
        yield from _entries(page, evidence, labels, wrong)
    raw_evidence = raw.get("evidence")
    # An entry that lost its label to another fault still uses its reference.
    if isinstance(raw_evidence, list) and raw_evidence is not record.get("evidence"):
        used |= {entry["in"] for entry in raw_evidence if isinstance(entry, dict) and isinstance(entry.get("in"), str)}
    for label in labels:
        if label in used:
            continue
        yield page.diagnostic(("references", label), "reference-unused", "no evidence uses this reference")


def _entries(page: Page, evidence: list[dict[str, Any]], labels: dict[str, None], wrong: set[str]) -> Iterator[Diagnostic]:
    known = ""  # made when the first fault needs it
    for index, entry in enumerate(evidence):
        label = entry.get("in")
        if label is not None and label not in labels:
            known = known or shorten(", ".join(labels) or "none", 120)
            what = f"'{shorten(label)}' is not a label in `references` ({known})"
            yield page.diagnostic(("evidence", str(index), "in"), "evidence-reference", what, suggest(label, labels))
        for path in entry.get("for", ()):
            if path in wrong:
                what = f"'{shorten(path)}' is not a field with a value on this page"
                yield page.diagnostic(("evidence", str(index), "for"), "evidence-field", what, suggest(path, page.dotted))
        words = len(entry.get("quote", "").split())
        if words > MAX_QUOTE_WORDS:
            yield page.diagnostic(("evidence", str(index), "quote"), "quote-long", f"the quotation has {words} words; at most {MAX_QUOTE_WORDS} are allowed")


def _not_stated(page: Page, nodes: list[Node]) -> Iterator[Diagnostic]:
    silent = [node for node in nodes if node.value == NOT_STATED and node.field.absent]
    if not silent:
        return
    references = page.record.get("references", {})
    searched: dict[tuple[str, ...], set[str]] = {}
    for entry in page.record.get("evidence", []):
        if "quote" not in entry and "at" in entry:
            for path in entry.get("for", []):
                resolved = resolve(page.record, path)
                if resolved is not None:
                    searched.setdefault(resolved, set()).add(references.get(entry.get("in"), {}).get("read", "whole"))
    for node in silent:
        found = set().union(*(searched.get(node.path[:depth], ()) for depth in range(1, len(node.path) + 1)))
        if not found:
            yield page.diagnostic(
                node.path,
                "not-stated-unsearched",
                "says not-stated, and no evidence without a quotation names the place that was searched; leave the field out if nobody looked",
            )
        elif "whole" not in found:
            yield page.diagnostic(node.path, "not-stated-unread", "says not-stated, and what was searched was read only in part")


def _corrections(page: Page) -> Iterator[Diagnostic]:
    for index, correction in enumerate(page.record.get("corrections", [])):
        path = correction.get("field", "")
        if path and resolve(page.record, path) is None and resolve(_raw(page), path) is None:
            what = f"'{shorten(path)}' is not a field with a value on this page"
            yield page.diagnostic(("corrections", str(index), "field"), "correction-field", what, suggest(path, page.dotted))


def _spelling(page: Page) -> Iterator[Diagnostic]:
    spdx = page.record.get("spdx") if page.kind == "license" else None
    if isinstance(spdx, str) and spdx.lower() != page.id:
        yield page.diagnostic(("spdx",), "license-spelling", f"'{spdx}' belongs in licenses/{spdx.lower()}.md, not here")


# --- Over the whole corpus ---------------------------------------------------------------------------------------------


def check_corpus(corpus: Corpus) -> list[Diagnostic]:
    """Return the faults that only several pages together show."""
    found = [*_ids(corpus), *_short_names(corpus), *_cycles(corpus)]
    of_pages = corpus.worked_out.faults
    for page in corpus.pages:
        if page.path not in of_pages:
            with one_page():
                of_pages[page.path] = [*_references(corpus, page), *_parts(corpus, page)]
        found += of_pages[page.path]
    return found


def _ids(corpus: Corpus) -> Iterator[Diagnostic]:
    for pages in corpus.namesakes():
        for page in pages[1:]:
            yield Diagnostic(page.path, 1, "id-duplicate", "", f"the id '{page.id}' is already used by {pages[0].path}")


def _short_names(corpus: Corpus) -> Iterator[Diagnostic]:
    seen: dict[tuple[str, str], Page] = {}
    for page in corpus.pages:
        if "short" in page.record:
            other = seen.setdefault((page.kind, page.short.casefold()), page)
            if other is not page:
                yield page.diagnostic(("short",), "short-duplicate", f"the short name '{page.short}' is already used by {other.path}")


def _references(corpus: Corpus, page: Page) -> Iterator[Diagnostic]:
    for node in corpus.references_of(page):
        scalar = node.field.scalar
        if isinstance(scalar, LicenseName):
            if node.value not in corpus.licenses:
                hint = suggest(node.value, corpus.licenses)
                yield page.diagnostic(node.path, "license-unknown", f"unknown licence '{node.value}'", hint)
        elif isinstance(scalar, Reference):
            target_id, _, variant = node.value.partition("/")
            target = corpus.get(target_id)
            if target is None or target.kind not in scalar.kinds:
                ids = corpus.ids_of(scalar.kinds)
                hint = suggest(target_id, ids)
                what = f"names no page in {', '.join(kind + 's/' for kind in scalar.kinds)}{alike(target_id, ids)}"
                yield page.diagnostic(node.path, "record-unknown", f"'{node.value}' {what}", f"{hint}/{variant}" if hint and variant else hint)
            elif variant:
                if target.kind != "model":
                    yield page.diagnostic(node.path, "variant-unknown", f"'{target_id}' is no model, so '{node.value}' has no variants", target_id)
                elif corpus.variant(target, variant) is None:
                    names = corpus.variant_names(target)
                    hint = suggest(variant, names)
                    yield page.diagnostic(
                        node.path,
                        "variant-unknown",
                        f"{target.path} has no variant '{variant}'; it has: {', '.join(names) or 'none'}",
                        f"{target_id}/{hint}" if hint else "",
                    )


def _parts(corpus: Corpus, page: Page) -> Iterator[Diagnostic]:
    """Find parts of upstream data that the upstream page does not label."""
    sources = page.record.get("data", {}).get("sources", {})
    for label, source in sources.items() if isinstance(sources, dict) else ():
        if "parts" not in source:
            continue
        upstream = [found for reference in source.get("from", []) if (found := corpus.get(reference.partition("/")[0])) is not None]
        known = [name for found in upstream for name in (found.record.get("data", {}).get("sources") or {})]
        for index, part in enumerate(source["parts"]):
            if part not in known:
                what = f"'{part}' is no labelled source of {', '.join(found.path for found in upstream) or 'any page'}"
                yield page.diagnostic(("data", "sources", label, "parts", str(index)), "part-unknown", what, suggest(part, known))


def _cycles(corpus: Corpus) -> Iterator[Diagnostic]:
    for cycle in corpus.lineage.cycles():
        page = corpus.get(cycle[0])
        edge = corpus.lineage.edge(cycle[0], cycle[1])
        if page is not None and edge is not None:
            yield page.diagnostic(edge.path, "lineage-cycle", f"is built from itself: {' → '.join(cycle)}")
