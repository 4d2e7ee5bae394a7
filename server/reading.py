"""The text of an article in pieces: what it mentions, and what its sentences state."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

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
    """A part of a sentence. `entity` is what it mentions; `is_marked` where it is a word in question.

    `place` is the fragment of a mention's IRI.
    """

    text: str
    is_marked: bool = False
    entity: Named | None = None
    kind: Kind | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A part of an article's text with what it states: a sentence, or what stands between two that state something.

    `place` is the fragment of a sentence's IRI.
    """

    pieces: tuple[Piece, ...]
    facts: tuple[Statement, ...]
    place: str


class Part(NamedTuple):
    """A part of a text: where it begins, its characters, and what it states; `place` as in `Line`."""

    start: int
    text: str
    facts: tuple[Statement, ...] = ()
    place: str = ""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def stated(article: ArticleStatements) -> list[Part]:
    """The sentences that state something, in their order; of two that overlap, the first has the facts of both."""
    found: dict[tuple[int, str, str], dict[Statement, None]] = {}
    for fact in article.facts:
        for one in fact.citations:
            if one.source.iri == article.source.iri:
                text = one.text if article.text is None else article.text[one.start : one.end]
                found.setdefault((one.start, text, one.sentence.partition("#")[2]), {})[fact] = None
    parts: list[Part] = []
    for (start, text, place), some in sorted(found.items(), key=lambda one: (one[0][0], -len(one[0][1]))):
        if parts and start < parts[-1].end:
            parts[-1] = parts[-1]._replace(facts=tuple(dict.fromkeys((*parts[-1].facts, *some))))
        else:
            parts.append(Part(start, text, tuple(some), place))
    return parts


def runs(sentences: Iterable[Part]) -> Iterator[list[Part]]:
    """Runs of sentences between which nothing was left out."""
    run: list[Part] = []
    for part in sentences:
        if run and part.start - run[-1].end > _GAP:
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
        for sentence in sentences:
            if line.start() <= sentence.start < line.end():
                inside = sentence._replace(text=text[sentence.start : min(sentence.end, line.end())])
                run += [Part(place, text[place : sentence.start]), inside]
                place = inside.end
        run.append(Part(place, text[place : line.end()]))
        if len(run) > 1 or line[0].strip("# ") != title:
            yield [part for part in run if part.text]


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
        yield replace(
            piece,
            text=text[span.start - start : span.end - start],
            place=f"char={span.start},{span.end}" if piece.entity and (span.start, span.end) != (start, end) else "",
        )
        place = span.end
    if place < end:
        yield Piece(text[place - start :])
