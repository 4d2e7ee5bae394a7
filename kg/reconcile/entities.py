"""Reads from a store what reconciling needs of an entity, and no more: each look-up is short, however known it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from pyoxigraph import Literal, NamedNode

from kg.rdf import terms
from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT
from kg.reconcile.model import Preview, Ref
from kg.reconcile.properties import Property, Schema
from kg.store.base import Object, Store

_MOST = 1_000
"""So many values of a property, and so many articles, are read at most."""
_DESCRIBING = 3
_NOT_DESCRIBING = frozenset((v.ALTERNATIVE.value, v.SAME_AS.value))


class Entities:
    """The entities of a store. Their identifiers are what follows `entity/` in their IRIs."""

    def __init__(self, store: Store, base: str, schema: Schema, moved: Callable[[str], str | None]) -> None:
        """`moved` tells where the entity went whose IRI was the given one, if it went."""
        self._store = store
        self._space = base + "entity/"
        self._schema = schema
        self._moved = moved

    def id(self, node: NamedNode) -> str:
        return node.value.removeprefix(self._space)

    def node(self, identifier: str) -> NamedNode | None:
        """The entity with this identifier or IRI, now or formerly; None if there is none."""
        iri = identifier if identifier.startswith(self._space) else self._space + identifier
        try:
            found = NamedNode(iri)
        except ValueError:
            return None
        if self.is_entity(found):
            return found
        moved = self._moved(iri)
        return None if moved is None else NamedNode(moved)

    def is_entity(self, node: NamedNode) -> bool:
        return node.value.startswith(self._space) and self.label(node) is not None

    def label(self, node: NamedNode) -> str | None:
        return next(self._literals(node, v.LABEL), None)

    def names(self, node: NamedNode) -> tuple[str, ...]:
        """The label and the other names."""
        return (*self._literals(node, v.LABEL), *self._literals(node, v.ALTERNATIVE))

    def types(self, node: NamedNode) -> tuple[str, ...]:
        """The IRIs of its types, of those that the ontology has."""
        found = (quad.object for quad in self._store.match(node, v.TYPE, None, DEFAULT))
        return tuple(
            sorted(one.value for one in found if isinstance(one, NamedNode) and one.value in self._schema.by_iri)
        )

    def refs(self, types: tuple[str, ...]) -> tuple[Ref, ...]:
        return tuple(Ref(self._schema.id(iri), self._schema.by_iri[iri].label) for iri in types)

    def articles(self, node: NamedNode) -> int:
        """How many articles mention it; of a thousand and more, a thousand."""
        return sum(1 for _ in islice(self._store.match(None, v.MENTIONS, node), _MOST))

    def values(self, node: NamedNode, wanted: Property) -> tuple[Object, ...]:
        """Its values of a property, in the order of their terms."""
        if wanted.iri is None:
            return ()
        predicate = NamedNode(wanted.iri)
        found: list[Object]
        if wanted.is_inverse:
            found = [quad.subject for quad in islice(self._store.match(None, predicate, node, DEFAULT), _MOST)]
        else:
            found = [quad.object for quad in islice(self._store.match(node, predicate, None, DEFAULT), _MOST)]
        return tuple(sorted(found, key=str))

    def with_value(self, wanted: Property, value: NamedNode | Literal) -> list[NamedNode]:
        """The entities that have this value of a property."""
        if wanted.iri is None:
            return []
        predicate = NamedNode(wanted.iri)
        found: list[Object] = []
        if not wanted.is_inverse:
            found = [quad.subject for quad in islice(self._store.match(None, predicate, value, DEFAULT), _MOST)]
        elif isinstance(value, NamedNode):
            found = [quad.object for quad in islice(self._store.match(value, predicate, None, DEFAULT), _MOST)]
        return sorted((one for one in found if isinstance(one, NamedNode) and self.is_entity(one)), key=str)

    def text(self, term: Object) -> str:
        """The name of an entity, or what a literal says."""
        if isinstance(term, NamedNode):
            return self.label(term) or term.value
        return term.value if isinstance(term, Literal) else str(term)

    def description(self, node: NamedNode) -> str:
        """Its type, and the first facts of it: `organization, headquarters: Zurich`."""
        parts = [ref.name for ref in self.refs(self.types(node))[:1]]
        edges: dict[str, list[str]] = {}
        for quad in islice(self._store.match(node, None, None, DEFAULT), _MOST):
            edges.setdefault(quad.predicate.value, []).append(self.text(quad.object))
        facts = (
            f"{found.name}: {min(edges[found.iri])}"
            for found in self._schema.properties.values()
            if not found.is_inverse and found.iri in edges and found.iri not in _NOT_DESCRIBING
        )
        return ", ".join([*parts, *islice(facts, _DESCRIBING)])

    def preview(self, node: NamedNode) -> Preview:
        types = self.refs(self.types(node))
        label, *aliases = self.names(node)
        name = types[0].name if types else ""
        return Preview(node.value, label, name, self.description(node), tuple(sorted(aliases)), self.articles(node))

    def called(self, text: str) -> list[NamedNode]:
        """The entities with exactly this name."""
        name = terms.name(terms.one_line(text))
        found = {
            quad.subject
            for predicate in (v.LABEL, v.ALTERNATIVE)
            for quad in islice(self._store.match(None, predicate, name, DEFAULT), _MOST)
            if isinstance(quad.subject, NamedNode)
        }
        return sorted((one for one in found if self.is_entity(one)), key=str)

    def _literals(self, node: NamedNode, predicate: NamedNode) -> Iterator[str]:
        found = islice(self._store.match(node, predicate, None, DEFAULT), _MOST)
        return (quad.object.value for quad in found if isinstance(quad.object, Literal))
