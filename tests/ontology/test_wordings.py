"""The examples of news.ttl are the tests of its wordings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest

import ontology
from kg.extract.mentions import find_mentions
from kg.extract.wordings import Reader
from kg.link.aliases import AliasIndex
from kg.model import Mention, RelationMention
from kg.read import document
from ontology import Relation

SLOT = re.compile(r"\{(\w+):([^{}=]+)(?:=([^{}]+))?\}")

KNOWN = ontology.load()
EXAMPLES = [(r.key, each) for r in KNOWN.relations.values() for each in r.examples]
NEAR_MISSES = [(r.key, each) for r in KNOWN.relations.values() for each in r.near_misses]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(KNOWN)


@pytest.fixture(scope="module")
def aliases() -> AliasIndex:
    return AliasIndex.open()


def unmarked(example: str) -> tuple[str, dict[str, tuple[int, int, str]]]:
    """The sentence, and for each slot its start, its end and its normal form."""
    text, slots, last = "", {}, 0
    for slot in SLOT.finditer(example):
        text += example[last : slot.start()]
        slots[slot[1]] = (len(text), len(text) + len(slot[2]), slot[3] or slot[2])
        text, last = text + slot[2], slot.end()
    return text + example[last:], slots


def mentions(relation: Relation, text: str, slots: dict[str, tuple[int, int, str]]) -> Iterator[list[Mention]]:
    """The slots as mentions, with each pair of types that the relation allows."""
    is_name = bool(relation.range) or relation.literal_type == "String"
    for subject, value in product(relation.domain, relation.range or (relation.literal_type or "",)):
        found = []
        for key, (start, end, normal) in slots.items():
            if key == "subject":
                found.append(Mention(start, end, subject, "name", text[start:end]))
            elif key == "object" and is_name:
                kind = value if relation.range else subject
                found.append(Mention(start, end, kind, "name", text[start:end]))
            elif key == "object":
                found.append(Mention(start, end, value, "literal", text[start:end], normal))
            else:
                qualifier = KNOWN.qualifiers[key]
                kind = qualifier.literal_type or qualifier.types[-1]
                literal = qualifier.literal_type is not None
                name = text[start:end]
                found.append(
                    Mention(start, end, kind, "literal" if literal else "name", name, normal if literal else None)
                )
        yield sorted(found)


@pytest.mark.parametrize(("key", "example"), EXAMPLES)
def test_an_example_is_read_with_its_qualifiers(reader: Reader, key: str, example: str) -> None:
    text, slots = unmarked(example)
    found: list[RelationMention] = []
    for given in mentions(KNOWN.relations[key], text, slots):
        found += (each for each in reader.relations(document(text), given) if each.relation == key)
    wanted = {slot: place[0] for slot, place in slots.items()}
    read = [
        {"subject": each.subject.start, "object": each.object.start}
        | {q: mention.start for q, mention in each.qualifiers}
        for each in found
    ]
    assert wanted in read


@pytest.mark.parametrize(("key", "sentence"), NEAR_MISSES)
def test_a_near_miss_states_nothing(reader: Reader, aliases: AliasIndex, key: str, sentence: str) -> None:
    read = document(sentence, published="2024-05-14")
    found = reader.relations(read, find_mentions(read, aliases, KNOWN))
    assert [each for each in found if each.relation == key] == []
