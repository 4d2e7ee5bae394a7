"""The snapshot of a graph that a server writes to, for others on this machine: a backup needs no pause."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.engine.keeper import SOCKET
from server.engine.locks import is_locked
from server.engine.state import State


@contextmanager
def latest(graph: Path) -> Iterator[Path | None]:
    """The newest snapshot of the store in the folder `graph`, kept until the end of the block.

    It has every write that was acknowledged. None where no server holds the store.
    """
    serving = (found for found in sorted(graph.glob("run/*")) if (found / SOCKET).exists() and is_locked(found))
    runtime = next(serving, None)
    if runtime is None:
        yield None
        return
    handle, folder = _hold(runtime)
    try:
        yield folder / "store"
    finally:
        os.close(handle)


def _hold(runtime: Path) -> tuple[int, Path]:
    """Lock the newest snapshot, as a worker does: the keeper leaves it until the handle is closed."""
    state = State(runtime)
    try:
        while True:
            folder = state.folder(state.version)
            try:
                handle = os.open(folder, os.O_RDONLY)
            except FileNotFoundError:
                continue
            fcntl.flock(handle, fcntl.LOCK_SH)
            if (folder / "store").exists():
                return handle, folder
            os.close(handle)
    finally:
        state.close()
