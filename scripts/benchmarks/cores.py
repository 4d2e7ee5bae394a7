"""How much faster many articles are read with all cores than with one, by the clock."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

from articles import made_up

import kg
import kg.extract

LEAST = 0.85
"""The share of each further core's time that the project asks to win: 1.7 times as fast with two."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--extractor", action="append", metavar="NAME", help="in place of the default ones; repeatable")
    parser.add_argument("--model", type=Path, metavar="DIR", help="another model than newsgraph's own")
    parser.add_argument("--articles", type=int, default=600, help="articles that are read (default: 600)")


def run(arguments: argparse.Namespace) -> int:
    cores = len(os.sched_getaffinity(0))
    extractors = arguments.extractor or list(kg.extract.DEFAULT)
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "articles.jsonl"
        lines = (json.dumps(made_up(number)) + "\n" for number in range(arguments.articles))
        file.write_text("".join(lines), encoding="utf-8")
        for workers in (1, cores):
            with kg.Graph.open(Path(folder) / str(workers)) as graph:
                started = time.perf_counter()
                report = graph.add(file, workers=workers, extractors=extractors, model=arguments.model)
                seconds.append(time.perf_counter() - started)
            print(f"{workers} cores  {report.words / seconds[-1]:10,.0f} words a second")
    faster = seconds[0] / seconds[1]
    print(f"ratio    {faster:10.2f}  (at least {LEAST * cores:.1f} is asked for)")
    return 0 if faster >= LEAST * cores else 1
