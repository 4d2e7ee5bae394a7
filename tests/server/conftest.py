"""Real servers on real ports, over graphs that were read from articles."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

import kg

TOKEN = "correct horse battery staple"
ARTICLES = {
    "lin.txt": "Grace Lin leaves Acme Robotics\n\nGrace Lin founded Acme Robotics in 2015. "
    "Acme Robotics is based in Zurich. Lin joined Meta as chief scientist in March 2019.",
    "okafor.txt": "A database for everyone\n\nBayo Okafor works for Acme Robotics. Okafor was born in Lagos.",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it is, its process, and the folder of its graph, or the folder beside it."""

    url: str
    process: subprocess.Popen[str]
    folder: Path
    log: Path

    def ask(self, query: str, accept: str = "application/sparql-results+json", **options: Any) -> requests.Response:
        return requests.get(
            f"{self.url}/sparql", params={"query": query}, headers={"Accept": accept}, timeout=60, **options
        )

    def ask_by_post(self, query: str) -> requests.Response:
        header = {"Content-Type": "application/sparql-query"}
        return requests.post(f"{self.url}/sparql", data=query.encode(), headers=header, timeout=60)

    def rows(self, query: str) -> list[list[str]]:
        response = self.ask(query)
        assert response.status_code == 200, response.text
        found = response.json()
        names = found["head"]["vars"]
        return [[row[name]["value"] if name in row else "" for name in names] for row in found["results"]["bindings"]]

    def workers(self) -> set[int]:
        """The process numbers of all workers, whichever process started them."""
        found = set()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                command = (entry / "cmdline").read_bytes()
                parent = _parent(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
            if b"server.engine.worker" in command and self.process.pid in (parent, _parent(parent)):
                found.add(int(entry.name))
        return found


def _parent(process: int) -> int:
    text = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    return int(text.rpartition(")")[2].split()[1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(folder: Path | str, log: Path, *, token: str | None = None, **settings: object) -> Iterator[Server]:
    """A server over the graph in `folder`, or at this URL, until the end of the block."""
    port = free_port()
    environment = {**os.environ, "KG_TOKEN": token or ""}
    settings = {"processes": 1, "workers": 2, **settings}
    program = f"from server import serve; serve({str(folder)!r}, port={port}, **{settings!r})"
    with log.open("w") as output:
        command = [sys.executable, "-c", program]
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stderr=output, text=True)
    server = Server(f"http://127.0.0.1:{port}", process, folder if isinstance(folder, Path) else log.parent, log)
    try:
        wait_for(server)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_for(server: Server) -> None:
    """Waits until the server answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            pytest.fail(f"The server ended: {server.log.read_text()}")
        with contextlib.suppress(requests.ConnectionError, requests.Timeout):
            requests.get(f"{server.url}/health/live", timeout=20)
            return
        time.sleep(0.05)
    pytest.fail("The server did not start within 60 s.")


def make_graph(folder: Path, articles: dict[str, str] = ARTICLES) -> Path:
    """A graph that was read from articles."""
    read_into(folder, folder.parent / f"{folder.name}-articles", articles)
    return folder


def read_into(graph: Path | str, source: Path, articles: dict[str, str] = ARTICLES) -> None:
    """Have a graph read articles, from files that are made in the new folder `source`."""
    source.mkdir()
    for name, text in articles.items():
        (source / name).write_text(text, encoding="utf-8")
    with kg.Graph.open(graph) as opened:
        report = opened.add(source)
    assert report.added == len(articles)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A read-only server over the graph of `ARTICLES`."""
    folder = tmp_path_factory.mktemp("server")
    with running(make_graph(folder / "graph"), folder / "log") as found:
        yield found


@pytest.fixture(scope="session")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over an empty graph of its own, which `TOKEN` allows to write."""
    folder = tmp_path_factory.mktemp("writable")
    with running(folder / "graph", folder / "log", token=TOKEN, default_graph="unnamed") as found:
        yield found


@pytest.fixture
def authorized() -> dict[str, str]:
    """The header that allows writing."""
    return {"Authorization": f"Bearer {TOKEN}"}
