"""The access log and the log of slow queries: a JSON object a line."""

from __future__ import annotations

import itertools
import json
import os
import secrets
import sys
import time
from dataclasses import dataclass
from typing import Any

from server.config import Config

IDS = map(f"{secrets.token_hex(8)}{{:08x}}".format, itertools.count())
"""The names of requests, each another one."""
_LONGEST = 10_000
"""Characters of a query that are logged."""


@dataclass(slots=True)
class Entry:
    """What is logged of a request. The application notes the query that the request asks in `query`."""

    id: str
    client: str
    method: str
    path: str
    began: float
    status: int = 0
    sent: int = 0
    query: str | None = None

    def line(self, *, whole: bool) -> dict[str, Any]:
        seconds = time.monotonic() - self.began
        found = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "id": self.id,
            "client": self.client,
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "bytes": self.sent,
            "seconds": round(seconds, 4),
        }
        return {**found, "query": self.query[:_LONGEST]} if whole and self.query is not None else found


class Logs:
    """Writes entries to the files that the settings name; `-` is the standard error stream."""

    def __init__(self, config: Config) -> None:
        self._slow_after = config.slow_after
        self._access = _open(config.access_log)
        self._slow = _open(config.slow_log)

    def write(self, entry: Entry) -> None:
        if self._access is not None:
            _append(self._access, entry.line(whole=False))
        if self._slow is not None and entry.query is not None and time.monotonic() - entry.began > self._slow_after:
            _append(self._slow, entry.line(whole=True))


def _open(name: str | None) -> int | None:
    if name is None:
        return None
    return sys.stderr.fileno() if name == "-" else os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)


def _append(file: int, line: dict[str, Any]) -> None:
    # One write a line: the processes share the file, and what is appended at once stays together.
    os.write(file, json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
