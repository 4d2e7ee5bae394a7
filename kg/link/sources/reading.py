"""What all readers of sources have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from kg.errors import ReadError
from kg.link.collecting import Said, Subclass
from kg.link.sources.vocabulary import Identifiers

TOGETHER = 5_000
"""How many things are taken at a time."""


@dataclass(frozen=True, slots=True)
class How:
    """How sources are read: how identifiers become IRIs, in which languages names are wanted (the first one gives the
    label), how columns are called (pairs of what is in one and its header), and what separates several names in one
    cell."""

    identifiers: Identifiers
    languages: tuple[str, ...] = ("en",)
    columns: tuple[tuple[str, str], ...] = ()
    separator: str = "|"


class Part(NamedTuple):
    """Some of what a source says, what is wrong in it, where to go on after it, and how many bytes were read so far."""

    found: Sequence[Said | Subclass]
    wrong: Sequence[ReadError]
    position: str
    done: int


class Reader(Protocol):
    """Reads one kind of file from a position on. Raises ReadError where the rest can't be read, UsageError where no such
    file can be read in this way."""

    def __call__(self, path: Path, how: How, position: str) -> Iterator[Part]: ...
