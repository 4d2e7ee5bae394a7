"""Nodes and edges, for those who go on elsewhere: CSV, Parquet and GraphML."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import IO, Self
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import Literal, NamedNode

import ontology
from kg.errors import UsageError
from kg.export.base import Source
from kg.export.formats import NOT_IN_XML
from kg.rdf import vocabulary as v
from kg.rdf.article import DEFAULT
from kg.store.base import Object

_MANY = "|"
"""Stands between several values in one cell."""
_BATCH = 10_000
Row = tuple[str | float | int, ...]
NODES = ("id", "label", "type", "aliases", "same_as", "articles")


def edge_columns() -> tuple[str, ...]:
    """The columns of edges: those of every statement, the qualifiers of the ontology, and what supports it."""
    return "id", "source", "relation", "target", "value", *ontology.load().qualifiers, "confidence", "sources"


def nodes(source: Source) -> Iterator[Row]:
    """A row for each entity: its IRI, its name, the keys of its types, and how many articles mention it."""
    kinds = {found.iri: found.key for found in ontology.load().types.values()}
    entities = {quad.subject for quad in source.match(None, v.LABEL, None, DEFAULT)}
    for entity in sorted((each for each in entities if isinstance(each, NamedNode)), key=lambda each: each.value):
        if not entity.value.startswith(source.base + "entity/"):
            continue
        found: dict[NamedNode, list[str]] = {}
        for quad in source.match(entity, None, None, DEFAULT):
            found.setdefault(quad.predicate, []).append(_text(quad.object))

        def all_of(predicate: NamedNode, found: dict[NamedNode, list[str]] = found) -> str:
            return _MANY.join(sorted(found.get(predicate, ())))

        types = _MANY.join(sorted(kinds[kind] for kind in found.get(v.TYPE, ()) if kind in kinds))
        articles = sum(1 for _ in source.match(None, v.MENTIONS, entity))
        yield entity.value, all_of(v.LABEL), types, all_of(v.ALTERNATIVE), all_of(v.SAME_AS), articles


def edges(source: Source, least: float = 0.0) -> Iterator[Row]:
    """A row for each statement that is as sure as `least`: the IRIs of both ends, or the text of a literal.

    `confidence` is that of its best reference, and `sources` are the addresses of the articles that say so, or else
    their IRIs.
    """
    known = ontology.load()
    relations = {found.iri: found.key for found in known.relations.values()}
    qualifiers = [NamedNode(found.iri) for found in known.qualifiers.values()]
    statements = {_text(quad.subject) for quad in source.match(None, v.TYPE, v.STATEMENT, DEFAULT)}
    for iri in sorted(found for found in statements if found.startswith(source.base)):
        parts: dict[NamedNode, Object] = {}
        confidence = 0.0
        sources = set()
        for quad in source.match(NamedNode(iri), None, None):
            if quad.graph_name == DEFAULT:
                parts[quad.predicate] = quad.object
            elif quad.predicate == v.DERIVED_FROM and isinstance(article := quad.graph_name, NamedNode):
                if not isinstance(quad.object, NamedNode):
                    continue
                sure = next((float(_text(each.object)) for each in source.match(quad.object, v.CONFIDENCE, None)), 0.0)
                confidence = max(confidence, sure)
                urls = [_text(each.object) for each in source.match(article, v.URL, None, article)]
                sources.add(urls[0] if urls else article.value)
        relation = relations.get(_text(parts.get(v.PREDICATE)))
        if relation is None or confidence < least:
            continue
        value = parts.get(v.OBJECT)
        target, text = (_text(value), "") if isinstance(value, NamedNode) else ("", _text(value))
        yield (
            iri, _text(parts.get(v.SUBJECT)), relation, target, text, *(_text(parts.get(each)) for each in qualifiers),
            confidence, _MANY.join(sorted(sources)),
        )  # fmt: skip


def _text(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""


def _write_csv(header: Sequence[str], rows: Iterable[Row], file: IO[bytes]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    csv.writer(text).writerows([header])
    csv.writer(text).writerows(rows)
    text.detach()


def _write_parquet(header: Sequence[str], rows: Iterable[Row], file: IO[bytes]) -> None:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise UsageError("Parquet needs pyarrow: pip install 'newsgraph[parquet]'") from error
    kinds = {"confidence": pa.float64(), "articles": pa.int64()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in header])
    remaining = iter(rows)
    with parquet.ParquetWriter(file, schema) as writer:
        while batch := list(islice(remaining, _BATCH)):
            # What has no value is null, so that numbers and dates can be counted.
            columns = [[None if cell == "" else cell for cell in column] for column in zip(*batch, strict=True)]
            writer.write_table(pa.table(columns, schema=schema))


_Write = Callable[[Sequence[str], Iterable[Row], IO[bytes]], None]


@dataclass(frozen=True, slots=True)
class _Nodes:
    name: str
    suffixes: tuple[str, ...]
    put: _Write

    def write(self, source: Source, file: IO[bytes]) -> None:
        self.put(NODES, nodes(source), file)


@dataclass(frozen=True, slots=True)
class _Edges:
    name: str
    suffixes: tuple[str, ...]
    put: _Write
    least: float = 0.0
    note = ""

    def above(self, confidence: float) -> Self:
        return replace(self, least=confidence)

    def write(self, source: Source, file: IO[bytes]) -> None:
        self.put(edge_columns(), edges(source, self.least), file)


def csv_nodes() -> _Nodes:
    """Entities, as CSV."""
    return _Nodes("csv-nodes", (".nodes.csv",), _write_csv)


def csv_edges() -> _Edges:
    """Statements, as CSV."""
    return _Edges("csv-edges", (".edges.csv",), _write_csv)


def parquet_nodes() -> _Nodes:
    """Entities, as Parquet."""
    return _Nodes("parquet-nodes", (".nodes.parquet",), _write_parquet)


def parquet_edges() -> _Edges:
    """Statements, as Parquet."""
    return _Edges("parquet-edges", (".edges.parquet",), _write_parquet)


_GRAPHML = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""


@dataclass(frozen=True, slots=True)
class GraphMl:
    """Entities and what holds between them, for Gephi, yEd, Cytoscape and networkx (http://graphml.graphdrawing.org/).

    A literal is an attribute of its entity, named by the relation.
    """

    least: float = 0.0
    name = "graphml"
    suffixes = (".graphml",)
    note = ""

    def above(self, confidence: float) -> Self:
        return replace(self, least=confidence)

    def write(self, source: Source, file: IO[bytes]) -> None:
        known = ontology.load()
        literals = [key for key, found in known.relations.items() if found.literal_type]
        columns = edge_columns()
        said: dict[str, dict[str, list[str]]] = {}
        links: list[Row] = []
        for row in edges(source, self.least):
            _, start, relation, target, text, *_ = row
            if target:
                links.append(row)
            else:
                said.setdefault(str(start), {}).setdefault(str(relation), []).append(str(text))
        keys = [("node", name, "int" if name == "articles" else "string") for name in (*NODES[1:], *literals)]
        shown = [name for name in columns if name not in ("id", "source", "target", "value")]
        keys += [("edge", name, "double" if name == "confidence" else "string") for name in shown]
        file.write(_GRAPHML.encode())
        for place, name, kind in keys:
            file.write(f'<key id="{place}_{name}" for="{place}" attr.name="{name}" attr.type="{kind}"/>\n'.encode())
        file.write(b'<graph edgedefault="directed">\n')
        present = set()
        for entity, *values in nodes(source):
            present.add(entity)
            pairs = [*zip(NODES[1:], values, strict=True)]
            pairs += [(name, _MANY.join(texts)) for name, texts in sorted(said.get(str(entity), {}).items())]
            file.write(f"<node id={quoteattr(str(entity))}>{_data('node', pairs)}</node>\n".encode())
        for row in links:
            cells = dict(zip(columns, row, strict=True))
            if cells["source"] in present and cells["target"] in present:
                ends = " ".join(f"{name}={quoteattr(str(cells[name]))}" for name in ("id", "source", "target"))
                file.write(f"<edge {ends}>{_data('edge', [(name, cells[name]) for name in shown])}</edge>\n".encode())
        file.write(b"</graph>\n</graphml>\n")


def _data(place: str, pairs: Iterable[tuple[str, str | float | int]]) -> str:
    return "".join(f'<data key="{place}_{name}">{_plain(value)}</data>' for name, value in pairs if value != "")


def _plain(value: str | float) -> str:
    return escape(NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", str(value)))
