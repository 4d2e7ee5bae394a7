"""Runs the Flask application under an ASGI server: docs/decisions/server.md has why.

The body of a request is read before a thread is taken for it, so that slow clients cost no thread. An answer that is
streamed leaves as fast as the client takes it. When the client goes, the query that ran for it is ended. An answer
that can't be completed ends without its last chunk.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import itertools
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from flask import Flask

from server import metrics
from server.app import DEPARTURE, EARLY, LOG
from server.asgi_types import Message, Receive, Scope, Send
from server.clients import Rates
from server.config import Config
from server.engine.engine import Engine
from server.engine.pool import Departure
from server.errors import Interrupted
from server.express import LARGE, VISIT, Express, Visit
from server.faults import fault
from server.headers import COMMON
from server.logs import IDS, Entry, Logs
from server.tokens import name_of, secret_in

log = logging.getLogger("newsgraph.http")

Headers = list[tuple[str, str]]

_IN_MEMORY = 1 << 20
_ENCODED = 3
"""How many bytes of a form one byte of a query may take."""
_OTHER_PARAMETERS = 1 << 16
_STEP = 0.25
"""Seconds between two looks of a thread that waits for its client."""
_SPARE_THREADS = 8
"""Threads for what needs no worker: pages of the ontology, errors, health."""


class Bridge:
    """An ASGI application that runs a WSGI one in threads."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._config: Config = app.config["NEWSGRAPH"]
        self._engine: Engine = app.extensions["newsgraph"]
        self._logs = Logs(self._config)
        self._rates = Rates(self._config.rate, self._config.burst)
        self.express = Express(self._config, self._engine, self._logs, self._rates)
        self._threads = concurrent.futures.ThreadPoolExecutor(
            self._config.workers + self._config.queue + _SPARE_THREADS, "request"
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._handle(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            else:
                self._engine.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit: Visit | None = scope.get(VISIT)
        client = (scope.get("client") or ("",))[0]
        if visit is None:
            entry = Entry(next(IDS), client, scope["method"], scope["path"], time.monotonic())
            wait = self._rates.seconds_to_wait(client)
        else:
            entry, wait = visit.entry, visit.wait

        async def logged(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", entry.id.encode())]
            else:
                entry.sent += len(message.get("body", b""))
            await send(message)

        try:
            if wait:
                reason = f"More requests than the {self._config.rate} a second that are allowed here; wait {wait} s.\n"
                await _refuse(logged, 429, reason, (b"retry-after", str(wait).encode()))
            elif found := fault(scope):
                await _refuse(logged, found[0], f"{found[1]}\n")
            else:
                await self._answer(scope, receive, logged, entry, visit)
        finally:
            metrics.REQUESTS.labels(f"{entry.status // 100}xx" if entry.status else "none").inc()
            self._logs.write(entry)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, entry: Entry, visit: Visit | None) -> None:
        loop = asyncio.get_running_loop()
        departure = Departure()
        watch = _Watch(loop, receive, departure)
        environ: dict[str, Any] = {DEPARTURE: departure, LOG: entry}
        try:
            body = await self._body(scope, receive, send)
            if body is None:
                if visit is not None:
                    visit.leave()
                return
            if visit is not None:
                if visit.started is not None:
                    departure.watch(visit.started.stream)
                environ[EARLY] = visit.early
            watch.begin()
            with body:
                environ.update(_environ(scope, body))
                call = _Call(self._app, environ, loop, send, self._config.stall_time, departure)
                for message in await loop.run_in_executor(self._threads, call.run):
                    await send(message)
        finally:
            watch.end()

    async def _body(self, scope: Scope, receive: Receive, send: Send) -> IO[bytes] | None:
        """The body of the request; None if it was refused, or if the client left."""
        limit = self._limit(scope)
        body = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (returned)
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        size = int(declared) if declared.isdigit() else 0
        more = True
        while more and size <= limit:
            message = await receive()
            if message["type"] == "http.disconnect":
                body.close()
                return None
            body.write(message.get("body", b""))
            more = message.get("more_body", False)
            size = max(size, body.tell())
        if size > limit:
            body.close()
            without = "" if limit == self._config.body_size else " without the token"
            await _refuse(send, 413, f"The body is longer than {limit:,} bytes, which is the limit here{without}.\n")
            return None
        body.seek(0)
        return body

    def _limit(self, scope: Scope) -> int:
        """How long the body may be: who may not write has nothing longer to send than a query."""
        config = self._config
        header = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"), None)
        if name_of(secret_in(header), config.tokens) is not None:
            return config.body_size
        return min(config.body_size, _ENCODED * config.query_size + _OTHER_PARAMETERS)


class _Call:
    """One call of the WSGI application, in a thread."""

    def __init__(
        self,
        app: Flask,
        environ: dict[str, Any],
        loop: asyncio.AbstractEventLoop,
        send: Send,
        stall: float,
        departure: Departure,
    ) -> None:
        self._app = app
        self._environ = environ
        self._loop = loop
        self._send = send
        self._stall = stall
        self._departure = departure
        self._start: Message = {}
        self._written: list[bytes] = []
        """What is written before the body, which PEP 3333 allows."""
        self._sending: concurrent.futures.Future[None] | None = None

    def run(self) -> list[Message]:
        """Send the response but for what is returned: all of a short one, nothing of one that can't be completed."""
        response = self._app(self._environ, self._start_response)
        pieces: Iterable[bytes] = itertools.chain(self._written, response)
        try:
            if isinstance(response, list | tuple) or self._is_short:
                body = b"".join(pieces)
                if len(body) <= LARGE:
                    return [self._start, {"type": "http.response.body", "body": body}]
                pieces = (body[place : place + LARGE] for place in range(0, len(body), LARGE))
            self._out(self._start)
            for piece in pieces:
                self._out({"type": "http.response.body", "body": piece, "more_body": True})
            self._settle()
            return [{"type": "http.response.body", "body": b""}]
        except Interrupted as interrupted:
            log.info("an answer was broken off: %s", interrupted)
        except TimeoutError:
            log.info("an answer was broken off: the client took nothing for %g s", self._stall)
        finally:
            close = getattr(response, "close", None)
            if close is not None:
                close()
        return []

    @property
    def _is_short(self) -> bool:
        return any(name == b"content-length" for name, _ in self._start["headers"])

    def _start_response(self, status: str, headers: Headers, exc_info: object = None) -> Callable[[bytes], object]:
        self._start = {
            "type": "http.response.start",
            "status": int(status[:3]),
            "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        }
        return self._written.append

    def _out(self, message: Message) -> None:
        """Begin to send a message, once the one before is sent: the next piece is got ready meanwhile."""
        self._settle()
        self._sending = asyncio.run_coroutine_threadsafe(_send(self._send, message), self._loop)

    def _settle(self) -> None:
        """Wait until what was begun to be sent is sent.

        Raises TimeoutError where the client does not take it, and Interrupted where it never will.
        """
        sending, self._sending = self._sending, None
        deadline = time.monotonic() + self._stall
        while sending is not None:
            try:
                sending.result(_STEP)
                return
            except TimeoutError:
                # A client that reads nothing must not keep a thread when its query gave way to others.
                is_in_vain = self._departure.is_in_vain
                if is_in_vain or time.monotonic() > deadline:
                    sending.cancel()
                    if is_in_vain:
                        raise Interrupted("The query was ended while its answer was not taken.") from None
                    raise


async def _send(send: Send, message: Message) -> None:
    await send(message)


class _Watch:
    """Tells when the client leaves."""

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Receive, departure: Departure) -> None:
        self._loop = loop
        self._receive = receive
        self._departure = departure
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._task = self._loop.create_task(self._watch())

    def end(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._departure.leave()


async def _refuse(send: Send, status: int, reason: str, *more: tuple[bytes, bytes]) -> None:
    body = reason.encode()
    common = [(name.lower().encode(), value.encode()) for name, value in COMMON.items()]
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode()),
               (b"connection", b"close"), *common, *more]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _environ(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """The request as PEP 3333 has it."""
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope.get("root_path", ""),
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = "HTTP_" + key
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ
