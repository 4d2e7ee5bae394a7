"""Search within SPARQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

import kg
from kg.errors import QueryError
from kg.graph import Graph
from tests.search.test_search import fill


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    folder = tmp_path_factory.mktemp("pattern")
    with kg.Graph.open(folder / "graph") as graph:
        graph.add(fill(folder / "articles"))
        yield graph


def rows(graph: Graph, query: str, **options: str) -> list[list[str]]:
    answer = graph.query(query, **options)
    assert isinstance(answer, QuerySolutions)
    return [["" if value is None else getattr(value, "value", "") for value in row] for row in answer]


OKAFOR = "http://localhost:8000/entity/bayo-okafor"
NAME = "Bayo Okafor"


@pytest.mark.parametrize(
    "pattern",
    [
        '?s text:query "okafor" ; rdfs:label ?l',
        '?s text:query "okafor" . ?s rdfs:label ?l',
        "?s text:query 'okafor' ; rdfs:label ?l .",
        '?s text:query """okafor"""; rdfs:label ?l ; .',
        '?s text:query ("okafor" 10) . ?s rdfs:label ?l',
        '?s text:query (rdfs:label "oka\\u0066or" 10) . ?s rdfs:label ?l',
        '(?s) text:query (rdfs:label skos:altLabel "okafor") . ?s rdfs:label ?l',
        '(?s ?score) text:query "okafor" . ?s rdfs:label ?l FILTER(?score > 0)',
        '?s a ng:Person ; text:query "okafor" ; rdfs:label ?l',
        '?s rdfs:label ?l ; text:query "okafor"',
        '?s rdfs:label ?l ; text:query "okafor" .',
        '?s rdfs:label ?l ; text:query "okafor" ; .',
        '?s text:query "okafor" ; text:query "bayo" ; rdfs:label ?l',
        '?s rdfs:label ?l FILTER(?l = ?l) ?s a ng:Person ; text:query "okafor"',
        '?s rdfs:label ?l FILTER(?l = ?l) ?s text:query "okafor" FILTER(?l = ?l)',
        '?s rdfs:label ?l { ?s text:query "okafor" } UNION { ?s text:query "nobody" }',
        '?s rdfs:label ?l FILTER EXISTS { ?s text:query "okafor" }',
        '?s rdfs:label ?l { SELECT ?s { ?s text:query "okafor" } }',
        '?s <http://jena.apache.org/text#query> "okafor" ; rdfs:label ?l',
        '# ?x text:query "lin"\n?s text:query "okafor" ; rdfs:label ?l',
    ],
)
def test_search_stands_wherever_a_triple_stands(graph: Graph, pattern: str) -> None:
    assert rows(graph, f"SELECT DISTINCT ?s ?l {{ {pattern} }}") == [[OKAFOR, NAME]]


def test_score_text_graph_and_property_are_given_in_the_order_of_jena(graph: Graph) -> None:
    query = 'SELECT * { (?s ?score ?literal ?graph ?property) text:query ("bayo" 10) } ORDER BY DESC(?score)'
    answer = graph.query(query)
    assert isinstance(answer, QuerySolutions)
    found = [{name: row[name] for name in ("s", "score", "literal", "graph", "property")} for row in answer]
    first, *others = found
    assert (first["s"].value, first["literal"].value, first["graph"]) == (OKAFOR, NAME, None)
    assert first["property"].value == "http://www.w3.org/2000/01/rdf-schema#label"
    assert others
    for row in others:
        assert float(row["score"].value) < float(first["score"].value)
        assert row["s"].value.startswith(row["graph"].value)
        assert "Okafor" in row["literal"].value


def test_without_a_list_only_variables_that_were_written_are_in_the_answer(graph: Graph) -> None:
    answer = graph.query('SELECT * { ?s text:query "okafor" }')
    assert isinstance(answer, QuerySolutions)
    assert [variable.value for variable in answer.variables] == ["s"]


def test_a_constant_subject_is_a_question(graph: Graph) -> None:
    assert bool(graph.query(f'ASK {{ <{OKAFOR}> text:query "okafor" }}'))
    assert not bool(graph.query(f'ASK {{ <{OKAFOR}> text:query "lin" }}'))
    assert bool(graph.query('ASK { <entity/bayo-okafor> text:query (rdfs:label "okafor" 1) }'))


def test_the_limit_and_the_properties_hold(graph: Graph) -> None:
    assert rows(graph, 'SELECT ?s { ?s text:query ("okafor" 1) }') == [[OKAFOR]]
    titles = rows(graph, 'SELECT ?s { ?s text:query (dct:title "lin" 10) }')
    assert len(titles) == 1
    assert "/article/" in titles[0][0]
    assert rows(graph, 'SELECT ?s { ?s text:query (dct:title "okafor" 10) }') == []


def test_within_a_graph_only_what_is_in_it_is_found(graph: Graph) -> None:
    found = rows(graph, 'SELECT ?g ?s ?text { GRAPH ?g { ?s text:query "lin" . OPTIONAL { ?s nif:anchorOf ?text } } }')
    assert found
    assert all(subject.startswith(name) for name, subject, _ in found)
    (name,) = {name for name, _, _ in found}
    inside = rows(graph, f'SELECT ?s {{ GRAPH <{name}> {{ ?s text:query "lin" }} }}')
    assert sorted(inside) == sorted([subject] for _, subject, _ in found)
    assert rows(graph, 'SELECT ?s { GRAPH <other> { ?s text:query "lin" } }') == []


def test_only_the_graphs_of_the_query_are_searched(graph: Graph) -> None:
    (name,) = rows(graph, 'SELECT ?g { (?s ?score ?l ?g) text:query (dct:title "lin" 1) }')[0]
    query = 'SELECT ?s FROM <{}> {{ ?s text:query "lin" }}'
    assert rows(graph, query.format(name))
    assert rows(graph, query.format("http://x.example/")) == []
    assert rows(graph, 'SELECT ?s { ?s text:query (dct:title "lin") }', default_graph="unnamed") == []
    assert rows(graph, 'SELECT ?s { ?s text:query (rdfs:label "lin") }', default_graph="unnamed")
    named = f'SELECT ?s FROM NAMED <{name}> {{ GRAPH ?g {{ ?s text:query "lin" }} }}'
    assert rows(graph, named)


def test_another_prefix_of_that_name_is_another_property(graph: Graph) -> None:
    assert rows(graph, 'PREFIX text: <http://x.example/> SELECT ?s { ?s text:query "okafor" }') == []
    assert rows(graph, 'PREFIX t: <http://jena.apache.org/text#> SELECT ?s { ?s t:query ("okafor" 1) }') == [[OKAFOR]]


def test_what_no_text_has_finds_nothing(graph: Graph) -> None:
    assert rows(graph, 'SELECT * { ?s text:query "qwertyuiop" ; rdfs:label ?l }') == []
    assert rows(graph, 'SELECT * { ?s text:query "" ; rdfs:label ?l }') == []


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("?s text:query ?words", "words"),
        ("?s text:query 5", "words"),
        ("?s text:query ()", "words"),
        ('?s text:query (ng:employer "x")', "ng:employer"),
        ('?s text:query ("x" 10 20)', "20"),
        ('?s text:query ("x" "y")', '"y"'),
        ('?s text:query "x", "y"', "comma"),
        ('[ text:query "x" ]', "variable"),
        ('(?s ?score) text:query "x" ; rdfs:label ?l', "new triple"),
        ('(?a ?b ?c ?d ?e ?f) text:query "x"', "variable"),
        ('?s text:query "okafor" . ?x foo:a ?b', "column 40: the prefix foo:"),
        ('?s text:query "okafor" . ?x ?b', "column 44"),
        ('?s text:query ("okafor"', "column"),
        ('?s text:query "\\UFFFFFFFF" . ?x', "malformed"),
        ('?s text:query "x" . ' * 30, "more than"),
    ],
)
def test_a_wrong_search_says_what_is_wrong(graph: Graph, pattern: str, reason: str) -> None:
    with pytest.raises(QueryError) as caught:
        graph.query(f"SELECT * {{ {pattern} }}")
    assert reason in str(caught.value)


def test_an_update_can_search(tmp_path: Path) -> None:
    with kg.Graph.open() as graph:
        graph.update('INSERT DATA { <a> rdfs:label "Acme Robotics" . <b> rdfs:label "Meta" }')
        graph.update('INSERT { ?s rdfs:label "found" } WHERE { ?s text:query "robotic" }')
        assert rows(graph, 'SELECT ?s { ?s rdfs:label "found" }') == [["http://localhost:8000/a"]]
        assert [hit.iri for hit in graph.search("found")] == ["http://localhost:8000/a"]
