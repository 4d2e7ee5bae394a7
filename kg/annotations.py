"""Annotated articles as JSON Lines: what people annotated, and what `kg extract` writes.

    {"id": "…", "text": "…", "title"?, "url"?, "publisher"?, "published"?,
     "entities": [{"id": "e1", "type": "Person", "name": "…", "qid": "Q…" or null, "mentions": [[0, 16], …],
                   "links"?: [IRIs of what it is in other registers]}],
     "facts": [{"subject": "e1", "relation": "…", "object": "e2" or a literal,
                "qualifiers": {key: an entity's id or a literal}, "evidence": [[start, end], …]}]}

Offsets are code points into `text`, end exclusive.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kg.errors import ReadError
from kg.model import ArticleFacts, Entity, Fact, Mention, Reference, Span
from kg.read import document

ANNOTATOR = "annotation"
"""What the references of a fact name as their extractor where the fact was read from a file."""


def load(path: Path) -> list[ArticleFacts]:
    """The annotated articles of a file.

    Raises ReadError where a line is not an annotated article, or names an entity or characters that are not there.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(str(path), f"can't be read: {error}") from error
    articles = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                articles.append(article(json.loads(line), str(path)))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                reason = f"line {number} is no annotated article: {error!r}; see kg.annotations for the format"
                raise ReadError(str(path), reason) from error
    return articles


def article(line: Mapping[str, Any], source: str) -> ArticleFacts:
    """The annotated article that one line holds. `source` is the file that it is from.

    Raises KeyError, TypeError, ValueError or AttributeError where it is none.
    """
    read = document(
        line["text"],
        title=line.get("title"),
        publisher=line.get("publisher"),
        url=line.get("url"),
        published=line.get("published"),
        identifier=line["id"],
        source=f"{source}#{line['id']}",
    )
    entities = tuple(_entity(entity, read.text) for entity in line["entities"])
    ids = {entity.id for entity in entities}
    return ArticleFacts(read, entities, tuple(_fact(fact, ids, read.text) for fact in line["facts"]))


def annotation(article: ArticleFacts) -> dict[str, Any]:
    """The `entities` and `facts` of an article, ready for JSON. A fact's `confidence` is its best reference's score."""
    return {
        "entities": [
            {
                "id": entity.id,
                "type": entity.type,
                "name": entity.name,
                "qid": entity.qid,
                "mentions": [list(mention.span) for mention in entity.mentions],
                **({"links": list(entity.links)} if entity.links else {}),
            }
            for entity in article.entities
        ],
        "facts": [
            {
                "subject": fact.subject,
                "relation": fact.relation,
                "object": fact.object,
                "qualifiers": {key: value for key, value, _ in fact.qualifiers},
                "evidence": [list(span) for span in sorted({reference.evidence for reference in fact.references})],
                "confidence": max((reference.score for reference in fact.references), default=0.0),
            }
            for fact in article.facts
        ],
    }


def _entity(entity: Mapping[str, Any], text: str) -> Entity:
    spans = [_span(span, text) for span in sorted(entity["mentions"])]
    mentions = (Mention(*span, entity["type"], "name", text[span.start : span.end]) for span in spans)
    name, links = entity.get("name") or entity["id"], tuple(entity.get("links") or ())
    return Entity(entity["id"], entity["type"], name, tuple(mentions), entity.get("qid"), links)


def _fact(fact: Mapping[str, Any], ids: Iterable[str], text: str) -> Fact:
    if fact["subject"] not in ids:
        raise ValueError(f"a fact's subject {fact['subject']!r} is none of the entities")
    qualifiers = sorted((key, value, value in ids) for key, value in (fact.get("qualifiers") or {}).items())
    score = float(fact.get("confidence", 1.0))
    references = (Reference(_span(span, text), ANNOTATOR, score) for span in fact["evidence"])
    is_entity = fact["object"] in ids
    return Fact(fact["subject"], fact["relation"], fact["object"], is_entity, tuple(qualifiers), tuple(references))


def _span(span: Iterable[int], text: str) -> Span:
    start, end = span
    if not 0 <= start < end <= len(text):
        raise ValueError(f"[{start}, {end}] lies outside the text of {len(text)} characters")
    return Span(start, end)
