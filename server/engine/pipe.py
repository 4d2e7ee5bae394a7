"""Messages between the server and a process that runs queries, each with its length before it, over a socket."""

from __future__ import annotations

import pickle
import select
import socket

_LENGTH = 4
_MOST = 1 << 18
"""Bytes that are read at a time."""


class Pipe:
    """One end of it. Both ends trust each other: objects are pickled."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._read = b""
        self._ended: OSError | EOFError | None = None
        self.fileno = end.fileno
        self.close = end.close

    @property
    def has_ended(self) -> bool:
        """Whether the other end is known to be gone."""
        return self._ended is not None

    def send(self, message: object) -> None:
        """Raises OSError where the other end is gone."""
        self.send_bytes(pickle.dumps(message))

    def send_bytes(self, message: bytes | bytearray) -> None:
        """Raises OSError where the other end is gone."""
        self._socket.sendall(len(message).to_bytes(_LENGTH, "big") + message)

    def receive(self) -> object:
        """The next message, once it is there.

        Raises EOFError where the other end is gone, and ConnectionResetError where it did not read all that was sent.
        """
        return pickle.loads(self.receive_bytes())

    def receive_bytes(self) -> bytes:
        """As `receive`, for what is no object."""
        while (found := self._next()) is None:
            self._fill()
        return found

    def poll(self, seconds: float) -> bool:
        """Wait until something has come, or the other end is gone; False after so many seconds."""
        if self._read or self._ended:
            return True
        waiting = select.poll()
        waiting.register(self._socket, select.POLLIN)
        return bool(waiting.poll(1000 * seconds))

    def come(self) -> bytes | None:
        """The next message, if it is there. Raises as `receive`."""
        found = self._next()
        if found is None:
            try:
                self._fill(socket.MSG_DONTWAIT)
            except BlockingIOError:
                return None
            found = self._next()
        return found

    def _next(self) -> bytes | None:
        end = _LENGTH + int.from_bytes(self._read[:_LENGTH], "big")
        if len(self._read) < max(end, _LENGTH):
            return None
        found, self._read = self._read[_LENGTH:end], self._read[end:]
        return found

    def _fill(self, flags: int = 0) -> None:
        if self._ended is not None:
            raise self._ended
        try:
            piece = self._socket.recv(_MOST, flags)
        except BlockingIOError:
            raise
        except OSError as error:
            self._ended = error
            raise
        if not piece:
            self._ended = EOFError()
            raise self._ended
        self._read += piece
