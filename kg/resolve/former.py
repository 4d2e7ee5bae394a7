"""Other names that the article itself gives: "Facebook, now Meta", "X, formerly Y", "also known as Z"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from kg.model import Extraction, Mention, RelationMention
from kg.resolve.forms import PERSON, Form, join
from kg.resolve.language import Language
from kg.resolve.things import Knowledge

FARTHEST = 70
"""Characters between two names beyond which no pattern is tried."""
LATER = "to_later"
"""The list of patterns after which the name to use follows; after all others it stands before."""
ALT_LABEL = "http://www.w3.org/2004/02/skos/core#altLabel"


class Relation(Protocol):
    @property
    def matches(self) -> Sequence[str]: ...


def join_stated(
    names: Sequence[Mention], form_of: Mapping[tuple[int, int], Form], text: str, language: Language
) -> None:
    """Join two names that stand beside each other with words between them that say that they are one thing's."""
    for i, (a, b) in enumerate(pairwise(names)):
        if not 2 < b.start - a.end <= FARTHEST:
            continue
        between = text[a.end : b.start]
        stated = _stated(between, language)
        if stated is None or "\n\n" in between or (i and _within(names[i - 1], a, text, language)):
            continue
        first, second = form_of[a.start, a.end], form_of[b.start, b.end]
        if first.family == second.family or PERSON not in (first.family, second.family):
            (first if stated == LATER else second).is_alias = True
            join(first, second)


@lru_cache(maxsize=16384)
def _stated(between: str, language: Language) -> str | None:
    """The list of the pattern that these words are, if any; kept, as few words stand between most pairs of names."""
    match = language.other_name.fullmatch(between)
    return match.lastgroup if match else None


def _within(outer: Mention, inner: Mention, text: str, language: Language) -> bool:
    """Whether `inner` may only say where or what `outer` is: in "Homebrew on Linux (known as …)" both may be meant."""
    return text[outer.end : inner.start].strip() in language.prepositions


def other_names(extractions: Iterable[Extraction], relations: Mapping[str, Relation]) -> list[RelationMention]:
    """What the extractors found of the relations that give a thing another name: those that match `skos:altLabel`."""
    keys = {key for key, relation in relations.items() if ALT_LABEL in relation.matches}
    return [r for extraction in extractions for r in extraction.relations if r.relation in keys]


def join_aliases(
    relations: Iterable[RelationMention], form_of: Mapping[tuple[int, int], Form], knowledge: Knowledge
) -> None:
    """Join each subject of an alias with the form of the name that stands where its other name does.

    An extractor can take what only stands in brackets for another name, so not where the two are known for two.
    """
    for relation in relations:
        subject, other = _at(relation.subject, form_of), _at(relation.object, form_of)
        if subject is None or other is None or subject is other:
            continue
        if other.family == subject.family and knowledge.same(subject, other) is not False:
            other.is_alias = True
            join(subject, other)


def _at(mention: Mention, form_of: Mapping[tuple[int, int], Form]) -> Form | None:
    return form_of.get((mention.start, mention.end))
