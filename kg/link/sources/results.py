"""Answers of SPARQL endpoints, as files: JSON, XML or TSV (CSV is a table). The variables are named as columns of tables.

https://www.w3.org/TR/sparql11-results-json/, https://www.w3.org/TR/rdf-sparql-XMLres/,
https://www.w3.org/TR/sparql11-results-csv-tsv/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.errors import ReadError, UsageError
from kg.link.collecting import Said, Subclass
from kg.link.sources.reading import TOGETHER, How, Part
from kg.link.sources.streams import Stream
from kg.link.sources.table import columns, of_row


def read(path: Path, how: How, position: str, *, format: ox.QueryResultsFormat) -> Iterator[Part]:
    """The things of the rows; always from the beginning."""
    found: list[Said | Subclass] = []
    wrong: list[ReadError] = []
    with Stream(path) as stream:
        try:
            for number, cells in enumerate(_rows(path, how, stream, format), 1):
                try:
                    thing = of_row(cells, how)
                    found += [thing] if thing is not None else []
                except ValueError as error:
                    wrong.append(ReadError(str(path), f"row {number} {error}; it is left out"))
                if len(found) >= TOGETHER or len(wrong) >= TOGETHER:
                    yield Part(found, wrong, "", stream.done)
                    found, wrong = [], []
        except SyntaxError as error:
            reason = " ".join(str(error).split())
            wrong.append(ReadError(str(path), f"is no whole answer of a SPARQL endpoint: {reason}"))
        yield Part(found, [*wrong, *stream.faults], "", stream.done)


def _rows(path: Path, how: How, stream: Stream, format: ox.QueryResultsFormat) -> Iterator[Mapping[str, Sequence[str]]]:
    answer = ox.parse_query_results(stream.file(), format=format)
    if not isinstance(answer, ox.QuerySolutions):
        raise UsageError(f"{path} answers yes or no: an index is made of rows, so ask by SELECT")
    places = columns([variable.value for variable in answer.variables], how, str(path))
    for row in answer:
        yield {key: [_text(row[at]) for at in places[key]] for key in places}


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
