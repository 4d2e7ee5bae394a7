"""The alias index: which known things a name can stand for.

It is built by `scripts/build-entities`, lies on disk as two tries and one table, and is mapped into memory, so that it
opens in a millisecond and processes share it. `data/entities/README.md` tells where the names come from.
"""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

import marisa_trie

from kg.errors import UsageError

NAMES, DESCRIPTIONS, TABLES, LOWERCASE = "names.trie", "descriptions.trie", "entities.bin", "lowercase.txt"
TYPES = ("Person", "Organization", "Software", "Product", "Place", "License", "Award")
"""The order in which the table numbers the types; a format, like the names of the files."""
UNKNOWN = ""
"""The type of an entity of which only its names are known."""
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that a name can stand for.

    `qid` is its Wikidata item, `None` where that is not known. `type` is an entity type of the ontology, or empty
    where it is not known or none of them. `prior` is the probability that the name means this candidate rather than
    another one of the index; those of one name sum to 1. `fame` (0 to 1) is how well known the thing is by this name.
    """

    qid: str | None
    type: str
    label: str
    description: str
    prior: float
    fame: float


class AliasIndex:
    """Names and what they can stand for; see `open`. `lowercase` are the names of one word without a capital letter."""

    def __init__(
        self, names: marisa_trie.Trie, descriptions: marisa_trie.Trie, tables: memoryview, lowercase: frozenset[str]
    ) -> None:
        self._names = names
        self._descriptions = descriptions
        self.lowercase = lowercase
        n_names, n_candidates, n_entities = tables[:12].cast("I")
        start, parts = 12, []
        for length in (n_names + 1, n_candidates, 3 * n_entities):
            parts.append(tables[start : start + 4 * length].cast("I"))
            start += 4 * length
        self._offsets, self._candidates, self._entities = parts
        self._types = tables[start : start + n_entities]
        self.types = lru_cache(maxsize=65536)(self._types_of)
        self.candidates = lru_cache(maxsize=16384)(self._candidates_of)

    @classmethod
    def open(cls, path: Path | str | None = None) -> AliasIndex:
        """Open the index in the folder `path`, or the one that newsgraph ships. UsageError where there is none."""
        if path is None:
            return _shipped()
        folder = Path(path)
        missing = [name for name in (NAMES, DESCRIPTIONS, TABLES, LOWERCASE) if not (folder / name).is_file()]
        if missing:
            raise UsageError(
                f"{folder} holds no alias index ({', '.join(missing)} missing); build one with scripts/build-entities"
            )
        with (folder / TABLES).open("rb") as file:
            tables = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        names = marisa_trie.Trie().mmap(str(folder / NAMES))
        descriptions = marisa_trie.Trie().mmap(str(folder / DESCRIPTIONS))
        lowercase = frozenset((folder / LOWERCASE).read_text(encoding="utf-8").splitlines())
        return cls(names, descriptions, tables, lowercase)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def __len__(self) -> int:
        return len(self._names)

    def items(self) -> frozenset[str]:
        """All Wikidata items of the index."""
        return frozenset(f"Q{number}" for number in self._entities[::3] if number)

    def _candidates_of(self, name: str) -> tuple[Candidate, ...]:
        """What `name`, written exactly so, can stand for: the likeliest first, none where it is unknown."""
        entries = self._entries(name)
        if not entries:
            return ()
        total = sum(entry & 255 for entry in entries)
        found = []
        for entry in entries:
            entity = entry >> 8
            qid, label, description = self._entities[3 * entity : 3 * entity + 3]
            found.append(
                Candidate(
                    f"Q{qid}" if qid else None,
                    self._type(entity),
                    self._names.restore_key(label),
                    self._descriptions.restore_key(description),
                    (entry & 255) / total,
                    (entry & 255) / 255,
                )
            )
        return tuple(found)

    def prefixes(self, text: str, start: int = 0) -> list[str]:
        """The names of the index that `text` has at `start`, the longest first; the last word may be cut short."""
        found: list[str] = self._names.prefixes(text[start : start + _LONGEST])
        return found[::-1]

    def _types_of(self, name: str) -> tuple[tuple[str, float], ...]:
        """(type, weight) of what `name` can stand for, the weightiest first. Unlike a prior, a weight (from 0) also
        tells how well known the thing is. Results are kept, so that a scan of text can ask again and again."""
        weights: dict[str, float] = {}
        for entry in self._entries(name):
            kind = self._type(entry >> 8)
            weights[kind] = weights.get(kind, 0.0) + (entry & 255) / 255
        return tuple(sorted(weights.items(), key=lambda item: (-item[1], item[0])))

    def _entries(self, name: str) -> memoryview:
        key = self._names.get(name)
        if key is None:
            return self._candidates[:0]
        return self._candidates[self._offsets[key] : self._offsets[key + 1]]

    def _type(self, entity: int) -> str:
        number = self._types[entity]
        return TYPES[number] if number < len(TYPES) else UNKNOWN


@cache
def _shipped() -> AliasIndex:
    """The index that newsgraph ships: one for all steps, which ask for the same names."""
    return AliasIndex.open(Path(str(files("newsgraph_data"))) / "entities")
