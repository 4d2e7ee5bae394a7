"""Builds an index of names from files."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from kg.errors import ReadError, StoreError, UsageError
from kg.link.aliases import ID, UNKNOWN
from kg.link.collecting import Collected
from kg.link.sources import kinds
from kg.link.sources.reading import How, Part
from kg.link.sources.vocabulary import Identifiers, types, vocabulary
from kg.link.writing import Entity, write
from kg.rdf import vocabulary as v

_DONE = "done"
_WIKIDATA = v.WD + ID
_SHOWN = 1000
Progress = Callable[[int, int | None], None]


def _silent(done: int, total: int | None) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Plan:
    """How an index is made.

    `name` is what it is called, `pattern` how IRIs are made of identifiers (None: those of Wikidata where a file is in
    Wikibase's JSON, else the identifiers are IRIs). `types` are the entity types that are wanted: all where it is
    None, but of Wikibase's JSON only what has one. `otherwise` is the type of what has none. `classes` are pairs of an
    entity type and a class of it. The others: see `kg.link.sources.reading.How`; `format` is that of all files.
    """

    name: str
    pattern: str | None = None
    types: frozenset[str] | None = None
    otherwise: str = UNKNOWN
    classes: tuple[tuple[str, str], ...] = ()
    languages: tuple[str, ...] = ("en",)
    columns: tuple[tuple[str, str], ...] = ()
    separator: str = "|"
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """What an index came to: how many names and entities, these by type, its size in bytes; and how many things were
    left out because they are of other types, or have no name."""

    names: int
    entities: int
    by_type: Mapping[str, int]
    size: int
    left_out: int


class Building:
    """The building of one index in the file `output`, as a context: interrupted, it goes on when it is begun in the same
    way.

    `wrong` is told of each line, and of each file's rest, that can't be read; all else is read. Raises UsageError where
    the plan is wrong or nothing is left to make an index of, StoreError where what is collected can't be written, and
    OSError where a file is not there.
    """

    def __init__(self, files: Sequence[Path], output: Path, plan: Plan, wrong: Callable[[ReadError], None]) -> None:
        self._files, self._output, self._plan, self._wrong = files, output, plan, wrong
        self._types = types(plan.classes)
        if unknown := sorted({*(plan.types or ()), plan.otherwise} - {UNKNOWN, *self._types.values()}):
            known = ", ".join(dict.fromkeys(self._types.values()))
            raise UsageError(f"there is no entity type {unknown[0]!r}; there are: {known}")
        if output.exists() and any(path.exists() and path.samefile(output) for path in files):
            raise UsageError(f"{output} is one of the files to make an index of: write the index to another one")
        self._kinds = {path: plan.format or kinds.kind_of(path) for path in files}
        self._is_wikibase = kinds.WIKIBASE in self._kinds.values()
        self._pattern = plan.pattern or (_WIKIDATA if self._is_wikibase else ID)
        self._how = How(Identifiers(self._pattern), plan.languages, plan.columns, plan.separator)
        stats = {path: path.stat() for path in files}
        self._sizes = {path: each.st_size for path, each in stats.items()}
        same = [[str(path.absolute()), each.st_size, each.st_mtime_ns] for path, each in stats.items()]
        how = [self._pattern, plan.languages, plan.columns, plan.separator]
        self._unfinished = output.with_name(output.name + ".part")
        self._collected = Collected.open(self._unfinished, json.dumps([same, list(self._kinds.values()), how]))
        self._is_done = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._collected.close(is_done=self._is_done or isinstance(error, UsageError))
        if isinstance(error, sqlite3.Error):
            raise StoreError(
                f"{self._unfinished} can't be written ({error}): the same command goes on once there is room"
            ) from error

    def read(self, progress: Progress = _silent) -> None:
        """Collect what the files say. `progress` is called with how many bytes were read, and how many there are."""
        before, total = 0, sum(self._sizes.values())
        for path in self._files:
            for part in self._parts(path):
                progress(before + part.done, total)
            before += self._sizes[path]
            progress(before, total)

    def write(self, progress: Progress = _silent) -> Built:
        """Make the index. `progress` is called with how many things are in it, and None."""
        by_type = Counter[str]()
        terms = frozenset(vocabulary()["rdf"]["terms"])

        def is_wanted(kind: str, classes: AbstractSet[str]) -> bool:
            if self._plan.types is None:
                wanted = classes.isdisjoint(terms) and not (self._is_wikibase and kind == UNKNOWN)
            else:
                wanted = kind in self._plan.types
            by_type[kind] += wanted
            return wanted

        def entities() -> Iterator[Entity]:
            found = self._collected.entities(self._types, self._plan.otherwise, is_wanted)
            for number, entity in enumerate(found, 1):
                if number % _SHOWN == 0:
                    progress(number, None)
                yield entity

        made = write(self._output, self._plan.name, self._pattern, entities())
        self._is_done = True
        return Built(made.names, made.entities, dict(sorted((+by_type).items())), made.size, self._collected.left_out)

    def _parts(self, path: Path) -> Iterator[Part]:
        """Collect what a file says, from where that was left."""
        position = self._collected.position(str(path)) or ""
        if position == _DONE:
            return
        try:
            for part in kinds.READERS[self._kinds[path]](path, self._how, position):
                self._collected.add(part.found)
                for error in part.wrong:
                    self._wrong(error)
                self._collected.keep(str(path), part.position)
                yield part
        except ReadError as error:
            self._wrong(error)
        self._collected.keep(str(path), _DONE)
