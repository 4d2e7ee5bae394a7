"""Linking by a Reconciliation service: newsgraph's own, of both versions, on a real port."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from kg.cli import main
from kg.errors import ServiceError, UsageError
from kg.link.aliases import AliasIndex
from kg.link.online.reconciliation import ReconciliationLinker
from kg.link.settings import Linking
from kg.model import Document, Entity, Mention
from tests.server.conftest import Server

DOCUMENT = Document("0" * 16, "", ())


def named(name: str, kind: str) -> Entity:
    return Entity("e1", kind, name, (Mention(0, len(name), kind, "name", name),))


def link(linking: Linking, *entities: Entity) -> list[tuple[str | None, tuple[str, ...]]]:
    return [(one.qid, one.links) for one in ReconciliationLinker(linking).link(DOCUMENT, entities)]


@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/1.0", "/reconcile/"])
def test_entities_are_linked_to_those_of_another_graph(server: Server, tmp_path: Path, path: str) -> None:
    linking = Linking(("reconciliation",), services=(server.url + path,), cache=str(tmp_path))
    found = link(
        linking, named("Grace Lin", "Person"), named("Acme Robotics", "Organization"), named("Nix", "Software")
    )
    # The draft of 1.0 knows of no IRIs but those of pages.
    base = server.url if path.endswith("1.0") else "http://localhost:8000"
    assert found == [
        (None, (f"{base}/entity/grace-lin",)),
        (None, (f"{base}/entity/acme-robotics",)),
        (None, ()),
    ]


@dataclass
class Service:
    """A service of version 0.2 as Wikidata has one; `largest` is the batch that it still takes."""

    manifest: dict[str, Any]
    largest: int = 100
    address: str = ""
    batches: list[int] = field(default_factory=list)


@pytest.fixture
def service() -> Iterator[Service]:
    """Knows under each name an item of that name."""
    service = Service(
        {
            "versions": ["0.1", "0.2"],
            "name": "Items",
            "identifierSpace": "http://www.wikidata.org/entity/",
            "schemaSpace": "http://www.wikidata.org/prop/direct/",
            "view": {"url": "https://www.wikidata.org/wiki/{{id}}"},
        }
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.give(200, service.manifest)

        def do_POST(self) -> None:
            body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            queries = json.loads(body["queries"][0])
            service.batches.append(len(queries))
            if len(queries) > service.largest:
                self.give(413, {})
                return
            kinds = [{"id": "Q5", "name": "human"}]
            self.give(
                200,
                {
                    key: {
                        "result": [
                            {
                                "id": f"Q{len(one['query'])}",
                                "name": one["query"],
                                "score": 100,
                                "match": True,
                                "type": kinds,
                            },
                            {"id": "Q99", "name": f"{one['query']} the other", "score": 60, "match": False, "type": []},
                        ]
                    }
                    for key, one in queries.items()
                },
            )

        def give(self, status: int, answer: object) -> None:
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        service.address = f"http://127.0.0.1:{running.server_port}/en/api"
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield service
        running.shutdown()
        thread.join()


def people(count: int) -> list[Entity]:
    return [named(f"Ada {'x' * number}", "Person") for number in range(1, count + 1)]


def test_items_of_wikidata_become_items_and_batches_are_as_large_as_the_service_takes(
    service: Service, tmp_path: Path
) -> None:
    linking = Linking(("reconciliation",), services=(service.address,), cache=str(tmp_path))
    service.manifest["batchSize"] = 10
    service.largest = 5
    found = link(linking, *people(12))
    assert [qid for qid, _ in found] == [f"Q{4 + number}" for number in range(1, 13)]
    assert service.batches == [10, 5, 5, 2]
    assert link(linking, *people(12)) == found
    assert service.batches == [10, 5, 5, 2]


def test_what_is_no_service_says_so(service: Service, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="KG_LINK_SERVICES"):
        ReconciliationLinker(Linking(("reconciliation",)))
    service.manifest.clear()
    linking = Linking(("reconciliation",), services=(service.address,), cache=str(tmp_path))
    with pytest.raises(ServiceError, match="no manifest"):
        link(linking, *people(1))


def test_a_service_that_gives_no_iris_says_so(service: Service, tmp_path: Path) -> None:
    service.manifest |= {"identifierSpace": "items", "view": {"url": ""}}
    linking = Linking(("reconciliation",), services=(service.address,), cache=str(tmp_path))
    with pytest.raises(ServiceError, match="IRIs"):
        link(linking, *people(1))


def test_an_index_is_made_of_what_an_endpoint_answers(
    server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    index = str(tmp_path / "graph.index")
    (tmp_path / "people.rq").write_text("SELECT ?id ?label ?type { ?id a ng:Person, ?type ; rdfs:label ?label }")
    query = f"@{tmp_path / 'people.rq'}"
    assert main(["index", "build", f"{server.url}/sparql", "--query", query, "-o", index]) == 0
    found = AliasIndex.open(index).candidates("Grace Lin")
    assert [(one.type, one.iri) for one in found] == [("Person", "http://localhost:8000/entity/grace-lin")]
    for query, code, message in (
        ("ASK { ?s ?p ?o }", 2, "ask by SELECT"),
        ("SELECT nonsense", 1, "refuses the question (400"),
        ("", 2, "--query"),
        ("@nothing.rq", 1, "nothing.rq: No such file"),
    ):
        capfd.readouterr()
        assert main(["index", "build", f"{server.url}/sparql", "--query", query, "-o", index]) == code
        assert message in capfd.readouterr().err
