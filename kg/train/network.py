"""The network that `kg train` fits: a small BERT with heads for mentions, relations and qualifiers.

The encoder is MiniLM (Wang et al., NeurIPS 2020), whose vocabulary is lower-cased: what a word's letters look like, and
what the rules take it for, are added to its embedding. On top stand

* spans: the efficient global pointer (Su et al. 2022), a score for each type and each pair of a first and a last piece;
* relations: a score for each relation of two mentions, from their own pieces and from what both attend to in the
  encoder's last layer (the localized context of ATLOP, Zhou et al., AAAI 2021);
* qualifiers: a score for each qualifier of a relation between two mentions, and a third that may be its value.

Shapes: T word pieces of a window, D wide; H attention heads; M mentions; P pairs; K candidates for a qualifier's value.
All scores are logits. Heads read one window at a time; the encoder alone reads batches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from kg.extract.learned.windows import SHAPES

_EDGES = (1, 2, 3, 5, 9, 17, 33, 65)
_FAR = len(_EDGES)
_RARE = -4.0
"""The logit that scores begin with: few pairs are related."""
_OUT = -1e4
"""A logit for what cannot be; finite, as half precision and ONNX want it."""


@dataclass(frozen=True, slots=True)
class Config:
    """The sizes of a network; those of the encoder are MiniLM-L6's. A mention may also be of no type, after `types`."""

    types: int
    relations: int
    qualifiers: int
    words: int = 30522
    positions: int = 512
    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    pair: int = 256
    block: int = 32
    pointer: int = 64
    dropout: float = 0.1


class Network(nn.Module):
    """The encoder with its heads."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.spans = SpanHead(config)
        self.pairs = PairEncoder(config)
        self.relations = RelationHead(config)
        self.qualifiers = QualifierHead(config)


class Encoder(nn.Module):
    """Word pieces to hidden states, and the last layer's attention.

    Word embeddings stay as they were pretrained, and are held as bytes with a scale for each piece: what is trained is
    what is shipped.
    """

    words: Tensor
    scales: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.register_buffer("words", torch.zeros(config.words, config.width, dtype=torch.int8))
        self.register_buffer("scales", torch.zeros(config.words, 1))
        self.positions = nn.Embedding(config.positions, config.width)
        self.shapes = nn.Embedding(SHAPES, config.width)
        self.hints = nn.Embedding(1 + 2 * (config.types + 1), config.width)
        nn.init.zeros_(self.shapes.weight)
        nn.init.zeros_(self.hints.weight)
        self.norm = nn.LayerNorm(config.width, 1e-12)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, ids: Tensor, shapes: Tensor, hints: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The hidden states [B, T, D] and the attention [B, H, T, T] of windows [B, T].

        `mask` [B, 1, 1, T] is added to the attention's logits: 0 for a piece, a large negative number for padding.
        """
        words = self.words[ids].float() * self.scales[ids]
        positions = self.positions.weight[: ids.shape[1]]
        hidden = self.dropout(self.norm(words + positions + self.shapes(shapes) + self.hints(hints)))
        attention = hidden
        for layer in self.layers:
            hidden, attention = layer(hidden, mask)
        return hidden, attention


class Layer(nn.Module):
    """A layer of the encoder."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.heads = config.heads
        self.attend = nn.Linear(config.width, 3 * config.width)
        self.out = nn.Linear(config.width, config.width)
        self.norm = nn.LayerNorm(config.width, 1e-12)
        self.inner = nn.Linear(config.width, config.inner)
        self.outer = nn.Linear(config.inner, config.width)
        self.last_norm = nn.LayerNorm(config.width, 1e-12)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        batch, pieces, width = hidden.shape
        mixed = self.attend(hidden).view(batch, pieces, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        query, key, value = mixed[0], mixed[1], mixed[2]
        logits = query @ key.transpose(-1, -2) * (width // self.heads) ** -0.5
        # Fused attention is slower than this in training on a CPU, and the last layer's is looked at.
        attention = (logits if mask is None else logits + mask).softmax(-1)
        found = attention.to(value.dtype) @ value
        found = found.transpose(1, 2).reshape(batch, pieces, width)
        hidden = self.norm(hidden + self.out(found))
        inner = self.outer(F.gelu(self.inner(hidden)))
        return self.last_norm(hidden + self.dropout(inner)), attention


class SpanHead(nn.Module):
    """Scores of mentions: for each type, each first and each last piece."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.size = config.pointer
        self.points = nn.Linear(config.width, 2 * config.pointer)
        self.biases = nn.Linear(2 * config.pointer, 2 * config.types)

    def forward(self, hidden: Tensor) -> Tensor:
        """Logits [B, types, T, T] of hidden states [B, T, D]; what would end before it begins is far below zero."""
        points = self.points(hidden).float()
        biases = self.biases(points).float().transpose(1, 2)
        first, last = _rotated(points.view(*points.shape[:2], self.size, 2)).unbind(-1)
        scores = (first @ last.transpose(1, 2) * self.size**-0.5)[:, None]
        begins, ends = biases.chunk(2, 1)
        logits = scores + begins[..., None] + ends[:, :, None]
        at = torch.arange(hidden.shape[1], device=hidden.device)
        return torch.where(at[:, None] <= at, logits, _OUT)


def _rotated(points: Tensor) -> Tensor:
    """Points [B, T, size, 2] turned by their position (RoPE, Su et al. 2021), so that products tell distances."""
    pieces, size = points.shape[1], points.shape[2]
    turns = 10000 ** (-2 * torch.arange(size // 2, device=points.device) / size)
    angles = (torch.arange(pieces, device=points.device)[:, None] * turns)[:, :, None]
    one, other = points[:, :, : size // 2], points[:, :, size // 2 :]
    return torch.cat([one * angles.cos() - other * angles.sin(), other * angles.cos() + one * angles.sin()], dim=2)


class PairEncoder(nn.Module):
    """What a mention is to another: both, what both attend to, and how far they stand apart."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        kind = 32
        self.types = nn.Embedding(config.types + 1, kind)
        self.subject = nn.Linear(2 * config.width + kind, config.pair)
        self.object = nn.Linear(2 * config.width + kind, config.pair)
        self.context = nn.Linear(config.width, 2 * config.pair)
        self.distance = nn.Embedding(2 * _FAR + 1, 2 * config.pair)
        nn.init.zeros_(self.distance.weight)
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self, hidden: Tensor, attention: Tensor, first: Tensor, last: Tensor, types: Tensor, pairs: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Two vectors [P, pair] of each pair, from hidden states [T, D], attention [H, T, T] and mentions [M]."""
        mentions = self.dropout(torch.cat([hidden[first], hidden[last], self.types(types)], dim=-1))
        one, other = pairs[:, 0], pairs[:, 1]
        looks = (attention[:, first] + attention[:, last]).permute(2, 1, 0)
        both = (looks @ looks.transpose(1, 2)).flatten(1).T  # of all pairs at once: their number is small
        shared = both[one * first.shape[0] + other]
        context = (shared / (shared.sum(-1, keepdim=True) + 1e-9)).to(hidden.dtype) @ hidden
        around = self.context(self.dropout(context)) + self.distance(_apart(first[one], first[other]))
        near, far = around.chunk(2, -1)
        return torch.tanh(self.subject(mentions)[one] + near), torch.tanh(self.object(mentions)[other] + far)


def _apart(one: Tensor, other: Tensor) -> Tensor:
    """The bucket of the signed distance between two pieces."""
    distance = other - one
    edges = torch.tensor(_EDGES, device=one.device)
    bucket = (distance.abs()[:, None] >= edges).long().sum(-1)
    return _FAR + torch.where(distance < 0, -bucket, bucket)


class Bilinear(nn.Module):
    """Scores from the products of two vectors, block by block (grouped bilinear)."""

    def __init__(self, size: int, block: int, out: int) -> None:
        super().__init__()
        self.block = block
        self.out = nn.Linear(size * block, out)
        nn.init.constant_(self.out.bias, _RARE)

    def forward(self, one: Tensor, other: Tensor) -> Tensor:
        one = one.reshape(one.shape[0], -1, self.block)
        other = other.reshape(one.shape[0], -1, self.block)
        logits: Tensor = self.out((one[..., :, None] * other[..., None, :]).flatten(1))
        return logits


class RelationHead(nn.Module):
    """Scores of the relations between two mentions."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.scores = Bilinear(config.pair, config.block, config.relations)

    def forward(self, subject: Tensor, object: Tensor) -> Tensor:
        """Logits [P, relations] of the vectors of pairs [P, pair]."""
        logits: Tensor = self.scores(subject, object)
        return logits.float()


class QualifierHead(nn.Module):
    """Scores of the qualifiers that a third mention may be the value of."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.relations = nn.Embedding(config.relations, config.pair)
        self.fact = nn.Linear(2 * config.pair, config.pair)
        self.value = nn.Linear(4 * config.pair, config.pair)
        self.scores = Bilinear(config.pair, config.block, config.qualifiers)

    def forward(
        self,
        fact: tuple[Tensor, Tensor],
        relation: Tensor,
        subject: tuple[Tensor, Tensor],
        object: tuple[Tensor, Tensor],
    ) -> Tensor:
        """Logits [K, qualifiers]: of each candidate the pairs subject-object, subject-value, object-value [K, pair]."""
        one = torch.tanh(self.fact(torch.cat(fact, dim=-1)) + self.relations(relation))
        other = torch.tanh(self.value(torch.cat([*subject, *object], dim=-1)))
        logits: Tensor = self.scores(one, other)
        return logits.float()


def pretrained(config: Config, weights: Mapping[str, Tensor], seed: int) -> Network:
    """A network whose encoder has the weights of a BERT, by the names that Hugging Face gives them."""
    torch.manual_seed(seed)
    network = Network(config)
    encoder = network.encoder
    with torch.no_grad():
        words = weights["embeddings.word_embeddings.weight"]
        encoder.scales.copy_((words.abs().amax(1, keepdim=True) / 127).clamp_min(1e-12))
        encoder.words.copy_((words / encoder.scales).round())
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        encoder.positions.weight.copy_(weights["embeddings.position_embeddings.weight"] + kind)
        _copy(encoder.norm, weights, "embeddings.LayerNorm")
        for number, layer in enumerate(encoder.layers):
            assert isinstance(layer, Layer)
            at = f"encoder.layer.{number}"
            parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
            layer.attend.weight.copy_(torch.cat([weights[f"{part}.weight"] for part in parts]))
            layer.attend.bias.copy_(torch.cat([weights[f"{part}.bias"] for part in parts]))
            _copy(layer.out, weights, f"{at}.attention.output.dense")
            _copy(layer.norm, weights, f"{at}.attention.output.LayerNorm")
            _copy(layer.inner, weights, f"{at}.intermediate.dense")
            _copy(layer.outer, weights, f"{at}.output.dense")
            _copy(layer.last_norm, weights, f"{at}.output.LayerNorm")
    return network


def _copy(module: nn.Linear | nn.LayerNorm, weights: Mapping[str, Tensor], name: str) -> None:
    module.weight.copy_(weights[f"{name}.weight"])
    module.bias.copy_(weights[f"{name}.bias"])
