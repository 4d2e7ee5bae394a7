"""Other names: the same facts of other people."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.train.annotated import Annotated
from kg.train.augment import ENOUGH, Names
from tests.train.marked import annotated, facts

PEOPLE = [f"{first}{end} {last}{end}son" for first, last in (("Ul", "Fal"), ("Ti", "Or")) for end in "abdefgklmnoprstu"]
TEXT = (
    "[Tamsin Okoro=A:Person] runs [Pangolin Labs=P:Organization]; [Okoro=A]'s firm opened in 2014.\n"
    "> P chief_executive A\n> P inception 2014\n"
)


@pytest.fixture
def text(tmp_path: Path) -> Annotated:
    return annotated(tmp_path, TEXT)


@pytest.fixture
def names(tmp_path: Path, text: Annotated) -> Names:
    others = [
        annotated(tmp_path, f"[{name}=A:Person] runs [Zed=P:Organization].\n> P chief_executive A\n") for name in PEOPLE
    ]
    others += [annotated(tmp_path, f"[{name}=A:Person] sang.\n") for name in PEOPLE]
    others += [annotated(tmp_path, f"Visit [{name.split()[0]}=A:Person].\n") for name in PEOPLE]
    others += [annotated(tmp_path, f"[{name.split()[0]} Labs=A:Organization] sang.\n") for name in PEOPLE]
    return Names([text, *others])


def test_the_facts_stay_and_every_mention_stands_where_it_says(names: Names, text: Annotated) -> None:
    for seed in "abcdefgh":
        varied = names.varied(text, seed)
        assert all(varied.document.text[each.start : each.end] == each.text for each in varied.mentions)
        assert [fact.relation for fact in varied.facts] == [fact.relation for fact in text.facts]
        assert all(varied.document.text[s.start : s.end].endswith(".") for s in varied.document.sentences)
        assert "2014" in [fact.object.text for fact in varied.facts]


def test_a_word_becomes_the_same_word_everywhere(names: Names, text: Annotated) -> None:
    varied = names.varied(text, "a")
    first, _, last = varied.mentions[0].text.partition(" ")
    assert varied.mentions[0].text != "Tamsin Okoro"
    assert f"{last}'s firm" in varied.document.text
    assert first.istitle()


def test_a_word_of_many_names_stays(names: Names, text: Annotated) -> None:
    assert all(names.varied(text, seed).mentions[1].text.endswith(" Labs") for seed in "abcdef")


def test_the_same_seed_gives_the_same_text_and_another_one_another(names: Names, text: Annotated) -> None:
    assert names.varied(text, "a") == names.varied(text, "a")
    assert len({names.varied(text, seed).document.text for seed in "abcdef"}) > 1


def test_with_few_names_to_choose_from_nothing_changes(text: Annotated) -> None:
    assert len(facts(text)) < ENOUGH
    assert Names([text]).varied(text, "a") == text
