"""A process that answers HTTP: `python -m server.process LISTENER READY`, two inherited sockets.

The end of its input is the end of the server.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
import threading

import uvicorn

from server.app import create_app
from server.asgi import Bridge
from server.clients import Connections
from server.connection import Protocol
from server.serving import settings_of_this_process

_LINGER = 0.5
"""Seconds for which a process that is to stop still takes requests on the connections that it has."""


class _Server(uvicorn.Server):
    """Says on a socket when it is ready."""

    ready: socket.socket

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.ready.sendall(b"!")
            self.ready.close()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # A connection that came just now has not yet sent its request, and would be closed as idle.
        for listening in self.servers:
            listening.close()
        await asyncio.sleep(_LINGER)
        await super().shutdown(sockets)


def _end_with_the_server() -> None:
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)


def main(listener: int, ready: int) -> None:
    """Answer requests until SIGTERM, and then those that have begun."""
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    settings = settings_of_this_process()
    Protocol.clients = Connections(settings.connections)
    bridge = Bridge(create_app(settings))
    Protocol.express = bridge.express
    # What is there by now stays: nothing is gained by looking through it again and again.
    gc.collect()
    gc.freeze()
    config = uvicorn.Config(
        bridge,
        loop="uvloop",
        http=Protocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=True,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=10,
        limit_concurrency=2000,
    )
    server = _Server(config)
    server.ready = socket.socket(fileno=ready)
    server.run([socket.socket(fileno=listener)])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
