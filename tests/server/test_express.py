"""The short way gives the same answers as the long one."""

from __future__ import annotations

import socket
import urllib.parse

import pytest
import requests

from server.asked import asked
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


FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"


@pytest.mark.parametrize(
    "accept", ["*/*", "text/csv", "text/turtle", "application/sparql-results+xml, text/turtle;q=0.1"]
)
@pytest.mark.parametrize("encoding", ["identity", "gzip, deflate"])
@pytest.mark.parametrize("kind", [None, FORM, QUERY])
@pytest.mark.parametrize("name", QUERIES)
def test_both_ways_give_the_same_response(
    server: Server, name: str, kind: str | None, accept: str, encoding: str
) -> None:
    url = f"{server.url}/sparql"
    plain = QUERIES[name].encode("utf-8", "surrogateescape")
    query = f"query={urllib.parse.quote(plain)}"
    headers = {"Accept": accept, "Accept-Encoding": encoding}

    def ask(more: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        if kind is None:
            response = requests.get(f"{url}?{query}", headers={**headers, **more}, timeout=60)
        else:
            typed = {**headers, **more, "Content-Type": kind}
            response = requests.post(url, plain if kind == QUERY else query, headers=typed, timeout=60)
        ignored = ("date", "x-request-id", "content-length", "transfer-encoding")
        found = {key.lower(): value for key, value in response.headers.items() if key.lower() not in ignored}
        return response.status_code, response.content, found

    first, again = ask({}), ask({})
    long_way = ask({"X-Unknown": "1"})
    assert first == again == long_way


def request(line: str = "GET /sparql?query=ASK%7B%7D HTTP/1.1", *headers: str, body: str = "") -> bytes:
    return "\r\n".join([line, "Host: x", *headers, "", body]).encode()


def post(kind: str, body: str, *headers: str) -> bytes:
    return request(
        "POST /sparql HTTP/1.1", f"Content-Type: {kind}", f"Content-Length: {len(body.encode())}", *headers, body=body
    )


@pytest.mark.parametrize(
    "data",
    [
        request(),
        request("GET /sparql?query=ASK+%7b%7D HTTP/1.1"),
        request("GET /sparql?query=ASK{} HTTP/1.1", "User-Agent: x", "Accept: */*", "Connection: Keep-Alive"),
        post(FORM, "query=ASK%7B%7D"),
        post(QUERY, "ASK {}", "accept:text/csv"),
        post(QUERY, "\ufeffASK {}"),
    ],
)
def test_a_plain_query_takes_the_short_way(data: bytes) -> None:
    found = asked(data)
    assert found is not None
    assert found.text.replace(" ", "") == "ASK{}"


@pytest.mark.parametrize(
    "data",
    [
        request()[:-1],
        request() + b"GET / HTTP/1.1\r\n\r\n",
        request().replace(b"\r", b""),
        request().replace(b"Host: x\r\n", b""),
        request("GET /sparql?query=ASK%7B%7D HTTP/1.0"),
        request("GET /sparql?query=ASK%7B%7D&format=csv HTTP/1.1"),
        request("GET /sparql?query=ASK%7B%7D&query=ASK%7B%7D HTTP/1.1"),
        request("GET /sparql?query=ASK %7B%7D HTTP/1.1"),
        request("GET /sparql?query=ASK%7B%7D%zz HTTP/1.1"),
        request("GET /sparql?query=ASK%7B%7D% HTTP/1.1"),
        request("GET /sparql?query=ASK%7B%7D%%41 HTTP/1.1"),
        request("GET /sparql?query=ASK%7B%7D%ff HTTP/1.1"),
        request("GET /sparql?query=ASK%7B%7D#x HTTP/1.1"),
        request("GET /sparql HTTP/1.1"),
        request("GET /update?query=ASK%7B%7D HTTP/1.1"),
        request("HEAD /sparql?query=ASK%7B%7D HTTP/1.1"),
        *(
            request("GET /sparql?query=ASK%7B%7D HTTP/1.1", header)
            for header in ("Accept: text/html", "Accept: image/png", 'If-None-Match: W/"x"', "Connection: close",
                           "Content-Length: 3", "Content-Length: x", "Host: y", "Accept : */*", " Accept: */*", "X-Forwarded-For: 1.2.3.4",
                           "Expect: 100-continue", "Transfer-Encoding: chunked", "Authorization: Bearer x", "X: \x7f")
        ),
        post(FORM, "query=ASK%7B%7D&default-graph-uri=http%3A%2F%2Fx"),
        post(FORM, "update=CLEAR%20ALL"),
        post(FORM, "query=ASK%7B%7D")[:-1],
        post(FORM, "query=ASK%7B%7D") + b"x",
        post(f"{FORM}; charset=utf-16", "query=ASK%7B%7D"),
        post("text/plain", "ASK {}"),
        post(QUERY, "ASK {}", "Content-Encoding: gzip"),
        post(QUERY, "ASK {}").replace(b"{}", b"\xff\xff"),
    ],
)  # fmt: skip
def test_what_needs_more_care_takes_the_long_way(data: bytes) -> None:
    assert asked(data) is None


def test_what_is_sent_before_the_answer_is_there_waits_for_it(server: Server) -> None:
    def get(value: str) -> bytes:
        query = urllib.parse.quote(f"SELECT ('{value}' AS ?x) (COUNT(*) AS ?n) {{ ?s ?p ?o . ?t ?q ?u }}")
        return request(f"GET /sparql?query={query} HTTP/1.1", "Accept: text/csv")

    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=60) as client:
        for value in ("first", "second", "third"):
            client.sendall(get(value))
        client.sendall(request("GET /health/live HTTP/1.1", "Connection: close"))
        found = b"".join(iter(lambda: client.recv(1 << 16), b""))
    places = [found.index(word) for word in (b"first", b"second", b"third", b'"ok"')]
    assert places == sorted(places)
    assert found.count(b"HTTP/1.1 200 OK") == 4
