"""How likely each candidate of a name is what an article means by it.

A logistic model over what speaks for and against a candidate: how well known it is and how alone under that name, how
its name and its type agree with the entity's, whether the article uses the words of its description, and whether the
other entities of the article are described in the same words (coherence). Its weights are data, in
`data/entities/linking.json`, which `scripts/fit-linking` makes from annotated texts.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from itertools import repeat
from math import exp, log
from typing import Any, NamedTuple

from kg.link.aliases import UNKNOWN, Candidate, Index
from kg.model import Document, Entity

FILE = "linking.json"
_WORD = re.compile(r"[^\W\d_]{4,}")
_STEM = 6
"""So many letters of a word are compared, so that "footballer" agrees with "football"."""
_MOST = 3
"""More words or neighbours than this say no more than so many."""
_ACRONYM = 5
_BOUND = 500.0


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of the features by name, what a candidate's probability must be at `least` for a link, and the stems
    of words that are `common` in descriptions, and tell little.

    Of the language: `people` are types of which one word of a name says too little, `twins` those of which one name may
    stand for both, such as a company and its service, `articles` words that a name may do without, and `countries` the
    names that demonyms and short forms in lower case stand for, where they are of the types of `places`.
    """

    weights: Mapping[str, float]
    least: float
    common: frozenset[str]
    people: frozenset[str] = frozenset()
    twins: frozenset[str] = frozenset()
    articles: tuple[str, ...] = ()
    places: frozenset[str] = frozenset()
    countries: Mapping[str, str] = field(default_factory=dict)


class Choice(NamedTuple):
    """A candidate, the name that it was found by, and its probability."""

    candidate: Candidate
    name: str
    probability: float


Feature = tuple[str, float]


@dataclass(frozen=True, slots=True)
class Explained:
    """A choice, and what each feature of it adds to the log-odds."""

    choice: Choice
    reasons: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class _Prepared:
    candidate: Candidate
    features: tuple[Feature, ...]
    log_odds: float
    words: frozenset[str]


@cache
def packaged() -> Model:
    """The model that newsgraph ships."""
    return read_model(json.loads(files("newsgraph_data").joinpath("entities", FILE).read_text(encoding="utf-8")))


def read_model(data: Mapping[str, Any]) -> Model:
    """The model that is written in a file like the one that newsgraph ships."""
    sets = {key: frozenset(data[key]) for key in ("common", "people", "twins", "places")}
    return Model(data["weights"], data["least"], **sets, articles=tuple(data["articles"]), countries=data["countries"])


def stems(text: str) -> frozenset[str]:
    """The longer words of a text, cut short, in lower case."""
    return frozenset([word[:_STEM] for word in _WORD.findall(text.lower())])


class Scorer:
    """Rates the candidates of entities by one index and one model."""

    def __init__(self, index: Index, model: Model) -> None:
        self._index = index
        self._model = model
        self._prepared = lru_cache(maxsize=16384)(self._prepare)

    @property
    def least(self) -> float:
        return self._model.least

    def rate(self, document: Document, entities: Sequence[Entity]) -> list[list[Choice]]:
        """For each entity its candidates, the likeliest first."""
        return [
            sorted(
                map(
                    Choice,
                    (each.candidate for each, _, _ in found),
                    repeat(name),
                    share([odds for _, odds, _ in found]),
                ),
                key=_order,
            )
            for name, found in self._scored(document, entities)
        ]

    def explain(self, document: Document, entities: Sequence[Entity]) -> list[tuple[Explained, ...]]:
        """For each entity its candidates with all that speaks for and against them, the likeliest first."""
        weights = self._model.weights
        result = []
        for name, found in self._scored(document, entities):
            explained = [
                Explained(
                    Choice(each.candidate, name, probability),
                    tuple((key, weights.get(key, 0.0) * value) for key, value in (*each.features, *context)),
                )
                for (each, _, context), probability in zip(found, share([odds for _, odds, _ in found]), strict=True)
            ]
            result.append(tuple(sorted(explained, key=lambda one: _order(one.choice))))
        return result

    def examples(
        self, document: Document, entities: Sequence[Entity]
    ) -> Iterator[tuple[Entity, Candidate, dict[str, float]]]:
        """Each candidate of each entity with its features, to fit a model to."""
        for entity, (_, found) in zip(entities, self._scored(document, entities), strict=True):
            for prepared, _, context in found:
                yield entity, prepared.candidate, dict((*prepared.features, *context))

    def _scored(
        self, document: Document, entities: Sequence[Entity]
    ) -> list[tuple[str, list[tuple[_Prepared, float, tuple[Feature, ...]]]]]:
        named = [self._candidates(entity) for entity in entities]
        if not any(found for _, found in named):
            return [(name, []) for name, _ in named]
        here = stems(f"{document.title or ''} {document.text}")
        neighbours: Counter[str] = Counter()
        own: list[frozenset[str]] = []
        for _, found in named:
            best = max(found, key=lambda each: each.log_odds, default=None)
            words = best.words if best is not None and best.log_odds > 0 else frozenset()
            own.append(words)
            neighbours.update(words)
        weights = self._model.weights
        result = []
        for (name, found), mine in zip(named, own, strict=True):
            scored = []
            for prepared in found:
                context = self._context(prepared, here, neighbours, mine)
                odds = prepared.log_odds
                for key, value in context:
                    odds += weights.get(key, 0.0) * value
                scored.append((prepared, odds, context))
            result.append((name, scored))
        return result

    def _context(
        self, prepared: _Prepared, here: frozenset[str], neighbours: Mapping[str, int], mine: frozenset[str]
    ) -> tuple[Feature, ...]:
        words = prepared.words
        if not words:
            return ()
        common = self._model.common
        shared = words & here
        telling = shared - common
        joint = sum(1 for word in words - common if neighbours.get(word, 0) > (word in mine))
        n_common = len(shared) - len(telling)
        return (
            ("described", 1.0),
            ("words", float(min(_MOST, len(telling)))),
            ("common words", float(min(_MOST, n_common))),
            ("no word", 0.0 if shared else 1.0),
            ("neighbours", float(min(_MOST, joint))),
        )

    def _candidates(self, entity: Entity) -> tuple[str, tuple[_Prepared, ...]]:
        """The candidates of the entity's full name; if that is unknown, of the longest other one that is not."""
        name = self._model.countries.get(entity.name.lower(), entity.name) if self._is_place(entity) else entity.name
        found = self._prepared(name, entity.type, name)
        if found:
            return name, found
        others = {mention.text for mention in entity.mentions if mention.kind == "name"} - {entity.name}
        for name in sorted(others, key=lambda other: (-len(other), other)):
            found = self._prepared(name, entity.type, entity.name)
            if found:
                return name, found
        return entity.name, ()

    def _is_place(self, entity: Entity) -> bool:
        return entity.type in self._model.places

    def _prepare(self, name: str, kind: str, full: str) -> tuple[_Prepared, ...]:
        # A register of one's own has few things, and so no better candidate for what is of another type.
        candidates = [
            each
            for each in self._lookup(name, kind)
            if each.iri and (each.qid or not kind or _may_be(each.type, kind, self._model.twins))
        ]
        if not candidates:
            return ()
        total = sum(each.fame for each in candidates)
        result = []
        for each in candidates:
            features = tuple(_static(each, candidates, total, name, kind, full, self._model.twins))
            odds = sum(self._model.weights.get(key, 0.0) * value for key, value in features)
            result.append(_Prepared(each, features, odds, stems(each.description) - stems(each.label)))
        return tuple(result)

    def _lookup(self, name: str, kind: str) -> tuple[Candidate, ...]:
        if kind in self._model.people and " " not in name:
            return ()  # A given name or a surname alone is anybody's.
        for form in _forms(name, self._model.articles):
            found = self._index.candidates(form)
            if any(each.iri for each in found):
                return found
        return ()


def _forms(name: str, articles: Iterable[str]) -> Iterator[str]:
    """The name, and how else an index may write it."""
    yield name
    for article in articles:
        if name.lower().startswith(article + " "):
            yield name[len(article) + 1 :]
    if "\N{RIGHT SINGLE QUOTATION MARK}" in name:
        yield name.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if ", " in name:
        yield name.partition(", ")[0]


def _static(
    each: Candidate,
    candidates: Sequence[Candidate],
    total: float,
    name: str,
    kind: str,
    full: str,
    twins: frozenset[str],
) -> Iterator[Feature]:
    """What is known of a candidate without the article."""
    rivals = [other.fame for other in candidates if other is not each and _may_be(other.type, kind, twins)]
    yield "bias", 1.0
    yield "fame", log(each.fame)
    yield "share", log(each.fame / total)
    yield "rival", log(each.fame / max(rivals)) if rivals else 0.0
    yield "alone", 0.0 if rivals else 1.0
    yield "rivals", log(1 + len(rivals))
    yield "label", 1.0 if each.label == name else 0.0
    yield "full name", 1.0 if name == full else 0.0
    yield "acronym", 1.0 if name.isupper() and len(name) <= _ACRONYM else 0.0
    yield "one word", 0.0 if " " in name else 1.0
    if not kind:
        yield "any type", 1.0
        yield "fame, any type", log(each.fame)
        yield f"any type, {each.type}", 1.0
    elif each.type == UNKNOWN:
        yield "unknown type", 1.0
        yield "alone, unknown type", 0.0 if rivals else 1.0
        yield "fame, unknown type", log(each.fame)
        yield f"unknown type, {kind}", 1.0
    elif each.type == kind:
        yield f"type, {kind}", 1.0
        yield f"fame, {kind}", log(each.fame)
        yield f"words, {kind}", log(len(name.split()))
    elif each.type in twins and kind in twins:
        yield "twin type", 1.0
    else:
        yield "other type", 1.0


def _may_be(one: str, other: str, twins: frozenset[str]) -> bool:
    return UNKNOWN in (one, other) or one == other or (one in twins and other in twins)


def share(log_odds: Sequence[float]) -> list[float]:
    """The probability of each candidate, from its log-odds against none of them: one of them is right, or none."""
    weights = [exp(min(each, _BOUND)) for each in log_odds]
    total = 1 + sum(weights)
    return [weight / total for weight in weights]


def _order(choice: Choice) -> tuple[float, str]:
    return -choice.probability, choice.candidate.iri or ""


def common_words(descriptions: Iterable[str], share: float) -> list[str]:
    """The stems that more than this share of the descriptions have."""
    counts: Counter[str] = Counter()
    n = 0
    for description in descriptions:
        if description:
            counts.update(stems(description))
            n += 1
    return sorted(word for word, count in counts.items() if count > share * n)
