"""What the endpoint says of itself: SPARQL 1.1 Service Description, VoID, SHACL."""

from __future__ import annotations

import pyoxigraph as ox

from tests.server.cases.case import CSV, TURTLE, Case, check, q, send, table
from tests.server.conftest import Server

SD = "http://www.w3.org/ns/sparql-service-description#"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

CASES = [
    Case("Turtle", "/sparql", has={"Content-Type": TURTLE, "Vary": "Accept"}, text="Service"),
    Case("RDF/XML", "/sparql", headers={"Accept": "application/rdf+xml"}, has={"Content-Type": "application/rdf+xml"}),
    Case("JSON-LD", "/sparql", headers={"Accept": "application/ld+json"}, has={"Content-Type": "application/ld+json"}),
    Case("N-Triples", "/sparql", headers={"Accept": "application/n-triples"}, text=f"<{SD}endpoint>"),
    Case("what is none of them", "/sparql", 406, headers={"Accept": "image/png"}, text=TURTLE),
    Case("a page for a browser", "/sparql", headers={"Accept": FIREFOX}, has={"Content-Type": "text/html"}, text="<form"),
    Case("its head", "/sparql", method="HEAD", has={"Content-Type": TURTLE}),
    Case("with a slash at its end", "/sparql/", (200, 301, 308)),
    Case("by ?format=", "/sparql?format=nt", has={"Content-Type": "application/n-triples"}),
    Case("VoID", "/.well-known/void", has={"Content-Type": TURTLE, "ETag": ""}, text="Dataset"),
    Case("VoID as JSON-LD", "/.well-known/void", headers={"Accept": "application/ld+json"}, text="@id"),
    Case("VoID as a table", "/.well-known/void", 406, headers={"Accept": CSV}),
    Case("the ontology", "/ontology", headers={"Accept": TURTLE}, has={"Content-Type": TURTLE}),
    Case("the ontology's context", "/ontology/context.jsonld", has={"Content-Type": "application/ld+json"}),
]  # fmt: skip


@table(CASES)
def test_description(small: Server, case: Case) -> None:
    check(small, case)


def test_it_says_what_the_endpoint_does(small: Server) -> None:
    store = ox.Store()
    store.load(send(small, "GET", "/sparql").body, ox.RdfFormat.TURTLE)

    def objects(name: str) -> set[str]:
        return {quad.object.value.rpartition("#")[2].rpartition("/")[2]
                for quad in store.quads_for_pattern(None, ox.NamedNode(SD + name), None)
                if not isinstance(quad.object, ox.Triple)}  # fmt: skip

    assert objects("endpoint") == {"sparql"}
    assert objects("supportedLanguage") == {"SPARQL11Query", "SPARQL11Update"}
    assert objects("feature") == {"UnionDefaultGraph"}
    assert {"SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle", "RDF_XML",
            "N-Triples"} <= objects("resultFormat")  # fmt: skip
    assert "Turtle" in objects("inputFormat")
    assert len(objects("defaultEntailmentRegime")) == 1


def test_each_example_of_it_is_a_query_that_is_answered(small: Server) -> None:
    quads = list(ox.parse(send(small, "GET", "/sparql").body, ox.RdfFormat.TURTLE))
    queries = [quad.object for quad in quads if quad.predicate.value == "http://www.w3.org/ns/shacl#select"]
    assert queries
    for query in queries:
        assert isinstance(query, ox.Literal)
        assert send(small, "GET", q(query.value)).status == 200
