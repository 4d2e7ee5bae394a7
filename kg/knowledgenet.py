"""Scores on KnowledgeNet (Mesquita et al., EMNLP 2019), by the rules of its own scorer, in text and in links.

A passage of a document was annotated for some relations, exhaustively; on any other it says nothing. An annotated fact
is a pair of mentions, and so is a predicted one: a fact that was read gives all pairs of mentions of its two sides in
the sentences that show it. An annotated fact is found where a predicted pair overlaps it on both sides. What was predicted
and overlaps no annotated fact is wrong only if the passage was annotated for its relation. For links, the Wikidata items
of both sides take the place of the mentions; facts without both, and those of dates, are left out.
"""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import ontology
from kg.evaluate import Score
from kg.extract.dates import find_dates
from kg.model import ArticleFacts, Document, Entity, Fact, Span
from kg.read import document

_WIKIDATA = "http://www.wikidata.org/entity/"


@dataclass(frozen=True, slots=True)
class KnowledgeNet:
    """Scores by KnowledgeNet's relations, by text and by link."""

    text: Mapping[str, Score] = field(default_factory=dict)
    link: Mapping[str, Score] = field(default_factory=dict)


def evaluate(path: Path, read: Callable[[Document], ArticleFacts]) -> KnowledgeNet:
    """Scores over a fold as it is in the converted data sets (`*.jsonl.gz`).

    `read` is what reads a document; it gets the annotated passages of a document as one text.
    """
    text: dict[str, Score] = defaultdict(Score)
    link: dict[str, Score] = defaultdict(Score)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            annotated = json.loads(line)
            found = list(_found(read(document(annotated["text"], identifier=annotated["id"]))))
            for passage in annotated["passages"]:
                place = Span(*passage["span"])
                facts = [fact for fact in annotated["facts"] if _overlaps(Span(*fact["subject_span"]), place)]
                exhaustive = {each["relation"] for each in passage["exhaustive"]}
                _add_text(facts, {pair for each in found for pair in each.pairs(place)}, exhaustive, text)
                _add_links(facts, {each.linked for each in found if each.pairs(place)}, exhaustive, link)
    return KnowledgeNet(dict(sorted(text.items())), dict(sorted(link.items())))


_Pair = tuple[str, Span, Span]
_Linked = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class _Found:
    """A fact that was read, in terms of KnowledgeNet: everywhere that its subject and its object are mentioned."""

    relation: str
    subject: tuple[Span, ...]
    object: tuple[Span, ...]
    evidence: tuple[Span, ...]
    linked: _Linked

    def pairs(self, place: Span) -> set[_Pair]:
        """The mentions of its two sides, in the sentences of a passage that show it."""
        shown = [span for span in self.evidence if _overlaps(span, place)]
        subjects, objects = (
            [span for span in spans if _overlaps(span, place) and any(_overlaps(span, each) for each in shown)]
            for spans in (self.subject, self.object)
        )
        return {(self.relation, one, other) for one in subjects for other in objects if not _overlaps(one, other)}


def _found(article: ArticleFacts) -> Iterator[_Found]:
    entities = {entity.id: entity for entity in article.entities}
    for fact in article.facts:
        subject = entities[fact.subject]
        value = entities[fact.object] if fact.object_is_entity else None
        sides = [_spans(subject, article.document.text), _object_spans(fact, value, article.document)]
        items = [subject.qid, value.qid if value else None]
        evidence = tuple(reference.evidence for reference in fact.references)
        for relation, is_turned in _equivalents().get(fact.relation, ()):
            first, second = (1, 0) if is_turned else (0, 1)
            yield _Found(relation, sides[first], sides[second], evidence, (relation, items[first], items[second]))


def _spans(entity: Entity, text: str) -> tuple[Span, ...]:
    """The mentions of an entity, and the relative pronouns that stand for it."""
    spans = [mention.span for mention in entity.mentions]
    relatives = (_table().relative.match(text, span.end) for span in spans)
    return (*spans, *(Span(*match.span(1)) for match in relatives if match))


def _object_spans(fact: Fact, value: Entity | None, read: Document) -> tuple[Span, ...]:
    if value:
        return _spans(value, read.text)
    dates = find_dates(read.text, read.sentences, read.published)
    return tuple(mention.span for mention in dates if mention.value == fact.object)


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
