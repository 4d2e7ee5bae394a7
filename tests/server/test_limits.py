"""What no query and no client can do: hold the server, end it, or make it forget its limits."""

from __future__ import annotations

import concurrent.futures
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
import requests

import kg
from server.clients import Connections, Rates
from tests.server.conftest import TOKEN, Server, running

LIMIT = 2.0
QUEUE_TIME = 3.0
PROMPT = 6.0
"""Seconds within which a small query is answered by a server that is not held up, on a machine that is."""
AGGREGATE = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HEAVY = {
    "aggregate": AGGREGATE,
    "sort": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
    "cross product": "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?c) = CONCAT(STR(?f), STR(?i))) }",
    "path": "SELECT (COUNT(*) AS ?n) { ?a (<http://x.example/p>|!<http://x.example/q>)* ?b . ?c ?d ?e . ?f ?g ?h }",
    "regular expression": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(REGEX(CONCAT(STR(?c), STR(?f)), '(a|b)*c.*d')) }",
    "optionals": "SELECT * {" + "".join(f" OPTIONAL {{ ?s ?p{n} ?o{n} }}" for n in range(400)) + " }",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of 20,000 triples that no article says."""
    folder = tmp_path_factory.mktemp("limits") / "graph"
    with kg.Graph.open(folder) as graph:
        lines = (
            f"<http://x.example/{n}> <http://x.example/p> <http://x.example/{n * 7 % 20000}> ." for n in range(20000)
        )
        (folder.parent / "data.nt").write_text("\n".join(lines), encoding="ascii")
        graph.load(folder.parent / "data.nt")
    return folder


@pytest.fixture(scope="module")
def bounded(folder: Path) -> Iterator[Server]:
    """A server with low limits."""
    settings: dict[str, Any] = {"query_time": LIMIT, "heavy_after": 0.5, "workers": 3, "queue": 4, "queue_time": QUEUE_TIME, "answer_size": 10_000_000,
                "query_size": 100_000, "body_size": 200_000, "worker_memory": 400_000_000}  # fmt: skip
    with running(folder, folder.parent / "log", **settings) as server:
        server.ask("ASK {}")
        yield server


@pytest.fixture(scope="module")
def patient(folder: Path) -> Iterator[Server]:
    """A server on which no query of these tests comes to its limit of time."""
    with running(folder, folder.parent / "log-patient", workers=3, heavy_after=0.5, query_time=100.0) as server:
        yield server


def lookup(server: Server) -> float:
    """How long a small query takes, in seconds; it is another one each time, so that it needs a worker."""
    began = time.monotonic()
    response = server.ask(f"SELECT ?o {{ <http://x.example/{time.monotonic_ns()}> ?p ?o }}")
    assert response.status_code == 200, response.text
    return time.monotonic() - began


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_query_is_ended_at_the_limit_and_the_next_one_is_answered(bounded: Server, name: str) -> None:
    began = time.monotonic()
    response = bounded.ask(HEAVY[name])
    took = time.monotonic() - began
    assert response.status_code in (500, 503), response.text
    assert "limit" in response.text or "memory" in response.text
    assert took < LIMIT + PROMPT
    assert lookup(bounded) < PROMPT


@pytest.mark.parametrize(
    "query",
    [
        "ASK " + "{" * 2500 + "}" * 2500,
        "ASK { ?s " + "(" * 20000 + "<http://x.example/p>" + ")" * 20000 + " ?o }",
        "SELECT (" + "!" * 50000 + "true AS ?x) {}",
        "ASK { {} " + "UNION {} " * 11000 + "}",
        "ASK { ?s <a:a>" + "/<a:a>" * 16000 + " ?o }",
        "SELECT (1" + "+1" * 49000 + " AS ?x) {}",
        "ASK { FILTER(true" + "&&true" * 16000 + ") }",
    ],
    ids=["braces", "parentheses", "not", "union", "path", "plus", "and"],
)
def test_a_query_on_which_the_engine_would_crash_costs_only_itself(bounded: Server, query: str) -> None:
    began = time.monotonic()
    response = bounded.ask_by_post(query)
    assert response.status_code in (200, 400, 500, 503)
    assert time.monotonic() - began < LIMIT + PROMPT
    assert lookup(bounded) < PROMPT


def test_a_worker_that_is_killed_costs_its_own_query_only(bounded: Server) -> None:
    with concurrent.futures.ThreadPoolExecutor() as threads:
        heavy = threads.submit(bounded.ask, AGGREGATE)
        time.sleep(0.5)
        eventually(lambda: any(map(is_computing, bounded.workers())))
        busy = max(bounded.workers(), key=used)
        os.kill(busy, signal.SIGKILL)
        assert lookup(bounded) < PROMPT
        assert heavy.result().status_code == 500
    assert busy not in bounded.workers()


def used(process: int) -> int:
    """How much time a process has used, in ticks; one that is gone, none."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(fields[11]) + int(fields[12])


def is_computing(process: int) -> bool:
    before = used(process)
    time.sleep(0.3)
    return used(process) > before + 1


def test_a_query_that_needs_too_much_memory_is_ended(bounded: Server) -> None:
    query = "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?c), STR(?d), STR(?f))) AS ?x) { ?a ?b ?c . ?d ?e ?f }"
    response = bounded.ask(query)
    assert response.status_code in (500, 503)
    assert "memory" in response.text or "limit" in response.text
    assert lookup(bounded) < PROMPT


def test_a_client_that_leaves_ends_its_query(patient: Server) -> None:
    with asking(patient, AGGREGATE):
        eventually(lambda: any(map(is_computing, patient.workers())))
        busy = max(patient.workers(), key=used)
    eventually(lambda: busy not in patient.workers())


def asking(server: Server, query: str) -> socket.socket:
    """A connection on which a query was asked."""
    client = socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])))
    path = requests.Request("GET", server.url + "/sparql", params={"query": query}).prepare().path_url
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode())
    return client


def eventually(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_heavy_queries_never_hold_every_worker(patient: Server) -> None:
    with ExitStack() as stack:
        heavy = [stack.enter_context(asking(patient, AGGREGATE)) for _ in range(3)]
        eventually(lambda: len(patient.workers()) == 3)
        assert lookup(patient) < 15
        gave_way = b""
        for client in heavy:
            client.settimeout(0.5)
            with suppress(TimeoutError):
                gave_way += client.recv(10_000)
    assert b"HTTP/1.1 503" in gave_way
    assert b"give way" in gave_way
    assert b"retry-after" in gave_way


def test_who_comes_when_the_queue_is_full_is_told_to_come_back(bounded: Server) -> None:
    with concurrent.futures.ThreadPoolExecutor(20) as threads:
        answers = [found.result() for found in [threads.submit(bounded.ask, AGGREGATE) for _ in range(14)]]
    refused = [found for found in answers if "waiting already" in found.text]
    assert refused
    assert all(found.status_code == 503 and found.headers["Retry-After"] for found in refused)
    assert lookup(bounded) < PROMPT


def test_each_size_limit_has_its_own_message(bounded: Server) -> None:
    long = bounded.ask_by_post("ASK {} #" + "x" * 100_000)
    assert (long.status_code, "longer than 100,000 bytes" in long.text) == (413, True)
    deep = bounded.ask("ASK " + "{" * 300 + "}" * 300)
    assert (deep.status_code, "more than 256 deep" in deep.text) == (400, True)
    header = {"Content-Type": "application/sparql-query"}
    url = f"{bounded.url}/sparql"
    body = requests.post(url, data=b"#" * 300_000, headers=header, timeout=60)
    assert (body.status_code, "longer than 200,000 bytes" in body.text) == (413, True)
    chunked = requests.post(url, data=iter([b"#" * 100_000] * 3), headers=header, timeout=60)
    assert chunked.status_code == 413
    head = requests.get(url, params={"query": "#" * 70_000}, timeout=60)
    assert (head.status_code, "POST" in head.text) == (414, True)


def test_a_long_answer_streams_and_one_that_is_too_long_breaks_off(bounded: Server) -> None:
    query = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }"
    with bounded.ask(query, "text/csv", stream=True) as response:
        assert response.status_code == 200
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            for _ in response.iter_content(1 << 16):
                pass
    assert lookup(bounded) < PROMPT


def test_the_whole_graph_leaves_with_flat_memory(bounded: Server) -> None:
    lookup(bounded)
    answers = [bounded.ask("SELECT * { ?a ?b ?c }", "text/csv", stream=True) for _ in range(2)]
    for response in answers:
        assert sum(piece.count(b"\n") for piece in response.iter_content(1 << 14)) == 20001
    memory = int(Path(f"/proc/{bounded.process.pid}/status").read_text().partition("VmRSS:")[2].split()[0])
    assert memory < 150_000


def test_a_reader_sees_one_state_while_others_write(tmp_path: Path) -> None:
    with running(tmp_path / "graph", tmp_path / "log", token=TOKEN, workers=2) as server:
        header = {"Authorization": f"Bearer {TOKEN}"}

        def write(number: int) -> None:
            text = "DELETE WHERE { ?s ?p ?o } ; INSERT DATA { " + " ".join(
                f"<http://x.example/{n}> <http://x.example/p> {number} ." for n in range(50)
            ) + " }"  # fmt: skip
            assert requests.post(f"{server.url}/update", data={"update": text}, headers=header, timeout=60).ok

        write(0)
        with concurrent.futures.ThreadPoolExecutor() as threads:
            writes = threads.submit(lambda: list(map(write, range(1, 25))))
            while not writes.done():
                assert server.rows("SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?o) AS ?m) { ?s ?p ?o }") == [["50", "1"]]
            writes.result()
        snapshots = [entry for entry in next((server.folder / "run").iterdir()).iterdir() if entry.name.isdigit()]
        assert len(snapshots) <= 4


def test_a_read_only_server_shows_what_another_process_adds(tmp_path: Path) -> None:
    with kg.Graph.open(tmp_path / "graph") as graph:
        graph.update("INSERT DATA { <a:s> <a:p> 1 }")
    with running(tmp_path / "graph", tmp_path / "log") as server:
        assert server.rows("SELECT ?o { <a:s> ?p ?o }") == [["1"]]
        with kg.Graph.open(tmp_path / "graph") as graph:
            graph.update("INSERT DATA { <a:s> <a:p> 2 }")
        eventually(lambda: server.rows("SELECT ?o { <a:s> ?p ?o } ORDER BY ?o") == [["1"], ["2"]])


def test_nothing_is_left_when_the_server_stops(tmp_path: Path) -> None:
    with running(tmp_path / "graph", tmp_path / "log", token=TOKEN) as server:
        lookup_of_nothing = server.ask("ASK {}")
        assert lookup_of_nothing.status_code == 200
        workers = server.workers()
        assert workers
    assert list((tmp_path / "graph" / "run").iterdir()) == []
    eventually(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_clients_that_do_not_read_stop_nobody(bounded: Server) -> None:
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(asking(bounded, "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }"))
        for _ in range(5):
            # A page needs a thread, and a worker.
            began = time.monotonic()
            response = requests.get(f"{bounded.url}/search", params={"q": str(began)}, timeout=60)
            assert response.status_code in (200, 503)
            # It is told so when it has waited as long as it may; those who do not read might hold it ten times as long.
            assert time.monotonic() - began < QUEUE_TIME + PROMPT
        eventually(lambda: bounded.ask(f"ASK {{ <a:{time.monotonic_ns()}> ?p ?o }}").status_code == 200, 2 * PROMPT)


def test_clients_that_say_nothing_stop_nobody(bounded: Server) -> None:
    port = int(bounded.url.rpartition(":")[2])
    with ExitStack() as stack:
        for number in range(300):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(
                [b"", b"GET /", b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx"][number % 3]
            )
        assert lookup(bounded) < PROMPT


def test_one_client_may_ask_so_often_and_the_others_too(folder: Path) -> None:
    with running(folder, folder.parent / "log-rate", rate=1, burst=5) as server:
        answers = [server.ask("ASK {}") for _ in range(12)]
        refused = [found for found in answers if found.status_code == 429]
        assert 4 <= len(refused) <= 9
        assert all(int(found.headers["Retry-After"]) >= 1 and "wait" in found.text for found in refused)
        with _session_from("127.0.0.2") as other:
            assert other.get(f"{server.url}/health", timeout=60).status_code == 200


def test_one_client_may_have_so_many_connections_and_the_others_too(folder: Path) -> None:
    with running(folder, folder.parent / "log-connections", connections=20) as server, ExitStack() as stack:
        address = ("127.0.0.1", int(server.url.rpartition(":")[2]))

        def is_open(client: socket.socket) -> bool:
            client.settimeout(0.2)
            try:
                return client.recv(1) != b""
            except TimeoutError:
                return True
            except ConnectionResetError:
                return False

        opened = [
            stack.enter_context(socket.create_connection(address, source_address=("127.0.0.3", 0))) for _ in range(25)
        ]
        assert sum(map(is_open, opened)) == 20
        assert lookup(server) < PROMPT
        for client in opened:
            client.close()
        again = stack.enter_context(socket.create_connection(address, source_address=("127.0.0.3", 0)))
        assert is_open(again)


def _session_from(address: str) -> requests.Session:
    class Adapter(requests.adapters.HTTPAdapter):
        def init_poolmanager(self, *arguments: object, **options: object) -> None:
            super().init_poolmanager(*arguments, source_address=(address, 0), **options)  # type: ignore[arg-type]

    session = requests.Session()
    session.mount("http://", Adapter())
    return session


def test_clients_are_counted_for_themselves_and_forgotten_in_time() -> None:
    rates = Rates(2, 3)
    assert [rates.seconds_to_wait("a", 0.0) for _ in range(4)] == [0, 0, 0, 1]
    assert rates.seconds_to_wait("b", 0.0) == 0
    assert rates.seconds_to_wait("a", 0.5) == 0
    for number in range(20_000):
        rates.seconds_to_wait(str(number), 1.0)
    assert len(rates._buckets) <= 10_000
    connections = Connections(1)
    assert [connections.come("a"), connections.come("a"), connections.come("b")] == [True, False, True]
    connections.go("a")
    assert connections.come("a")
