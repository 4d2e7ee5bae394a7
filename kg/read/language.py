"""The language of a text, as an ISO 639-1 code.

Plainly English text is told by its commonest words, because the general way loads a model (0.2 s).
"""

from __future__ import annotations

import re

# The commonest words of English that are not also common words of German, Dutch, French, Spanish or Italian.
_COMMON = re.compile(
    r"\b(?:the|of|and|to|that|it|was|for|with|as|his|by|from|they|have|this|had|not|are|but|what|were|when|we|there"
    r"|your|which|their|if|has|would|been|about|into|its|than|who|after)\b"
)
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 3000  # characters
_FEWEST_WORDS = 8


def language_of(text: str, stated: str | None = None) -> str | None:
    """The language that the source states (`en-GB`), else the one that the text looks like; None if it is too short."""
    if stated and (tag := re.match(r"[A-Za-z]{2,3}(?=[-_]|$)", stated.strip())):
        return tag[0].lower()
    sample = text[:_SAMPLE].lower()
    words = len(_WORD.findall(sample))
    if words < _FEWEST_WORDS:
        return None
    if len(_COMMON.findall(sample)) * 8 > words:
        return "en"
    from py3langid import classify

    code: str = classify(text[:_SAMPLE])[0]
    return code
