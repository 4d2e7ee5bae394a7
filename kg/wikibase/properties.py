"""The properties: those of the ontology, and those by which Wikidata's references say where something is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.rdf import vocabulary as v
from kg.wikibase.model import Datatype, Property
from ontology import Ontology, Qualifier, Relation

_DATATYPES: Mapping[str, Datatype] = {"Date": "time", "URL": "url"}
"""Literal types that are none of Wikibase's are strings."""
_STRINGS = {"String", "Version"}
"""Of which Wikidata has strings, too."""


def _known(name: str, label: str, description: str, datatype: Datatype) -> Property:
    return Property(v.WD + name, name, False, label, description, datatype)


INSTANCE_OF = _known("P31", "instance of", "The class of which this is an example.", "wikibase-item")
STATED_IN = _known("P248", "stated in", "The article that says so.", "wikibase-item")
REFERENCE_URL = _known("P854", "reference URL", "The address of the article that says so.", "url")
QUOTATION = _known("P1683", "quotation", "The sentence that says so.", "monolingualtext")
TITLE = _known("P1476", "title", "The title of the article.", "monolingualtext")
PUBLISHED = _known("P577", "publication date", "When the article was published.", "time")
AUTHOR = _known("P2093", "author name string", "Who wrote the article.", "string")
RETRIEVED = _known("P813", "retrieved", "When the article was read.", "time")
SOURCES = (INSTANCE_OF, STATED_IN, REFERENCE_URL, QUOTATION, TITLE, PUBLISHED, AUTHOR, RETRIEVED)


@dataclass(frozen=True, slots=True)
class Properties:
    """The properties of relations and qualifiers, by the IRIs that those have in the ontology.

    Relations that name their subject are none: their values are aliases.
    """

    relations: Mapping[str, Property]
    qualifiers: Mapping[str, Property]

    def __iter__(self) -> Iterator[Property]:
        """Each property once, as the first that has its name."""
        found = {each.iri: each for each in reversed([*self.relations.values(), *self.qualifiers.values(), *SOURCES])}
        return iter(sorted(found.values(), key=lambda each: each.iri))


def properties(ontology: Ontology) -> Properties:
    relations = [found for found in ontology.relations.values() if v.ALTERNATIVE.value not in found.matches]
    return Properties(
        {found.iri: _property(found, found.range) for found in relations},
        {found.iri: _property(found, found.types) for found in ontology.qualifiers.values()},
    )


def _property(found: Relation | Qualifier, types: tuple[str, ...]) -> Property:
    matches = [match for match in found.matches if match.startswith(v.WD + "P")]
    iri = matches[0] if matches else found.iri
    name = iri.removeprefix(v.WD) if matches else iri.rpartition("#")[2].rpartition("/")[2]
    datatype = "wikibase-item" if types else _DATATYPES.get(found.literal_type or "", "string")
    takes = datatype != "string" or found.literal_type in _STRINGS
    return Property(iri, name, not matches, found.label, found.definition, datatype, takes)
