"""What a connection may cost before it has sent a whole request."""

from __future__ import annotations

import asyncio
import sys
from http import HTTPStatus
from typing import Any, cast

from httptools import HttpParserInvalidMethodError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from server.asgi_types import Scope
from server.clients import Connections
from server.express import VISIT, Express, Visit
from server.faults import HEAD, too_long
from server.headers import COMMON

_PARTING = 10.0
"""Seconds within which a client must have taken the rest of an answer on a connection that is being closed."""
_LINGER = 2.0
"""Seconds for which a client that is refused may go on sending: a connection that is closed on it could take the answer
along."""
_SILENCE = 30.0
"""Seconds within which the head of a request must have come, and each further piece of its body."""


class _Together:
    """A transport that lets the head of a response wait for the first piece of its body: one packet, one system call.

    It has what uvicorn's protocol calls of a transport.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        # What is called most goes straight through.
        self.is_closing = transport.is_closing
        self.get_extra_info = transport.get_extra_info
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._head:
            data, self._head = self._head + bytes(data), b""
            self._transport.write(data)
        elif data[:5] == b"HTTP/" and data[9:12] != b"100":
            self._head = bytes(data)
        elif data:
            self._transport.write(data)

    def whole(self, response: bytes) -> None:
        """Write a head and a body that are together already."""
        self._transport.write(response)

    def end(self) -> None:
        """Nothing more will be written."""
        if self._transport.can_write_eof():
            self._transport.write_eof()

    def flush(self) -> None:
        """Write a head that has no body."""
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)

    def close(self) -> None:
        self.flush()
        self._transport.close()
        # Closing waits until everything is written, which a client that does not read would put off for ever.
        asyncio.get_running_loop().call_later(_PARTING, self._transport.abort)

    def abort(self) -> None:
        self._transport.abort()


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 with a limit on the size of a request's head, and on the time for which a client may say nothing."""

    clients = Connections(0)
    """Which clients have how many connections, of all that this process has."""
    express: Express
    """Answers the requests that may go the short way."""

    _visit: Visit | None = None
    _taken: Visit | None = None
    _later = b""
    _is_last = False
    _is_refused = False
    _client: str | None = None
    _size = 0
    _is_in_head = False
    _is_in_body = False
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        connected = cast(asyncio.Transport, transport)
        self._together = _Together(connected)
        super().connection_made(cast(asyncio.Transport, self._together))
        peer = transport.get_extra_info("peername")
        client = str(peer[0]) if peer else ""
        if self.clients.come(client):
            self._client = client
            self._wait()
        else:
            connected.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        if self._visit is not None:
            self._visit.leave()
        if self._client is not None:
            self.clients.go(self._client)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        if self._visit is not None:
            # What comes before the answer waits for it.
            self._later += data
            self.transport.pause_reading()
        elif self._is_in_head or self._is_in_body or not self._begins(data):
            self._feed(data)

    def _begins(self, data: bytes) -> bool:
        """Whether a request has come that is answered the short way, at least at first."""
        former = cast(RequestResponseCycle | None, self.cycle)
        if (former is not None and not former.response_complete) or self._is_full:
            return False
        visit = self.express.begin(data, self.client[0] if self.client else "", self._answered)
        if visit is None:
            return False
        self._unset_keepalive_if_required()
        self._stop_waiting()
        if visit.has_ended:
            self._end(visit)
        else:
            self._visit = visit
        return True

    @property
    def _is_full(self) -> bool:
        """Whether there are too many connections for uvicorn, which will say so."""
        return self.limit_concurrency is not None and len(self.connections) >= self.limit_concurrency

    def _answered(self, visit: Visit) -> None:
        """The short way has ended, not at once."""
        if self._visit is visit:
            self._visit = None
            self._end(visit)

    def _end(self, visit: Visit) -> None:
        """The short way has ended: with a response, or where the long way begins."""
        if self.transport.is_closing():
            visit.leave()
        elif visit.response is None:
            self._taken = visit
            self._feed(visit.data)
            if self._taken is not None:
                self._taken = None
                visit.leave()
        else:
            head = b"HTTP/1.1 200 OK\r\n"
            for name, value in self.server_state.default_headers:
                head += name + b": " + value + b"\r\n"
            if self._is_last:
                head += b"Connection: close\r\n"
            self._together.whole(head + visit.response)
            if self._is_last:
                self.transport.close()
            self.on_response_complete()
        if self._later:
            later, self._later = self._later, b""
            self.transport.resume_reading()
            self.data_received(later)

    def _feed(self, data: bytes) -> None:
        """Let uvicorn read a request."""
        if not self._is_in_body:
            self._size += len(data)
        super().data_received(data)
        if self.transport.is_closing() or self._is_refused:
            return
        if self._is_in_head and self._size > HEAD:
            self._refuse(*too_long(len(self.url)))
        elif self._is_in_body or (self._is_in_head and self._timer is None):
            # The head has its time as a whole: one that comes in drops is never waited for.
            self._wait()
        elif not self._is_in_head:
            self._stop_waiting()

    def shutdown(self) -> None:
        if self._visit is None:
            super().shutdown()
        else:
            self._is_last = True

    def send_400_response(self, msg: str) -> None:
        """Called while an error of the parser is handled."""
        if isinstance(sys.exception(), HttpParserInvalidMethodError):
            self._refuse(HTTPStatus.NOT_IMPLEMENTED, "There is no such method here.")
        elif self._is_in_head and len(self.url) > HEAD // 2:
            # It takes no longer ones apart.
            self._refuse(*too_long(len(self.url)))
        else:
            self._refuse(HTTPStatus.BAD_REQUEST, "This is no request as HTTP defines it.")

    def _refuse(self, status: HTTPStatus, reason: str) -> None:
        """Answer what is not even a request, and hear no more from the client."""
        self._is_refused = True
        headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": len(reason) + 1,
            "Connection": "close",
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in {**headers, **COMMON}.items())
        self._together.whole(f"HTTP/1.1 {status} {status.phrase}\r\n{lines}\r\n{reason}\n".encode())
        self._together.end()
        self._stop_waiting()
        self.loop.call_later(_LINGER, self.transport.abort)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head = True

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._is_in_head = False
        self._is_in_body = True
        self._size = 0

    def on_message_complete(self) -> None:
        self._is_in_body = False
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Begin to answer a request the long way, with what has come of it on the short one."""
        if self._taken is not None and app is self.app:
            cast(Scope, cycle.scope)[VISIT], self._taken = self._taken, None
        if self._is_last:
            cycle.keep_alive = False
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        self._together.flush()
        super().on_response_complete()

    def _wait(self) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(_SILENCE, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
