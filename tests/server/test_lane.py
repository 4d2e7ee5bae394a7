"""Queries that share a worker get each its own answer, whatever the others do."""

from __future__ import annotations

import concurrent.futures
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self
from urllib.parse import quote

import pytest

from kg.store.embedded import EmbeddedStore
from server.engine.messages import Batch, End, Failure, Head, Left, Query, Whole
from server.engine.pipe import Pipe
from server.engine.worker import serve
from tests.server.conftest import Server, make_graph, running

CLIENTS = 12


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one process for HTTP, so that its clients share workers."""
    folder = tmp_path_factory.mktemp("lane")
    with running(make_graph(folder / "graph"), folder / "log", workers=3, query_time=20.0) as server:
        yield server


class Client:
    """One connection, on which one query is asked after the other."""

    def __init__(self, server: Server) -> None:
        self._socket = socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=60)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def send(self, query: str) -> None:
        head = f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n"
        self._socket.sendall(head.encode())

    def ask(self, query: str) -> tuple[int, bytes]:
        self.send(query)
        status = int(self._file.readline().split()[1])
        length, is_chunked = 0, False
        while (line := self._file.readline().lower()) != b"\r\n":
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            is_chunked = is_chunked or line.startswith(b"transfer-encoding: chunked")
        if not is_chunked:
            return status, self._file.read(length)
        pieces = []
        while size := int(self._file.readline(), 16):
            pieces.append(self._file.read(size))
            self._file.readline()
        self._file.readline()
        return status, b"".join(pieces)


def quick(value: int) -> str:
    return f"SELECT ({value} AS ?x) {{}}"


def slow(value: int) -> str:
    """Takes some hundredths of a second."""
    return f"SELECT ({value} AS ?x) (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f }}"


def long(value: int) -> str:
    """An answer that leaves in pieces."""
    return f"SELECT ?a ?b ?d ?e ({value} AS ?x) {{ ?a ?b ?c . ?d ?e ?f }} LIMIT 4000"


def test_each_gets_its_own_answer(busy: Server) -> None:
    def ask(client: int) -> None:
        choose = random.Random(client)
        with Client(busy) as connection:
            for number in range(40):
                value = 1000 * client + number
                status, body = connection.ask(choose.choices((quick, slow, long), (30, 1, 1))[0](value))
                assert status == 200
                rows = body.decode().splitlines()[1:]
                assert rows
                assert all(str(value) in row.split(",") for row in rows)

    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as threads:
        for found in [threads.submit(ask, client) for client in range(CLIENTS)]:
            found.result()


def test_queries_behind_a_slow_one_do_not_wait_for_it(busy: Server) -> None:
    with Client(busy) as heavy, Client(busy) as connection:
        heavy.send("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
        seconds = []
        for number in range(50):
            began = time.monotonic()
            assert connection.ask(quick(900_000 + number))[0] == 200
            seconds.append(time.monotonic() - began)
    assert sorted(seconds)[25] < 1


def test_who_is_handed_to_a_dead_worker_is_answered_by_another(busy: Server) -> None:
    with Client(busy) as connection:
        for number in range(10):
            for worker in busy.workers():
                os.kill(worker, signal.SIGKILL)
            status, body = connection.ask(quick(800_000 + number))
            assert (status, body.split()) == (200, [b"x", f"{800_000 + number}".encode()])


def test_the_death_of_a_worker_costs_at_most_the_query_that_it_runs(busy: Server) -> None:
    stop = threading.Event()
    statuses: list[int] = []

    def ask(client: int) -> None:
        with Client(busy) as connection:
            number = 0
            while not stop.is_set():
                number += 1
                value = 10_000_000 * (client + 1) + number
                status, body = connection.ask(quick(value))
                assert status == 500 or str(value).encode() in body
                statuses.append(status)

    kills = 0
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as threads:
        asking = [threads.submit(ask, client) for client in range(CLIENTS)]
        for _ in range(3):
            time.sleep(0.3)
            for worker in busy.workers():
                os.kill(worker, signal.SIGKILL)
                kills += 1
        stop.set()
        for found in asking:
            found.result()
    assert set(statuses) <= {200, 500}
    assert statuses.count(500) <= kills


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Callable[[Batch], list[object]]]:
    """Gives what a worker says to a batch, all of it."""
    (tmp_path / "1").mkdir()
    EmbeddedStore(tmp_path / "1" / "store")
    ours, theirs = (Pipe(end) for end in socket.socketpair())
    serving = threading.Thread(target=serve, args=(theirs,))
    serving.start()

    def said(batch: Batch) -> list[object]:
        end = Query(
            str(tmp_path / "1"), "ASK { FILTER(false) }", "json", None, None, None, False, "http://x/", 100, 100
        )
        ours.send(batch)
        ours.send(end)
        return [
            *iter(ours.receive, Whole("boolean", "json", b'{"head":{},"boolean":false}', "")),
        ]

    yield said
    ours.close()
    serving.join()
    theirs.close()


@pytest.mark.parametrize(("seconds", "kinds"), [(60, [Whole, Whole, Whole]), (-1, [Whole, Left])])
def test_a_worker_begins_no_query_after_the_deadline_and_says_so(
    worker: Callable[[Batch], list[object]], tmp_path: Path, seconds: float, kinds: list[type]
) -> None:
    queries = [Query(str(tmp_path / "1"), f"SELECT ({n} AS ?x) {{}}", "csv", None, None, None, False, "http://x/", 1000, 100) for n in range(3)]  # fmt: skip
    assert [type(one) for one in worker(Batch(tuple(queries), time.monotonic() + seconds))] == kinds


def test_a_worker_begins_no_query_after_a_long_answer(worker: Callable[[Batch], list[object]], tmp_path: Path) -> None:
    values = " ".join(f"'{n:01000}'" for n in range(100))
    texts = (f"SELECT * {{ VALUES ?x {{ {values} }} }}", "SELECT (1 AS ?x) {}")
    queries = [Query(str(tmp_path / "1"), text, "csv", None, None, None, False, "http://x/", 10**6, 1000) for text in texts]  # fmt: skip
    ours = Batch(tuple(queries), time.monotonic() + 60)
    pipe, theirs = (Pipe(end) for end in socket.socketpair())
    serving = threading.Thread(target=serve, args=(theirs,))
    serving.start()
    pipe.send(ours)
    assert isinstance(pipe.receive(), Head)
    assert len(b"".join(iter(pipe.receive_bytes, b""))) > 100_000
    assert [pipe.receive(), pipe.receive()] == [End(), Left()]
    pipe.close()
    serving.join()
    theirs.close()


def test_of_a_snapshot_that_is_gone_a_worker_says_so_once(
    worker: Callable[[Batch], list[object]], tmp_path: Path
) -> None:
    queries = [Query(str(tmp_path / "0"), "ASK {}", "csv", None, None, None, False, "http://x/", 1000, 100)] * 3
    failure, left = worker(Batch(tuple(queries), time.monotonic() + 60))
    assert isinstance(failure, Failure)
    assert failure.what == "gone"
    assert left == Left()


def test_a_pipe_gives_each_message_whole_and_once() -> None:
    ours, theirs = (Pipe(end) for end in socket.socketpair())
    messages = [bytes([number % 256]) * (number * 997 % 70_000) for number in range(200)]

    def send() -> None:
        for message in messages:
            ours.send_bytes(message)

    sender = threading.Thread(target=send)
    sender.start()
    found: list[bytes] = []
    while len(found) < len(messages):
        come = theirs.come() if len(found) % 2 else theirs.receive_bytes()
        if come is not None:
            found.append(come)
    sender.join()
    assert found == messages
    assert theirs.come() is None
    assert not theirs.poll(0)
    ours.close()
    theirs.close()


def test_a_pipe_tells_whether_all_was_read_before_the_other_end_went() -> None:
    for is_read, error in ((True, EOFError), (False, ConnectionResetError)):
        ours, theirs = (Pipe(end) for end in socket.socketpair())
        ours.send("query")
        if is_read:
            assert theirs.receive() == "query"
        theirs.close()
        for _ in range(2):
            with pytest.raises(error):
                ours.receive()
        ours.close()


def test_a_message_that_is_cut_off_is_none(tmp_path: Path) -> None:
    raw, theirs = socket.socketpair()
    pipe = Pipe(theirs)
    raw.sendall(b"\0\0\0\x05abc")
    assert pipe.come() is None
    raw.close()
    with pytest.raises(EOFError):
        pipe.come()
    pipe.close()
