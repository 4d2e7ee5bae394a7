"""`kg serve`: the processes of a server, from start to end.

This process listens and starts the others: the keeper, and those that answer HTTP (`python -m server.process`), each
of which it starts again when it ends. SIGTERM and SIGINT end all of them, after the answers that have begun; SIGHUP
replaces those that answer HTTP, one after the other, without a request lost (or ends all where a terminal is closed).
"""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from kg.errors import StoreError
from server.config import Config, tokens_from
from server.engine.supervisor import Supervisor

log = logging.getLogger("newsgraph.serving")

SETTINGS = "NEWSGRAPH_SERVER"
"""The variable in which the processes that answer HTTP get their settings."""
METRICS = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which they add up what they measure."""
_BACKLOG = 2048
_LOOK_AROUND = 0.2


def serve(store: str | Path, host: str = "127.0.0.1", port: int = 8000, **settings: object) -> None:
    """Serve the graph in the folder `store`, or of the SPARQL server at this URL, until SIGTERM or SIGINT.

    `settings` are those of `server.config.Config`; the token for writing is that of KG_TOKEN unless they have one.
    Raises StoreError where the store can't be opened, UsageError where a setting is wrong, and OSError where nobody can
    listen at `host` and `port`.
    """
    config = Config.of({"store": store, "tokens": tokens_from(), **settings})
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=_BACKLOG, reuse_port=False) as listener:
        supervisor = Supervisor(config)
        try:
            _Processes(dataclasses.replace(config, runtime=supervisor.runtime), listener).run()
        finally:
            supervisor.stop()


class _Processes:
    """The processes that answer HTTP."""

    def __init__(self, config: Config, listener: socket.socket) -> None:
        assert config.runtime is not None
        self._number = config.processes
        self._listener = listener
        metrics = config.runtime / "metrics"
        metrics.mkdir()
        self._environment = {**os.environ, SETTINGS: config.to_json(), METRICS: str(metrics)}
        self._running: list[subprocess.Popen[bytes]] = []
        self._stopping = False
        self._replacing = False
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        # A terminal that is closed sends the same signal to what runs in it.
        signal.signal(signal.SIGHUP, self._stop if sys.stdin.isatty() else self._replace)

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _replace(self, *_: object) -> None:
        self._replacing = True

    def run(self) -> None:
        """Start them, and keep them running until the signal to stop."""
        try:
            for _ in range(self._number):
                self._running.append(self._start())
            while not self._stopping:
                time.sleep(_LOOK_AROUND)
                for process in [one for one in self._running if one.poll() is not None]:
                    log.error("process %d ended with status %d and is started again", process.pid, process.returncode)
                    self._running.remove(process)
                    process.communicate()
                    self._running.append(self._start())
                if self._replacing:
                    self._replacing = False
                    self._replace_all()
        finally:
            for process in self._running:
                process.terminate()
            for process in self._running:
                process.communicate()

    def _replace_all(self) -> None:
        for old in list(self._running):
            self._running.append(self._start())
            self._running.remove(old)
            old.terminate()
            old.communicate()

    def _start(self) -> subprocess.Popen[bytes]:
        """A process that is ready, which may take long on a busy machine, or is to stop. Raises StoreError."""
        ours, theirs = socket.socketpair()
        arguments = [str(self._listener.fileno()), str(theirs.fileno())]
        with ours:
            with theirs:
                process = subprocess.Popen(
                    [sys.executable, "-m", "server.process", *arguments],
                    pass_fds=[self._listener.fileno(), theirs.fileno()],
                    env=self._environment,
                    # It ends with this process, however that ends: then its input does, too.
                    stdin=subprocess.PIPE,
                )
            while not self._stopping:
                if select.select([ours], [], [], _LOOK_AROUND)[0]:
                    if ours.recv(1):
                        break
                    process.communicate()
                    if process.returncode < 0:
                        # It was killed, which says nothing of the settings or the store.
                        log.error("process %d was killed before it was ready; another is started", process.pid)
                        return self._start()
                    raise StoreError("A process of the server ended before it was ready; what it said is above.")
        return process


def settings_of_this_process() -> Config:
    """What `serve` set for the processes that it starts."""
    values = json.loads(os.environ[SETTINGS])
    values["runtime"] = Path(values["runtime"])
    return Config.of(values)
