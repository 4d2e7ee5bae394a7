"""`kg serve`"""

from __future__ import annotations

import os
import socket
from pathlib import Path

import click
from click.core import ParameterSource

from kg.cli import options, settings, terminal
from kg.errors import NewsgraphError, UsageError


@click.command("serve", short_help="Serve the graph over HTTP.")
@options.store
@options.base
@click.option("--host", default="127.0.0.1", envvar="KG_HOST", show_default=True, help=settings.TEXTS["host"])
@click.option(
    "--port",
    default=settings.PORT.default,
    envvar="KG_PORT",
    show_default=True,
    type=click.IntRange(1, 65535),
    help=settings.PORT.help,
)
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="KG_TOKEN_FILE",
    metavar="FILE",
    help=settings.TEXTS["token_file"],
)
@settings.options
@click.pass_context
def command(
    context: click.Context,
    /,
    store: str,
    base: str | None,
    host: str,
    port: int,
    token_file: Path | None,
    **values: object,
) -> int:
    """Serve the graph over HTTP: SPARQL at /sparql, and a page for each entity and article.

    --store may be the URL of a SPARQL server, whose graph is served then. Without a token, in KG_TOKEN or --token-file, the server is read-only. It shows what kg add brings while it runs.

    Each option may also stand in the file newsgraph.toml, or in the environment: --query-time is query_time and
    KG_QUERY_TIME there.

    \b
    Example:
      kg serve
      curl http://localhost:8000/sparql --data-urlencode 'query=ASK { ?person a ng:Person }'
    """
    from kg.store import is_address

    settings.check_environment(os.environ)
    tokens = _tokens(context, token_file)
    if not is_address(store):
        options.require(store)
    _check_that_it_is_free(host, port)
    from server.serving import serve

    address = f"[{host}]" if ":" in host else host
    terminal.text(f"Serving {options.shown(store)} at http://{address}:{port}/ until Ctrl-C")
    serve(store, host, port, base=base, tokens=tokens, **values)
    return 0


def _tokens(context: click.Context, file: Path | None) -> dict[str, str]:
    """The tokens that allow writing, by their names: those of the settings' file, and one more, the `default`."""
    tokens: dict[str, str] = dict(context.meta.get(settings.TOKENS, {}))
    is_first = context.get_parameter_source("token_file") is not ParameterSource.DEFAULT_MAP
    in_environment = os.environ.get("KG_TOKEN", "").strip()
    if file is not None and (is_first or not in_environment):
        tokens["default"] = file.read_text(encoding="utf-8").strip()
        if not tokens["default"]:
            raise UsageError(f"{file} holds no token")
    elif in_environment:
        tokens["default"] = in_environment
    return tokens


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
