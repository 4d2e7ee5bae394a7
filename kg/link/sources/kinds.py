"""Which reader a file takes: by its ending, by what it begins with, or as it is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from pyoxigraph import QueryResultsFormat, RdfFormat

from kg.errors import UsageError
from kg.link.sources import rdf, results, table, wikibase
from kg.link.sources.reading import Reader
from kg.link.sources.streams import COMPRESSIONS, Stream

WIKIBASE, TABLE = "wikibase", "table"
READERS: Mapping[str, Reader] = {
    WIKIBASE: wikibase.read,
    TABLE: table.read,
    "ntriples": rdf.read_lines,
    "turtle": partial(rdf.read, format=RdfFormat.TURTLE),
    "rdfxml": partial(rdf.read, format=RdfFormat.RDF_XML),
    "jsonld": partial(rdf.read, format=RdfFormat.JSON_LD),
    "trig": partial(rdf.read, format=RdfFormat.TRIG),
    "nquads": partial(rdf.read, format=RdfFormat.N_QUADS),
    "n3": partial(rdf.read, format=RdfFormat.N3),
    "results-json": partial(results.read, format=QueryResultsFormat.JSON),
    "results-xml": partial(results.read, format=QueryResultsFormat.XML),
    "results-tsv": partial(results.read, format=QueryResultsFormat.TSV),
}
"""By the name that the option --format has for it."""
_ENDINGS = {
    ".csv": TABLE, ".tsv": TABLE, ".tab": TABLE, ".txt": TABLE,
    ".nt": "ntriples", ".ttl": "turtle", ".turtle": "turtle", ".trig": "trig", ".nq": "nquads", ".n3": "n3",
    ".rdf": "rdfxml", ".owl": "rdfxml", ".xml": "rdfxml", ".jsonld": "jsonld",
    ".json": WIKIBASE, ".jsonl": WIKIBASE, ".ndjson": WIKIBASE,
    ".srj": "results-json", ".srx": "results-xml",
}  # fmt: skip
_BEGINNINGS = {
    WIKIBASE: (
        ("results-json", re.compile(rb'\s*\{\s*"(?:head|results)"')),
        ("jsonld", re.compile(rb'.*"@(?:context|graph|id)"', re.DOTALL)),
    ),
    "rdfxml": (("results-xml", re.compile(rb".*<sparql[\s>]", re.DOTALL)),),
    TABLE: (("results-tsv", re.compile(rb"\?\w+[\t\r\n]")),),
}  # fmt: skip
"""What else a file of an ending may be, where it begins so."""
_SEEN = 4096


def kind_of(path: Path) -> str:
    """The name of the reader for a file. Raises UsageError where none fits, ReadError where it can't be opened."""
    name = path.name.lower()
    for compression in COMPRESSIONS:
        name = name.removesuffix(compression)
    found = next((kind for ending, kind in _ENDINGS.items() if name.endswith(ending)), None)
    if found is None:
        raise UsageError(
            f"{path} has none of the endings {', '.join(_ENDINGS)} (with .gz, .bz2 or .xz behind it where it is "
            f"compressed): say by --format what it is, one of {', '.join(READERS)}"
        )
    if found in _BEGINNINGS:
        with Stream(path) as stream:
            beginning = next(stream.blocks(), b"")[:_SEEN]
        found = next((other for other, pattern in _BEGINNINGS[found] if pattern.match(beginning)), found)
    return found
