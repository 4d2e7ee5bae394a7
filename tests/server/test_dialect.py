"""What is changed in a query before the engine has it."""

from __future__ import annotations

import time

import pyoxigraph as ox
import pytest

from server.engine import guard
from server.engine.dialect import Prepared, prepare, with_using
from server.errors import BadRequest


def prepared(text: str) -> Prepared:
    return prepare(text, guard.check(text, size=10**6, depth=100).words)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ?true { ?s ex:TRUE "TRUE" # TRUE\n; <TRUE> true }',
        "SELECT * { ?service ex:SERVICE 'SERVICE SILENT <http://x.example/> {}' }",
        "INSERT DATA { <http://x.example/LOAD> ex:load 'LOAD <http://x.example/>' }",
    ],
)
def test_strings_names_iris_and_comments_stay_as_they_are(text: str) -> None:
    assert prepared(text) == Prepared(text, None)


def test_booleans_are_written_small() -> None:
    assert prepared("ASK { FILTER(TRUE || False) }").text == "ASK { FILTER(true || false) }"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { VALUES ?a { 1 } SERVICE SILENT <http://x.example/> { ?a ?b ?c } }",
        "SELECT * { VALUES ?a { 1 } service silent ?a { SELECT ?b { ?b ?c ?d } } }",
        (
            "PREFIX ex: <http://x.example/> SELECT * { VALUES ?a { 1 } "
            "SERVICE SILENT ex: { { ?a ?b ?c } SERVICE SILENT ex:x { ?d ?e ?f } } }"
        ),
    ],
)
def test_a_silent_service_gives_one_empty_solution(query: str) -> None:
    found = prepared(query)
    assert found.refused is None
    rows = list(ox.Store().query(found.text))  # type: ignore[arg-type]
    assert [row["a"].value for row in rows] == ["1"]


def test_a_service_and_a_load_are_refused_by_name() -> None:
    assert "SERVICE" in str(prepared("ASK { SERVICE <http://x.example/> {} }").refused)
    assert "LOAD" in str(prepared("LOAD <http://x.example/> INTO GRAPH <http://x.example/g>").refused)


def test_a_silent_load_changes_nothing() -> None:
    store = ox.Store()
    store.update(prepared("LOAD SILENT <http://x.example/> INTO GRAPH <a:g> ; INSERT DATA { <a:s> <a:p> 1 }").text)
    assert len(store) == 1


def test_using_is_written_into_each_operation_that_reads() -> None:
    update = (
        "PREFIX ex: <http://x.example/> INSERT DATA { ex:a ex:where 'WHERE' } ; DELETE WHERE { ?s ?p ?o } ; "
        "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o FILTER EXISTS { ?o ?p ?x } } ; CLEAR ALL"
    )
    found = with_using(update, ["a:d"], ["a:n"])
    assert found.count("USING <a:d> USING NAMED <a:n> WHERE") == 2
    ox.Store().update(found)
    for conflict in ("WITH <a:g> DELETE { ?s ?p ?o } WHERE {}", "INSERT { <a:s> <a:p> 1 } USING <a:g> WHERE {}"):
        with pytest.raises(BadRequest):
            with_using(conflict, ["a:d"], [])


@pytest.mark.parametrize(
    "piece", ['"\\', '"""\\', "<", "<a", "a-", "{}", "a", "'''\\", ":", "?", "a:", "SERVICE ", "LOAD SILENT "]
)
def test_no_text_takes_more_than_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = time.process_time()
        prepare(text, guard.check(text, size=10**7, depth=10**7).words)
        return time.process_time() - began

    assert seconds(400_000) < 12 * seconds(100_000) + 0.2
