"""Pronouns, and nominals that point back to something named before: "the company", "this open-source library"."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from kg.extract.names_words import NameWords
from kg.model import Mention

Token = tuple[int, int, str]
_SCORE = 0.7
_BETWEEN = 2
"""How many words may stand between "the" and the noun."""


def find_pronouns(text: str, spans: Sequence[tuple[int, int]], words: NameWords) -> list[Mention]:
    """The mentions for the places at which `Shapes` met a pronoun."""
    return [
        Mention(start, end, words.pronouns[word if word in words.pronouns else word.lower()], "pronoun", word)
        for start, end in spans
        for word in (text[start:end],)
    ]


def find_nominals(
    text: str,
    tokens: Sequence[Token],
    determiners: Sequence[int],
    names: Collection[int],
    cues: Mapping[str, str],
    words: NameWords,
) -> list[Mention]:
    """The nominals that start at `determiners` (numbers of tokens, as are `names`, the first tokens of names).

    `cues` maps a noun to the type of what it names.

    "The founder of X" and "the band Cream" describe and name; they do not point back, and are left out.
    """
    found = []
    last = len(tokens)
    openers, demonyms = words.openers, words.demonyms
    for determiner in determiners:
        if determiner in names:
            continue
        start, end, _ = tokens[determiner]
        kind, stop = None, end
        for number in range(determiner + 1, min(determiner + 2 + _BETWEEN, last)):
            begin, finish, word = tokens[number]
            if begin != stop + 1 or text[stop] != " " or number in names or word in openers:
                break
            if "'" in word or "’" in word or not (word.islower() or word in demonyms):
                break
            stop = finish
            if word in cues and (not word.endswith("s") or word + "s" in cues):
                kind, end = cues[word], finish
            elif kind is not None:
                break
        if kind is None or text.startswith(" of ", end):
            continue
        if not (text[end : end + 1] == " " and text[end + 1 : end + 2].isupper()):
            found.append(Mention(start, end, kind, "nominal", text[start:end], None, _SCORE))
    return found
