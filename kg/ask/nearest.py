"""Questions that the graph has an answer to: near one that it has none to, or to begin with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pyoxigraph import QuerySolutions
from rapidfuzz import fuzz

from kg.ask.lexicon import Lexicon
from kg.ask.meaning import Thing
from kg.facts import Facts
from kg.rdf import vocabulary as v
from kg.store.base import Store
from ontology import Relation

_THINGS = 3
_BASE = "http://localhost/"
_GOOD = ("verb", "past", "date", "noun")
"""The ways that make good English."""


class Nearest:
    """Makes questions of the relations that things of the graph have."""

    def __init__(self, lexicon: Lexicon, facts: Facts, store: Store) -> None:
        self._lexicon = lexicon
        self._facts = facts
        self._store = store
        self._relations = {each.iri: each for each in lexicon.ontology.relations.values()}

    def to(self, question: str, things: Sequence[Thing], limit: int = 5) -> tuple[str, ...]:
        """The questions most like `question`: about the same things, or of its relations where it names none."""
        found = {
            self.text(relation, thing.label, is_subject=is_subject): relation
            for thing in things[:_THINGS]
            for relation, is_subject in self._of(thing.iri)
        } or self._of_any(question, limit)
        like = {text: _likeness(question, f"{text} {relation.definition}") for text, relation in found.items()}
        return tuple(sorted(like, key=lambda text: (-like[text], text))[:limit])

    def examples(self, known: Iterable[tuple[str, str]], limit: int = 6) -> tuple[str, ...]:
        """Questions to begin with about these entities, given by IRI and name: one over two relations, then one each."""
        known = tuple(known)
        chain = next((text for iri, label in known for text in self._chains(iri, label)), None)
        seen: set[str] = set()
        found = []
        for iri, label in known:
            fresh = [(relation, side) for relation, side in self._of(iri) if relation.key not in seen]
            for relation, is_subject in sorted(fresh, key=self._awkward)[:1]:
                seen.add(relation.key)
                found.append(((relation, is_subject), self.text(relation, label, is_subject=is_subject)))
        best = sorted(found, key=lambda one: self._awkward(one[0]))
        return tuple(islice((*filter(None, [chain]), *(text for _, text in best)), limit))

    def _chains(self, iri: str, name: str) -> Iterator[str]:
        """Who did something to what the thing does something to: "Who founded organizations that X owns?"."""
        rows = self._rows(
            f"SELECT ?inner ?outer ?kind (COUNT(*) AS ?n) {{ ?between ?inner <{iri}> ; ?outer ?far ; a ?kind"
            f" FILTER (?far != <{iri}>) }} GROUP BY ?inner ?outer ?kind ORDER BY DESC(?n) ?inner ?outer"
        )
        kinds = {kind.iri: kind.plural for kind in self._lexicon.ontology.types.values()}
        for inner, outer, kind, _ in rows:
            if inner in self._relations and outer in self._relations and kind in kinds:
                near, far = self._relations[inner], self._relations[outer]
                ways = self._way(near, is_subject=False), self._way(far, is_subject=False)
                who = self._who(set(far.range))
                if ways == ("verb", "past") and who == next(iter(self._lexicon.words.asks)):
                    yield self._lexicon.words.offered["chain"].format(
                        who=who.capitalize(), outer=far.inverse_label, kinds=kinds[kind],
                        name=name, inner=near.inverse_label,
                    )  # fmt: skip

    def _of_any(self, question: str, limit: int) -> dict[str, Relation]:
        """A question for each of the relations that `question` is most like, about something that has it."""
        like = {
            iri: _likeness(question, f"{relation.label} {relation.inverse_label} {relation.definition}")
            for iri, relation in self._relations.items()
        }
        found = {}
        for iri in sorted(like, key=lambda iri: -like[iri])[:limit]:
            for row in self._rows(
                f"SELECT ?name {{ ?fact rdf:predicate <{iri}> ; rdf:subject/rdfs:label ?name }} LIMIT 1"
            ):
                found[self.text(self._relations[iri], row[0], is_subject=True)] = self._relations[iri]
        return found

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

    def _of(self, iri: str) -> Iterator[tuple[Relation, bool]]:
        """The relations of a thing, those of which it has most facts first, with whether it is their subject."""
        patterns = ((f"<{iri}> ?relation ?other", True), (f"?other ?relation <{iri}>", False))
        found = [
            (-int(number), relation, is_subject)
            for pattern, is_subject in patterns
            for relation, number in self._rows(f"SELECT ?relation (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY ?relation")
        ]
        for _, name, is_subject in sorted(found, key=lambda one: (one[0], one[1], not one[2])):
            if name in self._relations:
                yield self._relations[name], is_subject

    def _rows(self, query: str) -> list[list[str]]:
        found = self._store.query(query, base=_BASE, prefixes=v.PREFIXES, union=False)
        assert isinstance(found, QuerySolutions)
        return [["" if value is None else value.value for value in row] for row in found]


def _likeness(one: str, other: str) -> float:
    return fuzz.token_set_ratio(one.lower(), other.lower())
