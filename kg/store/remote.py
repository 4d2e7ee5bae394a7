"""A store that is reached over HTTP: any server that speaks SPARQL 1.1, for graphs that outgrow one machine."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import IO

import pyoxigraph as ox
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple

from kg.errors import QueryError, RefusedError, StoreError
from kg.sparql.outside import confine
from kg.sparql.tokens import Tokens
from kg.store.base import Answer, Dataset, Graph, Object, Subject
from kg.store.dialects import Oxigraph, Sparql, Virtuoso, detect
from kg.store.endpoint import Address, Body

_JSON = "application/sparql-results+json"
_TRIPLES = "application/n-triples"
_FORMS = {"SELECT": _JSON, "ASK": _JSON, "CONSTRUCT": _TRIPLES, "DESCRIBE": _TRIPLES}
_VIRTUOSO_TRUTH = "__ASK_RETVAL"
_CUT = "X-SPARQL-MaxRows"
_TOGETHER, _MAX_KNOWN = 100, 100_000
"""How many subjects are asked for together, and how many are remembered."""
_UNFINISHED, _LOCK, _SEEN = "unfinished.json", "writing", "seen"


class RemoteStore:
    """A `kg.store.base.Store` in another process, which may be anywhere. One process at a time writes.

    What a server does not take as one transaction is noted in `folder` first, and carried out to the end by the next
    one who opens the store, should this process or the server fail meanwhile.
    """

    def __init__(self, address: str, folder: Path, dialect: type[Sparql] | None = None) -> None:
        """Raises `StoreError` where the server can't be reached or refuses access."""
        place = Address.parse(address)
        self._dialect = (dialect or detect(place))(place)
        self._endpoint = self._dialect.endpoint
        self._folder = folder
        self._lock: IO[bytes] | None = None
        # What stands in the unnamed graph about what is expected to be looked up.
        self._known: dict[object, list[Quad]] = {}
        self.batch = self._dialect.batch
        """How many quads are best inserted at a time."""
        self._dialect.begin()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{folder} can't be made ({error.strerror}), where is kept what must be remembered of the store: "
                "set KG_STATE to another folder."
            ) from error
        self._finish()

    @property
    def most_rows(self) -> int | None:
        """How many rows the server gives at most; None where it does not say."""
        return self._dialect.most_rows

    def has_changed(self) -> bool:
        seen, tag = self._folder / _SEEN, self._dialect.tag()
        if tag is not None and seen.exists() and seen.read_text(encoding="utf-8") == tag:
            return False
        seen.write_text(tag or "", encoding="utf-8")
        return tag != ""

    # Reading.

    def expect(self, subjects: Iterable[NamedNode]) -> None:
        if len(self._known) > _MAX_KNOWN:
            self._known.clear()
        missing = iter([subject for subject in dict.fromkeys(subjects) if subject not in self._known])
        name = self._dialect.graph(DefaultGraph())
        while part := list(islice(missing, _TOGETHER)):
            triple = f"GRAPH {name} {{ ?s ?p ?o }}" if name else "?s ?p ?o"
            found: dict[object, list[Quad]] = {subject: [] for subject in part}
            values = f"VALUES ?s {{ {' '.join(map(str, part))} }}"
            for subject, predicate, value in self._rows(["?s", "?p", "?o"], f"{values} {triple}"):
                found[subject].append(_quad(subject, predicate, value, DefaultGraph()))
            self._known.update(found)

    def contains(self, quad: Quad) -> bool:
        return any(self.match(*quad))

    def match(
        self, subject: Subject | None, predicate: NamedNode | None, value: Object | None, graph: Graph | None = None
    ) -> Iterator[Quad]:
        """As `Store.match`; a blank node of a server has no name that can be asked for, and so matches nothing."""
        given: tuple[Subject | NamedNode | Object | None, ...] = (subject, predicate, value)
        if any(map(_has_blank_node, (*given, graph))):
            return
        if isinstance(graph, DefaultGraph) and subject in self._known:
            for quad in self._known[subject]:
                if predicate in (None, quad.predicate) and value in (None, quad.object):
                    yield quad
            return
        terms = [str(term) if term is not None else name for term, name in zip(given, ("?s", "?p", "?o"), strict=True)]
        triple = " ".join(terms)
        variables = [name for name in terms if name.startswith("?")]
        if graph is not None:
            name = self._dialect.graph(graph)
            pattern = f"GRAPH {name} {{ {triple} }}" if name else triple
        elif self._dialect.unnamed is None:
            pattern = f"{{ {triple} }} UNION {{ GRAPH ?g {{ {triple} }} }}"
        else:
            pattern = f"GRAPH ?g {{ {triple} }}"
        if graph is None:
            variables.append("?g")
        for row in self._rows(variables, pattern):
            found = dict(zip(variables, row, strict=True))
            of_graph: Graph | None = graph
            if of_graph is None:
                of_graph = self._graph(found["?g"])
            if of_graph is not None:
                yield _quad(found.get("?s", subject), found.get("?p", predicate), found.get("?o", value), of_graph)

    def graphs(self) -> Iterator[NamedNode | BlankNode]:
        for (found,) in self._rows(["?g"], "GRAPH ?g { ?s ?p ?o }", "DISTINCT"):
            name = self._graph(found)
            if name is not None and not isinstance(name, DefaultGraph):
                yield name

    def _graph(self, name: object) -> Graph | None:
        """The graph that the server calls so; None for one of its own."""
        if name is None or name == self._dialect.unnamed:
            return DefaultGraph()
        assert isinstance(name, NamedNode | BlankNode)
        return None if str(name) in self._dialect.hidden else name

    def _rows(self, variables: list[str], pattern: str, distinct: str = "") -> Iterator[tuple[Object | None, ...]]:
        """The answer to a pattern, in parts where the server cuts answers off."""
        names = " ".join(variables)
        if not variables:
            if bool(self._ask(f"ASK {{ {pattern} }}", _JSON, self._dialect.own())[0]):
                yield ()
            return
        query = f"SELECT {distinct} {names} {{ {pattern} }}"
        answer, body, is_cut = self._ask(query, _JSON, self._dialect.own())
        if not is_cut:
            yield from self._read(answer, body)
            return
        body.close()
        size = self._dialect.most_rows
        assert size is not None
        offset = 0
        while True:
            part = f"SELECT {names} {{ {{ {query} ORDER BY {names} }} }} LIMIT {size} OFFSET {offset}"
            answer, body, _ = self._ask(part, _JSON, self._dialect.own())
            count = 0
            for row in self._read(answer, body):
                yield row
                count += 1
            if count < size:
                return
            offset += size

    def _read(self, answer: Answer, body: BufferedReader[Body]) -> Iterator[tuple[Object | None, ...]]:
        assert isinstance(answer, ox.QuerySolutions)
        try:
            for row in answer:
                yield tuple(row)
        except SyntaxError as error:
            raise self._unreadable(error) from error
        finally:
            body.close()

    def has_graph(self, name: NamedNode) -> bool:
        return bool(self._ask(f"ASK {{ GRAPH {name} {{ {self._dialect.any_graph} }} }}", _JSON, self._dialect.own())[0])

    def query(
        self, sparql: str, *, base: str, prefixes: Mapping[str, str], union: bool, dataset: Dataset | None = None
    ) -> Answer:
        text, refused = confine(sparql)
        if refused is not None:
            raise RefusedError(refused)
        tokens = Tokens(text)
        form = next((token.text for token in tokens.all if token.kind == "word" and token.text in _FORMS), "SELECT")
        is_own = any(token.kind == "word" and token.text == "FROM" for token in tokens.all)
        if dataset is not None:
            default, named = dataset
            preamble = ""
            parameters = [
                *(("default-graph-uri", iri) for iri in default),
                *(("named-graph-uri", iri) for iri in named),
            ]
        else:
            preamble = self._dialect.preamble(union and not is_own, _names_a_graph(tokens))
            parameters = [] if is_own else self._dialect.parameters(union)
        whole = preamble + _prologue(tokens, base, prefixes) + text
        answer, body, is_cut = self._ask(whole, _FORMS[form], parameters)
        limit = self._dialect.most_rows
        if is_cut and not isinstance(answer, ox.QueryBoolean):
            body.close()
            raise QueryError(
                f"The store cuts answers off at {limit:,} rows: ask for less, with LIMIT {(limit or 1) - 1} and OFFSET, "
                "or raise ResultSetMaxRows on the server."
            )
        return answer

    def _ask(
        self, text: str, accept: str, parameters: list[tuple[str, str]]
    ) -> tuple[Answer, BufferedReader[Body], bool]:
        """The answer, its body, and whether the server cut it off."""
        response = self._endpoint.query(text, accept, parameters)
        body = BufferedReader(Body(self._endpoint, response))
        is_cut = _CUT in response.headers
        try:
            if accept == _TRIPLES:
                return self._triples(body), body, is_cut
            answer = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        except SyntaxError as error:
            body.close()
            raise self._unreadable(error) from error
        if isinstance(answer, ox.QuerySolutions) and [name.value for name in answer.variables] == [_VIRTUOSO_TRUTH]:
            return _truth(any(True for _ in answer)), body, is_cut
        return answer, body, is_cut

    def _triples(self, body: BufferedReader[Body]) -> ox.QueryTriples:
        # The engine makes its answers itself; so what has come is given to it, to be asked for again.
        found = ox.Store()
        found.bulk_extend(Quad(*quad.triple) for quad in ox.parse(body, format=RdfFormat.N_TRIPLES))
        limit = self._dialect.most_rows
        if limit is not None and len(found) >= limit:
            raise QueryError(
                f"The store may have cut this answer off, at {limit:,} rows: ask for less, or raise ResultSetMaxRows "
                "on the server."
            )
        answer = found.query("CONSTRUCT WHERE { ?s ?p ?o }")
        assert isinstance(answer, ox.QueryTriples)
        return answer

    def _unreadable(self, error: SyntaxError) -> StoreError:
        return StoreError(f"What {self._endpoint.query_url} answers can't be read: {error}")

    # Writing.

    def insert(self, lines: Sequence[str]) -> None:
        self._begin_to_write()
        if not self._dialect.send(line.encode() for line in _blocks(lines)):
            self._carry_out(self._dialect.insert(ox.parse("".join(lines), format=RdfFormat.N_QUADS)))

    def apply(self, deletes: Sequence[Quad], emptied: Sequence[NamedNode], inserts: Sequence[Quad]) -> None:
        self._begin_to_write()
        self._carry_out(self._dialect.change(deletes, emptied, inserts))

    def update(self, sparql: str, *, base: str, prefixes: Mapping[str, str]) -> None:
        text, refused = confine(sparql)
        if refused is not None:
            raise RefusedError(refused)
        self._begin_to_write()
        tokens = Tokens(text)
        selects = any(token.kind == "word" and token.text == "WHERE" for token in tokens.all)
        preamble = self._dialect.update_preamble(selects and _names_a_graph(tokens))
        self._endpoint.update(preamble + _prologue(tokens, base, prefixes) + text, [])

    def load(self, file: IO[bytes], rdf_format: RdfFormat, base: str, graph: NamedNode) -> None:
        """As `Store.load`; where the server takes no blank nodes, they become IRIs below `base` (RDF 1.1, 3.5)."""
        self._begin_to_write()
        quads = (_in(quad, graph) for quad in ox.parse(file, format=rdf_format, base_iri=base))
        if self._dialect.keeps_blank_nodes:
            self._dialect.send(f"{quad} .\n".encode() for quad in quads)
        else:
            rename = _skolem(base, graph.value)
            # All of it is read before the first is written: a file that is no RDF changes nothing.
            self._carry_out(self._dialect.insert(rename(quad) for quad in quads))

    def fill(self, graph: NamedNode | DefaultGraph, triples: Sequence[Triple], *, base: str, anew: bool) -> None:
        self._begin_to_write()
        quads = [_quad(one.subject, one.predicate, one.object, graph) for one in triples]
        if not self._dialect.keeps_blank_nodes:
            # Blank nodes of one request are none of another one's, although they are called the same.
            rename = _skolem(base, secrets.token_hex(16))
            quads = [rename(quad) for quad in quads]
        self._carry_out(self._dialect.fill(graph, quads, anew))

    def drop(self, graph: NamedNode | DefaultGraph) -> None:
        self._begin_to_write()
        self._endpoint.update(self._dialect.clear(graph), [])

    def _carry_out(self, updates: list[str]) -> None:
        journal = self._folder / _UNFINISHED
        if len(updates) > 1:
            partial = journal.with_suffix(".part")
            with partial.open("w", encoding="utf-8") as file:
                json.dump(updates, file)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(journal)
        for update in updates:
            self._endpoint.update(update, [])
        journal.unlink(missing_ok=True)

    def _finish(self) -> None:
        """Carry out what another process began. It only adds and removes quads, so doing it twice does no harm."""
        journal = self._folder / _UNFINISHED
        if not journal.exists():
            return
        with suppress(BlockingIOError):
            self._take_lock()
            try:
                with suppress(FileNotFoundError):
                    self._carry_out(json.loads(journal.read_text(encoding="utf-8")))
            finally:
                self._release_lock()

    def _begin_to_write(self) -> None:
        self._known.clear()
        try:
            self._take_lock()
        except BlockingIOError as error:
            raise StoreError(
                f"Another process of this machine writes to {self._endpoint.update_url}. Wait until it is done."
            ) from error

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        file = (self._folder / _LOCK).open("wb")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise
        self._lock = file

    # All else.

    def dump(self, quads: Iterable[Quad], file: IO[bytes], rdf_format: RdfFormat, prefixes: Mapping[str, str]) -> None:
        ox.serialize(quads, file, format=rdf_format, prefixes=dict(prefixes))

    def snapshot(self, directory: Path) -> None:
        raise StoreError(f"{self._endpoint.query_url} is backed up by its server's own means; or use 'kg export'.")

    def optimize(self) -> None:
        raise StoreError(f"{self._endpoint.query_url} is optimized by its server's own means.")

    def close(self) -> None:
        self._endpoint.close()
        self._release_lock()

    def _release_lock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def oxigraph(address: str, folder: Path) -> RemoteStore:
    """The server of Oxigraph, for the entry point of this name."""
    return RemoteStore(address, folder, Oxigraph)


def virtuoso(address: str, folder: Path) -> RemoteStore:
    """A Virtuoso, for the entry point of this name."""
    return RemoteStore(address, folder, Virtuoso)


def sparql(address: str, folder: Path) -> RemoteStore:
    """Any other server, for the entry point of this name."""
    return RemoteStore(address, folder, Sparql)


def _prologue(tokens: Tokens, base: str, prefixes: Mapping[str, str]) -> str:
    """The declarations that a text lacks, on one line, so that a message's line is that of the text."""
    declared: set[str] = set()
    used: set[str] = set()
    for place, token in enumerate(tokens.all):
        if token.kind == "name":
            is_declaration = tokens.is_at(place - 1, "PREFIX") and place > 0
            (declared if is_declaration else used).add(token.text.partition(":")[0])
    lacking = sorted((used - declared) & prefixes.keys())
    return " ".join([f"BASE <{base}>", *(f"PREFIX {name}: <{prefixes[name]}>" for name in lacking)]) + " "


def _names_a_graph(tokens: Tokens) -> bool:
    """Whether a pattern is about a graph that it names."""
    return any(
        token.kind == "word"
        and token.text == "GRAPH"
        and tokens.around[place] >= 0
        and tokens.kind(place + 1) in ("iri", "name")
        for place, token in enumerate(tokens.all)
    )


def _truth(value: bool) -> ox.QueryBoolean:
    text = json.dumps({"head": {}, "boolean": value})
    answer = ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)
    assert isinstance(answer, ox.QueryBoolean)
    return answer


def _has_blank_node(term: object) -> bool:
    if isinstance(term, Triple):
        return any(map(_has_blank_node, term))
    return isinstance(term, BlankNode)


def _quad(subject: object, predicate: object, value: object, graph: Graph) -> Quad:
    assert isinstance(subject, NamedNode | BlankNode | Triple)
    assert isinstance(predicate, NamedNode)
    assert isinstance(value, NamedNode | BlankNode | ox.Literal | Triple)
    return Quad(subject, predicate, value, graph)


def _in(quad: Quad, graph: NamedNode) -> Quad:
    is_named = not isinstance(quad.graph_name, DefaultGraph)
    return quad if is_named else Quad(quad.subject, quad.predicate, quad.object, graph)


def _skolem(base: str, seed: str) -> Callable[[Quad], Quad]:
    """Gives blank nodes names that are the same whenever the same quads come with the same `seed`."""
    numbers: dict[BlankNode, NamedNode] = {}
    prefix = f"{base}.well-known/genid/{blake2b(seed.encode(), digest_size=8).hexdigest()}-"

    def named(term: Object) -> Object:
        if isinstance(term, BlankNode):
            return numbers.setdefault(term, NamedNode(f"{prefix}{len(numbers) + 1}"))
        return term

    def rename(quad: Quad) -> Quad:
        name = quad.graph_name
        return _quad(
            named(quad.subject),
            quad.predicate,
            named(quad.object),
            numbers.setdefault(name, NamedNode(f"{prefix}{len(numbers) + 1}")) if isinstance(name, BlankNode) else name,
        )

    return rename


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(lines), 1000):
        yield "".join(lines[start : start + 1000])
