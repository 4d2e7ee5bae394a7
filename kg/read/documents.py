"""Makes a `Document` of a text and what is known about it: the last step of every reader."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from urllib.parse import urldefrag, urlsplit

from kg.model import Document
from kg.read.decoding import storable
from kg.read.language import language_of
from kg.read.published import iso_date
from kg.read.sentences import sentences, unwrap

_ROLE = re.compile(r"\b(?:staff|writers?|reporters?|editors?|correspondents?|contributors?)$", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


def document(
    text: str,
    *,
    title: str | None = None,
    authors: Sequence[str] = (),
    publisher: str | None = None,
    url: str | None = None,
    published: str | None = None,
    language: str | None = None,
    source: str | None = None,
    identifier: str | None = None,
) -> Document:
    """A document of `text`, in which every character keeps its offset.

    Characters that can't be stored, and line ends inside a paragraph, are replaced by one character each. A
    `published` that is no date, and a `url` that is not one of the web, are left out. `identifier` is the id that the
    source gave, if any: with the URL, it decides which article this is.
    """
    text = unwrap(storable(text))
    url = web_address(url)
    names = tuple(dict.fromkeys(name for author in authors if (name := one_line(author))))
    return Document(
        id=hashlib.sha256((url or identifier or text).encode("utf-8", "replace")).hexdigest()[:16],
        text=text,
        sentences=sentences(text),
        title=one_line(title),
        authors=names,
        publisher=one_line(publisher),
        url=url,
        published=iso_date(published) if published else None,
        language=language_of(text, language),
        source=source,
    )


def one_line(text: str | None) -> str | None:
    """`text` on one line, None if nothing is there."""
    return _SPACE.sub(" ", storable(text)).strip() or None if text else None


def web_address(url: str | None) -> str | None:
    """`url` without its fragment if it is a usable address on the web, else None."""
    if not url or _SPACE.search(url.strip()) or not url.isprintable():
        return None
    try:
        parts = urlsplit(url.strip())
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            return None
    except ValueError:  # "http://[", port "x"
        return None
    return urldefrag(url.strip()).url


def people(text: str | None) -> tuple[str, ...]:
    """The names in a byline: `Ann Lee, Bo Dahl and Cy Young`; roles and addresses are no names."""
    parts = re.split(r" ?(?:[,;&|]|\band\b) ?", re.sub("^by ", "", one_line(text) or "", flags=re.IGNORECASE))
    return tuple(
        part for part in map(str.strip, parts) if part and not ("@" in part or "://" in part or _ROLE.search(part))
    )
