"""One body of tests over every kind of store: the embedded one, and real servers of Oxigraph and Virtuoso."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, QueryTriples

from kg.errors import NewsgraphError, QueryError, ReadError, RefusedError
from kg.graph import Graph
from kg.model import ArticleFacts
from kg.rdf import terms
from kg.store.dialects import Virtuoso
from kg.store.remote import RemoteStore
from tests.store import servers
from tests.store.making import article

KINDS = ("embedded", "oxigraph", "virtuoso")
ACME = [("Acme", "Organization"), ("Grace Lin", "Person")]
UNNAMED = DefaultGraph()
Open = Callable[[], Graph]


@pytest.fixture(scope="module", params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str | None]:
    """Where a server listens; None for the embedded store."""
    if request.param == "embedded":
        yield None
        return
    with getattr(servers, request.param)(tmp_path_factory.mktemp(request.param)) as found:
        yield found


@pytest.fixture
def opened(address: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens one and the same graph, which is empty at first."""
    monkeypatch.setenv("KG_STATE", str(tmp_path / "state"))
    if address is None:
        return lambda: Graph.open(tmp_path / "graph")
    with Graph.open(address) as graph:
        names = [f"DROP SILENT GRAPH {name}" for name in graph.store.graphs()]
        graph.update(" ; ".join(["DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", *names]))
        assert list(graph.quads()) == []
    return lambda: Graph.open(address)


@pytest.fixture
def graph(opened: Open) -> Iterator[Graph]:
    with opened() as graph:
        yield graph


def made(number: int, founded: str = "1998") -> ArticleFacts:
    return article(number, ACME, [(0, "founded_by", 1, {"point_in_time": founded})], source=f"/{number}.txt")


def values(graph: Graph, query: str, default_graph: str = "union") -> list[str]:
    found = graph.query(query, default_graph=default_graph)
    assert isinstance(found, QuerySolutions)
    return sorted(row[0].value for row in found)


def exported(graph: Graph) -> bytes:
    file = io.BytesIO()
    graph.export(file, "nquads")
    return file.getvalue()


def test_every_store_holds_the_same_after_adding_correcting_renaming_and_forgetting(graph: Graph) -> None:
    with Graph.open() as other:
        for each in (graph, other):
            each.add_facts(made(number) for number in range(3))
            each.add_facts([made(1, "1999-04"), article(4, [("Acme", "Software")], qids=["Q42"], others=[("ACME",)])])
            each.forget("/0.txt")
        assert exported(graph) == exported(other)
        for each in (graph, other):
            each.forget(f"{4:016x}")
        assert exported(graph) == exported(other)
        for each in (graph, other):
            each.forget("/1.txt")
            each.forget("/2.txt")
    assert list(graph.quads()) == []


def test_adding_again_changes_nothing_also_after_closing(opened: Open) -> None:
    with opened() as graph:
        assert graph.add_facts([made(1)]).added == 1
        before = exported(graph)
    with opened() as graph:
        assert graph.add_facts([made(1)]).unchanged == 1
        assert exported(graph) == before


def test_a_file_with_another_article_replaces_the_former_one_also_after_closing(opened: Open) -> None:
    with opened() as graph:
        graph.add_facts([article(1, ACME, source="/a.txt")])
    with opened() as graph:
        assert graph.add_facts([article(2, ACME, source="/a.txt")]).corrected == 1
        assert [str(name) for name in graph.store.graphs()] == [f"<{graph.base}article/{2:016x}>"]


def test_the_command_line_and_the_pipeline_work_as_on_a_folder(
    address: str | None,
    opened: Open,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    import kg.cli

    (tmp_path / "okafor.txt").write_text("Lena Okafor, who founded Brightloom in 2019, left Acme Robotics.", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KG_STORE", address or str(tmp_path / "graph"))
    for arguments, expected in (
        (["add", "okafor.txt"], "1 added"),
        (["add", "okafor.txt"], "1 unchanged"),
        (["query", "SELECT ?name { ?o ng:foundedBy/rdfs:label ?name }"], "Lena Okafor"),
        (["query", "ASK { ?o ng:foundedBy ?p }"], "yes"),
        (["query", "CONSTRUCT { ?o ng:foundedBy ?p } WHERE { ?o ng:foundedBy ?p }"], "ng:foundedBy"),
        (["show", "Brightloom"], "Okafor"),
        (["check"], ""),
        (["export", "--format", "turtle"], "ng:foundedBy"),
        (["forget", "okafor.txt"], ""),
    ):
        assert kg.cli.main(arguments) == 0
        assert expected in capfd.readouterr().out
    assert kg.cli.main(["show", "Nobody"]) == 1
    assert "dba:dba" not in capfd.readouterr().err


def test_a_query_sees_all_graphs_or_only_the_unnamed_one_and_none_of_the_servers_own(graph: Graph) -> None:
    graph.add_facts([made(1)])
    query = "SELECT ?a { ?a a schema:NewsArticle }"
    assert values(graph, query) == [f"{graph.base}article/{1:016x}"]
    assert values(graph, query, "unnamed") == []
    names = "SELECT ?n { <entity/grace-lin> rdfs:label ?n }"
    assert values(graph, names) == values(graph, names, "unnamed") == ["Grace Lin"]
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert values(graph, count) == [str(len(list(graph.quads())))]
    assert values(graph, "SELECT ?o FROM <urn:none> { ?s ?p ?o }") == []


VALUES: list[Literal | NamedNode] = [
    *(terms.date(text) for text in ("2019", "2019-03", "2019-03-04", "0987-06-05")),
    terms.score(0.9),
    terms.score(1.0),
    terms.integer(12),
    terms.name("Ünï 𝄞 \\ ' \" {x} ?y"),
    terms.string("long " * 3000),
    terms.string("1.10"),
    terms.string(""),
    terms.literal("https://example.org/ü", "URL"),
    NamedNode("http://localhost:8000/entity/jürgen"),
]


def test_values_come_back_as_they_were_and_can_be_taken_out(graph: Graph) -> None:
    store = graph.store
    subject, name, other = NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:g")
    unnamed = {Quad(subject, name, value, UNNAMED) for value in VALUES}
    named = {Quad(subject, name, value, other) for value in VALUES}
    store.insert([f"{quad} .\n" for quad in unnamed | named])
    assert set(store.match(subject, None, None)) == unnamed | named
    assert all(store.contains(quad) for quad in unnamed | named)
    assert all({quad.object for quad in store.match(None, None, value)} == {value} for value in VALUES)
    store.apply(sorted(unnamed, key=str), [], [])
    assert set(store.match(None, name, None)) == named
    store.apply(sorted(named, key=str), [other], [])
    assert list(graph.quads()) == []
    assert list(store.graphs()) == []


def test_an_article_longer_than_a_request_may_be_is_stored_whole_and_taken_out_again(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Virtuoso, "MOST_IN_DATA", 30)
    monkeypatch.setattr(Virtuoso, "MOST_IN_CHANGE", 10)
    names = [(f"Person Number{number}", "Person") for number in range(12)]
    graph.add_facts([article(1, names), made(2)])
    assert values(graph, "SELECT (COUNT(*) AS ?n) { ?s a ng:Person }") == ["13"]
    assert sum(1 for _ in graph.quads()) > 60
    graph.forget(f"{1:016x}")
    assert values(graph, "SELECT ?n { ?s a ng:Person ; rdfs:label ?n }") == ["Grace Lin"]


def test_more_triples_than_virtuoso_takes_at_once_are_stored(graph: Graph) -> None:
    quads = [f'<urn:s{number}> <urn:p> "value {number}"@en <urn:g{number % 3}> .\n' for number in range(5_000)]
    graph.store.insert(quads)
    assert values(graph, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == ["5000"]


def test_an_update_without_a_graph_is_about_the_unnamed_one(graph: Graph) -> None:
    graph.update("INSERT DATA { <entity/a> rdfs:label 'A' . GRAPH <urn:g> { <entity/a> rdfs:label 'B' } }")
    found = {(quad.object.value, quad.graph_name) for quad in graph.quads() if isinstance(quad.object, Literal)}
    assert found == {("A", UNNAMED), ("B", NamedNode("urn:g"))}
    graph.update("DELETE { ?s rdfs:label ?o } INSERT { ?s rdfs:label 'C' } WHERE { ?s rdfs:label ?o }")
    assert values(graph, "SELECT ?o { ?s rdfs:label ?o }") == ["B", "C"]


def test_a_file_of_rdf_is_loaded_with_its_blank_nodes_or_not_at_all(graph: Graph, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.ttl", tmp_path / "bad.ttl"
    good.write_text('<s> <urn:p> [ <urn:q> "1"@en ] . <s> <urn:p> _:b . _:b <urn:q> "2" .', encoding="utf-8")
    name = graph.load(good)
    query = f"SELECT ?o {{ GRAPH <{name}> {{ <s> <urn:p> ?b . ?b <urn:q> ?o }} }}"
    assert values(graph, query) == ["1", "2"]
    assert sum(1 for _ in graph.quads()) == 4
    bad.write_text("<s> <urn:p> <urn:o> .\n" * 1000 + "nonsense", encoding="utf-8")
    with pytest.raises(ReadError, match=r"bad\.ttl.*is not valid RDF"):
        graph.load(bad)
    assert sum(1 for _ in graph.quads()) == 4


def test_what_is_described_and_constructed_are_triples(graph: Graph) -> None:
    graph.add_facts([made(1)])
    found = graph.query("CONSTRUCT { ?s rdfs:label ?o } WHERE { ?s rdfs:label ?o }")
    assert isinstance(found, QueryTriples)
    names = sorted(triple.object.value for triple in found if isinstance(triple.object, Literal))
    assert names == ["Acme", "Grace Lin"]
    described = graph.query("DESCRIBE <entity/acme>")
    assert isinstance(described, QueryTriples)
    assert NamedNode(graph.base + "entity/acme") in {triple.subject for triple in described}


def test_a_malformed_query_is_an_error_on_one_line(graph: Graph) -> None:
    for query in ("SELECT", "SELECT ?x { ?x", "nonsense", "SELECT ?x { ?x un:known ?y }"):
        with pytest.raises(QueryError) as caught:
            graph.query(query)
        assert "\n" not in str(caught.value)


def test_nothing_reaches_out_of_the_graph(graph: Graph) -> None:
    with pytest.raises(RefusedError):
        graph.query("SELECT ?x { SERVICE <http://127.0.0.1:1/> { ?x ?y ?z } }")
    with pytest.raises(RefusedError):
        graph.update("LOAD <http://127.0.0.1:1/>")


def test_an_update_that_fails_changes_nothing_or_says_so(graph: Graph) -> None:
    with pytest.raises(QueryError):
        graph.update("INSERT DATA { <urn:s> <urn:p> <urn:o> } ; INSERT DATA { <urn:s> <urn:p> }")
    assert list(graph.quads()) == []


def test_a_long_answer_is_whole_or_refused(graph: Graph) -> None:
    graph.store.insert([f"<urn:s{number}> <urn:p> <urn:o> <urn:g> .\n" for number in range(servers.ROWS * 5 + 7)])
    query = "SELECT ?s { ?s <urn:p> ?o }"
    assert len(list(graph.quads())) == servers.ROWS * 5 + 7
    if not isinstance(graph.store, RemoteStore) or graph.store.most_rows is None:
        assert len(values(graph, query)) == servers.ROWS * 5 + 7
        return
    for text in (query, "CONSTRUCT WHERE { ?s <urn:p> ?o }"):
        with pytest.raises(QueryError, match=rf"{servers.ROWS} rows.*ResultSetMaxRows"):
            graph.query(text)
    assert len(values(graph, query + f" LIMIT {servers.ROWS - 1}")) == servers.ROWS - 1


def test_what_a_crash_left_undone_is_done_by_the_next_one_who_opens_the_store(opened: Open) -> None:
    with opened() as graph:
        if not isinstance(graph.store, RemoteStore):
            pytest.skip("the embedded store's transactions are the engine's: tests/test_graph.py")
        folder = graph.path
    assert folder is not None
    (folder / "store" / "unfinished.json").write_text(
        '["DELETE DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }", "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 2 } }"]'
    )
    with opened() as graph:
        assert values(graph, "SELECT ?o { <urn:s> <urn:p> ?o }") == ["2"]
    assert not (folder / "store" / "unfinished.json").exists()


def test_one_process_at_a_time_writes_and_any_number_reads(opened: Open) -> None:
    with opened() as graph:
        if not isinstance(graph.store, RemoteStore):
            pytest.skip("a folder is opened by one process at a time: tests/test_graph.py")
        graph.add_facts([made(1)])
        with opened() as other:
            assert values(other, "SELECT ?n { <entity/grace-lin> rdfs:label ?n }") == ["Grace Lin"]
            with pytest.raises(NewsgraphError, match="Another process"):
                other.add_facts([made(2)])
