"""The JSON-LD 1.1 context of the graph, made from the ontology: with it, the graph's JSON reads like plain JSON.

Keys are the local names of the terms (`chiefExecutive`, `pointInTime`, `Person`). A date keeps its datatype in the
document, since each has a precision of its own.
"""

from __future__ import annotations

import re
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from kg.errors import OntologyError
from ontology import FILE, NAMESPACE

Term = str | dict[str, str]

# What OWL keeps for itself, and names, which are English throughout.
_FIXED: dict[str, Term] = {
    "id": "@id",
    "type": "@type",
    "subject": {"@id": str(RDF.subject), "@type": "@id"},
    "predicate": {"@id": str(RDF.predicate), "@type": "@id"},
    "object": str(RDF.object),
    "sameAs": {"@id": str(OWL.sameAs), "@type": "@id"},
    "label": {"@id": str(RDFS.label), "@language": "en"},
    "altLabel": {"@id": str(SKOS.altLabel), "@language": "en"},
}


def context(path: Path = FILE) -> dict[str, Term]:
    """The value of `@context` for the ontology in the Turtle file `path`, sorted by key.

    Raises `OntologyError` where two terms have one local name.
    """
    graph = Graph(bind_namespaces="none").parse(path, format="turtle")
    prefixes = {name: str(namespace) for name, namespace in graph.namespaces()}
    found: dict[str, Term] = {}
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty):
        for iri in sorted(each for each in graph.subjects(RDF.type, kind) if isinstance(each, URIRef)):
            name = _local(iri)
            if name in _FIXED:
                continue
            if name in found:
                raise OntologyError(f"<{iri}> and {found[name]} have the same local name; rename one of them")
            found[name] = _term(graph, iri, kind)
    return dict(sorted({**prefixes, **_FIXED, **found}.items()))


def _term(graph: Graph, iri: URIRef, kind: URIRef) -> Term:
    if kind == OWL.ObjectProperty:
        return {"@id": str(iri), "@type": "@id"}
    datatype = graph.value(iri, RDFS.range)
    if kind == OWL.DatatypeProperty and datatype is not None and datatype != RDFS.Literal:
        return {"@id": str(iri), "@type": str(datatype)}
    if str(graph.value(iri, URIRef(NAMESPACE + "literalType"))) == "URL":
        return {"@id": str(iri), "@type": "http://www.w3.org/2001/XMLSchema#anyURI"}
    return str(iri)


def _local(iri: URIRef) -> str:
    return re.split(r"[#/]", iri)[-1]
