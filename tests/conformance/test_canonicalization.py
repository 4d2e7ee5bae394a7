"""RDFC-1.0, by which datasets are compared and blank nodes are named."""

from __future__ import annotations

import pyoxigraph as ox

from tests.conformance import compare
from tests.conformance.conftest import Runs
from tests.conformance.manifests import Case
from tests.conformance.ways import Way

RUNS = Runs(
    ("RDFC-1.0",),
    ways=("graph",),
    skipped={
        "RDFC10MapTest": "The engine tells the canonical dataset, and not which blank node became which.",
        "RDFC10NegativeEvalTest": "The engine sets no limit to the work: who canonicalizes what strangers send must.",
    },
)
_ALGORITHMS = {
    None: ox.CanonicalizationAlgorithm.RDFC_1_0_SHA_256,
    "SHA384": ox.CanonicalizationAlgorithm.RDFC_1_0_SHA_384,
}


def test_the_suite_s_test_passes(case: Case, way: Way) -> None:
    assert case.action is not None
    assert case.result is not None
    dataset = ox.Dataset(compare.parse(case.action))
    dataset.canonicalize(_ALGORITHMS[case.algorithm])
    assert "".join(sorted(f"{quad} .\n" for quad in dataset)) == case.result.read_text("utf-8")
