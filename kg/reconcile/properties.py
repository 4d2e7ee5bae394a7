"""What an entity may be asked for: its relations, read in both directions, its other names, its IRIs elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.rdf import vocabulary as v
from ontology import EntityType, Ontology, Relation

_INVERSE = "^"
"""Before the name of a relation that is read from its object, as in SPARQL's property paths."""


@dataclass(frozen=True, slots=True)
class Property:
    """`iri` of the subject, or (`is_inverse`) of the object. `domain` and `range` are IRIs of types.

    A property with an empty `range` has literals; one that is not known here has no IRI, and nothing has a value of it.
    """

    id: str
    name: str
    description: str
    iri: str | None
    is_inverse: bool
    domain: tuple[str, ...]
    range: tuple[str, ...]


class Schema:
    """The types and properties by their identifiers: what follows `#` in their IRIs. Whole IRIs are understood, too."""

    def __init__(self, ontology: Ontology) -> None:
        self._namespace = ontology.namespace
        self.types = {self.id(found.iri): found for found in ontology.types.values()}
        self.by_iri: Mapping[str, EntityType] = {found.iri: found for found in ontology.types.values()}
        iris = {key: found.iri for key, found in ontology.types.items()}
        self.properties: dict[str, Property] = {}
        for found in ontology.relations.values():
            self._add(self._forward(found, iris))
            if found.range and not found.symmetric:
                self._add(self._inverse(found, iris))
        same = "Its IRIs elsewhere, such as its Wikidata item."
        self._add(Property("sameAs", "same as", same, v.SAME_AS.value, False, tuple(iris.values()), ()))

    def id(self, iri: str) -> str:
        return iri.removeprefix(self._namespace)

    def _add(self, found: Property) -> None:
        self.properties[found.id] = found

    def _forward(self, found: Relation, iris: Mapping[str, str]) -> Property:
        domain, values = (tuple(iris[key] for key in keys) for keys in (found.domain, found.range))
        # What gives another name has no direct edge; its names are those of the entity.
        iri = v.ALTERNATIVE.value if v.ALTERNATIVE.value in found.matches else found.iri
        return Property(self.id(found.iri), found.label, found.definition, iri, False, domain, values)

    def _inverse(self, found: Relation, iris: Mapping[str, str]) -> Property:
        domain, values = (tuple(iris[key] for key in keys) for keys in (found.range, found.domain))
        name = found.inverse_label or f"{found.label} of"
        return Property(_INVERSE + self.id(found.iri), name, found.definition, found.iri, True, domain, values)

    def type(self, identifier: str) -> EntityType | None:
        return self.types.get(self.id(identifier))

    def property(self, identifier: str) -> Property:
        """The property; one without an IRI, if it is not known here."""
        mark = _INVERSE if identifier.startswith(_INVERSE) else ""
        found = self.properties.get(mark + self.id(identifier.removeprefix(mark)))
        return found or Property(identifier, identifier, "", None, False, (), ())
