"""The process that runs one query after the other on snapshots, and may be ended at any moment.

Started as `python -m server.engine.worker SOCKET MEMORY STACK`, with a connected socket as the only way in and out.
"""

from __future__ import annotations

import fcntl
import os
import resource
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.errors import QueryError, RefusedError, ServiceError, StoreError
from kg.rdf import vocabulary as v
from kg.store.base import Answer, Store
from kg.store.embedded import EmbeddedStore
from server import formats
from server.engine import elsewhere, services
from server.engine.heads import tidied
from server.engine.messages import READY, WIKIBASE, Batch, End, Failure, Head, Kind, Left, Lookup, Query, Whole
from server.engine.pipe import Pipe
from server.engine.rows import Rows
from server.engine.searching import Searches

if TYPE_CHECKING:
    from kg.hints import Hints

_PLAIN = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
"""Formats without prefixes."""
_EMPTY = (
    b'"bindings":[]}}', b'"boolean":false}', b"<results></results></sparql>", b"<boolean>false</boolean></sparql>",
)  # fmt: skip
"""How answers of no row, and of "no", end."""
_HEAD = {"csv": 1, "tsv": 1, "rdf": 2}
"""How many lines an answer of nothing has, in formats in which its end does not tell."""
_PIECE = 1 << 16
_FULL = 1 << 12
"""The engine writes 8 kB at a time, or little less; what is shorter is the end."""
_DELAY = 0.05
"""Seconds after which a piece of an answer leaves as soon as it comes, though it is small."""


class Snapshot:
    """An open snapshot, or a store elsewhere. While it is open, its folder is locked: the keeper does not remove it."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._lock = os.open(folder, os.O_RDONLY)
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        address = elsewhere.address()
        self.is_elsewhere = address is not None
        self.store: Store = (
            EmbeddedStore.read_only(Path(folder) / "store") if address is None else elsewhere.opened(address)
        )
        self._hints: Hints | None = None
        self._wikibase: Store | None = None

    def wikibase(self, base: str) -> Store:
        """The graph in Wikibase's form. Raises _UnreadyError, RefusedError or StoreError."""
        if self.is_elsewhere:
            raise RefusedError(
                "Wikibase's form is made of a graph in a folder, and another server holds this one. "
                "Write it with 'kg export --shape wikibase', and load it there."
            )
        if self._wikibase is None:
            # Most workers never need it.
            from server.engine import wikibase

            found = wikibase.opened(Path(self.folder), base)
            if found is None:
                raise _UnreadyError(
                    "The graph is being put into Wikibase's form, which is done once after it has changed. "
                    "Try again in some seconds."
                )
            self._wikibase = found
        return self._wikibase

    def hint(self, query: Query) -> str:
        """Why this query may have found nothing."""
        if self.is_elsewhere:
            # It would take many more requests than the query.
            return ""
        if query.shape:
            return ""
        if self._hints is None:
            # Most workers never need it.
            from kg.hints import Hints

            self._hints = Hints(self.store)
        return self._hints.on(query.text, query.base, v.PREFIXES)

    def close(self) -> None:
        if self._wikibase is not None:
            self._wikibase.close()
        self.store.close()
        os.close(self._lock)


class Writer:
    """A file that sends what is written to it, in pieces, and counts the bytes on the way."""

    def __init__(self, pipe: Pipe, head: Head, size: int, rows: int) -> None:
        self._pipe = pipe
        self._head = head
        self._size = size
        self._most = rows
        self._rows = Rows(head.format)
        self._buffer = bytearray()
        self._since = time.monotonic()
        self._sent = 0

    def write(self, data: bytes) -> int:
        self._buffer += data
        if self._sent + len(self._buffer) > self._size:
            raise _TooLongError(f"The answer is longer than {self._size:,} bytes, which is the limit here.")
        if self._rows.count(data) > self._most:
            raise _TooLongError(_too_many(self._most))
        if len(self._buffer) >= _PIECE or (len(data) >= _FULL and time.monotonic() - self._since > _DELAY):
            self._send()
        return len(data)

    def flush(self) -> None:
        """Nothing: the engine flushes at the end, which `end` does better."""

    def _send(self) -> None:
        if not self._sent:
            self._pipe.send(self._head)
            self._buffer = bytearray(tidied(self._head.format, bytes(self._buffer), is_whole=False))
        self._pipe.send_bytes(self._buffer)
        self._sent += len(self._buffer)
        self._buffer = bytearray()
        self._since = time.monotonic()

    def end(self, failure: Failure | None, hint: Callable[[], str]) -> bool:
        """Send what is left, and how it ended. An answer that has not begun is sent whole, or not at all.

        `hint` tells why an answer may be empty. Whether that was all of the answer.
        """
        if not self._sent:
            self._pipe.send(failure or self._whole(bytes(self._buffer), hint))
            return True
        if failure is None and self._buffer:
            self._send()
        self._pipe.send_bytes(b"")
        self._pipe.send(End(failure))
        return False

    def _whole(self, body: bytes, hint: Callable[[], str]) -> Whole:
        body = tidied(self._head.format, body, is_whole=True)
        is_empty = (
            body in (b"", b"[]", b"false") or body.endswith(_EMPTY) or body.count(b"\n") == _HEAD.get(self._head.format)
        )
        return Whole(self._head.kind, self._head.format, body, hint() if is_empty else "")


_GONE = Failure("gone", "The snapshot has been replaced by a newer one.")


class _TooLongError(Exception):
    pass


class _UnreadyError(Exception):
    pass


def serve(pipe: Pipe) -> None:
    """Answer what comes in, until the other side goes."""
    snapshot: Snapshot | None = None
    searches = Searches()
    while True:
        try:
            job = pipe.receive()
        except (EOFError, ConnectionResetError):
            return
        assert isinstance(job, Query | Batch | Lookup)
        queries = job.queries if isinstance(job, Batch) else (job,)
        folder = queries[0].snapshot
        if snapshot is not None and snapshot.folder != folder:
            snapshot.close()
            snapshot = None
        if snapshot is None:
            try:
                snapshot = Snapshot(folder)
            except (OSError, StoreError) as error:
                pipe.send(elsewhere.failure(error) if isinstance(error, StoreError) else _GONE)
                if len(queries) > 1:
                    pipe.send(Left())
                continue
        if isinstance(job, Lookup):
            pipe.send(look_up(job, snapshot, searches))
        elif isinstance(job, Query):
            answer(job, snapshot, searches, pipe)
        else:
            run(job, snapshot, searches, pipe)


def run(batch: Batch, snapshot: Snapshot, searches: Searches, pipe: Pipe) -> None:
    was_short = True
    for number, query in enumerate(batch.queries):
        # Who asks looks at the same clock after the deadline, and finds every answer that was sent before.
        if number and (not was_short or time.monotonic() > batch.deadline):
            pipe.send(Left())
            return
        was_short = answer(query, snapshot, searches, pipe)


def look_up(job: Lookup, snapshot: Snapshot, searches: Searches) -> object:
    # Only pages need these; queries start sooner without.
    from server import lookups

    search = searches.on(Path(snapshot.folder), snapshot.store)
    try:
        return lookups.run(job, snapshot.store, search)
    except StoreError as error:
        return elsewhere.failure(error)


def answer(query: Query, snapshot: Snapshot, searches: Searches, pipe: Pipe) -> bool:
    """Run a query and send its answer. Whether it was so short that it was sent as a whole."""
    try:
        found = _ask(query, snapshot, searches)
    except (RefusedError, QueryError, ServiceError, _UnreadyError, StoreError) as error:
        pipe.send(_failure(error))
        return True
    kind, offered, wanted = _kind(found, query)
    if wanted is None:
        pipe.send(Failure("not acceptable", formats.listing(tuple(offered.values()))))
        return True
    writer = Writer(pipe, Head(kind, wanted), query.size, query.rows)
    failure = None
    try:
        _serialize(found, writer, offered[wanted].engine, query)
    except _TooLongError as error:
        failure = Failure("too large", str(error))
    except (ValueError, OSError, RuntimeError) as error:
        failure = Failure("failed", f"The query can't be answered: {error}")
    except StoreError as error:
        failure = elsewhere.failure(error)
    return writer.end(failure, lambda: snapshot.hint(query))


def _failure(error: RefusedError | QueryError | ServiceError | _UnreadyError | StoreError) -> Failure:
    if isinstance(error, RefusedError):
        return Failure("refused", str(error))
    if isinstance(error, QueryError):
        is_malformed = isinstance(error.__cause__, SyntaxError | None)
        return Failure("malformed" if is_malformed else "failed", str(error))
    if isinstance(error, ServiceError):
        return Failure("late" if error.is_late else "unreachable", str(error))
    if isinstance(error, _UnreadyError):
        return Failure("unready", str(error))
    return elsewhere.failure(error)


def _ask(query: Query, snapshot: Snapshot, searches: Searches) -> Answer:
    if query.shape == WIKIBASE:
        shaped = snapshot.wikibase(query.base)

        def ask(text: str) -> Answer:
            return shaped.query(text, base=query.base, prefixes=_prefixes(query), union=False)

        return ask(services.expanded(query.text, ask, query.base, _prefixes(query)))
    store = snapshot.store
    dataset = None
    if query.default_graphs is not None or query.named_graphs is not None:
        dataset = (query.default_graphs or (), query.named_graphs or ())

    def run(text: str, prefixes: Mapping[str, str]) -> Answer:
        if snapshot.is_elsewhere:
            elsewhere.check_query(text, query.base, prefixes)

        def ask(text: str) -> Answer:
            return store.query(text, base=query.base, prefixes=prefixes, union=query.union, dataset=dataset)

        return ask(services.expanded(text, ask, query.base, prefixes))

    if "query" not in query.text:
        return run(query.text, v.PREFIXES)
    from kg.search import pattern

    search = searches.on(Path(snapshot.folder), store)
    return pattern.answer(
        run, query.text, search, base=query.base, prefixes=v.PREFIXES, union=query.union, dataset=dataset
    )


def _prefixes(query: Query) -> Mapping[str, str]:
    if query.shape != WIKIBASE:
        return v.PREFIXES
    from kg.wikibase.vocabulary import prefixes

    return prefixes(query.base)


def _serialize(
    found: Answer, writer: Writer, chosen: ox.RdfFormat | ox.QueryResultsFormat | None, query: Query
) -> None:
    # The engine wants a file; `write` and `flush` are all that it uses of it.
    file = cast(IO[bytes], writer)
    if not isinstance(found, ox.QueryTriples):
        assert isinstance(chosen, ox.QueryResultsFormat)
        found.serialize(file, chosen)
        return
    assert isinstance(chosen, ox.RdfFormat)
    if chosen in _PLAIN:
        found.serialize(file, chosen)
    else:
        ox.serialize(_limited(found, query.rows), file, chosen, prefixes=dict(_prefixes(query)))


def _limited(triples: ox.QueryTriples, most: int) -> Iterator[ox.Triple]:
    """The triples, of which there may be `most`: in formats whose lines are not triples, they are counted here."""
    for number, triple in enumerate(triples):
        if number == most:
            raise _TooLongError(_too_many(most))
        yield triple


def _too_many(most: int) -> str:
    return f"The answer has more than {most:,} rows, which is the limit here. Add a LIMIT."


def _kind(found: Answer, query: Query) -> tuple[Kind, Mapping[str, formats.Format], str | None]:
    if isinstance(found, ox.QueryTriples):
        return "graph", formats.GRAPHS, query.graph
    return "boolean" if isinstance(found, ox.QueryBoolean) else "solutions", formats.RESULTS, query.results


def confine(memory: int) -> None:
    """Bound this process: its memory (what it maps for itself, in bytes), and no core file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def end_with(end: int) -> None:
    """End this process when the other side of `end` is gone, whatever the engine is doing."""
    poll = select.poll()
    poll.register(end, select.POLLRDHUP)
    poll.poll()
    os._exit(0)


def main(end: int, memory: int, stack: int) -> None:
    confine(memory + stack)
    threading.Thread(target=end_with, args=(end,), daemon=True).start()
    # The engine parses and plans by recursion; where the stack ends, the process ends.
    threading.stack_size(stack)
    os.write(sys.stdout.fileno(), READY.pack(time.monotonic()))
    thread = threading.Thread(target=serve, args=(Pipe(socket.socket(fileno=end)),))
    thread.start()
    thread.join()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:4]))
