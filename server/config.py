"""The server's settings: one value, made once, handed to every part.

Each setting says here what it is for, its unit and the least that it may be; the options of `kg serve`, the keys of
its file, and docs/reference/settings.md are made from that.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from kg.errors import UsageError

BASE = "http://localhost:8000/"
DefaultGraph = Literal["union", "unnamed"]
Unit = Literal["number", "seconds", "bytes", "file", "choice", "address", "addresses"]

_NOUNS = {"number": "a whole number", "seconds": "a number of seconds", "bytes": "a whole number of bytes"}


@dataclass(frozen=True, slots=True)
class Setting:
    """What can be set by whoever runs the server: a number, a file's name, one of `choices`, or web addresses."""

    name: str
    help: str
    unit: Unit
    default: int | float | str | tuple[str, ...] | None
    least: int = 0
    choices: tuple[str, ...] = ()

    def check(self, value: object) -> None:
        """Raises UsageError where `value` is not what it must be."""
        if self.unit == "choice":
            if value not in self.choices:
                raise UsageError(f"{self.name} is {value!r}: it must be {' or '.join(map(repr, self.choices))}.")
        elif self.unit == "addresses":
            if not isinstance(value, list | tuple) or not all(map(_is_address, value)):
                raise UsageError(f"{self.name} is {value!r}: it must be a list of addresses that begin with http.")
        elif self.unit == "address":
            if value is not None and not _is_address(value):
                raise UsageError(f"{self.name} is {value!r}: it must be an address that begins with http.")
        elif self.unit == "file":
            if value is not None and not isinstance(value, str):
                raise UsageError(f"{self.name} is {value!r}: it must be the name of a file.")
        else:
            fits = isinstance(value, int | float if self.unit == "seconds" else int) and not isinstance(value, bool)
            # Not "less than": nan is neither.
            if not fits or not (isinstance(value, int | float) and value >= self.least):
                raise UsageError(f"{self.name} is {value!r}: it must be {_NOUNS[self.unit]}, {self.least} or more.")


def _number(default: int, help: str, least: int = 1) -> int:
    return field(default=default, metadata={"unit": "number", "help": help, "default": default, "least": least})


def _seconds(default: float, help: str) -> float:
    return field(default=default, metadata={"unit": "seconds", "help": help, "default": default})


def _bytes(default: int, help: str, least: int = 1) -> int:
    return field(default=default, metadata={"unit": "bytes", "help": help, "default": default, "least": least})


def _addresses(help: str) -> tuple[str, ...]:
    return field(default=(), metadata={"unit": "addresses", "help": help, "default": ()})


def _address(help: str) -> str | None:
    return field(default=None, metadata={"unit": "address", "help": help, "default": None})


def _is_address(value: object) -> bool:
    return isinstance(value, str) and urlsplit(value).scheme in ("http", "https") and not set(value) & set(' <>"')


def _file(default: str | None, help: str) -> str | None:
    return field(default=default, metadata={"unit": "file", "help": help, "default": default})


@dataclass(frozen=True, slots=True)
class Config:
    """What can be set. Times are seconds, sizes are bytes, unless a name says otherwise.

    `store` is the folder of the graph, or of what is remembered of one that another server holds, at `address`.
    `base` is the IRI that the graph's own IRIs start with; a page's path is appended to it. `tokens` are the secrets
    that allow writing, by a name that goes into the audit log; without one, the server is read-only.
    """

    store: Path
    address: str | None = field(default=None, repr=False)
    base: str = BASE
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    default_graph: DefaultGraph = field(
        default="union",
        metadata={
            "unit": "choice",
            "help": "What a query sees without GRAPH and FROM: all graphs together, or only the unnamed one.",
            "default": "union",
            "choices": get_args(DefaultGraph),
        },
    )

    processes: int = _number(2, "How many processes answer HTTP.")
    workers: int = _number(4, "How many processes run queries, at most, for each that answers HTTP.")
    queue: int = _number(32, "How many requests may wait for a worker, in each process that answers HTTP.", least=0)
    queue_time: float = _seconds(10.0, "How long a request waits for a worker.")
    heavy_after: float = _seconds(
        1.0, "A query older than this gives way when others wait and such queries hold more than half of the workers."
    )

    query_time: float = _seconds(30.0, "How long a query may compute.")
    update_time: float = _seconds(300.0, "How long a change may take.")
    transfer_time: float = _seconds(600.0, "How long a client may take to fetch an answer.")
    stall_time: float = _seconds(30.0, "How long a client may take nothing of an answer.")
    query_size: int = _bytes(1_000_000, "How long the text of a query may be.")
    query_depth: int = _number(256, "How deep the brackets of a query may be nested.")
    body_size: int = _bytes(64_000_000, "How long the body of a request may be, also once it is decompressed.")
    answer_rows: int = _number(5_000_000, "How many rows or triples an answer may have.")
    answer_size: int = _bytes(2_000_000_000, "How long an answer may be.")
    worker_memory: int = _bytes(2_000_000_000, "How much memory a worker may take.")
    worker_stack: int = _bytes(512_000_000, "How much more it may take for deeply nested queries.", least=1_000_000)
    cache_size: int = _bytes(64_000_000, "How much memory each process keeps of answers, to give them again.", least=0)

    rate: int = _number(
        0, "How many requests a second one client may make on average, in each process; 0 is no limit.", least=0
    )
    burst: int = _number(100, "How many requests one client may make at once, where there is a rate.")
    connections: int = _number(
        200, "How many connections one client may have open, in each process; 0 is no limit.", least=0
    )

    services: tuple[str, ...] = _addresses(
        "The SPARQL endpoints that queries may ask by SERVICE, such as https://query.wikidata.org/sparql."
    )
    service_time: float = _seconds(10.0, "How long such an endpoint may take for one request.")
    service_rows: int = _number(10_000, "How many rows may come from such an endpoint for one SERVICE, or go to it.")

    license: str | None = _address(
        "Under which licence the graph is, for programs and search engines, such as https://creativecommons.org/licenses/by/4.0/."
    )

    access_log: str | None = _file(None, "Where each request is logged, as JSON lines; - is the standard error stream.")
    slow_log: str | None = _file("-", "Where requests with slow queries are logged, with the query.")
    slow_after: float = _seconds(5.0, "How long a query must take to be logged as slow.")

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
                raise UsageError(unknown(name, known))
        if "store" not in settings:
            raise UsageError("The setting 'store' is missing: the folder of the graph to serve, or its URL.")
        for setting in SETTINGS:
            if setting.name in settings:
                setting.check(settings[setting.name])
        # What `check` has let pass is of the right types.
        values: dict[str, Any] = {**settings, **_place(str(settings["store"]))}
        values["base"] = _base(values["store"], settings.get("base"))
        return cls(**values)


SETTINGS = tuple(Setting(found.name, **found.metadata) for found in dataclasses.fields(Config) if found.metadata)
"""All settings but those that name the graph and the tokens."""


def _place(store: str) -> dict[str, object]:
    """The settings that say where the graph is. Raises UsageError."""
    from kg.store import EMBEDDED, is_address, locate

    if not is_address(store):
        return {"store": Path(store)}
    return {"store": locate(store, EMBEDDED).folder, "address": store}


def _base(store: Path, wanted: object) -> str:
    """The base IRI of the graph in the folder `store`. Raises UsageError where it is another one than `wanted`."""
    from kg.store import LEDGER
    from kg.store.ledger import recorded_base

    found = recorded_base(store / LEDGER)
    if wanted is None:
        return found or BASE
    if not isinstance(wanted, str) or found not in (None, wanted):
        raise UsageError(f"This graph's base IRI is {found}, not {wanted!r}; leave out 'base', or make another graph.")
    return wanted


def unknown(name: str, known: Iterable[str], what: str = "setting") -> str:
    """The message on a setting that does not exist, with the nearest that does."""
    names = list(known)
    (near,) = difflib.get_close_matches(name, names, n=1, cutoff=0.0)
    return f"There is no {what} {name!r}; did you mean {near!r}? All settings: {', '.join(names)}."


def tokens_from(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The token that `KG_TOKEN` sets, under the name `default`; none if it is unset or empty."""
    token = environ.get("KG_TOKEN", "").strip()
    return {"default": token} if token else {}
