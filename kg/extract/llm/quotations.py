"""Where the words of a quotation stand in an article.

White space counts as white space, and typographic quotation marks and dashes as plain ones, because models write the
one for the other; every other character must be the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.model import Document, Span

_MARKS = {
    "'": "\u2018\u2019\u201a\u201b",
    '"': "\u201c\u201d\u201e\u201f",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015",
}
_PLAIN = str.maketrans({mark: plain for plain, marks in _MARKS.items() for mark in marks})


class Quotations:
    """Finds quotations in the text of one article."""

    def __init__(self, document: Document) -> None:
        self._text = document.text.translate(_PLAIN)
        self._sentences = document.sentences

    def find(self, words: str, within: Span) -> Iterator[Span]:
        """Each place within a span where these words stand, whole; none for a quotation without words."""
        pattern = _pattern(words)
        if pattern is not None:
            for match in pattern.finditer(self._text, within.start, within.end):
                yield Span(match.start(), match.end())

    def sentences(self, span: Span) -> tuple[Span, ...]:
        """The sentences of which a span has a part."""
        return tuple(each for each in self._sentences if each.start < span.end and span.start < each.end)


@lru_cache(maxsize=4096)
def _pattern(words: str) -> re.Pattern[str] | None:
    parts = words.translate(_PLAIN).split()
    if not any(character.isalnum() for part in parts for character in part):
        return None
    return re.compile(
        r"(?<!\w)" * _is_word(parts[0][0]) + r"\s+".join(map(re.escape, parts)) + r"(?!\w)" * _is_word(parts[-1][-1])
    )


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
