"""The loader, and what news.ttl must hold."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import ontology
from kg.errors import OntologyError

RELATIONS = [
    "employer",
    "position_held",
    "member_of",
    "educated_at",
    "citizenship",
    "residence",
    "place_of_birth",
    "date_of_birth",
    "date_of_death",
    "spouse",
    "child",
    "party",
    "award_received",
    "founded_by",
    "inception",
    "dissolved",
    "headquarters",
    "parent_organization",
    "owned_by",
    "investor",
    "chief_executive",
    "chairperson",
    "director",
    "replaces",
    "partner",
    "developer",
    "inventor",
    "maintained_by",
    "published",
    "version",
    "programming_language",
    "license",
    "platform",
    "uses",
    "based_on",
    "part_of",
    "distributed_by",
    "website",
    "alias",
]

TYPES = ["Person", "Organization", "Software", "Product", "Place", "License", "Award"]

SLOT = re.compile(r"\{(\w+):([^{}=]+)(?:=([^{}]+))?\}")

DATE = re.compile(r"\d{4}(-\d\d){0,2}")


def test_all_types_and_relations_are_there() -> None:
    known = ontology.load()
    assert list(known.types) == TYPES
    assert sorted(known.relations) == sorted(RELATIONS)


def test_the_ontology_is_read_only_once() -> None:
    assert ontology.load() is ontology.load()


def test_a_relation_has_all_that_the_file_says_of_it() -> None:
    found = ontology.load().relations["owned_by"]
    assert found.iri == "https://w3id.org/newsgraph#ownedBy"
    assert found.matches == ("http://www.wikidata.org/entity/P127",)
    assert found.domain == ("Organization", "Software", "Product")
    assert found.range == ("Organization", "Person")
    assert found.literal_type is None
    assert found.qualifiers == ("start", "end", "point_in_time", "price")
    assert not found.functional
    assert not found.symmetric


def test_a_relation_to_a_literal_has_its_type_in_place_of_a_range() -> None:
    found = ontology.load().relations["date_of_birth"]
    assert (found.range, found.literal_type, found.functional) == ((), "Date", True)


def test_what_is_of_any_entity_has_all_types_as_its_domain() -> None:
    assert ontology.load().relations["alias"].domain == tuple(TYPES)


def test_a_qualifier_has_types_or_a_literal_type() -> None:
    qualifiers = ontology.load().qualifiers
    assert qualifiers["of"].types == ("Organization", "Place")
    assert qualifiers["of"].literal_type is None
    assert qualifiers["start"].literal_type == "Date"


def test_keys_in_lower_case_are_terms_in_camel_case() -> None:
    known = ontology.load()
    for key, relation in known.relations.items():
        first, *others = key.split("_")
        assert relation.iri == known.namespace + first + "".join(word.capitalize() for word in others)


@pytest.mark.parametrize("key", RELATIONS)
def test_a_relation_has_a_definition_a_match_wordings_examples_and_near_misses(key: str) -> None:
    found = ontology.load().relations[key]
    assert found.definition.endswith(".")
    assert found.matches
    assert 4 <= len(found.wordings) <= 60
    assert len(found.wordings) == len(set(found.wordings))
    assert len(found.examples) >= 3
    assert len(found.near_misses) >= 2


@pytest.mark.parametrize("key", RELATIONS)
def test_an_example_marks_a_subject_an_object_and_qualifiers_of_its_relation(key: str) -> None:
    known = ontology.load()
    found = known.relations[key]
    for example in found.examples:
        marked = {slot: value or text for slot, text, value in SLOT.findall(example)}
        assert {"subject", "object"} <= set(marked) <= {"subject", "object", *found.qualifiers}
        kinds = {"object": found.literal_type} | {q: known.qualifiers[q].literal_type for q in found.qualifiers}
        for slot, value in marked.items():
            if kinds.get(slot) == "Date":
                assert DATE.fullmatch(value), example
    for sentence in found.near_misses:
        assert not SLOT.search(sentence)


def test_each_qualifier_is_in_three_examples() -> None:
    known = ontology.load()
    seen = Counter(slot for r in known.relations.values() for e in r.examples for slot, _, _ in SLOT.findall(e))
    assert {key: seen[key] for key in known.qualifiers if seen[key] < 3} == {}


def test_a_relation_supersedes_only_relations_that_are_known() -> None:
    known = ontology.load()
    for relation in known.relations.values():
        assert set(relation.supersedes) <= set(known.relations) - {relation.key}


def written(tmp_path: Path, old: str, new: str) -> Path:
    """A copy of the ontology in which `old` is `new`."""
    text = ontology.FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "news.ttl"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_a_file_that_is_no_turtle_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("ng:employer a", encoding="utf-8")
    with pytest.raises(OntologyError, match=r"broken\.ttl can't be read"):
        ontology.load(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match=r"none\.ttl can't be read"):
        ontology.load(tmp_path / "none.ttl")


def test_a_relation_without_a_definition_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, 'skos:definition "The organization that a person works or worked for."@en ;', "")
    with pytest.raises(OntologyError, match=r"newsgraph#employer> must have exactly one .*definition> and has 0"):
        ontology.load(path)


def test_a_range_that_is_no_type_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "rdfs:range ng:Organization ;", "rdfs:range ng:Company ;")
    with pytest.raises(OntologyError, match=r"newsgraph#Company>, which is no entity type; known are Person"):
        ontology.load(path)
