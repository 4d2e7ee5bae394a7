"""The JSON-LD context is made from the ontology, and means what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

import ontology
from kg.errors import OntologyError
from ontology.context import context

DOCUMENT = {
    "id": "http://example.org/ada",
    "type": "Person",
    "label": "Ada Holm",
    "employer": "http://example.org/acme",
    "dateOfBirth": {"@value": "1953", "@type": "xsd:gYear"},
}

TRIPLES = """
@prefix ng: <https://w3id.org/newsgraph#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <http://example.org/> .
:ada a ng:Person ; rdfs:label "Ada Holm"@en ; ng:employer :acme ; ng:dateOfBirth "1953"^^xsd:gYear .
"""


def triples(text: str, form: ox.RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(input=text, format=form)}


def test_a_document_in_its_words_is_the_graph_that_it_means() -> None:
    text = json.dumps({"@context": context(), **DOCUMENT})
    assert triples(text, ox.RdfFormat.JSON_LD) == triples(TRIPLES, ox.RdfFormat.TURTLE)


def test_every_type_qualifier_and_relation_has_a_word() -> None:
    known = ontology.load()
    words = {each["@id"] if isinstance(each, dict) else each for each in context().values()}
    assert {found.iri for found in known.types.values()} <= words
    assert {found.iri for found in known.qualifiers.values()} <= words
    assert {found.iri for found in known.relations.values()} <= words


def test_values_that_are_things_are_iris() -> None:
    words = context()
    for relation in ontology.load().relations.values():
        word = words[relation.iri.removeprefix(ontology.NAMESPACE)]
        assert (isinstance(word, dict) and word["@type"] == "@id") == bool(relation.range)


def test_a_second_term_of_one_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "news.ttl"
    text = ontology.FILE.read_text(encoding="utf-8") + "\nschema:employer a owl:ObjectProperty .\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(OntologyError, match="have the same local name; rename one of them"):
        context(path)


def test_it_names_the_statement_as_rdf_does() -> None:
    text = json.dumps({"@context": context(), "id": "http://x/s", "type": "Statement", "predicate": "ng:employer"})
    (predicate, _) = sorted(triples(text, ox.RdfFormat.JSON_LD), key=str)
    assert predicate.predicate.value == "http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate"
    assert predicate.object == ox.NamedNode("https://w3id.org/newsgraph#employer")
