"""The ontology of news: entity types, relations and qualifiers, as `news.ttl` says them.

`news.ttl` is the single source. Whatever needs to know a relation (the extractor, the SHACL shapes, the JSON-LD
context, the pages) gets it from `load`, and no relation is named in code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg.errors import OntologyError

FILE = Path(__file__).with_name("news.ttl")
NAMESPACE = "https://w3id.org/newsgraph#"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"

_OBJECT_PROPERTY = OWL + "ObjectProperty"
_DATATYPE_PROPERTY = OWL + "DatatypeProperty"


@dataclass(frozen=True, slots=True)
class EntityType:
    """A kind of thing that news are about.

    `plural` is what several are called; `cues` are the common nouns that name one: "library", "start-up".
    """

    key: str
    iri: str
    label: str
    plural: str
    definition: str
    matches: tuple[str, ...]
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Qualifier:
    """A property of a statement. Its value is an entity of one of `types`, or a literal of `literal_type`."""

    key: str
    iri: str
    label: str
    definition: str
    matches: tuple[str, ...]
    types: tuple[str, ...]
    literal_type: str | None


@dataclass(frozen=True, slots=True)
class Relation:
    """What can hold between an entity and another, or a literal.

    `domain` and `range` are keys of entity types; a relation to a literal has an empty `range` and a `literal_type`.
    `qualifiers` are all that it may carry. `supersedes` are the relations that say less than this one of the same two
    things. `wordings` and the marked sentences in `examples` are written as news.ttl explains at `ng:wording` and
    `ng:example`; `near_misses` are sentences that look like it and do not state it.
    """

    key: str
    iri: str
    label: str
    definition: str
    matches: tuple[str, ...]
    domain: tuple[str, ...]
    range: tuple[str, ...]
    literal_type: str | None
    functional: bool
    symmetric: bool
    inverse_label: str
    qualifiers: tuple[str, ...]
    wordings: tuple[str, ...]
    examples: tuple[str, ...]
    near_misses: tuple[str, ...]
    supersedes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ontology:
    """All types, qualifiers and relations by key, in the order of the file."""

    types: Mapping[str, EntityType]
    qualifiers: Mapping[str, Qualifier]
    relations: Mapping[str, Relation]
    namespace: str


def load(path: Path | None = None) -> Ontology:
    """Read the ontology; the package's own where no `path` is given, and that one only once.

    Raises `OntologyError` where the file is not Turtle, or a block of it lacks what it must have.
    """
    return _default() if path is None else _read(path)


@cache
def _default() -> Ontology:
    return _read(FILE)


def _read(path: Path) -> Ontology:
    try:
        source = _Source(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    except (OSError, SyntaxError) as error:
        raise OntologyError(f"The ontology {path} can't be read: {error}") from error
    statement = NAMESPACE + "Statement"
    entity = NAMESPACE + "Entity"
    common = source.all(statement, NAMESPACE + "qualifier")
    types = {}
    qualifiers = {}
    properties = []
    for iri in source.having(NAMESPACE + "key"):
        if entity in source.all(iri, RDFS + "subClassOf"):
            found = source.entity_type(iri)
            types[found.key] = found
        elif source.all(iri, RDFS + "domain") == (statement,):
            properties.append((iri, True))
        else:
            properties.append((iri, False))
    keys = {found.iri: (found.key,) for found in types.values()} | {entity: tuple(types)}
    for iri, is_qualifier in properties:
        if is_qualifier:
            qualifier = source.qualifier(iri, keys)
            qualifiers[qualifier.key] = qualifier
    relations = {}
    for iri, is_qualifier in properties:
        if not is_qualifier:
            relation = source.relation(iri, keys, common)
            relations[relation.key] = relation
    return Ontology(types, qualifiers, relations, NAMESPACE)


class _Source:
    """The triples of the file by subject and predicate, as strings, in the order in which they are written."""

    def __init__(self, triples: Iterable[ox.Quad]) -> None:
        self._values: dict[str, dict[str, list[str]]] = {}
        for triple in triples:
            subject, value = triple.subject, triple.object
            name = subject.value if isinstance(subject, ox.NamedNode | ox.BlankNode) else str(subject)
            text = value.value if isinstance(value, ox.NamedNode | ox.BlankNode | ox.Literal) else str(value)
            self._values.setdefault(name, {}).setdefault(triple.predicate.value, []).append(text)

    def having(self, predicate: str) -> Iterator[str]:
        return (subject for subject, values in self._values.items() if predicate in values)

    def all(self, subject: str, predicate: str) -> tuple[str, ...]:
        return tuple(self._values.get(subject, {}).get(predicate, ()))

    def one(self, subject: str, predicate: str) -> str:
        values = self.all(subject, predicate)
        if len(values) != 1:
            raise OntologyError(f"<{subject}> must have exactly one <{predicate}> and has {len(values)}")
        return values[0]

    def _key(self, iri: str) -> str:
        return self.one(iri, NAMESPACE + "key")

    def _matches(self, iri: str) -> tuple[str, ...]:
        return self.all(iri, SKOS + "exactMatch")

    def _classes(self, iri: str, predicate: str, keys: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        """The types that a domain or range names: one class, all of them (`ng:Entity`), or a union."""
        node = self.one(iri, predicate)
        union = self.all(node, OWL + "unionOf")
        members = tuple(self._list(union[0])) if union else (node,)
        unknown = [member for member in members if member not in keys]
        if unknown:
            known = ", ".join(each.removeprefix(NAMESPACE) for each in keys)
            raise OntologyError(f"<{iri}> names <{unknown[0]}>, which is no entity type; known are {known}")
        return tuple(key for member in members for key in keys[member])

    def _list(self, node: str) -> Iterator[str]:
        while node != RDF + "nil":
            yield self.one(node, RDF + "first")
            node = self.one(node, RDF + "rest")

    def _range(self, iri: str, keys: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], str | None]:
        """The types of an object property's values, or the literal type of a datatype property's."""
        kinds = self.all(iri, RDF + "type")
        if _DATATYPE_PROPERTY in kinds:
            return (), self.one(iri, NAMESPACE + "literalType")
        if _OBJECT_PROPERTY in kinds:
            return self._classes(iri, RDFS + "range", keys), None
        raise OntologyError(f"<{iri}> has a key, and is no type, object property or datatype property")

    def entity_type(self, iri: str) -> EntityType:
        return EntityType(
            key=self._key(iri),
            iri=iri,
            label=self.one(iri, RDFS + "label"),
            plural=self.one(iri, NAMESPACE + "plural"),
            definition=self.one(iri, SKOS + "definition"),
            matches=self._matches(iri),
            cues=self.all(iri, NAMESPACE + "cue"),
        )

    def qualifier(self, iri: str, keys: Mapping[str, tuple[str, ...]]) -> Qualifier:
        types, literal_type = self._range(iri, keys)
        return Qualifier(
            key=self._key(iri),
            iri=iri,
            label=self.one(iri, RDFS + "label"),
            definition=self.one(iri, SKOS + "definition"),
            matches=self._matches(iri),
            types=types,
            literal_type=literal_type,
        )

    def relation(self, iri: str, keys: Mapping[str, tuple[str, ...]], common: tuple[str, ...]) -> Relation:
        types, literal_type = self._range(iri, keys)
        kinds = self.all(iri, RDF + "type")
        return Relation(
            key=self._key(iri),
            iri=iri,
            label=self.one(iri, RDFS + "label"),
            definition=self.one(iri, SKOS + "definition"),
            matches=self._matches(iri),
            domain=self._classes(iri, RDFS + "domain", keys),
            range=types,
            literal_type=literal_type,
            functional=OWL + "FunctionalProperty" in kinds,
            symmetric=OWL + "SymmetricProperty" in kinds,
            inverse_label=self.one(iri, NAMESPACE + "inverseLabel"),
            qualifiers=tuple(self._key(each) for each in (*common, *self.all(iri, NAMESPACE + "qualifier"))),
            wordings=self.all(iri, NAMESPACE + "wording"),
            examples=self.all(iri, NAMESPACE + "example"),
            near_misses=self.all(iri, NAMESPACE + "nearMiss"),
            supersedes=tuple(self._key(each) for each in self.all(iri, NAMESPACE + "supersedes")),
        )
