"""The embedded store: pyoxigraph, on disk or in memory.

Why inserts alone go in bulk: docs/decisions/writing.md.
"""

from __future__ import annotations

import difflib
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import pyoxigraph as ox
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple

from kg.errors import QueryError, RefusedError, StoreError
from kg.sparql.mend import lower_booleans, mend, strip_languages
from kg.sparql.outside import confine
from kg.sparql.strict import fault
from kg.sparql.tokens import Token, scan
from kg.store.base import Answer, Dataset, Graph, Object, Subject
from kg.store.guard import disarm, names_graphs, place

_UNKNOWN_FUNCTION = re.compile(r"custom function <([^>]*)> is not supported")
_PLACE = re.compile(r"error at (\d+):(\d+): ")
_PATIENCE = 3.0
"""Seconds to wait for a store that another process has open: a read-only server that takes a snapshot is done at once."""


class EmbeddedStore:
    """A `kg.store.base.Store` in this process. One process at a time can have one that is on disk open."""

    batch = 160_000
    """The engine rewrites what it has every few times, so seldom is cheap."""

    def __init__(self, path: Path | None = None) -> None:
        """Open the store in the directory `path`, made where there is none; in memory without one.

        Raises `StoreError` where another process keeps it open, or the directory holds something else.
        """
        self.path = path
        self.engine = ox.Store() if path is None else _open(path)

    @classmethod
    def read_only(cls, path: Path) -> EmbeddedStore:
        """Open a snapshot, or a store that nobody writes meanwhile; any number of processes can. Raises `OSError`."""
        store = cls.__new__(cls)
        store.path = None
        store.engine = ox.Store.read_only(str(path))
        return store

    def has_changed(self) -> bool:
        return False

    def insert(self, lines: Sequence[str]) -> None:
        # Lenient: the lines hold no IRI that was not checked.
        self.engine.bulk_load("".join(lines), format=RdfFormat.N_QUADS, lenient=True)

    def apply(self, deletes: Sequence[Quad], emptied: Sequence[NamedNode], inserts: Sequence[Quad]) -> None:
        drops = "".join(f"DROP SILENT GRAPH {graph} ; " for graph in emptied)
        self.engine.update(f"DELETE DATA {{ {_data(deletes)} }} ; {drops} INSERT DATA {{ {_data(inserts)} }}")

    def expect(self, subjects: Iterable[NamedNode]) -> None:
        """Nothing is gained by knowing."""

    def contains(self, quad: Quad) -> bool:
        return quad in self.engine

    def match(
        self, subject: Subject | None, predicate: NamedNode | None, value: Object | None, graph: Graph | None = None
    ) -> Iterator[Quad]:
        return self.engine.quads_for_pattern(subject, predicate, value, graph)

    def graphs(self) -> Iterator[NamedNode | BlankNode]:
        return self.engine.named_graphs()

    def has_graph(self, name: NamedNode) -> bool:
        return self.engine.contains_named_graph(name)

    def query(
        self,
        sparql: str,
        *,
        base: str,
        prefixes: Mapping[str, str],
        union: bool,
        dataset: Dataset | None = None,
    ) -> Answer:
        names_its_own = names_graphs(sparql)
        default: list[Graph] = [NamedNode(iri) for iri in (dataset or ((), ()))[0]]
        named: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in (dataset or ((), ()))[1]]
        functions: dict[NamedNode, Callable[..., Object | None]] = {}

        def run(text: str, engine: ox.Store = self.engine) -> Answer:
            return engine.query(
                disarm(text),
                base_iri=base,
                prefixes=dict(prefixes),
                use_default_graph_as_union=union and dataset is None and not names_its_own,
                default_graph=None if dataset is None else default,
                named_graphs=None if dataset is None else named,
                custom_functions=functions,
            )

        def is_known(question: str) -> bool:
            # A query with a dataset of its own is left as it is, like one that will fail.
            try:
                return names_its_own or bool(run(question))
            except (SyntaxError, ValueError, OSError):
                return True

        confined, refused = confine(lower_booleans(sparql))
        reason = fault(confined)
        if reason is not None:
            raise QueryError(f"The query is malformed at {reason}.") from SyntaxError(reason)
        text = mend(confined, is_known)
        while True:
            try:
                if refused is None:
                    return run(text)
                run(text, ox.Store())
                raise RefusedError(refused)
            except SyntaxError as error:
                if text == confined:
                    raise QueryError(_what_is_wrong("query", error, sparql, prefixes)) from error
                # The places in messages are those of the query as it was written.
                text = confined
            except (ValueError, OSError, RuntimeError) as error:
                unknown = _UNKNOWN_FUNCTION.search(str(error))
                if unknown is None or NamedNode(unknown[1]) in functions:
                    raise QueryError(f"The query can't be answered: {error}") from error
                # An unknown function is an error within its expression, no reason to refuse the query: the expression
                # has no value (SPARQL 1.1, section 17.6).
                functions[NamedNode(unknown[1])] = _no_value

    def update(self, sparql: str, *, base: str, prefixes: Mapping[str, str]) -> None:
        confined, refused = confine(lower_booleans(sparql))
        # Only what is well-formed is refused.
        engine = self.engine if refused is None else ox.Store()
        try:
            engine.update(disarm(strip_languages(confined)), base_iri=base, prefixes=dict(prefixes))
        except SyntaxError as error:
            raise QueryError(_what_is_wrong("update", error, sparql, prefixes)) from error
        except (ValueError, OSError, RuntimeError) as error:
            raise QueryError(f"The update can't be carried out: {error}") from error
        if refused is not None:
            raise RefusedError(refused)

    def load(self, file: IO[bytes], rdf_format: RdfFormat, base: str, graph: NamedNode) -> None:
        self.engine.bulk_load(file, format=rdf_format, base_iri=base, to_graph=graph)

    def fill(self, graph: NamedNode | DefaultGraph, triples: Sequence[Triple], *, base: str, anew: bool) -> None:
        if anew:
            data = "\n".join(f"{triple} ." for triple in triples)
            is_named = isinstance(graph, NamedNode)
            clear = f"DROP SILENT GRAPH {graph} ; CREATE GRAPH {graph}" if is_named else "CLEAR DEFAULT"
            self.engine.update(f"{clear} ; INSERT DATA {{ {f'GRAPH {graph} {{ {data} }}' if is_named else data} }}")
        else:
            self.engine.extend(Quad(one.subject, one.predicate, one.object, graph) for one in triples)
            if isinstance(graph, NamedNode):
                self.engine.add_graph(graph)

    def drop(self, graph: NamedNode | DefaultGraph) -> None:
        self.engine.update(f"DROP SILENT GRAPH {graph}" if isinstance(graph, NamedNode) else "CLEAR DEFAULT")

    def dump(self, quads: Iterable[Quad], file: IO[bytes], rdf_format: RdfFormat, prefixes: Mapping[str, str]) -> None:
        ox.serialize(quads, file, format=rdf_format, prefixes=dict(prefixes))

    def snapshot(self, directory: Path) -> None:
        if self.path is None:
            raise StoreError("A graph in memory has no snapshots; open one in a directory.")
        try:
            self.engine.backup(str(directory))
        except OSError as error:
            raise StoreError(f"No snapshot in {directory}: {error}") from error

    def optimize(self) -> None:
        try:
            self.engine.optimize()
        except OSError as error:
            raise StoreError(f"The store can't be optimized: {error}") from error

    def close(self) -> None:
        """Give the directory free. The store can't be used any more."""
        if self.path is not None:
            self.engine.flush()
        del self.engine


def _no_value(*_: object) -> None:
    return None


def _open(path: Path) -> ox.Store:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            path.mkdir(parents=True, exist_ok=True)
            return ox.Store(str(path))
        except OSError as error:
            if not _is_locked(error) or time.monotonic() > deadline:
                # A lock's message holds no more than this one.
                raise StoreError(_why_not(path, error)) from None if _is_locked(error) else error
        time.sleep(0.02)


def _is_locked(error: OSError) -> bool:
    return "lock" in str(error).lower()


def _data(quads: Iterable[Quad]) -> str:
    by_graph: dict[str, list[str]] = {}
    for quad in quads:
        graph = "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)
        by_graph.setdefault(graph, []).append(f"{quad.subject} {quad.predicate} {quad.object} .")
    return "\n".join(
        f"GRAPH {graph} {{ {' '.join(triples)} }}" if graph else " ".join(triples)
        for graph, triples in by_graph.items()
    )


def _why_not(path: Path, error: OSError) -> str:
    reason = str(error)
    if _is_locked(error):
        return (
            f"The graph {path} is in use by another process. Wait until it is done, or stop it; if it is 'kg serve', "
            "ask that: --store http://localhost:8000/sparql, or where else it serves."
        )
    return f"The graph {path} can't be opened: {reason}"


def _unknown(text: str, prefixes: Mapping[str, str]) -> Token | None:
    """The first name in a text whose prefix is not declared."""
    declared = {*prefixes, "_"}
    before = ""
    for token in scan(text):
        if token.kind == "name":
            prefix = token.text.partition(":")[0]
            if before == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared:
                return token
        before = token.text
    return None


def _what_is_wrong(what: str, error: SyntaxError, sparql: str, prefixes: Mapping[str, str]) -> str:
    """The engine's message on `sparql`, which it was given disarmed, for the text as it was written."""
    reason = " ".join(str(error).split())
    safe = disarm(sparql)
    refused = " SERVICE and LOAD are refused: nothing may reach out of the graph." if safe != sparql else ""
    found = _PLACE.match(reason)
    if found is None:
        return f"The {what} is malformed: {reason[:200]}.{refused}"
    lines = safe.split("\n")
    offset = place(sparql, sum(len(line) + 1 for line in lines[: int(found[1]) - 1]) + int(found[2]) - 1)
    # The engine takes a name with an unknown prefix for a beginning of something else, and finds the fault behind it.
    unknown = _unknown(sparql[:offset], prefixes)
    if unknown is not None:
        offset = unknown.start
        prefix = unknown.text.partition(":")[0]
        near = difflib.get_close_matches(prefix, prefixes, n=1)
        guess = f"; {near[0]}:?" if near else "."
        hint = f"the prefix {prefix}: is not declared{guess} Known without a declaration are {', '.join(prefixes)}"
    else:
        after = " ".join(sparql[offset : offset + 40].split())
        hint = f"this can't stand here: {after}" if after else "something is missing here"
    number, column = sparql.count("\n", 0, offset) + 1, offset - sparql.rfind("\n", 0, offset)
    return f"The {what} is malformed at line {number}, column {column}: {hint}.{refused}"
