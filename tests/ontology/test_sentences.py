"""How much of plain sentences is read, by all steps together: no example of the ontology is among them.

`sentences.tsv` holds a relation and a sentence that states it, or `-` and a sentence that states none of any.
"""

from __future__ import annotations

from pathlib import Path

from kg.pipeline import read_article
from kg.read import document

LINES = Path(__file__).with_name("sentences.tsv").read_text(encoding="utf-8").splitlines()


def relations(sentence: str) -> set[str]:
    return {fact.relation for fact in read_article(document(sentence, published="2024-05-14")).facts}


def test_four_of_five_sentences_are_read_as_what_they_state() -> None:
    stated = [line.split("\t") for line in LINES if not line.startswith("-")]
    missed = [(relation, sentence) for relation, sentence in stated if relation not in relations(sentence)]
    assert len(missed) <= len(stated) / 5, missed


def test_nineteen_of_twenty_sentences_that_state_nothing_give_nothing() -> None:
    empty = [line.split("\t")[1] for line in LINES if line.startswith("-")]
    wrong = [(sentence, found) for sentence in empty if (found := relations(sentence))]
    assert len(wrong) <= len(empty) / 20, wrong
