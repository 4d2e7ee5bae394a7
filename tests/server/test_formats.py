"""Which format a client gets."""

from __future__ import annotations

import pytest

from server import formats

RESULTS = tuple(formats.RESULTS.values())
GRAPHS = tuple(formats.GRAPHS.values())


@pytest.mark.parametrize(
    ("accept", "table", "graph"),
    [
        ("", "json", "ttl"),
        ("*/*", "json", "ttl"),
        ("text/*", "csv", "ttl"),
        ("application/*", "json", "jsonld"),
        ("application/json", "json", "jsonld"),
        ("application/xml", "xml", "rdf"),
        ("TEXT/CSV", "csv", None),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "xml", None),
        ("text/csv;q=0.5, */*;q=0.1", "csv", "ttl"),
        ("application/sparql-results+json;q=0, */*;q=0.5", "xml", "ttl"),
        ("text/turtle;q=0, */*", "json", "jsonld"),
        ("application/sparql-results+json; charset=utf-8", "json", None),
        ('application/ld+json; profile="x"', None, "jsonld"),
        ("application/n-triples, text/turtle", None, "ttl"),
        ("image/png", None, None),
        ("*/*;q=0", None, None),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "xml", "rdf"),
    ],
)
def test_the_accept_header_chooses(accept: str, table: str | None, graph: str | None) -> None:
    chosen = formats.best(accept, RESULTS), formats.best(accept, GRAPHS)
    assert tuple(found and found.key for found in chosen) == (table, graph)


@pytest.mark.parametrize(
    ("name", "key"), [("ttl", "ttl"), ("Turtle", "ttl"), ("text/turtle", "ttl"), ("n-quads", "nq"), ("doc", None)]
)
def test_a_format_is_known_by_several_names(name: str, key: str | None) -> None:
    found = formats.named(name, GRAPHS)
    assert (found and found.key) == key


@pytest.mark.parametrize(
    ("header", "accepted"),
    [("", False), ("gzip", True), ("gzip;q=0", False), ("*", True), ("br", False), ("br, gzip;q=0.1", True)],
)
def test_gzip_is_used_where_it_is_accepted(header: str, accepted: bool) -> None:
    assert formats.accepts_gzip(header) == accepted
