"""What the network is shown of a text: numbers that mean what was annotated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import ontology
from kg.extract.learned.labels import Labels, labels_of
from kg.extract.learned.windows import Windows
from kg.train.annotated import Annotated
from kg.train.examples import Example, examples
from tests.train.marked import annotated, find

TEXT = (
    "[Ada Holm=A:Person] founded [Acme Robotics=C:Organization] in Oslo in 2014, and Bo Lund was there.\n"
    "> C founded_by A\n> C inception 2014\n> A employer C; start=2014; position=founder\n"
)


@pytest.fixture(scope="module")
def labels() -> Labels:
    return labels_of(ontology.load())


@pytest.fixture(scope="module")
def windows(labels: Labels) -> Windows:
    return Windows(labels)


def shown(text: Annotated, windows: Windows, labels: Labels) -> list[Example]:
    return examples(text, find(text.document), windows, labels)


def words(example: Example, row: int, text: Annotated) -> str:
    first, last, _ = example.mentions[row]
    return text.document.text[example.window.offsets[first, 0] : example.window.offsets[last, 1]]


def test_mentions_facts_and_qualifiers_are_those_that_were_annotated(
    tmp_path: Path, windows: Windows, labels: Labels
) -> None:
    text = annotated(tmp_path, TEXT.replace("was there", "was there as founder"))
    (example,) = shown(text, windows, labels)
    said = {
        (words(example, subject, text), labels.relations[relation], words(example, value, text))
        for subject, relation, value in example.facts
    }
    assert said == {
        ("Acme Robotics", "founded_by", "Ada Holm"),
        ("Acme Robotics", "inception", "2014"),
        ("Ada Holm", "employer", "Acme Robotics"),
    }
    qualified = {
        (labels.relations[example.facts[fact, 1]], labels.qualifiers[key], words(example, value, text))
        for fact, key, value in example.qualifiers
    }
    assert qualified == {("employer", "start", "2014"), ("employer", "position", "founder")}
    assert example.relations.all()
    assert example.qualifier_keys.all()


def test_the_mentions_that_only_the_rules_found_follow_and_are_no_spans(
    tmp_path: Path, windows: Windows, labels: Labels
) -> None:
    text = annotated(tmp_path, TEXT)
    (example,) = shown(text, windows, labels)
    rows = [words(example, row, text) for row in range(len(example.mentions))]
    assert {"Oslo", "Bo Lund"} <= set(rows[len(example.spans) :])
    assert (example.mentions[: len(example.spans)] == example.spans).all()


def test_a_literal_that_only_the_rules_found_is_unsure(tmp_path: Path, windows: Windows, labels: Labels) -> None:
    text = annotated(tmp_path, "[Ada Holm=A:Person] sang in May 2014.\n")
    (example,) = shown(text, windows, labels)
    ((first, last, kind),) = example.unsure_spans
    assert (labels.types[kind], example.span_types[kind]) == ("Date", True)
    assert text.document.text[example.window.offsets[first, 0] : example.window.offsets[last, 1]] == "May 2014"


def test_where_pronouns_were_not_annotated_they_are_no_candidates(
    tmp_path: Path, windows: Windows, labels: Labels
) -> None:
    text = annotated(tmp_path, "[Ada Holm=A:Person] sang, and she danced.\n")
    (with_pronoun,) = shown(text, windows, labels)
    (without,) = shown(replace(text, pronouns=False), windows, labels)
    assert len(with_pronoun.mentions) == len(without.mentions) + 1


def test_of_pairs_over_two_windows_each_is_a_fact_once(tmp_path: Path, windows: Windows, labels: Labels) -> None:
    filler = "Nothing else of any note is known to have happened there on that long and quiet day.\n" * 7
    text = annotated(
        tmp_path,
        f"{filler}[Ada Holm=A:Person] founded [Acme=C:Organization].\n> C founded_by A\n"
        f"{filler}[Bo=B:Person] founded [Zed=Z:Organization].\n> Z founded_by B\n",
    )
    found = shown(text, windows, labels)
    assert len(found) > 1
    assert sum(len(example.facts) for example in found) == len(text.facts) == 2


def test_the_masks_say_what_was_annotated(tmp_path: Path, windows: Windows, labels: Labels) -> None:
    text = replace(
        annotated(tmp_path, TEXT),
        types=frozenset({"Person"}),
        relations=frozenset({"founded_by"}),
        qualifiers=frozenset(),
        weight=0.5,
    )
    (example,) = shown(text, windows, labels)
    assert [labels.types[number] for number in np.flatnonzero(example.span_types)] == ["Person"]
    assert [labels.relations[number] for number in np.flatnonzero(example.relations)] == ["founded_by"]
    assert not example.qualifier_keys.any()
    assert example.weight == 0.5
