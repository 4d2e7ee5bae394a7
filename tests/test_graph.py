"""The Python interface: `kg.Graph`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions
from rdflib import URIRef, Variable

import kg
from kg.errors import QueryError, ReadError, RefusedError, StoreError, UsageError
from kg.graph import Graph
from kg.model import Fact, Reference
from tests.store.making import article

ACME = article(
    1, [("Acme", "Organization"), ("Grace Lin", "Person")], [(0, "founded_by", 1, {"point_in_time": "1998"})]
)
FOUNDERS = "SELECT ?name { ?o ng:foundedBy/rdfs:label ?name }"


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph.open() as graph:
        graph.add_facts([ACME])
        yield graph


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """A server on a port of this machine, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/turtle")
            self.end_headers()
            self.wfile.write(b"<http://a/s> <http://a/p> <http://a/o> .")

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_port, asked
    server.shutdown()
    thread.join()
    server.server_close()


def values(graph: Graph, query: str) -> list[str]:
    found = graph.query(query)
    assert isinstance(found, QuerySolutions)
    return sorted(row[0].value for row in found)


def test_the_package_gives_the_graph(tmp_path: Path) -> None:
    with kg.Graph.open(tmp_path / "graph") as graph:
        report = graph.add_facts([ACME])
        assert report == kg.Report(1, 0, 0, (), 1, 160, report.seconds)
    with kg.Graph.open(tmp_path / "graph") as graph:
        assert values(graph, FOUNDERS) == ["Grace Lin"]


def test_a_graph_that_is_in_use_says_so_and_what_to_do(tmp_path: Path) -> None:
    with Graph.open(tmp_path / "graph"), pytest.raises(StoreError, match=r"in use by another process.*Wait") as caught:
        Graph.open(tmp_path / "graph")
    assert "--store http://localhost:8000/sparql" in str(caught.value)
    assert caught.value.__suppress_context__
    assert caught.value.__cause__ is None
    assert "\n" not in str(caught.value)


def test_a_path_that_is_a_file_is_no_graph(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(StoreError, match=r"file.*can't be opened"):
        Graph.open(tmp_path / "file")


def test_a_graph_keeps_its_base(tmp_path: Path) -> None:
    with Graph.open(tmp_path / "graph", base="https://kg.example/news/") as graph:
        graph.add_facts([ACME])
        assert values(graph, "SELECT ?s { ?s ng:foundedBy <entity/grace-lin> }") == [
            "https://kg.example/news/entity/acme"
        ]
    with Graph.open(tmp_path / "graph") as graph:
        assert graph.base == "https://kg.example/news/"
    with pytest.raises(UsageError, match=r"https://kg\.example/news/"):
        Graph.open(tmp_path / "graph", base="https://kg.example/other/")


@pytest.mark.parametrize("base", ["", "localhost", "http://localhost", "http://a b/", 'http://x/">/', "http://x/#/"])
def test_a_base_is_an_iri_that_ends_with_a_slash(base: str) -> None:
    with pytest.raises(UsageError, match="slash"):
        Graph.open(base=base)


def test_a_query_sees_all_graphs_or_only_the_unnamed_one(graph: Graph) -> None:
    query = "ASK { ?a a schema:NewsArticle }"
    assert bool(graph.query(query))
    assert not bool(graph.query(query, default_graph="unnamed"))
    with pytest.raises(UsageError, match="'all'"):
        graph.query(query, default_graph="all")


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT * FROM <article/0000000000000001> { ?a a schema:NewsArticle }", 1),
        ("SELECT * from <article/0000000000000001> { ?e a ng:Person }", 0),
        ("SELECT * FROM NAMED <article/0000000000000001> { GRAPH ?g { ?a a schema:NewsArticle } }", 1),
        ("SELECT * { ?e a ng:Person FILTER(?e != 'FROM') } # FROM <x>", 1),
        ('SELECT * { ?e a ng:Person FILTER(?e != """a "FROM" """) }', 1),
    ],
)
def test_a_query_that_names_its_graphs_sees_those(graph: Graph, query: str, rows: int) -> None:
    found = graph.query(query)
    assert isinstance(found, QuerySolutions)
    assert len(list(found)) == rows


def test_known_prefixes_need_no_declaration(graph: Graph) -> None:
    for prefix in ("ng", "rdf", "rdfs", "xsd", "owl", "skos", "schema", "prov", "nif", "dct", "itsrdf", "wd", "wdt"):
        graph.query(f"ASK {{ ?s {prefix}:x ?o }}")


def test_a_malformed_query_is_answered_with_the_place(graph: Graph) -> None:
    with pytest.raises(QueryError, match=r"malformed at line 2, column 16: something is missing"):
        graph.query("SELECT *\nWHERE { ?s ?p }")
    with pytest.raises(QueryError, match=r"column 25: this can't stand here: SERVICE .* SERVICE and LOAD are refused"):
        graph.query("ASK { 'a service' ?s ?o SERVICE {} }")
    with pytest.raises(QueryError, match=r"prefix .* is not declared.* Known .* ng, rdf"):
        graph.query("SELECT * { ?s foo:bar ?o }")
    with pytest.raises(QueryError, match="update is malformed"):
        graph.update("INSERT { }")


def test_what_is_well_formed_and_would_reach_out_is_refused_unless_it_may_fail_silently(graph: Graph) -> None:
    for query in ("SELECT * { SERVICE <http://a/> { ?s ?p ?o } }", "ASK { SERVICE ?u { } }"):
        with pytest.raises(RefusedError, match=r"^SERVICE is refused: no query reaches out of the graph\."):
            graph.query(query)
    with pytest.raises(RefusedError, match=r"^LOAD is refused: .* 'kg load'"):
        graph.update("CREATE GRAPH <http://a/g> ; LOAD <http://a/>")
    answer = graph.query("SELECT ?x { VALUES ?x { 1 } SERVICE SILENT <http://a/> { ?s ?p ?o } }")
    assert isinstance(answer, QuerySolutions)
    assert [row["x"].value for row in answer] == ["1"]
    graph.update("LOAD SILENT <http://a/> INTO GRAPH <http://a/g>")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { service silent <URL> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 1SERVICE<URL>{ ?s ?p ?o } }",
        "SELECT * { FILTER(1<2)SERVICE<URL>{ ?s ?p ?o } }",
        'SELECT * { FILTER(?a<?b)#>"""\n SERVICE <URL> { ?s ?p ?o } #"""\n}',
        "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
        "PREFIX service: <URL> SELECT * { SERVICE service:x { ?s ?p ?o } }",
        "SELECT * { BIND(<URL> AS ?u) SERVICE ?u { ?s ?p ?o } }",
        "SELECT * FROM <URL> { ?s ?p ?o }",
        "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
        "LOAD <URL>",
        "load silent <URL> into graph <http://a/g>",
        "CREATE GRAPH <http://a/g>;LOAD <URL>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
        "LOAD <file:///etc/passwd>",
    ],
)
def test_nothing_reaches_out_of_the_graph(graph: Graph, listener: tuple[int, list[str]], query: str) -> None:
    port, asked = listener
    text = query.replace("URL", f"http://127.0.0.1:{port}/")
    for run in (graph.query, graph.update):
        with suppress(QueryError):
            answer = run(text)
            assert not isinstance(answer, QuerySolutions) or not any(value for row in answer for value in row)
    assert asked == []


def test_words_that_are_refused_as_keywords_may_stand_elsewhere(graph: Graph) -> None:
    graph.update(
        """PREFIX ex: <http://service.example/load#>
        INSERT DATA { GRAPH <graph/mine> { ex:service ex:load "a service, a LOAD" , 'loads', '''service''' } }"""
    )
    found = values(graph, "SELECT ?service { ?load <http://service.example/load#load> ?service }")
    assert found == ["a service, a LOAD", "loads", "service"]


def test_an_update_that_fails_in_the_middle_changes_nothing(graph: Graph) -> None:
    before = set(graph.quads())
    with pytest.raises(QueryError):
        graph.update("DELETE WHERE { ?s ?p ?o } ; INSERT { ?s ?p } WHERE { ?s ?p ?o }")
    assert set(graph.quads()) == before


# rdflib 7.6 uses what it deprecates itself.
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated")
def test_rdflib_works_on_the_same_store(graph: Graph) -> None:
    dataset = graph.rdflib
    acme = URIRef("http://localhost:8000/entity/acme")
    assert len(list(dataset.triples((acme, None, None)))) == 3
    founders = dataset.query("SELECT ?n { ?o <https://w3id.org/newsgraph#foundedBy> ?n }")
    assert founders.bindings == [{Variable("n"): URIRef("http://localhost:8000/entity/grace-lin")}]
    dataset.add((acme, URIRef("http://a/p"), acme))
    assert values(graph, "SELECT ?o { ?s <http://a/p> ?o }") == [str(acme)]


def test_show_gives_the_facts_with_their_sentences(graph: Graph) -> None:
    for name in ("Acme", "acme", "http://localhost:8000/entity/acme"):
        (acme,) = graph.show(name)
        (fact,) = acme.facts
        assert (acme.label, acme.type.label, fact.relation.label) == ("Acme", "organization", "founded by")
        assert (fact.object.label, [(key.label, value.label) for key, value in fact.qualifiers]) == (
            "Grace Lin",
            [("point in time", "1998")],
        )
        (citation,) = fact.citations
        assert (citation.text, citation.start, citation.extractor) == ("Alpha beta gamma delta.", 0, "wordings")
        assert (citation.source.title, citation.source.published) == ("A title", "2025-11-06")
    (lin,) = graph.show("Grace Lin")
    assert [fact.subject.label for fact in lin.facts_about] == ["Acme"]
    assert graph.show("Nobody") == ()
    assert graph.facts.similar("Grace Linn") == ("Grace Lin",)


def test_a_sentence_that_two_extractors_read_is_cited_once_by_the_surest(graph: Graph) -> None:
    read = article(2, [("Acme", "Organization"), ("Ada Brook", "Person")])
    span = read.document.sentences[0]
    found = tuple(Reference(span, name, sure) for name, sure in (("wordings", 0.7), ("model", 0.8)))
    graph.add_facts([replace(read, facts=(Fact("e2", "employer", "e1", True, (), found),))])
    ((fact,),) = (entity.facts for entity in graph.show("Ada Brook"))
    assert [(one.extractor, one.confidence) for one in fact.citations] == [("model", 0.8)]
    assert fact._repr_html_().count("Alpha beta gamma delta.") == 1
    with graph.deciding() as deciding:
        deciding.reject(fact.citations[0].reference, "me")
    assert graph.facts.statement(fact.iri) is None


def test_an_article_is_shown_with_its_facts_and_entities(graph: Graph) -> None:
    found = graph.facts.article("http://localhost:8000/article/0000000000000001")
    assert found is not None
    assert [entity.label for entity in found.entities] == ["Acme", "Grace Lin"]
    assert [graph.facts.statement(fact.iri) for fact in found.facts] == list(found.facts)
    assert graph.facts.article("http://localhost:8000/article/0000000000000009") is None
    assert graph.facts.entity("http://localhost:8000/article/0000000000000001") is None


def test_what_others_say_of_the_same_things_disturbs_nothing(graph: Graph) -> None:
    graph.update(
        """INSERT DATA {
          <entity/acme> a schema:Corporation ; rdfs:comment "big" .
          <http://a/s> rdf:subject <entity/acme> ; rdf:predicate ng:foundedBy .
          [] rdf:subject <entity/acme> ; rdf:predicate ng:foundedBy ; rdf:object "me" ; prov:wasDerivedFrom [] }"""
    )
    (acme,) = graph.show("Acme")
    assert sorted(fact.object.label for fact in acme.facts) == ["Grace Lin", "me"]
    assert acme.type.label == "organization"
    graph.add_facts([article(2, [("ACME", "Organization"), ("Acme", "Software")])])
    assert len(graph.show("Acme")) == 2
    graph.forget(f"{1:016x}")
    graph.forget(f"{2:016x}")
    assert graph.show("Acme") == ()


def test_rdf_from_elsewhere_is_loaded_into_a_graph_of_its_own(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "my companies.ttl"
    path.write_text("<entity/acme> <http://a/employees> 12 .", encoding="utf-8")
    assert graph.load(path) == "http://localhost:8000/graph/my%20companies.ttl"
    assert values(graph, "SELECT ?n { <entity/acme> <http://a/employees> ?n ; a ng:Organization }") == ["12"]
    assert graph.load(path, "http://a/graph") == "http://a/graph"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.ttl", b"<a> <b> .", "not valid RDF"),
        ("x.nt", b"\xff\xfe\x00", "not valid RDF"),
        ("x.rdf", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&c;</x>', "not valid RDF"),
        ("x.jsonld", b'{"@context": "http://127.0.0.1:9/context", "name": "x"}', "not valid RDF"),
        ("x.doc", b"", "has the ending 'doc'"),
        ("missing.ttl", None, "no such file"),
    ],
)
def test_what_is_no_rdf_is_refused_and_leaves_nothing(
    graph: Graph, tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    before = set(graph.quads())
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ReadError, match=message):
        graph.load(tmp_path / name)
    assert set(graph.quads()) == before


def test_half_a_file_is_not_loaded(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "half.nt"
    path.write_text("".join(f"<http://a/{n}> <http://a/p> <http://a/o> .\n" for n in range(5000)) + "<http://a/")
    before = set(graph.quads())
    with pytest.raises(ReadError, match="not valid RDF"):
        graph.load(path)
    assert set(graph.quads()) == before


def test_forgetting_what_is_not_there_says_so(graph: Graph) -> None:
    for name in ("nowhere.html", "http://localhost:8000/article/0000000000000009", "https://example.org/"):
        with pytest.raises(UsageError, match=r"No article .* name the file or URL"):
            graph.forget(name)


def test_an_article_is_forgotten_by_its_own_address(graph: Graph) -> None:
    from dataclasses import replace

    there = replace(ACME, document=replace(ACME.document, id=f"{2:016x}", url="https://news.example/2"))
    graph.add_facts([there])
    graph.forget("https://news.example/2")
    assert values(graph, "SELECT ?a { ?a a schema:NewsArticle }") == ["http://localhost:8000/article/0000000000000001"]


WRITER = """
import sys
from kg.graph import Graph
from kg.model import Fact, Reference
from tests.store.making import article
from kg.store.embedded import EmbeddedStore
EmbeddedStore.batch = 3000
entities = [("Acme", "Organization"), ("Grace Lin", "Person"), ("Jet", "Software")]
facts = [(0, "founded_by", 1, {}), (2, "developer", 0, {})]
def articles():
    for number in range(100_000):
        yield article(number, [(name if number % 7 else name.upper(), kind) for name, kind in entities], facts)
        if number == 300:
            print("written", flush=True)
Graph.open(sys.argv[1]).add_facts(articles())
"""


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.15])
def test_killing_the_program_leaves_whole_articles_only(tmp_path: Path, root: Path, delay: float) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path / "graph")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
    with Graph.open(tmp_path / "graph") as graph:
        found = values(graph, "SELECT ?a { ?a a schema:NewsArticle }")
        assert len(found) >= 100
        sizes = {len(list(graph.store.match(None, None, None, quad))) for quad in graph.store.graphs()}
        assert len(sizes) == 1
        again = [int(iri[-16:], 16) for iri in found]
    assert_equal_to_a_new_one(tmp_path / "graph", again)


def assert_equal_to_a_new_one(path: Path, numbers: list[int]) -> None:
    entities = [("Acme", "Organization"), ("Grace Lin", "Person"), ("Jet", "Software")]
    facts = [(0, "founded_by", 1, dict[str, str]()), (2, "developer", 0, dict[str, str]())]

    def name(number: int, text: str) -> str:
        return text if number % 7 else text.upper()

    with Graph.open(path) as graph, Graph.open() as other:
        other.add_facts(article(n, [(name(n, text), kind) for text, kind in entities], facts) for n in numbers)
        assert set(graph.quads()) == set(other.quads())
