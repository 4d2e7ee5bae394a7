"""What names look like in English: the word lists of `ontology/english/names.toml`, ready for look-ups."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

Tables = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class NameWords:
    """The word lists; the comments in `names.toml` say what each one is for.

    `endings`, `beginnings`, `after` and `before` map a word (or several, joined by blanks) to the types it tells.
    `demonyms` maps an adjective of a people, or an abbreviation written alike, to the place.
    """

    particles: frozenset[str]
    of_heads: frozenset[str]
    for_heads: frozenset[str]
    company_forms: frozenset[str]
    abbreviations: frozenset[str]
    titles: frozenset[str]
    weak_titles: frozenset[str]
    openers: frozenset[str]
    nothing: frozenset[str]
    tails: frozenset[str]
    prefixes: frozenset[str]
    determiners: frozenset[str]
    times: frozenset[str]
    given_names: frozenset[str]
    common: frozenset[str]
    demonyms: Mapping[str, str]
    endings: Tables
    beginnings: Tables
    after: Tables
    before: Tables
    pronouns: Mapping[str, str]


def _words(text: str) -> frozenset[str]:
    return frozenset(word.replace("_", " ") for word in text.split())


def _by_word(table: Mapping[str, str]) -> Tables:
    found: dict[str, set[str]] = {}
    for kind, text in table.items():
        for word in _words(text):
            found.setdefault(word, set()).add(kind)
    return {word: frozenset(kinds) for word, kinds in found.items()}


@cache
def words() -> NameWords:
    """The lists that newsgraph ships."""
    data = tomllib.loads((files("ontology") / "english" / "names.toml").read_text(encoding="utf-8"))
    demonyms = {}
    for line in data["demonyms"].strip().splitlines():
        place, _, names = line.partition(":")
        for name in names.split():
            demonyms[name.replace("_", " ")] = place
    lists = (
        *("particles", "of_heads", "for_heads", "company_forms", "abbreviations", "titles", "weak_titles", "openers"),
        *("nothing", "tails", "prefixes", "determiners", "times", "given_names", "common"),
    )
    return NameWords(
        **{key: _words(data[key]) for key in lists},
        demonyms=demonyms,
        **{key: _by_word(data[key]) for key in ("endings", "beginnings", "after", "before")},
        pronouns={word: kind for kind, text in data["pronouns"].items() for word in text.split()},
    )
