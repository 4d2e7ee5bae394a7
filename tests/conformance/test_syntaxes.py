"""Turtle, N-Triples, N-Quads, TriG and RDF/XML, 1.1 and 1.2, as they are loaded and written."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from pyoxigraph import RdfFormat

from tests.conformance import compare
from tests.conformance.conftest import Note, Runs
from tests.conformance.manifests import Case
from tests.conformance.ways import RefusedError, Way

_ENTAILMENT = "Needs a reasoner: the graph holds what was said, and what follows from it is not asked of it."
_ONE_GRAPH = "The Graph Store Protocol takes one graph at a time, and this format is for many."
RUNS = Runs(
    ("RDF 1.1", "RDF 1.2"),
    skipped={"PositiveEntailmentTest": _ENTAILMENT, "NegativeEntailmentTest": _ENTAILMENT},
    only_in_process={"TestTrig": _ONE_GRAPH, "TestNQuads": _ONE_GRAPH},
)
_BLANK = re.compile(r"_:\w+")


def test_the_suite_s_test_passes(case: Case, way: Way, record_property: Note) -> None:
    assert case.action is not None
    if case.kind.endswith("NegativeSyntax"):
        with pytest.raises(RefusedError) as refused:
            way.load(case.action)
        assert refused.value.is_malformed, refused.value
        return
    way.load(case.action)
    if case.result is None:
        return
    found = way.dump(case.action)
    if case.kind.endswith("C14N"):
        assert _lines(found) == _lines(case.result.read_text("utf-8"))
        record_property("equal", "exactly")
        return
    quads = tuple(ox.parse(found, format=RdfFormat.N_QUADS))
    how = compare.how_equal(compare.Triples(quads), compare.Triples(tuple(compare.parse(case.result))))
    assert how is not None, found
    record_property("equal", how)


def _lines(text: str) -> list[str]:
    """The lines in order, without the names of blank nodes, which are others once they are loaded."""
    return sorted(_BLANK.sub("_:b", text).split("\n"))
