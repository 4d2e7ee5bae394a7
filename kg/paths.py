"""How two entities are connected: the shortest chains of facts between them."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT
from kg.store.base import Store

Step = tuple[NamedNode, NamedNode]
"""A statement, and the entity to which it leads."""
Path = tuple[Step, ...]

_FURTHEST = 20_000
"""How many entities are looked at before two are taken for unconnected."""


def shortest(store: Store, start: NamedNode, end: NamedNode, most: int, furthest: int = _FURTHEST) -> tuple[Path, ...]:
    """The shortest paths, at most `most` of them, in the order of their IRIs; none where none is found.

    Breadth-first from both ends, always from the side with fewer entities to go on from: a path of four facts between
    two little-known entities is found without looking at all that the best-known ones are connected with.
    """
    if start == end:
        return ()
    seen: tuple[_Seen, _Seen] = ({start: []}, {end: []})
    edges: list[set[NamedNode]] = [{start}, {end}]
    while edges[0] and edges[1] and len(seen[0]) + len(seen[1]) < furthest:
        side = 0 if len(edges[0]) <= len(edges[1]) else 1
        edges[side] = _widened(store, edges[side], seen[side])
        met = sorted(edges[side] & seen[1 - side].keys(), key=lambda node: node.value)
        if met:
            return tuple(path for _, path in zip(range(most), _joined(met, *seen), strict=False))
    return ()


_Seen = dict[NamedNode, list[Step]]
"""Of each entity, by which statements it was reached, and from where."""


def _widened(store: Store, edge: set[NamedNode], seen: _Seen) -> set[NamedNode]:
    """The entities one fact further out; `seen` learns how they were reached."""
    fresh: dict[NamedNode, list[Step]] = {}
    for node in sorted(edge, key=lambda node: node.value):
        for statement, other in sorted(_around(store, node), key=lambda step: (step[0].value, step[1].value)):
            if other not in seen:
                fresh.setdefault(other, []).append((statement, node))
    seen.update(fresh)
    return set(fresh)


def _around(store: Store, node: NamedNode) -> Iterator[Step]:
    for near, far in ((v.SUBJECT, v.OBJECT), (v.OBJECT, v.SUBJECT)):
        for quad in store.match(None, near, node, DEFAULT):
            for other in store.match(quad.subject, far, None, DEFAULT):
                if isinstance(quad.subject, NamedNode) and isinstance(other.object, NamedNode):
                    yield quad.subject, other.object


def _joined(met: list[NamedNode], from_start: _Seen, from_end: _Seen) -> Iterator[Path]:
    for node in met:
        for before in _back(node, from_start):
            for after in _back(node, from_end):
                # Before, each step names where it came from; in the path, where it leads to.
                nodes = [*(other for _, other in reversed(before)), node][1:]
                first = tuple(zip([statement for statement, _ in reversed(before)], nodes, strict=True))
                yield first + tuple(after)


def _back(node: NamedNode, seen: _Seen) -> Iterator[list[Step]]:
    """All ways back from an entity to where the search began."""
    if not seen[node]:
        yield []
    for statement, previous in seen[node]:
        for rest in _back(previous, seen):
            yield [(statement, previous), *rest]
