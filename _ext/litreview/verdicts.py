"""Licence verdicts: may one use it commercially, pass it on, train another model with it?

Two readings, never merged: *declared* is what the release itself says; *lineage* adds what its ancestors say, each edge passing
on what `RULES` says it passes. What a licence answers is data on its page; what is decided here is only how answers travel.
Pure functions over the corpus: nothing is read, written or asked of the clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

from .answers import ALL, ARTEFACTS, NOT_RELEASED, NOTHING, NUMBER, ORDER, QUESTIONS, REASONS, Link, Verdict, by_question, combine, pack, unpack
from .declared import Declared, names_a_model
from .edge_rules import RULES
from .license_texts import LicenseTexts, Statement, for_receivers, for_training, stated, unclear
from .memory import paused_collector
from .reasons import Node
from .terms_in_time import overlap
from .values import NONE, NOT_STATED, is_absent
from .working_order import WorkingOrder, bases_of

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page

__all__ = ["ARTEFACTS", "NOTHING", "NOT_RELEASED", "ORDER", "QUESTIONS", "REASONS", "RULES", "Link", "Verdict", "Verdicts", "combine"]

_COMMERCIAL = pack("commercial-use", unpack(ALL, "commercial-use"))
_MADE_FOR_THE_WORK = ("human-written", "templates", "user-conversations")
_ASSISTS = ("translation", "labels", "comparisons", "selection")
_CIRCLE = "its lineage is a circle"
_FEW = 100  # places: one page with its drawing asks for fewer


class Verdicts:
    """Work out the verdicts of a corpus, each place once, ancestors before what was made from them."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._texts = LicenseTexts(corpus)
        self._declared = Declared(corpus, self._texts, self._sources, ())
        self._above: dict[tuple[str, str, str], Node] = {}
        self._whole: dict[tuple[str, str, str], Node] = {}
        self._taken: dict[tuple[Any, ...], Node] = {}
        self._last = ("", "", "")  # the place that was asked for last: whoever asks one question of it asks the others next
        self._readings: tuple[tuple[Verdict, Verdict], ...] = ()
        self._asked = 0
        with paused_collector():
            self._order = WorkingOrder(corpus, self._declared)
        self._circular = self._declared.circular = self._order.circular

    def _work_out(self, record_id: str) -> None:
        """Say what a record and those above it come to, ancestors first, so that a long line of descent needs no deep recursion.

        A page that is shown by itself asks for few; whoever asks for more asks for all.
        """
        self._asked += 1
        few = self._asked <= _FEW
        with paused_collector(lasting=not few):
            for page, artefacts in self._order.take(record_id if few else ""):
                for artefact in artefacts:
                    if artefact not in ARTEFACTS.get(page.kind, ()):
                        self._sources(page)
                        continue
                    whole = self._whole_of(page, artefact)
                    if whole.steps:
                        if not few:
                            whole.find()
                    elif not whole.packed and artefact != "code":
                        self._above_of(page, artefact)

    def _above_of(self, page: Page, artefact: str, family: str = "") -> Node:
        """Return what a place's ancestors say, without its own licence: what passes through an unreleased or relicensed one."""
        if artefact == "data":
            return self._sources(page)
        key = (page.id, artefact, family)
        node = self._above.get(key)
        if node is None:
            node = self._above[key] = Node()
            self._add_above(node, page, artefact, family)
        return node

    def _add_above(self, node: Node, page: Page, artefact: str, family: str) -> None:
        if (page.id, artefact) in self._circular:
            node.say(unclear(page.id, artefact, "own", "untraced", _CIRCLE))
            return
        for entry in self._declared.entries(page, "weights", family).values():
            self._add_bases(node, page, entry, artefact)
        if artefact == "weights":
            self._add_training_data(node, page)

    def _whole_of(self, page: Page, artefact: str, family: str = "") -> Node:
        """Return a place with its ancestors; where nothing was released there is nothing to ask of them."""
        key = (page.id, artefact, family)
        node = self._whole.get(key)
        if node is None:
            own = node = self._declared.of(page, artefact, family)
            if own.packed and artefact == "data":
                node = own.copy(own.trained.copy())
                self._add_sources(node, page)
                node = own if node.adds_nothing(own) and node.trained.adds_nothing(own.trained) else node.settle()
            elif own.packed and artefact != "code":
                node = own.copy()
                self._add_above(node, page, artefact, family)
                if node.adds_nothing(own):
                    node = own
            self._whole[key] = node
        return node

    # --- Weights and output ---

    def _add_bases(self, node: Node, page: Page, entry: Any, artefact: str) -> None:
        """Add what a family of weights was tuned from: everything, or only its ancestors' where it was never released or has the same holder."""
        if artefact == "weights" and names_a_model(entry):
            model = self._corpus.get(entry["model"])
            if model is None:
                node.say(unclear(page.id, "weights", "base", "untraced"))
            else:
                node.take(self._whole_of(model, "weights"), page.id, "base")
            return
        bases = bases_of(page, entry)
        for reference in bases:
            base = self._corpus.get(reference.partition("/")[0])
            if base is None:
                node.say(unclear(page.id, artefact, "base", "untraced", f"base model {reference} has no page"))
            else:
                rule = self._rule_of_base(page, base, artefact)
                node.take(self._whole_of(base, artefact) if rule == "base" else self._above_of(base, artefact), page.id, rule)
        if not bases:
            stated_bases = page.record.get("base_models")
            if stated_bases == NOT_STATED:
                node.say(unclear(page.id, artefact, "base", "untraced", "its base model is not stated"))
            elif stated_bases is None and page.kind == "paper":
                node.say(unclear(page.id, artefact, "base", "not-researched", "its base model is not recorded"))

    def _rule_of_base(self, page: Page, base: Page, artefact: str) -> str:
        if not self._declared.of(base, artefact).packed:
            return "unreleased"
        holder = page.record.get("developer")
        return "same-holder" if holder is not None and not is_absent(holder) and holder == base.record.get("developer") else "base"

    def _add_training_data(self, node: Node, page: Page) -> None:
        """Add what the data pass on to weights trained with them: contested, but for what licensors' own words extend to models."""
        released = page.record.get("releases", {}).get("data")
        if page.kind == "model" and "sources" not in page.record.get("data", {}) and released is None:
            tuned = any(bases_of(page, entry) for entry in self._declared.entries(page, "weights").values())
            if tuned and not _pretrained_only(page):
                node.say(unclear(page.id, "weights", "training", "not-researched", "the data it was tuned with are not recorded"))
            return  # else a base model: what it was pretrained on is out of scope
        has_terms = isinstance(released, dict) and self._declared.of(page, "data").packed
        node.take((self._whole_of(page, "data") if has_terms else self._sources(page)).trained, page.id, "training")

    # --- Data ---

    def _sources(self, page: Page) -> Node:
        """Return what the sources of a record's data come to; for training those count too that are not in the release."""
        key = (page.id, "data", "")
        node = self._above.get(key)
        if node is None:
            node = self._above[key] = Node(trained=Node())
            self._add_sources(node, page)
            node.settle()
        return node

    def _add_sources(self, node: Node, page: Page) -> None:
        sources = page.record.get("data", {}).get("sources")
        if (page.id, "data") in self._circular:
            self._say(node, unclear(page.id, "data", "own", "untraced", _CIRCLE))
        elif isinstance(sources, dict):
            for label, source in sources.items():
                self._add_source(node, page, label, source)
        elif sources != NONE:
            reason = "not-researched" if sources is None else "untraced"
            self._say(node, unclear(page.id, "data", "content", reason, "its sources are not recorded"))

    @staticmethod
    def _say(node: Node, statement: Statement) -> None:
        node.say(statement)
        node.trained.say(statement)

    def _add_source(self, node: Node, page: Page, label: str, source: Mapping[str, Any]) -> None:
        if _is_listed_only(source):
            return
        selected = source.get("role") == "selection"
        trained = node.trained
        in_release = selected or source.get("released") != "no"
        targets = (node, trained) if in_release else (trained,)
        only, licenses = ALL, source.get("licenses")
        if licenses:
            counted = _counted(page, label, licenses)
            for target, statement in product(targets, counted):
                target.say(for_training(statement) if selected or target is not node else statement)
            only &= ~_COMMERCIAL if counted else ALL  # which is all that was counted
        upstream = source.get("from", ())
        for reference in upstream:
            for come_from, rule, soft in self._upstream(page, reference, source):
                if in_release:
                    node.take(come_from, page.id, rule, selected, only)
                trained.take(come_from.trained, page.id, rule, selected or soft, only)
        if not upstream and source.get("kind", "") not in _MADE_FOR_THE_WORK:  # else its own licence covers it
            note = "its licences were counted for commercial use only" if licenses else "no upstream record"
            for target in targets:
                target.say(unclear(page.id, "data", "content", "not-researched" if licenses else "untraced", f"{label.replace('_', ' ')}: {note}", only=only))

    def _upstream(self, page: Page, reference: str, source: Mapping[str, Any]) -> list[tuple[Node, str, bool]]:
        """Return what comes from one upstream record: nodes, each with the rule of its edge and whether that is contested for trained models."""
        parent = self._corpus.get(reference.partition("/")[0])
        if parent is None:
            return [(Node([unclear(page.id, "data", "content", "untraced", f"{reference} has no page")]), "own", False)]
        assists = source.get("role") in _ASSISTS
        if parent.kind == "model":
            weights = parent.record.get("releases", {}).get("weights")
            terms = parent.record.get("output_terms")
            soft = not self._texts.reach_models(terms or (weights.get("license") if isinstance(weights, dict) else None))
            if isinstance(terms, str) and not is_absent(terms):
                held = self._under_account(parent, terms, _period(page, source), source.get("service", ""))
                return [(held, "assistant" if assists else "account-terms", soft)]
            output = self._whole_of(parent, "output")
            if output.packed:
                return [(output, "assistant" if assists else "model-output", soft)]
            return [(self._above_of(parent, "output"), "unreleased", soft)]
        parts = source.get("parts")
        if parent.kind == "paper":
            if parts is not None:
                return [(self._declared.of(parent, "data"), "content", False), (self._parts(parent, parts), "content", False)]
            data = self._whole_of(parent, "data")
            return [(data, "content", False) if data.packed else (self._sources(parent), "unreleased", False)]
        period = _period(page, source)
        if source.get("kind") == "model-generated":  # a service that is no model page: a translator, say
            return [(self._service(parent, period), "assistant", True)]
        rule = "assistant" if assists else "content"
        found = [(self._terms_of(parent, period), rule, False)]
        if parts is not None:
            found.append((self._parts(parent, parts), rule, False))
        elif "data" in parent.record and isinstance(parent.record["data"].get("sources"), dict):
            found.append((self._sources(parent), rule, False))
        return found

    def _under_account(self, model: Page, terms: str, period: str, service: str) -> Node:
        """Return what a served model passes on to the data that hold its output."""
        key = ("account", model.id, period, service)
        node = self._taken.get(key)
        if node is None:
            said = self._texts.terms(terms, model.id, "output", "account-terms", period, service)
            node = self._taken[key] = Node(map(for_receivers, said))
            node.join(self._above_of(model, "output"))
        return node

    def _service(self, source: Page, period: str) -> Node:
        """Return what a service's terms pass on to the data that hold its output."""
        key = ("service", source.id, period)
        node = self._taken.get(key)
        if node is None:
            node = self._taken[key] = Node(map(for_receivers, self._terms_of(source, period).statements))
        return node

    def _parts(self, parent: Page, parts: list[str]) -> Node:
        """Return what some labelled sources of a record come to."""
        sources = parent.record.get("data", {}).get("sources")
        known = sources if isinstance(sources, dict) else {}
        circular = (parent.id, "data") in self._circular
        node = Node(trained=Node())
        for part in parts:
            if part in known and not circular:
                self._add_source(node, parent, part, known[part])
            else:
                self._say(node, unclear(parent.id, "data", "content", "untraced", _CIRCLE if circular else f"it has no part {part}"))
        return node

    def _terms_of(self, source: Page, period: str) -> Node:
        """Return what a site's or data set's terms say: all of those in force in the period, or all where periods are not known."""
        key = ("terms", source.id, period)
        node = self._taken.get(key)
        if node is None:
            node = self._taken[key] = Node(trained=Node())
            terms = source.record.get("terms")
            governing = [one for one in terms if one.get("covers") != "code"] if isinstance(terms, list) else []
            if not governing:
                self._say(node, unclear(source.id, "content", "own", "no-licence" if terms in (NONE, NOT_STATED) else "not-researched"))
            for one in [one for one in governing if not period or overlap(one.get("from", ""), one.get("to", ""), period)] or governing:
                license = one.get("license")
                if license is None or is_absent(license):
                    self._say(node, unclear(source.id, "content", "own", "no-licence" if license == NOT_STATED else "not-researched"))
                    continue
                binding = one.get("reaches_models") == "yes" or self._texts.reach_models(license)
                for statement in self._texts.terms(license, source.id, "content", "own", period):
                    node.say(statement)
                    node.trained.say(statement if binding else for_training(statement))
            node.settle()
        return node

    # --- For pages, exports and recipes ---

    def declared(self, page: Page, artefact: str, question: str, family: str = "") -> Verdict:
        """Return what the release itself says."""
        if page.id in self._order.waiting:
            self._work_out(page.id)
        return Verdict((node := self._declared.of(page, artefact, family)).packed, node, NUMBER[question])

    def lineage(self, page: Page, artefact: str, question: str, family: str = "") -> Verdict:
        """Return what the release and its ancestors come to."""
        if page.id in self._order.waiting:
            self._work_out(page.id)
        return Verdict((node := self._whole_of(page, artefact, family)).packed, node, NUMBER[question])

    def both(self, page: Page, artefact: str, question: str, family: str = "") -> tuple[Verdict, Verdict]:
        """Return the declared and the lineage reading."""
        key = (page.id, artefact, family)
        if key != self._last:
            if page.id in self._order.waiting:
                self._work_out(page.id)
            own, whole = self._declared.of(page, artefact, family), self._whole_of(page, artefact, family)
            said = by_question(own.packed, own, own.alike)
            comes_to = said if whole is own else by_question(whole.packed, whole, whole.alike)
            self._last, self._readings = key, tuple(zip(said, comes_to, strict=True))
        return self._readings[NUMBER[question]]

    def for_training(self, page: Page, question: str) -> Verdict:
        """Return what a record's data pass on to weights trained with them."""
        if page.id in self._order.waiting:
            self._work_out(page.id)
        return Verdict((node := self._whole_of(page, "data").trained).packed, node, NUMBER[question])

    def adding_nothing(self, page: Page) -> Iterator[tuple[str, str]]:
        """Yield the direct ancestors whose own licence adds nothing: the rule, and the record."""
        if page.id in self._order.waiting:
            self._work_out(page.id)
        sources = page.record.get("data", {}).get("sources")
        for source in sources.values() if isinstance(sources, dict) else ():
            if _is_listed_only(source):
                yield from (("seeds", parent) for reference in source.get("from", ()) if self._corpus.get(parent := reference.partition("/")[0]))
        if page.kind == "source":
            return
        entries = [entry for entry in self._declared.entries(page, "weights").values() if not names_a_model(entry)]
        for parent in sorted({reference.partition("/")[0] for entry in entries for reference in bases_of(page, entry)}):
            base = self._corpus.get(parent)
            rule = self._rule_of_base(page, base, "weights") if base is not None else "base"
            if rule != "base":
                yield rule, parent

    def families(self, page: Page, artefact: str) -> list[str]:
        """Return the families of a release, none where it is one entry."""
        return [family for family in self._declared.entries(page, artefact) if family]


def _is_listed_only(source: Mapping[str, Any]) -> bool:
    """Tell whether a source of data passes nothing on: seeds and topics that are not in the release."""
    return source.get("role") in ("seeds", "topics") and source.get("released") not in ("yes", "mixed")


def _pretrained_only(page: Page) -> bool:
    """Tell whether a model was made from another one by more pretraining, which is out of scope."""
    stages = page.record.get("training", {}).get("stages")
    return isinstance(stages, list) and set(stages) == {"pretraining"}


def _period(page: Page, source: Mapping[str, Any]) -> str:
    """Return when data were made, else when the work was published; empty where neither is known."""
    for value in (source.get("generated"), page.record.get("data", {}).get("generated"), page.record.get("published")):
        if isinstance(value, str) and not is_absent(value):
            return value
    return ""


def _counted(page: Page, label: str, counts: Mapping[str, Any]) -> list[Statement]:
    """Return what a collection comes to whose data sets were counted by their answer on commercial use."""
    numbers = {answer: number for answer in ORDER if (number := _count(counts.get(answer)))}
    total = sum(numbers.values())
    found = []
    for answer, count in numbers.items():
        note = f"{answer}: {count:,} of {total:,} sources in {label.replace('_', ' ')}"
        reason = "untraced" if answer == "unclear" else ""
        found.append(stated([("commercial-use", Link(answer, page.id, "data", "content", reason=reason, note=note, counted=(count, total)))]))
    return found


def _count(amount: Any) -> int:
    if isinstance(amount, Mapping):
        amount = amount.get("about", amount.get("max", amount.get("min", 0)))
    return int(amount) if isinstance(amount, (int, float)) else 0
