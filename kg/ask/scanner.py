"""Reads the small parts of a question: auxiliary verbs, nouns, dates, and words such as "now" and "former"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kg.ask.lexicon import Lexicon, Role, Tokens
from kg.ask.meaning import Fact, Node, State, Times
from kg.ask.names import Name
from kg.ask.words import Token


@dataclass(frozen=True, slots=True)
class Aux:
    """The auxiliary verbs that were read."""

    be: bool = False
    have: bool = False
    do: bool = False


NO_AUX = Aux()


class Scanner:
    """Reads from any token of one question on; a method gives where what it reads ends, and what that is."""

    def __init__(
        self,
        tokens: Sequence[Token],
        names: Mapping[int, Sequence[Name]],
        dates: Mapping[int, tuple[int, str]],
        lexicon: Lexicon,
    ) -> None:
        self._tokens = [token.word for token in tokens]
        self._names = names
        self._dates = dates
        self._lexicon = lexicon
        self._words = lexicon.words
        self._grammar = lexicon.grammar
        self.memory: dict[object, list[Any]] = {}

    def _word(self, place: int) -> str:
        return self._tokens[place] if place < len(self._tokens) else ""

    def _starts(self, place: int, phrases: Sequence[Tokens]) -> Iterator[int]:
        """Where the phrases end that stand here, the longest first."""
        for words in phrases:
            if tuple(self._tokens[place : place + len(words)]) == words:
                yield place + len(words)

    def _is_end(self, place: int) -> bool:
        return place >= len(self._tokens)

    def _adjunct(self, start: int) -> Iterator[tuple[int, Times, State, float]]:
        """Nothing, or a date with its preposition, or a word such as "now"; several of them."""
        yield start, (), "", 0.0
        if self._word(start) in self._words.now:
            yield start + 1, (), "now", 0.0
        for end, times in self._times(start):
            yield end, times, "", 0.0
            if self._word(end) in self._words.now:
                yield end + 1, times, "now", 0.0

    def _times(self, start: int) -> Iterator[tuple[int, Times]]:
        if start in self._dates and self._word(start - 1) not in self._grammar.prepositions:
            end, day = self._dates[start]
            yield end, (("=", day),)
        for operator, phrases in self._words.times.items():
            for begin in self._starts(start, phrases):
                if begin not in self._dates or operator == "and":
                    continue
                end, day = self._dates[begin]
                if operator != "between":
                    yield end, ((operator, day),)
                    continue
                for second in self._starts(end, self._words.times["and"]):
                    if second in self._dates:
                        last, other = self._dates[second]
                        yield last, ((">=", day), ("<=", other))

    def _state(self, start: int) -> tuple[int, State]:
        word = self._word(start)
        if word in self._words.former:
            return start + 1, "former"
        return (start + 1, "now") if word in self._words.now else (start, "")

    def _roles(self, start: int) -> Iterator[tuple[int, Role]]:
        for role in self._lexicon.roles.get(self._word(start), ()):
            end = start + len(role.words)
            if tuple(self._tokens[start:end]) == role.words:
                yield end, role

    def _noun(self, start: int) -> Iterator[tuple[int, frozenset[str], float]]:
        for length in (4, 3, 2, 1):
            kinds = self._lexicon.nouns.get(tuple(self._tokens[start : start + length]))
            if kinds and start + length <= len(self._tokens):
                yield start + length, kinds, 0.0

    def _role_fact(self, role: Role, holder: Node, anchor: Node, state: State = "") -> Fact:
        return Fact(holder, anchor, role.links, " ".join(role.words), state=state, title=role.title)

    def _kinds_of(self, role: Role) -> frozenset[str]:
        return frozenset().union(*(link.left for link in role.links))

    def _text(self, start: int, end: int) -> str:
        *words, last = self._tokens[start:end]
        return " ".join((*words, self._lexicon.singulars.get(last, last)))

    def _is_function(self, word: str) -> bool:
        """Whether a word can't be part of a title: a small one, or a verb."""
        words = self._words
        small = words.negations | words.do | words.have | words.both | words.either | self._grammar.relatives
        if word in small | self._grammar.passive | self._grammar.prepositions or word in words.asks or word == "'s":
            return True
        return any(phrase.form in ("past", "present") for phrase in self._lexicon.phrases.get(word, ()))

    def _auxiliaries(self, start: int) -> Iterator[tuple[int, Aux]]:
        """Forms of "be", "have" and "do"; each reading needs one at least."""
        aux, place = NO_AUX, start
        while True:
            word = self._word(place)
            if word in self._words.do:
                aux = replace(aux, do=True)
            elif word in self._words.have:
                aux = replace(aux, have=True)
            elif word in self._grammar.passive and (word != "'s" or place == start):
                aux = replace(aux, be=True)
            else:
                return
            place += 1
            yield place, aux

    def _is_modifier(self, place: int) -> bool:
        """Whether a word before a noun may be left out: an adjective that is not known, or another noun; no name."""
        word = self._word(place)
        if word in self._words.negations | self._words.most or word in self._words.asks:
            return False
        if any(name.is_exact for name in self._names.get(place, ())):
            return False
        return word not in self._lexicon.known or (word,) in self._lexicon.nouns
