"""The update operation: SPARQL 1.1 Protocol, section 2.2."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from tests.server.cases.case import AUTHORIZED, CSV, EX, FORM, QUERY, UPDATE, Case, check, form, q, send, table
from tests.server.conftest import TOKEN, Server

INSERT = f"INSERT DATA {{ GRAPH <{EX}scratch> {{ <{EX}a> <{EX}b> 1 }} }}"
AS_FORM = {"Content-Type": FORM, **AUTHORIZED}
AS_BODY = {"Content-Type": UPDATE, **AUTHORIZED}
BASIC = {"Authorization": "Basic " + base64.b64encode(f"ann:{TOKEN}".encode()).decode()}


def post(
    name: str,
    status: int | tuple[int, ...],
    headers: Mapping[str, str],
    body: bytes,
    *,
    path: str = "/update",
    has: Mapping[str, str] = {},
    text: str = "",
) -> Case:
    return Case(name, path, status, method="POST", headers=headers, body=body, has=has, text=text)


CASES = [
    post("a form", 204, AS_FORM, form(update=INSERT)),
    post("a form in UTF-8, and so said", 204, {**AS_FORM, "Content-Type": f"{FORM};charset=utf-8"}, form(update=INSERT)),
    post("a form in another character set", (400, 415), {**AS_FORM, "Content-Type": f"{FORM}; charset=utf-16"},
         form(update=INSERT)),
    post("the update itself", 204, AS_BODY, INSERT.encode()),
    post("the update itself in UTF-8, and so said", 204, {**AS_BODY, "Content-Type": f"{UPDATE}; charset=UTF-8"},
         INSERT.encode()),
    post("the update itself in another character set", (400, 415), {**AS_BODY, "Content-Type": f"{UPDATE};charset=latin1"},
         INSERT.encode()),
    post("the update itself that is not UTF-8", 400, AS_BODY, b"INSERT DATA { <urn:a> <urn:b> '\xff' }", text="UTF-8"),
    post("the update itself with a byte order mark", 204, AS_BODY, b"\xef\xbb\xbf" + INSERT.encode()),
    post("the password of Basic", 204, {"Content-Type": UPDATE, **BASIC}, INSERT.encode()),
    post("no token", 401, {"Content-Type": UPDATE}, INSERT.encode(), has={"WWW-Authenticate": "Bearer"}),
    post("a wrong token", 401, {**AS_BODY, "Authorization": "Bearer x"}, INSERT.encode(), has={"WWW-Authenticate": ""}),
    post("another scheme", 401, {**AS_BODY, "Authorization": "Digest x=y"}, INSERT.encode()),
    post("malformed Basic", 401, {**AS_BODY, "Authorization": "Basic !!"}, INSERT.encode()),
    post("two updates", 400, AS_FORM, form(update=INSERT) + b"&" + form(update=INSERT)),
    post("an update and another one in the URL", 400, AS_BODY, INSERT.encode(), path="/update?update=CLEAR%20ALL"),
    post("an update and a query", 400, AS_FORM, form(update=INSERT, query="ASK {}")),
    post("a query", 400, AS_FORM, form(query="ASK {}"), text="/sparql"),
    post("a query in the place of the update", 400, AS_FORM, form(update="ASK {}")),
    post("nothing", 400, AS_FORM, b"", text="update"),
    post("an empty update", 204, AS_BODY, b""),
    post("a malformed update", 400, AS_BODY, b"INSERT DATA {\n oops", has={"Content-Type": "text/plain"}, text="line 2"),
    post("a type that is none of both", 415, {"Content-Type": QUERY, **AUTHORIZED}, INSERT.encode(), text=UPDATE),
    post("no type", 415, AUTHORIZED, INSERT.encode()),
    post("a graph that is there already", 409, AS_BODY, f"CREATE GRAPH <{EX}one>".encode()),
    post("a graph that is there already, silently", 204, AS_BODY, f"CREATE SILENT GRAPH <{EX}one>".encode()),
    post("LOAD is refused", 403, AS_BODY, b"LOAD <http://127.0.0.1:9/x.ttl>", text="LOAD"),
    post("LOAD of a file is refused", (400, 403), AS_BODY, b"LOAD <file:///etc/passwd>"),
    post("SERVICE is refused", 403, AS_BODY, b"INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"),
    post("USING together with using-graph-uri", 400, AS_BODY,
         f"DELETE {{ ?s ?p ?o }} USING <{EX}one> WHERE {{ ?s ?p ?o }}".encode(), path=f"/update?using-graph-uri={EX}two"),
    post("WITH together with using-graph-uri", 400, AS_BODY,
         f"WITH <{EX}one> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}".encode(), path=f"/update?using-graph-uri={EX}two"),
    post("a relative using-graph-uri", 400, AS_FORM, form(update=INSERT, using_graph_uri="x"), text="absolute"),
    Case("GET", "/update?update=CLEAR%20ALL", 405, headers=AUTHORIZED, has={"Allow": "POST"}),
    Case("HEAD", "/update", 405, method="HEAD", headers=AUTHORIZED, has={"Allow": "POST"}),
    Case("PUT", "/update", 405, method="PUT", headers=AS_BODY, body=INSERT.encode(), has={"Allow": "POST"}),
    Case("DELETE", "/update", 405, method="DELETE", headers=AUTHORIZED, has={"Allow": "POST"}),
    Case("OPTIONS", "/update", (200, 204), method="OPTIONS", has={"Allow": "POST"}),
]  # fmt: skip


@table(CASES)
def test_update(small: Server, case: Case) -> None:
    check(small, case)


def test_using_graphs_are_what_the_pattern_sees(small: Server) -> None:
    update = f"INSERT {{ GRAPH <{EX}using> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}"
    body = form(update=update, using_graph_uri=f"{EX}one")
    assert send(small, "POST", "/update", AS_FORM, body).status == 204
    seen = send(small, "GET", q(f"SELECT ?o {{ GRAPH <{EX}using> {{ ?s ?p ?o }} }}"), {"Accept": CSV})
    assert seen.body.split() == [b"o", b"one"]


def test_using_named_graphs_are_what_the_pattern_sees_by_name(small: Server) -> None:
    update = f"INSERT {{ GRAPH <{EX}named> {{ ?s ?p ?g }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    body = form(update=update, using_named_graph_uri=f"{EX}two")
    assert send(small, "POST", "/update", AS_FORM, body).status == 204
    seen = send(small, "GET", q(f"SELECT ?o {{ GRAPH <{EX}named> {{ ?s ?p ?o }} }}"), {"Accept": CSV})
    assert seen.body.split() == [b"o", f"{EX}two".encode()]


def test_an_update_that_fails_has_changed_nothing(small: Server) -> None:
    update = f"INSERT DATA {{ <{EX}half> <{EX}p> 1 }} ; CREATE GRAPH <{EX}one>"
    assert send(small, "POST", "/update", AS_BODY, update.encode()).status == 409
    assert send(small, "GET", q(f"ASK {{ <{EX}half> ?p ?o }}"), {"Accept": CSV}).body == b"false"
