"""The text of an article in pieces: what it mentions, and what its sentences state."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.facts import ArticleStatements, Named, Statement
from kg.model import Span

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_GAP = 3
"""Two sentences of a text that are no further apart follow each other."""


@dataclass(frozen=True, slots=True)
class Kind:
    """The class of an entity, and its number in the ontology, by which it is coloured."""

    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence. `entity` is what it mentions; `is_marked` where it is a word in question."""

    text: str
    is_marked: bool = False
    entity: Named | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A part of an article's text with what it states: a sentence, or what stands between two that state something."""

    pieces: tuple[Piece, ...]
    facts: tuple[Statement, ...]


Part = tuple[int, str, tuple[Statement, ...]]
"""A part of a text: where it begins, its characters, and what it states."""


def stated(article: ArticleStatements) -> list[Part]:
    """The sentences that state something, in their order; of two that overlap, the first has the facts of both."""
    found: dict[tuple[int, str], dict[Statement, None]] = {}
    for fact in article.facts:
        for one in fact.citations:
            if one.source.iri == article.source.iri:
                text = one.text if article.text is None else article.text[one.start : one.end]
                found.setdefault((one.start, text), {})[fact] = None
    parts: list[Part] = []
    for (start, text), some in sorted(found.items(), key=lambda one: (one[0][0], -len(one[0][1]))):
        if parts and start < parts[-1][0] + len(parts[-1][1]):
            first, longer, others = parts[-1]
            parts[-1] = first, longer, tuple(dict.fromkeys((*others, *some)))
        else:
            parts.append((start, text, tuple(some)))
    return parts


def runs(sentences: Iterable[Part]) -> Iterator[list[Part]]:
    """Runs of sentences between which nothing was left out."""
    run: list[Part] = []
    for part in sentences:
        if run and part[0] - run[-1][0] - len(run[-1][1]) > _GAP:
            yield run
            run = []
        run.append(part)
    if run:
        yield run


def paragraphs(text: str, title: str | None, sentences: Sequence[Part]) -> Iterator[list[Part]]:
    """The lines of a text, cut into sentences that state something and what stands between; not the title again."""
    for line in _LINE.finditer(text):
        place = line.start()
        run: list[Part] = []
        for start, sentence, facts in sentences:
            if line.start() <= start < line.end():
                end = min(start + len(sentence), line.end())
                run += [(place, text[place:start], ()), (start, text[start:end], facts)]
                place = end
        run.append((place, text[place : line.end()], ()))
        if len(run) > 1 or line[0].strip("# ") != title:
            yield [part for part in run if part[1]]


def pieces(start: int, text: str, mentions: Iterable[tuple[Span, Piece]]) -> Iterator[Piece]:
    """A sentence that begins at `start`, cut where it mentions something; of two that overlap, the longer one counts."""
    end = start + len(text)
    inside = [one for one in mentions if start <= one[0].start < one[0].end <= end]
    taken: list[tuple[Span, Piece]] = []
    for span, piece in sorted(inside, key=lambda one: (one[0].start - one[0].end, one[0].start)):
        if all(span.end <= other.start or other.end <= span.start for other, _ in taken):
            taken.append((span, piece))
    place = start
    for span, piece in sorted(taken, key=lambda one: one[0]):
        if place < span.start:
            yield Piece(text[place - start : span.start - start])
        yield Piece(text[span.start - start : span.end - start], piece.is_marked, piece.entity, piece.kind)
        place = span.end
    if place < end:
        yield Piece(text[place - start :])
