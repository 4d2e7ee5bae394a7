"""How well a network does on held-out windows, between mentions: a quick look; `kg evaluate` is what counts.

What is predicted is looked for as at run time: between the rules' mentions and those that the network finds. A fact is
right where its relation is, and both sides overlap those of an annotated one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kg.evaluate import Score
from kg.extract.learned.labels import Labels
from kg.train.examples import Example
from kg.train.losses import candidates, collate
from kg.train.network import Network

Ints = NDArray[np.int64]
Between = Callable[[Ints, Ints], tuple[Tensor, Tensor]]
"""The vectors of pairs of mentions."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Scores of mentions with their type, of facts, of facts by relation, and of qualifiers given right facts."""

    mentions: Score
    facts: Score
    relations: Mapping[str, Score]
    qualifiers: Score


@torch.inference_mode()
def measure(network: Network, labels: Labels, examples: Sequence[Example], threshold: float = 0.0) -> Measured:
    """Scores of a network; a fact is predicted where its logit is above the threshold."""
    network.eval()
    device = next(network.parameters()).device.type
    mentions, facts, qualifiers = Score(), defaultdict[str, Score](Score), Score()
    for example in examples:
        batch = collate([example], device)
        hidden, attention = network.encoder(batch.ids, batch.shapes, batch.hints)
        found = _mentions(network.spans(hidden)[0].cpu().numpy(), example, labels)
        between = partial(_between, network, hidden[0], attention[0])
        pairs, logits = _relations(network, labels, found, between)
        mentions += _span_score(example, found)
        for relation in np.flatnonzero(example.relations):
            chosen = pairs[logits[:, relation] > threshold]
            score = _fact_score(example, int(relation), found, chosen)
            facts[labels.relations[relation]] += score
        qualifiers += _qualifier_score(network, labels, example, between)
    relations = {key: score for key, score in sorted(facts.items()) if score.gold or score.predicted}
    return Measured(mentions, sum(relations.values(), Score()), relations, qualifiers)


def _between(network: Network, hidden: Tensor, attention: Tensor, mentions: Ints, pairs: Ints) -> tuple[Tensor, Tensor]:
    """The vectors of pairs [P, 2] of mentions [M, 3]."""
    first, last, types = torch.from_numpy(mentions.T.copy()).to(hidden.device)
    found: tuple[Tensor, Tensor] = network.pairs(
        hidden, attention, first, last, types, torch.from_numpy(pairs.copy()).to(hidden.device)
    )
    return found


def _relations(network: Network, labels: Labels, found: Ints, between: Between) -> tuple[Ints, NDArray[np.float32]]:
    """The pairs [P, 2] of mentions that some relation fits, and their logits [P, relations]."""
    subject, object = (axis.ravel() for axis in np.indices((len(found), len(found))))
    fits = (labels.subjects[:, found[subject, 2]] & labels.objects[:, found[object, 2]]).any(0) & (subject != object)
    pairs = np.stack([subject, object], 1)[fits]
    if not len(pairs):
        return pairs, np.zeros((0, len(labels.relations)), dtype=np.float32)
    logits = network.relations(*between(found, pairs)).cpu().numpy()
    allowed = labels.subjects[:, found[pairs[:, 0], 2]] & labels.objects[:, found[pairs[:, 1], 2]]
    return pairs, np.where(allowed.T, logits, -np.inf)


def _mentions(scores: NDArray[np.float32], example: Example, labels: Labels) -> Ints:
    """The network's mentions, the surest first where they overlap, and those of the rules that overlap none."""
    types, first, last = np.nonzero(scores[:, 1:-1, 1:-1] > 0)
    first, last = first + 1, last + 1  # the first and the last piece are no text
    order = np.argsort(-scores[types, first, last], kind="stable")
    wanted = [(first[at], last[at], types[at]) for at in order]
    wanted += [(each.first, each.last, labels.type_of(each.mention)) for each in example.window.candidates]
    taken = np.zeros(len(example.window.ids), dtype=bool)
    kept = []
    for begin, end, kind in wanted:
        if not taken[begin : end + 1].any():
            taken[begin : end + 1] = True
            kept.append((begin, end, kind))
    return np.array(sorted(kept), dtype=np.int64).reshape(-1, 3)


def _span_score(example: Example, found: Ints) -> Score:
    gold = {tuple(span) for span in example.spans.tolist() if example.span_types[span[2]]}
    unsure = {tuple(span) for span in example.unsure_spans.tolist()}
    kinds = len(example.span_types)
    predicted = {tuple(span) for span in found.tolist() if span[2] < kinds and example.span_types[span[2]]} - unsure
    return Score(len(gold & predicted), len(predicted), len(gold))


def _fact_score(example: Example, relation: int, spans: Ints, pairs: Ints) -> Score:
    def stated(triples: Ints) -> list[tuple[Ints, Ints]]:
        return [(example.mentions[one], example.mentions[other]) for one, key, other in triples if key == relation]

    gold, unknown = stated(example.facts), stated(example.ignored)
    predicted = [(spans[one], spans[other]) for one, other in pairs]
    right = sum(any(_same(fact, each) for each in predicted) for fact in gold)
    wrong = sum(not any(_same(each, fact) for fact in gold + unknown) for each in predicted)
    return Score(right, right + wrong, len(gold))


def _same(one: tuple[Ints, Ints], other: tuple[Ints, Ints]) -> bool:
    return all(a[0] <= b[1] and b[0] <= a[1] for a, b in zip(one, other, strict=True))


def _qualifier_score(network: Network, labels: Labels, example: Example, between: Between) -> Score:
    found = candidates(example, labels)
    if not len(found.facts):
        return Score()
    fact, subject, object = (between(example.mentions, found.facts[:, part]) for part in ([0, 2], [0, 3], [2, 3]))
    relation = torch.from_numpy(found.facts[:, 1].copy()).to(fact[0].device)
    predicted = (network.qualifiers(fact, relation, subject, object).cpu().numpy() > 0) & found.qualifiers_known
    return Score(int((predicted & found.qualifiers).sum()), int(predicted.sum()), int(found.qualifiers.sum()))
