"""The short way for what is asked most: a query by GET is answered on the event loop, with no thread and no Flask.

What it does not take goes the long way, and so does what is not answered at once; both give the same answers, and a
test compares them.
"""

from __future__ import annotations

import asyncio
import secrets
import select
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from urllib.parse import parse_qsl, unquote_plus

from server import formats, jsonld, metrics
from server.asgi_types import Scope
from server.clients import Rates
from server.compression import pack
from server.config import Config
from server.engine.engine import Answer, Engine, Prepared, Started
from server.engine.messages import Whole
from server.errors import Busy, Gone, Problem
from server.headers import COMMON, HINT, ascii_of
from server.logs import Entry, Logs

VISIT = "newsgraph.visit"
"""Where a request that goes the long way after all keeps what has come of it so far, in its ASGI scope."""
LARGE = 1 << 16
"""Bytes of an answer from which it is sent piece by piece."""
_RESULTS = tuple(formats.RESULTS.values())
_GRAPHS = tuple(formats.GRAPHS.values())
_ALL = (*_RESULTS, *_GRAPHS, formats.HTML)
_HANDLED = {b"accept", b"accept-encoding", b"host", b"connection", b"user-agent", b"accept-language", b"origin",
            b"referer", b"cache-control", b"pragma"}  # fmt: skip
_ALWAYS = {"Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding", **COMMON}
_REQUESTS = metrics.REQUESTS.labels("2xx")
_ONCE = select.EPOLLIN | select.EPOLLONESHOT
_PATIENCE = 0.05
"""Seconds for which a request waits for a worker, before it waits in a thread."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and the formats of its answer as keys of `server.formats`."""

    text: str
    results: str | None
    graph: str | None
    packed: bool


def asked(scope: Scope) -> Asked | None:
    """What a request asks, if it is a plain query by GET."""
    if scope["method"] != "GET" or scope["path"] != "/sparql" or scope.get("root_path"):
        return None
    accept = encoding = ""
    for name, value in scope["headers"]:
        if name == b"accept":
            accept = f"{accept},{value.decode('latin-1')}" if accept else value.decode("latin-1")
        elif name == b"accept-encoding":
            encoding = value.decode("latin-1")
        elif name not in _HANDLED:
            return None
    chosen = _formats(accept)
    text = _query(scope["query_string"])
    return None if chosen is None or text is None else Asked(text, *chosen, formats.accepts_gzip(encoding))


def _query(parameters: bytes) -> str | None:
    """The query, if that is the only parameter."""
    try:
        text = parameters.decode("ascii")
        if text.startswith("query=") and "&" not in text:
            return unquote_plus(text[6:], errors="strict")
        found = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        return None
    return found[0][1] if len(found) == 1 and found[0][0] == "query" else None


@lru_cache(maxsize=1024)
def _formats(accept: str) -> tuple[str | None, str | None] | None:
    """The formats of tables and of triples that a client prefers; None for one that wants a page, or nothing of these."""
    results, graph = formats.best(accept, _RESULTS), formats.best(accept, _GRAPHS)
    if (results is None and graph is None) or jsonld.PROFILE in accept or formats.best(accept, _ALL) is formats.HTML:
        return None
    return results.key if results else None, graph.key if graph else None


class Visit:
    """One request on the short way, and what has come of it so far.

    `response` is the whole response if it was made; else the request goes the long way, with `early` as the answer or
    the problem that there is already, and `wait` as the seconds for which its client, who asked too much, must wait.
    """

    __slots__ = (
        "asked", "early", "entry", "file", "has_ended", "has_left", "on_end", "prepared", "response", "started", "timer", "wait",
    )  # fmt: skip

    def __init__(self, asked: Asked, entry: Entry, on_end: Callable[[Visit], None]) -> None:
        self.asked = asked
        self.entry = entry
        self.on_end = on_end
        self.early: Answer | Problem | None = None
        self.wait = 0
        self.response: bytes | None = None
        self.prepared: Prepared | None = None
        self.started: Started | None = None
        self.file = -1
        self.timer: asyncio.TimerHandle | None = None
        self.has_left = self.has_ended = False

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


class _Ears:
    """Calls back once when a file has something to read; cheaper than a reader of the loop for each time."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._known: dict[int, Callable[[], None]] = {}
        self._is_heard = False

    def listen(self, file: int, callback: Callable[[], None]) -> None:
        if not self._is_heard:
            # Not sooner: only now there is a loop for sure.
            asyncio.get_running_loop().add_reader(self._epoll.fileno(), self._hear)
            self._is_heard = True
        self._known[file] = callback
        try:
            self._epoll.modify(file, _ONCE)
        except FileNotFoundError:
            self._epoll.register(file, _ONCE)

    def forget(self, file: int) -> None:
        """Call back no more."""
        self._known.pop(file, None)

    def _hear(self) -> None:
        for file, _ in self._epoll.poll(0):
            callback = self._known.pop(file, None)
            if callback is not None:
                callback()


class Express:
    """Answers what it can; leaves the rest to the long way."""

    def __init__(self, config: Config, engine: Engine, logs: Logs, rates: Rates) -> None:
        self._config = config
        self._engine = engine
        self._logs = logs
        self._rates = rates
        self._ears = _Ears()
        self._waiting: deque[Visit] = deque()

    def begin(self, scope: Scope, on_end: Callable[[Visit], None]) -> Visit | None:
        """Begin to answer a request, if it may go the short way. `on_end` is called when that has ended, maybe at once."""
        found = asked(scope)
        if found is None:
            return None
        client = (scope.get("client") or ("",))[0]
        entry = Entry(secrets.token_hex(8), client, "GET", scope["path"], time.monotonic(), query=found.text)
        visit = Visit(found, entry, on_end)
        visit.wait = self._rates.seconds_to_wait(client)
        if visit.wait:
            visit.end()
            return visit
        try:
            visit.prepared = self._engine.prepare(found.text, results=found.results, graph=found.graph)
        except Problem as problem:
            visit.early = problem
            visit.end()
            return visit
        cached = self._engine.cached(visit.prepared)
        if cached is not None:
            self._give(visit, cached)
        elif not self._start(visit):
            if self._engine.pool.is_full:
                visit.timer = asyncio.get_running_loop().call_later(_PATIENCE, self._give_up, visit)
                self._waiting.append(visit)
            else:
                visit.end()
        return visit

    def _start(self, visit: Visit) -> bool:
        """Give the query to an idle worker, if there is one."""
        assert visit.prepared is not None
        try:
            if visit.has_left:
                raise Busy("The client has left.")
            visit.started = self._engine.start(visit.prepared)
        except Problem as problem:
            visit.early = problem
            visit.end()
            return True
        if visit.started is None:
            return False
        if visit.timer is not None:
            visit.timer.cancel()
        stream = visit.started.stream
        visit.file = stream.fileno()
        self._ears.listen(visit.file, partial(self._hear, visit))
        visit.timer = asyncio.get_running_loop().call_later(self._config.query_time, self._time_out, visit)
        return True

    def _time_out(self, visit: Visit) -> None:
        """The query took too long. Its process is not waited for."""
        assert visit.started is not None
        left = visit.started.stream.seconds_left
        if left > 0:
            # Its process was still starting up.
            visit.timer = asyncio.get_running_loop().call_later(left, self._time_out, visit)
            return
        visit.started.stream.time_out()
        self._ears.forget(visit.file)
        self._hear(visit)

    def _give_up(self, visit: Visit) -> None:
        """No worker was free for a while."""
        self._waiting.remove(visit)
        visit.end()

    def _hear(self, visit: Visit) -> None:
        """The worker has something to say."""
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
        while self._waiting and self._start(self._waiting[0]):
            self._waiting.popleft()

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
    if visit.asked.packed and (packed := pack(body)) is not None:
        body = packed
        head += "Content-Encoding: gzip\r\n"
    head += f"Content-Length: {len(body)}\r\nX-Request-ID: {visit.entry.id}\r\n\r\n"
    visit.entry.sent = len(body)
    return head.encode("ascii") + body


@lru_cache(maxsize=64)
def _head(format: formats.Format) -> str:
    """The lines that all answers in this format have."""
    return "".join(f"{name}: {value}\r\n" for name, value in {"Content-Type": format.content_type, **_ALWAYS}.items())
