"""Scores: what counts as right, and that they are those of the script beside the annotated articles."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.annotations import annotation, load
from kg.errors import ReadError, UsageError
from kg.evaluate import Score, Scores, evaluate
from kg.model import ArticleFacts

TEXT = "Ada Holm founded Acme in 2014. She was its vice president until 2020. Bo Lund is married to Holm."

ARTICLE: dict[str, Any] = {
    "id": "one",
    "text": TEXT,
    "published": "2025-11-06",
    "entities": [
        {"id": "e1", "type": "Person", "name": "Ada Holm", "qid": "Q1", "mentions": [[0, 8], [31, 34], [92, 96]]},
        {"id": "e2", "type": "Organization", "name": "Acme", "qid": "Q2", "mentions": [[17, 21], [39, 42]]},
        {"id": "e3", "type": "Person", "name": "Bo Lund", "qid": None, "mentions": [[70, 77]]},
    ],
    "facts": [
        {"subject": "e2", "relation": "founded_by", "object": "e1", "evidence": [[0, 30]]},
        {"subject": "e2", "relation": "inception", "object": "2014", "evidence": [[0, 30]]},
        {
            "subject": "e1",
            "relation": "employer",
            "object": "e2",
            "qualifiers": {"end": "2020", "position": "vice president"},
            "evidence": [[31, 69]],
        },
        {"subject": "e3", "relation": "spouse", "object": "e1", "evidence": [[70, 97]]},
        {"subject": "e1", "relation": "position_held", "object": "vice president", "evidence": [[31, 69]]},
    ],
}

Change = Callable[[dict[str, Any]], object]


def articles(tmp_path: Path, *lines: dict[str, Any], name: str = "articles.jsonl") -> list[ArticleFacts]:
    path = tmp_path / name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return load(path)


def scores(tmp_path: Path, change: Change) -> Scores:
    read = json.loads(json.dumps(ARTICLE))
    change(read)
    return evaluate(articles(tmp_path, ARTICLE), articles(tmp_path, read, name="read.jsonl"))


def rename(article: dict[str, Any]) -> None:
    for entity in article["entities"]:
        entity["id"] = entity["id"].replace("e", "x")
    for fact in article["facts"]:
        for side in ("subject", "object"):
            fact[side] = re.sub(r"^e(?=\d$)", "x", fact[side])


def test_what_was_annotated_scores_one_and_has_no_misses(tmp_path: Path) -> None:
    found = scores(tmp_path, lambda article: None)
    assert found.misses == ()
    assert [s.f1 for s in (found.facts, found.mentions, found.links, found.qualifiers)] == [1.0] * 4
    assert found.relations["founded_by"] == Score(1, 1, 1)


def test_the_ids_of_entities_do_not_matter(tmp_path: Path) -> None:
    assert scores(tmp_path, rename) == scores(tmp_path, lambda article: None)


def test_nothing_read_is_precision_and_recall_of_zero_with_all_facts_missing(tmp_path: Path) -> None:
    found = scores(tmp_path, lambda article: article.update(entities=[], facts=[]))
    assert (found.facts, found.facts.precision, found.facts.recall, found.facts.f1) == (Score(0, 0, 5), 0.0, 0.0, 0.0)
    assert {miss.kind for miss in found.misses} == {"missing"}
    assert len(found.misses) == 5


@pytest.mark.parametrize(
    ("change", "right"),
    [
        pytest.param(lambda a: a["facts"][3].update(subject="e1", object="e3"), 5, id="a spouse, turned round"),
        pytest.param(lambda a: a["facts"][0].update(subject="e1", object="e2"), 4, id="a founder, turned round"),
        pytest.param(lambda a: a["facts"][4].update(object="Vice President of sales"), 5, id="a longer title"),
        pytest.param(lambda a: a["facts"][4].update(object="president"), 5, id="a shorter title"),
        pytest.param(lambda a: a["facts"][1].update(object="2014-05"), 4, id="another date"),
        pytest.param(lambda a: a["facts"][0].update(relation="investor"), 4, id="another relation"),
        pytest.param(lambda a: a["facts"][0].update(evidence=[[70, 97]]), 4, id="evidence elsewhere"),
        pytest.param(lambda a: a["facts"][0].update(evidence=[[29, 40]]), 5, id="evidence that overlaps"),
        pytest.param(lambda a: a["facts"].append(a["facts"][0]), 5, id="a fact twice"),
    ],
)
def test_a_fact_is_right_by_its_relation_its_entities_and_its_evidence(
    tmp_path: Path, change: Change, right: int
) -> None:
    found = scores(tmp_path, change)
    assert found.facts == Score(right, 5, 5)
    assert sorted(miss.kind for miss in found.misses) == ["missing"] * (5 - right) + ["wrong"] * (5 - right)


def test_an_entity_is_the_one_with_which_it_shares_most(tmp_path: Path) -> None:
    def join(article: dict[str, Any]) -> None:
        article["entities"][0]["mentions"] += article["entities"].pop()["mentions"]
        article["facts"].pop(3)

    found = scores(tmp_path, join)
    assert found.facts == Score(4, 4, 5)
    assert found.mentions == Score(6, 6, 6)


def test_qualifiers_count_only_where_the_fact_is_right(tmp_path: Path) -> None:
    assert scores(tmp_path, lambda a: a["facts"][2].update(evidence=[[0, 30]])).qualifiers == Score(0, 0, 0)
    found = scores(tmp_path, lambda a: a["facts"][2].update(qualifiers={"end": "2021", "position": "president"}))
    assert found.qualifiers == Score(1, 2, 2)


def test_links_count_entities_that_were_linked_in_the_annotation(tmp_path: Path) -> None:
    def link(article: dict[str, Any]) -> None:
        article["entities"][0]["qid"] = "Q9"
        article["entities"][2]["qid"] = "Q3"

    assert scores(tmp_path, link).links == Score(1, 2, 2)


def test_an_article_that_was_not_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="one was annotated, and not read"):
        evaluate(articles(tmp_path, ARTICLE), [])


def test_scores_of_articles_add_up(tmp_path: Path) -> None:
    gold = articles(tmp_path, ARTICLE, ARTICLE | {"id": "two"})
    both = evaluate(gold, gold)
    assert both.facts == Score(10, 10, 10)
    assert both == evaluate(gold[:1], gold) + evaluate(gold[1:], gold)


def test_what_is_written_reads_back_as_the_same(tmp_path: Path) -> None:
    gold = articles(tmp_path, ARTICLE)
    again = articles(tmp_path, {"id": "one", "text": TEXT, "published": "2025-11-06", **annotation(gold[0])})
    assert again == gold


def test_a_text_may_hold_line_separators(tmp_path: Path) -> None:
    line = {"id": "one", "text": "Ada\u2028Holm\x85and others.", "entities": [], "facts": []}
    (tmp_path / "one.jsonl").write_text(json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")
    assert len(load(tmp_path / "one.jsonl")) == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not JSON", "line 1 is no annotated article"),
        ('{"id": "one"}', "line 1 is no annotated article.*text"),
        (json.dumps(ARTICLE | {"entities": []}), "e2.*none of the entities"),
        (json.dumps(ARTICLE | {"facts": [ARTICLE["facts"][0] | {"evidence": [[0, 999]]}]}), "outside the text"),
        ("[]", "line 1 is no annotated article"),
    ],
)
def test_a_file_that_holds_something_else_is_named_with_the_line(tmp_path: Path, line: str, reason: str) -> None:
    (tmp_path / "wrong.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(ReadError, match=reason):
        load(tmp_path / "wrong.jsonl")
    with pytest.raises(ReadError, match="can't be read"):
        load(tmp_path / "absent.jsonl")


def spoil(article: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The article as a reader with faults of every kind would read it."""
    article = json.loads(json.dumps(article))
    for entity in article["entities"]:
        entity["mentions"] = [m for m in entity["mentions"] if chance.random() > 0.2] or entity["mentions"][:1]
        entity["qid"] = chance.choice([entity["qid"], entity["qid"], "Q1", None])
        if chance.random() < 0.1:
            entity["type"] = "Place"
        if chance.random() < 0.1:
            entity["mentions"][0][1] -= 1
    if len(article["entities"]) > 4:
        article["entities"][0]["mentions"] += article["entities"][1]["mentions"]
    article["entities"].append({"id": "z", "type": "Person", "name": "Nobody", "qid": None, "mentions": [[0, 1]]})
    facts = []
    for fact in article["facts"]:
        if chance.random() < 0.2:
            continue
        if chance.random() < 0.1:
            fact["object"] = chance.choice([e["id"] for e in article["entities"]])
        if chance.random() < 0.1 and fact["object"] in {e["id"] for e in article["entities"]}:
            fact["subject"], fact["object"] = fact["object"], fact["subject"]
        if chance.random() < 0.1:
            fact["evidence"] = [[0, 20]]
        for key, value in list((fact.get("qualifiers") or {}).items()):
            fact["qualifiers"][key] = chance.choice([value, value, "head", value[:4].upper()])
        if chance.random() < 0.1:
            fact.setdefault("qualifiers", {})["start"] = "1999"
        facts += [fact] * chance.choice([1, 1, 2])
    return article | {"facts": facts}


@pytest.mark.parametrize("seed", range(8))
def test_figures_equal_those_of_the_script_beside_the_annotated_articles(
    shared: Path, tmp_path: Path, seed: int
) -> None:
    gold = shared / "gold" / "dev.jsonl"
    chance = random.Random(seed)
    lines = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    read = tmp_path / "read.jsonl"
    read.write_text("".join(json.dumps(spoil(line, chance)) + "\n" for line in lines), encoding="utf-8")
    command = [sys.executable, str(shared / "gold" / "score.py"), str(gold), str(read), "--by-relation"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    theirs = {
        found[1]: Score(*map(int, found.groups()[1:]))
        for found in re.finditer(r"(?m)^(\w+) .*\((\d+) right, (\d+) predicted, (\d+) gold\)", output)
    }
    ours = evaluate(load(gold), load(read))
    assert ours.facts.right > 50
    assert len(ours.misses) > 50
    named = {"facts": ours.facts, "mentions": ours.mentions, "links": ours.links, "qualifiers": ours.qualifiers}
    assert theirs == {**named, **ours.relations}
