"""The two ways on which the tests go: the graph in this process, and a server over HTTP."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlencode

import pyoxigraph as ox
import requests
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

import kg
from kg.errors import QueryError
from kg.rdf.vocabulary import PREFIXES
from kg.store.embedded import EmbeddedStore
from tests.conformance import compare
from tests.conformance.compare import Answer, Table, Triples
from tests.conformance.manifests import Data, iri_of

Format = Literal["json", "csv", "tsv", "xml"]
_ENGINE = {
    "json": ox.QueryResultsFormat.JSON,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}


class RefusedError(AssertionError):
    """The query or the update was not accepted; `is_malformed` where its syntax was the reason."""

    def __init__(self, reason: str, *, is_malformed: bool) -> None:
        super().__init__(reason)
        self.is_malformed = is_malformed


class Way(Protocol):
    """A way to the engine. Raises RefusedError for what is not accepted."""

    def put(self, data: Data) -> None:
        """Let this be all that there is."""
        ...

    def query(self, text: str, base: str, format: Format, data: Data) -> Answer:
        """The answer to a query of `data`, which asks for a table in `format`."""
        ...

    def update(self, text: str, base: str) -> None: ...

    def quads(self) -> tuple[Quad, ...]: ...

    def load(self, file: Path) -> None:
        """Load a file as it stands, in the place of what it gave before. Its IRI names the graph of its triples."""
        ...

    def dump(self, file: Path) -> str:
        """What a file that was loaded gave, in N-Quads; its own graph is the default graph there."""
        ...


def _read(data: bytes, format: Format) -> Answer:
    return compare.read_csv(data) if format == "csv" else compare.read(data, _ENGINE[format])


class InProcess:
    """`kg.Graph`'s store, in memory. Its default graph is the unnamed one, as in the suites."""

    def __init__(self) -> None:
        self._graph = kg.Graph.open()

    @property
    def store(self) -> EmbeddedStore:
        found = self._graph.store
        assert isinstance(found, EmbeddedStore)
        return found

    def put(self, data: Data) -> None:
        self.store.engine.clear()
        self.store.engine.extend(compare.quads_of(data))

    def query(self, text: str, base: str, format: Format, data: Data) -> Answer:
        self.put(data)
        try:
            found = self.store.query(text, base=base, prefixes=PREFIXES, union=False)
            if isinstance(found, ox.QueryTriples):
                return Triples(tuple(Quad(*triple) for triple in found))
            if isinstance(found, ox.QueryBoolean):
                return bool(found)
            if format == "json":
                return compare.table(found)
            return _read(found.serialize(format=_ENGINE[format]) or b"", format)
        except QueryError as error:
            raise RefusedError(str(error), is_malformed=isinstance(error.__cause__, SyntaxError)) from error

    def update(self, text: str, base: str) -> None:
        try:
            self.store.update(text, base=base, prefixes=PREFIXES)
        except QueryError as error:
            raise RefusedError(str(error), is_malformed=isinstance(error.__cause__, SyntaxError)) from error

    def quads(self) -> tuple[Quad, ...]:
        return tuple(self._graph.quads())

    def load(self, file: Path) -> None:
        self.store.engine.clear()
        rdf = ox.RdfFormat.from_extension(file.suffix[1:])
        assert rdf is not None, file
        with file.open("rb") as stream:
            try:
                self.store.load(stream, rdf, iri_of(file), NamedNode(iri_of(file)))
            except (SyntaxError, ValueError) as error:
                raise RefusedError(str(error), is_malformed=True) from error

    def dump(self, file: Path) -> str:
        own = NamedNode(iri_of(file))
        stream = io.BytesIO()
        found = (q.triple if q.graph_name == own else q for q in self.quads())
        quads = (Quad(*q) if isinstance(q, ox.Triple) else q for q in found)
        self.store.dump(quads, stream, ox.RdfFormat.N_QUADS, {})
        return stream.getvalue().decode()


_ALL = "SELECT ?s ?p ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
_TYPES = {"json": "application/sparql-results+json", "csv": "text/csv", "tsv": "text/tab-separated-values",
          "xml": "application/sparql-results+xml"}  # fmt: skip


@dataclass(slots=True)
class OverHttp:
    """A server, whose default graph is the unnamed one.

    As writing takes much longer than asking, all files that the suites' queries are about, the `library`, are put into
    graphs of their own at once, and each query says by the protocol's parameters which of them are its dataset.
    """

    url: str
    token: str
    library: Mapping[str, Path]
    has_library: bool = False
    """Whether the graph holds the library; False, too, when it has been changed since."""
    _session: requests.Session = field(default_factory=requests.Session)

    def put(self, data: Data) -> None:
        self.update(f"DROP ALL ; INSERT DATA {{ {_data(compare.quads_of(data))} }}", "")

    def query(self, text: str, base: str, format: Format, data: Data) -> Answer:
        parameters = []
        if any(path.suffix == ".trig" for path in data.default):
            self.put(data)
        elif data != Data() and not self.has_library:
            self.put(Data((), tuple(self.library.items())))
            self.has_library = True
        if self.has_library and data != Data() and not data.by_query:
            parameters += [("default-graph-uri", iri_of(path)) for path in data.default]
            parameters += [("named-graph-uri", name) for name, _ in data.named]
        answer = self._session.post(
            f"{self.url}/sparql",
            params=parameters,
            data=_with_base(text, base).encode(),
            headers={
                "Content-Type": "application/sparql-query",
                "Accept": f"{_TYPES[format]}, application/n-triples;q=0.9",
            },
            timeout=60,
        )
        _check(answer)
        if answer.headers["Content-Type"].startswith("application/n-triples"):
            return Triples(tuple(ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES)))
        if answer.headers["Content-Type"].startswith(_TYPES[format]):
            return _read(answer.content, format)
        raise AssertionError(f"An answer of the type {answer.headers['Content-Type']}")

    def update(self, text: str, base: str) -> None:
        self.has_library = False
        answer = self._session.post(
            f"{self.url}/update",
            data=_with_base(text, base).encode(),
            headers={"Content-Type": "application/sparql-update", "Authorization": f"Bearer {self.token}"},
            timeout=60,
        )
        _check(answer)

    def quads(self) -> tuple[Quad, ...]:
        found = self.query(_ALL, "", "json", Data())
        assert isinstance(found, Table)
        return tuple(_quad(row) for row in found.rows)

    def load(self, file: Path) -> None:
        self.has_library = False
        rdf = ox.RdfFormat.from_extension(file.suffix[1:])
        assert rdf is not None, file
        headers = {"Content-Type": rdf.media_type, "Authorization": f"Bearer {self.token}"}
        data = file.read_bytes()
        _check(self._session.put(self._graph(file), data=data, headers=headers, timeout=60))

    def dump(self, file: Path) -> str:
        answer = self._session.get(self._graph(file), headers={"Accept": "application/n-triples"}, timeout=60)
        _check(answer)
        return answer.content.decode()

    def _graph(self, file: Path) -> str:
        return f"{self.url}/graphs?{urlencode({'graph': iri_of(file)})}"


def _quad(row: compare.Row) -> Quad:
    subject, predicate, graph = row["s"], row["p"], row.get("g")
    assert isinstance(subject, NamedNode | BlankNode)
    assert isinstance(predicate, NamedNode)
    assert graph is None or isinstance(graph, NamedNode | BlankNode)
    return Quad(subject, predicate, row["o"], graph)


def _check(answer: requests.Response) -> None:
    if not answer.ok:
        raise RefusedError(f"{answer.status_code}: {answer.text.strip()}", is_malformed=answer.status_code == 400)


def _with_base(text: str, base: str) -> str:
    return f"BASE <{base}>\n{text}" if base else text


def _data(quads: Iterable[Quad]) -> str:
    graphs: dict[NamedNode | BlankNode | DefaultGraph, list[ox.Triple]] = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name, []).append(quad.triple)
    parts = []
    for graph, triples in graphs.items():
        lines = (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
        parts.append(lines if isinstance(graph, DefaultGraph) else f"GRAPH {graph} {{ {lines} }}")
    return "\n".join(parts)
