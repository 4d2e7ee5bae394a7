"""A sentence as a string in which each mention is one character, so that patterns over it are short and fast.

    Soumith Chintala, who created PyTorch in 2016, left Meta.   →   Ⓟ , who created Ⓢ in Ⓓ , left Ⓞ .

The characters are of the Unicode private use area. Other tokens are in lower case; one space stands between tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.extract.wordings.grammar import Grammar
from kg.model import Mention, Span
from ontology import Ontology

SURE, UNSURE, NOMINAL, PRONOUN, LITERAL = 0xE000, 0xE010, 0xE030, 0xE020, 0xE040
TITLE_OPEN, TITLE_CLOSE = "\ue050", "\ue051"
PERSON_PRONOUN, GROUP_PRONOUN, THING_PRONOUN = chr(PRONOUN), chr(PRONOUN + 1), chr(PRONOUN + 2)
ENTITY = "\ue000-\ue03f"
ANY_MENTION = "\ue000-\ue051"
TITLE = f"{TITLE_OPEN}[^{TITLE_CLOSE}]*{TITLE_CLOSE}"

QUOTES = frozenset("'\"“”‘’«»„")
SURE_SCORE = 0.6
"""From this score on, a name's type is taken as it is; below it, the name fits any slot."""

UNKNOWN_SCORE = 0.4
"""Below this score, the type of a name says nothing."""

TOKENS = re.compile(r"['’](?:s|re|ve|ll|d|m)\b|-[a-z]\w*(?:-\w+)*|\w+(?:[-'’.]\w+)*|[^\w\s]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_AND = re.compile(r"\b(?:as well as|along with|together with)\b")
# "the founder of": a role, whose noun the wordings must see.
_ROLE = re.compile(r"\s+(?:of|at|for|behind|in|and)\b")
# "who chairs the": a verb, not a title.
_VERB = re.compile(r"\s+(?:the|its|their|an?)\b")
_NEXT_WORD = re.compile(r"\s+[\"“‘']?(\w[\w-]*)")
_ENTITY_CHARACTER = re.compile(f"[{ENTITY}]")


@dataclass(frozen=True, slots=True)
class Encoded:
    """An encoded sentence.

    `at` maps the position of a mention's character in `text` to the mentions that it stands for: several where they
    are coordinated ("A, B and C"). `tokens` are those of `text`; `starts` are their positions. `source` is the
    document's text. `new` is the number of the first token after something was left out of the sentence: what lies
    before it is as in its whole form.
    """

    source: str

    text: str
    at: dict[int, tuple[Mention, ...]]
    tokens: list[str]
    starts: list[int]
    sentence: Span
    new: int = 0

    def literal(self, start: int, end: int) -> Mention | None:
        """The words of `text` from `start` to `end` as a mention of a literal; `None` if the source has them otherwise."""
        place = self.sentence.start
        for position, held in self.at.items():
            if position < start:
                place = max(place, held[-1].end)
        words = self.text[start:end].split()
        found = re.compile(r"\W+".join(map(re.escape, words)), re.IGNORECASE).search(
            self.source, place, self.sentence.end
        )
        if found is None:
            return None
        return Mention(found.start(), found.end(), "String", "literal", found[0], found[0])


class Alphabet:
    """Which character stands for which type of mention."""

    def __init__(self, ontology: Ontology, grammar: Grammar) -> None:
        self._confusable = grammar.confusable
        self._namesakes = grammar.namesakes
        self._types = {key: number for number, key in enumerate(ontology.types)}
        literals = {r.literal_type for r in ontology.relations.values()} | {
            q.literal_type for q in ontology.qualifiers.values()
        }
        found = sorted({"Date", *(name for name in literals if name)} - {"Title"})
        self._literals = {key: chr(LITERAL + number) for number, key in enumerate(found)}
        # English refers to one kind of entity by he and she, and that kind is the one with a human's cue.
        self._personal = next((key for key, t in ontology.types.items() if "person" in t.cues), "Person")

    def character(self, mention: Mention) -> str:
        """The character of a mention; a title's is the opening one. Empty for a mention that no slot can hold."""
        if mention.kind == "literal":
            return TITLE_OPEN if mention.type == "Title" else self._literals.get(mention.type, "")
        number = self._types.get(mention.type)
        if mention.kind == "pronoun":
            if number is None:
                return THING_PRONOUN
            return PERSON_PRONOUN if mention.type == self._personal else GROUP_PRONOUN
        if number is None:
            return chr(UNSURE + 0xF)
        if mention.kind == "nominal":
            return chr(NOMINAL + number)
        if mention.score < UNKNOWN_SCORE:
            return chr(UNSURE + 0xF)
        return chr((SURE if mention.score >= SURE_SCORE else UNSURE) + number)

    def entity_class(self, types: Iterable[str], *, sure: bool = False) -> str:
        """The inside of a character class for the mentions that may stand for an entity of one of the types.

        If `sure`, only names of which the type is sure.
        """
        types = list(types)
        if sure:
            return "".join(chr(SURE + self._types[key]) for key in types)
        inside = chr(UNSURE + 0xF)
        for key in types:
            inside += chr(SURE + self._types[key]) + chr(NOMINAL + self._types[key])
            inside += "".join(chr(SURE + self._types[other]) for other in self._namesakes.get(key, ()))
        for key in self._confusable.union(types) if self._confusable.intersection(types) else types:
            inside += chr(UNSURE + self._types[key])
        if self._personal in types:
            inside += PERSON_PRONOUN
        if not (self._confusable - {self._personal}).isdisjoint(types):
            inside += THING_PRONOUN + GROUP_PRONOUN
        return inside

    def literal_pattern(self, literal_type: str) -> str:
        """A pattern for a literal of that type; a `String` is a name."""
        if literal_type == "Title":
            return TITLE
        if literal_type == "String":
            return f"[\ue000-\ue01f{self._literals.get(literal_type, '')}]"
        return self._literals.get(literal_type, "(?!)")


class Encoder:
    """Encodes sentences."""

    def __init__(self, ontology: Ontology, grammar: Grammar) -> None:
        self.alphabet = Alphabet(ontology, grammar)
        self._conjunctions = frozenset(grammar.conjunctions)
        self._keep_ly = frozenset(grammar.keep_ly)
        self._adverbs = frozenset(grammar.adverbs)
        self._verbs = {form for forms in grammar.irregular.values() for form in forms} | grammar.irregular.keys()
        self._auxiliaries = grammar.auxiliaries
        self._possessives = grammar.possessives
        self._nouns_that_are_verbs = {grammar.forms(lemma).present for lemma in grammar.ambiguous_base}
        self._no_modifiers = grammar.prepositions | grammar.auxiliaries | grammar.relatives | grammar.no_modifiers
        self._contained = frozenset(key for key, t in ontology.types.items() if "country" in t.cues)

    def encode(self, text: str, sentence: Span, mentions: Sequence[Mention]) -> Iterator[Encoded]:
        """The sentence with these mentions of it (sorted, without overlap): whole, then without what is inserted.

        The second is without brackets, the third without appositions too; they come only where they differ.
        """
        items = self._coordinate(_unquoted(self._items(text, sentence, mentions)))
        yield _encoded(text, sentence, items)
        if any(token == "(" for token, _ in items):
            whole, items = items, self._coordinate(_without_brackets(items))
            yield _encoded(text, sentence, items, _first_difference(whole, items))
        shorter = self._without_appositions(items)
        if len(shorter) < len(items):
            yield _encoded(text, sentence, shorter, _first_difference(items, shorter))

    def _items(self, text: str, sentence: Span, mentions: Sequence[Mention]) -> list[tuple[str, tuple[Mention, ...]]]:
        items: list[tuple[str, tuple[Mention, ...]]] = []
        place = sentence.start
        nothing: tuple[Mention, ...] = ()
        for mention in mentions:
            character = self.alphabet.character(mention)
            if not character or (mention.kind == "nominal" and _ROLE.match(text, mention.end)):
                continue
            if (
                character == TITLE_OPEN
                and mention.text.lower() in self._nouns_that_are_verbs
                and _VERB.match(text, mention.end)
            ):
                continue
            if mention.start > place:
                items += [(w, nothing) for w in self._words(text[place : mention.start])]
            if character == TITLE_OPEN:
                items.append((character, (mention,)))
                items += [(w, nothing) for w in TOKENS.findall(mention.text.lower())]
                items.append((TITLE_CLOSE, nothing))
            else:
                items.append((character, (mention,)))
                if mention.kind == "pronoun" and self._is_possessive(mention, text):
                    items.append(("'s", nothing))
            place = mention.end
        items += [(w, nothing) for w in self._words(text[place : sentence.end])]
        return items

    def _is_possessive(self, mention: Mention, text: str) -> bool:
        """Whether a pronoun owns what follows: "her" does before a noun, not before "in" or a comma."""
        word = mention.text.lower()
        if word not in self._possessives:
            return False
        follow = _NEXT_WORD.match(text, mention.end)
        return follow is not None and follow[1].lower() not in self._no_modifiers

    def _words(self, gap: str) -> list[str]:
        words = _AND.sub("and", (gap if gap.isascii() else gap.translate(_QUOTES)).lower())
        return [w for w in TOKENS.findall(words) if not self.dropped(w)]

    def dropped(self, word: str) -> bool:
        """Whether a word is an adverb that changes nothing, and so is left out."""
        return word in self._adverbs or (word.endswith("ly") and len(word) > 3 and word not in self._keep_ly)

    def _without_appositions(
        self, items: list[tuple[str, tuple[Mention, ...]]]
    ) -> list[tuple[str, tuple[Mention, ...]]]:
        """Without ", …," between a mention and its verb."""
        kept: list[tuple[str, tuple[Mention, ...]]] = []
        i = 0
        while i < len(items):
            kept.append(items[i])
            token = items[i][0]
            if _ENTITY_CHARACTER.match(token) and i + 3 < len(items) and items[i + 1][0] == ",":
                for j in range(i + 3, min(i + 30, len(items) - 1)):
                    if items[j][0] in '.;:"':
                        break
                    if items[j][0] == "," and self._finite(items[j + 1][0]):
                        i = j
                        break
            i += 1
        return kept

    def _finite(self, token: str) -> bool:
        return (
            token in self._auxiliaries
            or token in self._verbs
            or (token.endswith(("ed", "es", "s")) and token.isalpha())
        )

    def _may_modify(self, token: str) -> bool:
        """Whether the token may stand before a member of a list: "and singer Eric Clapton"."""
        return (
            (token[0].isalpha() or token in ("/", TITLE_OPEN, TITLE_CLOSE))
            and not token.endswith(("ed", "ing", "s"))
            and token not in self._no_modifiers
            and token not in self._verbs
        )

    def _coordinate(self, items: list[tuple[str, tuple[Mention, ...]]]) -> list[tuple[str, tuple[Mention, ...]]]:
        """Make one item of "A, B and C" of one type, and drop the larger place of "Shelby, North Carolina"."""
        if sum(1 for token, _ in items if _ENTITY_CHARACTER.match(token)) < 2:
            return items
        done: list[tuple[str, tuple[Mention, ...]]] = []
        i, n = 0, len(items)
        while i < n:
            token, held = items[i]
            if not held or not _ENTITY_CHARACTER.match(token) or held[0].kind == "literal":
                done.append(items[i])
                i += 1
                continue
            members, end, joined, j = list(held), i + 1, False, i + 1
            while j < n:
                k, conjunction = j, False
                if items[k][0] == ",":
                    k += 1
                if k < n and items[k][0] in self._conjunctions:
                    conjunction, k = True, k + 1
                if k == j or k >= n:
                    break
                noun, inside = k, False
                while noun < min(n - 1, k + 8) and (inside or self._may_modify(items[noun][0])):
                    inside = items[noun][0] == TITLE_OPEN or (inside and items[noun][0] != TITLE_CLOSE)
                    noun += 1
                if items[noun][1]:
                    k = noun
                other = items[k][1]
                if not other or items[k][0] == TITLE_OPEN or not _alike(items[k][0], token):
                    break
                if k + 1 < n and items[k + 1][0] == "'s":
                    break
                members += other
                end = j = k + 1
                if conjunction:
                    joined = True
                    if j < n and items[j][0] != "," and items[j][0] not in self._conjunctions:
                        break
            if joined:
                done.append((token, tuple(members)))
                i = end
            elif len(members) > 1 and held[0].type in self._contained:
                done.append((token, held))
                i = end + 1 if end < n and items[end][0] == "," else end
            else:
                done.append(items[i])
                i += 1
        return done


def _alike(a: str, b: str) -> bool:
    """Whether two characters may be members of one list: of one type, or of an unsure one."""
    x, y = ord(a), ord(b)
    if x >= PRONOUN or y >= PRONOUN:
        return x == y == PRONOUN or (
            {x >= PRONOUN, y >= PRONOUN} == {True, False} and min(x, y) & 0xF == 0 and max(x, y) == PRONOUN
        )
    return x & 0xF == y & 0xF or x >= UNSURE or y >= UNSURE


def _unquoted(items: list[tuple[str, tuple[Mention, ...]]]) -> list[tuple[str, tuple[Mention, ...]]]:
    """Without the quotation marks around a mention."""
    return [
        item
        for i, item in enumerate(items)
        if item[0] not in QUOTES
        or not (
            (i > 1 and items[i - 1][1] and items[i - 2][0] in QUOTES)
            or (i + 2 < len(items) and items[i + 1][1] and items[i + 2][0] in QUOTES)
        )
    ]


def _first_difference(a: list[tuple[str, tuple[Mention, ...]]], b: list[tuple[str, tuple[Mention, ...]]]) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x is not y and x != y), min(len(a), len(b)))


def _encoded(text: str, sentence: Span, items: list[tuple[str, tuple[Mention, ...]]], new: int = 0) -> Encoded:
    tokens = [token for token, _ in items]
    starts, at, position = [], {}, 0
    for token, held in items:
        starts.append(position)
        if held:
            at[position] = held
        position += len(token) + 1
    return Encoded(text, " ".join(tokens), at, tokens, starts, sentence, new)


def _without_brackets(items: list[tuple[str, tuple[Mention, ...]]]) -> list[tuple[str, tuple[Mention, ...]]]:
    kept, depth = [], 0
    for item in items:
        if item[0] in "([":
            depth += 1
        elif item[0] in ")]":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(item)
    return kept
