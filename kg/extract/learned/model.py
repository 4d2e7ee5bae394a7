"""The trained network, run by onnxruntime, one window at a time: what one window says never depends on another.

Its three graphs:

    encoder.onnx       ids, shapes, hints [1, T] -> hidden [T, D], attention [H, T, T], spans [types, T, T]
    relations.onnx     hidden, attention, first, last, types [M], pairs [P, 2] -> logits [P, relations]
    qualifiers.onnx    hidden, attention, first, last, types [M], facts [K, 4] -> logits [K, qualifiers]

T word pieces, D wide, H attention heads; M mentions with their first and last piece and type; P pairs of mentions;
K times subject, relation, object and value. All scores are logits. The graphs are optimized when they are made, not
when they are opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as state

import ontology
from kg.errors import UsageError
from kg.extract.learned.folder import GRAPHS, describe
from kg.extract.learned.labels import make_labels
from kg.extract.learned.windows import Ints, Window

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
    """A model, opened; raises UsageError where a folder holds none. `thresholds` are those of its description."""

    def __init__(self, folder: Path, known: ontology.Ontology) -> None:
        found = describe(folder)
        self.labels = make_labels(found.types, found.relations, found.qualifiers, known)
        self.thresholds = found.thresholds
        self._encoder, self._relations, self._qualifiers = (_session(folder / name) for name in GRAPHS)

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
