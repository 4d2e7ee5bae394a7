"""Pronouns, and nominals that point back to something named before: "the company", "its founder"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from kg.extract.names_words import NameWords
from kg.model import Mention


@lru_cache(maxsize=4)
def _pattern(pronouns: tuple[str, ...], nouns: tuple[str, ...]) -> re.Pattern[str]:
    def alternatives(words: tuple[str, ...]) -> str:
        return "|".join(sorted((re.escape(word) for word in words), key=lambda word: (-len(word), word)))

    small = alternatives(tuple(word for word in pronouns if word != "i"))
    return re.compile(
        rf"(?<![\w.'’-])(?:(?P<pronoun>(?i:{small})|I)|(?i:the|this|that) (?P<noun>{alternatives(nouns)}))(?![\w-])"
    )


def find_nominals(text: str, words: NameWords, cues: Mapping[str, str]) -> list[Mention]:
    """Pronouns and nominals, sorted. `cues` maps a noun to the type of what it stands for."""
    found = []
    singular = tuple(noun for noun in cues if not noun.endswith("s") or noun + "s" in cues)
    for match in _pattern(tuple(words.pronouns), singular).finditer(text):
        start, end = match.span()
        if match["pronoun"]:
            kind = words.pronouns[match["pronoun"].lower()]
            if match["pronoun"] != "US":
                found.append(Mention(start, end, kind, "pronoun", match.group()))
        else:
            found.append(Mention(start, end, cues[match["noun"]], "nominal", match.group()))
    return found
