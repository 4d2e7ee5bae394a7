"""What is read of what a user names, and what is said of the rest."""

from __future__ import annotations

from pathlib import Path

from kg.errors import ReadError
from kg.read import read


def test_a_folder_gives_its_articles_in_order_and_names_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Title: Two\n\nAnn Lee left Acme in 2025.")
    (tmp_path / "a.txt").write_bytes(b"\0\1\2\xff")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    broken, article = read(str(tmp_path))
    assert isinstance(broken, ReadError)
    assert "not text" in str(broken)
    assert not isinstance(article, ReadError)
    assert (article.title, article.text) == ("Two", "Ann Lee left Acme in 2025.")
