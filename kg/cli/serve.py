"""`kg serve`"""

from __future__ import annotations

import socket
from pathlib import Path

import click

from kg.cli import options, terminal
from kg.errors import NewsgraphError, UsageError


@click.command("serve", short_help="Serve the graph over HTTP.")
@options.store
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option(
    "--default-graph",
    type=click.Choice(["union", "unnamed"]),
    default="union",
    show_default=True,
    help="What a query sees that names no graph: all of them together, or only the unnamed one.",
)
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file that holds the token which allows writing.",
)
def command(store: str, host: str, port: int, default_graph: str, token_file: Path | None) -> int:
    """Serve the graph over HTTP: SPARQL at /sparql, and a page for each entity and article.

    Without a token, in KG_TOKEN or --token-file, the server is read-only. It shows what kg add brings while it runs.

    \b
    Example:
      kg serve
      curl http://localhost:8000/sparql --data-urlencode 'query=ASK { ?person a ng:Person }'
    """
    options.require(store)
    settings: dict[str, object] = {"default_graph": default_graph}
    if token_file:
        token = token_file.read_text(encoding="utf-8").strip()
        if not token:
            raise UsageError(f"{token_file} holds no token")
        settings["tokens"] = {"default": token}
    _check_that_it_is_free(host, port)
    from server.serving import serve

    address = f"[{host}]" if ":" in host else host
    terminal.text(f"Serving {store} at http://{address}:{port}/ until Ctrl-C")
    serve(store, host, port, **settings)
    return 0


def _check_that_it_is_free(host: str, port: int) -> None:
    """Raises NewsgraphError where nobody can listen there, before processes are started for it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise NewsgraphError(f"can't listen on {host}, port {port}: {reason}. Choose others: --host, --port") from error
