"""The extractor that reads by the ontology's wordings alone: precise, fast, and with nothing learned.

Each sentence is encoded (`kg.extract.wordings.encode`); the verbs, nouns and words that trigger a wording are looked up; and
around each of them the wording's slots are filled: by the clause's subject and what follows the verb, by the
constructions that link a role noun to its holder, or by a plain pattern.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.extract.mentions import mentions_of
from kg.extract.wordings.clauses import Clauses
from kg.extract.wordings.compiler import Compiler
from kg.extract.wordings.encode import PRONOUN, TITLE_CLOSE, Encoded, Encoder
from kg.extract.wordings.grammar import Grammar, english
from kg.extract.wordings.matches import Match, distinct, slots_of
from kg.extract.wordings.nouns import NounMatcher
from kg.extract.wordings.patterns import PlainWording
from kg.extract.wordings.qualifiers import Binder
from kg.extract.wordings.verbs import VerbMatcher
from kg.model import Document, Extraction, Mention, RelationMention, Span
from ontology import Ontology
from ontology import load as load_ontology

_BEFORE = 8
"""How many tokens before the place where something was left out a wording may begin that reaches over it."""


class Reader:
    """Finds facts by the wordings of an ontology among given mentions."""

    def __init__(self, ontology: Ontology, grammar: Grammar | None = None) -> None:
        self._grammar = grammar or english()
        self._ontology = ontology
        self._encoder = Encoder(ontology, self._grammar)
        self._compiler = Compiler(ontology, self._grammar, self._encoder)
        self._clauses = Clauses(self._grammar)
        self._binder = Binder(ontology, self._grammar, self._encoder.alphabet, self._compiler.slots)
        # A title that is told with its organization is no office: another relation's wordings take it.
        employers = self._encoder.alphabet.entity_class(("Organization",))
        self._at_organization = re.compile(f"(?:of|at|for|with) {self._compiler.slots.modifiers}[{employers}]")
        self._verb_matcher = VerbMatcher(self._grammar, self._clauses)
        self._noun_matcher = NounMatcher(self._grammar, self._clauses, self._compiler, self._binder)
        self._triggers = self._compiler.verbs.keys() | self._compiler.nouns.keys() | {TITLE_CLOSE}

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
                found[key] = relation if known is None else _both(known, relation)
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
            for match in self._matches(form):
                yield from self._relations(form, match)

    def _matches(self, s: Encoded) -> Iterator[Match]:
        text = s.text + " "
        first = max(0, s.new - _BEFORE)
        for number in range(first, len(s.tokens)):
            token = s.tokens[number]
            if token not in self._triggers:
                continue
            verbs = self._compiler.verbs.get(token)
            if verbs:
                yield from self._verb_matcher.matches(s, text, number, verbs)
            nouns = self._compiler.nouns.get(token)
            if nouns:
                yield from self._noun_matcher.matches(s, text, number, nouns)
            if token == TITLE_CLOSE:
                yield from self._noun_matcher.title_matches(s, text, number, self._compiler.titles)
        met = self._compiler.needs.met(set(s.tokens))
        for need in sorted(met & self._compiler.plain.keys()):
            for plain in self._compiler.plain[need]:
                if plain.needs <= met:
                    yield from self._plain(s, text, s.starts[first], plain)

    def _plain(self, s: Encoded, text: str, start: int, wording: PlainWording) -> Iterator[Match]:
        for match in wording.pattern.finditer(text, start):
            slots = slots_of(s, match)
            if not distinct(slots) or "subject" not in slots:
                continue
            follow = text[match.end() : match.end() + 12].split(" ", 1)[0]
            if follow not in self._grammar.irrealis and self._clauses.is_fact(s, match.start(), match.end()):
                yield Match(wording, slots, match.start(), match.end(), wording.date, 0.88)

    def _fitting(self, s: Encoded, match: Match, slot: str) -> tuple[Mention, ...]:
        """The mentions in the slot, of which the wording takes only some texts."""
        mentions = s.at.get(match.slots.get(slot, -1), ())
        values = match.wording.values.get(slot)
        return mentions if values is None else tuple(m for m in mentions if values.fullmatch(m.text.lower()))

    def _relations(self, s: Encoded, match: Match) -> Iterator[RelationMention]:
        wording = match.wording
        if any(not self._fitting(s, match, slot) for slot in match.slots):
            return
        if wording.relation.literal_type == "Title" and self._at_organization.match(s.text, match.end):
            return
        bound = self._binder.bind(s, match.start, match.end, match.slots, wording.relation, match.date)
        subjects, objects = self._fitting(s, match, "subject"), self._fitting(s, match, "object")
        if "object" in bound:
            objects = s.at[bound.pop("object")]
        elif not objects and wording.relation.symmetric:
            # "Nokia and Microsoft have teamed up": the two are each other's.
            subjects, objects = subjects[:1], subjects[1:]
        qualifiers = tuple(sorted((key, s.at[place][0]) for key, place in bound.items()))
        for subject in subjects:
            for other in objects:
                if subject == other or (subject.text == other.text and subject.kind == "name" == other.kind):
                    continue
                score = match.score * min(1.0, 0.6 + 0.4 * min(subject.score, other.score))
                if PRONOUN <= ord(s.text[match.slots["subject"]]) < PRONOUN + 0x10:
                    score *= 0.9
                yield RelationMention(wording.relation.key, subject, other, (s.sentence,), qualifiers, round(score, 4))


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


def _both(a: RelationMention, b: RelationMention) -> RelationMention:
    """One of two readings of the same fact in the same sentence: the surer, with the qualifiers of both."""
    surer, other = (a, b) if a.score >= b.score else (b, a)
    return replace(surer, qualifiers=tuple(sorted({**dict(other.qualifiers), **dict(surer.qualifiers)}.items())))


class Wordings:
    """The plug-in `wordings`: mentions by the alias index and the shape of names, facts by wordings."""

    name = "wordings"

    def __init__(self) -> None:
        self._extractor = Reader(load_ontology())

    def extract(self, document: Document) -> Extraction:
        """The mentions of a document and the facts that wordings state between them."""
        mentions = mentions_of(document)
        return Extraction(self.name, mentions, self._extractor.relations(document, mentions))
