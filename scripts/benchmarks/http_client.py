"""A client that costs as little as Python allows: one connection that is kept, and no more of HTTP than is needed."""

from __future__ import annotations

import socket
from urllib.parse import quote


class Client:
    """Asks one SPARQL endpoint, by GET. Raises TimeoutError, and SystemExit where the answer is no 200."""

    def __init__(self, port: int, path: str, timeout: float) -> None:
        self._path = path
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._host = f"127.0.0.1:{port}"
        self._left = b""

    def request(self, query: str, accept: str) -> bytes:
        return (
            f"GET {self._path}?query={quote(query, safe='')} HTTP/1.1\r\nHost: {self._host}\r\nAccept: {accept}\r\n\r\n"
        ).encode()

    def ask(self, request: bytes) -> bytes:
        """The body of the answer."""
        self._socket.sendall(request)
        head = self._until(b"\r\n\r\n").lower()
        is_chunked = b"transfer-encoding: chunked" in head
        if is_chunked:
            body = b"".join(iter(self._chunk, b""))
        else:
            length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            body = self._exactly(length)
        if b" 200 " not in head[:16]:
            raise SystemExit(f"{self._host} answers {head.splitlines()[0]!r}: {body[:300]!r}")
        return body

    def close(self) -> None:
        self._socket.close()

    def _chunk(self) -> bytes:
        size = int(self._until(b"\r\n").split(b";")[0], 16)
        return self._exactly(size + 2)[:-2]

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._left:
            self._left += self._receive()
        found, _, self._left = self._left.partition(mark)
        return found

    def _exactly(self, size: int) -> bytes:
        pieces, have = [self._left], len(self._left)
        while have < size:
            pieces.append(self._receive())
            have += len(pieces[-1])
        found = b"".join(pieces)
        self._left = found[size:]
        return found[:size]

    def _receive(self) -> bytes:
        piece = self._socket.recv(1 << 18)
        if not piece:
            raise SystemExit(f"{self._host} closed the connection")
        return piece
