"""Items as RDF, in Wikibase's form."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from pyoxigraph import Literal, NamedNode, Quad

from kg.rdf import terms
from kg.rdf import vocabulary as v
from kg.wikibase import vocabulary as w
from kg.wikibase.items import LANGUAGE, Items
from kg.wikibase.model import Item, ItemValue, Property, Snak, Statement, Text, Time, Url, Value

_ZERO = terms.integer(0)
_TYPES = {
    "wikibase-item": "WikibaseItem",
    "time": "Time",
    "url": "Url",
    "string": "String",
    "monolingualtext": "Monolingualtext",
}


def predicate(base: str, role: str, known: Property) -> NamedNode:
    """The predicate of a property in one of `w.ROLES`, in the graph that begins with `base`."""
    return NamedNode((base if known.is_own else w.WIKIDATA) + w.ROLES[role][1] + known.name)


class Triples:
    """The triples of items, as quads of the default graph. `base` is the graph's."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._predicate = lru_cache(maxsize=4096)(self._find_predicate)
        self._seen: set[str] = set()

    def of(self, items: Items) -> Iterator[Quad]:
        """All of a graph."""
        for known in items.properties:
            yield from self._property(known)
        for item in chain(items.entities(), items.classes()):
            yield from self._item(item)
        for iri, title, language in items.articles():
            # No item: what has a label is a thing that news are about.
            yield Quad(NamedNode(iri), v.TYPE, w.ARTICLE)
            if title:
                for predicate in (w.NAME, w.HEADLINE):
                    yield Quad(NamedNode(iri), predicate, Literal(title, language=language))

    def _find_predicate(self, role: str, known: Property) -> NamedNode:
        return predicate(self._base, role, known)

    def _property(self, known: Property) -> Iterator[Quad]:
        node = NamedNode(known.iri)
        yield Quad(node, v.TYPE, w.PROPERTY)
        yield from _names(node, known.label, LANGUAGE)
        yield Quad(node, w.DESCRIPTION, Literal(known.description, language=LANGUAGE))
        yield Quad(node, w.term("propertyType"), w.term(_TYPES[known.datatype]))
        for role, name in w.DESCRIBED.items():
            yield Quad(node, w.term(name), self._predicate(role, known))

    def _item(self, item: Item) -> Iterator[Quad]:
        node = NamedNode(item.iri)
        yield Quad(node, v.TYPE, w.ITEM)
        yield from _names(node, item.label, item.language)
        if item.description:
            yield Quad(node, w.DESCRIPTION, Literal(item.description, language=LANGUAGE))
        for alias in item.aliases:
            yield Quad(node, v.ALTERNATIVE, Literal(alias, language=item.language))
        for local in item.locals:
            if local != item.iri:
                # As Wikibase writes that an item was merged into another.
                yield Quad(NamedNode(local), v.SAME_AS, node)
        for other in item.same_as:
            yield Quad(node, v.SAME_AS, NamedNode(other))
        if item.statements:
            yield Quad(node, w.term("statements"), terms.integer(len(item.statements)))
            yield Quad(node, w.term("sitelinks"), _ZERO)
            yield Quad(node, w.term("identifiers"), _ZERO)
        for statement in item.statements:
            yield from self._statement(node, statement)

    def _statement(self, item: NamedNode, statement: Statement) -> Iterator[Quad]:
        node, known = NamedNode(statement.iri), statement.property
        yield Quad(item, self._predicate("claim", known), node)
        yield Quad(node, v.TYPE, w.STATEMENT)
        yield Quad(node, w.RANK, w.term("PreferredRank" if statement.rank == "preferred" else "NormalRank"))
        if statement.is_best:
            yield Quad(node, v.TYPE, w.BEST)
            yield Quad(item, self._predicate("direct", known), _term(statement.value))
        yield from self._snak(node, "statement", (known, statement.value))
        for qualifier in statement.qualifiers:
            yield from self._snak(node, "qualifier", qualifier)
        for reference in statement.references:
            source = NamedNode(reference.iri)
            yield Quad(node, v.DERIVED_FROM, source)
            yield Quad(source, v.TYPE, w.REFERENCE)
            yield Quad(source, v.CONFIDENCE, terms.score(reference.confidence))
            for snak in reference.snaks:
                yield from self._snak(source, "reference", snak)

    def _snak(self, node: NamedNode, role: str, snak: Snak) -> Iterator[Quad]:
        known, value = snak
        yield Quad(node, self._predicate(role, known), _term(value))
        if isinstance(value, Time):
            full = NamedNode(f"{self._base}value/{terms.digest('time', value.date)}")
            yield Quad(node, self._predicate(f"{role}-value", known), full)
            if value.date not in self._seen:
                self._seen.add(value.date)
                yield Quad(full, v.TYPE, w.TIME_VALUE)
                yield Quad(full, w.TIME, _term(value))
                yield Quad(full, w.PRECISION, terms.integer(value.precision))
                yield Quad(full, w.ZONE, _ZERO)
                yield Quad(full, w.CALENDAR, w.GREGORIAN)


def _names(node: NamedNode, label: str, language: str) -> Iterator[Quad]:
    text = Literal(label, language=language)
    for predicate in (v.LABEL, w.PREFERRED_LABEL, w.NAME):
        yield Quad(node, predicate, text)


def _term(value: Value) -> NamedNode | Literal:
    """The simple value: that of `wdt:`, `ps:`, `pq:` and `pr:`."""
    if isinstance(value, ItemValue):
        return NamedNode(value.iri)
    if isinstance(value, Time):
        return Literal(value.point("01"), datatype=w.DATE_TIME)
    if isinstance(value, Url):
        return NamedNode(value.address)
    assert isinstance(value, Text)
    return Literal(value.text) if value.language is None else Literal(value.text, language=value.language)
