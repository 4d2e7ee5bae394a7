"""Names, pronouns and nominals in sentences of our own, and how many of the annotated articles' names are found."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

import ontology
from kg.extract.names import find_names
from kg.link.aliases import AliasIndex
from kg.model import Document, Mention
from kg.read.sentences import sentences


@pytest.fixture(scope="module")
def aliases() -> AliasIndex:
    return AliasIndex.open()


def find(text: str, aliases: AliasIndex) -> list[Mention]:
    return find_names(Document("0" * 16, text, sentences(text)), aliases, ontology.load())


def names(text: str, aliases: AliasIndex) -> list[tuple[str, str]]:
    return [(mention.text, mention.type) for mention in find(text, aliases) if mention.kind == "name"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yesterday Meta hired Ana Lopez.", [("Meta", "Organization"), ("Ana Lopez", "Person")]),
        ("In May the Linux Foundation met in Paris.", [("Linux Foundation", "Organization"), ("Paris", "Place")]),
        ("The report praises The New York Times.", [("The New York Times", "Organization")]),
        ("Meta's lawyers and Google’s engineers met.", [("Meta", "Organization"), ("Google", "Organization")]),
        (
            "They left the University of California, San Diego.",
            [("University of California, San Diego", "Organization")],
        ),
        ("She moved to a New York-based startup.", [("New York", "Place")]),
        (
            "The Bank of America and Microsoft agreed.",
            [("Bank of America", "Organization"), ("Microsoft", "Organization")],
        ),
        ("It was bought by Meyer & Huber Inc. in 2019.", [("Meyer & Huber Inc.", "Organization")]),
        (
            "He read J. R. R. Tolkien and Guido van Rossum.",
            [("J. R. R. Tolkien", "Person"), ("Guido van Rossum", "Person")],
        ),
        ('We met Robert "Bob" Miller there.', [('Robert "Bob" Miller', "Person")]),
        ("Google CEO Sundar Pichai spoke.", [("Google", "Organization"), ("Sundar Pichai", "Person")]),
        ("Today Dr. Sophie Wilson spoke.", [("Sophie Wilson", "Person")]),
        ("She joined as Vice President and Managing Director.", []),
        ("It runs on Windows 10 and macOS.", [("Windows 10", "Software"), ("macOS", "Software")]),
        ("We now ship Homebrew 1.9.0.", [("Homebrew", "Software")]),
        ("It is under the GPL version 2 or later.", [("GPL version 2 or later", "License")]),
        ("The team uses youtube-dl and scikit-learn.", [("youtube-dl", "Software"), ("scikit-learn", "Software")]),
        ("The Python library Fooza was rewritten.", [("Python", "Software"), ("Fooza", "Software")]),
        ("The team likes Zentora, a software framework for robots.", [("Zentora", "Software")]),
        ("The CNCF Technical Committee met.", [("CNCF", "Organization"), ("Technical Committee", "Organization")]),
        ("She moved to Huber (UK) Limited.", [("Huber (UK) Limited", "Organization")]),
        ('It is by Andrew "bunnie" Huang.', [('Andrew "bunnie" Huang', "Person")]),
        ("She won the Turing Award.", [("Turing Award", "Award")]),
        ("He works for the Quarl Foundation (QF).", [("Quarl Foundation", "Organization"), ("QF", "Organization")]),
    ],
)
def test_names_of_every_shape_are_found_with_their_type(
    text: str, expected: list[tuple[str, str]], aliases: AliasIndex
) -> None:
    assert names(text, aliases) == expected


@pytest.mark.parametrize(
    "text",
    [
        "However, this was not the end. Yesterday was fine. Nothing else happened.",
        "I'm sure that We're done, and Don't ask.",
        "On Monday, September 11, the AI API had a new URL.",
        "The HOMEBREW_PREFIX variable and https://Example.com/Path are set.",
    ],
)
def test_capitals_that_name_nothing_are_left_alone(text: str, aliases: AliasIndex) -> None:
    assert names(text, aliases) == []


def test_a_surname_takes_the_type_of_the_full_name(aliases: AliasIndex) -> None:
    text = "Ilse Quandrell founded it. Quandrell said so. It was Ilse who knew."
    assert names(text, aliases) == [
        ("Ilse Quandrell", "Person"),
        ("Quandrell", "Person"),
        ("Ilse", "Person"),
    ]


def test_all_mentions_of_a_name_have_one_type_and_score(aliases: AliasIndex) -> None:
    text = "Brixo is fast. The database Brixo was released. People like Brixo."
    found = [mention for mention in find(text, aliases) if mention.text == "Brixo"]
    assert len(found) == 3
    assert {(mention.type, mention.score) for mention in found} == {("Software", found[0].score)}
    assert 0 < found[0].score <= 1


def test_a_small_word_is_a_name_where_the_text_treats_it_as_one(aliases: AliasIndex) -> None:
    text = "Our engine, plonkd, is new. The plonkd project grew. A team likes plonkd."
    assert names(text, aliases) == [("plonkd", "Software")] * 3


def test_a_common_word_at_a_sentence_start_is_a_name_where_it_is_the_end_of_one(aliases: AliasIndex) -> None:
    text = "They released Brixo Stream. Stream was popular. Water was not."
    assert [name for name, _ in names(text, aliases)] == ["Brixo Stream", "Stream"]


def test_an_adjective_of_a_people_is_a_place_on_a_person_only(aliases: AliasIndex) -> None:
    assert names("He was a British mathematician.", aliases) == [("British", "Place")]
    assert names("It is the German maker of cars.", aliases) == []
    assert ("US", "Place") in names("He left the US in 1990.", aliases)


def test_pronouns_say_what_they_can_stand_for(aliases: AliasIndex) -> None:
    text = "He said it's done. “I’m leaving,” she wrote. We told them."
    assert [(m.text, m.type) for m in find(text, aliases) if m.kind == "pronoun"] == [
        ("He", "Person"),
        ("it", ""),
        ("I", "Person"),
        ("she", "Person"),
        ("We", "Organization"),
        ("them", ""),
    ]


def test_nominals_point_back_and_do_not_describe(aliases: AliasIndex) -> None:
    text = "The company grew. The founder of Meta left. This open source library and the band Cream are known."
    nominals = [(m.text, m.type) for m in find(text, aliases) if m.kind == "nominal"]
    assert nominals == [("The company", "Organization"), ("This open source library", "Software")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n",
        "…",
        "'",
        "A",
        "The",
        "J. R.",
        "“”",
        "A" * 5000,
        "Ünï " * 500,
        "Abc and " * 3000,
        "." * 50000,
        "(A (B (C",
    ],
)
def test_odd_texts_give_mentions_inside_the_text(text: str, aliases: AliasIndex) -> None:
    for mention in find(text, aliases):
        assert text[mention.start : mention.end] == mention.text


def test_mentions_are_sorted_apart_and_of_types_of_the_ontology(shared: Path, aliases: AliasIndex) -> None:
    types = set(ontology.load().types)
    for line in (shared / "gold/dev.jsonl").read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["text"]
        found = find(text, aliases)
        assert all(a.end <= b.start for a, b in pairwise(found))
        assert all(text[m.start : m.end] == m.text for m in found)
        assert all(m.type in types for m in found if m.kind != "pronoun")


def test_most_names_of_the_annotated_articles_are_found_with_their_type(shared: Path, aliases: AliasIndex) -> None:
    right = predicted = gold = 0
    for line in (shared / "gold/dev.jsonl").read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        text = article["text"]
        found = {(m.start, m.end, m.type) for m in find(text, aliases) if m.kind == "name"}
        marked = {
            (start, end, entity["type"])
            for entity in article["entities"]
            for start, end in entity["mentions"]
            if not text[start:end].islower()
            and text[start:end] not in ("He", "She", "It", "His", "Her", "I", "We", "Our")
        }
        right, predicted, gold = right + len(found & marked), predicted + len(found), gold + len(marked)
    precision, recall = right / predicted, right / gold
    assert 2 * precision * recall / (precision + recall) > 0.80
