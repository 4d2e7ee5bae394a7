"""What is refused before the engine sees it: queries that are too long or too deep.

This looks at every query on its way, so it is quicker and tells less than `kg.sparql.tokens`. That no query reaches out
of the graph is the store's part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from server.errors import BadRequest, TooLarge

# Every alternative succeeds in one pass or fails at once, so that no text takes quadratic time; so an unclosed string
# is a token, too.
_TOKEN = re.compile(
    r"""
      \#[^\r\n]*
    | \"{3} (?: \"{0,2} (?: [^\"\\] | \\. ) )* (?: \"{3} )?
    |  '{3} (?:  '{0,2} (?: [^'\\]  | \\. ) )* (?:  '{3} )?
    | \" (?: [^\"\\\r\n] | \\. )* \"?
    |  ' (?: [^'\\\r\n]  | \\. )* '?
    | < [^<>\"{}|^`\x00-\x20]*+ >
    | (?P<bracket> [{}()\[\]] )
    | [?$@:][\w-]+
    | (?P<word> [\w-]++ ) (?P<name> :[\w-]* )?
    """,
    re.VERBOSE | re.DOTALL,
)
_VARYING = {"NOW", "RAND", "UUID", "STRUUID", "SERVICE"}
_SIGNS = [word.lower() for word in _VARYING]


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a query that passed. `varies`: its answer may differ from one time to the next."""

    varies: bool


@lru_cache(maxsize=8)
def check(text: str, *, size: int, depth: int) -> Checked:
    """Refuse a query or an update that is longer than `size` bytes of UTF-8 or has brackets deeper than `depth`.

    Raises TooLarge, BadRequest.
    """
    if len(text) > size or len(text.encode("utf-8", "surrogatepass")) > size:
        raise TooLarge(f"The query is longer than {size:,} bytes, which is the limit here.")
    small = text.lower()
    if not any(sign in small for sign in _SIGNS) and sum(map(text.count, "{([")) <= depth:
        return Checked(varies=False)
    varies = False
    level = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "bracket":
            level += 1 if match[0] in "{([" else -1
            if level > depth:
                raise BadRequest(f"The query's brackets are nested more than {depth} deep, which is the limit here.")
        elif kind == "word":
            varies = varies or match[0].upper() in _VARYING
    return Checked(varies)
