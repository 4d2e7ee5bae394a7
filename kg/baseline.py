"""Precision, recall and F1 of what is read, against annotated articles; and whether they hold the floors.

    scripts/evaluate [--errors] [--pin]

Run in the checkout. Reads the articles under data/gold, and where they are (in ../shared, or in the folder that
NEWSGRAPH_SHARED names) gold/dev.jsonl and the folds 1 and 4 of KnowledgeNet. Exits 1 where a figure is below its floor
in data/baseline.json. `--errors` lists the facts that are missing or wrong. `--pin` makes the present figures, less a
margin, the floors.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Mapping
from functools import reduce
from operator import add
from pathlib import Path

from rich.console import Console
from rich.table import Table

from kg import knowledgenet
from kg.annotations import load
from kg.evaluate import Score, Scores, evaluate
from kg.pipeline import read_article

GOLD = Path("data/gold")
FLOORS = Path("data/baseline.json")
FOLDS = (1, 4)  # to tune on, to report
MARGIN = 0.01  # so that a harmless change passes: one fact of two hundred is 0.005

Figures = dict[str, dict[str, float]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="list the facts that are missing or wrong")
    parser.add_argument("--pin", action="store_true", help="make the present figures, less a margin, the floors")
    arguments = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    measured: dict[str, Figures] = {}
    shared = Path(os.environ.get("NEWSGRAPH_SHARED", "../shared"))
    for name, paths in {str(GOLD): sorted(GOLD.glob("*.jsonl")), "dev.jsonl": [shared / "gold" / "dev.jsonl"]}.items():
        gold = [article for path in paths if path.exists() for article in load(path)]
        if not gold:
            console.print(f"{name}: not there, so not measured")
            continue
        scores = evaluate(gold, (read_article(article.document) for article in gold))
        overall = {kind: getattr(scores, kind) for kind in ("facts", "mentions", "links", "qualifiers")}
        show(console, f"{name}: {len(gold)} articles", scores.relations, overall)
        measured[name] = figures(overall)
        if arguments.errors:
            show_misses(console, scores)
    for path in (shared / "datasets" / f"knowledgenet.fold{fold}.jsonl.gz" for fold in FOLDS):
        if not path.exists():
            console.print(f"{path.name}: not there, so not measured")
            continue
        relations = knowledgenet.evaluate(path, read_article).text
        overall = {"facts": reduce(add, relations.values(), Score())}
        show(console, path.name, relations, overall)
        measured[path.name] = figures(overall)
    return pin(measured) if arguments.pin else compare(measured)


def figures(overall: Mapping[str, Score]) -> Figures:
    return {
        kind: {"precision": score.precision, "recall": score.recall, "f1": score.f1} for kind, score in overall.items()
    }


def show(console: Console, title: str, relations: Mapping[str, Score], overall: Mapping[str, Score]) -> None:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    for column in ("precision", "recall", "F1", "right", "read", "annotated"):
        table.add_column(column, justify="right")
    by_count = sorted(relations.items(), key=lambda item: (-item[1].gold, item[0]))
    for name, score in [*by_count, *overall.items()]:
        rates = (f"{rate:.3f}" for rate in (score.precision, score.recall, score.f1))
        counts = map(str, (score.right, score.predicted, score.gold))
        table.add_row(name, *rates, *counts, style="bold" if name in overall else None)
    console.print(table, "")


def show_misses(console: Console, scores: Scores) -> None:
    for miss in scores.misses:
        console.print(f"{miss.article}  {miss.kind:8}{miss.subject} | {miss.relation} | {miss.object}", markup=False)


def pin(measured: Mapping[str, Figures]) -> int:
    floors = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    for name, found in measured.items():
        floors[name] = {
            kind: {rate: max(0.0, math.floor((value - MARGIN) * 1000) / 1000) for rate, value in rates.items()}
            for kind, rates in found.items()
        }
    FLOORS.write_text(json.dumps(floors, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return 0


def compare(measured: Mapping[str, Figures]) -> int:
    floors = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    below = [
        f"{name}: {rate} of {kind} is {value:.3f}, below its floor of {floor:.3f} in data/baseline.json"
        for name, found in measured.items()
        for kind, rates in found.items()
        for rate, value in rates.items()
        if value < (floor := floors.get(name, {}).get(kind, {}).get(rate, 0.0))
    ]
    print(*below, sep="\n", end="\n" if below else "", file=sys.stderr)
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
