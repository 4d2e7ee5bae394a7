"""`SERVICE` reaches the endpoints that are allowed, within limits, and no other."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from kg.errors import UsageError
from server.config import Config
from tests.server.conftest import Server, make_graph, running

REMOTE = """INSERT DATA { <http://remote.example/zurich> rdfs:label "Zurich"@en ; <http://remote.example/people> 400000 .
            <http://remote.example/lagos> rdfs:label "Lagos"@en ; <http://remote.example/people> 15000000 ;
            <http://remote.example/part> [ rdfs:label "a district" ] }"""


class Other(BaseHTTPRequestHandler):
    """Another endpoint, which behaves as its path says, and notes what it was asked."""

    queries: list[str]
    answer: Callable[[str], str]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        (query,) = parse_qs(body)["query"]
        type(self).queries.append(query)
        if self.path == "/slow":
            time.sleep(3)
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/sparql")
            self.end_headers()
            return
        text = {"/broken": "{", "/page": "<html></html>"}.get(self.path) or type(self).answer(query)
        self.send_response(500 if self.path == "/failing" else 200)
        self.send_header("Content-Type", "text/html" if self.path == "/page" else "application/sparql-results+json")
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def other() -> Iterator[str]:
    import pyoxigraph as ox

    store = ox.Store()
    prefix = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    store.update(prefix + REMOTE)

    def answer(query: str) -> str:
        found = store.query(query)
        assert isinstance(found, ox.QuerySolutions)
        text = found.serialize(format=ox.QueryResultsFormat.JSON)
        assert text is not None
        return text.decode()

    Other.queries = []
    Other.answer = staticmethod(answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


PATHS = ("sparql", "slow", "moved", "broken", "page", "failing")


@pytest.fixture(scope="module")
def federated(tmp_path_factory: pytest.TempPathFactory, other: str) -> Iterator[Server]:
    """A server whose queries may ask the other one, and a port where nobody is."""
    folder = tmp_path_factory.mktemp("federated")
    services = [f"{other}/{path}" for path in PATHS] + ["http://127.0.0.1:9/sparql"]
    with running(
        make_graph(folder / "graph"), folder / "log", services=services, service_time=1.0, service_rows=5
    ) as found:
        yield found


def test_what_another_endpoint_knows_is_joined_with_the_graph(federated: Server, other: str) -> None:
    Other.queries.clear()
    rows = federated.rows(f"""SELECT ?name ?people WHERE {{
        ?company ng:headquarters ?city . ?city rdfs:label ?name . FILTER(?people > 1000)
        SERVICE <{other}/sparql> {{ ?place rdfs:label ?name ; <http://remote.example/people> ?people }} }}""")
    assert rows == [["Zurich", "400000"]]
    (asked,) = Other.queries
    assert 'VALUES (?name) { ("Zurich"@en) }' in asked


@pytest.mark.parametrize(
    ("pattern", "rows"),
    [
        ("SERVICE <{}> {{ ?place rdfs:label ?name }}", 3),
        ("OPTIONAL {{ SERVICE <{}> {{ ?place rdfs:label 'nowhere' }} }}", 1),
        (
            "?c ng:headquarters/rdfs:label ?name OPTIONAL {{ SERVICE <{}> {{ ?place rdfs:label ?name }} }} FILTER(BOUND(?place))",
            1,
        ),
        ("SERVICE <{}> {{ SELECT (COUNT(*) AS ?n) {{ ?a rdfs:label ?b }} }}", 1),
        (
            "{{ SERVICE <{0}> {{ ?a rdfs:label 'Lagos'@en }} }} UNION {{ SERVICE <{0}> {{ ?b rdfs:label 'Zurich'@en }} }}",
            2,
        ),
        ("SERVICE <{}> {{ ?a <http://remote.example/part> ?b }} FILTER(ISIRI(?b))", 1),
        ("?nothing ng:nothing ?name . SERVICE <{}> {{ ?place rdfs:label ?name }}", 0),
        ("SERVICE <{}> {{ <http://remote.example/lagos> rdfs:label 'Lagos'@en }}", 1),
        ("SERVICE SILENT <{}> {{ ?place rdfs:label ?name }}", 3),
    ],
)
def test_a_service_may_stand_wherever_a_pattern_may(federated: Server, other: str, pattern: str, rows: int) -> None:
    query = f"SELECT * WHERE {{ {pattern.format(f'{other}/sparql')} }}"
    assert len(federated.ask(query).json()["results"]["bindings"]) == rows


def test_the_address_may_be_a_prefixed_name(federated: Server, other: str) -> None:
    query = f"PREFIX there: <{other}/> ASK {{ SERVICE there:sparql {{ ?s rdfs:label 'Lagos'@en }} }}"
    assert federated.ask(query).json()["boolean"] is True


def test_the_endpoint_for_wikidatas_queries_asks_others_too(federated: Server, other: str) -> None:
    import requests

    query = f"""SELECT ?place ?companyLabel WHERE {{ ?company wdt:P159/rdfs:label ?name .
        SERVICE <{other}/sparql> {{ ?place rdfs:label ?name }}
        SERVICE wikibase:label {{ bd:serviceParam wikibase:language "en" }} }}"""
    response = requests.get(f"{federated.url}/wikidata/sparql", params={"query": query}, timeout=60)
    assert [row["companyLabel"]["value"] for row in response.json()["results"]["bindings"]] == ["Acme Robotics"]


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/", "http://169.254.169.254/latest", "file:///etc/passwd", "{}/sparql?x", "{}/sparql/", "{}/"],
)
def test_any_other_address_is_refused_with_an_explanation(federated: Server, other: str, address: str) -> None:
    Other.queries.clear()
    for silent in ("", "SILENT"):
        response = federated.ask(f"SELECT * {{ SERVICE {silent} <{address.format(other)}> {{ ?s ?p ?o }} }}")
        assert response.status_code == 403
        assert "a query reaches only" in response.text
        assert "setting 'services'" in response.text
    assert Other.queries == []


def test_an_address_that_is_found_in_the_graph_is_refused(federated: Server) -> None:
    response = federated.ask("SELECT * { ?s ?p ?address SERVICE ?address { ?a ?b ?c } }")
    assert response.status_code == 403
    assert "must stand in the query" in response.text


def test_without_the_setting_every_address_is_refused(server: Server, other: str) -> None:
    Other.queries.clear()
    assert server.ask(f"SELECT * {{ SERVICE <{other}/sparql> {{ ?s ?p ?o }} }}").status_code == 403
    assert Other.queries == []


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("slow", 504, "did not answer within 1 s"),
        ("moved", 502, "answered 302"),
        ("broken", 502, "can't be read"),
        ("page", 502, "text/html, which is no table"),
        ("failing", 502, "answered 500"),
    ],
)
def test_an_endpoint_that_fails_is_named_with_the_reason(
    federated: Server, other: str, path: str, status: int, message: str
) -> None:
    pattern = f"<{other}/{path}> {{ ?s rdfs:label ?o }}"
    response = federated.ask(f"SELECT * {{ SERVICE {pattern} }}")
    assert response.status_code == status
    assert message in response.text
    assert federated.rows(f"SELECT ?x {{ BIND(1 AS ?x) SERVICE SILENT {pattern} }}") == [["1"]]


def test_an_endpoint_where_nobody_is_is_named(federated: Server) -> None:
    response = federated.ask("SELECT * { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p ?o } }")
    assert response.status_code == 502
    assert "can't be asked" in response.text


def test_more_rows_than_are_allowed_are_an_error_in_both_directions(federated: Server, other: str) -> None:
    response = federated.ask(f"SELECT * {{ SERVICE <{other}/sparql> {{ ?s ?p ?o }} }}")
    assert response.status_code == 400
    assert "more than 5 rows" in response.text
    response = federated.ask(f"SELECT * {{ ?s ?p ?o . SERVICE <{other}/sparql> {{ ?o rdfs:label ?name }} }}")
    assert response.status_code == 400
    assert "more than 5 values for ?o" in response.text


def test_a_malformed_query_asks_nobody(federated: Server, other: str) -> None:
    Other.queries.clear()
    response = federated.ask(f"SELECT * {{ SERVICE <{other}/sparql> {{ ?s rdfs:label ?o }} }} }}")
    assert response.status_code == 400
    assert Other.queries == []


def test_an_answer_with_what_others_know_is_not_kept(federated: Server, other: str) -> None:
    Other.queries.clear()
    query = f"SELECT * {{ SERVICE <{other}/sparql> {{ ?s rdfs:label 'Lagos'@en }} }}"
    responses = [federated.ask(query), federated.ask(query)]
    assert len(Other.queries) == 2
    assert "ETag" not in responses[0].headers


def test_an_update_reaches_nobody(writable: Server, authorized: dict[str, str], other: str) -> None:
    import requests

    update = f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{other}/sparql> {{ ?s ?p ?o }} }}"
    response = requests.post(f"{writable.url}/update", data={"update": update}, headers=authorized, timeout=60)
    assert response.status_code == 403


@pytest.mark.parametrize("value", ["https://example.org/sparql", ["ftp://example.org/"], [1], ["http://a b/"]])
def test_a_list_that_is_none_of_addresses_is_an_error(tmp_path: Path, value: object) -> None:
    with pytest.raises(UsageError, match="list of addresses"):
        Config.of({"store": str(tmp_path), "services": value})
    assert json.loads(Config.of({"store": str(tmp_path), "services": ["http://a/"]}).to_json())["services"] == [
        "http://a/"
    ]
