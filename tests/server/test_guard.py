"""What is done to a query or an update before the engine has it."""

from __future__ import annotations

import time

import pyoxigraph as ox
import pytest

from server.engine.guard import check
from server.engine.using import with_using
from server.errors import BadRequest, TooLarge


def test_long_and_deep_queries_are_refused_but_not_for_their_strings() -> None:
    assert not check("ASK { ?s ?p '{{{{{{' }", size=100, depth=2).varies
    with pytest.raises(BadRequest, match="more than 2 deep"):
        check("ASK {{{}}}", size=100, depth=2)
    with pytest.raises(TooLarge, match="longer than 10 bytes"):
        check("ASK {} # é", size=10, depth=2)


@pytest.mark.parametrize(
    ("query", "varies"),
    [
        ("SELECT (NOW() AS ?t) {}", True),
        ("SELECT (rand() AS ?t) {}", True),
        ("SELECT ?now { ?s ex:now 'NOW()', <http://x.example/uuid> } # uuid", False),
    ],
)
def test_it_is_known_whether_an_answer_may_differ_from_time_to_time(query: str, varies: bool) -> None:
    assert check(query, size=1000, depth=10).varies == varies


def test_using_is_written_into_each_operation_that_reads() -> None:
    update = (
        "PREFIX ex: <http://x.example/> INSERT DATA { ex:a ex:where 'WHERE' } ; DELETE WHERE { ?s ?p ?o } ; "
        "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o FILTER EXISTS { ?o ?p ?x } } ; CLEAR ALL"
    )
    found = with_using(update, ["a:d"], ["a:n"])
    assert found.count("USING <a:d> USING NAMED <a:n> WHERE") == 2
    ox.Store().update(found)
    for conflict in ("WITH <a:g> DELETE { ?s ?p ?o } WHERE {}", "INSERT { <a:s> <a:p> 1 } USING <a:g> WHERE {}"):
        with pytest.raises(BadRequest, match="only one of them"):
            with_using(conflict, ["a:d"], [])


@pytest.mark.parametrize("piece", ['"\\', '"""\\', "<", "<a", "a-", "{}", "a", "'''\\", ":", "?", "a:"])
def test_no_text_takes_more_than_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = time.process_time()
        check(text, size=10**7, depth=10**7)
        return time.process_time() - began

    assert seconds(400_000) < 12 * seconds(100_000) + 0.2
