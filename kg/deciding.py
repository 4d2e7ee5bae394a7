"""What a person may decide about a graph: each decision from the names and IRIs that people use."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from kg.errors import UsageError
from kg.facts import Facts
from kg.link.across import EntityKey
from kg.rdf import terms
from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT, Shape
from kg.store.articles import Articles
from kg.store.base import iri
from kg.store.decisions import ACCEPT, MERGE, REJECT, SPLIT, Content, Decision, Pair, parsed, written
from ontology import Ontology, Qualifier, Relation

_ITEM = re.compile(r"Q[1-9]\d*")

_IDENTITIES = {v.SAME_AS: "same as", v.DIFFERENT_FROM: "different from"}

_ARGUMENTS = {
    "accept": ("statement",),
    "reject": ("target",),
    "link": ("entity", "item"),
    "unlink": ("entity", "item"),
    "add": ("subject", "relation", "object"),
    "correct": ("statement", "which"),
    "merge": ("entity", "into"),
    "split": ("entity", "as"),
    "undo": ("decision",),
}
_FURTHER = {"add": "qualifiers", "correct": "value", "split": "articles"}


@dataclass(frozen=True, slots=True)
class Told:
    """A decision in words: `what` is the fact that it is about, `sentence` the one that does not state it."""

    id: str
    verdict: str
    what: str
    article: str | None
    sentence: str | None
    author: str
    made: str
    reason: str | None


def _text(request: Mapping[str, object], name: str) -> str:
    found = request.get(name)
    if not isinstance(found, str) or not found.strip():
        raise UsageError(f"{name!r} is missing, or no text.")
    return terms.one_line(found)


def _qualifiers(found: object) -> dict[str, str]:
    if not isinstance(found, dict):
        raise UsageError('\'qualifiers\' must be an object, such as {"start": "2019-03"}.')
    return {terms.one_line(name): _text(found, name) for name in found}


def _articles(found: object) -> list[str]:
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise UsageError("'articles' must be a list of the articles' IRIs.")
    return found


def _node(text: str) -> NamedNode:
    try:
        return NamedNode(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no IRI: {error}.") from error


def _literal(text: str, literal_type: str | None, what: str) -> Literal:
    if literal_type == "Date" and not terms.is_date(text):
        raise UsageError(f"{text!r} is no date of {what!r}: give one such as 2019, 2019-03 or 2019-03-04.")
    return terms.literal(text, literal_type)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Deciding:
    """Makes decisions, which are pending in `articles` until those are written. All methods raise UsageError."""

    def __init__(self, articles: Articles, shape: Shape, ontology: Ontology, *, now: Callable[[], str] = _now) -> None:
        # What is decided sees what was decided just before.
        self._view = articles.view
        self._articles = articles
        self._facts = Facts(self._view, shape, ontology, lambda _: None)
        self._shape = shape
        self._relations = {found.iri: found for found in ontology.relations.values()}
        self._qualifiers = {found.iri: found for found in ontology.qualifiers.values()}
        self._ontology = ontology
        self._now = now

    def all(self) -> tuple[Told, ...]:
        """All decisions, the oldest first."""
        found = sorted(self._articles.decided.kept.all.values(), key=lambda one: (one.made, one.id))
        return tuple(map(self.told, found))

    def about(self, entity: str) -> tuple[Told, ...]:
        """What people said of which entity this one (its IRI) is, the oldest first."""
        kept, key = self._articles.decided.kept, self._articles.key(NamedNode(entity))
        found = []
        for decision in sorted(kept.all.values(), key=lambda one: (one.made, one.id)):
            said = kept.identity(decision)
            if said is not None and key in (kept.identities.of(said.entity), kept.identities.of(said.other)):
                found.append(self.told(decision))
        return tuple(found)

    def run(self, request: Mapping[str, object], author: str) -> tuple[Told, ...]:
        """The decision that a request describes: `decide` says which, and the others are its arguments by name."""
        action = request.get("decide")
        if not isinstance(action, str) or action not in _ARGUMENTS:
            raise UsageError(f"'decide' is {action!r}; it must be one of {', '.join(_ARGUMENTS)}.")
        names = _ARGUMENTS[action]
        further = [_FURTHER[action]] if action in _FURTHER else []
        unknown = sorted(set(request) - {"decide", "reason", *names, *further})
        if unknown:
            known = ", ".join((*names, *further))
            raise UsageError(f"To {action} has no {unknown[0]!r}; it has {known}, and may have reason.")
        reason = _text(request, "reason") if request.get("reason") is not None else None
        first, *others = (_text(request, name) for name in names)
        if action == "undo":
            return (self.undo(first),)
        if action == "correct":
            value = _text(request, "value") if request.get("value") else None
            return self.correct(first, others[0], value, author, reason)
        if action == "add":
            qualifiers = _qualifiers(request.get("qualifiers", {}))
            return (self.add(first, others[0], others[1], author, reason, qualifiers),)
        if action == "split":
            return self.split(first, others[0], _articles(request.get("articles")), author, reason)
        return (getattr(self, action)(first, *others, author, reason),)

    def told(self, decision: Decision) -> Told:
        article = None if decision.article is None else self._shape.article(decision.article).value
        return Told(
            decision.id, decision.verdict, self._in_words(decision.content), article, decision.sentence,
            decision.author, decision.made, decision.reason,
        )  # fmt: skip

    def accept(self, statement: str, author: str, reason: str | None = None) -> Told:
        """That a fact holds; it stays, though no article may state it any more."""
        return self._decide(ACCEPT, self._content(statement), author, reason)

    def reject(self, target: str, author: str, reason: str | None = None) -> Told:
        """That a fact does not hold, or that the sentence of a reference does not state it."""
        if not target.startswith(self._shape.base + "reference/"):
            return self._decide(REJECT, self._content(target), author, reason)
        found = next(self._view.match(None, v.DERIVED_FROM, _node(target)), None)
        if found is None:
            raise UsageError(f"There is no reference {target} in this graph.")
        article, sentence = self._articles.decided.sentence(iri(found.object), iri(found.graph_name))
        return self._decide(REJECT, self._content(iri(found.subject).value), author, reason, article, sentence)

    def link(self, name: str, item: str, author: str, reason: str | None = None) -> Told:
        """That an entity is the one with this Wikidata item, or this IRI elsewhere."""
        return self._decide(ACCEPT, self._link(name, item), author, reason)

    def unlink(self, name: str, item: str, author: str, reason: str | None = None) -> Told:
        """That an entity is another one than that with this Wikidata item, or this IRI elsewhere."""
        return self._decide(REJECT, self._link(name, item), author, reason)

    def add(
        self, subject: str, relation: str, value: str, author: str, reason: str | None = None,
        qualifiers: Mapping[str, str] = MappingProxyType({}),
    ) -> Told:  # fmt: skip
        """A fact that no article need state. The relation and the qualifiers are named by their keys or labels."""
        found = self._relation(relation)
        who = self._entity(subject, found.domain, f"The subject of {found.label!r}")
        content: list[Pair] = [(v.SUBJECT, who), (v.PREDICATE, NamedNode(found.iri))]
        if found.range:
            content.append((v.OBJECT, self._entity(value, found.range, f"The object of {found.label!r}")))
        else:
            content.append((v.OBJECT, _literal(value, found.literal_type, relation)))
        for key, text in qualifiers.items():
            content.append(self._qualifier(found, key, text))
        return self._decide(ACCEPT, self._in_keys(content), author, reason)

    def correct(
        self, statement: str, key: str, value: str | None, author: str, reason: str | None = None
    ) -> tuple[Told, Told]:
        """That a qualifier of a fact is another one, or none; or, where `key` is its relation, the date that it tells."""
        content = self._parts(statement)
        relation = self._relations[iri(dict(content)[v.PREDICATE]).value]
        new: list[Pair] = []
        if key in (relation.key, relation.label):
            if relation.range or value is None:
                raise UsageError("Only a date or a text is corrected so. Reject the fact, and add what is right.")
            predicate = v.OBJECT
            new.append((v.OBJECT, _literal(value, relation.literal_type, key)))
        else:
            predicate = NamedNode(self._known(relation, key).iri)
            if value is not None:
                new.append(self._qualifier(relation, key, value))
        corrected: Content = (*((name, term) for name, term in content if name != predicate), *new)
        if written(corrected) == written(tuple(content)):
            raise UsageError(f"The fact says this already: {key} {value or 'none'}.")
        wrong, right = self._in_keys(content), self._in_keys(corrected)
        return self._decide(REJECT, wrong, author, reason), self._decide(ACCEPT, right, author, reason)

    def merge(self, name: str, into: str, author: str, reason: str | None = None) -> Told:
        """That an entity is another one: wherever articles mention it, they mean that."""
        entity, other = (self._articles.key(self._entity(one, None, "")) for one in (name, into))
        if entity == other:
            raise UsageError(f"{name!r} and {into!r} are one already.")
        if self._articles.decided.kept.identities.leads(other, entity):
            raise UsageError(f"{into!r} was split off {name!r}. Undo that decision instead ('kg decide list' has it).")
        return self._decide(MERGE, self._identity(v.SAME_AS, entity, other), author, reason)

    def split(
        self, name: str, into: str, articles: Sequence[str], author: str, reason: str | None = None
    ) -> tuple[Told, ...]:
        """That what some articles mention (their IRIs, identifiers or URLs) is not this entity, but one called `into`.

        Its IRI is made of that name. If there is one already, it is that.
        """
        entity = self._articles.key(self._entity(name, None, ""))
        identities = self._articles.decided.kept.identities
        other = EntityKey(terms.slug(terms.one_line(into)), entity.type)
        if other == entity or identities.of(other) != other or identities.leads(other, entity):
            raise UsageError(f"{into!r} is what stands for {name!r} already; give the other one a name of its own.")
        found = {article for one in articles for article in self._mentioning(one, entity)}
        if not found:
            raise UsageError("Say which articles mention another one, by their IRIs.")
        content = self._identity(v.DIFFERENT_FROM, entity, other)
        return tuple(self._decide(SPLIT, content, author, reason, article) for article in sorted(found))

    def undo(self, identifier: str) -> Told:
        """Let what a decision was about be as articles say."""
        kept = self._articles.decided.kept.all
        name = identifier.removeprefix(self._shape.base + "decision/")
        if name not in kept:
            raise UsageError(f"There is no decision {identifier!r}; 'kg decide list' shows those that there are.")
        found = kept[name]
        told = self.told(found)
        self._articles.decided.undo(found)
        return told

    def _decide(
        self, verdict: str, content: str, author: str, reason: str | None,
        article: str | None = None, sentence: str | None = None,
    ) -> Told:  # fmt: skip
        decision = Decision(verdict, content, article, sentence, author, self._now(), reason)
        told = self.told(decision)
        self._articles.decided.put(decision)
        return told

    # From what people write to contents.

    def _parts(self, statement: str) -> list[Pair]:
        """What a statement of the graph says."""
        found: list[Pair] = []
        if statement.startswith(self._shape.base + "statement/"):
            found = [
                (quad.predicate, quad.object)
                for quad in self._view.match(_node(statement), None, None, DEFAULT)
                if quad.predicate != v.TYPE and isinstance(quad.object, NamedNode | Literal)
            ]
        if not found:
            raise UsageError(
                f"There is no statement {statement} in this graph; 'kg show NAME --json' gives their IRIs."
            )
        return found

    def _content(self, statement: str) -> str:
        return self._in_keys(self._parts(statement))

    def _identity(self, relation: NamedNode, entity: EntityKey, other: EntityKey) -> str:
        one, another = (self._shape.homonym(*key) for key in (entity, other))
        return written(((v.SUBJECT, one), (v.PREDICATE, relation), (v.OBJECT, another)))

    def _mentioning(self, article: str, entity: EntityKey) -> list[str]:
        """The identifiers of the articles with this IRI, identifier or URL. All must mention the entity."""
        space = self._shape.article("").value
        found = {quad.subject for quad in self._view.match(None, v.URL, terms.link(article))}
        found.add(_node(space + quote(article.removeprefix(space))))
        there = [iri(one) for one in found if self._articles.holds(iri(one).value.removeprefix(space))]
        mentioning = [one for one in there if entity in map(self._articles.key, self._articles.mentioned(one))]
        if not mentioning:
            what = "mention it" if there else "exist"
            raise UsageError(f"The article {article} does not {what}; 'kg show NAME --json' gives those that do.")
        return [one.value.removeprefix(space) for one in mentioning]

    def _link(self, name: str, item: str) -> str:
        target = terms.link(v.WD + item if _ITEM.fullmatch(item) else item)
        if not isinstance(target, NamedNode):
            raise UsageError(f"{item!r} is no Wikidata item, such as Q42, and no web address.")
        return self._in_keys([(v.SUBJECT, self._entity(name, None, "")), (v.PREDICATE, v.SAME_AS), (v.OBJECT, target)])

    def _in_keys(self, content: Iterable[Pair]) -> str:
        return written(tuple((predicate, self._in_key(value)) for predicate, value in content))

    def _in_key(self, value: NamedNode | Literal) -> NamedNode | Literal:
        """An entity with the suffix of its type, whether it has a homonym or not."""
        if not isinstance(value, NamedNode) or not value.value.startswith(self._shape.base + "entity/"):
            return value
        key = self._articles.key(value)
        return self._shape.homonym(*key)

    def _entity(self, name: str, types: Iterable[str] | None, role: str) -> NamedNode:
        """The one entity with this name or IRI, of one of `types`."""
        if name.startswith(self._shape.base):
            _node(name)
        found = [NamedNode(one) for one in self._facts.find(name)]
        if types is not None:
            wanted = tuple(types)
            fitting = [one for one in found if self._articles.key(one).type in wanted]
            if found and not fitting:
                labels = ", ".join(self._ontology.types[key].label for key in wanted)
                raise UsageError(f"{role} must be of the type {labels}; {name!r} is not.")
            found = fitting
        if not found:
            raise UsageError(f"Nothing in this graph is called {name!r}.")
        if len(found) > 1:
            raise UsageError(f"{name!r} is more than one: {', '.join(one.value for one in found)}. Give the IRI.")
        return found[0]

    def _relation(self, name: str) -> Relation:
        for found in self._relations.values():
            if name in (found.key, found.label, found.iri, found.iri.removeprefix(self._ontology.namespace)):
                return found
        raise UsageError(f"There is no relation {name!r}. There are: {', '.join(self._ontology.relations)}.")

    def _known(self, relation: Relation, name: str) -> Qualifier:
        found = next((one for one in self._qualifiers.values() if name in (one.key, one.label)), None)
        if found is None or found.key not in relation.qualifiers:
            known = ", ".join(relation.qualifiers)
            raise UsageError(f"{relation.label!r} has no qualifier {name!r}; it may have {known}.")
        return found

    def _qualifier(self, relation: Relation, name: str, text: str) -> Pair:
        found = self._known(relation, name)
        if found.types:
            return NamedNode(found.iri), self._entity(text, found.types, f"The qualifier {name!r}")
        return NamedNode(found.iri), _literal(text, found.literal_type, name)

    def _in_words(self, content: str) -> str:
        parts: Content = parsed(content)
        first = dict(parts)
        relation = iri(first[v.PREDICATE])
        known = self._relations.get(relation.value)
        label = _IDENTITIES[relation] if known is None else known.label
        words = [self._word(first[v.SUBJECT]), label, self._word(first[v.OBJECT])]
        qualifiers = [
            f"{self._qualifiers[predicate.value].label} {self._word(value)}"
            for predicate, value in parts
            if predicate.value in self._qualifiers
        ]
        return " ".join(words) + (f" ({', '.join(qualifiers)})" if qualifiers else "")

    def _word(self, term: NamedNode | Literal) -> str:
        if isinstance(term, Literal):
            return term.value
        space = self._shape.base + "entity/"
        if not term.value.startswith(space):
            return term.value
        key = EntityKey(*self._shape.parts(term))
        one = self._articles.decided.kept.identities.of(key)
        entity = self._articles.find(one)
        if entity is None:
            return key.slug
        label = self._facts.named(entity).label
        if one == key:
            return label
        # It is another one now, which is called as it was called, too.
        names = (quad.object for quad in self._view.match(entity, v.ALTERNATIVE, None, DEFAULT))
        known = sorted(name.value for name in names if isinstance(name, Literal))
        return next((name for name in known if terms.slug(name) == key.slug), key.slug)
