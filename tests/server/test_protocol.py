"""The manners of the web: negotiation, caching, compression, other origins, descriptions."""

from __future__ import annotations

import gzip
import socket

import pyoxigraph as ox
import pytest
import requests

from server.examples import QUERIES
from tests.server.conftest import Server

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
SH = "http://www.w3.org/ns/shacl#"
EX = "http://x.example/"


def objects(content: bytes, predicate: str) -> set[str]:
    return {quad.object.value for quad in ox.parse(content, ox.RdfFormat.TURTLE) if quad.predicate.value == predicate}


def test_without_a_query_the_endpoint_describes_itself(server: Server) -> None:
    url = f"{server.url}/sparql"
    response = requests.get(url, timeout=60)
    assert response.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert objects(response.content, SD + "endpoint") == {url}
    assert objects(response.content, SD + "supportedLanguage") == {SD + "SPARQL11Query"}
    assert objects(response.content, SD + "feature") == {SD + "UnionDefaultGraph"}
    assert "https://w3id.org/newsgraph#" in objects(response.content, SH + "namespace")
    queries = objects(response.content, SH + "select") | objects(response.content, SH + "construct")
    assert queries == {one.query for one in QUERIES}
    jsonld = requests.get(url, headers={"Accept": "application/ld+json"}, timeout=60)
    assert set(ox.parse(jsonld.content, ox.RdfFormat.JSON_LD))
    refused = requests.get(url, headers={"Accept": "image/png"}, timeout=60)
    assert (refused.status_code, "text/turtle" in refused.text) == (406, True)


def test_void_counts_classes_and_properties(server: Server) -> None:
    response = requests.get(f"{server.url}/.well-known/void", timeout=60)
    assert response.status_code == 200
    store = ox.Store()
    store.load(response.content, ox.RdfFormat.TURTLE)
    query = f"""PREFIX void: <{VOID}> SELECT ?people ?labels ?triples {{
        ?set void:triples ?triples ; void:classPartition [ void:class <https://w3id.org/newsgraph#Person> ; void:entities ?people ] ;
            void:propertyPartition [ void:property <http://www.w3.org/2000/01/rdf-schema#label> ; void:triples ?labels ] }}"""
    (found,) = store.query(query)  # type: ignore[misc]
    assert [[term.value for term in found]] == server.rows(
        "SELECT (COUNT(DISTINCT ?person) AS ?people) ?labels ?triples { ?person a ng:Person "
        "{ SELECT (COUNT(*) AS ?labels) { ?s rdfs:label ?o } } { SELECT (COUNT(*) AS ?triples) { ?s ?p ?o } } } "
        "GROUP BY ?labels ?triples"
    )


@pytest.mark.parametrize(
    "path", ["/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D", "/entity/grace-lin.ttl", "/.well-known/void"]
)
def test_an_answer_that_the_client_has_is_not_sent_again(server: Server, path: str) -> None:
    first = requests.get(server.url + path, timeout=60)
    tag = first.headers["ETag"]
    again = requests.get(server.url + path, headers={"If-None-Match": tag}, timeout=60)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    assert "Accept" in again.headers["Vary"]
    other = requests.get(server.url + path, headers={"If-None-Match": 'W/"other"'}, timeout=60)
    assert other.status_code == 200


def test_the_tag_changes_with_the_graph_and_with_the_format(writable: Server, authorized: dict[str, str]) -> None:
    query = "SELECT * { ?s <http://x.example/tagged> ?o }"
    tags = [writable.ask(query).headers["ETag"]]
    assert writable.ask(query).headers["ETag"] == tags[0]
    data = {"update": f"INSERT DATA {{ <{EX}s> <{EX}tagged> 1 }}"}
    requests.post(f"{writable.url}/update", data=data, headers=authorized, timeout=60)
    tags += [writable.ask(query).headers["ETag"], writable.ask(query, "text/csv").headers["ETag"]]
    assert len(set(tags)) == 3


def test_what_varies_from_one_time_to_the_next_is_computed_each_time(server: Server) -> None:
    query = "SELECT (STRUUID() AS ?id) {}"
    assert server.rows(query) != server.rows(query)
    assert "ETag" not in server.ask(query).headers


def test_answers_are_compressed_for_who_accepts_it(server: Server) -> None:
    query = "SELECT * { ?s ?p ?o }"
    url = f"{server.url}/sparql"
    plain = requests.get(url, params={"query": query}, headers={"Accept-Encoding": "identity"}, timeout=60)
    packed = requests.get(url, params={"query": query}, headers={"Accept-Encoding": "gzip"}, timeout=60, stream=True)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.raw.read()) == plain.content
    assert "Accept-Encoding" in plain.headers["Vary"]
    refused = requests.get(url, params={"query": query}, headers={"Accept-Encoding": "gzip;q=0"}, timeout=60)
    assert "Content-Encoding" not in refused.headers


def test_files_of_pages_are_compressed_and_are_not_sent_again(server: Server) -> None:
    url = f"{server.url}/static/vendor/codemirror.js"
    plain = requests.get(url, headers={"Accept-Encoding": "identity"}, timeout=60)
    packed = requests.get(url, headers={"Accept-Encoding": "gzip"}, timeout=60, stream=True)
    body = packed.raw.read()
    assert gzip.decompress(body) == plain.content
    assert len(body) < len(plain.content) / 3 == int(plain.headers["Content-Length"]) / 3
    assert packed.headers["ETag"] == f"W/{plain.headers['ETag']}"
    for tag in (plain.headers["ETag"], packed.headers["ETag"]):
        again = requests.get(url, headers={"Accept-Encoding": "gzip", "If-None-Match": tag}, timeout=60)
        assert (again.status_code, again.content) == (304, b"")


def test_a_page_elsewhere_may_ask(server: Server) -> None:
    origin = {"Origin": "https://elsewhere.example"}
    asked = {**origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    before = requests.options(f"{server.url}/sparql", headers=asked, timeout=60)
    assert before.status_code in (200, 204)
    assert "POST" in before.headers["Access-Control-Allow-Methods"]
    assert "content-type" in before.headers["Access-Control-Allow-Headers"].lower()
    for path in ("/sparql?query=ASK%7B%7D", "/sparql?query=oops", "/entity/grace-lin.ttl"):
        answer = requests.get(server.url + path, headers=origin, timeout=60)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path", ["/sparql?query=ASK%7B%7D", "/sparql", "/entity/grace-lin", "/graphs?default", "/.well-known/void"]
)
def test_head_gives_the_headers_of_get_and_no_body(server: Server, path: str) -> None:
    head = requests.head(server.url + path, timeout=60)
    get = requests.get(server.url + path, timeout=60)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xml", "application/sparql-results+xml"),
        ("json", "application/sparql-results+json"),
    ],
)
def test_a_format_in_the_url_counts_more_than_the_header(server: Server, name: str, sent: str) -> None:
    parameters = {"query": "ASK {}", "format": name}
    response = requests.get(f"{server.url}/sparql", params=parameters, headers={"Accept": "text/html"}, timeout=60)
    assert response.headers["Content-Type"] == sent
    wrong = requests.get(f"{server.url}/sparql", params={"query": "ASK {}", "format": "doc"}, timeout=60)
    assert (wrong.status_code, "text/csv" in wrong.text) == (406, True)


def test_an_update_can_be_told_its_dataset(writable: Server, authorized: dict[str, str]) -> None:
    url = f"{writable.url}/update"
    data = f"INSERT DATA {{ GRAPH <{EX}g1> {{ <{EX}u> <{EX}p> 1 }} GRAPH <{EX}g2> {{ <{EX}u> <{EX}p> 2 }} }}"
    assert requests.post(url, data={"update": data}, headers=authorized, timeout=60).status_code == 204
    copy = f"INSERT {{ <{EX}copy> <{EX}p> ?o }} WHERE {{ <{EX}u> <{EX}p> ?o }}"
    using = {"update": copy, "using-graph-uri": f"{EX}g2"}
    assert requests.post(url, data=using, headers=authorized, timeout=60).status_code == 204
    assert writable.rows(f"SELECT ?o {{ <{EX}copy> ?p ?o }}") == [["2"]]
    for conflict in (
        f"WITH <{EX}g1> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
        copy.replace("WHERE", f"USING <{EX}g1> WHERE"),
    ):
        refused = requests.post(url, data={**using, "update": conflict}, headers=authorized, timeout=60)
        assert refused.status_code == 400


def test_compressed_bodies_are_taken_within_the_limit(writable: Server, authorized: dict[str, str]) -> None:
    header = {"Content-Type": "application/sparql-update", "Content-Encoding": "gzip", **authorized}
    url = f"{writable.url}/update"
    small = gzip.compress(f"INSERT DATA {{ <{EX}zip> <{EX}p> 1 }}".encode())
    assert requests.post(url, data=small, headers=header, timeout=60).status_code == 204
    assert writable.rows(f"SELECT ?o {{ <{EX}zip> ?p ?o }}") == [["1"]]
    bomb = gzip.compress(b"#" * 65_000_000)
    response = requests.post(url, data=bomb, headers=header, timeout=60)
    assert (response.status_code, "decompressed" in response.text) == (413, True)
    assert requests.post(url, data=small[:-9], headers=header, timeout=60).status_code == 400
    header["Content-Encoding"] = "br"
    assert requests.post(url, data=small, headers=header, timeout=60).status_code == 415


def test_a_graph_is_created_by_post_and_read_where_it_is_said_to_be(
    writable: Server, authorized: dict[str, str]
) -> None:
    header = {"Content-Type": "text/turtle", **authorized}
    created = requests.post(f"{writable.url}/graphs", data=f"<{EX}s> <{EX}p> 1 .", headers=header, timeout=60)
    assert created.status_code == 201
    where = created.headers["Location"]
    direct = requests.get(where.replace("http://localhost:8000", writable.url), timeout=60)
    indirect = requests.get(f"{writable.url}/graphs", params={"graph": where}, timeout=60)
    assert direct.status_code == indirect.status_code == 200
    assert direct.content == indirect.content


def test_a_form_with_files_adds_each_of_them(writable: Server, authorized: dict[str, str]) -> None:
    url = f"{writable.url}/graphs/people/form"
    files = [
        ("a", ("a.ttl", f"<{EX}s> <{EX}p> [] .", "text/turtle")),
        ("b", ("b.nt", f"<{EX}s> <{EX}q> <{EX}o> .\n", "application/n-triples; charset=utf-8")),
    ]
    assert requests.post(url, files=files, headers=authorized, timeout=60).status_code == 201
    found = requests.get(url, headers={"Accept": "application/n-triples"}, timeout=60)
    assert len(found.text.splitlines()) == 2


def test_an_empty_graph_is_there_once_it_was_put(writable: Server, authorized: dict[str, str]) -> None:
    url = f"{writable.url}/graphs/empty"
    header = {"Content-Type": "text/turtle", **authorized}
    assert requests.head(url, timeout=60).status_code == 404
    assert requests.put(url, data=b"", headers=header, timeout=60).status_code == 201
    assert requests.get(url, timeout=60).status_code == 200


def test_a_client_that_waits_for_leave_to_send_its_body_gets_it(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=5) as client:
        head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nAccept: text/csv\r\n"
        client.sendall(f"{head}Expect: 100-continue\r\nContent-Length: 6\r\n\r\n".encode())
        assert client.recv(1000).startswith(b"HTTP/1.1 100 Continue")
        client.sendall(b"ASK {}")
        assert client.recv(10_000).endswith(b"true")


def test_json_ld_comes_with_the_context_of_the_ontology_where_it_is_asked_for(server: Server) -> None:
    query = "CONSTRUCT { ?s a ng:Person ; ng:employer ?o } { ?s a ng:Person ; ng:employer ?o }"
    plain = server.ask(query, "application/ld+json")
    compact = server.ask(query, 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"')
    assert set(ox.parse(plain.content, ox.RdfFormat.JSON_LD)) == set(ox.parse(compact.content, ox.RdfFormat.JSON_LD))
    assert "@context" not in plain.text
    document = compact.json()
    assert {"Bayo Okafor", "Grace Lin"} == {
        name for name in ("Bayo Okafor", "Grace Lin") if f"entity/{name.lower().replace(' ', '-')}" in compact.text
    }
    assert all(node["type"] == "Person" and node["employer"] for node in document["@graph"])
    assert compact.headers["ETag"] != plain.headers["ETag"]
    context = requests.get(f"{server.url}/ontology/context.jsonld", timeout=60).json()
    assert context["@context"] == document["@context"]
    entity = requests.get(f"{server.url}/entity/grace-lin.jsonld", timeout=60).json()
    (node,) = [node for node in entity["@graph"] if node["id"].endswith("/entity/grace-lin")]
    assert (node["type"], node["label"]) == ("Person", "Grace Lin")


def test_json_ld_that_is_too_long_to_be_compacted_comes_as_it_is(server: Server) -> None:
    query = """CONSTRUCT { ?s rdfs:comment ?c }
        { ?s ?p ?o . ?t ?q ?u BIND(CONCAT(STR(?s), STR(?o), STR(?t), STR(?q), STR(?u)) AS ?c) }"""
    response = server.ask(query, 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"')
    assert response.status_code == 200
    assert len(response.content) > 2_000_000
    assert "@context" not in response.text
