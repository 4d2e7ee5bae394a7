"""SPARQL 1.0, 1.1 and 1.2: queries, their syntax, their answers and the formats of these."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.conformance import compare
from tests.conformance.conftest import Note, Runs
from tests.conformance.manifests import Case, Data
from tests.conformance.ways import Format, RefusedError, Way

RUNS = Runs(
    (
        "SPARQL 1.0",
        "SPARQL 1.1 query",
        "SPARQL 1.1 results",
        "SPARQL 1.1 federation",
        "SPARQL 1.1 entailment",
        "SPARQL 1.1 update",
        "SPARQL 1.2",
    ),
    skipped={
        "service": "Needs other endpoints, and no query may reach out of the graph.",
        "entailment": "Needs a reasoner: the graph holds what was said, and what follows from it is not asked of it.",
    },
)
_FORMATS: Mapping[str, Format] = {".csv": "csv", ".tsv": "tsv", ".srx": "xml"}
"""The format in which an answer is asked for, by the ending of the file that holds it."""


def test_the_suite_s_test_passes(case: Case, way: Way, record_property: Note) -> None:
    assert case.action is not None
    text = case.action.read_text("utf-8")
    if case.kind.startswith("Negative"):
        with pytest.raises(RefusedError) as refused:
            _run(case, way, text)
        assert refused.value.is_malformed, refused.value
    elif case.kind.startswith("Positive"):
        try:
            _run(case, way, text)
        except RefusedError as error:
            if error.is_malformed:
                raise
    elif case.kind == "UpdateEvaluationTest":
        way.put(case.data)
        _run(case, way, text)
        _check(compare.Triples(way.quads()), compare.Triples(tuple(compare.quads_of(case.after))), record_property)
    else:
        assert case.result is not None
        found = way.query(text, case.base, _FORMATS.get(case.result.suffix, "json"), case.data)
        _check(found, compare.expected(case.result), record_property, is_lax=case.is_lax)


def _run(case: Case, way: Way, text: str) -> None:
    assert case.action is not None
    if case.action.suffix == ".ru":
        way.update(text, case.base)
    else:
        way.query(text, case.base, "json", Data())


def _check(found: compare.Answer, wanted: compare.Answer, note: Note, *, is_lax: bool = False) -> None:
    how = compare.how_equal(found, wanted, is_lax=is_lax)
    assert how is not None, f"{found} is not {wanted}"
    note("equal", how)
