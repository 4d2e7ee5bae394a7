"""The graph is a function of the articles and the decisions that are in it."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

import ontology
from kg.graph import BASE, Graph
from kg.model import ArticleFacts
from kg.rdf import terms
from kg.rdf import vocabulary as v
from kg.rdf.article import Shape
from kg.store.decisions import ACCEPT, MERGE, REJECT, SPLIT, Decision, Pair, written
from tests.store.making import SENTENCE, TEXT
from tests.store.test_function_of_articles import FACTS, NAMES, TYPES, articles, exported

SHAPE = Shape(BASE, ontology.load())
RELATIONS = ontology.load().relations


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    """A decision on what an article may state or not, about entities that may be there or not."""

    def entity() -> NamedNode:
        name, kind = draw(st.sampled_from(NAMES)), draw(st.sampled_from(TYPES))
        return SHAPE.entity(terms.slug(name), kind, True)

    made = f"2026-01-0{draw(st.integers(1, 3))}T00:00:00Z"
    if draw(st.booleans()):
        # Many of these contradict each other, or go round in circles, which `kg.deciding` lets nobody say.
        verdict, predicate = draw(st.sampled_from([(MERGE, v.SAME_AS), (SPLIT, v.DIFFERENT_FROM)]))
        article = f"{draw(st.integers(0, 3)):016x}" if verdict == SPLIT else None
        said = written(((v.SUBJECT, entity()), (v.PREDICATE, predicate), (v.OBJECT, entity())))
        return Decision(verdict, said, article, None, "somebody", made, None)
    relation, kind = draw(st.sampled_from([*FACTS, ("", "link")]))
    content: list[Pair] = [(v.SUBJECT, entity())]
    if kind == "link":
        content += [(v.PREDICATE, v.SAME_AS), (v.OBJECT, NamedNode(v.WD + draw(st.sampled_from(["Q1", "Q2"]))))]
    else:
        content.append((v.PREDICATE, NamedNode(RELATIONS[relation].iri)))
        if kind == "entity":
            content.append((v.OBJECT, entity()))
        else:
            values = NAMES if kind == "literal" else ["1998", "1998-02"]
            content.append((v.OBJECT, terms.literal(draw(st.sampled_from(values)), RELATIONS[relation].literal_type)))
        if draw(st.booleans()):
            content.append((NamedNode(v.NG + "start"), terms.date("2001")))
    verdict = draw(st.sampled_from([ACCEPT, REJECT]))
    of_reference = verdict == REJECT and kind != "link" and draw(st.booleans())
    article = f"{draw(st.integers(0, 3)):016x}" if of_reference else None
    sentence = TEXT[:SENTENCE] if of_reference else None
    return Decision(verdict, written(tuple(content)), article, sentence, "somebody", made, None)


def decide(graph: Graph, found: Iterable[Decision]) -> None:
    with graph.deciding():
        for decision in found:
            graph._articles.decided.put(decision)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(articles() | st.integers(0, 3) | decisions() | st.just("undo"), max_size=10),
    st.randoms(use_true_random=False),
)
def test_any_sequence_of_readings_and_decisions_gives_the_graph_that_is_built_of_what_remains(
    changes: list[ArticleFacts | int | Decision | str], random: Random
) -> None:
    there: dict[str, ArticleFacts] = {}
    decided: dict[str, Decision] = {}
    with Graph.open() as graph:
        for change in changes:
            if isinstance(change, ArticleFacts):
                there[change.document.id] = change
                graph.add_facts([change])
            elif isinstance(change, Decision):
                decided[change.id] = change
                decide(graph, [change])
            elif isinstance(change, int):
                if there.pop(f"{change:016x}", None):
                    graph.forget(f"{change:016x}")
            elif decided:
                with graph.deciding() as deciding:
                    deciding.undo(decided.popitem()[0])
        changed = exported(graph)
    remaining, kept = list(there.values()), list(decided.values())
    random.shuffle(remaining)
    random.shuffle(kept)
    with Graph.open() as graph:
        decide(graph, kept[::2])
        graph.add_facts(remaining)
        decide(graph, kept[1::2])
        assert changed == exported(graph)
