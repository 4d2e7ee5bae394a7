"""Writes articles in batches, and keeps the ledger and the search index in step with the store."""

from __future__ import annotations

import time
from typing import Literal, Self

from kg.model import ArticleFacts
from kg.search.index import Index
from kg.store.articles import Articles
from kg.store.ledger import Ledger

_SECONDS = 10.0
"""How long at most what was read is not yet stored."""

Outcome = Literal["added", "corrected", "unchanged"]


class Writer:
    """Collects articles and writes some hundred at a time.

    As a context manager it writes the last ones at the end, also when the program is stopped (unless that happens
    while it takes one), and after an error drops what is not written.
    """

    def __init__(self, articles: Articles, ledger: Ledger, index: Index) -> None:
        self._articles = articles
        self._index = index
        self._ledger = ledger
        self._since = time.monotonic()
        self._is_whole = True
        self._claims: dict[str, set[str]] = {}
        self._claimed: dict[str, set[str]] = {}
        self._dropped: set[tuple[str, str]] = set()
        self._changed: set[str] = set()
        self._digests: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None or (isinstance(error, KeyboardInterrupt) and self._is_whole):
            self.write()
        else:
            self._clear()

    def put(self, article: str, source: str | None, digest: str | None, facts: ArticleFacts | None) -> Outcome:
        """Add an article, or correct it. `facts` is None where the graph is known to hold them already.

        What `source` gave before goes, unless it is to be had from another source as well.
        """
        if facts is not None and self._articles.pending and not self._articles.only_adds(facts):
            self.write()
        self._is_whole = False
        is_corrected = source is not None and self._forget_others(source, article)
        outcome: Outcome = "unchanged"
        if facts is not None:
            is_there = self._articles.holds(article)
            if self._articles.put(facts):
                self._changed.add(article)
                outcome = "corrected" if is_there or is_corrected else "added"
            if digest is not None:
                self._digests[article] = digest
        self._is_whole = True
        is_much = self._articles.pending > self._articles.batch
        if self._articles.retracts or is_much or time.monotonic() - self._since > _SECONDS:
            self.write()
        return outcome

    def forget(self, article: str) -> bool:
        """Take an article out; whether it was there."""
        found = self._articles.forget(article)
        if found:
            self._changed.add(article)
            self._digests.pop(article, None)
        for source in self._sources(article):
            self._drop(source, article)
        return found

    def write(self) -> None:
        """Write what has been collected."""
        try:
            claims = [(source, article) for source, articles in self._claims.items() for article in articles]
            self._ledger.announce(claims, self._changed, self._articles.renamed.items())
            arrived = [article for article in self._changed if self._articles.holds(article)]
            self._index.add(self._articles.texts)
            lost = self._articles.write()
            self._index.remove(lost)
            self._ledger.confirm(self._digests.items(), arrived, self._dropped)
        finally:
            self._clear()

    def _clear(self) -> None:
        self._articles.discard()
        self._claims, self._claimed = {}, {}
        self._dropped, self._changed, self._digests = set(), set(), {}
        self._since = time.monotonic()

    def _forget_others(self, source: str, article: str) -> bool:
        """Note that `source` gives `article`, and forget what it gave before; whether there was anything."""
        known = self._ledger.articles(source) | self._claims.get(source, set())
        self._claims.setdefault(source, set()).add(article)
        self._claimed.setdefault(article, set()).add(source)
        self._dropped.discard((source, article))
        others = [other for other in sorted(known - {article}) if (source, other) not in self._dropped]
        for other in others:
            self._drop(source, other)
        return sum(self.forget(other) for other in others if not self._sources(other)) > 0

    def _drop(self, source: str, article: str) -> None:
        self._claims.get(source, set()).discard(article)
        self._claimed.get(article, set()).discard(source)
        self._dropped.add((source, article))

    def _sources(self, article: str) -> set[str]:
        found = self._ledger.sources(article) | self._claimed.get(article, set())
        return {source for source in found if (source, article) not in self._dropped}
