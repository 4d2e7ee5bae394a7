"""Names that are written without a capital letter and are in no list: `rkt`, `youtube-dl`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

_WORD = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_ORDINARY = re.compile(
    r"(?:al|ic|ics|ing|ed|ive|ous|able|ible|ary|ory|tion|sion|ment|ity|ly|er|or|ers|ors|ant|ent|ism|ist|ists|ance|ence|ful|less"
    r"|ness|ship|wide|based|like|free|side|ware|code|es|s|ized|ised|y)$|^(?:non|pre|post|multi|inter|anti|self|semi|sub|over|under|un|re)-?"
)
_NUMBERED = re.compile(r"\d+[a-z]{5,}")
_SOFTWARE = "Software"


_PLAIN, _INFLECTED, _WITH_NUMBER, _OTHER = range(4)


@lru_cache(maxsize=65536)
def _kind(word: str) -> int:
    """What the letters of a word say; kept, as words come again in other articles."""
    if not _WORD.fullmatch(word):
        return _WITH_NUMBER if _NUMBERED.fullmatch(word) else _OTHER
    return _INFLECTED if _ORDINARY.search(word) else _PLAIN


def find_small(
    text: str,
    tokens: Sequence[tuple[int, int, str]],
    rare: Sequence[int],
    sentences: Sequence[int],
    cues: Mapping[str, str],
    naming: frozenset[str],
) -> frozenset[str]:
    """Which of the uncommon words (`rare`, numbers of tokens) name a program.

    A word that opens a sentence with a small letter, and stands there more than once; one that a noun beside it calls
    a program ("the rkt project"); one that an apposition names ("our engine, rkt, is"); one after "called".
    """
    counts = Counter([tokens[number][2] for number in rare])
    starts = frozenset(sentences)
    found: set[str] = set()
    for number in rare:
        start, end, word = tokens[number]
        if word in found:
            continue
        kind = _kind(word)
        if kind == _OTHER:
            continue
        if kind == _WITH_NUMBER:
            found.add(word)
            continue
        opens = start in starts or (start - 1 in starts and text[start - 1] in "\"“‘'")
        if opens and (counts[word] > 1 or text.startswith((" is a", " was a"), end)) and text[end : end + 1] == " ":
            found.add(word)
            continue
        if kind == _INFLECTED or number == 0:
            continue
        before = tokens[number - 1][2].lower()
        gap = text[tokens[number - 1][1] : start]
        apposed = gap == ", " and cues.get(before) == _SOFTWARE and text[end : end + 1] in ",.;:)"
        if apposed or (gap == " " and before in naming):
            found.add(word)
        elif gap == " " and before == "the" and number + 1 < len(tokens) and text[end : end + 1] == " ":
            after = tokens[number + 1][2]
            if counts[word] > 1 and (cues.get(after) == _SOFTWARE or after == "project"):
                found.add(word)
    return frozenset(found)
