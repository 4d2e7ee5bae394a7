"""Precision, recall and F1 of what is read, against annotated articles; and whether they hold the floors.

    scripts/evaluate [--errors] [--pin] [--only NAME]… [--extractor NAME]… [--model FOLDER] [--ablations [--without FOLDER]]

Run in the checkout. Reads the articles under data/gold, the passages of data/training that are held out, and where they
are (in ../shared, or in the folder that NEWSGRAPH_SHARED names) gold/dev.jsonl and the test parts of KnowledgeNet,
SoMeSci and Re-DocRED. Exits 1 where a figure is below its floor in data/baseline.json. `--errors` lists the facts that
are missing or wrong. `--pin` makes the present figures, less a margin, the floors. `--only` measures the sets of these
names. `--extractor` and `--model` read otherwise than by default; then nothing is compared. `--ablations` measures all
sets with the wordings alone, the model alone and both, and with the model in the folder of `--without`, which was
trained without passages of our own, and keeps what it finds in data/results.json, of which docs/reference/results.md
is made.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

import kg.extract
from kg import results
from kg.evaluate import Score, Trust
from kg.measures import Measured, sets
from kg.pipeline import Settings

FLOORS = Path("data/baseline.json")
MARGIN = 0.01  # so that a harmless change passes: one fact of two hundred is 0.005

Figures = dict[str, dict[str, float]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="list the facts that are missing or wrong")
    parser.add_argument("--pin", action="store_true", help="make the present figures, less a margin, the floors")
    parser.add_argument("--only", action="append", metavar="NAME", help="measure this set; may be repeated")
    parser.add_argument("--extractor", action="append", metavar="NAME", help="read with this one; may be repeated")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="read with the model in this folder")
    parser.add_argument("--ablations", action="store_true", help="measure with parts of the extractors, and keep it")
    parser.add_argument("--without", type=Path, metavar="FOLDER", help="a model trained without passages of our own")
    arguments = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    shared = Path(os.environ.get("NEWSGRAPH_SHARED", "../shared"))
    settings = Settings(tuple(arguments.extractor or kg.extract.DEFAULT), model=arguments.model)
    if arguments.ablations:
        results.write(results.ablations(shared, settings, arguments.without))
        return 0
    measured: dict[str, Figures] = {}
    for name, measure in sets(shared).items():
        if arguments.only and name not in arguments.only:
            continue
        if measure is None:
            console.print(f"{name}: not there, so not measured")
            continue
        found = measure(settings)
        show(console, name, found)
        if arguments.errors:
            show_misses(console, found)
        measured[name] = figures(found.overall)
    if arguments.pin:
        return pin(measured)
    return 0 if arguments.extractor or arguments.model else compare(measured)


def figures(overall: Mapping[str, Score]) -> Figures:
    return {
        kind: {"precision": score.precision, "recall": score.recall, "f1": score.f1} for kind, score in overall.items()
    }


def show(console: Console, title: str, measured: Measured) -> None:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    for column in ("precision", "recall", "F1", "right", "read", "annotated"):
        table.add_column(column, justify="right")
    by_count = sorted(measured.relations.items(), key=lambda item: (-item[1].gold, item[0]))
    for rows, style in ((by_count, None), (measured.overall.items(), "bold")):
        for name, score in rows:
            rates = (f"{rate:.3f}" for rate in (score.precision, score.recall, score.f1))
            table.add_row(name, *rates, *map(str, (score.right, score.predicted, score.gold)), style=style)
    console.print(table, "" if measured.trust is None else trusted(measured.trust), "")


def trusted(trust: Trust) -> str:
    sure = f"{trust.sure.right} of {trust.sure.predicted} facts of confidence .9 and more are right"
    return f"expected calibration error {trust.error:.3f}; {sure} ({trust.sure.precision:.3f})"


def show_misses(console: Console, measured: Measured) -> None:
    for miss in measured.misses:
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
