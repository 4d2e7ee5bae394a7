"""Fits to a model from which score on something is a mention, a relation or a qualifier.

All is chosen on annotated articles that the network was not trained on, as they leave the whole pipeline: thresholds of
mentions by the F1 of mentions, that of qualifiers by the F1 of qualifiers, that of relations by the F1 of facts with
the best confidence to keep them from. At the end the confidences are fitted (`kg.train.calibrate`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import kg.link
import ontology
from kg.confidence import Calibration, best_scores
from kg.evaluate import Score, Scores, evaluate
from kg.extract import LEARNED
from kg.extract.learned.decode import Decoder
from kg.extract.learned.extractor import rejected
from kg.extract.learned.folder import LABELS, describe
from kg.extract.learned.labels import Labels
from kg.extract.learned.model import Encoded, Floats, Model
from kg.extract.learned.windows import Ints, Window, Windows
from kg.extract.mentions import mentions_of
from kg.extract.wordings import Wordings
from kg.link.aliases import AliasIndex
from kg.model import ArticleFacts, Extraction
from kg.resolve import resolve
from kg.statements import check
from kg.train.calibrate import best_least, fit

GRID: Mapping[str, Sequence[float]] = {
    "span": (0.0, 1.0, 2.0, 3.0, 4.0, 6.0),
    "type": (0.0, 1.0, 2.0, 4.0, 6.0),
    "name": (-100.0, -6.0, -4.0, -3.0, -2.0, -1.0),
    "nominal": (-100.0, -6.0, -4.0, -2.0),
    "pronoun": (-100.0, -6.0, -4.0),
    "literal": (-100.0, -8.0, -6.0, -4.0),
    "qualifier": (-1.0, -0.5, 0.0, 0.5, 1.0),
    "relation": (-2.0, -1.0, -0.5, 0.0, 0.5),
    "apart": (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 100.0),
    "listed": (0.0, 1.0, 2.0, 4.0, 100.0),
}
"""The thresholds that are tried, as logits."""
LEASTS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
"""The confidences from which on facts may be kept that are tried; of equally good ones the lowest."""
_PASSES = 2


def tune(folder: Path, articles: Sequence[ArticleFacts]) -> Scores:
    """Choose the thresholds and confidences of the model in a folder, write them to its labels, and give the scores."""
    file = folder / LABELS
    held = json.loads(file.read_text(encoding="utf-8"))
    reader = _Reader(folder, articles)
    thresholds = dict(describe(folder).thresholds)
    for _ in range(_PASSES):
        for name in ("span", "type", "name", "nominal", "pronoun", "literal"):
            thresholds[name] = _best(name, thresholds, lambda tried: reader.scores(tried).mentions)
    thresholds["relation"] = GRID["relation"][0]
    thresholds["qualifier"] = _best("qualifier", thresholds, lambda tried: reader.scores(tried).qualifiers)
    for name in ("apart", "listed", "relation"):
        thresholds[name] = _best(name, thresholds, reader.promise)
    calibration = reader.calibration(thresholds)
    thresholds["confidence"] = calibration.least
    held |= {"thresholds": thresholds, "calibration": dict(calibration.weights)}
    file.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    describe.cache_clear()
    return reader.confident(thresholds)


class _Remembered:
    """A model that runs its encoder once over each window."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._known: dict[int, Encoded] = {}

    @property
    def labels(self) -> Labels:
        return self._model.labels

    def encode(self, window: Window) -> Encoded:
        if id(window) not in self._known:
            self._known[id(window)] = self._model.encode(window)
        return self._known[id(window)]

    def relations(self, encoded: Encoded, mentions: Ints, pairs: Ints) -> Floats:
        return self._model.relations(encoded, mentions, pairs)

    def qualifiers(self, encoded: Encoded, mentions: Ints, facts: Ints) -> Floats:
        return self._model.qualifiers(encoded, mentions, facts)


class _Reader:
    """Reads annotated articles again and again, with other thresholds."""

    def __init__(self, folder: Path, articles: Sequence[ArticleFacts]) -> None:
        self._articles = articles
        self._ontology = ontology.load()
        self._model = _Remembered(Model(folder, self._ontology))
        self._linkers = kg.link.load()
        windows, wordings = Windows(self._model.labels), Wordings()
        self._given = [
            (windows.of(article.document, mentions_of(article.document)), wordings.extract(article.document))
            for article in articles
        ]

    def scores(self, thresholds: Mapping[str, float], calibration: Calibration | None = None) -> Scores:
        """How well all facts are read; with a `calibration`, those that are sure enough by it."""
        return evaluate(self._articles, self._read(thresholds, calibration))

    def calibration(self, thresholds: Mapping[str, float]) -> Calibration:
        """How sure one may be of what is read with these thresholds, and from which confidence on to keep it."""
        weights = fit(self.scores(thresholds).judged)
        return max(
            (Calibration(weights, least) for least in LEASTS),
            key=lambda tried: round(self.scores(thresholds, tried).facts.f1, 4),
        )

    def promise(self, thresholds: Mapping[str, float]) -> Score:
        """About how well facts are read with the best confidence to keep them from."""
        judged = self.scores(thresholds).judged
        calibration = Calibration(fit(judged))
        annotated = sum(len(article.facts) for article in self._articles)
        least = best_least(judged, calibration, annotated)
        kept = [right for fact, right in judged if calibration.probability(best_scores(fact)) >= least]
        return Score(sum(kept), len(kept), annotated)

    def confident(self, thresholds: Mapping[str, float]) -> Scores:
        """How well facts are read with the best confidence to keep them from."""
        return self.scores(thresholds, self.calibration(thresholds))

    def _read(self, thresholds: Mapping[str, float], calibration: Calibration | None) -> Iterator[ArticleFacts]:
        decoder = Decoder(self._model, self._ontology, thresholds)
        for article, (windows, wordings) in zip(self._articles, self._given, strict=True):
            mentions, relations = decoder.decode(article.document, windows)
            learned = Extraction(LEARNED, mentions, relations, rejected(wordings.mentions, mentions))
            entities, facts = resolve(
                article.document, [wordings, learned], AliasIndex.open(), self._ontology, calibration
            )
            for linker in self._linkers:
                entities = linker.link(article.document, entities)
            yield ArticleFacts(article.document, entities, check(entities, facts, self._ontology))


def _best(name: str, thresholds: Mapping[str, float], score: Callable[[Mapping[str, float]], Score]) -> float:
    """The value of one threshold with the best F1; of equally good ones that nearest to the middle."""
    values = GRID[name]
    middle = (len(values) - 1) / 2
    tried = [
        (round(score({**thresholds, name: value}).f1, 4), -abs(at - middle), value) for at, value in enumerate(values)
    ]
    return max(tried)[2]
