"""Graphs as resources: SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from urllib.parse import urlsplit

from tests.server.cases.case import AUTHORIZED, CSV, EX, TURTLE, Answer, Case, check, q, send, table
from tests.server.conftest import Server

AS_TURTLE = {"Content-Type": TURTLE, **AUTHORIZED}
NT = {"Accept": "application/n-triples"}
ONE = f"/graphs?graph={EX}one"
TRIPLE = f'<{EX}a> <{EX}b> "c" .'.encode()


def put(name: str, status: int, body: bytes, headers: Mapping[str, str] = AS_TURTLE, *, path: str | None = None,
        text: str = "", method: str = "PUT", has: Mapping[str, str] = {}) -> Case:  # fmt: skip
    """A graph that is put to a place of its own, unless it says another one."""
    place = path or f"/graphs?graph={EX}put/{name.replace(' ', '-')}"
    return Case(name, place, status, method=method, headers=headers, body=body, text=text, has=has)


CASES = [
    Case("GET of a graph", ONE, headers=NT, has={"Content-Type": "application/n-triples", "Vary": "Accept", "ETag": ""},
         text="one", without="two"),
    Case("GET of a graph with a percent-encoded name", "/graphs?graph=http%3A%2F%2Fx.example%2Fone", headers=NT, text="one"),
    Case("GET of the default graph", "/graphs?default", headers=NT, text="zero", without="one"),
    Case("GET of the default graph, with a value", "/graphs?default=", headers=NT, text="zero"),
    Case("GET without Accept", ONE, has={"Content-Type": TURTLE}),
    Case("GET as JSON-LD", ONE, headers={"Accept": "application/ld+json"}, has={"Content-Type": "application/ld+json"}),
    Case("GET as RDF/XML", ONE, headers={"Accept": "application/rdf+xml"}, text="<rdf:RDF"),
    Case("GET by quality", ONE, headers={"Accept": f"{TURTLE};q=0.1, application/n-triples"},
         has={"Content-Type": "application/n-triples"}),
    Case("GET as an image", ONE, 406, headers={"Accept": "image/png"}, text=TURTLE),
    Case("GET as a table", ONE, 406, headers={"Accept": CSV}),
    Case("GET of a graph that is not there", f"/graphs?graph={EX}none", 404, text=f"{EX}none"),
    Case("GET of a relative name", "/graphs?graph=one", 400, text="absolute"),
    Case("GET of no name", "/graphs?graph=", 400),
    Case("GET of two graphs", f"{ONE}&graph={EX}two", 400),
    Case("GET of a graph and the default one", f"{ONE}&default", 400),
    Case("GET of nothing", "/graphs", (200, 400)),
    Case("GET needs no token", ONE, headers=NT),
    Case("HEAD of a graph", ONE, method="HEAD", has={"Content-Type": TURTLE, "ETag": ""}),
    Case("HEAD of a graph that is not there", f"/graphs?graph={EX}none", 404, method="HEAD"),
    put("PUT of a new graph", 201, TRIPLE),
    put("PUT of an empty graph", 201, b""),
    put("PUT of N-Triples", 201, TRIPLE + b"\n", {**AUTHORIZED, "Content-Type": "application/n-triples"}),
    put("PUT of JSON-LD", 201, b'{"@id": "urn:a", "urn:b": "c"}', {**AUTHORIZED, "Content-Type": "application/ld+json"}),
    put("PUT of RDF XML", 201, b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
        {**AUTHORIZED, "Content-Type": "application/rdf+xml"}),
    put("PUT of Turtle in UTF-8 and so said", 201, "<urn:a> <urn:b> 'ž' .".encode(),
        {**AUTHORIZED, "Content-Type": f"{TURTLE};charset=utf-8"}),
    put("PUT of Turtle in another character set", 415, b"<urn:a> <urn:b> 'x' .",
        {**AUTHORIZED, "Content-Type": f"{TURTLE}; charset=iso-8859-1"}, text="UTF-8"),
    put("PUT of quads of other graphs", 400, b"<urn:a> <urn:b> 1 <urn:g> .",
        {**AUTHORIZED, "Content-Type": "application/n-quads"}),
    put("PUT to the default graph only if it is not there", 412, TRIPLE, {**AS_TURTLE, "If-None-Match": "*"},
        path="/graphs?default", text="default graph"),
    put("PUT with a relative IRI in it", 201, b"<x> <y> <z> ."),
    put("PUT of malformed Turtle", 400, b"<urn:a> <urn:b> .\noops", text="line 1"),
    put("PUT of Turtle that is not UTF-8", 400, b"<urn:a> <urn:b> '\xff' ."),
    put("PUT of an image", 415, b"\x89PNG", {**AUTHORIZED, "Content-Type": "image/png"}, text=TURTLE),
    put("PUT of no type", 415, TRIPLE, AUTHORIZED),
    put("PUT of a table", 415, b"a,b\n", {**AUTHORIZED, "Content-Type": CSV}),
    put("PUT compressed by gzip", 201, gzip.compress(TRIPLE), {**AS_TURTLE, "Content-Encoding": "gzip"}),
    put("PUT compressed by something unknown", 415, TRIPLE, {**AS_TURTLE, "Content-Encoding": "x-oops"}),
    put("PUT of what is not gzip", 400, TRIPLE, {**AS_TURTLE, "Content-Encoding": "gzip"}),
    put("PUT without the token", 401, TRIPLE, {"Content-Type": TURTLE}, has={"WWW-Authenticate": "Bearer"}),
    put("PUT of a part", 400, TRIPLE, {**AS_TURTLE, "Content-Range": "bytes 0-10/100"}),
    put("PUT of a relative name", 400, TRIPLE, path="/graphs?graph=one"),
    put("PUT of nothing that is named", 400, TRIPLE, path="/graphs"),
    put("PUT if it is not there", 201, TRIPLE, {**AS_TURTLE, "If-None-Match": "*"}),
    put("PUT only if it is not there", 412, TRIPLE, {**AS_TURTLE, "If-None-Match": "*"}, path=ONE),
    put("PUT only if it is there", 412, TRIPLE, {**AS_TURTLE, "If-Match": "*"}),
    put("PUT if it is another one", 412, TRIPLE, {**AS_TURTLE, "If-Match": '"oops"'}, path=ONE),
    put("POST to a new graph", 201, TRIPLE, method="POST"),
    put("POST of malformed Turtle", 400, b"oops", method="POST"),
    put("POST of an image", 415, b"x", {**AUTHORIZED, "Content-Type": "image/png"}, method="POST"),
    put("POST without the token", 401, TRIPLE, {"Content-Type": TURTLE}, method="POST"),
    put("POST to the store", 201, TRIPLE, path="/graphs", method="POST", has={"Location": "http"}),
    put("POST of an empty form", 400, b"--b--\r\n", {**AUTHORIZED, "Content-Type": "multipart/form-data; boundary=b"},
        method="POST"),
    Case("DELETE of a graph that is not there", f"/graphs?graph={EX}none", 404, method="DELETE", headers=AUTHORIZED),
    Case("DELETE without the token", ONE, 401, method="DELETE"),
    Case("DELETE of nothing that is named", "/graphs", 400, method="DELETE", headers=AUTHORIZED),
    Case("PATCH", ONE, (405, 501), method="PATCH", headers=AS_TURTLE, body=TRIPLE, has={"Allow": "PUT"}),
    Case("OPTIONS", ONE, (200, 204), method="OPTIONS", has={"Allow": "DELETE"}),
]  # fmt: skip


@table(CASES)
def test_graph_store(small: Server, case: Case) -> None:
    check(small, case)


def change(server: Server, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return send(server, method, path, {**AS_TURTLE, **names}, body)


def test_put_replaces_and_post_adds_and_delete_takes_away(small: Server) -> None:
    path = f"/graphs?graph={EX}life"
    assert change(small, "PUT", path, b"<urn:a> <urn:b> 1 .").status == 201
    assert change(small, "PUT", path, b"<urn:a> <urn:b> 2 .").status in (200, 204)
    assert change(small, "POST", path, b"<urn:a> <urn:b> 3 .").status in (200, 204)
    assert change(small, "POST", path).status in (200, 204)
    assert sorted(line.split(b'"')[1] for line in send(small, "GET", path, NT).body.splitlines()) == [b"2", b"3"]
    assert change(small, "DELETE", path).status in (200, 204)
    assert send(small, "GET", path).status == 404
    assert change(small, "DELETE", path).status == 404


def test_a_graph_that_is_not_rdf_leaves_the_former_one(small: Server) -> None:
    path = f"/graphs?graph={EX}former"
    assert change(small, "PUT", path, TRIPLE).status == 201
    assert change(small, "PUT", path, b"<urn:a> <urn:b> 1 . oops").status == 400
    assert b'"c"' in send(small, "GET", path, NT).body


def test_a_graph_is_named_by_its_own_address(small: Server) -> None:
    path = "/graphs/people/lin"
    assert send(small, "GET", path).status == 404
    assert change(small, "PUT", path, b"<> <urn:b> <x> .").status == 201
    found = send(small, "GET", path, NT)
    assert b"<http://localhost:8000/graphs/people/lin> <urn:b> <http://localhost:8000/graphs/people/x>" in found.body
    named = send(small, "GET", "/graphs?graph=http://localhost:8000/graphs/people/lin", NT)
    assert named.body == found.body
    assert change(small, "DELETE", path).status in (200, 204)


def test_the_place_of_a_new_graph_is_where_it_is(small: Server) -> None:
    made = change(small, "POST", "/graphs", TRIPLE)
    place = made.header("Location")
    assert made.status == 201
    assert b'"c"' in send(small, "GET", urlsplit(place).path, NT).body
    assert b'"c"' in send(small, "GET", f"/graphs?graph={place}", NT).body
    assert change(small, "POST", "/graphs", TRIPLE).header("Location") != place


def test_blank_nodes_of_two_requests_are_not_the_same(small: Server) -> None:
    path = f"/graphs?graph={EX}blank"
    for value in (b"1", b"2"):
        change(small, "POST", path, b"_:b <urn:p> " + value + b" .")
    found = send(small, "GET", q(f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ GRAPH <{EX}blank> {{ ?s ?p ?o }} }}"),
                 {"Accept": CSV})  # fmt: skip
    assert found.body.split() == [b"n", b"2"]


def test_the_default_graph_is_put_back_and_forth(small: Server) -> None:
    before = send(small, "GET", "/graphs?default", NT).body
    assert change(small, "POST", "/graphs?default", TRIPLE).status in (200, 204)
    assert len(send(small, "GET", "/graphs?default", NT).body.splitlines()) == len(before.splitlines()) + 1
    put_back = change(small, "PUT", "/graphs?default", before, Content_Type="application/n-triples")
    assert put_back.status in (200, 204)
    assert send(small, "GET", "/graphs?default", NT).body == before


def test_who_has_read_a_graph_can_replace_just_that_one(small: Server) -> None:
    path = f"/graphs?graph={EX}lost-update"
    assert change(small, "PUT", path, b"<urn:a> <urn:b> 1 .").status == 201
    tag = send(small, "GET", path).header("ETag")
    assert change(small, "PUT", path, b"<urn:a> <urn:b> 2 .", If_Match=tag).status in (200, 204)
    assert change(small, "PUT", path, b"<urn:a> <urn:b> 3 .", If_Match=tag).status == 412
    assert change(small, "DELETE", path, If_Match=tag).status == 412
    assert b'"2"' in send(small, "GET", path, NT).body
    assert change(small, "DELETE", path, If_Match="*").status in (200, 204)
    assert change(small, "DELETE", path, If_Match="*").status in (404, 412)


def test_a_body_that_comes_in_chunks_is_read(small: Server) -> None:
    header = {**AS_TURTLE, "Transfer-Encoding": "chunked"}
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (TRIPLE[:10], TRIPLE[10:])) + b"0\r\n\r\n"
    assert send(small, "PUT", f"/graphs?graph={EX}chunked", header, chunks).status == 201
    assert b'"c"' in send(small, "GET", f"/graphs?graph={EX}chunked", NT).body
