"""The short way for what is asked most: a query alone, by GET or by POST, is answered on the event loop, with no thread
and no Flask, and is found in the bytes of the request, without a parser.

What it does not take goes the long way, and so does what is not answered at once; both give the same answers, and a
test compares them.
"""

from __future__ import annotations

import asyncio
import binascii
import re
import select
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

from server import formats, jsonld, metrics
from server.clients import Rates
from server.compression import pack
from server.config import Config
from server.engine.engine import Answer, Engine, Prepared, Started
from server.engine.messages import Whole
from server.errors import Busy, Gone, Problem
from server.headers import COMMON, HINT, ascii_of
from server.logs import IDS, Entry, Logs

VISIT = "newsgraph.visit"
"""Where a request that goes the long way after all keeps what has come of it so far, in its ASGI scope."""
LARGE = 1 << 16
"""Bytes of an answer from which it is sent piece by piece."""
_GET, _POST, _VERSION = b"GET /sparql?query=", b"POST /sparql", b" HTTP/1.1"
_FORM, _QUERY = b"application/x-www-form-urlencoded", b"application/sparql-query"
_HEADERS = 4096
"""The most bytes of headers that are read here."""
_HEADER = re.compile(rb"([a-z-]+):[ \t]*([\x20-\x7e\t]*)", re.IGNORECASE)
_VALUE = re.compile(rb"[^\x00-\x20\"#&<>\x7f-\xff]*")
"""The value of the one parameter that there is, as every parser of HTTP takes it."""
_RESULTS = tuple(formats.RESULTS.values())
_GRAPHS = tuple(formats.GRAPHS.values())
_ALL = (*_RESULTS, *_GRAPHS, formats.HTML)
_HANDLED = {b"accept", b"accept-encoding", b"host", b"user-agent", b"accept-language", b"origin", b"referer",
            b"cache-control", b"pragma", b"content-type", b"content-length", b"connection"}  # fmt: skip
_ALWAYS = {"Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding", **COMMON}
_REQUESTS = metrics.REQUESTS.labels("2xx")
_ONCE = select.EPOLLIN | select.EPOLLONESHOT
_PATIENCE = 0.05
"""Seconds for which a request waits for a worker, before it waits in a thread."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the headers of a request say: the formats of its answer as keys of `server.formats`, and of its body."""

    results: str | None
    graph: str | None
    packed: bool
    kind: bytes | None
    length: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and how its answer is wanted."""

    text: str
    wanted: Wanted


def asked(data: bytes) -> Asked | None:
    """What a request asks, if it has come whole and is a plain query."""
    head, end, body = data.partition(b"\r\n\r\n")
    line, _, headers = head.partition(b"\r\n")
    if not end or len(headers) > _HEADERS or not line.endswith(_VERSION):
        return None
    wanted = _wanted(headers)
    if wanted is None or wanted.length != len(body):
        return None
    target = line[: -len(_VERSION)]
    text = None
    if target.startswith(_GET):
        text = None if wanted.kind or body else _decoded(target[len(_GET) :])
    elif target == _POST and wanted.kind == _FORM and body.startswith(b"query="):
        text = _decoded(body[len(b"query=") :])
    elif target == _POST and wanted.kind == _QUERY:
        text = _utf8(body)
    return None if text is None else Asked(text, wanted)


def _decoded(value: bytes) -> str | None:
    """The value of a parameter; None where it is none, or needs more care.

    As `urllib.parse.unquote_plus`, in a tenth of its time: quoted-printable differs from percent-encoding in one sign.
    """
    if not _VALUE.fullmatch(value):
        return None
    text = binascii.a2b_qp(value.replace(b"=", b"=3D").replace(b"%", b"=").replace(b"+", b" "))
    # What is no pair of hexadecimal digits stays as it is.
    return _utf8(text) if len(text) == len(value) - 2 * value.count(b"%") else None


def _utf8(text: bytes) -> str | None:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return None


@lru_cache(maxsize=1024)
def _wanted(headers: bytes) -> Wanted | None:
    """What the headers say; None where they say more than is understood here."""
    found: dict[bytes, str] = {}
    for line in headers.split(b"\r\n"):
        match = _HEADER.fullmatch(line)
        name = match[1].lower() if match else b""
        if match is None or name not in _HANDLED or name in found:
            return None
        found[name] = match[2].decode("ascii").strip()
    accept = found.get(b"accept", "")
    length = found.get(b"content-length", "0")
    chosen = _formats(accept)
    if (
        chosen is None
        or b"host" not in found
        or not length.isdigit()
        or found.get(b"connection", "keep-alive").lower() != "keep-alive"
    ):
        return None
    kind = found.get(b"content-type")
    return Wanted(
        *chosen,
        formats.accepts_gzip(found.get(b"accept-encoding", "")),
        None if kind is None else kind.lower().encode(),
        int(length),
    )


def _formats(accept: str) -> tuple[str | None, str | None] | None:
    """The formats of tables and of triples that a client prefers; None for one that wants a page, or nothing of these."""
    results, graph = formats.best(accept, _RESULTS), formats.best(accept, _GRAPHS)
    if (results is None and graph is None) or jsonld.PROFILE in accept or formats.best(accept, _ALL) is formats.HTML:
        return None
    return results.key if results else None, graph.key if graph else None


class Visit:
    """One request on the short way, and what has come of it so far.

    `data` is the request. `response` is the whole response if it was made; else the request goes the long way, with `early` as the answer or
    the problem that there is already, and `wait` as the seconds for which its client, who asked too much, must wait.
    """

    __slots__ = (
        "asked", "data", "early", "entry", "file", "has_ended", "has_left", "on_end", "prepared", "response", "started", "timer", "wait",
    )  # fmt: skip

    def __init__(self, data: bytes, asked: Asked, entry: Entry, on_end: Callable[[Visit], None]) -> None:
        self.data = data
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

    def begin(self, data: bytes, client: str, on_end: Callable[[Visit], None]) -> Visit | None:
        """Begin to answer a request, if it may go the short way. `on_end` is called when that has ended, maybe at once."""
        found = asked(data)
        if found is None:
            return None
        entry = Entry(next(IDS), client, data[:4].decode().rstrip(), "/sparql", time.monotonic(), query=found.text)
        visit = Visit(data, found, entry, on_end)
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
