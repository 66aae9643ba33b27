"""The declared reading: what a release itself says, in its licence field and in other places, without what it was made from."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from .answers import CONFLICT
from .license_texts import LicenseTexts, for_training, unclear
from .reasons import Node, Place, silent
from .specification import one_or_families
from .values import NONE, NOT_STATED, PER_SOURCE, is_absent

if TYPE_CHECKING:
    from .corpus import Corpus
    from .records import Page


class Declared:
    """Say what each release states; `of_sources` gives what a record's sources come to, for releases that only name those.

    A release whose terms stand on a model's page says what that page says; where such pages only name each other, the
    places are among `circular`, and nothing is known.
    """

    def __init__(self, corpus: Corpus, texts: LicenseTexts, of_sources: Callable[[Page], Node], circular: Collection[Place]) -> None:
        self._corpus = corpus
        self._texts = texts
        self._of_sources = of_sources
        self.circular = circular
        self._entries: dict[Place, dict[str, Any]] = {}
        self.known: dict[tuple[str, str, str], Node] = {}

    def entries(self, page: Page, artefact: str, family: str = "") -> dict[str, Any]:
        """Return a release's entries by family, under an empty name where it is one entry."""
        key = (page.id, artefact)
        entries = self._entries.get(key)
        if entries is None:
            entry = page.record.get("releases", {}).get(artefact)
            families = isinstance(entry, dict) and one_or_families(entry) == "families"
            entries = self._entries[key] = entry if families else {"": entry}
        return {family: entries[family]} if family else entries

    def stands_elsewhere(self, page: Page, artefact: str) -> list[Place]:
        """Return the places whose terms count for a release because its page only names a model page."""
        return [(entry["model"], artefact) for entry in self.entries(page, artefact).values() if names_a_model(entry)]

    def of(self, page: Page, artefact: str, family: str = "") -> Node:
        """Return what a release itself says, of all its families together where none is named; its `trained` is what passes to models."""
        key = (page.id, artefact, family)
        node = self.known.get(key)
        if node is None:
            if artefact == "output":
                node = self._output(page)
            else:
                entries = self.entries(page, artefact, family)
                if len(entries) == 1:
                    [entry] = entries.values()
                    node = self._entry(page, artefact, entry, family)
                else:
                    node = Node(trained=Node())
                    for name, entry in entries.items():
                        node.join(self._entry(page, artefact, entry, name))
            self.known[key] = node
        return node

    def _entry(self, page: Page, artefact: str, entry: Any, family: str) -> Node:
        if entry == NONE:
            return Node()
        if entry == NOT_STATED:
            return Node([unclear(page.id, artefact, "own", "untraced", "whether it was released is not stated")])
        if not isinstance(entry, dict):
            return Node([unclear(page.id, artefact, "own", "not-researched", _unreadable(page, artefact, family))])
        if names_a_model(entry):
            model = self._corpus.get(entry["model"])
            if model is None or (page.id, artefact) in self.circular:
                return Node([unclear(page.id, artefact, "own", "untraced")])
            node = Node()
            node.take(self.of(model, artefact), page.id, "own")
            return node
        license = entry.get("license")
        if license == NOT_STATED or license is None:
            reason = "no-licence" if license == NOT_STATED else "not-researched"
            stated = [unclear(page.id, artefact, "own", reason, _unreadable(page, artefact, family) if license is None else "")]
        else:
            stated = [self._texts.statement(license, page.id, artefact)] if license != PER_SOURCE else []
        others = self._texts.stated_elsewhere(page, ("releases", artefact, family) if family else ("releases", artefact), license or "")
        if others:
            stated += [self._texts.statement(other, page.id, artefact, note="as another place states") for other in others]
        node = Node(stated)
        if license == PER_SOURCE:
            node = self._per_source(page, artefact, node)
        elif artefact == "data" and entry.get("reaches_models") != "yes" and not self._texts.reach_models(license):
            softer = [for_training(statement) for statement in stated]
            if softer != stated:
                node.trained = Node(softer)
        if others:
            node.packed |= CONFLICT
            node.trained.packed |= CONFLICT
        return node

    def _per_source(self, page: Page, artefact: str, stated: Node) -> Node:
        """Return what a release comes to whose parts keep their sources' licences, with what other places state."""
        node = Node(trained=Node())
        node.join(self._of_sources(page))
        for one in (node, node.trained):
            one.packed &= ~CONFLICT  # it is the sources' own
            missing = silent(one)
            if missing:
                one.say(unclear(page.id, artefact, "own", "no-licence", "as each source, and no source has terms", only=missing))
        node.join(stated)
        return node

    def _output(self, page: Page) -> Node:
        terms = page.record.get("output_terms")
        if isinstance(terms, str) and not is_absent(terms):
            return Node([self._texts.statement(terms, page.id, "output")])
        weights, availability = page.record.get("releases", {}).get("weights"), page.record.get("availability", [])
        handed_out = isinstance(weights, dict)
        if "api" in availability and not handed_out:
            reason = "no-licence" if terms else "not-researched"
            return Node([unclear(page.id, "output", "own", reason, "it is served, and the terms of its output are not known")])
        known = isinstance(availability, list) and availability and "api" not in availability
        if known and (weights == NONE or (weights is None and availability == ["unreleased"])):
            return Node()
        if not handed_out:
            return Node([unclear(page.id, "output", "own", "not-researched")])
        node = Node()
        for family, entry in self.entries(page, "weights").items():
            license = entry.get("license") if isinstance(entry, dict) else None
            path = ("releases", "weights", family) if family else ("releases", "weights")
            for one in (license, *self._texts.stated_elsewhere(page, path, license or "")):
                node.say(self._texts.output(one, page.id))
        return node


def _unreadable(page: Page, artefact: str, family: str) -> str:
    """Return which field of a release holds a fault, in words, where one does; what could not be read was left out of the record."""
    path = ["releases", artefact, *[family] * bool(family)]
    for problem in page.problems:
        field = problem.field.split(".")
        if field[: len(path)] == path or (field[0] == "releases" and path[: len(field)] == field):
            return f"its field {problem.field} could not be read"
    return ""


def names_a_model(entry: Any) -> bool:
    """Tell whether a release's entry leaves its terms to a model's page."""
    return isinstance(entry, dict) and "model" in entry and "license" not in entry
