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
from kg.extract.llm.service import Service
from kg.model import Document, Extraction

DEFAULT = ("wordings", "model")
"""The extractors that are used unless others are named."""


LEARNED = "model"
"""The name of the extractor that reads with a trained network."""
ASKING = "llm"
"""The name of the extractor that asks a language model."""


class Extractor(Protocol):
    """Finds mentions and facts in one document."""

    @property
    def name(self) -> str:
        """How references name it: lower case, stable."""
        ...

    def extract(self, document: Document) -> Extraction:
        """All that it finds, the same for the same document every time.

        Raises ReadError where it fails for this document, and the next one may be read.
        """
        ...


def load(names: Iterable[str] = DEFAULT, model: Path | None = None, service: Service | None = None) -> list[Extractor]:
    """The extractors of these names, in this order.

    The learned one has the network in the folder `model`, the asking one asks `service`; what is None is left to them.

    Raises UsageError for a name that no installed package registers, for a model that no extractor is there to use,
    and for a folder that holds none.
    """
    names = tuple(names)
    if model is not None and LEARNED not in names:
        raise UsageError(f"a model is given, and {LEARNED!r} is not among the extractors: {', '.join(names)}")
    given = {LEARNED: model, ASKING: service}
    return [_load(name, given.get(name)) for name in names]


@cache
def _load(name: str, given: Path | Service | None) -> Extractor:
    known = {entry.name: entry for entry in entry_points(group="kg.extractors")}
    if name not in known:
        raise UsageError(f"no extractor is called {name!r}; installed: {', '.join(sorted(known)) or 'none'}")
    factory = known[name].load()
    extractor: Extractor = factory() if given is None else factory(given)
    return extractor
