"""What was annotated in a text, between mentions: the form in which every data set comes to the training.

People annotate facts between entities; a network learns them between mentions. Of the mentions of both entities in the
evidence, the two that stand nearest each other state the fact. What other mentions of the same two entities in the
evidence state is unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from kg.model import ArticleFacts, Document, Fact, Mention, RelationMention, Span
from ontology import Ontology

Unknown = tuple[Span, str, Span]


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text and what was annotated in it.

    `mentions` are all annotated mentions, sorted, those of literals too. `facts` are between them. It is unknown
    whether a pair in `unknown` states the relation. `unsure` are spans of which it is unknown whether they are
    mentions of one of these types (of any, where it is empty). `types`, `relations` and `qualifiers` are those that are
    annotated wherever they occur: of these, what is not annotated does not hold. `pronouns` tells whether pronouns and
    nominals were annotated. `weight` is how much the text counts.
    """

    document: Document
    mentions: tuple[Mention, ...]
    facts: tuple[RelationMention, ...]
    unknown: frozenset[Unknown]
    unsure: tuple[tuple[Span, frozenset[str]], ...]
    types: frozenset[str]
    relations: frozenset[str]
    qualifiers: frozenset[str]
    pronouns: bool = True
    weight: float = 1.0


@dataclass(slots=True)
class Lost:
    """How many facts and qualifiers were annotated that no mention stands for, by key."""

    facts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    qualifiers: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def between_mentions(
    article: ArticleFacts, literals: Iterable[Mention], ontology: Ontology, lost: Lost | None = None
) -> Annotated:
    """An article in which everything was annotated, with facts between mentions.

    `literals` are the mentions of literals that the rules find in it: where a fact's object is a literal, one of these
    is it, or else the place where the same text stands. A fact whose sides are not both found is counted in `lost`.
    """
    places = _Places(article, [mention for mention in literals if mention.kind == "literal"])
    lost = Lost() if lost is None else lost
    facts: list[RelationMention] = []
    unknown: set[Unknown] = set()
    for fact in article.facts:
        stated = list(_stated(fact, places, ontology, lost))
        if not stated:
            lost.facts[fact.relation] += 1
        facts += stated
        pairs = {(one.subject.span, one.object.span) for one in stated}
        unknown |= {
            (subject.span, fact.relation, value.span)
            for subject, value in places.pairs(fact, ontology)
            if (subject.span, value.span) not in pairs
        }
    symmetric = {key for key, relation in ontology.relations.items() if relation.symmetric}
    facts += [
        RelationMention(fact.relation, fact.object, fact.subject, fact.evidence, fact.qualifiers)
        for fact in facts
        if fact.relation in symmetric
    ]
    unknown |= {(value, relation, subject) for subject, relation, value in unknown if relation in symmetric}
    unknown -= {(fact.subject.span, fact.relation, fact.object.span) for fact in facts}
    mentions = {mention for entity in article.entities for mention in entity.mentions}
    mentions |= {side for fact in facts for side in (fact.object, *(value for _, value in fact.qualifiers))}
    return Annotated(
        article.document,
        tuple(sorted(mentions, key=attrgetter("start", "end", "type"))),
        tuple(_merged(facts)),
        frozenset(unknown),
        (),
        frozenset(ontology.types) | places.literal_types(ontology),
        frozenset(ontology.relations),
        frozenset(ontology.qualifiers),
    )


def _stated(fact: Fact, places: _Places, ontology: Ontology, lost: Lost) -> Iterator[RelationMention]:
    """The fact between mentions: once for each sentence of the evidence that holds both sides, else once in all."""
    evidence = tuple(sorted({reference.evidence for reference in fact.references}))
    pairs = list(places.pairs(fact, ontology))
    found: list[tuple[tuple[Span, ...], tuple[Mention, Mention]]] = []
    for sentence in evidence:
        inside = [pair for pair in pairs if len(_within(pair, [sentence])) == len(pair)]
        if inside:
            found.append(((sentence,), min(inside, key=_distance)))
    if pairs and not found:
        # One side at least stands in the evidence. Both do, if they can; else the other is meant by what came before.
        found.append((evidence, min(pairs, key=lambda pair: (-len(_within(pair, evidence)), _distance(pair)))))
    for spans, pair in found:
        qualifiers = []
        for key, value, is_entity in fact.qualifiers:
            mentions = places.values(value, is_entity, ontology.qualifiers[key].literal_type, spans)
            if mentions:
                qualifiers.append((key, min(mentions, key=lambda each: sum(_gap(each, side) for side in pair))))
            elif len(spans) == len(evidence):
                lost.qualifiers[key] += 1
        yield RelationMention(fact.relation, *pair, spans, tuple(qualifiers))


def _merged(facts: Iterable[RelationMention]) -> Iterator[RelationMention]:
    """The facts with those of the same relation and mentions as one."""
    same: dict[tuple[str, Mention, Mention], RelationMention] = {}
    for fact in facts:
        key = fact.relation, fact.subject, fact.object
        other = same.get(key)
        if other:
            evidence = tuple(sorted({*other.evidence, *fact.evidence}))
            qualifiers = tuple(sorted({*other.qualifiers, *fact.qualifiers}))
            fact = RelationMention(*key, evidence, qualifiers)
        same[key] = fact
    yield from same.values()


class _Places:
    """Where an article mentions its entities and literals."""

    def __init__(self, article: ArticleFacts, literals: Sequence[Mention]) -> None:
        self.text = article.document.text
        self.entities: Mapping[str, tuple[Mention, ...]] = {each.id: each.mentions for each in article.entities}
        self.named = [mention for entity in article.entities for mention in entity.mentions]
        self.literals = literals

    def literal_types(self, ontology: Ontology) -> frozenset[str]:
        kinds = [relation.literal_type for relation in ontology.relations.values()]
        kinds += [qualifier.literal_type for qualifier in ontology.qualifiers.values()]
        return frozenset(kind for kind in kinds if kind is not None)

    def values(self, value: str, is_entity: bool, literal_type: str | None, spans: Sequence[Span]) -> list[Mention]:
        if is_entity:
            return _within(self.entities[value], spans)
        if literal_type is None:
            return []
        known = [each for each in self.literals if each.type == literal_type]
        for same in (_equal, _alike):
            found = _within([mention for mention in known if same(mention, value)], spans)
            if found:
                return found
        named = _within([mention for mention in self.named if mention.text == value], spans)
        return named or [
            Mention(start, start + len(value), literal_type, "literal", self.text[start : start + len(value)], value)
            for start in self._occurrences(value)
            if any(span.start <= start and start + len(value) <= span.end for span in spans)
        ]

    def pairs(self, fact: Fact, ontology: Ontology) -> Iterator[tuple[Mention, Mention]]:
        """All pairs of mentions of the two sides of which at least one stands in the evidence."""
        everywhere = [Span(0, len(self.text))]
        literal_type = ontology.relations[fact.relation].literal_type
        spans = [reference.evidence for reference in fact.references]
        for value in self.values(fact.object, fact.object_is_entity, literal_type, everywhere):
            for subject in self.entities[fact.subject]:
                if _within([subject, value], spans) and _apart(subject.span, value.span):
                    yield subject, value

    def _occurrences(self, value: str) -> Iterator[int]:
        text, sought = self.text.lower(), value.lower()
        if len(text) != len(self.text) or not sought:  # in some scripts small letters take more room
            text, sought = self.text, value
        start = text.find(sought) if sought else -1
        while start >= 0:
            end = start + len(sought)
            if not (text[start - 1 : start].isalnum() and start) and not text[end : end + 1].isalnum():
                yield start
            start = text.find(sought, start + 1)


def _within(mentions: Iterable[Mention], spans: Iterable[Span]) -> list[Mention]:
    return [
        mention
        for mention in mentions
        if any(span.start <= mention.start and mention.end <= span.end for span in spans)
    ]


def _apart(one: Span, other: Span) -> bool:
    return one.end <= other.start or other.end <= one.start


def _gap(one: Mention, other: Mention) -> int:
    return max(one.start, other.start) - min(one.end, other.end)


def _distance(pair: tuple[Mention, Mention]) -> tuple[int, int, int]:
    return _gap(*pair), pair[0].start, pair[1].start


def _normal(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip("/.")


def _equal(mention: Mention, value: str) -> bool:
    return _normal(value) in (_normal(mention.value or ""), _normal(mention.text))


def _alike(mention: Mention, value: str) -> bool:
    """Whether one says the other less exactly: "2025" and "2025-11", "chief" and "chief executive"."""
    one, other = _normal(mention.value or mention.text), _normal(value)
    return bool(one and other) and (one in other or other in one)
