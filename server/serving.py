"""`kg serve`: the processes of a server, from start to end."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import uvicorn

from server.app import create_app
from server.asgi import Bridge
from server.config import Config, tokens_from
from server.connection import Protocol
from server.engine.supervisor import Supervisor

_SETTINGS = "NEWSGRAPH_SERVER"
"""The variable in which the processes that answer HTTP get their settings from the one that starts them."""


def serve(store: str | Path, host: str = "127.0.0.1", port: int = 8000, **settings: object) -> None:
    """Serve the graph in the folder `store` until SIGTERM or SIGINT; SIGHUP replaces the processes one by one.

    `settings` are those of `server.config.Config`; the token for writing is that of KG_TOKEN unless they have one.
    Raises StoreError where the store can't be opened, and UsageError where a setting is wrong.
    """
    config = Config.of({"store": store, "tokens": tokens_from(), **settings})
    supervisor = Supervisor(config)
    # The HTTP server gives the signal that stopped it back to whoever handled it before.
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        os.environ[_SETTINGS] = _encode(dataclasses.replace(config, runtime=supervisor.runtime))
        uvicorn.run(
            "server.serving:application",
            factory=True,
            host=host,
            port=port,
            workers=config.processes,
            loop="uvloop",
            http=Protocol,
            ws="none",
            lifespan="on",
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=10,
            limit_concurrency=1000,
        )
    except SystemExit as end:
        if end.code:
            raise
    finally:
        del os.environ[_SETTINGS]
        supervisor.stop()


def _stop(number: int, frame: object) -> None:
    sys.exit(0)


def application() -> Bridge:
    """What each of the processes runs."""
    return Bridge(create_app(_decode(os.environ[_SETTINGS])))


def _encode(config: Config) -> str:
    values = {field.name: getattr(config, field.name) for field in dataclasses.fields(config)}
    values["tokens"] = dict(config.tokens)
    return json.dumps(values, default=str)


def _decode(text: str) -> Mapping[str, object]:
    values: dict[str, object] = json.loads(text)
    values["runtime"] = Path(str(values["runtime"]))
    return values
