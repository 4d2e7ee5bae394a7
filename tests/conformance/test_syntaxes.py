"""Turtle, N-Triples, N-Quads, TriG and RDF/XML, 1.1 and 1.2, as the store loads and writes them."""

from __future__ import annotations

import io
import re

import pyoxigraph as ox
import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat

from kg.store.embedded import EmbeddedStore
from tests.conformance import compare
from tests.conformance.conftest import Note, Runs
from tests.conformance.manifests import Case, Data
from tests.conformance.ways import InProcess, Way

_ENTAILMENT = "Needs a reasoner: the graph holds what was said, and what follows from it is not asked of it."
RUNS = Runs(
    ("RDF 1.1", "RDF 1.2"),
    ways=("graph",),
    skipped={"PositiveEntailmentTest": _ENTAILMENT, "NegativeEntailmentTest": _ENTAILMENT},
)
_LOADED = NamedNode("urn:x-conformance:loaded")
"""The graph into which a file's default graph is loaded."""

_BLANK = re.compile(r"_:\w+")


def test_the_suite_s_test_passes(case: Case, way: Way, record_property: Note) -> None:
    assert isinstance(way, InProcess)
    way.put(Data())
    if case.kind.endswith("NegativeSyntax"):
        with pytest.raises((SyntaxError, ValueError)):
            _load(way.store, case)
        return
    _load(way.store, case)
    if case.result is None:
        return
    if case.kind.endswith("C14N"):
        # Blank nodes have other names once they are loaded.
        assert _lines(_dump(way.store, case)) == _lines(case.result.read_text("utf-8"))
        record_property("equal", "exactly")
        return
    found = [Quad(q.subject, q.predicate, q.object, _name(q)) for q in way.quads()]
    wanted = compare.parse(case.result)
    how = compare.how_equal(compare.Triples(tuple(found)), compare.Triples(tuple(wanted)))
    assert how is not None, f"{found} is not {wanted}"
    record_property("equal", how)


def _load(store: EmbeddedStore, case: Case) -> None:
    assert case.action is not None
    rdf = _format(case)
    with case.action.open("rb") as file:
        store.load(file, rdf, case.base, _LOADED)


def _format(case: Case) -> RdfFormat:
    assert case.action is not None
    found = RdfFormat.from_extension(case.action.suffix[1:])
    assert found is not None
    return found


def _name(quad: Quad) -> NamedNode | ox.BlankNode | DefaultGraph:
    return DefaultGraph() if quad.graph_name == _LOADED else quad.graph_name


def _lines(text: str) -> list[str]:
    return sorted(_BLANK.sub("_:b", text).split("\n"))


def _dump(store: EmbeddedStore, case: Case) -> str:
    """The quads of the file as the store writes them."""
    file = io.BytesIO()
    quads = (Quad(q.subject, q.predicate, q.object, _name(q)) for q in store.match(None, None, None))
    store.dump(quads, file, _format(case), {})
    return file.getvalue().decode()
