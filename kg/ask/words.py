"""What is known of questions in English, from `ontology/english/questions.toml`, and a question's tokens."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from kg.search.words import fold

_TOKEN = re.compile(r"[^\s,;?!\"“”()\[\]]+|[,\"“”]")
_END = re.compile(r"[.:?!…]+$")
_GENITIVE = re.compile(r"(?<=\w)(['’]s|(?<=s)['’])$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a question: as written, folded, and where it stands."""

    text: str
    word: str
    start: int
    end: int


@dataclass(frozen=True)
class Words:
    """The data file."""

    skipped: frozenset[str]
    do: frozenset[str]
    have: frozenset[str]
    become: frozenset[str]
    most: frozenset[str]
    used_to: tuple[str, ...]
    both: frozenset[str]
    either: frozenset[str]
    negations: frozenset[str]
    former: frozenset[str]
    now: frozenset[str]
    asks: Mapping[str, tuple[str, ...]]
    adverbs: frozenset[str]
    date_nouns: frozenset[str]
    count: tuple[tuple[str, ...], ...]
    value: tuple[tuple[str, ...], ...]
    wanted: tuple[tuple[str, ...], ...]
    about: tuple[tuple[str, ...], ...]
    connected: Mapping[str, tuple[tuple[str, ...], ...]]
    nouns: Mapping[str, frozenset[str]]
    times: Mapping[str, tuple[tuple[str, ...], ...]]
    spoken: Mapping[str, str]
    loose: frozenset[str]
    offered: Mapping[str, str]
    start: str
    end: str
    at: str


@cache
def english() -> Words:
    """The words that ship with the package."""
    text = resources.files("ontology").joinpath("english/questions.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(text)

    def phrases(found: list[str]) -> tuple[tuple[str, ...], ...]:
        return tuple(sorted((tuple(each.split()) for each in found), key=lambda words: (-len(words), words)))

    return Words(
        skipped=frozenset(data["skipped"]),
        do=frozenset(data["do"]),
        have=frozenset(data["have"]),
        become=frozenset(data["become"]),
        most=frozenset(data["most"]),
        used_to=tuple(data["used_to"]),
        both=frozenset(data["and"]),
        either=frozenset(data["or"]),
        negations=frozenset(data["negations"]),
        former=frozenset(data["former"]),
        now=frozenset(data["now"]),
        asks={word: tuple(kinds) for word, kinds in data["asks"].items()},
        adverbs=frozenset(data["adverbs"]["words"]),
        date_nouns=frozenset(data["adverbs"]["dates"]),
        count=phrases(data["count"]["words"]),
        value=phrases(data["value"]["words"]),
        wanted=phrases(data["wanted"]["words"]),
        about=phrases(data["about"]["words"]),
        connected={part: phrases(found) for part, found in data["connected"].items()},
        nouns={noun: frozenset(kinds) for noun, kinds in data["nouns"].items()},
        times={operator: phrases(found) for operator, found in data["times"].items()},
        spoken={operator: found[0] for operator, found in data["times"].items()},
        loose=frozenset(data["loose"]["words"]),
        offered=data["offered"],
        start=data["dates"]["start"],
        end=data["dates"]["end"],
        at=data["dates"]["at"],
    )


def tokens(question: str, suffixes: frozenset[str]) -> list[Token]:
    """The words of a question, without those that add nothing. A genitive, and a suffix such as "-based", are words."""
    found = []
    for match in _TOKEN.finditer(question):
        text, start = _END.sub("", match[0]), match.start()
        genitive = _GENITIVE.search(text)
        bare = text[: genitive.start()] if genitive else text
        hyphen = bare.find("-", 1)
        suffix = bare[hyphen:].lower() if hyphen > 0 and bare[hyphen:].lower() in suffixes else ""
        if suffix:
            bare = bare[:hyphen]
        if bare:
            found.append(Token(bare, _plain(bare), start, start + len(bare)))
        if suffix:
            found.append(Token(suffix, suffix, start + len(bare), start + len(bare) + len(suffix)))
        if genitive:
            found.append(Token(text[genitive.start() :], "'s", start + genitive.start(), start + len(text)))
    return found


def _plain(text: str) -> str:
    return fold(text.replace("’", "'"))
