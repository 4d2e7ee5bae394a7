"""Queries that the engine takes otherwise than SPARQL, as `kg.Graph` answers them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions

import kg
from kg.errors import QueryError
from kg.sparql.mend import lower_booleans, mend
from kg.sparql.outside import confine

DATA = """
INSERT DATA {
  <urn:a> <urn:p> <urn:b> . <urn:b> <urn:p> <urn:c> .
  GRAPH <urn:g> { <urn:k> <urn:p> 1, 2 }
  GRAPH <urn:h> { <urn:l> <urn:q> 3 . <urn:l> <urn:name> "TRUE MINUS { GRAPH ?g"@en }
}"""


@pytest.fixture(scope="module")
def graph() -> Iterator[kg.Graph]:
    with kg.Graph.open() as found:
        found.update(DATA)
        yield found


def rows(graph: kg.Graph, query: str) -> list[tuple[str, ...]]:
    """The values of a query's solutions, sorted; nothing for what has no value."""
    answer = graph.query(query, default_graph="unnamed")
    assert isinstance(answer, QuerySolutions)
    return sorted(tuple("" if value is None else value.value for value in row) for row in answer)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?x { ?x <urn:p>* <urn:absent> }", [("urn:absent",)]),
        ("SELECT ?x { <urn:absent> <urn:p>? ?x }", [("urn:absent",)]),
        ("SELECT ?x { <urn:absent> (<urn:p>|^<urn:q>)* ?x . FILTER(isIRI(?x)) }", [("urn:absent",)]),
        ("PREFIX u: <urn:> SELECT ?x { ?x ^u:p* u:absent }", [("urn:absent",)]),
        ("SELECT ?x { <urn:k> <urn:p>* ?x }", [("urn:k",)]),
        ("SELECT ?x { <urn:b> <urn:p>* ?x }", [("urn:b",), ("urn:c",)]),
        ("SELECT ?x { <urn:absent> <urn:p>+ ?x }", []),
        ("SELECT ?x { <urn:absent> <urn:p> ?x }", []),
        ("SELECT ?x { VALUES ?y { 2 } BIND(?y *3 AS ?x) }", [("6",)]),
    ],
)
def test_a_path_of_no_steps_leads_from_a_term_to_itself(
    graph: kg.Graph, query: str, expected: list[tuple[str, ...]]
) -> None:
    assert rows(graph, query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?g ?x { GRAPH ?g { VALUES ?x { 7 } } }", [("urn:g", "7"), ("urn:h", "7")]),
        ("SELECT ?g ?x { GRAPH ?g { VALUES (?g ?x) { (UNDEF 7) (<urn:h> 8) } } }",
         [("urn:g", "7"), ("urn:h", "7"), ("urn:h", "8")]),
        ("SELECT ?g ?x { GRAPH ?g { { ?s <urn:q> ?x } UNION { VALUES ?x { 7 } } } }",
         [("urn:g", "7"), ("urn:h", "3"), ("urn:h", "7")]),
        ("SELECT ?g ?x { GRAPH ?g { ?s <urn:p> ?x MINUS { ?t <urn:p> ?y } } }", [("urn:g", "1"), ("urn:g", "2")]),
        ("SELECT ?g ?x { GRAPH ?g { ?s <urn:p> ?x MINUS { ?s <urn:p> 1 } } }", []),
        ("SELECT ?g ?x { GRAPH ?g { SELECT ?x { ?s <urn:p> ?x } } }", [("urn:g", "1"), ("urn:g", "2")]),
        ("SELECT ?g ?x { GRAPH ?g { { SELECT DISTINCT * { ?s <urn:p> ?x } } } }", [("urn:g", "1"), ("urn:g", "2")]),
        ("SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?x } } }", [("urn:g", "2"), ("urn:h", "0")]),
        ("SELECT ?g ?n { GRAPH ?g { SELECT (MAX(?x) AS ?n) WHERE { ?s <urn:p> ?x } } }",
         [("urn:g", "2"), ("urn:h", "")]),
        ("SELECT ?g ?n { GRAPH ?g { SELECT (SUM(?x) AS ?n) { ?s <urn:p> ?x } } }", [("urn:g", "3")]),
        ("SELECT ?g ?n { GRAPH ?g { SELECT ?p (COUNT(?x) AS ?n) { ?s ?p ?x } GROUP BY ?p ORDER BY ?p } }",
         [("urn:g", "2"), ("urn:h", "1"), ("urn:h", "1")]),
        ("SELECT ?n { GRAPH <urn:g> { SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?x } } }", [("2",)]),
        ('SELECT ?g { GRAPH ?g { ?s ?p "TRUE MINUS { GRAPH ?g"@en VALUES ?s { <urn:l> } } }', [("urn:h",)]),
    ],
)  # fmt: skip
def test_a_graph_pattern_gives_what_it_gives_in_each_graph(
    graph: kg.Graph, query: str, expected: list[tuple[str, ...]]
) -> None:
    assert rows(graph, query) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "?a <urn:p> ?b OPTIONAL { ?a <urn:q> ?c }",
        "?a <urn:p> ?b MINUS { OPTIONAL { FILTER(?a != 1) } ?c <urn:q> ?d }",
        "?a <urn:p> ?b MINUS { SELECT (?a AS ?e) { ?a <urn:p> ?c } }",
        "?a ?p ?b MINUS { { SELECT ?a { ?a <urn:p> ?c } } }",
        "?a ?p ?b MINUS { ?c <urn:q> ?d MINUS { ?e <urn:p> ?f } }",
        "OPTIONAL { VALUES ?b { 1 3 } MINUS { ?a <urn:p> ?b } }",
        "?a ?p ?b FILTER NOT EXISTS { VALUES ?c { 1 } ?d <urn:p> ?c }",
        "{ VALUES ?b { 1 3 } } UNION { BIND(5 AS ?b) } OPTIONAL { ?a <urn:p> ?b }",
        "VALUES ?b { 1 3 } { SELECT ?b (COUNT(*) AS ?c) { ?a ?p ?b } GROUP BY ?b HAVING (COUNT(*) > 0) }",
        "{ SELECT ?b (MIN(?d) AS ?c) { { SELECT ?b ?d { ?a ?p ?b . ?a ?q ?d } } } GROUP BY ?b }",
        "{ SELECT (COUNT(?b) AS ?c) (MAX(?b) AS ?d) { { SELECT DISTINCT ?b { ?a <urn:p> ?b } } } }",
        "{ SELECT * { VALUES ?b { 1 2 } } } ?a ?p ?b",
        "?a ?p ?b GRAPH <urn:h> { ?c <urn:q> ?d MINUS { ?e <urn:p> ?f } }",
    ],
)
def test_a_graph_pattern_is_the_union_over_the_graphs(graph: kg.Graph, pattern: str) -> None:
    variables = "?a ?b ?c ?d ?e ?f"
    expected = [
        (name, *row)
        for name in ("urn:g", "urn:h")
        for row in rows(graph, f"SELECT {variables} {{ GRAPH <{name}> {{ {pattern} }} }}")
    ]
    assert expected
    assert rows(graph, f"SELECT ?g {variables} {{ GRAPH ?g {{ {pattern} }} }}") == sorted(expected)


def test_booleans_may_be_written_in_any_case(graph: kg.Graph) -> None:
    assert rows(graph, "SELECT (TRUE AS ?t) (False AS ?f) ('TRUE' AS ?s) {}") == [("true", "false", "TRUE")]
    graph.update("INSERT DATA { GRAPH <urn:t> { <urn:t> <urn:t> TRUE } } ; DROP GRAPH <urn:t>")


def test_group_concat_gives_a_string_without_language(graph: kg.Graph) -> None:
    query = (
        "ASK { { SELECT (GROUP_CONCAT(?x ; SEPARATOR=')') AS ?y) { VALUES ?x { 'a'@en 'b'@en } } } FILTER(?y = 'a)b') }"
    )
    answer = graph.query(query)
    assert isinstance(answer, QueryBoolean)
    assert bool(answer)


def test_a_blank_node_for_a_string_is_another_one_in_each_solution(graph: kg.Graph) -> None:
    found = rows(graph, "SELECT (BNODE(?x) AS ?a) (BNODE(?x) AS ?b) (BNODE('it s') AS ?c) { VALUES ?x { 'x' 'x' } }")
    assert all(a == b != c for a, b, c in found)
    assert len({row[0] for row in found}) == 2


def test_a_malformed_query_that_would_be_mended_is_answered_with_its_own_place(graph: kg.Graph) -> None:
    with pytest.raises(QueryError, match="at line 2, column 10: something is missing"):
        graph.query("SELECT (TRUE AS ?t) (GROUP_CONCAT(?x) AS ?y)\n{ ?s ?p }")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20_000,
        "GRAPH ?g { MINUS {" * 4_000,
        "GRAPH ?g {" + "{" * 9_000 + "}" * 9_000 + "}",
        "GRAPH ?g { ?s ?p ?o " + "MINUS { ?s ?p ?o } " * 4_000 + "}",
        "GRAPH ?g { VALUES ?x { 1 } " + ". " * 20_000 + "}",
        "{ ?x <urn:p>* <urn:a> . } " * 4_000,
        "'" + "\\" * 20_000,
        "<" * 20_000,
        "a." * 20_000,
        "a-" * 20_000,
        ":." * 20_000,
        "1" * 20_000 + "x",
    ],
)
def test_no_text_takes_long_to_mend(text: str) -> None:
    started = time.monotonic()
    confine(mend(lower_booleans(f"SELECT TRUE BNODE GROUP_CONCAT service {text}"), lambda _: True))
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "piece",
    ['"\\', '"""\\', "<", "<a", "a-", "a.", "{}", "a", "'''\\", ":", ":.", "?", "a:", "SERVICE ", "LOAD SILENT "],
)
def test_no_text_takes_more_than_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = "TRUE GROUP_CONCAT LOAD:" + (piece * length)[:length]
        began = time.process_time()
        confine(mend(lower_booleans(text), lambda _: True))
        return time.process_time() - began

    assert seconds(100_000) < 12 * seconds(25_000) + 0.2


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ?true { ?s ex:TRUE "TRUE" # TRUE\n; <TRUE> true }',
        "SELECT * { ?service ex:SERVICE 'SERVICE SILENT <http://x.example/> {}' }",
        "INSERT DATA { <http://x.example/LOAD> ex:load 'LOAD <http://x.example/>' }",
    ],
)
def test_strings_names_iris_and_comments_stay_as_they_are(text: str) -> None:
    assert confine(mend(lower_booleans(text), lambda _: True)) == (text, None)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?a { VALUES ?a { 1 } SERVICE SILENT <http://x.example/> { ?a ?b ?c } }",
        "SELECT ?a { VALUES ?a { 1 } service silent ?a { SELECT ?b { ?b ?c ?d } } }",
        (
            "PREFIX ex: <http://x.example/> SELECT ?a { VALUES ?a { 1 } "
            "SERVICE SILENT ex: { { ?a ?b ?c } SERVICE SILENT ex:x { ?d ?e ?f } } }"
        ),
    ],
)
def test_a_silent_service_gives_one_empty_solution(graph: kg.Graph, query: str) -> None:
    assert rows(graph, query) == [("1",)]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT (COUNT(COUNT(*)) AS ?n) {}", "line 1, column 15: an aggregate can't stand within another"),
        ("SELECT ?x\n(SUM(?y + MAX(?y)) AS ?n) {} GROUP BY ?x", "line 2, column 11: an aggregate"),
    ],
)
def test_an_aggregate_within_another_is_malformed(graph: kg.Graph, query: str, reason: str) -> None:
    with pytest.raises(QueryError, match=f"^The query is malformed at .*{reason}"):
        graph.query(query)


def test_aggregates_side_by_side_and_in_subqueries_are_right(graph: kg.Graph) -> None:
    query = "SELECT (COUNT(*) + SUM(?n) AS ?x) { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }"
    assert rows(graph, query) == [("3",)]
    query = "SELECT (SUM(IF(EXISTS { SELECT (COUNT(*) AS ?n) {} }, 2, 3)) AS ?x) { VALUES ?y { 1 2 } }"
    assert rows(graph, query) == [("4",)]
