"""The manners of the web: RFC 9110 and 9111, and what the Fetch standard asks for pages elsewhere."""

from __future__ import annotations

import contextlib
import gzip
import socket
import time

import pytest

from tests.server.cases.case import AUTHORIZED, CSV, EX, FORM, TURTLE, Case, check, form, q, send, table
from tests.server.conftest import Server

ASK = q("ASK { ?s ?p ?o }")
LONG = q("SELECT * { VALUES ?x { " + " ".join(f"'{n:06}'" for n in range(500)) + " } }")
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ORIGIN = {"Origin": "https://elsewhere.example"}
PREFLIGHT = {**ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}

CASES = [
    Case("gzip", LONG, headers={"Accept-Encoding": "gzip"}, has={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}),
    Case("gzip among others", LONG, headers={"Accept-Encoding": "br;q=1.0, gzip;q=0.8"}, has={"Content-Encoding": ""}),
    Case("any compression", LONG, headers={"Accept-Encoding": "*"}, has={"Vary": "Accept-Encoding"}),
    Case("no compression unless asked for", LONG, lacks=("Content-Encoding",), has={"Vary": "Accept-Encoding"}),
    Case("no gzip", LONG, headers={"Accept-Encoding": "gzip;q=0"}, lacks=("Content-Encoding",)),
    Case("only as it is", LONG, headers={"Accept-Encoding": "identity"}, lacks=("Content-Encoding",)),
    Case("rather as it is", LONG, headers={"Accept-Encoding": "gzip;q=0.1, identity"}, lacks=("Content-Encoding",)),
    Case("not as it is", LONG, headers={"Accept-Encoding": "gzip, identity;q=0"}, has={"Content-Encoding": "gzip"}),
    Case("a compression that nobody knows", LONG, headers={"Accept-Encoding": "oops"}, lacks=("Content-Encoding",)),
    Case("what is short is not compressed", ASK, headers={"Accept-Encoding": "gzip"}, lacks=("Content-Encoding",)),
    Case("any page elsewhere may read", ASK, headers=ORIGIN, has={"Access-Control-Allow-Origin": "*"}),
    Case("a page elsewhere may read errors", q("oops"), 400, headers=ORIGIN, has={"Access-Control-Allow-Origin": "*"}),
    Case("a page elsewhere asks before it asks", "/sparql", (200, 204), method="OPTIONS", headers=PREFLIGHT,
         has={"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "POST",
              "Access-Control-Allow-Headers": "Content-Type", "Access-Control-Max-Age": ""}),
    Case("a page elsewhere asks before it writes", "/update", (200, 204), method="OPTIONS", headers=PREFLIGHT,
         has={"Access-Control-Allow-Headers": "Authorization", "Access-Control-Allow-Methods": "POST"}),
    Case("a page elsewhere asks before it puts a graph", f"/graphs?graph={EX}one", (200, 204), method="OPTIONS",
         headers={**PREFLIGHT, "Access-Control-Request-Method": "PUT"}, has={"Access-Control-Allow-Methods": "PUT"}),
    Case("a page elsewhere may send headers of its own", "/sparql", 204, method="OPTIONS",
         headers={**ORIGIN, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-mine, accept"},
         has={"Access-Control-Allow-Headers": "x-mine, accept", "Vary": "Access-Control-Request-Headers"}),
    Case("which methods there are", "/sparql", 204, method="OPTIONS", has={"Allow": "GET, HEAD, OPTIONS, POST"},
         lacks=("Content-Type",)),
    Case("which methods there are for graphs", f"/graphs?graph={EX}one", 204, method="OPTIONS",
         has={"Allow": "DELETE, GET, HEAD, OPTIONS, POST, PUT"}),
    Case("what has no body has no type", "/update", 204, method="POST", headers={"Content-Type": FORM, **AUTHORIZED},
         body=form(update="INSERT DATA {}"), lacks=("Content-Type",)),
    Case("a tag is of no use for POST", "/sparql", method="POST", headers={"Content-Type": FORM, "If-None-Match": "*"},
         body=form(query="ASK {}"), text="true"),
    Case("PUT is not one of them", "/sparql", 405, method="PUT", body=b"", has={"Allow": "POST"}),
    Case("DELETE is not one of them", "/sparql", 405, method="DELETE", has={"Allow": "POST"}),
    Case("a method that nobody knows", "/sparql", 501, method="OOPS"),
    Case("a method that is known and not there", "/sparql", 405, method="PROPFIND", has={"Allow": "GET"}),
    Case("another protocol that is offered", ASK, headers={"Connection": "Upgrade", "Upgrade": "h2c"}, text="true"),
    Case("TRACE", "/sparql", (405, 501), method="TRACE"),
    Case("a page that is not there", "/oops", 404, headers={"Accept": FIREFOX}, has={"Content-Type": "text/html"}),
    Case("a page that is not there, for a program", "/oops", 404, has={"Content-Type": "text/plain"}, without="<html"),
    Case("an error as a problem in JSON", q("oops"), 400, headers={"Accept": "application/json"},
         has={"Content-Type": ""}),
    Case("no guess at types", ASK, has={"X-Content-Type-Options": "nosniff"}),
    Case("no script", "/", headers={"Accept": FIREFOX}, has={"Content-Security-Policy": "default-src 'none'"}),
    Case("no version of the software", ASK, lacks=("X-Powered-By",)),
    Case("each answer has a name", ASK, has={"X-Request-Id": ""}),
    Case("each answer has a date", ASK, has={"Date": "GMT"}),
    Case("the length is told", ASK, has={"Content-Length": ""}),
    Case("what may have changed is asked for again", ASK, has={"Cache-Control": "no-cache"}),
    Case("what changes each time has no tag", q("SELECT (RAND() AS ?x) {}"), lacks=("ETag",)),
    Case("errors have no tag", q("oops"), 400, lacks=("ETag",)),
    Case("a tag that does not fit", ASK, headers={"If-None-Match": '"oops"'}, text="true"),
    Case("any tag fits", ASK, 304, headers={"If-None-Match": "*"}, has={"ETag": ""}),
    Case("a part of an answer", ASK, (200, 206), headers={"Range": "bytes=0-3"}),
    Case("a part of an answer that can't be had", ASK, (200, 416), headers={"Range": "bytes=9999-"}),
    Case("a condition on time", ASK, 200, headers={"If-Modified-Since": "Mon, 01 Jan 2035 00:00:00 GMT"}),
    Case("the rules for robots", "/robots.txt", has={"Content-Type": "text/plain"}, text="Disallow: /sparql"),
    Case("the icon", "/favicon.ico", (200, 204, 301, 302, 308)),
    Case("health", "/health", text="ok"),
    Case("health of the process", "/health/live", text="ok"),
    Case("measurements", "/metrics", has={"Content-Type": "text/plain"}, text="newsgraph_queries_total"),
    Case("a slash too many", "/ontology/", (301, 308, 404)),
    Case("two slashes", "//sparql", (200, 301, 308, 404)),
    Case("a path out of the folder", "/static/../../../etc/passwd", 404),
    Case("a path out of the folder, encoded", "/static/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404),
    Case("a URL that is too long", "/sparql?query=" + "x" * 70_000, (400, 414)),
    Case("a head that is too long", ASK, (200, 400, 414, 431), headers={"X-Long": "x" * 70_000}),
    Case("a body for GET is not read", ASK, (200, 400), headers={"Content-Type": "text/plain"}, body=b"x"),
    Case("a body that is said to be too long", "/sparql", 413, method="POST",
         headers={"Content-Type": FORM, "Content-Length": "99999999999"}),
    Case("a length that is none", "/sparql", 400, method="POST", headers={"Content-Type": FORM, "Content-Length": "x"}),
    Case("an expectation that nobody meets", "/sparql", (200, 400, 417), method="POST",
         headers={"Content-Type": FORM, "Expect": "oops"}, body=form(query="ASK {}")),
    Case("a favour asked of a proxy", ASK, headers={"Via": "1.1 x", "X-Forwarded-For": "1.2.3.4"}, text="true"),
    Case("a cookie is of no use", ASK, headers={"Cookie": "a=b"}, text="true", lacks=("Set-Cookie",)),
    Case("the token is not needed to read", ASK, headers=AUTHORIZED, text="true"),
    Case("a wrong token does not hinder reading", ASK, headers={"Authorization": "Bearer oops"}, text="true"),
]  # fmt: skip


@table(CASES)
def test_manners(small: Server, case: Case) -> None:
    check(small, case)


@pytest.mark.parametrize("path", [ASK, LONG, f"/graphs?graph={EX}two", "/.well-known/void"])
def test_what_the_client_has_is_not_sent_again(small: Server, path: str) -> None:
    first = send(small, "GET", path)
    tag = first.header("ETag")
    for tags in (tag, f'"a", {tag}, "b"', tag.removeprefix("W/")):
        again = send(small, "GET", path, {"If-None-Match": tags})
        assert (again.status, again.header("ETag")) == (304, tag)
        assert "Accept" in again.header("Vary")
    assert send(small, "HEAD", path, {"If-None-Match": tag}).status == 304
    assert (
        send(small, "GET", path, {"If-None-Match": tag, "Accept": "application/rdf+xml, application/xml"}).status == 200
    )


def test_a_write_gives_another_tag(small: Server) -> None:
    before = send(small, "GET", ASK).header("ETag")
    change = {"Content-Type": TURTLE, **AUTHORIZED}
    assert send(small, "PUT", f"/graphs?graph={EX}tag", change, b"<urn:a> <urn:b> 1 .").status == 201
    after = send(small, "GET", ASK, {"If-None-Match": before})
    assert (after.status, after.header("ETag") != before) == (200, True)


def test_what_is_compressed_is_the_same(small: Server) -> None:
    plain, packed = (send(small, "GET", LONG, {"Accept": CSV, "Accept-Encoding": coding}) for coding in ("", "gzip"))
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body)


def test_head_says_what_get_would(small: Server) -> None:
    for path in (ASK, LONG, "/sparql", f"/graphs?graph={EX}one", "/ontology", "/", "/health"):
        get, head = send(small, "GET", path), send(small, "HEAD", path)
        assert (head.status, head.body) == (get.status, b"")
        for name in ("Content-Type", "Content-Length", "ETag", "Vary"):
            assert head.header(name) == get.header(name), (path, name)


def raw(server: Server, data: bytes) -> bytes:
    """What comes back until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=10) as client:
        found = b""
        # A server that refuses what is too long may not wait for its end.
        with contextlib.suppress(ConnectionError):
            client.sendall(data)
        while piece := client.recv(1 << 16):
            found += piece
        return found


@pytest.mark.parametrize(
    "data",
    [
        b"oops\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused_and_harms_nobody(small: Server, data: bytes) -> None:
    found = raw(small, data)
    assert found == b"" or found.startswith((b"HTTP/1.1 400", b"HTTP/1.1 5")), found[:200]
    assert found.count(b"HTTP/1.1 ") <= 1
    assert send(small, "GET", ASK).status == 200


@pytest.mark.parametrize(
    ("status", "data"),
    [
        (400, b"GET /health HTTP/1.1\r\n\r\n"),
        (400, b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n\r\n"),
        (400, b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        (400, b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        (400, b"GET /health HTTP/1.1\r\nHost: a b/c\r\n\r\n"),
        (400, b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: a/c\r\n\r\n"),
        (200, b"GET /health HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n"),
        (200, b"GET /health HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n"),
        (200, b"GET /health HTTP/1.0\r\n\r\n"),
        (400, b"GET /health HTTP/1.1\r\nHost : x\r\n\r\n"),
        (400, b"GET /health HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n"),
        (200, b"\r\nGET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        (200, b"GET http://x/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        (200, b"GET http://x/sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        (204, b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        (400, b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n"),
        (400, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        (501, b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        (417, b"POST /sparql HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nContent-Length: 0\r\n\r\n"),
        (414, b"GET /sparql?query=" + b"x" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
        (414, b"GET /sparql?query=ASK%7B%7D" + b"+" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
        (431, b"GET /health HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n"),
        (431, b"GET /health HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 15_000 + b"\r\n"),
    ],
)  # fmt: skip
def test_what_a_request_must_have_and_must_not(small: Server, status: int, data: bytes) -> None:
    found = raw(small, data)
    assert found.startswith(f"HTTP/1.1 {status} ".encode()), found[:200]
    assert b"nosniff" in found


def test_a_body_in_chunks_is_read_with_what_stands_around_them(small: Server) -> None:
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n"
    )
    body = b"3;a=b\r\nASK\r\n3\r\n {}\r\n0\r\nTrailer: x\r\n\r\n"
    assert raw(small, head + b"Accept: text/csv\r\nConnection: close\r\n\r\n" + body).endswith(b"true")


def test_a_request_that_comes_in_drops_is_read(small: Server) -> None:
    data = f"GET {ASK} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nConnection: close\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", int(small.url.rpartition(":")[2])), timeout=10) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for place in range(0, len(data), 20):
            client.sendall(data[place : place + 20])
            time.sleep(0.002)
        assert b"".join(iter(lambda: client.recv(1 << 16), b"")).endswith(b"true")


def test_two_requests_at_once_are_answered_in_order(small: Server) -> None:
    def get(value: str) -> bytes:
        return f"GET {q(f'SELECT ({value!r} AS ?x) {{}}')} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n".encode()

    found = raw(small, get("first") + b"\r\n" + get("second") + b"Connection: close\r\n\r\n")
    assert found.count(b"HTTP/1.1 200") == 2
    assert found.index(b"first") < found.index(b"second")


def test_http_1_0_is_answered_and_closed(small: Server) -> None:
    found = raw(small, f"GET {ASK} HTTP/1.0\r\nAccept: text/csv\r\n\r\n".encode())
    assert found.startswith(b"HTTP/1.")
    assert found.endswith(b"true")
