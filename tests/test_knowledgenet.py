"""KnowledgeNet's scores: found by overlap, wrong only where a passage was annotated for the relation."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from kg import knowledgenet
from kg.evaluate import Score
from kg.knowledgenet import Found, KnowledgeNet, Read
from kg.model import ArticleFacts, Entity, Fact, Mention, Reference, RelationMention, Span

TEXT = "Ada Holm (born 1953) founded Acme. Ada Holm married Bo Lund.\n\nBo Lund, who sings, leads Acme."
PASSAGES = [Span(0, 60), Span(62, 94)]
ADA, ADA_AGAIN, YEAR = Span(0, 8), Span(35, 43), Span(15, 19)
ACME, ACME_AGAIN = Span(29, 33), Span(89, 93)
BO, BO_AGAIN, WHO = Span(52, 59), Span(62, 69), Span(71, 74)
QIDS = {ACME: "Q2", ACME_AGAIN: "Q2", BO_AGAIN: "Q3", BO: "Q3"}
TYPES = {ADA: "Person", ACME_AGAIN: "Organization", BO_AGAIN: "Person"}


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


Pair = tuple[str, Span, Span]


def reader(*pairs: Pair, entities: tuple[Entity, ...] = (), facts: tuple[Fact, ...] = ()) -> Read:
    def mention(span: Span) -> Mention:
        return Mention(*span, "Person", "name", TEXT[span.start : span.end])

    found = [RelationMention(key, mention(one), mention(other), ()) for key, one, other in pairs]
    return lambda document: Found(ArticleFacts(document, entities, facts), [], found)


def scores(path: Path, *pairs: Pair) -> KnowledgeNet:
    return knowledgenet.evaluate(path, reader(*pairs))


BORN = ("DATE_OF_BIRTH", ADA, YEAR)
FOUNDED = ("FOUNDED_BY", ACME, Span(0, 3))
MARRIED = [("SPOUSE", ADA_AGAIN, BO), ("SPOUSE", BO, ADA_AGAIN)]


def test_a_fact_is_found_where_mentions_of_both_sides_overlap_the_annotated_ones(tmp_path: Path) -> None:
    path = fold(tmp_path, [BORN, FOUNDED], [["DATE_OF_BIRTH", "FOUNDED_BY"], []])
    found = scores(path, ("date_of_birth", ADA, YEAR), ("founded_by", ACME, ADA))
    assert found.text == {"DATE_OF_BIRTH": Score(1, 1, 1), "FOUNDED_BY": Score(1, 1, 1)}


def test_a_fact_between_other_mentions_of_the_same_is_not_found_and_wrong(tmp_path: Path) -> None:
    path = fold(tmp_path, [BORN], [["DATE_OF_BIRTH"], []])
    assert scores(path, ("date_of_birth", ADA_AGAIN, YEAR)).text == {"DATE_OF_BIRTH": Score(0, 1, 1)}


@pytest.mark.parametrize(("exhaustive", "wrong"), [(["CEO"], 1), ([], 0)])
def test_what_was_not_annotated_is_wrong_only_where_all_was(tmp_path: Path, exhaustive: list[str], wrong: int) -> None:
    path = fold(tmp_path, [], [[], exhaustive])
    found = scores(path, ("chief_executive", ACME_AGAIN, WHO))
    assert found.text == ({"CEO": Score(0, 1, 0)} if wrong else {})


def test_a_pair_over_two_passages_counts_in_neither(tmp_path: Path) -> None:
    path = fold(tmp_path, [], [["CEO"], ["CEO"]])
    assert scores(path, ("chief_executive", ACME, BO_AGAIN)).text == {}


def test_a_relation_that_says_more_answers_the_one_that_says_less_and_a_spouse_both_ways(tmp_path: Path) -> None:
    employed = ("EMPLOYEE_OR_MEMBER_OF", WHO, ACME_AGAIN)
    path = fold(tmp_path, [employed, *MARRIED], [["SPOUSE"], ["EMPLOYEE_OR_MEMBER_OF"]])
    found = scores(path, ("chief_executive", ACME_AGAIN, WHO), ("spouse", ADA_AGAIN, BO))
    assert found.text == {"EMPLOYEE_OR_MEMBER_OF": Score(1, 1, 1), "SPOUSE": Score(2, 2, 2)}


def test_a_relative_pronoun_right_after_a_name_is_a_mention_too(tmp_path: Path) -> None:
    path = fold(tmp_path, [("CEO", ACME_AGAIN, BO_AGAIN), ("CEO", ACME_AGAIN, WHO)], [[], ["CEO"]])
    assert scores(path, ("chief_executive", ACME_AGAIN, BO_AGAIN)).text == {"CEO": Score(2, 2, 2)}


def linked(*pairs: Pair) -> Read:
    entities = tuple(Entity(str(span), kind, "", (), QIDS.get(span)) for span, kind in TYPES.items())
    shown = (Reference(Span(62, 94), "test", 1.0),)
    facts = tuple(Fact(str(one), key, str(other), True, (), shown) for key, one, other in pairs)
    return reader(entities=entities, facts=facts)


def test_links_are_right_where_both_items_are_and_facts_without_both_are_left_out(tmp_path: Path) -> None:
    annotated = [("CEO", ACME_AGAIN, BO_AGAIN), ("CEO", ACME_AGAIN, WHO), BORN]
    path = fold(tmp_path, annotated, [["DATE_OF_BIRTH"], ["CEO", "EMPLOYEE_OR_MEMBER_OF"]])
    read = linked(("chief_executive", ACME_AGAIN, BO_AGAIN), ("founded_by", ACME_AGAIN, ADA))
    assert knowledgenet.evaluate(path, read).link == {"CEO": Score(1, 1, 1), "EMPLOYEE_OR_MEMBER_OF": Score(0, 1, 0)}
    assert scores(path).link == {"CEO": Score(0, 0, 1)}


def test_what_was_found_of_one_mention_is_of_all_in_its_sentence_that_mean_the_same(tmp_path: Path) -> None:
    path = fold(tmp_path, [("CEO", ACME_AGAIN, BO_AGAIN)], [[], ["CEO"]])
    sings = Span(75, 80)
    names = tuple(Mention(*span, "Person", "name", "") for span in (BO, BO_AGAIN, sings))
    entities = (Entity("e1", "Person", "Bo Lund", names),)
    found = knowledgenet.evaluate(path, reader(("chief_executive", ACME_AGAIN, sings), entities=entities))
    assert found.text == {"CEO": Score(1, 3, 1)}  # "Bo Lund", "who" and "sings"
    itself = knowledgenet.evaluate(path, reader(("spouse", BO_AGAIN, sings), entities=entities))
    assert itself.text == {"CEO": Score(0, 0, 1)}


def test_every_relation_of_knowledgenet_has_an_answer_in_the_ontology(shared: Path) -> None:
    relations = scores(shared / "datasets" / "knowledgenet.fold4.jsonl.gz").text
    answered = {name for answers in knowledgenet._equivalents().values() for name, _ in answers}
    assert set(relations) == answered
    assert sum(score.gold for score in relations.values()) == 2708
