"""What the pages of an entity and of an article show, read from a snapshot in a worker process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice, pairwise, zip_longest

from pyoxigraph import NamedNode, QuerySolutions

import ontology
from kg.facts import Citation, EntityFacts, Facts, Named, Source, Statement
from kg.model import Span
from kg.paths import Path
from kg.rdf import vocabulary as v
from kg.rdf.terms import is_date
from kg.store.base import Store
from server.reading import Kind, Line, Piece, paragraphs, pieces, runs, stated

FACTS = 50
"""How many facts a page of an entity has."""
DATED = 200
"""How many facts a page of a timeline has."""
_NEIGHBOURS = 60
_DATED = 40
_ARTICLES = 20
_VALUES = 10
_DATE = "Date"
_ENDS = "http://www.wikidata.org/entity/P582"
"""Wikidata's property for when something ceased to hold: the qualifier that matches it is the end of a fact."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A citation, and its sentence in pieces."""

    citation: Citation
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact as the page of one of its entities shows it: `value` is the other one, or the literal."""

    statement: Statement
    value: Named
    citations: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The facts of one relation on this page, and how many there are on all.

    `token` names the group in addresses, and its relation reads from this entity. Where `is_disputed`, not all of the
    facts can be true.
    """

    token: str
    relation: Named
    total: int
    is_disputed: bool
    facts: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entity that shares a fact with that of the page."""

    group: str
    relation: str
    entity: Named
    kind: Kind


@dataclass(frozen=True, slots=True)
class Column:
    """An entity and its class."""

    named: Named
    kind: Kind


@dataclass(frozen=True, slots=True)
class Dated:
    """A fact with the first and the last of its dates, ISO 8601 of any precision. `about` where there are several.

    Where it `is_end`, only its end is known.
    """

    first: str
    last: str
    relation: str
    value: Named
    statement: str
    is_end: bool = False
    about: Column | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """A fact between two entities, with the first and the last of its dates, empty where it has none."""

    statement: str
    relation: Named
    subject: str
    object: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """An entity with others that share a fact with it, and these facts. `total` is how many there are of these others."""

    entity: Column
    others: tuple[Column, ...]
    ties: tuple[Tie, ...]
    total: int


@dataclass(frozen=True, slots=True)
class EntityPage:
    """One page of the facts of an entity, of all its relations or of the one that is `chosen`.

    `groups` are those of which this page shows facts, `relations` all of them, without facts. `dated` are the newest.
    """

    entity: EntityFacts
    kind: Kind
    relations: tuple[Group, ...]
    groups: tuple[Group, ...]
    chosen: str
    page: int
    pages: int
    neighbours: tuple[Neighbour, ...]
    dated: tuple[Dated, ...]
    articles: tuple[Source, ...]
    article_count: int


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article and all that it mentions.

    `paragraphs` are those of its text where the graph holds the `whole`, else runs of the sentences that state something.
    """

    source: Source
    is_whole: bool
    paragraphs: tuple[tuple[Line, ...], ...]
    entities: tuple[tuple[Named, Kind], ...]
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A fact on the way from one entity to the next, and its relation as it reads on the way."""

    statement: Statement
    relation: Named
    citations: tuple[Marked, ...]
    entity: Named
    kind: Kind


@dataclass(frozen=True, slots=True)
class Cell:
    """The first of an entity's values of a relation, and how many were left out."""

    values: tuple[Named, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Row:
    """A relation, and a cell for each entity."""

    relation: Named
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Entities side by side. `asked` has the name of the entity that each name means, None where there is none."""

    asked: tuple[str | None, ...]
    entities: tuple[Column, ...]
    rows: tuple[Row, ...]
    dated: tuple[Dated, ...]


@dataclass(frozen=True, slots=True)
class Chronicle:
    """One page of the dated facts of some entities. `asked` is as in `Comparison`; `total` counts those of all pages."""

    asked: tuple[str | None, ...]
    entities: tuple[Column, ...]
    dated: tuple[Dated, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Light:
    """A fact of an entity before its sentences are read."""

    token: str
    relation: Named
    value: Named
    statement: Statement


class Pages:
    """Makes pages of a graph."""

    def __init__(self, facts: Facts, store: Store) -> None:
        found = ontology.load()
        self._facts = facts
        self._store = store
        self._numbers = {one.iri: number for number, one in enumerate(found.types.values())}
        self._functional = {one.iri for one in found.relations.values() if one.functional}
        self._symmetric = {one.iri for one in found.relations.values() if one.symmetric}
        self._dates = {one.iri for one in found.relations.values() if one.literal_type == _DATE}
        self._dates |= {one.iri for one in found.qualifiers.values() if one.literal_type == _DATE}
        self._ends = {one.iri for one in found.qualifiers.values() if _ENDS in one.matches}
        self._spans: dict[tuple[str, str], tuple[Span, ...]] = {}

    def kind(self, iri: str) -> Kind:
        """The class of an entity."""
        found = self._facts.kind(NamedNode(iri))
        return Kind(found.label, self._numbers.get(found.iri or "", len(self._numbers)))

    def entity(self, iri: str, chosen: str, page: int) -> EntityPage | None:
        """Page number `page`, from 1, of the group with the token `chosen`, or of all; None if there is no such one."""
        entity = self._facts.entity(iri, whole=False)
        if entity is None:
            return None
        everything = self._everything(entity)
        relations = tuple(self._group(some, some, cited=False) for some in _grouped(everything))
        wanted = [one for one in everything if chosen in ("", one.token)]
        pages = max(1, -(-len(wanted) // FACTS))
        if not 1 <= page <= pages or (chosen and not wanted):
            return None
        whole = {some[0].token: some for some in _grouped(wanted)}
        shown = wanted[(page - 1) * FACTS : page * FACTS]
        articles, count = self.articles(iri)
        return EntityPage(
            entity,
            self.kind(iri),
            relations,
            tuple(self._group(some, whole[some[0].token]) for some in _grouped(shown)),
            chosen,
            page,
            pages,
            tuple(self._neighbours(iri, list(whole.values()))),
            tuple(sorted(self._dated(wanted), key=_by_date)[-_DATED:]),
            articles,
            count,
        )

    def around(self, iri: str, chosen: str, most: int) -> Surroundings | None:
        """At most so many others that share a fact with an entity, of the group with the token `chosen`, or of all."""
        entity = self._facts.entity(iri, whole=False)
        if entity is None:
            return None
        groups = [some for some in _grouped(self._everything(entity)) if chosen in ("", some[0].token)]
        others = {one.value.iri for group in groups for one in group} - {None, iri}
        drawn = {one.value.iri: one.value for one in self._some(iri, groups, most)}
        ties = [
            Tie(found.iri, found.relation, found.subject.iri or "", found.object.iri or "", dates[0], dates[-1])
            for found in dict.fromkeys(one.statement for group in groups for one in group if one.value.iri in drawn)
            if (dates := self._dates_of(found) or [""])
        ]
        return Surroundings(
            Column(Named(iri, entity.label), self.kind(iri)),
            tuple(Column(other, self.kind(other.iri or "")) for other in drawn.values()),
            tuple(ties),
            len(others),
        )

    def chronicle(self, iris: Iterable[str | None], first: int, last: int, page: int) -> Chronicle:
        """The dated facts of these entities from one year to another, in their order."""
        asked = [None if iri is None else self._facts.entity(iri, whole=False) for iri in iris]
        found: dict[str, Dated] = {}
        entities = {}
        for entity in (one for one in asked if one is not None):
            column = entities[entity.iri] = Column(Named(entity.iri, entity.label), self.kind(entity.iri))
            for one in self._dated(self._everything(entity)):
                if int(one.last[:4]) >= first and int(one.first[:4]) <= last:
                    found.setdefault(one.statement, replace(one, about=column))
        dated = sorted(found.values(), key=_by_date)
        return Chronicle(
            tuple(None if one is None else one.label for one in asked),
            tuple(entities.values()),
            tuple(dated[(page - 1) * DATED : page * DATED]),
            len(dated),
        )

    def compare(self, iris: Iterable[str | None]) -> Comparison:
        """These entities side by side: first the relations that most of them have."""
        asked = [None if iri is None else self._facts.entity(iri, whole=False) for iri in iris]
        entities = list({one.iri: one for one in asked if one is not None}.values())
        known = [{some[0].token: some for some in _grouped(self._everything(one))} for one in entities]
        relations = {token: some[0].relation for found in known for token, some in found.items()}
        tokens = sorted(relations, key=lambda token: -sum(token in found for found in known))
        rows = (Row(relations[token], tuple(_cell(found.get(token, ())) for found in known)) for token in tokens)
        columns = [Column(Named(one.iri, one.label), self.kind(one.iri)) for one in entities]
        dated = [
            replace(one, about=column)
            for column, found in zip(columns, known, strict=True)
            for one in self._dated(fact for some in found.values() for fact in some)
        ]
        return Comparison(
            tuple(None if one is None else one.label for one in asked),
            tuple(columns),
            tuple(rows),
            tuple(sorted(dated, key=_by_date)[-_DATED:]),
        )

    def article(self, iri: str) -> ArticlePage | None:
        """The page of an article; None if there is none."""
        found = self._facts.article(iri)
        if found is None:
            return None
        kinds = {entity.iri: self.kind(entity.iri or "") for entity in found.entities}
        mentions = [
            (span, entity, kinds[entity.iri])
            for entity in found.entities
            for span in self._mentions(iri, entity.iri or "")
        ]
        inside = [(span, Piece("", True, entity, kind)) for span, entity, kind in mentions]
        sentences = stated(found)
        shown = runs(sentences) if found.text is None else paragraphs(found.text, found.source.title, sentences)
        used = {kind.number: kind for kind in kinds.values()}
        return ArticlePage(
            found.source,
            found.text is not None,
            tuple(
                tuple(Line(tuple(pieces(part.start, part.text, inside)), part.facts, part.place) for part in paragraph)
                for paragraph in shown
            ),
            tuple((entity, kinds[entity.iri]) for entity in found.entities),
            tuple(used[number] for number in sorted(used)),
        )

    def steps(self, path: Path) -> Iterator[Step]:
        """A path as a page shows it."""
        for node, entity in path:
            found = self._facts.statement(node.value)
            if found is not None:
                side = self._outgoing(found) if found.object.iri == entity.value else self._incoming(found)
                kind = self.kind(entity.value)
                yield Step(found, side.relation, self.marked(found), self._facts.named(entity), kind)

    def marked(self, statement: Statement) -> tuple[Marked, ...]:
        """The citations of a statement, with the words in question marked."""
        named = [statement.subject, statement.object, *(value for _, value in statement.qualifiers)]
        return tuple(
            Marked(one, tuple(pieces(one.start, one.text, self._words(one, named)))) for one in statement.citations
        )

    def _words(self, citation: Citation, named: Iterable[Named]) -> Iterator[tuple[Span, Piece]]:
        for one in named:
            if one.iri is not None:
                for span in self._mentions(citation.source.iri, one.iri):
                    yield span, Piece("", True)
            else:
                # Sentences say dates in words; the year can be found.
                word = one.label[:4] if is_date(one.label) else one.label
                place = citation.text.lower().find(word.lower())
                if place >= 0:
                    yield Span(citation.start + place, citation.start + place + len(word)), Piece("", True)

    def _mentions(self, article: str, entity: str) -> tuple[Span, ...]:
        key = (article, entity)
        if key not in self._spans:
            self._spans[key] = self._facts.mentions(article, entity)
        return self._spans[key]

    def _group(self, some: Sequence[_Light], whole: Sequence[_Light], *, cited: bool = True) -> Group:
        first = some[0]
        is_disputed = first.statement.relation.iri in self._functional and not first.token.startswith("-")
        shown = []
        for one in some if cited else ():
            statement = self._facts.cited(one.statement)
            shown.append(Shown(statement, one.value, self.marked(statement)))
        values = [one.value.label for one in whole]
        return Group(first.token, first.relation, len(whole), is_disputed and _differ(values), tuple(shown))

    def _everything(self, entity: EntityFacts) -> list[_Light]:
        """All facts of an entity and about it, those of one relation together."""
        found = [*map(self._outgoing, entity.facts), *map(self._incoming, entity.facts_about)]
        first = {one.token: place for place, one in reversed([*enumerate(found)])}
        return sorted(found, key=lambda one: first[one.token])

    def _outgoing(self, found: Statement) -> _Light:
        return _Light(_fragment(found.relation.iri), found.relation, found.object, found)

    def _incoming(self, found: Statement) -> _Light:
        token = _fragment(found.relation.iri)
        if found.relation.iri in self._symmetric:
            return _Light(token, found.relation, found.subject, found)
        label = found.inverse_label or f"{found.relation.label} of"
        return _Light(f"-{token}", Named(found.relation.iri, label), found.subject, found)

    def _neighbours(self, iri: str, groups: list[list[_Light]]) -> Iterator[Neighbour]:
        for one in self._some(iri, groups, _NEIGHBOURS):
            yield Neighbour(one.token, one.relation.label, one.value, self.kind(one.value.iri or ""))

    @staticmethod
    def _some(iri: str, groups: list[list[_Light]], most: int) -> Iterator[_Light]:
        """A fact for each of at most so many other entities: some of every relation, rather than all of the first."""
        turns = zip_longest(*([one for one in group if one.value.iri not in (None, iri)] for group in groups))
        fresh: dict[str | None, _Light] = {}
        for one in (one for turn in turns for one in turn if one is not None):
            fresh.setdefault(one.value.iri, one)
        return islice(fresh.values(), most)

    def _dated(self, some: Iterable[_Light]) -> Iterator[Dated]:
        """Of one fact that is stated with more and with less, only that which says more."""
        told: dict[tuple[str, Named], list[_Light]] = {}
        for one in some:
            told.setdefault((one.token, one.value), []).append(one)
        for alike in told.values():
            said = [set(one.statement.qualifiers) for one in alike]
            for one, own in zip(alike, said, strict=True):
                dates = self._dates_of(one.statement)
                if dates and not any(own < other for other in said):
                    is_end = len(dates) == 1 and any(name.iri in self._ends for name, _ in own)
                    yield Dated(dates[0], dates[-1], one.relation.label, one.value, one.statement.iri, is_end)

    def _dates_of(self, statement: Statement) -> list[str]:
        parts = [(statement.relation, statement.object), *statement.qualifiers]
        return sorted(value.label for name, value in parts if name.iri in self._dates)

    def articles(self, iri: str) -> tuple[tuple[Source, ...], int]:
        """The newest articles that mention an entity, and how many do."""
        node = NamedNode(iri)
        count = sum(1 for _ in self._store.match(None, v.MENTIONS, node))
        found = self._store.query(
            f"SELECT ?article {{ ?article schema:mentions {node} OPTIONAL {{ ?article schema:datePublished ?day }} }}"
            f" ORDER BY DESC(STR(?day)) ?article LIMIT {_ARTICLES}",
            base="http://localhost/", prefixes=v.PREFIXES, union=True,
        )  # fmt: skip
        assert isinstance(found, QuerySolutions)
        return tuple(self._facts.source(row[0]) for row in found if isinstance(row[0], NamedNode)), count


def _cell(some: Sequence[_Light]) -> Cell:
    values = list({one.value: None for one in some})
    return Cell(tuple(values[:_VALUES]), max(0, len(values) - _VALUES))


def _by_date(one: Dated) -> tuple[str, str, str]:
    return one.first, one.last, one.statement


def _fragment(iri: str | None) -> str:
    return (iri or "").rpartition("#")[2]


def _grouped(facts: Iterable[_Light]) -> Iterator[list[_Light]]:
    return (list(some) for _, some in groupby(facts, key=lambda one: one.token))


def _differ(values: Iterable[str]) -> bool:
    """Whether two of these can't both be right: of dates, one may say more exactly what the other says."""
    return any(not later.startswith(earlier) for earlier, later in pairwise(sorted(set(values))))
