"""Checks the facts of an article against the ontology: what can't be is left out, and what is said twice is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.model import Entity, Fact, Reference
from kg.rdf.terms import is_date
from ontology import Ontology

_Key = tuple[str, str, str, bool, tuple[tuple[str, str, bool], ...]]


def check(entities: Sequence[Entity], facts: Iterable[Fact], ontology: Ontology) -> tuple[Fact, ...]:
    """The facts that the ontology allows, sorted, each once with all its references.

    Left out are facts of an entity with itself, those whose subject or object is of a wrong type, impossible dates,
    and what another fact of the same two things says more exactly in the same sentence. A qualifier that the relation may not carry, or
    whose value is of a wrong kind, is left out of its fact.
    """
    types = {entity.id: entity.type for entity in entities}
    names = {entity.id: entity.name.casefold() for entity in entities}
    merged: dict[_Key, dict[tuple[object, str], Reference]] = {}
    for fact in facts:
        if not _is_possible(fact, types, names, ontology):
            continue
        qualifiers = tuple(sorted(set(_qualifiers(fact, types, ontology)))) if fact.qualifiers else ()
        key = (fact.subject, fact.relation, fact.object, fact.object_is_entity, qualifiers)
        references = merged.setdefault(key, {})
        for reference in fact.references:
            place = (reference.evidence, reference.extractor)
            if place not in references or references[place].score < reference.score:
                references[place] = reference
    said_better = {
        (pair, less, reference.evidence)
        for (subject, relation, value, is_entity, _), references in merged.items()
        for less in ontology.relations[relation].supersedes
        for pair in ((subject, value), (value, subject))[: 1 + is_entity]
        for reference in references.values()
    }
    return tuple(
        Fact(*key, kept)
        for key, references in sorted(merged.items())
        if (
            kept := tuple(
                reference
                for reference in sorted(references.values(), key=_place)
                if ((key[0], key[2]), key[1], reference.evidence) not in said_better
            )
        )
    )


def _place(reference: Reference) -> tuple[object, str]:
    return reference.evidence, reference.extractor


def _is_possible(fact: Fact, types: dict[str, str], names: dict[str, str], ontology: Ontology) -> bool:
    relation = ontology.relations.get(fact.relation)
    if relation is None or types.get(fact.subject) not in relation.domain or not fact.references:
        return False
    if fact.object_is_entity:
        return fact.object != fact.subject and types.get(fact.object) in relation.range
    if relation.literal_type is None or not fact.object.strip():
        return False
    return _is_value(fact.object, relation.literal_type) and fact.object.casefold() != names[fact.subject]


def _qualifiers(fact: Fact, types: dict[str, str], ontology: Ontology) -> Iterator[tuple[str, str, bool]]:
    allowed = ontology.relations[fact.relation].qualifiers
    for key, value, is_entity in fact.qualifiers:
        if key not in allowed:
            continue
        qualifier = ontology.qualifiers[key]
        if is_entity:
            fits = types.get(value) in qualifier.types
        else:
            fits = qualifier.literal_type is not None and _is_value(value, qualifier.literal_type)
        if fits:
            yield key, value, is_entity


def _is_value(value: str, literal_type: str) -> bool:
    return bool(value.strip()) and (literal_type != "Date" or is_date(value))
