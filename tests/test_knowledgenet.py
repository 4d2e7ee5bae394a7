"""KnowledgeNet's scores: found by overlap, wrong only where a passage was annotated for the relation."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg import knowledgenet
from kg.evaluate import Score
from kg.model import ArticleFacts, Document, Entity, Fact, Mention, Reference, Span

TEXT = "Ada Holm (born 1953) founded Acme. Ada Holm married Bo Lund.\n\nBo Lund leads Acme."
PASSAGES = [Span(0, 60), Span(62, 81)]
ADA, ACME, BO = "e1", "e2", "e3"
MENTIONS = {ADA: [(0, 8), (35, 43)], ACME: [(29, 33), (76, 80)], BO: [(52, 59), (62, 69)]}
QIDS = {Span(29, 33): "Q2", Span(76, 80): "Q2", Span(62, 69): "Q3"}
TYPES = {ADA: "Person", ACME: "Organization", BO: "Person"}


def fold(tmp_path: Path, facts: list[tuple[str, Span, Span]], exhaustive: list[list[str]]) -> Path:
    line: dict[str, Any] = {
        "id": "1",
        "text": TEXT,
        "passages": [
            {"span": span, "exhaustive": [{"relation": name} for name in names]}
            for span, names in zip(PASSAGES, exhaustive, strict=True)
        ],
        "facts": [
            {"relation": name, "subject_span": subject, "object_span": object_}
            | {"subject_qid": QIDS.get(subject), "object_qid": QIDS.get(object_)}
            for name, subject, object_ in facts
        ],
    }
    path = tmp_path / "fold.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.write(json.dumps(line) + "\n")
    return path


def reader(*facts: tuple[str, str, str, tuple[int, int]]) -> Any:
    def read(document: Document) -> ArticleFacts:
        entities = tuple(
            Entity(
                key, TYPES[key], key, tuple(Mention(*span, TYPES[key], "name", TEXT[slice(*span)]) for span in spans)
            )
            for key, spans in MENTIONS.items()
        )
        found = tuple(
            Fact(subject, relation, object_, object_ in TYPES, (), (Reference(Span(*evidence), "test", 1.0),))
            for subject, relation, object_, evidence in facts
        )
        return ArticleFacts(document, entities, found)

    return read


BORN = ("DATE_OF_BIRTH", Span(0, 8), Span(15, 19))
FOUNDED = ("FOUNDED_BY", Span(29, 33), Span(0, 3))
MARRIED = [("SPOUSE", Span(35, 43), Span(52, 59)), ("SPOUSE", Span(52, 59), Span(35, 43))]


def test_a_fact_is_found_where_mentions_of_both_sides_overlap_the_annotated_ones(tmp_path: Path) -> None:
    path = fold(tmp_path, [BORN, FOUNDED], [["DATE_OF_BIRTH", "FOUNDED_BY"], []])
    read = reader((ADA, "date_of_birth", "1953", (0, 34)), (ACME, "founded_by", ADA, (0, 34)))
    assert knowledgenet.evaluate(path, read).text == {"DATE_OF_BIRTH": Score(1, 1, 1), "FOUNDED_BY": Score(1, 1, 1)}


def test_a_date_of_another_value_is_not_found(tmp_path: Path) -> None:
    path = fold(tmp_path, [BORN], [["DATE_OF_BIRTH"], []])
    read = reader((ADA, "date_of_birth", "1954", (0, 34)))
    assert knowledgenet.evaluate(path, read).text == {"DATE_OF_BIRTH": Score(0, 0, 1)}


@pytest.mark.parametrize(("exhaustive", "wrong"), [(["CEO"], 1), ([], 0)])
def test_what_was_not_annotated_is_wrong_only_where_all_was(tmp_path: Path, exhaustive: list[str], wrong: int) -> None:
    path = fold(tmp_path, [], [[], exhaustive])
    found = knowledgenet.evaluate(path, reader((ACME, "chief_executive", BO, (62, 81))))
    assert found.text == ({"CEO": Score(0, 1, 0)} if wrong else {})


def test_a_fact_counts_in_the_passage_that_shows_it_alone(tmp_path: Path) -> None:
    path = fold(tmp_path, [("CEO", Span(76, 80), Span(62, 69))], [["CEO"], ["CEO"]])
    found = knowledgenet.evaluate(path, reader((ACME, "chief_executive", BO, (62, 81))))
    assert found.text == {"CEO": Score(1, 1, 1)}


def test_a_relation_that_says_more_answers_the_one_that_says_less_and_a_spouse_both_ways(tmp_path: Path) -> None:
    employed = ("EMPLOYEE_OR_MEMBER_OF", Span(62, 69), Span(76, 80))
    path = fold(tmp_path, [employed, *MARRIED], [["SPOUSE"], ["EMPLOYEE_OR_MEMBER_OF"]])
    found = knowledgenet.evaluate(path, reader((ACME, "chief_executive", BO, (62, 81)), (ADA, "spouse", BO, (35, 60))))
    assert found.text == {"EMPLOYEE_OR_MEMBER_OF": Score(1, 1, 1), "SPOUSE": Score(2, 2, 2)}


def test_every_relation_of_knowledgenet_has_an_answer_in_the_ontology(shared: Path) -> None:
    def read(document: Document) -> ArticleFacts:
        return ArticleFacts(document, (), ())

    relations = knowledgenet.evaluate(shared / "datasets" / "knowledgenet.fold4.jsonl.gz", read).text
    answered = {name for answers in knowledgenet._equivalents().values() for name, _ in answers}
    assert set(relations) == answered
    assert sum(score.gold for score in relations.values()) == 2708


def test_every_pair_of_mentions_that_overlaps_no_annotated_fact_is_wrong(tmp_path: Path) -> None:
    path = fold(tmp_path, [("FOUNDED_BY", Span(29, 33), Span(0, 8))], [["FOUNDED_BY"], []])
    found = knowledgenet.evaluate(path, reader((ACME, "founded_by", ADA, (0, 60))))
    assert found.text == {"FOUNDED_BY": Score(right=1, predicted=2, gold=1)}  # "Ada Holm" is named twice


def test_a_relative_pronoun_right_after_a_name_stands_for_it() -> None:
    name = Mention(0, 8, "Person", "name", "Ada Holm")
    spans = knowledgenet._spans(
        Entity(ADA, "Person", "Ada Holm", (name,)), "Ada Holm, who founded Acme, left. Who knows?"
    )
    assert spans == (Span(0, 8), Span(10, 13))


def test_links_are_right_where_both_items_are_and_count_once_a_passage(tmp_path: Path) -> None:
    path = fold(tmp_path, [("CEO", Span(76, 80), Span(62, 69)), BORN], [["DATE_OF_BIRTH"], ["CEO"]])
    read = reader((ACME, "chief_executive", BO, (62, 81)), (ADA, "date_of_birth", "1953", (0, 34)))

    def linked(document: Document) -> ArticleFacts:
        article: ArticleFacts = read(document)
        items = {ACME: "Q2", BO: "Q3", ADA: "Q1"}
        return replace(article, entities=tuple(replace(each, qid=items[each.id]) for each in article.entities))

    assert knowledgenet.evaluate(path, linked).link == {"CEO": Score(1, 1, 1)}
    assert knowledgenet.evaluate(path, read).link == {"CEO": Score(0, 0, 1)}
