"""`/wikidata/sparql` answers what was written for the Wikidata Query Service."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from server.engine import wikibase
from server.engine.keeper import remove_unless_locked
from server.engine.messages import WIKIBASE
from tests.server.conftest import Server

QUERY = """#title: Who founded what
SELECT ?organizationLabel ?founderLabel WHERE {
  ?organization wdt:P112 ?founder .
  hint:Query hint:optimizer "None" .
  SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],en". }
}"""


def ask(server: Server, query: str, accept: str = "text/csv", **headers: str) -> requests.Response:
    url = f"{server.url}/wikidata/sparql"
    return requests.get(url, params={"query": query}, headers={"Accept": accept, **headers}, timeout=60)


def test_a_query_for_wikidata_is_answered(server: Server) -> None:
    response = ask(server, QUERY)
    assert response.status_code == 200, response.text
    assert response.text == "organizationLabel,founderLabel\r\nAcme Robotics,Grace Lin\r\n"


@pytest.mark.parametrize("way", ["form", "body"])
def test_a_query_may_be_posted(server: Server, way: str) -> None:
    url = f"{server.url}/wikidata/sparql"
    if way == "form":
        response = requests.post(url, data={"query": QUERY}, headers={"Accept": "text/csv"}, timeout=60)
    else:
        headers = {"Accept": "text/csv", "Content-Type": "application/sparql-query"}
        response = requests.post(url, data=QUERY.encode(), headers=headers, timeout=60)
    assert response.text.endswith("Acme Robotics,Grace Lin\r\n")


def test_triples_come_with_wikidatas_prefixes(server: Server) -> None:
    response = ask(server, "CONSTRUCT { ?s wdt:P112 ?o } WHERE { ?s wdt:P112 ?o }", "text/turtle")
    assert "entity:acme-robotics wdt:P112 entity:grace-lin" in " ".join(response.text.split())


def test_the_same_words_mean_something_else_at_each_endpoint(server: Server) -> None:
    query = "SELECT ?s WHERE { ?s schema:name ?name }"
    assert ask(server, query).text.count("\r\n") > 5
    assert server.rows(query) == []


def test_an_answer_is_not_sent_again_while_the_graph_is_the_same(server: Server) -> None:
    first = ask(server, QUERY)
    assert ask(server, QUERY, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert "Accept-Language" in first.headers["Vary"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?x {", "malformed"),
        ("SELECT ?x { INCLUDE %nothing }", "has no WITH"),
        ("SELECT ?x { nothing:here ?p ?x }", "prefix nothing: is not declared"),
    ],
)
def test_what_is_wrong_is_400_with_the_reason(server: Server, query: str, message: str) -> None:
    response = ask(server, query)
    assert response.status_code == 400
    assert message in response.text


def test_a_request_without_a_query_says_what_to_send(server: Server) -> None:
    response = requests.get(f"{server.url}/wikidata/sparql", timeout=60)
    assert response.status_code == 400
    assert "SERVICE wikibase:label" in response.text


def test_a_request_can_not_name_graphs(server: Server) -> None:
    parameters = {"query": "ASK {}", "default-graph-uri": "http://example.org/"}
    assert requests.get(f"{server.url}/wikidata/sparql", params=parameters, timeout=60).status_code == 400


def test_another_server_is_not_asked(server: Server) -> None:
    response = ask(server, "SELECT ?x { SERVICE <http://127.0.0.1:9/> { ?x ?y ?z } }")
    assert response.status_code == 403
    assert "SERVICE is refused" in response.text


def test_a_change_is_seen_at_once(writable: Server, authorized: dict[str, str]) -> None:
    counts = []
    for name in ("one", "two"):
        update = f"""INSERT DATA {{ <http://localhost:8000/entity/{name}> a ng:Person ; rdfs:label "{name}"@en }}"""
        response = requests.post(f"{writable.url}/update", data={"update": update}, headers=authorized, timeout=60)
        assert response.status_code == 204, response.text
        counts.append(ask(writable, "SELECT ?x { ?x wdt:P31 wd:Q5 }").text.count("/entity/"))
    assert counts == [1, 2]


def test_the_form_is_made_once_and_goes_with_its_snapshot(server: Server, tmp_path: Path) -> None:
    assert ask(server, QUERY).status_code == 200
    (snapshot,) = server.folder.glob("run/*/1")
    made = (snapshot / WIKIBASE).stat().st_ino
    wikibase.main(snapshot, "http://localhost:8000/")
    assert (snapshot / WIKIBASE).stat().st_ino == made
    copy = tmp_path / "run" / "1" / "1"
    copy.mkdir(parents=True)
    (copy / WIKIBASE).mkdir()
    remove_unless_locked(copy)
    assert not copy.exists()


def test_while_the_form_is_being_made_nobody_waits_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    import fcntl

    monkeypatch.setattr(wikibase, "_PATIENCE", 0.1)
    with (tmp_path / "wikibase.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        began = time.monotonic()
        assert wikibase.opened(tmp_path, "http://localhost:8000/") is None
        assert time.monotonic() - began < 2


def test_nothing_is_made_for_a_server_that_is_gone(tmp_path: Path) -> None:
    snapshot = tmp_path / "run" / "1-abc" / "1"
    snapshot.mkdir(parents=True)
    command = [sys.executable, "-m", "server.engine.wikibase", str(snapshot), "http://localhost:8000/"]
    result = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stderr) == (1, "The server of this snapshot is gone.\n")
    assert list(snapshot.iterdir()) == []
