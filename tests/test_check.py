"""`kg check`: what does not fit the ontology, with the article and the sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.check import Problem, Sentence, check, facts
from kg.graph import Graph
from kg.model import ArticleFacts, Entity, Fact, Mention, Reference, Span
from kg.read import document
from ontology import reasoning

WRONG = """
@prefix ng: <https://w3id.org/newsgraph#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://example.org/x> a ng:Person ; rdfs:label "X"@en ; ng:employer <http://example.org/y> ;
    ng:dateOfDeath "2020-02-30"^^xsd:date .
<http://example.org/y> a ng:Place ; rdfs:label "Y"@en .
"""


def born(identifier: str, year: str) -> ArticleFacts:
    """An article that says when Ada Holm was born."""
    text = f"Ada Holm was born in {year}."
    read = document(text, title=f"Article {identifier}", identifier=identifier)
    ada = Entity("e1", "Person", "Ada Holm", (Mention(0, 8, "Person", "name", "Ada Holm"),))
    reference = Reference(Span(0, len(text)), "wordings", 0.9)
    return ArticleFacts(read, (ada,), (Fact("e1", "date_of_birth", year, False, (), (reference,)),))


def test_a_graph_that_was_read_has_no_problems() -> None:
    with Graph.open() as graph:
        graph.add_facts([born("one", "1953")])
        assert check(graph) == ()


def test_articles_that_contradict_each_other_are_named_with_their_sentences() -> None:
    with Graph.open() as graph:
        graph.add_facts([born("one", "1953"), born("two", "1954")])
        found = check(graph)
    assert {(problem.label, problem.message) for problem in found} == {
        ("Ada Holm", "has two values that contradict each other")
    }
    cited = {(s.title, s.text) for problem in found for s in problem.sentences}
    assert cited == {("Article one", "Ada Holm was born in 1953."), ("Article two", "Ada Holm was born in 1954.")}
    assert all(isinstance(s, Sentence) for problem in found for s in problem.sentences)


def test_wrong_types_and_dates_of_a_file_that_was_loaded_are_found(tmp_path: Path) -> None:
    file = tmp_path / "wrong.ttl"
    file.write_text(WRONG, encoding="utf-8")
    with Graph.open() as graph:
        graph.load(file)
        assert check(graph) == (
            Problem(
                "http://example.org/x",
                "X",
                "has a value of date of death that is no date of the calendar",
                "2020-02-30",
                (),
            ),
            Problem("http://example.org/x", "X", "has a value of employer that is no organization", "Y", ()),
        )


@pytest.mark.skipif(reasoning.missing() is not None, reason=str(reasoning.missing()))
def test_the_reasoner_finds_the_contradiction_in_a_file_that_was_loaded(tmp_path: Path) -> None:
    file = tmp_path / "wrong.ttl"
    file.write_text(WRONG, encoding="utf-8")
    with Graph.open() as graph:
        assert reasoning.classify(facts=facts(graph)).consistent
        graph.load(file)
        assert not reasoning.classify(facts=facts(graph)).consistent
