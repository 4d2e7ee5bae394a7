"""From a network to the files that kg.extract.learned runs: ONNX graphs with products in bytes, labels, and the card.

The graphs read one window at a time, so nothing in them depends on a batch. Weights are bytes by channel, with one bit
of their range left free: without it the products saturate on processors that lack VNNI, and machines would disagree.
"""

from __future__ import annotations

import json
import logging
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from kg.extract.learned.labels import Labels
from kg.train.network import Network

_OPSET = 17


class _Encoder(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, shapes: Tensor, hints: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        hidden, attention = self.network.encoder(ids, shapes, hints)
        return hidden[0], attention[0], self.network.spans(hidden)[0]


class _Relations(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, hidden: Tensor, attention: Tensor, first: Tensor, last: Tensor, types: Tensor, pairs: Tensor
    ) -> Tensor:
        logits: Tensor = self.network.relations(*self.network.pairs(hidden, attention, first, last, types, pairs))
        return logits


class _Qualifiers(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, hidden: Tensor, attention: Tensor, first: Tensor, last: Tensor, types: Tensor, facts: Tensor
    ) -> Tensor:
        subject, relation, object, value = facts.unbind(1)
        mentions = hidden, attention, first, last, types

        def between(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
            vectors: tuple[Tensor, Tensor] = self.network.pairs(*mentions, torch.stack([one, other], 1))
            return vectors

        logits: Tensor = self.network.qualifiers(
            between(subject, object), relation, between(subject, value), between(object, value)
        )
        return logits


def export(network: Network, labels: Labels, folder: Path, settings: Mapping[str, Any]) -> None:
    """Write `encoder.onnx`, `relations.onnx`, `qualifiers.onnx` and `labels.json`.

    `settings` are what the labels' file holds besides: thresholds and calibration.
    """
    network.eval()
    folder.mkdir(parents=True, exist_ok=True)
    config = network.config
    pieces = torch.ones(1, 9, dtype=torch.long)
    hidden = torch.zeros(9, config.width), torch.full((config.heads, 9, 9), 1 / 9)
    mentions = tuple(torch.tensor(numbers) for numbers in ([1, 3, 5], [2, 3, 6], [0, 1, 0]))
    along = {"hidden": {0: "T"}, "attention": {1: "T", 2: "T"}}
    mention_axes = along | {key: {0: "M"} for key in ("first", "last", "types")}
    window = {key: {1: "T"} for key in ("ids", "shapes", "hints")}
    _graph(
        _Encoder(network),
        (pieces, pieces, pieces),
        window | along | {"spans": {1: "T", 2: "T"}},
        folder / "encoder.onnx",
    )
    pairs = torch.tensor([[0, 1], [2, 0]])
    _graph(
        _Relations(network), (*hidden, *mentions, pairs),
        mention_axes | {"pairs": {0: "P"}, "logits": {0: "P"}}, folder / "relations.onnx",
    )  # fmt: skip
    facts = torch.tensor([[0, 0, 1, 2], [1, 0, 0, 2]])
    _graph(
        _Qualifiers(network), (*hidden, *mentions, facts),
        mention_axes | {"facts": {0: "K"}, "logits": {0: "K"}}, folder / "qualifiers.onnx",
    )  # fmt: skip
    keys = {"types": labels.types, "relations": labels.relations, "qualifiers": labels.qualifiers}
    text = json.dumps(keys | dict(settings), indent=1, ensure_ascii=False)
    (folder / "labels.json").write_text(text + "\n", encoding="utf-8")


def _graph(module: nn.Module, example: tuple[Tensor, ...], axes: Mapping[str, Mapping[int, str]], path: Path) -> None:
    names = list(axes)
    inputs, outputs = names[: len(example)], names[len(example) :]
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        # The exporter that needs no other package is deprecated, and tells of shapes that are constant here.
        warnings.simplefilter("ignore")
        traced, quantized = Path(scratch, "traced.onnx"), Path(scratch, "quantized.onnx")
        torch.onnx.export(
            module, example, traced, input_names=inputs, output_names=outputs, dynamo=False, opset_version=_OPSET,
            dynamic_axes={name: dict(along) for name, along in axes.items()},
        )  # fmt: skip
        # It would advise a pass that these graphs get below, by the session.
        logging.disable(logging.WARNING)
        quantize_dynamic(
            traced, quantized, op_types_to_quantize=["MatMul", "Gemm"], weight_type=QuantType.QInt8,
            per_channel=True, reduce_range=True,
        )  # fmt: skip
        logging.disable(logging.NOTSET)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = str(path)
        onnxruntime.InferenceSession(
            quantized, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
        )
