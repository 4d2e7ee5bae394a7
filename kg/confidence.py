"""How sure one may be of a fact, whoever found it: scores of extractors to one probability.

What an extractor calls a score is seldom a probability, and a fact that several find is likelier than any of them says.
So the scores, as logits, are weighed by a logistic regression for each set of extractors that find a fact (Platt 1999,
for more than one score). Its weights are fitted on annotated articles and kept with the model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from kg.model import Fact

_SUREST = 0.9999
"""No score says more than this, nor less than the rest to 1."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """`weights` has for each set of extractors, their names sorted and joined by "+", a weight for each and a constant.

    `least` is the confidence from which a fact is worth its place, where nobody says otherwise.
    """

    weights: Mapping[str, Sequence[float]]
    least: float = 0.0

    def probability(self, scores: Mapping[str, float]) -> float:
        """How likely a fact is that extractors found with these scores: theirs, where no weights were fitted for them.

        Of extractors of which only some sets have weights, the likeliest of these sets tells.
        """
        whole = self._weighed(scores)
        if whole is not None:
            return whole
        alone = [self._weighed({name: score}) for name, score in scores.items()]
        return max(score if found is None else found for score, found in zip(scores.values(), alone, strict=True))

    def _weighed(self, scores: Mapping[str, float]) -> float | None:
        names = sorted(scores)
        weights = self.weights.get("+".join(names))
        if weights is None:
            return None
        *each, constant = weights
        return probability(constant + sum(w * logit(scores[name]) for w, name in zip(each, names, strict=True)))


def best_scores(fact: Fact) -> dict[str, float]:
    """The best score of each extractor that found a fact."""
    found: dict[str, float] = {}
    for reference in fact.references:
        found[reference.extractor] = max(reference.score, found.get(reference.extractor, 0.0))
    return found


def logit(score: float) -> float:
    """The logarithm of the odds of a probability."""
    bounded = min(_SUREST, max(1 - _SUREST, score))
    return log(bounded / (1 - bounded))


def probability(score: float) -> float:
    """The probability of a logit."""
    return 1 / (1 + exp(-score)) if score > -500 else 0.0
