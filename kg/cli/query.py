"""`kg query`"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import options, terminal
from kg.errors import UsageError

if TYPE_CHECKING:
    from pyoxigraph import QuerySolutions

FORMATS = {
    "rows": {"csv": "CSV", "json": "JSON", "tsv": "TSV", "xml": "XML"},
    "triples": {"jsonld": "JSON_LD", "ntriples": "N_TRIPLES", "rdfxml": "RDF_XML", "turtle": "TURTLE"},
}
"""The formats of SELECT and ASK, and of CONSTRUCT and DESCRIBE, with the engine's names of them."""


@click.command("query", short_help="Ask the graph in SPARQL.")
@click.argument("query", required=False)
@click.option(
    "--file", "file", type=click.Path(), metavar="FILE", help="A file that holds the query; @FILE is the same."
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(sorted({name for names in FORMATS.values() for name in names})),
    metavar="NAME",
    help="csv, json, tsv or xml for SELECT and ASK; turtle, ntriples, jsonld or rdfxml for CONSTRUCT and DESCRIBE.",
)
@options.shape
@options.store
def command(query: str | None, file: str | None, format_name: str | None, shape: str | None, store: str) -> int:
    """Ask the graph in SPARQL 1.1: QUERY itself, @FILE, or nothing to read it from standard input.

    The prefixes of the graph (ng, rdf, rdfs, schema, prov, nif and others) need not be declared. Without --format the
    answer is a table, and in a pipe lines with tabs.

    \b
    Example:
      kg query 'SELECT ?name WHERE { ?person a ng:Person ; rdfs:label ?name }'
      kg query @question.rq --format csv > answer.csv
    """
    text = _text(query, file)
    with options.existing(store) as graph:
        from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, serialize

        from kg.hints import Hints
        from kg.rdf.vocabulary import PREFIXES

        answer = graph.query(text, shape=shape)
        kind = "triples" if isinstance(answer, QueryTriples) else "rows"
        if format_name and format_name not in FORMATS[kind]:
            raise UsageError(f"this query has no answer in {format_name}; there are {', '.join(FORMATS[kind])}")
        if isinstance(answer, QueryTriples):
            rdf_format = getattr(RdfFormat, FORMATS[kind][format_name or "turtle"])
            serialize(answer, sys.stdout.buffer, rdf_format, prefixes=PREFIXES)
        elif format_name:
            answer.serialize(sys.stdout.buffer, getattr(QueryResultsFormat, FORMATS[kind][format_name]))
        elif isinstance(answer, QueryBoolean):
            click.echo("yes" if answer else "no")
        else:
            assert isinstance(answer, QuerySolutions)
            found = list(islice(_rows(answer), 1))
            terminal.table([variable.value for variable in answer.variables], chain(found, _rows(answer)))
            hint = "" if found or shape else Hints(graph.store).on(text, graph.base, graph.prefixes)
            if hint:
                terminal.print_error(hint)
    return 0


def _text(query: str | None, file: str | None) -> str:
    if query is not None and file is not None:
        raise UsageError("give the query or --file, not both")
    if query is not None and query.startswith("@"):
        file = query[1:]
    if file is not None:
        return read(file)
    if query is not None and query != "-":
        return query
    if sys.stdin.isatty():
        raise UsageError("give a query, @FILE, or a query on standard input. See 'kg query --help'")
    return sys.stdin.read()


def read(file: str) -> str:
    """The text of a file. Raises UsageError where it is none, OSError where it is not there."""
    try:
        return Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is no text in UTF-8: {error.reason} at byte {error.start}") from error


def _rows(answer: QuerySolutions) -> Iterator[list[str]]:
    for row in answer:
        yield ["" if value is None else getattr(value, "value", str(value)) for value in row]
