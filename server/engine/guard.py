"""What is refused before the engine sees it: queries that are too long or too deep.

That no query reaches out of the graph is `kg.store.guard`'s part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    | (?P<word> \b (?: from | (?P<varies> now | rand | uuid | struuid ) ) \b (?! : ) )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a query that passed.

    `names_graphs`: it may have a `FROM` clause. `varies`: its answer may differ from one time to the next.
    """

    names_graphs: bool
    varies: bool


def check(text: str, *, size: int, depth: int) -> Checked:
    """Refuse a query or an update that is longer than `size` bytes of UTF-8 or has brackets deeper than `depth`.

    Raises TooLarge, BadRequest.
    """
    if len(text) > size or len(text.encode("utf-8", "surrogatepass")) > size:
        raise TooLarge(f"The query is longer than {size:,} bytes, which is the limit here.")
    level = 0
    names_graphs = varies = False
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "bracket":
            level += 1 if match[0] in "{([" else -1
            if level > depth:
                raise BadRequest(f"The query's brackets are nested more than {depth} deep, which is the limit here.")
        elif match.lastgroup == "word":
            is_function = match["varies"] is not None
            varies = varies or is_function
            names_graphs = names_graphs or not is_function
    return Checked(names_graphs, varies)
