"""The server's settings: one value, made once, handed to every part."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from kg.errors import UsageError

DefaultGraph = Literal["union", "unnamed"]


@dataclass(frozen=True, slots=True)
class Config:
    """What can be set. Times are seconds, sizes are bytes, unless a name says otherwise.

    `base` is the IRI that the graph's own IRIs start with; a page's path is appended to it. `tokens` are the secrets
    that allow writing, by a name that goes into the audit log; without one, the server is read-only.
    `default_graph` is what a query sees without `GRAPH` and `FROM`: all graphs together, or the unnamed one only.

    `processes` answer HTTP; each has up to `workers` processes that run queries, and lets `queue` more requests wait
    for one, `queue_time` at most. A query older than `heavy_after` gives way when others wait and more than half of
    the workers hold such queries.

    `access_log` and `slow_log` are files of JSON lines, `-` the standard error stream: one line for each request, and
    one for each whose query took longer than `slow_after`.
    """

    store: Path
    base: str = "http://localhost:8000/"
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    default_graph: DefaultGraph = "union"

    processes: int = 2
    workers: int = 4
    queue: int = 32
    queue_time: float = 10.0
    heavy_after: float = 1.0

    query_time: float = 30.0
    update_time: float = 300.0
    transfer_time: float = 600.0
    stall_time: float = 30.0
    query_size: int = 1_000_000
    query_depth: int = 256
    body_size: int = 64_000_000
    answer_rows: int = 5_000_000
    answer_size: int = 2_000_000_000
    worker_memory: int = 2_000_000_000
    worker_stack: int = 512_000_000
    cache_size: int = 64_000_000

    access_log: str | None = None
    slow_log: str | None = "-"
    slow_after: float = 5.0

    runtime: Path | None = None
    """The folder of a keeper that already runs; without one, the application starts its own."""

    @property
    def writable(self) -> bool:
        return bool(self.tokens)

    def to_json(self) -> str:
        """All settings, for `of` in another process."""
        values = {name.name: getattr(self, name.name) for name in dataclasses.fields(self)}
        return json.dumps({**values, "tokens": dict(self.tokens)}, default=str)

    @classmethod
    def of(cls, settings: Config | Mapping[str, object]) -> Config:
        """A configuration from a mapping of settings; an unknown one is an error that names the nearest.

        Raises UsageError.
        """
        if isinstance(settings, Config):
            return settings
        known = [f.name for f in dataclasses.fields(cls)]
        for name in settings:
            if name not in known:
                raise UsageError(_unknown(name, known))
        if "store" not in settings:
            raise UsageError("The setting 'store' is missing: the folder of the graph to serve.")
        values = dict(settings)
        values["store"] = Path(str(values["store"]))
        if values.get("default_graph", "union") not in ("union", "unnamed"):
            raise UsageError(f"default_graph is {values['default_graph']!r}: it must be 'union' or 'unnamed'.")
        return cls(**values)  # type: ignore[arg-type]


def _unknown(name: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
    return f"There is no setting {name!r}; did you mean {near[0]!r}? All settings: {', '.join(known)}."


def tokens_from(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The token that `KG_TOKEN` sets, under the name `default`; none if it is unset or empty."""
    token = environ.get("KG_TOKEN", "").strip()
    return {"default": token} if token else {}
