"""An index of names: which known things a name can stand for.

An index is one file, mapped into memory, so that it opens in a millisecond however large it is, and processes share it.
`kg index build` makes one of any register; the one that is shipped knows well-known things by their Wikidata items, and
`data/entities/README.md` tells where its names come from. `kg.link.writing` says how the file is made.
"""

from __future__ import annotations

import json
import mmap
import re
import struct
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from zlib import crc32

from kg.errors import UsageError
from kg.rdf import vocabulary as v

SHIPPED = "wikidata.index"
MAGIC = b"newsgraph index 1\n"
"""What such a file begins with; the length of its header follows."""
HEADER = struct.Struct("<Q")
ID = "{id}"
"""What stands in a pattern for the identifier."""
UNKNOWN = ""
"""The type of an entity of which only its names are known."""
_LONGEST = 80
_WORD_END = re.compile(rb"(?<=[^\s])(?![A-Za-z0-9_])")


class Candidate(NamedTuple):
    """One thing that a name can stand for.

    `id` and `iri` are its identifier in the register of which the index was made, and the whole IRI of that; both are
    `None` where it has none. `type` is an entity type of the ontology, or empty where it is not known or none of them.
    `prior` is the probability that the name means this candidate rather than another one of the index; those of one
    name sum to 1. `fame` (0 to 1) is how well known the thing is by this name. `source` is the name of the index.
    """

    id: str | None
    type: str
    label: str
    description: str
    prior: float
    fame: float
    iri: str | None
    source: str

    @property
    def qid(self) -> str | None:
        """The Wikidata item, where the index is of those."""
        return self.id if self.iri is not None and self.iri.startswith(v.WD) else None


def with_priors(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidates of one name, the best known first, with how likely each is meant."""
    ranked = sorted(found, key=lambda one: (-one.fame, one.iri or one.label))
    total = sum(one.fame for one in ranked)
    return tuple(one._replace(prior=one.fame / total) for one in ranked)


class Index(Protocol):
    """What answers a name with candidates. `register` is what the IRIs of these begin with."""

    register: str

    def candidates(self, name: str, /) -> tuple[Candidate, ...]: ...


class AliasIndex:
    """Names and what they can stand for; see `open`.

    `name` is what the index is called, `pattern` how the IRI of an entity is made of its identifier, `register` what
    these IRIs begin with, `digest` stands for all that the index holds, and `lowercase` are names of one word without a capital letter.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._file = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        whole = memoryview(self._file)
        start = len(MAGIC) + HEADER.size
        (length,) = HEADER.unpack_from(self._file, len(MAGIC))
        header = json.loads(self._file[start : start + length])
        if len(whole) < max(at + size for at, size, _ in header["sections"].values()):
            raise ValueError("it is cut off")
        self.name: str = header["name"]
        self.pattern: str = header["pattern"]
        self.digest: str = header["digest"]
        self.lowercase = frozenset[str](header["lowercase"])
        self.register, _, self._after = self.pattern.partition(ID)
        self._kinds: tuple[str, ...] = tuple(header["types"])
        self._length: int = header["names"]
        self._shift: int = header["shift"]
        self._code: str = header["candidate"]
        self._width = struct.calcsize("<" + self._code)

        def section(name: str) -> memoryview[Any]:
            at, size, code = header["sections"][name]
            return whole[at : at + size].cast(code)

        self._buckets = section("buckets")
        self._labels = section("labels")
        self._ids = section("ids")
        self._descriptions = section("descriptions")
        self._types = section("types")
        self._names: int = header["sections"]["names"][0]
        self._texts: int = header["sections"]["texts"][0]
        # Results are kept, so that a scan of text can ask again and again.
        self.types = lru_cache(maxsize=65536)(self._types_of)
        self.candidates = lru_cache(maxsize=16384)(self._candidates_of)

    @classmethod
    def open(cls, path: Path | str | None = None) -> AliasIndex:
        """Open the index in the file `path`, or the one that newsgraph ships. Raises UsageError where it is none."""
        if path is None:
            return _shipped()
        try:
            with Path(path).open("rb") as file:
                beginning = file.read(len(MAGIC))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"the index {path} can't be opened ({reason}): make one with 'kg index build'") from error
        if beginning != MAGIC:
            raise UsageError(f"{path} is no index of this version of newsgraph: make it anew with 'kg index build'")
        try:
            return cls(Path(path))
        except (struct.error, ValueError) as error:
            raise UsageError(f"the index {path} is broken ({error}): make it anew with 'kg index build'") from error

    def __contains__(self, name: str) -> bool:
        return self._of(name) is not None

    def __len__(self) -> int:
        return self._length

    def items(self) -> frozenset[str]:
        """All identifiers of the index."""
        return frozenset(filter(None, (self._text(at) for at in self._ids)))

    def prefixes(self, text: str, start: int = 0, beyond: int = 0) -> list[str]:
        """The names of the index that `text` has at `start` and that end where a word does, after the place `beyond`; the
        longest first."""
        # In bytes, so that the hash of a name goes on from that of the name that it begins with.
        part = text[start : start + _LONGEST].encode("utf-8", "replace")
        found: list[str] = []
        hash = last = 0
        for match in _WORD_END.finditer(part, len(text[start:beyond].encode("utf-8", "replace")) + 1):
            end = match.end()
            hash, last = crc32(part[last:end], hash), end
            if self._find(part[:end], hash):
                name = part[:end].decode()
                after = text[start + len(name) : start + len(name) + 1]
                if not (after.isalnum() or after == "_"):
                    found.append(name)
        return found[::-1]

    def _candidates_of(self, name: str) -> tuple[Candidate, ...]:
        """What `name`, written exactly so, can stand for: the likeliest first, none where it is unknown."""
        entries = self._entries(name)
        total = sum(entry & 255 for entry in entries)
        return tuple(self._candidate(entry >> 8, (entry & 255) / total, (entry & 255) / 255) for entry in entries)

    def _types_of(self, name: str) -> tuple[tuple[str, float], ...]:
        """(type, weight) of what `name` can stand for, the weightiest first. Unlike a prior, a weight (from 0) also
        tells how well known the thing is."""
        weights: dict[str, float] = {}
        for entry in self._entries(name):
            kind = self._kinds[self._types[entry >> 8]]
            weights[kind] = weights.get(kind, 0.0) + (entry & 255) / 255
        return tuple(sorted(weights.items(), key=lambda item: (-item[1], item[0])))

    def _of(self, name: str) -> tuple[int, int] | None:
        key = name.encode("utf-8", "replace")
        return self._find(key, crc32(key))

    def _find(self, key: bytes, hash: int) -> tuple[int, int] | None:
        """Where the candidates of a name of this hash begin in the file, and how many there are."""
        file, bucket, length, width = self._file, hash >> self._shift, len(key), self._width
        at, end = self._names + self._buckets[bucket], self._names + self._buckets[bucket + 1]
        while at < end:
            stop = at + 2 + file[at]
            if file[at] == length and file[at + 2 : stop] == key:
                return stop, file[at + 1]
            at = stop + file[at + 1] * width
        return None

    def _entries(self, name: str) -> Sequence[int]:
        """The candidates of a name: the number of each one's entity times 256, and its weight."""
        found = self._of(name)
        return () if found is None else struct.unpack_from(f"<{found[1]}{self._code}", self._file, found[0])

    def _candidate(self, entity: int, prior: float, fame: float) -> Candidate:
        at = self._names + self._labels[entity]
        identifier = self._text(self._ids[entity])
        return Candidate(
            identifier or None,
            self._kinds[self._types[entity]],
            self._file[at + 2 : at + 2 + self._file[at]].decode(),
            self._text(self._descriptions[entity]),
            prior,
            fame,
            self.register + identifier + self._after if identifier else None,
            self.name,
        )

    def _text(self, offset: int) -> str:
        at = self._texts + offset
        return self._file[at + 1 : at + 1 + self._file[at]].decode()


@cache
def _shipped() -> AliasIndex:
    """The index that newsgraph ships: one for all steps, which ask for the same names."""
    return AliasIndex.open(Path(str(files("newsgraph_data"))) / "entities" / SHIPPED)
