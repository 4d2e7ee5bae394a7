"""Starts real servers in a folder of their own, for the tests of stores elsewhere."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

ROWS = 200
"""Longer answers of Virtuoso are cut off."""

_SETTINGS = """
[Database]
DatabaseFile = {folder}/data.db
ErrorLogFile = {folder}/errors.log
LockFile = {folder}/data.lck
TransactionFile = {folder}/data.trx
xa_persistent_file = {folder}/data.pxa
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{other}
NumberOfBuffers = 2000
MaxDirtyBuffers = 1500
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = {rows}
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(command: Sequence[str | Path], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server that listens on this port."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 60
            while process.poll() is None:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert time.monotonic() < deadline, f"{command[0]} does not listen"
                time.sleep(0.02)
            assert process.poll() is None, f"{command[0]} ended"
            yield process
        finally:
            process.kill()


@contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """The address of a new Oxigraph server."""
    port = free_port()
    program = Path(sys.executable).parent / "oxigraph"
    if not program.is_file():
        pytest.skip("the server of Oxigraph is missing: pip install oxigraph")
    with running([program, "serve", "--location", folder, "--bind", f"127.0.0.1:{port}"], port):
        yield f"http://127.0.0.1:{port}/"


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """The address of a new Virtuoso, with the password of who may write."""
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("Virtuoso is missing: apt-get install virtuoso-opensource-7-bin")
    port, other = free_port(), free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(_SETTINGS.format(folder=folder, port=port, other=other, rows=ROWS), encoding="utf-8")
    with running([program, "+configfile", settings, "+foreground"], port):
        yield f"http://dba:dba@127.0.0.1:{port}/sparql"
