"""PDF, by pypdf: the text of the pages, with page furniture, broken lines and hyphenation taken out."""

from __future__ import annotations

import logging
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.errors import ReadError
from kg.model import Document
from kg.read import kinds
from kg.read.decoding import normal
from kg.read.documents import document, people
from kg.read.published import date_of_head
from kg.read.source import Source
from kg.read.text import title_of

if TYPE_CHECKING:
    from pypdf import PdfReader as File

MOST_PAGES = 2000

# What pypdf raises on damaged files besides its own errors: they come from anywhere in it.
_DAMAGE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, AssertionError)
_DAMAGED = (*_DAMAGE, NotImplementedError, OSError, zlib.error)

_PAGE_NUMBER = re.compile(r"\s*(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\s*", re.IGNORECASE)
_HYPHENATED = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_FILE_NAME = re.compile(r"\.\w{2,4}$|^untitled|^microsoft word", re.IGNORECASE)
_FULL_LINE = 0.8  # of the widest line: letters have different widths, so lines that are full differ in length


class PdfReader:
    """Reads PDF files that hold text; a scan holds none."""

    suffixes = (".pdf",)

    def can_read(self, source: Source) -> bool:
        return kinds.is_pdf(source.data)

    def read(self, source: Source) -> Iterator[Document | ReadError]:
        from pypdf import PdfReader as File
        from pypdf.errors import PyPdfError

        logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it warns of is said by a ReadError
        try:
            yield _read(File(BytesIO(source.data)), source)
        except (PyPdfError, *_DAMAGED) as error:
            yield source.error(f"is a PDF that can't be read ({' '.join(str(error).split()) or type(error).__name__})")


def _read(file: File, source: Source) -> Document | ReadError:
    if file.is_encrypted and not file.decrypt(""):
        return source.error("is a PDF that is protected by a password")
    pages = [normal(page.extract_text()) for page, _ in zip(file.pages, range(MOST_PAGES), strict=False)]
    body = "\n\n".join(filter(None, map(_joined, _without_furniture(pages))))
    if not body:
        return source.error("is a PDF without text: a scan needs character recognition first")
    about = file.metadata
    stated = str(about.title) if about and about.title else None
    return document(
        body,
        title=stated if stated and not _FILE_NAME.search(stated.strip()) else title_of(body),
        authors=people(str(about.author) if about and about.author else None),
        url=source.url,
        published=date_of_head(body),
        source=source.location,
    )


def _without_furniture(pages: Sequence[str]) -> Iterator[list[str]]:
    """The lines of each page, without page numbers and without what more than half of them repeat."""
    split = [[line.rstrip() for line in page.split("\n")] for page in pages]
    seen = Counter(line for lines in split for line in {*lines} if line)
    for lines in split:
        yield [
            line
            for line in lines
            if not _PAGE_NUMBER.fullmatch(line) and not (len(pages) > 1 and seen[line] * 2 > len(pages))
        ]


def _joined(lines: Sequence[str]) -> str:
    """Lines put together to paragraphs, which end with a short line; `develop-` and `ment` become one word."""
    text = _HYPHENATED.sub("", "\n".join(lines)).strip()
    kept = text.split("\n")
    full = _FULL_LINE * max(map(len, kept))
    parts = [kept[0]]
    for line, following in pairwise(kept):
        broken = line and following and (len(line) >= full or following[0].islower())
        parts += " " if broken else "\n\n", following
    return re.sub(r"\n{3,}", "\n\n", "".join(parts))
