"""The common nouns by which a text calls what it names: "drummer Ginger Baker", "PingCAP, a database company"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.model import Mention

MOST = 4
"""Mentions of one thing that are looked at: what something is gets said when it is introduced."""

_PUNCTUATION = re.compile(r"[^\w\s/-]")
_AFTER = re.compile(
    r"(?:, | (?:is|was|are|were|became|remains) | \()(?:a|an|the|one of the|its|his|her)? ?"
    r"((?:[a-z][a-z/-]*,? ){0,4}[a-z][a-z-]*)",
    re.IGNORECASE,
)


def described(mentions: Iterable[Mention], text: str) -> frozenset[str]:
    """The words that stand right before the names in `mentions`, or after them as an apposition or a predicate."""
    nouns: set[str] = set()
    for mention in list(mentions)[:MOST]:
        before = _PUNCTUATION.split(text[max(0, mention.start - 40) : mention.start].lower())[-1]
        words = before.split()
        if len(words) > 2 and words[-2] == "and":
            nouns.update(words[-3].split("/"))
        if words:
            nouns.update(words[-1].split("/"))
        after = _AFTER.match(text, mention.end, mention.end + 80)
        if after:
            nouns.update(after[1].lower().replace("/", " ").replace(",", "").split())
    return frozenset(nouns)
