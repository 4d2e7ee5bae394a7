"""What pronouns and nominals stand for: a scan of the text that keeps how salient each entity is.

The weights follow Lappin and Leass (1994), without a parser: a mention counts for more as a subject, less after a
preposition, and half as much with each further sentence. Wrong antecedents make wrong facts, so a pronoun stays open
where two fit nearly as well, or where somebody without a name may be meant.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.model import Mention, Span
from kg.resolve.language import Gender, Language, Pronoun
from kg.resolve.quotations import Quotation, quotation_at

SUBJECT, OBJECT, OBLIQUE, POSSESSIVE = 180.0, 140.0, 110.0, 105.0
DECAY = 0.5
LEAST = 12.0
"""Salience below which nothing is an antecedent: a subject of four sentences ago."""
MARGIN = 1.15
"""How many times as salient as the next one an antecedent has to be."""

_WORDS = re.compile(r"[\w’'-]+|[.,;:!?()\"“”—–]")
_POSSESSED = re.compile(r"['’]s?\b|['’](?=\s)")
_NOUN_PHRASE = re.compile(r"(?:The|A|An|This|That|These|Those|Its|Their|His|Her|Our|Another|Each|Every|One)\s+[a-z]")


@dataclass(slots=True, eq=False)
class Thing:
    """An entity as the scan sees it. `gender` is learned from pronouns where the name leaves it open."""

    type: str
    is_person: bool
    is_group: bool
    is_thing: bool
    gender: Gender | None
    nouns: frozenset[str]
    salience: float = 0.0
    sentence: int = -1
    last: int = -1
    mentions: int = 0

    def now(self, sentence: int) -> float:
        return self.salience * DECAY ** (sentence - self.sentence)

    def mention(self, weight: float, sentence: int, end: int) -> None:
        if sentence == self.sentence:
            self.salience = max(self.salience, weight)
        else:
            self.salience = self.now(sentence) * DECAY + weight
            self.sentence = sentence
        self.last = end
        self.mentions += 1


@dataclass(slots=True)
class Scan:
    """Resolves the pronouns and nominals of one text; `run` gives the entity of each one that it can."""

    text: str
    sentences: Sequence[Span]
    things: Mapping[Span, Thing]
    quotations: Sequence[Quotation]
    language: Language
    speaking: Thing | None = None
    writer: Thing | None = None
    _found: dict[Span, Thing] = field(default_factory=dict)
    _known: list[Thing] = field(default_factory=list)

    def run(self, mentions: Iterable[Mention]) -> dict[Span, Thing]:
        starts = [sentence.start for sentence in self.sentences]
        quotation_starts = [quotation.start for quotation in self.quotations]
        previous_end = 0
        for mention in mentions:
            sentence = max(0, bisect_right(starts, mention.start) - 1)
            clause = max(previous_end, starts[sentence] if starts else 0)
            role = self._role(mention, clause)
            thing = self.things.get(mention.span)
            if thing is None and mention.kind == "pronoun":
                pronoun = self.language.pronouns.get(mention.text.lower())
                if pronoun is not None:
                    quotation = quotation_at(self.quotations, quotation_starts, mention.start)
                    thing = self._pronoun(mention, pronoun, sentence, quotation)
            elif thing is None and mention.kind == "nominal":
                thing = self._nominal(mention, sentence)
            previous_end = mention.end
            if thing is None:
                continue
            if mention.kind != "name":
                self._found[mention.span] = thing
            if thing.last < 0:
                self._known.append(thing)
            thing.mention(role, sentence, mention.end)
        return self._found

    def _role(self, mention: Mention, since: int) -> float:
        """Subject, object, after a preposition, or possessive; `since` is where the last mention ended."""
        text = self.text
        if _POSSESSED.match(text, mention.end):
            return POSSESSIVE
        pronoun = self.language.pronouns.get(mention.text.lower()) if mention.kind == "pronoun" else None
        if pronoun is not None and pronoun.role != "subject":
            return POSSESSIVE if pronoun.role == "possessive" else OBJECT
        words = _WORDS.findall(text, max(since, mention.start - 60), mention.start)
        for word in reversed(words):
            word = word.lower()
            if word in self.language.clauses or not word[0].isalpha():
                break
            if word in self.language.prepositions:
                return OBLIQUE
        return SUBJECT

    def _pronoun(self, mention: Mention, pronoun: Pronoun, sentence: int, quotation: Quotation | None) -> Thing | None:
        speaker = self._speaker(quotation)
        if pronoun.group == "speaker":
            return speaker if quotation is not None else self.writer
        if pronoun.group == "speakers":
            return self.speaking if quotation is None else None
        if pronoun.group in ("male", "female"):
            return self._person(pronoun, sentence, speaker)
        if pronoun.group == "thing":
            if self.language.empty_it.match(self.text, mention.start):
                return None
            return self._best([t for t in self._known if t.is_thing], sentence)
        return self._best([t for t in self._known if t.is_group], sentence)

    def _speaker(self, quotation: Quotation | None) -> Thing | None:
        if quotation is None or quotation.speaker is None:
            return None
        span = quotation.speaker.span
        return self.things.get(span) or self._found.get(span)

    def _person(self, pronoun: Pronoun, sentence: int, speaker: Thing | None) -> Thing | None:
        people = [
            thing
            for thing in self._known
            if thing.is_person and thing is not speaker and thing.gender in (None, pronoun.group)
        ]
        best = self._best(people, sentence)
        if best is not None and best.gender is None:
            best.gender = "male" if pronoun.group == "male" else "female"
        return best

    def _best(self, candidates: list[Thing], sentence: int) -> Thing | None:
        if not candidates:
            return None
        ranked = sorted(
            ((thing.now(sentence), thing.last, thing) for thing in candidates), key=lambda r: (-r[0], -r[1])
        )
        if ranked[0][0] < LEAST or (len(ranked) > 1 and ranked[0][0] < MARGIN * ranked[1][0]):
            return None
        return ranked[0][2]

    def _nominal(self, mention: Mention, sentence: int) -> Thing | None:
        """ "The company": the one whose name says so ("the university"), else the only one that it can be."""
        words = mention.text.lower().split()
        if words[0] in ("a", "an", "another"):
            return None
        noun = words[-1]
        named = [thing for thing in self._known if noun in thing.nouns]
        fits = named or [thing for thing in self._known if thing.type == mention.type]
        return fits[0] if len(fits) == 1 else None
