"""Answers that are given again: without a worker, within the bound, and never after the graph has changed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
import requests

from server.engine.cache import Cache
from server.engine.messages import Whole
from tests.server.conftest import TOKEN, Server, running

SMALL = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LARGE = "SELECT * { ?s ?p ?o } ORDER BY ?s"


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a graph of 5,000 triples that may be changed."""
    folder = tmp_path_factory.mktemp("cache")
    with running(folder / "graph", folder / "log", token=TOKEN, default_graph="unnamed") as server:
        insert(server, "".join(f"<http://x.example/{n}> <http://x.example/p> {n} ." for n in range(5000)))
        yield server


def insert(server: Server, triples: str) -> None:
    response = requests.post(
        f"{server.url}/update",
        data=f"INSERT DATA {{ {triples} }}",
        headers={"Content-Type": "application/sparql-update", "Authorization": f"Bearer {TOKEN}"},
        timeout=60,
    )
    assert response.ok, response.text


@pytest.mark.parametrize("query", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("header", [{}, {"X-Unknown": "1"}], ids=["short way", "long way"])
def test_what_was_answered_is_answered_again_without_a_worker(
    keeping: Server, query: str, header: dict[str, str]
) -> None:
    def ask() -> requests.Response:
        headers = {"Accept": "application/sparql-results+json", "Accept-Encoding": "identity", **header}
        return requests.get(f"{keeping.url}/sparql", params={"query": query}, headers=headers, timeout=60)

    first = ask()
    workers = keeping.workers()
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    try:
        again = ask()
    finally:
        for worker in workers:
            os.kill(worker, signal.SIGCONT)
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert first.headers["ETag"] == again.headers["ETag"]


def test_what_was_answered_before_a_change_is_not_answered_after_it(keeping: Server) -> None:
    before = [keeping.ask(query) for query in (SMALL, LARGE)]
    insert(keeping, "<http://x.example/new> <http://x.example/p> 0 .")
    after = [keeping.ask(query) for query in (SMALL, LARGE)]
    for old, new in zip(before, after, strict=True):
        assert old.content != new.content
        assert old.headers["ETag"] != new.headers["ETag"]


def test_the_answers_and_their_queries_stay_within_the_bound() -> None:
    cache = Cache(100_000)
    for number in range(1000):
        cache.put((number, "x" * 9_000), Whole("solutions", "json", b"y" * 1_000))
    kept = [number for number in range(1000) if cache.get((number, "x" * 9_000)) is not None]
    assert kept == list(range(1000 - len(kept), 1000))
    assert 8 <= len(kept) <= 10


def test_one_answer_never_drives_out_all_others() -> None:
    cache = Cache(100_000)
    cache.put((1, "small"), Whole("solutions", "json", b"y" * 1_000))
    cache.put((1, "large"), Whole("solutions", "json", b"y" * 50_000))
    assert cache.get((1, "small")) is not None
    assert cache.get((1, "large")) is None
