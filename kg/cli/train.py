"""`kg train`"""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

import click

from kg.cli import terminal
from kg.errors import UsageError

_NEEDED = ("torch", "onnx", "safetensors")


@click.command("train", short_help="Train the model that reads beside the wordings.")
@click.argument(
    "files", type=click.Path(exists=True, dir_okay=False, path_type=Path), nargs=-1, metavar="[FILE.jsonl…]"
)
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="The passages to train on besides.  [default: those that newsgraph comes with]",
)
@click.option(
    "--datasets",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Public data sets, converted as data/training/datasets.toml says.  [default: none]",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default="model",
    show_default=True,
    metavar="FOLDER",
    help="Where the model, its card and the checkpoint are written.",
)
@click.option("--epochs", type=click.IntRange(min=1), default=8, show_default=True, help="How often all is read.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="The same gives the same model.")
@click.option("--resume", is_flag=True, help="Go on from the checkpoint in --out.")
def command(
    files: tuple[Path, ...],
    data: Path | None,
    datasets: Path | None,
    out: Path,
    epochs: int,
    seed: int,
    resume: bool,
) -> int:
    """Train the model on the passages that newsgraph comes with, and on your own annotated articles.

    A FILE.jsonl holds an article a line, annotated as kg evaluate reads and kg extract writes them. With a relation
    that you added to the ontology and some thirty examples of it, the model learns it. It takes an hour or two on two
    cores, minutes on a GPU; stopped, it goes on with --resume.

    \b
    Example:
      kg train advisors.jsonl --out model
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise UsageError(f"training needs {', '.join(missing)}: pip install 'newsgraph[train]'")

    import ontology
    from kg.train.corpus import Sources, shipped
    from kg.train.fit import Epoch, finish, fit
    from kg.train.trainer import Settings

    begun = time.monotonic()
    passages = sorted(data.glob("*.txt")) + sorted(data.glob("*.jsonl")) if data else shipped()
    settings = Settings(epochs=epochs, seed=seed)

    def report(epoch: Epoch) -> None:
        scores = epoch.scores
        measures = (("mentions", scores.mentions), ("facts", scores.facts), ("qualifiers", scores.qualifiers))
        shown = ", ".join(f"{name} {score.f1:.3f}" for name, score in measures)
        minutes = (time.monotonic() - begun) / 60
        click.echo(f"Epoch {epoch.number} of {epochs}: loss {epoch.loss:.2f}. F1: {shown}. {minutes:.0f} min", err=True)

    sources = Sources((*passages, *files), datasets, ("train", "tune"), seed=seed)
    try:
        with terminal.progress("Training") as show:
            fitted = fit(sources, ontology.load(), settings, out, resume=resume, shown=show, report=report)
        finish(out, fitted)
    except KeyboardInterrupt:
        kept = "the same command with --resume goes on from the last checkpoint"
        raise terminal.Stopped(f"stopped; {kept} in {out}") from None
    click.echo(f"The model is in {out}; its card says how well it reads: {out / 'card.md'}")
    return 0
