"""What the scores of a model are worth, measured on annotated articles that it was not trained on.

For each set of extractors that find a fact, a logistic regression of being right on their scores (Platt 1999), and the
confidence from which on facts are kept so that F1 is highest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from kg.confidence import Calibration, best_scores, logit
from kg.evaluate import Score
from kg.model import Fact

PRIOR = 1.0
"""How strongly a weight is drawn towards one, a constant towards nothing: the inverse variance of a normal prior."""
_STEPS = 50
_LEAST = tuple(round(0.02 * step, 2) for step in range(5, 40))
"""The confidences from which the least is chosen."""

Judged = Sequence[tuple[Fact, bool]]


def fit(judged: Iterable[tuple[Fact, bool]]) -> dict[str, tuple[float, ...]]:
    """For each set of extractors the weight of each one's score, as a logit, and a constant."""
    by_names: dict[str, list[tuple[list[float], bool]]] = defaultdict(list)
    for fact, right in judged:
        scores = best_scores(fact)
        names = sorted(scores)
        by_names["+".join(names)].append(([*(logit(scores[name]) for name in names), 1.0], right))
    return {names: _regression(rows) for names, rows in sorted(by_names.items())}


def _regression(rows: Sequence[tuple[list[float], bool]]) -> tuple[float, ...]:
    """The most likely weights, by Newton's method with steps that are halved until they help."""
    inputs = np.array([row for row, _ in rows], dtype=np.float64)
    right = np.array([is_right for _, is_right in rows], dtype=np.float64)
    prior = np.ones(inputs.shape[1])
    prior[-1] = 0.0

    def loss(weights: NDArray[np.float64]) -> float:
        logits = inputs @ weights
        return float(np.sum(np.logaddexp(0, logits) - right * logits) + PRIOR / 2 * np.sum((weights - prior) ** 2))

    weights = prior
    for _ in range(_STEPS):
        chances = np.exp(-np.logaddexp(0, -inputs @ weights))
        slope = inputs.T @ (chances - right) + PRIOR * (weights - prior)
        bend = (inputs.T * (chances * (1 - chances))) @ inputs + PRIOR * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        while loss(weights - step) > loss(weights):
            step = step / 2
        weights = weights - step
    return tuple(round(float(weight), 4) for weight in weights)


def best_least(judged: Judged, calibration: Calibration, annotated: int) -> float:
    """The least confidence with the highest F1, of `annotated` facts in all."""

    told = [(calibration.probability(best_scores(fact)), right) for fact, right in judged]

    def f1(least: float) -> float:
        kept = [right for probability, right in told if probability >= least]
        return Score(sum(kept), len(kept), annotated).f1

    return max(_LEAST, key=lambda least: (f1(least), -least))
