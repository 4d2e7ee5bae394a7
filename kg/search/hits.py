"""Finds what a store holds, by words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from pyoxigraph import Literal, NamedNode, Quad

from kg.rdf import terms
from kg.rdf import vocabulary as v
from kg.search import texts
from kg.search.index import Index
from kg.search.texts import KINDS, Text
from kg.search.words import expression, fold
from kg.store.base import Graph, Store

PROPERTIES = tuple(predicate for predicates in KINDS.values() for predicate in predicates)
"""The properties whose values are searched."""

_AT_ONCE = 5_000
_FIRST = 500
"""Among so many of the best texts are those that are just what was looked for: they are the shortest."""


@dataclass(frozen=True, slots=True)
class Hit:
    """What has a text that fits: `subject` has it as its `predicate` in `graph`. The higher the score, the better."""

    subject: NamedNode
    score: float
    literal: Literal
    predicate: NamedNode
    graph: Graph


def everywhere(_: Graph) -> bool:
    return True


class Search:
    """Search in a store, or in a snapshot of it, by an index that has at least its texts."""

    def __init__(self, index: Index, store: Store, fill: Callable[[], None]) -> None:
        """`fill` is called before each search, and sees to it that the index has all texts of the store."""
        self._index = index
        self._store = store
        self._fill = fill

    def find(
        self,
        words: str,
        limit: int,
        *,
        properties: Collection[NamedNode] = PROPERTIES,
        sees: Callable[[Graph], bool] = everywhere,
        by_graph: bool = False,
        typing: bool = False,
    ) -> list[Hit]:
        """The `limit` subjects whose text fits `words` best; see `kg.search.words.expression`.

        Only values of `properties` are searched, in the graphs that `sees` accepts. A subject is named once, with its
        best text; `by_graph`, once for each graph.
        """
        self._fill()
        words = terms.one_line(words.replace("\0", " "))
        wanted = expression(words, self._index, typing=typing)
        if wanted is None or limit < 1:
            return []
        hits = self._hits(wanted, fold(words), properties, sees)
        return list(islice(_once(hits, by_graph), limit))

    def _hits(
        self, wanted: str, folded: str, properties: Collection[NamedNode], sees: Callable[[Graph], bool]
    ) -> Iterator[Hit]:
        kinds = [kind for kind, predicates in KINDS.items() if not set(predicates).isdisjoint(properties)]
        found = [self._ranked(kind, wanted, folded) for kind in kinds]
        for score, text in merge(*found, key=lambda pair: -pair[0]):
            for predicate in KINDS[text.kind]:
                if predicate in properties:
                    yield from self._with(text, predicate, score, sees)

    def _ranked(self, kind: str, wanted: str, folded: str) -> Iterator[tuple[float, Text]]:
        """Texts from the best score down; what is called just so comes before what is called so among other words."""
        found = self._index.find(kind, wanted)
        first = [(score * 2 if fold(text.value) == folded else score, text) for text, score in islice(found, _FIRST)]
        yield from sorted(first, key=lambda pair: -pair[0])
        yield from ((score, text) for text, score in found)

    def _with(self, text: Text, predicate: NamedNode, score: float, sees: Callable[[Graph], bool]) -> Iterator[Hit]:
        """Those who have this text, in the order of their IRIs."""
        literal = text.literal
        quads = [
            (quad.subject, quad.graph_name)
            for quad in self._store.match(None, predicate, literal)
            if isinstance(quad.subject, NamedNode) and sees(quad.graph_name)
        ]
        for subject, graph in sorted(quads, key=lambda pair: (pair[0].value, str(pair[1]))):
            if text.kind != "sentence" or self._store.contains(Quad(subject, v.TYPE, v.NIF_SENTENCE, graph)):
                yield Hit(subject, score, literal, predicate, graph)


def _once(hits: Iterable[Hit], by_graph: bool) -> Iterator[Hit]:
    seen: set[object] = set()
    for hit in hits:
        key = (hit.subject, hit.graph) if by_graph else hit.subject
        if key not in seen:
            seen.add(key)
            yield hit


def fill(index: Index, store: Store) -> None:
    """Add all texts of a store to an index."""
    found = texts.of_store(store)
    while some := list(islice(found, _AT_ONCE)):
        index.add(some)


def complete(index: Index, store: Store) -> None:
    """See to it that an index has all texts of a store that nobody changes meanwhile."""
    lacking = index.lacking
    if lacking is not None:
        fill(index, store)
        index.cover(lacking)


def clean(index: Index, store: Store) -> None:
    """Take out of an index what is no longer in the store."""
    known = index.all()
    while some := list(islice(known, _AT_ONCE)):
        index.remove(text for text in some if not texts.is_in(store, text))
    index.optimize()
