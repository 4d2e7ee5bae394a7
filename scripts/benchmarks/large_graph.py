"""Made-up facts for a graph of any size, without any text being read: as many entities as asked for, two of them hubs.

Each article has some entities that no other one has, some of the best known ones, and a sentence for each fact. Which
relations there are, between what, and which dates they carry, is the ontology's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

from articles import ENDINGS, GIVEN, SYLLABLES

import ontology
from kg.model import ArticleFacts, Document, Entity, Fact, Mention, Reference, Span
from ontology import Relation

HUB = "Hubert Systems"
LESSER = "Halbert Works"
"""The names of two entities that have facts with very many others."""
_FRESH = 10
_KNOWN = 4
_DATE = "Date"


@dataclass(frozen=True, slots=True)
class _Someone:
    name: str
    type: str


def articles(entities: int, hub: int) -> Iterator[ArticleFacts]:
    """Articles about so many `entities`, the same every time.

    So many as `hub` says share a fact with the one called `HUB`, half of them one with the one called `LESSER`, too.
    """
    choose = random.Random(7)
    known = ontology.load()
    between: dict[tuple[str, str], list[Relation]] = {}
    for relation in known.relations.values():
        if relation.range and not relation.functional:
            for subject in relation.domain:
                for value in relation.range:
                    between.setdefault((subject, value), []).append(relation)
    types = sorted({one for pair in between for one in pair})
    centre_type = max(types, key=lambda one: sum(one == value for _, value in between))
    centres = {_Someone(HUB, centre_type): hub, _Someone(LESSER, centre_type): hub // 2}
    around = [one for one in types if (one, centre_type) in between]
    turns = cycle(types)
    famous = [_Someone(_name(choose, number), next(turns)) for number in range(200)]
    made = len(famous)
    number = 0
    while made < entities:
        near = [centre for centre, size in centres.items() if made < len(famous) + size]
        fresh = [
            _Someone(_name(choose, made + place), choose.choice(around) if near else next(turns))
            for place in range(_FRESH)
        ]
        others = [*fresh, *choose.sample(famous, _KNOWN)]
        pairs = [(one, centre) for one in fresh for centre in near]
        for one in fresh:
            ways = [pair for other in others if other is not one for pair in ((one, other), (other, one))]
            fitting = [pair for pair in ways if (pair[0].type, pair[1].type) in between]
            pairs += [choose.choice(fitting)] if fitting else []
        facts = [(subject, choose.choice(between[subject.type, value.type]), value) for subject, value in pairs]
        yield _article(choose, number, facts, known)
        made += _FRESH
        number += 1


def _name(choose: random.Random, number: int) -> str:
    word = "".join(choose.choice(SYLLABLES) for _ in range(2)).capitalize() + choose.choice(ENDINGS)
    # The number in letters, so that no two have one name.
    letters = "".join(SYLLABLES[int(digit)] for digit in str(number)).capitalize()
    return f"{choose.choice(GIVEN)} {word} {letters}"


def _article(
    choose: random.Random, number: int, stated: list[tuple[_Someone, Relation, _Someone]], known: ontology.Ontology
) -> ArticleFacts:
    mentions: dict[_Someone, list[Mention]] = {}
    text = ""
    spans, found = [], []
    for subject, relation, value in stated:
        start = len(text)
        for someone, after in ((subject, f" {relation.label} "), (value, "")):
            mentions.setdefault(someone, []).append(
                Mention(len(text), len(text) + len(someone.name), someone.type, "name", someone.name)
            )
            text += someone.name + after
        year = str(choose.randrange(1990, 2026))
        dated = [key for key in relation.qualifiers if known.qualifiers[key].literal_type == _DATE]
        qualifiers = ((dated[0], year, False),) if dated and choose.random() < 0.5 else ()
        text += f" {year}." if qualifiers else "."
        spans.append(Span(start, len(text)))
        found.append((subject, relation.key, value, qualifiers, spans[-1]))
        text += " " if choose.random() < 0.7 else "\n"
    ids = {someone: f"e{place}" for place, someone in enumerate(mentions, start=1)}
    document = Document(
        f"{number:016x}",
        text.rstrip(),
        tuple(spans),
        title=f"{choose.choice(list(ids)).name} in the news {number}",
        publisher="Made-up News",
        published=f"20{choose.randrange(10, 26)}-{choose.randrange(1, 13):02}-{choose.randrange(1, 29):02}",
    )
    return ArticleFacts(
        document,
        tuple(Entity(ids[one], one.type, one.name, tuple(places)) for one, places in mentions.items()),
        tuple(
            Fact(ids[subject], key, ids[value], True, qualifiers, (Reference(span, "hand", 0.9),))
            for subject, key, value, qualifiers, span in dict.fromkeys(found)
        ),
    )
