"""What SPARQL 1.1 leaves to each store, and what a store does otherwise. docs/how-to/other-stores.md is for users."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, NamedNode, Quad

from kg.errors import StoreError
from kg.store.endpoint import Address, Endpoint, Parameters, credentials

UNNAMED = NamedNode("urn:newsgraph:unnamed")
"""The graph that stands for the unnamed one where a store has none of its own, or none that can be asked alone."""


class Sparql:
    """Any store whose default graph is the union of its named ones: a server that keeps to the recommendation."""

    name = "sparql"
    batch = 10_000
    """How many quads are best written at a time."""
    unnamed: NamedNode | None = UNNAMED
    """The graph that takes the place of the unnamed one; None where the store has an unnamed graph."""
    hidden: frozenset[str] = frozenset()
    """Graphs of the server's own."""
    keeps_blank_nodes = False
    """Whether a file with blank nodes can be loaded as it is."""
    is_digest = False
    any_graph = "?s ?p ?o"
    """What fits in each graph that is there."""

    def __init__(self, address: Address) -> None:
        self.endpoint = Endpoint(
            self.query_url(address), self.update_url(address), credentials(address, self.is_digest)
        )
        self.most_rows: int | None = None
        """More than so many rows are cut off."""

    def query_url(self, address: Address) -> str:
        return address.query

    def update_url(self, address: Address) -> str:
        return address.update or address.query

    def begin(self) -> None:
        """Find out what must be known of the store. Raises `StoreError`."""
        # One quad tells, and where there is none, it does not matter yet.
        query = "ASK { { SELECT * { GRAPH ?g { ?s ?p ?o } } LIMIT 1 } FILTER NOT EXISTS { ?s ?p ?o } }"
        with self.endpoint.query(query, "application/sparql-results+json", []) as response:
            if bool(ox.parse_query_results(response.content, format=ox.QueryResultsFormat.JSON)):
                raise StoreError(
                    f"The default graph of {self.endpoint.query_url} is not the union of its named graphs: "
                    "set the server up so, or name what it is, as in oxigraph+http://…"
                )

    def preamble(self, union: bool, names_a_graph: bool) -> str:
        """What stands before a query, which may say `GRAPH` and a name."""
        return ""

    def update_preamble(self, selects_of_a_graph: bool) -> str:
        """What stands before an update, which may name a graph in its `WHERE`."""
        return ""

    def parameters(self, union: bool) -> Parameters:
        """What is sent with a query about the union of all graphs, or about the unnamed one."""
        return [] if union or self.unnamed is None else [("default-graph-uri", self.unnamed.value)]

    def own(self) -> Parameters:
        """What is sent with a question that names the graphs which it is about."""
        return []

    def tag(self) -> str | None:
        """What changes whenever the graph does; None where it may at any time, nothing where that can't be told."""
        return ""

    def insert(self, quads: Iterable[Quad]) -> list[str]:
        """The updates that insert."""
        return [f"INSERT DATA {{ {self.data(quads)} }}"]

    def change(self, deletes: Sequence[Quad], emptied: Sequence[NamedNode], inserts: Sequence[Quad]) -> list[str]:
        """The updates that delete, drop graphs, and insert; a single one where the store takes it as a transaction."""
        left = [quad for quad in deletes if quad.graph_name not in emptied]
        drops = "".join(f"DROP SILENT GRAPH {graph} ; " for graph in emptied)
        return [f"DELETE DATA {{ {self.data(left)} }} ; {drops} INSERT DATA {{ {self.data(inserts)} }}"]

    def fill(self, graph: NamedNode | DefaultGraph, quads: Sequence[Quad], anew: bool) -> list[str]:
        """The updates that have a graph hold `quads`, too or alone."""
        return [" ; ".join([*([self.clear(graph)] if anew else []), *self.insert(quads)])]

    def clear(self, graph: NamedNode | DefaultGraph) -> str:
        """The update that takes a graph out."""
        name = self.graph(graph)
        return f"DROP SILENT GRAPH {name}" if name else "CLEAR DEFAULT"

    def data(self, quads: Iterable[Quad]) -> str:
        """Quads as an update writes them."""
        by_graph: dict[str, list[str]] = {}
        for quad in quads:
            by_graph.setdefault(self.graph(quad.graph_name), []).append(
                f"{quad.subject} {quad.predicate} {quad.object} ."
            )
        return "\n".join(
            f"GRAPH {graph} {{ {' '.join(triples)} }}" if graph else " ".join(triples)
            for graph, triples in by_graph.items()
        )

    def graph(self, name: NamedNode | ox.BlankNode | DefaultGraph) -> str:
        """The name of a graph; nothing for the unnamed one."""
        if not isinstance(name, DefaultGraph):
            return str(name)
        return "" if self.unnamed is None else str(self.unnamed)

    def send(self, lines: Iterator[bytes]) -> bool:
        """Insert N-Quads in one transaction, if the store has a way to take them as they are; whether it has."""
        return False


class Oxigraph(Sparql):
    """The server of Oxigraph: its address is that of the server, or ends in /query."""

    name = "oxigraph"
    batch = 40_000
    unnamed = None
    keeps_blank_nodes = True
    any_graph = ""

    def __init__(self, address: Address) -> None:
        super().__init__(address)
        self._graphs = address.graphs or _root(address) + "/store"

    def query_url(self, address: Address) -> str:
        return _root(address) + "/query"

    def update_url(self, address: Address) -> str:
        return address.update or _root(address) + "/update"

    def begin(self) -> None:
        with self.endpoint.query("ASK {}", "application/sparql-results+json", []):
            pass

    def parameters(self, union: bool) -> Parameters:
        return [("union-default-graph", "")] if union else []

    def fill(self, graph: NamedNode | DefaultGraph, quads: Sequence[Quad], anew: bool) -> list[str]:
        is_named = isinstance(graph, NamedNode)
        create = [f"CREATE SILENT GRAPH {graph}"] if is_named else []
        return [" ; ".join([*([self.clear(graph)] if anew else []), *create, *self.insert(quads)])]

    def send(self, lines: Iterator[bytes]) -> bool:
        self.endpoint.send(self._graphs, lines, "application/n-quads")
        return True


class Newsgraph(Sparql):
    """newsgraph's own server: its address is that of the server, or ends in /sparql.

    It has an unnamed graph, and a request says whether that is meant or the union of all.
    """

    name = "newsgraph"
    unnamed = None

    def query_url(self, address: Address) -> str:
        return address.query.removesuffix("/").removesuffix("/sparql") + "/sparql"

    def update_url(self, address: Address) -> str:
        return address.update or self.query_url(address).removesuffix("/sparql") + "/update"

    def begin(self) -> None:
        self.tag()

    def parameters(self, union: bool) -> Parameters:
        return [("default-graph", "union" if union else "unnamed")]

    def own(self) -> Parameters:
        return self.parameters(union=False)

    def tag(self) -> str | None:
        with self.endpoint.query("ASK {}", "application/sparql-results+json", []) as response:
            return response.headers.get("ETag")


class Virtuoso(Sparql):
    """OpenLink Virtuoso 7: its address ends in /sparql.

    It has no unnamed graph, compiles an update (so that a long one is refused), takes each operation of an update as
    a transaction of its own, and cuts long answers off.
    """

    name = "virtuoso"
    batch = 3_000
    is_digest = True
    hidden = frozenset(
        f"<{name}>"
        for name in (
            "http://www.openlinksw.com/schemas/virtrdf#",
            "http://www.w3.org/ns/ldp#",
            "http://localuriqaserver/sparql",
            "urn:virtuoso:val:acl:schema",
        )
    )
    MOST_IN_DATA = 4_000
    MOST_IN_CHANGE = 1_000

    def query_url(self, address: Address) -> str:
        # Only there is anybody asked for a password.
        is_known = credentials(address, True) is not None
        return address.query + "-auth" if is_known and address.query.endswith("/sparql") else address.query

    def update_url(self, address: Address) -> str:
        return address.update or self.query_url(address)

    def begin(self) -> None:
        limit = "SELECT (bif:virtuoso_ini_item_value('SPARQL', 'ResultSetMaxRows') AS ?n) {}"
        with self.endpoint.query(limit, "application/sparql-results+json", []) as response:
            rows = ox.parse_query_results(response.content, format=ox.QueryResultsFormat.JSON)
            assert isinstance(rows, ox.QuerySolutions)
            found = next((row[0] for row in rows), None)
        self.most_rows = int(found.value) if isinstance(found, ox.Literal) and found.value.isdigit() else None

    def preamble(self, union: bool, names_a_graph: bool) -> str:
        # With graphs excluded, a join within one named graph wrongly has no rows (7.2.5).
        if not union or names_a_graph:
            return ""
        return "".join(f"define input:default-graph-exclude {graph} " for graph in sorted(self.hidden))

    def update_preamble(self, selects_of_a_graph: bool) -> str:
        # With a default graph given, no pattern finds anything in a named one (7.2.5).
        return "" if selects_of_a_graph else f"define input:default-graph-uri {UNNAMED} "

    def insert(self, quads: Iterable[Quad]) -> list[str]:
        return self._in_parts("INSERT", quads)

    def change(self, deletes: Sequence[Quad], emptied: Sequence[NamedNode], inserts: Sequence[Quad]) -> list[str]:
        if len(deletes) + len(inserts) <= self.MOST_IN_CHANGE:
            parts = (("DELETE", deletes), ("INSERT", inserts))
            return [" ".join(f"{verb} {{ {self.data(quads)} }}" for verb, quads in parts if quads) + " WHERE {}"]
        left = [quad for quad in deletes if quad.graph_name not in emptied]
        drops = [f"DROP SILENT GRAPH {graph}" for graph in emptied]
        return [*self._in_parts("DELETE", left), *drops, *self._in_parts("INSERT", inserts)]

    def fill(self, graph: NamedNode | DefaultGraph, quads: Sequence[Quad], anew: bool) -> list[str]:
        return [*([self.clear(graph)] if anew else []), *self.insert(quads)]

    def _in_parts(self, verb: str, quads: Iterable[Quad]) -> list[str]:
        rest = iter(quads)
        parts = iter(lambda: list(islice(rest, self.MOST_IN_DATA)), [])
        return [f"{verb} DATA {{ {self.data(part)} }}" for part in parts]


def detect(address: Address) -> type[Sparql]:
    """Which store listens there, by what it calls itself. Raises `StoreError`."""
    endpoint = Endpoint(address.query, address.query, credentials(address, False))
    try:
        server = endpoint.server()
    finally:
        endpoint.close()
    for dialect in (Oxigraph, Virtuoso, Newsgraph):
        if dialect.name in server.lower():
            return dialect
    return Sparql


def _root(address: Address) -> str:
    return address.query.removesuffix("/").removesuffix("/query")
