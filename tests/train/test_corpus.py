"""Epochs: the same for the same seed, without what is held out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import ontology
from kg.errors import ReadError, UsageError
from kg.extract.learned.labels import labels_of
from kg.train.corpus import Corpus, Sources, is_held_out, passages

PASSAGE = (
    "== p-{0} |  | agency | 2021\n[Ada Holm=A:Person] founded [Acme {0}=C:Organization] in 2014.\n> C founded_by A\n"
)


def corpus(*files: Path, varied: float = 0.5, seed: int = 1) -> Corpus:
    known = ontology.load()
    return Corpus(Sources(files, varied=varied, seed=seed), labels_of(known), known)


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    path = tmp_path / "passages.txt"
    path.write_text("".join(PASSAGE.format(number) for number in range(60)), encoding="utf-8")
    return path


def test_an_epoch_is_the_same_for_the_same_seed_and_number(marked: Path) -> None:
    one, other = (corpus(marked).epoch(3) for _ in range(2))
    assert len(one) == len(other) > 40
    assert all(np.array_equal(a.window.ids, b.window.ids) for a, b in zip(one, other, strict=True))


def test_what_is_held_out_is_in_no_epoch(marked: Path) -> None:
    held = [passage for passage in passages(marked) if is_held_out(passage.document)]
    read = corpus(marked)
    assert read.counts() == {"own": 60 - len(held), "held out": len(held)}
    assert len(read.held_out()) == len(held) > 0
    assert len(read.epoch(0)) == 60 - len(held)


def test_annotated_json_lines_are_read_like_marked_texts(root: Path, marked: Path) -> None:
    gold = root / "data" / "gold" / "press.jsonl"
    assert sum(corpus(gold).counts().values()) == len(list(passages(gold)))


def test_a_file_that_is_wrong_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wrong.txt"
    path.write_text("== p-1 |  | agency | 2021\n[Ada=A:Person] sang.\n> A spouse B\n> X spouse A\n", encoding="utf-8")
    with pytest.raises(ReadError, match="p-1"):
        corpus(path)


def test_without_any_text_there_is_nothing_to_train_on() -> None:
    with pytest.raises(UsageError, match="nothing to train on"):
        corpus()


def test_all_our_passages_become_examples_and_few_facts_are_lost(root: Path) -> None:
    read = corpus(*sorted((root / "data" / "training").glob("*.txt")))
    assert sum(read.counts().values()) >= 3000
    facts = sum(len(example.facts) for example in read.epoch(0))
    assert sum(read.lost.facts.values()) < 0.03 * facts
