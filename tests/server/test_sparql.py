"""The SPARQL endpoint, as clients see it."""

from __future__ import annotations

import csv
import io
import re
import shutil
import socket
import subprocess
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
import requests
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from server.examples import QUERIES, WIKIBASE
from tests.server.conftest import Server

WHO = "SELECT ?name { ?person a ng:Person ; rdfs:label ?name } ORDER BY ?name"
PEOPLE = "CONSTRUCT { ?person rdfs:label ?name } { ?person a ng:Person ; rdfs:label ?name }"


@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("*/*", "application/sparql-results+json"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("application/sparql-results+json; charset=utf-8", "application/sparql-results+json"),
    ],
)
def test_a_table_comes_in_the_format_that_is_accepted(server: Server, accept: str, sent: str) -> None:
    response = server.ask(WHO, accept)
    assert response.headers["Content-Type"] == sent
    rows = [("Bayo Okafor",), ("Grace Lin",)]
    kind = sent.partition(";")[0]
    if kind == "text/csv":
        assert [tuple(row) for row in csv.reader(io.StringIO(response.text))] == [("name",), *rows]
        return
    found = ox.parse_query_results(response.content, format=ox.QueryResultsFormat.from_media_type(kind))
    assert isinstance(found, ox.QuerySolutions)
    assert [(row["name"].value,) for row in found] == rows


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/trig", ox.RdfFormat.TRIG),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
    ],
)
def test_triples_come_in_the_format_that_is_accepted(server: Server, accept: str, kind: ox.RdfFormat) -> None:
    response = server.ask(PEOPLE, accept)
    assert response.headers["Content-Type"].startswith(accept)
    names = {quad.object.value for quad in ox.parse(response.content, kind)}
    assert names == {"Bayo Okafor", "Grace Lin"}


def test_get_and_both_forms_of_post_give_the_same_answer(server: Server) -> None:
    url = f"{server.url}/sparql"
    accept = {"Accept": "text/csv"}
    by_get = requests.get(url, params={"query": WHO}, headers=accept, timeout=60)
    by_form = requests.post(url, data={"query": WHO}, headers=accept, timeout=60)
    header = {"Content-Type": "application/sparql-query", **accept}
    directly = requests.post(url, data=WHO.encode(), headers=header, timeout=60)
    assert by_get.text == by_form.text == directly.text
    assert [by_get.status_code, by_form.status_code, directly.status_code] == [200, 200, 200]


def test_an_ask_query_gives_a_boolean(server: Server) -> None:
    assert server.ask("ASK { ?person a ng:Person }").json() == {"head": {}, "boolean": True}


def test_queries_see_all_graphs_together_and_each_triple_once(server: Server) -> None:
    ((triples, distinct),) = server.rows("SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT *) AS ?m) { ?s ?p ?o }")
    assert triples == distinct
    assert server.rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }") == [
        [article] for (article,) in server.rows("SELECT ?a { ?a a schema:NewsArticle }")
    ]


def test_the_request_can_name_the_dataset(server: Server) -> None:
    ((article,), *_) = server.rows("SELECT ?a { ?a a schema:NewsArticle }")
    query = "SELECT (COUNT(*) AS ?n) { ?article a schema:NewsArticle }"
    parameters = {"query": query, "default-graph-uri": article}
    response = requests.get(f"{server.url}/sparql", params=parameters, headers={"Accept": "text/csv"}, timeout=60)
    assert response.text.split() == ["n", "1"]
    assert server.rows(query) == [["2"]]


def test_from_in_the_query_chooses_among_the_graphs(server: Server) -> None:
    ((article,), *_) = server.rows("SELECT ?a { ?a a schema:NewsArticle }")
    query = f"SELECT (COUNT(*) AS ?n) FROM <{article}> {{ ?article a schema:NewsArticle }}"
    assert server.rows(query) == [["1"]]


@pytest.mark.parametrize(
    ("method", "arguments", "status", "hint"),
    [
        ("GET", {"params": {"query": "SELECT * {"}}, 400, "malformed at line 1"),
        ("GET", {"params": {"query": ["ASK {}", "ASK {}"]}}, 400, "give it once"),
        ("GET", {"params": {"update": "CLEAR ALL"}}, 400, "/update"),
        ("POST", {"data": {"update": "CLEAR ALL"}}, 400, "/update"),
        ("POST", {"data": b"ASK {}", "headers": {"Content-Type": "text/plain"}}, 415, "application/sparql-query"),
        ("POST", {"data": b"\xff", "headers": {"Content-Type": "application/sparql-query"}}, 400, "UTF-8"),
        ("GET", {"params": {"query": "ASK {}"}, "headers": {"Accept": "image/png"}}, 406, "text/turtle"),
        ("GET", {"params": {"query": "ASK {}"}, "headers": {"Accept": "text/turtle"}}, 406, "text/csv"),
        ("GET", {"params": {"query": "ASK {}", "default-graph-uri": "not an IRI"}}, 400, "not an IRI"),
        ("PUT", {}, 405, "method"),
    ],
)
def test_a_wrong_request_gets_the_right_status_and_one_readable_line(
    server: Server, method: str, arguments: dict[str, object], status: int, hint: str
) -> None:
    response = requests.request(method, f"{server.url}/sparql", timeout=60, **arguments)  # type: ignore[arg-type]
    assert response.status_code == status
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert hint in response.text
    assert len(response.text.splitlines()) == 1
    assert "Traceback" not in response.text


def test_a_browser_gets_an_error_as_a_page(server: Server) -> None:
    response = requests.get(f"{server.url}/nowhere", headers={"Accept": "text/html"}, timeout=60)
    assert response.status_code == 404
    assert "<h1>Not Found</h1>" in response.text


@pytest.mark.parametrize(
    "query",
    [
        "ASK { SERVICE <%s> { ?s ?p ?o } }",
        "ASK { SERVICE SILENT <%s> { ?s ?p ?o } }",
        "PREFIX : <%s> ASK { SERVICE:x { ?s ?p ?o } }",
        "ASK { VALUES ?a { 1 } FILTER(?a<'&&?b>')SERVICE<%s>{ ?s ?p ?o }FILTER(?a='') }",
        'ASK { VALUES ?x { """\\"" } SERVICE<%s>{ ?s ?p ?o } }',
        "ASK { ?s ?p 1SERVICE<%s>{ ?s ?p ?o } }",
        "SELECT * FROM <%s> { ?s ?p ?o }",
        "SELECT * FROM NAMED <%s> { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { GRAPH <%s> { ?s ?p ?o } }",
    ],
)
def test_no_query_makes_the_server_open_a_connection(server: Server, query: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.3)
        server.ask(query % f"http://127.0.0.1:{trap.getsockname()[1]}/data.ttl")
        with pytest.raises(TimeoutError):
            trap.accept()


def test_no_query_makes_the_server_read_a_file(server: Server, tmp_path: Path) -> None:
    secret = tmp_path / "secret.ttl"
    secret.write_text("<http://x.example/s> <http://x.example/p> 'secret' .")
    for query in (
        f"SELECT * FROM <{secret.as_uri()}> {{ ?s ?p ?o }}",
        f"SELECT * {{ GRAPH <{secret.as_uri()}> {{ ?s ?p ?o }} }}",
    ):
        assert server.rows(query) == []


def test_curl_asks_with_a_form(server: Server) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    command = [curl, "-sS", "--data-urlencode", f"query={WHO}", "-H", "Accept: text/csv", f"{server.url}/sparql"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[1] == "Bayo Okafor"


def test_sparqlwrapper_asks_and_converts(server: Server) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Its own, in its imports.
        from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper
    client = SPARQLWrapper(f"{server.url}/sparql")
    client.setQuery(WHO)
    client.setReturnFormat(JSON)
    for method in ("GET", POST):
        client.setMethod(method)
        found: Any = client.query().convert()
        assert [row["name"]["value"] for row in found["results"]["bindings"]] == ["Bayo Okafor", "Grace Lin"]
    client.setQuery(PEOPLE)
    client.setReturnFormat(TURTLE)
    turtle: Any = client.query().convert()
    assert len(rdflib.Graph().parse(data=turtle, format="turtle")) == 2


def test_rdflib_reads_through_its_sparql_store(server: Server) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{server.url}/sparql", returnFormat="json"))
    people = graph.subjects(rdflib.RDF.type, rdflib.URIRef("https://w3id.org/newsgraph#Person"))
    assert {str(person).rpartition("/")[2] for person in people} == {"bayo-okafor", "grace-lin"}


def test_the_page_shows_the_answer_as_a_table(server: Server) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    form = requests.get(f"{server.url}/sparql", headers=browser, timeout=60)
    assert "<textarea" in form.text
    page = requests.get(f"{server.url}/sparql", params={"query": WHO, "format": "html"}, headers=browser, timeout=60)
    assert '<th scope="col">name</th>' in page.text
    assert "Grace Lin" in page.text
    wrong = requests.get(f"{server.url}/sparql", params={"query": "<b>"}, headers=browser, timeout=60)
    assert wrong.status_code == 400
    assert "&lt;b&gt;" in wrong.text
    assert "<b>" not in wrong.text


def test_every_example_on_the_pages_is_answered(server: Server) -> None:
    for example in QUERIES:
        response = server.ask(example.query, "application/json, text/turtle;q=0.5")
        assert response.status_code == 200, response.text
    for example in WIKIBASE:
        response = requests.get(f"{server.url}/wikidata/sparql", params={"query": example.query}, timeout=60)
        while "Retry-After" in response.headers:
            time.sleep(float(response.headers["Retry-After"]))
            response = requests.get(response.url, timeout=60)
        assert response.status_code == 200, response.text


def test_many_clients_at_once_each_get_their_own_answer(server: Server) -> None:
    wrong: list[int] = []

    def ask(number: int) -> None:
        for _ in range(5):
            if server.rows(f"SELECT ({number} AS ?n) {{}}") != [[str(number)]]:
                wrong.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("accept", ["text/turtle", "application/trig", "application/rdf+xml"])
def test_prefixes_stand_in_order_and_only_those_that_are_used(server: Server, accept: str) -> None:
    text = server.ask(PEOPLE, accept).text
    found = re.findall(r"(?:@prefix |xmlns:)(\w+)", text)
    assert found == sorted(found)
    assert set(found) <= {"rdf", "rdfs"}
    assert "rdfs" in found
    long = server.ask("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", accept).text
    found = re.findall(r"(?:@prefix |xmlns:)(\w+)", long)
    assert found == sorted(found)
    assert {"ng", "rdfs", "schema"} <= set(found)
