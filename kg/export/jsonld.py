"""JSON-LD, in the words of the ontology's context: with its keys, the graph reads like plain JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import IO

from pyoxigraph import Literal, NamedNode, Quad

from kg.export.base import Source
from kg.export.formats import for_people, merged, prefixes
from kg.rdf import vocabulary as v
from kg.store.base import Object, Subject

Json = str | list["Json"] | dict[str, "Json"]
Definition = str | dict[str, str]


class JsonLd:
    """All graphs as one, a line for each subject."""

    name = "jsonld"
    suffixes = (".jsonld", ".json")

    def write(self, source: Source, file: IO[bytes]) -> None:
        from ontology.context import context

        words = Context({**prefixes(source), **context()})
        file.write(b'{"@context": ' + json.dumps(words.definitions).encode() + b',\n"@graph": [')
        separator = b"\n"
        for node in words.nodes(for_people(source, merged(source))):
            file.write(separator + json.dumps(node, ensure_ascii=False).encode())
            separator = b",\n"
        file.write(b"\n]}\n")


class Context:
    """A JSON-LD context that terms are compacted with. Its definitions are prefixes and properties or classes."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self.definitions = dict(definitions)
        self._prefixes = {
            name: iri for name, iri in definitions.items() if isinstance(iri, str) and iri.endswith(("/", "#"))
        }
        self._terms: dict[str, tuple[str, str | None, str | None]] = {}
        for name, definition in definitions.items():
            if isinstance(definition, dict):
                found = definition["@id"], definition.get("@type"), definition.get("@language")
            else:
                found = definition, None, None
            if name not in self._prefixes:
                self._terms[found[0]] = name, found[1], found[2]
        self.compact = lru_cache(maxsize=4096)(self._compact)

    def nodes(self, quads: Iterable[Quad]) -> Iterator[dict[str, Json]]:
        """An object for each subject of `quads`, which stand together by subject."""
        for subject, about in groupby(quads, key=lambda quad: quad.subject):
            node: dict[str, Json] = {"id": self._reference(subject)}
            values: dict[str, list[Json]] = {}
            for quad in about:
                key, value = self._property(quad.predicate, quad.object)
                values.setdefault(key, []).append(value)
            for key, found in values.items():
                node[key] = found[0] if len(found) == 1 else found
            yield node

    def _property(self, predicate: NamedNode, value: Object) -> tuple[str, Json]:
        """The key of a property, and its value as short as the key's definition allows."""
        if predicate == v.TYPE:
            return "type", self._vocabulary(value)
        name, datatype, language = self._terms.get(predicate.value, (None, None, None))
        if not isinstance(value, Literal):
            reference = self._reference(value)
            if name is not None and datatype == "@id":
                return name, reference
            return self._key(name, datatype, language, predicate), {"id": reference}
        if value.language is not None:
            if name is not None and language == value.language:
                return name, value.value
            return self._key(name, datatype, language, predicate), {"@value": value.value, "@language": value.language}
        if name is not None and datatype == value.datatype.value:
            return name, value.value
        key = self._key(name, datatype, language, predicate)
        if value.datatype.value == v.XSD + "string" and language is None and datatype is None:
            return key, value.value
        return key, {"@value": value.value, "@type": self._vocabulary(value.datatype)}

    def _key(self, name: str | None, datatype: str | None, language: str | None, predicate: NamedNode) -> str:
        return name if name is not None else self.compact(predicate.value)

    def _vocabulary(self, term: Object) -> str:
        """A class or a datatype."""
        if isinstance(term, NamedNode) and term.value in self._terms:
            return self._terms[term.value][0]
        return self._reference(term)

    def _reference(self, term: Subject | Object) -> str:
        return self.compact(term.value) if isinstance(term, NamedNode) else str(term)

    def _compact(self, iri: str) -> str:
        """`prefix:rest`, or the IRI where no prefix fits, or where a reader would take it for something else."""
        for prefix, namespace in self._prefixes.items():
            rest = iri[len(namespace) :]
            if rest and iri.startswith(namespace) and not rest.startswith("//"):
                return f"{prefix}:{rest}"
        return iri
