"""The words and brackets of a query, told from its strings, IRIs, names and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

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


class Token(NamedTuple):
    """A bracket or a word in upper case; `start` and `end` are its place, `depth` the number of brackets around it."""

    text: str
    start: int
    end: int
    depth: int


def tokens(text: str) -> Iterator[Token]:
    """The brackets and the words outside strings, IRIs, names and comments, in order."""
    depth = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "bracket":
            opens = match[0] in "{(["
            depth += opens - (not opens)
            yield Token(match[0], match.start(), match.end(), depth)
        elif kind == "word":
            yield Token(match[0].upper(), match.start(), match.end(), depth)
