"""What the shapes find, and what they let pass."""

from __future__ import annotations

import logging
from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph, Namespace

import ontology
from ontology.shapes import shapes

SH = Namespace("http://www.w3.org/ns/shacl#")

PREFIXES = """
@prefix ng: <https://w3id.org/newsgraph#> .
@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <http://example.org/> .
"""

SENTENCE = """
:article a schema:NewsArticle .
:sentence a nif:Sentence ; nif:referenceContext :article ; nif:anchorOf "Ada works for Acme." ;
    nif:beginIndex 0 ; nif:endIndex 19 .
:reference a ng:Reference ; ng:sentence :sentence ; ng:confidence 0.9 ; prov:wasAttributedTo :wordings .
:ada a ng:Person . :acme a ng:Organization .
"""

STATEMENT = """
:statement a ng:Statement ; rdf:subject :ada ; rdf:predicate ng:employer ; rdf:object :acme ;
    prov:wasDerivedFrom :reference .
"""


@pytest.fixture(scope="module")
def rules() -> Graph:
    return Graph().parse(data=shapes(ontology.load()), format="turtle")


@pytest.fixture(autouse=True)
def _no_log() -> None:
    """rdflib logs dates that can't be, which some of these texts hold on purpose."""
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)


def messages(rules: Graph, data: str) -> set[str]:
    _, report, _ = pyshacl.validate(
        Graph().parse(data=PREFIXES + data, format="turtle"), shacl_graph=rules, advanced=True
    )
    assert isinstance(report, Graph)
    return {str(message) for message in report.objects(None, SH.resultMessage)}


@pytest.mark.parametrize(
    "data",
    [
        ":ada a ng:Person ; ng:employer :acme . :acme a ng:Organization .",
        ":kiwi a ng:Software ; ng:developer :ada , :acme . :ada a ng:Person . :acme a ng:Organization .",
        ':ada a ng:Person ; ng:dateOfBirth "1953"^^xsd:gYear , "1953-05"^^xsd:gYearMonth , "1953-05-26"^^xsd:date .',
        ':acme a ng:Organization ; ng:website "https://acme.example"^^xsd:anyURI .',
        ':place a ng:Place ; ng:alias "Big Apple" .',
        SENTENCE + STATEMENT,
        SENTENCE + STATEMENT + ':statement ng:start "2019-03"^^xsd:gYearMonth ; ng:position "engineer" .',
    ],
)
def test_what_the_ontology_allows_passes(rules: Graph, data: str) -> None:
    assert messages(rules, data) == set()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            ":acme a ng:Organization ; ng:employer :b . :b a ng:Organization .",
            "has the relation employer and is no person",
        ),
        (":ada a ng:Person ; ng:employer :b . :b a ng:Place .", "has a value of employer that is no organization"),
        (':ada a ng:Person ; ng:employer "Acme" .', "has a value of employer that is no organization"),
        (
            ":kiwi a ng:Software ; ng:developer :b . :b a ng:Place .",
            "has a value of developer that is no organization or person",
        ),
        (
            ':ada a ng:Person ; ng:dateOfBirth "1953-02-30"^^xsd:date .',
            "has a value of date of birth that is no date of the calendar",
        ),
        (
            ':ada a ng:Person ; ng:dateOfBirth "last year" .',
            "has a value of date of birth that is no date of the calendar",
        ),
        (
            ':ada a ng:Person ; ng:dateOfBirth "1953"^^xsd:gYear , "1954-05-26"^^xsd:date .',
            "has two values that contradict each other",
        ),
        (
            SENTENCE + STATEMENT + ':statement ng:price "$3" .',
            "carries the qualifier price, which belongs to: owned by",
        ),
        (
            SENTENCE + STATEMENT + ':statement ng:end "30 February" .',
            "has a value of end that is no date of the calendar",
        ),
        (SENTENCE + STATEMENT.replace(":reference", ":nothing"), "must have a reference"),
        (
            SENTENCE + STATEMENT.replace("ng:employer", "ng:cue"),
            "must have one predicate, which is a relation of the ontology",
        ),
        (SENTENCE + STATEMENT.replace("rdf:object :acme ;", ""), "must have one object"),
        (SENTENCE.replace("0.9", "1.9"), "must have one confidence from 0 to 1"),
        (SENTENCE.replace("ng:sentence :sentence ;", ""), "must name one sentence"),
        (SENTENCE.replace("nif:beginIndex 0", "nif:beginIndex 20"), "must begin at one place, before its end"),
        (SENTENCE.replace("nif:referenceContext :article ;", ""), "must be a sentence of one article"),
    ],
)
def test_what_the_ontology_does_not_allow_is_found(rules: Graph, data: str, message: str) -> None:
    assert messages(rules, data) == {message}


def test_the_same_ontology_gives_the_same_shapes() -> None:
    assert shapes(ontology.load()) == shapes(ontology.load(ontology.FILE))


def test_a_label_with_quotation_marks_gives_turtle_that_parses(tmp_path: Path) -> None:
    path = tmp_path / "news.ttl"
    text = ontology.FILE.read_text(encoding="utf-8").replace(
        'rdfs:label "employer"@en', r'rdfs:label "so-called \"job\""@en'
    )
    path.write_text(text, encoding="utf-8")
    Graph().parse(data=shapes(ontology.load(path)), format="turtle")
