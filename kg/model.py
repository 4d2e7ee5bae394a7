"""The values that pass between the steps, from a document to statements.

All are frozen; all offsets are Unicode code points into `Document.text`, end exclusive; all scores are
probabilities from 0 to 1. Keys of relations, qualifiers and entity types are those of the ontology
(`chief_executive`, `point_in_time`, `Person`): a plain `str`, never an enumeration, because the ontology is data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple


class Span(NamedTuple):
    """A range of characters of a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """An article, as read.

    `id` names the article in the graph: 16 hexadecimal digits, a hash of its URL where it has one, else of the
    identifier that its source gave it, else of its content. `source` is where it was read from (a path or a URL),
    by which a corrected version replaces this one. `published` is an ISO 8601 date of any precision
    (`2025`, `2025-11`, `2025-11-06`).
    `sentences` cover the text in order, without overlap; what stands between two of them is white space.
    Where it `keeps_text`, the graph holds the whole text, too, and not only the sentences that state facts.
    """

    id: str
    text: str
    sentences: tuple[Span, ...]
    title: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    url: str | None = None
    published: str | None = None
    language: str | None = None
    source: str | None = None
    keeps_text: bool = True


MentionKind = Literal["name", "pronoun", "nominal", "literal"]


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A range of text that stands for an entity or for a literal.

    `type` is an entity type of the ontology, or for a literal one of its literal types (`Date`, `Title`, `Amount`,
    `Version`, `URL`, `String`). `value` is a literal's normal form: an ISO date for a date, else the text.
    """

    start: int
    end: int
    type: str
    kind: MentionKind
    text: str
    value: str | None = None
    score: float = 1.0

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class RelationMention:
    """One place in the text that states a fact, between mentions.

    `qualifiers` are pairs of a qualifier's key and the mention of its value, sorted by key. `evidence` is the
    sentences from which a reader can see the fact.
    """

    relation: str
    subject: Mention
    object: Mention
    evidence: tuple[Span, ...]
    qualifiers: tuple[tuple[str, Mention], ...] = ()
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one extractor found in one document.

    `rejected` are mentions that another extractor may give and this one holds for wrong: in their place, their extent
    or their type.
    """

    extractor: str
    mentions: tuple[Mention, ...]
    relations: tuple[RelationMention, ...]
    rejected: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """What several mentions of one document stand for.

    `id` is unique within the document (`e1`, `e2` … in order of first mention). `name` is the fullest name that the
    document gives. `mentions` are sorted. `qid` is the Wikidata item (`Q…`), once linked, and `links` are IRIs of what
    it is in other registers.
    """

    id: str
    type: str
    name: str
    mentions: tuple[Mention, ...]
    qid: str | None = None
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """Which sentence of a document states a fact, and who found it there. `score` is its confidence."""

    evidence: Span
    extractor: str
    score: float


Value = str
"""The object of a fact, or a qualifier's value: the `id` of an entity, or a literal's normal form."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of one document: subject and object are entity ids of that document, or the object is a literal.

    `object_is_entity` tells an id from a literal. `qualifiers` are `(key, value, value_is_entity)`, sorted.
    """

    subject: str
    relation: str
    object: Value
    object_is_entity: bool
    qualifiers: tuple[tuple[str, Value, bool], ...]
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """All that was read from one document: the unit that the store adds, corrects and forgets.

    `missed` says of each service that should have been asked, and did not answer, why.
    """

    document: Document
    entities: tuple[Entity, ...]
    facts: tuple[Fact, ...]
    missed: tuple[str, ...] = ()
