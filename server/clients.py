"""How much one client may ask for: requests a second, and connections at a time."""

from __future__ import annotations

import math
import time
from collections import Counter, OrderedDict

_MOST = 10_000
"""How many clients are remembered; those that asked longest ago are forgotten first."""
_PROXIES = frozenset(("127.0.0.1", "::1", ""))
"""Where a proxy on this machine, or a socket without an address, comes from: all clients at once."""


class Rates:
    """A bucket of tokens for each client, which fills at `rate` tokens a second up to `burst`; a request takes one."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def seconds_to_wait(self, client: str, now: float | None = None) -> int:
        """0 if the client may make a request now, which is counted; else after how many seconds it may."""
        if not self._rate:
            return 0
        now = time.monotonic() if now is None else now
        tokens, since = self._buckets.pop(client, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - since) * self._rate)
        allowed = tokens >= 1
        self._buckets[client] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > _MOST:
            self._buckets.popitem(last=False)
        return 0 if allowed else math.ceil((1 - tokens) / self._rate)


class Connections:
    """How many connections each client has open; proxies on this machine may have any number."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    def come(self, client: str) -> bool:
        """Whether the client may have one more, which is counted."""
        if not self._most or client in _PROXIES:
            return True
        if self._open[client] >= self._most:
            return False
        self._open[client] += 1
        return True

    def go(self, client: str) -> None:
        """A connection that was allowed has ended."""
        self._open[client] -= 1
        if self._open[client] <= 0:
            del self._open[client]
