"""Queries that can't reach beyond the graph."""

from __future__ import annotations

import re

# What begins with ? $ : or @ is a variable, the end of a prefixed name or a language, and is passed over as a whole.
_KEYWORD = re.compile(r"[?$:@][\w\-]*|(service|load)", re.IGNORECASE)


def disarm(sparql: str) -> str:
    """The same query, in which `SERVICE` and `LOAD` can't be keywords: they make the engine open a connection.

    A letter of each such word is written as an escape, which means the same within a string or an IRI and is no
    keyword elsewhere, so that nothing depends on telling strings, comments and IRIs from the rest as the engine does
    (it takes `1SERVICE<…>` for two tokens, and `<a)` for "less than a").
    """
    return _KEYWORD.sub(_escape, sparql)


def _escape(match: re.Match[str]) -> str:
    word = match[1]
    return match[0] if word is None else f"{word[:-1]}\\u{ord(word[-1]):04X}"
