"""Another IRI for an entity, wherever it stands."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT, Shape
from kg.store.base import Term, iri
from kg.store.pending import Pending


def rename(pending: Pending, shape: Shape, old: NamedNode, new: NamedNode) -> None:
    """Give an entity another IRI, and so its statements and their references."""
    statements: dict[NamedNode, None] = {}
    for quad in [*pending.match(None, None, old), *pending.match(old, None, None)]:
        if not all(isinstance(term, NamedNode | Literal | DefaultGraph) for term in (*quad.triple, quad.graph_name)):
            continue  # Somebody else's, which an update can't name.
        if pending.contains(Quad(quad.subject, v.TYPE, v.STATEMENT, DEFAULT)):
            statements[iri(quad.subject)] = None
        else:
            pending.remove(quad)
            pending.add(_replaced(quad, {old: new}))
    for statement in statements:
        _rename_statement(pending, shape, statement, old, new)


def _rename_statement(pending: Pending, shape: Shape, statement: NamedNode, old: NamedNode, new: NamedNode) -> None:
    quads = list(pending.match(statement, None, None, DEFAULT))
    renamed = shape.statement(
        (quad.predicate, new if quad.object == old else quad.object) for quad in quads if quad.predicate != v.TYPE
    )
    names: dict[Term, NamedNode] = {old: new, statement: renamed}
    for derived in list(pending.match(statement, v.DERIVED_FROM, None)):
        reference = list(pending.match(iri(derived.object), None, None, derived.graph_name))
        parts = {quad.predicate: quad.object for quad in reference}
        names[derived.object] = shape.reference(renamed, iri(parts[v.SENTENCE]), iri(parts[v.ATTRIBUTED_TO]))
        quads += [derived, *reference]
    for quad in quads:
        pending.remove(quad)
    for quad in quads:
        pending.add(_replaced(quad, names))


def _replaced(quad: Quad, names: Mapping[Term, NamedNode]) -> Quad:
    return Quad(
        names.get(quad.subject, quad.subject),
        quad.predicate,
        names.get(quad.object, quad.object),
        quad.graph_name,
    )
