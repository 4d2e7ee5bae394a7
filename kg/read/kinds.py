"""What kind of thing some bytes are, told from how they begin, because names and content types lie."""

from __future__ import annotations

import re

from kg.read.source import Source

_PROLOG = re.compile(
    rb"\s+|<\?[^>]*>|<!--.*?-->|<!DOCTYPE\s+(?!html)[^\[>]*(?:\[[^\]]*\]\s*)?>", re.IGNORECASE | re.DOTALL
)
_ROOT = re.compile(rb"<(!doctype\s+html|[a-z][\w:.-]*)", re.IGNORECASE)
LINES = "application/jsonl"
LINES_SUFFIXES = (".jsonl", ".ndjson")
_LINES_TYPES = ("application/x-jsonlines", "application/x-ndjson", "application/ndjson")
_FEED_ROOTS = {b"rss", b"feed", b"rdf:rdf"}
_PAGE_ROOTS = {
    *(b"html", b"head", b"body", b"title", b"meta", b"link", b"script", b"style", b"main", b"article", b"section"),
    *(b"header", b"nav", b"div", b"p", b"h1", b"h2", b"table", b"ul", b"ol", b"span", b"center", b"font"),
}
_MAGIC = (
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
    (b"SQLite format 3", "a database"),
)


def markup(data: bytes) -> str | None:
    """`page` or `feed` for HTML and for RSS, RDF or Atom; `xml` for other XML; None for what is not markup."""
    head = data[:8192]
    if b"\0" in head[:64]:  # UTF-16: its ASCII characters are enough to tell
        head = head.replace(b"\0", b"")
    head = head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    start = 0
    while prolog := _PROLOG.match(head, start):
        start = prolog.end()
    found = _ROOT.match(head, start)
    if not found:
        return None
    root = found[1].lower()
    if root in _FEED_ROOTS:
        return "feed"
    if root.startswith(b"!doctype") or root in _PAGE_ROOTS:
        return "page"
    return "xml" if head.lstrip().startswith(b"<?xml") else None


def is_pdf(data: bytes) -> bool:
    return data[:64].lstrip().startswith(b"%PDF-")


def is_lines_name(name: str) -> bool:
    return name.lower().endswith(LINES_SUFFIXES)


def is_lines(source: Source) -> bool:
    """Whether `source` says that it is JSON Lines: nothing in it tells for certain."""
    return is_lines_name(source.name) or source.media_type in (LINES, *_LINES_TYPES)


def named(data: bytes) -> str:
    """What to call bytes that no reader takes."""
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    return "XML that is neither a page nor a feed" if markup(data) == "xml" else "not text (binary data)"
