"""Copies of a graph: the store and its ledger, in a folder or in one file, whole or not at all."""

from __future__ import annotations

import gzip
import os
import secrets
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kg.errors import StoreError, UsageError
from kg.store import LEDGER, STORE
from kg.store.embedded import EmbeddedStore

_PACKED = (".tar.gz", ".tgz")
ARCHIVES = (".tar", *_PACKED)
"""What a backup's name ends with if it is one file; all others are folders."""


def backup(graph: Path, target: Path, snapshot: Path | None) -> None:
    """Copy the graph in the folder `graph` to `target`, a folder or a file that is not there yet.

    `snapshot` is a copy of the store that is up to date, for a store that a server holds; without one, the store is
    opened. Raises `UsageError` where `target` is there, and `StoreError` where the store can't be opened or copied.
    """
    _refuse(target, "a backup overwrites nothing: name another place")
    with _aside(target) as folder:
        copy = folder / "copy"
        copy.mkdir()
        if snapshot is None:
            with closing(EmbeddedStore(graph / STORE)) as store:
                store.snapshot(copy / STORE)
                _copy_ledger(graph / LEDGER, copy / LEDGER)
        else:
            # The files of a snapshot never change; they are removed, which does nothing to another name of theirs.
            shutil.copytree(snapshot, copy / STORE, copy_function=_link)
            _copy_ledger(graph / LEDGER, copy / LEDGER)
        if not target.name.endswith(ARCHIVES):
            _flush(copy)
            copy.rename(target)
        else:
            archive = folder / "archive"
            _pack(copy, archive, is_compressed=target.name.endswith(_PACKED))
            _sync(archive)
            # Unlike a renaming, this fails where somebody made the target meanwhile.
            os.link(archive, target)
    _sync(target.absolute().parent)


def restore(source: Path, graph: Path) -> None:
    """Make the graph in the folder `graph`, which is empty or not there yet, from the backup `source`.

    Raises `UsageError` where the folder holds something, and `StoreError` where `source` is no whole backup.
    """
    if graph.is_dir() and not any(graph.iterdir()):
        graph.rmdir()
    _refuse(graph, "a graph is restored into an empty folder, or one that is not there: name another with --store")
    with _aside(graph) as folder:
        copy = folder / "copy"
        if source.is_dir():
            shutil.copytree(source, copy)
        else:
            _unpack(source, copy)
        _check(source, copy)
        _flush(copy)
        copy.rename(graph)
    _sync(graph.absolute().parent)


def _refuse(target: Path, advice: str) -> None:
    if os.path.lexists(target):
        raise UsageError(f"{target} is there already; {advice}")


@contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """A folder beside `target`, on the same disk, which goes with all that was not moved out of it."""
    folder = target.absolute().parent / f".{target.name}.{secrets.token_hex(4)}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _copy_ledger(source: Path, target: Path) -> None:
    if not source.exists():
        return
    with closing(sqlite3.connect(source)) as ledger, closing(sqlite3.connect(target)) as copy:
        ledger.backup(copy)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without hard links
        shutil.copy2(source, target)


def _pack(folder: Path, archive: Path, *, is_compressed: bool) -> None:
    # The least compression: the engine has compressed its files already.
    with (
        gzip.open(archive, "wb", compresslevel=1) if is_compressed else archive.open("wb") as file,
        tarfile.open(fileobj=file, mode="w") as packed,
    ):
        for name in (STORE, LEDGER):
            if (folder / name).exists():
                packed.add(folder / name, name)


def _unpack(archive: Path, folder: Path) -> None:
    folder.mkdir()
    try:
        with tarfile.open(archive, "r:*") as file:
            file.extractall(folder, filter="data")
    except (tarfile.TarError, EOFError) as error:
        raise StoreError(f"{archive} is no whole backup: {error}. Take another one") from error


def _check(source: Path, copy: Path) -> None:
    """Raises StoreError where `copy` is not the copy of a graph."""
    try:
        store = EmbeddedStore.read_only(copy / STORE)
        next(store.match(None, None, None), None)
        if (copy / LEDGER).exists():
            with closing(sqlite3.connect(copy / LEDGER)) as ledger:
                ledger.execute("PRAGMA quick_check").fetchall()
    except (OSError, sqlite3.DatabaseError) as error:
        raise StoreError(f"{source} is no whole backup of a graph: {error}. Take another one") from error


def _flush(folder: Path) -> None:
    """Have the folder and all that is in it on the disk."""
    for path in [folder, *folder.rglob("*")]:
        _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
