"""A wording found in an encoded sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.extract.wordings.encode import Encoded
from kg.extract.wordings.patterns import Wording


@dataclass(frozen=True, slots=True)
class Match:
    """A wording found in an encoded sentence: slots as positions in its text, and the range that it covers."""

    wording: Wording
    slots: dict[str, int]
    start: int
    end: int
    date: str | None
    score: float


def slots_of(s: Encoded, match: re.Match[str]) -> dict[str, int]:
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


def distinct(slots: dict[str, int]) -> bool:
    """Whether each slot holds another mention."""
    return len(set(slots.values())) == len(slots)
