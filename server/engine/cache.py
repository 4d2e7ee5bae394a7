"""Answers that may be given again as long as the graph is the same."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator

from server.engine.messages import Whole
from server.engine.pool import Stream

Key = tuple[object, ...]
_SHARE = 4
"""An answer is not kept that would take more than one in so many bytes of the cache: it would drive out too much."""


class Cache:
    """The answers used last, `size` bytes of them and their keys, which begin with the version of the graph."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.largest = size // _SHARE
        self._used = 0
        self._lock = threading.Lock()
        self._answers: OrderedDict[Key, Whole] = OrderedDict()
        self.hits = 0

    def get(self, key: Key) -> Whole | None:
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
                self.hits += 1
            return found

    def put(self, key: Key, answer: Whole) -> None:
        weight = _weight(key, answer)
        with self._lock:
            if weight > self.largest or key in self._answers:
                return
            self._answers[key] = answer
            self._used += weight
            while self._used > self._size:
                self._used -= _weight(*self._answers.popitem(last=False))

    def keeping(self, key: Key, answer: Whole | Stream) -> Whole | Keeping:
        """The same answer, which is put into the cache when it has been read to its end."""
        if isinstance(answer, Stream):
            return Keeping(self, key, answer)
        self.put(key, answer)
        return answer


class Keeping:
    """An answer that is copied on its way, unless it gets too large."""

    def __init__(self, cache: Cache, key: Key, answer: Stream) -> None:
        self._cache = cache
        self._key = key
        self._answer = answer
        self.kind = answer.kind
        self.format = answer.format

    def __iter__(self) -> Iterator[bytes]:
        kept: list[bytes] = []
        size = 0
        for piece in self._answer:
            size += len(piece)
            if size <= self._cache.largest:
                kept.append(piece)
            else:
                kept.clear()
            yield piece
        if size <= self._cache.largest:
            self._cache.put(self._key, Whole(self.kind, self.format, b"".join(kept)))

    def close(self) -> None:
        self._answer.close()


def _weight(key: Key, answer: Whole) -> int:
    """Bytes of memory, about: a long query with a short answer counts, too."""
    return sum(map(sys.getsizeof, (key, *key, answer.body, answer.hint)))
