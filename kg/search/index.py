"""The index: all texts that the store holds, and some that it held once, in SQLite's FTS5.

A text that the store has lost may stay in it, since every hit is looked up in the store: so one index serves the store
and all snapshots of it at once, and needs no transaction with them. It must only never lack a text of theirs, and so
texts are written to it before they are written to the store. docs/decisions/search.md has the figures.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
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
_NEAR = 50
"""How many words are taken for a misspelled one at most."""
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
            self._delete_files()
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

    def _delete_files(self) -> None:
        if self.path is not None:
            for ending in ("", "-wal", "-shm"):
                Path(f"{self.path}{ending}").unlink(missing_ok=True)

    def _run(self, statement: str, *values: object) -> sqlite3.Cursor:
        """Raises `StoreError`."""
        try:
            return self._database.execute(statement, values)
        except sqlite3.DatabaseError as error:
            raise self._broken(error) from error

    def _broken(self, error: sqlite3.DatabaseError) -> StoreError:
        return StoreError(f"The search index {self.path} fails: {error}. It may be deleted; it is made anew then.")

    @property
    def lacking(self) -> int | None:
        """None if all texts of the store, as it is now, are here; else the number to give to `cover`."""
        changes, covered = self._run("SELECT changes, covered FROM state").fetchone()
        return None if changes == covered else int(changes)

    def expect(self, texts: Iterable[Text] | None) -> None:
        """Get ready, before the store is changed, for the texts that it may get; None if nobody knows which."""
        if texts is None:
            self.doubt()
        else:
            self.add(texts)

    def doubt(self) -> None:
        """Say, before the store is changed, that texts may get into it that are not here."""
        self._run("UPDATE state SET changes = changes + 1")

    def cover(self, lacking: int) -> None:
        """Say that all texts are here that the store had at some time when `lacking` was this number."""
        self._run("UPDATE state SET covered = max(covered, ?)", lacking)

    def add(self, texts: Iterable[Text]) -> None:
        """Add those texts that are not here."""
        self._change(self._add, texts)

    def remove(self, texts: Iterable[Text]) -> None:
        """Take out those texts that are here."""
        self._change(self._remove, texts)

    def _change(self, step: Callable[[dict[int, Text]], None], texts: Iterable[Text]) -> None:
        """Take a step with some texts at a time, each in a transaction. Raises `StoreError`."""
        rows = {text.key: text for text in texts}
        # FTS5 writes far less where the numbers grow.
        left = iter(sorted(rows))
        with self._lock:
            while keys := list(islice(left, _AT_ONCE)):
                try:
                    with _writing(self._database):
                        step({key: rows[key] for key in keys})
                except sqlite3.DatabaseError as error:
                    raise self._broken(error) from error

    def all(self) -> Iterator[Text]:
        """The texts that are here."""
        last = -1
        select = f"SELECT id, {', '.join(KINDS)}, tag FROM text WHERE id > ? ORDER BY id LIMIT {_AT_ONCE}"
        while rows := self._run(select, last).fetchall():
            for key, *values, tag in rows:
                last = key
                yield next(
                    Text(kind, value, tag) for kind, value in zip(KINDS, values, strict=True) if value is not None
                )

    def optimize(self) -> None:
        """Merge what was written bit by bit, and take out the words that are in no text any more."""
        words = self._run("SELECT id, word FROM word").fetchall()
        unused = [key for key, word in words if not self.has(f'"{word}"')]
        for first in range(0, len(unused), _AT_ONCE):
            some = ",".join(map(str, unused[first : first + _AT_ONCE]))
            self._run(f"DELETE FROM word WHERE id IN ({some})")
        self._run("INSERT INTO found (found) VALUES ('optimize')")

    def _known(self, keys: Iterable[int]) -> set[int]:
        rows = self._database.execute(f"SELECT id FROM text WHERE id IN ({','.join(map(str, keys))})")
        return {key for (key,) in rows}

    def _add(self, rows: dict[int, Text]) -> None:
        there = self._known(rows)
        new = {key: text for key, text in rows.items() if key not in there}
        values = [_row(key, text) for key, text in new.items()]
        tagged = [(*row, text.tag) for row, text in zip(values, new.values(), strict=True)]
        self._database.executemany("INSERT INTO text VALUES (?, ?, ?, ?, ?)", tagged)
        self._database.executemany("INSERT INTO found (rowid, name, title, sentence) VALUES (?, ?, ?, ?)", values)
        words = sorted({word for text in new.values() for word in WORD.findall(fold(text.value))})
        self._database.executemany("INSERT OR IGNORE INTO word (word) VALUES (?)", ((word,) for word in words))

    def _remove(self, rows: dict[int, Text]) -> None:
        values = [_row(key, rows[key]) for key in sorted(self._known(rows))]
        self._database.executemany(
            "INSERT INTO found (found, rowid, name, title, sentence) VALUES ('delete', ?, ?, ?, ?)", values
        )
        self._database.executemany("DELETE FROM text WHERE id = ?", ((row[0],) for row in values))

    def find(self, kind: str, expression: str) -> Iterator[tuple[Text, float]]:
        """The texts of a kind that fit an expression of FTS5, with their scores, the best first."""
        ranked = self._run(
            f"SELECT rowid, -bm25(found, {_WEIGHTS}) FROM found WHERE found MATCH ? LIMIT {_RANKED}",
            f"{{{kind}}} : ({expression})",
        ).fetchall()
        ranked.sort(key=lambda pair: (-pair[1], pair[0]))
        for first in range(0, len(ranked), _READ):
            some = ranked[first : first + _READ]
            keys = ",".join(str(key) for key, _ in some)
            rows = self._run(f"SELECT id, {kind}, tag FROM text WHERE id IN ({keys})")
            read = {key: Text(kind, value, tag) for key, value, tag in rows}
            yield from ((read[key], score) for key, score in some if key in read)

    def has(self, expression: str) -> bool:
        """Whether any text fits."""
        return self._run("SELECT 1 FROM found WHERE found MATCH ? LIMIT 1", expression).fetchone() is not None

    def near(self, word: str) -> list[str]:
        """The words in the index, other than `word`, that are spelled most like it; it is folded. None is far from it."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if len(word) < 3:
            return []
        with self._lock:
            new = self._run("SELECT id, word FROM word WHERE id > ? ORDER BY id", self._last_word).fetchall()
            self._words += [found for _, found in new]
            self._last_word = new[-1][0] if new else self._last_word
        furthest = 1 if len(word) < 6 else 2
        found = process.extract(word, self._words, scorer=OSA.distance, score_cutoff=furthest, limit=_NEAR)
        others = [(distance, other) for other, distance, _ in found if distance]
        return sorted(other for distance, other in others if distance == min(others)[0])

    def close(self) -> None:
        self._database.close()


def _row(key: int, text: Text) -> tuple[int | str | None, ...]:
    return key, *(text.value if text.kind == kind else None for kind in KINDS)


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
