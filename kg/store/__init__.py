"""Where the graph is kept. A kind of store is added as an entry point of the group `kg.stores`."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from typing import NamedTuple

from kg.errors import UsageError
from kg.store.base import Store

__all__ = ["EMBEDDED", "LEDGER", "STORE", "Place", "Store", "is_address", "locate", "open_store"]

EMBEDDED = "embedded"
"""The kind of store that a directory holds."""
STORE, LEDGER = "store", "ledger.sqlite"
"""What stands in a graph's folder: the store, and what is remembered beside it."""


class Place(NamedTuple):
    """Where a graph is: its folder on this machine, if any; the kind of its store; its address, if it is elsewhere."""

    folder: Path | None
    kind: str
    address: str | None


def is_address(text: str) -> bool:
    """Whether a store is named by a URL, not by a directory."""
    return "://" in text


def locate(path: str | Path | None, kind: str) -> Place:
    """Where the graph is that is named so. Raises `UsageError`."""
    if path is None or not is_address(str(path)):
        return Place(None if path is None else Path(path), kind, None)
    from kg.store.endpoint import Address

    if isinstance(path, Path):
        raise UsageError("The address of a store is given as a string: a Path has no '//'.")
    address = Address.parse(path)
    return Place(address.folder, address.kind if kind == EMBEDDED else kind, path)


def open_store(kind: str, path: Path | None, address: str | None = None) -> Store:
    """Open the store of this kind in the directory `path`, or in memory.

    One that is elsewhere has an `address`, and keeps in `path` what it must remember on this machine.
    Raises `UsageError` for a kind that is not installed, and `StoreError` where it can't be opened.
    """
    known = {entry.name: entry for entry in entry_points(group="kg.stores")}
    if kind not in known:
        raise UsageError(f"There is no store {kind!r}; there are {', '.join(sorted(known))}.")
    load = known[kind].load()
    store: Store = load(path) if address is None else load(address, path)
    return store
