"""The classes and properties that a query can name, for an editor to complete."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import ontology
from kg.wikibase.items import class_of
from kg.wikibase.properties import properties
from kg.wikibase.rdf import predicate

_ROLES = {"relations": ("direct", "claim", "statement"), "qualifiers": ("qualifier",)}
"""In which roles queries name the properties of relations, and of qualifiers, most."""
_CHOICE = re.compile(r"[\[<]([^\]>{}]*)[\]>]")
"""`[work|serve]` and `<employee|staffer>`, as ontology/news.ttl explains at `ng:wording`."""


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property, and how often it is used in the graph. `domain` and `range` are IRIs of classes, if known.

    `words` are those by which sentences speak of it, such as "work" and "employee" of an employer.
    """

    iri: str
    label: str
    kind: Literal["class", "property"]
    definition: str = ""
    words: tuple[str, ...] = ()
    count: int = 0
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()


def of_news(classes: Mapping[str, int], properties: Mapping[str, int]) -> list[Term]:
    """The terms of the ontology, in its order, and others that the graph uses; the arguments say how often, by IRI."""
    counts = {**classes, **properties}
    found = {term.iri: replace(term, count=counts.get(term.iri, 0)) for term in _defined()}
    for iri, number in counts.items():
        found.setdefault(iri, Term(iri, "", "class" if iri in classes else "property", count=number))
    return list(found.values())


def of_wikibase(base: str) -> list[Term]:
    """The terms of Wikibase's form of the graph that begins with `base`."""
    words = ontology.load()
    classes = {each.iri: class_of(each.matches, each.iri) for each in words.types.values()}
    defined = {term.iri: term for term in _defined()}
    found = {iri: replace(defined[own], iri=iri) for own, iri in classes.items()}
    named = properties(words)
    for kind, roles in _ROLES.items():
        for iri, known in getattr(named, kind).items():
            term = defined[iri]
            domain, range = (tuple(classes[each] for each in side) for side in (term.domain, term.range))
            for role in roles:
                name = predicate(base, role, known).value
                found[name] = replace(term, iri=name, domain=domain, range=range)
    return list(found.values())


def _defined() -> Iterator[Term]:
    words = ontology.load()
    types = {key: each.iri for key, each in words.types.items()}

    def iris(keys: tuple[str, ...]) -> tuple[str, ...]:
        # A relation of all types says nothing about a type.
        return () if len(keys) == len(types) else tuple(types[key] for key in keys)

    for each in words.types.values():
        yield Term(each.iri, each.label, "class", each.definition, each.cues)
    for relation in words.relations.values():
        yield Term(
            relation.iri, relation.label, "property", relation.definition, _words(relation.wordings),
            domain=iris(relation.domain), range=iris(relation.range),
        )  # fmt: skip
    for qualifier in words.qualifiers.values():
        yield Term(qualifier.iri, qualifier.label, "property", qualifier.definition, range=iris(qualifier.types))


def _words(wordings: Iterable[str]) -> tuple[str, ...]:
    """The verbs and the nouns that wordings give a choice of, each once."""
    found = (word for wording in wordings for choice in _CHOICE.findall(wording) for word in choice.split("|"))
    return tuple(dict.fromkeys(word for word in found if word))
