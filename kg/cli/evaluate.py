"""`kg evaluate`"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import asking, options, terminal

if TYPE_CHECKING:
    from kg.evaluate import Score

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("evaluate", short_help="Measure precision, recall and F1.")
@click.argument("gold", type=FILE, metavar="GOLD.jsonl")
@click.option(
    "--predicted",
    type=FILE,
    metavar="FILE.jsonl",
    help="What was read, as kg extract writes it, in place of reading now.",
)
@click.option("--misses", is_flag=True, help="List each fact that is missing or wrong.")
@options.config
@options.reading
@options.as_json
@click.pass_context
def command(
    context: click.Context,
    /,
    gold: Path,
    predicted: Path | None,
    misses: bool,
    extractors: tuple[str, ...],
    model: Path | None,
    min_confidence: float | None,
    linkers: tuple[str, ...],
    indexes: tuple[str, ...],
    yes: bool,
    as_json: bool,
) -> int:
    """Measure precision, recall and F1 against articles that people annotated.

    \b
    Example:
      kg evaluate gold.jsonl
    """
    import kg.extract
    from kg.annotations import load
    from kg.evaluate import evaluate
    from kg.pipeline import Settings, read_article

    annotated = load(gold)
    if predicted:
        read = load(predicted)
    else:
        service = asking.agree(context, extractors, yes, lambda: [article.document for article in annotated])
        linking = options.linking(context, linkers, indexes)
        settings = Settings(
            extractors or kg.extract.DEFAULT, model=model, least=min_confidence, service=service, linking=linking
        )
        read = [read_article(article.document, settings) for article in annotated]
    scores = evaluate(annotated, read)
    kinds = {"facts": scores.facts, "mentions": scores.mentions, "links": scores.links, "qualifiers": scores.qualifiers}
    if as_json:
        measured: dict[str, object] = {name: _measures(score) for name, score in kinds.items()}
        measured["relations"] = {name: _measures(score) for name, score in scores.relations.items()}
        click.echo(json.dumps(measured, indent=2))
        return 0
    columns = ["", "precision", "recall", "F1", "right", "predicted", "gold"]
    terminal.table(columns, [_row(name, score) for name, score in (kinds | dict(scores.relations)).items()])
    if misses:
        rows = [[miss.kind, miss.article, miss.subject, miss.relation, miss.object] for miss in scores.misses]
        terminal.table(["", "article", "subject", "relation", "object"], rows)
    return 0


def _measures(score: Score) -> dict[str, float]:
    return {
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "f1": round(score.f1, 4),
        "right": score.right,
        "predicted": score.predicted,
        "gold": score.gold,
    }


def _row(name: str, score: Score) -> list[str]:
    measures = [f"{value:.3f}" for value in (score.precision, score.recall, score.f1)]
    return [name, *measures, str(score.right), str(score.predicted), str(score.gold)]
