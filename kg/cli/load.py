"""`kg load`"""

from __future__ import annotations

import click

from kg.cli import options, terminal
from kg.errors import ReadError


@click.command("load", short_help="Load RDF files into the graph.")
@click.argument("files", type=click.Path(), nargs=-1, required=True, metavar="FILE…")
@click.option("--graph", metavar="IRI", help="The named graph to load into.  [default: graph/ and the file's name]")
@click.option(
    "--format",
    "format_name",
    metavar="NAME",
    help="ttl, nt, nq, trig, jsonld, rdf or n3, where the file's name does not tell.",
)
@options.store
@options.base
def command(files: tuple[str, ...], graph: str | None, format_name: str | None, store: str, base: str | None) -> int:
    """Load RDF files, curated or from elsewhere, each into a named graph, beside what that holds.

    \b
    Example:
      kg load companies.ttl
      kg load people.nt --graph http://example.org/people
    """
    from kg.graph import Graph

    failed = False
    with Graph.open(store, base) as loaded:
        for file in files:
            try:
                click.echo(f"{file} is in the graph <{loaded.load(file, graph, format_name)}>")
            except ReadError as error:
                terminal.print_error(str(error))
                failed = True
    return 1 if failed else 0
