"""From relations between mentions to facts between entities, each with the sentences that state it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from kg.confidence import Calibration
from kg.model import Extraction, Fact, Mention, Reference, RelationMention, Span, Value

EntityOf = Callable[[Mention], str | None]
Qualifiers = tuple[tuple[str, Value, bool], ...]
Key = tuple[str, str, Value, bool]
_Stated = tuple[Span, str, float]
"""The evidence, extractor and score of a reference."""


def likely(
    extractions: Iterable[Extraction],
    entity_of: EntityOf,
    literal: Collection[str],
    symmetric: Collection[str],
    calibration: Calibration,
    least: float,
) -> list[Extraction]:
    """The extractions with those relation mentions that state a likely fact, and its confidence as their score.

    It is worked out before anything else is made of them, so that what is unlikely can't get in the way of the rest. How
    likely a fact is follows from the best score of each extractor that found it, anywhere in the article.
    """
    extractions = list(extractions)
    keys: list[list[tuple[object, ...] | None]] = []
    scores: dict[tuple[object, ...], dict[str, float]] = {}
    for extraction in extractions:
        keys.append([])
        for relation in extraction.relations:
            sides = _sides(relation, entity_of, literal)
            keys[-1].append(None if sides is None else (relation.relation, *_unordered(sides, relation, symmetric)))
            key = keys[-1][-1]
            if key is not None:
                best = scores.setdefault(key, {})
                best[extraction.extractor] = max(relation.score, best.get(extraction.extractor, 0.0))
    confidences = {key: round(calibration.probability(best), 4) for key, best in scores.items()}
    return [
        replace(
            extraction,
            relations=tuple(
                replace(relation, score=confidences[key])
                for relation, key in zip(extraction.relations, of_extraction, strict=True)
                if key is not None and confidences[key] >= least
            ),
        )
        for extraction, of_extraction in zip(extractions, keys, strict=True)
    ]


def _unordered(
    sides: tuple[str, Value, bool], relation: RelationMention, symmetric: Collection[str]
) -> tuple[object, ...]:
    subject, value, is_entity = sides
    if is_entity and relation.relation in symmetric:
        return *sorted((subject, value)), is_entity
    return sides


def make_facts(
    extractions: Iterable[Extraction],
    entity_of: EntityOf,
    symmetric: Collection[str],
    order: Callable[[str], int],
    literal: Collection[str],
    is_mentioned: Callable[[str, Span], bool],
) -> tuple[Fact, ...]:
    """Merge the relation mentions that state one fact.

    A relation mention whose subject or object stands for no entity is left out, and so is one between an entity and
    itself. Equal facts are one; what is stated with fewer qualifiers is a further reference of the one fact that has
    these and more. `order` is an entity's place in the article. The objects of the relations in `literal` are literals,
    also where they are names: an alias. `is_mentioned` tells whether a span mentions an entity.
    """
    found: dict[Key, dict[Qualifiers, dict[_Stated, None]]] = {}
    for extraction in extractions:
        for relation in extraction.relations:
            sides = _sides(relation, entity_of, literal)
            if sides is None:
                continue
            subject, value, is_entity = sides
            if is_entity and relation.relation in symmetric and order(value) < order(subject):
                subject, value = value, subject
            by_qualifiers = found.setdefault((subject, relation.relation, value, is_entity), {})
            references = by_qualifiers.setdefault(_qualifiers(relation, entity_of), {})
            for span in _evidence(relation, sides, is_mentioned):
                references[span, extraction.extractor, relation.score] = None
    facts = [
        Fact(*key, qualifiers, _references(references))
        for key, by_qualifiers in found.items()
        for qualifiers, references in _absorb(by_qualifiers).items()
    ]
    return tuple(
        sorted(facts, key=lambda f: (order(f.subject), f.relation, f.references[0].evidence, f.object, f.qualifiers))
    )


def _sides(relation: RelationMention, entity_of: EntityOf, literal: Collection[str]) -> tuple[str, Value, bool] | None:
    subject = entity_of(relation.subject)
    if subject is None:
        return None
    if relation.object.kind == "literal" or relation.relation in literal:
        return subject, _literal(relation.object), False
    value = entity_of(relation.object)
    return None if value is None or value == subject else (subject, value, True)


def _evidence(
    relation: RelationMention, sides: tuple[str, Value, bool], is_mentioned: Callable[[str, Span], bool]
) -> tuple[Span, ...]:
    """The sentences from which a reader can see the fact: of several, those that alone name both of its sides, if any."""
    if len(relation.evidence) == 1:
        return relation.evidence
    subject, value, is_entity = sides
    whole = tuple(
        span
        for span in relation.evidence
        if is_mentioned(subject, span)
        and (is_mentioned(value, span) if is_entity else span.start <= relation.object.start < span.end)
    )
    return whole or relation.evidence


def _qualifiers(relation: RelationMention, entity_of: EntityOf) -> Qualifiers:
    if not relation.qualifiers:
        return ()
    found = []
    for key, mention in relation.qualifiers:
        if mention.kind == "literal":
            found.append((key, _literal(mention), False))
        else:
            value = entity_of(mention)
            if value is not None:
                found.append((key, value, True))
    return tuple(sorted(set(found)))


def _literal(mention: Mention) -> str:
    return mention.text if mention.value is None else mention.value


def _absorb(by_qualifiers: dict[Qualifiers, dict[_Stated, None]]) -> dict[Qualifiers, dict[_Stated, None]]:
    """Give the references of a fact with fewer qualifiers to the only one that has them and more."""
    if len(by_qualifiers) == 1:
        return by_qualifiers
    kept = {qualifiers: dict(references) for qualifiers, references in by_qualifiers.items()}
    for few in sorted(by_qualifiers, key=len):
        more = [qualifiers for qualifiers in kept if len(qualifiers) > len(few) and set(few) < set(qualifiers)]
        largest = [qualifiers for qualifiers in more if not any(set(qualifiers) < set(other) for other in more)]
        if len(largest) == 1:
            kept[largest[0]] |= kept.pop(few)
    return kept


def _references(stated: Collection[_Stated]) -> tuple[Reference, ...]:
    """In order of the text; the best score where one extractor found the fact twice in one sentence."""
    if len(stated) == 1:
        return tuple(Reference(*only) for only in stated)
    best: dict[tuple[Span, str], float] = {}
    for evidence, extractor, score in stated:
        place = evidence, extractor
        if place not in best or score > best[place]:
            best[place] = score
    return tuple(Reference(*place, best[place]) for place in sorted(best))
