"""One page, whatever it holds, costs at most a second and 200 MB, and ends in diagnostics that name it: in the check and in the build."""

from __future__ import annotations

import contextlib
import gc
import os
import random
import resource
import time
from pathlib import Path
from typing import Any

import minimal
import pytest
import yaml
from conftest import ROOTS, build
from hypothesis import given
from hypothesis import strategies as st
from litreview import frontmatter
from litreview.frontmatter import MAX_VALUES
from litreview.markup import MAX_TEXT
from litreview.page_files import MAX_BYTES
from litreview.records import MAX_TOLD, read_page
from minimal import PAGES, PAPER
from sphinx.builders import Builder

FULL = MAX_BYTES - 4_000
FACTS = PAGES[PAPER].partition("---\n\n")[0]


def in_facts(text: str) -> bytes:
    return f"{FACTS}{text}\n---\n\n## T\n".encode("utf-8", "surrogatepass")


def in_body(text: str) -> bytes:
    return f"{FACTS}---\n\n## T\n\n{text[: MAX_TEXT - 100]}".encode("utf-8", "surrogatepass")


bomb = "\n".join(["a0: &a0 [x, x, x, x, x, x, x, x, x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12))])

# A right page that says little, so that what a case adds is no second entry of the same name
LEAN = {
    "title": "T", "authors": "[A B]", "published": "2023", "venue": "V", "kinds": "[dataset]", "method": "[distillation]", "summary": "S",
}  # fmt: skip


def lean(**facts: str) -> bytes:
    """Return a lean page with some facts more, or others; each is written as it stands."""
    return "\n".join(["---", *(f"{name}: {value}" for name, value in {**LEAN, **facts}.items()), "---", "", "## T", ""]).encode()


def many(form: str, count: int) -> str:
    """Return so many members of a list or mapping, each with its number where the form has a `#`."""
    return ", ".join(form.replace("#", str(number)) for number in range(count))


# Just within the limits, and wrong all through
WRONG: dict[str, bytes] = {
    "members that are no texts": lean(also_known_as=f"[{many('[]', 9_900)}]"),
    "words that are not in the vocabulary": lean(method=f"[{many('distil#', 5_200)}]"),
    "fields that there are not": lean(data=f"{{sources: {{{many('s#: {kin: x, fro: y}', 1_400)}}}}}"),
    "labels that are none": lean(data=f"{{sources: {{{many('-s#: {kind: website, what: y}', 1_400)}}}}}"),
    "dates in words": lean(references=f"{{{many('r#: {url: x, checked: January 1 2#}', 1_500)}}}"),
    "authors that are many": lean(authors=f"[{many('a and #', 5_000)}]"),
    "results on other benchmarks": lean(
        evaluation=f"{{benchmarks: [{many('bench-mark#', 1_000)}]}}", results=f"[{many('{what: w, value: 1, on: bench-mark-#}', 1_000)}]"
    ),
    "evidence for other fields": lean(
        data=f"{{sources: {{{many('s#: {kind: human-written, role: seeds}', 500)}}}}}", evidence=f"[{many('{for: data.sources.t#.kind, in: x, at: y}', 700)}]"
    ),
    "evidence in other references": lean(
        references=f"{{{many('ref#: {url: https://a.org/}', 700)}}}", evidence=f"[{many('{for: title, in: re#, at: y}', 900)}]"
    ),
    "corrections of other fields": lean(corrections=f"[{many('{field: tite#, listed: x}', 1_900)}]"),
    "searched and not searched": lean(
        releases=f"{{weights: {{{many('s.#: {license: not-stated}', 500)}}}}}",
        evidence=f"[{many('{in: x, at: y, for: [' + many('releases.weights.s.#', 40) + ']}', 50)}]",
    ),
    "two long names": lean(
        evaluation="{benchmarks: [" + "".join(chr(0x4E00 + n * 7919 % 150) for n in range(6_000)) + "]}",
        results="[{what: w, value: 1, on: " + "".join(chr(0x4E00 + n * 104_729 % 150) for n in range(6_000)) + "}]",
    ),
}

PAGES_OF_FACTS: dict[str, bytes] = {
    "block too long": in_facts("also_known_as: " + "x" * 120_000),
    "random bytes": random.Random(1).randbytes(FULL),
    "random bytes in facts": b"---\n" + random.Random(2).randbytes(FULL) + b"\n---\n",
    "not UTF-8": FACTS.encode() + b"venue: \xff\xfe\xfd\n---\n",
    "UTF-16": FACTS.encode("utf-16"),
    "NUL": in_facts("also_known_as: a\0b"),
    "only NUL": b"\0" * FULL,
    "long scalar": in_facts("also_known_as: " + "x" * 60_000),
    "long quoted scalar": in_facts('also_known_as: "' + "\\u0041" * 9_000 + '"'),
    "long block scalar": in_facts("also_known_as: |\n" + "  word\n" * 8_000),
    "depth of brackets": in_facts("also_known_as: " + "[" * 10_000 + "]" * 10_000),
    "depth of braces": in_facts("also_known_as: " + "{a: " * 10_000 + "}" * 10_000),
    "depth of dashes": in_facts("also_known_as:\n  " + "- " * 10_000 + "x"),
    "depth of indentation": in_facts("a:\n" + "".join(" " * depth + "a:\n" for depth in range(1, 400))),
    "depth of questions": in_facts("? " * 10_000),
    "alias bomb": in_facts(bomb),
    "self-reference": in_facts("a: &a [*a]"),
    "tag": in_facts("also_known_as: !!python/object/apply:os.system [id]"),
    "merge key": in_facts("<<: {title: x}"),
    "tabs": in_facts("\talso_known_as: x"),
    "CRLF": in_facts("also_known_as: {").replace(b"\n", b"\r\n"),
    "CR": in_facts("also_known_as: {").replace(b"\n", b"\r"),
    "BOM": b"\xef\xbb\xbf" + in_facts("also_known_as: {"),
    "unclosed": FACTS.encode(),
    "unclosed quote": in_facts('also_known_as: "' + "x\n" * 20_000),
    "MyST's keys": in_facts("myst: {enable_extensions: [substitution]}\nhtml_meta: {a: b}\nsubstitutions: {a: b}\norphan: true\ntocdepth: 1"),
    "many keys": in_facts("\n".join(f"k{number}: x" for number in range(6_000))),
    "one key many times": in_facts("title: x\n" * 6_000),
    "many bad members": in_facts("also_known_as: [" + "[], " * 15_000 + "]"),
    "many bad entries": in_facts("results:\n" + "  - {}\n" * 7_000),
    "many sources": in_facts("x:\n" + "".join(f"  s{number}: {{kind: x, from: y}}\n" for number in range(1_700))),
    "many documents": in_facts("...\n" * 9_000),
    "many comments": in_facts("# x\n" * 15_000),
    "many directives": in_facts("%YAML 1.1\n" * 9_000),
    "odd spaces": in_facts("\u00a0\u3000also_known_as: x"),
    **WRONG,
}

BODIES: dict[str, bytes] = {
    "brackets": in_body("[" * FULL),
    "links that do not end": in_body("[a](" * (FULL // 4)),
    "references that do not end": in_body("[a][" * (FULL // 4)),
    "images that do not end": in_body("![" * (FULL // 2)),
    "stars": in_body("*a **b " * (FULL // 7)),
    "underscores": in_body("_a__" * (FULL // 4)),
    "closed brackets": in_body("]" * FULL),
    "backticks": in_body("".join("`" * (1 + number % 300) + "a " for number in range(FULL // 152))),
    "less-than": in_body("<" * FULL),
    "comments that do not end": in_body("a <!-- " * (FULL // 7)),
    "declarations that do not end": in_body("a <!A " * (FULL // 6)),
    "processing that does not end": in_body("a <? " * (FULL // 5)),
    "tags that do not end": in_body("a <a b=" * (FULL // 7)),
    "quotes": in_body(">" * FULL),
    "nested quotes": in_body("\n".join(">" * depth + " a" for depth in range(500))),
    "nested lists": in_body("".join("  " * depth + "- a\n" for depth in range(400))),
    "list in a line": in_body("- " * (FULL // 2)),
    "definitions": in_body("[a]: b\n" * (FULL // 7)),
    "definition that does not end": in_body("[" + "a\n" * (FULL // 2)),
    "footnotes": in_body("".join(f"[^{number}] \n\n[^{number}]: a\n\n" for number in range(6_000))),
    "table": in_body("|a" * 5_000 + "|\n" + "|-" * 5_000 + "|\n" + "|a|\n" * 10_000),
    "fences": in_body("```{note}\n" * (FULL // 11)),
    "divisions": in_body("".join(":" * (3 + number) + "a\n" for number in range(600))),
    "roles": in_body("{sub}`a` " * (FULL // 9)),
    "refused roles": in_body("{raw}`a` " * (FULL // 9)),
    "braces": in_body("{" * FULL),
    "headings": in_body("## a\n\n" * (FULL // 6)),
    "entities": in_body("&amp;" * (FULL // 5)),
    "escapes": in_body("\\*" * (FULL // 2)),
    "one word": in_body("a" * FULL),
    "lines": in_body("a\n" * (FULL // 2)),
    "definition lists": in_body("a\n: b\n\n" * (FULL // 7)),
    "hosts": in_body("https://a.b " * (FULL // 12)),
    "targets": in_body("(a)=\n" * (FULL // 5)),
    "breaks": in_body("+++\n" * (FULL // 4)),
    "roles that there are not": in_body(many("{nte#}`a`", 4_000)),
    "directives that there are not": in_body("".join(f"```{{nte{number}}}\n```\n" for number in range(4_000))),
    "links to nowhere": in_body(many("[a](b#)", 1_900)),
    "images of ours": in_body(many("![a](b#.png)", 1_900)),
    "pieces of HTML": in_body(many("<a#>", 6_000)),
    # Just within the limits
    "as many as are read: headings": in_body("## a\n\n" * 190),
    "as many as are read: rows": in_body("|a|\n|-|\n" + "a\n" * 380),
    "as many as are read: cells": in_body("|a" * 44 + "|\n" + "|-" * 44 + "|\n" + "a\n" * 38),
    "as many as are read: definitions": in_body("a\n: b\n\n" * 130),
    "as many as are read: targets": in_body("(a)=\n" * 390),
    "as many as are read: lines": in_body("a\n" * 390),
    "as many as are read: roles": in_body("{sub}`a` " * 390),
    "as many as are read: refused roles": in_body("{raw}`a` " * 390),
    "as many as are read: links": in_body(many("[a](b#)", 290)),
    "as many as are read: images": in_body(many("![a](b#.png)", 290)),
    "as many as are read: pieces of HTML": in_body(many("<a#>", 390)),
    "as many as are read: directives": in_body("".join(f"```{{nte{number}}}\n```\n" for number in range(190))),
    "too long": in_body("") + b"![" * (FULL // 2),
}  # fmt: skip


# Odd, but nothing is wrong with them: long texts are texts.
RIGHT = ("long scalar", "long quoted scalar", "long block scalar", "many documents", "many comments", "odd spaces")


def cost(path: str, data: bytes) -> tuple[float, int]:
    """Return the CPU seconds and the megabytes that reading a page took, measured in a process of its own."""
    read_page(PAPER, PAGES[PAPER])  # what is loaded once is no page's cost
    read_page(PAPER, in_body("{raw}`x`"))
    read_page(PAPER, in_facts("also_known_as: {}"))
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        said = "failed"
        try:
            before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
            page = read_page(path, data, ROOTS / "herd")
            seconds, memory = time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            told = all(str(problem).startswith(f"{path}:") for problem in page.problems) and (page.problems or page.record)
            said = f"{seconds} {memory // 1024}" if told else "told nothing"
        finally:
            os.write(writer, said.encode())
            os._exit(0)
    os.waitpid(child, 0)
    said = os.read(reader, 1000).decode()
    assert said[0].isdigit(), said
    seconds_text, megabytes = said.split()
    return float(seconds_text), int(megabytes)


@pytest.mark.parametrize("name", [*PAGES_OF_FACTS, *BODIES])
def test_reading_a_page_is_cheap_whatever_it_holds(name: str) -> None:
    seconds, megabytes = cost("papers/odd.md", PAGES_OF_FACTS.get(name) or BODIES[name])
    assert seconds < 1
    assert megabytes < 200


@pytest.mark.parametrize("name", [name for name in PAGES_OF_FACTS if name not in RIGHT])
def test_a_hostile_block_of_facts_is_told(name: str) -> None:
    assert read_page("papers/odd.md", PAGES_OF_FACTS[name]).problems


@pytest.mark.parametrize("name", WRONG)
def test_many_faults_within_the_limits_are_told(name: str) -> None:
    problems = read_page("papers/odd.md", WRONG[name]).problems
    assert all("more faulty fields" in problem.message for problem in problems if problem.code == "yaml-too-large")
    assert len(problems) >= (1 if name == "two long names" else 500)


def test_faults_that_are_not_told_are_counted() -> None:
    faults = 2_600
    page = read_page("papers/odd.md", lean(also_known_as=f"[{many('[]', faults)}, right]"))
    told = [problem for problem in page.problems if problem.code == "value-type"]
    (more,) = (problem for problem in page.problems if problem.code == "yaml-too-large")
    assert len(told) == MAX_TOLD
    assert str(more) == f"papers/odd.md:1: error: {faults - MAX_TOLD:,} more faulty fields are not told [litreview.yaml-too-large]"
    assert page.record["also_known_as"] == ["right"]


def test_more_values_than_are_read_are_refused_right_or_wrong() -> None:
    """A right page of too many values must not be read quickly and refused in the thorough way, or the other way round."""
    enough, more = (lean(short="T", also_known_as=f"[{many('#', count)}]") for count in (MAX_VALUES - 24, MAX_VALUES))
    assert read_page("papers/odd.md", enough).problems == []
    (problem,) = read_page("papers/odd.md", more).problems
    assert str(problem) == f"papers/odd.md:10: error: the block has too many values; at most {MAX_VALUES:,} are read [litreview.yaml-too-large]"


@given(st.text("a-:,[]{}?\n \"'|&*#", max_size=14))
def test_no_block_holds_more_values_than_its_signs_allow(block: str) -> None:
    """What is told cheaply, that a block cannot hold too many values, is never wrong."""
    with contextlib.suppress(yaml.YAMLError):
        values = sum(isinstance(event, yaml.NodeEvent) for event in yaml.parse(block, Loader=frontmatter.Loader))
        assert values <= 2 * sum(map(block.count, frontmatter.STARTS)) + 1


def test_the_build_reads_a_hostile_body_within_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would take the build long is refused by its size, before it is parsed."""
    source = minimal.write(tmp_path / "review", PAGES)
    names = {f"papers/odd-{number}": name for number, name in enumerate(BODIES)}
    for docname, name in names.items():
        (source / f"{docname}.md").write_bytes(BODIES[name])
    (source / "conf.py").write_text((ROOTS / "herd/conf.py").read_text().replace('"furo"', '"basic"'))
    (source / "index.md").write_text("# R\n\n```{toctree}\n:glob:\n\npapers/*\nmodels/*\nlicenses/*\nsources/*\n```\n")
    spent: dict[str, float] = {}
    read = Builder.read_doc

    def timed(self: Builder, docname: str, **options: Any) -> None:
        start = time.process_time()
        read(self, docname, **options)
        if docname in names:  # the first page, the index, loads what reading needs
            spent[names[docname]] = time.process_time() - start

    monkeypatch.setattr(Builder, "read_doc", timed)
    gc.collect()
    gc.freeze()  # what other tests left is not looked through meanwhile
    try:
        result = build(source, "pseudoxml")
    finally:
        gc.unfreeze()
    assert result.code == 1
    assert "Traceback" not in result.warnings
    assert spent.keys() == BODIES.keys()
    assert {name: seconds for name, seconds in spent.items() if seconds >= 1} == {}
