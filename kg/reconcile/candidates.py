"""Finds the candidates of a query and scores them.

They come from the search for the names (all words first; then any, misspelled ones too, unless some name is much the
same), or, where no name is given, from those that have a wanted value. The score is the mean of how well each
condition is met; a property counts less than a name, and one of which the graph knows no value counts half, as an
article need not tell everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz

from kg.rdf import terms
from kg.rdf import vocabulary as v
from kg.reconcile.entities import Entities
from kg.reconcile.model import Candidate, Condition, Feature, Query, Ref, Wanted
from kg.reconcile.properties import Property, Schema
from kg.search.hits import Search
from kg.search.words import WORD, fold
from kg.store.base import Object

_NAMES = (v.LABEL, v.ALTERNATIVE)
_SEARCHED = 100
"""So many of the best hits are scored."""
_WORDS = 12
"""So many words of a name are taken for misspelled ones."""
_SAME = 0.9
"""Names as alike as this are taken for the same."""
_WEIGHTS = {"name": 1.0, "id": 1.0, "property": 0.4}
_UNKNOWN = 0.5
_OTHER_TYPE = 0.6
"""What is left of the score of an entity of another type, where that is allowed."""
_SURE = 85.0
_AHEAD = 10.0
"""A candidate is a match if its score is so high, and so far ahead of the next one's."""


@dataclass(frozen=True, slots=True)
class _Scored:
    node: NamedNode
    name: str
    score: float
    is_like: bool
    """Whether its name, or its identifier, is much the same, and its type is the one that is wanted."""
    types: tuple[str, ...]
    features: tuple[Feature, ...]


class Matcher:
    """Answers queries over the entities of a store."""

    def __init__(self, entities: Entities, schema: Schema, search: Search) -> None:
        self._entities = entities
        self._schema = schema
        self._search = search

    def candidates(self, query: Query) -> tuple[Candidate, ...]:
        """The best candidates, at most as many as the query allows."""
        scored = [found for node in self._found(query) if (found := self._scored(node, query)) is not None]
        counts = {found.node: self._entities.articles(found.node) for found in scored}
        scored.sort(key=lambda found: (-found.score, -counts[found.node], found.node.value))
        return tuple(
            Candidate(
                self._entities.id(found.node),
                found.name,
                self._entities.description(found.node),
                self._entities.refs(found.types),
                found.score,
                place == 0 and _is_sure(scored),
                (*found.features, Feature("articles", "articles that mention it", counts[found.node])),
            )
            for place, found in enumerate(scored[: query.limit])
        )

    def suggestions(self, prefix: str, limit: int, offset: int) -> tuple[tuple[Ref, str, tuple[Ref, ...]], ...]:
        """Entities that have a name with these words, of which the last one may be a beginning, or this identifier.

        Of each its identifier and name, its description, and its types.
        """
        given = self._entities.node(prefix) if prefix else None
        found = {} if given is None else {given: None}
        words = _words(prefix)
        if words:
            found.update(dict.fromkeys(self._hits(" ".join(words), limit + offset, typing=True)))
        return tuple(
            (
                Ref(self._entities.id(node), self._entities.label(node) or ""),
                self._entities.description(node),
                self._entities.refs(self._entities.types(node)),
            )
            for node in islice(found, offset, offset + limit)
        )

    def _found(self, query: Query) -> Iterator[NamedNode]:
        """Candidates, each once."""
        found: dict[NamedNode, None] = {}
        for condition in query.conditions:
            if condition.quantifier == "none":
                continue
            for value in condition.values:
                if condition.kind != "property":
                    # A name may be written as the identifier that it has.
                    node = self._entities.node(value.id or value.text)
                    if node is not None:
                        found[node] = None
                if condition.kind == "name":
                    found.update(dict.fromkeys(self._named(value.text)))
        if not any(condition.kind != "property" and condition.quantifier != "none" for condition in query.conditions):
            for condition in query.conditions:
                if condition.property is not None and condition.quantifier != "none":
                    for value in condition.values:
                        found.update(dict.fromkeys(self._having(condition.property, value)))
        yield from islice(found, _SEARCHED)

    def _named(self, text: str) -> list[NamedNode]:
        """Entities with a name like this."""
        words = _words(text)
        if not words:
            return []
        found = self._hits(" ".join(words), _SEARCHED)
        if not any(self._alike(node, text) >= _SAME for node in found):
            found += self._hits(" OR ".join(f"{word}~" for word in words[:_WORDS]), _SEARCHED)
            found.sort(key=lambda node: -self._alike(node, text))
        return found

    def _hits(self, words: str, limit: int, *, typing: bool = False) -> list[NamedNode]:
        hits = self._search.find(words, limit, properties=_NAMES, typing=typing)
        return [hit.subject for hit in hits if self._entities.is_entity(hit.subject)]

    def _having(self, wanted: Property, value: Wanted) -> Iterator[NamedNode]:
        """Entities that have just this value of a property."""
        for term in self._terms(wanted, value):
            yield from self._entities.with_value(wanted, term)

    def _terms(self, wanted: Property, value: Wanted) -> Iterator[NamedNode | Literal]:
        node = self._entities.node(value.id or value.text)
        if node is not None:
            yield node
        if wanted.range:
            yield from self._entities.called(value.text)
            return
        yield from (terms.date(value.text), terms.string(value.text), terms.name(value.text))
        yield Literal(value.text, datatype=v.ANY_URI)
        for iri in (value.text, v.WD + value.text):
            link = terms.link(iri)
            if isinstance(link, NamedNode):
                yield link

    # Scores.

    def _scored(self, node: NamedNode, query: Query) -> _Scored | None:
        """None where a condition that must be met is not."""
        types = self._entities.types(node)
        has_type = not query.types or not query.types.isdisjoint(types)
        if query.strict and not has_type:
            return None
        total = weights = 0.0
        features: dict[str, Feature] = {}
        # What somebody works at, or where, tells nobody who they are.
        is_like = has_type and any(condition.kind != "property" for condition in query.conditions)
        for condition in query.conditions:
            share = self._share(node, condition)
            if condition.required and (share is None or share < _SAME):
                return None
            if condition.kind != "property" and (share or 0.0) < _SAME:
                is_like = False
            if share is not None:
                feature = _feature(condition, share)
                features[feature.id] = max(feature, features.get(feature.id, feature), key=lambda one: one.value)
            weight = _WEIGHTS[condition.kind]
            weights += weight
            total += weight * (_UNKNOWN if share is None else share)
        if query.types:
            features["type"] = Feature("type", "is of the type", has_type)
        score = 100 * total / weights * (1.0 if has_type else _OTHER_TYPE)
        name = self._entities.label(node) or ""
        return _Scored(node, name, round(score, 2), is_like, types, tuple(features.values()))

    def _share(self, node: NamedNode, condition: Condition) -> float | None:
        """How well a condition is met, from 0 to 1; None where the graph knows nothing of it."""
        if condition.property is None:
            shares = [self._named_so(node, condition, value) for value in condition.values]
        else:
            there = self._entities.values(node, condition.property)
            if not there:
                return None
            shares = [max(self._likeness(term, value) for term in there) for value in condition.values]
        if condition.quantifier == "none":
            return float(max(shares) < _SAME)
        return min(shares) if condition.quantifier == "all" else max(shares)

    def _named_so(self, node: NamedNode, condition: Condition, value: Wanted) -> float:
        if self._entities.node(value.id or value.text) == node:
            return 1.0
        return self._alike(node, value.text) if condition.kind == "name" else 0.0

    def _alike(self, node: NamedNode, text: str) -> float:
        return max(likeness(name, text) for name in self._entities.names(node))

    def _likeness(self, term: Object, value: Wanted) -> float:
        """How like a value is to the wanted one."""
        if isinstance(term, NamedNode):
            if self._entities.is_entity(term):
                if value.id is not None and self._entities.node(value.id) is not None:
                    return float(self._entities.node(value.id) == term)
                if self._entities.id(term) == value.text:
                    return 1.0
                return self._alike(term, value.text)
            wanted = value.id or value.text
            return float(term.value == wanted or term.value.rpartition("/")[2] == wanted)
        text = self._entities.text(term)
        if isinstance(term, Literal) and term.datatype in v.DATES.values():
            shorter, longer = sorted((text, value.text), key=len)
            return float(bool(shorter) and f"{longer}-".startswith(f"{shorter}-"))
        return likeness(text, value.text)


def likeness(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1, whatever the order of their words, capitals, accents and punctuation."""
    one, other = " ".join(_words(one)), " ".join(_words(other))
    if not one or not other:
        return 0.0
    return max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other)) / 100


def _words(text: str) -> list[str]:
    """The words of a name, none of which means anything to the search."""
    return WORD.findall(fold(text))


def _is_sure(scored: list[_Scored]) -> bool:
    """Whether the first is surely the one that is meant."""
    best, *others = scored
    return best.is_like and best.score >= _SURE and (not others or best.score - others[0].score >= _AHEAD)


def _feature(condition: Condition, share: float) -> Feature:
    if condition.property is None:
        return Feature(condition.kind, f"likeness of the {condition.kind}", round(share, 4))
    return Feature(condition.property.id, f"likeness of {condition.property.name}", round(share, 4))
