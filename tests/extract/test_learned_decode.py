"""From scores to mentions and relations, with scores that the test sets in place of a network's."""

from __future__ import annotations

import numpy as np
import pytest

import ontology
from kg.extract.learned.decode import Decoder
from kg.extract.learned.folder import THRESHOLDS
from kg.extract.learned.labels import Labels, labels_of
from kg.extract.learned.model import Encoded, Floats
from kg.extract.learned.windows import Ints, Window, Windows
from kg.model import Mention, RelationMention
from tests.extract.marked import read

LABELS = labels_of(ontology.load())


class Scores:
    """A model whose logits the test sets: of spans by their words, of relations and qualifiers by their mentions'."""

    def __init__(self, text: str, spans: dict[tuple[str, str], float], relations: dict[tuple[str, str, str], float]):
        self.labels: Labels = LABELS
        self._text, self._spans, self._relations = text, spans, relations
        self._window: Window | None = None

    def encode(self, window: Window) -> Encoded:
        self._window = window
        size = len(window.ids)
        spans = np.full((len(LABELS.types), size, size), -20, dtype=np.float32)
        for first in range(1, size - 1):
            for last in range(first, size - 1):
                for kind, key in enumerate(LABELS.types):
                    spans[kind, first, last] = self._spans.get((self._words(first, last), key), -20)
        return Encoded(np.zeros((size, 1), np.float32), np.zeros((1, size, size), np.float32), spans)

    def relations(self, encoded: Encoded, mentions: Ints, pairs: Ints) -> Floats:
        found = np.full((len(pairs), len(LABELS.relations)), -20, dtype=np.float32)
        for row, (subject, other) in enumerate(pairs.tolist()):
            for number, key in enumerate(LABELS.relations):
                sides = self._mention(mentions, subject), self._mention(mentions, other)
                found[row, number] = self._relations.get((sides[0], key, sides[1]), -20)
        return found

    def qualifiers(self, encoded: Encoded, mentions: Ints, facts: Ints) -> Floats:
        found = np.full((len(facts), len(LABELS.qualifiers)), -20, dtype=np.float32)
        found[:, LABELS.qualifiers.index("start")] = 3
        return found

    def _mention(self, mentions: Ints, number: int) -> str:
        return self._words(int(mentions[number, 0]), int(mentions[number, 1]))

    def _words(self, first: int, last: int) -> str:
        assert self._window is not None
        return self._text[self._window.offsets[first, 0] : self._window.offsets[last, 1]]


def decoded(
    marked: str,
    spans: dict[tuple[str, str], float] | None = None,
    relations: dict[tuple[str, str, str], float] | None = None,
    **thresholds: float,
) -> tuple[tuple[Mention, ...], tuple[RelationMention, ...]]:
    document, mentions = read(marked)
    model = Scores(document.text, spans or {}, relations or {})
    keep = dict.fromkeys(("name", "nominal", "pronoun", "literal"), -100.0)
    decoder = Decoder(model, ontology.load(), {**THRESHOLDS, **keep, **thresholds})
    return decoder.decode(document, Windows(LABELS).of(document, mentions))


def stated(relations: tuple[RelationMention, ...]) -> set[tuple[str, str, str]]:
    return {(each.subject.text, each.relation, each.object.text) for each in relations}


def test_what_the_rules_see_stays_and_what_only_the_network_sees_is_added() -> None:
    mentions, _ = decoded(
        "[Ada Park|Person] wrote quillpad at [Acme|Organization].", {("quillpad", "Software"): 5, ("at", "Place"): 1}
    )
    assert [(m.text, m.type, m.kind) for m in mentions] == [
        ("Ada Park", "Person", "name"),
        ("quillpad", "Software", "name"),
        ("Acme", "Organization", "name"),
    ]


def test_the_network_changes_a_type_only_with_a_lead() -> None:
    spans = {("Acme", "Software"): 5.0, ("Acme", "Organization"): 3.0}
    for lead, kind in ((1.0, "Software"), (3.0, "Organization")):
        mentions, _ = decoded("[Ada Park|Person] left [Acme|Organization].", spans, type=lead)
        assert mentions[1].type == kind


def test_what_the_rules_see_and_the_network_does_not_believe_is_left_out() -> None:
    mentions, _ = decoded("[Ada Park|Person] left [Monday|Place].", {("Ada Park", "Person"): 5}, name=-4)
    assert [mention.text for mention in mentions] == ["Ada Park"]


def test_a_part_of_a_word_is_no_mention() -> None:
    mentions, _ = decoded(
        "[Ada Park|Person] left [Acme|Organization] for quillpadding.",
        {("quill", "Software"): 9, ("padding", "Place"): 9},
    )
    assert len(mentions) == 2


def test_relations_hold_between_types_that_fit_only() -> None:
    sentence = "[Ada Park|Person] left [Acme|Organization]."
    logits = {("Ada Park", "employer", "Acme"): 2.0, ("Ada Park", "founded_by", "Acme"): 9.0}
    assert stated(decoded(sentence, relations=logits)[1]) == {("Ada Park", "employer", "Acme")}


def test_qualifiers_are_bound_to_their_relation_where_it_may_carry_them() -> None:
    sentence = "[Ada Park|Person] joined [Acme|Organization] in [May 2006=2006-05|Date]."
    (relation,) = decoded(sentence, relations={("Ada Park", "employer", "Acme"): 2.0})[1]
    assert [(key, value.value) for key, value in relation.qualifiers] == [("start", "2006-05")]


def test_of_two_directions_the_likelier_stays_and_a_symmetric_relation_is_told_once() -> None:
    sentence = "[Acme|Organization] with [Bolt|Organization]."
    both = {("Acme", "owned_by", "Bolt"): 2.0, ("Bolt", "owned_by", "Acme"): 3.0}
    assert stated(decoded(sentence, relations=both)[1]) == {("Bolt", "owned_by", "Acme")}
    equal = {("Acme", "partner", "Bolt"): 4.0, ("Bolt", "partner", "Acme"): 2.0}
    assert stated(decoded(sentence, relations=equal)[1]) == {("Acme", "partner", "Bolt")}


def test_of_two_values_of_a_functional_relation_the_likelier_stays() -> None:
    sentence = "[Ada Park|Person] ([1912|Date], [1985|Date])."
    logits = {("Ada Park", "date_of_birth", "1912"): 2.0, ("Ada Park", "date_of_birth", "1985"): 1.0}
    assert stated(decoded(sentence, relations=logits)[1]) == {("Ada Park", "date_of_birth", "1912")}


@pytest.mark.parametrize(("penalty", "count"), [(1.0, 1), (3.0, 0)])
def test_names_of_one_list_need_a_higher_score(penalty: float, count: int) -> None:
    sentence = "It is owned by [Acme|Organization], [Bolt|Organization] and [Corex|Organization]."
    logits = {("Acme", "investor", "Corex"): 2.0}
    assert len(decoded(sentence, relations=logits, relation=0, listed=penalty)[1]) == count
    apart = sentence.replace(" and ", " after ")
    assert len(decoded(apart, relations=logits, relation=0, listed=penalty)[1]) == 1


def test_a_window_with_less_than_two_mentions_is_not_read() -> None:
    mentions, relations = decoded("[Ada Park|Person] wrote quillpad.", {("quillpad", "Software"): 9})
    assert [mention.text for mention in mentions] == ["Ada Park"]
    assert relations == ()
