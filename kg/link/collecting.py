"""Collects what sources say of things, one thing in many places perhaps, until an index is made of it.

It lies in a database beside the index that it is for, so that memory is bounded, and that the work goes on from where
it was interrupted.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from kg.errors import UsageError
from kg.link.aliases import UNKNOWN
from kg.link.writing import HEAVIEST, LONGEST, Entity

ALIAS = 0.7
"""How likely another name than the label is to be met with that meaning, beside the label's 1."""
FAME = 0.8
"""How well known a thing is of which no source says so."""
_FORMAT = "1"
_TABLES = """
CREATE TABLE made_for (what TEXT);
CREATE TABLE progress (source TEXT PRIMARY KEY, position TEXT);
CREATE TABLE said (id TEXT, what TEXT);
CREATE TABLE subclass (child TEXT, parent TEXT, PRIMARY KEY (parent, child)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What one place of a source says of a thing.

    `id` is its identifier, or empty where it has none. `names` tells of each name, from 0 to 1, how likely it is to be
    met with that meaning. `classes` are IRIs of what it is an instance of, or keys of entity types, and `fame` how well
    known it is, from 0 to 1.
    """

    id: str
    label: str = ""
    names: tuple[tuple[str, float], ...] = ()
    description: str = ""
    classes: tuple[str, ...] = ()
    fame: float | None = None


@dataclass(frozen=True, slots=True)
class Subclass:
    """That every instance of the class `child` is one of the class `parent`."""

    child: str
    parent: str


def said(
    identifier: str,
    label: str,
    aliases: Iterable[str] = (),
    description: str = "",
    classes: Iterable[str] = (),
    fame: float | None = None,
) -> Said:
    """What a place says that tells the label from the other names."""
    names = [(label, 1.0)] if label else []
    names += [(alias, ALIAS) for alias in aliases]
    return Said(identifier, label, tuple(names), description, tuple(classes), fame)


class Collected:
    """What was said so far; see `open`."""

    def __init__(self, database: sqlite3.Connection, path: Path) -> None:
        self._database = database
        self._path = path
        self.left_out = 0
        """How many things are left out of what `entities` gives: of another type, or without a name."""

    @classmethod
    def open(cls, path: Path, made_for: str) -> Collected:
        """The collection in the file `path`, empty where there is none that is for the same: `made_for` says what.

        Raises UsageError where there is no folder for it.
        """
        made_for = f"{_FORMAT} {made_for}"
        if not path.parent.is_dir():
            raise UsageError(f"there is no folder {path.parent} to write the index into")
        database = sqlite3.connect(path)
        with suppress(sqlite3.DatabaseError):
            if database.execute("SELECT what FROM made_for").fetchall() == [(made_for,)]:
                return cls(database, path)
        database.close()
        path.unlink(missing_ok=True)
        database = sqlite3.connect(path)
        # Should the machine fail, and not only this program, it begins anew.
        database.execute("PRAGMA synchronous = OFF")
        database.executescript(_TABLES)
        database.execute("INSERT INTO made_for VALUES (?)", (made_for,))
        database.commit()
        return cls(database, path)

    def position(self, source: str) -> str | None:
        """Where in a source to go on, as it was given to `keep`; None at its beginning."""
        found = self._database.execute("SELECT position FROM progress WHERE source = ?", (source,)).fetchone()
        return None if found is None else str(found[0])

    def add(self, found: Iterable[Said | Subclass]) -> None:
        """Take what a source says."""
        things: list[tuple[str, str]] = []
        classes: list[tuple[str, str]] = []
        for one in found:
            if isinstance(one, Subclass):
                classes.append((one.child, one.parent))
            else:
                # Without an identifier, what is called alike and is of one class is one thing.
                key = one.id or "\n" + "\n".join((one.label, *one.classes))
                what = [one.label, one.names, one.description, one.classes, one.fame]
                things.append((key, json.dumps(what, ensure_ascii=True, separators=(",", ":"))))
        self._database.executemany("INSERT INTO said VALUES (?, ?)", things)
        self._database.executemany("INSERT OR IGNORE INTO subclass VALUES (?, ?)", classes)

    def keep(self, source: str, position: str) -> None:
        """Have all that was added outlive this program, and that the source was read up to here."""
        self._database.execute("INSERT OR REPLACE INTO progress VALUES (?, ?)", (source, position))
        self._database.commit()

    def close(self, *, is_done: bool) -> None:
        """Close the collection, and delete it where nothing will go on with it."""
        self._database.close()
        if is_done:
            self._path.unlink()

    def entities(
        self,
        types: Mapping[str, str],
        otherwise: str = UNKNOWN,
        wanted: Callable[[str, AbstractSet[str]], bool] | None = None,
    ) -> Iterator[Entity]:
        """All things, each once, sorted by their identifiers.

        `types` gives the entity types of classes; their subclasses follow from what sources say, and of a thing of
        several classes the nearest counts. `otherwise` is the type of what has no such class. `wanted` is asked with the
        type and the classes of a thing.
        """
        self._classify(types)
        order = {kind: number for number, kind in enumerate(dict.fromkeys(types.values()))}

        @lru_cache(maxsize=100_000)
        def of_class(name: str) -> tuple[int, int, str] | None:
            row = self._database.execute("SELECT distance, type FROM class WHERE iri = ?", (name,)).fetchone()
            return None if row is None else (row[0], order[row[1]], row[1])

        self.left_out = 0
        rows = self._database.execute("SELECT id, what FROM said ORDER BY id, rowid")
        for key, group in groupby(rows, key=itemgetter(0)):
            places = [json.loads(what) for _, what in group]
            classes = {name for place in places for name in place[3]}
            nearest = min(filter(None, map(of_class, classes)), default=None)
            kind = otherwise if nearest is None else nearest[2]
            entity = _entity("" if key.startswith("\n") else key, kind, places)
            if entity is None or not (wanted is None or wanted(kind, classes)):
                self.left_out += 1
            else:
                yield entity

    def _classify(self, types: Mapping[str, str]) -> None:
        """Find the entity type of each class, from that of the nearest class above it that has one."""
        run = self._database.execute
        run("CREATE TEMP TABLE IF NOT EXISTS class (iri TEXT PRIMARY KEY, type TEXT, distance INTEGER) WITHOUT ROWID")
        run("DELETE FROM class")
        self._database.executemany("INSERT INTO class VALUES (?, ?, 0)", types.items())
        distance, found = 0, 1
        while found:
            # Of two that are equally near, the one whose name comes first.
            found = run(
                "INSERT OR IGNORE INTO class SELECT child, type, ? FROM class JOIN subclass ON parent = iri "
                "WHERE distance = ? ORDER BY child, type",
                (distance + 1, distance),
            ).rowcount
            distance += 1


def normal(name: str) -> str:
    """A name as it is looked up: composed characters (NFC), and one blank between words."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def _entity(identifier: str, kind: str, places: list[list[object]]) -> Entity | None:
    """The thing of which several places say something; None where none gives a name that can be kept."""
    label, description, fame = "", "", None
    weights: dict[str, float] = {}
    for its_label, names, its_description, _, its_fame in places:
        label = label or _short(normal(str(its_label)))
        description = description or _cut(normal(str(its_description)))
        assert isinstance(names, list)
        if isinstance(its_fame, float | int):
            fame = max(fame or 0.0, float(its_fame))
        for name, weight in names:
            name = _short(normal(name))
            if name:
                weights[name] = max(weights.get(name, 0.0), weight)
    if not weights and not label:
        return None
    label = label or next(iter(weights))
    weights.setdefault(label, 1.0)
    known = FAME if fame is None else fame
    whole = {name: min(HEAVIEST, max(1, round(HEAVIEST * weight * known))) for name, weight in weights.items()}
    return Entity(identifier, label, whole, description, kind)


def _short(name: str) -> str:
    return name if len(name.encode("utf-8", "replace")) <= LONGEST else ""


def _cut(text: str) -> str:
    """As much of a description as there is room for."""
    content = text.encode("utf-8", "replace")
    return text if len(content) <= LONGEST else content[:LONGEST].decode("utf-8", "ignore").rpartition(" ")[0]
