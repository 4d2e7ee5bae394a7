"""Who does it, and does it happen: the subject of a verb, and whether a clause states a fact.

A shallow reading of an encoded sentence, in place of a parser: it looks at function words and at the order of the
mentions only. It prefers no answer to a wrong one.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.extract.wordings.encode import ENTITY, TITLE_CLOSE, TITLE_OPEN, Encoded
from kg.extract.wordings.grammar import Grammar

_FIRST, _LAST = ENTITY[0], ENTITY[-1]


def is_entity(token: str) -> bool:
    """Whether a token of an encoded sentence is a mention of an entity."""
    return _FIRST <= token <= _LAST


def is_literal(token: str) -> bool:
    """Whether a token of an encoded sentence is a mention of a literal other than a title."""
    return "\ue040" <= token < TITLE_OPEN


@dataclass(frozen=True, slots=True)
class VerbContext:
    """What stands before a verb: the token number of its subject (`None` if not found), and its auxiliaries.

    `direct` is false where the subject was carried over from an earlier verb or over an apposition.
    """

    subject: int | None
    auxiliaries: tuple[str, ...]
    direct: bool


class Clauses:
    """Reads clauses with one grammar."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._between = grammar.auxiliaries | grammar.earlier
        self._copula = grammar.passive | {"became", "becomes", "remains", "remained"}
        self._modifier_stop = (
            grammar.prepositions
            | grammar.conjunctions
            | grammar.relatives
            | grammar.auxiliaries
            | grammar.coordinators
            | grammar.subordinators
            | grammar.no_modifiers
        )

    def is_modifier(self, token: str) -> bool:
        """Whether the token may stand between a determiner and its noun: "popular", "46-year-old"."""
        return (token[0].isalnum() and token not in self._modifier_stop) or token in self._grammar.determiners

    def verb_context(self, sentence: Encoded, verb: int) -> VerbContext:
        """The subject and auxiliaries of the verb that is the `verb`-th token."""
        tokens, grammar = sentence.tokens, self._grammar
        j = verb - 1
        while j >= 0 and (tokens[j] in self._between or is_literal(tokens[j])):
            # A date may stand between: "then, in 1968, disbanded".
            j -= 2 if is_literal(tokens[j]) and j and tokens[j - 1] in grammar.prepositions else 1
        auxiliaries = tuple(token for token in tokens[j + 1 : verb] if token not in grammar.earlier)
        if j < 0:
            return VerbContext(None, auxiliaries, False)
        token = tokens[j]
        if is_entity(token):
            head = self._head(tokens, j)
            if head is None and not auxiliaries:
                head = self._described(tokens, j)
            return VerbContext(head, auxiliaries, True)
        if token in grammar.relatives:
            k = j - 1
            if k >= 0 and tokens[k] == ",":
                k -= 1
            if k >= 0 and is_entity(tokens[k]):
                # "X of Y, who": a relative clause is about the head.
                return VerbContext(self._head(tokens, k), auxiliaries, True)
            return VerbContext(self._described(tokens, k), auxiliaries, True)
        if token == "," and j > 0 and is_entity(tokens[j - 1]) and tokens[verb].endswith(("ed", "n", "t", "ing")):
            head = self._head(tokens, j - 1)
            if head == j - 1:
                return VerbContext(head, auxiliaries, True)
        if token in grammar.coordinators or token == TITLE_CLOSE:
            subject = self._main_subject(tokens, j)
            if subject is not None and not auxiliaries:
                # "is written in C and licensed under": the auxiliary of the first verb serves for both.
                end = subject + 1
                while tokens[end] in grammar.auxiliaries:
                    end += 1
                auxiliaries = tuple(tokens[subject + 1 : end])
            return VerbContext(subject, auxiliaries, False)
        return VerbContext(None if auxiliaries else self._described(tokens, j), auxiliaries, True)

    def _described(self, tokens: list[str], at: int) -> int | None:
        """The entity that the noun phrase which ends at `at` describes: X in "X, a library for Y" and "X is a library"."""
        for j in range(at, max(at - 14, 1), -1):
            token = tokens[j]
            if token in ("a", "an", "the") and (tokens[j - 1] in self._copula or tokens[j - 1] in (",", "—", "–")):
                k = j - 2
                while k >= 0 and tokens[k] in self._grammar.auxiliaries:
                    k -= 1
                if k >= 0 and tokens[k] in self._grammar.relatives:
                    k -= 2 if tokens[k - 1] == "," else 1
                return self._head(tokens, k) if k >= 0 and is_entity(tokens[k]) else None
            if not token[0].isalnum() and not is_entity(token) and token[0] not in (TITLE_OPEN, TITLE_CLOSE, "-"):
                return None
        return None

    def antecedent(self, sentence: Encoded, subject: int) -> int | None:
        """What a relative clause with that subject is about: X in "X, which Y founded" and "X, a firm that Y founded"."""
        tokens = sentence.tokens
        j = subject - 1
        while j >= 0 and self.is_modifier(tokens[j]) and tokens[j] not in self._grammar.relatives:
            j -= 1
        if j < 1 or tokens[j] not in self._grammar.relatives:
            return None
        j -= 2 if tokens[j - 1] == "," else 1
        if j < 0:
            return None
        return j if is_entity(tokens[j]) else self._described(tokens, j)

    def _head(self, tokens: list[str], at: int) -> int | None:
        """The head of the noun phrase that ends in the mention `at`: in "X of Y" it is X; `None` if it has no name."""
        while True:
            j = at - 1
            while j >= 0 and self.is_modifier(tokens[j]) and not is_entity(tokens[j]):
                j -= 1
            if j >= 0 and tokens[j] == "'s":
                return at
            if j >= 0 and tokens[j] in self._grammar.prepositions and tokens[j] not in self._grammar.subordinators:
                if j > 0 and is_entity(tokens[j - 1]):
                    at = j - 1
                    continue
                return None
            return at

    def _main_subject(self, tokens: list[str], before: int) -> int | None:
        """The first mention of the clause that is in no prepositional phrase."""
        start = 0
        for j in range(before - 1, -1, -1):
            if tokens[j] in self._grammar.clause_ends or (tokens[j] in ("that", "because", "where") and j + 1 < before):
                start = j + 1
                break
        for j in range(start, before):
            if is_entity(tokens[j]):
                if j + 1 < len(tokens) and tokens[j + 1] == "'s":
                    continue
                if self._head(tokens, j) == j:
                    return j
        return None

    def is_fact(self, sentence: Encoded, start: int, end: int, *, presupposed: bool = False) -> bool:
        """Whether the clause that reaches from the character `start` (or from its own beginning) to `end` is asserted.

        What is `presupposed` ("X, the founder of Y, did not …") holds whatever is said around it.
        """
        text = sentence.text
        if presupposed:
            return not self._grammar.nonfact.search(text, start, end)
        begin = 0
        for token_start, token in zip(sentence.starts, sentence.tokens, strict=True):
            if token_start >= start:
                break
            if token in self._grammar.clause_ends:
                begin = token_start
        return not self._grammar.nonfact.search(text, begin, end)
