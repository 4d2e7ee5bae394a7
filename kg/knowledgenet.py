"""Scores on KnowledgeNet (Mesquita et al., EMNLP 2019), by the span-overlap ("text") rules of its own scorer.

A passage of a document was annotated for some relations, exhaustively; on any other it says nothing. An annotated fact
is a pair of mentions: it is found where a fact that was read there has mentions in the passage that overlap both. A fact
that was read and overlaps no annotated one is wrong only if the passage was annotated for its relation.
"""

from __future__ import annotations

import gzip
import json
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import ontology
from kg.evaluate import Score
from kg.extract.dates import find_dates
from kg.model import ArticleFacts, Document, Fact, Span
from kg.read import document

_WIKIDATA = "http://www.wikidata.org/entity/"


def evaluate(path: Path, read: Callable[[Document], ArticleFacts]) -> dict[str, Score]:
    """Scores by KnowledgeNet's relations, sorted, over a fold as it is in the converted data sets (`*.jsonl.gz`).

    `read` is what reads a document; it gets the annotated passages of a document as one text.
    """
    scores: dict[str, Score] = defaultdict(Score)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            annotated = json.loads(line)
            article = read(document(annotated["text"], identifier=annotated["id"]))
            found = list(_found(article))
            for passage in annotated["passages"]:
                _score(passage, annotated["facts"], found, scores)
    return dict(sorted(scores.items()))


@dataclass(frozen=True, slots=True)
class _Found:
    """A fact that was read, in terms of KnowledgeNet: everywhere that its subject and its object are mentioned."""

    relation: str
    subject: tuple[Span, ...]
    object: tuple[Span, ...]
    evidence: tuple[Span, ...]


def _found(article: ArticleFacts) -> Iterator[_Found]:
    for fact in article.facts:
        subject, object_ = _spans(fact.subject, article), _object_spans(fact, article)
        evidence = tuple(reference.evidence for reference in fact.references)
        for relation, is_turned in _equivalents().get(fact.relation, ()):
            yield (
                _Found(relation, object_, subject, evidence)
                if is_turned
                else _Found(relation, subject, object_, evidence)
            )


def _spans(entity: str, article: ArticleFacts) -> tuple[Span, ...]:
    return tuple(mention.span for each in article.entities if each.id == entity for mention in each.mentions)


def _object_spans(fact: Fact, article: ArticleFacts) -> tuple[Span, ...]:
    if fact.object_is_entity:
        return _spans(fact.object, article)
    read = article.document
    dates = find_dates(read.text, read.sentences, read.published)
    return tuple(mention.span for mention in dates if mention.value == fact.object)


def _score(
    passage: Mapping[str, Any],
    annotated: Iterable[Mapping[str, Any]],
    found: Iterable[_Found],
    scores: dict[str, Score],
) -> None:
    """Add what one passage says to the scores."""
    place = Span(*passage["span"])
    here = [each for each in (_within(each, place) for each in found) if each]
    right: set[_Found] = set()
    for fact in annotated:
        if _overlaps(Span(*fact["subject_span"]), place):
            matches = [each for each in here if each.relation == fact["relation"] and _is_match(each, fact)]
            right.update(matches)
            scores[fact["relation"]] += Score(bool(matches), bool(matches), 1)
    exhaustive = {each["relation"] for each in passage["exhaustive"]}
    for each in here:
        if each not in right and each.relation in exhaustive:
            scores[each.relation] += Score(predicted=1)


def _within(found: _Found, place: Span) -> _Found | None:
    """The part of a fact that lies in a passage; none where the passage does not show it, or not both sides of it."""
    if not any(_overlaps(span, place) for span in found.evidence):
        return None
    subject, object_ = (
        tuple(span for span in spans if _overlaps(span, place)) for spans in (found.subject, found.object)
    )
    return _Found(found.relation, subject, object_, found.evidence) if subject and object_ else None


def _is_match(found: _Found, fact: Mapping[str, Any]) -> bool:
    subject, object_ = Span(*fact["subject_span"]), Span(*fact["object_span"])
    return any(_overlaps(span, subject) for span in found.subject) and any(
        _overlaps(span, object_) for span in found.object
    )


def _overlaps(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


@cache
def _equivalents() -> Mapping[str, tuple[tuple[str, bool], ...]]:
    """For a relation of the ontology, those of KnowledgeNet that it answers, and whether the direction is turned."""
    table = tomllib.loads(files("newsgraph_data").joinpath("gold", "knowledgenet.toml").read_text(encoding="utf-8"))
    return {
        relation.key: tuple(
            (name, item.startswith("-"))
            for name, items in table.items()
            for item in items
            if _WIKIDATA + item.removeprefix("-") in relation.matches
        )
        for relation in ontology.load().relations.values()
    }
