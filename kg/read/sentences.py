"""Sentences of a text.

sentencex (https://github.com/wikimedia/sentencex) decides where a full stop ends a sentence. It reads a quotation or
a bracket as one unit, but the sentences in a long quotation are sentences, so it is shown the text with those marks
blanked out. Paragraphs, headings and list items are lines of their own by then (`unwrap`), and end where they end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from sentencex import get_sentence_boundaries

from kg.model import Span

LONGEST_WRAPPED_LINE = 120
SHORTEST_WRAPPED_LINE = 40

_PART = 20_000  # characters

_SINGLE_NEWLINE = re.compile(r"[^\n]\n[^\n]")
_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)+")
_LIST_ITEM = re.compile(r"\s*(?:[-*•‣◦–—·]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,4})[.)])\s")
_LINE = re.compile(r"[^\n]*\S[^\n]*")

# Quotation marks, brackets and a list item's number are made spaces. What sentencex takes for something else is made a
# letter: the dot of ".NET", the "o" of "at Yahoo.", the space of "in C." before a name. Offsets are kept.
_MASKED = re.compile(
    r"^\s*\(?(?:\d{1,3}|[A-Za-z])[.)](?=\s)|[\"“”„«»()]|(?<!\w)['‘’]|['‘’](?!\w)"
    r"|(?P<letter>(?<!\S)\.(?=\w)|(?<=\bYaho)o(?=\.)|(?<=\bin)\ (?=[CDR]\.\s))",
)
_CLOSING = re.compile(r"[\"”»’')\]]*")
_CONTINUES = re.compile(r"\s*[a-z]")
_VISIBLE = re.compile(r"\S")


def unwrap(text: str) -> str:
    """`text` with each line end inside a paragraph made a space, so that the line ends left are ends of sentences.

    A line was broken for its width if the next line's first word would not have fitted, or if the next line goes on
    with a small letter. Offsets are kept.
    """
    if not _SINGLE_NEWLINE.search(text):
        return text
    return _PARAGRAPH.sub(lambda paragraph: _unwrapped(paragraph[0]), text)


def _unwrapped(paragraph: str) -> str:
    lines = paragraph.split("\n")
    width = max(map(len, lines))
    if width > LONGEST_WRAPPED_LINE or width < SHORTEST_WRAPPED_LINE:
        width = LONGEST_WRAPPED_LINE
    parts = [lines[0]]
    for line, following in pairwise(lines):
        word = following.split(None, 1)[0] if following.strip() else ""
        fits = len(line) + 1 + len(word) <= width or len(line) > LONGEST_WRAPPED_LINE
        broken = not _LIST_ITEM.match(following) and (not fits or word[:1].islower())
        parts += " " if broken else "\n", following
    return "".join(parts)


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of `text`, in order, without overlap; what stands between two is white space.

    Each line end ends a sentence: call `unwrap` first where lines may be broken for their width.
    """
    return tuple(span for line in _LINE.finditer(text) for span in _of_line(line[0], line.start()))


def _of_line(line: str, offset: int) -> Iterator[Span]:
    start, last = len(line) - len(line.lstrip()), len(line.rstrip())
    for end in _ends(line):
        if start < end < last:
            yield Span(offset + start, offset + end)
            start = _next(line, end)
    yield Span(offset + start, offset + last)


def _next(line: str, end: int) -> int:
    visible = _VISIBLE.search(line, end)
    return visible.start() if visible else len(line)


def _ends(line: str) -> Iterator[int]:
    """Where sentences end in `line`, which is looked at in parts: sentencex takes time in the square of some texts."""
    masked = _MASKED.sub(_mask, line)
    start = 0
    while start < len(line):
        part = masked[start : start + _PART]
        is_last = start + _PART >= len(line)
        boundaries = get_sentence_boundaries("en", part)[:-1]
        for boundary in boundaries:
            seen = part[boundary["start_index"] : boundary["end_index"]].rstrip()
            mark = start + boundary["start_index"] + len(seen)
            closing = _CLOSING.match(line, mark)
            end = closing.end() if closing else mark
            # '"Why?" asked Anna.' goes on
            if seen and not ((end > mark or seen[-1] in "?!…") and _CONTINUES.match(line, end)):
                yield end
        start += _PART if is_last or not boundaries else boundaries[-1]["end_index"]


def _mask(found: re.Match[str]) -> str:
    return "x" if found["letter"] else " " * len(found[0])
