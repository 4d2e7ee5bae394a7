"""`kg export`"""

from __future__ import annotations

import sys

import click

from kg.cli import options, terminal


@click.command("export", short_help="Write the graph to a file.")
@click.argument("file", type=click.Path(), required=False, metavar="[FILE]")
@click.option(
    "--format",
    "format_name",
    metavar="NAME",
    help="turtle, ntriples, nquads, trig, jsonld, rdfxml, links, schema-org, quickstatements, quickstatements-csv, "
    "wikibase-json, csv-nodes, csv-edges, parquet-nodes, parquet-edges, graphml or a plug-in's.  "
    "[default: what FILE ends with, or turtle]",
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    metavar="NUMBER",
    help="Leave out statements that are less sure, in formats of statements.  [default: for quickstatements only what a person "
    "accepted, else all]",
)
@options.shape
@options.store
def command(
    file: str | None, format_name: str | None, shape: str | None, min_confidence: float | None, store: str
) -> int:
    """Write the graph to FILE, or to standard output. Equal graphs give equal bytes.

    \b
    Example:
      kg export graph.ttl
      kg export --format nquads | gzip > graph.nq.gz
      kg export --shape wikibase items.ttl
      kg export --format quickstatements --min-confidence 0.95 for-wikidata.qs
    """
    with options.existing(store) as graph:
        target = sys.stdout.buffer if file in (None, "-") else file
        graph.export(target, format_name, shape=shape, min_confidence=min_confidence)
    from kg import export

    note = export.note(format_name, None if file == "-" else file, min_confidence)
    if note:
        terminal.print_error(note)
    return 0
