"""JSON-LD 1.1 in the words of the ontology's context, which reads like plain JSON."""

from __future__ import annotations

import json
from functools import cache

import pyoxigraph as ox

from kg.export.jsonld import Context
from kg.rdf import vocabulary as v

PROFILE = "http://www.w3.org/ns/json-ld#compacted"
"""How a client asks for it: Accept: application/ld+json;profile="…". JSON-LD 1.1, section 6.1."""
MOST = 2_000_000
"""The most bytes of N-Triples that are compacted; more come as they are, as a stream."""


@cache
def words() -> Context:
    """The context: the graph's prefixes, and the terms of the ontology."""
    # Reading the ontology for it takes a second, so only who needs it waits.
    from ontology.context import context

    return Context({**v.PREFIXES, **context()})


def context_document() -> bytes:
    """The context as a document of its own."""
    return json.dumps({"@context": words().definitions}, ensure_ascii=False, indent=1).encode()


def compacted(triples: bytes) -> bytes:
    """A document with its context, an object for each subject in the order of their IRIs, from N-Triples."""
    quads = sorted(ox.parse(triples, ox.RdfFormat.N_TRIPLES), key=str)
    found = words()
    document = {"@context": found.definitions, "@graph": list(found.nodes(quads))}
    return json.dumps(document, ensure_ascii=False).encode()
