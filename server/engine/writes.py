"""Changes of the store, each one transaction."""

from __future__ import annotations

import pyoxigraph as ox

from kg.errors import QueryError
from kg.rdf import vocabulary as v
from kg.search import hits, pattern, texts
from kg.search.hits import Search
from kg.search.index import Index
from kg.store.embedded import EmbeddedStore
from server import formats
from server.engine.messages import Part, Update, Write


def run(store: EmbeddedStore, index: Index, job: Update | Write) -> tuple[bool, int]:
    """Make a change; whether the graph that it names was there before, and the size of the request in bytes.

    The search index is told of it before.

    Raises QueryError where the request is wrong (with a SyntaxError as its cause) or the graph is not as it needs it,
    RefusedError where it reaches out of the graph, and OSError where the engine fails.
    """
    if isinstance(job, Update):
        search = Search(index, store, lambda: hits.complete(index, store))
        text = pattern.expand(job.text, search, base=job.base, prefixes=v.PREFIXES, union=False)
        index.expect(texts.of_update(text, job.base, v.PREFIXES))
        store.update(text, base=job.base, prefixes=v.PREFIXES)
        return True, len(job.text.encode())
    graph = ox.DefaultGraph() if job.graph is None else ox.NamedNode(job.graph)
    existed = job.graph is None or store.engine.contains_named_graph(graph)
    former = [] if job.action == "add" else list(texts.of_quads(store.match(None, None, None, graph)))
    if job.action == "delete":
        if existed:
            store.engine.update("CLEAR DEFAULT" if job.graph is None else f"DROP GRAPH {graph}")
        index.remove(text for text in former if not texts.is_in(store, text))
        return existed, 0
    triples = [triple for part in job.parts for triple in _parse(part)]
    index.expect(texts.of_new_quads(ox.Quad(*triple) for triple in triples))
    if job.action == "add":
        store.engine.extend(ox.Quad(found.subject, found.predicate, found.object, graph) for found in triples)
        if job.graph is not None:
            store.engine.add_graph(graph)
    else:
        data = "\n".join(f"{triple} ." for triple in triples)
        if job.graph is None:
            store.engine.update(f"CLEAR DEFAULT ; INSERT DATA {{ {data} }}")
        else:
            drop = f"DROP SILENT GRAPH {graph} ; CREATE GRAPH {graph}"
            store.engine.update(f"{drop} ; INSERT DATA {{ GRAPH {graph} {{ {data} }} }}")
    index.remove(text for text in former if not texts.is_in(store, text))
    return existed, sum(len(part.data) for part in job.parts)


def _parse(part: Part) -> list[ox.Triple]:
    rdf = formats.GRAPHS[part.format]
    assert isinstance(rdf.engine, ox.RdfFormat)
    try:
        quads = ox.parse(part.data, rdf.engine, base_iri=part.base, without_named_graphs=True, rename_blank_nodes=True)
        return [quad.triple for quad in quads]
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"The data is not valid {rdf.label}: {' '.join(str(error).split())}") from error
