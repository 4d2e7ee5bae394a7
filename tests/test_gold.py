"""The articles that we wrote and annotated ourselves: whole, in the format, and true to the ontology."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ontology
from kg.annotations import load
from kg.evaluate import evaluate
from kg.model import ArticleFacts, Entity, Fact

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = [article for path in sorted((ROOT / "data" / "gold").glob("*.jsonl")) for article in load(path)]
PRONOUNS = {"he", "she", "it", "we", "i", "me", "my", "us", "our", "his", "her", "its", "him", "himself"}

every_article = pytest.mark.parametrize(
    "article", ARTICLES, ids=lambda article: str(article.document.source).split("#")[1]
)


def test_the_json_lines_are_what_the_marked_texts_say(root: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, root / "scripts" / "build-gold", "--out", tmp_path], check=True)
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert built == {path.name: path.read_bytes() for path in (root / "data" / "gold").glob("*.jsonl")}


def test_there_are_enough_to_measure_with() -> None:
    assert len(ARTICLES) >= 25
    assert len({article.document.id for article in ARTICLES}) == len(ARTICLES)
    assert all(80 <= len(article.document.text.split()) <= 250 for article in ARTICLES)
    relations = {fact.relation for article in ARTICLES for fact in article.facts}
    assert relations == set(ontology.load().relations)


@every_article
def test_mentions_are_whole_words_and_stand_for_one_entity(article: ArticleFacts) -> None:
    text = article.document.text
    spans = [mention.span for entity in article.entities for mention in entity.mentions]
    assert len(spans) == len(set(spans))
    ordered = sorted(spans)
    assert all(one.end <= other.start for one, other in itertools.pairwise(ordered))
    for start, end in spans:
        assert text[start:end] == text[start:end].strip()
        assert not re.match(r"\w\w", text[max(0, start - 1) : start + 1])
        assert not re.match(r"\w\w", text[end - 1 : end + 1])


@every_article
def test_every_entity_has_a_type_and_a_name_that_the_text_gives(article: ArticleFacts) -> None:
    for entity in article.entities:
        assert entity.type in ontology.load().types
        assert entity.name in [mention.text for mention in entity.mentions]
        assert entity.name.casefold() not in PRONOUNS
        assert entity.qid is None or re.fullmatch(r"Q\d+", entity.qid)


@every_article
def test_every_further_mention_of_a_name_is_marked(article: ArticleFacts) -> None:
    text, marked = article.document.text, {m.span for entity in article.entities for m in entity.mentions}
    for entity in article.entities:
        for found in re.finditer(rf"(?<![\w/.-]){re.escape(entity.name)}(?![\w/]|-\w*\d|\.\w)", text):
            assert any(start <= found.start() and found.end() <= end for start, end in marked), text[
                found.start() - 30 :
            ][:80]


@every_article
def test_every_fact_has_the_types_and_qualifiers_of_its_relation(article: ArticleFacts) -> None:
    known, entities = ontology.load(), {entity.id: entity for entity in article.entities}
    for fact in article.facts:
        relation = known.relations[fact.relation]
        assert fact_fits(fact, entities, relation), fact
        for key, value, is_entity in fact.qualifiers:
            assert key in relation.qualifiers, fact
            assert is_entity == bool(known.qualifiers[key].types), fact
            if known.qualifiers[key].literal_type == "Date":
                assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value), fact


def fact_fits(fact: Fact, entities: dict[str, Entity], relation: ontology.Relation) -> bool:
    if entities[fact.subject].type not in relation.domain or fact.object_is_entity != bool(relation.range):
        return False
    if relation.literal_type == "Date":
        return re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", fact.object) is not None
    return not fact.object_is_entity or entities[fact.object].type in relation.range


@every_article
def test_evidence_is_whole_sentences_that_name_or_mean_what_the_fact_is_of(article: ArticleFacts) -> None:
    starts = {start for start, _ in article.document.sentences}
    ends = {end for _, end in article.document.sentences}
    mentions = {entity.id: entity.mentions for entity in article.entities}
    for fact in article.facts:
        spans = [reference.evidence for reference in fact.references]
        assert all(start in starts and end in ends for start, end in spans), fact
        sides = [fact.subject, *([fact.object] if fact.object_is_entity else [])]
        for side in sides:
            assert any(start <= m.start < end for start, end in spans for m in mentions[side]), fact


def test_read_against_themselves_they_score_one() -> None:
    scores = evaluate(ARTICLES, ARTICLES)
    assert scores.misses == ()
    assert scores.facts.f1 == scores.mentions.f1 == scores.qualifiers.f1 == 1
