"""One case: a request, byte for byte, and what its answer must be."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest

from tests.server.conftest import TOKEN, Server

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv"
TSV = "text/tab-separated-values"
TURTLE = "text/turtle"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
EX = "http://x.example/"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}

Values = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """`path` and `body` are sent as they are. `status` is one or more that are right, `has` and `lacks` are what the
    headers of the answer have in them (anything, where it is empty) and which ones are not there, `text` and `without`
    are what its body has in it and has not."""

    name: str
    path: str
    status: int | tuple[int, ...] = 200
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    has: Mapping[str, str] = field(default_factory=dict)
    lacks: Sequence[str] = ()
    text: Values = ()
    without: Values = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def header(self, name: str) -> str:
        """All values of a header, in one line."""
        return ", ".join(self.headers.get_all(name, []))


def q(query: str, path: str = "/sparql", **parameters: str) -> str:
    """The path that asks a query."""
    others = "".join(f"&{name.replace('_', '-')}={quote(value, safe='')}" for name, value in parameters.items())
    return f"{path}?query={quote(query, safe='')}{others}"


def form(**parameters: str) -> bytes:
    return "&".join(f"{name.replace('_', '-')}={quote(value, safe='')}" for name, value in parameters.items()).encode()


def send(
    server: Server, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> Answer:
    """Send just this, and nothing that a library would add but Host and Content-Length."""
    connection = http.client.HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]), timeout=60)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body is not None and not any(name.lower() == "transfer-encoding" for name in headers or {}):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def check(server: Server, case: Case) -> None:
    """Send the request of a case, and see that the answer is right."""
    answer = send(server, case.method, case.path, case.headers, case.body)
    about = f"{answer.status} {answer.headers}{answer.body[:500]!r}"
    assert answer.status in (case.status if isinstance(case.status, tuple) else (case.status,)), about
    for name, part in case.has.items():
        assert name in answer.headers, about
        assert part.lower() in answer.header(name).lower(), about
    for name in case.lacks:
        assert name not in answer.headers, about
    for part in (case.text,) if isinstance(case.text, str) else case.text:
        assert part.encode() in answer.body, about
    for part in (case.without,) if isinstance(case.without, str) else case.without:
        assert part.encode() not in answer.body, about
    if case.method == "HEAD" or answer.status in (204, 304):
        assert answer.body == b"", about


def table(cases: Sequence[Case]) -> Callable[..., object]:
    """The cases as the parameter of a test."""
    names = [case.name for case in cases]
    assert len(set(names)) == len(names)
    return pytest.mark.parametrize("case", cases, ids=names)
