"""How well facts were read from articles: precision, recall and F1 against what people annotated.

A predicted fact is right when its relation is right, its subject and object are the right entities, and its evidence
overlaps the evidence that was annotated. A predicted entity stands for the annotated one with which its mentions share
most characters. A date is right when it is equal, a title when one of the two holds the other; a symmetric relation in
either direction. Qualifiers are scored over the facts that are right, links over the entities that have one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import ontology
from kg.errors import UsageError
from kg.model import ArticleFacts, Entity, Fact, Span

_TITLE = "Title"
"""The literal type whose values are the same where one holds the other."""


_SURE = 0.9


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one kind of thing, and the measures that follow from them, from 0 to 1."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.predicted + self.gold) if self.right else 0.0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.predicted + other.predicted, self.gold + other.gold)


@dataclass(frozen=True, slots=True)
class Miss:
    """A fact that was annotated and not found (`missing`), or found and not annotated (`wrong`), by its names."""

    article: str
    kind: Literal["missing", "wrong"]
    subject: str
    relation: str
    object: str


@dataclass(frozen=True, slots=True)
class Trust:
    """How far the confidence of facts can be trusted.

    `error` is the expected calibration error (Naeini et al. 2015): over ten bins of equal width, by how much the mean
    confidence and the share of right facts differ. `sure` counts the facts of confidence .9 and more.
    """

    error: float
    sure: Score


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores over all articles. `relations` has one for each relation that occurs, sorted by key.

    `judged` are the facts that were read, each with whether it is right.
    """

    facts: Score = Score()
    mentions: Score = Score()
    links: Score = Score()
    qualifiers: Score = Score()
    relations: Mapping[str, Score] = field(default_factory=dict)
    misses: tuple[Miss, ...] = ()
    judged: tuple[tuple[Fact, bool], ...] = field(default=(), compare=False)

    def __add__(self, other: Scores) -> Scores:
        keys = sorted(self.relations.keys() | other.relations.keys())
        return Scores(
            self.facts + other.facts,
            self.mentions + other.mentions,
            self.links + other.links,
            self.qualifiers + other.qualifiers,
            {key: self.relations.get(key, Score()) + other.relations.get(key, Score()) for key in keys},
            self.misses + other.misses,
            self.judged + other.judged,
        )


def evaluate(gold: Iterable[ArticleFacts], predicted: Iterable[ArticleFacts]) -> Scores:
    """Score what was read from articles against what was annotated in them; articles are paired by the document's id.

    Raises UsageError where an annotated article was not read.
    """
    read = {article.document.id: article for article in predicted}
    scores = Scores()
    for article in gold:
        if article.document.id not in read:
            raise UsageError(f"{article.document.source or article.document.id} was annotated, and not read")
        scores += _Comparison(article, read[article.document.id]).scores()
    return scores


def trust(judged: Iterable[tuple[Fact, bool]]) -> Trust:
    """Compare the confidence of facts with how many of them are right."""
    rated = [(max(reference.score for reference in fact.references), right) for fact, right in judged]
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in rated:
        bins[min(9, int(confidence * 10))].append((confidence, right))
    apart = sum(abs(sum(confidence - right for confidence, right in each)) for each in bins.values())
    sure = [right for confidence, right in rated if confidence >= _SURE]
    return Trust(apart / len(rated) if rated else 0.0, Score(sum(sure), len(sure)))


_Side = tuple[Literal["entity", "literal"], str]
_Signature = tuple[_Side, str, _Side]


class _Comparison:
    """One article, as annotated and as read."""

    def __init__(self, gold: ArticleFacts, read: ArticleFacts) -> None:
        self.gold = gold
        self.read = read
        self.gold_names = {entity.id: entity.name for entity in gold.entities}
        self.names = {entity.id: entity.name for entity in read.entities}
        self.counterparts = _counterparts(gold.entities, read.entities)

    def scores(self) -> Scores:
        return Scores(mentions=self._mentions(), links=self._links()) + self._facts()

    def _mentions(self) -> Score:
        gold, read = (
            {(entity.type, mention.span) for entity in article.entities for mention in entity.mentions}
            for article in (self.gold, self.read)
        )
        return Score(len(gold & read), len(read), len(gold))

    def _links(self) -> Score:
        gold = {entity.id: entity.qid for entity in self.gold.entities if entity.qid}
        linked: dict[str, str] = {}
        for entity in self.read.entities:
            counterpart = self.counterparts.get(entity.id)
            if entity.qid and counterpart in gold:
                linked.setdefault(counterpart, entity.qid)
        return Score(sum(gold[entity] == qid for entity, qid in linked.items()), len(linked), len(gold))

    def _facts(self) -> Scores:
        pending = [(self._signature(fact, None), fact) for fact in self.gold.facts]
        relations: dict[str, Score] = defaultdict(Score)
        for fact in self.gold.facts:
            relations[fact.relation] += Score(gold=1)
        misses, judged, qualifiers = [], [], Score()
        seen = set()
        for fact in self.read.facts:
            signature = self._signature(fact, self.counterparts)
            if signature in seen:  # the same fact from another sentence is neither right nor wrong twice
                continue
            seen.add(signature)
            match = next((pair for pair in pending if self._is_right(signature, fact, *pair)), None)
            relations[fact.relation] += Score(right=int(match is not None), predicted=1)
            judged.append((fact, match is not None))
            if match is None:
                misses.append(self._miss("wrong", fact, self.names))
            else:
                pending.remove(match)
                qualifiers += self._qualifiers(match[1], fact)
        misses += (self._miss("missing", fact, self.gold_names) for _, fact in pending)
        facts = sum(relations.values(), Score())
        return Scores(
            facts=facts,
            qualifiers=qualifiers,
            relations=dict(sorted(relations.items())),
            misses=tuple(misses),
            judged=tuple(judged),
        )

    def _signature(self, fact: Fact, counterparts: Mapping[str, str] | None) -> _Signature:
        """What a fact says, in terms of the annotated entities; one that was found and not annotated keeps its own id."""

        def entity(key: str) -> _Side:
            return ("entity", key if counterparts is None else counterparts.get(key, f"?{key}"))

        subject = entity(fact.subject)
        object_ = entity(fact.object) if fact.object_is_entity else ("literal", _normal(fact.object))
        if fact.relation in _symmetric():
            subject, object_ = sorted((subject, object_))
        return subject, fact.relation, object_

    def _is_right(self, signature: _Signature, fact: Fact, gold_signature: _Signature, gold: Fact) -> bool:
        (_, relation, (kind, value)), (_, _, (gold_kind, gold_value)) = signature, gold_signature
        is_same = signature == gold_signature or (
            signature[:2] == gold_signature[:2]
            and kind == gold_kind == "literal"
            and _is_same(relation, value, gold_value)
        )
        return is_same and any(
            _overlap(one.evidence, other.evidence) for one in gold.references for other in fact.references
        )

    def _qualifiers(self, gold: Fact, read: Fact) -> Score:
        want = {key: self.gold_names[value] if is_entity else value for key, value, is_entity in gold.qualifiers}
        have = {key: self.names[value] if is_entity else value for key, value, is_entity in read.qualifiers}
        right = sum(_is_same(key, have[key], value) for key, value in want.items() if key in have)
        return Score(right, len(have), len(want))

    def _miss(self, kind: Literal["missing", "wrong"], fact: Fact, names: Mapping[str, str]) -> Miss:
        article = (self.gold.document.source or self.gold.document.id).rpartition("#")[2]
        object_ = names[fact.object] if fact.object_is_entity else fact.object
        return Miss(article, kind, names[fact.subject], fact.relation, object_)


def _counterparts(gold: Sequence[Entity], read: Sequence[Entity]) -> dict[str, str]:
    """For the id of each entity that was read, the id of the annotated one with which it shares most characters."""
    matches = {}
    for entity in read:
        shared: Counter[str] = Counter()
        for mention in entity.mentions:
            for candidate in gold:
                shared[candidate.id] += max(
                    (_overlap(mention.span, other.span) for other in candidate.mentions), default=0
                )
        best, characters = max(shared.items(), key=lambda item: (item[1], item[0]), default=("", 0))
        if characters:
            matches[entity.id] = best
    return matches


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _normal(literal: str) -> str:
    return " ".join(literal.casefold().split()).rstrip("/.")


def _is_same(key: str, one: str, other: str) -> bool:
    """Whether two literals of a relation or qualifier are the same."""
    one, other = _normal(one), _normal(other)
    return one == other or (key in _titles() and (one in other or other in one))


@cache
def _titles() -> frozenset[str]:
    """The relations and qualifiers whose values are titles."""
    known = ontology.load()
    relations = {relation.key for relation in known.relations.values() if relation.literal_type == _TITLE}
    return frozenset(relations | {each.key for each in known.qualifiers.values() if each.literal_type == _TITLE})


@cache
def _symmetric() -> frozenset[str]:
    return frozenset(relation.key for relation in ontology.load().relations.values() if relation.symmetric)
