"""Linking: which known thing an entity is, in the world (Wikidata, other registers) and across the articles of a graph.

Linkers are plug-ins of the entry-point group `kg.linkers`: a callable that is given the settings (`Linking`) and gives an
object with a `name` and a method `link`. They run one after the other, on the entities of one article.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol

from kg.errors import UsageError
from kg.link.settings import Linking
from kg.model import Document, Entity

DEFAULT = Linking()
"""What is used unless something else is set: the index that newsgraph ships."""


class Linker(Protocol):
    """Finds the Wikidata item of entities, or what they are in another register."""

    @property
    def name(self) -> str:
        """What it is called: lower case, stable."""
        ...

    def link(self, document: Document, entities: Sequence[Entity]) -> tuple[Entity, ...]:
        """The same entities in the same order, with `qid`, or one more of `links`, where it is sure of it; what is there
        stays."""
        ...


def load(linking: Linking = DEFAULT) -> list[Linker]:
    """The linkers that are set, in their order.

    Raises UsageError for a name that no installed package registers, and what they raise for settings that are wrong.
    """
    return [_load(name, linking) for name in linking.linkers]


@cache
def _load(name: str, linking: Linking) -> Linker:
    known = {entry.name: entry for entry in entry_points(group="kg.linkers")}
    if name not in known:
        raise UsageError(f"no linker is called {name!r}; installed: {', '.join(sorted(known)) or 'none'}")
    linker: Linker = known[name].load()(linking)
    return linker
