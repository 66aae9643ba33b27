"""A synthetic review of any size, of our own kinds of page: `papers` papers, and the models, licences and sources that they name.

Pages are about half as full as the review's own papers. What a page names grows with its place, not with the review's size:
eight papers share a model, and each paper's data come from at most two earlier ones, so a page of a large review says as
much as a page of a small one. The same numbers give the same bytes.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent
PER_MODEL = 8
PER_SOURCE = 12
PROBE = "aaa-probe"  # a paper whose facts and back-references are the same in a review of any size
TABLES = {
    "all": ("papers", "name, published, base_models, resources, amount, evaluation_multiple_nlp_tasks, licenses, method, kinds, mark"),
    "data": ("papers", "name, data_instances, data_languages, data_human_annotation, training_stages, evaluation_judge"),
    "models": ("models", "name, developer, published, scales, availability"),
    "licenses": ("licenses", "name, family, answer_commercial_use, answer_redistribution"),
    "sources": ("sources", "name, kind, published, terms"),
}
_VOCABULARY = """
the a model data set instruction answer task was were tuned on with from of and that people wrote examples prompts each language benchmark paper reports
human judges prefer larger smaller number collected filtered released under licence training stage template question response
"""
WORDS = _VOCABULARY.split()
METHODS = ("multitask-tuning", "human-demonstrations", "self-generation", "distillation")


def licenses_of(papers: int) -> int:
    """Return how many licences a review has: one for eight papers, as models, and three at least, one for each answer."""
    return max(papers // PER_MODEL, 3)


class Prose:
    """Sentences of plain words, the same for the same seed."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def sentence(self, words: int = 14) -> str:
        chosen = self._random.choices(WORDS, k=words)
        return " ".join(chosen).capitalize()

    def paragraph(self, sentences: int = 5) -> str:
        return ". ".join(self.sentence() for _ in range(sentences)) + "."


def _evidence(fields: list[str], count: int, prose: Prose) -> str:
    lines = []
    for number in range(count):
        field = fields[number % len(fields)]
        label = ("text", "repo")[number % 2]
        lines.append(f'  - {{for: [{field}], in: {label}, at: "section {number % 7 + 1}", quote: "{prose.sentence(11)}", note: {prose.sentence(9)}}}')
    return "\n".join(lines)


REFERENCES = """references:
  text: {url: "https://example.org/text", first_hand: yes, checked: 2026-11-22}
  repo: {url: "https://example.org/repo", first_hand: yes, read: part, checked: 2026-11-22}
evidence:
"""


def _body(prose: Prose, links: str) -> str:
    return f"""## What it did

{prose.paragraph()} {links}

{prose.paragraph()}

## How its data was made

{prose.paragraph(6)} *{prose.sentence(5)}* and `{prose.sentence(2)}`.

| part | examples |
|------|----------|
| {prose.sentence(2)} | 1000 |
| {prose.sentence(2)} | 2000 |

## What it found

- {prose.sentence()}
- {prose.sentence()}

{prose.paragraph(6)}

## Limits

{prose.paragraph(5)}
"""


def paper(number: int, papers: int) -> tuple[str, str, str]:
    """Return a paper's title, its facts, and its body."""
    prose = Prose(f"paper {number}")
    model = f"model-{number // PER_MODEL:05}"
    place = number % PER_MODEL
    sources, licenses = max(papers // PER_SOURCE, 1), licenses_of(papers)
    earlier = f"paper-{number - 1:05}" if place else f"source-{number // PER_MODEL % sources:05}"
    fields = ["authors", "venue", "base_models", "data.instructions", "data.instances", "data.sources.seeds", "data.sources.outputs", "training",
              "evaluation.judge", "evaluation.benchmarks", "results.first", "releases.code", "releases.data", "releases.weights", "published"]  # fmt: skip
    title = f"Paper {number}: {prose.sentence(7)}"
    facts = f"""short: P{number}
authors: [{", ".join(f"Author {prose.sentence(1)} {letter}" for letter in "ABCDEF")}]
published: {2021 + number % 5}-{number % 12 + 1:02}-{number % 28 + 1:02}
venue: {prose.sentence(3)}
kinds: [dataset, model]
method: [{METHODS[number % len(METHODS)]}]
summary: {prose.sentence(18)}
links: {{paper: "https://example.org/{number}", arxiv: "2301.{number % 100000:05}", code: "https://example.org/code/{number}"}}
base_models: [{model}/7B]
data:
  sources:
    seeds: {{kind: existing-dataset, from: [{earlier}], role: seeds, what: {prose.sentence(6)}, amount: {number + 100}}}
    outputs: {{kind: model-generated, from: [{model}/13B], role: responses, what: {prose.sentence(5)}}}
    more: {{kind: existing-dataset, from: [source-{number % sources:05}], role: pairs, what: {prose.sentence(5)}}}
  generated: 2023-01
  instructions: {1000 + number}
  instances: {2000 + number}
  languages: [en]
  human_annotation: {prose.sentence(6)}
training: {{stages: [sft], parameters: full, in_context_examples: no}}
evaluation:
  multiple_nlp_tasks: {"yes" if number % 2 else "no"}
  benchmarks: [MMLU, {prose.sentence(2)}]
  judge: [human]
results:
  - {{id: first, what: {prose.sentence(5)}, value: "{number % 90}.5", on: MMLU}}
releases:
  code: {{license: L-{number % licenses}, url: "https://example.org/code/{number}"}}
  data: {{license: L-{number * 5 % licenses}, url: "https://example.org/data/{number}"}}
  weights: {{license: L-{number * 7 % licenses}, base: [{model}/7B], form: full}}
listed: {{mark: {("unclear", "not-commercial", "commercial")[number % 3]}}}
{REFERENCES}{_evidence(fields, 24, prose)}
"""
    folder = "papers" if place else "sources"
    links = f"It builds on [the model](../models/{model}.md) and [an earlier work](../{folder}/{earlier}.md)."
    return title, facts, _body(prose, links)


def probe() -> tuple[str, str, str]:
    """Return the paper that stands first in its folder and names nothing that others name but the first source and licence."""
    title, facts, body = paper(0, 1)

    def own(text: str) -> str:
        return text.replace("model-00000", "probe-model").replace("source-00000", "probe-source")

    return title.replace("Paper 0", "Probe"), own(facts.replace("short: P0\n", "short: Probe\n")), own(body)


def model(name: str, number: int, licenses: int) -> tuple[str, str, str]:
    """Return a model's title, facts and body."""
    prose = Prose(f"model {name}")
    facts = f"""short: {name.capitalize()}
developer: Lab {number % 20}
published: {2020 + number % 5}-{number % 12 + 1:02}
summary: {prose.sentence(16)}
variants:
  - {{id: 7B, params: 6.7e9, aka: [6.7B]}}
  - {{id: 13B, params: ~13e9}}
architecture: decoder-only
context_length: 2048
availability: [open-weights]
releases:
  code: {{license: L-{number % licenses}}}
  weights: {{license: L-{number * 3 % licenses}}}
output_terms: L-{number * 11 % licenses}
{REFERENCES}{_evidence(["developer", "published", "variants", "architecture", "availability", "releases", "output_terms", "context_length"], 10, prose)}
"""
    return f"{name.capitalize()}: {prose.sentence(5)}", facts, f"## What it is\n\n{prose.paragraph(8)}\n"


def license(number: int) -> tuple[str, str, str]:
    """Return a licence's title, facts and body."""
    prose = Prose(f"license {number}")
    answer = ("yes", "no", "conditional")[number % 3]
    facts = f"""short: Licence {number}
spdx: L-{number}
publisher: {prose.sentence(2)}
summary: {prose.sentence(14)}
family: permissive
answers:
  commercial-use: {{answer: {answer}}}
  redistribution: {{answer: yes, requires: [notice]}}
  train-another-model: {{answer: yes}}
{REFERENCES}{_evidence(["publisher", "answers"], 6, prose)}
"""
    return f"Licence {number}", facts, f"## What it asks\n\n{prose.paragraph(8)}\n"


def source(name: str, number: int, licenses: int) -> tuple[str, str, str]:
    """Return a source's title, facts and body."""
    prose = Prose(f"source {name}")
    facts = f"""short: {name.capitalize()}
kind: website
publisher: {prose.sentence(2)}
published: 2020
summary: {prose.sentence(14)}
terms:
  - {{id: site, license: L-{number % licenses}}}
{REFERENCES}{_evidence(["publisher", "published", "terms"], 6, prose)}
"""
    return f"{name.capitalize()}", facts, f"## What it is\n\n{prose.paragraph(5)}\n"


def records(papers: int) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Yield every record page of a review as its docname and its three parts."""
    yield f"papers/{PROBE}", probe()
    yield "models/probe-model", model("probe-model", 1, 3)
    yield "sources/probe-source", source("probe-source", 1, 3)
    for number in range(papers):
        yield f"papers/paper-{number:05}", paper(number, papers)
    for number in range(-(-papers // PER_MODEL)):
        yield f"models/model-{number:05}", model(f"model-{number:05}", number, licenses_of(papers))
    for number in range(licenses_of(papers)):
        yield f"licenses/l-{number}", license(number)
    for number in range(max(papers // PER_SOURCE, 1)):
        yield f"sources/source-{number:05}", source(f"source-{number:05}", number, licenses_of(papers))


def _listing(folder: str) -> str:
    return f"---\ntocdepth: 1\nnosearch: true\n---\n\n# {folder.capitalize()}\n\nAll of them.\n\n```{{toctree}}\n:hidden:\n:glob:\n\n*\n```\n"


def write(root: Path, papers: int, *, floor: bool = False) -> None:
    """Write a review with the project's own settings, or the same pages for plain Sphinx and MyST with the same theme."""
    for folder in ("papers", "models", "licenses", "sources", "review"):
        (root / folder).mkdir(parents=True)
    for docname, (title, facts, body) in records(papers):
        heading = f"# {title}\n\n" if floor else ""
        (root / f"{docname}.md").write_text(f'---\ntitle: "{title}"\n{facts}---\n\n{heading}{body}', "utf-8")
    for folder in ("papers", "models", "licenses", "sources"):
        (root / folder / "index.md").write_text(_listing(folder), "utf-8")
    for name, (subject, columns) in TABLES.items():
        table = f"```{{comparison-table}} {subject}\n:columns: {columns}\n:order-by: published desc\n:caption: {name}\n```\n".replace(
            ":order-by: published desc\n" if subject == "licenses" else "\0", ""
        )
        (root / f"review/{name}.md").write_text(f"---\nnosearch: true\n---\n\n# Table {name}\n\nText.\n\n{'' if floor else table}", "utf-8")
    index = "\n".join(["papers/index", "models/index", "licenses/index", "sources/index", *(f"review/{name}" for name in TABLES)])
    (root / "index.md").write_text(f"# Review\n\nText.\n\n```{{toctree}}\n:hidden:\n\n{index}\n```\n", "utf-8")
    settings = (PROJECT / "conf.py").read_text("utf-8")
    if floor:
        settings += '\nextensions = ["myst_parser"]\n'
    (root / "_ext").symlink_to(PROJECT / "_ext")  # the settings take names from there
    (root / "conf.py").write_text(settings, "utf-8")
    shutil.copytree(PROJECT / "_static", root / "_static")
