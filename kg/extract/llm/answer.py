"""From an answer to mentions and relation mentions: only what stands in the article and the ontology allows.

Nothing that a model writes gets further by itself. A name, an evidence and each side of a fact are places in the text;
dates and numbers are read there by the same rules as everywhere. So whatever an article makes a model say, what comes
of it is a sentence of the article and two names in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.extract.llm.quotations import Quotations
from kg.extract.mentions import without_overlap
from kg.model import Document, Mention, RelationMention, Span
from ontology import Ontology, Relation

SCORE = 0.8
"""What a fact of a model is worth where no calibration says more: its own opinion of that is not asked for."""
_MOST_SENTENCES = 3
_AS_WRITTEN = ("Title", "String", "Degree")
"""Literal types whose values are any words; those of the others are what the rules read as such."""


@dataclass(frozen=True, slots=True)
class _Named:
    """An entity of an answer: its type, and its names in the article, in the order of the text."""

    type: str
    names: tuple[Mention, ...]


class Checker:
    """Checks answers about one article; `rules` are the mentions that the rules find in it."""

    def __init__(self, document: Document, rules: Iterable[Mention], ontology: Ontology) -> None:
        self._document = document
        self._rules = tuple(rules)
        self._ontology = ontology
        self._quotations = Quotations(document)
        self._whole = Span(0, len(document.text))
        self._pronouns = {rule.span for rule in self._rules if rule.kind == "pronoun"}

    def check(self, answer: Mapping[str, Any], part: Span) -> tuple[list[Mention], list[RelationMention]]:
        """The mentions and relations of an answer about a part of the article."""
        named: dict[str, _Named] = {}
        for entity in _objects(answer.get("entities")):
            name, kind = entity.get("name"), entity.get("type")
            if isinstance(name, str) and name not in named and kind in self._ontology.types:
                forms = {name, *(other for other in _list(entity.get("other_names")) if isinstance(other, str))}
                names = tuple(without_overlap(self._names(forms, str(kind))))
                # A thing whose full name is invented may have a short one that is not: it is left out as well.
                if any(self._quotations.find(name, self._whole)) and names:
                    named[name] = _Named(str(kind), names)
        mentions = [each for entity in named.values() for each in entity.names if part.start <= each.start < part.end]
        relations = [found for fact in _objects(answer.get("facts")) if (found := self._fact(fact, named, part))]
        return mentions, relations

    def _names(self, forms: Iterable[str], kind: str) -> Iterator[Mention]:
        for form in sorted(forms):
            for span in self._quotations.find(form, self._whole):
                if span not in self._pronouns:
                    yield Mention(*span, kind, "name", self._text(span), score=SCORE)

    def _fact(self, fact: Mapping[str, Any], named: Mapping[str, _Named], part: Span) -> RelationMention | None:
        relation = self._ontology.relations.get(str(fact.get("relation")))
        quoted = fact.get("evidence")
        if relation is None or not isinstance(quoted, str):
            return None
        for span in self._quotations.find(quoted, part):
            evidence = self._quotations.sentences(span)
            if len(evidence) <= _MOST_SENTENCES:
                found = self._stated(relation, fact, named, evidence)
                if found is not None:
                    return found
        return None

    def _stated(
        self, relation: Relation, fact: Mapping[str, Any], named: Mapping[str, _Named], evidence: tuple[Span, ...]
    ) -> RelationMention | None:
        """A fact whose evidence stands in these sentences; None where a side does not, or is of a wrong type."""
        within = Span(evidence[0].start, evidence[-1].end)
        subject = self._entity(fact.get("subject"), named, relation.domain, within)
        value = self._value(fact.get("object"), named, relation.range, relation.literal_type, within)
        if subject is None or value is None or value.span == subject.span or value.text == subject.text:
            return None
        qualifiers: dict[str, Mention] = {}
        for each in _objects(fact.get("qualifiers")):
            key = str(each.get("qualifier"))
            if key in relation.qualifiers and key not in qualifiers:
                qualifier = self._ontology.qualifiers[key]
                found = self._value(each, named, qualifier.types, qualifier.literal_type, within)
                if found is not None and found not in (subject, value):
                    qualifiers[key] = found
        return RelationMention(relation.key, subject, value, evidence, tuple(sorted(qualifiers.items())), SCORE)

    def _value(
        self,
        side: object,
        named: Mapping[str, _Named],
        types: Iterable[str],
        literal_type: str | None,
        within: Span,
    ) -> Mention | None:
        return (
            self._entity(side, named, types, within)
            if literal_type is None
            else self._literal(side, literal_type, within)
        )

    def _entity(self, side: object, named: Mapping[str, _Named], types: Iterable[str], within: Span) -> Mention | None:
        """The name of an entity at a side's words, or where these are none, the nearest one before them."""
        if not isinstance(side, Mapping):
            return None
        entity = named.get(str(side.get("entity")))
        span = self._place(side, within)
        if entity is None or entity.type not in types or span is None:
            return None
        before = [each for each in entity.names if each.start < span.end]
        return before[-1] if before else entity.names[0]

    def _literal(self, side: object, literal_type: str, within: Span) -> Mention | None:
        """A literal at a side's words, with the value that the rules read there."""
        span = self._place(side, within) if isinstance(side, Mapping) else None
        if span is None:
            return None
        if literal_type in _AS_WRITTEN:
            text = self._text(span)
            return Mention(*span, literal_type, "literal", text, " ".join(text.split()), SCORE)
        return next(
            (r for r in self._rules if r.type == literal_type and r.start < span.end and span.start < r.end), None
        )

    def _place(self, side: Mapping[str, Any], within: Span) -> Span | None:
        text = side.get("text")
        return next(self._quotations.find(text, within), None) if isinstance(text, str) else None

    def _text(self, span: Span) -> str:
        return self._document.text[span.start : span.end]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    return (each for each in _list(value) if isinstance(each, Mapping))
