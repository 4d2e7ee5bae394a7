"""Scores on SoMeSci and Re-DocRED, in terms of their own annotations."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from kg import published
from kg.evaluate import Score
from kg.knowledgenet import Found, Read
from kg.model import ArticleFacts, Entity, Fact, Mention, Reference, RelationMention, Span

TEXT = "We used Zed 4.2 and the tool R (R Core Team)."
NAMES = {"zed": ("Software", "Zed"), "r": ("Software", "R"), "team": ("Organization", "R Core Team")}


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def written(tmp_path: Path, entities: dict[str, tuple[str, str]], facts: list[tuple[str, str, str]]) -> Path:
    line: dict[str, Any] = {
        "id": "1",
        "text": TEXT,
        "entities": [{"id": key, "type": kind, "mentions": [span(words)]} for key, (kind, words) in entities.items()],
        "facts": [{"subject": subject, "relation": name, "object": value} for subject, name, value in facts],
    }
    path = tmp_path / "set.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.write(json.dumps(line) + "\n")
    return path


def mention(words: str) -> Mention:
    return Mention(*span(words), "Software", "name", words)


def reader(*facts: tuple[str, str, str]) -> Read:
    """Reads all of `NAMES`, and facts between them, or to a literal."""

    def words(side: str) -> str:
        return NAMES[side][1] if side in NAMES else side

    entities = tuple(
        Entity(key, kind, name, (replace(mention(name), type=kind),)) for key, (kind, name) in NAMES.items()
    )
    found = [RelationMention(key, mention(words(one)), mention(words(other)), ()) for one, key, other in facts]
    reference = Reference(Span(0, len(TEXT)), "test", 1.0)
    made = tuple(Fact(one, key, other, other in NAMES, (), (reference,)) for one, key, other in facts)
    mentions = [mention for entity in entities for mention in entity.mentions]
    return lambda document: Found(ArticleFacts(document, entities, made), mentions, found)


def test_a_mention_is_right_with_its_very_span_and_type_and_what_is_not_read_here_is_missed(tmp_path: Path) -> None:
    entities = {
        "e1": ("Software", "Zed"),
        "e2": ("Software", "tool R"),
        "e3": ("Citation", "We"),
        "e4": ("Version", "4.2"),
    }
    scores = published.somesci(written(tmp_path, entities, []), reader(("zed", "version", "4.2")))
    assert scores.mentions == {"Citation": Score(0, 0, 1), "Software": Score(1, 2, 2), "Version": Score(1, 1, 1)}


def test_a_program_read_on_an_abbreviation_is_neither_right_nor_wrong(tmp_path: Path) -> None:
    entities = {"e1": ("Software", "Zed"), "e2": ("Abbreviation", "R")}
    scores = published.somesci(written(tmp_path, entities, []), reader())
    assert scores.mentions == {"Abbreviation": Score(0, 0, 1), "Software": Score(1, 1, 1)}


def test_relations_run_from_the_attribute_to_the_program(tmp_path: Path) -> None:
    entities = {"e1": ("Software", "Zed"), "e2": ("Version", "4.2"), "e3": ("Developer", "R Core Team")}
    path = written(tmp_path, entities, [("e2", "Version_of", "e1"), ("e3", "Developer_of", "e1")])
    scores = published.somesci(path, reader(("zed", "version", "4.2"), ("r", "developer", "team")))
    assert scores.relations == {"Developer_of": Score(0, 1, 1), "Version_of": Score(1, 1, 1)}


def test_facts_of_redocred_are_between_entities_and_of_our_relations_only(tmp_path: Path) -> None:
    entities = {"e1": ("Misc", "Zed"), "e2": ("Organization", "R Core Team"), "e3": ("Misc", "the tool R")}
    facts = [("e1", "P178", "e2"), ("e3", "P178", "e2"), ("e2", "P131", "e1")]
    scores = published.redocred(
        written(tmp_path, entities, facts), reader(("r", "developer", "team"), ("zed", "website", "tool"))
    )
    assert scores == {"developer": Score(1, 1, 2)}
