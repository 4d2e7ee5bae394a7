"""Extraction: from a document to the mentions and relation mentions in it.

Extractors are plug-ins of the entry-point group `kg.extractors`: a callable without arguments that gives an object
with a `name` and a method `extract`. Each is given the document alone, so what one finds never depends on another,
nor on which other documents are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol

from kg.errors import UsageError
from kg.model import Document, Extraction

DEFAULT = ("wordings", "model")
"""The extractors that are used unless others are named."""


LEARNED = "model"
"""The name of the extractor that reads with a trained network."""


class Extractor(Protocol):
    """Finds mentions and facts in one document."""

    @property
    def name(self) -> str:
        """How references name it: lower case, stable."""
        ...

    def extract(self, document: Document) -> Extraction:
        """All that it finds, the same for the same document every time."""
        ...


def load(names: Iterable[str] = DEFAULT, model: Path | None = None) -> list[Extractor]:
    """The extractors of these names, in this order; the learned one with the network in the folder `model`.

    Raises UsageError for a name that no installed package registers, for a model that no extractor is there to use,
    and for a folder that holds none.
    """
    names = tuple(names)
    if model is not None and LEARNED not in names:
        raise UsageError(f"a model is given, and {LEARNED!r} is not among the extractors: {', '.join(names)}")
    return [_load(name, model if name == LEARNED else None) for name in names]


@cache
def _load(name: str, model: Path | None) -> Extractor:
    known = {entry.name: entry for entry in entry_points(group="kg.extractors")}
    if name not in known:
        raise UsageError(f"no extractor is called {name!r}; installed: {', '.join(sorted(known)) or 'none'}")
    factory = known[name].load()
    extractor: Extractor = factory() if model is None else factory(model)
    return extractor
