"""The snapshot of a graph that a server writes to, for others on this machine: a backup needs no pause."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.engine.keeper import SOCKET
from server.engine.state import State


@contextmanager
def latest(graph: Path) -> Iterator[Path | None]:
    """The newest snapshot of the store in the folder `graph`, kept until the end of the block.

    It has every write that was acknowledged. None where no server holds the store.
    """
    runtime = next((found for found in sorted(graph.glob("run/*")) if _writes(found)), None)
    if runtime is None:
        yield None
        return
    handle, folder = _hold(runtime)
    try:
        yield folder / "store"
    finally:
        os.close(handle)


def _writes(runtime: Path) -> bool:
    """Whether a server that lives writes, and has its snapshots here."""
    if not (runtime / SOCKET).exists():
        return False
    handle = os.open(runtime, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


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
