"""From the model's scores to mentions and relation mentions.

The rules' mentions and the spans that the model finds compete: where some overlap, the likeliest stays. Relations are
looked for between all mentions of a window whose types fit.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kg.confidence import probability
from kg.extract.learned.labels import Bools, Labels
from kg.extract.learned.model import Encoded, Floats
from kg.extract.learned.windows import Ints, Window, goes_on
from kg.extract.names_types import cue_types
from kg.extract.names_words import words
from kg.extract.vocabulary import alternation, read
from kg.model import Document, Mention, MentionKind, RelationMention
from ontology import Ontology

_FEWEST = 2
"""A window in which the rules see fewer mentions states no fact (not one of 585 annotated ones did), and is not read."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A mention in a window: its first and last piece, and its type's number."""

    mention: Mention
    first: int
    last: int
    type: int


@dataclass(frozen=True, slots=True)
class _Span:
    """What may be a mention: by how much its score is above what it must be, and the rules' mention that it is."""

    margin: float
    first: int
    last: int
    type: int
    mention: Mention | None


@dataclass(frozen=True, slots=True)
class _Stated:
    """A relation between two mentions, by their numbers, and its logit."""

    subject: int
    relation: int
    object: int
    logit: float


class Scorer(Protocol):
    """What gives the scores: `kg.extract.learned.model.Model`."""

    @property
    def labels(self) -> Labels: ...

    def encode(self, window: Window) -> Encoded: ...

    def relations(self, encoded: Encoded, mentions: Ints, pairs: Ints) -> Floats: ...

    def qualifiers(self, encoded: Encoded, mentions: Ints, facts: Ints) -> Floats: ...


class Decoder:
    """Reads the scores of one model with one ontology; `thresholds` are those of the model's description."""

    def __init__(self, model: Scorer, ontology: Ontology, thresholds: Mapping[str, float]) -> None:
        self._model = model
        labels = self._labels = model.labels
        known = [ontology.relations.get(key) for key in labels.relations]
        self._symmetric = np.array([each is not None and each.symmetric for each in known], dtype=bool)
        self._functional = np.array([each is not None and each.functional for each in known], dtype=bool)
        # [types, types, relations]: whether a relation may hold between mentions of two types.
        self._fits = labels.subjects.T[:, None] & labels.objects.T[None]
        self._any_fits: Bools = np.logical_or.reduce(self._fits, axis=-1)
        # [relations, types, qualifiers]: whether a mention of a type may be the value of a relation's qualifier.
        self._qualifies = labels.carries[:, None] & labels.values.T[None]
        self._any_qualifies: Bools = np.logical_or.reduce(self._qualifies, axis=-1)
        self._is_entity = frozenset(ontology.types)
        self._cues = frozenset(cue_types(ontology))
        self._span = thresholds["span"]
        self._type = thresholds["type"]
        self._keep: Mapping[MentionKind, float] = {
            "name": thresholds["name"],
            "nominal": thresholds["nominal"],
            "pronoun": thresholds["pronoun"],
            "literal": thresholds["literal"],
        }
        self._relation = thresholds["relation"]
        self._apart = thresholds["apart"]
        self._listed = thresholds["listed"]
        conjunctions = alternation(read("grammar")["conjunctions"])
        self._between = re.compile(rf"\s*(?:,\s*)?(?:{conjunctions})?\s*")
        self._qualifier = thresholds["qualifier"]

    def decode(
        self, document: Document, windows: Sequence[Window]
    ) -> tuple[tuple[Mention, ...], tuple[RelationMention, ...]]:
        """The mentions of a document, sorted, without overlap, and the relations between them."""
        starts = [sentence.start for sentence in document.sentences]
        mentions: list[Mention] = []
        relations: list[RelationMention] = []
        for window in windows:
            if len(window.candidates) < _FEWEST:
                mentions += [candidate.mention for candidate in window.candidates]
                continue
            encoded = self._model.encode(window)
            inside = self.mentions(document.text, window, encoded)
            mentions += [each.mention for each in inside]
            if len(inside) > 1:
                relations += self._relation_mentions(document, starts, encoded, inside)
        relations.sort(key=lambda r: (r.subject.start, r.object.start, r.relation))
        return tuple(mentions), tuple(relations)

    def mentions(self, text: str, window: Window, encoded: Encoded) -> list[Placed]:
        """The mentions in a window."""
        spans = encoded.spans
        end = len(window.ids) - 1
        going_on = goes_on(window.shapes)
        found: list[_Span] = []
        for candidate in window.candidates:
            mention = candidate.mention
            logits = spans[:, candidate.first, candidate.last]
            own = kind = self._labels.type_of(mention)
            best = float(logits.max())
            if best > self._span and (own == self._labels.no_type or best > float(logits[own]) + self._type):
                kind = int(logits.argmax())
            if best > self._keep[mention.kind]:
                margin = best - self._keep[mention.kind]
                found.append(_Span(margin, candidate.first, candidate.last, kind, mention))
        known = {(each.first, each.last) for each in window.candidates}
        for number in np.flatnonzero(spans > self._span).tolist():
            kind, place = divmod(number, (end + 1) ** 2)
            first, last = divmod(place, end + 1)
            if 0 < first <= last < end and not (going_on[first] or going_on[last + 1] or (first, last) in known):
                found.append(_Span(float(spans[kind, first, last]) - self._span, first, last, kind, None))
        found.sort(key=lambda each: (-each.margin, each.first, each.last, each.type))
        taken = np.zeros(len(window.ids), dtype=bool)
        kept = []
        for each in found:
            if not taken[each.first : each.last + 1].any():
                taken[each.first : each.last + 1] = True
                kept.append(self._placed(text, window, each, float(spans[:, each.first, each.last].max())))
        kept.sort(key=lambda each: each.first)
        return kept

    def _placed(self, text: str, window: Window, span: _Span, logit: float) -> Placed:
        """A mention in a span; what the rules know of it is kept where it still fits."""
        rules = span.mention
        key = self._labels.types[span.type] if span.type < self._labels.no_type else ""
        if rules is not None and (rules.type == key or rules.kind == "pronoun"):
            return Placed(rules, span.first, span.last, span.type)
        start, end = int(window.offsets[span.first, 0]), int(window.offsets[span.last, 1])
        if rules is not None:
            start, end = rules.start, rules.end
        written = text[start:end]
        score = round(probability(logit), 4)
        if key not in self._is_entity:
            mention = Mention(start, end, key, "literal", written, " ".join(written.split()), score)
        else:
            how = rules.kind if rules is not None and rules.kind != "literal" else self._kind(text, start, end)
            mention = Mention(start, end, key, how, written, None, score)
        return Placed(mention, span.first, span.last, span.type)

    def _kind(self, text: str, start: int, end: int) -> MentionKind:
        """Whether what the rules did not find is a name or a nominal: small words that end in a common noun."""
        written = text[start:end]
        if written != written.lower() or any(map(str.isdigit, written)):
            return "name"
        parts = written.split()
        return "nominal" if parts[0] in words().determiners or parts[-1] in self._cues else "name"

    def _relation_mentions(
        self, document: Document, starts: Sequence[int], encoded: Encoded, mentions: Sequence[Placed]
    ) -> Iterator[RelationMention]:
        """The relations among the mentions of one window."""
        table = np.array([(each.first, each.last, each.type) for each in mentions], dtype=np.int64)
        sentences = [bisect_right(starts, each.mention.start) - 1 for each in mentions]
        stated = self._stated(encoded, table, sentences, self._lists(document.text, mentions))
        if not stated:
            return
        qualifiers = self._qualified(encoded, table, stated)
        for number, each in enumerate(stated):
            subject, other = mentions[each.subject].mention, mentions[each.object].mention
            evidence = sorted({sentences[each.subject], sentences[each.object]})
            yield RelationMention(
                self._labels.relations[each.relation],
                subject,
                other,
                tuple(document.sentences[sentence] for sentence in evidence),
                tuple(sorted((key, mentions[value].mention) for key, value in qualifiers.get(number, {}).items())),
                round(probability(each.logit), 4),
            )

    def _lists(self, text: str, mentions: Sequence[Placed]) -> Ints:
        """For each mention the number of the list that it stands in: "A, B and C" of one type, or itself alone."""
        found = np.arange(len(mentions))
        for number in range(1, len(mentions)):
            one, other = mentions[number - 1], mentions[number]
            if one.type == other.type and self._between.fullmatch(text, one.mention.end, other.mention.start):
                found[number] = found[number - 1]
        return found

    def _stated(self, encoded: Encoded, table: Ints, sentences: Sequence[int], lists: Ints) -> list[_Stated]:
        types = table[:, 2]
        possible = self._any_fits[types[:, None], types]
        np.fill_diagonal(possible, False)
        pairs = np.argwhere(possible)
        if not len(pairs):
            return []
        logits = self._model.relations(encoded, table, pairs)
        place = np.array(sentences)
        apart = place[pairs[:, 0]] != place[pairs[:, 1]]
        listed = lists[pairs[:, 0]] == lists[pairs[:, 1]]
        logits = logits - (apart * np.float32(self._apart))[:, None]
        logits = logits - np.where(listed[:, None] & ~self._symmetric, np.float32(self._listed), np.float32(0))
        logits = np.where(self._fits[types[pairs[:, 0]], types[pairs[:, 1]]], logits, -np.inf)
        logits = self._one_direction(logits, pairs, len(table))
        rows, relations = np.nonzero(logits > self._relation)
        found = [
            _Stated(int(pairs[row, 0]), int(relation), int(pairs[row, 1]), float(logits[row, relation]))
            for row, relation in zip(rows, relations, strict=True)
        ]
        return self._likeliest(found, sentences)

    def _one_direction(self, logits: Floats, pairs: Ints, count: int) -> Floats:
        """Of two directions of one relation only the likelier; of a symmetric one the first, with the mean logit."""
        place = np.full((count, count), len(pairs), dtype=np.int64)
        place[pairs[:, 0], pairs[:, 1]] = np.arange(len(pairs))
        back = np.vstack((logits, np.full((1, logits.shape[1]), -np.inf, dtype=logits.dtype)))[
            place[pairs[:, 1], pairs[:, 0]]
        ]
        first = (pairs[:, 0] < pairs[:, 1])[:, None]
        both = np.where(
            np.isfinite(back) & np.isfinite(logits), (logits + np.where(np.isfinite(back), back, 0)) / 2, logits
        )
        symmetric = np.where(first | ~np.isfinite(back), both, -np.inf)
        likelier = np.where((logits > back) | ((logits == back) & first), logits, -np.inf)
        found: Floats = np.where(self._symmetric, symmetric, likelier)
        return found

    def _likeliest(self, found: list[_Stated], sentences: Sequence[int]) -> list[_Stated]:
        """Without what contradicts something likelier: two values of a functional relation in one sentence."""
        best: dict[tuple[int, int, int], _Stated] = {}
        for each in found:
            if self._functional[each.relation]:
                key = (each.subject, each.relation, sentences[each.object])
                if key not in best or best[key].logit < each.logit:
                    best[key] = each
        return [
            each
            for each in found
            if not self._functional[each.relation] or best[each.subject, each.relation, sentences[each.object]] is each
        ]

    def _qualified(self, encoded: Encoded, table: Ints, stated: Sequence[_Stated]) -> Mapping[int, Mapping[str, int]]:
        """For each relation, by its place, the mentions that are its qualifiers' values."""
        facts = np.array([(each.subject, each.relation, each.object) for each in stated], dtype=np.int64)
        types = table[:, 2]
        possible = self._any_qualifies[facts[:, 1][:, None], types]
        rows = np.arange(len(facts))
        possible[rows, facts[:, 0]] = possible[rows, facts[:, 2]] = False
        at, values = np.nonzero(possible)
        if not len(at):
            return {}
        logits = self._model.qualifiers(encoded, table, np.column_stack((facts[at], values)))
        logits = np.where(self._qualifies[facts[at, 1], types[values]], logits, -np.inf)
        keys = logits.argmax(-1)
        best = logits[np.arange(len(at)), keys]
        found: dict[int, dict[str, int]] = {}
        for row in np.argsort(-best, kind="stable").tolist():
            if best[row] <= self._qualifier:
                break
            found.setdefault(int(at[row]), {}).setdefault(self._labels.qualifiers[keys[row]], int(values[row]))
        return found
