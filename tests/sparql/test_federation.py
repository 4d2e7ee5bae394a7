"""What another endpoint is asked, and what is made of its answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyoxigraph as ox
import pytest

from kg.errors import RefusedError, ServiceError
from kg.sparql.federation import Federation, Term

ADDRESS = "http://other.example/sparql"
DATA = """INSERT DATA { <urn:a> <urn:knows> <urn:b> , <urn:c> . <urn:a> <urn:name> "A" .
                        GRAPH <urn:g> { <urn:d> <urn:knows> <urn:e> } }"""


class Remote:
    """Stands for the other endpoint: it gives every variable of its first VALUES block back, with an age."""

    def __init__(self, *ages: Term) -> None:
        self.queries: list[str] = []
        self.ages = ages

    def fetch(self, address: str, query: str) -> tuple[Sequence[ox.Variable], Iterable[Sequence[Term | None]]]:
        assert address == ADDRESS
        ox.Store().query(query)
        self.queries.append(query)
        return [ox.Variable("x"), ox.Variable("age")], [[ox.NamedNode("urn:b"), age] for age in self.ages]


def expanded(query: str, remote: Remote, rows: int = 100) -> str:
    store = ox.Store()
    store.update(DATA)
    prefixes = {"u": "urn:"}

    def ask(text: str) -> object:
        return store.query(text, prefixes=prefixes, use_default_graph_as_union=True)

    found = Federation({ADDRESS}, rows, remote.fetch).expand(query, ask, prefixes)
    ask(found)
    return found


SERVICE = f"SERVICE <{ADDRESS}> {{ ?x u:age ?age }}"


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        (f"SELECT * {{ ?s u:knows ?x . {SERVICE} }}", "(<urn:b>)"),
        (f"SELECT * {{ ?s u:knows ?x OPTIONAL {{ {SERVICE} }} }}", "(<urn:b>)"),
        (f"SELECT * {{ ?s u:knows ?x FILTER(?age > 3) FILTER NOT EXISTS {{ ?x ?p ?age }} {SERVICE} }}", "(<urn:c>)"),
        (f"SELECT * {{ ?s u:knows ?x FILTER(STRLEN(STR(?x)) > 3) . ?s u:name 'A' {SERVICE} }}", "(<urn:c>)"),
        (f"SELECT * {{ {{ SELECT ?x {{ ?s u:knows ?x }} }} {SERVICE} }}", "(<urn:c>)"),
        (f"SELECT * {{ BIND(u:z AS ?x) {SERVICE} }}", "VALUES (?x) { (<urn:z>) }"),
    ],
)
def test_what_the_patterns_before_it_have_is_sent_along(query: str, sent: str) -> None:
    remote = Remote()
    expanded(query, remote)
    (asked,) = remote.queries
    assert sent in asked
    assert "PREFIX u: <urn:>" in asked


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ {SERVICE} ?s u:knows ?x }}",
        f"SELECT * {{ ?s u:name ?name {SERVICE} }}",
        f"SELECT * {{ GRAPH u:g {{ ?s u:knows ?x {SERVICE} }} }}",
        f"SELECT * {{ GRAPH u:g {{ ?s u:knows ?x OPTIONAL {{ {SERVICE} }} }} }}",
        f"SELECT * FROM u:g {{ ?s u:knows ?x {SERVICE} }}",
        f"SELECT * {{ OPTIONAL {{ ?s u:nothing ?x }} {SERVICE} }}",
    ],
)
def test_where_values_could_leave_something_out_none_are_sent(query: str) -> None:
    remote = Remote()
    expanded(query, remote)
    (asked,) = remote.queries
    assert "VALUES" not in asked


def test_many_values_are_sent_in_parts() -> None:
    remote = Remote()
    values = " ".join(f"u:x{number}" for number in range(450))
    expanded(f"SELECT * {{ VALUES ?x {{ {values} }} {SERVICE} }}", remote, rows=1000)
    assert len(remote.queries) == 3


def test_where_there_is_nothing_to_join_nobody_is_asked() -> None:
    remote = Remote()
    assert "VALUES (?x) {  }" in expanded(f"SELECT * {{ ?s u:nothing ?x . {SERVICE} }}", remote)
    assert remote.queries == []


def test_terms_come_back_as_they_are() -> None:
    text = ox.Literal('say "hi"\n\\ } SERVICE <http://evil.example/> {', language="en")
    remote = Remote(text, ox.Literal(7), ox.BlankNode("n"))
    found = expanded(f"SELECT * {{ {SERVICE} }}", remote)
    rows = ox.Store().query(found)
    assert isinstance(rows, ox.QuerySolutions)
    assert [row["age"] for row in rows] == [text, ox.Literal(7), ox.NamedNode("urn:x-newsgraph:node:n")]


def test_a_text_that_looks_like_a_service_is_a_text() -> None:
    query = f'SELECT * {{ ?s u:name "{SERVICE.replace(chr(34), chr(39))}" }} # {SERVICE}'
    remote = Remote()
    assert expanded(query, remote) == query
    assert remote.queries == []


def test_too_many_blocks_are_refused() -> None:
    with pytest.raises(RefusedError, match="more than 10"):
        expanded(f"SELECT * {{ {SERVICE * 11} }}", Remote())
    assert "SERVICE" not in expanded(f"SELECT * {{ {SERVICE * 10} }}", Remote())


def test_silent_goes_on_without_an_endpoint_that_fails() -> None:
    def fail(address: str, query: str) -> tuple[Sequence[ox.Variable], Iterable[Sequence[Term | None]]]:
        raise ServiceError("no")

    silent = f"SELECT * {{ {SERVICE.replace('SERVICE', 'SERVICE SILENT')} }}"
    assert "{ }" in Federation({ADDRESS}, 10, fail).expand(silent, ox.Store().query, {})
    with pytest.raises(ServiceError):
        Federation({ADDRESS}, 10, fail).expand(f"SELECT * {{ {SERVICE} }}", ox.Store().query, {"u": "urn:"})
