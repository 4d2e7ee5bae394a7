"""The training: batches in an order that the seed fixes, AdamW, checkpoints from which it goes on.

On a processor one thread with half-precision products (bfloat16) is fastest where others work too. The random numbers of
a step depend on the seed and the step alone, so that a training that was stopped goes on as if it had not been.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from kg.errors import UsageError
from kg.extract.learned.labels import Labels
from kg.train.examples import Example
from kg.train.losses import Batch, collate, loss
from kg.train.network import Network

_SAVED_EVERY = 200
"""Steps between checkpoints."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train. Rates are AdamW's highest; they rise over `warmup` of all steps and fall to 0 in a line.

    `pieces` is how many word pieces a batch may have, `hints` in how many of 100 windows the network does without what
    the rules found, `unannotated` how much a span counts against a type that was not annotated in full.
    """

    epochs: int = 8
    seed: int = 1
    encoder_rate: float = 2e-4
    head_rate: float = 1e-3
    warmup: float = 0.06
    decay: float = 0.01
    pieces: int = 800
    hints: int = 10
    unannotated: float = 0.05


Shown = Callable[[int, int | None], None]


def train(
    network: Network,
    labels: Labels,
    epoch_of: Callable[[int], Sequence[Example]],
    settings: Settings,
    checkpoint: Path,
    *,
    resume: bool = False,
    shown: Shown = lambda done, total: None,
    after: Callable[[int, Network, float], None] = lambda epoch, network, loss: None,
) -> None:
    """Fit a network to examples.

    `epoch_of` gives the examples of an epoch, the same for the same number. `checkpoint` is the file to which the state
    is written now and then, and at the end of each epoch, and from which `resume` goes on. `shown` is told how many
    examples of the epoch are done; `after` is called after each epoch with its number, the network and the mean loss.

    Raises UsageError where the checkpoint was made with other settings, or is not there.
    """
    device = next(network.parameters()).device.type
    torch.set_num_threads(1)
    optimizer = _optimizer(network, settings)
    begun, passed = _restore(checkpoint, network, optimizer, settings) if resume else (0, 0)
    for epoch in range(begun, settings.epochs):
        examples = epoch_of(epoch)
        batches = _batches(examples, settings, epoch)
        losses = []
        done = sum(map(len, batches[:passed]))
        for number, chosen in enumerate(batches[passed:], passed):
            shown(done, len(examples))
            _rate(optimizer, settings, (epoch + number / len(batches)) / settings.epochs)
            torch.manual_seed(settings.seed * 1_000_003 + epoch * 10_007 + number)
            network.train()
            batch = _without_hints(collate([examples[place] for place in chosen], device), settings.hints)
            with torch.autocast(device, torch.bfloat16):
                found = loss(network, batch, labels, settings.unannotated)
            torch.autograd.backward(found)
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            optimizer.zero_grad()
            losses.append(found.item())
            done += len(chosen)
            if number % _SAVED_EVERY == _SAVED_EVERY - 1:
                _save(checkpoint, network, optimizer, settings, epoch, number + 1)
        passed = 0
        _save(checkpoint, network, optimizer, settings, epoch + 1, 0)
        after(epoch, network, float(np.mean(losses)) if losses else 0.0)


def _optimizer(network: Network, settings: Settings) -> torch.optim.AdamW:
    groups = []
    for of_encoder, rate in ((True, settings.encoder_rate), (False, settings.head_rate)):
        named = [pair for pair in network.named_parameters() if pair[0].startswith("encoder.layers") == of_encoder]
        for decays in (True, False):
            chosen = [weight for name, weight in named if (weight.ndim > 1 and "norm" not in name) == decays]
            groups.append({"params": chosen, "lr": rate, "peak": rate, "weight_decay": settings.decay * decays})
    return torch.optim.AdamW(groups, fused=True)


def _rate(optimizer: torch.optim.Optimizer, settings: Settings, passed: float) -> None:
    """Set the rates for the given part of the training, 0 to 1."""
    part = min((passed + 1e-4) / settings.warmup, (1 - passed) / (1 - settings.warmup))
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * part


def _batches(examples: Sequence[Example], settings: Settings, epoch: int) -> list[list[int]]:
    """Batches of like length, none with more pieces than may be, padding counted; a longer example stands alone."""
    random = np.random.default_rng((settings.seed, epoch))
    sizes = np.array([len(example.window.ids) for example in examples])
    order = np.argsort(sizes + random.uniform(0, 8, len(sizes)), kind="stable")
    batches: list[list[int]] = []
    longest = 0
    for place in order.tolist():
        longest = max(longest, int(sizes[place]))
        if not batches or longest * (len(batches[-1]) + 1) > settings.pieces:
            batches.append([])
            longest = int(sizes[place])
        batches[-1].append(place)
    return [batches[place] for place in random.permutation(len(batches))]


def _without_hints(batch: Batch, percent: int) -> Batch:
    kept = torch.rand(len(batch.sizes), device=batch.hints.device) >= percent / 100
    hints: Tensor = batch.hints * kept[:, None]
    return Batch(batch.examples, batch.ids, batch.shapes, hints, batch.sizes)


def _save(
    path: Path, network: Network, optimizer: torch.optim.Optimizer, settings: Settings, epoch: int, batch: int
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(".part")
    state = {"network": network.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(state | {"settings": asdict(settings), "epoch": epoch, "batch": batch}, written)
    os.replace(written, path)


def _restore(path: Path, network: Network, optimizer: torch.optim.Optimizer, settings: Settings) -> tuple[int, int]:
    """The epoch and the batch to go on with."""
    if not path.is_file():
        raise UsageError(f"there is nothing to resume in {path.parent}: train without --resume")
    state = torch.load(path, weights_only=True)
    if state["settings"] != asdict(settings):
        raise UsageError(f"{path.parent} was begun with {state['settings']}: give the same options, or another --out")
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    return state["epoch"], state["batch"]
