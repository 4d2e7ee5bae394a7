"""What is told of a query before the engine sees it, and what is refused: too long, or too deep.

That no query reaches out of the graph is `kg.store.guard`'s part.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from server.engine.tokens import tokens
from server.errors import BadRequest, TooLarge

_VARYING = {"NOW", "RAND", "UUID", "STRUUID"}


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a query that passed.

    `varies`: its answer may differ from one time to the next. `words` are its keywords, in upper case.
    """

    varies: bool
    words: frozenset[str]


@lru_cache(maxsize=256)
def check(text: str, *, size: int, depth: int) -> Checked:
    """Refuse a query or an update that is longer than `size` bytes of UTF-8 or has brackets deeper than `depth`.

    Raises TooLarge, BadRequest.
    """
    if len(text) > size or len(text.encode("utf-8", "surrogatepass")) > size:
        raise TooLarge(f"The query is longer than {size:,} bytes, which is the limit here.")
    words = set()
    for token in tokens(text):
        if token.depth > depth:
            raise BadRequest(f"The query's brackets are nested more than {depth} deep, which is the limit here.")
        words.add(token.text)
    return Checked(not words.isdisjoint(_VARYING), frozenset(words))
