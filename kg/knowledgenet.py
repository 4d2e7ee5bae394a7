"""Scores on KnowledgeNet (Mesquita et al., EMNLP 2019), by the rules of its own scorer, in text and in links.

A passage of a document was annotated for some relations, exhaustively; on any other it says nothing. An annotated fact
is a pair of mentions, pronouns too, and so is a predicted one: the two mentions between which an extractor found the
relation, and those of the same two entities in the same sentences. An annotated fact is found where a predicted pair
overlaps it on both sides. What was predicted and overlaps no annotated fact is wrong only if the passage was annotated
for its relation. For links, the Wikidata items of the facts that were read take the place of the mentions; facts without
both, and those of dates, are left out.
"""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

import ontology
from kg.evaluate import Score
from kg.model import ArticleFacts, Document, Entity, Mention, RelationMention, Span
from kg.read import document

_WIKIDATA = "http://www.wikidata.org/entity/"


@dataclass(frozen=True, slots=True)
class KnowledgeNet:
    """Scores by KnowledgeNet's relations, by text and by link."""

    text: Mapping[str, Score] = field(default_factory=dict)
    link: Mapping[str, Score] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """What was read in a document: its facts, and the mentions and relation mentions that these come from."""

    article: ArticleFacts
    mentions: Sequence[Mention]
    relations: Sequence[RelationMention]


Read = Callable[[Document], Found]


def evaluate(path: Path, read: Read) -> KnowledgeNet:
    """Scores over a fold as it is in the converted data sets (`*.jsonl.gz`); a document is all its annotated passages."""
    text: dict[str, Score] = defaultdict(Score)
    link: dict[str, Score] = defaultdict(Score)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            annotated = json.loads(line)
            asked = document(annotated["text"], identifier=annotated["id"])
            found = read(asked)
            pairs = set(_pairs(found.relations, found.article))
            linked = list(_linked(found.article))
            for passage in annotated["passages"]:
                place = Span(*passage["span"])
                facts = [fact for fact in annotated["facts"] if _overlaps(Span(*fact["subject_span"]), place)]
                exhaustive = {each["relation"] for each in passage["exhaustive"]}
                inside = {pair for pair in pairs if _overlaps(pair[1], place) and _overlaps(pair[2], place)}
                _add_text(facts, inside, exhaustive, text)
                shown = {fact for fact, evidence in linked if any(_overlaps(span, place) for span in evidence)}
                _add_links(facts, shown, exhaustive, link)
    return KnowledgeNet(dict(sorted(text.items())), dict(sorted(link.items())))


_Pair = tuple[str, Span, Span]
_Linked = tuple[str, str | None, str | None]


def _pairs(found: Iterable[RelationMention], article: ArticleFacts) -> Iterator[_Pair]:
    entities = {mention.span: entity for entity in article.entities for mention in entity.mentions}
    for each in found:
        subject, value = (entities.get(side.span) for side in (each.subject, each.object))
        if subject is not None and subject == value:
            continue
        sides = (_spans(each.subject, subject, article.document), _spans(each.object, value, article.document))
        for relation, is_turned in _equivalents().get(each.relation, ()):
            for one, other in product(*sides):
                yield (relation, other, one) if is_turned else (relation, one, other)


def _spans(mention: Mention, entity: Entity | None, read: Document) -> set[Span]:
    """A mention, others of its entity in the same sentence, and the relative pronouns that stand for them."""
    spans = {mention.span}
    if entity:
        (sentence,) = (each for each in read.sentences if each.start <= mention.start < each.end)
        spans |= {each.span for each in entity.mentions if sentence.start <= each.start < sentence.end}
    relatives = (_table().relative.match(read.text, span.end) for span in spans)
    return spans | {Span(*match.span(1)) for match in relatives if match}


def _linked(article: ArticleFacts) -> Iterator[tuple[_Linked, tuple[Span, ...]]]:
    items = {entity.id: entity.qid for entity in article.entities}
    for fact in article.facts:
        sides = items[fact.subject], items[fact.object] if fact.object_is_entity else None
        evidence = tuple(reference.evidence for reference in fact.references)
        for relation, is_turned in _equivalents().get(fact.relation, ()):
            yield (relation, *(sides[::-1] if is_turned else sides)), evidence


def _add_text(
    facts: Iterable[Mapping[str, Any]], found: set[_Pair], exhaustive: Container[str], scores: dict[str, Score]
) -> None:
    right: set[_Pair] = set()
    for fact in facts:
        subject, value = Span(*fact["subject_span"]), Span(*fact["object_span"])
        matches = {
            pair
            for pair in found
            if pair[0] == fact["relation"] and _overlaps(pair[1], subject) and _overlaps(pair[2], value)
        }
        right |= matches
        scores[fact["relation"]] += Score(bool(matches), bool(matches), 1)
    _add_wrong(found - right, exhaustive, scores)


def _add_links(
    facts: Iterable[Mapping[str, Any]], found: set[_Linked], exhaustive: Container[str], scores: dict[str, Score]
) -> None:
    annotated = {(fact["relation"], fact.get("subject_qid"), fact.get("object_qid")) for fact in facts}
    gold, read = ({each for each in side if each[1] and each[2]} for side in (annotated, found))
    for each in gold:
        scores[each[0]] += Score(each in read, each in read, 1)
    _add_wrong(read - gold, exhaustive, scores)


def _add_wrong(
    left: Iterable[tuple[str, Hashable, Hashable]], exhaustive: Container[str], scores: dict[str, Score]
) -> None:
    for relation, _, _ in left:
        if relation in exhaustive:
            scores[relation] += Score(predicted=1)


def _overlaps(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


@dataclass(frozen=True, slots=True)
class _Table:
    relative: re.Pattern[str]
    relations: Mapping[str, list[str]]


@cache
def _table() -> _Table:
    table = tomllib.loads(files("newsgraph_data").joinpath("gold", "knowledgenet.toml").read_text(encoding="utf-8"))
    return _Table(re.compile(table["relative"]), table["relations"])


@cache
def _equivalents() -> Mapping[str, tuple[tuple[str, bool], ...]]:
    """For a relation of the ontology, those of KnowledgeNet that it answers, and whether the direction is turned."""
    return {
        relation.key: tuple(
            (name, item.startswith("-"))
            for name, items in _table().relations.items()
            for item in items
            if _WIKIDATA + item.removeprefix("-") in relation.matches
        )
        for relation in ontology.load().relations.values()
    }
