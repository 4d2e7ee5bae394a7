"""Writing: who may, that it is all or nothing, and that the next query sees it."""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
import requests

from tests.server.conftest import TOKEN, Server, running

EX = "http://x.example/"


def update(server: Server, text: str, headers: dict[str, str]) -> requests.Response:
    header = {"Content-Type": "application/sparql-update", **headers}
    return requests.post(f"{server.url}/update", data=text.encode(), headers=header, timeout=60)


@pytest.mark.parametrize("path", ["/update", "/graphs?default"])
def test_nothing_is_written_without_the_token(writable: Server, path: str) -> None:
    header = {"Content-Type": "text/turtle"} if "graphs" in path else {"Content-Type": "application/sparql-update"}
    triple = f"<{EX}unwritten> <{EX}p> <{EX}o>"
    data = f"{triple} ." if "graphs" in path else f"INSERT DATA {{ {triple} }}"
    for authorization in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer"}, {"Authorization": "x"}):
        response = requests.post(writable.url + path, data=data, headers={**header, **authorization}, timeout=60)
        assert response.status_code == 401
        assert "Bearer" in response.headers["WWW-Authenticate"]
    assert writable.rows(f"SELECT * {{ <{EX}unwritten> ?p ?o }}") == []


def test_a_server_without_a_token_is_read_only(server: Server, authorized: dict[str, str]) -> None:
    response = update(server, "CLEAR ALL", authorized)
    assert response.status_code == 403
    assert "read-only" in response.text
    assert requests.put(f"{server.url}/graphs?default", data="", headers=authorized, timeout=60).status_code == 403
    assert server.ask("ASK { ?s ?p ?o }").json()["boolean"]


def test_the_token_is_taken_as_bearer_and_as_password(writable: Server) -> None:
    text = f"INSERT DATA {{ <{EX}token> <{EX}p> 1 }}"
    url = f"{writable.url}/update"
    assert requests.post(url, data={"update": text}, auth=("anybody", TOKEN), timeout=60).status_code == 204
    assert update(writable, text, {"Authorization": f"Bearer {TOKEN}"}).status_code == 204


def test_the_next_query_sees_each_write(writable: Server, authorized: dict[str, str]) -> None:
    for number in range(20):
        text = f"DELETE WHERE {{ <{EX}n> ?p ?o }} ; INSERT DATA {{ <{EX}n> <{EX}p> {number} }}"
        assert update(writable, text, authorized).status_code == 204
        assert writable.rows(f"SELECT ?o {{ <{EX}n> <{EX}p> ?o }}") == [[str(number)]]


def test_an_update_is_done_wholly_or_not_at_all(writable: Server, authorized: dict[str, str]) -> None:
    text = f"INSERT DATA {{ <{EX}half> <{EX}p> 1 }} ; CREATE GRAPH <{EX}g> ; CREATE GRAPH <{EX}g>"
    response = update(writable, text, authorized)
    assert response.status_code == 409
    assert writable.rows(f"SELECT * {{ <{EX}half> ?p ?o }}") == []


def test_a_malformed_update_is_a_bad_request(writable: Server, authorized: dict[str, str]) -> None:
    response = update(writable, "INSERT DATA { oops", authorized)
    assert response.status_code == 400
    assert "malformed at line 1" in response.text


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("LOAD <%s>", 403),
        ("LOAD SILENT <%s> INTO GRAPH <http://x.example/g>", 204),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <%s> { ?s ?p ?o } }", 403),
        ("load<%s>", 403),
        ("LOAD # comment\n <%s>", 403),
        ("LOAD <%s> ; oops", 400),
    ],
)
def test_no_update_makes_the_server_open_a_connection(
    writable: Server, authorized: dict[str, str], text: str, status: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.3)
        response = update(writable, text % f"http://127.0.0.1:{trap.getsockname()[1]}/data.ttl", authorized)
        assert response.status_code == status
        with pytest.raises(TimeoutError):
            trap.accept()


def test_the_store_is_opened_again_when_its_process_ends(writable: Server, authorized: dict[str, str]) -> None:
    assert update(writable, f"INSERT DATA {{ <{EX}kept> <{EX}p> 1 }}", authorized).status_code == 204
    (runtime,) = (writable.folder / "run").iterdir()
    keeper = int.from_bytes((runtime / "version").read_bytes()[8:16], "little")
    os.kill(keeper, signal.SIGKILL)
    assert writable.rows(f"SELECT ?o {{ <{EX}kept> ?p ?o }}") == [["1"]]
    assert update(writable, f"INSERT DATA {{ <{EX}kept> <{EX}p> 2 }}", authorized).status_code == 204
    assert writable.rows(f"SELECT ?o {{ <{EX}kept> ?p ?o }} ORDER BY ?o") == [["1"], ["2"]]


def test_every_write_is_in_the_audit_log(writable: Server, authorized: dict[str, str]) -> None:
    text = f"INSERT DATA {{ <{EX}audited> <{EX}p> 1 }}"
    update(writable, text, authorized)
    last = json.loads((writable.folder / "audit.jsonl").read_text().splitlines()[-1])
    assert (last["author"], last["action"], last["bytes"]) == ("default", "update", len(text))


def test_a_graph_is_put_read_added_to_and_deleted(writable: Server, authorized: dict[str, str]) -> None:
    url = f"{writable.url}/graphs"
    graph = {"graph": f"{EX}graph"}
    turtle = {"Content-Type": "text/turtle", **authorized}
    assert requests.get(url, params=graph, timeout=60).status_code == 404
    first = requests.put(url, params=graph, data=f"<{EX}s> <{EX}p> 1, 2 .", headers=turtle, timeout=60)
    second = requests.put(url, params=graph, data=f"<{EX}s> <{EX}p> 3 .", headers=turtle, timeout=60)
    third = requests.post(url, params=graph, data=f"<{EX}s> <{EX}p> 4 .", headers=turtle, timeout=60)
    assert [first.status_code, second.status_code, third.status_code] == [201, 204, 204]
    found = requests.get(url, params=graph, headers={"Accept": "application/n-triples"}, timeout=60)
    assert sorted(line.split('"')[1] for line in found.text.splitlines()) == ["3", "4"]
    assert requests.delete(url, params=graph, headers=authorized, timeout=60).status_code == 204
    assert requests.get(url, params=graph, timeout=60).status_code == 404
    assert requests.delete(url, params=graph, headers=authorized, timeout=60).status_code == 404


def test_a_graph_that_is_not_rdf_is_refused_and_changes_nothing(writable: Server, authorized: dict[str, str]) -> None:
    url = f"{writable.url}/graphs"
    graph = {"graph": f"{EX}kept-graph"}
    turtle = {"Content-Type": "text/turtle", **authorized}
    requests.put(url, params=graph, data=f"<{EX}s> <{EX}p> 1 .", headers=turtle, timeout=60)
    response = requests.put(url, params=graph, data=f"<{EX}s> <{EX}p> 2 . oops", headers=turtle, timeout=60)
    assert response.status_code == 400
    assert "not valid Turtle" in response.text
    assert writable.rows(f"SELECT ?o {{ GRAPH <{EX}kept-graph> {{ ?s ?p ?o }} }}") == [["1"]]
    header = {"Content-Type": "image/png", **authorized}
    assert requests.put(url, params=graph, data=b"x", headers=header, timeout=60).status_code == 415
    assert requests.put(url, data=b"", headers=turtle, timeout=60).status_code == 400


def test_what_is_acknowledged_survives_kills_and_is_never_torn(tmp_path: Path) -> None:
    with running(tmp_path / "graph", tmp_path / "log", token=TOKEN, default_graph="unnamed", workers=1) as server:
        header = {"Authorization": f"Bearer {TOKEN}"}
        stop = threading.Event()
        acknowledged: list[int] = []

        def write() -> None:
            for number in itertools.count():
                if stop.is_set():
                    return
                triples = " ".join(f"<{EX}{number}> <{EX}p> {part} ." for part in range(20))
                response = requests.post(
                    f"{server.url}/update", data={"update": f"INSERT DATA {{ {triples} }}"}, headers=header, timeout=60
                )
                if response.status_code == 204:
                    acknowledged.append(number)

        writer = threading.Thread(target=write)
        writer.start()
        (runtime,) = (server.folder / "run").iterdir()
        for kill in range(5):
            before = len(acknowledged)
            deadline = time.monotonic() + 20
            while len(acknowledged) < before + 3:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            time.sleep(0.007 * kill)
            os.kill(int.from_bytes((runtime / "version").read_bytes()[8:16], "little"), signal.SIGKILL)
        stop.set()
        writer.join()
        counts = dict(server.rows(f"SELECT ?s (COUNT(*) AS ?n) {{ ?s <{EX}p> ?o }} GROUP BY ?s"))
    assert set(counts.values()) == {"20"}
    assert {f"{EX}{number}" for number in acknowledged} <= counts.keys()


def test_only_who_may_write_can_send_much(writable: Server, authorized: dict[str, str]) -> None:
    url = f"{writable.url}/graphs"
    much = f"<{EX}much> <{EX}p> '{'x' * 5_000_000}' ."
    for header in ({}, {"Authorization": "Bearer wrong"}):
        turtle = {"Content-Type": "text/turtle", **header}
        response = requests.put(url, params={"graph": f"{EX}much"}, data=much, headers=turtle, timeout=60)
        assert (response.status_code, "without the token" in response.text) == (413, True)
    turtle = {"Content-Type": "text/turtle", **authorized}
    response = requests.put(url, params={"graph": f"{EX}much"}, data=much, headers=turtle, timeout=60)
    assert response.status_code == 201
    assert writable.rows(f"SELECT (STRLEN(?o) AS ?n) {{ GRAPH <{EX}much> {{ ?s ?p ?o }} }}") == [["5000000"]]
