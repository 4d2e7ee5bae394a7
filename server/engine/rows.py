"""Counts the rows of an answer in its bytes, on their way: the engine tells nobody how many it has written."""

from __future__ import annotations

import re
from typing import NamedTuple


class _Sign(NamedTuple):
    """What stands for a row, how many bytes that is, and how many rows there are beside."""

    pattern: re.Pattern[bytes]
    length: int
    others: int


_LINE = re.compile(rb"\n")
_SIGNS = {
    # Neither in a text nor at its end. (A row that has no value is not counted.)
    "json": _Sign(re.compile(rb'\},\{"[^,}]'), 5, 1),
    "xml": _Sign(re.compile(rb"<result>"), 8, 0),
    "csv": _Sign(_LINE, 1, -1),
    "tsv": _Sign(_LINE, 1, -1),
    "nt": _Sign(_LINE, 1, 0),
    "nq": _Sign(_LINE, 1, 0),
}


class Rows:
    """The rows of one answer in `format`; of a format in which they can't be told, none are counted."""

    def __init__(self, format: str) -> None:
        self._sign = _SIGNS.get(format)
        self._is_csv = format == "csv"
        self._is_quoted = False
        self._before = b""
        self._number = 0

    def count(self, data: bytes) -> int:
        """How many rows there are, with those in the next piece."""
        if self._sign is None:
            return 0
        if self._is_csv and (self._is_quoted or b'"' in data):
            data = self._without_quoted(data)
        data = self._before + data
        self._number += len(self._sign.pattern.findall(data))
        # What may be the beginning of a sign is looked at again.
        self._before = data[len(data) - self._sign.length + 1 :] if len(data) >= self._sign.length else data
        return self._number + self._sign.others

    def _without_quoted(self, data: bytes) -> bytes:
        """What of a piece of CSV stands outside of quotation marks: only there, a line ends a row."""
        parts = data.split(b'"')
        outside = b"".join(parts[self._is_quoted :: 2])
        self._is_quoted = self._is_quoted == (len(parts) % 2 == 1)
        return outside
