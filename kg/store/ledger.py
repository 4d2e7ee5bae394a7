"""What must be remembered of articles and entities that is not knowledge, beside the graph in a small database.

It is kept out of the graph so that no query and no export meets it; docs/decisions/bookkeeping.md has why it may
disagree with the graph after a crash without harm.
"""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from kg.errors import StoreError, UsageError

_TABLES = """
CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS source (source TEXT, article TEXT, PRIMARY KEY (source, article)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS source_by_article ON source (article);
CREATE TABLE IF NOT EXISTS content (article TEXT PRIMARY KEY, digest TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS arrival (article TEXT PRIMARY KEY, time TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS arrival_by_time ON arrival (time DESC, article);
CREATE TABLE IF NOT EXISTS redirect (old TEXT PRIMARY KEY, new TEXT) WITHOUT ROWID;
"""


class Ledger:
    """Where articles were read from, when, in which version, and which entities were renamed.

    A source may be noted for an article that never got into the graph; a digest is there only for one that is in it
    as the digest says, since it is struck out before the article changes and noted after.
    """

    def __init__(self, path: Path | None, base: str) -> None:
        """Open the ledger in the file `path`, in memory without one.

        Raises `UsageError` where the graph was made with another base IRI.
        """
        self.path = path
        try:
            # Any thread may look something up; only one writes, as only one writes the store.
            self._database = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=NORMAL")
            self._database.executescript(_TABLES)
        except sqlite3.DatabaseError as error:
            raise StoreError(f"The graph's ledger {path} can't be opened: {error}") from error
        self._database.execute("INSERT OR IGNORE INTO setting VALUES ('base', ?)", (base,))
        (found,) = self._database.execute("SELECT value FROM setting WHERE key = 'base'").fetchone()
        if found != base:
            raise UsageError(f"This graph's base IRI is {found}, not {base}; open it with that, or make another graph.")

    def articles(self, source: str) -> set[str]:
        """The articles that were read from `source`."""
        return {row[0] for row in self._database.execute("SELECT article FROM source WHERE source = ?", (source,))}

    def sources(self, article: str) -> set[str]:
        """Where `article` was read from."""
        return {row[0] for row in self._database.execute("SELECT source FROM source WHERE article = ?", (article,))}

    def digest(self, article: str) -> str | None:
        """The digest of the version of `article` that is in the graph."""
        return digest_of(self._database, article)

    def announce(
        self, claims: Iterable[tuple[str, str]], articles: Iterable[str], renamed: Iterable[tuple[str, str]]
    ) -> None:
        """Note, before the graph is written, which sources give which articles, and what is going to change."""
        with self._database as database:
            database.execute("BEGIN")
            database.executemany("INSERT OR IGNORE INTO source VALUES (?, ?)", claims)
            changed = [(article,) for article in articles]
            database.executemany("DELETE FROM content WHERE article = ?", changed)
            database.executemany("DELETE FROM arrival WHERE article = ?", changed)
            database.executemany("INSERT OR REPLACE INTO redirect VALUES (?, ?)", renamed)
            database.executemany("DELETE FROM redirect WHERE old = ?", ((new,) for _, new in renamed))

    def confirm(
        self, digests: Iterable[tuple[str, str]], arrived: Iterable[str], dropped: Iterable[tuple[str, str]]
    ) -> None:
        """Note, after the graph is written, what it holds and what of that is new, and drop the claims that no longer
        hold."""
        with self._database as database:
            database.execute("BEGIN")
            now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            read = list(digests)
            database.executemany("INSERT OR REPLACE INTO content VALUES (?, ?)", read)
            # Of those that were read and not changed, some may have come just before a crash.
            came = [(article, now) for article in (*arrived, *(article for article, _ in read))]
            database.executemany("INSERT OR IGNORE INTO arrival VALUES (?, ?)", came)
            database.executemany("DELETE FROM source WHERE source = ? AND article = ?", dropped)

    def read_on(self, article: str) -> str | None:
        """The day (UTC) on which the version of `article` was read that is in the graph; None where nobody knows."""
        return _read_on(self._database, article)

    def redirect(self, iri: str) -> str | None:
        """The IRI that an entity got in place of `iri`."""
        return redirect_of(self._database, iri)

    def close(self) -> None:
        self._database.close()


class Digests:
    """A ledger that another process writes."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)

    def digest(self, article: str) -> str | None:
        return digest_of(self._database, article)

    def redirect(self, iri: str) -> str | None:
        return redirect_of(self._database, iri)

    def arrived(self, article: str) -> str | None:
        """When (UTC, ISO 8601) the version of `article` came that is in the graph; None where nobody knows."""
        return arrival_of(self._database, article) if self._knows_arrivals() else None

    def read_on(self, article: str) -> str | None:
        return _read_on(self._database, article) if self._knows_arrivals() else None

    def newest(self) -> Iterator[tuple[str, str]]:
        """All articles with the time when they came, the newest first."""
        if self._knows_arrivals():
            yield from self._database.execute("SELECT article, time FROM arrival ORDER BY time DESC, article")

    def _knows_arrivals(self) -> bool:
        """A ledger that was made before times were noted, and not written since, has no such table."""
        return self._database.execute("SELECT 1 FROM sqlite_master WHERE name = 'arrival'").fetchone() is not None

    def base(self) -> str | None:
        row = self._database.execute("SELECT value FROM setting WHERE key = 'base'").fetchone()
        return None if row is None else str(row[0])

    def close(self) -> None:
        self._database.close()


def recorded_base(path: Path) -> str | None:
    """The base IRI of the graph whose ledger is the file `path`; None where there is no such file."""
    if not path.is_file():
        return None
    with closing(Digests(path)) as ledger:
        return ledger.base()


def redirect_of(database: sqlite3.Connection, iri: str) -> str | None:
    row = database.execute("SELECT new FROM redirect WHERE old = ?", (iri,)).fetchone()
    return None if row is None else str(row[0])


def digest_of(database: sqlite3.Connection, article: str) -> str | None:
    row = database.execute("SELECT digest FROM content WHERE article = ?", (article,)).fetchone()
    return None if row is None else str(row[0])


def arrival_of(database: sqlite3.Connection, article: str) -> str | None:
    row = database.execute("SELECT time FROM arrival WHERE article = ?", (article,)).fetchone()
    return None if row is None else str(row[0])


def _read_on(database: sqlite3.Connection, article: str) -> str | None:
    """What has no digest came as facts, and was not read."""
    time = arrival_of(database, article)
    return None if time is None or digest_of(database, article) is None else time[:10]
