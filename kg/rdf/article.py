"""From the facts of one article to triples: those that its graph holds, and what it says of the graph as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.model import ArticleFacts, Document, Entity, Fact, Span
from kg.rdf import terms
from kg.rdf import vocabulary as v
from ontology import Ontology

DEFAULT = DefaultGraph()

# Parts of the lines of a mention: all that is the same in each, as there are many.
_KINDS = {"name": f"> {v.TYPE} {v.PHRASE}", **{kind: f"> {v.TYPE} {iri}" for kind, iri in v.KINDS.items()}}
_ANCHOR = f'> {v.ANCHOR} "'
_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\"})


@dataclass(frozen=True, slots=True)
class ArticleTriples:
    """What one article contributes.

    `own` are the quads of its named graph, each a line of N-Quads: most of all quads, and text is the quickest way to
    the engine. The rest stands in the default graph while some article says it: the types, names and Wikidata items
    of entities, and statements with their quads, of which the last one is the direct edge. A statement that only
    gives another name has no edge; its name is among `names`.
    """

    graph: NamedNode
    own: tuple[str, ...]
    types: Mapping[NamedNode, NamedNode]
    names: Mapping[NamedNode, frozenset[str]]
    links: frozenset[tuple[NamedNode, NamedNode]]
    statements: Mapping[NamedNode, tuple[Quad, ...]]


class Shape:
    """The graph's shape over one base IRI and one ontology."""

    def __init__(self, base: str, ontology: Ontology) -> None:
        self.base = base
        self.types = {key: NamedNode(found.iri) for key, found in ontology.types.items()}
        self.keys: dict[object, str] = {iri: key for key, iri in self.types.items()}
        self._suffixes = {key.lower(): key for key in self.types}
        self._relations = {key: NamedNode(found.iri) for key, found in ontology.relations.items()}
        self._literals = {key: found.literal_type for key, found in ontology.relations.items()}
        self._qualifiers = {key: NamedNode(found.iri) for key, found in ontology.qualifiers.items()}
        self._qualifier_literals = {key: found.literal_type for key, found in ontology.qualifiers.items()}
        self._extractors: dict[str, NamedNode] = {}
        self.naming = frozenset(
            self._relations[key] for key, found in ontology.relations.items() if v.ALTERNATIVE.value in found.matches
        )
        """The relations that state another name of their subject."""

    def article(self, identifier: str) -> NamedNode:
        return NamedNode(f"{self.base}article/{identifier}")

    def entity(self, slug: str, entity_type: str, is_homonym: bool, which: str = "") -> NamedNode:
        """The IRI of an entity; a homonym, one of several that share a slug, bears its type, and which one it is."""
        return self.homonym(slug, entity_type, which) if is_homonym else NamedNode(f"{self.base}entity/{slug}")

    def homonym(self, slug: str, entity_type: str, which: str = "") -> NamedNode:
        """The IRI of an entity as a homonym."""
        suffix = f"{entity_type.lower()}-{which}" if which else entity_type.lower()
        return NamedNode(f"{self.base}entity/{slug}{terms.SUFFIX}{suffix}")

    def is_naming(self, relation: str) -> bool:
        return self._relations[relation] in self.naming

    def slug(self, entity: NamedNode) -> str:
        """The slug from which an entity's IRI was made."""
        return entity.value.removeprefix(self.base + "entity/").partition(terms.SUFFIX)[0]

    def parts(self, homonym: NamedNode) -> tuple[str, str, str]:
        """The slug and the type of an entity whose IRI bears its type, and which one it is."""
        slug, _, suffix = homonym.value.removeprefix(self.base + "entity/").rpartition(terms.SUFFIX)
        kind, _, which = suffix.partition("-")
        return slug, self._suffixes[kind], which

    def extractor(self, name: str) -> NamedNode:
        if name not in self._extractors:
            self._extractors[name] = NamedNode(f"{self.base}extractor/{terms.slug(name)}")
        return self._extractors[name]

    def statement(self, content: Iterable[tuple[NamedNode, object]]) -> NamedNode:
        """The IRI of the statement with these properties and values (other than its class)."""
        parts = sorted(f"{predicate.value} {value}" for predicate, value in content)
        return NamedNode(f"{self.base}statement/{terms.digest(*parts)}")

    def reference(self, statement: NamedNode, sentence: NamedNode, extractor: NamedNode) -> NamedNode:
        return NamedNode(f"{self.base}reference/{terms.digest(statement.value, sentence.value, extractor.value)}")

    def triples(
        self, facts: ArticleFacts, entities: Mapping[str, NamedNode], profiles: Mapping[str, str] = MappingProxyType({})
    ) -> ArticleTriples:
        """The triples of an article. `entities` gives the IRI of each of its entities, by its `id` there, and `profiles`
        what the article alone says of it."""
        return _Article(self, facts.document, entities, profiles).triples(facts)

    def statement_quads(self, fact: Fact, entities: Mapping[str, NamedNode]) -> tuple[NamedNode, tuple[Quad, ...]]:
        """A fact as a statement: its IRI and its quads in the default graph, the direct edge last."""
        subject, relation = entities[fact.subject], self._relations[fact.relation]
        value: NamedNode | Literal
        if fact.object_is_entity:
            value = entities[fact.object]
        else:
            value = terms.literal(fact.object, self._literals[fact.relation])
        qualifiers: list[tuple[NamedNode, NamedNode | Literal]] = []
        for key, text, is_entity in fact.qualifiers:
            qualifier = entities[text] if is_entity else terms.literal(text, self._qualifier_literals[key])
            qualifiers.append((self._qualifiers[key], qualifier))
        return self.stated(subject, relation, value, qualifiers)

    def stated(
        self, subject: NamedNode, relation: NamedNode, value: NamedNode | Literal,
        qualifiers: Iterable[tuple[NamedNode, NamedNode | Literal]],
    ) -> tuple[NamedNode, tuple[Quad, ...]]:  # fmt: skip
        """A statement's IRI and its quads in the default graph, the direct edge last."""
        content = [(v.SUBJECT, subject), (v.PREDICATE, relation), (v.OBJECT, value), *qualifiers]
        statement = self.statement(content)
        quads = [Quad(statement, v.TYPE, v.STATEMENT, DEFAULT)]
        quads += [Quad(statement, predicate, term, DEFAULT) for predicate, term in content]
        if relation not in self.naming:
            quads.append(Quad(subject, relation, value, DEFAULT))
        return statement, tuple(quads)


def links(entity: Entity) -> tuple[str, ...]:
    """The IRIs of what an entity is in Wikidata and in other registers."""
    return entity.links if entity.qid is None else (v.WD + entity.qid, *entity.links)


@lru_cache(maxsize=16384)
def _phrase(text: str) -> tuple[str, str]:
    """The text of a mention on one line, and the same as it is written in N-Quads."""
    line = terms.one_line(text)
    return line, line.translate(_ESCAPES)


class _Article:
    """Collects the triples of one article."""

    def __init__(
        self, shape: Shape, document: Document, entities: Mapping[str, NamedNode], profiles: Mapping[str, str]
    ) -> None:
        self._shape = shape
        self._profiles = profiles
        self._document = document
        self._entities = entities
        self._graph = shape.article(document.id)
        self._end = f" {self._graph} .\n"
        # A dictionary, as two entities of one article may get one IRI, and so say the same twice.
        self._own: dict[str, None] = {}

    def triples(self, facts: ArticleFacts) -> ArticleTriples:
        self._metadata()
        names: dict[NamedNode, set[str]] = {}
        linked: set[tuple[NamedNode, NamedNode]] = set()
        types = {}
        for entity in facts.entities:
            iri = self._entities[entity.id]
            types[iri] = self._shape.types[entity.type]
            names.setdefault(iri, set()).update(self._entity(entity, iri))
            linked.update((iri, NamedNode(item)) for item in links(entity))
        statements: dict[NamedNode, tuple[Quad, ...]] = {}
        references: dict[NamedNode, tuple[NamedNode, NamedNode, NamedNode, float]] = {}
        for fact in facts.facts:
            statement, quads = self._shape.statement_quads(fact, self._entities)
            statements[statement] = quads
            if self._shape.is_naming(fact.relation):
                names[self._entities[fact.subject]].add(terms.one_line(fact.object))
            for found in fact.references:
                extractor = self._shape.extractor(found.extractor)
                sentence = self._sentence(found.evidence)
                reference = self._shape.reference(statement, sentence, extractor)
                if reference not in references or references[reference][3] < found.score:
                    references[reference] = (statement, sentence, extractor, found.score)
        for reference, (statement, sentence, extractor, score) in references.items():
            self._add(statement, v.DERIVED_FROM, reference)
            self._add(reference, v.TYPE, v.REFERENCE)
            self._add(reference, v.SENTENCE, sentence)
            self._add(reference, v.CONFIDENCE, terms.score(score))
            self._add(reference, v.ATTRIBUTED_TO, extractor)
        return ArticleTriples(
            self._graph,
            tuple(self._own),
            types,
            {iri: frozenset(found) for iri, found in names.items()},
            frozenset(linked),
            statements,
        )

    def _add(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
        self._own[f"{subject} {predicate} {value}{self._end}"] = None

    def _metadata(self) -> None:
        document, article = self._document, self._graph
        self._add(article, v.TYPE, v.ARTICLE)
        if document.title:
            self._add(article, v.TITLE, terms.string(document.title))
        for author in document.authors:
            self._add(article, v.AUTHOR, terms.string(author))
        if document.publisher:
            self._add(article, v.PUBLISHER, terms.string(document.publisher))
        if document.published:
            self._add(article, v.PUBLISHED, terms.date(document.published))
        if document.language:
            self._add(article, v.LANGUAGE, terms.string(document.language))
        if document.url:
            self._add(article, v.URL, terms.link(document.url))
        if document.keeps_text:
            self._add(article, v.TEXT, terms.whole(document.text))

    def _entity(self, entity: Entity, iri: NamedNode) -> set[str]:
        """Adds the entity's mentions, and returns the names that the article gives it."""
        self._add(self._graph, v.MENTIONS, iri)
        own, article, end = self._own, self._graph.value, self._end
        identifies = f"> {v.IDENTIFIES} {iri}{end}"
        names = set()
        first = None
        for mention in entity.mentions:
            text = terms.one_line(mention.text)
            node = f"{article}#char={mention.start},{mention.end}"
            own[f"<{node}{_KINDS[mention.kind]}{end}"] = None
            own[f'<{node}{_ANCHOR}{text.translate(_ESCAPES)}"{end}'] = None
            own[f"<{node}{identifies}"] = None
            if mention.kind == "name":
                names.add(text)
                first = first or node
        name = terms.one_line(entity.name)
        if name not in names:
            names.add(name)
            first = f"{article}#name={terms.slug(name)}"
            self._add(NamedNode(first), v.ANCHOR, terms.string(name))
            self._add(NamedNode(first), v.IDENTIFIES, iri)
        if first:
            for item in links(entity):
                self._add(NamedNode(first), v.LINKS_TO, NamedNode(item))
            if entity.id in self._profiles:
                self._add(NamedNode(first), v.PROFILE, Literal(self._profiles[entity.id]))
        return names

    def _sentence(self, span: Span) -> NamedNode:
        node = NamedNode(f"{self._graph.value}#char={span.start},{span.end}")
        self._add(node, v.TYPE, v.NIF_SENTENCE)
        self._add(node, v.CONTEXT, self._graph)
        self._add(node, v.ANCHOR, terms.string(self._document.text[span.start : span.end]))
        self._add(node, v.BEGIN, terms.integer(span.start))
        self._add(node, v.END, terms.integer(span.end))
        return node
