"""The limit on the rows of an answer is exact, whatever its texts hold; the first of them leave before the last."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

import kg
from server.engine.rows import Rows
from tests.server.conftest import Server, running

MOST = 50
TEXTS = ("},{", '"},{"', "},{}", "\\n", '\\"', "\\r\\n", "<result>", "},", "{", '\\"},{\\"a', "a,b", "")
FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}


def texts(number: int) -> str:
    """A block of so many values that look like the ends of rows."""
    values = " ".join(f"'{TEXTS[n % len(TEXTS)]}'" for n in range(number))
    return f"VALUES ?x {{ {values} }}"


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose answers have few rows."""
    folder = tmp_path_factory.mktemp("short")
    with kg.Graph.open(folder / "graph") as graph:
        graph.update("INSERT DATA { <urn:s> <urn:p> 1 }")
    with running(folder / "graph", folder / "log", answer_rows=MOST) as found:
        yield found


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("size", [1, 3, 8, 100, 10_000])
def test_rows_are_counted_wherever_their_bytes_are_cut(name: str, size: int) -> None:
    found = ox.Store().query(f"SELECT ?x {{ {texts(MOST)} }}")
    assert isinstance(found, ox.QuerySolutions)
    data = found.serialize(format=FORMATS[name])
    assert data is not None
    rows = Rows(name)
    assert [rows.count(data[start : start + size]) for start in range(0, len(data), size)][-1] == MOST


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "application/sparql-results+xml", "text/csv",
                                    "text/tab-separated-values"])  # fmt: skip
def test_as_many_rows_are_answered_as_the_limit_says_and_no_more(short: Server, accept: str) -> None:
    assert short.ask(f"SELECT ?x {{ {texts(MOST)} }}", accept).status_code == 200
    response = short.ask(f"SELECT ?x {{ {texts(MOST + 1)} }}", accept)
    assert (response.status_code, "more than 50 rows" in response.text) == (413, True)


@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples", "application/ld+json",
                                    "application/rdf+xml", "application/trig", "application/n-quads"])  # fmt: skip
def test_as_many_triples_are_answered_as_the_limit_says_and_no_more(short: Server, accept: str) -> None:
    def ask(number: int) -> int:
        values = " ".join(map(str, range(number)))
        return short.ask(f"CONSTRUCT {{ <urn:s> <urn:p> ?x }} {{ VALUES ?x {{ {values} }} }}", accept).status_code

    assert (ask(MOST), ask(MOST + 1)) == (200, 413)


def test_the_first_rows_of_a_slow_answer_leave_at_once(tmp_path: Path) -> None:
    with kg.Graph.open(tmp_path / "graph") as graph:
        triples = " ".join(f"<urn:{n}> <urn:p> {n} ." for n in range(1000))
        graph.update(f"INSERT DATA {{ {triples} }}")
    with running(tmp_path / "graph", tmp_path / "log") as server:
        # Each row takes a millisecond: the hash of a long text.
        long = "".join(f"BIND(CONCAT({', '.join([f'?t{n}'] * 10)}) AS ?t{n + 1}) " for n in range(5))
        query = f"SELECT ?s (SHA512(?t5) AS ?hash) {{ ?s <urn:p> ?o BIND(STR(?o) AS ?t0) {long} }}"
        connection = http.client.HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]), timeout=60)
        began = time.monotonic()
        connection.request("GET", f"/sparql?query={quote(query)}", headers={"Accept": "text/csv"})
        response = connection.getresponse()
        response.read(100)
        first = time.monotonic() - began
        response.read()
        assert first < (time.monotonic() - began) / 2
        connection.close()
