"""The shortest chains of facts, on small graphs that are drawn by their edges."""

from __future__ import annotations

import itertools

import pytest
from pyoxigraph import NamedNode, Quad

from kg.paths import shortest
from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT
from kg.store.embedded import EmbeddedStore

BASE = "http://localhost/"


def node(name: str) -> NamedNode:
    return NamedNode(BASE + name)


def graph(edges: str) -> EmbeddedStore:
    """A store with a statement for each edge: "ab bc"."""
    store = EmbeddedStore(None)
    quads = []
    for edge in edges.split():
        quads.append(Quad(node(edge), v.SUBJECT, node(edge[0]), DEFAULT))
        quads.append(Quad(node(edge), v.OBJECT, node(edge[1]), DEFAULT))
    store.apply([], [], quads)
    return store


def ways(edges: str, start: str, end: str, most: int = 9) -> list[str]:
    found = shortest(graph(edges), node(start), node(end), most)
    return [start + "".join(other.value.removeprefix(BASE) for _, other in path) for path in found]


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ("az", ["az"]),
        ("za", ["az"]),
        ("ab bz", ["abz"]),
        ("ab cb cz", ["abcz"]),
        ("ab bc cd de ez", ["abcdez"]),
        ("ab bz ac cz", ["abz", "acz"]),
        ("ab bz az", ["az"]),
        ("ab ba bz", ["abz", "abz"]),
        ("ab cz", []),
        ("aa zz", []),
    ],
)
def test_all_shortest_ways_are_found_whichever_way_their_facts_point(edges: str, expected: list[str]) -> None:
    assert sorted(ways(edges, "a", "z")) == expected


def test_the_way_back_is_the_same() -> None:
    edges = "ab bc cd dz ae ec"
    assert sorted(way[::-1] for way in ways(edges, "z", "a")) == sorted(ways(edges, "a", "z"))


def test_no_more_ways_are_given_than_asked_for() -> None:
    edges = " ".join(f"a{middle} {middle}z" for middle in "bcdefgh")
    assert len(ways(edges, "a", "z", most=3)) == 3


def test_far_away_is_as_good_as_unconnected() -> None:
    names = "abcdefghijklmnopqrstuvwxyz"
    store = graph(" ".join(one + other for one, other in itertools.pairwise(names)))
    assert shortest(store, node("a"), node("z"), 1, furthest=20) == ()
    assert len(shortest(store, node("a"), node("z"), 1)[0]) == 25
