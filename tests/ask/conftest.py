"""The articles that come with the package, read into a graph, and what answers questions about it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import kg
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[kg.Graph]:
    with kg.Graph.open(tmp_path_factory.mktemp("ask") / "graph") as graph:
        assert not graph.add(ROOT / "data" / "articles").failed
        yield graph
