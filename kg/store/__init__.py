"""Where the graph is kept. A kind of store is added as an entry point of the group `kg.stores`."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

from kg.errors import UsageError
from kg.store.base import Store

__all__ = ["LEDGER", "STORE", "Store", "open_store"]

STORE, LEDGER = "store", "ledger.sqlite"
"""What stands in a graph's folder: the store, and what is remembered beside it."""


def open_store(kind: str, path: Path | None) -> Store:
    """Open the store of this kind in the directory `path`, or in memory.

    Raises `UsageError` for a kind that is not installed, and `StoreError` where it can't be opened.
    """
    known = {entry.name: entry for entry in entry_points(group="kg.stores")}
    if kind not in known:
        raise UsageError(f"There is no store {kind!r}; there are {', '.join(sorted(known))}.")
    store: Store = known[kind].load()(path)
    return store
