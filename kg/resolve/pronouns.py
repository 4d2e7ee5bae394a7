"""What pronouns and nominals stand for: a scan of the text that keeps how salient each entity is.

The weights follow Lappin and Leass (1994), without a parser: a mention counts for more as a subject, less after a
preposition, and half as much with each further sentence. Wrong antecedents make wrong facts, so a pronoun stays open
where two fit nearly as well, and where somebody or something without a name may be meant.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from kg.model import Mention, Span
from kg.resolve.descriptions import described
from kg.resolve.language import Gender, Language, Pronoun
from kg.resolve.quotations import Quotation, quotation_at

SUBJECT, OBJECT, OBLIQUE, POSSESSIVE = 180.0, 150.0, 120.0, 150.0
DECAY = 0.45
LEAST = 15.0
"""Salience below which nothing is an antecedent: a subject of three sentences ago."""
MARGIN = 1.15
"""How many times as salient as the next one an antecedent has to be."""
UNSURE, UNLIKELY = 0.6, 0.35
"""What a person's salience counts whose gender is not known, or whose given name tells one that the text never uses."""
AGO = 5
"""Sentences after which nothing is salient any more."""
MOST = 60
"""Things, from the last mentioned one back, among which a nominal's is sought."""
FARTHEST = 3
"""Sentences since its last mention after which a nominal no longer points to a thing, where another fits too."""
TOPIC = 0.2
"""How much salience each further mention by name adds in the whole text, at most five times."""

_ROLES = {"subject": SUBJECT, "possessive": POSSESSIVE}
_WORDS = re.compile(r"[\w’'-]+|[.,;:!?()\"“”—–]")
_POSSESSED = re.compile(r"['’]s\b|(?<=s)['’](?=\s)")
_BREAK = re.compile(r"[,;:()\"“”—–]|\b(?:and|but|or|that|who|which|when|while|because|if|whether|as|so)\b")
_NEXT_WORD = re.compile(r"\s*([\w’'-]+|[.,;:!?)\"”])")
_PREDICATE = re.compile(r"(?i:\b(?:is|was|were|as|be|been|became|becomes|become|and|or|than|like)|[,(]|['’]s) $")
_EMPLOYED = re.compile(r",? (?:[\w,& -]{0,90} )?(?:of|at|for|with|from|and) (?:the )?")
_EMPLOYS = re.compile(r"(?:['’]s)?,? [\w ,&-]{2,60}")
_PLURAL = re.compile(r"\b(?!was|has|its|his|this|does|says|thus|always|plus|news|less|business)[a-z]{2,}[^s\Wiu]s\b")
_LEAD = re.compile(r"(?:[^,]*,\s+)?(?:[\w-]+ ){0,5}")
_VERB = re.compile(r"[\"'”’)]{0,2} (?:[a-z]+ly )?([a-z]+)")


@dataclass(slots=True, eq=False)
class Thing:
    """An entity, or somebody without a name, as the scan sees it.

    `gender` is learned from pronouns where the name leaves it open. `words` are those of its names, `nouns` also those
    that describe it; `kind` is the one that a name such as "React Foundation" ends in. `salience` is as of the sentence
    of its last mention, where it had the weight `role`.
    """

    type: str
    is_person: bool = False
    is_group: bool = False
    is_thing: bool = False
    is_named: bool = True
    gender: Gender | None = None
    words: frozenset[str] = frozenset()
    kind: str | None = None
    mentions: Sequence[Mention] = ()
    nouns: frozenset[str] | None = None
    salience: float = 0.0
    sentence: int = -1
    last: int = -1
    role: float = 0.0

    def now(self, sentence: int) -> float:
        return (
            self.salience * DECAY ** (sentence - self.sentence) * (1 + TOPIC * min(5, max(0, len(self.mentions) - 1)))
        )

    def mention(self, weight: float, sentence: int, end: int) -> None:
        if sentence == self.sentence:
            self.salience = max(self.salience, weight)
            self.role = max(self.role, weight)
        else:
            self.salience = self.salience * DECAY ** (sentence - self.sentence) * DECAY + weight
            self.sentence = sentence
            self.role = weight
        self.last = end


@dataclass(slots=True)
class Scan:
    """Resolves the pronouns and nominals of one text; `run` gives the entity of each one that it can.

    `things` holds the entity of each name, `speaking` the organization that is "we" outside quotations, `writer` the
    person who is "I" there.
    """

    text: str
    sentences: Sequence[Span]
    things: Mapping[tuple[int, int], Thing]
    quotations: Sequence[Quotation]
    language: Language
    speaking: Thing | None = None
    writer: Thing | None = None
    _found: dict[tuple[int, int], Thing] = field(default_factory=dict)
    _known: dict[Thing, None] = field(default_factory=dict)
    _leads: dict[int, Thing] = field(default_factory=dict)
    _later: list[tuple[Mention, Quotation]] = field(default_factory=list)
    _names: list[tuple[int, int]] = field(default_factory=list)
    _sentence_starts: list[int] = field(default_factory=list)
    _genders: set[str] = field(default_factory=set)

    def run(self, mentions: Sequence[Mention]) -> dict[tuple[int, int], Thing]:
        text, things, known, leads, found = self.text, self.things, self._known, self._leads, self._found
        pronouns = self.language.pronouns
        starts = self._sentence_starts = [sentence.start for sentence in self.sentences] or [0]
        quotation_starts = [quotation.start for quotation in self.quotations]
        previous_end = 0
        used = {mention.text.lower() for mention in mentions if mention.kind == "pronoun"}
        self._genders = {pronouns[word].group for word in used if word in pronouns}
        nameless = self._nameless(mentions)
        if nameless:
            added = [Mention(start, end, "", "nominal", text[start:end]) for start, end in nameless]
            mentions = sorted([*mentions, *added], key=lambda m: (m.start, m.end))
        for mention in mentions:
            start, end = mention.start, mention.end
            number = max(0, bisect_right(starts, start) - 1)
            role = self._role(mention, max(previous_end, starts[number]))
            previous_end = end
            thing = things.get((start, end)) or nameless.get((start, end))
            if thing is None:
                if mention.kind == "pronoun":
                    pronoun = pronouns.get(mention.text.lower())
                    quotation = quotation_at(self.quotations, quotation_starts, start)
                    thing = self._pronoun(mention, pronoun, number, role, quotation) if pronoun else None
                elif mention.kind == "nominal":
                    thing = self._nominal(mention, number)
                if thing is None:
                    continue
                if thing.is_named:
                    found[start, end] = thing
            known.pop(thing, None)
            known[thing] = None  # in order of last mention
            thing.mention(role, number, end)
            if role == SUBJECT and (
                self._acts(mention)
                if number in leads
                else start == starts[number] or _LEAD.fullmatch(text, starts[number], start)
            ):
                leads[number] = thing
        for mention, quotation in self._later:
            speaker = self._speaker(quotation)
            if speaker is not None:
                found[mention.start, mention.end] = speaker
        return found

    def _acts(self, mention: Mention) -> bool:
        """Whether a verb seems to follow."""
        following = _VERB.match(self.text, mention.end)
        return following is not None and not (
            following[1] in self.language.prepositions or following[1] in self.language.clauses or following[1] == "and"
        )

    def _nameless(self, mentions: Sequence[Mention]) -> dict[tuple[int, int], Thing]:
        """People without a name who may be he or she: "his father", "the spokesman"."""
        if self._genders.isdisjoint(("male", "female")):
            return {}
        taken = [m.start for m in mentions if m.kind != "pronoun"]
        found: dict[tuple[int, int], Thing] = {}
        people: dict[str, Thing] = {}
        for match in self.language.someone.finditer(self.text):
            start, end = match.span(1)
            of = self.language.of_someone.search(self.text, max(0, start - 50), start - 1)
            if of is None:
                continue
            if _PREDICATE.search(self.text, max(0, of.start() - 12), of.start()):
                continue  # "is a researcher", "Ann, a researcher": said of somebody named
            i = bisect_right(taken, end + 2)
            if i and taken[i - 1] >= start - 1:  # a name follows, or a nominal was found there
                continue
            phrase = self.text[of.start() : end].lower()
            if phrase not in people:
                gender = self.language.someone_gender[match[1].lower()]
                people[phrase] = Thing("", is_person=True, is_named=False, gender=gender)
            found[start, end] = people[phrase]
        return found

    def _role(self, mention: Mention, since: int) -> float:
        """Subject, object, after a preposition, or possessive; `since` is where the last mention ended."""
        text, language, start = self.text, self.language, mention.start
        following = text[mention.end : mention.end + 1]
        if following == "-":
            return POSSESSIVE
        if (
            following in ("'", "’")
            and text[start - 1 : start] not in ("'", "‘")
            and _POSSESSED.match(text, mention.end)
        ):
            return POSSESSIVE
        small = mention.text.lower()
        if mention.kind == "name":
            if language.countries.get(small, small) != small:
                return POSSESSIVE  # "Hungarian" says what the next name is
        elif mention.kind == "pronoun" and small != "it":
            pronoun = language.pronouns.get(small)
            if pronoun is not None:
                return _ROLES.get(pronoun.role, OBJECT)
        for word in reversed(text[max(since, start - 60) : start].lower().split()):
            if word in language.clauses or not word[-1].isalpha():
                break
            if word in language.prepositions:
                return OBLIQUE
        return SUBJECT

    def _pronoun(
        self, mention: Mention, pronoun: Pronoun, sentence: int, role: float, quotation: Quotation | None
    ) -> Thing | None:
        speaker = self._speaker(quotation)
        if pronoun.group == "speaker":
            if quotation is not None and speaker is None:
                self._later.append((mention, quotation))  # "…, she said": not read yet
            return speaker if quotation is not None else self.writer
        if pronoun.group == "speakers":
            return self._speaking(mention, sentence) if quotation is None else self._employer(quotation)
        if pronoun.group in ("male", "female"):
            return self._person(mention, pronoun, sentence, speaker)
        return self._subject(mention, pronoun, sentence, role)

    def _speaking(self, mention: Mention, sentence: int) -> Thing | None:
        """The organization that is "we": the subject of "X is happy to announce that we …", "At X, we …"."""
        lead = self._leads.get(sentence)
        if lead is not None and lead.is_group and self.language.we_after.match(self.text, lead.last, mention.start):
            return lead
        return self.speaking

    def _employer(self, quotation: Quotation) -> Thing | None:
        """The organization for which a quoted person says "we": the only one that the attribution names."""
        if quotation.speaker is None or not self.sentences:
            return None
        start, end = quotation.speaker.start, quotation.speaker.end
        sentence = self.sentences[max(0, bisect_right(self._sentence_starts, start) - 1)]
        named = {
            id(thing): thing
            for at, until in self._names_in(sentence)
            if (thing := self.things[at, until]).is_group
            if _EMPLOYED.fullmatch(self.text, end, at) or _EMPLOYS.fullmatch(self.text, until, start)
        }
        return next(iter(named.values())) if len(named) == 1 else None

    def _names_in(self, sentence: Span) -> list[tuple[int, int]]:
        if not self._names:
            self._names = sorted(self.things)
        start, end = bisect_left(self._names, (sentence.start, 0)), bisect_left(self._names, (sentence.end, 0))
        return self._names[start:end]

    def _speaker(self, quotation: Quotation | None) -> Thing | None:
        if quotation is None or quotation.speaker is None:
            return None
        span = quotation.speaker.start, quotation.speaker.end
        return self.things.get(span) or self._found.get(span)

    def _person(self, mention: Mention, pronoun: Pronoun, sentence: int, speaker: Thing | None) -> Thing | None:
        """The most salient person: not the speaker of the quotation, not the subject of the verb it is object of."""
        apart = self._clause_subject(mention, sentence) if self._is_object(mention, pronoun) else None
        ranked = sorted(
            (
                (thing.now(sentence) * self._fit(thing, pronoun), thing.last, thing)
                for thing in self._lately(sentence)
                if thing.is_person and thing is not speaker and thing is not apart
            ),
            key=lambda item: (-item[0], -item[1]),
        )
        if not ranked or ranked[0][0] < LEAST or (len(ranked) > 1 and ranked[0][0] < MARGIN * ranked[1][0]):
            return None
        best = ranked[0][2]
        if best.gender != pronoun.group:
            best.gender = "male" if pronoun.group == "male" else "female"
        return best

    def _lately(self, sentence: int) -> Iterator[Thing]:
        """What was mentioned so lately that a pronoun can stand for it, the last one first."""
        for thing in reversed(self._known):
            if sentence - thing.sentence > AGO:
                return
            yield thing

    def _fit(self, thing: Thing, pronoun: Pronoun) -> float:
        if thing.gender is None:
            return UNSURE
        if thing.gender == pronoun.group:
            return 1.0
        return 0.0 if thing.gender in self._genders else UNLIKELY

    def _is_object(self, mention: Mention, pronoun: Pronoun) -> bool:
        if pronoun.role == "object":
            return True
        if mention.text != "her":
            return False
        following = _NEXT_WORD.match(self.text, mention.end)
        if following is None:
            return True
        word = following[1].lower()
        return not word[0].isalpha() or word in self.language.prepositions or word in self.language.clauses

    def _clause_subject(self, mention: Mention, sentence: int) -> Thing | None:
        """Who acts in the clause of an object pronoun, and so is not the one whom it stands for."""
        for thing in self._lately(sentence):
            if (
                thing.sentence == sentence
                and thing.role == SUBJECT
                and not _BREAK.search(self.text, thing.last, mention.start)
            ):
                return thing
        return None

    def _subject(self, mention: Mention, pronoun: Pronoun, sentence: int, role: float) -> Thing | None:
        """What "it" or "they" stands for: the subject of this sentence, or that with which the last one began.

        As an object "it" may be anything that was talked about, so only a subject or a possessive is resolved.
        """
        start = self.sentences[sentence].start if self.sentences else 0
        if role not in (SUBJECT, POSSESSIVE):
            return None
        if mention.text.lower() == "it" and not self._begins_clause(mention, start):
            return None
        lead = self._leads.get(sentence)
        if lead is None:
            if not _LEAD.fullmatch(self.text, start, mention.start):
                return None
            lead = self._leads.get(sentence - 1)
            if lead is not None and "\n" in self.text[lead.last : mention.start]:
                return None
        if lead is None or lead.is_person:
            return None
        if pronoun.group == "thing":
            return lead if lead.is_thing else None
        if not lead.is_group:
            return None
        is_collective = not self._nouns(lead).isdisjoint(self.language.collectives)
        return lead if is_collective or not _PLURAL.search(self.text, lead.last, mention.start) else None

    def _begins_clause(self, mention: Mention, start: int) -> bool:
        """Whether "it" can be a subject that stands for something: not after a verb, nor in "it is clear that"."""
        if self.language.empty_it.match(self.text, mention.start):
            return False
        before = _WORDS.findall(self.text, max(start, mention.start - 30), mention.start)
        if not before:
            return True
        word = before[-1].lower()
        return (
            not word[0].isalpha()
            or word in self.language.clauses
            or word in self.language.openers
            or self.language.speech.fullmatch(word) is not None
        )

    def _nouns(self, thing: Thing) -> frozenset[str]:
        """The words by which the text calls a thing, worked out when they are first asked for."""
        if thing.nouns is None:
            thing.nouns = thing.words | described(thing.mentions, self.text)
        return thing.nouns

    def _nominal(self, mention: Mention, sentence: int) -> Thing | None:
        """What "the company" stands for.

        It is what the text calls so ("the university", "PingCAP, a company"), else the only thing of that type yet;
        where several are called so, the only one lately.
        """
        words = mention.text.lower().split()
        if not words or words[0] in ("a", "an", "another"):
            return None
        noun = words[-1]
        alike = [t for t in islice(reversed(self._known), MOST) if t.is_named and t.type == mention.type]
        called = [thing for thing in alike if noun in self._nouns(thing)]
        if len(called) > 1:
            called = [thing for thing in called if sentence - thing.sentence <= FARTHEST]
        if not called and len(words) == 2 and noun in self.language.alone:
            called = [t for t in alike if t.kind is None or t.kind == noun or noun in self.language.general]
        return called[0] if len(called) == 1 else None
