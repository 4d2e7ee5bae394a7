"""The graph is a function of the articles that are in it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph import Graph
from kg.model import ArticleFacts
from tests.store.making import article

NAMES = ["Acme", "ACME", "Acme Inc.", "Acme Labs", "Grace Lin", "Grace B. Lin", "Lin", "Jet", "JET Software", "AL"]
SENTENCES = [
    "Alpha beta gamma delta.",
    "The sculptor showed a bronze in 1931.",
    "The goalkeeper of the football team and a striker.",
    "A senator won the election in 2004.",
]
TYPES = ["Person", "Organization", "Software"]
FACTS = [
    ("employer", "entity"),
    ("founded_by", "entity"),
    ("developer", "entity"),
    ("alias", "literal"),
    ("inception", "date"),
]


@st.composite
def articles(draw: st.DrawFn) -> ArticleFacts:
    entities = draw(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(TYPES)), min_size=1, max_size=4))
    positions = st.integers(0, len(entities) - 1)
    facts = []
    for relation, kind in draw(st.lists(st.sampled_from(FACTS), max_size=4)):
        value: int | str = draw(positions)
        if kind == "literal":
            value = draw(st.sampled_from(NAMES))
        elif kind == "date":
            value = draw(st.sampled_from(["1998", "1998-02"]))
        qualifiers = {"start": "2001"} if draw(st.booleans()) else {}
        facts.append((draw(positions), relation, value, qualifiers))
    return article(
        draw(st.integers(0, 4)),
        entities,
        facts,
        qids=draw(st.lists(st.sampled_from([None, "Q1", "Q2"]), max_size=4)),
        others=draw(st.lists(st.lists(st.sampled_from(NAMES), max_size=2).map(tuple), max_size=4)),
        pronouns=draw(st.lists(positions, max_size=2)),
        said=draw(st.sampled_from(["it", "he", "she"])),
        text=" ".join([draw(st.sampled_from(SENTENCES))] * 40),
    )


def exported(graph: Graph) -> str:
    file = io.BytesIO()
    graph.export(file, "nquads")
    return file.getvalue().decode()


def built(found: Iterable[ArticleFacts]) -> str:
    with Graph.open() as graph:
        graph.add_facts(found)
        return exported(graph)


@settings(max_examples=150, deadline=None)
@given(st.lists(articles() | st.integers(0, 4), max_size=10), st.randoms(use_true_random=False), st.booleans())
def test_any_sequence_of_changes_gives_the_graph_that_is_built_of_what_remains(
    changes: list[ArticleFacts | int], random: Random, at_once: bool
) -> None:
    there: dict[str, ArticleFacts] = {}
    with Graph.open() as graph:
        batch: list[ArticleFacts] = []
        for change in changes:
            if isinstance(change, ArticleFacts):
                there[change.document.id] = change
                batch.append(change)
                if not at_once:
                    graph.add_facts(batch)
                    batch = []
                continue
            graph.add_facts(batch)
            batch = []
            identifier = f"{change:016x}"
            if there.pop(identifier, None):
                graph.forget(identifier)
        graph.add_facts(batch)
        changed = exported(graph)
    remaining = list(there.values())
    random.shuffle(remaining)
    assert changed == built(remaining)
