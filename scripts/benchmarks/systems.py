"""The servers that are compared, each started on a port of its own and ended with its block."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from peers import environment

PACKAGES = ("oxigraph==0.5.13", "rdflib==7.6.0", "rdflib-endpoint==0.6.3", "uvicorn==0.35.0")
_START = 600.0


@contextmanager
def newsgraph(store: Path, *options: str, token: str = "", default_graph: str = "unnamed") -> Iterator[int]:
    """`kg serve` as it is by default, but for the default graph."""
    port = _free_port()
    command = [Path(sys.executable).with_name("kg"), "serve", "--store", store, "--port", str(port), *options]
    with _process([*command, "--default-graph", default_graph], port, variables={**os.environ, "KG_TOKEN": token}):
        yield port


@contextmanager
def oxigraph(folder: Path) -> Iterator[int]:
    port = _free_port()
    program = environment("servers", *PACKAGES) / "bin" / "oxigraph"
    command = [program, "serve-read-only", "--location", folder / "oxigraph", "--bind", f"127.0.0.1:{port}"]
    with _process(command, port):
        yield port


@dataclass(slots=True)
class Rdflib:
    port: int
    process: subprocess.Popen[str]
    child: int

    def restart(self) -> None:
        """End the query that runs."""
        os.kill(self.child, signal.SIGKILL)
        self.child = int(self.process.stdout.readline())
        _wait(self.port, self.process)


@contextmanager
def rdflib(folder: Path) -> Iterator[Rdflib]:
    port = _free_port()
    python = environment("servers", *PACKAGES) / "bin" / "python"
    command = [python, Path(__file__).with_name("rdflib_server.py"), folder / "graph.nt", str(port)]
    with _process(command, port, stdout=subprocess.PIPE) as process:
        server = Rdflib(port, process, int(process.stdout.readline()))
        try:
            yield server
        finally:
            # First the one that would start another.
            process.kill()
            os.kill(server.child, signal.SIGKILL)


@contextmanager
def _process(
    command: list[object],
    port: int,
    stdout: int = subprocess.DEVNULL,
    variables: dict[str, str] | None = None,
) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [str(part) for part in command], stdout=stdout, stderr=subprocess.DEVNULL, text=True, env=variables
    ) as process:
        try:
            _wait(port, process)
            yield process
        finally:
            process.terminate()


def _wait(port: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{process.args[0]} does not listen")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
