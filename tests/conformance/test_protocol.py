"""The SPARQL 1.1 Protocol: queries and updates as requests, and what must be answered."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from tests.conformance import exchange
from tests.conformance.conftest import Runs
from tests.conformance.manifests import Case, Request
from tests.conformance.ways import OverHttp, Way

RUNS = Runs(("SPARQL 1.1 protocol",), ways=("http",))


def test_the_suite_s_test_passes(case: Case, way: Way) -> None:
    assert isinstance(way, OverHttp)
    way.put(case.data)
    for request in case.requests:
        parameters = urlsplit(request.path).query
        endpoint = "/update" if _is_update(request, parameters) else "/sparql"
        answer = exchange.send(way, request, endpoint + (f"?{parameters}" if parameters else ""))
        exchange.check(answer, request)


def _is_update(request: Request, parameters: str) -> bool:
    """Whether a request is for the update operation, which has an endpoint of its own here."""
    body = request.body or b""
    return (
        request.headers.get("content-type", "").startswith("application/sparql-update")
        or "update" in parse_qs(parameters)
        or body.startswith(b"update=")
        or b"CLEAR" in body
    )
