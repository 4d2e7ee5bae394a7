"""What docs/how-to/search.md promises; its commands and queries are run by tests/test_readme.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.rdf import vocabulary as v


def test_every_property_that_is_searched_is_documented(root: Path) -> None:
    from kg.search.hits import PROPERTIES

    page = (root / "docs/how-to/search.md").read_text(encoding="utf-8")
    for found in PROPERTIES:
        prefix = next(key for key, namespace in v.PREFIXES.items() if found.value.startswith(namespace))
        assert f"`{prefix}:{found.value.removeprefix(v.PREFIXES[prefix])}`" in page


@pytest.mark.parametrize("words", ['"chief scientist"', "robot*", "okafor OR lin", "acme -founded", "okafro", "meat~"])
def test_the_forms_that_are_tested_are_those_that_are_documented(root: Path, words: str) -> None:
    assert f"`{words}`" in (root / "docs/how-to/search.md").read_text(encoding="utf-8")
