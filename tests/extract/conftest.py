"""A language model that answers as told, and the settings with which it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.extract.llm.service import Service
from tests.extract.llm import Model, serving


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    monkeypatch.delenv("KG_LLM_KEY", raising=False)
    with serving() as found:
        yield found


@pytest.fixture
def service(model: Model, tmp_path: Path) -> Service:
    """Asks `model`, and waits for nothing."""
    return Service(model.address, "test-1", cache=str(tmp_path / "kept"), wait=0.01, timeout=5.0)
