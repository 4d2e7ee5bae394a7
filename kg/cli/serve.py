"""`kg serve`"""

from __future__ import annotations

import click

from kg.cli import options


@click.command("serve", short_help="Serve the graph over HTTP.")
@options.store
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port to listen on.")
def command(store: str, host: str, port: int) -> int:
    """Serve the graph over HTTP: SPARQL at /sparql, and a page for each entity and article.

    The server is read-only unless a token is set, by KG_TOKEN or --token-file.

    \b
    Example:
      kg serve
      curl -G http://localhost:8000/sparql --data-urlencode 'query=SELECT * WHERE { ?s ?p ?o } LIMIT 3'
    """
    return 0
