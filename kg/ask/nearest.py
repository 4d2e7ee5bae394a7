"""Questions that the graph has an answer to: near one that it has none to, or to begin with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import QuerySolutions
from rapidfuzz import fuzz

from kg.ask.lexicon import Lexicon
from kg.ask.meaning import Thing
from kg.facts import Facts
from kg.rdf import vocabulary as v
from kg.store.base import Store
from ontology import Relation

_THINGS = 3
_KNOWN = 12
_GOOD = ("verb", "past", "date", "noun")
"""The ways that make good English."""


class Nearest:
    """Makes questions of the relations that things of the graph have."""

    def __init__(self, lexicon: Lexicon, facts: Facts, store: Store, base: str) -> None:
        self._lexicon = lexicon
        self._facts = facts
        self._store = store
        self._base = base
        self._relations = {each.iri: each for each in lexicon.ontology.relations.values()}

    def to(self, question: str, things: Sequence[Thing], limit: int = 5) -> tuple[str, ...]:
        """The questions about the same things that are most like `question`; where it names none, examples."""
        if not things:
            return self.examples()[:limit]
        found = dict[str, float]()
        for iri, label in [(thing.iri, thing.label) for thing in things[:_THINGS]]:
            for relation, is_subject in self._of(iri):
                text = self.text(relation, label, is_subject=is_subject)
                like = fuzz.token_set_ratio(question.lower(), f"{text} {relation.definition}".lower())
                found.setdefault(text, like)
        best = sorted(found, key=lambda text: (-found[text], text))
        return tuple(best[:limit])

    def examples(self, limit: int = 6) -> tuple[str, ...]:
        """Questions to begin with, each of another relation, about what is most in the news."""
        seen: set[str] = set()
        found = []
        for iri, label in self._known():
            fresh = [(relation, side) for relation, side in self._of(iri) if relation.key not in seen]
            for relation, is_subject in sorted(fresh, key=self._awkward)[:1]:
                seen.add(relation.key)
                found.append(((relation, is_subject), self.text(relation, label, is_subject=is_subject)))
        best = sorted(found, key=lambda one: self._awkward(one[0]))
        return tuple(text for _, text in best[:limit])

    def _awkward(self, one: tuple[Relation, bool]) -> tuple[bool, bool]:
        """The lower, the better English a question for the relation is, and the more it leads to."""
        return not one[0].range, self._way(*one) not in _GOOD

    def text(self, relation: Relation, name: str, *, is_subject: bool) -> str:
        """A question for what has this relation with the thing of this name, its subject or its object."""
        words = self._lexicon.words
        label = relation.label if is_subject else relation.inverse_label
        first, *rest = label.split()
        lemma = self._lexicon.lemma(first)
        way = self._way(relation, is_subject)
        if way == "predicate" and lemma is None and not is_subject:
            label = f"the {label}"
        elif way == "having":
            label = " ".join(rest)
        elif way in ("verb", "past") and lemma:
            label = lemma
        who = self._who(set(relation.range if is_subject else relation.domain))
        return words.offered[way].format(who=who.capitalize(), label=label, name=name)

    def _way(self, relation: Relation, is_subject: bool) -> str:
        """What kind of words the label is that a question is made of: a key of the questions that are offered."""
        label = relation.label if is_subject else relation.inverse_label
        first, *rest = label.split()
        lemma = self._lexicon.lemma(first)
        if rest and rest[-1] in self._lexicon.grammar.prepositions:
            return "predicate"
        if first in self._lexicon.words.have:
            return "having"
        if lemma and not rest:
            if not relation.range:
                return "date"
            return "verb" if first == self._lexicon.grammar.forms(lemma).present else "past"
        return "noun"

    def _who(self, kinds: set[str]) -> str:
        """The question word for persons where these may be meant, else the one for all."""
        asks = self._lexicon.words.asks
        first = next(iter(asks))
        return first if kinds <= set(asks[first]) and asks[first][0] in kinds else next(w for w in asks if not asks[w])

    def _known(self) -> Iterator[tuple[str, str]]:
        """What most articles mention."""
        rows = self._rows(
            "SELECT ?entity (COUNT(*) AS ?n) { ?article schema:mentions ?entity } GROUP BY ?entity"
            f" ORDER BY DESC(?n) ?entity LIMIT {_KNOWN}"
        )
        for iri, _ in rows:
            brief = self._facts.brief(iri)
            if brief is not None:
                yield iri, brief[0].label

    def _of(self, iri: str) -> Iterator[tuple[Relation, bool]]:
        """The relations of a thing, those of which it has most facts first, with whether it is their subject."""
        sides: Iterable[tuple[str, bool]] = (("rdf:subject", True), ("rdf:object", False))
        found = [
            (-int(number), relation, is_subject)
            for side, is_subject in sides
            for relation, number in self._rows(
                f"SELECT ?relation (COUNT(*) AS ?n) {{ ?fact {side} <{iri}> ; rdf:predicate ?relation }}"
                " GROUP BY ?relation"
            )
        ]
        for _, name, is_subject in sorted(found, key=lambda one: (one[0], one[1], not one[2])):
            if name in self._relations:
                yield self._relations[name], is_subject

    def _rows(self, query: str) -> list[tuple[str, str]]:
        found = self._store.query(query, base=self._base, prefixes=v.PREFIXES, union=True)
        assert isinstance(found, QuerySolutions)
        return [(getattr(row[0], "value", ""), getattr(row[1], "value", "0")) for row in found]
