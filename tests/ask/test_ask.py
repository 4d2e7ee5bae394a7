"""Questions in plain English over the sample articles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import QuerySolutions

import kg
import ontology
from kg.ask.answers import Asking, Reply
from kg.ask.lexicon import Lexicon, lexicon
from kg.ask.nearest import Nearest
from kg.ask.words import english
from kg.extract.wordings import grammar
from kg.facts import Facts
from kg.rdf.article import Shape
from kg.search.hits import Hit, Search
from tests.ask.asked import asked, is_right
from tests.ontology.test_adding_a_relation import MENTOR

FLOORS = {"looked_at.txt": 0.95, "kept_apart.txt": 0.95}
EXAMPLES = {
    "Person": "Linus Torvalds", "Organization": "Google", "Software": "PyTorch", "Place": "Helsinki",
    "Award": "NLUUG Award", "License": "MIT License", "Product": "Amiga",
}  # fmt: skip


def labels(reply: Reply) -> list[str]:
    return [answer.value.label for answer in reply.answers]


@pytest.mark.parametrize("file", FLOORS)
def test_so_many_questions_are_answered_rightly(graph: kg.Graph, file: str) -> None:
    questions = list(asked(file))
    wrong = [one.question for one in questions if not is_right(graph, one, graph.ask(one.question))]
    assert len(questions) == 60
    assert 1 - len(wrong) / len(questions) >= FLOORS[file], wrong


def test_an_answer_comes_with_its_query_and_the_sentences_that_state_it(graph: kg.Graph) -> None:
    reply = graph.ask("Who left Meta in 2025?")
    assert labels(reply) == ["Soumith Chintala"]
    (fact,) = reply.answers[0].facts
    assert [(name.label, value.label) for name, value in fact.qualifiers] == [("end", "2025-11-17")]
    assert "left Meta on Monday, November 17, 2025" in fact.citations[0].text
    rows = graph.query(reply.sparql)
    assert isinstance(rows, QuerySolutions)
    assert [row["name"].value for row in rows] == ["Soumith Chintala"]


def test_every_fact_of_a_chain_is_shown(graph: kg.Graph) -> None:
    reply = graph.ask("Which companies were founded by people who left LinkedIn in 2014?")
    assert labels(reply) == ["Confluent"]
    shown = {(fact.relation.label, fact.object.label) for fact in reply.answers[0].facts}
    assert {("founded by", "Jay Kreps"), ("employer", "LinkedIn")} <= shown


def test_a_relation_includes_those_that_say_more(graph: kg.Graph) -> None:
    assert "Jim Zemlin" in labels(graph.ask("Who works for the Linux Foundation?"))


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("who created react native's parent?", []),
        ("Who is PyTorch's inventor?", ["Soumith Chintala"]),
        ("By whom was LinkedIn bought?", ["Microsoft"]),
        ("When did Toni Schneider become chief executive of Automattic?", ["2006-01"]),
        ("Who worked for Google in 2007?", ["Bram Moolenaar", "Guido van Rossum"]),
        ("Which companies did Microsoft buy between 2016 and 2017?", ["LinkedIn"]),
        ("In 2014, who left LinkedIn?", ["Jay Kreps", "Jun Rao", "Neha Narkhede"]),
        ("Who worked for Apple or Dropbox?", ["Andy Rubin", "Graydon Hoare", "Guido van Rossum", "Max Howell"]),
        ("Which companies whose founder worked for LinkedIn are there?", ["Confluent"]),
        ("What is Jim Zemlin the executive director of?", ["Linux Foundation"]),
        ("What did Microsoft pay for GitHub?", ["$7.5 billion"]),
        ("Swedish programmers", ["Daniel Stenberg"]),
    ],
)
def test_what_the_grammar_takes(graph: kg.Graph, question: str, answers: list[str]) -> None:
    assert labels(graph.ask(question)) == answers


def test_who_has_most_comes_first_with_the_number(graph: kg.Graph) -> None:
    reply = graph.ask("Who invented the most programs?")
    numbers = [answer.number for answer in reply.answers]
    assert numbers == sorted(numbers, key=lambda number: -(number or 0))
    rows = graph.query(reply.sparql)
    assert isinstance(rows, QuerySolutions)
    first = next(iter(rows))
    assert (first["name"].value, int(first["number"].value)) == (labels(reply)[0], numbers[0])


def test_more_is_counted_and_ranked_than_is_read(tmp_path: Path) -> None:
    facts = [(f"a{number}", "orbitly") for number in range(2100)] + [("zoe", f"pell{number}") for number in range(3)]
    with kg.Graph.open(tmp_path / "graph") as graph:
        triples = [f'<entity/{who}> a ng:Person ; rdfs:label "{who.title()} Lima"@en .' for who, _ in facts]
        triples += [f'<entity/{where}> a ng:Organization ; rdfs:label "{where.title()}"@en .' for _, where in facts]
        triples += [
            f"<entity/{who}> ng:employer <entity/{where}> . <statement/{number}> a ng:Statement ;"
            f" rdf:subject <entity/{who}> ; rdf:predicate ng:employer ; rdf:object <entity/{where}> ."
            for number, (who, where) in enumerate(facts)
        ]
        graph.update(f"INSERT DATA {{ {' '.join(triples)} }}")
        assert graph.ask("How many people work for Orbitly?").total == 2100
        best = graph.ask("Who worked for the most organizations?").answers[0]
        assert (best.value.label, best.number, len(best.facts)) == ("Zoe Lima", 3, 3)


def test_names_and_verbs_may_be_misspelled(graph: kg.Graph) -> None:
    assert labels(graph.ask("who inventd PyTroch")) == ["Soumith Chintala"]


def test_strange_words_are_looked_up_by_few_at_once_and_each_span_once(
    graph: kg.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []
    find = Search.find

    def noted(self: Search, words: str, limit: int, **options: Any) -> list[Hit]:
        looked_up.append(words)
        return find(self, words, limit, **options)

    monkeypatch.setattr(Search, "find", noted)
    strange = [f"Zq{first}{second}x" for first in "abcdefg" for second in "abcdefg"]
    assert graph.ask(f"Who founded {' '.join(strange)}?").form == "nothing"
    assert max(len(words.split()) for words in looked_up) == 8
    assert len(looked_up) == len(set(looked_up))


def test_a_question_that_is_not_understood_is_told_with_the_words_and_with_ones_that_have_an_answer(
    graph: kg.Graph,
) -> None:
    reply = graph.ask("Does Linus Torvalds juggle bananas?")
    assert (reply.form, reply.answers) == ("nothing", ())
    assert reply.unknown == ("juggle", "bananas")
    assert reply.nearest
    for question in reply.nearest:
        assert graph.ask(question).answers, question


def test_a_question_that_names_nothing_is_offered_others_of_its_relation(graph: kg.Graph) -> None:
    reply = graph.ask("Who is the wife of the king of the moon?")
    assert any("spouse" in question for question in reply.nearest)
    for question in reply.nearest:
        assert graph.ask(question).answers, question


def test_the_examples_have_answers(graph: kg.Graph) -> None:
    nearest = Nearest(lexicon(), graph.facts, graph.store)
    named = [entity for name in ("Google", "Python", "Linux", "Meta", "GitHub", "SUSE") for entity in graph.show(name)]
    examples = nearest.examples((entity.iri, entity.label) for entity in named)
    assert len(examples) == 6
    assert examples[0] == "Who founded organizations that Google owns?"
    for question in examples:
        assert graph.ask(question).answers, question


def test_what_is_denied_is_not_understood_as_its_opposite(graph: kg.Graph) -> None:
    assert graph.ask("Who did not found Confluent?").form == "nothing"


def test_two_things_are_connected_by_facts(graph: kg.Graph) -> None:
    reply = graph.ask("How are Soumith Chintala and the PyTorch Foundation connected?")
    assert reply.form == "path"
    assert [fact.relation.label for fact in reply.answers[0].facts] == ["inventor", "maintained by"]


@pytest.mark.parametrize("key", [*ontology.load().relations])
def test_every_relation_can_be_asked_for_by_its_labels_in_both_directions(graph: kg.Graph, key: str) -> None:
    asking = Asking(graph.facts, graph.store, graph._search, graph.base)
    relation = ontology.load().relations[key]
    nearest = Nearest(asking.lexicon, graph.facts, graph.store)
    for kinds, is_subject in ((relation.domain, True), (relation.range, False)):
        if kinds:
            question = nearest.text(relation, EXAMPLES[kinds[0]], is_subject=is_subject)
            understood = asking.read(question).questions
            assert understood, question
            assert key in {link.relation for fact in understood[0].facts for link in fact.links}, question


def test_a_relation_that_is_added_to_the_ontology_can_be_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "news.ttl"
    file.write_text(ontology.FILE.read_text(encoding="utf-8") + MENTOR, encoding="utf-8")
    found = ontology.load(file)
    with kg.Graph.open(tmp_path / "graph") as graph:
        graph.update("""INSERT DATA {
          <entity/ada> a ng:Person ; rdfs:label "Ada Holm"@en ; ng:mentor <entity/rui> .
          <entity/rui> a ng:Person ; rdfs:label "Rui Lima"@en .
          <statement/1> a ng:Statement ; rdf:subject <entity/ada> ; rdf:predicate ng:mentor ; rdf:object <entity/rui> ;
            ng:start "2019"^^xsd:gYear .
        }""")
        facts = Facts(graph.store, Shape(graph.base, found), found, lambda _: None)
        words = Lexicon(found, english(), grammar.english())
        asking = Asking(facts, graph.store, graph._search, graph.base, words)
        for question, answer in {
            "Who mentored Ada Holm?": "Rui Lima",
            "Who was mentored by Rui Lima?": "Ada Holm",
            "Who is Ada Holm's mentor?": "Rui Lima",
            "Who did Rui Lima mentor in 2019?": "Ada Holm",
        }.items():
            assert labels(asking.ask(question)) == [answer], question


@pytest.mark.parametrize(
    "question", ["", "?", "…", '"', "'s", "who", "who who who", "and", "in 2025", "\x00", "a" * 5000]
)
def test_anything_can_be_asked(graph: kg.Graph, question: str) -> None:
    assert graph.ask(question).answers == ()
