"""Sends the requests of a protocol test to the server, and checks what it answers."""

from __future__ import annotations

import json

import pyoxigraph as ox
import requests
from pyoxigraph import RdfFormat

from tests.conformance import compare
from tests.conformance.manifests import Request
from tests.conformance.ways import OverHttp

_RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}


def send(way: OverHttp, request: Request, path: str) -> requests.Response:
    """Send a request to `path` of the server, with the token for writing."""
    way.has_library = False
    headers = {"Authorization": f"Bearer {way.token}", **request.headers}
    prepared = requests.Request(request.method, way.url, headers=headers, data=request.body).prepare()
    # As it stands: the escapes in the path are what some tests are about.
    prepared.url = way.url + path
    with requests.Session() as session:
        return session.send(prepared, timeout=60)


def check(answer: requests.Response, request: Request) -> None:
    """Fail unless the answer is as the test expects."""
    said = f"{answer.status_code} to {request.method} {request.path}: {answer.text[:300]}"
    if request.statuses:
        assert str(answer.status_code).startswith(request.statuses), said
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    if request.boolean is not None:
        assert _is_true(answer, media_type) is request.boolean, said
    if request.format == "tabular":
        assert media_type in _RESULTS or media_type == "text/csv", said
    if request.format == "RDF":
        assert _triples(answer.text, media_type, "http://localhost/") is not None, said
    if request.media_type is not None:
        assert media_type == request.media_type.partition(";")[0], said
    if request.content is not None:
        assert compare.isomorphic(
            _triples(answer.text, media_type, "http://localhost/"),
            _triples(request.content, media_type, "http://localhost/"),
        ), said


def _is_true(answer: requests.Response, media_type: str) -> bool:
    if media_type == "application/sparql-results+json":
        return bool(json.loads(answer.text)["boolean"])
    found = ox.parse_query_results(answer.content, _RESULTS[media_type])
    assert isinstance(found, ox.QueryBoolean)
    return bool(found)


def _triples(text: str, media_type: str, base: str) -> list[ox.Quad]:
    rdf = RdfFormat.from_media_type(media_type)
    assert rdf is not None, media_type
    return list(ox.parse(text, format=rdf, base_iri=base))
