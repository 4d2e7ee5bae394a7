"""What the engine accepts and SPARQL does not, where its answer would mean nothing."""

from __future__ import annotations

from kg.sparql.tokens import Tokens

_AGGREGATES = ("COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT")
_NAMES = [name.lower() for name in _AGGREGATES]


def fault(query: str) -> str | None:
    """What is wrong, with its place; None where nothing of this is."""
    small = query.lower()
    if sum(small.count(name) for name in _NAMES) < 2:
        return None
    tokens = Tokens(query)
    if not tokens.is_balanced:
        return None
    outer = -1
    for place, token in enumerate(tokens.all):
        if token.kind == "word" and token.text in _AGGREGATES and tokens.is_at(place + 1, "("):
            if place < outer:
                return f"{_place(query, token.start)}: an aggregate can't stand within another; use a subquery"
            end = tokens.pairs[place + 1]
            # A pattern within the brackets, that of an EXISTS, may have a subquery with aggregates of its own.
            if all(tokens.all[n].text != "{" for n in range(place, end)):
                outer = end
    return None


def _place(text: str, offset: int) -> str:
    return f"line {text.count(chr(10), 0, offset) + 1}, column {offset - text.rfind(chr(10), 0, offset)}"
