"""The short way gives the same answers as the long one."""

from __future__ import annotations

import urllib.parse

import pytest
import requests

from server import express
from tests.server.conftest import Server

QUERIES = {
    "table": "SELECT ?s ?name { ?s a ng:Person ; rdfs:label ?name } ORDER BY ?s",
    "boolean": "ASK { ?s a ng:Person }",
    "triples": "CONSTRUCT { ?s rdfs:label ?name } { ?s a ng:Place ; rdfs:label ?name }",
    "much": "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o",
    "very much": "SELECT * { ?s ?p ?o . ?t ?q ?u } LIMIT 3000",
    "nothing": "SELECT ?s { ?s a <http://x.example/none> }",
    "varying": "SELECT (DATATYPE(NOW()) AS ?x) {}",
    "malformed": "SELECT * {",
    "refused": "ASK { SERVICE <http://x.example/> { ?s ?p ?o } }",
    "too deep": "ASK " + "{" * 300 + "}" * 300,
    "not UTF-8": "ASK { ?s ?p '\udcff' }",
}


@pytest.mark.parametrize(
    "accept", ["*/*", "text/csv", "text/turtle", "application/sparql-results+xml, text/turtle;q=0.1"]
)
@pytest.mark.parametrize("encoding", ["identity", "gzip, deflate"])
@pytest.mark.parametrize("name", QUERIES)
def test_both_ways_give_the_same_response(server: Server, name: str, accept: str, encoding: str) -> None:
    url = f"{server.url}/sparql"
    query = urllib.parse.quote(QUERIES[name].encode("utf-8", "surrogateescape"))
    headers = {"Accept": accept, "Accept-Encoding": encoding}

    def ask(more: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        response = requests.get(f"{url}?query={query}", headers={**headers, **more}, timeout=60)
        ignored = ("date", "x-request-id", "content-length", "transfer-encoding")
        found = {key.lower(): value for key, value in response.headers.items() if key.lower() not in ignored}
        return response.status_code, response.content, found

    first, again = ask({}), ask({})
    long_way = ask({"X-Unknown": "1"})
    assert first == again == long_way


@pytest.mark.parametrize(
    ("change", "is_taken"),
    [
        ({}, True),
        ({"method": "POST"}, False),
        ({"path": "/update"}, False),
        ({"query_string": b"query=ASK%7B%7D&format=csv"}, False),
        ({"query_string": b"query=ASK%7B%7D&query=ASK%7B%7D"}, False),
        ({"query_string": b""}, False),
        ({"headers": [(b"accept", b"text/html")]}, False),
        ({"headers": [(b"accept", b"image/png")]}, False),
        ({"headers": [(b"if-none-match", b'W/"x"')]}, False),
        ({"headers": [(b"content-length", b"3")]}, False),
        ({"headers": [(b"user-agent", b"x"), (b"accept", b"*/*")]}, True),
    ],
)
def test_only_plain_queries_by_get_take_the_short_way(change: dict[str, object], is_taken: bool) -> None:
    scope = {"method": "GET", "path": "/sparql", "query_string": b"query=ASK%7B%7D", "headers": [], **change}
    assert (express.asked(scope) is not None) == is_taken
