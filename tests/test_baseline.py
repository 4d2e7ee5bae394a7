"""The floors under what is read: pinned, held, and reported when they break."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TEXT = "Ada Holm founded Acme Robotics in 2014."
ARTICLE = {
    "id": "one",
    "text": TEXT,
    "entities": [
        {"id": "e1", "type": "Person", "name": "Ada Holm", "mentions": [[0, 8]]},
        {"id": "e2", "type": "Organization", "name": "Acme Robotics", "mentions": [[17, 30]]},
    ],
    "facts": [{"subject": "e2", "relation": "founded_by", "object": "e1", "evidence": [[0, 39]]}],
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    gold = tmp_path / "data" / "gold"
    gold.mkdir(parents=True)
    (gold / "one.jsonl").write_text(json.dumps(ARTICLE) + "\n", encoding="utf-8")
    return tmp_path


def evaluate(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg.baseline", *arguments],
        check=False,
        cwd=checkout,
        env={**os.environ, "NEWSGRAPH_SHARED": str(checkout / "absent")},
        capture_output=True,
        text=True,
    )


def test_figures_are_printed_by_relation_and_what_is_not_there_is_named(checkout: Path) -> None:
    done = evaluate(checkout, "--errors")
    assert (done.returncode, done.stderr) == (0, "")
    assert "data/gold " in done.stdout
    assert "founded_by" in done.stdout
    assert "dev.jsonl: not there, so not measured" in done.stdout


def test_pinned_floors_hold_until_a_figure_falls_below_one(checkout: Path) -> None:
    assert evaluate(checkout, "--pin").returncode == 0
    path = checkout / "data" / "baseline.json"
    floors = json.loads(path.read_text(encoding="utf-8"))
    assert 0.9 < floors["data/gold"]["mentions"]["recall"] < 1
    assert evaluate(checkout).returncode == 0
    floors["data/gold"]["mentions"]["recall"] = 1.01
    path.write_text(json.dumps(floors), encoding="utf-8")
    done = evaluate(checkout)
    assert done.returncode == 1
    assert done.stderr == "data/gold: recall of mentions is 1.000, below its floor of 1.010 in data/baseline.json\n"


def test_a_floor_that_was_not_measured_is_kept_when_others_are_pinned(checkout: Path) -> None:
    path = checkout / "data" / "baseline.json"
    path.write_text('{"elsewhere": {"facts": {"f1": 0.5}}}', encoding="utf-8")
    assert evaluate(checkout, "--pin").returncode == 0
    assert json.loads(path.read_text(encoding="utf-8"))["elsewhere"] == {"facts": {"f1": 0.5}}
