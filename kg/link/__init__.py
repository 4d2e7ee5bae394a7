"""Linking: which known thing an entity is, in the world (Wikidata) and across the articles of a graph.

Linkers are plug-ins of the entry-point group `kg.linkers`: a callable without arguments that gives an object with a
`name` and a method `link`. They run one after the other, on the entities of one article.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol

from kg.errors import UsageError
from kg.model import Document, Entity

DEFAULT = ("aliases",)
"""The linkers that are used unless others are named."""


class Linker(Protocol):
    """Finds the Wikidata item of entities."""

    @property
    def name(self) -> str:
        """What it is called: lower case, stable."""
        ...

    def link(self, document: Document, entities: Sequence[Entity]) -> tuple[Entity, ...]:
        """The same entities in the same order, with `qid` where it is sure of it; a `qid` that is there stays."""
        ...


def load(names: Iterable[str] = DEFAULT) -> list[Linker]:
    """The linkers of these names, in this order.

    Raises UsageError for a name that no installed package registers.
    """
    return [_load(name) for name in names]


@cache
def _load(name: str) -> Linker:
    known = {entry.name: entry for entry in entry_points(group="kg.linkers")}
    if name not in known:
        raise UsageError(f"no linker is called {name!r}; installed: {', '.join(sorted(known)) or 'none'}")
    linker: Linker = known[name].load()()
    return linker
