"""One server for all cases, over three small graphs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.cases.case import AUTHORIZED, EX, TURTLE, send
from tests.server.conftest import TOKEN, Server, running


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that may be written to, with a default graph and the graphs one and two."""
    folder = tmp_path_factory.mktemp("cases")
    with running(folder / "graph", folder / "log", token=TOKEN) as found:
        for target, name in (("default", "zero"), (f"graph={EX}one", "one"), (f"graph={EX}two", "two")):
            data = f"<{EX}s> <{EX}name> '{name}' .".encode()
            put = send(found, "PUT", f"/graphs?{target}", {"Content-Type": TURTLE, **AUTHORIZED}, data)
            assert put.status in (201, 204)
        yield found
