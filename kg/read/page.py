"""Web pages: the article without menus and advertisements, and what the page says about itself, by trafilatura."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kg.errors import ReadError
from kg.model import Document
from kg.read import kinds
from kg.read.decoding import decode, normal
from kg.read.documents import document, one_line, people, web_address
from kg.read.published import iso_date
from kg.read.source import Source

if TYPE_CHECKING:
    from trafilatura.settings import Document as Extracted

DEEPEST = 150
"""How deep elements may be nested: libxml2 gives up at 256, and the wrappers of real pages stay far below."""

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_LANGUAGE = re.compile(r"<html[^>]{0,2000}?\slang\s*=\s*[\"']?([A-Za-z-]+)", re.IGNORECASE)
_PUBLISHED = (
    re.compile(r"\"datePublished\"\s*:\s*\"([^\"]{4,40})\""),
    re.compile(r"<meta[^>]{0,200}?published_time[^>]{0,200}?content\s*=\s*[\"']([^\"']{4,40})", re.IGNORECASE),
    re.compile(
        r"itemprop\s*=\s*[\"']?datePublished[^>]{0,200}?(?:content|datetime)\s*=\s*[\"']([^\"']{4,40})", re.IGNORECASE
    ),
)
# Elements that can't hold themselves, and those that hold nothing: only the others nest.
_TAG = re.compile(
    r"<(/?)(?!(?:p|li|dt|dd|tr|td|th|thead|tbody|tfoot|option|br|hr|img|input|meta|link|source|wbr|col|embed|area"
    r"|base|track|param|html|head|body|script|style|title)\b)([a-z][\w:-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>",
    re.IGNORECASE,
)
_HIDDEN = ("script", "style", "template", "noscript")
_BLOCK = re.compile(
    "p|div|h[1-6]|ul|ol|li|dl|dt|dd|table|tr|blockquote|pre|section|article|header|footer|figure|figcaption|aside|main"
    "|nav|form|br|hr"
)


class PageReader:
    """Reads HTML, by what it holds rather than by what it is called."""

    suffixes = (".html", ".htm", ".xhtml")

    def can_read(self, source: Source) -> bool:
        kind = kinds.markup(source.data)
        return kind == "page" or (kind == "xml" and b"<html" in source.data[:8192].lower())

    def read(self, source: Source) -> Iterator[Document | ReadError]:
        label = _CHARSET.search(source.data[:4096])
        markup = decode(source.data, source.charset or (label[1].decode("ascii") if label else None))
        if markup is None:
            yield source.error("is not text (binary data), though it begins like HTML")
            return
        markup = normal(markup)
        page = _extract(shallow(markup), source.url)
        if page is None or not page.text:
            yield source.error("is a page in which no article was found")
            return
        language = _LANGUAGE.search(markup[:10_000])
        yield document(
            paragraphs(normal(page.text)),
            title=_without_site(one_line(page.title), one_line(page.sitename)),
            authors=people(page.author),
            publisher=page.sitename,
            url=_address(page.url, source.url),
            published=_published(markup, page.date),
            language=language[1] if language else None,
            source=source.location,
        )


def text_of(fragment: str) -> str:
    """The text of a piece of HTML that is all article, as in a feed: one paragraph for each block."""
    from lxml import etree

    parser = etree.HTMLParser(remove_comments=True, remove_pis=True)
    root = etree.fromstring(f"<html><body>{shallow(fragment)}</body></html>", parser)
    if root is None:
        return ""
    etree.strip_elements(root, *_HIDDEN, with_tail=False)
    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        parts.append("\n" if _BLOCK.fullmatch(element.tag) else "")
        parts.append((element.text if event == "start" else element.tail) or "")
    return paragraphs("".join(parts))


def paragraphs(text: str) -> str:
    """`text` with an empty line between its paragraphs, where each line of `text` is one."""
    return "\n\n".join(stripped for line in text.split("\n") if (stripped := " ".join(line.split())))


def shallow(markup: str) -> str:
    """`markup` without the tags that are nested deeper than `DEEPEST`; their content stays."""
    if markup.count("<") < 2 * DEEPEST:
        return markup
    open_tags: list[str] = []
    parts: list[str] = []
    kept = 0
    for tag in _TAG.finditer(markup):
        name = tag[2].lower()
        if not tag[1]:
            open_tags.append(name)
            too_deep = len(open_tags) > DEEPEST
        else:
            too_deep = len(open_tags) > DEEPEST
            if open_tags and name == open_tags[-1]:
                open_tags.pop()
            elif name in open_tags[-DEEPEST:]:
                while open_tags.pop() != name:
                    pass
        if too_deep:
            parts.append(markup[kept : tag.start()])
            kept = tag.end()
    return "".join([*parts, markup[kept:]]) if kept else markup


@cache
def _trafilatura() -> Any:
    import trafilatura

    for name in ("trafilatura", "htmldate", "courlan"):  # what they warn of is said by a ReadError
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return trafilatura


def _extract(markup: str, url: str | None) -> Extracted | None:
    extracted: Extracted | None = _trafilatura().bare_extraction(
        markup,
        url=url,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    return extracted


def _published(markup: str, otherwise: str | None) -> str | None:
    """The date that the page gives for machines, at its own precision: trafilatura's is always a day, if need be one
    near to an impossible one."""
    stated = [match[1] for pattern in _PUBLISHED if (match := pattern.search(markup))]
    return next(filter(None, map(iso_date, stated)), None) if stated else otherwise


def _without_site(title: str | None, site: str | None) -> str | None:
    """`Meta's chief leaves | The Daily` is the title of the window, not of the article."""
    if title and site:
        return re.sub(rf" ?[|–—:·-] ?{re.escape(site)}$", "", title) or title
    return title


def _address(stated: str | None, fetched: str | None) -> str | None:
    """The page's own address where that can be trusted: of the same site, and of an article rather than the site."""
    stated = web_address(stated)
    if not stated or urlsplit(stated).path in ("", "/"):
        return fetched
    if fetched and urlsplit(stated).hostname != urlsplit(fetched).hostname:
        return fetched
    return stated
