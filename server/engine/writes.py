"""Changes of the store, each one transaction."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from kg.errors import QueryError
from kg.rdf import vocabulary as v
from kg.search import hits, pattern, texts
from kg.search.hits import Search
from kg.search.index import Index
from kg.store.base import Store
from server import formats
from server.engine import elsewhere
from server.engine.messages import Decide, Part, Update, Write


class UnmetError(Exception):
    """A graph is there, or is not, against the condition of the request."""


def run(store: Store, index: Index, job: Update | Write) -> tuple[bool, int]:
    """Make a change; whether the graph that it names was there before, and the size of the request in bytes.

    The search index is told of it before.

    Raises UnmetError where a condition is not met, QueryError where the request is wrong (with a SyntaxError as its cause) or the graph is not as it needs it,
    RefusedError where it reaches out of the graph, OSError where the engine fails, and StoreError where a store
    elsewhere does.
    """
    if isinstance(job, Update):
        search = Search(index, store, lambda: hits.complete(index, store))
        text = pattern.expand(job.text, search, base=job.base, prefixes=v.PREFIXES, union=False)
        if elsewhere.address() is not None:
            elsewhere.check_update(text, job.base, v.PREFIXES)
        index.expect(texts.of_update(text, job.base, v.PREFIXES))
        store.update(text, base=job.base, prefixes=v.PREFIXES)
        return True, len(job.text.encode())
    graph = ox.DefaultGraph() if job.graph is None else ox.NamedNode(job.graph)
    existed = isinstance(graph, ox.DefaultGraph) or store.has_graph(graph)
    if job.existed not in (None, existed):
        name = f"graph {graph}" if isinstance(graph, ox.NamedNode) else "default graph"
        raise UnmetError(f"The {name} is there already." if existed else f"The {name} is not there.")
    former = [] if job.action == "add" else list(texts.of_quads(store.match(None, None, None, graph)))
    if job.action == "delete":
        if existed:
            store.drop(graph)
        index.remove(text for text in former if not texts.is_in(store, text))
        return existed, 0
    triples = [triple for part in job.parts for triple in _parse(part)]
    index.expect(texts.of_new_quads(ox.Quad(*triple) for triple in triples))
    store.fill(graph, triples, base=job.base, anew=job.action == "replace")
    index.remove(text for text in former if not texts.is_in(store, text))
    return existed, sum(len(part.data) for part in job.parts)


def decide(store: Store, index: Index, ledger: Path, job: Decide) -> str:
    """Make a decision, or undo one; it in JSON. `ledger` is the graph's. Raises UsageError and StoreError."""
    # Most keepers never need it.
    from server.engine import decisions

    return decisions.run(store, index, ledger, job)


def _parse(part: Part) -> list[ox.Triple]:
    rdf = formats.GRAPHS[part.format]
    assert isinstance(rdf.engine, ox.RdfFormat)
    try:
        quads = ox.parse(part.data, rdf.engine, base_iri=part.base, without_named_graphs=True, rename_blank_nodes=True)
        return [quad.triple for quad in quads]
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"The data is not valid {rdf.label}: {' '.join(str(error).split())}") from error
