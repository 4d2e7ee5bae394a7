"""A relation that is added to a copy of news.ttl appears wherever relations do, without a line of code."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

import ontology
from kg.extract.wordings import Reader
from kg.model import Mention
from kg.read import document
from ontology.context import context
from ontology.reference import page
from ontology.shapes import shapes

MENTOR = """
ng:mentor a owl:ObjectProperty ;
    ng:key "mentor" ;
    rdfs:label "mentor"@en ;
    skos:definition "The person who guided another in their work."@en ;
    rdfs:domain ng:Person ; rdfs:range ng:Person ;
    ng:inverseLabel "mentored" ;
    ng:qualifier ng:position ;
    ng:wording "{object} [mentor] {subject}" , "{object} <mentor> of {subject}" ;
    ng:example "{object:Ada Holm} mentored {subject:Rui Lima}." ;
    ng:nearMiss "Ada Holm met Rui Lima." .
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ontology") / "news.ttl"
    path.write_text(ontology.FILE.read_text(encoding="utf-8") + MENTOR, encoding="utf-8")
    return path


def test_it_is_loaded(file: Path) -> None:
    found = ontology.load(file).relations["mentor"]
    assert (found.domain, found.range, found.inverse_label) == (("Person",), ("Person",), "mentored")
    assert found.qualifiers == ("start", "end", "point_in_time", "position")


def test_it_has_a_shape(file: Path) -> None:
    made = shapes(ontology.load(file))
    Graph().parse(data=made, format="turtle")
    assert ":mentor a sh:NodeShape ; sh:targetSubjectsOf <https://w3id.org/newsgraph#mentor>" in made


def test_it_is_in_the_context(file: Path) -> None:
    assert context(file)["mentor"] == {"@id": "https://w3id.org/newsgraph#mentor", "@type": "@id"}


def test_it_is_in_the_reference(file: Path) -> None:
    assert "### ng:mentor\n\nThe person who guided another in their work." in page(ontology.load(file))


def test_it_is_read_from_a_text(file: Path) -> None:
    text = "Ada Holm, who mentored Rui Lima, has retired."
    ada = Mention(0, 8, "Person", "name", "Ada Holm")
    rui = Mention(23, 31, "Person", "name", "Rui Lima")
    found = Reader(ontology.load(file)).relations(document(text), [ada, rui])
    assert [(each.relation, each.subject, each.object) for each in found] == [("mentor", rui, ada)]
