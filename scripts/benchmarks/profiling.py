"""Where `kg add` spends its time, step by step, in microseconds of CPU a word."""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from articles import made_up

import kg
import kg.extract.learned.extractor
import kg.extract.mentions
import kg.extract.wordings.reader
import kg.link
import kg.pipeline
import kg.read
from kg.errors import ReadError

# The step, where its function is looked up, the function's name, and the microseconds a word that it may take.
STEPS = (
    ("names", kg.extract.mentions, "find_names", 5.0),
    ("dates and literals", kg.extract.mentions, "find_mentions", 2.0),
    ("wordings", kg.extract.wordings.reader.Reader, "relations", 6.0),
    ("model", kg.extract.learned.extractor.Learned, "extract", 130.0),
    ("resolution", kg.pipeline, "resolve", 3.0),
)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--articles", type=int, default=200, help="made-up articles that are read (default: 200)")
    parser.add_argument("--functions", type=int, default=0, help="also list so many functions by their own time")


def run(arguments: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder, kg.Graph.open(Path(folder) / "graph") as graph:
        graph.add(_file(folder, "warm.jsonl", range(-50, 0)))
        file = _file(folder, "articles.jsonl", range(arguments.articles))
        clock = _Clock()
        documents = [found for found in clock.measured("reading", kg.read.read)(str(file)) if not _failed(found)]
        for step, owner, name, _ in STEPS:
            setattr(owner, name, clock.measured(step, getattr(owner, name)))
        kg.pipeline.read_article = clock.measured("links, checks", kg.pipeline.read_article)
        report = clock.measured("RDF and store", graph.add_documents)(documents)
        _print(clock.seconds, report.words)
        if arguments.functions:
            profile = cProfile.Profile()
            again = _file(folder, "again.jsonl", range(arguments.articles, 2 * arguments.articles))
            profile.runcall(graph.add, again)
            pstats.Stats(profile).sort_stats("tottime").print_stats(arguments.functions)
    return 0


def _print(seconds: dict[str, float], words: int) -> None:
    budgets = {"reading": 4.0, "RDF and store": 5.0} | {step: budget for step, _, _, budget in STEPS}
    print(f"{words:,} words")
    for step in ("reading", *(step for step, *_ in STEPS), "links, checks", "RDF and store"):
        used = 1e6 * seconds.get(step, 0.0) / words
        budget = budgets.get(step)
        over = "" if budget is None else f"  of {budget:.0f}" + ("  OVER" if used > budget else "")
        print(f"{step:20} {used:6.1f} µs a word{over}")
    total = sum(seconds.values())
    print(f"{'all':20} {1e6 * total / words:6.1f} µs a word: {words / total:,.0f} words a CPU second")


def _file(folder: str, name: str, numbers: range) -> Path:
    file = Path(folder) / name
    file.write_text("".join(json.dumps(made_up(number)) + "\n" for number in numbers), encoding="utf-8")
    return file


def _failed(found: object) -> bool:
    return isinstance(found, ReadError)


class _Clock:
    """CPU seconds of each step, without those of the steps that it calls."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inner = [0.0]

    def measured(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            self._inner.append(0.0)
            started = time.process_time()
            result = function(*args, **kwargs)
            if hasattr(result, "__next__"):
                result = list(result)
            spent = time.process_time() - started
            self.seconds[step] = self.seconds.get(step, 0.0) + spent - self._inner.pop()
            self._inner[-1] += spent
            return result

        return run
