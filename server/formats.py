"""The formats of answers and uploads, and which one a client gets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from werkzeug.datastructures import MIMEAccept


@dataclass(frozen=True, slots=True)
class Format:
    """`key` is its name in `?format=` and as a suffix; `media_type` what is sent; `names` what may be asked for."""

    key: str
    label: str
    media_type: str
    names: tuple[str, ...]
    engine: ox.QueryResultsFormat | ox.RdfFormat | None

    @property
    def content_type(self) -> str:
        text = self.media_type.startswith("text/")
        return self.media_type + "; charset=utf-8" if text else self.media_type


def _format(
    key: str, label: str, engine: ox.QueryResultsFormat | ox.RdfFormat | None, media_type: str, *others: str
) -> Format:
    return Format(key, label, media_type, (media_type, *others), engine)


_RESULTS = ox.QueryResultsFormat
_RDF = ox.RdfFormat

RESULTS = {
    found.key: found
    for found in (
        _format("json", "JSON", _RESULTS.JSON, "application/sparql-results+json", "application/json"),
        _format("xml", "XML", _RESULTS.XML, "application/sparql-results+xml", "application/xml", "text/xml"),
        _format("csv", "CSV", _RESULTS.CSV, "text/csv"),
        _format("tsv", "TSV", _RESULTS.TSV, "text/tab-separated-values"),
    )
}
"""Formats of tables and booleans, in the server's order of preference."""

GRAPHS = {
    found.key: found
    for found in (
        _format("ttl", "Turtle", _RDF.TURTLE, "text/turtle", "application/x-turtle", "text/n3"),
        _format("jsonld", "JSON-LD", _RDF.JSON_LD, "application/ld+json", "application/json"),
        _format("nt", "N-Triples", _RDF.N_TRIPLES, "application/n-triples", "text/plain"),
        _format("rdf", "RDF/XML", _RDF.RDF_XML, "application/rdf+xml", "application/xml", "text/xml"),
        _format("trig", "TriG", _RDF.TRIG, "application/trig"),
        _format("nq", "N-Quads", _RDF.N_QUADS, "application/n-quads"),
    )
}
"""Formats of triples, in the server's order of preference."""

HTML = Format("html", "HTML", "text/html", ("text/html", "application/xhtml+xml"), None)

_OTHER_NAMES = {"turtle": "ttl", "json-ld": "jsonld", "ntriples": "nt", "n-triples": "nt", "rdfxml": "rdf",
                "rdf/xml": "rdf", "nquads": "nq", "n-quads": "nq"}  # fmt: skip


@lru_cache(maxsize=1024)
def best(accept: str, offered: tuple[Format, ...]) -> Format | None:
    """The format among `offered` (in order of preference) that an Accept header asks for; None if it refuses all.

    Parameters of a media type other than `q` do not count. RFC 9110, section 12.5.1.
    """
    # Not above: the processes that run queries need none of it, and start sooner without.
    from werkzeug.datastructures import MIMEAccept
    from werkzeug.http import parse_accept_header

    ranges = MIMEAccept(
        (name.partition(";")[0].strip(), quality) for name, quality in parse_accept_header(accept, MIMEAccept)
    )
    if not ranges:
        return offered[0]
    scored = ((_quality(found, ranges), -place, found) for place, found in enumerate(offered))
    quality, _, found = max(scored, key=lambda one: one[:2])
    return found if quality > 0 else None


def _quality(found: Format, ranges: MIMEAccept) -> float:
    # A range such as text/* is about the type that is sent; the other names count when they are named.
    others = [quality for name, quality in ranges if name.lower() in found.names[1:]]
    return max([ranges.quality(found.media_type), *others])


@lru_cache(maxsize=1024)
def accepts_gzip(accept_encoding: str) -> bool:
    """Whether an Accept-Encoding header allows gzip, and asks for what is not compressed no more than for that."""
    from werkzeug.http import parse_accept_header

    accepted = parse_accept_header(accept_encoding)
    plain = max((quality for name, quality in accepted if name == "identity"), default=0)
    return accepted.quality("gzip") > 0 and accepted.quality("gzip") >= plain


def named(name: str, offered: Iterable[Format]) -> Format | None:
    """The format among `offered` with this key, other name, or media type."""
    key = _OTHER_NAMES.get(name.lower(), name.lower())
    for found in offered:
        if key == found.key or key in found.names:
            return found
    return None


def listing(offered: Sequence[Format]) -> str:
    """The media types on offer, for a message."""
    return ", ".join(found.media_type for found in offered)
