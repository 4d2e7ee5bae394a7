"""The engine as the rest of the server sees it: queries, look-ups for pages, and writes."""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import hashlib
import os
import signal
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Client, Connection
from typing import Required, TypedDict, Unpack

from server import metrics
from server.config import Config
from server.engine import guard
from server.engine.cache import Cache, Keeping, Key
from server.engine.keeper import SOCKET
from server.engine.messages import Decide, Failure, Lookup, Query, Update, Whole, Write, Written
from server.engine.pool import Departure, Pool, Stream, problem_of
from server.engine.state import State, address
from server.engine.supervisor import Supervisor
from server.engine.using import with_using
from server.errors import Busy, Failed, Forbidden, Gone, Problem, TimedOut

_ATTEMPTS = 5
_PATIENCE = 10.0
"""Seconds for which a write waits for the keeper, which opens the store again after it was ended."""
_MINUTE = 60
_ANSWERED = metrics.QUERIES.labels(metrics.outcome(None))
Dataset = tuple[tuple[str, ...], tuple[str, ...]]
"""The IRIs of the graphs that make up the default graph, and of the named graphs."""


Answer = Whole | Stream | Keeping
"""Pieces of bytes in `format` (a key of `server.formats`). Who does not read to the end must `close` it."""


class Wanted(TypedDict, total=False):
    """How a query is to be answered: in the format `results`, or `graph` if it gives triples.

    `union` (whether the default graph is the union of all) and `size` are as configured unless they are given. `shape`
    is as in `server.engine.messages.Query`.
    """

    results: Required[str | None]
    graph: Required[str | None]
    dataset: Dataset | None
    union: bool | None
    size: int | None
    shape: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query for a worker, the key under which its answer is kept, and its entity tag; None if its answers vary."""

    query: Query
    key: Key | None
    tag: str | None
    began: float


@dataclass(frozen=True, slots=True)
class Started:
    """A query that a worker works on, and its answer, as it comes."""

    prepared: Prepared
    stream: Stream


class Engine:
    """Answers queries and makes changes, in other processes."""

    def __init__(self, config: Config) -> None:
        """Raises StoreError where the store can't be opened."""
        self._config = config
        self._supervisor = Supervisor(config) if config.runtime is None else None
        runtime = config.runtime if self._supervisor is None else self._supervisor.runtime
        assert runtime is not None
        self._state = State(runtime)
        self._folder = str(runtime)
        self.pool = Pool(config)
        self.cache = Cache(config.cache_size)
        self._keeping = threading.Lock()
        self._kept: dict[str, tuple[int, object]] = {}
        atexit.register(self.close)

    @property
    def version(self) -> int:
        """Grows with every change of the graph."""
        return self._state.version

    @property
    def is_elsewhere(self) -> bool:
        """Whether another server holds the store, so that nobody knows here when it changes."""
        return self._config.address is not None

    def tag(self, *parts: object) -> str | None:
        """An entity tag for an answer that depends on the graph's version and on `parts`; None if nobody knows it."""
        if self.is_elsewhere:
            return None
        content = "\x1f".join(map(str, (self._state.runtime.name, self.version, *parts)))
        return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()

    def tag_of(
        self,
        text: str,
        results: str | None,
        graph: str | None,
        dataset: Dataset | None,
        shape: str = "",
        union: bool | None = None,
    ) -> str | None:
        """An entity tag for the answer to a query; None if it varies though the graph is the same. Raises a Problem."""
        if self._check(text).varies:
            return None
        return self.tag("query" + shape, text, results, graph, dataset, union)

    def measure(self) -> None:
        """Note in the metrics how things are at this moment."""
        idle, busy = self.pool.size
        metrics.IDLE.set(idle)
        metrics.BUSY.set(busy)
        metrics.VERSION.set(self.version)

    def query(self, text: str, *, departure: Departure, **wanted: Unpack[Wanted]) -> Answer:
        """Answer a query. Raises a Problem."""
        began = time.monotonic()
        problem = None
        try:
            return self._query(text, departure, **wanted)
        except Problem as found:
            problem = found
            raise
        finally:
            metrics.QUERIES.labels(metrics.outcome(problem)).inc()
            metrics.QUERY_SECONDS.observe(time.monotonic() - began)

    def prepare(self, text: str, *, results: str | None, graph: str | None) -> Prepared:
        """A query that is to be answered step by step, with `cached` and `settle`, or `finish`. Raises a Problem."""
        began = time.monotonic()
        query, key = self._prepare(text, results=results, graph=graph)
        tag = None if key is None else self.tag("query", text, results, graph, None, None)
        return Prepared(query, key, tag, began)

    def cached(self, prepared: Prepared) -> Whole | None:
        """The answer, if it is kept."""
        found = None if prepared.key is None else self.cache.get(prepared.key)
        if found is not None:
            self._count(prepared, None)
        return found

    def settle(self, prepared: Prepared, found: Whole | Failure) -> Whole:
        """The answer that a worker gave. Raises a Problem where that is none."""
        problem = None
        try:
            if isinstance(found, Failure):
                raise problem_of(found)
            self._keep(prepared.key, found)
            return found
        except Problem as error:
            problem = error
            raise
        finally:
            self._count(prepared, problem)

    def finish(self, started: Started) -> Answer:
        """The answer, once the worker has said something. Raises a Problem."""
        problem = None
        try:
            return self._keep(started.prepared.key, started.stream.begin(is_ready=True) or started.stream)
        except Problem as found:
            problem = found
            raise
        finally:
            self._count(started.prepared, problem)

    def _count(self, prepared: Prepared, problem: Problem | None) -> None:
        (_ANSWERED if problem is None else metrics.QUERIES.labels(metrics.outcome(problem))).inc()
        metrics.QUERY_SECONDS.observe(time.monotonic() - prepared.began)

    def _query(self, text: str, departure: Departure, **wanted: Unpack[Wanted]) -> Answer:
        for _ in range(_ATTEMPTS):
            query, key = self._prepare(text, **wanted)
            cached = None if key is None else self.cache.get(key)
            if cached is not None:
                return cached
            try:
                return self._keep(key, self.pool.query(query, departure))
            except Gone:
                continue
        raise Busy("The graph changes too fast for this query to begin. Try again in a moment.")

    def _prepare(
        self,
        text: str,
        *,
        results: str | None,
        graph: str | None,
        dataset: Dataset | None = None,
        union: bool | None = None,
        size: int | None = None,
        shape: str = "",
    ) -> tuple[Query, Key | None]:
        """The query for a worker, and the key under which its answer is kept."""
        config = self._config
        checked = self._check(text)
        if union is None:
            union = config.default_graph == "union"
        version = self.version
        default_graphs, named_graphs = dataset or (None, None)
        query = Query(
            f"{self._folder}/{version}", text, results, graph, default_graphs,
            named_graphs, union, config.base, size or config.answer_size, config.answer_rows, shape,
        )  # fmt: skip
        key = (version, text, results, graph, dataset, union, shape)
        return query, None if checked.varies or self.is_elsewhere else key

    def _keep(self, key: Key | None, answer: Whole | Stream) -> Answer:
        return answer if key is None else self.cache.keeping(key, answer)

    def _check(self, text: str) -> guard.Checked:
        return guard.check(text, size=self._config.query_size, depth=self._config.query_depth)

    def look_up(self, function: str, *arguments: str | int, departure: Departure) -> object:
        """What a page shows; see `server.lookups`. Raises a Problem."""
        for _ in range(_ATTEMPTS):
            lookup = Lookup(
                str(self._state.folder(self.version)), str(self._config.store / "ledger.sqlite"), self._config.base,
                function, arguments,
            )  # fmt: skip
            try:
                return self.pool.look_up(lookup, departure)
            except Gone:
                continue
        raise Busy("The graph changes too fast for this page. Try again in a moment.")

    def kept(self, function: str, departure: Departure) -> object:
        """As `look_up`, for what takes the whole graph to find out: done once for each version of the graph.

        Of a store elsewhere, it may be a minute old.
        """
        version = int(time.monotonic() // _MINUTE) if self.is_elsewhere else self.version
        with self._keeping:
            known = self._kept.get(function)
            if known is None or known[0] != version:
                known = self._kept[function] = (version, self.look_up(function, departure=departure))
        return known[1]

    def write(self, job: Update | Write | Decide) -> Written:
        """Make a change; when this returns, it is durable, and the next query sees it. Raises a Problem."""
        problem = None
        try:
            return self._write(job)
        except Problem as found:
            problem = found
            raise
        finally:
            metrics.WRITES.labels(metrics.outcome(problem)).inc()

    def _write(self, job: Update | Write | Decide) -> Written:
        if not self._config.writable:
            raise Forbidden("This server is read-only: it was started without a token for writing.")
        if isinstance(job, Update):
            guard.check(job.text, size=self._config.body_size, depth=self._config.query_depth)
            if job.using is not None:
                job = dataclasses.replace(job, text=with_using(job.text, *job.using), using=None)
        with self._begin(job) as connection:
            try:
                if not connection.poll(self._config.update_time):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(self._state.keeper, signal.SIGKILL)
                    outcome = "look whether it was made" if self.is_elsewhere else "nothing of it was made"
                    raise TimedOut(f"The change was ended after {self._config.update_time:g} s; {outcome}.")
                answer = connection.recv()
            except (EOFError, OSError) as error:
                raise Failed("The engine ended on this change; nothing of it was made.") from error
        if isinstance(answer, Failure):
            raise problem_of(answer)
        assert isinstance(answer, Written)
        return answer

    def _begin(self, job: Update | Write | Decide) -> Connection:
        """A connection to the keeper, on which it has said that it begins. Until then, it may be started again."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                with address(self._state.runtime / SOCKET) as name:
                    connection = Client(name, family="AF_UNIX")
                try:
                    connection.send(job)
                    connection.recv()
                except (EOFError, OSError):
                    connection.close()
                    raise
                return connection
            except (EOFError, OSError) as error:
                if time.monotonic() > deadline:
                    raise Busy("The store is being opened. Try again in a moment.") from error
            time.sleep(0.02)

    def close(self) -> None:
        """End all processes of the engine."""
        atexit.unregister(self.close)
        self.pool.close()
        self._state.close()
        if self._supervisor is not None:
            self._supervisor.stop()
