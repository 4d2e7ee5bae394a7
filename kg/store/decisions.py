"""What people decided, as the graph keeps it: in a graph of its own, in terms that outlive any reading.

An entity is written with the suffix of its type, whether it has a homonym or not, and as text: so nothing that comes
into the graph or leaves it changes a decision, and no query takes a rejected fact for a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from kg.errors import StoreError
from kg.link.across import EntityKey
from kg.rdf import terms
from kg.rdf import vocabulary as v
from kg.rdf.article import Shape
from kg.store.base import Matching, Term
from kg.store.identities import Identities, Identity

Pair = tuple[NamedNode, NamedNode | Literal]
Content = tuple[Pair, ...]
"""Properties and values of a statement, the subject, predicate and object among them."""

ACCEPT, REJECT, MERGE, SPLIT = "accept", "reject", "merge", "split"
_DATE_TIME = NamedNode(v.XSD + "dateTime")
_HERE = "urn:here"


@dataclass(frozen=True, slots=True)
class Decision:
    """That a fact holds, or does not, whatever articles say; or that a sentence of an article does not state it.

    `content` are lines of N-Triples about a statement, whose entities bear the suffix of their type; that an entity is
    linked is a statement, too, and so is it that it is another one (merged), or that it is not the one that an article
    seems to mention, but another (split). `article` (its identifier) and `sentence` (its text) are there where only
    this reference is rejected, and `article` where the mentions there are another entity's. `made` is when, in ISO 8601.
    """

    verdict: str
    content: str
    article: str | None
    sentence: str | None
    author: str
    made: str
    reason: str | None

    @property
    def id(self) -> str:
        """What is decided, not how: a new decision takes the place of the former one."""
        return terms.digest(self.content, self.article or "", self.sentence or "")


class Kept:
    """The decisions of a graph, by identifier, and by the entities that they are about."""

    def __init__(self, store: Matching, shape: Shape) -> None:
        self.graph = NamedNode(shape.base + "decisions")
        self._shape = shape
        self.identities = Identities(())
        self.all: dict[str, Decision] = {}
        self._by_content: dict[str, dict[str, Decision]] = {}
        self._by_slug: dict[str, set[str]] = {}
        found: dict[NamedNode, dict[NamedNode, str]] = {}
        for quad in store.match(None, None, None, self.graph):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                found.setdefault(quad.subject, {})[quad.predicate] = quad.object.value
        for node, parts in found.items():
            decision = self._read(node, parts)
            self.all[decision.id] = decision
        self._index_all()

    def _read(self, node: NamedNode, parts: Mapping[NamedNode, str]) -> Decision:
        """Raises StoreError where somebody wrote into the graph what is no decision."""
        try:
            verdict, content, author, made = (parts[p] for p in (v.VERDICT, v.CONTENT, v.CREATOR, v.CREATED))
            article, sentence, reason = (parts.get(p) for p in (v.ABOUT_ARTICLE, v.ABOUT_SENTENCE, v.COMMENT))
            decision = Decision(verdict, content, article, sentence, author, made, reason)
            self.identity(decision)
        except (KeyError, SyntaxError) as error:
            raise StoreError(f"{node} in the graph {self.graph} is no decision; take it out of there.") from error
        return decision

    def _index_all(self) -> None:
        """What is one and what is not decides which decisions are on the same facts."""
        ordered = sorted(self.all.values(), key=_age)
        self.identities = Identities(said for one in ordered if (said := self.identity(one)) is not None)
        self._by_content, self._by_slug = {}, {}
        for decision in ordered:
            self._index(decision)

    def _index(self, decision: Decision) -> None:
        if decision.verdict in (MERGE, SPLIT):
            return
        content = self._as_one(decision.content)
        self._by_content.setdefault(content, {})[decision.id] = decision
        for slug in self.slugs(content):
            self._by_slug.setdefault(slug, set()).add(content)

    def node(self, decision: Decision) -> NamedNode:
        return NamedNode(f"{self._shape.base}decision/{decision.id}")

    def put(self, decision: Decision) -> Iterator[Quad]:
        """Keep a decision; the quads that are it."""
        self.all[decision.id] = decision
        if decision.verdict in (MERGE, SPLIT):
            self._index_all()
        else:
            self._index(decision)
        yield from self.quads(decision)

    def remove(self, decision: Decision) -> Iterator[Quad]:
        """Keep a decision no more; the quads that were it."""
        del self.all[decision.id]
        if decision.verdict in (MERGE, SPLIT):
            self._index_all()
        else:
            content = self._as_one(decision.content)
            del self._by_content[content][decision.id]
            if not self._by_content[content]:
                del self._by_content[content]
                for slug in self.slugs(content):
                    self._by_slug[slug].discard(content)
        yield from self.quads(decision)

    def identity(self, decision: Decision) -> Identity | None:
        """What a decision says of which entity is which; None where it is about facts. Raises KeyError."""
        if decision.verdict not in (MERGE, SPLIT):
            self._keys(decision.content)
            return None
        parts, keys = dict(parsed(decision.content)), self._keys(decision.content)
        return Identity(keys[parts[v.SUBJECT]], keys[parts[v.OBJECT]], decision.article)

    def quads(self, decision: Decision) -> Iterator[Quad]:
        node = self.node(decision)
        values = (
            (v.TYPE, v.DECISION),
            (v.VERDICT, terms.string(decision.verdict)),
            (v.CONTENT, Literal(decision.content)),
            (v.CREATOR, terms.string(decision.author)),
            (v.CREATED, Literal(decision.made, datatype=_DATE_TIME)),
            (v.ABOUT_ARTICLE, None if decision.article is None else terms.string(decision.article)),
            (v.ABOUT_SENTENCE, None if decision.sentence is None else terms.string(decision.sentence)),
            (v.COMMENT, None if decision.reason is None else terms.string(decision.reason)),
        )
        for predicate, value in values:
            if value is not None:
                yield Quad(node, predicate, value, self.graph)

    def on(self, content: str) -> list[Decision]:
        """The decisions about a statement (the last one, if several were made on it before it became one) and its references."""
        found = sorted(self._by_content.get(content, {}).values(), key=_age)
        return [one for one in found if one.sentence is not None] + [one for one in found if one.sentence is None][-1:]

    def about(self, slugs: Iterable[str]) -> list[str]:
        """The contents that are decided on, of statements about entities with these slugs."""
        return sorted({content for slug in slugs for content in self._by_slug.get(slug, ())})

    def keys(self, content: str) -> dict[Term, EntityKey]:
        """The entities of a content, as they stand in the graph."""
        return {entity: self.identities.of(key) for entity, key in self._keys(content).items()}

    def slugs(self, content: str) -> set[str]:
        return {key.slug for key in self.keys(content).values()}

    def _keys(self, content: str) -> dict[Term, EntityKey]:
        space = self._shape.base + "entity/"
        return {
            value: EntityKey(*self._shape.parts(value))
            for _, value in parsed(content)
            if isinstance(value, NamedNode) and value.value.startswith(space)
        }

    def _as_one(self, content: str) -> str:
        """The same content for whatever is said of entities that people said to be one."""
        if not self.identities:
            return content
        names = {entity: self._shape.homonym(*key) for entity, key in self.keys(content).items()}
        return written(tuple((predicate, names.get(value, value)) for predicate, value in parsed(content)))


def _age(decision: Decision) -> tuple[str, str]:
    return decision.made, decision.id


def written(content: Content) -> str:
    """A content as text, the same for the same statement."""
    return "".join(sorted(f"<{_HERE}> {predicate} {value} .\n" for predicate, value in content))


def parsed(content: str) -> Content:
    return tuple(
        (quad.predicate, quad.object)
        for quad in ox.parse(content, RdfFormat.N_TRIPLES)
        if isinstance(quad.object, NamedNode | Literal)
    )
