"""From what a user names (files, folders, URLs) to inputs, and from an input to its documents."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import entry_points
from io import BufferedReader

from kg.errors import ReadError
from kg.model import Document
from kg.read import kinds
from kg.read.decoding import is_wide
from kg.read.source import Input, Options, Reader, Source, shown

_WEB = re.compile(r"https?://", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+(?=:)", re.IGNORECASE)
_MOST_COUNTED = 1_000_000_000  # bytes of JSON Lines: counted in about a second


@cache
def readers() -> tuple[Reader, ...]:
    """All registered readers, by name."""
    found = sorted(entry_points(group="kg.readers"), key=lambda entry: entry.name)
    return tuple(entry.load()() for entry in found)


def expand(sources: Iterable[str], options: Options | None = None) -> Iterator[Input]:
    """What there is to read in `sources`, in their order.

    A folder gives the files in it and below, sorted, whose names a reader knows; hidden ones, and links to folders,
    are left out. JSON Lines give an input for each line. Nothing is raised here: what is missing or can't be listed
    is an input too, and reading it says why.
    """
    options = options or Options()
    for path in _paths(sources):
        if kinds.is_lines_name(path) and not _WEB.match(path):
            yield from _lines(path, options.max_bytes)
        else:
            yield Input(path)


def count(sources: Iterable[str]) -> int | None:
    """How many inputs `expand` gives, for a progress bar; None where counting them would take long."""
    total = size = 0
    for path in _paths(sources):
        if not kinds.is_lines_name(path) or _WEB.match(path):
            total += 1
            continue
        try:
            with _open(path) as file:
                size += os.fstat(file.fileno()).st_size
                if size > _MOST_COUNTED:
                    return None
                total += 1 if is_wide(file.peek(4)) else sum(1 for line in file if line.strip()) or 1
        except (OSError, ValueError):
            total += 1
    return total


def read(source: str, options: Options | None = None) -> Iterator[Document | ReadError]:
    """All articles in `source`, and an error for each part that can't be read."""
    for item in expand([source], options):
        yield from read_input(item, options)


def read_input(
    item: Input, options: Options | None = None, *, linked_from: str | None = None
) -> Iterator[Document | ReadError]:
    """The articles of one input, or the reason why there are none. `linked_from`: see `kg.read.web.fetch`."""
    source = _content(item, options or Options(), linked_from)
    if isinstance(source, ReadError):
        yield source
        return
    if not source.data.strip():
        yield source.error("is empty")
        return
    reader = next((reader for reader in readers() if reader.can_read(source)), None)
    if reader is None:
        yield source.error(f"is {kinds.named(source.data)}: text, HTML, PDF, feeds and JSON Lines can be read")
        return
    yield from reader.read(source)


def _content(item: Input, options: Options, linked_from: str | None) -> Source | ReadError:
    name = shown(item.source)
    if item.data is not None:
        name = f"{name}:{item.line}"
        if len(item.data) > options.max_bytes:
            return ReadError(name, f"is longer than {options.max_bytes:,} bytes")
        location = shown(os.path.abspath(item.source))
        return Source(name, location, item.data, options, media_type=kinds.LINES)
    if _WEB.match(item.source):
        from kg.read.web import fetch

        return fetch(item.source, options, linked_from)
    scheme = _SCHEME.match(item.source)
    if scheme and not os.path.lexists(item.source):
        return ReadError(name, f"addresses of the scheme {scheme[0]!r} are not read, only http, https and files")
    try:
        with _open(item.source) as file:
            data = file.read(options.max_bytes + 1)
    except (OSError, ValueError) as error:
        return ReadError(name, _reason(error))
    if len(data) > options.max_bytes:
        return ReadError(name, f"is larger than {options.max_bytes:,} bytes")
    return Source(name, shown(os.path.abspath(item.source)), data, options)


def _open(path: str) -> BufferedReader:
    """Opens a regular file, and nothing else: a pipe or a device would wait for ever, or never end."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        kind = "a folder without a file that can be read" if stat.S_ISDIR(mode) else "a pipe, a socket or a device"
        raise ValueError(f"is {kind}")
    return os.fdopen(descriptor, "rb")


def _reason(error: OSError | ValueError) -> str:
    if not isinstance(error, OSError):
        return str(error)
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    return f"can't be read ({(error.strerror or type(error).__name__).lower()})"


def _paths(sources: Iterable[str]) -> Iterator[str]:
    suffixes = tuple(suffix for reader in readers() for suffix in reader.suffixes)
    for source in sources:
        if _WEB.match(source) or not os.path.isdir(source):
            yield source
            continue
        unlisted: list[OSError] = []
        empty = True
        for folder, folders, files in os.walk(source, onerror=unlisted.append):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                if not name.startswith(".") and name.lower().endswith(suffixes):
                    empty = False
                    yield os.path.join(folder, name)
        yield from (str(error.filename) for error in unlisted)
        if empty and not unlisted:
            yield source


def _lines(path: str, most: int) -> Iterator[Input]:
    """An input for each line of a file; for the file itself where it can't be read, or not by lines of bytes."""
    number = 0
    try:
        with _open(path) as file:
            while not is_wide(file.peek(4)) and (line := file.readline(most + 1)):
                number += 1
                if line.strip():
                    yield Input(path, line, number)
                while len(line) > most and not line.endswith(b"\n"):
                    line = file.readline(most + 1)  # the rest of a line that is too long
    except (OSError, ValueError):
        number = 0
    if not number:
        yield Input(path)
