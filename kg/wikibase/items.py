"""From the graph to items: the one place that knows both shapes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad

from kg.rdf import terms
from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT, Shape
from kg.store.base import Matching, Object, Subject
from kg.store.decisions import Kept, parsed
from kg.wikibase import properties as p
from kg.wikibase.model import Item, ItemValue, Property, Reference, Snak, Statement, Text, Time, Url, Value
from ontology import Ontology

LANGUAGE = "en"
"""That of names and of the ontology."""
_TAG = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_ENDS = "P582"
"""The property that says until when a statement held."""


class Items:
    """The items of a graph.

    `read_on` tells for the identifier of an article the day on which it was read, None where nobody knows. Statements
    of which no reference is as sure as `least` are left out, and so are references that are less sure; but what a
    person has accepted stays with all of them. References that a person has rejected are none.
    """

    def __init__(
        self, source: Matching, base: str, ontology: Ontology, read_on: Callable[[str], str | None], least: float = 0.0
    ) -> None:
        self._source = source
        self._base = base
        self._read_on = read_on
        self._least = least
        self.properties = p.properties(ontology)
        self._kinds = {found.iri: found for found in ontology.types.values()}
        self._linked = self._links()
        self._rejected = self._rejections(Shape(base, ontology))
        self._article = lru_cache(maxsize=4096)(self._find_article)

    def _links(self) -> dict[str, str]:
        """The items of Wikidata to which entities are linked."""
        found: dict[str, str] = {}
        for quad in self._source.match(None, v.SAME_AS, None, DEFAULT):
            entity, item = _text(quad.subject), _text(quad.object)
            if item.startswith(v.WD):
                found[entity] = min(item, found.get(entity, item))
        return found

    def _rejections(self, shape: Shape) -> set[tuple[str, str, frozenset[tuple[str, str]]]]:
        """The articles, the sentences, and what people said that they do not state."""
        kept = Kept(self._source, shape)
        found = set()
        for decision in kept.all.values():
            if decision.sentence is not None:
                slugs = {entity: key.slug for entity, key in kept.keys(decision.content).items()}
                content = parsed(decision.content)
                said = frozenset((relation.value, slugs.get(value) or str(value)) for relation, value in content)
                found.add((decision.article or "", decision.sentence, said))
        return found

    def _said(self, content: Iterable[tuple[NamedNode, Object]]) -> frozenset[tuple[str, str]]:
        """The properties and values of a statement, with the slugs of entities."""
        space = self._base + "entity/"

        def name(value: Object) -> str:
            text = _text(value)
            return text.removeprefix(space).partition(terms.SUFFIX)[0] if text.startswith(space) else str(value)

        return frozenset((predicate.value, name(value)) for predicate, value in content)

    def entities(self) -> Iterator[Item]:
        """The items of entities, in the order of their IRIs."""
        groups: dict[str, list[str]] = {}
        for quad in self._source.match(None, v.LABEL, None, DEFAULT):
            entity = _text(quad.subject)
            if entity.startswith(self._base + "entity/"):
                groups.setdefault(self._linked.get(entity, entity), []).append(entity)
        for item in sorted(groups):
            yield self._entity(item, sorted(set(groups[item])))

    def classes(self) -> Iterator[Item]:
        """The items of which entities are instances."""
        for kind in sorted(self._kinds.values(), key=lambda kind: class_of(kind.matches, kind.iri)):
            yield Item(class_of(kind.matches, kind.iri), kind.label, LANGUAGE, kind.definition, locals=(kind.iri,))

    def articles(self) -> Iterator[tuple[str, str, str]]:
        """The IRIs of articles, their titles and languages."""
        articles = {_text(quad.subject) for quad in self._source.match(None, v.TYPE, v.ARTICLE)}
        for found in sorted(found for found in articles if found.startswith(self._base + "article/")):
            title, language, _ = self._article(found)
            yield found, title, language

    def _entity(self, item: str, entities: list[str]) -> Item:
        labels: list[str] = []
        aliases: set[str] = set()
        same_as: set[str] = set()
        kinds: set[str] = set()
        statements: list[Statement] = []
        for entity in entities:
            node = NamedNode(entity)
            for quad in sorted(self._source.match(node, None, None, DEFAULT), key=str):
                value = quad.object
                if quad.predicate == v.LABEL and isinstance(value, Literal):
                    labels.append(value.value)
                elif quad.predicate == v.ALTERNATIVE and isinstance(value, Literal):
                    aliases.add(value.value)
                elif quad.predicate == v.SAME_AS and isinstance(value, NamedNode):
                    same_as.add(value.value)
                elif quad.predicate == v.TYPE and _text(value) in self._kinds:
                    kinds.add(_text(value))
            statements += filter(
                None, (self._statement(quad.subject) for quad in self._source.match(None, v.SUBJECT, node, DEFAULT))
            )
        description = ", ".join(sorted(self._kinds[kind].label for kind in kinds))
        label = labels[0] if labels else item.rpartition("/")[2]
        found = [*(self._instance(item, kind) for kind in sorted(kinds)), *_ranked(statements)]
        return Item(
            item,
            label,
            LANGUAGE,
            description,
            tuple(sorted((aliases | set(labels)) - {label})),
            tuple(entities),
            tuple(sorted(same_as - {item})),
            tuple(found),
        )

    def _instance(self, item: str, kind: str) -> Statement:
        """That an item is of a class, for which the graph names no source."""
        name = f"{self._base}statement/{terms.digest(item, v.TYPE.value, kind)}"
        value = ItemValue(class_of(self._kinds[kind].matches, kind))
        return Statement(name, p.INSTANCE_OF, value, "normal", True, (), ())

    def _statement(self, node: Subject) -> Statement | None:
        """None where it is no statement of a relation that has a property, or is not sure enough."""
        if not isinstance(node, NamedNode):
            return None  # Anybody may describe something else in the same terms.
        content: list[Quad] = []
        named: list[Quad] = []
        is_reviewed = False
        for quad in self._source.match(node, None, None):
            if quad.graph_name == DEFAULT:
                content.append(quad)
            elif quad.predicate == v.DERIVED_FROM:
                named.append(quad)
            elif quad.predicate == v.ACCEPTED_BY:
                is_reviewed = True
        parts: Mapping[NamedNode, Object] = {quad.predicate: quad.object for quad in content}
        relation, value = parts.get(v.PREDICATE), parts.get(v.OBJECT)
        known = self.properties.relations.get(relation.value) if isinstance(relation, NamedNode) else None
        if known is None or not isinstance(value, NamedNode | Literal):
            return None
        said = self._said((quad.predicate, quad.object) for quad in content if quad.predicate != v.TYPE)
        references = self._references(named, said, 0.0 if is_reviewed else self._least)
        if self._least > 0 and not references and not is_reviewed:
            return None
        qualifiers = [
            (qualifier, self._value(quad.object, qualifier))
            for quad in content
            if (qualifier := self.properties.qualifiers.get(quad.predicate.value)) is not None
            and isinstance(quad.object, NamedNode | Literal)
        ]
        qualifiers.sort(key=lambda snak: (snak[0].iri, str(snak[1])))
        return Statement(
            node.value, known, self._value(value, known), "normal", True, tuple(qualifiers), references, is_reviewed
        )

    def _value(self, term: Object, known: Property) -> Value:
        if isinstance(term, NamedNode):
            return ItemValue(self._linked.get(term.value, term.value))
        assert isinstance(term, Literal)
        if term.datatype in v.DATES.values() and terms.is_date(term.value):
            return Time(term.value)
        return Url(term.value) if known.datatype == "url" and _is_address(term.value) else Text(term.value)

    def _references(
        self, found: Iterable[Quad], said: frozenset[tuple[str, str]], least: float
    ) -> tuple[Reference, ...]:
        """One for each sentence, however many extractors found the fact in it; `said` is the fact."""
        best: dict[str, Reference] = {}
        for quad in sorted(found, key=lambda quad: str(quad.object)):
            graph = quad.graph_name
            if not isinstance(quad.object, NamedNode) or not isinstance(graph, NamedNode):
                continue
            parts = {each.predicate: each.object for each in self._source.match(quad.object, None, None, graph)}
            sentence = parts.get(v.SENTENCE)
            if not isinstance(sentence, NamedNode) or v.CONFIDENCE not in parts:
                continue
            confidence = float(_text(parts[v.CONFIDENCE]))
            place = sentence.value
            if confidence < least or (place in best and best[place].confidence >= confidence):
                continue
            quote = next((_text(each.object) for each in self._source.match(sentence, v.ANCHOR, None, graph)), "")
            if (graph.value.rpartition("/")[2], quote, said) in self._rejected:
                continue
            _, language, snaks = self._article(graph.value)
            quoted = (p.QUOTATION, Text(quote, language))
            best[place] = Reference(quad.object.value, (*snaks, quoted), confidence)
        return tuple(sorted(best.values(), key=lambda reference: reference.iri))

    def _find_article(self, article: str) -> tuple[str, str, tuple[Snak, ...]]:
        """The title and the language of an article, and the snaks that say which one it is."""
        found: dict[NamedNode, list[str]] = {}
        node = NamedNode(article)
        for predicate in (v.TITLE, v.URL, v.LANGUAGE, v.PUBLISHED, v.AUTHOR):
            found[predicate] = sorted(_text(quad.object) for quad in self._source.match(node, predicate, None, node))
        title, language = "".join(found[v.TITLE][:1]), "".join(found[v.LANGUAGE][:1])
        if not _TAG.fullmatch(language):
            language = LANGUAGE
        snaks: list[Snak] = [(p.STATED_IN, ItemValue(article))]
        snaks += [(p.REFERENCE_URL, Url(address)) for address in found[v.URL] if _is_address(address)]
        if title:
            snaks.append((p.TITLE, Text(title, language)))
        snaks += [(p.AUTHOR, Text(author)) for author in found[v.AUTHOR]]
        snaks += [(p.PUBLISHED, Time(date)) for date in found[v.PUBLISHED] if terms.is_date(date)]
        read_on = self._read_on(article.rpartition("/")[2])
        if read_on is not None:
            snaks.append((p.RETRIEVED, Time(read_on)))
        return title, language, tuple(snaks)


def class_of(matches: tuple[str, ...], own: str) -> str:
    """The item of a class."""
    return next((match for match in matches if match.startswith(v.WD)), own)


def _ranked(statements: list[Statement]) -> list[Statement]:
    """With their ranks: where some values of a property have an end, those that have none are preferred.

    A value has an end where any statement gives one (docs/how-to/queries.md, "Who is the chief executive now?").
    """
    ended: dict[str, set[Value]] = {}
    lasting: set[str] = set()
    for each in statements:
        if any(qualifier.name == _ENDS for qualifier, _ in each.qualifiers):
            ended.setdefault(each.property.iri, set()).add(each.value)
    for each in statements:
        if each.property.iri in ended and each.value not in ended[each.property.iri]:
            lasting.add(each.property.iri)
    found = []
    for each in sorted(statements, key=lambda each: (each.property.iri, each.iri)):
        if each.property.iri in lasting:
            is_best = each.value not in ended[each.property.iri]
            each = replace(each, rank="preferred" if is_best else "normal", is_best=is_best)
        found.append(each)
    return found


def _is_address(text: str) -> bool:
    return isinstance(terms.link(text), NamedNode)


def _text(term: Object | Subject) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
