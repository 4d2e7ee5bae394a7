"""Decisions over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.server.conftest import TOKEN, Server, make_graph, running

WORKS = "SELECT ?name { ?p rdfs:label 'Bayo Okafor'@en ; ng:employer/rdfs:label ?name }"


@pytest.fixture(scope="module")
def deciding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("deciding")
    with running(make_graph(folder / "graph"), folder / "log", token=TOKEN) as found:
        yield found


def decide(server: Server, authorized: dict[str, str], **request: Any) -> requests.Response:
    return requests.post(f"{server.url}/decisions", json=request, headers=authorized, timeout=60)


def test_a_fact_is_rejected_listed_and_taken_back(deciding: Server, authorized: dict[str, str]) -> None:
    query = "SELECT ?s { ?s rdf:subject/rdfs:label 'Bayo Okafor'@en ; rdf:predicate ng:employer }"
    ((statement,),) = deciding.rows(query)
    assert deciding.rows(WORKS) == [["Acme Robotics"]]
    response = decide(deciding, authorized, decide="reject", target=statement, reason="It was a joke.")
    assert response.status_code == 201, response.text
    (told,) = response.json()
    assert told["author"] == "default"
    assert told["reason"] == "It was a joke."
    assert deciding.rows(WORKS) == []
    listed = requests.get(f"{deciding.url}/decisions", timeout=60)
    assert listed.json() == [told]
    alone = f"{deciding.url}/decision/{told['id']}"
    assert requests.get(alone, timeout=60).json() == told
    address = f"{deciding.url}/decisions/{told['id']}"
    assert requests.delete(address, timeout=60).status_code == 401
    assert requests.delete(address, headers=authorized, timeout=60).status_code == 200
    assert deciding.rows(WORKS) == [["Acme Robotics"]]
    assert requests.delete(address, headers=authorized, timeout=60).status_code == 400
    assert requests.get(alone, timeout=60).status_code == 404


def test_a_fact_is_added_and_the_change_is_in_the_audit_log(deciding: Server, authorized: dict[str, str]) -> None:
    request = {"decide": "add", "subject": "Bayo Okafor", "relation": "educated_at", "object": "Meta"}
    response = decide(deciding, authorized, **request, qualifiers={"end": "2009"})
    assert response.status_code == 201, response.text
    query = "SELECT ?end { ?s rdf:predicate ng:educatedAt ; ng:end ?end ; ng:acceptedBy/a ng:Decision }"
    assert deciding.rows(query) == [["2009"]]
    assert '"action": "decide"' in (deciding.folder / "audit.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ({"decide": "believe"}, "accept, reject"),
        ({"decide": "accept"}, "'statement' is missing"),
        ({"decide": "accept", "statement": "x", "target": "y"}, "'target'"),
        ({"decide": "accept", "statement": "http://localhost:8000/statement/0"}, "no statement"),
        ({"decide": "add", "subject": "Meta", "relation": "x", "object": "y", "qualifiers": []}, "must be an object"),
        ([], "must be an object"),
    ],
)
def test_a_wrong_decision_is_told(deciding: Server, authorized: dict[str, str], request_: object, told: str) -> None:
    response = requests.post(f"{deciding.url}/decisions", json=request_, headers=authorized, timeout=60)
    assert response.status_code == 400, response.text
    assert told in response.text


def test_deciding_needs_the_token_and_a_server_that_writes(
    server: Server, deciding: Server, authorized: dict[str, str], tmp_path: Path
) -> None:
    assert requests.post(f"{deciding.url}/decisions", json={}, timeout=60).status_code == 401
    assert requests.post(f"{server.url}/decisions", json={}, headers=authorized, timeout=60).status_code == 403
    assert requests.post(f"{deciding.url}/decisions", data="x", headers=authorized, timeout=60).status_code == 415
    assert requests.get(f"{server.url}/decisions", timeout=60).json() == []


def test_entities_are_merged_and_split_and_their_addresses_lead_on(
    deciding: Server, authorized: dict[str, str]
) -> None:
    def page(name: str) -> requests.Response:
        return requests.get(f"{deciding.url}/entity/{name}", allow_redirects=False, timeout=60)

    response = decide(deciding, authorized, decide="merge", entity="Bayo Okafor", into="Acme Robotics")
    assert response.status_code == 201, response.text
    assert response.json()[0]["what"] == "Bayo Okafor same as Acme Robotics"
    assert page("bayo-okafor").status_code == 302
    assert page("bayo-okafor").headers["Location"] == "/entity/acme-robotics"
    assert page("bayo-okafor.ttl").headers["Location"] == "/entity/acme-robotics.ttl"
    assert "Bayo Okafor" in page("acme-robotics").text
    address = f"{deciding.url}/decisions/{response.json()[0]['id']}"
    assert requests.delete(address, headers=authorized, timeout=60).status_code == 200
    assert page("bayo-okafor").status_code == 200
    ((article,),) = deciding.rows("SELECT ?a { ?a schema:mentions/rdfs:label 'Bayo Okafor'@en }")
    split = {"decide": "split", "entity": "Bayo Okafor", "as": "Bayo Okafor (rower)", "articles": [article]}
    response = decide(deciding, authorized, **split)
    assert response.status_code == 201, response.text
    assert page("bayo-okafor").headers["Location"] == "/entity/bayo-okafor-rower"
    address = f"{deciding.url}/decisions/{response.json()[0]['id']}"
    assert requests.delete(address, headers=authorized, timeout=60).status_code == 200
    assert page("bayo-okafor-rower").headers["Location"] == "/entity/bayo-okafor"
