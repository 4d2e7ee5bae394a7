"""Changes to a store that are not written yet, and the view that reads through them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, RdfFormat

from kg.store.base import Graph, Object, Store, Subject


class Pending:
    """A store as it will be once its pending changes are written."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lines: list[str] = []
        self._added: dict[Quad, None] = {}
        self._removed: dict[Quad, None] = {}
        self._index: dict[tuple[str, object], dict[Quad, None]] | None = None
        self._emptied: list[NamedNode] = []
        # How many of the lines and of the added quads are whole articles that only add.
        self._whole = (0, 0)

    @property
    def deletes(self) -> bool:
        return bool(self._removed)

    def __len__(self) -> int:
        return len(self._lines) + len(self._added) + len(self._removed)

    def add_new(self, lines: Iterable[str]) -> None:
        """Add all quads of a graph that does not exist, as lines of N-Quads; `contains` may not know them yet."""
        self._lines.extend(lines)
        self._index = None

    def add(self, quad: Quad) -> bool:
        """Add a quad; whether it was not there."""
        if quad in self._removed:
            del self._removed[quad]
        elif quad in self._added or self._store.contains(quad):
            return False
        else:
            self._added[quad] = None
            if self._index is not None:
                _put(self._index, quad)
        return True

    def add_absent(self, quad: Quad) -> None:
        """Add a quad that is known not to be there, nor to be removed."""
        self._added[quad] = None
        if self._index is not None:
            _put(self._index, quad)

    def remove(self, quad: Quad) -> None:
        if quad in self._added:
            del self._added[quad]
            self._whole = (0, 0)
        elif quad not in self._removed and self._store.contains(quad):
            self._removed[quad] = None

    def empty(self, graph: NamedNode) -> None:
        """Say that all quads of a graph are removed, so that its name goes, too."""
        self._emptied.append(graph)

    def contains(self, quad: Quad) -> bool:
        return quad in self._added or (quad not in self._removed and self._store.contains(quad))

    def match(
        self, subject: Subject | None, predicate: NamedNode | None, value: Object | None, graph: Graph | None = None
    ) -> Iterator[Quad]:
        """The quads with these terms; `subject`, `value` or `graph` must be given."""
        for quad in self._store.match(subject, predicate, value, graph):
            if quad not in self._removed:
                yield quad
        for quad in self._candidates(subject, value, graph):
            if (
                quad in self._added
                and (subject is None or quad.subject == subject)
                and (predicate is None or quad.predicate == predicate)
                and (value is None or quad.object == value)
                and (graph is None or quad.graph_name == graph)
            ):
                yield quad

    def _candidates(self, subject: Subject | None, value: Object | None, graph: Graph | None) -> list[Quad]:
        if self._index is None:
            self._read_lines()
            self._index = {}
            for quad in self._added:
                _put(self._index, quad)
        key = ("s", subject) if subject is not None else ("o", value) if value is not None else ("g", graph)
        return list(self._index.get(key, ()))

    def _read_lines(self) -> None:
        """Turn the lines into quads that can be looked up and removed again."""
        if not self._lines:
            return
        lines, added = self._whole
        order = list(self._added)
        whole = [*quads_of(self._lines[:lines]), *order[:added]]
        self._added = dict.fromkeys([*whole, *quads_of(self._lines[lines:]), *order[added:]])
        self._lines, self._whole = [], (0, len(whole))

    def mark(self) -> None:
        """Say that the changes so far are whole articles."""
        if not self._removed:
            self._whole = len(self._lines), len(self._added)

    def write(self) -> None:
        """Write the changes: what there was at the last `mark` in one transaction, and the rest in another.

        Inserts alone are much faster than inserts with deletes; so those before the first delete go ahead.
        """
        if self._removed:
            self._read_lines()
            added = tuple(self._added)
            whole = self._whole[1]
            if whole:
                self._store.insert(_lines(added[:whole]))
            self._store.apply(tuple(self._removed), self._emptied, added[whole:])
        elif len(self):
            self._store.insert(self._lines + _lines(self._added))
        self.discard()

    def discard(self) -> None:
        self._lines, self._added, self._removed, self._emptied = [], {}, {}, []
        self._index, self._whole = None, (0, 0)


def quads_of(lines: Sequence[str]) -> Iterable[Quad]:
    return ox.parse("".join(lines), format=RdfFormat.N_QUADS)


def _lines(quads: Iterable[Quad]) -> list[str]:
    return [f"{quad} .\n" for quad in quads]


def _put(index: dict[tuple[str, object], dict[Quad, None]], quad: Quad) -> None:
    for key in (("s", quad.subject), ("o", quad.object), ("g", quad.graph_name)):
        index.setdefault(key, {})[quad] = None
