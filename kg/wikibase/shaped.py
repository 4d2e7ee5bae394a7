"""The graph in Wikibase's form, as what exporters write and what queries are asked of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad

import ontology
from kg.errors import UsageError
from kg.store.base import Answer, Graph, Matching, Object, Subject
from kg.store.embedded import EmbeddedStore
from kg.wikibase.items import Items
from kg.wikibase.rdf import Triples
from kg.wikibase.rewrite import rewrite
from kg.wikibase.vocabulary import prefixes

NAME = "wikibase"
"""What the shape is called."""
ReadOn = Callable[[str], str | None]
"""Tells on which day an article was read, by its identifier; None where nobody knows."""


class Wikibase:
    """A graph, to be written in Wikibase's form."""

    def __init__(self, source: Matching, base: str, read_on: ReadOn) -> None:
        self._source = source
        self.base = base
        self.read_on = read_on

    @property
    def prefixes(self) -> Mapping[str, str]:
        return prefixes(self.base)

    def quads(self) -> Iterator[Quad]:
        """All quads; those that say the same of two things stand there twice."""
        return Triples(self.base).of(Items(self._source, self.base, ontology.load(), self.read_on))

    def query(self, sparql: str) -> Answer:
        """The answer to a query that was written for Wikidata. Raises `QueryError`."""
        store = EmbeddedStore()
        store.engine.bulk_extend(self.quads())
        return store.query(rewrite(sparql), base=self.base, prefixes=self.prefixes, union=False)

    def match(
        self, subject: Subject | None, predicate: NamedNode | None, value: Object | None, graph: Graph | None = None
    ) -> Iterator[Quad]:
        raise UsageError("This format is made from the graph's own shape, not from Wikibase's: leave out the shape.")


def build(source: Matching, base: str, read_on: ReadOn, path: Path) -> None:
    """Make a store in the new folder `path` that holds the graph in Wikibase's form."""
    store = ox.Store(str(path))
    store.bulk_extend(Wikibase(source, base, read_on).quads())
    store.flush()
