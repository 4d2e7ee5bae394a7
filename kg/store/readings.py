"""What articles alone say of entities, kept for those articles in which people said that one of these is another.

An article's graph names entities, statements and references by their IRIs, and does not tell what these would be had
nobody decided. So all that names them is kept as it was read, as one text for each such article in a graph of its own,
with the entities as decisions name them: with the suffix of their type. From it the article's graph is made anew when
somebody decides otherwise. The rest of that graph, such as its sentences, is the same whatever is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from kg.errors import StoreError
from kg.link.across import EntityKey
from kg.link.profiles import Profile, parsed
from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT, ArticleTriples, Shape
from kg.store.base import Term, iri
from kg.store.decisions import Content
from kg.store.pending import Pending, quads_of

_TRIPLE = frozenset({v.SUBJECT, v.PREDICATE, v.OBJECT})
_NAMING = frozenset({v.MENTIONS, v.IDENTIFIES, v.DERIVED_FROM})
"""What leads to entities and references; beside it, only references themselves are named by what is decided."""


def readings_graph(base: str) -> NamedNode:
    """The graph in which readings are kept, in the graph that begins with `base`."""
    return NamedNode(base + "readings")


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as it was read: the quads of its graph, and what its statements say. Entities bear their types."""

    article: NamedNode
    own: tuple[Quad, ...]
    statements: Mapping[NamedNode, Content]


class Readings:
    """The readings of a store: those that are kept, and others as they can be told. Changes are pending."""

    def __init__(self, pending: Pending, shape: Shape) -> None:
        self._pending = pending
        self._shape = shape
        self._graph = readings_graph(shape.base)

    def form(self, key: EntityKey) -> NamedNode:
        """An entity as readings name it."""
        return self._shape.homonym(*key)

    def entities(self, reading: Reading) -> dict[NamedNode, EntityKey]:
        """The entities of an article, by the IRIs that they have in its reading."""
        found = (iri(quad.object) for quad in reading.own if quad.predicate == v.MENTIONS)
        return {entity: EntityKey(*self._shape.parts(entity)) for entity in found}

    def of_triples(self, triples: ArticleTriples) -> Reading:
        """What was read just now; the entities of the triples bear their types."""
        statements = {node: _content(quads) for node, quads in triples.statements.items()}
        return Reading(triples.graph, tuple(quads_of(triples.own)), statements)

    def of_article(self, article: NamedNode, key: Callable[[NamedNode], EntityKey]) -> Reading:
        """What was read of an article of the graph. Nothing may be decided on its facts meanwhile.

        `key` gives what an entity of the graph is known by.
        """
        own = tuple(self._pending.match(None, None, None, article))
        kept = self._kept(article)
        if kept is not None:
            naming = _naming(own)
            found = list(ox.parse(_text(kept), RdfFormat.N_QUADS))
            statements: dict[NamedNode, list[Quad]] = {}
            for quad in found:
                if quad.graph_name == DEFAULT:
                    statements.setdefault(iri(quad.subject), []).append(quad)
            read = (*(quad for quad in own if quad not in naming), *(q for q in found if q.graph_name == article))
            return Reading(article, read, {node: _content(quads) for node, quads in statements.items()})
        said = {
            iri(quad.subject): _content(self._pending.match(quad.subject, None, None, DEFAULT))
            for quad in own
            if quad.predicate == v.DERIVED_FROM
        }
        entities = {iri(quad.object) for quad in own if quad.predicate == v.MENTIONS}
        return self._renamed(Reading(article, own, said), {entity: self.form(key(entity)) for entity in entities})

    def keep(self, article: NamedNode, reading: Reading | None) -> bool:
        """Keep this reading of an article, or none, in the place of a former one; whether that changes anything."""
        former = self._kept(article)
        new = None
        if reading is not None:
            new = Quad(self._node(article), v.CONTENT, Literal(_written(reading)), self._graph)
        if former == new:
            return False
        if former is not None:
            self._pending.remove(former)
        if new is not None:
            self._pending.add(new)
        return True

    def triples(self, reading: Reading, entities: Mapping[NamedNode, tuple[NamedNode, EntityKey]]) -> ArticleTriples:
        """The triples of an article with these entities in the place of those that it was read with."""
        found = self._renamed(reading, {entity: new for entity, (new, _) in entities.items()})
        statements = dict(
            self._shape.stated(
                iri(parts[v.SUBJECT]), iri(parts[v.PREDICATE]), parts[v.OBJECT],
                [pair for pair in content if pair[0] not in _TRIPLE],
            )
            for content in found.statements.values()
            if (parts := dict(content))
        )  # fmt: skip
        names, links = named(found.own)
        for content in found.statements.values():
            parts = dict(content)
            value = parts[v.OBJECT]
            if parts[v.PREDICATE] in self._shape.naming and isinstance(value, Literal):
                names[iri(parts[v.SUBJECT])].add(value.value)
        return ArticleTriples(
            reading.article,
            tuple(f"{quad} .\n" for quad in found.own),
            {new: self._shape.types[key.type] for new, key in entities.values()},
            {entity: frozenset(found) for entity, found in names.items()},
            links,
            statements,
        )

    def _renamed(self, reading: Reading, entities: Mapping[NamedNode, NamedNode]) -> Reading:
        """The same with other IRIs of entities, and so of statements and references."""
        names: dict[Term, NamedNode] = dict(entities.items())
        statements = {}
        for node, content in reading.statements.items():
            renamed = tuple((predicate, names.get(value, value)) for predicate, value in content)
            names[node] = self._shape.statement(renamed)
            statements[names[node]] = renamed
        parts: dict[Term, dict[NamedNode, Term]] = {}
        for quad in reading.own:
            parts.setdefault(quad.subject, {})[quad.predicate] = quad.object
        for quad in reading.own:
            if quad.predicate == v.DERIVED_FROM:
                of = parts[quad.object]
                names[quad.object] = self._shape.reference(
                    names[quad.subject], iri(of[v.SENTENCE]), iri(of[v.ATTRIBUTED_TO])
                )
        own: dict[Quad, None] = {}
        scores: dict[Term, Quad] = {}
        for quad in reading.own:
            new = Quad(
                names.get(quad.subject, quad.subject),
                quad.predicate,
                names.get(quad.object, quad.object),
                quad.graph_name,
            )
            if quad.predicate != v.CONFIDENCE:
                own[new] = None
            elif new.subject not in scores or float(_text(scores[new.subject])) < float(_text(new)):
                # Two facts that have become one are as sure as the surer one.
                scores[new.subject] = new
        return Reading(reading.article, (*own, *scores.values()), statements)

    def _kept(self, article: NamedNode) -> Quad | None:
        return next(self._pending.match(self._node(article), v.CONTENT, None, self._graph), None)

    def _node(self, article: NamedNode) -> NamedNode:
        return NamedNode(self._shape.base + "reading/" + article.value.removeprefix(self._shape.base + "article/"))


def named(own: Iterable[Quad]) -> tuple[dict[NamedNode, set[str]], frozenset[tuple[NamedNode, NamedNode]]]:
    """The names that the mentions of an article's graph give to entities, and the items to which they link them."""
    quads = list(own)
    texts = {quad.subject: _text(quad) for quad in quads if quad.predicate == v.ANCHOR}
    nameless = {quad.subject for quad in quads if quad.predicate == v.TYPE and quad.object in v.NAMELESS}
    items: dict[Term, list[NamedNode]] = {}
    for quad in quads:
        if quad.predicate == v.LINKS_TO:
            items.setdefault(quad.subject, []).append(iri(quad.object))
    names: dict[NamedNode, set[str]] = {}
    links: set[tuple[NamedNode, NamedNode]] = set()
    for quad in quads:
        if quad.predicate == v.IDENTIFIES:
            entity = iri(quad.object)
            if quad.subject not in nameless:
                names.setdefault(entity, set()).add(texts[quad.subject])
            links.update((entity, item) for item in items.get(quad.subject, ()))
    return names, frozenset(links)


def said(own: Iterable[Quad]) -> dict[NamedNode, Profile]:
    """What an article alone says of its entities."""
    quads = list(own)
    found = {quad.subject: parsed(_text(quad)) for quad in quads if quad.predicate == v.PROFILE}
    return {
        iri(quad.object): found[quad.subject]
        for quad in quads
        if quad.predicate == v.IDENTIFIES and quad.subject in found
    }


def _written(reading: Reading) -> str:
    """What of a reading is kept."""
    said = (
        Quad(node, predicate, value, DEFAULT)
        for node, content in reading.statements.items()
        for predicate, value in content
    )
    return "".join(sorted(f"{quad} .\n" for quad in (*_naming(reading.own), *said)))


def _naming(own: Iterable[Quad]) -> dict[Quad, None]:
    """The quads of an article's graph that name its entities, statements and references."""
    quads = list(own)
    references = {quad.object for quad in quads if quad.predicate == v.DERIVED_FROM}
    return {quad: None for quad in quads if quad.predicate in _NAMING or quad.subject in references}


def _content(quads: Iterable[Quad]) -> Content:
    """What a statement says: without its class, and without the edge, which has another subject."""
    found = list(quads)
    statement = next((quad.subject for quad in found if quad.predicate == v.SUBJECT), None)
    if statement is None:
        raise StoreError(
            "An article cites a fact that is not in the default graph, so it was not put there by reading it. "
            "Forget the article ('kg forget') and add it anew."
        )
    return tuple(
        (quad.predicate, quad.object)
        for quad in found
        if quad.subject == statement and quad.predicate != v.TYPE and isinstance(quad.object, NamedNode | Literal)
    )


def _text(quad: Quad) -> str:
    assert isinstance(quad.object, Literal)
    return quad.object.value
