"""The folder of a model, and what its `labels.json` says; to read it takes no network.

{"types", "relations", "qualifiers": keys in the order in which the network numbers them,
 "thresholds": {name: number}, "calibration": {extractors: numbers}}
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path

from kg.errors import UsageError

GRAPHS = ("encoder.onnx", "relations.onnx", "qualifiers.onnx")
LABELS = "labels.json"
THRESHOLDS: Mapping[str, float] = {
    "span": 2.0,
    "name": -6.0,
    "nominal": -4.0,
    "pronoun": -6.0,
    "literal": -6.0,
    "type": 3.0,
    "relation": -1.0,
    "apart": 1.0,
    "listed": 2.0,
    "qualifier": 0.0,
    "confidence": 0.3,
}
"""What a model may say of its own logits, and what holds where it does not: from which on a span is a mention; a name,
nominal, pronoun or literal of the rules stays one, and how much more the type is worth that they give it; from which on
a relation holds, and by how much more where its sides stand apart in two sentences, or in one list; from which on a
qualifier. And from which probability on a fact is worth its place."""


@dataclass(frozen=True, slots=True)
class Description:
    """What `labels.json` says; `calibration` are the weights of `kg.confidence.Calibration`."""

    types: tuple[str, ...]
    relations: tuple[str, ...]
    qualifiers: tuple[str, ...]
    thresholds: Mapping[str, float]
    calibration: Mapping[str, Sequence[float]]


def packaged() -> Path:
    """The folder of the model that newsgraph comes with."""
    return Path(str(files("newsgraph_data"))) / "model"


@cache
def describe(folder: Path) -> Description:
    """What a model says of itself. Raises UsageError where a folder holds none, or what is there is not a model."""
    missing = [name for name in (LABELS, *GRAPHS) if not (folder / name).is_file()]
    if missing:
        raise UsageError(
            f"{folder} holds no model: {', '.join(missing)} is missing; make one with 'kg train', "
            "or read with the wordings alone: --extractor wordings"
        )
    file = folder / LABELS
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        types, relations, qualifiers = (tuple(map(str, found[name])) for name in ("types", "relations", "qualifiers"))
        thresholds = {name: float(found["thresholds"].get(name, usual)) for name, usual in THRESHOLDS.items()}
        calibration = {str(names): tuple(map(float, each)) for names, each in found["calibration"].items()}
        return Description(types, relations, qualifiers, thresholds, calibration)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{file} describes no model: {error!r}; make a model with 'kg train'") from error


@cache
def fingerprint(folder: Path) -> str:
    """Stands for a model: another one may read something else in the same article. Raises as `describe` does."""
    describe(folder)
    sizes = [(folder / name).stat().st_size for name in GRAPHS]
    return blake2b(repr(sizes).encode() + (folder / LABELS).read_bytes(), digest_size=16).hexdigest()
