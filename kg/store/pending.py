"""Changes to a store that are not written yet, and the view that reads through them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, RdfFormat

from kg.store.base import Graph, Object, Store, Subject


class Pending:
    """A store as it will be once its pending changes are written.

    Changes up to the last `mark` belong to whole articles that only add; those after it to one that may also delete.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._whole_lines: list[str] = []
        self._last_lines: list[str] = []
        self._whole: dict[Quad, None] = {}
        self._last: dict[Quad, None] = {}
        # What the last article takes back of the whole ones.
        self._cancelled: dict[Quad, None] = {}
        self._removed: dict[Quad, None] = {}
        self._emptied: list[NamedNode] = []
        self._index: dict[tuple[str, object], dict[Quad, None]] | None = None

    @property
    def deletes(self) -> bool:
        """Whether quads of the store are removed."""
        return bool(self._removed)

    @property
    def removed(self) -> Iterable[Quad]:
        """The quads that are to be taken out."""
        return self._removed.keys()

    def __len__(self) -> int:
        added = len(self._whole_lines) + len(self._last_lines) + len(self._whole) + len(self._last)
        return added + len(self._removed)

    def add_new(self, lines: Iterable[str]) -> None:
        """Add all quads of a graph that does not exist, as lines of N-Quads; `contains` may not know them yet."""
        self._last_lines.extend(lines)
        self._index = None

    def add(self, quad: Quad) -> bool:
        """Add a quad; whether it was not there."""
        if quad in self._removed:
            del self._removed[quad]
        elif self._is_added(quad) or self._store.contains(quad):
            return False
        else:
            self.add_absent(quad)
        return True

    def add_absent(self, quad: Quad) -> None:
        """Add a quad that is known not to be there, nor to be removed."""
        self._last[quad] = None
        if self._index is not None:
            _put(self._index, quad)

    def remove(self, quad: Quad) -> None:
        if quad in self._last:
            del self._last[quad]
        elif quad in self._whole:
            del self._whole[quad]
            self._cancelled[quad] = None
        elif quad not in self._removed and self._store.contains(quad):
            self._removed[quad] = None

    def empty(self, graph: NamedNode) -> None:
        """Say that all quads of a graph are removed, so that its name goes, too."""
        self._emptied.append(graph)

    def contains(self, quad: Quad) -> bool:
        return self._is_added(quad) or (quad not in self._removed and self._store.contains(quad))

    def match(
        self, subject: Subject | None, predicate: NamedNode | None, value: Object | None, graph: Graph | None = None
    ) -> Iterator[Quad]:
        """The quads with these terms; `subject`, `value` or `graph` must be given.

        The first call after lines were added takes long if they were many.
        """
        for quad in self._store.match(subject, predicate, value, graph):
            if quad not in self._removed:
                yield quad
        for quad in self._candidates(subject, value, graph):
            if (
                self._is_added(quad)
                and (subject is None or quad.subject == subject)
                and (predicate is None or quad.predicate == predicate)
                and (value is None or quad.object == value)
                and (graph is None or quad.graph_name == graph)
            ):
                yield quad

    def _is_added(self, quad: Quad) -> bool:
        return quad in self._last or quad in self._whole

    def _candidates(self, subject: Subject | None, value: Object | None, graph: Graph | None) -> list[Quad]:
        if self._index is None:
            self._whole.update(dict.fromkeys(quads_of(self._whole_lines)))
            self._last.update(dict.fromkeys(quads_of(self._last_lines)))
            self._whole_lines, self._last_lines = [], []
            self._index = {}
            for quad in (*self._whole, *self._last):
                _put(self._index, quad)
        key = ("s", subject) if subject is not None else ("o", value) if value is not None else ("g", graph)
        return list(self._index.get(key, ()))

    def mark(self) -> None:
        """Say that the changes so far are whole articles, if they only add."""
        if not self._removed:
            self._whole_lines += self._last_lines
            self._whole.update(self._last)
            self._last_lines, self._last, self._cancelled = [], {}, {}

    def write(self) -> None:
        """Write the changes: the whole articles in one transaction, and where the last one deletes, it in another.

        Inserts alone are much faster than inserts with deletes.
        """
        if self._removed:
            if self._whole or self._whole_lines:
                self._store.insert(self._whole_lines + _lines(self._whole) + _lines(self._cancelled))
            inserts = (*self._last, *quads_of(self._last_lines))
            self._store.apply((*self._removed, *self._cancelled), self._emptied, inserts)
        elif len(self):
            lines = self._whole_lines + self._last_lines
            self._store.insert(lines + _lines(self._whole) + _lines(self._last))
        self.discard()

    def discard(self) -> None:
        self._whole_lines, self._last_lines, self._emptied, self._index = [], [], [], None
        self._whole, self._last, self._cancelled, self._removed = {}, {}, {}, {}


def quads_of(lines: Sequence[str]) -> Iterable[Quad]:
    return ox.parse("".join(lines), format=RdfFormat.N_QUADS)


def _lines(quads: Iterable[Quad]) -> list[str]:
    return [f"{quad} .\n" for quad in quads]


def _put(index: dict[tuple[str, object], dict[Quad, None]], quad: Quad) -> None:
    for key in (("s", quad.subject), ("o", quad.object), ("g", quad.graph_name)):
        index.setdefault(key, {})[quad] = None
