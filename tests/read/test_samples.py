"""The articles that newsgraph comes with can be read, each with all that a graph needs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from kg.model import Document
from kg.read import read


def test_every_sample_article_is_read_with_its_title_and_date(root: Path) -> None:
    articles = list(read(str(root / "data" / "articles")))
    assert len(articles) >= 22
    for article in articles:
        assert isinstance(article, Document), article
        assert article.title, article.source
        assert article.published, article.source
        assert article.language == "en", article.source
        assert 150 <= len(article.text.split()) <= 500, article.source
    assert len({article.id for article in articles if isinstance(article, Document)}) == len(articles)


def test_no_furniture_of_a_sample_page_is_read(root: Path) -> None:
    text = "\n".join(article.text for article in read(str(root / "data" / "articles")) if isinstance(article, Document))
    for furniture in ("cookies", "Advertisement", "Sign up", "penguin77", "Recent posts", "Customer login", "Page 1"):
        assert furniture not in text


def test_the_samples_are_of_every_kind_that_can_be_read(root: Path) -> None:
    kinds = Counter(file.suffix for file in (root / "data" / "articles").iterdir())
    assert kinds.keys() == {".txt", ".html", ".pdf", ".atom"}
