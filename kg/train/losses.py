"""What a network is fitted to: the loss of a batch of annotated windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from kg.extract.learned.labels import Bools, Labels
from kg.train.examples import Example
from kg.train.network import Network

_NEVER = -1e4
_MOST = 40.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows padded to one length: ids, shapes and hints [B, T]; `sizes` are their own lengths."""

    examples: tuple[Example, ...]
    ids: Tensor
    shapes: Tensor
    hints: Tensor
    sizes: tuple[int, ...]

    @property
    def mask(self) -> Tensor:
        """What is added to the attention's logits: [B, 1, 1, T]."""
        at = torch.arange(self.ids.shape[1], device=self.ids.device)
        sizes = torch.tensor(self.sizes, device=self.ids.device)
        return torch.where(at < sizes[:, None], 0.0, _NEVER)[:, None, None]


def collate(examples: Sequence[Example], device: str = "cpu") -> Batch:
    """A batch of examples."""
    sizes = tuple(len(example.window.ids) for example in examples)

    def padded(arrays: Sequence[NDArray[np.int64]]) -> Tensor:
        rows = np.zeros((len(arrays), max(sizes)), dtype=np.int64)
        for row, array in zip(rows, arrays, strict=True):
            row[: len(array)] = array
        return torch.from_numpy(rows).to(device)

    windows = [example.window for example in examples]
    return Batch(
        tuple(examples),
        padded([window.ids for window in windows]),
        padded([window.shapes for window in windows]),
        padded([window.hints for window in windows]),
        sizes,
    )


@dataclass(frozen=True, slots=True)
class Candidates:
    """The pairs of an example's mentions that are looked at, and what is known of them.

    `pairs` is [P, 2]; `relations` and `relations_known` are [P, relations]. `facts` is [K, 4]: subject, relation,
    object and the mention that may be a qualifier's value; `qualifiers` and `qualifiers_known` are [K, qualifiers].
    """

    pairs: NDArray[np.int64]
    relations: Bools
    relations_known: Bools
    facts: NDArray[np.int64]
    qualifiers: Bools
    qualifiers_known: Bools


def candidates(example: Example, labels: Labels) -> Candidates:
    """The pairs, and the values of qualifiers, that the ontology allows and that are annotated in an example."""
    types = example.mentions[:, 2]
    count = len(types)
    subject, object = (axis.ravel() for axis in np.indices((count, count)))
    known = labels.subjects[:, types[subject]] & labels.objects[:, types[object]]
    known &= example.relations[:, None] & (subject != object)
    truth = np.zeros_like(known)
    for one, relation, other in example.ignored:
        known[relation, one * count + other] = False
    for one, relation, other in example.facts:
        truth[relation, one * count + other] = known[relation, one * count + other] = True
    kept = known.any(0)
    pairs = np.stack([subject, object], 1)[kept]

    rows = [(fact, value) for fact in range(len(example.facts)) for value in range(count)]
    facts = np.array([[*example.facts[fact], value] for fact, value in rows], dtype=np.int64).reshape(-1, 4)
    fitting = labels.carries[facts[:, 1]] & labels.values[:, types[facts[:, 3]]].T & example.qualifier_keys
    fitting &= ((facts[:, 3] != facts[:, 0]) & (facts[:, 3] != facts[:, 2]))[:, None]
    stated = np.zeros_like(fitting)
    for fact, key, value in example.qualifiers:
        stated[fact * count + value, key] = fitting[fact * count + value, key] = True
    wanted = fitting.any(1)
    return Candidates(pairs, truth[:, kept].T, known[:, kept].T, facts[wanted], stated[wanted], fitting[wanted])


def loss(network: Network, batch: Batch, labels: Labels, unannotated: float) -> Tensor:
    """The loss of a batch: that of mentions, of relations and of qualifiers, summed, a window's mean.

    `unannotated` is the weight of what is no mention by annotators who did not look for its type.
    """
    device = batch.ids.device
    weights = torch.tensor([example.weight for example in batch.examples], device=device)
    hidden, attention = network.encoder(batch.ids, batch.shapes, batch.hints, batch.mask)
    total = (weights * span_loss(network.spans(hidden), batch, unannotated)).sum()

    looked = [candidates(example, labels) for example in batch.examples]
    ones, others, facts, subjects, objects = [], [], [], [], []
    for number, (example, found) in enumerate(zip(batch.examples, looked, strict=True)):
        if not len(found.pairs):
            continue
        size = batch.sizes[number]
        first, last, types = torch.from_numpy(example.mentions.T.copy()).to(device)
        one, other, value = found.facts[:, 0], found.facts[:, 2], found.facts[:, 3]
        steps = [(one, other), (one, value), (other, value)]
        pairs = np.concatenate([found.pairs, *(np.stack(step, 1) for step in steps)])
        vectors = network.pairs(
            hidden[number, :size], attention[number, :, :size, :size], first, last, types,
            torch.from_numpy(pairs).to(device),
        )  # fmt: skip
        parts = [len(found.pairs), len(one), len(one), len(one)]
        (s, fact_s, from_s, from_o), (o, fact_o, to_s, to_o) = (vector.split(parts) for vector in vectors)
        ones.append(s)
        others.append(o)
        facts.append((fact_s, fact_o))
        subjects.append((from_s, to_s))
        objects.append((from_o, to_o))
    if not ones:
        return total / len(batch.examples)

    def joined(halves: list[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
        return torch.cat([half[0] for half in halves]), torch.cat([half[1] for half in halves])

    used = [found for found in looked if len(found.pairs)]
    of_used = weights[torch.tensor([len(found.pairs) > 0 for found in looked], device=device)]
    logits = network.relations(torch.cat(ones), torch.cat(others))
    truth, known = [found.relations for found in used], [found.relations_known for found in used]
    total = total + _circle(logits, truth, known, of_used)
    relation = torch.from_numpy(np.concatenate([found.facts[:, 1] for found in used])).to(device)
    if len(relation):
        logits = network.qualifiers(joined(facts), relation, joined(subjects), joined(objects))
        truth, known = [found.qualifiers for found in used], [found.qualifiers_known for found in used]
        total = total + _circle(logits, truth, known, of_used)
    return total / len(batch.examples)


def _circle(logits: Tensor, truth: list[Bools], known: list[Bools], weights: Tensor) -> Tensor:
    """The multi-label circle loss of each window and label, summed; with binary cross-entropy the few facts are lost.

    `logits` are those of all windows' candidates, `truth` and `known` lists of the windows' own, `weights` theirs.
    """
    window = torch.arange(len(truth)).repeat_interleave(torch.tensor([len(each) for each in truth])).to(logits.device)
    right = torch.from_numpy(np.concatenate(truth)).to(logits.device)
    wrong = torch.from_numpy(np.concatenate(known)).to(logits.device) & ~right
    logits = logits.clamp(-_MOST, _MOST)
    nothing = logits.new_zeros(len(truth), logits.shape[1])
    below = nothing.index_add(0, window, logits.exp() * wrong)
    above = nothing.index_add(0, window, (-logits).exp() * right)
    return ((below.log1p() + above.log1p()).sum(-1) * weights).sum()


def span_loss(logits: Tensor, batch: Batch, unannotated: float) -> Tensor:
    """The multi-label circle loss (Su et al. 2022) of each window [B], from logits [B, types, T, T].

    Of a type that is not annotated in full, what is no mention counts by `unannotated`, and not at all where the rules
    see one.
    """
    device = logits.device
    count, kinds, pieces, _ = logits.shape
    right = np.zeros((count, kinds, pieces, pieces), dtype=bool)
    unsure = np.zeros_like(right)
    seen = np.zeros((count, 1, pieces, pieces), dtype=bool)
    inside = np.zeros((count, 1, pieces, pieces), dtype=bool)
    for number, example in enumerate(batch.examples):
        first, last, types = example.spans.T
        right[number, types, first, last] = True
        for first, last, kind in example.unsure_spans:
            unsure[number, kind, first, last] = True
        for candidate in example.window.candidates:
            seen[number, 0, candidate.first, candidate.last] = True
        inside[number, 0, 1 : batch.sizes[number] - 1, 1 : batch.sizes[number] - 1] = True
    annotated = np.stack([example.span_types for example in batch.examples])[:, :, None, None]
    upper = np.triu(np.ones((pieces, pieces), dtype=bool))
    counted = torch.from_numpy(~right & ~unsure & inside & upper & (annotated | ~seen)).to(device)
    lighter = np.log(max(unannotated, 1e-9)) * ~annotated
    negative = torch.where(counted, logits + torch.from_numpy(lighter).float().to(device), _NEVER)
    positive = torch.where(torch.from_numpy(right).to(device), -logits, _NEVER)
    return (_softplus(negative) + _softplus(positive)).sum(-1)


def _softplus(logits: Tensor) -> Tensor:
    """log(1 + Σ exp) of logits [B, types, T, T], as [B, types]."""
    flat = logits.flatten(2)
    return torch.logsumexp(F.pad(flat, (1, 0)), dim=-1)
