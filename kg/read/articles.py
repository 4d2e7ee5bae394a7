"""JSON Lines of articles: one `{"id": …, "text": …, "title"?, "url"?, "publisher"?, "published"?}` a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from kg.errors import ReadError
from kg.model import Document
from kg.read import kinds
from kg.read.decoding import decode
from kg.read.documents import document
from kg.read.source import Source

_TEXTS = ("title", "publisher", "url", "published", "language")


class ArticlesReader:
    """Reads each line by itself. The characters of `text` keep their offsets, so that results fit the given text."""

    suffixes = kinds.LINES_SUFFIXES

    def can_read(self, source: Source) -> bool:
        return kinds.is_lines(source)

    def read(self, source: Source) -> Iterator[Document | ReadError]:
        text = decode(source.data, source.charset)
        if text is None:
            yield source.error(f"is {kinds.named(source.data)}, not JSON")
            return
        lines = text.rstrip("\n").split("\n")
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _article(line, source, f"line {number}: " if len(lines) > 1 else "")


def _article(line: str, source: Source, where: str) -> Document | ReadError:
    try:
        article = json.loads(line)
    except (ValueError, RecursionError) as error:
        return source.error(f"{where}is not JSON ({error})")
    fault = _fault(article)
    if fault:
        return source.error(where + fault)
    identifier = None if article.get("id") is None else str(article["id"])
    key = identifier or article.get("url") or sha256(line.encode("utf-8", "replace")).hexdigest()[:16]
    return document(
        article["text"],
        **{field: article.get(field) for field in _TEXTS},
        authors=article.get("authors") or (),
        identifier=identifier,
        source=f"{source.location}#{key}",
    )


def _fault(article: Any) -> str | None:
    """What is wrong with a line's value, as a clause; None if nothing is."""
    if not isinstance(article, dict):
        return f"holds {type(article).__name__}, where an object with a 'text' was expected"
    text = article.get("text")
    if not isinstance(text, str) or not text.strip():
        return f"has no 'text' that is a string and holds something; its keys are {', '.join(article) or 'none'}"
    for field in _TEXTS:
        if not isinstance(article.get(field), str | None):
            return f"has a {field!r} that is not a string"
    authors = article.get("authors") or []
    if not isinstance(authors, list) or not all(isinstance(author, str) for author in authors):
        return "has 'authors' that are no list of strings"
    return None
