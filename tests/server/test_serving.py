"""Running: processes that end and are replaced, logs, metrics, health, settings."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from kg.errors import StoreError, UsageError
from server import create_app, serve
from server.config import Config
from tests.server.conftest import TOKEN, Server, make_graph, running


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of two processes that logs everything."""
    folder = tmp_path_factory.mktemp("several")
    logs = {"access_log": str(folder / "access"), "slow_log": str(folder / "slow"), "slow_after": 0.5}
    with running(
        make_graph(folder / "graph"), folder / "log", token=TOKEN, processes=2, query_time=2.0, **logs
    ) as found:
        yield found


def children(server: Server) -> set[int]:
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command, status = (entry / "cmdline").read_bytes(), (entry / "status").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if b"server.process" in command and f"PPid:\t{server.process.pid}\n" in status:
                found.add(int(entry.name))
    return found


def test_a_process_that_ends_is_started_again(several: Server) -> None:
    deadline = time.monotonic() + 60
    while len(before := children(several)) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    killed = before.pop()
    os.kill(killed, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while len(children(several) - {killed}) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert several.ask("ASK {}").status_code == 200


def test_no_process_outlives_a_server_that_is_killed(tmp_path: Path) -> None:
    with running(make_graph(tmp_path / "graph"), tmp_path / "log", token=TOKEN, processes=2) as server:
        assert server.ask("ASK {}").status_code == 200
        keeper = int.from_bytes(next((tmp_path / "graph" / "run").glob("*/version")).read_bytes()[8:16], "little")
        processes = {keeper, *server.workers(), *children(server)}
        assert len(processes) >= 3
        server.process.kill()
        deadline = time.monotonic() + 20
        while left := {process for process in processes if is_alive(process)}:
            assert time.monotonic() < deadline, left
            time.sleep(0.1)
        with pytest.raises(requests.ConnectionError):
            server.ask("ASK {}")


def is_alive(process: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return False


def test_processes_are_replaced_without_a_request_lost(several: Server) -> None:
    before = children(several)
    wrong: list[object] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                response = several.ask(f"SELECT ({time.monotonic_ns()} AS ?x) {{}}")
                if response.status_code != 200:
                    wrong.append(response.text)
            except requests.RequestException as error:
                wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        several.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 60
        while children(several) & before or len(children(several)) != 2:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []


def logged(log: Path, response: requests.Response) -> dict[str, Any]:
    """The line on a response, which is written once it is sent."""
    deadline = time.monotonic() + 10
    while True:
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        found = [line for line in lines if line["id"] == response.headers["X-Request-Id"]]
        if found:
            assert len(found) == 1
            line: dict[str, Any] = found[0]
            return line
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_each_request_is_in_the_access_log_under_the_name_that_the_client_got(several: Server) -> None:
    response = several.ask("ASK { ?s ?p ?o }")
    line = logged(several.folder.parent / "access", response)
    assert (line["method"], line["path"], line["status"], line["bytes"]) == (
        "GET",
        "/sparql",
        200,
        len(response.content),
    )
    assert 0 <= line["seconds"] < 10
    assert "query" not in line


def test_a_slow_query_is_logged_with_its_text(several: Server) -> None:
    query = "SELECT (COUNT(*) AS ?slow) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
    response = several.ask(query)
    assert response.status_code == 503
    line = logged(several.folder.parent / "slow", response)
    assert (line["query"], line["status"]) == (query, 503)
    assert line["seconds"] >= 2


def test_metrics_add_up_over_the_processes(several: Server) -> None:
    def count(name: str) -> float:
        text = requests.get(f"{several.url}/metrics", timeout=60).text
        found = [float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name)]
        return sum(found)

    before = count('newsgraph_queries_total{outcome="answered"}')
    wrong = count('newsgraph_queries_total{outcome="bad request"}')
    for number in range(10):
        several.ask(f"SELECT ({number} AS ?metric) {{}}")
    several.ask("oops")
    assert count('newsgraph_queries_total{outcome="answered"}') == before + 10
    assert count('newsgraph_queries_total{outcome="bad request"}') == wrong + 1
    assert count("newsgraph_query_seconds_count") > 10
    assert count("newsgraph_store_bytes") > 1000
    assert count("newsgraph_graph_version") >= 1
    assert count("newsgraph_workers_") >= 1


def test_health_tells_whether_queries_are_answered(several: Server) -> None:
    for path in ("/health", "/health/ready", "/health/live"):
        response = requests.get(several.url + path, timeout=60)
        assert (response.status_code, response.json()["status"]) == (200, "ok")


def test_the_application_also_runs_by_itself(tmp_path: Path) -> None:
    app = create_app({"store": make_graph(tmp_path / "graph"), "workers": 1})
    client = app.test_client()
    assert client.get("/health").status_code == 200
    answer = client.get("/sparql", query_string={"query": "ASK { ?s a ng:Person }"}, headers={"Accept": "text/csv"})
    assert answer.data == b"true"
    app.extensions["newsgraph"].close()
    assert list((tmp_path / "graph" / "run").iterdir()) == []


def test_a_setting_that_does_not_exist_is_named_with_the_nearest_that_does(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no setting 'query_tme'; did you mean 'query_time'"):
        Config.of({"store": tmp_path, "query_tme": 1})
    with pytest.raises(UsageError, match="'store' is missing"):
        Config.of({})
    with pytest.raises(UsageError, match="must be 'union' or 'unnamed'"):
        Config.of({"store": tmp_path, "default_graph": "all"})


def test_a_graph_that_is_not_there_is_no_server(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"There is no graph in .* kg add"):
        serve(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()
