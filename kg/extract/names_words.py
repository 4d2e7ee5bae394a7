"""What names look like in English: the word lists of `ontology/english/names.toml`, ready for look-ups."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

Tables = Mapping[str, frozenset[str]]


class NameWords:
    """The word lists; the comments in `names.toml` say what each one is for."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.joiners = _words(data["joiners"])
        self.group_ends = _words(data["group_ends"])
        self.naming = _words(data["naming"])
        self.particles = _words(data["particles"])
        self.of_heads = _words(data["of_heads"])
        self.for_heads = _words(data["for_heads"])
        self.company_forms = _words(data["company_forms"])
        self.abbreviations = _words(data["abbreviations"])
        self.titles = _words(data["titles"])
        self.weak_titles = _words(data["weak_titles"])
        self.openers = _words(data["openers"])
        self.nothing = _words(data["nothing"])
        self.tails = _words(data["tails"])
        self.bodies = _words(data["bodies"])
        self.prefixes = _words(data["prefixes"])
        self.determiners = _words(data["determiners"])
        self.times = _words(data["times"])
        self.given_names = _words(data["given_names"])
        self.surnames = _words(data["surnames"])
        self.common = _words(data["common"])
        # From an adjective of a people, or an abbreviation written alike, to the place.
        self.demonyms: Mapping[str, str] = _demonyms(data["demonyms"])
        # From a word (or several, joined by blanks) to the types that it tells.
        self.endings = _by_word(data["endings"])
        self.beginnings = _by_word(data["beginnings"])
        self.after = _by_word(data["after"], lower=True)
        self.before = _by_word(data["before"], lower=True)
        # From a pronoun to the type of what it stands for, "" where that is open.
        self.pronouns: Mapping[str, str] = {w: kind for kind, text in data["pronouns"].items() for w in text.split()}


def _words(text: str) -> frozenset[str]:
    return frozenset(word.replace("_", " ") for word in text.split())


def _by_word(table: Mapping[str, str], lower: bool = False) -> Tables:
    found: dict[str, set[str]] = {}
    for kind, text in table.items():
        for word in _words(text.lower() if lower else text):
            found.setdefault(word, set()).add(kind)
    return {word: frozenset(kinds) for word, kinds in found.items()}


def _demonyms(text: str) -> dict[str, str]:
    found = {}
    for line in text.strip().splitlines():
        place, _, names = line.partition(":")
        for name in names.split():
            found[name.replace("_", " ")] = place
    return found


@cache
def words() -> NameWords:
    """The lists that newsgraph ships."""
    return NameWords(tomllib.loads((files("ontology") / "english" / "names.toml").read_text(encoding="utf-8")))
