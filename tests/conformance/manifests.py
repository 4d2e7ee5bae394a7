"""The tests of the W3C's suites, found through their manifests.

https://w3c.github.io/rdf-tests/ and https://w3c.github.io/rdf-canon/ describe the vocabulary.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode

ROOTS = {
    "https://w3c.github.io/rdf-tests/": "",
    "https://w3c.github.io/rdf-canon/tests/": "rdf-canon/",
}
"""The IRIs below which the suites are, and their folders in `w3c/`."""

SUITES = {
    "SPARQL 1.0": "sparql/sparql10/manifest.ttl",
    "SPARQL 1.1 query": "sparql/sparql11/manifest-sparql11-query.ttl",
    "SPARQL 1.1 update": "sparql/sparql11/manifest-sparql11-update.ttl",
    "SPARQL 1.1 results": "sparql/sparql11/manifest-sparql11-results.ttl",
    "SPARQL 1.1 federation": "sparql/sparql11/manifest-sparql11-fed.ttl",
    "SPARQL 1.1 entailment": "sparql/sparql11/entailment/manifest.ttl",
    "SPARQL 1.1 protocol": "sparql/sparql11/protocol/manifest.ttl",
    "SPARQL 1.1 graph store protocol": "sparql/sparql11/graph-store-protocol/manifest.ttl",
    "SPARQL 1.1 service description": "sparql/sparql11/service-description/manifest.ttl",
    "SPARQL 1.2": "sparql/sparql12/manifest.ttl",
    "RDF 1.1": "rdf/rdf11/manifest.ttl",
    "RDF 1.2": "rdf/rdf12/manifest.ttl",
    "RDFC-1.0": "rdf-canon/manifest.ttl",
}

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
CNT = "http://www.w3.org/2011/content#"
HT = "http://www.w3.org/2011/http#"
RDFC = "https://w3c.github.io/rdf-canon/tests/vocab#"

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class Data:
    """The files of a dataset: of its default graph, and of its named graphs, each with its name.

    `by_query` where it is for the query to say, by FROM, which of them it asks.
    """

    default: tuple[Path, ...] = ()
    named: tuple[tuple[str, Path], ...] = ()
    by_query: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A request of a protocol test, and the answer that is expected of it.

    `statuses` are codes, or the first digit of a class of them; `location` is the variable that stands for the
    answer's Location in the requests that follow.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None
    statuses: tuple[str, ...]
    boolean: bool | None
    format: str | None
    location: str | None
    media_type: str | None
    content: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """A test. `kind` is the local name of its type; `action` the query, update or document; `result` a file or None."""

    iri: str
    kind: str
    suite: str
    name: str
    action: Path | None
    data: Data
    result: Path | None
    after: Data
    requests: tuple[Request, ...]
    is_lax: bool
    algorithm: str | None

    @property
    def base(self) -> str:
        """The IRI of the file of the action."""
        assert self.action is not None
        return iri_of(self.action)


_STATUS = {"OK": "200", "Created": "201", "NoContent": "204", "NotFound": "404"}
_folder = Path()


def iri_of(path: Path) -> str:
    """The IRI of a file of the suites."""
    local = path.relative_to(_folder).as_posix()
    root, folder = next((root, folder) for root, folder in reversed(ROOTS.items()) if local.startswith(folder))
    return root + local.removeprefix(folder)


def _path(term: Term | None) -> Path | None:
    if not isinstance(term, NamedNode):
        return None
    for root, folder in reversed(ROOTS.items()):
        if term.value.startswith(root):
            return _folder / (folder + term.value.removeprefix(root).partition("#")[0])
    return None


class _Manifest:
    """The triples of a manifest."""

    def __init__(self, path: Path) -> None:
        self._objects: dict[tuple[Term, str], list[Term]] = defaultdict(list)
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=iri_of(path)):
            self._objects[quad.subject, quad.predicate.value].append(quad.object)

    def all(self, subject: Term | None, predicate: str) -> list[Term]:
        return [] if subject is None else self._objects.get((subject, predicate), [])

    def one(self, subject: Term | None, predicate: str) -> Term | None:
        return next(iter(self.all(subject, predicate)), None)

    def text(self, subject: Term | None, predicate: str) -> str | None:
        found = self.one(subject, predicate)
        return found.value if isinstance(found, Literal | NamedNode) else None

    def items(self, subject: Term | None, predicate: str) -> Iterator[Term]:
        at = self.one(subject, predicate)
        while (first := self.one(at, RDF + "first")) is not None:
            yield first
            at = self.one(at, RDF + "rest")

    def collections(self, predicate: str) -> Iterator[Term]:
        for subject, found in list(self._objects):
            if found == predicate:
                yield from self.items(subject, predicate)

    def data(self, node: Term | None) -> Data:
        default = tuple(
            path for term in self.all(node, QT + "data") + self.all(node, UT + "data") if (path := _path(term))
        )
        named = []
        for term in self.all(node, QT + "graphData") + self.all(node, UT + "graphData"):
            graph = term if isinstance(term, NamedNode) else self.one(term, UT + "graph")
            path = _path(graph)
            assert path is not None
            named.append((self.text(term, RDFS + "label") or iri_of(path), path))
        return Data(default, tuple(named))

    def requests(self, node: Term | None) -> Iterator[Request]:
        for request in self.items(node, HT + "requests"):
            response = self.one(request, HT + "resp")
            body = self.one(request, HT + "body")
            text = self.text(body, CNT + "chars")
            encoding = self.text(body, CNT + "characterEncoding") or "UTF-8"
            boolean = self.text(response, MF + "expectedBoolean")
            yield Request(
                method=self.text(request, HT + "methodName") or "",
                path=self.text(request, HT + "absolutePath") or "",
                headers=self.headers(request),
                body=None if text is None else text.encode(encoding),
                statuses=tuple(map(_status, self.all(response, MF + "expectedStatus"))),
                boolean=None if boolean is None else boolean == "true",
                format=self.text(response, MF + "expectedFormat"),
                location=self.text(response, MF + "expectedLocation"),
                media_type=self.headers(response).get("content-type"),
                content=self.text(self.one(response, HT + "body"), CNT + "chars"),
            )

    def headers(self, node: Term | None) -> dict[str, str]:
        return {
            (self.text(header, HT + "fieldName") or "").lower(): self.text(header, HT + "fieldValue") or ""
            for header in self.items(node, HT + "headers")
        }

    def case(self, node: Term, suite: str) -> Case:
        assert isinstance(node, NamedNode)
        action = self.one(node, MF + "action")
        result = self.one(node, MF + "result")
        query = _path(self.one(action, QT + "query")) or _path(self.one(action, UT + "request")) or _path(action)
        data = self.data(action)
        if self.all(node, UT + "graphData"):
            data = self.data(node)
        if query is not None and query.suffix == ".rq":
            data = _with_from(data, query)
        return Case(
            iri=node.value,
            kind=re.split("[#/]", self.text(node, RDF + "type") or "")[-1],
            suite=suite,
            name=self.text(node, MF + "name") or "",
            action=query,
            data=data,
            result=_path(result),
            after=self.data(result),
            requests=tuple(self.requests(action)),
            is_lax=self.text(node, MF + "resultCardinality") == MF + "LaxCardinality",
            algorithm=self.text(node, RDFC + "hashAlgorithm"),
        )


def _status(term: Term) -> str:
    assert isinstance(term, NamedNode)
    name = term.value.partition("#")[2]
    return _STATUS.get(name) or name.removeprefix("StatusCode").rstrip("x")


def _with_from(data: Data, query: Path) -> Data:
    """The dataset with the files that the query names by FROM, which a processor has under their own names."""
    names = re.findall(r"^\s*FROM\s+(?:NAMED\s+)?<([\w.-]+)>", query.read_text("utf-8"), re.MULTILINE | re.IGNORECASE)
    paths = [path for name in dict.fromkeys(names) if (path := query.parent / name).exists()]
    return (
        Data(data.default, (*data.named, *((iri_of(path), path) for path in paths)), by_query=True) if paths else data
    )


@cache
def cases(folder: Path, suite: str) -> tuple[Case, ...]:
    """The tests of a suite in the folder `w3c`, in the order of its manifests."""
    global _folder
    _folder = folder
    found: dict[str, Case] = {}
    _collect(folder / SUITES[suite], suite, found)
    return tuple(found.values())


def _collect(path: Path, suite: str, found: dict[str, Case]) -> None:
    manifest = _Manifest(path)
    for included in manifest.collections(MF + "include"):
        below = _path(included)
        assert below is not None
        # The manifests of RDF 1.2 include those of RDF 1.1, which is a suite of its own.
        if below.is_relative_to(_folder / SUITES[suite].rpartition("/")[0]):
            _collect(below, suite, found)
    for entry in manifest.collections(MF + "entries"):
        case = manifest.case(entry, suite)
        assert case.iri not in found, f"{case.iri} is in two manifests"
        found[case.iri] = case
