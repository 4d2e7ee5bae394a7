"""Builds an index of names from files."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from kg.errors import ReadError, StoreError, UsageError
from kg.link.aliases import ID, UNKNOWN
from kg.link.collecting import Collected
from kg.link.sources import kinds
from kg.link.sources.reading import How, Part, Reader
from kg.link.sources.vocabulary import Identifiers, types, vocabulary
from kg.link.writing import write
from kg.rdf import vocabulary as v

_DONE = "done"
_WIKIDATA = v.WD + ID
Progress = Callable[[int, int], None]
"""Called with how many bytes of the files were read, and how many there are."""


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


def build(
    files: Sequence[Path],
    output: Path,
    plan: Plan,
    wrong: Callable[[ReadError], None],
    progress: Progress = lambda done, total: None,
) -> Built:
    """Build an index in the file `output`. Interrupted, it goes on when it is called in the same way.

    `wrong` is told of each line, and of each file's rest, that can't be read; all else is read. Raises UsageError where
    the plan is wrong, StoreError where what is collected can't be written,
    and OSError where a file is not there.
    """
    known = types(plan.classes)
    if unknown := sorted({*(plan.types or ()), plan.otherwise} - {UNKNOWN, *known.values()}):
        all_types = ", ".join(dict.fromkeys(known.values()))
        raise UsageError(f"there is no entity type {unknown[0]!r}; there are: {all_types}")
    kind_of = {path: plan.format or kinds.kind_of(path) for path in files}
    is_wikibase = kinds.WIKIBASE in kind_of.values()
    pattern = plan.pattern or (_WIKIDATA if is_wikibase else ID)
    how = How(Identifiers(pattern), plan.languages, plan.columns, plan.separator)
    stats = {path: path.stat() for path in files}
    same = [[str(path.absolute()), each.st_size, each.st_mtime_ns, kind_of[path]] for path, each in stats.items()]
    made_for = json.dumps([same, pattern, plan.languages, plan.columns, plan.separator])
    terms = frozenset(vocabulary()["rdf"]["terms"])
    by_type = Counter[str]()

    def is_wanted(kind: str, classes: AbstractSet[str]) -> bool:
        if plan.types is None:
            wanted = classes.isdisjoint(terms) and not (is_wikibase and kind == UNKNOWN)
        else:
            wanted = kind in plan.types
        by_type[kind] += wanted
        return wanted

    unfinished = output.with_name(output.name + ".part")
    collected = Collected.open(unfinished, made_for)
    is_done = False
    try:
        read, total = 0, sum(each.st_size for each in stats.values())
        for path in files:
            for part in _parts(path, kinds.READERS[kind_of[path]], how, collected, wrong):
                progress(read + part.done, total)
            read += stats[path].st_size
            progress(read, total)
        written = write(output, plan.name, pattern, collected.entities(known, plan.otherwise, is_wanted))
        is_done = True
    except UsageError:
        is_done = True
        raise
    except sqlite3.Error as error:
        raise StoreError(
            f"{unfinished} can't be written ({error}): the same command goes on once there is room"
        ) from error
    finally:
        collected.close(is_done=is_done)
    return Built(written.names, written.entities, dict(sorted((+by_type).items())), written.size, collected.left_out)


def _parts(
    path: Path, reader: Reader, how: How, collected: Collected, wrong: Callable[[ReadError], None]
) -> Iterator[Part]:
    """Collect what a file says, from where that was left."""
    position = collected.position(str(path)) or ""
    if position == _DONE:
        return
    try:
        for part in reader(path, how, position):
            collected.add(part.found)
            for error in part.wrong:
                wrong(error)
            collected.keep(str(path), part.position)
            yield part
    except ReadError as error:
        wrong(error)
    collected.keep(str(path), _DONE)
