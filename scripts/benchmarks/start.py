"""The time to `kg --help`, by the clock."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

MOST = 0.2
"""Seconds that it may take on a quiet machine."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--times", type=int, default=15, help="how often it is started (default: 15)")


def run(arguments: argparse.Namespace) -> int:
    command = [Path(sys.executable).with_name("kg"), "--help"]
    seconds = []
    for _ in range(arguments.times):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - started)
    median = statistics.median(seconds)
    print(
        f"kg --help   {1000 * min(seconds):.0f} ms at best, {1000 * median:.0f} ms as a rule (at most {1000 * MOST:.0f})"
    )
    return 0 if median <= MOST else 1
