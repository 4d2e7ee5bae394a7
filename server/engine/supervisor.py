"""Starts the keeper, and starts it again when it ends."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import secrets
import shutil
import subprocess
import sys
import threading

from kg.errors import StoreError
from server.config import Config
from server.engine import elsewhere
from server.engine.keeper import remove_unless_locked

log = logging.getLogger("newsgraph.keeper")


class Supervisor:
    """The keeper of one server, and the folder in which its snapshots are, `runtime`."""

    def __init__(self, config: Config) -> None:
        """Start the keeper. Raises StoreError where the store can't be opened."""
        self._config = config
        run = config.store / "run"
        if config.address is None and not config.writable and not config.store.is_dir():
            raise StoreError(
                f"There is no graph in {config.store}. Make one with: kg add --store {config.store} ARTICLE…"
            )
        run.mkdir(parents=True, exist_ok=True)
        for left in run.iterdir():
            remove_unless_locked(left)
        self.runtime = run / f"{os.getpid()}-{secrets.token_hex(4)}"
        self.runtime.mkdir(mode=0o700)
        self._lock = os.open(self.runtime, os.O_RDONLY)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._stopping = False
        try:
            self._process = self._start()
        except StoreError:
            self._remove()
            raise
        threading.Thread(target=self._watch, daemon=True).start()

    def _start(self) -> subprocess.Popen[bytes]:
        mode = "write" if self._config.writable else "read"
        command = [sys.executable, "-m", "server.engine.keeper", str(self._config.store), str(self.runtime), mode]
        environment = elsewhere.environment(self._config)
        process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdout is not None
        answer = process.stdout.readline().decode().strip()
        if answer != "ready":
            process.communicate()
            raise StoreError(json.loads(answer) if answer else "The store's process ended before it was ready.")
        return process

    def _watch(self) -> None:
        while True:
            status = self._process.wait()
            if self._stopping:
                return
            log.error("the keeper ended with status %d and is started again", status)
            try:
                self._process = self._start()
            except StoreError as error:
                log.error("the keeper can't be started again: %s", error)
                return

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        """Let the keeper finish the write that has begun, and end it."""
        self._stopping = True
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._remove()

    def _remove(self) -> None:
        shutil.rmtree(self.runtime, ignore_errors=True)
        os.close(self._lock)
