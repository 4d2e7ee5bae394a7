"""Public data sets in our terms, and those that are only measured with are never trained on."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

import ontology
from kg.errors import ReadError, UsageError
from kg.train import datasets
from kg.train.annotated import Annotated
from tests.train.marked import facts, find

TABLE = datasets.table()
EVALUATED = {
    "knowledgenet.fold4.jsonl.gz",
    "somesci.test.jsonl.gz",
    "redocred.test.jsonl.gz",
    "productcorpus.test.jsonl.gz",
    *(f"{name}{kind}.jsonl.gz" for name in ("newsfair", "wikifair") for kind in ("", ".nocoref")),
}


def read(tmp_path: Path, name: str, *lines: dict[str, Any]) -> list[Annotated]:
    dataset = TABLE[name]
    for file in dataset.files:
        with gzip.open(tmp_path / file, "wt", encoding="utf-8") as written:
            for line in lines if file == dataset.files[0] else ():
                written.write(json.dumps(line) + "\n")
    return list(datasets.read(dataset, tmp_path, find, ontology.load()))


def entity(key: str, kind: str, text: str, *names: str) -> dict[str, Any]:
    return {"id": key, "type": kind, "mentions": [[text.index(name), text.index(name) + len(name)] for name in names]}


def passage(text: str, exhaustive: list[str], *stated: tuple[str, str, str]) -> dict[str, Any]:
    """A document of one passage, as KnowledgeNet has it: facts are subject, relation, object by their words."""

    def span(words: str) -> list[int]:
        return [text.index(words), text.index(words) + len(words)]

    kinds = {"SPOUSE": ("Person", "Person"), "DATE_OF_BIRTH": ("Person", None)}
    entities, facts = {}, []
    for subject, relation, value in stated:
        for words, kind in zip((subject, value), kinds.get(relation, ("Person", "Organization")), strict=True):
            if kind:
                entities[words] = {"id": words, "type": kind, "mentions": [span(words)]}
        facts.append(
            {
                "subject": subject,
                "relation": relation,
                "object": value,
                "evidence": [[0, len(text)]],
                "subject_span": span(subject),
                "object_span": span(value),
            }
        )
    names = [{"relation": name} for name in exhaustive]
    return {
        "id": "1",
        "text": text,
        "passages": [{"span": [0, len(text)], "exhaustive": names}],
        "entities": list(entities.values()),
        "facts": facts,
    }


def test_what_is_measured_with_is_never_trained_on(tmp_path: Path) -> None:
    trained = {file for dataset in TABLE.values() if dataset.use != "evaluate" for file in dataset.files}
    assert not trained & EVALUATED
    assert not any(file.startswith(("newsfair", "wikifair", "gold", "dev")) for file in trained)
    for name, dataset in TABLE.items():
        if dataset.use == "evaluate":
            with pytest.raises(UsageError, match=f"{name} is for evaluation only"):
                list(datasets.read(dataset, tmp_path, find, ontology.load()))


def test_the_table_names_types_and_relations_of_the_ontology() -> None:
    known = ontology.load()
    literals = {relation.literal_type for relation in known.relations.values()}
    for dataset in TABLE.values():
        assert dataset.all_relations <= set(known.relations)
        assert {kind for kinds in dataset.types.values() for kind in kinds} <= {*known.types, *literals}
        assert dataset.licence


def test_the_files_of_the_table_are_there(shared: Path) -> None:
    assert {file for dataset in TABLE.values() for file in dataset.files} <= {
        path.name for path in (shared / "datasets").iterdir()
    }


def test_a_relation_is_turned_where_its_direction_is_the_other(tmp_path: Path) -> None:
    text = "Rex uses Zed 4.2 daily."
    line = {
        "id": "1",
        "text": text,
        "entities": [entity("e1", "Software", text, "Zed"), entity("e2", "Version", text, "4.2")],
        "facts": [{"subject": "e2", "relation": "Version_of", "object": "e1", "evidence": [[0, len(text)]]}],
    }
    (found,) = read(tmp_path, "somesci", line)
    assert facts(found) == [("Zed", "version", "4.2")]
    assert [mention.kind for mention in found.mentions] == ["name", "literal"]
    assert found.types == {"Software", "Version"}


def test_only_the_relations_that_a_passage_was_annotated_for_count(tmp_path: Path) -> None:
    line = passage("Ada Holm married Bo Lund.", ["SPOUSE"], ("Ada Holm", "SPOUSE", "Bo Lund"))
    (found,) = read(tmp_path, "knowledgenet", line)
    assert found.relations == {"spouse"}
    assert facts(found) == [("Ada Holm", "spouse", "Bo Lund"), ("Bo Lund", "spouse", "Ada Holm")]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Ada Holm worked for Acme Robotics.", [("Ada Holm", "employer", "Acme Robotics")]),
        ("Ada Holm is a member of Acme Robotics.", [("Ada Holm", "member_of", "Acme Robotics")]),
        ("Ada Holm is chairwoman of Acme Robotics.", [("Acme Robotics", "chairperson", "Ada Holm")]),
        ("Ada Holm is vice president of Acme Robotics.", [("Ada Holm", "employer", "Acme Robotics")]),
        ("Ada Holm founded Acme Robotics.", []),
    ],
)
def test_the_words_between_tell_which_of_our_relations_it_is_and_the_others_are_unknown(
    tmp_path: Path, text: str, stated: list[tuple[str, str, str]]
) -> None:
    line = passage(text, ["EMPLOYEE_OR_MEMBER_OF"], ("Ada Holm", "EMPLOYEE_OR_MEMBER_OF", "Acme Robotics"))
    (found,) = read(tmp_path, "knowledgenet", line)
    assert facts(found) == stated
    unknown = {relation for _, relation, _ in found.unknown} | {relation for _, relation, _ in stated}
    assert unknown == {"employer", "member_of", "chief_executive", "chairperson", "director"} == found.relations


def test_words_that_are_no_mentions_here_have_no_facts(tmp_path: Path) -> None:
    line = passage("Ada Holm, who married Bo Lund, sang.", ["SPOUSE"], ("who", "SPOUSE", "Bo Lund"))
    (found,) = read(tmp_path, "knowledgenet", line)
    assert found.facts == ()
    assert len(found.unknown) == 2


def test_a_fact_between_entities_that_no_sentence_shows_is_unknown(tmp_path: Path) -> None:
    text = "Ada Holm was born in Oslo. Bo Lund sang."
    line: dict[str, Any] = {
        "id": "1",
        "text": text,
        "entities": [
            entity("e1", "Person", text, "Ada Holm"),
            entity("e2", "Place", text, "Oslo"),
            entity("e3", "Person", text, "Bo Lund"),
        ],
        "facts": [
            {"subject": "e1", "relation": "P19", "object": "e2", "evidence": [[0, 26]]},
            {"subject": "e3", "relation": "P26", "object": "e1", "evidence": []},
        ],
    }
    line["entities"][0]["mentions"].append([27, 29])  # so that not every entity has one mention
    (found,) = read(tmp_path, "redocred", line)
    assert facts(found) == [("Ada Holm", "place_of_birth", "Oslo")]
    assert {relation for _, relation, _ in found.unknown} >= {"spouse"}


def test_a_type_that_may_be_one_of_two_is_unsure_unless_the_rules_know(tmp_path: Path) -> None:
    text = "They bought a Blorple yesterday."
    line = {
        "id": "1",
        "text": text,
        "split": "train",
        "entities": [entity("e1", "Product", text, "Blorple")],
        "facts": [],
    }
    (found,) = read(tmp_path, "crossner-ai", line)
    sure = {mention.text for mention in found.mentions}
    unsure = {text[span.start : span.end]: kinds for span, kinds in found.unsure}
    assert "Blorple" in sure or unsure["Blorple"] == {"Software", "Product"}
    assert unsure["They"] == frozenset()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="wikigold"):
        list(datasets.read(TABLE["wikigold"], tmp_path, find, ontology.load()))
