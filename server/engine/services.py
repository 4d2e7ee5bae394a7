"""Which other endpoints a query may ask, as the processes that run queries are told."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Mapping

from kg.errors import RefusedError
from kg.store.embedded import EmbeddedStore
from server.config import Config

_VARIABLE = "NEWSGRAPH_SERVICES"


def environment(config: Config) -> dict[str, str]:
    """What a process that runs queries must have in its environment."""
    settings = [list(config.services), config.service_time, config.service_rows]
    return {_VARIABLE: json.dumps(settings) if config.services else ""}


def expanded(text: str, ask: Callable[[str], object], base: str, prefixes: Mapping[str, str]) -> str:
    """The query with the answers of other endpoints in the place of `SERVICE`; as it is where none may be asked.

    Raises `QueryError`, `RefusedError` or `ServiceError`.
    """
    settings = os.environ.get(_VARIABLE)
    if not settings or "service" not in text.lower():
        return text
    # Most workers never need it.
    from kg.sparql.federation import Federation
    from kg.store.services import Services

    # Nobody is asked because of a query that is malformed.
    with contextlib.suppress(RefusedError):
        EmbeddedStore().query(text, base=base, prefixes=prefixes, union=True)
    addresses, seconds, rows = json.loads(settings)
    return Federation(frozenset(addresses), rows, Services(seconds).fetch).expand(text, ask, prefixes)
