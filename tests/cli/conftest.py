"""A folder with two articles, and `kg` run in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import kg.cli

ARTICLES = {
    "okafor.txt": "Lena Okafor, who founded Brightloom in 2019, left Acme Robotics on 4 March 2019.",
    "abara.txt": "Tom Abara works for Brightloom as an engineer. He studied at Stanford University.",
}


class Result(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with the articles in `news`."""
    (tmp_path / "news").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "news" / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KG_STORE", raising=False)
    return tmp_path


@pytest.fixture
def run(folder: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `kg` in the folder."""

    def run(*arguments: str) -> Result:
        capfd.readouterr()
        code = kg.cli.main(arguments)
        return Result(code, *capfd.readouterr())

    return run


@pytest.fixture
def graph(run: Run) -> Run:
    """Runs `kg` in the folder, where a graph holds the articles."""
    assert run("add", "news").code == 0
    return run
