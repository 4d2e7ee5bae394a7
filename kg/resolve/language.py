"""What resolution knows of English, read once from `ontology/english/resolution.toml` and `people.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from kg.extract.vocabulary import alternation

Gender = Literal["male", "female"]


@dataclass(frozen=True, slots=True)
class Pronoun:
    """What a pronoun asks of what it stands for.

    `group` is its table in the file: male, female, thing, plural, speaker, speakers. `role` tells whether it is a
    possessive, an object, or a reflexive; anything else can be a subject.
    """

    group: str
    role: Literal["subject", "object", "possessive", "reflexive"]


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """Word lists in lower case, and patterns that ignore case."""

    people: frozenset[str]
    things: frozenset[str]
    groups: frozenset[str]
    places: frozenset[str]
    pronouns: Mapping[str, Pronoun]
    we: frozenset[str]
    articles: frozenset[str]
    titles: Mapping[str, Gender | None]
    suffixes: frozenset[str]
    small: frozenset[str]
    legal: frozenset[str]
    whole: frozenset[str]
    parts: frozenset[str]
    institutions: frozenset[str]
    general: frozenset[str]
    alone: frozenset[str]
    nicknames: Mapping[str, frozenset[int]]
    countries: Mapping[str, str]
    given: Mapping[str, Gender]
    near_surnames: frozenset[str]
    other_name: re.Pattern[str]
    speech: re.Pattern[str]
    asked: re.Pattern[str]
    according: re.Pattern[str]
    publication: frozenset[str]
    prepositions: frozenset[str]
    clauses: frozenset[str]
    openers: frozenset[str]
    empty_it: re.Pattern[str]
    we_after: re.Pattern[str]
    collectives: frozenset[str]
    someone: re.Pattern[str]
    of_someone: re.Pattern[str]
    someone_gender: Mapping[str, Gender | None]


@cache
def english() -> Language:
    """The language data that newsgraph ships."""
    data = _toml("resolution.toml")
    names = _toml("people.toml")
    parts, aliases, quotations, grammar = data["parts"], data["aliases"], data["quotations"], data["grammar"]
    roles = {word: role for role, words in data["pronoun_roles"].items() for word in words}
    nicknames: dict[str, set[int]] = {}
    for number, line in enumerate(data["nicknames"]["groups"]):
        for name in line.split():
            nicknames.setdefault(name, set()).add(number)
    titles: dict[str, Gender | None] = dict.fromkeys(parts["titles"])
    titles |= dict.fromkeys(parts["titles_male"], "male") | dict.fromkeys(parts["titles_female"], "female")
    someone: dict[str, Gender | None] = dict.fromkeys(grammar["someone"])
    someone |= dict.fromkeys(grammar["someone_male"], "male") | dict.fromkeys(grammar["someone_female"], "female")
    given: dict[str, Gender] = dict.fromkeys(names["male"].lower().split(), "male")
    given |= dict.fromkeys(names["female"].lower().split(), "female")
    return Language(
        **{key: frozenset(value) for key, value in data["types"].items()},
        pronouns={
            word: Pronoun(group, roles.get(word, "subject"))
            for group, words in data["pronouns"].items()
            for word in words
        },
        we=frozenset(data["pronouns"]["speakers"]),
        articles=frozenset(parts["articles"]),
        titles=titles,
        suffixes=frozenset(parts["suffixes"]),
        small=frozenset(parts["small"]),
        legal=frozenset(parts["legal"]),
        whole=frozenset(parts["whole"]),
        parts=frozenset(parts["parts"]),
        institutions=frozenset(parts["institutions"]),
        general=frozenset(parts["general"]),
        alone=frozenset(parts["alone"]),
        nicknames={name: frozenset(numbers) for name, numbers in nicknames.items()},
        countries={word: country for country, words in data["demonyms"].items() for word in [country, *words.split()]},
        given=given,
        near_surnames=frozenset(names["near_surnames"].lower().split()),
        other_name=_between(aliases),
        speech=_words(quotations["verbs"]),
        asked=_words(quotations["asked"]),
        according=_words(quotations["according"]),
        publication=frozenset(quotations["publication"]),
        prepositions=frozenset(grammar["prepositions"]),
        clauses=frozenset(grammar["clauses"]),
        openers=frozenset(grammar["openers"]),
        empty_it=re.compile("|".join(grammar["empty_it"]), re.IGNORECASE),
        we_after=re.compile(grammar["we_after"], re.IGNORECASE),
        collectives=frozenset(grammar["collectives"]),
        someone=re.compile(rf" ({alternation(someone)})\b"),
        of_someone=re.compile(grammar["of_someone"], re.IGNORECASE),
        someone_gender=someone,
    )


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files("ontology").joinpath("english", name).read_text(encoding="utf-8"))


def _words(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b{alternation(words)}\b", re.IGNORECASE)


def _between(patterns: Mapping[str, Iterable[str]]) -> re.Pattern[str]:
    """One of the patterns as all that stands between two names, but for punctuation and an article.

    The name of the group that matched is that of the list: which of the two names is the one to use.
    """
    either = "|".join(f"(?P<{key}>{'|'.join(alternatives)})" for key, alternatives in patterns.items())
    return re.compile(rf"[\s(\[,–—-]*(?:{either})\s+(?:the\s+)?[\"'“‘]?", re.IGNORECASE)
