"""Whether two datasets, or two answers to a query, are the same but for the names of their blank nodes.

`how` they are equal is "exactly", "by value", or None: the engine keeps numbers and dates by value, so that 1.10 comes
back as 1.1. Equal by value are those that are the same once both have been through the engine.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal as OneOf

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat

from tests.conformance.manifests import RDF, Data, iri_of

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
Term = NamedNode | BlankNode | Literal | ox.Triple
Row = Mapping[str, Term]
How = OneOf["exactly", "by value"]

_RESULTS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}


@dataclass(frozen=True, slots=True)
class Table:
    """Solutions. `order` is the place of each row where the order counts."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    order: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Csv:
    """The cells of a CSV file, which does not tell what kind of term each is."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def table(self) -> Table:
        """The cells as strings, but for the blank nodes."""
        rows = [{name: _cell(text) for name, text in zip(self.head, row, strict=True)} for row in self.rows]
        return Table(self.head, tuple(rows))


@dataclass(frozen=True, slots=True)
class Triples:
    """A graph or a dataset."""

    quads: tuple[Quad, ...]


Answer = bool | Table | Csv | Triples


def parse(path: Path, graph: str | None = None) -> list[Quad]:
    """The quads of a file, whose triples are in the default graph or in `graph`."""
    rdf = RdfFormat.from_extension(path.suffix[1:])
    assert rdf is not None, path
    found = ox.parse(path=path, format=rdf, base_iri=iri_of(path), rename_blank_nodes=True)
    if graph is None:
        return list(found)
    name = NamedNode(graph)
    return [Quad(quad.subject, quad.predicate, quad.object, name) for quad in found]


def quads_of(data: Data) -> list[Quad]:
    """The quads of a dataset."""
    found = [quad for path in data.default for quad in parse(path)]
    return found + [quad for name, path in data.named for quad in parse(path, name)]


def expected(path: Path) -> Answer:
    """The answer that a file of a suite holds."""
    if path.suffix == ".csv":
        return read_csv(path.read_bytes())
    if path.suffix in _RESULTS:
        return read(path.read_bytes(), _RESULTS[path.suffix])
    quads = parse(path)
    found = _result_set(quads)
    return Triples(tuple(quads)) if found is None else found


def read(data: bytes, format: ox.QueryResultsFormat) -> Answer:
    """An answer in one of the formats of results."""
    found = ox.parse_query_results(data, format)
    return bool(found) if isinstance(found, ox.QueryBoolean) else table(found)


def _cell(text: str) -> Term:
    return BlankNode(text[2:]) if text.startswith("_:") else Literal(text)


def read_csv(data: bytes) -> Csv:
    head, *rows = csv.reader(data.decode().splitlines())
    return Csv(tuple(head), tuple(map(tuple, rows)))


def table(found: ox.QuerySolutions) -> Table:
    names = tuple(variable.value for variable in found.variables)
    rows = [{name: value for name in names if (value := row[name]) is not None} for row in found]
    return Table(names, tuple(rows))


def _result_set(quads: Sequence[Quad]) -> Table | bool | None:
    """A table or a truth value that is written as a graph, in the words of the DAWG."""

    def objects(subject: object, local: str) -> Iterator[Term]:
        return (quad.object for quad in quads if quad.subject == subject and quad.predicate.value == RS + local)

    kind = NamedNode(RS + "ResultSet")
    root = next((q.subject for q in quads if q.object == kind and q.predicate.value == RDF + "type"), None)
    if root is None:
        return None
    for value in objects(root, "boolean"):
        return isinstance(value, Literal) and value.value == "true"
    rows: list[Row] = []
    order: list[int] = []
    for solution in objects(root, "solution"):
        row = {}
        for binding in objects(solution, "binding"):
            variable = next(objects(binding, "variable"))
            assert isinstance(variable, Literal)
            row[variable.value] = next(objects(binding, "value"))
        rows.append(row)
        order += [int(index.value) for index in objects(solution, "index") if isinstance(index, Literal)]
    names = tuple(name.value for name in objects(root, "resultVariable") if isinstance(name, Literal))
    return Table(names, tuple(rows), tuple(order) or None)


def how_equal(found: Answer, wanted: Answer, *, is_lax: bool = False) -> How | None:
    """How an answer equals the one that is wanted; `is_lax` where rows may be given fewer times than wanted."""
    if _same(found, wanted, lambda term: term, is_lax):
        return "exactly"
    return "by value" if _same(found, wanted, through_engine, is_lax) else None


def _same(found: Answer, wanted: Answer, change: Callable[[Term], Term], is_lax: bool) -> bool:
    if isinstance(found, Triples) and isinstance(wanted, Triples):
        return isomorphic(_changed(found.quads, change), _changed(wanted.quads, change))
    if isinstance(found, Table) and isinstance(wanted, Table):
        if set(found.variables) != set(wanted.variables):
            return False
        if wanted.order is not None:
            # Indexes are counted from 1.
            found = Table(found.variables, found.rows, tuple(range(1, len(found.rows) + 1)))
        return isomorphic(_as_quads(found, change, is_lax), _as_quads(wanted, change, is_lax))
    if isinstance(found, Csv) and isinstance(wanted, Csv):
        return set(found.head) == set(wanted.head) and isomorphic(
            _as_quads(found.table, change, False), _as_quads(wanted.table, change, False)
        )
    return type(found) is type(wanted) and found == wanted


def isomorphic(first: Iterable[Quad], second: Iterable[Quad]) -> bool:
    """Whether two datasets are the same but for the names of blank nodes."""
    one, two = ox.Dataset(first), ox.Dataset(second)
    if len(one) != len(two):
        return False
    if one == two:
        return True
    for dataset in (one, two):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return one == two


def _changed(quads: Iterable[Quad], change: Callable[[Term], Term]) -> Iterator[Quad]:
    return (Quad(quad.subject, quad.predicate, change(quad.object), quad.graph_name) for quad in quads)


def _as_quads(found: Table, change: Callable[[Term], Term], is_lax: bool) -> Iterator[Quad]:
    """Each row as a blank node with its values and with how often (or where) it stands."""
    rows = [frozenset((name, change(value)) for name, value in row.items()) for row in found.rows]
    marked = enumerate(rows) if found.order is None else zip(found.order, rows, strict=True)
    counts = Counter(rows) if found.order is None else None
    seen = set()
    for place, row in marked:
        if counts is not None:
            if row in seen:
                continue
            seen.add(row)
            place = 1 if is_lax else counts[row]
        node = BlankNode()
        yield Quad(node, NamedNode(RS + "index"), Literal(place))
        for name, value in row:
            yield Quad(node, NamedNode(f"{RS}{name}"), value)


@lru_cache(maxsize=4096)
def through_engine(term: Term) -> Term:
    """A term as the engine gives it back."""
    if isinstance(term, NamedNode | BlankNode):
        return term
    store = ox.Store()
    node = NamedNode("urn:x:y")
    store.add(Quad(node, node, term))
    found: Term
    (found,) = (quad.object for quad in store)
    return found
