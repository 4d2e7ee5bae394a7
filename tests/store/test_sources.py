"""Articles that are read again from where they were read before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.graph import Graph
from tests.store.making import article

ACME = [("Acme", "Organization")]
LABS = [("Labs", "Organization")]


@pytest.fixture
def graph() -> Iterator[Graph]:
    with Graph.open() as graph:
        yield graph


def articles(graph: Graph) -> list[int]:
    prefix = "http://localhost:8000/article/"
    return sorted(int(row.value.removeprefix(prefix), 16) for row in graph.store.graphs() if hasattr(row, "value"))


def test_a_file_with_another_article_in_it_replaces_the_former_one(graph: Graph) -> None:
    graph.add_facts([article(1, ACME, source="/a.txt")])
    report = graph.add_facts([article(2, LABS, source="/a.txt")])
    assert (report.added, report.corrected) == (0, 1)
    assert articles(graph) == [2]


def test_an_article_that_is_still_to_be_had_elsewhere_stays(graph: Graph) -> None:
    graph.add_facts([article(1, ACME, source="/a.txt"), article(1, ACME, source="/b.txt")])
    graph.add_facts([article(2, LABS, source="/a.txt")])
    assert articles(graph) == [1, 2]
    graph.add_facts([article(2, LABS, source="/b.txt")])
    assert articles(graph) == [2]


def test_files_may_exchange_their_articles_in_one_run(graph: Graph) -> None:
    graph.add_facts([article(1, ACME, source="/a.txt"), article(2, LABS, source="/b.txt")])
    graph.add_facts([article(2, LABS, source="/a.txt"), article(1, ACME, source="/b.txt")])
    assert articles(graph) == [1, 2]


def test_an_article_is_forgotten_by_its_source(graph: Graph) -> None:
    graph.add_facts([article(1, ACME, source="/a.txt"), article(2, LABS, source="/b.txt")])
    graph.forget("/a.txt")
    assert articles(graph) == [2]


def test_a_forgotten_article_can_be_added_again(graph: Graph) -> None:
    for _ in range(2):
        assert graph.add_facts([article(1, ACME, source="/a.txt")]).added == 1
        graph.forget("/a.txt")
    assert articles(graph) == []
