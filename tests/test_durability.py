"""What was acknowledged is there after `kill -9`, and nothing is there in part.

Each test kills a few times; NEWSGRAPH_KILLS=100 in the environment makes it a hundred, which takes some minutes.
"""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from pyoxigraph import QuerySolutions

from kg.graph import Graph
from kg.rdf import vocabulary as v
from tests.server.conftest import TOKEN, free_port

KILLS = int(os.environ.get("NEWSGRAPH_KILLS", "3"))
EX = "http://x.example/"
PART = 20
"""How many triples are written together."""


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The whole server, in a group of processes of its own, which ends with `kill -9` at the latest."""
    port = free_port()
    command: list[str | Path] = [Path(sys.executable).parent / "kg", "serve", "--store", folder, "--port", str(port), "--processes", "1",
               "--workers", "1", "--default-graph", "unnamed"]  # fmt: skip
    folder.mkdir(exist_ok=True)
    environment = {**os.environ, "KG_TOKEN": TOKEN}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            assert process.poll() is None
            assert time.monotonic() < deadline
            try:
                requests.get(f"{url}/health/live", timeout=10)
                break
            except requests.ConnectionError:
                time.sleep(0.02)
        yield url, process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def write_until(moment: float, url: str, session: requests.Session, first: int) -> Iterator[tuple[str, int]]:
    """Write one thing after the other; give the kind and the number of each that was acknowledged."""
    number = first
    while time.monotonic() < moment:
        number += 1
        triples = " ".join(f"<{EX}{number}> <{EX}p> {part} ." for part in range(PART))
        if session.post(f"{url}/update", data={"update": f"INSERT DATA {{ {triples} }}"}).status_code == 204:
            yield "update", number
        turtle = "".join(f"<{EX}{part}> <{EX}version> {number} ." for part in range(PART))
        header = {"Content-Type": "text/turtle"}
        response = session.put(f"{url}/graphs?graph={EX}graph", data=turtle, headers=header)
        if response.status_code in (201, 204):
            yield "put", number


def test_a_server_that_is_killed_has_lost_and_torn_nothing(tmp_path: Path) -> None:
    generator = random.Random(7)
    updates: set[int] = set()
    last_put = number = 0
    for _ in range(KILLS):
        with serving(tmp_path / "graph") as (url, process), requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {TOKEN}"
            # From outside, at any moment, most of them in the middle of a write.
            killer = ["sh", "-c", f"sleep {generator.uniform(0.3, 0.6):.3f}; kill -9 -{process.pid}"]
            with subprocess.Popen(killer):
                try:
                    for kind, written in write_until(time.monotonic() + 30, url, session, number):
                        number = written
                        if kind == "update":
                            updates.add(number)
                        else:
                            last_put = number
                except requests.RequestException:
                    number += 1
    with serving(tmp_path / "graph") as (url, _):

        def rows(query: str) -> list[list[str]]:
            response = requests.get(
                f"{url}/sparql", params={"query": query}, headers={"Accept": "text/csv"}, timeout=60
            )
            return [line.split(",") for line in response.text.split()[1:]]

        counts = {row[0]: row[1] for row in rows(f"SELECT ?s (COUNT(*) AS ?n) {{ ?s <{EX}p> ?o }} GROUP BY ?s")}
        versions = rows(f"SELECT ?v (COUNT(*) AS ?n) {{ GRAPH <{EX}graph> {{ ?s <{EX}version> ?v }} }} GROUP BY ?v")
    assert len(updates) > KILLS
    assert {f"{EX}{number}" for number in updates} - counts.keys() == set()
    assert {count for count in counts.values() if count != str(PART)} == set()
    assert [count for _, count in versions] == [str(PART)]
    assert int(versions[0][0]) >= last_put
    print(f"killed {KILLS} times; of {2 * len(updates)} acknowledged writes, lost: 0, torn: 0")


NAMES = ("Ada Lin", "Bo Quist", "Cy Marlow", "Di Okoro", "Ed Varga")
FIRMS = ("Acme Robotics", "Brightloom", "Corvane", "Delphic Systems", "Eastmere")


def articles(folder: Path, number: int) -> Path:
    """A folder of three articles about people and firms that other folders name, too."""
    made = folder / str(number)
    made.mkdir(parents=True)
    for part in range(3):
        name, firm = NAMES[(number + part) % 5], FIRMS[(number // 5 + part) % 5]
        text = f"{name} at {firm}\n\n{name} founded {firm} in {1900 + number}. {firm} is based in Zurich."
        (made / f"{part}.txt").write_text(text, encoding="utf-8")
    return made


def exported(graph: Graph) -> bytes:
    file = io.BytesIO()
    graph.export(file, "nquads")
    return file.getvalue()


def triples_of(graphs: set[bytes], quads: bytes) -> set[bytes]:
    """The lines about these graphs."""
    return {line for line in quads.splitlines() if line.removesuffix(b" .").rpartition(b" ")[2] in graphs}


def test_kg_add_that_is_killed_has_lost_and_torn_nothing(tmp_path: Path) -> None:
    generator = random.Random(7)
    command: list[str | Path] = [Path(sys.executable).parent / "kg", "add", "--store", tmp_path / "graph"]

    def add(folder: Path, seconds: float | None) -> bool:
        """Whether all of a folder was added before the process was killed."""
        with subprocess.Popen([*command, folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                return process.wait(seconds) == 0
            except subprocess.TimeoutExpired:
                process.kill()
                return False

    folders = [articles(tmp_path / "articles", number) for number in range(KILLS + 1)]
    began = time.monotonic()
    assert add(folders[0], None)
    usual = time.monotonic() - began
    acknowledged = {folders[0]}
    for folder in folders[1:]:
        # The graph is written in the last tenths of a second.
        if add(folder, usual - generator.uniform(-0.1, 0.4) * min(usual, 1.5)):
            acknowledged.add(folder)
    with Graph.open(tmp_path / "graph") as graph, Graph.open() as whole:
        whole.add(*folders)
        found = graph.query("SELECT DISTINCT ?a { ?a a schema:NewsArticle }")
        assert isinstance(found, QuerySolutions)
        there = {str(row[0]).encode() for row in found}
        # An article's triples are in the graph of its name; which entities are which follows from those that are there.
        for quad in list(whole.match(None, v.TYPE, v.ARTICLE)):
            if str(quad.subject).encode() not in there:
                whole.forget(str(quad.subject).strip("<>"))
        assert triples_of(there, exported(graph)) == triples_of(there, exported(whole))
        whole.add(*folders)
        assert len(there) >= 3 * len(acknowledged)
        # What was not acknowledged is added now; what was, is known, and all is as if nobody had been killed.
        report = graph.add(*folders)
        assert report.unchanged >= 3 * len(acknowledged)
        assert exported(graph) == exported(whole)
    print(f"killed {len(folders) - len(acknowledged)} times; lost: 0, torn: 0")
