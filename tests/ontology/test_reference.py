"""The page on the ontology is made from it."""

from __future__ import annotations

from pathlib import Path

import ontology
from ontology.reference import page


def test_the_page_is_up_to_date(root: Path) -> None:
    written = (root / "docs" / "reference" / "ontology.md").read_text(encoding="utf-8")
    assert written == page(ontology.load()), "run scripts/reference"


def test_examples_show_what_is_marked() -> None:
    assert "> **Grace Lin** (subject) joined **Acme Robotics** (object)" in page(ontology.load())
    assert "**March 2019** (start 2019-03)" in page(ontology.load())
