"""The failures that are known, with the reason of each: `known.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _read() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["known"]
    return found


def reason(iri: str, way: str) -> str | None:
    """Why the test fails on the way "graph" or "http"; None where it must pass."""
    for entry in _read():
        if iri in entry["tests"] and way in entry.get("ways", ("graph", "http")):
            return str(entry["reason"])
    return None


def listed() -> set[str]:
    """The tests that are in the list."""
    return {iri for entry in _read() for iri in entry["tests"]}
