"""Why the mentions of an entity are one entity and no other one, and why it has its Wikidata item or none.

An explanation reads what the graph keeps: the names, and of an article its title and the sentences that state facts. So
a probability can differ a little from that of the day when the whole article was read.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

import kg.link
import ontology
from kg.facts import Facts, Named, Source
from kg.link.across import evidence, own_names
from kg.link.known import AliasLinkers
from kg.link.profiles import Profile, parsed
from kg.link.scoring import Explained
from kg.link.settings import Linking
from kg.model import Entity, Mention
from kg.rdf import terms
from kg.rdf import vocabulary as v
from kg.read import document
from kg.store.base import Store
from kg.store.blocks import node_of

_MOST_CANDIDATES = 3
_MOST_REASONS = 4
_MOST_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """What speaks for a candidate (`weight` above 0) or against it, in log-odds."""

    what: str
    weight: float


@dataclass(frozen=True, slots=True)
class Considered:
    """An item that a name can stand for, how likely the article means it, and the weightiest reasons."""

    item: str
    label: str
    description: str
    name: str
    probability: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Another entity of a like name, and what speaks for and against its being the same; nothing where it can't be."""

    name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Why an article's mentions belong to the entity: how it calls it, and the slug and the type that all articles
    have in common. `items` are what the article's reading linked it to; `least` is the probability that a link takes.
    `reasons` are what speaks for and against its being the same as in the other articles, and `others` what it is not."""

    article: Source
    names: tuple[str, ...]
    slug: str
    type: Named
    items: tuple[str, ...]
    least: float
    candidates: tuple[Considered, ...]
    reasons: tuple[Reason, ...]
    others: tuple[Other, ...]


def explain(
    facts: Facts, store: Store, iri: str, most: int | None = None, linking: Linking = kg.link.DEFAULT
) -> tuple[Joined, ...]:
    """The explanations for an entity, for each article that mentions it, or `most` of them; sorted by their IRIs.

    Links are explained by the indexes that are set in `linking`.
    """
    node = NamedNode(iri)
    names: dict[NamedNode, set[str]] = defaultdict(set)
    items: dict[NamedNode, set[str]] = defaultdict(set)
    said: dict[NamedNode, set[Profile]] = defaultdict(set)
    graphs = {quad.graph_name for quad in store.match(None, v.IDENTIFIES, node)}
    articles = sorted((one for one in graphs if isinstance(one, NamedNode)), key=lambda one: one.value)[:most]
    for article, quad in ((one, quad) for one in articles for quad in store.match(None, v.IDENTIFIES, node, one)):
        mention = quad.subject
        kinds = {found.object for found in store.match(mention, v.TYPE, None, article)}
        if kinds.isdisjoint(v.NAMELESS):
            texts = (found.object for found in store.match(mention, v.ANCHOR, None, article))
            names[article].update(text.value for text in texts if isinstance(text, Literal))
        for found in store.match(mention, v.LINKS_TO, None, article):
            if isinstance(found.object, NamedNode):
                items[article].add(found.object.value)
        for found in store.match(mention, v.PROFILE, None, article):
            if isinstance(found.object, Literal):
                said[article].add(parsed(found.object.value))
    own = {profile for found in said.values() for profile in found}
    others = _others(store, node, own)
    linkers = AliasLinkers(linking)
    return tuple(
        replace(
            _joined(store, facts, linkers, node, article, tuple(sorted(found)), tuple(sorted(items[article]))),
            reasons=_compared(said[article], own - said[article]),
            others=tuple(Other(_called(other), _compared(said[article], {other})) for other in others),
        )
        for article, found in names.items()
    )


def _joined(
    store: Store,
    facts: Facts,
    linkers: AliasLinkers,
    node: NamedNode,
    article: NamedNode,
    names: tuple[str, ...],
    items: tuple[str, ...],
) -> Joined:
    kind = facts.kind(node)
    slug = node.value.rpartition("/")[2].partition(terms.SUFFIX)[0]
    types = {found.iri: key for key, found in ontology.load().types.items()}
    by_length = sorted(names, key=lambda name: (terms.slug(name) != slug, -len(name), name))
    type_key = types.get(kind.iri or "", "")
    mentions = tuple(Mention(0, len(name), type_key, "name", name) for name in by_length)
    sentences = [
        found.object.value
        for quad in store.match(None, v.TYPE, v.NIF_SENTENCE, article)
        for found in store.match(quad.subject, v.ANCHOR, None, article)
        if isinstance(found.object, Literal)
    ]
    source = facts.source(article)
    text = " ".join([source.title or "", *by_length, *sorted(sentences)])
    ((*found_candidates,),) = linkers.explain(
        document(text, identifier=article.value), [Entity("e1", type_key, by_length[0], mentions)]
    )
    considered = tuple(map(_considered, found_candidates[:_MOST_CANDIDATES]))
    return Joined(source, tuple(by_length), slug, kind, items, linkers.least, considered, (), ())


def _others(store: Store, node: NamedNode, own: set[Profile]) -> list[Profile]:
    """What articles say of others that have a name in common with these, each kind of thing once."""
    base = node.value.partition("entity/")[0]
    texts = {
        quad.object
        for name in {name for profile in own for name in own_names(profile)}
        for quad in store.match(node_of(base, name), v.PROFILE, None)
        if isinstance(quad.object, Literal)
    }
    found = {parsed(text.value) for text in texts if not _is_said_of(store, node, text)}
    first = {(_called(profile), profile.type): profile for profile in sorted(found, reverse=True)}
    return sorted(first.values())[:_MOST_OTHERS]


def _is_said_of(store: Store, node: NamedNode, text: Literal) -> bool:
    return any(
        quad.object == node
        for said in store.match(None, v.PROFILE, text)
        for quad in store.match(said.subject, v.IDENTIFIES, None)
    )


def _called(profile: Profile) -> str:
    """A name and what it is known for, in words."""
    told = (profile.type, *profile.fields, *profile.ties, *profile.areas)
    return f"{profile.slug} ({', '.join(told)})"


def _compared(one: set[Profile], other: set[Profile]) -> tuple[Reason, ...]:
    if not one or not other:
        return ()
    return tuple(Reason(what, weight) for what, weight in evidence(sorted(one), sorted(other)))


def _considered(found: Explained) -> Considered:
    candidate = found.choice.candidate
    weighty = sorted(((what, round(weight, 2)) for what, weight in found.reasons), key=lambda pair: -abs(pair[1]))
    reasons = tuple(Reason(what, weight) for what, weight in weighty[:_MOST_REASONS] if weight)
    return Considered(
        candidate.iri or "",
        candidate.label,
        candidate.description,
        found.choice.name,
        round(found.choice.probability, 3),
        tuple(sorted(reasons, key=lambda reason: -reason.weight)),
    )
