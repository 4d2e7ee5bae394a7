"""The names of entities: the best-written one that an article gives is the label, the others stand beside it."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Quad

from kg.rdf import terms
from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT, Shape
from kg.store.base import Object, Store
from kg.store.pending import Pending

_MAX_CACHED = 100_000


class Names:
    """The names in the default graph of a store. Changes are pending."""

    def __init__(self, store: Store, pending: Pending, shape: Shape) -> None:
        self._store = store
        self._pending = pending
        self._shape = shape
        # Holds what is pending, too, and so is emptied only when nothing is.
        self._labels: dict[NamedNode, str | None] = {}

    def written(self) -> None:
        """Say that what was pending is in the store."""
        if len(self._labels) > _MAX_CACHED:
            self._labels = {}

    def discard(self) -> None:
        """Say that what was pending is dropped."""
        self._labels = {}

    def rename(self, old: NamedNode, new: NamedNode) -> None:
        """Say that the quads of an entity have another subject now."""
        self._labels[new], self._labels[old] = self._label(old), None

    def name_new(self, entity: NamedNode, names: frozenset[str]) -> None:
        """Name an entity that has no names."""
        label = max(names, key=lambda name: self._rank(entity, name))
        self._labels[entity] = label
        self._pending.add_absent(_label(entity, label))
        for name in names - {label}:
            self._pending.add_absent(alternative(entity, name))

    def add(self, entity: NamedNode, name: str) -> None:
        pending = self._pending
        label = self._label(entity)
        if name == label:
            return
        if label is None:
            self._set_label(entity, name)
            return
        other = alternative(entity, name)
        if pending.contains(other):
            return
        if self._rank(entity, name) > self._rank(entity, label):
            pending.remove(_label(entity, label))
            other = alternative(entity, label)
            self._set_label(entity, name)
        pending.add(other)

    def withdraw(self, entity: NamedNode, names: Iterable[str]) -> None:
        """Take out those of `names` that nothing gives to the entity any more."""
        pending = self._pending
        lost = {name for name in names if not self._is_given(entity, name)}
        if not lost:
            return
        for name in lost:
            pending.remove(alternative(entity, name))
        label = self._label(entity)
        if label is None or label not in lost:
            return
        pending.remove(_label(entity, label))
        self._labels[entity] = None
        others = [_value(quad) for quad in pending.match(entity, v.ALTERNATIVE, None, DEFAULT)]
        if others:
            best = max(others, key=lambda name: self._rank(entity, name))
            pending.remove(alternative(entity, best))
            self._set_label(entity, best)

    def _set_label(self, entity: NamedNode, name: str) -> None:
        self._pending.add(_label(entity, name))
        self._labels[entity] = name

    def _label(self, entity: NamedNode) -> str | None:
        if entity not in self._labels:
            quad = next(self._store.match(entity, v.LABEL, None, DEFAULT), None)
            self._labels[entity] = None if quad is None else _value(quad)
        return self._labels[entity]

    def _rank(self, entity: NamedNode, name: str) -> tuple[bool, bool, int, int, str]:
        """The name with the highest rank is the label: one that its IRI is made from, and `PyTorch` over `PYTORCH`."""
        capitals = sum(map(str.isupper, name))
        is_mixed = 0 < capitals < sum(map(str.isalpha, name))
        return terms.slug(name) == self._shape.slug(entity), is_mixed, capitals, -len(name), name

    def _is_given(self, entity: NamedNode, name: str) -> bool:
        """Whether a mention or a statement gives the entity this name."""
        pending, text = self._pending, terms.string(name)
        mentions = zip(pending.match(None, v.ANCHOR, text), pending.match(None, v.IDENTIFIES, entity), strict=False)
        for pair in mentions:
            for found in pair:
                mention, graph = found.subject, found.graph_name
                if (
                    pending.contains(Quad(mention, v.ANCHOR, text, graph))
                    and pending.contains(Quad(mention, v.IDENTIFIES, entity, graph))
                    and not any(pending.contains(Quad(mention, v.TYPE, kind, graph)) for kind in v.NAMELESS)
                ):
                    return True
        return any(is_stated(pending, entity, relation, text) for relation in self._shape.naming)


def is_stated(pending: Pending, subject: NamedNode, relation: NamedNode, value: Object) -> bool:
    """Whether a statement says so. Any that does is among both those of the subject and those of the object."""
    for pair in zip(pending.match(None, v.SUBJECT, subject), pending.match(None, v.OBJECT, value), strict=False):
        for found in pair:
            if all(
                pending.contains(Quad(found.subject, predicate, term, DEFAULT))
                for predicate, term in ((v.SUBJECT, subject), (v.PREDICATE, relation), (v.OBJECT, value))
            ):
                return True
    return False


def alternative(entity: NamedNode, name: str) -> Quad:
    return Quad(entity, v.ALTERNATIVE, terms.name(name), DEFAULT)


def _label(entity: NamedNode, name: str) -> Quad:
    return Quad(entity, v.LABEL, terms.name(name), DEFAULT)


def _value(quad: Quad) -> str:
    assert isinstance(quad.object, Literal)
    return quad.object.value
