"""Prefixes need no declaration, and a query that finds nothing is told which of its terms the graph does not have."""

from __future__ import annotations

import pytest
import requests

from kg.rdf.vocabulary import PREFIXES
from tests.server.conftest import Server

HINT = "No ng:employr in this graph; ng:employer?"
ACCEPT = {
    "SELECT * { ?s ng:employr ?o }": (
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ),
    "ASK { ?s ng:employr ?o }": ("application/sparql-results+json", "application/sparql-results+xml", "text/csv"),
    "CONSTRUCT WHERE { ?s ng:employr ?o }": (
        "text/turtle",
        "application/n-triples",
        "application/n-quads",
        "application/trig",
        "application/ld+json",
        "application/rdf+xml",
    ),
}


@pytest.mark.parametrize(("query", "accept"), [(query, one) for query, all_of in ACCEPT.items() for one in all_of])
def test_an_unknown_term_is_in_a_header_where_nothing_was_found(server: Server, query: str, accept: str) -> None:
    for _ in range(2):  # the second time it comes from the cache
        response = server.ask(query, accept)
        assert (response.status_code, response.headers.get("Query-Hint")) == (200, HINT)
    found = server.ask(query.replace("employr", "employer"), accept)
    assert (found.status_code, "Query-Hint" in found.headers) == (200, False)


def test_the_header_is_there_for_every_way_to_ask(server: Server) -> None:
    query = "SELECT * { ?s ng:employr ?o }"
    assert server.ask_by_post(query).headers["Query-Hint"] == HINT
    assert requests.post(f"{server.url}/sparql", data={"query": query}, timeout=60).headers["Query-Hint"] == HINT
    parameters = {"query": query, "format": "csv"}
    assert requests.get(f"{server.url}/sparql", params=parameters, timeout=60).headers["Query-Hint"] == HINT


def test_the_page_tells_it(server: Server) -> None:
    parameters = {"query": "SELECT * { ?s ng:employr ?o }", "format": "html"}
    assert HINT in requests.get(f"{server.url}/sparql", params=parameters, timeout=60).text
    parameters["query"] = "SELECT * { ?s ng:<script> ?o }"
    assert "<script>" not in requests.get(f"{server.url}/sparql", params=parameters, timeout=60).text


def test_a_term_beyond_ascii_is_escaped_in_the_header(server: Server) -> None:
    response = server.ask("ASK { <http://example.org/Žižek> ?p ?o }")
    assert response.headers["Query-Hint"] == r"No <http://example.org/\u017di\u017eek> in this graph."


def test_a_query_that_finds_nothing_for_other_reasons_gets_no_hint(server: Server) -> None:
    response = server.ask("SELECT * { ?s ng:employer ?o FILTER(?s = ?o) }")
    assert response.json()["results"]["bindings"] == []
    assert "Query-Hint" not in response.headers


def test_no_prefix_of_the_graph_needs_a_declaration(server: Server) -> None:
    assert {"ng", "rdf", "rdfs", "xsd", "owl", "skos", "schema", "prov", "nif", "wd", "wdt"} <= set(PREFIXES)
    for prefix in PREFIXES:
        assert server.ask(f"ASK {{ ?s {prefix}:x ?o }}").status_code == 200


def test_an_unknown_prefix_is_named_with_the_nearest_one(server: Server) -> None:
    response = server.ask("SELECT * {\n  ?s scheme:author ?o }")
    assert response.status_code == 400
    assert "the prefix scheme: is not declared; schema:?" in response.text
    assert "the prefix zz: is not declared. Known" in server.ask("SELECT * { ?s zz:author ?o }").text
