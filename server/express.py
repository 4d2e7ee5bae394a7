"""The short way for what is asked most: a query by GET is answered on the event loop, with no thread and no Flask.

What it does not take goes the long way; both give the same answers, and a test compares them.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from urllib.parse import parse_qsl

from server import formats, jsonld
from server.asgi_types import Message, Scope
from server.compression import pack
from server.config import Config
from server.engine.engine import Answer, Engine
from server.engine.messages import Whole
from server.engine.pool import Departure
from server.errors import Gone, Problem
from server.headers import COMMON, HINT, ascii_of

_RESULTS = tuple(formats.RESULTS.values())
_GRAPHS = tuple(formats.GRAPHS.values())
_ALL = (*_RESULTS, *_GRAPHS, formats.HTML)
_HANDLED = {b"accept", b"accept-encoding", b"host", b"connection", b"user-agent", b"accept-language", b"origin",
            b"referer", b"cache-control", b"pragma"}  # fmt: skip
_COMMON = [(name.lower().encode(), value.encode()) for name, value in COMMON.items()]
_ALWAYS = [(b"cache-control", b"no-cache"), (b"vary", b"Accept, Accept-Encoding"), *_COMMON]


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
    try:
        parameters = parse_qsl(scope["query_string"].decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        return None
    if len(parameters) != 1 or parameters[0][0] != "query":
        return None
    results, graph = formats.best(accept, _RESULTS), formats.best(accept, _GRAPHS)
    if (results is None and graph is None) or jsonld.PROFILE in accept or formats.best(accept, _ALL) is formats.HTML:
        return None
    packed = formats.accepts_gzip(encoding)
    return Asked(parameters[0][1], results.key if results else None, graph.key if graph else None, packed)


class Express:
    """Answers what it can; gives back what it began, for the long way to end."""

    def __init__(self, config: Config, engine: Engine) -> None:
        self._config = config
        self._engine = engine

    async def answer(self, request: Asked, departure: Departure) -> list[Message] | Answer | Problem | None:
        """The response of a short answer; else the answer or the problem, if there is one already."""
        engine = self._engine
        try:
            started = engine.start(request.text, request.results, request.graph)
        except Problem as problem:
            return problem
        if started is None:
            return None
        if isinstance(started, Whole):
            return self._response(request, started)
        stream = started.stream
        departure.watch(stream)
        loop = asyncio.get_running_loop()
        ready = loop.create_future()
        handle = stream.fileno()
        loop.add_reader(handle, _done, ready)
        timer = loop.call_later(self._config.query_time, stream.time_out)
        try:
            await ready
        finally:
            timer.cancel()
            loop.remove_reader(handle)
            # The loop made it non-blocking; what reads the rest of a message waits for it.
            os.set_blocking(handle, True)
        try:
            answer = engine.finish(started)
        except Gone:
            return None
        except Problem as problem:
            return problem
        return self._response(request, answer) if isinstance(answer, Whole) else answer

    def _response(self, request: Asked, answer: Whole) -> list[Message]:
        found = (formats.GRAPHS if answer.kind == "graph" else formats.RESULTS)[answer.format]
        body = answer.body
        headers = [(b"content-type", found.content_type.encode()), *_ALWAYS]
        if answer.hint:
            headers.append((HINT.lower().encode(), ascii_of(answer.hint).encode()))
        tag = self._engine.tag_of(request.text, request.results, request.graph, None)
        if tag is not None:
            headers.append((b"etag", f'W/"{tag}"'.encode()))
        if request.packed and (packed := pack(body)) is not None:
            body = packed
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(body)).encode()))
        return [
            {"type": "http.response.start", "status": 200, "headers": headers},
            {"type": "http.response.body", "body": body},
        ]


def _done(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
