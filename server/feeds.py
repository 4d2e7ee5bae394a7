"""Which facts came into the graph last, read from a snapshot and its ledger in a worker process."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode, Quad

import ontology
from kg.facts import Facts, Named, Statement
from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT
from kg.store.base import Store, iri
from kg.store.ledger import Digests

PAGE = 50
"""How many facts a page of a feed has."""
_ARTICLES = 20_000
"""How many of the newest articles are looked through for facts of one relation, which takes about a second."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A fact, when it first came into the graph, and when the last article that states it did; ISO 8601, UTC."""

    statement: Statement
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class News:
    """A page of the facts that came last: of all, of one entity, of one relation, or of both."""

    entity: Named | None
    relation: Named | None
    found: tuple[Arrived, ...]
    has_more: bool


class Newest:
    """Tells what came into a graph last."""

    def __init__(self, facts: Facts, store: Store, ledger: Digests | None, base: str) -> None:
        self._facts = facts
        self._store = store
        self._ledger = ledger
        self._articles = f"{base}article/"

    def page(self, entity: str | None, relation: str, number: int) -> News:
        """Page `number`, from 1, for the IRI of an entity (None for all) and that of a relation ("" for all)."""
        node = None if entity is None else NamedNode(entity)
        known = {found.iri: Named(found.iri, found.label) for found in ontology.load().relations.values()}
        statements = self._statements(node, NamedNode(relation) if relation else None)
        shown = list(islice(statements, (number - 1) * PAGE, number * PAGE + 1))
        return News(
            None if node is None else self._facts.named(node),
            known.get(relation),
            tuple(self._arrived(*found) for found in shown[:PAGE]),
            len(shown) > PAGE,
        )

    def _statements(self, entity: NamedNode | None, relation: NamedNode | None) -> Iterator[tuple[str, Statement]]:
        """The facts, each with the time when it came last."""
        seen: set[NamedNode] = set()
        for time, node in heapq.merge(self._read(entity), self._accepted(), key=lambda found: found[0], reverse=True):
            if node not in seen and self._is_wanted(node, entity, relation):
                seen.add(node)
                found = self._facts.statement(node.value)
                if found is not None:
                    yield time, found

    def _is_wanted(self, statement: NamedNode, entity: NamedNode | None, relation: NamedNode | None) -> bool:
        has = self._store.contains
        return (relation is None or has(Quad(statement, v.PREDICATE, relation, DEFAULT))) and (
            entity is None or any(has(Quad(statement, side, entity, DEFAULT)) for side in (v.SUBJECT, v.OBJECT))
        )

    def _read(self, entity: NamedNode | None) -> Iterator[tuple[str, NamedNode]]:
        """What articles state, the newest article first."""
        if self._ledger is None:
            return
        articles: Iterator[tuple[str, str]] = islice(self._ledger.newest(), _ARTICLES)
        if entity is not None:
            mentioning = self._store.match(None, v.MENTIONS, entity)
            names = (iri(quad.subject).value.removeprefix(self._articles) for quad in mentioning)
            known = [(name, time) for name in names if (time := self._ledger.arrived(name)) is not None]
            articles = iter(sorted(sorted(known), key=lambda found: found[1], reverse=True))
        for article, time in articles:
            stated = self._store.match(None, v.DERIVED_FROM, None, NamedNode(self._articles + article))
            for node in sorted({iri(quad.subject).value for quad in stated}):
                yield time, NamedNode(node)

    def _accepted(self) -> Iterator[tuple[str, NamedNode]]:
        """What people accepted or added, the newest first."""
        found = [
            (made.object.value, iri(accepted.subject))
            for accepted in self._store.match(None, v.ACCEPTED_BY, None)
            for made in self._store.match(iri(accepted.object), v.CREATED, None)
            if isinstance(made.object, Literal)
        ]
        return iter(sorted(found, key=lambda one: (one[0], one[1].value), reverse=True))

    def _arrived(self, last: str, statement: Statement) -> Arrived:
        names = (one.source.iri.removeprefix(self._articles) for one in statement.citations)
        times = [] if self._ledger is None else [time for name in names if (time := self._ledger.arrived(name))]
        return Arrived(statement, min([last, *times]), last)
