"""What passes between the server and the processes that run queries: pickled, over a socket that only they hold."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["boolean", "solutions", "graph"]
WIKIBASE = "wikibase"
"""The `shape` of a query that sees Wikibase's form of the graph."""
READY = struct.Struct("d")
"""What a worker writes to its standard output once it has started up: when that was, by `time.monotonic`."""


class Query(NamedTuple):
    """A query to run on the snapshot in the folder `snapshot`.

    `results` and `graph` are the formats of the answer (keys of `server.formats`), for a query that gives a table or
    a boolean, and for one that gives triples; None if the client accepts none. `default_graphs` and `named_graphs`
    are the dataset that the request names, None if it names none; then `union` tells whether the default graph is
    the union of all graphs. An answer of more than `size` bytes or `rows` rows is broken off. `shape` is empty for the
    graph as it is, and `WIKIBASE` for Wikibase's form of it.

    No dataclass, for it is pickled with each query, which takes half the time so.
    """

    snapshot: str
    text: str
    results: str | None
    graph: str | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    union: bool
    base: str
    size: int
    rows: int
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Queries on one snapshot, to run one after the other.

    After the `deadline`, by `time.monotonic`, and after an answer that is not a `Whole`, none is begun any more. If some
    are left then, `Left` is sent, so that who asks can give them to another process.
    """

    queries: tuple[Query, ...]
    deadline: float


@dataclass(frozen=True, slots=True)
class Left:
    """The other queries of the batch are not going to be run."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a page shows, from the snapshot in the folder `snapshot`: `function` of `server.lookups`, applied to it.

    `ledger` is the file of the graph's ledger.
    """

    snapshot: str
    ledger: str
    base: str
    function: str
    arguments: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The answer begins: pieces of bytes follow, an empty one, and an `End`."""

    kind: Kind
    format: str


@dataclass(frozen=True, slots=True)
class Whole:
    """An answer that is short enough to be sent at once. `hint` tells why it may be empty."""

    kind: Kind
    format: str
    body: bytes
    hint: str = ""

    def __iter__(self) -> Iterator[bytes]:
        yield self.body

    def close(self) -> None:
        """There is nothing to end."""


@dataclass(frozen=True, slots=True)
class End:
    """The answer is complete, or was broken off because of `failure`."""

    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer. `reason` is a whole sentence for the client."""

    what: Literal[
        "malformed",
        "refused",
        "not acceptable",
        "too large",
        "conflict",
        "failed",
        "gone",
        "unreachable",
        "late",
        "unmet",
        "unready",
    ]
    reason: str


@dataclass(frozen=True, slots=True)
class Update:
    """A SPARQL update. `using` are the default and the named graphs that the request names, None if it names none."""

    text: str
    base: str
    author: str
    using: tuple[tuple[str, ...], tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Triples in `format`, a key of `server.formats.GRAPHS`; relative IRIs begin with `base`."""

    data: bytes
    format: str
    base: str


@dataclass(frozen=True, slots=True)
class Write:
    """A change of one graph (the unnamed one if `graph` is None): to hold just `parts`, to hold them too, or to go.

    IRIs that are made for it begin with `base`. It is made only if the graph `existed` before, or did not, and if the
    store still has this `version`, where these are given.
    """

    action: Literal["replace", "add", "delete"]
    graph: str | None
    parts: tuple[Part, ...]
    author: str
    base: str
    existed: bool | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Decide:
    """A decision of a person in JSON, as `kg.deciding.Deciding.run` takes it."""

    text: str
    base: str
    author: str


@dataclass(frozen=True, slots=True)
class Written:
    """The change is durable and the next query sees it. `existed`: the graph was there before. `told` is in JSON."""

    version: int
    existed: bool = True
    told: str = ""
