"""That the index has what the graph has, whatever happens to either."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions
from rdflib import RDFS, Literal, URIRef

import kg
from kg.graph import Graph
from kg.search import texts
from kg.search.index import FILE, Index
from kg.search.texts import Text
from tests.search.test_search import ARTICLES, fill, labels
from tests.store.making import Stated, article

NAMES = ("Ada Byron", "Acme", "Acme Robotics", "Meta", "Grace Lin")


def in_index(graph: Graph) -> set[Text]:
    return set(graph._index.all())


def in_store(graph: Graph) -> set[Text]:
    return set(texts.of_store(graph.store))


def test_articles_that_come_change_and_go_leave_the_texts_that_the_graph_has() -> None:
    chosen = random.Random(5)
    with kg.Graph.open() as graph:
        for step in range(60):
            number = chosen.randrange(6)
            if chosen.random() < 0.3 and f"{number:016x}" in {hit for hit in _articles(graph)}:
                graph.forget(f"{number:016x}")
            else:
                names = chosen.sample(NAMES, 2)
                types = [(name, chosen.choice(["Person", "Organization"])) for name in names]
                facts: list[Stated] = (
                    [(0, "employer", 1, {})] if types[0][1] == "Person" and types[1][1] == "Organization" else []
                )
                graph.add_facts([article(number, types, facts, title=f"Title {step}", others=[("Adie",)])])
            assert in_index(graph) == in_store(graph)
            assert graph._index.lacking is None


def _articles(graph: Graph) -> list[str]:
    answer = graph.query("SELECT ?a { ?a a schema:NewsArticle }")
    assert isinstance(answer, QuerySolutions)
    return [row["a"].value.rpartition("/")[2] for row in answer]


def test_a_corrected_article_is_found_by_what_it_says_now(tmp_path: Path) -> None:
    folder = fill(tmp_path / "articles")
    with kg.Graph.open(tmp_path / "graph") as graph:
        graph.add(folder)
        assert labels(graph.search("okafor lagos"), "sentence")
        text = ARTICLES["okafor.txt"].replace("Lagos", "Geneva").replace("database", "spreadsheet")
        (folder / "okafor.txt").write_text(text, encoding="utf-8")
        assert graph.add(folder).corrected == 1
        assert labels(graph.search("lagos")) == []
        assert labels(graph.search("geneva"), "sentence")
        assert labels(graph.search("spreadsheets")) == ["A spreadsheet for everyone"]
        graph.forget(str(folder / "okafor.txt"))
        assert labels(graph.search("geneva okafor everyone".replace(" ", " OR "))) == []
        assert b"Geneva" not in b"".join(str(text).encode() for text in in_index(graph))


def test_what_is_written_in_other_ways_is_found_too(tmp_path: Path) -> None:
    (tmp_path / "more.ttl").write_text(
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . <http://x.example/z> rdfs:label 'Zanzibar'@sw .",
        "utf-8",
    )
    with kg.Graph.open(tmp_path / "graph") as graph:
        graph.load(tmp_path / "more.ttl")
        assert labels(graph.search("zanzibar")) == ["Zanzibar"]
        graph.update('INSERT DATA { <a> rdfs:label "Kilwa" }')
        assert labels(graph.search("kilwa")) == ["Kilwa"]
        graph.update('INSERT { ?s rdfs:label "Mafia Island" } WHERE { ?s rdfs:label "Kilwa" }')
        assert labels(graph.search("mafia")) == ["Mafia Island"]
        graph.update('DELETE WHERE { ?s rdfs:label "Mafia Island" }')
        assert graph.search("mafia") == ()
        graph.update('INSERT DATA { <s> nif:anchorOf "It was Pemba." }')
        assert graph.search("pemba") == ()
        graph.update("INSERT DATA { <s> a nif:Sentence }")
        assert labels(graph.search("pemba")) == ["It was Pemba."]
        dataset = graph.rdflib
        for name in ("Lamu", "Songo"):
            dataset.default_graph.add((URIRef(f"http://x.example/{name}"), RDFS.label, Literal(name)))
            assert labels(graph.search(name)) == [name]
        dataset.close()


@pytest.mark.parametrize("damage", ["missing", "torn", "empty", "old", "other"])
def test_an_index_that_is_missing_or_damaged_is_made_anew(tmp_path: Path, damage: str) -> None:
    with kg.Graph.open(tmp_path / "graph") as graph:
        graph.add(fill(tmp_path / "articles"))
        expected = graph.search("acme")
    file = tmp_path / "graph" / FILE
    if damage == "missing":
        file.unlink()
    elif damage == "torn":
        file.write_bytes(file.read_bytes()[:1000] + b"x" * 5000)
    elif damage == "empty":
        file.write_bytes(b"")
    else:
        file.unlink()
        with sqlite3.connect(file) as database:
            database.execute("PRAGMA user_version = 77" if damage == "old" else "CREATE TABLE text (x)")
        database.close()
    with kg.Graph.open(tmp_path / "graph") as graph:
        assert graph.search("acme") == expected
        assert graph._index.lacking is None


def test_cleaning_takes_out_what_the_graph_has_lost() -> None:
    with kg.Graph.open() as graph:
        graph.update('INSERT DATA { <a> rdfs:label "Kilwa" . <b> rdfs:label "Lamu" }')
        graph.update("DELETE WHERE { <a> ?p ?o }")
        assert len(in_index(graph)) == 2
        graph.optimize()
        assert in_index(graph) == in_store(graph)
        assert labels(graph.search("lamu")) == ["Lamu"]
        assert graph._index.near("kilwo") == []
        assert graph._index.near("lamo") == ["lamu"]


ENDLESS = """
import itertools, sys
import kg
from tests.store.making import article
with kg.Graph.open(sys.argv[1]) as graph:
    for number in itertools.count():
        names = [(f"Person{number} Smith", "Person"), (f"Firm{number}", "Organization")]
        graph.add_facts([article(number, names, [(0, "employer", 1, {})], title=f"Title {number}")])
        print(number, flush=True)
"""


def test_nothing_is_lost_when_the_writer_is_killed(tmp_path: Path, root: Path) -> None:
    for delay in (0.0, 0.1, 0.3):
        command = [sys.executable, "-c", ENDLESS, str(tmp_path / "graph")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(delay)
            os.kill(process.pid, signal.SIGKILL)
        with kg.Graph.open(tmp_path / "graph") as graph:
            assert in_store(graph)
            assert in_index(graph) >= in_store(graph)
            assert labels(graph.search("firm0")) == ["Firm0"]


def test_two_processes_may_write_one_index(tmp_path: Path) -> None:
    first, second = Index(tmp_path / FILE), Index(tmp_path / FILE)
    first.add([Text("name", "Kilwa", "")])
    second.add([Text("name", "Lamu", "@en"), Text("name", "Kilwa", "")])
    assert set(first.all()) == set(second.all()) == {Text("name", "Kilwa", ""), Text("name", "Lamu", "@en")}
    assert first.near("lamo") == ["lamu"]
    first.close()
    second.close()
