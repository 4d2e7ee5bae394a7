"""Verb wordings: the subject of the clause, the verb in any tense and voice, and what follows it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from kg.extract.wordings.clauses import Clauses, is_entity
from kg.extract.wordings.encode import Encoded
from kg.extract.wordings.grammar import Grammar
from kg.extract.wordings.matches import Match, distinct, slots_of
from kg.extract.wordings.patterns import VerbWording

_ADVERBIAL = re.compile(r"(?:(?![;:.!?\"]\s)\S+ ){0,6}?, ")


class VerbMatcher:
    """Finds verb wordings around a verb."""

    def __init__(self, grammar: Grammar, clauses: Clauses) -> None:
        self._grammar = grammar
        self._clauses = clauses

    def matches(self, s: Encoded, text: str, number: int, wordings: list[tuple[VerbWording, str]]) -> Iterator[Match]:
        """What these wordings, each with the form that the verb has for it, find around the `number`-th token."""
        follow, tokens = set(s.tokens[number + 1 :]), set(s.tokens)
        wordings = [each for each in wordings if self._possible(each[0], tokens, follow)]
        if not wordings:
            return
        grammar = self._grammar
        context = self._clauses.verb_context(s, number)
        auxiliaries = set(context.auxiliaries)
        if auxiliaries & grammar.irrealis - {"be"} or ("to" in auxiliaries and not self._implied(context.auxiliaries)):
            return
        position = s.starts[number]
        after = position + len(s.tokens[number]) + 1
        be, have = bool(auxiliaries & grammar.passive), bool(auxiliaries & grammar.perfect)
        opening = self._following_subject(s, number) if context.subject is None else None
        for wording, kind in wordings:
            finite = kind in ("past", "present", "base")
            if kind == "infinitive":
                active = "to" in auxiliaries or "helped" in auxiliaries
            elif kind == "gerund":
                active = be or context.subject is not None or opening is not None
            elif kind == "participle":
                active = have and not be
            else:
                active = not be
            if active and kind == "past" and be:
                active = False
            subject = context.subject
            if subject is None and kind == "gerund":
                subject = opening
            if active and (wording.before is None or (subject is not None and s.tokens[subject] in wording.subjects)):
                possible = wording.needs is None or not wording.needs.isdisjoint(follow)
                match = wording.active.match(text, after) if possible else None
                if match:
                    slots = slots_of(s, match)
                    start = position
                    if wording.before is not None and subject is not None:
                        start = slots[wording.before.name] = s.starts[subject]
                    if distinct(slots) and self._clauses.is_fact(s, min(start, position), position):
                        score = 0.9 if context.direct and finite else 0.78
                        yield Match(wording, slots, min(start, position), match.end(), wording.date, score)
                        continue
                elif subject is not None and wording.object and finite:
                    yield from self._relative(s, text, number, wording, subject)
            if kind in ("past", "participle") and wording.object and (be or not auxiliaries):
                yield from self._passive(s, text, number, wording, context.subject, be, context.direct)

    def _possible(self, wording: VerbWording, tokens: set[str], follow: set[str]) -> bool:
        """Whether the sentence has what the wording needs, in some voice; `follow` are the tokens after the verb."""
        if wording.before is not None and wording.subjects.isdisjoint(tokens):
            return False
        if wording.needs is None or not wording.needs.isdisjoint(follow):
            return True
        return wording.object is not None and not wording.patients.isdisjoint(tokens)

    def _relative(self, s: Encoded, text: str, number: int, wording: VerbWording, subject: int) -> Iterator[Match]:
        """The wording in a clause whose object stands before it: "Orbit, which Ada Park founded in 2006"."""
        antecedent = self._clauses.antecedent(s, subject)
        if antecedent is None or wording.before is None or wording.object is None:
            return
        position = s.starts[number]
        match = wording.after_object.match(text, position + len(s.tokens[number]) + 1)
        if match and s.tokens[antecedent] in wording.patients:
            slots = slots_of(s, match) | {
                wording.before.name: s.starts[subject],
                wording.object.name: s.starts[antecedent],
            }
            if distinct(slots) and self._clauses.is_fact(s, s.starts[antecedent], position, presupposed=True):
                yield Match(wording, slots, s.starts[antecedent], match.end(), wording.date, 0.85)

    def _passive(
        self, s: Encoded, text: str, number: int, wording: VerbWording, subject: int | None, be: bool, direct: bool
    ) -> Iterator[Match]:
        position = s.starts[number]
        is_reduced = not be and wording.before is None and subject is not None and s.starts[subject] < position
        pattern = wording.reduced if is_reduced else wording.passive
        if is_reduced and len(wording.rest) == 1 and s.tokens[number - 1] == ",":
            # "Orbit, founded in 2003, …": a preposition in place of an object.
            if not self._grammar.prepositions.issuperset(s.tokens[number + 1 : number + 2]):
                return
            pattern = wording.passive
        match = pattern.match(text, position + len(s.tokens[number]) + 1)
        if not match:
            return
        if subject is None and number < 3:
            # "Started in 2008 by Ricardo Garcia, youtube-dl is …"
            tail = _ADVERBIAL.match(text, match.end())
            if tail and tail.end() in s.at:
                subject = bisect_right(s.starts, tail.end()) - 1
        if subject is None or wording.object is None or s.tokens[subject] not in wording.patients:
            return
        if not be and s.starts[subject] < position and not direct:
            return
        start = s.starts[subject]
        slots = slots_of(s, match) | {wording.object.name: start}
        if distinct(slots) and self._clauses.is_fact(s, min(start, position), position):
            yield Match(wording, slots, min(start, position), match.end(), wording.date, 0.92 if direct else 0.8)

    def _implied(self, auxiliaries: tuple[str, ...]) -> bool:
        words = " ".join(auxiliaries)
        return any(words.endswith(i) for i in self._grammar.implicatives)

    def _following_subject(self, s: Encoded, number: int) -> int | None:
        """The subject of a participle that opens the sentence: the first mention after the next comma."""
        if number > 1:
            return None
        for j in range(number + 1, len(s.tokens) - 1):
            if s.tokens[j] == "," and is_entity(s.tokens[j + 1]):
                return j + 1
        return None
