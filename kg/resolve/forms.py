"""The names of a document, each written form once, and which forms stand for the same thing (a union-find)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from kg.model import Mention
from kg.resolve.language import Gender, Language

PERSON, THING, PLACE = "person", "thing", "place"

_NICKNAME = re.compile(r"(?<!\S)[\"“'‘]([^\"“”'‘’]+)[\"”'’](?!\S)")
_EDGES = "\"“”‘’'.,;:()[]"
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(slots=True, eq=False)
class Form:
    """One way in which a name is written, with its mentions in order.

    `tokens` are its words in lower case, without article, title and form of incorporation; `family` is person, thing
    (organizations, software, products), place, or another entity type by its own key.
    """

    tokens: tuple[str, ...]
    text: str
    family: str
    mentions: list[Mention] = field(default_factory=list)
    weights: dict[str, float] = field(default_factory=dict)
    is_incorporated: bool = False
    nickname: str | None = None
    gender: Gender | None = None
    is_alias: bool = False
    parent: Form | None = None

    @property
    def first(self) -> int:
        return self.mentions[0].start

    @property
    def type(self) -> str:
        """The entity type that most of its mentions have, weighed by score."""
        return max(self.weights.items(), key=lambda item: (item[1], item[0]))[0]

    @property
    def root(self) -> Form:
        form = self
        while form.parent is not None:
            form = form.parent
        return form


class Parsed(NamedTuple):
    """The words of a name that tell it from others, a nickname in quotes, the gender that its title tells, and whether
    it had a form of incorporation ("Inc.")."""

    tokens: tuple[str, ...]
    nickname: str | None
    gender: Gender | None
    is_incorporated: bool


def join(a: Form, b: Form) -> None:
    """Make two forms names of one thing; the one that comes first in the text leads."""
    a, b = a.root, b.root
    if a is not b:
        if b.first < a.first:
            a, b = b, a
        b.parent = a


def family_of(entity_type: str, language: Language) -> str:
    if entity_type in language.people:
        return PERSON
    if entity_type in language.things:
        return THING
    return PLACE if entity_type in language.places else entity_type


def read_forms(
    text: str, names: Iterable[Mention], votes: dict[tuple[int, int], list[tuple[str, float]]], language: Language
) -> list[Form]:
    """The forms of all names, in order of first mention."""
    forms: dict[tuple[str, Gender | None, bool, tuple[str, ...]], Form] = {}
    for mention in names:
        tokens, nickname, gender, is_incorporated = parse(mention.text, language)
        family = family_of(mention.type, language)
        if family == PLACE:
            country = language.countries.get(" ".join(tokens)) or language.countries.get(mention.text.lower())
            tokens = tuple(country.split()) if country else tokens
        if family == PERSON and gender is None:
            gender = title_before(text, mention.start, language)
        # A title that calls for another pronoun tells "Mr Ross" from "Ms Ross": two forms.
        key = (family, gender, is_incorporated, tokens)
        form = forms.get(key)
        if form is None:
            form = forms[key] = Form(
                tokens, mention.text, family, nickname=nickname, gender=gender, is_incorporated=is_incorporated
            )
        form.mentions.append(mention)
        for kind, score in votes.get((mention.start, mention.end), ()) or ((mention.type, mention.score),):
            form.weights[kind] = form.weights.get(kind, 0.0) + score
    return list(forms.values())


@lru_cache(maxsize=8192)
def parse(name: str, language: Language) -> Parsed:
    """Take a name apart; see `Parsed`."""
    nickname = None
    quoted = _NICKNAME.search(name)
    if quoted and quoted.start() > 0:
        nickname = quoted[1].lower()
        name = name[: quoted.start()] + name[quoted.end() :]
    words = [word for word in (part.strip(_EDGES) for part in name.lower().split()) if word]
    if not words:
        return Parsed((name.lower(),), nickname, None, False)
    words[-1] = _POSSESSIVE.sub("", words[-1]) or words[-1]
    gender = None
    start, end = 0, len(words)
    if words[0] in language.articles and end > 1:
        start = 1
    while start < end - 1 and words[start] in language.titles:
        gender = gender or language.titles[words[start]]
        start += 1
    is_incorporated = False
    while end > start + 1 and (
        (is_legal := words[end - 1].replace(".", "") in language.legal) or words[end - 1] in language.suffixes
    ):
        is_incorporated |= is_legal
        end -= 1
    return Parsed(tuple(words[start:end]), nickname, gender, is_incorporated)


def title_before(text: str, start: int, language: Language) -> Gender | None:
    """The gender that a title just before a name tells: "Ms " before "Ross"."""
    words = text[max(0, start - 12) : start].lower().split()
    return language.titles.get(words[-1].strip(_EDGES)) if words else None


def share_names(forms: Sequence[Form], language: Language) -> None:
    """Join forms that are written alike though their types differ: one sense of a name in one article.

    A band and the person that it is called after stay two, where a fuller name of a person ends in the name; and so do
    "Acme Inc." and the program Acme.
    """
    by_tokens: dict[tuple[str, ...], list[Form]] = {}
    for form in forms:
        by_tokens.setdefault(form.tokens, []).append(form)
    surnames = {form.tokens[i:] for form in forms if form.family == PERSON for i in range(1, len(form.tokens))}
    for tokens, alike in by_tokens.items():
        if len(alike) > 1:
            others = [form for form in alike if form.family != PERSON or tokens not in surnames]
            companies = [form for form in others if form.is_incorporated]
            if companies:
                groups = [form for form in others if form.is_incorporated or form.type in language.groups]
                _join_all(groups)
                others = [form for form in others if form not in groups]
            _join_all(others)


def _join_all(forms: Sequence[Form]) -> None:
    for form in forms[1:]:
        if form.gender is None or forms[0].gender in (None, form.gender):
            join(forms[0], form)
