"""Why the mentions of an entity are one entity, and why it has its Wikidata item or none.

An explanation reads what the graph keeps: the names, and of an article its title and the sentences that state facts. So
a probability can differ a little from that of the day when the whole article was read.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

import kg.link
import ontology
from kg.facts import Facts, Named, Source
from kg.link.known import AliasLinkers
from kg.link.scoring import Explained
from kg.link.settings import Linking
from kg.model import Entity, Mention
from kg.rdf import terms
from kg.rdf import vocabulary as v
from kg.read import document
from kg.store.base import Store

_MOST_CANDIDATES = 3
_MOST_REASONS = 4


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
class Joined:
    """Why an article's mentions belong to the entity: how it calls it, and the slug and the type that all articles
    have in common. `items` are what the article's reading linked it to; `least` is the probability that a link takes."""

    article: Source
    names: tuple[str, ...]
    slug: str
    type: Named
    items: tuple[str, ...]
    least: float
    candidates: tuple[Considered, ...]


def explain(
    facts: Facts, store: Store, iri: str, most: int | None = None, linking: Linking = kg.link.DEFAULT
) -> tuple[Joined, ...]:
    """The explanations for an entity, for each article that mentions it, or `most` of them; sorted by their IRIs.

    Links are explained by the indexes that are set in `linking`.
    """
    node = NamedNode(iri)
    names: dict[NamedNode, set[str]] = defaultdict(set)
    items: dict[NamedNode, set[str]] = defaultdict(set)
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
    linkers = AliasLinkers(linking)
    return tuple(
        _joined(store, facts, linkers, node, article, tuple(sorted(found)), tuple(sorted(items[article])))
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
    return Joined(source, tuple(by_length), slug, kind, items, linkers.least, considered)


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
