"""The references of the command line and of the settings are made from the commands' help and from the settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.cli import reference


@pytest.mark.parametrize(("name", "page"), [("cli", reference.page), ("settings", reference.settings_page)])
def test_the_reference_page_is_up_to_date(root: Path, name: str, page: Callable[[], str]) -> None:
    written = (root / "docs" / "reference" / f"{name}.md").read_text(encoding="utf-8")
    assert written == page(), "run scripts/reference"
