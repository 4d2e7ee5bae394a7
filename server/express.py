"""The short way for what is asked most: a query alone, by GET or by POST, is answered on the event loop, with no thread,
no Flask, and no parser of HTTP.

What it does not take goes the long way, and so does what is not answered at once; both give the same answers, and a
test compares them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import lru_cache, partial

from server import formats, metrics
from server.asked import Asked, asked
from server.clients import Rates
from server.compression import pack
from server.config import Config
from server.engine.engine import Answer, Engine, Prepared, Started
from server.engine.messages import Failure, Query, Whole
from server.engine.pool import Stream
from server.errors import Gone, Problem
from server.headers import COMMON, HINT, ascii_of
from server.lane import Ears, Lane
from server.logs import IDS, Entry, Logs

VISIT = "newsgraph.visit"
"""Where a request that goes the long way after all keeps what has come of it so far, in its ASGI scope."""
LARGE = 1 << 16
"""Bytes of an answer from which it is sent piece by piece."""
_ALWAYS = {"Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding", **COMMON}
_REQUESTS = metrics.REQUESTS.labels("2xx")


class Visit:
    """One request on the short way, a turn of `server.lane`, and what has come of it so far.

    `data` is the request. `response` is the whole response if it was made; else the request goes the long way, with
    `early` as the answer or the problem that there is already, and `wait` as the seconds for which its client, who asked
    too much, must wait.
    """

    __slots__ = (
        "asked", "data", "early", "entry", "express", "has_ended", "has_left", "on_end", "prepared", "response", "started",
        "timer", "wait",
    )  # fmt: skip

    def __init__(
        self, express: Express, data: bytes, asked: Asked, entry: Entry, on_end: Callable[[Visit], None]
    ) -> None:
        self.express = express
        self.data = data
        self.asked = asked
        self.entry = entry
        self.on_end = on_end
        self.early: Answer | Problem | None = None
        self.wait = 0
        self.response: bytes | None = None
        self.prepared: Prepared | None = None
        self.started: Started | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.has_left = self.has_ended = False

    @property
    def query(self) -> Query:
        assert self.prepared is not None
        return self.prepared.query

    def settle(self, found: Whole | Failure) -> None:
        self.express.settle(self, found)

    def begin(self, stream: Stream) -> None:
        self.express.follow(self, stream)

    def send_away(self) -> None:
        self.end()

    def end(self) -> None:
        """The short way has ended."""
        if self.timer is not None:
            self.timer.cancel()
        self.has_ended = True
        self.on_end(self)

    def leave(self) -> None:
        """The client is gone: nobody waits for the answer any more."""
        self.has_left = True
        if self.started is not None:
            self.started.stream.abandon()


class Express:
    """Answers what it can; leaves the rest to the long way."""

    def __init__(self, config: Config, engine: Engine, logs: Logs, rates: Rates) -> None:
        self._config = config
        self._engine = engine
        self._logs = logs
        self._rates = rates
        self._ears = Ears()
        self._lane = Lane(engine.pool, config, self._ears)

    def begin(self, data: bytes, client: str, on_end: Callable[[Visit], None]) -> Visit | None:
        """Begin to answer a request, if it may go the short way. `on_end` is called when that has ended, maybe at once."""
        found = asked(data)
        if found is None:
            return None
        method = data[: data.index(b" ")].decode()
        entry = Entry(next(IDS), client, method, "/sparql", time.monotonic(), query=found.text)
        visit = Visit(self, data, found, entry, on_end)
        visit.wait = self._rates.seconds_to_wait(client)
        if visit.wait:
            visit.end()
            return visit
        try:
            visit.prepared = self._engine.prepare(found.text, results=found.wanted.results, graph=found.wanted.graph)
        except Problem as problem:
            visit.early = problem
            visit.end()
            return visit
        cached = self._engine.cached(visit.prepared)
        if cached is None:
            self._lane.join(visit)
        else:
            self._give(visit, cached)
        return visit

    def settle(self, visit: Visit, found: Whole | Failure) -> None:
        """A worker has answered."""
        assert visit.prepared is not None
        try:
            self._give(visit, self._engine.settle(visit.prepared, found))
        except Gone:
            visit.end()
        except Problem as problem:
            visit.early = problem
            visit.end()

    def follow(self, visit: Visit, stream: Stream) -> None:
        """A worker takes longer."""
        assert visit.prepared is not None
        visit.started = Started(visit.prepared, stream)
        if visit.has_left:
            visit.leave()
        if stream.has_begun:
            self._hear(visit)
        else:
            self._ears.listen(stream.fileno(), partial(self._hear, visit))
            visit.timer = asyncio.get_running_loop().call_later(stream.seconds_left, self._time_out, visit)

    def _time_out(self, visit: Visit) -> None:
        """The query took too long. Its process is not waited for."""
        assert visit.started is not None
        stream = visit.started.stream
        left = stream.seconds_left
        if left > 0:
            # Its process was still starting up.
            visit.timer = asyncio.get_running_loop().call_later(left, self._time_out, visit)
            return
        self._ears.forget(stream.fileno())
        stream.time_out()
        self._hear(visit)

    def _hear(self, visit: Visit) -> None:
        """The worker that takes longer has something to say."""
        assert visit.started is not None
        answer: Answer | None = None
        try:
            answer = self._engine.finish(visit.started)
        except Gone:
            pass
        except Problem as problem:
            visit.early = problem
        if isinstance(answer, Whole):
            self._give(visit, answer)
        else:
            visit.early = visit.early or answer
            visit.end()

    def _give(self, visit: Visit, answer: Whole) -> None:
        if len(answer.body) > LARGE:
            visit.early = answer
        else:
            visit.response = _response(visit, answer)
            visit.entry.status = 200
            _REQUESTS.inc()
            self._logs.write(visit.entry)
        visit.end()


def _response(visit: Visit, answer: Whole) -> bytes:
    """The response but for its first line, its date, and whether the connection is kept."""
    assert visit.prepared is not None
    body = answer.body
    head = _head((formats.GRAPHS if answer.kind == "graph" else formats.RESULTS)[answer.format])
    if answer.hint:
        head += f"{HINT}: {ascii_of(answer.hint)}\r\n"
    if visit.prepared.tag is not None:
        head += f'ETag: W/"{visit.prepared.tag}"\r\n'
    if visit.asked.wanted.packed and (packed := pack(body)) is not None:
        body = packed
        head += "Content-Encoding: gzip\r\n"
    head += f"Content-Length: {len(body)}\r\nX-Request-ID: {visit.entry.id}\r\n\r\n"
    visit.entry.sent = len(body)
    return head.encode("ascii") + body


@lru_cache(maxsize=64)
def _head(format: formats.Format) -> str:
    """The lines that all answers in this format have."""
    return "".join(f"{name}: {value}\r\n" for name, value in {"Content-Type": format.content_type, **_ALWAYS}.items())
