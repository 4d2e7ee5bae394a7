"""The index: all texts that the store holds, and some that it held once, in SQLite's FTS5.

A text that the store has lost may stay in it, since every hit is looked up in the store: so one index serves the store
and all snapshots of it at once, and needs no transaction with them. It must only never lack a text of theirs, and so
texts are written to it before they are written to the store. docs/decisions/search.md has the figures.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from kg.errors import StoreError
from kg.search.texts import KINDS, Text
from kg.search.words import WORD, fold

FILE = "search.sqlite"
"""Its name in the directory of a graph."""

_VERSION = 1
_TABLES = f"""
CREATE TABLE text (id INTEGER PRIMARY KEY, name TEXT, title TEXT, sentence TEXT, tag TEXT);
CREATE VIRTUAL TABLE found USING fts5(
    name, title, sentence, content='text', content_rowid='id',
    tokenize="porter unicode61 remove_diacritics 2 tokenchars '+#'"
);
CREATE TABLE word (id INTEGER PRIMARY KEY, word TEXT UNIQUE);
CREATE TABLE state (changes INTEGER, covered INTEGER);
INSERT INTO state VALUES (1, 0);
PRAGMA user_version = {_VERSION};
"""
_AT_ONCE = 5_000
"""How many texts are written in one transaction."""
_RANKED = 20_000
"""How many texts of a kind are ranked at most: ranking takes some microseconds for each, and of a word that is in so
many texts, no one looks for the best."""
_READ = 500
"""How many texts are read at a time, once they are ranked."""
_WEIGHTS = "10, 5, 1"
_PATIENCE = 60.0
"""Seconds for which one process waits while another one writes."""
assert tuple(KINDS) == ("name", "title", "sentence")


class Index:
    """The texts of a graph. Any number of processes may read and write one."""

    def __init__(self, path: Path | None) -> None:
        """Open the index in the file `path`, in memory without one. A damaged or an older one is made anew, empty.

        Raises `StoreError` where the file can't be opened.
        """
        self.path = path
        self.is_new = False
        """Whether it was made by opening it."""
        self._lock = threading.RLock()
        self._words: list[str] = []
        self._last_word = 0
        try:
            self._database = self._opened()
        except sqlite3.DatabaseError:
            self._remove()
            try:
                self._database = self._opened()
            except sqlite3.DatabaseError as error:
                raise StoreError(f"The search index {path} can't be opened: {error}") from error

    def _opened(self) -> sqlite3.Connection:
        path = self.path or ":memory:"
        database = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            database.execute("PRAGMA journal_mode=WAL")
            # A text that is in the store but not in the index would not be found: it must be durable first.
            database.execute("PRAGMA synchronous=FULL")
            if _version(database) == 0:
                with _writing(database):
                    if _version(database) == 0:
                        for statement in _TABLES.split(";\n"):
                            database.execute(statement)
                        self.is_new = True
            if _version(database) != _VERSION:
                raise sqlite3.DatabaseError(f"it is of the version {_version(database)}")
            database.execute("SELECT covered FROM state").fetchone()
        except sqlite3.DatabaseError:
            database.close()
            raise
        return database

    def _remove(self) -> None:
        if self.path is not None:
            for ending in ("", "-wal", "-shm"):
                Path(f"{self.path}{ending}").unlink(missing_ok=True)

    @property
    def lacking(self) -> int | None:
        """None if all texts of the store, as it is now, are here; else the number to give to `cover`."""
        changes, covered = self._database.execute("SELECT changes, covered FROM state").fetchone()
        return None if changes == covered else int(changes)

    def expect(self, texts: Iterable[Text] | None) -> None:
        """Get ready, before the store is changed, for the texts that it may get; None if nobody knows which."""
        if texts is None:
            self.doubt()
        else:
            self.add(texts)

    def doubt(self) -> None:
        """Say, before the store is changed, that texts may get into it that are not here."""
        self._database.execute("UPDATE state SET changes = changes + 1")

    def cover(self, lacking: int) -> None:
        """Say that all texts are here that the store had at some time when `lacking` was this number."""
        self._database.execute("UPDATE state SET covered = max(covered, ?)", (lacking,))

    def add(self, texts: Iterable[Text]) -> None:
        """Add those texts that are not here."""
        rows = {text.key: text for text in texts}
        # FTS5 writes far less where the numbers grow.
        keys = iter(sorted(rows))
        with self._lock:
            while some := list(islice(keys, _AT_ONCE)):
                self._add({key: rows[key] for key in some})

    def _add(self, rows: dict[int, Text]) -> None:
        database = self._database
        with _writing(database):
            known = database.execute(f"SELECT id FROM text WHERE id IN ({','.join(map(str, rows))})")
            there = {key for (key,) in known}
            new = {key: text for key, text in rows.items() if key not in there}
            values = [
                (key, *(text.value if text.kind == kind else None for kind in KINDS)) for key, text in new.items()
            ]
            tags = (text.tag for text in new.values())
            database.executemany(
                "INSERT INTO text VALUES (?, ?, ?, ?, ?)", ((*row, tag) for row, tag in zip(values, tags, strict=True))
            )
            database.executemany("INSERT INTO found (rowid, name, title, sentence) VALUES (?, ?, ?, ?)", values)
            words = sorted({word for text in new.values() for word in WORD.findall(fold(text.value))})
            database.executemany("INSERT OR IGNORE INTO word (word) VALUES (?)", ((word,) for word in words))

    def find(self, kind: str, expression: str) -> Iterator[tuple[Text, float]]:
        """The texts of a kind that fit an expression of FTS5, with their scores, the best first."""
        ranked = self._database.execute(
            f"SELECT rowid, -bm25(found, {_WEIGHTS}) FROM found WHERE found MATCH ? LIMIT {_RANKED}",
            (f"{{{kind}}} : ({expression})",),
        ).fetchall()
        ranked.sort(key=lambda pair: (-pair[1], pair[0]))
        for first in range(0, len(ranked), _READ):
            some = ranked[first : first + _READ]
            keys = ",".join(str(key) for key, _ in some)
            rows = self._database.execute(f"SELECT id, {kind}, tag FROM text WHERE id IN ({keys})")
            read = {key: Text(kind, value, tag) for key, value, tag in rows}
            yield from ((read[key], score) for key, score in some if key in read)

    def has(self, expression: str) -> bool:
        """Whether any text fits."""
        return (
            self._database.execute("SELECT 1 FROM found WHERE found MATCH ? LIMIT 1", (expression,)).fetchone()
            is not None
        )

    def near(self, word: str) -> list[str]:
        """The words in the index that are spelled most like `word`, which is folded; none is far from it."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if len(word) < 3:
            return []
        with self._lock:
            new = self._database.execute(
                "SELECT id, word FROM word WHERE id > ? ORDER BY id", (self._last_word,)
            ).fetchall()
            self._words += [found for _, found in new]
            self._last_word = new[-1][0] if new else self._last_word
        furthest = 1 if len(word) < 6 else 2
        found = process.extract(word, self._words, scorer=OSA.distance, score_cutoff=furthest, limit=50)
        nearest = min((distance for _, distance, _ in found), default=0)
        return sorted(other for other, distance, _ in found if distance == nearest)

    def close(self) -> None:
        self._database.close()


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def _writing(database: sqlite3.Connection) -> Iterator[None]:
    """A transaction."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")
