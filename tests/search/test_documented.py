"""The examples of docs/how-to/search.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

import kg
from kg.rdf import vocabulary as v

TEXT = (
    "Okafor joins Brightloom\n\nLena Okafor joined Brightloom Robotics in March 2019. "
    "Brightloom Robotics was founded by Lena Okafor in 2015."
)


def test_every_documented_query_finds_something(root: Path, tmp_path: Path) -> None:
    page = (root / "docs/how-to/search.md").read_text(encoding="utf-8")
    queries = re.findall(r"```sparql\n(.*?)```", page, re.DOTALL)
    assert len(queries) >= 4
    (tmp_path / "okafor.txt").write_text(TEXT, encoding="utf-8")
    with kg.Graph.open() as graph:
        graph.add(tmp_path / "okafor.txt")
        for query in queries:
            answer = graph.query(query)
            assert isinstance(answer, QuerySolutions)
            assert list(answer), query


def test_every_property_that_is_searched_is_documented(root: Path) -> None:
    from kg.search.hits import PROPERTIES

    page = (root / "docs/how-to/search.md").read_text(encoding="utf-8")
    for found in PROPERTIES:
        prefix = next(key for key, namespace in v.PREFIXES.items() if found.value.startswith(namespace))
        assert f"`{prefix}:{found.value.removeprefix(v.PREFIXES[prefix])}`" in page


@pytest.mark.parametrize("words", ['"chief scientist"', "robot*", "okafor OR lin", "acme -founded", "okafro", "meat~"])
def test_the_forms_that_are_tested_are_those_that_are_documented(root: Path, words: str) -> None:
    assert f"`{words}`" in (root / "docs/how-to/search.md").read_text(encoding="utf-8")
