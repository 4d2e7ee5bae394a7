"""Queries that were written for Wikidata give what their counterparts on the graph's own shape give."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

from kg.graph import Graph
from tests.wikibase import pairs
from tests.wikibase.making import graph as made

_DATE = re.compile(r"\d{4}(-\d\d){0,2}(T00:00:00Z)?")


@pytest.fixture(scope="module")
def graph() -> Iterator[Graph]:
    with made() as found:
        yield found


def rows(answer: object) -> Counter[tuple[str, ...]]:
    """How often there is each row, with dates as they are to the day, and texts without their languages."""
    assert isinstance(answer, QuerySolutions)
    return Counter(tuple("" if term is None else _plain(term.value) for term in row) for row in answer)


def _plain(text: str) -> str:
    return (text.removesuffix("T00:00:00Z") + "-01-01")[:10] if _DATE.fullmatch(text) else text


@pytest.mark.parametrize("question", pairs.PAIRS)
def test_a_query_for_wikidata_gives_what_its_counterpart_gives(graph: Graph, question: str) -> None:
    wikidata, own = pairs.PAIRS[question]
    expected = rows(graph.query(own))
    assert expected
    assert rows(graph.query(wikidata, shape="wikibase")) == expected


@pytest.mark.parametrize("number", pairs.COUNTERPARTS)
def test_the_queries_of_others_give_what_their_counterparts_give(graph: Graph, shared: Path, number: str) -> None:
    files = sorted((shared / "wikidata" / "queries").glob(f"{number}-*.rq"))
    if not files:
        pytest.skip("there are no queries beside the repository, in wikidata/queries")
    expected = rows(graph.query(pairs.COUNTERPARTS[number]))
    assert bool(expected) is (number not in pairs.EMPTY)
    assert rows(graph.query(files[0].read_text(encoding="utf-8"), shape="wikibase")) == expected
