"""The RDF formats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BufferedReader, BufferedWriter, RawIOBase
from itertools import islice
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, Literal, Quad, RdfFormat, Triple

from kg.export.base import Source
from kg.export.sorting import sorted_lines
from kg.rdf import vocabulary as v
from kg.store.readings import readings_graph

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_FIRST = {
    v.TYPE: "0",
    v.LABEL: "1",
    v.ALTERNATIVE: "2",
    v.SAME_AS: "3",
    v.SUBJECT: "4",
    v.PREDICATE: "5",
    v.OBJECT: "6",
}
_PARTS = ("entity", "statement", "reference", "article", "extractor")
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML has no way to write."""


class NQuads:
    name = "nquads"
    suffixes = (".nq",)

    def write(self, source: Source, file: IO[bytes]) -> None:
        for line in sorted_lines(source.quads(), lambda quad: ""):
            file.write(line.encode())


class NTriples:
    name = "ntriples"
    suffixes = (".nt",)

    def write(self, source: Source, file: IO[bytes]) -> None:
        for line in sorted_lines(merged(source), lambda quad: ""):
            file.write(line.encode())


class Turtle:
    """All graphs as one: entities, then statements, then articles."""

    name = "turtle"
    suffixes = (".ttl",)

    def write(self, source: Source, file: IO[bytes]) -> None:
        quads = for_people(source, merged(source))
        _write_turtle(source, quads, file, RdfFormat.TURTLE)


class TriG:
    name = "trig"
    suffixes = (".trig",)

    def write(self, source: Source, file: IO[bytes]) -> None:
        quads = for_people(source, source.quads())
        _write_turtle(source, quads, file, RdfFormat.TRIG)


class RdfXml:
    name = "rdfxml"
    suffixes = (".rdf", ".xml", ".owl")

    def write(self, source: Source, file: IO[bytes]) -> None:
        quads = for_people(source, map(_for_xml, merged(source)))
        ox.serialize(_triples(quads), file, format=RdfFormat.RDF_XML, prefixes=dict(source.prefixes))


def prefixes(source: Source) -> dict[str, str]:
    """The graph's prefixes, and one for each kind of thing in it whose IRIs are names."""
    return {**source.prefixes, **{part: f"{source.base}{part}/" for part in _PARTS if part != "article"}}


def _write_turtle(source: Source, quads: Iterable[Quad], file: IO[bytes], rdf_format: RdfFormat) -> None:
    known = prefixes(source)
    for prefix, namespace in known.items():
        file.write(f"@prefix {prefix}: <{namespace}> .\n".encode())
    with BufferedWriter(_Spaced(file)) as spaced:
        found = _triples(quads) if rdf_format == RdfFormat.TURTLE else quads
        ox.serialize(found, spaced, format=rdf_format, prefixes=known)


def merged(source: Source) -> Iterator[Quad]:
    """All graphs as one, but what is kept of readings, and profiles: who puts a graph together from files of quads has
    them there."""
    kept = readings_graph(source.base)
    return (Quad(*quad.triple) for quad in source.quads() if quad.graph_name != kept and quad.predicate != v.PROFILE)


def _triples(quads: Iterable[Quad]) -> Iterator[Triple]:
    return (quad.triple for quad in quads)


def for_people(source: Source, quads: Iterable[Quad]) -> Iterable[Quad]:
    """By graph, kind of thing and subject, each with its class and its names first."""
    start = len(source.base) + 1
    ranks = {part: str(rank) for rank, part in enumerate(_PARTS)}

    def key(quad: Quad) -> str:
        subject = str(quad.subject).removesuffix(">")
        rank = ranks.get(subject[start:].partition("/")[0], "9")
        graph = "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)
        return f"{graph} {rank}{subject} {_FIRST.get(quad.predicate, '9')}"

    return ox.parse(BufferedReader(_Lines(sorted_lines(quads, key))), format=RdfFormat.N_QUADS)


def _for_xml(quad: Quad) -> Quad:
    """XML has no way to write most control characters."""
    value = quad.object
    if not isinstance(value, Literal) or not NOT_IN_XML.search(value.value):
        return quad
    text = NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", value.value)
    if value.language is not None:
        return Quad(quad.subject, quad.predicate, Literal(text, language=value.language), quad.graph_name)
    return Quad(quad.subject, quad.predicate, Literal(text, datatype=value.datatype), quad.graph_name)


class _Lines(RawIOBase):
    """Lines of text as a binary file, for a parser that reads one."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if not self._rest:
            self._rest = "".join(islice(self._lines, 1000)).encode()
        view = memoryview(buffer)
        part = self._rest[: len(view)]
        self._rest = self._rest[len(view) :]
        view[: len(part)] = part
        return len(part)


class _Spaced(RawIOBase):
    """Passes Turtle on with four blanks for a tab, an empty line before each subject or graph, and no prefixes.

    The serializer writes line ends and tabs only between the parts of a block: in literals both are escapes.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._rest = b""

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer) -> int:
        lines = (self._rest + bytes(data)).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            if line.startswith(b"@prefix "):
                continue
            if not line.startswith((b"\t", b"}")):
                self._file.write(b"\n")
            self._file.write(line.replace(b"\t", b"    ") + b"\n")
        return memoryview(data).nbytes
