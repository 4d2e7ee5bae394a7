"""What goes through reading before there is a document: inputs, their content, the options, and a reader's interface.

A kind of input is added by a reader: an object of this interface, registered under the entry-point group `kg.readers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from kg.errors import ReadError
from kg.model import Document

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Options:
    """How far reading goes.

    `max_bytes` is the most that is read of one file, page or line. `timeout` is in seconds, for the whole of one
    download. `follow` says whether the entries of a feed that hold no more than a summary are fetched from their
    links: None means for a feed from the web, not for one from a file.
    """

    max_bytes: int = 50_000_000
    timeout: float = 30.0
    follow: bool | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to read, small enough to be sent to another process: a path, a URL, or a line of a file of articles.

    `data` is the line's content, and `line` its number from 1; both are None for a whole file or a URL.
    """

    source: str
    data: bytes | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The content of an input, for a reader.

    `name` is how the user called it, for messages; `location` is where it is, an absolute path or a URL, and tells
    whether two inputs are the same thing. `url` is None for a file. `media_type` and `charset` are what the sender
    said, and may be wrong.
    """

    name: str
    location: str
    data: bytes
    options: Options
    url: str | None = None
    media_type: str | None = None
    charset: str | None = None

    def error(self, reason: str) -> ReadError:
        return ReadError(self.name, reason)


class Reader(Protocol):
    """Turns one kind of content into documents.

    `suffixes` are the ends of file names, in lower case, that a folder is searched for. `can_read` decides from the
    content, not from the name alone; `read` yields a `ReadError` for each article that it can't read, and goes on.
    """

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    def can_read(self, source: Source) -> bool: ...

    def read(self, source: Source) -> Iterator[Document | ReadError]: ...


def shown(path: str) -> str:
    """`path` as it can be printed on one line and stored: bytes that are no UTF-8, and control characters, escaped."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
