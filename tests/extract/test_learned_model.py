"""The model that newsgraph ships: what it reads, that nothing but the article decides it, and what is no model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

import kg.extract
import kg.pipeline
from kg import Graph
from kg.errors import UsageError
from kg.extract.learned.extractor import Learned
from kg.extract.learned.folder import GRAPHS, LABELS, packaged
from kg.model import Document, Extraction
from kg.read import document

TEXTS = [
    (
        "Meta said on Thursday that Grace Lin, who founded the robotics company Halden Labs in 2012, has left the firm. "
        "She had been its chief executive since 2015.\n\nHalden Labs is based in Oslo and makes Tarn, an editor in Rust."
    ),
    "Bo Dahl, a Swedish engineer, was born in Lund in 1971. He wrote Quillpad, which runs on Linux and Windows.",
    "The Brightwater Foundation maintains zonefile, a parser in C under the MIT License. Version 2.4 came in May 2021.",
]
BOTH = kg.pipeline.Settings(("wordings", "model"))


@pytest.fixture(scope="module")
def learned() -> Learned:
    return Learned()


def articles() -> list[Document]:
    return [document(" ".join(TEXTS[: n + 1]), identifier=f"a{n}", published="2024-05-14") for n in range(len(TEXTS))]


def test_it_finds_people_and_what_the_text_says_of_them(learned: Learned) -> None:
    found = learned.extract(document(TEXTS[0]))
    assert {mention.text for mention in found.mentions} >= {"Grace Lin", "Halden Labs", "2012"}
    assert {("Halden Labs", "founded_by", "Grace Lin")} <= {
        (relation.subject.text, relation.relation, relation.object.text) for relation in found.relations
    }


def test_mentions_are_in_order_do_not_overlap_and_are_what_the_text_has(learned: Learned) -> None:
    for article in articles():
        found = learned.extract(article)
        ends = 0
        for mention in found.mentions:
            assert mention.start >= ends
            ends = mention.end
            assert mention.text == article.text[mention.start : mention.end]
        assert {m for r in found.relations for m in (r.subject, r.object)} <= set(found.mentions)


def test_a_relation_names_the_sentences_of_both_its_sides(learned: Learned) -> None:
    for article in articles():
        for relation in learned.extract(article).relations:
            assert set(relation.evidence) <= set(article.sentences)
            for side in (relation.subject, relation.object):
                assert any(start <= side.start < end for start, end in relation.evidence)
            assert 0 < relation.score <= 1


def test_what_is_read_does_not_depend_on_what_was_read_before(learned: Learned) -> None:
    alone = [Learned().extract(article) for article in articles()]
    assert [learned.extract(article) for article in articles()] == alone
    assert [learned.extract(article) for article in reversed(articles())] == alone[::-1]


def test_the_number_of_processes_changes_no_byte(tmp_path: Path) -> None:
    lines = tmp_path / "articles.jsonl"
    texts = [{"id": f"a{n}", "text": f"{TEXTS[n % 3]} {TEXTS[n % 2]} It is number {n}."} for n in range(24)]
    lines.write_text("\n".join(map(json.dumps, texts)), encoding="utf-8")
    exports = []
    for workers in (1, 2):
        with Graph.open(tmp_path / f"graph-{workers}") as graph:
            graph.add(lines, workers=workers, extractors=BOTH.extractors)
            graph.export(tmp_path / "graph.nq")
        exports.append((tmp_path / "graph.nq").read_bytes())
    assert exports[0] == exports[1]
    assert b"extractor/model" in exports[0]


def test_the_number_of_threads_and_cores_changes_no_byte(tmp_path: Path) -> None:
    lines = tmp_path / "articles.jsonl"
    lines.write_text("\n".join(json.dumps({"id": f"a{n}", "text": text}) for n, text in enumerate(TEXTS)))
    command: list[str | Path] = [
        Path(sys.executable).with_name("kg"),
        "extract",
        "--extractor",
        "model",
        "--workers",
        "1",
        lines,
    ]
    available = os.sched_getaffinity(0)
    found = {
        subprocess.run(
            command,
            env=os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), threads),
            preexec_fn=partial(os.sched_setaffinity, 0, cores),
            check=True,
            capture_output=True,
        ).stdout
        for threads, cores in (("1", sorted(available)[:1]), ("2", available), ("8", available))
    }
    assert len(found) == 1
    assert b'"relation"' in found.pop()


def test_facts_that_both_find_carry_both_extractors(learned: Learned) -> None:
    read = kg.pipeline.read_article(articles()[0], replace(BOTH, least=0.0))
    extractors = [frozenset(reference.extractor for reference in fact.references) for fact in read.facts]
    assert frozenset(("wordings", "model")) in extractors
    for fact in read.facts:
        assert len({reference.score for reference in fact.references}) == 1


def test_a_higher_confidence_keeps_fewer_and_only_surer_facts() -> None:
    counts = []
    for least in (0.0, 0.5, 0.9, 1.0):
        facts = [
            fact
            for article in articles()
            for fact in kg.pipeline.read_article(article, replace(BOTH, least=least)).facts
        ]
        assert all(reference.score >= least for fact in facts for reference in fact.references)
        counts.append(len(facts))
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1] == 0


def test_the_model_is_no_larger_than_forty_megabytes() -> None:
    assert sum(path.stat().st_size for path in packaged().iterdir()) <= 40_000_000


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the model, to be broken."""
    for name in (*GRAPHS, LABELS):
        (tmp_path / name).write_bytes((packaged() / name).read_bytes())
    return tmp_path


def test_a_model_in_another_folder_reads_the_same(copy: Path, learned: Learned) -> None:
    assert Learned(copy).extract(articles()[0]) == learned.extract(articles()[0])


def _without_graph(folder: Path) -> None:
    (folder / GRAPHS[0]).unlink()


def _no_graph(folder: Path) -> None:
    (folder / GRAPHS[1]).write_bytes(b"This is no graph.")


def _no_json(folder: Path) -> None:
    (folder / LABELS).write_text("{")


def _a_list(folder: Path) -> None:
    (folder / LABELS).write_text("[]")


def _a_threshold_in_words(folder: Path) -> None:
    labels = json.loads((folder / LABELS).read_text())
    labels["thresholds"]["span"] = "high"
    (folder / LABELS).write_text(json.dumps(labels))


@pytest.mark.parametrize("broken", [_without_graph, _no_graph, _no_json, _a_list, _a_threshold_in_words])
def test_what_is_no_model_is_named_with_what_to_do(copy: Path, broken: Callable[[Path], None]) -> None:
    broken(copy)
    with pytest.raises(UsageError, match="kg train") as failure:
        Learned(copy)
    assert str(copy) in str(failure.value)
    assert "\n" not in str(failure.value)


def test_a_model_without_the_extractor_that_reads_with_it_is_a_wrong_call(copy: Path) -> None:
    with pytest.raises(UsageError, match="'model' is not among the extractors: wordings"):
        kg.extract.load(["wordings"], copy)


def test_relations_that_the_ontology_no_longer_has_are_not_read(copy: Path) -> None:
    labels = json.loads((copy / LABELS).read_text())
    labels["relations"] = [f"former_{key}" for key in labels["relations"]]
    (copy / LABELS).write_text(json.dumps(labels))
    found: Extraction = Learned(copy).extract(articles()[0])
    assert found.mentions
    assert not found.relations
