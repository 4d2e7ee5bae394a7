"""Feeds (RSS, RDF, Atom): each entry is an article.

feedparser is given the bytes in memory, so it opens nothing; a feed that declares XML entities is refused before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from kg.errors import ReadError
from kg.model import Document
from kg.read import kinds
from kg.read.decoding import normal
from kg.read.documents import document, web_address
from kg.read.page import text_of
from kg.read.source import Input, Source

SUMMARY = 150
"""An entry that gives no content and whose description has fewer words than this holds a summary only."""

_ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)


class FeedReader:
    """Reads a feed; the entries that hold a summary only are fetched where `Options.follow` says so."""

    suffixes = (".rss", ".atom", ".xml")

    def can_read(self, source: Source) -> bool:
        return kinds.markup(source.data) == "feed"

    def read(self, source: Source) -> Iterator[Document | ReadError]:
        if _ENTITY.search(source.data.replace(b"\0", b"")):
            yield source.error("declares XML entities, which can be used to attack a reader: remove its <!ENTITY …>")
            return
        import feedparser

        headers = {"content-type": f"{source.media_type or 'application/xml'}; charset={source.charset}"}
        feed = feedparser.parse(BytesIO(source.data), response_headers=headers if source.charset else None)
        if not feed.entries:
            yield source.error("is a feed that has no entries, or is too damaged for any to be read")
        follow = source.url is not None if source.options.follow is None else source.options.follow
        for entry in feed.entries:
            yield from _entry(entry, feed.feed, source, follow)


def _entry(entry: Any, feed: Any, source: Source, follow: bool) -> Iterator[Document | ReadError]:
    link = web_address(entry.get("link"))
    content = "".join(part.get("value", "") for part in entry.get("content", ()))
    text = normal(text_of(content or entry.get("summary", "")))
    if follow and link and not content and len(text.split()) < SUMMARY:
        from kg.read.inputs import read_input

        yield from read_input(Input(link), source.options, linked_from=source.url)
        return
    title = normal(text_of(entry.get("title", "")))
    if not text:
        yield source.error(f"its entry {title or link or entry.get('id', 'without a title')!r} holds no text")
        return
    key = link or entry.get("id") or title
    yield document(
        text,
        title=title,
        authors=tuple(author["name"] for author in entry.get("authors", ()) if author.get("name")),
        publisher=feed.get("title"),
        url=link,
        published=entry.get("published") or entry.get("updated"),
        language=(feed.get("language") or None),
        source=f"{source.location}#{key}",
        identifier=entry.get("id"),
    )
