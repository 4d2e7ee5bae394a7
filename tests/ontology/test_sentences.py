"""How much of plain sentences is read, by all steps together: no example of the ontology is among them.

`sentences.tsv` holds a relation and a sentence that states it, or `-` and a sentence that states none of any.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.pipeline import Settings, read_article
from kg.read import document

LINES = Path(__file__).with_name("sentences.tsv").read_text(encoding="utf-8").splitlines()


WORDINGS = Settings(("wordings",))
BOTH = Settings()


def relations(sentence: str, settings: Settings) -> set[str]:
    return {fact.relation for fact in read_article(document(sentence, published="2024-05-14"), settings).facts}


@pytest.mark.parametrize(("settings", "share"), [(WORDINGS, 1 / 5), (BOTH, 1 / 8)])
def test_most_sentences_are_read_as_what_they_state(settings: Settings, share: float) -> None:
    stated = [line.split("\t") for line in LINES if not line.startswith("-")]
    missed = [(relation, sentence) for relation, sentence in stated if relation not in relations(sentence, settings)]
    assert len(missed) <= len(stated) * share, missed


@pytest.mark.parametrize(("settings", "share"), [(WORDINGS, 1 / 20), (BOTH, 1 / 8)])
def test_few_sentences_that_state_nothing_give_something(settings: Settings, share: float) -> None:
    empty = [line.split("\t")[1] for line in LINES if line.startswith("-")]
    wrong = [(sentence, found) for sentence in empty if (found := relations(sentence, settings))]
    assert len(wrong) <= len(empty) * share, wrong
