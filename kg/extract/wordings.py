"""The extractor that reads by the ontology's wordings alone: precise, fast, and with nothing learned.

Each sentence is encoded (`kg.extract.encode`); the verbs, nouns and words that trigger a wording are looked up; and
around each of them the wording's slots are filled: by the clause's subject and what follows the verb, by the
constructions that link a role noun to its holder, or by a plain pattern.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.clauses import Clauses, is_entity
from kg.extract.encode import PRONOUN, TITLE_CLOSE, TITLE_OPEN, Encoded, Encoder
from kg.extract.grammar import Grammar, english
from kg.extract.mentions import find_mentions
from kg.extract.patterns import Compiler, NounWording, PlainWording, VerbWording, Wording
from kg.extract.qualifiers import Binder
from kg.link.aliases import AliasIndex
from kg.model import Document, Extraction, Mention, RelationMention, Span
from ontology import Ontology
from ontology import load as load_ontology

_MENTION = re.compile("[\ue000-\ue03f]")


@dataclass(frozen=True, slots=True)
class Match:
    """A wording found in an encoded sentence: slots as positions in its text, and the range that it covers."""

    wording: Wording
    slots: dict[str, int]
    start: int
    end: int
    date: str | None
    score: float


class Reader:
    """Finds facts by the wordings of an ontology among given mentions."""

    def __init__(self, ontology: Ontology, grammar: Grammar | None = None) -> None:
        self._grammar = grammar or english()
        self._ontology = ontology
        self._encoder = Encoder(ontology, self._grammar)
        self._compiler = Compiler(ontology, self._grammar, self._encoder)
        self._clauses = Clauses(self._grammar)
        self._binder = Binder(ontology, self._grammar, self._encoder.alphabet, self._compiler.slots)
        self._triggers = (
            self._compiler.verbs.keys() | self._compiler.nouns.keys() | self._compiler.plain.keys() | {TITLE_CLOSE}
        )

    def relations(self, document: Document, mentions: Sequence[Mention]) -> tuple[RelationMention, ...]:
        """The facts among the mentions (sorted, without overlap) of a document."""
        starts = [m.start for m in mentions]
        found: dict[tuple[str, Mention, Mention], RelationMention] = {}
        first = 0
        for sentence in document.sentences:
            last = bisect_right(starts, sentence.end - 1, first)
            inside = mentions[first:last]
            first = last
            if len(inside) < 2 or document.text[sentence.end - 1] == "?":
                continue
            for relation in self._most_specific(list(self._sentence(document.text, sentence, inside))):
                key = (relation.relation, relation.subject, relation.object)
                known = found.get(key)
                if known is None or (relation.score, len(relation.qualifiers)) > (known.score, len(known.qualifiers)):
                    found[key] = relation
        return tuple(sorted(found.values(), key=lambda r: (r.subject.start, r.object.start, r.relation)))

    def _most_specific(self, relations: list[RelationMention]) -> Iterator[RelationMention]:
        """Without the roles of a sentence for which it gives a more specific one of the same two mentions."""
        by_key = self._ontology.relations
        specific = {
            (less, frozenset((r.subject, r.object))) for r in relations for less in by_key[r.relation].supersedes
        }
        held = {(side, m) for r in relations for _, m in r.qualifiers for side in (r.subject, r.object)}
        for relation in relations:
            if (relation.relation, frozenset((relation.subject, relation.object))) in specific:
                continue
            # A title that is told with its organization is that fact's qualifier, not a fact of its own.
            if by_key[relation.relation].literal_type == "Title" and (relation.subject, relation.object) in held:
                continue
            yield relation

    def _sentence(self, text: str, sentence: Span, mentions: Sequence[Mention]) -> Iterator[RelationMention]:
        for form in self._encoder.encode(text, sentence, mentions):
            if not self._triggers.isdisjoint(form.tokens):
                for match in self._matches(form):
                    yield from self._relations(form, match)

    def _matches(self, s: Encoded) -> Iterator[Match]:
        text = s.text + " "
        seen: set[str] = set()
        for number, token in enumerate(s.tokens):
            if token not in self._triggers:
                continue
            verbs = self._compiler.verbs.get(token)
            if verbs:
                yield from self._verb(s, text, number, verbs)
            nouns = self._compiler.nouns.get(token)
            if nouns:
                for wording, words in nouns:
                    first = number - len(words) + 1
                    if first >= 0 and tuple(s.tokens[first : number + 1]) == words:
                        yield from self._noun(s, text, first, number, wording)
            if token == TITLE_CLOSE:
                opening = number
                while s.tokens[opening] != TITLE_OPEN:
                    opening -= 1
                for wording in self._compiler.titles:
                    yield from self._noun(s, text, opening, number, wording)
            if token not in seen:
                seen.add(token)
                for plain in self._compiler.plain.get(token, ()):
                    yield from self._plain(s, text, plain)

    def _verb(self, s: Encoded, text: str, number: int, wordings: list[tuple[VerbWording, str]]) -> Iterator[Match]:
        grammar = self._grammar
        context = self._clauses.verb_context(s, number)
        auxiliaries = set(context.auxiliaries)
        if auxiliaries & grammar.irrealis - {"be"} or ("to" in auxiliaries and not self._implied(context.auxiliaries)):
            return
        position = s.starts[number]
        after = position + len(s.tokens[number]) + 1
        be, have = bool(auxiliaries & grammar.passive), bool(auxiliaries & grammar.perfect)
        for wording, kind in wordings:
            finite = kind in ("past", "present", "base")
            if kind == "infinitive":
                active = "to" in auxiliaries or "helped" in auxiliaries
            elif kind == "gerund":
                active = be or context.subject is not None
            elif kind == "participle":
                active = have and not be
            else:
                active = not be
            if active and kind == "past" and be:
                active = False
            subject = context.subject
            if active and subject is None and kind == "gerund":
                subject = self._following_subject(s, number)
            if active and (wording.subject is None or (subject is not None and wording.subject.match(s.tokens[subject]))):
                match = wording.active.match(text, after)
                if match:
                    slots = self._slots(s, match)
                    start = position
                    if wording.before is not None and subject is not None:
                        start = slots[wording.before.name] = s.starts[subject]
                    if _distinct(slots) and self._clauses.is_fact(s, min(start, position), position):
                        score = 0.9 if context.direct and finite else 0.78
                        yield Match(wording, slots, min(start, position), match.end(), wording.date, score)
                        continue
            if kind in ("past", "participle") and wording.object and (be or not auxiliaries):
                yield from self._passive(s, text, number, wording, context.subject, be, context.direct)

    def _passive(
        self, s: Encoded, text: str, number: int, wording: VerbWording, subject: int | None, be: bool, direct: bool
    ) -> Iterator[Match]:
        position = s.starts[number]
        match = wording.passive.match(text, position + len(s.tokens[number]) + 1)
        if not match:
            return
        if subject is None and number < 3:
            # "Started in 2008 by Ricardo Garcia, youtube-dl is …"
            tail = re.compile(r"(?:(?![;:.!?\"]\s)\S+ ){0,3}?, ").match(text, match.end())
            if tail and tail.end() in s.at:
                subject = bisect_right(s.starts, tail.end()) - 1
        if subject is None or wording.object is None or not wording.patient.match(s.tokens[subject]):
            return
        if not be and s.starts[subject] < position and (not direct or wording.before is None):
            return
        start = s.starts[subject]
        slots = self._slots(s, match) | {wording.object.name: start}
        if _distinct(slots) and self._clauses.is_fact(s, min(start, position), position):
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

    def _noun(self, s: Encoded, text: str, first: int, last: int, wording: NounWording) -> Iterator[Match]:
        phrase = self._noun_phrase(s, first, last, bool(wording.title))
        if phrase is None:
            return
        begin, bare_begin, end, title = phrase
        start = s.starts[begin] if begin < len(s.starts) else len(s.text)
        bare_start = s.starts[bare_begin]
        stop = s.starts[end] if end < len(s.starts) else len(s.text) + 1
        for construction in self._compiler.constructions(wording):
            if construction.bare and bare_begin != begin:
                continue
            if wording.definite and not {"a", "an"}.isdisjoint(s.tokens[begin:bare_begin]):
                continue
            right = construction.right.match(text, stop)
            if not right:
                continue
            left = construction.left.search(text, max(0, start - 160), start)
            if not left:
                continue
            groups = {**{k: (left, k) for k in left.groupdict()}, **{k: (right, k) for k in right.groupdict()}}
            if groups.keys() != {"holder", "anchor"}:
                continue
            slots = {
                wording.holder.name: groups["holder"][0].start("holder"),
                wording.anchor.name: groups["anchor"][0].start("anchor"),
            }
            if not _distinct(slots):
                continue
            fact_from = min(*slots.values(), start)
            until = max(bare_start, fact_from)
            if not self._clauses.is_fact(s, fact_from, until, presupposed=construction.presupposed):
                return
            if title is not None:
                slot = wording.title.name if wording.title else self._binder.title_qualifier(wording.relation)
                if slot:
                    slots[slot] = s.starts[title]
            yield Match(
                wording, slots, fact_from, max(stop, right.end()), construction.date or wording.date, construction.score
            )
            return

    def _noun_phrase(self, s: Encoded, first: int, last: int, is_title: bool) -> tuple[int, int, int, int | None] | None:
        """The tokens of the noun phrase around a role noun: its begin with and without determiner, its end, its title."""
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
        if any(t in self._grammar.other_role for t in tokens[begin:first]) or (
            begin and tokens[begin - 1] in self._grammar.other_role
        ):
            if not is_title:
                return None
        links = ("and", "&", "/", ",")
        while begin > 1 and tokens[begin - 1] in links:
            before = begin - 2 if not (tokens[begin - 2] == "," and begin > 2) else begin - 3
            if tokens[before] == TITLE_CLOSE:
                begin = before
                while tokens[begin] != TITLE_OPEN:
                    begin -= 1
            elif tokens[before] in self._compiler.nouns and tokens[begin - 1] != ",":
                begin = before
            else:
                break
        while end + 1 < len(tokens) and tokens[end] in links:
            follow = end + 2 if tokens[end] == "," and tokens[end + 1] == "and" and end + 2 < len(tokens) else end + 1
            if tokens[follow] == TITLE_OPEN:
                end = tokens.index(TITLE_CLOSE, follow) + 1
            elif tokens[follow] in self._compiler.nouns and tokens[end] != ",":
                end = follow + 1
            else:
                break
        mods = 0
        while begin and mods < 5 and self._clauses.is_modifier(tokens[begin - 1]) and tokens[begin - 1] not in self._grammar.determiners:
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
        return begin, bare, end, title

    def _plain(self, s: Encoded, text: str, wording: PlainWording) -> Iterator[Match]:
        for match in wording.pattern.finditer(text):
            slots = self._slots(s, match)
            if not _distinct(slots) or "subject" not in slots:
                continue
            follow = text[match.end() : match.end() + 12].split(" ", 1)[0]
            if follow not in self._grammar.irrealis and self._clauses.is_fact(s, match.start(), match.end()):
                yield Match(wording, slots, match.start(), match.end(), wording.date, 0.88)

    def _slots(self, s: Encoded, match: re.Match[str]) -> dict[str, int]:
        """The positions of the slots of a pattern; words that a slot took as they stand become mentions of `s`."""
        slots = {}
        for group, value in match.groupdict().items():
            if not value:
                continue
            place = match.start(group)
            if place not in s.at:
                literal = s.literal(place, match.end(group))
                if literal is None:
                    continue
                s.at[place] = (literal,)
            slots[group.removesuffix("_after").removeprefix("late_")] = place
        return slots

    def _fitting(self, s: Encoded, match: Match, slot: str) -> tuple[Mention, ...]:
        """The mentions in the slot, of which the wording takes only some texts."""
        mentions = s.at.get(match.slots.get(slot, -1), ())
        values = match.wording.values.get(slot)
        return mentions if values is None else tuple(m for m in mentions if values.fullmatch(m.text.lower()))

    def _relations(self, s: Encoded, match: Match) -> Iterator[RelationMention]:
        wording = match.wording
        if any(not self._fitting(s, match, slot) for slot in match.slots):
            return
        bound = self._binder.bind(s, match.start, match.end, match.slots, wording.relation, match.date)
        subjects, objects = self._fitting(s, match, "subject"), self._fitting(s, match, "object")
        if "object" in bound:
            objects = s.at[bound.pop("object")]
        qualifiers = tuple(sorted((key, s.at[place][0]) for key, place in bound.items()))
        for subject in subjects:
            for other in objects:
                if subject == other or subject.text == other.text and subject.kind == "name" == other.kind:
                    continue
                score = match.score * min(1.0, 0.6 + 0.4 * min(subject.score, other.score))
                if PRONOUN <= ord(s.text[match.slots["subject"]]) < PRONOUN + 0x10:
                    score *= 0.9
                yield RelationMention(
                    wording.relation.key, subject, other, (s.sentence,), qualifiers, round(score, 4)
                )


def abbreviates(short: str, long: str) -> bool:
    """Whether the letters of `short` stand in `long` in their order, the first at its start, most at starts of words."""
    letters = [c for c in short if c.isalnum()]
    initials = "".join(word[0] for word in re.findall(r"\w+", long)).lower()
    if len(letters) < 2 or len(short) >= len(long) or letters[0].lower() != long[0].lower():
        return False
    if sum(c.isupper() for c in short) * 2 < len(letters):
        return False
    place, hits, rest = 0, 0, long.lower()
    for letter in letters:
        place = rest.find(letter.lower(), place)
        if place < 0:
            return False
        hits += place == 0 or not rest[place - 1].isalnum()
        place += 1
    return hits * 2 >= len(letters) or initials.startswith(short.lower())


def _distinct(slots: dict[str, int]) -> bool:
    return len(set(slots.values())) == len(slots)


class Wordings:
    """The plug-in `wordings`: mentions by the alias index and the shape of names, facts by wordings."""

    name = "wordings"

    def __init__(self) -> None:
        self._ontology = load_ontology()
        self._aliases = AliasIndex.open()
        self._extractor = Reader(self._ontology)

    def extract(self, document: Document) -> Extraction:
        """The mentions of a document and the facts that wordings state between them."""
        mentions = find_mentions(document, self._aliases, self._ontology)
        return Extraction(self.name, tuple(mentions), self._extractor.relations(document, mentions))
