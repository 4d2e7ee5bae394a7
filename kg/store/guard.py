"""What must be known of a query before the engine has it."""

from __future__ import annotations

import re

from kg.sparql.tokens import scan

# What begins with ? $ : or @ is a variable, the end of a prefixed name or a language, and is passed over as a whole.
_KEYWORD = re.compile(r"[?$:@][\w\-]*|(service|load)", re.IGNORECASE)


def names_graphs(sparql: str) -> bool:
    """Whether a query says itself, by `FROM`, which graphs it is about."""
    return "from" in sparql.lower() and any(token.kind == "word" and token.text == "FROM" for token in scan(sparql))


_LONGER = len("\\u0045") - 1
"""By how much a word is longer once a letter is an escape."""


def disarm(sparql: str) -> str:
    """The same query, in which `SERVICE` and `LOAD` can't be keywords: they make the engine open a connection.

    A letter of each such word is written as an escape, which means the same within a string or an IRI and is no
    keyword elsewhere, so that nothing depends on telling strings, comments and IRIs from the rest as the engine does
    (it takes `1SERVICE<…>` for two tokens, and `<a)` for "less than a").
    """
    small = sparql.lower()
    return _KEYWORD.sub(_escape, sparql) if "service" in small or "load" in small else sparql


def place(sparql: str, offset: int) -> int:
    """Where in `sparql` the character stands that is at `offset` in what `disarm` made of it."""
    shift = 0
    for match in _KEYWORD.finditer(sparql):
        if match[1] is None:
            continue
        if match.start() + shift >= offset:
            break
        if match.end() + shift + _LONGER > offset:
            return match.start()
        shift += _LONGER
    return offset - shift


def _escape(match: re.Match[str]) -> str:
    word = match[1]
    return match[0] if word is None else f"{word[:-1]}\\u{ord(word[-1]):04X}"
