"""`kg ask`."""

from __future__ import annotations

import json

from tests.cli.conftest import Run


def test_a_question_is_answered_with_sentences_and_query(graph: Run) -> None:
    result = graph("ask", "Who", "founded", "Brightloom?")
    assert result.code == 0
    assert "\nLena Okafor\n" in result.out
    assert "founded Brightloom" in result.out
    assert "<entity/brightloom> ng:foundedBy ?who ." in result.out


def test_the_query_alone_can_be_asked(graph: Run) -> None:
    query = graph("ask", "--sparql", "Who founded Brightloom?").out
    assert "Lena Okafor" in graph("query", query).out


def test_as_json_it_is_for_programs(graph: Run) -> None:
    found = json.loads(graph("ask", "--json", "how many people founded Brightloom").out)
    assert (found["form"], found["total"]) == ("count", 1)


def test_a_question_that_is_not_understood_is_an_error_that_names_others(graph: Run) -> None:
    result = graph("ask", "Who eats Brightloom?")
    assert result.code == 1
    assert "these words mean nothing here: eats" in result.err
    assert "Who is Brightloom founded by?" in result.err
