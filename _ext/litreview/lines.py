"""Which line each part of a block of facts stands on, for diagnostics; nothing here runs for a page without faults."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

Place = tuple[int, yaml.Node | None]  # a line (from 1) and what stands there
FIRST = 2  # the block's first line: before it stands `---`


class Lines:
    """Find lines in a composed block; each mapping and list is indexed once, however many faults ask for it."""

    def __init__(self, node: yaml.Node | None) -> None:
        self._node = node
        self._indexed: dict[int, dict[str, Place]] = {}

    def of(self, path: Sequence[str | int]) -> int:
        """Return the line of the deepest part of `path` that the block has, 1 for none; list members go by `id` or position."""
        line, node = 1, self._node
        for segment in path:
            place = self._below(node).get(str(segment))
            if place is None:
                return line
            line, node = place
        return line

    def _below(self, node: yaml.Node | None) -> dict[str, Place]:
        if not isinstance(node, (yaml.MappingNode, yaml.SequenceNode)):
            return {}
        found = self._indexed.get(id(node))
        if found is None:
            found = self._indexed[id(node)] = _members(node) if isinstance(node, yaml.MappingNode) else _items(node)
        return found


def _members(node: yaml.MappingNode) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for key, value in node.value:
        if isinstance(key.value, str):
            found.setdefault(key.value, (key.start_mark.line + FIRST, value))
    return found


def _items(node: yaml.SequenceNode) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for item in node.value:
        for key, value in item.value if isinstance(item, yaml.MappingNode) else ():
            if key.value == "id" and isinstance(value.value, str):
                found.setdefault(value.value, (item.start_mark.line + FIRST, item))
    for index, item in enumerate(node.value):
        found.setdefault(str(index), (item.start_mark.line + FIRST, item))
    return found
