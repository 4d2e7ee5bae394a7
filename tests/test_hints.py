"""A query that finds nothing is told which of its terms the graph does not have."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import kg
from kg.hints import Hints
from kg.rdf.vocabulary import PREFIXES

FOREIGN = """
@prefix ex: <http://example.org/terms#> .
<http://example.org/a> a ex:Vehicle ; ex:numberOfWheels 4 .
"""


@pytest.fixture(scope="module")
def hints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hints]:
    folder = tmp_path_factory.mktemp("hints")
    (folder / "article.txt").write_text("Bayo Okafor works for Acme Robotics. Acme Robotics is based in Zurich.")
    (folder / "foreign.ttl").write_text(FOREIGN)
    with kg.Graph.open(folder / "graph") as graph:
        graph.add(folder / "article.txt")
        graph.load(folder / "foreign.ttl")
        yield Hints(graph.store)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT * { ?s ng:employr ?o }", "No ng:employr in this graph; ng:employer?"),
        ("SELECT * { ?s a ng:Persn }", "No ng:Persn in this graph; ng:Person?"),
        ("SELECT * { ?s schema:employer ?o }", "No schema:employer in this graph; ng:employer?"),
        ("SELECT * { ?s ng:Employer ?o }", "No ng:Employer in this graph; ng:employer?"),
        ("SELECT * { ?s <https://w3id.org/newsgraph#employr> ?o }", "No ng:employr in this graph; ng:employer?"),
        ("PREFIX e: <http://example.org/terms#> SELECT * { ?s e:wheels ?o ; e:numberOfWheel 4 }",
         "No e:wheels in this graph. No e:numberOfWheel in this graph; e:numberOfWheels?"),
        ("PREFIX : <https://w3id.org/newsgraph#> SELECT * { ?s :employr ?o }", "No ng:employr in this graph; ng:employer?"),
        ("SELECT * { <entity/nobody> ?p ?o }", "No <http://localhost:8000/entity/nobody> in this graph."),
        ("BASE <http://example.org/> SELECT * { <b> ?p ?o }", "No <http://example.org/b> in this graph."),
        ("SELECT * { GRAPH <http://example.org/g> { ?s ?p ?o } }", "No <http://example.org/g> in this graph."),
        ("SELECT * { ?s ng:employr ?o . ?o ng:employr ?s }", "No ng:employr in this graph; ng:employer?"),
        ("SELECT * { ?s ng:zzz1/ng:zzz2|ng:zzz3*/^ng:zzz4 ?x ; ng:zzz5 1 ; ng:zzz6 2 }",
         " ".join(f"No ng:zzz{number} in this graph." for number in range(1, 6))),
        # What is in the graph, what stands in none, and what is no term of the query:
        ("SELECT * { ?s ng:employer ?o ; rdfs:label 'nobody' }", ""),
        ("SELECT * { ?s ?p '2019'^^xsd:gYear FILTER(datatype(?s) = xsd:date || xsd:integer(?s) = 3) }", ""),
        ("SELECT * { ?s ?p '2019'^^<http://example.org/type> }", ""),
        ("SELECT * { ?s ?p ?o FILTER(<http://example.org/function>(?o)) }", ""),
        ("SELECT * { ?s text:query 'ng:employr' } # ng:employr", ""),
        ("SELECT * { _:b ?p 'ng:employr' }", ""),
        ("not:known { {{{", ""),
    ],
)  # fmt: skip
def test_each_unknown_term_is_pointed_out_with_the_one_that_may_be_meant(hints: Hints, query: str, told: str) -> None:
    assert hints.on(query, "http://localhost:8000/", {**PREFIXES, "text": "http://jena.apache.org/text#"}) == told
