"""One body of tests for the server over every kind of store: the embedded one, Oxigraph's server, and Virtuoso."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
import requests

import kg.cli
from kg.errors import StoreError
from server import create_app
from tests.server.conftest import ARTICLES, TOKEN, Server, free_port, read_into, running
from tests.store import servers

EX = "http://x.example/"
NAMES = "SELECT ?name { ?person a ng:Person ; rdfs:label ?name } ORDER BY ?name"


@pytest.fixture(scope="module", params=["embedded", "oxigraph", "virtuoso"])
def anywhere(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a graph that was read from articles, which may be written to."""
    folder = tmp_path_factory.mktemp("anywhere")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_STATE", str(folder / "state"))
        if request.param == "embedded":
            read_into(folder / "graph", folder / "articles")
            with running(folder / "graph", folder / "log", token=TOKEN, query_time=5.0) as found:
                yield found
            return
        with getattr(servers, request.param)(tmp_path_factory.mktemp(request.param)) as address:
            read_into(address, folder / "articles")
            with running(address, folder / "log", token=TOKEN, query_time=5.0) as found:
                yield found


@pytest.mark.parametrize("accept", ["text/csv", "text/tab-separated-values", "application/sparql-results+json"])
def test_a_query_is_answered_in_every_format(anywhere: Server, accept: str) -> None:
    response = anywhere.ask(NAMES, accept)
    assert response.headers["Content-Type"].startswith(accept)
    assert [name for name in ("Bayo Okafor", "Grace Lin") if name in response.text] == ["Bayo Okafor", "Grace Lin"]
    assert anywhere.ask(NAMES, "image/png").status_code == 406


def test_truth_and_triples_are_answered(anywhere: Server) -> None:
    assert anywhere.ask("ASK { ?s a ng:Person }", "text/csv").text == "true"
    assert anywhere.ask("ASK { ?s a <urn:nothing> }").json()["boolean"] is False
    query = "CONSTRUCT { ?s rdfs:label ?name } { ?s a ng:Person ; rdfs:label ?name }"
    assert len(list(ox.parse(anywhere.ask(query, "text/turtle").content, ox.RdfFormat.TURTLE))) == 2
    assert len(anywhere.ask(query, "application/n-triples").text.splitlines()) == 2
    assert anywhere.ask("DESCRIBE <http://localhost:8000/entity/grace-lin>", "text/turtle").status_code == 200


def test_a_malformed_query_is_told_with_its_place(anywhere: Server) -> None:
    response = anywhere.ask("SELECT * { oops")
    assert (response.status_code, "malformed at line 1, column" in response.text) == (400, True)
    response = anywhere.ask("SELECT * { ?s ngg:x ?o }")
    assert (response.status_code, "ng:?" in response.text) == (400, True)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}", 403),
        ("SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}", 200),
        ('SELECT * {{ BIND("\\u0022) SERVICE <{url}> {{ ?s ?p ?o }} # " AS ?x) }}', None),
        ("SELECT * FROM <{url}> {{ ?s ?p ?o }}", 200),
        ("define get:soft 'replace' SELECT * FROM <{url}> {{ ?s ?p ?o }}", 400),
        ("SELECT (bif:http_get('{url}') AS ?x) {{}}", 400),
        ("PREFIX f: <bif:> SELECT (f:http_get('{url}') AS ?x) {{}}", None),
    ],
)
def test_no_query_makes_the_server_or_the_store_open_a_connection(
    anywhere: Server, query: str, status: int | None
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.3)
        response = anywhere.ask(query.format(url=f"http://127.0.0.1:{trap.getsockname()[1]}/data.ttl"))
        assert response.status_code == status or (status is None and response.status_code in (200, 400, 403))
        with pytest.raises(TimeoutError):
            trap.accept()


def test_each_thing_has_its_page_and_its_triples(anywhere: Server) -> None:
    for path in ("/", "/entity/grace-lin", "/entity/grace-lin.ttl", "/entity/grace-lin.jsonld", "/.well-known/void"):
        response = requests.get(anywhere.url + path, timeout=60)
        assert response.status_code == 200, path
        assert path in ("/", "/.well-known/void") or "Grace Lin" in response.text
    (article, *_), *_ = anywhere.rows("SELECT ?a { ?a a schema:NewsArticle }")
    for suffix in ("", ".ttl"):
        response = requests.get(article.replace("http://localhost:8000", anywhere.url) + suffix, timeout=60)
        assert (response.status_code, "Acme Robotics" in response.text) == (200, True)
    (statement, *_), *_ = anywhere.rows("SELECT ?s { ?s a ng:Statement }")
    assert requests.get(statement.replace("http://localhost:8000", anywhere.url), timeout=60).status_code == 200
    assert requests.get(f"{anywhere.url}/entity/nobody", timeout=60).status_code == 404


def test_what_is_there_is_found_by_words(anywhere: Server) -> None:
    found = requests.get(f"{anywhere.url}/search", params={"q": "grace", "format": "json"}, timeout=60).json()
    assert "Grace Lin" in json.dumps(found)
    assert anywhere.rows('SELECT ?name { ?s text:query "robotcs" ; rdfs:label ?name }') == [["Acme Robotics"]]


def test_the_dataset_of_the_request_takes_the_place_of_the_stores(anywhere: Server, authorized: dict[str, str]) -> None:
    turtle = {"Content-Type": "text/turtle", **authorized}
    for name in ("one", "two"):
        data = f"<{EX}dataset> <{EX}name> '{name}' ."
        url = f"{anywhere.url}/graphs?graph={EX}{name}"
        assert requests.put(url, data=data, headers=turtle, timeout=60).status_code in (201, 204)

    def ask(query: str, **parameters: str) -> set[str]:
        response = requests.get(
            f"{anywhere.url}/sparql", params={"query": query, **parameters}, headers={"Accept": "text/csv"}, timeout=60
        )
        assert response.status_code == 200, response.text
        return set(response.text.split()[1:])

    plain = f"SELECT ?name {{ <{EX}dataset> <{EX}name> ?name }}"
    named = f"SELECT ?name {{ GRAPH ?g {{ <{EX}dataset> <{EX}name> ?name }} }}"
    assert ask(plain) == ask(named) == {"one", "two"}
    assert ask(plain, **{"default-graph-uri": f"{EX}one"}) == {"one"}
    assert ask(named, **{"named-graph-uri": f"{EX}two"}) == {"two"}
    assert ask(f"SELECT ?name FROM <{EX}two> {{ <{EX}dataset> <{EX}name> ?name }}") == {"two"}


def test_the_next_query_sees_each_update(anywhere: Server, authorized: dict[str, str]) -> None:
    def update(text: str, headers: dict[str, str] = authorized) -> requests.Response:
        return requests.post(f"{anywhere.url}/update", data={"update": text}, headers=headers, timeout=60)

    for number in range(3):
        graph = f"GRAPH <{EX}updates>"
        assert update(f"DELETE WHERE {{ {graph} {{ <{EX}n> ?p ?o }} }}").status_code == 204
        assert update(f"INSERT DATA {{ {graph} {{ <{EX}n> <{EX}p> 'n{number}' }} }}").status_code == 204
        assert anywhere.rows(f"SELECT ?o {{ <{EX}n> <{EX}p> ?o }}") == [[f"n{number}"]]
    assert update("CLEAR ALL", {}).status_code == 401
    assert update("INSERT DATA { oops").status_code == 400
    assert update("LOAD <http://127.0.0.1:9/x.ttl>").status_code == 403
    folders = [anywhere.folder, *(anywhere.folder / "state").glob("*")]
    (audit,) = [folder / "audit.jsonl" for folder in folders if (folder / "audit.jsonl").exists()]
    assert json.loads(audit.read_text().splitlines()[-1])["action"] == "update"


def test_a_graph_is_put_read_added_to_and_deleted(anywhere: Server, authorized: dict[str, str]) -> None:
    url = f"{anywhere.url}/graphs?graph={quote(EX)}people"
    turtle = {"Content-Type": "text/turtle", **authorized}

    def objects() -> list[str]:
        response = requests.get(url, headers={"Accept": "application/n-triples"}, timeout=60)
        assert response.status_code == 200
        return sorted(quad.object.value for quad in ox.parse(response.content, ox.RdfFormat.N_TRIPLES))

    assert requests.get(url, timeout=60).status_code == 404
    assert requests.delete(url, headers=authorized, timeout=60).status_code == 404
    assert requests.put(url, data="[] <urn:p> '1', '2' .", headers=turtle, timeout=60).status_code == 201
    assert objects() == ["1", "2"]
    assert requests.put(url, data="[] <urn:p> '3' .", headers=turtle, timeout=60).status_code == 204
    assert requests.post(url, data="[] <urn:p> '4' .", headers=turtle, timeout=60).status_code == 204
    assert objects() == ["3", "4"]
    assert requests.put(url, data="oops", headers=turtle, timeout=60).status_code == 400
    assert objects() == ["3", "4"]
    assert requests.delete(url, headers=authorized, timeout=60).status_code == 204
    assert requests.get(url, timeout=60).status_code == 404
    default = requests.get(f"{anywhere.url}/graphs?default", headers={"Accept": "application/n-triples"}, timeout=60)
    assert (default.status_code, "Grace Lin" in default.text) == (200, True)


def test_an_answer_that_may_have_changed_is_not_kept(anywhere: Server) -> None:
    response = anywhere.ask("ASK { ?s ?p ?o }")
    assert ("ETag" in response.headers) == (anywhere.folder.name == "graph")
    assert response.headers["Cache-Control"] == "no-cache"


def test_health_tells_that_queries_are_answered(anywhere: Server) -> None:
    assert requests.get(f"{anywhere.url}/health", timeout=60).json()["status"] == "ok"
    assert "newsgraph_queries_total" in requests.get(f"{anywhere.url}/metrics", timeout=60).text


# What goes wrong between here and there.


@dataclass(frozen=True, slots=True)
class Between:
    """A server over an Oxigraph server, which is reached through a socket that may be silenced or closed."""

    server: Server
    proxy: Proxy


class Proxy:
    """Passes bytes on between clients and a server, until it is told otherwise."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]
        self.is_silent = False
        self.most: int | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            self._open += [client, server]
            threading.Thread(target=self._pass, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, True), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 14):
                while self.is_silent:
                    time.sleep(0.05)
                passed += len(data)
                if is_answer and self.most is not None and passed > self.most:
                    break
                target.sendall(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        target.close()

    def close(self) -> None:
        self.is_silent = False
        for one in (self._listener, *self._open):
            # What another thread waits on does not close by itself.
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Between]:
    monkeypatch.setenv("KG_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("KG_STORE_TIMEOUT", "1")
    (tmp_path / "store").mkdir()
    with servers.oxigraph(tmp_path / "store") as address:
        read_into(address, tmp_path / "articles")
        proxy = Proxy(int(address.rstrip("/").rpartition(":")[2]))
        try:
            through = f"oxigraph+http://ann:s3cret@127.0.0.1:{proxy.port}/"
            limits = {"query_time": 3.0, "answer_rows": 1000, "token": TOKEN}
            with running(through, tmp_path / "log", **limits) as server:  # type: ignore[arg-type]
                yield Between(server, proxy)
        finally:
            proxy.close()


def test_a_store_that_fails_is_a_bad_gateway_and_one_that_is_silent_a_late_one(
    between: Between, authorized: dict[str, str]
) -> None:
    server, proxy = between.server, between.proxy
    insert = {"update": "INSERT DATA { <urn:s> <urn:p> 1 }"}
    assert server.ask("ASK { ?s ?p ?o }").json()["boolean"] is True
    proxy.is_silent = True
    late = server.ask("ASK { ?s ?p ?o }")
    assert (late.status_code, "did not answer within 1 s" in late.text) == (504, True)
    late = requests.post(f"{server.url}/update", data=insert, headers=authorized, timeout=60)
    assert late.status_code == 504, late.text + server.log.read_text()
    assert requests.get(f"{server.url}/health/live", timeout=60).status_code == 200
    assert requests.get(f"{server.url}/health", timeout=60).status_code == 504
    proxy.is_silent = False
    assert server.ask("ASK { ?s ?p ?o }").json()["boolean"] is True
    proxy.close()
    for response in (
        server.ask("ASK { ?s ?p ?o }"),
        requests.get(f"{server.url}/entity/grace-lin", timeout=60),
        requests.post(f"{server.url}/update", data=insert, headers=authorized, timeout=60),
    ):
        assert response.status_code == 502
        assert "can't be reached" in response.text
        assert "s3cret" not in response.text


def test_an_answer_that_breaks_off_there_breaks_off_here(between: Between) -> None:
    between.proxy.most = 60_000
    port = int(between.server.url.rpartition(":")[2])
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 900"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", f"/sparql?query={quote(query)}", headers={"Accept": "text/csv"})
    response = connection.getresponse()
    if response.status == 200:
        with pytest.raises(http.client.IncompleteRead):
            response.read()
    else:
        assert (response.status, b"broke off" in response.read()) == (502, True)
    connection.close()


def test_limits_hold_for_answers_of_other_stores(between: Between) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        assert between.server.ask(query, "text/csv").status_code == 200
    assert between.server.ask(f"{query} LIMIT 1000", "text/csv").status_code == 200
    began = time.monotonic()
    slow = between.server.ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }")
    assert slow.status_code in (503, 504)
    assert time.monotonic() - began < 4
    assert between.server.ask("ASK {}").status_code == 200


def test_a_store_that_can_not_be_reached_is_no_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KG_STATE", str(tmp_path))
    address = f"http://ann:s3cret@127.0.0.1:{free_port()}/"
    with pytest.raises(StoreError, match="can't be reached"):
        create_app({"store": address})
    assert kg.cli.main(["serve", "--store", address, "--port", str(free_port())]) == 1
    output = capfd.readouterr()
    assert "can't be reached" in output.err
    assert "s3cret" not in output.err + output.out


def test_what_is_added_elsewhere_is_seen_at_once(between: Between, tmp_path: Path) -> None:
    articles = {"new.txt": "Zoe Quill founded Quillworks in 2020. Quillworks is based in Berlin."}
    read_into(f"oxigraph+http://127.0.0.1:{between.proxy.port}/", tmp_path / "more", articles)
    assert ["Zoe Quill"] in between.server.rows(NAMES)
    assert len(ARTICLES) + 1 == int(between.server.rows("SELECT (COUNT(*) AS ?n) { ?a a schema:NewsArticle }")[0][0])
