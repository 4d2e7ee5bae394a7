"""Queries and candidates, as both versions of the API have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kg.errors import UsageError
from kg.reconcile.properties import Property

Quantifier = Literal["any", "all", "none"]
Kind = Literal["name", "id", "property"]


class TooManyError(UsageError):
    """The request asks for more at once than is answered."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value that is looked for: a text, the identifier of an entity (in which case the text is its name), or both."""

    text: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """What a candidate's names, its identifier, or its values of `property` should be."""

    kind: Kind
    property: Property | None
    values: tuple[Wanted, ...]
    quantifier: Quantifier = "any"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query for an entity of one of `types` (IRIs; any, if there are none), which others are not if `strict`."""

    conditions: tuple[Condition, ...]
    types: frozenset[str]
    strict: bool
    limit: int


@dataclass(frozen=True, slots=True)
class Ref:
    """Something with an identifier and a name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Feature:
    """What speaks for a candidate: a share from 0 to 1, a number, or a yes or no."""

    id: str
    name: str
    value: float | bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be meant. `score` is from 0 to 100; `match`, whether nobody need look at it again."""

    id: str
    name: str
    description: str
    types: tuple[Ref, ...]
    score: float
    match: bool
    features: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class Extension:
    """Which values of which entities are wanted; of each property at most so many, if there is a number."""

    ids: tuple[str, ...]
    properties: tuple[tuple[Property, int | None], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """An entity in brief."""

    iri: str
    name: str
    type: str
    description: str
    aliases: tuple[str, ...]
    articles: int
