"""Scoring links by News-Fair's rules."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from kg.link.aliases import AliasIndex
from kg.linking_scores import newsfair

TEXT = "The Linux Foundation took in PyTorch on Monday. Nobody knows Zyxgard Quellmann."


def written(folder: Path, *entities: tuple[str, str | None, str]) -> Path:
    line = {
        "id": "1",
        "title": "A foundation",
        "text": TEXT,
        "passages": [[0, len(TEXT)]],
        "entities": [
            {
                "id": f"e{number}",
                "type": kind,
                "qid": item,
                "mentions": [[TEXT.index(name), TEXT.index(name) + len(name)]],
                "flags": [{"label_id": number}],
            }
            for number, (name, item, kind) in enumerate(entities)
        ],
    }
    path = folder / "set.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(line).encode()))
    return path


def test_right_items_wrong_items_and_items_that_the_index_lacks_are_counted(tmp_path: Path) -> None:
    found = newsfair(
        written(
            tmp_path,
            ("Linux Foundation", "Q858851", "Organization"),
            ("PyTorch", "Q1", "Product"),
            ("Zyxgard Quellmann", "Q999999999", "Person"),
            ("Monday", None, "Date"),
        ),
        AliasIndex.open(),
    )
    assert (found.known.right, found.known.gold) == (1, 1)
    assert (found.none.right, found.none.gold) == (0, 1)
    assert (found.held.right, found.held.gold) == (1, 3)
    assert (found.end_to_end.right, found.end_to_end.predicted, found.end_to_end.gold) == (1, 2, 3)
