"""Each command does what its help says, on real files and a real store."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from tests.cli.conftest import ARTICLES, Run

FOUNDERS = "SELECT ?name ?by WHERE { ?o ng:foundedBy ?p ; rdfs:label ?name . ?p rdfs:label ?by }"
KG = [sys.executable, "-m", "kg"]


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """What `kg` writes where both its outputs are a terminal of 100 columns."""
    parent, child = pty.openpty()
    environment = {**os.environ, "COLUMNS": "100", "TERM": "xterm", **environment}
    with subprocess.Popen([*KG, *arguments], stdin=child, stdout=child, stderr=child, env=environment) as process:
        os.close(child)
        written = b""
        while True:
            try:
                part = os.read(parent, 65536)
            except OSError:  # Linux's way to say that nobody writes to the terminal any more
                break
            if not part:
                break
            written += part
    os.close(parent)
    assert process.returncode == 0, written.decode()
    return written.decode()


class TestAdd:
    def test_articles_are_added_once_and_corrected_when_they_change(self, run: Run, folder: Path) -> None:
        first = run("add", "news")
        assert (first.code, first.err) == (0, "")
        assert first.out.startswith("Articles: 2 added. Facts: ")
        assert run("add", "news").out.startswith("Articles: 2 unchanged. Facts: 0.")
        (folder / "news" / "okafor.txt").write_text("Tom Abara founded Brightloom.", encoding="utf-8")
        assert run("add", "news").out.startswith("Articles: 1 corrected, 1 unchanged.")
        assert run("query", FOUNDERS).out == "name\tby\nBrightloom\tTom Abara\n"

    def test_what_cannot_be_read_is_named_and_the_rest_is_in(self, run: Run, folder: Path) -> None:
        (folder / "empty.txt").write_bytes(b"")
        result = run("add", "news", "empty.txt", "missing.html")
        assert result.code == 1
        assert [line.split(":")[:2] for line in result.err.splitlines()] == [
            ["kg", " empty.txt"],
            ["kg", " missing.html"],
        ]
        assert result.out.startswith("Articles: 2 added.")

    def test_the_report_is_json_where_a_program_wants_it(self, run: Run) -> None:
        report = json.loads(run("add", "news", "missing.txt", "--json").out)
        assert report["added"] == 2
        assert report["failed"][0]["source"] == "missing.txt"

    def test_an_unknown_extractor_is_wrong_usage(self, run: Run) -> None:
        result = run("add", "news", "--extractor", "wordigns")
        assert result.code == 2
        assert "wordings" in result.err

    def test_ctrl_c_says_what_was_kept_and_the_same_command_goes_on(self, run: Run, folder: Path) -> None:
        text = ARTICLES["okafor.txt"] * 20
        lines = (json.dumps({"id": str(number), "text": text}) for number in range(5_000))
        (folder / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
        with subprocess.Popen([*KG, "add", "many.jsonl"], stderr=subprocess.PIPE, text=True) as process:
            time.sleep(3)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            message = process.stderr.read()
        assert process.returncode == 130
        assert message.strip().startswith("kg: stopped; what was read is in ")
        assert run("query", "ASK { ?s ?p ?o }").code == 0


class TestQuery:
    def test_the_query_is_an_argument_a_file_or_standard_input(self, graph: Run, folder: Path) -> None:
        expected = "name\tby\nBrightloom\tLena Okafor\n"
        (folder / "founders.rq").write_text(FOUNDERS, encoding="utf-8")
        assert graph("query", FOUNDERS).out == expected
        assert graph("query", "@founders.rq").out == expected
        assert graph("query", "--file", "founders.rq").out == expected
        piped = subprocess.run([*KG, "query"], input=FOUNDERS, capture_output=True, text=True, check=True)
        assert piped.stdout == expected

    def test_rows_come_in_the_standard_formats(self, graph: Run) -> None:
        rows = list(csv.reader(io.StringIO(graph("query", FOUNDERS, "--format", "csv").out)))
        assert rows == [["name", "by"], ["Brightloom", "Lena Okafor"]]
        answer = json.loads(graph("query", FOUNDERS, "--format", "json").out)
        assert answer["results"]["bindings"][0]["by"]["value"] == "Lena Okafor"
        assert graph("query", FOUNDERS, "--format", "tsv").out.startswith("?name\t?by\n")
        assert graph("query", FOUNDERS, "--format", "xml").out.startswith("<?xml")

    def test_triples_come_as_turtle_or_as_asked(self, graph: Run) -> None:
        query = "CONSTRUCT { ?o ng:foundedBy ?p } WHERE { ?o ng:foundedBy ?p }"
        formats = {"turtle": "TURTLE", "ntriples": "N_TRIPLES", "jsonld": "JSON_LD", "rdfxml": "RDF_XML"}
        for name, parser in formats.items():
            written = graph("query", query, "--format", name).out
            assert len(list(pyoxigraph.parse(written, format=getattr(pyoxigraph.RdfFormat, parser)))) == 1
        assert "@prefix ng:" in graph("query", query).out

    def test_ask_is_answered_by_yes_or_no(self, graph: Run) -> None:
        assert graph("query", "ASK { ?s ng:foundedBy ?o }").out == "yes\n"
        assert graph("query", "ASK { ?s ng:foundedBy ?s }").out == "no\n"

    @pytest.mark.parametrize(
        ("arguments", "code", "word"),
        [
            (["SELECT"], 1, "malformed"),
            ([FOUNDERS, "--format", "turtle"], 2, "csv, json, tsv, xml"),
            ([FOUNDERS, "--file", "founders.rq"], 2, "not both"),
            (["@missing.rq"], 1, "missing.rq"),
            ([FOUNDERS, "--store", "elsewhere"], 2, "no graph in elsewhere"),
        ],
    )
    def test_what_is_wrong_is_said_in_one_line(self, arguments: list[str], code: int, word: str, graph: Run) -> None:
        result = graph("query", *arguments)
        assert (result.code, result.out) == (code, "")
        assert result.err.startswith("kg: ")
        assert word in result.err
        assert result.err.count("\n") == 1

    def test_asking_makes_no_graph_where_there_is_none(self, run: Run, folder: Path) -> None:
        assert run("query", "ASK {}").code == 2
        assert not (folder / "newsgraph").exists()

    def test_a_term_that_the_graph_does_not_have_is_pointed_out_where_nothing_was_found(self, graph: Run) -> None:
        result = graph("query", "SELECT ?s { ?s ng:employr ?o }")
        assert (result.code, result.out) == (0, "s\n")
        assert result.err == "nothing found\nkg: No ng:employr in this graph; ng:employer?\n"
        assert graph("query", "SELECT ?s { ?s ng:employer ?o }").err == ""


class TestTerminal:
    def test_a_table_and_colours_on_a_terminal_and_neither_in_a_pipe(self, graph: Run) -> None:
        shown = on_a_terminal("query", FOUNDERS)
        assert "─" in shown
        assert "\x1b[" in shown
        piped = graph("query", FOUNDERS).out
        assert "─" not in piped
        assert "\x1b" not in piped

    def test_no_colour_where_none_is_wanted(self, graph: Run) -> None:
        assert "\x1b[1m" in on_a_terminal("show", "Brightloom")
        assert "\x1b[" not in on_a_terminal("show", "Brightloom", NO_COLOR="1")

    def test_a_progress_bar_on_a_terminal_and_none_in_a_pipe(self, run: Run, folder: Path) -> None:
        assert "Reading" in on_a_terminal("add", "news")
        assert "Reading" not in run("add", "news").err


class TestShow:
    def test_an_entity_is_shown_with_its_facts_and_the_sentences_that_state_them(self, graph: Run) -> None:
        result = graph("show", "brightloom")
        assert result.code == 0
        assert result.out.startswith("Brightloom (organization)\nhttp://localhost:8000/entity/brightloom\n")
        assert f"founded by: Lena Okafor\n  “{ARTICLES['okafor.txt']}”\n" in result.out
        assert "Tom Abara" in result.out

    def test_it_is_json_where_a_program_wants_it(self, graph: Run) -> None:
        (entity,) = json.loads(graph("show", "Brightloom", "--json").out)
        assert entity["label"] == "Brightloom"
        assert entity["facts"][0]["citations"][0]["text"] == ARTICLES["okafor.txt"]

    def test_an_unknown_name_gets_those_that_are_like_it(self, graph: Run) -> None:
        result = graph("show", "Brightlom")
        assert result.code == 1
        assert "Brightloom" in result.err

    def test_a_terminal_that_knows_few_characters_gets_the_others_spelt_out(self, graph: Run) -> None:
        environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
        command = [*KG, "show", "Brightloom"]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert "\\u201cLena Okafor" in result.stdout


class TestFiles:
    def test_the_graph_is_exported_in_the_format_of_the_file_name(self, graph: Run, folder: Path) -> None:
        assert graph("export", "graph.ttl").code == 0
        exported = rdflib.Graph().parse("graph.ttl")
        assert graph("export", "--format", "ntriples").out.count("\n") == len(exported)

    def test_an_unknown_format_is_wrong_usage(self, graph: Run) -> None:
        assert graph("export", "graph.docx").code == 2
        assert "turtle" in graph("export", "--format", "docx").err

    def test_rdf_files_are_loaded_and_what_is_none_is_named(self, graph: Run, folder: Path) -> None:
        (folder / "own.ttl").write_text("<entity/weaver> a <https://schema.org/Thing> .", encoding="utf-8")
        (folder / "bad.ttl").write_text("<entity/weaver> a", encoding="utf-8")
        result = graph("load", "bad.ttl", "own.ttl")
        assert result.code == 1
        assert result.err.startswith("kg: bad.ttl: ")
        assert "<http://localhost:8000/graph/own.ttl>" in result.out
        assert graph("query", "ASK { <entity/weaver> a schema:Thing }").out == "yes\n"

    def test_forgetting_takes_out_what_only_that_article_says(self, graph: Run) -> None:
        assert graph("forget", "news/okafor.txt") == (0, "", "")
        assert graph("query", FOUNDERS).out == "name\tby\n"
        assert graph("show", "Brightloom").code == 0
        result = graph("forget", "news/okafor.txt", "news/abara.txt")
        assert result.code == 1
        assert "news/okafor.txt" in result.err
        assert graph("query", "ASK { ?s a ng:Organization }").out == "no\n"


class TestExtract:
    def test_lines_come_back_with_entities_and_facts_and_nothing_is_stored(self, run: Run, folder: Path) -> None:
        line = {"id": "a-1", "text": ARTICLES["okafor.txt"], "mine": "kept"}
        (folder / "in.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
        result = run("extract", "in.jsonl")
        annotated = json.loads(result.out)
        assert (result.code, annotated["id"], annotated["mine"]) == (0, "a-1", "kept")
        assert {fact["relation"] for fact in annotated["facts"]} >= {"founded_by"}
        assert not (folder / "newsgraph").exists()
        assert run("extract", "in.jsonl", "-o", "out.jsonl").out == ""
        assert (folder / "out.jsonl").read_text(encoding="utf-8") == result.out

    def test_a_line_that_is_no_article_is_named_and_the_rest_is_annotated(self, run: Run, folder: Path) -> None:
        (folder / "in.jsonl").write_text('nonsense\n\n{"text": "Lena Okafor founded Brightloom."}\n', encoding="utf-8")
        result = run("extract", "in.jsonl")
        assert result.code == 1
        assert result.err.startswith("kg: in.jsonl:1: ")
        assert len(result.out.splitlines()) == 1


class TestEvaluate:
    def test_what_was_extracted_agrees_with_itself(self, run: Run, folder: Path) -> None:
        (folder / "in.jsonl").write_text(json.dumps({"id": "a", "text": ARTICLES["okafor.txt"]}), encoding="utf-8")
        run("extract", "in.jsonl", "-o", "gold.jsonl")
        measured = json.loads(run("evaluate", "gold.jsonl", "--json").out)
        assert measured["facts"]["f1"] == 1.0
        table = run("evaluate", "gold.jsonl", "--predicted", "gold.jsonl").out.splitlines()
        assert table[0] == "\tprecision\trecall\tF1\tright\tpredicted\tgold"
        assert table[1].startswith("facts\t1.000\t1.000\t1.000\t")

    def test_a_file_that_is_not_annotated_is_named(self, run: Run, folder: Path) -> None:
        (folder / "gold.jsonl").write_text('{"text": "Nothing."}\n', encoding="utf-8")
        result = run("evaluate", "gold.jsonl")
        assert result.code == 1
        assert result.err.startswith("kg: gold.jsonl: line 1 ")


class TestCheck:
    def test_a_graph_that_newsgraph_read_has_no_problems(self, graph: Run) -> None:
        result = graph("check")
        assert (result.code, result.out) == (0, "no problems\n")

    def test_what_the_ontology_does_not_allow_is_listed(self, graph: Run, folder: Path) -> None:
        (folder / "own.ttl").write_text(
            "@prefix ng: <https://w3id.org/newsgraph#> . <entity/lena-okafor> ng:employer <entity/lena-okafor> .",
            encoding="utf-8",
        )
        graph("load", "own.ttl")
        result = graph("check")
        assert result.code == 1
        assert "Lena Okafor" in result.out
        assert json.loads(graph("check", "--json").out)["problems"]


class TestServe:
    def test_the_graph_is_served_until_ctrl_c(self, graph: Run) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with subprocess.Popen([*KG, "serve", "--port", str(port)], stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                assert server.stdout.readline() == f"Serving newsgraph at http://127.0.0.1:{port}/ until Ctrl-C\n"
                assert answer(port, FOUNDERS) == "name,by\r\nBrightloom,Lena Okafor\r\n"
                taken = graph("serve", "--port", str(port))
                assert (taken.code, taken.out) == (1, "")
                assert "Address already in use" in taken.err
            finally:
                server.send_signal(signal.SIGINT)
        assert server.returncode == 0

    def test_a_folder_without_a_graph_is_not_served(self, run: Run, folder: Path) -> None:
        assert run("serve").code == 2
        assert not (folder / "newsgraph").exists()


def answer(port: int, query: str) -> str:
    """What the endpoint answers, as CSV, once it is there."""
    address = f"http://127.0.0.1:{port}/sparql?{urllib.parse.urlencode({'query': query})}"
    request = urllib.request.Request(address, headers={"Accept": "text/csv"})
    for _ in range(100):
        try:
            with urllib.request.urlopen(request) as response:
                text: str = response.read().decode()
                return text
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def test_a_file_in_no_folder_is_refused_with_the_folder_s_name(graph: Run) -> None:
    result = graph("export", "nodir/x.ttl")
    assert result.code == 2
    assert "there is no folder nodir to write x.ttl to" in result.err


def test_statements_for_wikidata_that_nobody_accepted_are_missing_with_the_reason(graph: Run) -> None:
    result = graph("export", "e.qs")
    assert result.code == 0
    assert "kg decide accept" in result.err
