"""The benchmarks run; what they measure on a busy machine is no test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def benchmark(root: Path, *arguments: str) -> str:
    command = [sys.executable, "scripts/benchmarks", *arguments]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout


def test_the_profile_names_every_step(root: Path) -> None:
    printed = benchmark(root, "profile", "--articles", "3")
    for step in ("reading", "names", "dates and literals", "wordings", "resolution", "RDF and store", "all"):
        assert f"\n{step} " in printed


def test_growth_is_the_cost_of_the_second_half_by_that_of_the_first(root: Path) -> None:
    command = [sys.executable, "scripts/benchmarks", "growth", "--articles", "3"]
    done = subprocess.run(command, check=False, cwd=root, capture_output=True, text=True)
    first, second, ratio = done.stdout.splitlines()
    assert first.startswith("first   3 articles")
    assert second.startswith("second  3 articles")
    assert ratio.startswith("ratio ")
    assert done.returncode in (0, 1)


def test_a_made_up_article_is_always_the_same(root: Path) -> None:
    command = [sys.executable, "-c", "import articles; print(articles.made_up(7))"]
    once, again = (
        subprocess.run(command, cwd=root / "scripts" / "benchmarks", check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    )
    assert once == again
