"""A store that another server holds, in the place of a snapshot: it is asked anew each time."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from kg.errors import LateError, QueryError, RefusedError, StoreError
from kg.store import EMBEDDED, STORE, Store, locate, open_store
from kg.store.embedded import EmbeddedStore
from server.config import Config
from server.engine import services
from server.engine.messages import Failure

_ADDRESS = "NEWSGRAPH_ADDRESS"
"""The variable in which a process that reads or writes the graph finds the address of the store. (An argument could
be read by the other users of the machine.)"""
_HIDDEN = re.compile(r"\\u00[0-7][0-9a-f]|\\U000000[0-7][0-9a-f]", re.IGNORECASE)
"""What some servers read as the character itself before they tell strings from the rest, and some don't."""
_INTERNAL = re.compile(r"<\s*(?:bif|sql|java):", re.IGNORECASE)
"""How IRIs begin that stand for a server's own functions, or for any program's: files, commands, connections."""


def environment(config: Config) -> dict[str, str]:
    """What a process that reads or writes the graph is started with."""
    return {**os.environ, _ADDRESS: config.address or "", **services.environment(config)}


def address() -> str | None:
    """Where the store is that this process reads or writes; None for one on this machine."""
    return os.environ.get(_ADDRESS) or None


def opened(address: str) -> Store:
    """The store at an address. Raises StoreError where it can't be reached, and UsageError where it can't be one."""
    place = locate(address, EMBEDDED)
    assert place.folder is not None
    return open_store(place.kind, place.folder / STORE, address)


def check_query(text: str, base: str, prefixes: Mapping[str, str]) -> None:
    """Refuse what is no SPARQL, or means something that only the other server knows.

    Not every client may ask for all that the credentials allow which this server has there. Raises QueryError.
    """
    _check_words(text)
    try:
        EmbeddedStore().query(text, base=base, prefixes=prefixes, union=True)
    except QueryError as error:
        _raise_if_malformed(error)


def check_update(text: str, base: str, prefixes: Mapping[str, str]) -> None:
    """As `check_query`, for an update. Raises QueryError."""
    _check_words(text)
    try:
        EmbeddedStore().update(text, base=base, prefixes=prefixes)
    except QueryError as error:
        _raise_if_malformed(error)


def _check_words(text: str) -> None:
    hidden = _HIDDEN.search(text)
    if hidden is not None:
        raise QueryError(f"The character {hidden[0]} must be written as it is, or as \\n, \\t, \\\", \\' or \\\\.")
    if _INTERNAL.search(text):
        raise RefusedError("IRIs that begin with bif:, sql: or java: are refused: they stand for programs.")


def _raise_if_malformed(error: QueryError) -> None:
    # Any other error comes of the store that this was tried on, which is empty.
    if isinstance(error, RefusedError) or isinstance(error.__cause__, SyntaxError):
        raise error


def failure(error: StoreError) -> Failure:
    """What the client is told."""
    if address() is None:
        return Failure("failed", str(error))
    return Failure("late" if isinstance(error, LateError) else "unreachable", str(error))
