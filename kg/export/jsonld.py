"""JSON-LD, in the words of the ontology's context."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import IO

from pyoxigraph import Literal, Quad

from kg.export.base import Source
from kg.export.formats import for_people, merged, prefixes
from kg.rdf import vocabulary as v

Json = str | list["Json"] | dict[str, "Json"]


class JsonLd:
    """All graphs as one, a line for each subject."""

    name = "jsonld"
    suffixes = (".jsonld", ".json")

    def write(self, source: Source, file: IO[bytes]) -> None:
        terms = prefixes(source)
        file.write(b'{"@context": ' + json.dumps(terms).encode() + b',\n"@graph": [')
        separator = b"\n"
        for node in nodes(for_people(source, merged(source.quads())), terms):
            file.write(separator + json.dumps(node, ensure_ascii=False).encode())
            separator = b",\n"
        file.write(b"\n]}\n")


def nodes(quads: Iterable[Quad], terms: Mapping[str, str]) -> Iterator[dict[str, Json]]:
    """An object for each subject of `quads`, which stand by subject; `terms` are the context's prefixes."""
    for subject, about in groupby(quads, key=lambda quad: quad.subject):
        node: dict[str, Json] = {"@id": _identifier(str(subject), terms)}
        for predicate, found in groupby(about, key=lambda quad: quad.predicate):
            if predicate == v.TYPE:
                node["@type"] = [_identifier(str(quad.object), terms) for quad in found]
            else:
                node[_identifier(str(predicate), terms)] = [_value(quad, terms) for quad in found]
        yield node


def _value(quad: Quad, terms: Mapping[str, str]) -> Json:
    value = quad.object
    if not isinstance(value, Literal):
        return {"@id": _identifier(str(value), terms)}
    if value.language is not None:
        return {"@value": value.value, "@language": value.language}
    if value.datatype.value == v.XSD + "string":
        return value.value
    return {"@value": value.value, "@type": _identifier(str(value.datatype), terms)}


def _identifier(term: str, terms: Mapping[str, str]) -> str:
    """A compact IRI, the IRI, or the blank node `_:…`."""
    iri = term.removeprefix("<").removesuffix(">")
    for prefix, namespace in terms.items():
        if iri.startswith(namespace) and iri != namespace and not iri.startswith("//", len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
