"""The one process that writes, and that gives the snapshots that all others read.

Started as `python -m server.engine.keeper STORE RUNTIME MODE`, with "write" or "read" as the mode. In the mode "read"
it opens the store only to take a snapshot, at the start and whenever another process (`kg add`) has written to it.

Where the store is elsewhere, it only passes on what is written, and STORE is the folder of what is remembered of it.

The folder STORE/run has a folder for each server that serves the graph, locked while that server lives, with the
socket that writes go to, the version, and a folder for each snapshot that is in use.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection, Listener
from pathlib import Path

from kg.errors import NewsgraphError, QueryError, RefusedError, StoreError, UsageError
from kg.search.index import FILE, Index
from kg.store import LEDGER
from kg.store.base import Store
from kg.store.embedded import EmbeddedStore
from server.engine import elsewhere, writes
from server.engine.messages import Decide, Failure, Update, Write, Written
from server.engine.searching import mark
from server.engine.state import State, address

log = logging.getLogger("newsgraph.keeper")

SOCKET = "keeper"
_LOOK_AROUND = 1.0
"""Seconds between two looks at whether another process has written."""


class Keeper:
    """Holds the store, and publishes snapshots of it."""

    def __init__(self, path: Path, runtime: Path, *, writes: bool) -> None:
        self._path = path
        self._state = State(runtime, create=True)
        self._lock = threading.Lock()
        self._store: EmbeddedStore | None = None
        self._seen: object = None
        self._address = elsewhere.address()
        if self._address is not None:
            # At the start it is told whether the store can be reached at all.
            elsewhere.opened(self._address).close()
        self._index = Index(path / FILE)
        if self._address is not None:
            self._state.folder(1).mkdir()
            self._state.publish(1)
        elif writes:
            self._store = EmbeddedStore(path / "store")
            self.publish(self._store)
        elif not (path / "store").is_dir():
            raise StoreError(f"There is no graph in {path}. Make one with: kg add --store {path} ARTICLE…")
        else:
            self.refresh()

    def refresh(self) -> None:
        """Take a snapshot of a store that this process does not hold. Raises StoreError while another one does."""
        store = EmbeddedStore(self._path / "store")
        try:
            self.publish(store)
        finally:
            store.close()
        self._seen = self._stamp()

    def watch(self) -> None:
        """Take a new snapshot after each change that another process makes, for ever."""
        while self._address is None:
            time.sleep(_LOOK_AROUND)
            self.clean()
            if self._stamp() == self._seen:
                continue
            try:
                self.refresh()
            except StoreError as error:
                log.debug("not yet: %s", error)

    def _stamp(self) -> object:
        """What changes when the store does. Opening and closing it changes that too, so this is read after."""
        found = []
        for entry in os.scandir(self._path / "store"):
            try:
                status = entry.stat()
            except FileNotFoundError:
                continue
            if entry.name.endswith((".log", ".sst")) or entry.name.startswith("MANIFEST"):
                found.append((entry.name, status.st_size, status.st_mtime_ns))
        return sorted(found)

    def publish(self, store: EmbeddedStore) -> int:
        """Let all queries that come from now on see the store as it is. Returns the new version."""
        version = self._state.version + 1
        folder = self._state.folder(version)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        store.snapshot(folder / "store")
        mark(folder, self._index)
        self._state.publish(version)
        return version

    def clean(self) -> None:
        """Remove the snapshots that no worker has open any more."""
        for folder in self._state.runtime.iterdir():
            if folder.name.isdigit() and int(folder.name) < self._state.version:
                remove_unless_locked(folder)

    def write(self, job: Update | Write | Decide, connection: Connection) -> None:
        """Do what is asked, and say so when it is durable and visible."""
        with self._lock:
            connection.send("begins")
            if isinstance(job, Write) and job.version not in (None, self._state.version):
                connection.send(Failure("unmet", "The graph has changed since it was read. Read it again."))
                return
            existed, size, told = True, 0, ""
            try:
                with self._opened() as store:
                    if isinstance(job, Decide):
                        told = writes.decide(store, self._index, self._path / LEDGER, job)
                        size = len(job.text.encode())
                    else:
                        existed, size = writes.run(store, self._index, job)
            except writes.UnmetError as error:
                connection.send(Failure("unmet", str(error)))
                return
            except StoreError as error:
                connection.send(elsewhere.failure(error))
                return
            except RefusedError as error:
                connection.send(Failure("refused", str(error)))
                return
            except UsageError as error:
                connection.send(Failure("malformed", str(error)))
                return
            except QueryError as error:
                is_malformed = isinstance(error.__cause__, SyntaxError | ValueError | None)
                connection.send(Failure("malformed" if is_malformed else "conflict", str(error)))
                return
            except (OSError, ValueError) as error:
                connection.send(Failure("failed", f"The change can't be made: {error}"))
                return
            self._audit(job, size)
            version = self._state.version if self._store is None else self.publish(self._store)
        connection.send(Written(version, existed, told))
        self.clean()

    @contextlib.contextmanager
    def _opened(self) -> Iterator[Store]:
        """The store to write to. One elsewhere is opened for each change: between them, others may write to it."""
        if self._address is None:
            assert self._store is not None
            yield self._store
        else:
            with contextlib.closing(elsewhere.opened(self._address)) as store:
                yield store

    def _audit(self, job: Update | Write | Decide, size: int) -> None:
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "author": job.author,
            "action": job.action if isinstance(job, Write) else type(job).__name__.lower(),
            "graph": job.graph if isinstance(job, Write) else None,
            "bytes": size,
        }
        with (self._path / "audit.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def listen(self, socket: Path) -> None:
        """Take writes, each on a connection of its own, for ever."""
        socket.unlink(missing_ok=True)
        with address(socket) as name, Listener(name, family="AF_UNIX", backlog=64) as listener:
            while True:
                connection = listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        with connection:
            try:
                self.write(connection.recv(), connection)
            except (EOFError, OSError) as error:
                log.info("the one who wrote has left: %s", error)

    def close(self, *_: object) -> None:
        """Finish the write that has begun, and end this process."""
        with self._lock:
            if self._store is not None:
                self._store.close()
            os._exit(0)


def remove_unless_locked(folder: Path) -> None:
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)


def main(path: Path, runtime: Path, *, writes: bool) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        keeper = Keeper(path, runtime, writes=writes)
    except NewsgraphError as error:
        print(json.dumps(str(error)), flush=True)
        sys.exit(1)
    if writes:
        threading.Thread(target=keeper.listen, args=(runtime / SOCKET,), daemon=True).start()
    else:
        threading.Thread(target=keeper.watch, daemon=True).start()
    print("ready", flush=True)
    # The end of the input is the end of the server.
    sys.stdin.buffer.read()
    keeper.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), writes=sys.argv[3] == "write")
