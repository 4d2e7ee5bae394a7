"""The list of known failures itself."""

from __future__ import annotations

from tests.conformance import known, manifests
from tests.conformance.conftest import FOLDER


def test_every_known_failure_is_a_test_of_the_suites(shared: object) -> None:
    tests = {case.iri for suite in manifests.SUITES for case in manifests.cases(FOLDER, suite)}
    assert known.listed() <= tests
