"""What a store must do, so that another one can take the embedded one's place (`kg.stores`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
)

Answer = QuerySolutions | QueryBoolean | QueryTriples
Subject = NamedNode | BlankNode | Triple
Object = NamedNode | BlankNode | Literal | Triple
Graph = NamedNode | BlankNode | DefaultGraph
Dataset = tuple[Sequence[str], Sequence[str]]
"""The IRIs of the graphs that make up the default graph, and of the named graphs."""
Term = NamedNode | BlankNode | Literal | Triple | DefaultGraph


def iri(term: Term) -> NamedNode:
    """`term`, where the shape allows nothing but an IRI."""
    assert isinstance(term, NamedNode)
    return term


class Matching(Protocol):
    """What quads are asked of: a store, or a graph."""

    def match(
        self, subject: Subject | None, predicate: NamedNode | None, value: Object | None, graph: Graph | None = None
    ) -> Iterator[Quad]: ...


class Store(Protocol):
    """A set of quads that is written in transactions."""

    @property
    def batch(self) -> int:
        """How many quads are best inserted at a time."""
        ...

    def has_changed(self) -> bool:
        """Whether others may have changed the store since this was asked last on this machine, where that can be told."""
        ...

    def insert(self, lines: Sequence[str]) -> None:
        """Insert quads, given as lines of N-Quads, all or nothing."""
        ...

    def apply(self, deletes: Sequence[Quad], emptied: Sequence[NamedNode], inserts: Sequence[Quad]) -> None:
        """Delete, drop the graphs that are empty then, and insert, all or nothing.

        Who reads meanwhile, or after a crash, sees all of it or nothing.
        """
        ...

    def expect(self, subjects: Iterable[NamedNode]) -> None:
        """Say which subjects are going to be looked up in the default graph before anything is written.

        A store elsewhere fetches them together; what another process writes meanwhile may not be seen.
        """
        ...

    def contains(self, quad: Quad) -> bool: ...

    def match(
        self, subject: Subject | None, predicate: NamedNode | None, value: Object | None, graph: Graph | None = None
    ) -> Iterator[Quad]:
        """The quads with these terms, where None stands for any; in no particular order."""
        ...

    def graphs(self) -> Iterator[NamedNode | BlankNode]:
        """The names of the graphs that hold something."""
        ...

    def has_graph(self, name: NamedNode) -> bool:
        """Whether there is a graph of this name."""
        ...

    def query(
        self, sparql: str, *, base: str, prefixes: Mapping[str, str], union: bool, dataset: Dataset | None = None
    ) -> Answer:
        """The answer to a SPARQL query; its default graph is the union of all graphs, or the unnamed one.

        A `dataset` takes the place of the store's own. Raises `QueryError`.
        """
        ...

    def update(self, sparql: str, *, base: str, prefixes: Mapping[str, str]) -> None:
        """Run a SPARQL update as one transaction. Raises `QueryError`."""
        ...

    def load(self, file: IO[bytes], rdf_format: RdfFormat, base: str, graph: NamedNode) -> None:
        """Read RDF as one transaction; triples without a graph go to `graph`. Raises `SyntaxError` or `ValueError`."""
        ...

    def fill(self, graph: NamedNode | DefaultGraph, triples: Sequence[Triple], *, base: str, anew: bool) -> None:
        """Have a graph hold these triples, beside what it holds or (`anew`) in its place, all or nothing.

        A store without blank nodes gives them IRIs below `base`. Some stores have no graphs that are empty.
        """
        ...

    def drop(self, graph: NamedNode | DefaultGraph) -> None:
        """Take a graph out with all that it holds, if it is there."""
        ...

    def dump(
        self, quads: Iterable[Quad], file: IO[bytes], rdf_format: RdfFormat, prefixes: Mapping[str, str]
    ) -> None: ...

    def snapshot(self, directory: Path) -> None:
        """A copy of the store as it is now, which opens like a store."""
        ...

    def optimize(self) -> None:
        """Arrange what is stored so that it is fast to query."""
        ...

    def close(self) -> None: ...
