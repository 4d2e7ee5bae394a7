"""Extraction: from a document to the mentions and relation mentions in it.

Extractors are plug-ins of the entry-point group `kg.extractors`: a callable without arguments that gives an object
with a `name` and a method `extract`. Each is given the document alone, so what one finds never depends on another,
nor on which other documents are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol

from kg.errors import UsageError
from kg.model import Document, Extraction

DEFAULT = ("wordings",)
"""The extractors that are used unless others are named."""


class Extractor(Protocol):
    """Finds mentions and facts in one document."""

    @property
    def name(self) -> str:
        """How references name it: lower case, stable."""
        ...

    def extract(self, document: Document) -> Extraction:
        """All that it finds, the same for the same document every time."""
        ...


def load(names: Iterable[str] = DEFAULT) -> list[Extractor]:
    """The extractors of these names, in this order.

    Raises UsageError for a name that no installed package registers.
    """
    return [_load(name) for name in names]


@cache
def _load(name: str) -> Extractor:
    known = {entry.name: entry for entry in entry_points(group="kg.extractors")}
    if name not in known:
        raise UsageError(f"no extractor is called {name!r}; installed: {', '.join(sorted(known)) or 'none'}")
    extractor: Extractor = known[name].load()()
    return extractor
