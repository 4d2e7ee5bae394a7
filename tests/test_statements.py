"""What the ontology does not allow is left out, and what is said twice is one."""

from __future__ import annotations

import pytest

import ontology
from kg.model import Entity, Fact, Reference, Span
from kg.statements import check

ONTOLOGY = ontology.load()
LIN = Entity("e1", "Person", "Grace Lin", ())
ACME = Entity("e2", "Organization", "Acme", ())
JET = Entity("e3", "Software", "Jet", ())
ENTITIES = (LIN, ACME, JET)
FIRST, SECOND = Span(0, 20), Span(21, 40)


def fact(
    subject: str,
    relation: str,
    value: str,
    *qualifiers: tuple[str, str, bool],
    evidence: Span = FIRST,
    extractor: str = "wordings",
    score: float = 0.9,
) -> Fact:
    is_entity = value in {"e1", "e2", "e3"}
    return Fact(subject, relation, value, is_entity, qualifiers, (Reference(evidence, extractor, score),))


def checked(*facts: Fact) -> tuple[Fact, ...]:
    return check(ENTITIES, facts, ONTOLOGY)


def test_a_fact_that_the_ontology_allows_stays_as_it_is() -> None:
    found = fact("e1", "employer", "e2", ("end", "2025-11", False), ("position", "chief scientist", False))
    assert checked(found) == (found,)


@pytest.mark.parametrize(
    "wrong",
    [
        fact("e2", "employer", "e1"),
        fact("e1", "employer", "e3"),
        fact("e1", "employer", "Acme"),
        fact("e1", "date_of_birth", "e2"),
        fact("e1", "spouse", "e1"),
        fact("e1", "date_of_birth", "2025-02-30"),
        fact("e1", "date_of_birth", "yesterday"),
        fact("e3", "version", "  "),
        fact("e1", "alias", "grace lin"),
        fact("e1", "likes", "e2"),
        fact("e9", "employer", "e2"),
        fact("e1", "employer", "e9"),
    ],
)
def test_what_cannot_be_is_left_out(wrong: Fact) -> None:
    assert checked(wrong) == ()


def test_a_fact_without_a_sentence_is_left_out() -> None:
    assert checked(Fact("e1", "employer", "e2", True, (), ())) == ()


def test_a_qualifier_that_does_not_fit_is_left_out_of_its_fact() -> None:
    qualifiers = [
        ("end", "2025-13", False),
        ("degree", "PhD", False),
        ("of", "e2", True),
        ("position", "e3", True),
        ("start", "2001", False),
    ]
    (found,) = checked(fact("e1", "employer", "e2", *qualifiers))
    assert found.qualifiers == (("start", "2001", False),)


def test_what_is_said_twice_is_one_fact_with_two_references() -> None:
    (found,) = checked(
        fact("e1", "employer", "e2", evidence=SECOND),
        fact("e1", "employer", "e2", score=0.5),
        fact("e1", "employer", "e2", score=0.8),
    )
    assert found.references == (Reference(FIRST, "wordings", 0.8), Reference(SECOND, "wordings", 0.9))


def test_facts_with_other_qualifiers_are_others() -> None:
    assert len(checked(fact("e1", "employer", "e2", ("start", "2001", False)), fact("e1", "employer", "e2"))) == 2


def test_the_more_exact_of_two_relations_in_one_sentence_stays() -> None:
    chief = fact("e2", "chief_executive", "e1")
    assert checked(chief, fact("e1", "employer", "e2")) == (chief,)
    (found, elsewhere) = checked(chief, fact("e1", "employer", "e2", evidence=SECOND), fact("e1", "employer", "e2"))
    assert (found.references, elsewhere) == ((Reference(SECOND, "wordings", 0.9),), chief)


def test_the_order_of_facts_does_not_matter() -> None:
    facts = [fact("e3", "developer", "e1"), fact("e1", "employer", "e2"), fact("e2", "inception", "1998")]
    assert checked(*facts) == checked(*reversed(facts))
