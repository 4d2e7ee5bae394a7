"""Confidence is fitted so that it is the share of right facts."""

from __future__ import annotations

import random
from dataclasses import replace

from kg.confidence import Calibration, best_scores
from kg.evaluate import trust
from kg.model import Fact, Reference, Span
from kg.train.calibrate import best_least, fit


def fact(**scores: float) -> Fact:
    references = tuple(Reference(Span(0, 1), name, score) for name, score in sorted(scores.items()))
    return Fact("e1", "employer", "e2", True, (), references)


def judged(count: int) -> list[tuple[Fact, bool]]:
    """Facts whose extractors exaggerate: what they give .95 is right half of the time, and more often where both do."""
    chance = random.Random(1)
    found = []
    for _ in range(count):
        found.append((fact(one=0.95), chance.random() < 0.5))
        found.append((fact(one=0.6), chance.random() < 0.2))
        found.append((fact(one=0.95, two=0.5), chance.random() < 0.9))
    return found


def rated(each: Fact, calibration: Calibration) -> Fact:
    score = calibration.probability(best_scores(each))
    return replace(each, references=tuple(replace(reference, score=score) for reference in each.references))


def test_after_fitting_the_confidence_is_the_share_that_is_right() -> None:
    calibration = Calibration(fit(judged(400)))
    held_out = [(rated(each, calibration), right) for each, right in judged(600)[1200:]]
    assert trust(judged(300)).error > 0.25
    assert trust(held_out).error < 0.05


def test_one_sided_facts_give_finite_weights() -> None:
    weights = fit([(fact(one=0.99), True)] * 50)["one"]
    assert all(abs(weight) < 20 for weight in weights)


def test_the_least_confidence_leaves_out_what_is_mostly_wrong() -> None:
    facts = judged(200)
    calibration = Calibration(fit(facts))
    least = best_least(facts, calibration, sum(right for _, right in facts))
    assert calibration.probability({"one": 0.6}) < least < calibration.probability({"one": 0.95, "two": 0.5})
