"""What stands in the default graph because articles say so, and goes with the last one that does."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT, ArticleTriples, Shape
from kg.store.base import Store, iri
from kg.store.names import Names, is_stated
from kg.store.pending import Pending
from kg.store.readings import named


class Shared:
    """What articles say of the graph as a whole. Changes are pending."""

    def __init__(self, store: Store, pending: Pending, shape: Shape, names: Names) -> None:
        self._store = store
        self._pending = pending
        self._shape = shape
        self._names = names

    def is_linked(self, entity: NamedNode, item: NamedNode) -> bool:
        """Whether an article links an entity to an item."""
        return any(
            self._pending.contains(Quad(quad.subject, v.IDENTIFIES, entity, quad.graph_name))
            for quad in self._pending.match(None, v.LINKS_TO, item)
        )

    def add(self, triples: ArticleTriples, is_new: bool) -> None:
        """Add what an article supports, where it is missing."""
        pending = self._pending
        self._store.expect(triples.statements)
        for entity, entity_type in triples.types.items():
            # Without its class, an entity has no names either, unless this article has just given it another class.
            if pending.add(Quad(entity, v.TYPE, entity_type, DEFAULT)) and is_new and not pending.deletes:
                self._names.name_new(entity, triples.names[entity])
            else:
                for name in sorted(triples.names[entity]):
                    self._names.add(entity, name)
        for entity, item in triples.links:
            pending.add(Quad(entity, v.SAME_AS, item, DEFAULT))
        for quads in triples.statements.values():
            if pending.add(quads[0]):
                for quad in quads[1:]:
                    pending.add(quad)

    def withdraw(self, former: list[Quad], successor: ArticleTriples | None) -> None:
        """Remove an article's graph, and what it supports that neither another article nor its successor does."""
        pending = self._pending
        self._store.expect(
            iri(quad.object if quad.predicate == v.MENTIONS else quad.subject)
            for quad in former
            if quad.predicate in (v.MENTIONS, v.DERIVED_FROM)
        )
        for quad in former:
            pending.remove(quad)
        by_predicate: dict[NamedNode, list[Quad]] = {}
        for quad in former:
            by_predicate.setdefault(quad.predicate, []).append(quad)
        entities = [iri(quad.object) for quad in by_predicate.get(v.MENTIONS, ())]
        names: dict[NamedNode, set[str]] = {entity: set() for entity in entities}
        for quad in by_predicate.get(v.DERIVED_FROM, ()):
            if successor is None or quad.subject not in successor.statements:
                self._withdraw_statement(iri(quad.subject), names)
        mentioned, links = named(former)
        for entity, found in mentioned.items():
            names[entity] |= found
        for entity, item in links if successor is None else links - successor.links:
            self._withdraw_link(entity, item)
        for entity in entities:
            if successor is None:
                self._names.withdraw(entity, names[entity])
                self._withdraw_type(entity, None)
            else:
                self._names.withdraw(entity, names[entity] - successor.names.get(entity, set()))
                self._withdraw_type(entity, successor.types.get(entity))

    def _withdraw_statement(self, statement: NamedNode, names: dict[NamedNode, set[str]]) -> None:
        """Remove a statement without references, and its direct edge; what it says of `names` is added to them."""
        if not _any(self._pending.match(statement, v.DERIVED_FROM, None)):
            self.remove_statement(statement, names)

    def remove_statement(self, statement: NamedNode, names: dict[NamedNode, set[str]]) -> None:
        """Remove a statement, and its direct edge; what it says of `names` is added to them."""
        pending = self._pending
        quads = list(pending.match(statement, None, None, DEFAULT))
        if not quads:
            return
        for quad in quads:
            pending.remove(quad)
        parts = {quad.predicate: quad.object for quad in quads}
        subject, relation, value = iri(parts[v.SUBJECT]), iri(parts[v.PREDICATE]), parts[v.OBJECT]
        if relation in self._shape.naming and isinstance(value, Literal):
            names[subject].add(value.value)
        elif not is_stated(self._pending, subject, relation, value):
            pending.remove(Quad(subject, relation, value, DEFAULT))

    def _withdraw_link(self, entity: NamedNode, item: NamedNode) -> None:
        if not self.is_linked(entity, item):
            self._pending.remove(Quad(entity, v.SAME_AS, item, DEFAULT))

    def _withdraw_type(self, entity: NamedNode, successor: NamedNode | None) -> None:
        pending = self._pending
        if successor is None and _any(pending.match(None, v.MENTIONS, entity)):
            return
        for quad in list(pending.match(entity, v.TYPE, None, DEFAULT)):
            if quad.object != successor and quad.object in self._shape.keys:
                pending.remove(quad)


def _any(quads: Iterator[Quad]) -> bool:
    return next(quads, None) is not None
