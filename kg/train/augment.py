"""Other names in a text: what it says stays, so that the network learns the sentence and not who was in it.

A word of a name gives way to another one that was seen in the same place of a name of the same type, written alike and
in the same part of facts: "Tamsin Okoro" may become "Ulrike Falk", "Pangolin Labs" "Quillpad Labs". The same word becomes the
same word all over a text, so that whoever is meant by "Okoro" is still meant by "Falk". Words that stand in many names
("Labs", "University", "Foundation") stay, as do literals and pronouns.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kg.model import Mention, RelationMention, Span
from kg.train.annotated import Annotated

COMMON = 5
"""A word that stands in names of so many texts is not one name's own."""
ENOUGH = 20
"""With fewer words to choose from, one stays as it is."""

_WORD = re.compile(r"[^\W_]+(?:[.'’&+#-]+[^\W_]+)*\.?")
_Slot = tuple[str, str, str, frozenset[str]]
"""Type, place in the name, shape, and the relations whose object the name is."""


class Names:
    """The words of which the names in a corpus are made, by their slot."""

    def __init__(self, corpus: Iterable[Annotated]) -> None:
        words: dict[_Slot, dict[str, None]] = defaultdict(dict)
        texts: Counter[str] = Counter()
        for text in corpus:
            seen = set()
            for word, _, slot in _words(text):
                words[slot][word] = None
                seen.add(word)
            texts.update(seen)
        self._common = frozenset(word for word, count in texts.items() if count >= COMMON)
        self._choices: Mapping[_Slot, Sequence[str]] = {
            slot: tuple(word for word in found if word not in self._common) for slot, found in words.items()
        }

    def varied(self, text: Annotated, seed: str) -> Annotated:
        """The text with other names; the same for the same seed."""
        chance = random.Random(seed)
        instead: dict[str, str] = {}
        edits: dict[Span, str] = {}
        for word, span, slot in _words(text):
            if word not in instead and word not in self._common and len(self._choices.get(slot, ())) >= ENOUGH:
                instead[word] = chance.choice(self._choices[slot])
            if word in instead:
                edits[span] = instead[word]
        return _edited(text, edits)


def _words(text: Annotated) -> Iterator[tuple[str, Span, _Slot]]:
    """The words of the names in a text. A mention without a capital or a digit is a pronoun or a nominal."""
    roles: dict[Span, set[str]] = defaultdict(set)
    for fact in text.facts:
        roles[fact.object.span].add(fact.relation)
    end = 0
    for mention in text.mentions:
        if mention.kind == "literal" or mention.start < end or mention.text.islower() or len(mention.text) == 1:
            continue
        end = mention.end
        words = list(_WORD.finditer(mention.text))
        for place, word in enumerate(words):
            where = "only" if len(words) == 1 else "first" if place == 0 else "last" if place == len(words) - 1 else ""
            span = Span(mention.start + word.start(), mention.start + word.end())
            role = frozenset(roles[mention.span])
            # "Finnish" and "Finland" may be the object of the same relation: the end of the word tells them apart.
            shape = _shape(word[0]) + (word[0][-1] if role else "")
            yield word[0], span, (mention.type, where, shape, role)


def _shape(word: str) -> str:
    """How a word is written: `Xx` for a capitalised one, `X.` for an initial, `x9` for small letters with digits."""
    return re.sub(
        r"(.)\1+", r"\1", re.sub(r"[^\W\d_]", lambda m: "X" if m[0].isupper() else "x", re.sub(r"\d", "9", word))
    )


def _edited(text: Annotated, edits: Mapping[Span, str]) -> Annotated:
    if not edits:
        return text
    old = text.document.text
    pieces: list[str] = []
    starts, shifts = [0], [0]  # from this character of the old text on, how far all has moved
    place = 0
    for span, word in sorted(edits.items()):
        pieces += (old[place : span.start], word)
        place = span.end
        starts.append(span.end)
        shifts.append(shifts[-1] + len(word) - (span.end - span.start))
    new = "".join((*pieces, old[place:]))

    def moved(span: Span) -> Span:
        start, end = (at + shifts[bisect_right(starts, at) - 1] for at in span)
        return Span(start, end)

    def renamed(mention: Mention) -> Mention:
        start, end = moved(mention.span)
        return replace(mention, start=start, end=end, text=new[start:end])

    def restated(fact: RelationMention) -> RelationMention:
        return RelationMention(
            fact.relation,
            renamed(fact.subject),
            renamed(fact.object),
            tuple(map(moved, fact.evidence)),
            tuple((key, renamed(value)) for key, value in fact.qualifiers),
        )

    return replace(
        text,
        document=replace(text.document, text=new, sentences=tuple(map(moved, text.document.sentences))),
        mentions=tuple(map(renamed, text.mentions)),
        facts=tuple(map(restated, text.facts)),
        unknown=frozenset((moved(subject), relation, moved(value)) for subject, relation, value in text.unknown),
        unsure=tuple((moved(span), kinds) for span, kinds in text.unsure),
    )
