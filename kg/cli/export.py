"""`kg export`"""

from __future__ import annotations

import sys

import click

from kg.cli import options


@click.command("export", short_help="Write the graph to a file.")
@click.argument("file", type=click.Path(), required=False, metavar="[FILE]")
@click.option(
    "--format",
    "format_name",
    metavar="NAME",
    help="turtle, ntriples, nquads, trig, jsonld, rdfxml or a plug-in's.  [default: what FILE ends with, or turtle]",
)
@options.shape
@options.store
def command(file: str | None, format_name: str | None, shape: str | None, store: str) -> int:
    """Write the graph to FILE, or to standard output. Equal graphs give equal bytes.

    \b
    Example:
      kg export graph.ttl
      kg export --format nquads | gzip > graph.nq.gz
      kg export --shape wikibase items.ttl
    """
    with options.existing(store) as graph:
        graph.export(sys.stdout.buffer if file in (None, "-") else file, format_name, shape=shape)
    return 0
