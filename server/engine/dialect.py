"""Small changes that make a query or an update mean to the engine what SPARQL says that it means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from server.engine.tokens import Token, tokens
from server.errors import BadRequest

_IRI = r"(?:<[^<>\"{}|^`\\\x00-\x20]*>|[\w.-]*:[\w.:%-]*)"
_SERVICE = re.compile(rf"SERVICE\s*(SILENT\s*)?(?:{_IRI}|[?$]\w+)\s*(?={{)", re.IGNORECASE)
_LOAD = re.compile(rf"LOAD\s*(SILENT\s*)?{_IRI}(?:\s*INTO\s+GRAPH\s*{_IRI})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The text for the engine. `refused` is what it asks for that this server does not do; the rest may be wrong."""

    text: str
    refused: str | None


def prepare(text: str, words: frozenset[str]) -> Prepared:
    """Write `TRUE` as the engine reads it, and take out what would reach beyond the graph.

    `SERVICE SILENT` and `LOAD SILENT` become what they are where nothing can be reached: no binding, no change.
    """
    if words.isdisjoint(("SERVICE", "LOAD", "TRUE", "FALSE")):
        return Prepared(text, None)
    changes: list[tuple[int, int, str]] = []
    closings: list[int] = []
    refused = None
    for token in tokens(text):
        if token.text in ("TRUE", "FALSE"):
            changes.append((token.start, token.end, token.text.lower()))
        elif token.text == "LOAD" and (load := _LOAD.match(text, token.start)):
            changes.append((load.start(), load.end(), "INSERT DATA {}"))
            if load[1] is None:
                refused = "LOAD is switched off: this server opens no connection. Send the data to /graphs instead."
        elif token.text == "SERVICE" and (service := _SERVICE.match(text, token.start)):
            changes.append((service.start(), service.end(), "OPTIONAL { FILTER(false) "))
            closings.append(token.depth)
            if service[1] is None:
                refused = "SERVICE is switched off: this server opens no connection for a query."
        elif token.text == "}" and closings and closings[-1] == token.depth:
            changes.append((token.start, token.end, "} }"))
            closings.pop()
    return Prepared(_changed(text, changes), refused)


def with_using(update: str, default: Sequence[str], named: Sequence[str]) -> str:
    """The same update, in which every operation with a `WHERE` uses the dataset that the request names.

    SPARQL 1.1 Protocol, section 2.2.3. Raises BadRequest where the update itself names one.
    """
    clauses = " ".join([*(f"USING <{iri}>" for iri in default), *(f"USING NAMED <{iri}>" for iri in named)])
    changes: list[tuple[int, int, str]] = []
    before = ""
    shorthand: Token | None = None
    for token in tokens(update):
        if token.depth > 0:
            continue
        if token.text in ("USING", "WITH"):
            raise BadRequest(f"The update has {token.text}, and the request names a dataset; only one of them may be.")
        if token.text == "WHERE" and before == "DELETE":
            # DELETE WHERE {…} takes no USING; what it stands for does.
            shorthand = token
        elif token.text == "WHERE":
            changes.append((token.start, token.start, f"{clauses} "))
        elif token.text == "}" and shorthand is not None:
            pattern = update[shorthand.end : token.end]
            changes.append((shorthand.start, token.end, f"{pattern} {clauses} WHERE{pattern}"))
            shorthand = None
        before = token.text
    return _changed(update, changes)


def _changed(text: str, changes: Sequence[tuple[int, int, str]]) -> str:
    parts = []
    copied = 0
    for start, end, new in changes:
        parts += [text[copied:start], new]
        copied = end
    return "".join([*parts, text[copied:]])
