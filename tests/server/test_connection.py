"""What a connection may cost before it has sent a whole request."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from server import connection
from server.express import Express


class Nothing(Express):
    """Answers nothing the short way."""

    def __init__(self) -> None:
        pass

    def begin(self, *_: object) -> None:
        return None


class Protocol(connection.Protocol):
    express = Nothing()


async def ok(scope: dict[str, Any], receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


async def exchange(pieces: list[bytes], pause: float) -> tuple[bytes, float]:
    """What comes back to a client that sends pieces, and after how long the connection is closed."""
    config = uvicorn.Config(ok, lifespan="off", timeout_keep_alive=1)
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Protocol(config, state, {}), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        began = time.monotonic()
        try:
            for piece in pieces:
                writer.write(piece)
                await asyncio.sleep(pause)
            found = await reader.read()
        except ConnectionError:
            found = b""
        seconds = time.monotonic() - began
        writer.close()
    return found, seconds


def exchanged(pieces: list[bytes], pause: float) -> tuple[bytes, float]:
    """What `exchange` gives, in a thread of its own: where a browser was driven before, a loop runs in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, exchange(pieces, pause)).result()


def test_a_head_that_comes_in_drops_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_SILENCE", 0.5)
    drops = [b"GET / HTTP/1.1\r\n", *([b"X: y\r\n"] * 20)]
    found, seconds = exchanged(drops, 0.2)
    assert found == b""
    assert seconds < 4.5


def test_a_body_that_comes_in_drops_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_SILENCE", 0.5)
    drops = [b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n", *([b"x"] * 5)]
    found, _ = exchanged(drops, 0.2)
    assert found.endswith(b"ok")
