"""Items, statements and references as Wikibase has them (https://www.mediawiki.org/wiki/Wikibase/DataModel)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Datatype = Literal["wikibase-item", "time", "url", "string", "monolingualtext"]
Rank = Literal["preferred", "normal"]

_PRECISIONS = {4: 9, 7: 10, 10: 11}


@dataclass(frozen=True, slots=True)
class Property:
    """A property. `name` is its id in Wikidata, or for one `is_own` (no property of Wikidata) its name in the ontology.

    `takes` tells whether Wikidata's property takes values of `datatype`; it wants items for titles, where the graph
    has texts.
    """

    iri: str
    name: str
    is_own: bool
    label: str
    description: str
    datatype: Datatype
    takes: bool = True


@dataclass(frozen=True, slots=True)
class ItemValue:
    """Another item. One that Wikidata has begins with `kg.rdf.vocabulary.WD`."""

    iri: str


@dataclass(frozen=True, slots=True)
class Time:
    """A date of the Gregorian calendar: a year, a month or a day, in ISO 8601."""

    date: str

    @property
    def precision(self) -> int:
        """9 for a year, 10 for a month, 11 for a day."""
        return _PRECISIONS[len(self.date)]

    def point(self, unknown: str) -> str:
        """The date and time by which it is written, with `unknown` (01 in RDF, 00 in JSON) for what is not given."""
        return f"{(self.date + f'-{unknown}-{unknown}')[:10]}T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Url:
    """A web address."""

    address: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text; with a `language`, a monolingual one."""

    text: str
    language: str | None = None


Value = ItemValue | Time | Url | Text
Snak = tuple[Property, Value]


@dataclass(frozen=True, slots=True)
class Reference:
    """A sentence that states a fact, by the snaks that say where it is.

    `confidence` is how probable it is that the sentence does so.
    """

    iri: str
    snaks: tuple[Snak, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement about an item.

    `is_best`: no other one of the item and the property has a better rank. `is_reviewed`: a person has accepted it.
    """

    iri: str
    property: Property
    value: Value
    rank: Rank
    is_best: bool
    qualifiers: tuple[Snak, ...]
    references: tuple[Reference, ...]
    is_reviewed: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A thing: an entity of the graph, or several that were linked to one item of Wikidata.

    `locals` are the IRIs of those in the graph, and `same_as` what they are called elsewhere.
    """

    iri: str
    label: str
    language: str
    description: str
    aliases: tuple[str, ...] = ()
    locals: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
