"""What `litreview check` tells a contributor: the table of cases in `cases/`, and what must hold for all of them.

A case starts from the clean review of `minimal.py` and gives:

- `change`: for a page, texts to be replaced, each standing there once;
- `repeat`: the same, with a text and how often it is to be written;
- `add`: further files; `@path fields` is a page of that path with the fields its kind needs and those given;
- `encode`: for a page, how it is saved: latin-1, bom, crlf, cr;
- `folders`: folders to be made where a file is expected;
- `links`: symbolic links to be made, each with the file it leads to;
- `told`: the lines that `check` prints, all of them and in their order. `…` stands for any text, also for none.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import minimal
import pytest
import yaml
from litreview.corpus import load
from litreview.diagnostics import CODES
from litreview.records import read_page
from minimal import LICENSE, MODEL, PAPER, SOURCE, edited, without

CASES: dict[str, dict[str, Any]] = {
    f"{path.stem}: {case['name']}": case
    for path in sorted((Path(__file__).parent / "cases").glob("*.yml"))
    for case in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
}

# Codes that no page can bring `check` to give; each with the reason. There are none.
NOT_FROM_CHECK: dict[str, str] = {}


def encoded(text: str, way: str) -> bytes:
    ways = way.split(", ")
    if "crlf" in ways:
        text = text.replace("\n", "\r\n")
    if "cr" in ways:
        text = text.replace("\n", "\r")
    data = text.encode("latin-1" if "latin-1" in ways else "utf-8")
    return b"\xef\xbb\xbf" + data if "bom" in ways else data


def added(content: str) -> str:
    if not content.startswith("@"):
        return content
    path, _, facts = content[1:].partition(" ")
    return minimal.page(path, facts)


def files_of(case: dict[str, Any]) -> dict[str, str | bytes]:
    pages = dict(minimal.PAGES)
    for path, changes in case.get("change", {}).items():
        pages = edited(path, *changes.items(), pages=pages)
    for path, changes in case.get("repeat", {}).items():
        pages = edited(path, *((old, text * int(times)) for old, (text, times) in changes.items()), pages=pages)
    files: dict[str, str | bytes] = {**pages, **{path: added(content) for path, content in case.get("add", {}).items()}}
    for path, way in case.get("encode", {}).items():
        files[path] = encoded(str(files[path]), way)
    return files


def matches(expected: str, line: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, expected.split("…"))), line) is not None


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_check_tells(case: dict[str, Any], tmp_path: Path) -> None:
    assert case.keys() <= {"name", "change", "repeat", "add", "encode", "folders", "links", "told"}
    for folder in case.get("folders", []):
        (tmp_path / folder).mkdir(parents=True)
    minimal.write(tmp_path, files_of(case))
    for link, target in case.get("links", {}).items():
        (tmp_path / link).symlink_to(tmp_path / target)
    code, lines = minimal.check(tmp_path)
    told = case["told"]
    assert len(lines) == len(told), "\n".join(["told:", *lines])
    for expected, line in zip(told, lines, strict=True):
        assert matches(expected, line), f"expected {expected}\ntold     {line}"
    assert code == (1 if told else 0)


def test_minimal_review_is_clean(tmp_path: Path) -> None:
    assert minimal.check(minimal.write(tmp_path)) == (0, [])


def test_case_names_are_unique() -> None:
    names = [case["name"] for path in (Path(__file__).parent / "cases").glob("*.yml") for case in yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_a_case(code: str) -> None:
    told = {name for name, case in CASES.items() if any(line.endswith(f"[litreview.{code}]") for line in case["told"])}
    assert told or code in NOT_FROM_CHECK, f"no case gives {code}"
    assert not (told and code in NOT_FROM_CHECK), f"{code} can be given: {told}"


def test_expected_lines_name_declared_codes_only() -> None:
    codes = {match[1] for case in CASES.values() for line in case["told"] if (match := re.search(r"\[litreview\.([a-z-]+)\]$", line))}
    assert codes <= set(CODES)
    assert all(re.search(r"\[litreview\.[a-z-]+\]$", line) for case in CASES.values() for line in case["told"])


def test_faults_come_again_and_in_the_same_order(tmp_path: Path) -> None:
    case = CASES["together: many faults of one page are told at once"]
    minimal.write(tmp_path, files_of(case))
    assert minimal.check(tmp_path) == minimal.check(tmp_path)


# A bad field, and the one path that the record loses by it.
BAD_FIELDS: list[tuple[str, str, str, tuple[str | int, ...]]] = [
    (PAPER, "published: 2023-03-13", "published: spring", ("published",)),
    (PAPER, "title: \"Alpha: Instructions for Little Money\"", "title: [a, b]", ("title",)),
    (PAPER, "authors: [First Author, Second Author]", "authors: [First Author, [Second, Author]]", ("authors", 1)),
    (PAPER, "kinds: [dataset, model]", "kinds: [datasets, model]", ("kinds", 0)),
    (PAPER, "doi: 10.1000/alpha.1", "doi: alpha.1", ("links", "doi")),
    (PAPER, "role: responses", "role: answers", ("data", "sources", "outputs", "role")),
    (PAPER, "    outputs: {kind", "    two words: {kind", ("data", "sources", "outputs")),
    (PAPER, "  instructions: 52002", "  instructions: many", ("data", "instructions")),
    (PAPER, "instances: ~53000", "instances: {about: 53000}", ("data", "instances")),
    (PAPER, "training: {stages: [sft], parameters: full, in_context_examples: no}", "training: sft", ("training",)),
    (PAPER, "  - {id: wins, what: wins in pairwise comparison, value: 90 to 89, on: user tasks}", "  - 90 wins", ("results", 0)),
    (PAPER, "data: {license: CC-BY-NC-4.0, url", "data: {license: [CC-BY-NC-4.0], url", ("releases", "data", "license")),
    (PAPER, "form: delta", "form: diff", ("releases", "weights", "small", "form")),
    (PAPER, "listed: {mark: unclear}", "listed: {mark: perhaps}", ("listed", "mark")),
    (PAPER, "{field: releases.code, listed: not mentioned}", "{field: releases.code, listed: [not mentioned]}", ("corrections", 0, "listed")),
    (PAPER, "card: {url: \"https://example.org/alpha/card\"", "card: {url: \"javascript:run()\"", ("references", "card", "url")),
    (PAPER, "quote: \"license: mit\"", "quote: {license: mit}", ("evidence", 5, "quote")),
    (MODEL, "aka: [6.7B, base]", "aka: [6.7B, {x: y}]", ("variants", 0, "aka", 1)),
    (MODEL, "params: ~13e9", "params: 13B", ("variants", 1, "params")),
    (LICENSE, "{answer: no, restricts: [non-commercial]}", "{answer: never, restricts: [non-commercial]}", ("answers", "commercial-use", "answer")),
    (SOURCE, "{id: site, license: CC-BY-NC-4.0}", "{id: site, license: CC BY-NC}", ("terms", 0, "license")),
]  # fmt: skip


@pytest.mark.parametrize(("path", "good", "bad", "lost"), BAD_FIELDS, ids=[f"{path} {bad}" for path, _, bad, _ in BAD_FIELDS])
def test_a_bad_field_costs_only_that_field(path: str, good: str, bad: str, lost: tuple[str | int, ...]) -> None:
    whole = read_page(path, minimal.PAGES[path])
    page = read_page(path, edited(path, (good, bad))[path])
    assert page.record == without(whole.record, lost)
    assert page.problems
    assert page.body == whole.body


def test_bad_members_of_lists_cost_only_themselves() -> None:
    """Whichever is cut first, the others are still found at their places."""
    good = {"authors": "First Author", "kinds": "dataset", "method": "distillation", "also_known_as": "Alpha One"}
    bad = {"authors": ["A and B", "C; D"], "kinds": ["x", "y"], "method": ["x", "y"], "also_known_as": ["[a]", "[b]"]}
    facts = "\n".join(f"{name}: [{first}, {second}, {good[name]}]" for name, (first, second) in bad.items())
    lists = {"languages": "en", "stages": "sft", "judge": "human"}
    facts += "\ndata: {{languages: [E N, D E, {languages}]}}\ntraining: {{stages: [x, y, {stages}]}}\nevaluation: {{judge: [x, y, {judge}]}}".format(**lists)
    page = read_page("papers/p.md", minimal.page("papers/p.md", facts))
    assert {name: page.record[name] for name in good} == {name: [member] for name, member in good.items()}
    assert page.record["data"] == {"languages": ["en"]}
    assert page.record["training"] == {"stages": ["sft"]}
    assert page.record["evaluation"] == {"judge": ["human"]}
    assert len(page.problems) == 14, [str(problem) for problem in page.problems]  # each once


def test_a_bad_page_costs_only_that_page(tmp_path: Path) -> None:
    corpus = load(minimal.write(tmp_path, {**minimal.PAGES, PAPER: "no facts at all\n", "models/broken.md": "---\na: [\n---\n"}))
    whole = load(minimal.write(tmp_path / "whole"))
    for record_id in ("beta", "gamma", "cc-by-nc-4.0"):
        assert corpus.get(record_id).record == whole.get(record_id).record  # type: ignore[union-attr]
    assert corpus.get("alpha").record == corpus.get("broken").record == {}  # type: ignore[union-attr]


def test_faults_that_are_left_over_count_right(tmp_path: Path) -> None:
    """A fault in a list's first entry does not move the lines and names of faults in later entries."""
    changes = [
        ("{for: [authors, published], in: text, at: title page, quote: \"Alpha: Instructions for Little Money\"}", "a sentence"),
        ("{for: venue, in: text, at: all of it}", "{for: [venue, sumary], in: text, at: all of it}"),
    ]  # fmt: skip
    _, lines = minimal.check(minimal.write(tmp_path, edited(PAPER, *changes)))
    assert any(line.startswith("papers/alpha.md:41: error: evidence.1.for: 'sumary'") for line in lines), lines


# --- What must not get through -----------------------------------------------------------------------------------------


def test_aliases_are_refused_beside_a_forbidden_character(tmp_path: Path) -> None:
    """A character that YAML cannot read must not switch the search for aliases off: with some more levels, this page would never be read."""
    levels = [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 4)]
    bomb = "".join(["# \x01\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n", *levels])
    _, lines = minimal.check(minimal.write(tmp_path, edited(SOURCE, ("kind: website\n", f"kind: website\n{bomb}"))))
    assert any(line.endswith("[litreview.yaml-refused]") for line in lines), lines


@pytest.mark.parametrize(("escape", "name"), [(r"\u202e", "U+202E"), (r"\0", "U+0000"), (r"\x1b", "U+001B"), (r"\u200b", "U+200B")])
def test_forbidden_characters_are_refused_when_written_as_escapes(escape: str, name: str, tmp_path: Path) -> None:
    _, lines = minimal.check(minimal.write(tmp_path, edited(SOURCE, ("title: Gamma, a site of questions", f'title: "Gamma{escape}"'))))
    assert [line for line in lines if line.endswith("[litreview.character-forbidden]") and name in line], lines


@pytest.mark.parametrize("label", ["007", "0301", "2023", "[key]", "two words", "9" * 5000], ids=lambda label: label[:9])
def test_a_label_is_told_as_it_is_written(label: str, tmp_path: Path) -> None:
    """A label of digits is no position, however like one it looks."""
    line = f'  ? "{label}"\n  : {{url: "https://example.org/?q=[key]", first_hand: yes, checked: 2023}}'
    _, lines = minimal.check(minimal.write(tmp_path, edited(SOURCE, ("references:\n", f"references:\n{line}\n"))))
    assert lines, "the reference is not used"
    assert all(told.startswith(f"sources/gamma.md:9: error: references.{label[:50]}") for told in lines), lines


def test_a_fault_of_a_label_and_of_its_value_are_both_told(tmp_path: Path) -> None:
    _, lines = minimal.check(minimal.write(tmp_path, edited(SOURCE, ("references:\n", 'references:\n  two words: "[key]"\n'))))
    codes = sorted(line.rpartition("[litreview.")[2].rstrip("]") for line in lines)
    assert codes == ["identifier-bad", "reference-unused", "value-type"]
    assert all(line.startswith("sources/gamma.md:9: error: references.two words: ") for line in lines), lines


@pytest.mark.parametrize("key", [r'"a\nb"', '"[key]"', '"one"', '""', '"*"', "a.b.c", "x" * 500])
def test_an_odd_key_is_told_on_one_line(key: str, tmp_path: Path) -> None:
    _, lines = minimal.check(minimal.write(tmp_path, edited(SOURCE, ("kind: website", f"kind: website\n{key}: x"))))
    assert len(lines) == 1, lines
    assert lines[0].startswith("sources/gamma.md:5: error: ")
    assert lines[0].endswith("[litreview.field-unknown]")
