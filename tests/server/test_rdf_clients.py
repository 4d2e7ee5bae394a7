"""The clients that people have, each as its documentation says: rdflib, SPARQLWrapper, curl."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from xml.dom.minidom import Document

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from tests.server.conftest import TOKEN, Server

LABELS = "SELECT ?name { ?s a ng:Person ; rdfs:label ?name } ORDER BY ?name"
NAMES = ["Bayo Okafor", "Grace Lin"]
LABEL = rdflib.RDFS.label
PERSON = rdflib.URIRef("https://w3id.org/newsgraph#Person")


def command(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def names(graph: rdflib.Graph) -> list[str]:
    return [str(row[rdflib.Variable("name")]) for row in graph.query(LABELS).bindings]


class TestRdflib:
    def test_a_graph_over_the_endpoint_is_queried_and_matched(self, server: Server) -> None:
        graph = rdflib.Graph(SPARQLStore(f"{server.url}/sparql"))
        assert names(graph) == NAMES
        assert {
            str(label) for person in graph.subjects(rdflib.RDF.type, PERSON) for label in graph.objects(person, LABEL)
        } >= set(NAMES)
        assert len(graph) > 10
        assert graph.query("ASK { ?s a ng:Person }").askAnswer
        made = graph.query("CONSTRUCT WHERE { ?s a ng:Person }").graph
        assert made is not None
        assert len(made) == 2

    def test_queries_by_post_give_the_same(self, server: Server) -> None:
        for method in ("POST", "POST_FORM"):
            graph = rdflib.Graph(SPARQLStore(f"{server.url}/sparql", method=method))
            assert names(graph) == NAMES

    def test_what_is_added_and_removed_is_in_the_graph_at_once(self, writable: Server) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        store = SPARQLUpdateStore(f"{writable.url}/sparql", f"{writable.url}/update", headers=headers)
        graph = rdflib.Graph(store, identifier=rdflib.URIRef("http://example.org/clients"))
        triple = (rdflib.URIRef("http://example.org/a"), LABEL, rdflib.Literal('Zoë \\ "quoted"\n', lang="en"))
        graph.add(triple)
        assert list(graph) == [triple]
        graph.remove(triple)
        assert list(graph) == []


class TestSparqlWrapper:
    @pytest.mark.parametrize("method", ["GET", POST])
    def test_tables_come_in_every_format(self, server: Server, method: str) -> None:
        client = SPARQLWrapper(f"{server.url}/sparql")
        client.setMethod(method)
        client.setQuery(LABELS)
        client.setReturnFormat(JSON)
        found = client.queryAndConvert()
        assert isinstance(found, dict)
        rows = found["results"]["bindings"]
        assert [row["name"]["value"] for row in rows] == NAMES
        client.setReturnFormat(XML)
        page = client.queryAndConvert()
        assert isinstance(page, Document)
        assert [node.toxml() for one in page.getElementsByTagName("literal") for node in one.childNodes] == NAMES
        client.setReturnFormat(CSV)
        table = client.queryAndConvert()
        assert isinstance(table, bytes)
        assert table.decode().splitlines()[1:3] == NAMES

    def test_triples_come_as_turtle(self, server: Server) -> None:
        client = SPARQLWrapper(f"{server.url}/sparql", returnFormat=TURTLE)
        client.setQuery("CONSTRUCT WHERE { ?s a ng:Person }")
        found = client.queryAndConvert()
        assert isinstance(found, bytes)
        assert len(rdflib.Graph().parse(data=found, format="turtle")) == 2

    def test_what_is_wrong_reaches_the_caller(self, server: Server) -> None:
        client = SPARQLWrapper(f"{server.url}/sparql")
        client.setQuery("SELECT * { ?s schema:author")
        with pytest.raises(QueryBadFormed, match="line 1"):
            client.query()

    def test_an_update_goes_with_the_token_as_password(self, writable: Server) -> None:
        client = SPARQLWrapper(f"{writable.url}/sparql", f"{writable.url}/update")
        client.setMethod(POST)
        client.setCredentials("anybody", TOKEN)
        client.setQuery("INSERT DATA { <http://example.org/wrapped> rdfs:label 'wrapped' }")
        client.query()
        assert writable.rows("SELECT ?l { <http://example.org/wrapped> rdfs:label ?l }") == [["wrapped"]]


class TestCurl:
    def run(self, *arguments: str) -> str:
        return subprocess.run(
            [command("curl"), "--silent", "--show-error", "--fail", *arguments],
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def test_a_query_is_a_form_or_a_url_or_a_body(self, server: Server, tmp_path: Path) -> None:
        url = f"{server.url}/sparql"
        accept = ("--header", "Accept: text/csv")
        (tmp_path / "question.rq").write_text(LABELS)
        body = ("--header", "Content-Type: application/sparql-query", "--data-binary", f"@{tmp_path / 'question.rq'}")
        for arguments in (
            ("--data-urlencode", f"query={LABELS}"),
            ("--get", "--data-urlencode", f"query={LABELS}"),
            body,
        ):
            assert self.run(url, *accept, *arguments).splitlines()[1:3] == NAMES

    def test_a_compressed_answer_is_the_same(self, server: Server) -> None:
        arguments = (
            f"{server.url}/sparql",
            "--get",
            "--data-urlencode",
            "query=SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o",
            "--header",
            "Accept: text/csv",
        )
        assert self.run("--compressed", *arguments) == self.run(*arguments)

    def test_a_graph_is_put_read_and_deleted(self, writable: Server, tmp_path: Path) -> None:
        (tmp_path / "graph.ttl").write_text("<http://example.org/a> <http://example.org/b> 1 .")
        url = f"{writable.url}/graphs?graph=http://example.org/curl"
        token = ("--header", f"Authorization: Bearer {TOKEN}")
        self.run(url, *token, "--header", "Content-Type: text/turtle", "--upload-file", str(tmp_path / "graph.ttl"))
        assert "<http://example.org/b>" in self.run(url, "--header", "Accept: application/n-triples")
        self.run(url, *token, "--request", "DELETE")
        assert (
            subprocess.run(
                [command("curl"), "--silent", "--fail", url], check=False, stdout=subprocess.DEVNULL
            ).returncode
            == 22
        )
