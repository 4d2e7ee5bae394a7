"""Plain text: an optional header (`Title: …`, `Date: …`), then the article."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.errors import ReadError
from kg.model import Document
from kg.read import kinds
from kg.read.decoding import decode, is_text, normal
from kg.read.documents import document, people
from kg.read.published import date_of_head
from kg.read.source import Source

_FIELD = re.compile(r"([A-Za-z][A-Za-z _-]{0,30}):[ \t]*(.*)")
_FIELDS = {
    **dict.fromkeys(("title", "headline"), "title"),
    **dict.fromkeys(("date", "published", "publication date"), "published"),
    **dict.fromkeys(("url", "link"), "url"),
    **dict.fromkeys(("publisher", "publication", "site"), "publisher"),
    **dict.fromkeys(("author", "authors", "byline"), "authors"),
    **dict.fromkeys(("language", "lang"), "language"),
}
_LONGEST_TITLE = 200
_VISIBLE = re.compile(r"\w")
_NAME = r"[A-Z][\w.'’-]*(?:[ \t]+[A-Z][\w.'’-]*){1,4}"
_BYLINE = re.compile(rf"^[ \t]*[Bb][Yy][ \t]+({_NAME}(?:(?:,|[ \t]and|[ \t]&)[ \t]+{_NAME})*)", re.MULTILINE)


class TextReader:
    """Reads any text that is no markup: `.txt`, `.md`, and files without a suffix."""

    suffixes = (".txt", ".text", ".md")

    def can_read(self, source: Source) -> bool:
        other = kinds.markup(source.data) or kinds.is_pdf(source.data) or kinds.is_lines(source)
        return not other and is_text(source.data)

    def read(self, source: Source) -> Iterator[Document | ReadError]:
        text = decode(source.data, source.charset)
        if text is None:
            yield source.error(f"is {kinds.named(source.data)}: only text, HTML, PDF, feeds and JSONL can be read")
            return
        header, body = header_of(normal(text))
        body = body.strip()
        if not _VISIBLE.search(body):
            yield source.error("holds no text")
            return
        byline = _BYLINE.search(body[:1000])
        yield document(
            body,
            title=header.get("title") or title_of(body),
            authors=people(header.get("authors") or (byline[1] if byline else None)),
            publisher=header.get("publisher"),
            url=source.url or header.get("url"),
            published=header.get("published") or date_of_head(body),
            language=header.get("language"),
            source=source.location,
        )


def header_of(text: str) -> tuple[dict[str, str], str]:
    """The fields with which `text` begins, and what follows them.

    There is a header where the first line is one of the known fields, or `---` with such a line after it; it ends at
    the first line that is no field.
    """
    lines = text.lstrip("\n").removeprefix("---\n").split("\n")
    first = _FIELD.match(lines[0])
    if not first or first[1].lower() not in _FIELDS:
        return {}, text
    fields: dict[str, str] = {}
    for number, line in enumerate(lines):
        field = _FIELD.match(line)
        if not field:
            rest = lines[number + 1 :] if line.strip() in ("", "---") else lines[number:]
            return fields, "\n".join(rest)
        if name := _FIELDS.get(field[1].lower()):
            fields.setdefault(name, field[2].strip().strip("\"'"))
    return fields, ""


def title_of(text: str) -> str | None:
    """The first line, where it looks like a title: a short paragraph of its own that does not end like a sentence."""
    first, _, rest = text.partition("\n")
    first = first.lstrip("# ").rstrip()
    alone = rest.startswith("\n") or rest.split("\n", 1)[0].strip("=- ") == ""
    if rest.strip() and alone and len(first) <= _LONGEST_TITLE and not first.endswith((".", ":", ",", ";")):
        return first or None
    return None
