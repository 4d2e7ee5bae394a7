"""How sure one may be of a fact, by all that found it, and what that changes."""

from __future__ import annotations

import pytest

from kg.confidence import Calibration, probability
from kg.model import Entity, Extraction, Fact, RelationMention
from kg.resolve import resolve
from tests.resolve.marked import Marked, read
from tests.resolve.test_facts import relation

WEIGHTS = Calibration({"one": (1.0, -1.0), "two": (1.0, -3.0), "one+two": (1.0, 1.0, 2.0)}, least=0.4)


def found(
    marked: Marked, one: tuple[RelationMention, ...], two: tuple[RelationMention, ...], least: float | None = None
) -> tuple[tuple[Entity, ...], tuple[Fact, ...]]:
    extractions = [Extraction("one", marked.mentions, one), Extraction("two", marked.mentions, two)]
    return resolve(marked.document, extractions, None, calibration=WEIGHTS, least=least)


def test_a_fact_that_both_find_is_surer_than_either_says_and_both_carry_it() -> None:
    marked = read("[Ada Park|P1] works for [Acme|O2].")
    ada, acme = marked.mentions
    fact = relation(marked, "employer", ada, acme, 0.6)
    _, (both,) = found(marked, (fact,), (fact,))
    _, (alone,) = found(marked, (fact,), (), 0.0)
    assert {reference.extractor for reference in both.references} == {"one", "two"}
    assert len({reference.score for reference in both.references}) == 1
    assert both.references[0].score > 0.6 > alone.references[0].score
    assert alone.references[0].score == pytest.approx(probability(0.405465 - 1), abs=1e-3)


def test_both_may_find_it_in_different_sentences_and_a_symmetric_one_in_different_directions() -> None:
    marked = read("[Acme|O1] is a partner of [Bolt|O2]. [Bolt|O2] works with [Acme|O1].")
    acme, bolt, bolt_again, acme_again = marked.mentions
    _, (fact,) = found(
        marked,
        (relation(marked, "partner", acme, bolt, 0.6),),
        (relation(marked, "partner", bolt_again, acme_again, 0.6),),
    )
    assert [reference.extractor for reference in fact.references] == ["one", "two"]
    assert min(reference.score for reference in fact.references) > 0.9


def test_what_is_less_sure_than_asked_for_is_left_out() -> None:
    marked = read("[Ada Park|P1] works for [Acme|O2].")
    ada, acme = marked.mentions
    fact = relation(marked, "employer", ada, acme, 0.7)
    assert found(marked, (fact,), ())[1]
    assert not found(marked, (fact,), (), 0.6)[1]
    assert not found(marked, (), (fact,))[1]
    assert found(marked, (), (fact,), 0.0)[1]


def test_an_unlikely_fact_takes_no_reference_from_a_likely_one() -> None:
    marked = read("[Ada Park|P1] works for [Acme|O2], a part of [Bolt|O3].")
    ada, acme, _ = marked.mentions
    likely = relation(marked, "employer", ada, acme, 0.9)
    unlikely = relation(marked, "employer", ada, marked.mentions[2], 0.3)
    _, facts = found(marked, (likely,), (unlikely,))
    assert [(fact.relation, fact.object) for fact in facts] == [("employer", "e2")]


def test_a_nominal_of_which_only_something_unlikely_is_said_is_no_mention() -> None:
    marked = read("[Acme|O1] is in [Oslo|L2]. {The company|O1} likes [Bergen|L3].")
    company, bergen = marked.mentions[2:]
    for score, mentions in ((0.9, 2), (0.3, 1)):
        entities, _ = found(marked, (relation(marked, "headquarters", company, bergen, score),), ())
        assert len(entities[0].mentions) == mentions


def test_extractors_without_weights_say_it_themselves() -> None:
    assert Calibration({}).probability({"other": 0.7}) == 0.7
    assert WEIGHTS.probability({"other": 0.7, "one": 0.5}) == 0.7


def test_what_an_extractor_rejects_is_no_mention_unless_a_relation_needs_it() -> None:
    marked = read("[Ada Park|P1] works for [Acme|O2].")
    ada, acme = marked.mentions
    two = Extraction("two", (ada,), (), rejected=(acme,))
    entities, _ = resolve(marked.document, [Extraction("one", marked.mentions, ()), two], None)
    assert [entity.name for entity in entities] == ["Ada Park"]
    stated = Extraction("one", marked.mentions, (relation(marked, "employer", ada, acme),))
    entities, facts = resolve(marked.document, [stated, two], None)
    assert [entity.name for entity in entities] == ["Ada Park", "Acme"]
    assert len(facts) == 1


def test_two_extractors_that_start_from_the_same_mentions_have_one_voice_on_the_type() -> None:
    marked = read("[Acme|P1] is based in [Oslo|L2].")
    acme, oslo = marked.mentions
    stated = (relation(marked, "headquarters", acme, oslo, 0.6),)
    extractions = [Extraction("one", marked.mentions, stated), Extraction("two", marked.mentions, ())]
    entities, _ = resolve(marked.document, extractions, None)
    assert entities[0].type == "Organization"
