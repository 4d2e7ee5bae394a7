"""Noun wordings: the noun phrase around a role noun, and the constructions that link its holder to its anchor."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kg.extract.wordings.clauses import Clauses
from kg.extract.wordings.compiler import Compiler, Construction, Constructions
from kg.extract.wordings.encode import TITLE_CLOSE, TITLE_OPEN, Encoded
from kg.extract.wordings.grammar import Grammar
from kg.extract.wordings.matches import Match
from kg.extract.wordings.patterns import NounWording
from kg.extract.wordings.qualifiers import Binder

_INDEFINITE = frozenset({"a", "an"})
_REACH = 160
"""How far before the noun phrase its holder or anchor may stand, in characters."""


class Phrase(NamedTuple):
    """Numbers of tokens: where a noun phrase begins with and without its determiner, where it ends, its title."""

    begin: int
    bare: int
    end: int
    title: int | None


@dataclass(frozen=True, slots=True)
class Link:
    """A construction found around a noun phrase: the positions of holder and anchor, and the end of it all."""

    construction: Construction
    holder: int
    anchor: int
    end: int


class NounMatcher:
    """Finds noun wordings around a noun."""

    def __init__(self, grammar: Grammar, clauses: Clauses, compiler: Compiler, binder: Binder) -> None:
        self._grammar = grammar
        self._clauses = clauses
        self._constructions = compiler.constructions
        self._nouns: Container[str] = compiler.nouns
        self._binder = binder

    def matches(
        self, s: Encoded, text: str, number: int, wordings: list[tuple[NounWording, tuple[str, ...]]]
    ) -> Iterator[Match]:
        """What these wordings, each with the words of its noun, find around the noun that ends in the token `number`."""
        phrases: dict[int, Phrase | None] = {}
        links: dict[tuple[int, int], list[Link]] = {}
        for wording, words in wordings:
            first = number - len(words) + 1
            if first < 0 or tuple(s.tokens[first : number + 1]) != words:
                continue
            if first not in phrases:
                phrases[first] = self._phrase(s, first, number, False)
            phrase = phrases[first]
            if phrase is not None:
                yield from self._linked(s, text, phrase, first, wording, links)

    def title_matches(self, s: Encoded, text: str, closing: int, wordings: list[NounWording]) -> Iterator[Match]:
        """What these wordings find around the title that ends in the token `closing`."""
        opening = closing
        while s.tokens[opening] != TITLE_OPEN:
            opening -= 1
        phrase = self._phrase(s, opening, closing, True)
        links: dict[tuple[int, int], list[Link]] = {}
        if phrase is not None:
            for wording in wordings:
                yield from self._linked(s, text, phrase, opening, wording, links)

    def _linked(
        self,
        s: Encoded,
        text: str,
        phrase: Phrase,
        first: int,
        wording: NounWording,
        known: dict[tuple[int, int], list[Link]],
    ) -> Iterator[Match]:
        if wording.definite and not _INDEFINITE.isdisjoint(s.tokens[phrase.begin : phrase.bare]):
            return
        constructions = self._constructions(wording)
        key = (id(constructions), first)
        if key not in known:
            possible = not (constructions.holders.isdisjoint(s.tokens) or constructions.anchors.isdisjoint(s.tokens))
            known[key] = list(self._links(s, text, phrase, constructions)) if possible else []
        for link in known[key]:
            slots = {wording.holder.name: link.holder, wording.anchor.name: link.anchor}
            start = min(link.holder, link.anchor, _start(s, phrase.begin))
            until = max(_start(s, phrase.bare), start)
            if not self._clauses.is_fact(s, start, until, presupposed=link.construction.presupposed):
                return
            if phrase.title is not None:
                slot = wording.title.name if wording.title else self._binder.title_qualifier(wording.relation)
                if slot:
                    slots[slot] = s.starts[phrase.title]
            construction = link.construction
            yield Match(wording, slots, start, link.end, construction.date or wording.date, construction.score)
            return

    def _links(self, s: Encoded, text: str, phrase: Phrase, constructions: Constructions) -> Iterator[Link]:
        start, stop = _start(s, phrase.begin), _start(s, phrase.end)
        reach = max(0, start - _REACH)
        before = set(text[reach:start])
        there = {
            name
            for name, characters in (("holder", constructions.holders), ("anchor", constructions.anchors))
            if not before.isdisjoint(characters)
        }
        rights: dict[str, re.Match[str] | None] = {}
        for construction in constructions.ways:
            if (construction.bare and phrase.bare != phrase.begin) or not there.issuperset(
                construction.left.groupindex
            ):
                continue
            if construction.right.pattern not in rights:
                rights[construction.right.pattern] = construction.right.match(text, stop)
            right = rights[construction.right.pattern]
            if right is None:
                continue
            left = construction.left.search(text, reach, start)
            if left is None:
                continue
            groups = left.groupdict().keys() | right.groupdict().keys()
            if len(groups) < 2:
                continue
            holder, anchor = (m.start(k) for k in ("holder", "anchor") for m in (left, right) if k in m.groupdict())
            if holder != anchor:
                yield Link(construction, holder, anchor, max(stop, right.end()))

    def _phrase(self, s: Encoded, first: int, last: int, is_title: bool) -> Phrase | None:
        """The noun phrase around the role noun of the tokens `first` to `last`."""
        tokens = s.tokens
        title: int | None = None
        begin, end = first, last + 1
        if is_title:
            title = first
        else:
            opening = first
            while opening >= 0 and tokens[opening] not in (TITLE_OPEN, TITLE_CLOSE):
                opening -= 1
            if opening >= 0 and tokens[opening] == TITLE_OPEN:
                if end >= len(tokens) or tokens[end] != TITLE_CLOSE:
                    return None
                title, begin, end = opening, opening, end + 1
        around = tokens[max(begin - 1, 0) : first]
        if not is_title and not self._grammar.other_role.isdisjoint(around):
            return None
        links = ("and", "&", "/", ",")
        while begin > 1 and tokens[begin - 1] in links:
            before = begin - 2 if not (tokens[begin - 2] == "," and begin > 2) else begin - 3
            if tokens[before] == TITLE_CLOSE:
                begin = before
                while tokens[begin] != TITLE_OPEN:
                    begin -= 1
            elif tokens[before] in self._nouns and tokens[begin - 1] != ",":
                begin = before
            else:
                break
        while end + 1 < len(tokens) and tokens[end] in links:
            follow = end + 2 if tokens[end] == "," and tokens[end + 1] == "and" and end + 2 < len(tokens) else end + 1
            if tokens[follow] == TITLE_OPEN:
                end = tokens.index(TITLE_CLOSE, follow) + 1
            elif tokens[follow] in self._nouns and tokens[end] != ",":
                end = follow + 1
            else:
                break
        mods = 0
        while (
            begin
            and mods < 5
            and self._clauses.is_modifier(tokens[begin - 1])
            and tokens[begin - 1] not in self._grammar.determiners
        ):
            begin -= 1
            mods += 1
        bare = begin
        if begin and tokens[begin - 1] in self._grammar.determiners:
            begin -= 1
        if begin and tokens[begin - 1] in ("the", "a", "an"):
            begin -= 1
        # A pure modifier such as "former" or "new" does not keep "A NP H" from being bare.
        if bare != begin and not any(t in ("the", "a", "an", "this", "another") for t in tokens[begin:bare]):
            bare = begin
        return Phrase(begin, bare, end, title)


def _start(s: Encoded, token: int) -> int:
    """The position of a token of the sentence; after its end, that of the end."""
    return s.starts[token] if token < len(s.starts) else len(s.text) + 1
