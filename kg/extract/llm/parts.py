"""A long article in parts of whole sentences, each beginning with the last sentences of the one before."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model import Span

_AGAIN = 10
"""One in so many characters is sent again, so that what a part's first sentences refer to stands before them."""


def parts(sentences: Sequence[Span], most: int) -> list[Span]:
    """Spans of at most `most` characters, unless a single sentence is longer."""
    found: list[Span] = []
    first = 0
    for number, sentence in enumerate(sentences):
        if number > first and sentence.end - sentences[first].start > most:
            found.append(Span(sentences[first].start, sentences[number - 1].end))
            begin = number
            while begin - 1 > first and sentence.start - sentences[begin - 1].start <= most // _AGAIN:
                begin -= 1
            # What is sent again must not keep out the sentence for whose sake there is another part.
            first = begin if sentence.end - sentences[begin].start <= most else number
    if sentences:
        found.append(Span(sentences[first].start, sentences[-1].end))
    return found


def halves(part: Span, sentences: Sequence[Span]) -> tuple[Span, Span] | None:
    """A part as two, parted between sentences; None where it is one sentence."""
    inside = [sentence for sentence in sentences if part.start <= sentence.start < part.end]
    if len(inside) < 2:
        return None
    middle = (part.start + part.end) / 2
    cut = min(range(1, len(inside)), key=lambda number: abs(inside[number].start - middle))
    return Span(part.start, inside[cut - 1].end), Span(inside[cut].start, part.end)
