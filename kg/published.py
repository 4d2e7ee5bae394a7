"""Scores on SoMeSci (Schindler et al., 2021) and Re-DocRED (Tan et al., 2022), in terms of their own annotations."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from kg.evaluate import Score
from kg.extract.dates import find_dates
from kg.knowledgenet import Read
from kg.model import ArticleFacts, Fact, Span
from kg.read import document
from kg.train.datasets import Reading, table


@dataclass(frozen=True, slots=True)
class SoMeSci:
    """Scores by type of mention and by relation; right is only the very span with the very type."""

    mentions: Mapping[str, Score] = field(default_factory=dict)
    relations: Mapping[str, Score] = field(default_factory=dict)


def somesci(path: Path, read: Read) -> SoMeSci:
    """Scores on a split of SoMeSci; of its types and relations that have no counterpart here, all are missed."""
    written = tomllib.loads(files("newsgraph_data").joinpath("gold", "somesci.toml").read_text(encoding="utf-8"))
    types, alike = written["types"], written["alike"]
    of_relation = {each["is"]: (name, each["gives"]) for name, each in written["relations"].items()}
    mentions: dict[str, Score] = defaultdict(Score)
    facts: dict[str, Score] = defaultdict(Score)
    for line in _lines(path):
        here = read(document(line["text"], identifier=line["id"], language="en"))
        spans = {each["id"]: (each["type"], *each["mentions"][0]) for each in line["entities"]}
        gold = set(spans.values())
        found = {
            (kind, mention.start, mention.end)
            for mention in here.mentions
            for kind, own in types.items()
            if mention.type == own and mention.kind == "name"
        }
        relations = set()
        for each in here.relations:
            if each.relation in of_relation:
                name, kind = of_relation[each.relation]
                found.add((kind, *each.object.span))
                relations.add((name, each.object.span, each.subject.span))
        either = {(start, end) for kind, start, end in gold if kind in alike}
        _compare(gold, {each for each in found if each[1:] not in either}, mentions)
        told = {
            (fact["relation"], Span(*spans[fact["subject"]][1:]), Span(*spans[fact["object"]][1:]))
            for fact in line["facts"]
        }
        _compare(told, relations, facts)
    return SoMeSci(dict(sorted(mentions.items())), dict(sorted(facts.items())))


def redocred(path: Path, read: Read) -> dict[str, Score]:
    """Scores on Re-DocRED by our relations: facts between the entities that it annotates, wherever they are shown.

    What was annotated of relations that have no counterpart here is left out, and so are facts whose sides are no
    annotated entities.
    """
    dataset = table()["redocred-test"]
    scores: dict[str, Score] = defaultdict(Score)
    for line in _lines(path):
        article = read(document(line["text"], identifier=line["id"], language="en")).article
        spans = {each["id"]: [Span(*span) for span in each["mentions"]] for each in line["entities"]}
        gold = {
            _as_read(fact, reading)
            for fact in line["facts"]
            for reading in dataset.relations.get(fact["relation"], ())
            if reading.relation
        }
        found = set()
        for fact in article.facts:
            subject, value = (_counterpart(side, spans) for side in _sides(fact, article))
            if fact.relation in dataset.all_relations and subject and value and subject != value:
                found.add((fact.relation, subject, value))
        _compare(gold, found, scores)
    return dict(sorted(scores.items()))


def _as_read(fact: Mapping[str, Any], reading: Reading) -> tuple[str | None, str, str]:
    subject, value = fact["subject"], fact["object"]
    return (reading.relation, value, subject) if reading.is_turned else (reading.relation, subject, value)


def _compare(gold: set[Any], found: set[Any], scores: dict[str, Score]) -> None:
    for each in gold | found:
        scores[each[0]] += Score(each in gold and each in found, each in found, each in gold)


def _sides(fact: Fact, article: ArticleFacts) -> tuple[list[Span], list[Span]]:
    """The mentions of both sides; of a literal where it stands in the evidence, as a date or in the same words."""
    names = {entity.id: [mention.span for mention in entity.mentions] for entity in article.entities}
    if fact.object_is_entity:
        return names[fact.subject], names[fact.object]
    read = article.document
    spans = [each.span for each in find_dates(read.text, read.sentences, read.published) if each.value == fact.object]
    spans += [Span(*found.span()) for found in re.finditer(re.escape(fact.object), read.text)]
    evidence = [reference.evidence for reference in fact.references]
    return names[fact.subject], [span for span in spans if any(e.start <= span.start < e.end for e in evidence)]


def _counterpart(side: Iterable[Span], annotated: Mapping[str, Sequence[Span]]) -> str | None:
    """The annotated entity of which most mentions overlap those of a side."""
    counts = Counter(
        key
        for span in side
        for key, spans in annotated.items()
        for other in spans
        if span.start < other.end and other.start < span.end
    )
    return max(counts.items(), key=lambda item: (item[1], item[0]))[0] if counts else None


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
