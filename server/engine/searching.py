"""The search index of the graph, beside its snapshots: one for all of them, which the keeper and the workers write.

A snapshot of which the index may lack texts has a file that says so; the first worker that searches it adds them.
"""

from __future__ import annotations

import fcntl
from pathlib import Path

from kg.search import hits
from kg.search.hits import Search
from kg.search.index import FILE, Index
from kg.store.base import Store
from server.engine import elsewhere

_LACKING = "lacking"


def mark(folder: Path, index: Index) -> None:
    """Note in the folder of a snapshot, while nobody changes its store, whether the index has all its texts."""
    lacking = index.lacking
    if lacking is not None:
        (folder / _LACKING).write_text(str(lacking), encoding="ascii")


class Searches:
    """The index as a worker uses it, on one snapshot after the other."""

    def __init__(self) -> None:
        self._index: Index | None = None

    def on(self, folder: Path, store: Store) -> Search:
        """Search in the snapshot in `folder`, which is STORE/run/RUNTIME/VERSION. Raises StoreError."""
        if self._index is None:
            self._index = Index(folder.parents[2] / FILE)
        index = self._index
        if elsewhere.address() is not None:
            return Search(index, store, lambda: hits.complete(index, store))
        return Search(index, store, lambda: _fill(index, store, folder / _LACKING))


def _fill(index: Index, store: Store, note: Path) -> None:
    """Add the texts of a snapshot, unless they are there; one worker does it while the others wait."""
    try:
        file = note.open("r+", encoding="ascii")
    except FileNotFoundError:
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not note.exists():
            return
        hits.fill(index, store)
        index.cover(int(file.read()))
        note.unlink()
