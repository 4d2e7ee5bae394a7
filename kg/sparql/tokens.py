"""The tokens of a query, told apart well enough to change it.

https://www.w3.org/TR/sparql12-query/#sparqlGrammar. Each token is found in one pass, or given up after some characters,
so that no text takes quadratic time; so an unclosed string is a token, too, and prefixes have a length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
      \#[^\r\n]*
    | (?P<string> \"{3} (?: \"{0,2} (?: [^\"\\] | \\. ) )*+ (?: \"{3} )?
                |  '{3} (?:  '{0,2} (?: [^'\\]  | \\. ) )*+ (?:  '{3} )?
                | \" (?: [^\"\\\r\n] | \\. )*+ \"?
                |  ' (?: [^'\\\r\n]  | \\. )*+ '? )
    | (?P<iri> < [^<>\"{}|^`\\\x00-\x20]*+ > )
    | (?P<variable> [?$]\w++ )
    | (?P<language> @[\w-]++ )
    | (?P<open> [{(\[] )
    | (?P<close> [})\]] )
    | (?P<number> (?:\d*\.)?\d++ (?: [eE][+-]?\d++ )? (?![\w:]) )
    | (?P<name> (?: \w[\w-]{0,63}+ (?: \.{1,3}+ [\w-]{1,63}+ ){0,4}+ )?
               : (?: [\w:%-] | \\. | \.{1,9}+ (?= [\w:%\\-] ) )*+ )
    | (?P<word> \w++ )
    | (?P<other> \S )
    """,
    re.VERBOSE | re.DOTALL,
)
_OPEN = {"}": "{", ")": "(", "]": "["}


MOST = 1_000_000
"""Characters of a text beyond which it is data with a query around it, and left as it is."""


class Token(NamedTuple):
    """A token: its text (a word in upper case), its place, and what it is: the name of a group of `_TOKEN`."""

    kind: str
    text: str
    start: int
    end: int


def scan(text: str) -> Iterator[Token]:
    """The tokens of a text one by one, without comments."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind is not None:
            yield Token(kind, match[0].upper() if kind == "word" else match[0], match.start(), match.end())


class Tokens:
    """The tokens of a text, without comments, and the pairs of brackets among them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.all: list[Token] = []
        self.pairs: dict[int, int] = {}
        """For each opening bracket, the place of its closing one in `all`, and the other way round."""
        self.around: list[int] = []
        """For each token, the place of the bracket that is open before it; -1 where none is."""
        self.depth = 0
        """How deep the brackets are."""
        self.is_balanced = True
        self._find()

    def _find(self) -> None:
        opened: list[int] = []
        for token in scan(self.text):
            self.around.append(opened[-1] if opened else -1)
            self.depth = max(self.depth, len(opened))
            if token.kind == "open":
                opened.append(len(self.all))
            elif token.kind == "close":
                if opened and self.all[opened[-1]].text == _OPEN[token.text]:
                    first = opened.pop()
                    self.pairs[first], self.pairs[len(self.all)] = len(self.all), first
                else:
                    self.is_balanced = False
            self.all.append(token)
        self.is_balanced = self.is_balanced and not opened

    def is_at(self, place: int, *texts: str) -> bool:
        """Whether these tokens stand at `place` and after it."""
        return all(
            place + n < len(self.all) and self.all[place + n].text == text and self.all[place + n].kind != "string"
            for n, text in enumerate(texts)
        )

    def kind(self, place: int) -> str:
        """The kind of the token at `place`; nothing beyond the end."""
        return self.all[place].kind if 0 <= place < len(self.all) else ""

    def variables(self, first: int, last: int) -> set[str]:
        """The names of the variables between two places."""
        return {token.text[1:] for token in self.all[first:last] if token.kind == "variable"}


class Edit(NamedTuple):
    """Put `new` in the place of what is between two characters."""

    start: int
    end: int
    new: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with these changes, which do not overlap."""
    parts = []
    copied = 0
    for edit in sorted(edits):
        parts += [text[copied : edit.start], edit.new]
        copied = edit.end
    return "".join([*parts, text[copied:]])
