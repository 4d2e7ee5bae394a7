"""What the graph knows, as structures for tables and pages: an entity, an article, a statement, each with its sources.

The one place that reads the shape back; the command line and the server show what it gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from kg.model import Span
from kg.rdf import terms
from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT, Shape
from kg.store.base import Graph, Matching, Object, Subject
from kg.store.decisions import parsed
from ontology import Ontology

Term = NamedNode | Literal
_CHARACTERS = re.compile(r"#char=(\d+),(\d+)$")


@dataclass(frozen=True, slots=True)
class Named:
    """Something with an IRI and a name to show; a literal has its text and no IRI."""

    iri: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Source:
    """An article's metadata. Dates are ISO 8601 of any precision."""

    iri: str
    title: str | None
    url: str | None
    authors: tuple[str, ...]
    publisher: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence that states a fact. `start` and `end` are its code points in the article's text."""

    reference: str
    source: Source
    sentence: str
    text: str
    start: int
    end: int
    extractor: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Review:
    """That a person accepted a fact: the IRI of the decision, who made it, when (ISO 8601, UTC), and why."""

    decision: str
    author: str
    made: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A fact, with its qualifiers as pairs of property and value, the sentences that say so, and who reviewed it.

    Each sentence is there once, as the surest of those extractors read it that found the fact in it.
    Sentences of which a person said that they do not state it are left out.
    """

    iri: str
    subject: Named
    relation: Named
    inverse_label: str
    object: Named
    qualifiers: tuple[tuple[Named, Named], ...]
    citations: tuple[Citation, ...]
    review: Review | None = None

    def _repr_html_(self) -> str:
        from kg import notebook

        return notebook.statement(self)


@dataclass(frozen=True, slots=True)
class EntityFacts:
    """An entity with the facts of which it is the subject, and those of which it is the object.

    `type` is the key and the label of its class. `same_as` are IRIs elsewhere. `articles` mention it, newest first.
    """

    iri: str
    label: str
    type: Named
    aliases: tuple[str, ...]
    same_as: tuple[str, ...]
    facts: tuple[Statement, ...]
    facts_about: tuple[Statement, ...]
    articles: tuple[Source, ...]

    def _repr_html_(self) -> str:
        from kg import notebook

        return notebook.entity(self)


@dataclass(frozen=True, slots=True)
class ArticleStatements:
    """An article with the entities that it mentions and the facts that it states; `text` where the graph holds it."""

    source: Source
    text: str | None
    entities: tuple[Named, ...]
    facts: tuple[Statement, ...]


class Facts:
    """Reads structures from a store."""

    def __init__(
        self, store: Matching, shape: Shape, ontology: Ontology, redirect: Callable[[str], str | None]
    ) -> None:
        self._store = store
        self._shape = shape
        self._redirect = redirect
        self._types = {found.iri: found for found in ontology.types.values()}
        self._relations = {found.iri: found for found in ontology.relations.values()}
        self._order = {iri: number for number, iri in enumerate(self._relations)}
        self._qualifiers = {found.iri: found for found in ontology.qualifiers.values()}
        self._sources: dict[Subject, Source] = {}

    def show(self, name: str) -> tuple[EntityFacts, ...]:
        """The entities that are called `name` (exactly, or but for case and accents); the best known first."""
        found = filter(None, map(self.entity, self.find(name)))
        return tuple(sorted(found, key=lambda entity: (-len(entity.articles), entity.iri)))

    def find(self, name: str) -> tuple[str, ...]:
        """The IRIs of the entities that are called `name`, or that have it as their IRI."""
        if self.is_entity(name):
            return (name,)
        text = terms.name(terms.one_line(name))
        found = {
            quad.subject.value
            for predicate in (v.LABEL, v.ALTERNATIVE)
            for quad in self._store.match(None, predicate, text, DEFAULT)
            if isinstance(quad.subject, NamedNode)
        }
        slug = terms.slug(terms.one_line(name))
        alike = [
            self._shape.entity(slug, "", False),
            *(self._shape.entity(slug, key, True) for key in self._shape.types),
        ]
        return tuple(sorted(found | {iri.value for iri in alike if self.is_entity(iri.value)}))

    def similar(self, name: str, limit: int = 5) -> tuple[str, ...]:
        """Names in the graph that are spelled like `name`, most alike first."""
        from rapidfuzz import process

        labels = {_text(quad.object) for quad in self._store.match(None, v.LABEL, None, DEFAULT)}
        return tuple(found[0] for found in process.extract(name, sorted(labels), limit=limit, score_cutoff=60))

    def is_entity(self, iri: str) -> bool:
        return iri.startswith(self._shape.base + "entity/") and self._one(NamedNode(iri), v.LABEL) is not None

    def moved(self, iri: str) -> str | None:
        """Where the entity went whose IRI was `iri`; None if it is there, or never was."""
        seen: set[str] = set()
        found: str | None = iri
        while found is not None and found not in seen and not self.is_entity(found):
            seen.add(found)
            found = self._redirect(found)
        return found if found != iri and found not in seen else None

    def entity(self, iri: str, *, whole: bool = True) -> EntityFacts | None:
        """All that is known of an entity; None if there is none.

        Unless it is to be `whole`, its statements have no citations yet (`cited` adds them) and its articles are left
        out, which for a well-known entity takes a hundredth of the time.
        """
        found = self.head(iri)
        if found is None:
            return None
        node = NamedNode(iri)
        mentions = self._store.match(None, v.MENTIONS, node) if whole else ()
        return replace(
            found,
            facts=self._statements((one.subject for one in self._store.match(None, v.SUBJECT, node, DEFAULT)), whole),
            facts_about=self._statements(
                (one.subject for one in self._store.match(None, v.OBJECT, node, DEFAULT)), whole
            ),
            articles=tuple(sorted((self.source(quad.subject) for quad in mentions), key=_newest_first)),
        )

    def head(self, iri: str) -> EntityFacts | None:
        """What an entity is called and linked to, without its facts and articles; None if there is none."""
        if not self.is_entity(iri):
            return None
        node = NamedNode(iri)
        names, links = (tuple(sorted(self._texts(node, one))) for one in (v.ALTERNATIVE, v.SAME_AS))
        return EntityFacts(iri, self._label(node), self.kind(node), names, links, (), (), ())

    def kind(self, node: NamedNode) -> Named:
        """The class of an entity."""
        found = next((self._types[iri] for iri in self._texts(node, v.TYPE) if iri in self._types), None)
        return Named(None, "thing") if found is None else Named(found.iri, found.label)

    def brief(self, iri: str) -> tuple[Named, Named, int] | None:
        """An entity's name, its type, and how many articles mention it; None if there is none."""
        if not self.is_entity(iri):
            return None
        node = NamedNode(iri)
        return self.named(node), self.kind(node), sum(1 for _ in self._store.match(None, v.MENTIONS, node))

    def title(self, article: str) -> str | None:
        """The title of an article; None if it has none, or is not there."""
        node = NamedNode(article)
        found = self._one(node, v.TITLE, node)
        return None if found is None else _text(found)

    def article(self, iri: str) -> ArticleStatements | None:
        """All that an article says; None if it is not in the graph."""
        if not iri.startswith(self._shape.base + "article/"):
            return None
        node = NamedNode(iri)
        if self._one(node, v.TYPE, node) != v.ARTICLE:
            return None
        text = self._one(node, v.TEXT, node)
        entities = [self.named(quad.object) for quad in self._store.match(node, v.MENTIONS, None, node)]
        return ArticleStatements(
            self.source(node),
            None if text is None else _text(text),
            tuple(sorted(entities, key=lambda entity: entity.label)),
            self._statements({quad.subject for quad in self._store.match(None, v.DERIVED_FROM, None, node)}),
        )

    def statement(self, iri: str) -> Statement | None:
        """A fact and its sources; None if there is none."""
        if not iri.startswith(self._shape.base + "statement/"):
            return None
        return self._statement(NamedNode(iri))

    def _statements(self, nodes: Iterable[Subject], is_cited: bool = True) -> tuple[Statement, ...]:
        found = [fact for node in nodes if (fact := self._statement(node, is_cited)) is not None]

        def order(fact: Statement) -> tuple[int, str, str, str, str]:
            first = min((value.label for _, value in fact.qualifiers), default="")
            number = self._order.get(fact.relation.iri or "", len(self._order))
            return number, fact.subject.label, first, fact.object.label, fact.iri

        return tuple(sorted(found, key=order))

    def _statement(self, node: Subject, is_cited: bool = True) -> Statement | None:
        """None where something else is described in the same terms, which anybody may load."""
        parts = {quad.predicate: quad.object for quad in self._store.match(node, None, None, DEFAULT)}
        relation = self._relations.get(_text(parts.get(v.PREDICATE)))
        if relation is None or v.SUBJECT not in parts or v.OBJECT not in parts:
            return None
        qualifiers = [
            (Named(found.iri, found.label), self.named(value))
            for iri, found in self._qualifiers.items()
            if (value := parts.get(NamedNode(iri))) is not None
        ]
        found = Statement(
            _text(node),
            self.named(parts[v.SUBJECT]),
            Named(relation.iri, relation.label),
            relation.inverse_label,
            self.named(parts[v.OBJECT]),
            tuple(qualifiers),
            (),
        )
        return self.cited(found) if is_cited else found

    def cited(self, statement: Statement) -> Statement:
        """The same statement with the sentences that say so, and who reviewed it."""
        if statement.iri.startswith("_:"):
            return statement  # It is somebody else's, and no article's graph cites it.
        node = NamedNode(statement.iri)
        read = [
            citation
            for quad in self._store.match(node, v.DERIVED_FROM, None)
            if (citation := self._citation(quad.object, quad.graph_name)) is not None
        ]
        # Several extractors may have read one sentence: the surest of them stands for all.
        read.sort(key=lambda found: (found.confidence, found.reference))
        sentences = {found.sentence: found for found in read}.values()
        citations = [found for found in sentences if not self._is_rejected(node, found)]
        citations.sort(key=lambda found: (_newest_first(found.source), found.start, found.reference))
        return replace(statement, citations=tuple(citations), review=self._review(node))

    def _review(self, statement: NamedNode) -> Review | None:
        accepted = next(self._store.match(statement, v.ACCEPTED_BY, None), None)
        if accepted is None or not isinstance(accepted.object, NamedNode):
            return None
        found = {quad.predicate: _text(quad.object) for quad in self._store.match(accepted.object, None, None)}
        return Review(accepted.object.value, found[v.CREATOR], found[v.CREATED], found.get(v.COMMENT))

    def _is_rejected(self, statement: NamedNode, citation: Citation) -> bool:
        """Whether a person said that the sentence does not state this."""
        article = terms.string(citation.source.iri.removeprefix(self._shape.base + "article/"))
        for quad in self._store.match(None, v.ABOUT_SENTENCE, terms.string(citation.text)):
            about = {found.predicate: found.object for found in self._store.match(quad.subject, None, None)}
            if about.get(v.ABOUT_ARTICLE) == article:
                said = self._store.match(statement, None, None, DEFAULT)
                pairs = [(found.predicate, found.object) for found in said if found.predicate != v.TYPE]
                if self._keys(parsed(_text(about.get(v.CONTENT)))) == self._keys(pairs):
                    return True
        return False

    def _keys(self, content: Iterable[tuple[NamedNode, Object]]) -> set[tuple[str, str]]:
        """A content in slugs, as the IRI of an entity may come to bear another suffix than a decision has."""
        return {
            (name.value, self._shape.slug(value) if isinstance(value, NamedNode) else str(value))
            for name, value in content
        }

    def mentions(self, article: str, entity: str) -> tuple[Span, ...]:
        """Where an article's text mentions an entity."""
        graph = NamedNode(article)
        nodes = (quad.subject for quad in self._store.match(None, v.IDENTIFIES, NamedNode(entity), graph))
        return tuple(sorted(span for node in nodes if (span := _span(_text(node))) is not None))

    def _citation(self, reference: Object, graph: Graph) -> Citation | None:
        if not isinstance(reference, NamedNode) or not isinstance(graph, NamedNode):
            return None
        parts = {quad.predicate: quad.object for quad in self._store.match(reference, None, None, graph)}
        sentence = parts.get(v.SENTENCE)
        if not isinstance(sentence, NamedNode) or not parts.keys() >= {v.CONFIDENCE, v.ATTRIBUTED_TO}:
            return None
        about = {quad.predicate: quad.object for quad in self._store.match(sentence, None, None, graph)}
        if not about.keys() >= {v.ANCHOR, v.BEGIN, v.END}:
            return None
        return Citation(
            reference.value,
            self.source(graph),
            sentence.value,
            _text(about[v.ANCHOR]),
            int(_text(about[v.BEGIN])),
            int(_text(about[v.END])),
            _text(parts[v.ATTRIBUTED_TO]).rpartition("/")[2],
            float(_text(parts[v.CONFIDENCE])),
        )

    def source(self, article: Subject) -> Source:
        """What is known of an article."""
        # One request for all of it, which counts where the store is elsewhere; many facts come from one article.
        if article not in self._sources:
            found: dict[NamedNode, list[str]] = {}
            for quad in self._store.match(article, None, None):
                if quad.predicate not in (v.MENTIONS, v.TEXT):
                    found.setdefault(quad.predicate, []).append(_text(quad.object))

            def one(predicate: NamedNode) -> str | None:
                return next(iter(found.get(predicate, ())), None)

            self._sources[article] = Source(
                _text(article),
                one(v.TITLE),
                one(v.URL),
                tuple(sorted(found.get(v.AUTHOR, ()))),
                one(v.PUBLISHER),
                one(v.PUBLISHED),
            )
        return self._sources[article]

    def named(self, term: Object) -> Named:
        """A term with the name to show for it."""
        if isinstance(term, NamedNode):
            return Named(term.value, self._label(term))
        return Named(None, _text(term))

    def _label(self, node: NamedNode) -> str:
        label = self._one(node, v.LABEL)
        return node.value if label is None else _text(label)

    def _one(self, node: NamedNode, predicate: NamedNode, graph: Graph = DEFAULT) -> Object | None:
        return next((quad.object for quad in self._store.match(node, predicate, None, graph)), None)

    def _texts(self, node: NamedNode, predicate: NamedNode) -> Iterator[str]:
        return (_text(quad.object) for quad in self._store.match(node, predicate, None, DEFAULT))


def _text(term: Object | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def _span(iri: str) -> Span | None:
    """The characters that the IRI of a mention names; None for a name that stands nowhere in the text."""
    found = _CHARACTERS.search(iri)
    return None if found is None else Span(int(found[1]), int(found[2]))


def _newest_first(source: Source) -> tuple[int, str]:
    year, month, day = ((source.published or "0") + "-0-0").split("-")[:3]
    return -(int(year) * 372 + int(month) * 31 + int(day)), source.iri
