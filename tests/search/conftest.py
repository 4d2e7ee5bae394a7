"""What the tests of search share with those of the server."""

from tests.server.conftest import server

__all__ = ["server"]
