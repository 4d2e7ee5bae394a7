"""The steps put together, in one process and over several."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

import kg.pipeline
import kg.read
from kg.errors import ReadError, UsageError
from kg.graph import Graph
from kg.store.ledger import Ledger

TEXTS = (
    "Grace Lin founded Acme Robotics in 1998. She is now the chief executive of Acme Robotics.",
    "Acme Robotics, based in Oslo, was founded by Grace Lin. Bo Dahl joined Acme Robotics in March 2019.",
    "The Jet library was created by Bo Dahl. Jet is written in Python.",
)


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """A file of forty articles, one of which is broken."""
    path = tmp_path / "articles.jsonl"
    articles = [json.dumps({"id": f"a{n}", "text": TEXTS[n % 3], "title": f"Title {n}"}) for n in range(40)]
    articles[20] = "{"
    path.write_text("\n".join(articles), encoding="utf-8")
    return path


def exported(graph: Graph, folder: Path) -> bytes:
    graph.export(folder / "graph.nq")
    return (folder / "graph.nq").read_bytes()


def test_what_an_article_says_depends_on_it_alone_and_can_be_sent_to_another_process() -> None:
    document = kg.read.document(TEXTS[0], title="A title")
    facts = kg.pipeline.read_article(document)
    assert {(fact.relation, fact.object_is_entity) for fact in facts.facts} >= {("founded_by", True)}
    assert kg.pipeline.read_article(document) == facts
    assert pickle.loads(pickle.dumps(facts)) == facts


def test_several_processes_read_what_one_reads(lines: Path, tmp_path: Path) -> None:
    with Graph.open(tmp_path / "one") as one, Graph.open(tmp_path / "two") as two:
        alone = one.add(lines)
        seen: list[tuple[int, int | None]] = []
        together = two.add(lines, workers=2, progress=lambda done, total: seen.append((done, total)))
        assert (together.added, together.facts, together.words) == (alone.added, alone.facts, alone.words)
        assert (alone.added, len(alone.failed), len(together.failed)) == (39, 1, 1)
        assert str(alone.failed[0]) == str(together.failed[0])
        assert exported(one, tmp_path) == exported(two, tmp_path)
        assert seen[-1] == (40, 40)


def test_adding_again_changes_nothing_and_reads_nothing(lines: Path, tmp_path: Path) -> None:
    with Graph.open(tmp_path / "graph") as graph:
        graph.add(lines)
        before = exported(graph, tmp_path)
        for workers in (1, 2):
            report = graph.add(lines, workers=workers)
            assert (report.added, report.corrected, report.unchanged, report.words) == (0, 0, 39, 0)
        assert exported(graph, tmp_path) == before


def test_articles_in_any_order_give_the_same_bytes(tmp_path: Path) -> None:
    for number, text in enumerate(TEXTS):
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    exports = set()
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0, 1)):
        with Graph.open() as graph:
            for number in order:
                graph.add(tmp_path / f"{number}.txt")
            exports.add(exported(graph, tmp_path))
    assert len(exports) == 1
    assert b"foundedBy" in exports.pop()


def test_a_changed_file_replaces_what_it_said_before(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(TEXTS[0], encoding="utf-8")
    with Graph.open(tmp_path / "graph") as graph:
        assert graph.add(path).added == 1
        path.write_text(TEXTS[2], encoding="utf-8")
        assert graph.add(path).corrected == 1
        assert graph.show("Grace Lin") == ()
        assert len(graph.show("Bo Dahl")) == 1
        graph.forget(str(path))
        assert exported(graph, tmp_path) == b""


def test_a_text_that_may_not_be_kept_is_left_out_and_leaves_the_graph_when_that_is_said_later(lines: Path) -> None:
    query = "SELECT (COUNT(?text) AS ?n) (SAMPLE(?text) AS ?one) { ?article nif:isString ?text }"
    with Graph.open() as graph:
        graph.add(lines)
        found = graph.query(query)
        assert isinstance(found, QuerySolutions)
        ((count, one),) = found
        assert (count.value, one.value in TEXTS) == ("39", True)
        report = graph.add(lines, keep_text=False)
        assert (report.corrected, report.unchanged) == (39, 0)
        found = graph.query(query)
        assert isinstance(found, QuerySolutions)
        assert [row[0].value for row in found] == ["0"]
        assert report.facts == graph.add(lines, extractors=["wordings", "model"], keep_text=True).facts


def test_what_cannot_be_read_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(TEXTS[0], encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    with Graph.open() as graph:
        report = graph.add(
            tmp_path / "empty.txt", tmp_path / "missing.txt", tmp_path / "good.txt", "file:///etc/passwd"
        )
    assert (report.added, len(report.failed)) == (1, 3)
    assert all("\n" not in str(failure) for failure in report.failed)


def test_an_unknown_extractor_is_a_wrong_call(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(TEXTS[0], encoding="utf-8")
    with Graph.open() as graph, pytest.raises(UsageError, match="wordings"):
        graph.add(tmp_path / "good.txt", extractors=["clairvoyance"])


def test_stopping_keeps_what_was_written_and_the_same_call_goes_on(
    lines: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.store.embedded.EmbeddedStore.batch", 200)
    read_all = kg.pipeline.read_all

    def interrupted(
        inputs: Iterable[kg.read.Input], settings: kg.pipeline.Settings, ledger: Ledger, workers: int
    ) -> Iterator[list[kg.pipeline.Reading | ReadError]]:
        for number, found in enumerate(read_all(inputs, settings, ledger, workers)):
            if number == 30:
                raise KeyboardInterrupt
            yield found

    with Graph.open(tmp_path / "graph") as graph:
        with monkeypatch.context() as context:
            context.setattr("kg.pipeline.read_all", interrupted)
            with pytest.raises(KeyboardInterrupt):
                graph.add(lines)
        report = graph.add(lines)
        assert report.added > 0
        assert report.unchanged > 0
        assert report.added + report.unchanged == 39
        with Graph.open() as other:
            other.add(lines)
            assert exported(graph, tmp_path) == exported(other, tmp_path)
