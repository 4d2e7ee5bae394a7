"""What is told of a query before the engine sees it, and what is refused: too long, or too deep.

That no query reaches out of the graph is `kg.store.guard`'s part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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
_VARYING = {"NOW", "RAND", "UUID", "STRUUID"}


class Token(NamedTuple):
    """A bracket or a word in upper case; `start` and `end` are its place, `depth` the number of brackets around it."""

    text: str
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a query that passed.

    `names_graphs`: it may have a `FROM` clause. `varies`: its answer may differ from one time to the next.
    """

    names_graphs: bool
    varies: bool


def tokens(text: str) -> Iterator[Token]:
    """The brackets and the words outside strings, IRIs, names and comments."""
    depth = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "bracket":
            opens = match[0] in "{(["
            depth += opens - (not opens)
            yield Token(match[0], match.start(), match.end(), depth)
        elif kind == "word":
            yield Token(match[0].upper(), match.start(), match.end(), depth)


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
    return Checked("FROM" in words, not words.isdisjoint(_VARYING))


def with_using(update: str, default: Sequence[str], named: Sequence[str]) -> str:
    """The same update, in which every operation with a `WHERE` uses the dataset that the request names.

    SPARQL 1.1 Protocol, section 2.2.3. Raises BadRequest where the update itself names one.
    """
    clauses = " ".join([*(f"USING <{iri}>" for iri in default), *(f"USING NAMED <{iri}>" for iri in named)])
    parts: list[str] = []
    copied = 0
    before = ""
    shorthand: int | None = None
    for token in tokens(update):
        if token.depth > 0 or token.text in "{([":
            continue
        if token.text in ("USING", "WITH"):
            raise BadRequest(
                f"The update has {token.text} and the request names a dataset; SPARQL allows only one of them."
            )
        if token.text == "WHERE":
            if before == "DELETE":
                # DELETE WHERE {…} takes no USING; what it stands for does.
                shorthand = token.start
            else:
                parts += [update[copied : token.start], clauses, " "]
                copied = token.start
        elif token.text == "}" and shorthand is not None:
            pattern = update[shorthand + len("WHERE") : token.end]
            parts += [update[copied:shorthand], pattern, " ", clauses, " WHERE", pattern]
            copied = token.end
            shorthand = None
        before = token.text
    return "".join([*parts, update[copied:]])
