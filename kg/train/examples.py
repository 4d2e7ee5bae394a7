"""From annotated texts to what the network is shown: windows with their mentions, facts and what is unknown of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.extract.learned.labels import Bools, Labels
from kg.extract.learned.windows import Ints, Window, Windows
from kg.model import Mention, Span
from kg.train.annotated import Annotated

NO_TYPE_SHARE = 2
"""Of so many pronouns that may stand for anything, one is shown without the type that was annotated."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One window, with M mentions, of which the annotated ones come first and then the rules' that overlap none of them.

    `mentions` [M, 3] are first piece, last piece (included) and type; `spans` [S, 3] likewise, the annotated mentions.
    `span_types` [types] tells of which types all mentions are annotated; in `unsure_spans` [U, 3] (first, last, type)
    it is unknown whether it is one. `facts` [F, 3] are subject, relation, object, as rows of `mentions`; at least one
    side stands in the window's core. `ignored` [I, 3], likewise, may hold or not. `relations` [relations] tells which
    were annotated. `qualifiers` [Q, 3] are a row of `facts`, the qualifier, and the mention of its value, and
    `qualifier_keys` [qualifiers] tells which were annotated. All numbers are those of the labels.
    """

    window: Window
    mentions: Ints
    spans: Ints
    span_types: Bools
    unsure_spans: Ints
    facts: Ints
    ignored: Ints
    relations: Bools
    qualifiers: Ints
    qualifier_keys: Bools
    weight: float


def examples(text: Annotated, rules: Sequence[Mention], windows: Windows, labels: Labels) -> list[Example]:
    """The examples of one text, a window each. `rules` are the mentions that the rules find in it."""
    return [_Maker(text, rules, window, labels).example() for window in windows.of(text.document, rules)]


class _Maker:
    def __init__(self, text: Annotated, rules: Sequence[Mention], window: Window, labels: Labels) -> None:
        self.text = text
        self.window = window
        self.labels = labels
        self.offsets: NDArray[np.int32] = window.offsets[1:-1]
        self.rules = {mention.span: mention for mention in rules}
        annotated = [(mention, place) for mention in text.mentions if (place := self._place(mention.span))]
        taken = np.zeros(len(window.ids), dtype=bool)
        for _, (first, last) in annotated:
            taken[first : last + 1] = True
        self.annotated = annotated
        self.others = [
            (candidate.mention, (candidate.first, candidate.last))
            for candidate in window.candidates
            if not taken[candidate.first : candidate.last + 1].any()
        ]
        self.rows = {mention.span: row for row, (mention, _) in enumerate(annotated)}

    def example(self) -> Example:
        labels, text = self.labels, self.text
        others = [
            (mention, place)
            for mention, place in self.others
            if text.pronouns or mention.kind not in ("pronoun", "nominal")
        ]
        rows = self.rows | {mention.span: len(self.rows) + number for number, (mention, _) in enumerate(others)}
        mentions = [(*place, self._shown_type(mention)) for mention, place in self.annotated]
        mentions += [(*place, labels.type_of(mention)) for mention, place in others]
        facts, qualifiers, ignored = self._facts()
        for subject, relation, value in sorted(text.unknown):
            if subject in rows and value in rows and relation in labels.relations:
                ignored.append((rows[subject], labels.relations.index(relation), rows[value]))
        return Example(
            self.window,
            _table(mentions),
            _table((*place, labels.types.index(mention.type)) for mention, place in self.annotated),
            self._known(labels.types, text.types),
            _table(self._unsure()),
            _table(facts),
            _table(dict.fromkeys(ignored)),
            self._known(labels.relations, text.relations),
            _table(qualifiers),
            self._known(labels.qualifiers, text.qualifiers),
            text.weight,
        )

    def _place(self, span: Span) -> tuple[int, int] | None:
        """The first and the last piece of some characters, where all of them are in the window."""
        if not len(self.offsets) or span.start < self.offsets[0, 0] or span.end > self.offsets[-1, 1]:
            return None
        first = int(np.searchsorted(self.offsets[:, 1], span.start, side="right"))
        last = int(np.searchsorted(self.offsets[:, 0], span.end, side="left")) - 1
        return (first + 1, last + 1) if first <= last else None

    def _facts(self) -> tuple[list[tuple[int, int, int]], list[tuple[int, int, int]], list[tuple[int, int, int]]]:
        """The facts, their qualifiers, and those that another window answers for."""
        facts: list[tuple[int, int, int]] = []
        qualifiers: list[tuple[int, int, int]] = []
        elsewhere: list[tuple[int, int, int]] = []
        keys = {key: number for number, key in enumerate(self.labels.qualifiers)}
        relations = {key: number for number, key in enumerate(self.labels.relations)}
        for fact in self.text.facts:
            sides = self.rows.get(fact.subject.span), self.rows.get(fact.object.span)
            if sides[0] is None or sides[1] is None or fact.relation not in relations:
                continue
            triple = sides[0], relations[fact.relation], sides[1]
            if max(fact.subject.start, fact.object.start) < self.window.core.start:
                elsewhere.append(triple)
                continue
            qualifiers += [
                (len(facts), keys[key], self.rows[value.span])
                for key, value in fact.qualifiers
                if value.span in self.rows and key in keys
            ]
            facts.append(triple)
        return facts, qualifiers, elsewhere

    def _shown_type(self, mention: Mention) -> int:
        """The type that was annotated; now and then that of the rules, where these give a pronoun none."""
        number = self.labels.type_of(mention)
        rule = self.rules.get(mention.span)
        if rule is None or self.labels.type_of(rule) != self.labels.no_type:
            return number
        key = f"{self.text.document.id} {mention.start}"
        return self.labels.no_type if hashlib.sha256(key.encode()).digest()[0] % NO_TYPE_SHARE else number

    def _unsure(self) -> Iterable[tuple[int, int, int]]:
        """Literals that only the rules found, and what the annotators did not look at."""
        for mention, place in self.others:
            if mention.kind == "literal" and mention.type in self.labels.types:
                yield (*place, self.labels.types.index(mention.type))
        for span, kinds in self.text.unsure:
            where = self._place(span)
            if where and span not in self.rows:
                for number, kind in enumerate(self.labels.types):
                    if not kinds or kind in kinds:
                        yield (*where, number)

    @staticmethod
    def _known(keys: Sequence[str], annotated: Iterable[str]) -> Bools:
        annotated = frozenset(annotated)
        return np.array([key in annotated for key in keys], dtype=bool)


def _table(rows: Iterable[tuple[int, int, int]]) -> Ints:
    return np.array(list(rows), dtype=np.int64).reshape(-1, 3)
