"""What writes a format, and what it writes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Protocol, Self, runtime_checkable

from pyoxigraph import NamedNode, Quad

from kg.store.base import Graph, Object, Subject


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

    def match(
        self, subject: Subject | None, predicate: NamedNode | None, value: Object | None, graph: Graph | None = None
    ) -> Iterator[Quad]:
        """The quads with these terms, where None stands for any. Raises `UsageError` for a graph in another shape."""
        ...

    def read_on(self, article: str) -> str | None:
        """The day (UTC) on which the article of this identifier was read; None where nobody knows."""
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


@runtime_checkable
class Selective(Exporter, Protocol):
    """Writes the statements that are sure enough."""

    @property
    def note(self) -> str:
        """What whoever exports must know before they use the file; empty where there is nothing."""
        ...

    def above(self, confidence: float) -> Self:
        """The same, for statements with at least this confidence, from 0 to 1."""
        ...
