"""Search by a running server, in snapshots that are written meanwhile."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import requests

import kg
from kg.search.index import FILE
from tests.search.test_search import fill
from tests.server.conftest import TOKEN, Server, make_graph, running

HEADERS = {"Authorization": f"Bearer {TOKEN}"}
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


def names(server: Server, words: str) -> list[str]:
    found = requests.get(f"{server.url}/search", params={"q": words, "format": "json"}, timeout=60)
    assert found.status_code == 200, found.text
    return [hit["label"] for hit in found.json()["results"]]


def _has_ended(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


def subjects(server: Server, words: str) -> list[str]:
    return [row[0] for row in server.rows(f'SELECT ?s {{ ?s text:query "{words}" }}')]


def update(server: Server, text: str) -> None:
    header = {"Content-Type": "application/sparql-update", **HEADERS}
    assert requests.post(f"{server.url}/update", data=text, headers=header, timeout=60).status_code == 204


def test_each_write_is_found_at_once_and_what_is_deleted_is_not(tmp_path: Path) -> None:
    with running(tmp_path / "graph", tmp_path / "log", token=TOKEN, processes=2) as server:
        for number in range(10):
            update(server, f'INSERT DATA {{ <http://x.example/{number}> <{LABEL}> "Kilwa{number} Island" }}')
            assert names(server, f"kilwa{number}") == [f"Kilwa{number} Island"]
            assert len(subjects(server, "islands")) == number + 1
        update(server, f'INSERT {{ ?s <{LABEL}> "Archipelago" }} WHERE {{ ?s <{LABEL}> ?l }}')
        assert len(subjects(server, "archipelago")) == 10
        update(server, f"DELETE WHERE {{ <http://x.example/3> <{LABEL}> ?l }}")
        assert len(subjects(server, "archipelago")) == 9
        url = f"{server.url}/graphs?graph=http://x.example/g"
        turtle = {"Content-Type": "text/turtle", **HEADERS}
        for name in ("Lamu", "Pemba"):
            data = f'<http://x.example/{name}> <{LABEL}> "{name}" .'
            assert requests.put(url, data=data, headers=turtle, timeout=60).status_code in (201, 204)
            assert subjects(server, name) == [f"http://x.example/{name}"]
        assert subjects(server, "Lamu") == []
        assert requests.delete(url, headers=HEADERS, timeout=60).status_code == 204
        assert subjects(server, "Pemba") == []
        update(server, f'DELETE {{ ?s <{LABEL}> ?l }} WHERE {{ ?s text:query ("archipelago" 3) ; <{LABEL}> ?l }}')
        assert len(subjects(server, "archipelago")) == 6


def test_the_index_is_kept_when_a_server_and_its_writer_are_killed(tmp_path: Path) -> None:
    with running(tmp_path / "graph", tmp_path / "log", token=TOKEN) as server:
        update(server, f'INSERT DATA {{ <http://x.example/a> <{LABEL}> "Kilwa" }}')
        killed = [*server.workers(), _keeper(server)]
        for process in killed:
            os.kill(process, 9)
        # The system takes a moment for it.
        deadline = time.monotonic() + 60
        while not all(map(_has_ended, killed)):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert names(server, "kilwa") == ["Kilwa"]
        update(server, f'INSERT {{ <http://x.example/b> <{LABEL}> "Lamu" }} WHERE {{}}')
        server.process.kill()
        server.process.wait()
    with running(tmp_path / "graph", tmp_path / "log", token=TOKEN) as server:
        assert names(server, "lamu") == ["Lamu"]
        assert names(server, "kilwa") == ["Kilwa"]


def _keeper(server: Server) -> int:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        command = (entry / "cmdline").read_bytes()
        if str(server.folder).encode() in command and b"server.engine.keeper" in command:
            return int(entry.name)
    pytest.fail("There is no keeper.")


def test_a_server_finds_what_another_process_adds_and_not_what_it_forgets(tmp_path: Path) -> None:
    folder = make_graph(tmp_path / "graph")
    more = fill(tmp_path / "more", {"new.txt": "A new firm\n\nPatience Mwangi founded Kilwa Systems in 2020."})
    with running(folder, tmp_path / "log") as server:
        assert names(server, "mwangi") == []
        with kg.Graph.open(folder) as graph:
            graph.add(more)
        _wait_for(server, "mwangi", there=True)
        with kg.Graph.open(folder) as graph:
            graph.forget(str(more / "new.txt"))
        _wait_for(server, "mwangi", there=False)


def _wait_for(server: Server, words: str, *, there: bool) -> None:
    deadline = time.monotonic() + 20
    while bool(names(server, words)) != there or bool(subjects(server, words)) != there:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_graph_from_before_there_was_an_index_is_searched(tmp_path: Path) -> None:
    folder = make_graph(tmp_path / "graph")
    (folder / FILE).unlink()
    with running(folder, tmp_path / "log", processes=2, workers=2) as server:
        for _ in range(8):
            assert "Grace Lin" in names(server, "grace")
            assert subjects(server, "grace")


def test_the_beginning_of_the_last_word_will_do(server: Server) -> None:
    assert names(server, "acme rob")[0] == "Acme Robotics"
    assert names(server, "rob acme") == []


def test_a_wrong_search_is_the_fault_of_the_client(server: Server) -> None:
    response = server.ask("SELECT * { ?s text:query ?words }")
    assert response.status_code == 400
    assert "text:query needs" in response.text


def test_the_dataset_of_the_request_is_what_is_searched(server: Server) -> None:
    query = 'SELECT ?s { ?s text:query "lin" }'
    for parameter, count in (("default-graph-uri", 0), ("named-graph-uri", 0)):
        options = {"query": query, parameter: "http://x.example/none"}
        found = requests.get(f"{server.url}/sparql", params=options, timeout=60).json()
        assert len(found["results"]["bindings"]) == count
    assert len(subjects(server, "lin")) > 2
