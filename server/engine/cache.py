"""Answers that may be given again as long as the graph is the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator

from server.engine.messages import Whole
from server.engine.pool import Stream

_LARGEST = 1 << 18
"""An answer of more bytes is not kept: the larger, the less is saved, and the more is driven out."""


class Cache:
    """The answers used last, `size` bytes of them. Their keys begin with the version of the graph."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._used = 0
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, Whole] = OrderedDict()
        self.hits = 0

    def get(self, key: Hashable) -> Whole | None:
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
                self.hits += 1
            return found

    def put(self, key: Hashable, answer: Whole) -> None:
        with self._lock:
            if key in self._answers:
                return
            self._answers[key] = answer
            self._used += len(answer.body)
            while self._used > self._size:
                _, oldest = self._answers.popitem(last=False)
                self._used -= len(oldest.body)

    def keeping(self, key: Hashable, answer: Whole | Stream) -> Whole | Keeping:
        """The same answer, which is put into the cache when it has been read to its end."""
        if isinstance(answer, Stream):
            return Keeping(self, key, answer)
        self.put(key, answer)
        return answer


class Keeping:
    """An answer that is copied on its way, unless it gets too large."""

    def __init__(self, cache: Cache, key: Hashable, answer: Stream) -> None:
        self._cache = cache
        self._key = key
        self._answer = answer
        self.kind = answer.kind
        self.format = answer.format

    def __iter__(self) -> Iterator[bytes]:
        kept: bytearray | None = bytearray()
        for piece in self._answer:
            if kept is not None:
                kept = kept + piece if len(kept) + len(piece) <= _LARGEST else None
            yield piece
        if kept is not None:
            self._cache.put(self._key, Whole(self.kind, self.format, bytes(kept)))

    def close(self) -> None:
        self._answer.close()
