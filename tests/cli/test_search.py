"""`kg search`."""

from __future__ import annotations

import json

from tests.cli.conftest import Run


def test_search_shows_what_fits_the_best_first(graph: Run) -> None:
    result = graph("search", "brightloom")
    assert result.code == 0
    head, first, *_ = result.out.splitlines()
    assert head == "kind\tfound\tiri"
    assert first == "organization\tBrightloom\thttp://localhost:8000/entity/brightloom"


def test_several_words_are_one_search_and_may_be_misspelled(graph: Run) -> None:
    found = json.loads(graph("search", "--json", "--limit", "1", "founding", "brigthloom").out)
    assert [hit["kind"] for hit in found] == ["sentence"]
    assert "founded Brightloom" in found[0]["text"]


def test_a_word_that_must_not_be_there_comes_after_two_dashes(graph: Run) -> None:
    assert "Tom Abara" in graph("search", "--", "brightloom OR abara", "-okafor").out
    assert "Lena Okafor, who" not in graph("search", "--", "brightloom OR abara", "-okafor").out


def test_what_is_not_there_is_no_error(graph: Run) -> None:
    result = graph("search", "qwertyuiop")
    assert (result.code, result.out, result.err) == (0, "kind\tfound\tiri\n", "nothing found\n")


def test_a_search_needs_words_and_a_graph(run: Run) -> None:
    assert run("search").code == 2
    result = run("search", "x")
    assert result.code == 2
    assert "no graph" in result.err
