"""The passages to train on: their marks can be read, and say what the ontology allows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ontology
from kg.model import ArticleFacts
from kg.train.corpus import passages as read


@pytest.fixture(scope="module")
def passages(root: Path) -> list[ArticleFacts]:
    return [passage for path in sorted((root / "data" / "training").glob("*.txt")) for passage in read(path)]


def test_there_are_as_many_as_the_folder_says(root: Path, passages: list[ArticleFacts]) -> None:
    readme = (root / "data" / "training" / "README.md").read_text(encoding="utf-8")
    (stated,) = re.findall(r"more than ([\d,]+) short passages", readme)
    assert len(passages) > int(stated.replace(",", ""))
    assert len({passage.document.text for passage in passages}) == len(passages)


def test_every_fact_is_of_a_relation_between_the_types_that_it_takes(passages: list[ArticleFacts]) -> None:
    relations = ontology.load().relations
    wrong = []
    for passage in passages:
        types = {entity.id: entity.type for entity in passage.entities}
        for fact in passage.facts:
            relation = relations[fact.relation]
            fits = types[fact.subject] in relation.domain and (
                types[fact.object] in relation.range if fact.object_is_entity else relation.literal_type is not None
            )
            if not fits or not {key for key, _, _ in fact.qualifiers} <= set(relation.qualifiers):
                wrong.append((passage.document.text[:60], fact.relation))
    assert not wrong


def test_every_mention_stands_in_the_text(passages: list[ArticleFacts]) -> None:
    for passage in passages:
        for entity in passage.entities:
            assert all(passage.document.text[m.start : m.end] == m.text for m in entity.mentions)
