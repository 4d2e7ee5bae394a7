"""Quads in a fixed order, however many they are."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice

from pyoxigraph import Quad

_IN_MEMORY = 500_000
_END_OF_KEY = "\x01"
"""Stands after the key of a line. No line holds one, as N-Quads write control characters as escapes."""


def sorted_lines(quads: Iterable[Quad], key: Callable[[Quad], str]) -> Iterator[str]:
    """Each of `quads` once, as a line of N-Quads, in the order of `key` and then of the line.

    Half a million at a time are sorted in memory, and merged from temporary files.
    """
    lines = (f"{key(quad)}{_END_OF_KEY}{quad} .\n" for quad in quads)
    with ExitStack() as stack:
        runs: list[Iterator[str]] = []
        while run := sorted(islice(lines, _IN_MEMORY)):
            if len(run) < _IN_MEMORY and not runs:
                runs.append(iter(run))
                break
            file = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))
            file.writelines(run)
            file.seek(0)
            runs.append(iter(file))
        last = ""
        for line in heapq.merge(*runs):
            if line != last:
                last = line
                yield line.partition(_END_OF_KEY)[2]
