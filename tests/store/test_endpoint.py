"""What goes wrong between here and a store elsewhere, at a real port."""

from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

import kg.cli
from kg.errors import NewsgraphError, QueryError, StoreError, UsageError
from kg.graph import Graph
from kg.store.endpoint import Address
from tests.store.servers import free_port

JSON = "application/sparql-results+json"
ROW = b'{"s":{"type":"uri","value":"urn:s"}},'
Answer = Callable[[BaseHTTPRequestHandler, str], None]


class Server:
    """A server that answers as it is told; what it was asked, and with which credentials."""

    def __init__(self) -> None:
        self.answer: Answer = truth
        self.asked: list[str] = []
        self.credentials: list[str | None] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.asked.append(text)
                outer.credentials.append(self.headers["Authorization"])
                outer.answer(self, text)

            def do_GET(self) -> None:
                reply(self, 400, b"")

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://ann:s3cret@127.0.0.1:{self.http.server_port}/sparql"


def reply(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Type": "text/plain", "Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def truth(handler: BaseHTTPRequestHandler, text: str) -> None:
    reply(handler, 200, b'{"head":{},"boolean":false}', Content_Type=JSON)


def status(number: int, body: bytes = b"", **headers: str) -> Answer:
    return lambda handler, text: reply(handler, number, body, **headers)


def late(handler: BaseHTTPRequestHandler, text: str) -> None:
    time.sleep(1)
    handler.close_connection = True


def rows(number: int, is_whole: bool) -> Answer:
    """Rows that come one after the other."""

    def answer(handler: BaseHTTPRequestHandler, text: str) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        parts = [b'{"head":{"vars":["s"]},"results":{"bindings":[', *[ROW * 1000] * number, ROW[:-1], b"]}}"]
        for part in parts if is_whole else parts[:-1]:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        if is_whole:
            handler.wfile.write(b"0\r\n\r\n")
        handler.close_connection = True

    return answer


def read(graph: Graph) -> int:
    """How many rows there are."""
    found = graph.query("SELECT ?s { ?s ?p ?o }")
    assert isinstance(found, QuerySolutions)
    return sum(1 for _ in found)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("KG_STATE", str(tmp_path))
    monkeypatch.setenv("KG_STORE_TIMEOUT", "0.3")
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.http.shutdown()
    thread.join()
    server.http.server_close()


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (status(401), StoreError, "refuses access.*KG_STORE_USER"),
        (status(403), StoreError, "refuses access"),
        (status(500, b"Virtuoso 42000 Error SR186:SECURITY: No permission"), StoreError, "refuses access"),
        (status(404), StoreError, "no SPARQL endpoint"),
        (status(302, Location="https://ann:s3cret@elsewhere/x"), StoreError, "https://elsewhere/x: name that address"),
        (status(400, b"syntax error at 'x'\nThe query"), QueryError, "syntax error at 'x'$"),
        (status(408), StoreError, "its own time limit"),
        (status(503), StoreError, "too busy"),
        (status(500, b"out of memory\nat frame 1"), StoreError, "out of memory$"),
        (status(200, b"<html>hello</html>", Content_Type="text/html"), StoreError, "can't be read"),
        (late, StoreError, "within 0.3 s.*KG_STORE_TIMEOUT"),
        (rows(3, False), StoreError, "broke off"),
    ],
)
def test_each_failure_is_told_with_what_to_do_and_without_the_password(
    server: Server, answer: Answer, error: type[NewsgraphError], message: str
) -> None:
    with Graph.open(server.address) as graph:
        server.answer = answer
        with pytest.raises(error, match=message) as caught:
            read(graph)
    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_server_that_is_not_there_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STATE", str(tmp_path))
    with pytest.raises(StoreError, match=r"can't be reached \(connection refused\)") as caught:
        Graph.open(f"http://ann:s3cret@127.0.0.1:{free_port()}/")
    assert "s3cret" not in str(caught.value)


def test_the_first_row_is_there_before_the_last_is_sent(server: Server) -> None:
    more = threading.Event()

    def answer(handler: BaseHTTPRequestHandler, text: str) -> None:
        body = b'{"head":{"vars":["s"]},"results":{"bindings":[' + ROW * 20_000
        end = ROW[:-1] + b"]}}"
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.send_header("Content-Length", str(len(body) + len(end)))
        handler.end_headers()
        handler.wfile.write(body)
        more.wait(10)
        handler.wfile.write(end)

    with Graph.open(server.address) as graph:
        server.answer = answer
        found = graph.query("SELECT ?s { ?s ?p ?o }")
        assert isinstance(found, QuerySolutions)
        assert next(found)["s"] is not None
        more.set()
        assert sum(1 for _ in found) == 20_000


def test_a_connection_that_was_closed_meanwhile_is_opened_again(server: Server) -> None:
    with Graph.open(server.address) as graph:
        asked = len(server.asked)

        def answer(handler: BaseHTTPRequestHandler, text: str) -> None:
            if len(server.asked) == asked + 1:
                handler.connection.shutdown(socket.SHUT_RDWR)
                handler.close_connection = True
            else:
                truth(handler, text)

        server.answer = answer
        assert not graph.query("ASK { ?s ?p ?o }")
        assert len(server.asked) == asked + 2


def test_credentials_come_from_the_address_or_the_environment(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = server.address.replace("ann:s3cret@", "")
    monkeypatch.setenv("KG_STORE_USER", "bob")
    monkeypatch.setenv("KG_STORE_PASSWORD", "pass")
    for address in (server.address, bare):
        Graph.open(address).close()
    monkeypatch.setenv("KG_STORE_TOKEN", "token")
    Graph.open(bare).close()
    for name in ("KG_STORE_USER", "KG_STORE_PASSWORD", "KG_STORE_TOKEN"):
        monkeypatch.delenv(name)
    Graph.open(bare).close()
    basic = [f"Basic {base64.b64encode(text).decode()}" for text in (b"ann:s3cret", b"bob:pass")]
    assert list(dict.fromkeys(server.credentials)) == [*basic, "Bearer token", None]


def test_a_server_whose_default_graph_is_no_union_is_not_taken(server: Server) -> None:
    server.answer = status(200, b'{"head":{},"boolean":true}', Content_Type=JSON)
    with pytest.raises(StoreError, match="not the union of its named graphs"):
        Graph.open(server.address)


def test_updates_may_have_an_address_of_their_own() -> None:
    address = Address.parse("sparql+https://ann:a%40b@[::1]:8443/db/query?x=1#update=update")
    assert (address.kind, address.user, address.password) == ("sparql", "ann", "a@b")
    assert address.query == "https://[::1]:8443/db/query?x=1"
    assert address.update == "https://[::1]:8443/db/update"


@pytest.mark.parametrize("text", ["ftp://host/", "http:///path", "http://host:port/", "http://host/#other=1"])
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        Graph.open(text)


@pytest.mark.parametrize("command", ["backup copy", "restore ."])
def test_commands_that_work_on_folders_refuse_a_url(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert kg.cli.main([*command.split(), "--store", "https://ann:s3cret@host/"]) == 2
    error = capfd.readouterr().err
    assert "works on a folder, not on https://host/" in error


def test_a_kind_of_store_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STATE", str(tmp_path))
    with pytest.raises(UsageError, match=r"no store 'other'; there are .*virtuoso"):
        Graph.open("other+https://host/")
