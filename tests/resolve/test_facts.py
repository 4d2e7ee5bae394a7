"""From relations between mentions to facts between entities."""

from __future__ import annotations

from dataclasses import replace

from kg.model import Document, Entity, Extraction, Fact, Mention, RelationMention, Span
from kg.resolve import resolve
from tests.resolve.marked import Marked, read


def literal(marked: Marked, text: str, value: str | None = None, kind: str = "Date") -> Mention:
    start = marked.document.text.index(text)
    return Mention(start, start + len(text), kind, "literal", text, value)


def sentence_of(document: Document, mention: Mention) -> Span:
    return next(s for s in document.sentences if s.start <= mention.start < s.end)


def relation(
    marked: Marked, key: str, subject: Mention, value: Mention, score: float = 0.9, **qualifiers: Mention
) -> RelationMention:
    evidence = (sentence_of(marked.document, subject),)
    return RelationMention(key, subject, value, evidence, tuple(sorted(qualifiers.items())), score)


def found(marked: Marked, *relations: RelationMention) -> tuple[tuple[Entity, ...], tuple[Fact, ...]]:
    return resolve(marked.document, [Extraction("test", marked.mentions, relations)], None)


def test_sides_become_entities_and_the_sentence_the_evidence() -> None:
    marked = read("[Ada Park|P1] was born. [She|1] works for [Acme|O2].")
    _, she, acme = marked.mentions
    entities, facts = found(marked, relation(marked, "employer", she, acme, 0.8))
    (fact,) = facts
    assert [(e.id, e.name, e.type) for e in entities] == [("e1", "Ada Park", "Person"), ("e2", "Acme", "Organization")]
    assert (fact.subject, fact.relation, fact.object, fact.object_is_entity) == ("e1", "employer", "e2", True)
    (reference,) = fact.references
    assert (reference.evidence, reference.extractor, reference.score) == (marked.document.sentences[1], "test", 0.8)


def test_a_literal_side_is_its_normal_form() -> None:
    marked = read("[Acme|O1] was founded last May.")
    _, (fact,) = found(
        marked, relation(marked, "inception", marked.mentions[0], literal(marked, "last May", "2024-05"))
    )
    assert (fact.object, fact.object_is_entity) == ("2024-05", False)


def test_a_side_that_stands_for_nobody_drops_the_fact() -> None:
    marked = read("[She|0] works for [Acme|O2].")
    she, acme = marked.mentions
    assert found(marked, relation(marked, "employer", she, acme))[1] == ()


def test_a_fact_between_a_thing_and_itself_is_dropped() -> None:
    marked = read("[Acme Group|O1] bought [Acme|O1].")
    long, short = marked.mentions
    assert found(marked, relation(marked, "owned_by", short, long))[1] == ()


def test_equal_facts_are_one_with_a_reference_for_each_sentence() -> None:
    marked = read("[Ada Park|P1] works for [Acme|O2]. [Park|P1] is with [Acme|O2].")
    ada, acme, park, again = marked.mentions
    _, (fact,) = found(marked, relation(marked, "employer", park, again), relation(marked, "employer", ada, acme))
    assert [reference.evidence for reference in fact.references] == list(marked.document.sentences)


def test_of_two_sentences_the_one_that_names_both_sides_is_the_evidence() -> None:
    marked = read("[Ada Park|P1] was born. [She|1] left [Acme|O2]. [Acme|O2] grew.")
    ada, _, acme, again = marked.mentions
    first, second, third = marked.document.sentences
    for subject, value, spans, expected in (
        (ada, acme, (first, second), [second]),
        (ada, again, (first, third), [first, third]),
    ):
        stated = replace(relation(marked, "employer", subject, value), evidence=spans)
        _, (fact,) = found(marked, stated)
        assert [reference.evidence for reference in fact.references] == expected


def test_a_fact_with_fewer_qualifiers_is_a_reference_of_the_one_with_more() -> None:
    marked = read("[Ada Park|P1] joined [Acme|O2] in 2019. [Park|P1] is with [Acme|O2].")
    ada, acme, park, again = marked.mentions
    _, (fact,) = found(
        marked,
        relation(marked, "employer", park, again),
        relation(marked, "employer", ada, acme, start=literal(marked, "2019", "2019")),
    )
    assert fact.qualifiers == (("start", "2019", False),)
    assert len(fact.references) == 2


def test_facts_with_qualifiers_that_differ_stay_two() -> None:
    marked = read("[Ada Park|P1] joined [Acme|O2] in 2019, and again in 2022.")
    ada, acme = marked.mentions
    _, facts = found(
        marked,
        relation(marked, "employer", ada, acme),
        relation(marked, "employer", ada, acme, start=literal(marked, "2019", "2019")),
        relation(marked, "employer", ada, acme, start=literal(marked, "2022", "2022")),
    )
    assert [fact.qualifiers for fact in facts] == [
        (),
        (("start", "2019", False),),
        (("start", "2022", False),),
    ]


def test_a_symmetric_fact_is_one_in_whatever_direction_it_is_told() -> None:
    marked = read("[Ada Park|P1] married [Joon Lund|P2]. [Lund|P2] is the husband of [Park|P1].")
    ada, joon, lund, park = marked.mentions
    _, (fact,) = found(marked, relation(marked, "spouse", lund, park), relation(marked, "spouse", ada, joon))
    assert (fact.subject, fact.object, len(fact.references)) == ("e1", "e2", 2)


def test_a_qualifier_that_is_a_thing_becomes_its_entity() -> None:
    marked = read("[Ada Park|P1] was president of [Lundia|L2].")
    ada, lundia = marked.mentions
    title = literal(marked, "president", "president", "Title")
    _, (fact,) = found(marked, relation(marked, "position_held", ada, title, of=lundia))
    assert fact.qualifiers == (("of", "e2", True),)


def test_a_qualifier_that_stands_for_nothing_is_left_out() -> None:
    marked = read("[Ada Park|P1] was president of [it|0].")
    ada, it = marked.mentions
    title = literal(marked, "president", "president", "Title")
    _, (fact,) = found(marked, relation(marked, "position_held", ada, title, of=it))
    assert fact.qualifiers == ()


def test_an_alias_that_no_extractor_saw_as_a_name_becomes_a_mention() -> None:
    marked = read("[Ada Park|P1] sings as DJ Moth. [Park|P1] slept.")
    ada = marked.mentions[0]
    (entity,), (fact,) = found(marked, relation(marked, "alias", ada, literal(marked, "DJ Moth", None, "String")))
    assert [mention.text for mention in entity.mentions] == ["Ada Park", "DJ Moth", "Park"]
    assert (entity.name, fact.object) == ("Ada Park", "DJ Moth")


def test_an_alias_joins_the_names_on_its_two_sides() -> None:
    marked = read("[Beta|O1] was once [Facepage|O1]. [Facepage|O1] grew.")
    beta = marked.mentions[0]
    (entity,), _ = found(marked, relation(marked, "alias", beta, literal(marked, "Facepage", None, "String")))
    assert (entity.name, len(entity.mentions)) == ("Beta", 3)


def test_a_person_is_never_the_alias_of_an_organization() -> None:
    marked = read("[Ada Park|P1] ([Acme|O2]) spoke.")
    ada = marked.mentions[0]
    entities, _ = found(marked, relation(marked, "alias", ada, literal(marked, "Acme", None, "String")))
    assert [entity.name for entity in entities] == ["Ada Park", "Acme"]


def test_a_place_is_never_the_alias_of_an_organization() -> None:
    marked = read("[LUND|L1] ([Acme Wire|O2]) It rained.")
    entities, _ = found(marked, relation(marked, "alias", marked.mentions[0], literal(marked, "Acme Wire")))
    assert [entity.name for entity in entities] == ["LUND", "Acme Wire"]


def test_the_relations_of_a_thing_decide_between_its_types() -> None:
    marked = read("[Chirp|S1] is popular. [Chirp|O1] was founded by [Ada Park|P2]. [Chirp|S1] lives in Lund.")
    first, second, ada, _ = marked.mentions
    entities, _ = found(
        marked,
        relation(marked, "founded_by", second, ada),
        relation(marked, "inception", first, literal(marked, "Lund", "2020")),
    )
    assert entities[0].type == "Organization"


def test_two_extractors_give_each_fact_a_reference_of_its_own() -> None:
    marked = read("[Ada Park|P1] works for [Acme|O2].")
    ada, acme = marked.mentions
    fact = relation(marked, "employer", ada, acme, 0.7)
    _, (merged,) = resolve(
        marked.document,
        [Extraction("a", marked.mentions, (fact,)), Extraction("b", marked.mentions, (replace(fact, score=0.6),))],
        None,
    )
    assert [(reference.extractor, reference.score) for reference in merged.references] == [("a", 0.7), ("b", 0.6)]


def test_the_best_score_counts_where_one_extractor_finds_a_fact_twice_in_a_sentence() -> None:
    marked = read("[Ada Park|P1] works for [Acme|O2].")
    ada, acme = marked.mentions
    low, high = relation(marked, "employer", ada, acme, 0.6), relation(marked, "employer", ada, acme, 0.9)
    _, (fact,) = found(marked, low, high)
    assert [reference.score for reference in fact.references] == [0.9]


def test_the_longer_of_two_overlapping_names_is_kept() -> None:
    marked = read("[Acme Widget Works|O1] grew.")
    (whole,) = marked.mentions
    part = Mention(0, 4, "Organization", "name", "Acme")
    entities, _ = resolve(marked.document, [Extraction("a", (part,), ()), Extraction("b", (whole,), ())], None)
    assert [[mention.text for mention in entity.mentions] for entity in entities] == [["Acme Widget Works"]]


def test_a_relation_on_part_of_a_name_is_the_whole_names() -> None:
    marked = read("[Acme Widget Works|O1] was founded in 2020.")
    part = Mention(0, 4, "Organization", "name", "Acme")
    fact = relation(marked, "inception", part, literal(marked, "2020", "2020"))
    (entity,), (merged,) = resolve(
        marked.document, [Extraction("a", (part,), (fact,)), Extraction("b", marked.mentions, ())], None
    )
    assert (entity.name, merged.subject) == ("Acme Widget Works", entity.id)


def test_a_place_within_an_organizations_name_is_kept_where_a_relation_needs_it() -> None:
    marked = read("[Lund Widget Works|O1] makes widgets.")
    (works,) = marked.mentions
    lund = Mention(0, 4, "Place", "name", "Lund")
    entities, (fact,) = found(marked, relation(marked, "headquarters", works, lund))
    assert {entity.name for entity in entities} == {"Lund Widget Works", "Lund"}
    assert fact.subject != fact.object


def test_nothing_found_gives_nothing() -> None:
    marked = read("It rained.")
    assert found(marked) == ((), ())
    assert resolve(marked.document, [], None) == ((), ())


def test_the_order_of_extractors_mentions_and_relations_changes_nothing() -> None:
    marked = read("[Ada Park|P1] founded [Acme|O2]. [She|1] left [Acme|O2] for [Bolt|O3]. [Park|P1] has [Bolt|O3].")
    ada, acme, she, again, bolt, park, bolt_again = marked.mentions
    relations = (
        relation(marked, "founded_by", acme, ada),
        relation(marked, "employer", she, again),
        relation(marked, "employer", she, bolt),
        relation(marked, "owned_by", bolt_again, park),
    )
    forward = [Extraction("a", marked.mentions, relations), Extraction("b", marked.mentions[:3], relations[:2])]
    backward = [
        Extraction("b", marked.mentions[:3][::-1], relations[:2][::-1]),
        Extraction("a", marked.mentions[::-1], relations[::-1]),
    ]
    assert resolve(marked.document, forward, None) == resolve(marked.document, backward, None)


def test_another_name_is_a_literal_also_where_it_stands_for_the_same_thing() -> None:
    marked = read("[World Kite Union|O1] ([WKU|O1]) met.")
    long, short = marked.mentions
    (entity,), (fact,) = found(marked, relation(marked, "alias", long, short))
    assert (fact.subject, fact.object, fact.object_is_entity) == (entity.id, "WKU", False)
