"""What a model would come to that is tuned from a chosen base with chosen data sets.

Each ingredient's part is worked out by itself and does not depend on the others, so a page can hold all of them and combine
the chosen ones without knowing a rule: the worst answer counts, reasons and duties add up. Merging data sets into one work
that is passed on adds one question: whether their share-alike licences exclude each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .cells import plain_line
from .diagnostics import suggest
from .explanations import because
from .verdicts import NOT_RELEASED, ORDER, QUESTIONS, Verdict, combine
from .vocabularies import SCOPE

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page

COMMAND = ".venv/bin/python -m litreview verdict --base llama-2/7B --data alpaca"  # how to ask without a browser's scripts


class RecipeError(Exception):
    """Say which ingredient or question there is not; `suggestion` may name the one that was meant."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message + (f"; did you mean '{suggestion}'?" if suggestion else ""))
        self.suggestion = suggestion


def bases(corpus: Corpus) -> list[Page]:
    """Return the models that can be tuned: those whose weights were handed out."""
    return [page for page in corpus.of_kind("model") if corpus.verdicts.declared(page, "weights", "commercial-use").answer != NOT_RELEASED]


def data_sets(corpus: Corpus) -> list[Page]:
    """Return the works whose data were released."""
    return [page for page in corpus.of_kind("paper") if corpus.verdicts.declared(page, "data", "commercial-use").answer != NOT_RELEASED]


def base_part(corpus: Corpus, model: Page, question: str) -> Verdict:
    """Return what a base model passes on to a model tuned from it."""
    return corpus.verdicts.lineage(model, "weights", question)


def data_part(corpus: Corpus, paper: Page, question: str) -> Verdict:
    """Return what a data set passes on to a model tuned with it."""
    return corpus.verdicts.for_training(paper, question)


def share_alike(corpus: Corpus, paper: Page) -> list[str]:
    """Return the share-alike licences under which a data set or a part of it stands."""
    verdict = corpus.verdicts.lineage(paper, "data", "redistribution")
    named = {link.license for link in verdict.because if link.license in corpus.licenses}
    return sorted(license for license in named if _is_share_alike(corpus, license))


def _is_share_alike(corpus: Corpus, license: str) -> bool:
    duties = corpus.licenses[license].record.get("answers", {}).get("redistribution", {}).get("requires", [])
    return "share-alike" in duties


def exclude_each_other(corpus: Corpus, first: str, second: str) -> bool:
    """Tell whether two share-alike licences leave no licence for a work made of both.

    Only licences whose text is known to bind what is made from them are held against each other.
    """
    if any(corpus.licenses[license].record.get("reach", {}).get("derivatives") != "yes" for license in (first, second)):
        return False
    ways = [{license, *corpus.licenses[license].record.get("compatible_with", [])} for license in (first, second)]
    return not ways[0] & ways[1]


def find_base(corpus: Corpus, reference: str) -> Page:
    """Return the model that a reference such as `llama/7B` names; RecipeError where there is none."""
    model_id, _, variant = reference.partition("/")
    model = corpus.get(model_id)
    choices = [page.id for page in bases(corpus)]
    if model is None or model.kind != "model":
        raise RecipeError(f"there is no base model '{model_id}'", suggest(model_id, choices))
    if model_id not in choices:
        raise RecipeError(f"the weights of {model.short} were never handed out, so no recipe can start from '{model_id}'")
    if variant and corpus.variant(model, variant) is None:
        names = corpus.variant_names(model)
        hint = suggest(variant, names, cutoff=0.5)  # sizes are short: of 8B and 7B half is the same
        raise RecipeError(f"{model.short} has no size '{variant}'; it has {', '.join(names)}", f"{model_id}/{hint}" if hint else "")
    return model


def find_data(corpus: Corpus, record_id: str) -> Page:
    """Return the work whose data an id names; RecipeError where there is none."""
    page = corpus.get(record_id)
    choices = [page.id for page in data_sets(corpus)]
    if page is None or page.kind != "paper":
        raise RecipeError(f"there is no paper '{record_id}' with data", suggest(record_id, choices))
    if record_id not in choices:
        raise RecipeError(f"the data of {page.short} were never released, so no recipe can use '{record_id}'")
    return page


def check_question(question: str) -> str:
    """Return the question; RecipeError where it is none of the review's."""
    if question not in QUESTIONS:
        raise RecipeError(f"'{question}' is not one of {', '.join(QUESTIONS)}", suggest(question, QUESTIONS))
    return question


def cook(corpus: Corpus, base: str | None, data: Iterable[str], question: str, *, merge: bool = False) -> dict[str, Any]:
    """Return what a recipe comes to: answer, reasons, duties and limits, ready for JSON. Raises RecipeError."""
    check_question(question)
    parts: list[tuple[str, Verdict]] = []
    if base:
        model = find_base(corpus, base)
        parts.append((model.short, base_part(corpus, model, question)))
    papers = [find_data(corpus, record_id) for record_id in dict.fromkeys(data)]
    parts += [(paper.short, data_part(corpus, paper, question)) for paper in papers]
    whole = combine(part for _, part in parts)
    answer = whole.answer
    excluded = []
    if merge and question == "redistribution":
        pairs = {
            tuple(sorted((one, other)))
            for index, paper in enumerate(papers)
            for another in papers[index + 1 :]
            for one in share_alike(corpus, paper)
            for other in share_alike(corpus, another)
            if exclude_each_other(corpus, one, other)
        }
        excluded = [list(pair) for pair in sorted(pairs)]
        if excluded:
            answer = "no"
    return {
        "base": base,
        "data": [paper.id for paper in papers],
        "question": question,
        "merge": merge,
        "answer": answer,
        "requires": sorted(whole.requires),
        "restricts": sorted(whole.restricts),
        "scope": sorted(whole.scope),
        "excluded": excluded,
        "because": [{"ingredient": name, "answer": part.answer, "reasons": reasons(corpus, part)} for name, part in parts],
    }


def reasons(corpus: Corpus, verdict: Verdict) -> list[str]:
    """Return the deciding reasons of a part in plain words."""
    return [plain_line(because(corpus, link, "")) for link in verdict.deciding]


def ingredients(corpus: Corpus) -> dict[str, Any]:
    """Return every part of every recipe, for a page that combines them without knowing a rule."""

    def parts(page: Page, make: Any) -> dict[str, Any]:
        found = {}
        for question in QUESTIONS:
            verdict = make(corpus, page, question)
            found[question] = {
                "answer": verdict.answer,
                "requires": sorted(verdict.requires),
                "restricts": sorted(verdict.restricts),
                "scope": sorted(verdict.scope),
                "reasons": reasons(corpus, verdict)[:6],
            }
        return found

    papers = data_sets(corpus)
    licenses = sorted({license for paper in papers for license in share_alike(corpus, paper)})
    return {
        "order": [*ORDER, NOT_RELEASED],
        "questions": QUESTIONS,
        "scopes": dict(SCOPE.words),
        "bases": [{"id": page.id, "name": page.short, "parts": parts(page, base_part)} for page in bases(corpus)],
        "data": [{"id": page.id, "name": page.short, "shareAlike": share_alike(corpus, page), "parts": parts(page, data_part)} for page in papers],
        "excluded": [[one, other] for index, one in enumerate(licenses) for other in licenses[index + 1 :] if exclude_each_other(corpus, one, other)],
    }
