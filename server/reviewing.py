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
    page: int
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

    def queue(self, wanted: Wanted, page: int) -> Queue:
        """Page `page`, from 1, of the facts to be reviewed; the last one, where what it had is reviewed.

        Those that are equally sure come in the engine's own order, as to sort by IRIs takes it ten times as long.
        """
        which = _pattern(wanted)
        ((total,),) = self._rows(f"SELECT (COUNT(DISTINCT ?statement) AS ?number) {{ {which} }}")
        pages = max(1, -(-int(total) // PAGE))
        page = min(max(page, 1), pages)
        rows = self._rows(f"{_by_confidence(wanted, which)} LIMIT {PAGE} OFFSET {(page - 1) * PAGE}")
        article = self._facts.source(NamedNode(wanted.article)) if wanted.article else None
        return Queue(tuple(self._items(row[0] for row in rows)), int(total), page, pages, article)

    def _items(self, iris: Iterable[str]) -> Iterator[Item]:
        for one in iris:
            found = self._facts.statement(one)
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

    def entity(self, name: str, search: Search) -> Reviewed | None:
        """What may be decided about the entity with the IRI `name`; None if there is none."""
        entity = self._facts.head(name)
        if entity is None:
            return None
        kind = self._pages.kind(name)
        alike = {
            one.iri: one
            for text in (entity.label, *entity.aliases)
            for one in find(self._facts, search, text, _ALIKE)
            if one.kind == kind.label and one.iri != name
        }
        best: dict[str, Candidate] = {}
        for joined in explain(self._facts, self._store, name, _EXPLAINED):
            for one in joined.candidates:
                found = Candidate(one.item, one.label, one.description, one.probability)
                best[one.item] = max(found, best.get(one.item, found), key=lambda one: one.probability)
        return Reviewed(
            entity,
            kind,
            tuple(sorted(best.values(), key=lambda one: (-one.probability, one.item))),
            tuple(sorted(alike.values(), key=lambda one: -one.score)[:_ALIKE]),
            self._pages.articles(name)[0],
        )

    def _rows(self, query: str) -> list[list[str]]:
        found = self._store.query(query, base="http://localhost/", prefixes=v.PREFIXES, union=True)
        assert isinstance(found, QuerySolutions)
        return [["" if value is None else value.value for value in row] for row in found]


def _pattern(wanted: Wanted) -> str:
    """Which statements are wanted. What is rejected has no relation any more, but references still."""
    parts = [f"?statement {v.ACCEPTED_BY} ?decision ."] if wanted.state == ACCEPTED else []
    if wanted.statement:
        parts.append(f"VALUES ?statement {{ {NamedNode(wanted.statement)} }}")
    if wanted.article:
        stated = f"GRAPH {NamedNode(wanted.article)} {{ ?statement {v.DERIVED_FROM} ?any }}"
        parts.append(f"{{ SELECT DISTINCT ?statement {{ {stated} }} }}")
    if wanted.kind:
        ends = f"?end a {NamedNode(wanted.kind)} . ?statement {v.SUBJECT}|{v.OBJECT} ?end"
        parts.append(f"{{ SELECT DISTINCT ?statement {{ {ends} }} }}")
    relation = NamedNode(wanted.relation) if wanted.relation else "?relation"
    parts.append(f"?statement {v.PREDICATE} {relation} .")
    if wanted.state == OPEN:
        parts.append(f"MINUS {{ ?statement {v.ACCEPTED_BY} ?decision }}")
    return " ".join(parts)


def _by_confidence(wanted: Wanted, which: str) -> str:
    """The query for the statements of a pattern, the least sure first, each as sure as its surest reference.

    What a person accepted is sure, and may have no reference. The engine joins in the order in which it is told: where
    all facts are wanted, their confidence is worked out before it is looked whether they stand.
    """
    read = f"?statement {v.DERIVED_FROM} ?reference . ?reference {v.CONFIDENCE} ?found"
    said = f"?statement {v.ACCEPTED_BY} ?acceptance BIND (1.0 AS ?found)"
    found = {OPEN: read, ACCEPTED: said, ALL: f"{{ {read} }} UNION {{ {said} }}"}[wanted.state]
    best = "SELECT ?statement (MAX(?found) AS ?confidence)"
    if wanted.statement or wanted.article or wanted.relation or wanted.kind or wanted.state == ACCEPTED:
        return f"{best} {{ {{ SELECT ?statement {{ {which} }} }} {found} }} GROUP BY ?statement ORDER BY ?confidence"
    inner = f"{best} {{ {found} }} GROUP BY ?statement"
    return f"SELECT ?statement ?confidence {{ {{ {inner} }} {which} }} ORDER BY ?confidence"


def labels() -> tuple[tuple[Named, ...], tuple[Named, ...]]:
    """The relations and the classes by which facts are chosen."""
    known = ontology.load()
    relations, types = known.relations.values(), known.types.values()
    return tuple(Named(one.iri, one.label) for one in relations), tuple(Named(one.iri, one.label) for one in types)
