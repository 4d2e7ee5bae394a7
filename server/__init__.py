"""The server: SPARQL, the Graph Store Protocol, and a page for everything that the graph knows.

`create_app` gives the Flask application, `serve` runs it for production.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from server.config import Config

__all__ = ["create_app", "serve"]


# Imported when called: the processes that run queries import this package, and need none of this.


def create_app(config: Config | Mapping[str, object]) -> Flask:
    """The application, with its own worker processes; see `server.app.create_app`."""
    from server.app import create_app

    return create_app(config)


def serve(store: str | Path, host: str = "127.0.0.1", port: int = 8000, **settings: object) -> None:
    """Serve a graph until SIGTERM or SIGINT; see `server.serving.serve`."""
    from server.serving import serve

    serve(store, host, port, **settings)
