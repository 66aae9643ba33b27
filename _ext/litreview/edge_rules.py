"""How answers travel along the edges of lineage: the only declaration of the rules, from which their table is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One kind of edge: what passes along it, and how a chain of reasons names it; what passes nothing is in no chain."""

    edge: str
    passes: str
    says: str
    chain: str = ""


RULES: dict[str, Rule] = {
    "own": Rule(
        "its own licence", "binding", "Its licence's own answers. Where places state different licences, the worse answer counts, and the conflict is shown."
    ),
    "base": Rule("base weights → fine-tune, merge, delta, adapter", "binding", "All answers and conditions of the base model's weights.", "base model"),
    "content": Rule(
        "source content → data that hold it",
        "binding",
        "Each source's answers; for a collection the count of its data sets by answer is shown.",
        "content taken over",
    ),
    "seeds": Rule("seeds, topics and prompts that are not in the release", "nothing", "They are listed only."),
    "model-output": Rule(
        "generator under a public licence → data",
        "as its text says",
        "Binding where the licence's text covers output; nothing where it does not.",
        "a model's output",
    ),
    "account-terms": Rule(
        "generator under account terms → data",
        "contract",
        "Commercial use is conditional at best; training another model is forbidden or limited for the account holder, and contested for anybody else.",
        "output under account terms",
    ),
    "assistant": Rule(
        "translator, judge, labeller → data",
        "as a generator",
        "As a generator if its output is in the data; if it only selected, contested.",
        "translation, labels or judgement",
    ),
    "training": Rule(
        "data → weights", "contested", "A “no” of the data becomes unclear, unless the licensor's own words reach trained models.", "training data"
    ),
    "code": Rule("code → data, weights, output", "nothing", "A code licence never reaches them."),
    "pretraining": Rule("pretraining corpus → base model", "out of scope", "Not followed; every verdict leaves it out."),
    "unreleased": Rule(
        "an ancestor that was never released", "transparent", "Its own licence adds nothing; its ancestors still count.", "an ancestor never released"
    ),
    "same-holder": Rule(
        "an ancestor relicensed by its own rightsholder",
        "neutral",
        "The ancestor's own licence adds nothing; its ancestors still count.",
        "an ancestor that its holder relicensed",
    ),
}
