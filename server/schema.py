"""What search engines want to be told of a page: JSON-LD in schema.org's words, read in a worker process.

https://developers.google.com/search/docs/appearance/structured-data/intro-structured-data
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from pyoxigraph import NamedNode

from kg.export.links import SchemaOrgWords
from kg.facts import Facts, Named, Source, Statement
from kg.rdf.article import DEFAULT
from kg.reconcile.model import Preview
from kg.store.base import Store

CONTEXT = "https://schema.org"
_MOST = 10
"""How many values of a property, and sources of a fact, a page gives to programs; the Turtle has all."""
_MENTIONS = 50


class Schema:
    """Describes what is in a graph."""

    def __init__(self, facts: Facts, store: Store, preview: Callable[[str], Preview | None]) -> None:
        """`preview` tells of an entity in brief."""
        self._facts = facts
        self._store = store
        self._preview = preview
        self._words = SchemaOrgWords()

    def of(self, kind: str, iri: str) -> dict[str, Any] | None:
        """The description of an entity, an article or a statement, as `kind` says; None if there is none."""
        found = {"entity": self._entity, "article": self._article, "statement": self._statement}[kind](iri)
        return None if found is None else {"@context": CONTEXT, **found}

    def _entity(self, iri: str) -> dict[str, Any] | None:
        brief = self._preview(iri)
        if brief is None:
            return None
        node = NamedNode(iri)

        def refer(other: NamedNode) -> dict[str, str]:
            return self._thing(self._facts.named(other))

        quads = self._store.match(node, None, None, DEFAULT)
        return {**self._words.node(node, quads, refer, _MOST), "description": brief.description}

    def _article(self, iri: str) -> dict[str, Any] | None:
        found = self._facts.article(iri)
        if found is None:
            return None
        mentions = [self._thing(entity) for entity in islice(found.entities, _MENTIONS)]
        names = ", ".join(one.label for one in found.entities[:_MOST])
        about = f"{len(found.facts)} facts that this article states, with their sentences. It mentions {names}."
        return {**_article(found.source), "description": about, **_some("mentions", mentions)}

    def _statement(self, iri: str) -> dict[str, Any] | None:
        found = self._facts.statement(iri)
        if found is None:
            return None
        sources = {one.source.iri: one.source for one in found.citations}
        about = [self._thing(one) for one in (found.subject, found.object) if one.iri is not None]
        return {
            "@id": found.iri,
            "@type": "Claim",
            "name": words(found),
            **_some("description", [one.text for one in found.citations[:1]]),
            **_some("about", about),
            **_some("appearance", map(_article, islice(sources.values(), _MOST))),
        }

    def _thing(self, named: Named) -> dict[str, str]:
        kind = self._words.type(None if named.iri is None else self._facts.kind(NamedNode(named.iri)).iri)
        return {"@id": named.iri or "", "@type": kind, "name": named.label}


def words(statement: Statement) -> str:
    """A fact on one line."""
    qualifiers = ", ".join(f"{name.label} {value.label}" for name, value in statement.qualifiers)
    fact = f"{statement.subject.label}: {statement.relation.label} {statement.object.label}"
    return fact + (f" ({qualifiers})" if qualifiers else "")


def _article(source: Source) -> dict[str, Any]:
    publisher = [] if source.publisher is None else [{"@type": "Organization", "name": source.publisher}]
    return {
        "@id": source.iri,
        "@type": "NewsArticle",
        **_some("headline", [source.title] if source.title else []),
        **_some("url", [source.url] if source.url else []),
        **_some("datePublished", [source.published] if source.published else []),
        **_some("author", ({"@type": "Person", "name": name} for name in source.authors)),
        **_some("publisher", publisher),
    }


def _some(name: str, values: Iterable[Any]) -> dict[str, Any]:
    """A property with its values; none without any."""
    found = list(values)
    return {name: found[0] if len(found) == 1 else found} if found else {}
