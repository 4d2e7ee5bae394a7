"""What the scores of a model are worth, measured on annotated articles that it was not trained on.

For each set of extractors that find a fact, a logistic regression of being right on their scores (Platt 1999), and the
confidence from which on facts are kept so that F1 is highest. Both are written into the model's labels.json.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg.confidence import Calibration, best_scores, confident, logit
from kg.evaluate import Score, evaluate
from kg.extract.learned.folder import LABELS, describe
from kg.model import ArticleFacts, Fact
from kg.pipeline import Settings, read_unrated

PRIOR = 1.0
"""How strongly a weight is drawn towards one, a constant towards nothing: the inverse variance of a normal prior."""
_STEPS = 50
_LEAST = tuple(round(0.02 * step, 2) for step in range(5, 40))
"""The confidences from which the least is chosen."""

Judged = Sequence[tuple[Fact, bool]]


def calibrate(folder: Path, articles: Sequence[ArticleFacts], extractors: Sequence[str]) -> Calibration:
    """Fit the calibration of the model in a folder for use with these extractors, and write it there.

    `articles` are annotated, and none of them was trained on.
    """
    settings = Settings(tuple(extractors), model=folder)
    judged = evaluate(articles, [read_unrated(article.document, settings) for article in articles]).judged
    weights = fit(judged)
    annotated = sum(len(article.facts) for article in articles)
    found = Calibration(weights, best_least(judged, Calibration(weights), annotated))
    write(folder, found)
    return found


def fit(judged: Iterable[tuple[Fact, bool]]) -> dict[str, tuple[float, ...]]:
    """For each set of extractors the weight of each one's score, as a logit, and a constant."""
    by_names: dict[str, list[tuple[list[float], bool]]] = defaultdict(list)
    for fact, right in judged:
        scores = best_scores(fact)
        names = sorted(scores)
        by_names["+".join(names)].append(([*(logit(scores[name]) for name in names), 1.0], right))
    return {names: _regression(rows) for names, rows in sorted(by_names.items())}


def _regression(rows: Sequence[tuple[list[float], bool]]) -> tuple[float, ...]:
    """The most likely weights after Newton's method."""
    inputs = np.array([row for row, _ in rows], dtype=np.float64)
    right = np.array([is_right for _, is_right in rows], dtype=np.float64)
    start: NDArray[np.float64] = np.ones(inputs.shape[1])
    start[-1] = 0.0
    weights = start.copy()
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (chances - right) + PRIOR * (weights - start)
        bend = (inputs.T * (chances * (1 - chances))) @ inputs + PRIOR * np.eye(len(weights))
        weights = weights - np.linalg.solve(bend, slope)
    return tuple(round(float(weight), 4) for weight in weights)


def best_least(judged: Judged, calibration: Calibration, annotated: int) -> float:
    """The least confidence with the highest F1, of `annotated` facts in all."""

    def f1(least: float) -> float:
        kept = [right for fact, right in judged if confident((fact,), calibration, least)]
        return Score(sum(kept), len(kept), annotated).f1

    return max(_LEAST, key=lambda least: (f1(least), -least))


def write(folder: Path, calibration: Calibration) -> None:
    """Put a calibration into the labels of a model."""
    path = folder / LABELS
    labels: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
    thresholds = {**describe(folder).thresholds, "confidence": calibration.least}
    written = {**labels, "thresholds": thresholds, "calibration": dict(calibration.weights)}
    path.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    describe.cache_clear()
