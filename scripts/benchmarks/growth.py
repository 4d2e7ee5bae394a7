"""Whether an article costs more in a larger graph: the second 10,000 made-up articles against the first."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from articles import made_up

import kg

MOST = 1.2
"""How many times as long as the first half the second may take."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--articles", type=int, default=10_000, help="articles in each half (default: 10,000)")


def run(arguments: argparse.Namespace) -> int:
    seconds = []
    with tempfile.TemporaryDirectory() as folder, kg.Graph.open(Path(folder) / "graph") as graph:
        for half in range(2):
            file = Path(folder) / f"{half}.jsonl"
            with file.open("w", encoding="utf-8") as lines:
                for number in range(half * arguments.articles, (half + 1) * arguments.articles):
                    lines.write(json.dumps(made_up(number)) + "\n")
            started = time.process_time()
            report = graph.add(file, extractors=["wordings"])  # the store is what grows
            seconds.append(time.process_time() - started)
            print(
                f"{['first', 'second'][half]:7} {report.added:,} articles, {report.words:,} words, "
                f"{report.facts:,} facts: {seconds[-1]:.1f} CPU s, {report.seconds:.1f} s, "
                f"{report.words / seconds[-1]:,.0f} words a CPU second",
                flush=True,
            )
    ratio = seconds[1] / seconds[0]
    print(f"ratio   {ratio:.2f} (at most {MOST} is allowed)")
    return 0 if ratio <= MOST else 1
