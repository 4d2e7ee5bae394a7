"""What a reviewer sees, read in a worker process: facts by confidence, and what may be decided about an entity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, QuerySolutions

import ontology
from kg.facts import EntityFacts, Facts, Named, Source, Statement
from kg.found import Found, find
from kg.rdf import vocabulary as v
from kg.search.hits import Search
from kg.store.base import Store
from kg.why import explain
from server.pages import Marked, Pages
from server.reading import Kind

PAGE = 20
"""How many facts a page of them has."""
OPEN, ACCEPTED, ALL = "open", "accepted", "all"
_ALIKE = 8
_EXPLAINED = 10
"""In so many articles candidates for a link are looked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which facts are to be reviewed; an empty text is no condition.

    `relation` and `kind` (the class of the subject or the object) are IRIs of the ontology, `article` and `statement`
    of the graph. `state` is OPEN for those that nobody reviewed, ACCEPTED, or ALL.
    """

    relation: str
    kind: str
    article: str
    statement: str
    state: str


@dataclass(frozen=True, slots=True)
class Field:
    """What may be corrected of a fact: a qualifier that it has or may have, or the date that it tells."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Item:
    """A fact to be reviewed. Its confidence is that of its surest sentence; None where no article states it."""

    statement: Statement
    citations: tuple[Marked, ...]
    confidence: float | None
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the facts to be reviewed, the least sure first, and how many there are."""

    items: tuple[Item, ...]
    total: int
    pages: int
    article: Source | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that an entity may be, and the highest probability of it among the articles."""

    item: str
    label: str
    description: str
    probability: float


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An entity, with what it may be linked to, merged with, and split into."""

    entity: EntityFacts
    kind: Kind
    candidates: tuple[Candidate, ...]
    alike: tuple[Found, ...]
    articles: tuple[Source, ...]


class Reviewing:
    """Reads what is to be reviewed."""

    def __init__(self, facts: Facts, store: Store) -> None:
        self._facts = facts
        self._store = store
        self._pages = Pages(facts, store)
        known = ontology.load()
        self._relations = {found.iri: found for found in known.relations.values()}
        self._qualifiers = known.qualifiers

    def queue(self, wanted: Wanted, page: int) -> Queue | None:
        """Page `page`, from 1, of the facts to be reviewed; None if there is no such page."""
        pattern = _pattern(wanted)
        ((total,),) = self._rows(f"SELECT (COUNT(DISTINCT ?statement) AS ?number) {pattern}")
        pages = max(1, -(-int(total) // PAGE))
        if not 1 <= page <= pages:
            return None
        rows = self._rows(
            f"SELECT ?statement (MAX(?found) AS ?confidence) {pattern} GROUP BY ?statement"
            f" ORDER BY ?confidence ?statement LIMIT {PAGE} OFFSET {(page - 1) * PAGE}"
        )
        article = self._facts.source(NamedNode(wanted.article)) if wanted.article else None
        return Queue(tuple(self._items(row[0] for row in rows)), int(total), pages, article)

    def _items(self, iris: Iterable[str]) -> Iterator[Item]:
        for iri in iris:
            found = self._facts.statement(iri)
            if found is not None:
                sure = max((one.confidence for one in found.citations), default=None)
                yield Item(found, self._pages.marked(found), sure, tuple(self._fields(found)))

    def _fields(self, statement: Statement) -> Iterator[Field]:
        relation = self._relations[statement.relation.iri or ""]
        said = {name.iri: value.label for name, value in statement.qualifiers}
        for key in relation.qualifiers:
            found = self._qualifiers[key]
            yield Field(key, found.label, said.get(found.iri, ""))
        if not relation.range:
            yield Field(relation.key, relation.label, statement.object.label)

    def entity(self, iri: str, search: Search) -> Reviewed | None:
        """What may be decided about an entity; None if there is none."""
        entity = self._facts.entity(iri, whole=False)
        if entity is None:
            return None
        kind = self._pages.kind(iri)
        alike = {
            one.iri: one
            for name in (entity.label, *entity.aliases)
            for one in find(self._facts, search, name, _ALIKE)
            if one.kind == kind.label and one.iri != iri
        }
        best: dict[str, Candidate] = {}
        for joined in explain(self._facts, self._store, iri, _EXPLAINED):
            for one in joined.candidates:
                found = Candidate(one.item, one.label, one.description, one.probability)
                best[one.item] = max(found, best.get(one.item, found), key=lambda one: one.probability)
        return Reviewed(
            entity,
            kind,
            tuple(sorted(best.values(), key=lambda one: (-one.probability, one.item))),
            tuple(sorted(alike.values(), key=lambda one: -one.score)[:_ALIKE]),
            self._pages.articles(iri)[0],
        )

    def _rows(self, query: str) -> list[list[str]]:
        found = self._store.query(query, base="http://localhost/", prefixes=v.PREFIXES, union=True)
        assert isinstance(found, QuerySolutions)
        return [["" if value is None else value.value for value in row] for row in found]


def _pattern(wanted: Wanted) -> str:
    """The WHERE clause for the facts that are wanted; ?found is the confidence of each of their references."""
    parts = [f"?statement {v.SUBJECT} ?subject ."]
    if wanted.statement:
        parts.append(f"VALUES ?statement {{ {NamedNode(wanted.statement)} }}")
    if wanted.relation:
        parts.append(f"?statement {v.PREDICATE} {NamedNode(wanted.relation)} .")
    if wanted.kind:
        side = f"?statement {v.SUBJECT}|{v.OBJECT} ?side . ?side a {NamedNode(wanted.kind)}"
        parts.append(f"FILTER EXISTS {{ {side} }}")
    if wanted.article:
        parts.append(f"FILTER EXISTS {{ GRAPH {NamedNode(wanted.article)} {{ ?statement {v.DERIVED_FROM} ?any }} }}")
    reviewed = f"EXISTS {{ ?statement {v.ACCEPTED_BY} ?decision }}"
    if wanted.state == OPEN:
        parts.append(f"FILTER NOT {reviewed}")
    elif wanted.state == ACCEPTED:
        parts.append(f"FILTER {reviewed}")
    reference = f"?statement {v.DERIVED_FROM} ?reference . ?reference {v.CONFIDENCE} ?found"
    return f"{{ {' '.join(parts)} OPTIONAL {{ {reference} }} }}"


def labels() -> tuple[tuple[Named, ...], tuple[Named, ...]]:
    """The relations and the classes by which facts are chosen."""
    known = ontology.load()
    relations, types = known.relations.values(), known.types.values()
    return tuple(Named(one.iri, one.label) for one in relations), tuple(Named(one.iri, one.label) for one in types)
