"""The same things elsewhere: links to Wikidata and other registers, and the graph in schema.org's words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple

import ontology
from kg.export.base import Source
from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT
from kg.store.base import Object

_EXACT = NamedNode(v.SKOS + "exactMatch")
_PREFIXES = ("owl", "skos", "rdfs", "ng", "wd", "schema")


class Links:
    """A linkset in Turtle: entities that are the same as what others have, and the ontology's terms that match."""

    name = "links"
    suffixes = (".links.ttl",)

    def write(self, source: Source, file: IO[bytes]) -> None:
        prefixes = {name: v.PREFIXES[name] for name in _PREFIXES}
        ox.serialize(
            self._triples(source), file, RdfFormat.TURTLE, prefixes={**prefixes, "entity": f"{source.base}entity/"}
        )

    def _triples(self, source: Source) -> Iterator[Triple]:
        links = [quad.triple for quad in source.match(None, v.SAME_AS, None, DEFAULT)]
        for link in sorted(links, key=str):
            yield link
            # For those who must not infer that all that is said of one is true of the other.
            yield Triple(link.subject, _EXACT, link.object)
        known = ontology.load()
        terms = [(found.iri, found.matches) for found in known.types.values()]
        terms += [(found.iri, found.matches) for found in known.relations.values()]
        terms += [(found.iri, found.matches) for found in known.qualifiers.values()]
        for iri, matches in terms:
            for match in sorted(matches):
                yield Triple(NamedNode(iri), _EXACT, NamedNode(match))


class SchemaOrg:
    """Entities as JSON-LD in schema.org's words alone, with the relations that the ontology matches with one of these."""

    name = "schema-org"
    suffixes = (".schema.jsonld",)

    def write(self, source: Source, file: IO[bytes]) -> None:
        words = SchemaOrgWords()
        file.write(b'{"@context": "https://schema.org", "@graph": [')
        separator = b"\n"
        entities = {quad.subject for quad in source.match(None, v.LABEL, None, DEFAULT)}
        for entity in sorted((each for each in entities if isinstance(each, NamedNode)), key=lambda each: each.value):
            node = words.node(entity, source.match(entity, None, None, DEFAULT))
            file.write(separator + json.dumps(node, ensure_ascii=False).encode())
            separator = b",\n"
        file.write(b"\n]}\n")


class SchemaOrgWords:
    """The terms of schema.org that the ontology matches with its own."""

    def __init__(self) -> None:
        known = ontology.load()
        self._types = {found.iri: _word(found.matches) or "Thing" for found in known.types.values()}
        self._properties = {v.LABEL.value: "name", v.ALTERNATIVE.value: "alternateName", v.SAME_AS.value: "sameAs"} | {
            found.iri: word for found in known.relations.values() if (word := _word(found.matches)) is not None
        }

    def type(self, iri: str | None) -> str:
        """The class of schema.org for one of the ontology."""
        return self._types.get(iri or "", "Thing")

    def node(
        self,
        entity: NamedNode,
        quads: Iterable[Quad],
        refer: Callable[[NamedNode], Mapping[str, str]] = lambda node: {"@id": node.value},
        most: int | None = None,
    ) -> dict[str, Any]:
        """What `quads` say of an entity, with at most `most` values of a property. `refer` tells of another entity."""
        values: dict[str, set[Object]] = {}
        for quad in quads:
            if quad.predicate == v.TYPE and _text(quad.object) in self._types:
                values.setdefault("@type", set()).add(Literal(self.type(_text(quad.object))))
            elif (word := self._properties.get(quad.predicate.value)) is not None:
                values.setdefault(word, set()).add(quad.object)
        node: dict[str, Any] = {"@id": entity.value}
        for key, found in sorted(values.items()):
            ordered = sorted(found, key=_text)[:most]
            is_link = key == self._properties[v.SAME_AS.value]
            told = [refer(one) if isinstance(one, NamedNode) and not is_link else _text(one) for one in ordered]
            node[key] = told[0] if len(told) == 1 else told
        return node


def _word(matches: tuple[str, ...]) -> str | None:
    """The term of schema.org among what a term of the ontology matches."""
    return next((match.removeprefix(v.SCHEMA) for match in matches if match.startswith(v.SCHEMA)), None)


def _text(term: Object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
