"""The page of results: made from what was measured, beside what others published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg import results


def test_the_page_is_up_to_date(root: Path) -> None:
    written = (root / "docs" / "reference" / "results.md").read_text(encoding="utf-8")
    assert written == results.page(), "run scripts/reference"


def test_every_published_figure_is_beside_one_of_ours(root: Path) -> None:
    published = json.loads((root / "data" / "published.json").read_text(encoding="utf-8"))
    measured = json.loads((root / "data" / "results.json").read_text(encoding="utf-8"))
    for each in published:
        assert each["kind"] in measured[results.BOTH][each["set"]]["overall"]
        assert all(0 < figure < 1 for figure in each["systems"].values())


def test_what_is_not_measured_again_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    results.FILE.parent.mkdir()
    results.write({"wordings": {"a": 1}, results.WITHOUT: {"a": 2}})
    results.write({"wordings": {"a": 3}})
    assert json.loads(results.FILE.read_text(encoding="utf-8")) == {"wordings": {"a": 3}, results.WITHOUT: {"a": 2}}
