"""What people and organizations are known for, as words tell it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MOST = 2
"""In so many fields at most is somebody taken to be."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Homonyms:
    """What tells two of one name apart: which words tell which field, which fields go together, the surnames that
    so many people have that a name says little, and words that so many organizations have in theirs."""

    words: Mapping[str, str]
    related: Mapping[str, frozenset[str]]
    surnames: frozenset[str]
    plain: frozenset[str]

    def told(self, text: str, *, small: bool) -> Iterator[str]:
        """The fields that the words of a text tell, one for each such word; only `small` ones are no names."""
        # The first word is written large whatever it is.
        words = _WORD.findall(text[:1].lower() + text[1:] if small else text.lower())
        for number, word in enumerate(words):
            pair = f"{word}-{words[number + 1]}" if number + 1 < len(words) else word
            for form in (pair, pair.removesuffix("s"), word, word.removesuffix("s"), word.removesuffix("es")):
                if form in self.words:
                    yield self.words[form]
                    break

    def agree(self, some: Iterable[str], others: Iterable[str]) -> bool:
        """Whether one may be in all of these fields: some of the ones and of the others go together."""
        return any(one == other or other in self.related[one] for one in some for other in others)


def best(told: Mapping[str, int]) -> tuple[str, ...]:
    """The fields that most words tell; of several that as many tell, the first in the alphabet."""
    most = max(told.values(), default=0)
    best = sorted((-count, field) for field, count in told.items() if 2 * count >= most)
    return tuple(sorted(field for _, field in best[:MOST]))


@cache
def homonyms() -> Homonyms:
    """What newsgraph ships."""
    data = tomllib.loads(files("ontology").joinpath("english", "homonyms.toml").read_text(encoding="utf-8"))
    fields = data["fields"]
    related = {key: set(found["related"]) for key, found in fields.items()}
    for key, others in list(related.items()):
        for other in others:
            related[other].add(key)
    return Homonyms(
        {word: key for key, found in fields.items() for word in found["words"].split()},
        {key: frozenset(others) for key, others in related.items()},
        frozenset(data["surnames"].split()),
        frozenset(data["plain"].split()),
    )
