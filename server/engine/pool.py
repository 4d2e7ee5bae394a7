"""The processes that run queries: few, replaced when they end, with a short queue before them."""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import NoReturn, TypeVar

from server import metrics
from server.config import Config
from server.engine import elsewhere
from server.engine.messages import READY, End, Failure, Head, Kind, Left, Lookup, Query, Whole
from server.engine.pipe import Pipe
from server.errors import (
    BadGateway,
    BadRequest,
    Busy,
    Conflict,
    Failed,
    Forbidden,
    GatewayTimeout,
    Gone,
    Interrupted,
    NotAcceptable,
    Problem,
    TimedOut,
    TooLarge,
    Unmet,
)

T = TypeVar("T")

log = logging.getLogger("newsgraph.pool")

_PROBLEMS: dict[str, type[Problem]] = {
    "refused": Forbidden, "conflict": Conflict,
    "malformed": BadRequest, "not acceptable": NotAcceptable, "too large": TooLarge, "failed": Failed, "gone": Gone,
    "unreachable": BadGateway, "late": GatewayTimeout, "unmet": Unmet, "unready": Busy,
}  # fmt: skip
_STARTING = 20.0
"""Seconds within which a process must have started up. They are not those of its first query."""
_LOOK_AROUND = 0.1
"""Seconds between two looks of those who wait, at whether a heavy query should give way."""


def problem_of(failure: Failure) -> Problem:
    """A failure that another process told, as what the client gets."""
    return _PROBLEMS[failure.what](failure.reason)


class Departure:
    """Whether the client is still there, and its answer too. What was left behind is called when the client goes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []
        self._streams: list[Stream] = []
        self.has_left = False

    def watch(self, stream: Stream) -> None:
        """End what `stream` stands for when the client leaves."""
        self._streams.append(stream)
        self.then(stream.abandon)

    @property
    def is_in_vain(self) -> bool:
        """Whether an answer that the client is being sent has been ended meanwhile: it will never be complete."""
        return any(stream.is_ended for stream in self._streams)

    def leave(self) -> None:
        with self._lock:
            self.has_left = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def then(self, callback: Callable[[], None]) -> None:
        """Call `callback` when the client leaves, at once if it has."""
        with self._lock:
            if not self.has_left:
                self._callbacks.append(callback)
                return
        callback()


class Worker:
    """A process that runs queries, seen from the server. `ended` is why the server ended it, if it did."""

    def __init__(self, config: Config) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "server.engine.worker"]
        arguments = [str(theirs.fileno()), str(config.worker_memory), str(config.worker_stack)]
        with theirs:
            self.process = subprocess.Popen(
                command + arguments,
                pass_fds=[theirs.fileno()],
                env=elsewhere.environment(config),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
            )
        self.pipe = Pipe(ours)
        self._ready = 0.0
        self.since = 0.0
        self.ended: Problem | None = None

    def begin(self, patience: float = 0.0) -> bool:
        """Whether the process has started up, for which this waits so many seconds."""
        assert self.process.stdout is not None
        if self._ready:
            return True
        poll = select.poll()
        poll.register(self.process.stdout, select.POLLIN)
        if poll.poll(1000 * patience):
            told = os.read(self.process.stdout.fileno(), READY.size)
            # Nothing is told by one that has ended; its other socket shows that, too.
            self._ready = READY.unpack(told)[0] if told else time.monotonic()
        return bool(self._ready)

    @property
    def at_work(self) -> float:
        """Since when it works on its query, for the clock `time.monotonic`; now, if it still starts up."""
        return max(self.since, self._ready) if self.begin() else time.monotonic()

    def has_died(self) -> bool:
        """Whether the process, which was idle, has ended."""
        return self.process.poll() is not None

    def end(self, why: Problem) -> None:
        """End the process, whatever it is doing; who waits for it gets `why`."""
        if self.ended is None:
            self.ended = why
        self.process.kill()

    def bury(self) -> int:
        """The exit status, once the process has ended."""
        self.process.kill()
        self.pipe.close()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.process.wait()


class Pool:
    """Runs queries in worker processes, which it starts when they are needed, up to `config.workers`."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._changed = threading.Condition()
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._closed = False
        self._waiting = 0
        self._keep_ready()

    @property
    def size(self) -> tuple[int, int]:
        """How many workers are idle, and how many are busy."""
        with self._changed:
            return len(self._idle), len(self._busy)

    def query(self, query: Query, departure: Departure) -> Whole | Stream:
        """Run a query. Raises a Problem, or returns an answer of which the first piece is there."""
        stream = self._ask(query, departure)
        return stream.begin() or stream

    def spare(self) -> Worker | None:
        """A worker for who will `release` it, if there is one and nobody waits; else None. Raises a Problem."""
        with self._changed:
            worker = None if self._waiting else self._take()
            if worker is not None:
                worker.since = time.monotonic()
            return worker

    def look_up(self, lookup: Lookup, departure: Departure) -> object:
        """What a page shows; None if there is no such thing. Raises a Problem."""
        return self._ask(lookup, departure).value()

    def _ask(self, job: Query | Lookup, departure: Departure) -> Stream:
        stream = Stream(self, self._acquire(departure), self._config)
        departure.watch(stream)
        stream.send(job)
        return stream

    def close(self) -> None:
        with self._changed:
            self._closed = True
            workers = [*self._idle, *self._busy]
            self._idle.clear()
        for worker in workers:
            worker.end(Busy("The server is stopping."))
            worker.bury()

    def _acquire(self, departure: Departure) -> Worker:
        deadline = time.monotonic() + self._config.queue_time
        with self._changed:
            if self._waiting >= self._config.queue:
                raise Busy(f"{self._waiting} queries are waiting already. Try again in a moment.")
            self._waiting += 1
            metrics.WAITING.inc()
            try:
                while not (worker := self._take()):
                    if departure.has_left:
                        raise Busy("The client has left.")
                    if time.monotonic() > deadline:
                        raise Busy(
                            f"All {self._config.workers} workers were busy for {self._config.queue_time:g} s. "
                            "Try again in a moment."
                        )
                    self._make_way()
                    self._changed.wait(_LOOK_AROUND)
            finally:
                self._waiting -= 1
                metrics.WAITING.dec()
            worker.since = time.monotonic()
            return worker

    def _take(self) -> Worker | None:
        if self._closed:
            raise Busy("The server is stopping.")
        while self._idle and self._idle[-1].has_died():
            self._idle.pop().bury()
        if self._idle:
            worker = self._idle.pop()
        elif len(self._busy) < self._config.workers:
            worker = self._start()
        else:
            return None
        self._busy.add(worker)
        self._keep_ready()
        return worker

    def _keep_ready(self) -> None:
        """Start a worker before it is needed: one that is not idle when it is asked for makes somebody wait."""
        if not self._idle and len(self._busy) < self._config.workers:
            self._idle.append(self._start())

    def _start(self) -> Worker:
        metrics.STARTED.inc()
        return Worker(self._config)

    def _make_way(self) -> None:
        """Somebody waits: where heavy queries hold more than half of the workers, the youngest of them gives way."""
        now = time.monotonic()
        heavy = [worker for worker in self._busy if now - worker.at_work > self._config.heavy_after]
        running = [worker for worker in heavy if worker.ended is None]
        if len(heavy) == len(running) and len(running) > self._config.workers // 2:
            max(running, key=lambda worker: worker.since).end(
                Busy(
                    f"The server is busy with {len(running)} long queries, and this one had to give way "
                    f"after {self._config.heavy_after:g} s. Try again later."
                )
            )

    def release(self, worker: Worker, *, is_whole: bool) -> None:
        """Take a worker back; one that is not whole is replaced."""
        with self._changed:
            self._busy.discard(worker)
            if is_whole and worker.ended is None and not self._closed:
                self._idle.append(worker)
            elif not self._closed:
                self._keep_ready()
            self._changed.notify()
        if not is_whole or worker.ended is not None:
            # A process that has much memory takes its time to end, and nobody should wait for it.
            threading.Thread(target=_bury, args=(worker,), name=f"end of {worker.process.pid}", daemon=True).start()


def _bury(worker: Worker) -> None:
    log.info("worker %d ended with status %d", worker.process.pid, worker.bury())


def _time_is_up(config: Config) -> TimedOut:
    return TimedOut(
        f"The query was ended after {config.query_time:g} s, which is the limit here. Ask for less, or with a LIMIT."
    )


class Stream:
    """The answer to one query, as it comes: bytes in `format`, of which the first are there.

    Iterating gives the pieces, and raises Interrupted where the rest can't come. Who does not read to the end must
    `close` it.
    """

    kind: Kind
    format: str

    def __init__(
        self, pool: Pool, worker: Worker, config: Config, head: Head | None = None, *, others: bool = False
    ) -> None:
        """Of what the worker is doing, or will be told by `send`; `head` is what it has said of it already.

        `others`: it is going to say that it leaves the `others` of a batch.
        """
        self._pool = pool
        self._worker: Worker | None = worker
        self._config = config
        self._computing = 0.0
        self._begun = head
        self._others = others
        self._first = b""
        self._lock = threading.Lock()

    def send(self, job: Query | Lookup) -> None:
        """Tell the worker what to do. Raises a Problem."""
        worker = self._at_work()
        try:
            worker.pipe.send(job)
        except OSError as error:
            self._fail(worker, error)

    def fileno(self) -> int:
        """What becomes readable when the worker has something to say."""
        assert self._worker is not None
        return self._worker.pipe.fileno()

    @property
    def has_begun(self) -> bool:
        """Whether the worker has said something already, or nothing more will come from it."""
        return self._begun is not None or self._worker is None or self._worker.pipe.has_ended

    @property
    def is_ended(self) -> bool:
        """Whether the server has ended the query before its answer was complete."""
        worker = self._worker
        return worker is not None and worker.ended is not None

    @property
    def seconds_left(self) -> float:
        """How long the query may go on computing, if it has said nothing yet."""
        worker = self._worker
        return 0.0 if worker is None else worker.at_work + self._config.query_time - time.monotonic()

    def time_out(self) -> None:
        """End the query, because it took too long."""
        with self._lock:
            if self._worker is not None:
                self._worker.end(_time_is_up(self._config))

    def begin(self, *, is_ready: bool = False) -> Whole | None:
        """Wait for the first piece (no more, if it `is_ready`); the answer, if that is all of it."""
        head = self._head(is_ready)
        if isinstance(head, Head):
            self.kind, self.format = head.kind, head.format
            self._first = self._piece()
            return None
        self._done()
        assert isinstance(head, Whole)
        return head

    def value(self) -> object:
        found = self._head()
        self._done()
        return found

    def __iter__(self) -> Iterator[bytes]:
        piece = self._first
        while piece:
            yield piece
            try:
                piece = self._piece()
            except Problem as problem:
                raise Interrupted(str(problem)) from problem
        try:
            end = self._receive(self._at_work().pipe.receive)
        except Problem as problem:
            raise Interrupted(str(problem)) from problem
        assert isinstance(end, End)
        self._done()
        if end.failure is not None:
            raise Interrupted(end.failure.reason)

    def close(self) -> None:
        """Give the worker back, ended if the answer was not read to its end."""
        self._finish(is_whole=False)

    def abandon(self) -> None:
        """End the query, because nobody waits for it any more."""
        with self._lock:
            if self._worker is not None:
                self._worker.end(Busy("The client has left."))

    def _head(self, is_ready: bool = False) -> object:
        found = self._begun or self._receive(self._at_work().pipe.receive, is_ready)
        if isinstance(found, Left):
            self._finish(is_whole=True)
            raise Gone("The process did not come to this query in time.")
        if isinstance(found, Failure):
            self._done()
            raise problem_of(found)
        return found

    def _piece(self) -> bytes:
        return self._receive(self._at_work().pipe.receive_bytes)

    def _at_work(self) -> Worker:
        worker = self._worker
        if worker is None:
            raise Busy("The client has left.")
        return worker

    def _receive(self, receive: Callable[[], T], is_ready: bool = False) -> T:
        worker = self._at_work()
        worker.begin(_STARTING)
        if worker.ended is not None:
            self._fail(worker)
        began = time.monotonic()
        limit = self._config.query_time - self._computing
        transfer = self._config.transfer_time - (began - worker.since)
        try:
            if is_ready or worker.pipe.poll(max(0.0, min(limit, transfer))):
                return receive()
        except (EOFError, OSError) as error:
            self._fail(worker, error)
        finally:
            self._computing += time.monotonic() - began
        if transfer < limit:
            worker.end(TimedOut(f"The answer was not taken within {self._config.transfer_time:g} s."))
        else:
            worker.end(_time_is_up(self._config))
        self._fail(worker)

    def _fail(self, worker: Worker, error: OSError | EOFError | None = None) -> NoReturn:
        if worker.ended is not None:
            self._finish(is_whole=False)
            raise worker.ended
        if isinstance(error, ConnectionError):
            # It had ended before it read the query, which is not to blame.
            self._finish(is_whole=False)
            raise Gone("The process that was to run the query has ended.")
        status = worker.bury()
        self._finish(is_whole=False)
        if status == -signal.SIGSEGV:
            raise Failed("The engine can't work on this query: it is too deeply nested, or a chain in it is too long.")
        memory = self._config.worker_memory // 1_000_000
        raise Failed(f"The query ended its process, most likely because it needs more than {memory:,} MB of memory.")

    def _done(self) -> None:
        """The answer is complete, and the worker is free."""
        if self._others:
            self._receive(self._at_work().pipe.receive)
        self._finish(is_whole=True)

    def _finish(self, *, is_whole: bool) -> None:
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            self._pool.release(worker, is_whole=is_whole)
