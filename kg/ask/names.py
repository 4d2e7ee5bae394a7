"""The names in a question: which entities of the graph its words stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from rapidfuzz import fuzz

from kg.ask.meaning import Thing
from kg.ask.words import Token
from kg.facts import Facts
from kg.rdf import vocabulary as v
from kg.resolve.language import english
from kg.search.hits import Search
from kg.search.words import fold

_LONGEST = 8
"""So many words a name may have."""
_HITS = 12
_LIKE = 75
"""How like a misspelled name must be to one of the graph, from 0 to 100."""
_EXACT, _DEMONYM, _PART, _MISSPELLED = 0.0, 0.3, 2.0, 2.5


@dataclass(frozen=True, slots=True)
class Name:
    """Tokens up to `end` that may stand for `thing`; `cost` grows with the doubt. `articles` mention it."""

    end: int
    thing: Thing
    cost: float
    articles: int
    is_exact: bool


class Names:
    """Looks names up in the search index and in the store."""

    def __init__(self, facts: Facts, search: Search, kinds: Mapping[str, str]) -> None:
        """`kinds` has the key of each type by its IRI."""
        self._facts = facts
        self._search = search
        self._kinds = kinds

    def find(self, text: str, tokens: Sequence[Token], known: AbstractSet[str]) -> dict[int, tuple[Name, ...]]:
        """The names that begin at each token, the likeliest first. `known` are the words that mean something else."""
        found: dict[int, list[Name]] = {}
        covered: set[int] = set()
        for start in range(len(tokens)):
            for end in range(start + 1, min(start + _LONGEST, len(tokens)) + 1):
                names, goes_on = self._called(text, tokens, start, end, known)
                if names:
                    found.setdefault(start, []).extend(names)
                    if any(name.is_exact for name in names):
                        covered.update(range(start, end))
                if not goes_on:
                    break
        # Two strange words that stand together have spans in common.
        for start, end in dict.fromkeys(self._strange(tokens, known, covered)):
            found.setdefault(start, []).extend(self._misspelled(text, tokens, start, end))
        return {start: _best(names) for start, names in found.items() if names}

    def _called(
        self, text: str, tokens: Sequence[Token], start: int, end: int, known: AbstractSet[str]
    ) -> tuple[list[Name], bool]:
        """Who is called by these tokens, and whether longer names may begin so."""
        span = text[tokens[start].start : tokens[end - 1].end]
        only_words = all(token.word in known and token.text[:1].islower() for token in tokens[start:end])
        if "," in span or (end - start == 1 and len(span) == 1 and not span.isalnum()):
            return [], False
        # "Swedish" stands for Sweden.
        country = english().countries.get(span.lower(), span)
        hits = self._search.find(f'"{span}"', _HITS, properties=(v.LABEL, v.ALTERNATIVE))
        names: list[Name] = []
        if country.lower() != span.lower():
            for hit in self._search.find(f'"{country}"', _HITS, properties=(v.LABEL, v.ALTERNATIVE)):
                if _same(hit.literal.value, country):
                    names += self._name(hit.subject.value, end, _DEMONYM, is_exact=True)
        for rank, hit in enumerate(hits):
            is_exact = _same(hit.literal.value, span)
            if not is_exact and (only_words or not _has_words(hit.literal.value, span)):
                continue
            cost = (_EXACT + (hit.predicate == v.ALTERNATIVE) * 0.1) if is_exact else _PART + rank * 0.05
            # "the library" is more often a noun than a name, and "Who" a question word.
            cost += 1.5 if only_words else 0.0
            names += self._name(hit.subject.value, end, cost, is_exact)
        return names, bool(hits or names)

    def _strange(
        self, tokens: Sequence[Token], known: AbstractSet[str], covered: AbstractSet[int]
    ) -> Iterator[tuple[int, int]]:
        """Spans with a word that is neither known nor of a name, with the capitalized words beside it."""
        for place, token in enumerate(tokens):
            if place in covered or token.word in known or token.word.isdigit() or len(token.word) < 3:
                continue
            first = last = place
            while first > 0 and tokens[first - 1].text[:1].isupper() and tokens[first - 1].word not in known:
                first -= 1
            while last + 1 < len(tokens) and (
                tokens[last + 1].text[:1].isupper() or tokens[last + 1].word not in known
            ):
                last += 1
            for start in range(max(first, place - _LONGEST + 1), place + 1):
                yield from ((start, end + 1) for end in range(place, min(last + 1, start + _LONGEST)))

    def _misspelled(self, text: str, tokens: Sequence[Token], start: int, end: int) -> Iterator[Name]:
        span = text[tokens[start].start : tokens[end - 1].end]
        for hit in self._search.find(span.replace('"', " "), _HITS, properties=(v.LABEL, v.ALTERNATIVE)):
            like = fuzz.ratio(fold(span), fold(hit.literal.value))
            if like >= _LIKE:
                yield from self._name(hit.subject.value, end, _MISSPELLED + (100 - like) / 50, is_exact=False)

    def _name(self, iri: str, end: int, cost: float, is_exact: bool) -> Iterator[Name]:
        brief = self._facts.brief(iri)
        if brief is not None:
            named, kind, articles = brief
            thing = Thing(iri, named.label, self._kinds.get(kind.iri or "", ""))
            yield Name(end, thing, cost - min(articles, 20) * 0.002, articles, is_exact)


def _same(name: str, span: str) -> bool:
    """Whether two names differ in nothing but capitals, accents and a leading article."""
    one, other = _words(name), _words(span)
    return one == other or (one[1:] == other and one[:1] == ["the"])


def _has_words(name: str, span: str) -> bool:
    """Whether a name has all words of a span as they are; the index takes "German" for "Germany"."""
    return set(_words(span)) <= set(_words(name))


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c in "+#" else " " for c in fold(text)).split()


def _best(names: Sequence[Name]) -> tuple[Name, ...]:
    """Each thing once for each end, at its lowest cost."""
    found: dict[tuple[int, str], Name] = {}
    for name in sorted(names, key=lambda one: (one.cost, one.thing.iri)):
        found.setdefault((name.end, name.thing.iri), name)
    return tuple(found.values())
