"""The reference of the command line is the commands' own help."""

from __future__ import annotations

from pathlib import Path

from kg.cli import reference


def test_the_reference_page_is_up_to_date(root: Path) -> None:
    page = (root / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    assert page == reference.page(), "run scripts/reference"
