"""The same things elsewhere: links to Wikidata and other registers, and the graph in schema.org's words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

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
        known = ontology.load()
        kinds = {found.iri: _word(found.matches) or "Thing" for found in known.types.values()}
        relations = {
            found.iri: word for found in known.relations.values() if (word := _word(found.matches)) is not None
        }
        file.write(b'{"@context": "https://schema.org", "@graph": [')
        separator = b"\n"
        entities = {quad.subject for quad in source.match(None, v.LABEL, None, DEFAULT)}
        for entity in sorted((each for each in entities if isinstance(each, NamedNode)), key=lambda each: each.value):
            node: dict[str, Any] = {"@id": entity.value}
            values: dict[str, set[str | tuple[str, str]]] = {}
            for quad in source.match(entity, None, None, DEFAULT):
                value = quad.object
                if quad.predicate == v.TYPE and _text(value) in kinds:
                    values.setdefault("@type", set()).add(kinds[_text(value)])
                elif quad.predicate == v.LABEL:
                    values.setdefault("name", set()).add(_text(value))
                elif quad.predicate == v.ALTERNATIVE:
                    values.setdefault("alternateName", set()).add(_text(value))
                elif quad.predicate == v.SAME_AS:
                    values.setdefault("sameAs", set()).add(_text(value))
                elif (word := relations.get(quad.predicate.value)) is not None:
                    reference = ("@id", _text(value)) if isinstance(value, NamedNode) else _text(value)
                    values.setdefault(word, set()).add(reference)
            for key, found in sorted(values.items()):
                ordered = [dict([each]) if isinstance(each, tuple) else each for each in sorted(found, key=str)]
                node[key] = ordered[0] if len(ordered) == 1 else ordered
            file.write(separator + json.dumps(node, ensure_ascii=False).encode())
            separator = b",\n"
        file.write(b"\n]}\n")


def _word(matches: tuple[str, ...]) -> str | None:
    """The term of schema.org among what a term of the ontology matches."""
    return next((match.removeprefix(v.SCHEMA) for match in matches if match.startswith(v.SCHEMA)), None)


def _text(term: Object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
