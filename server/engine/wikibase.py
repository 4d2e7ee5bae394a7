"""A snapshot in Wikibase's form: made when it is first asked for, by a process of its own, and kept beside it.

Started as `python -m server.engine.wikibase FOLDER BASE`, with the folder of the snapshot.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

from kg.errors import StoreError
from kg.store import LEDGER
from kg.store.embedded import EmbeddedStore
from kg.store.ledger import Digests
from kg.wikibase.shaped import ReadOn, build
from server.engine.locks import is_locked
from server.engine.messages import WIKIBASE

_LOCK = "wikibase.lock"
_NEW = "wikibase.new"
_PATIENCE = 5.0
"""Seconds that a query waits for it."""
_STEP = 0.02


def opened(folder: Path, base: str) -> EmbeddedStore | None:
    """The form of the snapshot in `folder`; None while it is being made. Raises StoreError."""
    target = folder / WIKIBASE
    deadline = time.monotonic() + _PATIENCE
    maker: subprocess.Popen[bytes] | None = None
    while not target.is_dir():
        if maker is None and not is_locked(folder / _LOCK):
            # In a session of its own: it goes on when this process is ended, for those who ask again.
            command = [sys.executable, "-m", "server.engine.wikibase", str(folder), base]
            maker = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
            )
        if maker is not None and maker.poll() not in (None, 0):
            raise StoreError("The graph can't be put into Wikibase's form; the log of the server has the reason.")
        if time.monotonic() > deadline:
            return None
        time.sleep(_STEP)
    return EmbeddedStore.read_only(target)


def _end_with_server(runtime: Path) -> None:
    """End this process when the server is gone, which holds a lock on the folder of its snapshots."""
    while is_locked(runtime):
        time.sleep(1)
    os._exit(1)


def _nobody_knows(_: str) -> None:
    return None


def main(folder: Path, base: str) -> None:
    """Make it, unless another process does."""
    # The keeper leaves a snapshot that is locked.
    snapshot = os.open(folder, os.O_RDONLY)
    fcntl.flock(snapshot, fcntl.LOCK_SH)
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    target = folder / WIKIBASE
    if target.is_dir():
        return
    new = folder / _NEW
    shutil.rmtree(new, ignore_errors=True)
    os.nice(5)
    with contextlib.ExitStack() as stack:
        read_on: ReadOn = _nobody_knows
        file = folder.parents[2] / LEDGER
        # A graph that was only written to over HTTP has none.
        if file.exists():
            read_on = stack.enter_context(contextlib.closing(Digests(file))).read_on
        build(EmbeddedStore.read_only(folder / "store"), base, read_on, new)
    new.rename(target)


if __name__ == "__main__":
    if not is_locked(Path(sys.argv[1]).parent):
        sys.exit("The server of this snapshot is gone.")
    threading.Thread(target=_end_with_server, args=(Path(sys.argv[1]).parent,), daemon=True).start()
    main(Path(sys.argv[1]), sys.argv[2])
