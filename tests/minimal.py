"""A small review that checks clean, and the ways in which the tests change it, write it, and read it.

One page of each kind: the paper `alpha` was tuned from the model `beta`, with data from the source `gamma`, under the licence
`cc-by-nc-4.0`. Cases count on the pages' line numbers: change a page here and the numbers in `cases/` move with it.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from litreview.__main__ import main
from litreview.corpus import Corpus
from litreview.records import Page, kind_of, read_page

PAPER = "papers/alpha.md"
MODEL = "models/beta.md"
LICENSE = "licenses/cc-by-nc-4.0.md"
SOURCE = "sources/gamma.md"

PAGES: dict[str, str] = {
    PAPER: """\
---
title: "Alpha: Instructions for Little Money"
short: Alpha
authors: [First Author, Second Author]
published: 2023-03-13
venue: not-stated
kinds: [dataset, model]
method: [distillation]
summary: A small model tuned on what a larger one wrote.
links: {paper: "https://example.org/alpha", arxiv: 2303.00010, doi: 10.1000/alpha.1}
base_models: [beta/7B]
data:
  sources:
    seeds: {kind: existing-dataset, from: [gamma], role: seeds, what: questions with answers, amount: 175}
    outputs: {kind: model-generated, from: [beta/6.7B], role: responses}
  generated: 2023-01/2023-02
  instructions: 52002
  instances: ~53000
  languages: [en]
  human_annotation: none
training: {stages: [sft], parameters: full, in_context_examples: no}
evaluation:
  multiple_nlp_tasks: no
  benchmarks: [user tasks]
  judge: [human]
results:
  - {id: wins, what: wins in pairwise comparison, value: 90 to 89, on: user tasks}
releases:
  code: none
  data: {license: CC-BY-NC-4.0, url: "https://example.org/alpha/data"}
  weights:
    small: {base: [beta/7B], form: delta, license: CC-BY-NC-4.0}
listed: {mark: unclear}
corrections:
  - {field: releases.code, listed: not mentioned}
references:
  text: {url: "https://example.org/alpha", first_hand: yes, checked: 2026-11-22}
  card: {url: "https://example.org/alpha/card", first_hand: no, read: part, quoted_by: "https://example.org/list", checked: 2026-11-22}
evidence:
  - {for: [authors, published], in: text, at: title page, quote: "Alpha: Instructions for Little Money"}
  - {for: venue, in: text, at: all of it}
  - {for: [base_models, data, training], in: text, at: section 2, quote: "We tune Beta 7B on 52,002 instructions."}
  - {for: [evaluation, results.wins], in: text, at: section 3, quote: "Alpha wins 90 comparisons, the other 89."}
  - {for: releases, in: text, at: section 4, quote: "The data are under CC BY-NC 4.0."}
  - {for: releases.data.license, in: card, at: metadata, says: MIT, quote: "license: mit"}
---

## What it did

It tuned [Beta](../models/beta.md).
""",
    MODEL: """\
---
title: "Beta: A Base Model"
short: Beta
developer: Beta Lab
published: 2022-12
summary: A base model in two sizes.
variants:
  - {id: 7B, params: 6.7e9, aka: [6.7B, base]}
  - {id: 13B, params: ~13e9}
architecture: decoder-only
availability: [open-weights]
releases:
  weights: {license: CC-BY-NC-4.0}
references:
  card: {url: "https://example.org/beta", first_hand: yes, checked: 2026-11-22}
evidence:
  - {for: [developer, published, variants, architecture, availability, releases], in: card, at: top, quote: "Beta comes in two sizes."}
---

## What it is

A model.
""",
    LICENSE: """\
---
title: Attribution-NonCommercial 4.0
short: CC BY-NC 4.0
spdx: CC-BY-NC-4.0
publisher: Creative Commons
summary: Any use that is not commercial, with the author named.
family: non-commercial
meant_for: [content]
answers:
  commercial-use: {answer: no, restricts: [non-commercial]}
references:
  text: {url: "https://example.org/by-nc", first_hand: yes, checked: 2026-11-22}
evidence:
  - {for: [publisher, meant_for, answers], in: text, at: section 2, quote: "for NonCommercial purposes only"}
---

## What it asks

Non-commercial use.
""",
    SOURCE: """\
---
title: Gamma, a site of questions
short: Gamma
kind: website
summary: A site where people ask and answer.
terms:
  - {id: site, license: CC-BY-NC-4.0}
references:
  terms: {url: "https://example.org/gamma", first_hand: yes, checked: 2026-11-22}
evidence:
  - {for: terms, in: terms, at: footer, quote: "CC BY-NC 4.0"}
---

## What it is

A site.
""",
}

# What each kind needs; `page` writes a page of these and whatever else a test is about.
_NEEDED: dict[str, str] = {
    "papers": "authors: [First Author]\npublished: 2023\nkinds: [method]\nmethod: [distillation]\n",
    "models": "developer: Lab\npublished: 2022\nvariants: [{id: 7B}]\navailability: [api]\n",
    "licenses": "spdx: MIT\nfamily: permissive\n",
    "sources": "kind: website\n",
}


def page(path: str, facts: str = "", body: str = "## Text\n") -> str:
    """Return a page with the fields that its kind needs, `short` being its id, and with further lines of facts.

    A needed field that `facts` gives is taken from there.
    """
    folder, _, name = path.partition("/")
    given = {line.split(":")[0] for line in facts.splitlines() if line[:1].isalpha()}
    needed = f"title: {name.removesuffix('.md')}\nshort: {name.removesuffix('.md')}\nsummary: One sentence.\n{_NEEDED[folder]}"
    lines = [line for line in needed.splitlines() if line.split(":")[0] not in given]
    return "\n".join(["---", *lines, *facts.strip("\n").splitlines(), "---", "", body])


def read(path: str, facts: str = "") -> Page:
    """Return a read page made by `page`, and make sure that it is right."""
    found = read_page(path, page(path, facts))
    assert not found.problems, [str(problem) for problem in found.problems]
    return found


def corpus_of(files: Mapping[str, str | bytes]) -> Corpus:
    """Return the corpus of the record pages among `files`."""
    return Corpus([read_page(path, text) for path, text in files.items() if kind_of(path)])


def edited(path: str, *changes: tuple[str, str], pages: Mapping[str, str] = PAGES) -> dict[str, str]:
    """Return the pages with texts of one of them replaced; each must stand there exactly once."""
    text = pages[path]
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        text = text.replace(old, new)
    return {**pages, path: text}


def write(root: Path, files: Mapping[str, str | bytes] = PAGES) -> Path:
    """Write a review into a folder and return the folder."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return root


def check(root: Path) -> tuple[int, list[str]]:
    """Return what `litreview check` does in this process: its exit code and the lines it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        code = main(["check", "--root", str(root)])
    return code, printed.getvalue().splitlines()


def without(record: Any, path: tuple[str | int, ...]) -> Any:
    """Return a copy of a JSON value without what stands at a path; it must be there."""
    if isinstance(record, dict):
        assert path[0] in record, path
        return {key: without(value, path[1:]) if key == path[0] and path[1:] else value for key, value in record.items() if key != path[0] or path[1:]}
    assert isinstance(record, list), path
    return [without(value, path[1:]) if index == path[0] and path[1:] else value for index, value in enumerate(record) if index != path[0] or path[1:]]
