"""The trained network, run by onnxruntime, one window at a time: what one window says never depends on another.

A model is a folder with three graphs and `labels.json`:

    encoder.onnx       ids, shapes, hints [1, T] -> hidden [T, D], attention [H, T, T], spans [types, T, T]
    relations.onnx     hidden, attention, first, last, types [M], pairs [P, 2] -> logits [P, relations]
    qualifiers.onnx    hidden, attention, first, last, types [M], facts [K, 4] -> logits [K, qualifiers]
    labels.json        {"types", "relations", "qualifiers": keys in their order,
                        "thresholds": {name: number}, "calibration": {name: numbers}}

T word pieces, D wide, H attention heads; M mentions with their first and last piece and type; P pairs of mentions;
K times subject, relation, object and value. All scores are logits. The graphs are optimized when they are made, not
when they are opened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as state

import ontology
from kg.errors import UsageError
from kg.extract.learned.labels import Labels, make_labels
from kg.extract.learned.windows import Ints, Window

GRAPHS = ("encoder", "relations", "qualifiers")
LABELS = "labels.json"
Floats = NDArray[np.float32]

_ERRORS = (state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf, state.NotImplemented)
"""What onnxruntime raises for a file that is no graph, or not one for this release."""
_PAIRS = 512
"""How many pairs, or candidates for a qualifier, are looked at together; it bounds the memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """What the encoder makes of a window: hidden states [T, D], attention [H, T, T], logits of spans [types, T, T]."""

    hidden: Floats
    attention: Floats
    spans: Floats


class Model:
    """A model, opened. `thresholds` and `calibration` are numbers that were fitted to it, by name."""

    def __init__(self, folder: Path, known: ontology.Ontology) -> None:
        found = _read(folder)
        try:
            self.labels: Labels = make_labels(found["types"], found["relations"], found["qualifiers"], known)
            self.thresholds: Mapping[str, float] = dict(found["thresholds"])
            self.calibration: Mapping[str, Sequence[float]] = dict(found["calibration"])
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"{folder / LABELS} is no model's: {error!r}; make a model with 'kg train'") from error
        self._encoder, self._relations, self._qualifiers = (_session(folder / f"{name}.onnx") for name in GRAPHS)

    def encode(self, window: Window) -> Encoded:
        """Run the encoder over a window."""
        given = {"ids": window.ids[None], "shapes": window.shapes[None], "hints": window.hints[None]}
        return Encoded(*self._encoder.run(["hidden", "attention", "spans"], given))

    def relations(self, encoded: Encoded, mentions: Ints, pairs: Ints) -> Floats:
        """Logits [P, relations] of `pairs` [P, 2] of `mentions` [M, 3] (first piece, last piece, type)."""
        return self._run(self._relations, encoded, mentions, "pairs", pairs, len(self.labels.relations))

    def qualifiers(self, encoded: Encoded, mentions: Ints, facts: Ints) -> Floats:
        """Logits [K, qualifiers] of `facts` [K, 4]: subject, relation, object and the mention of a value."""
        return self._run(self._qualifiers, encoded, mentions, "facts", facts, len(self.labels.qualifiers))

    def _run(
        self,
        session: onnxruntime.InferenceSession,
        encoded: Encoded,
        mentions: Ints,
        name: str,
        rows: Ints,
        width: int,
    ) -> Floats:
        given = {"hidden": encoded.hidden, "attention": encoded.attention}
        given |= dict(zip(("first", "last", "types"), np.ascontiguousarray(mentions.T), strict=True))
        parts = [
            session.run(["logits"], given | {name: rows[start : start + _PAIRS]})[0]
            for start in range(0, len(rows), _PAIRS)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, width), dtype=np.float32)


@cache
def open_model(folder: Path | None = None) -> Model:
    """The model in a folder; the package's own where none is given.

    Raises UsageError where there is none, or what is there is not a model.
    """
    return Model(packaged() if folder is None else folder, ontology.load())


def packaged() -> Path:
    """The folder of the model that newsgraph comes with."""
    return Path(str(files("newsgraph_data"))) / "model"


def _read(folder: Path) -> dict[str, Any]:
    missing = [name for name in (LABELS, *(f"{graph}.onnx" for graph in GRAPHS)) if not (folder / name).is_file()]
    if missing:
        raise UsageError(
            f"{folder} holds no model: {', '.join(missing)} is missing; make one with 'kg train', "
            "or read with the wordings alone: --extractor wordings"
        )
    try:
        found = json.loads((folder / LABELS).read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(f"{folder / LABELS} is no JSON: {error}; make a model with 'kg train'") from error
    if not isinstance(found, dict):
        raise UsageError(f"{folder / LABELS} holds no object; make a model with 'kg train'")
    return found


def _session(file: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    except _ERRORS as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"{file} can't be run: {reason}; make a model with 'kg train'") from error
