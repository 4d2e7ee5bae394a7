"""What writes a format, and what it writes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Protocol

from pyoxigraph import Quad


class Source(Protocol):
    """A graph to be exported."""

    @property
    def base(self) -> str:
        """What the graph's IRIs begin with."""
        ...

    @property
    def prefixes(self) -> Mapping[str, str]: ...

    def quads(self) -> Iterator[Quad]:
        """All quads, in no particular order."""
        ...


class Exporter(Protocol):
    """Writes a graph in one format. Equal graphs give equal bytes."""

    @property
    def name(self) -> str: ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The endings of file names that mean this format, with the dot."""
        ...

    def write(self, source: Source, file: IO[bytes]) -> None: ...
