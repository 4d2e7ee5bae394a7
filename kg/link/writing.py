"""Writes an index of names; `kg.link.aliases` reads it.

The file: a line that says what it is, the length of the header, the header in JSON, and the sections that it tells the
place, size and item type of (as of Python's `struct`, little-endian):

* `names`: for each name a byte with its length, one with the number of its candidates, the name in UTF-8, and the
  candidates, the weightiest first: the number of an entity times 256 + its weight (1 to 255). They are ordered by hash.
* `buckets`: where in `names` those begin whose CRC-32, less the lowest `shift` bits, is 0, 1, 2 …; and where they end.
* `labels`, `ids`, `descriptions`, `types`: for each entity the place of its label in `names`, of its identifier and its
  description in `texts`, and the number of its type.
* `texts`: each a byte with its length, and the text in UTF-8.

Names are sorted on disk, so that memory is bounded however many there are.
"""

from __future__ import annotations

import json
import mmap
import shutil
import sqlite3
import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

from kg.errors import UsageError
from kg.link.aliases import HEADER, MAGIC

LONGEST = 255
"""How many bytes a name, an identifier or a description has at most."""
HEAVIEST = 255
"""The greatest weight."""
_OFFSET = struct.Struct("<Q")
_SECTIONS = ("names", "buckets", "labels", "ids", "descriptions", "types", "texts")
_BYTES = ("names", "types", "texts")
_LEADS_TO = {"buckets": "names", "labels": "names", "ids": "texts", "descriptions": "texts"}
_MOST_CANDIDATES = 255
_PER_BUCKET = 3
_CHUNK = 1 << 20
_KEPT = 200_000
"""How many descriptions are remembered, to be written once only."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing of an index. `id` is empty where it has none; `names` tell the weight (1 to 255) of each name, `label`
    among them; `type` is an entity type of the ontology, or empty. No text is longer than `LONGEST` bytes."""

    id: str
    label: str
    names: Mapping[str, int]
    description: str
    type: str


@dataclass(frozen=True, slots=True)
class Written:
    """How many names and entities an index has, and of how many bytes it is."""

    names: int
    entities: int
    size: int


def write(path: Path, name: str, pattern: str, entities: Iterable[Entity], lowercase: Sequence[str] = ()) -> Written:
    """Write an index of these entities to the file `path`: the same entities, the same bytes.

    Who has the former file mapped into memory keeps it. Raises UsageError where there are no entities, and OSError, such
    as where the disk is full.
    """
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as made:
        folder = Path(made)
        names = sqlite3.connect(folder / "sorting")
        try:
            names.execute("PRAGMA journal_mode = OFF")
            names.execute("PRAGMA synchronous = OFF")
            names.execute(
                "CREATE TABLE name (hash INTEGER, name BLOB, weight INTEGER, entity INTEGER, is_label INTEGER)"
            )
            types: dict[str, int] = {}
            names.executemany("INSERT INTO name VALUES (?, ?, ?, ?, ?)", _entities(entities, folder, types))
            n_entities = (folder / "types").stat().st_size
            header: dict[str, Any] = {
                "name": name,
                "pattern": pattern,
                "types": list(types),
                "lowercase": list(lowercase),
            }
            header |= _names(names, folder, n_entities)
        finally:
            names.close()
        n_names = header["names"]
        if not n_names:
            raise UsageError(
                f"nothing to make {path} of: no thing has an identifier, a name, and a type that is wanted"
            )
        _join(folder, header)
        (folder / "whole").replace(path)
    return Written(n_names, n_entities, path.stat().st_size)


def _entities(
    entities: Iterable[Entity], folder: Path, types: dict[str, int]
) -> Iterator[tuple[int, bytes, int, int, bool]]:
    """Writes what is told of each entity but for its names, which are given to be sorted."""
    kept: dict[str, int] = {}
    with (
        (folder / "texts").open("wb") as texts,
        (folder / "ids").open("wb") as ids,
        (folder / "descriptions").open("wb") as descriptions,
        (folder / "types").open("wb") as kinds,
    ):

        def place(text: str) -> int:
            found = kept.get(text)
            if found is None:
                found = texts.tell()
                content = text.encode("utf-8", "replace")
                texts.write(bytes((len(content),)) + content)
            return found

        for number, entity in enumerate(entities):
            ids.write(_OFFSET.pack(place(entity.id)))
            at = place(entity.description)
            if len(kept) == _KEPT:
                kept.clear()
            kept[entity.description] = at
            descriptions.write(_OFFSET.pack(at))
            kinds.write(bytes((types.setdefault(entity.type, len(types)),)))
            for name, weight in entity.names.items():
                key = name.encode("utf-8", "replace")
                yield crc32(key), key, weight, number, name == entity.label


def _names(names: sqlite3.Connection, folder: Path, n_entities: int) -> dict[str, Any]:
    """Writes the names, in which bucket each is, and which one is the label of each entity."""
    ((rows,),) = names.execute("SELECT COUNT(*) FROM name")
    shift = 32 - (rows // _PER_BUCKET).bit_length()
    code = "I" if n_entities < 1 << 24 else "Q"
    count = filled = 0
    with (
        (folder / "names").open("wb") as file,
        (folder / "buckets").open("wb") as buckets,
        (folder / "labels").open("w+b") as labels,
    ):
        labels.truncate(max(1, n_entities) * _OFFSET.size)
        with mmap.mmap(labels.fileno(), 0) as label:
            found = names.execute("SELECT * FROM name ORDER BY hash, name, weight DESC, entity")
            for (hash, name), group in groupby(found, key=itemgetter(0, 1)):
                at = file.tell()
                while filled <= hash >> shift:
                    buckets.write(_OFFSET.pack(at))
                    filled += 1
                candidates = []
                for _, _, weight, entity, is_label in group:
                    candidates.append(entity << 8 | weight)
                    if is_label:
                        _OFFSET.pack_into(label, entity * _OFFSET.size, at)
                del candidates[_MOST_CANDIDATES:]
                file.write(bytes((len(name), len(candidates))) + name)
                file.write(struct.pack(f"<{len(candidates)}{code}", *candidates))
                count += 1
            buckets.write(_OFFSET.pack(file.tell()) * ((1 << 32 - shift) + 1 - filled))
        labels.truncate(n_entities * _OFFSET.size)
    return {"names": count, "shift": shift, "candidate": code}


def _join(folder: Path, header: dict[str, Any]) -> None:
    """Puts the sections into one file, the places in as few bytes as they need."""
    digest = blake2b(json.dumps(header).encode(), digest_size=16)
    sections: dict[str, tuple[int, int, str]] = {}
    start = 0
    with (folder / "sections").open("w+b") as joined:
        for section in _SECTIONS:
            is_text = section in _BYTES
            code = "B" if is_text else "I" if (folder / _LEADS_TO[section]).stat().st_size < 1 << 32 else "Q"
            with (folder / section).open("rb") as file:
                while chunk := file.read(_CHUNK):
                    packed = chunk if is_text else array(code, array("Q", chunk)).tobytes()
                    digest.update(packed)
                    joined.write(packed)
            sections[section] = (start, joined.tell() - start, code)
            joined.write(bytes(-joined.tell() % _OFFSET.size))
            start = joined.tell()
        header["digest"] = digest.hexdigest()
        # The length of the header depends on the places, and these on its length: so it gets all the room it may need.
        room = len(json.dumps(header | {"sections": sections})) + 20 * len(sections)
        room += -(len(MAGIC) + HEADER.size + room) % _OFFSET.size
        before = len(MAGIC) + HEADER.size + room
        header["sections"] = {name: (before + at, size, code) for name, (at, size, code) in sections.items()}
        with (folder / "whole").open("wb") as whole:
            whole.write(MAGIC + HEADER.pack(room) + json.dumps(header).encode().ljust(room))
            joined.seek(0)
            shutil.copyfileobj(joined, whole, _CHUNK)
