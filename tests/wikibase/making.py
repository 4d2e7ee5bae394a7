"""A small graph with what Wikibase's form has cases for: linked and unlinked things, former values, dates, sources."""

from __future__ import annotations

from dataclasses import replace

from kg.graph import Graph
from kg.model import ArticleFacts
from tests.store.making import Stated, article

_ENTITIES: list[tuple[str, str, str | None]] = [
    ("Google", "Organization", "Q95"),
    ("Alphabet", "Organization", "Q20800404"),
    ("DeepMind", "Organization", "Q15733006"),
    ("Kaggle", "Organization", None),
    ("Acme Robotics", "Organization", None),
    ("Grace Lin", "Person", None),
    ("Ada Okafor", "Person", "Q9001"),
    ("Bayo Mensah", "Person", "Q9002"),
    ("Chen Wei", "Person", None),
    ("Kubernetes", "Software", "Q22661306"),
    ("Jet", "Software", None),
    ("Go", "Software", "Q37227"),
    ("Apache License", "License", "Q13785927"),
    ("Lagos", "Place", "Q8673"),
]
_PLACES = {name: number for number, (name, _, _) in enumerate(_ENTITIES)}


def _fact(subject: str, relation: str, value: str, **qualifiers: str) -> Stated:
    return _PLACES[subject], relation, _PLACES.get(value, value), qualifiers


FACTS = [
    _fact("Ada Okafor", "employer", "Google", start="2015", position="engineer"),
    _fact("Ada Okafor", "employer", "Acme Robotics", end="2014-12"),
    _fact("Grace Lin", "employer", "Google", start="2019-03", end="2021-06-30"),
    _fact("Grace Lin", "educated_at", "Kaggle", degree="PhD"),
    _fact("Ada Okafor", "place_of_birth", "Lagos"),
    _fact("Ada Okafor", "date_of_birth", "1980-05-17"),
    _fact("Bayo Mensah", "date_of_birth", "1979"),
    _fact("Bayo Mensah", "spouse", "Grace Lin"),
    _fact("Google", "chief_executive", "Bayo Mensah", start="2019-12-03"),
    _fact("Google", "chief_executive", "Chen Wei", end="2019-12"),
    _fact("Acme Robotics", "chief_executive", "Grace Lin"),
    _fact("Google", "parent_organization", "Alphabet", start="2015-10"),
    _fact("DeepMind", "parent_organization", "Google"),
    _fact("Kaggle", "parent_organization", "Google"),
    _fact("Google", "inception", "1998-09-04"),
    _fact("DeepMind", "inception", "2010"),
    _fact("Acme Robotics", "inception", "2012-05"),
    _fact("Acme Robotics", "founded_by", "Grace Lin"),
    _fact("Acme Robotics", "founded_by", "Ada Okafor"),
    _fact("DeepMind", "owned_by", "Alphabet", price="$ 500 million", point_in_time="2014-01"),
    _fact("DeepMind", "investor", "Acme Robotics", amount="$ 2 million"),
    _fact("Kubernetes", "developer", "Google"),
    _fact("Kubernetes", "programming_language", "Go"),
    _fact("Kubernetes", "version", "1.30"),
    _fact("Kubernetes", "version", "1.9"),
    _fact("Kubernetes", "license", "Apache License"),
    _fact("Kubernetes", "published", "2014-06-07", version="0.1"),
    _fact("Jet", "developer", "Google"),
    _fact("Jet", "license", "Apache License"),
    _fact("Jet", "website", "https://jet.example/"),
    _fact("Jet", "alias", "Jet Engine"),
]


def articles() -> list[ArticleFacts]:
    """The first has an address, an author and a date; the second says some of its facts again, and has none of these."""
    entities = [(name, kind) for name, kind, _ in _ENTITIES]
    qids = [qid for _, _, qid in _ENTITIES]
    first = article(1, entities, FACTS, qids=qids, title="Who works where", source="first")
    about = replace(
        first.document, url="https://news.example/1", authors=("Ama Boateng",), published="2025-11-06", language="en"
    )
    second = article(2, entities, FACTS[:3], qids=qids, title="More of it", source="second")
    return [
        replace(first, document=about),
        replace(second, document=replace(second.document, published=None)),
    ]


def graph() -> Graph:
    """The graph of these articles, in memory."""
    made = Graph.open()
    made.add_facts(articles())
    return made
