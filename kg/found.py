"""What a search finds, as structures for tables and pages."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.facts import Facts
from kg.rdf import vocabulary as v
from kg.search.hits import Hit, Search


@dataclass(frozen=True, slots=True)
class Found:
    """Something with a text that fits: an entity, an article, a sentence, or what else has such a text.

    `kind` is the label of an entity's type, "article", "sentence" or "resource". `text` is the name, the title or the
    sentence that fits. `articles` is how many mention an entity; `article` is the title of a sentence's, or its IRI.
    Scores compare the results of one search; the highest is the best.
    """

    iri: str
    label: str
    kind: str
    score: float
    text: str
    articles: int = 0
    article: str | None = None


def find(facts: Facts, search: Search, words: str, limit: int, *, typing: bool = False) -> tuple[Found, ...]:
    """The best `limit` results; while somebody is `typing`, the last word may be the beginning of one."""
    return tuple(_found(facts, hit) for hit in search.find(words, limit, typing=typing))


def _found(facts: Facts, hit: Hit) -> Found:
    iri, text, score = hit.subject.value, hit.literal.value, round(hit.score, 4)
    brief = facts.brief(iri)
    if brief is not None:
        name, kind, articles = brief
        return Found(iri, name.label, kind.label, score, text, articles)
    if hit.predicate == v.ANCHOR and isinstance(hit.graph, NamedNode):
        article = hit.graph.value
        return Found(iri, text, "sentence", score, text, article=facts.title(article) or article)
    return Found(iri, text, "article" if hit.graph == hit.subject else "resource", score, text)
