"""`kg` over newsgraph's own server, whose default graph is the union of all or, as it is set, the unnamed one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

import kg.cli
from tests.server.conftest import TOKEN, Server, make_graph, running

HOLDS = {"okafor.txt": "Lena Okafor, who founded Brightloom in 2019, left Acme Robotics on 4 March 2019."}


@pytest.fixture(scope="module", params=["union", "unnamed"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    graph = make_graph(folder / "graph", HOLDS)
    with running(graph, folder / "log", token=TOKEN, default_graph=request.param) as found:
        yield found


@pytest.fixture
def address(served: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("KG_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("KG_STORE", f"{served.url}/sparql")
    return f"{served.url}/sparql"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["show", "Brightloom"], "founded by: Lena Okafor"),
        (["ask", "Who founded Brightloom?"], "Lena Okafor"),
        (["search", "okafor"], "person\tLena Okafor"),
        (["query", "SELECT ?name { ?o ng:foundedBy/rdfs:label ?name }"], "Lena Okafor"),
    ],
)
def test_every_command_that_reads_answers_as_on_the_folder(
    address: str, arguments: list[str], expected: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert kg.cli.main(arguments) == 0
    assert expected in capfd.readouterr().out


def test_an_export_and_a_list_of_decisions_are_those_of_the_folder(
    address: str, served: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KG_STORE_TOKEN", TOKEN)
    assert kg.cli.main(["decide", "link", "Brightloom", "Q42"]) == 0
    capfd.readouterr()
    assert kg.cli.main(["decide", "list"]) == 0
    assert "Brightloom same as http://www.wikidata.org/entity/Q42" in capfd.readouterr().out
    assert kg.cli.main(["export", str(tmp_path / "there.nq")]) == 0
    found = requests.get(f"{served.url}/graphs?default", headers={"Accept": "application/n-triples"}, timeout=30).text
    assert set(found.splitlines()) < set((tmp_path / "there.nq").read_text("utf-8").splitlines())


def test_what_others_write_there_is_found_by_the_next_search(
    address: str, served: Server, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("Zorblax", "Quuxly"):
        update = f'INSERT DATA {{ <urn:{name}> <http://www.w3.org/2000/01/rdf-schema#label> "{name}" }}'
        header = {"Authorization": f"Bearer {TOKEN}"}
        requests.post(f"{served.url}/update", {"update": update}, headers=header, timeout=30).raise_for_status()
        assert kg.cli.main(["search", name]) == 0
        assert f"resource\t{name}" in capfd.readouterr().out


def test_a_request_says_which_default_graph_it_means(served: Server) -> None:
    def ask(default: str) -> requests.Response:
        query = "ASK { ?article a schema:NewsArticle }"
        return requests.get(f"{served.url}/sparql", {"query": query, "default-graph": default}, timeout=30)

    assert ask("union").json()["boolean"] is True
    assert ask("unnamed").json()["boolean"] is False
    assert ask("union").headers["ETag"] != ask("unnamed").headers["ETag"]
    refused = ask("none")
    assert refused.status_code == 400
    assert "union, unnamed" in refused.text
