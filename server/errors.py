"""What the server answers instead of a result, one class for each status.

    Problem
    ├── BadRequest (400)      the request or the query in it is wrong
    ├── Unauthorized (401)    writing needs a token
    ├── Forbidden (403)       this server is read-only, or this query asks for what the server never does
    ├── NotFound (404)
    ├── NotAcceptable (406)   no format that the client accepts
    ├── Conflict (409)        the graph is not as the update needs it
    ├── Unmet (412)           a condition of the request is not met
    ├── TooLarge (413)        a limit on size was passed
    ├── Unsupported (415)     a body in a format that is not read here
    ├── Failed (500)          the engine failed on this query
    ├── BadGateway (502)      the server that holds the store failed
    ├── Busy (503)            come back later
    │   └── Gone              ... at once, for a newer snapshot or another process
    ├── TimedOut (503)        a limit on time was passed
    └── GatewayTimeout (504)  the server that holds the store did not answer in time

`Interrupted` is no answer: it breaks one that has already begun.
"""

from __future__ import annotations

from kg.errors import NewsgraphError


class Problem(NewsgraphError):
    """An answer that is an error. The message is for the client: what was wrong, and what to do."""

    status = 500

    @property
    def headers(self) -> dict[str, str]:
        return {}


class BadRequest(Problem):
    status = 400


class Unauthorized(Problem):
    status = 401

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": 'Bearer realm="newsgraph", Basic realm="newsgraph", charset="UTF-8"'}


class Forbidden(Problem):
    status = 403


class NotFound(Problem):
    status = 404


class NotAcceptable(Problem):
    status = 406


class Conflict(Problem):
    status = 409


class Unmet(Problem):
    status = 412


class TooLarge(Problem):
    status = 413


class Unsupported(Problem):
    status = 415


class UnsupportedCoding(Unsupported):
    """The compression of a body; the answer names the one that is read (RFC 9110, section 12.5.3)."""

    @property
    def headers(self) -> dict[str, str]:
        return {"Accept-Encoding": "gzip, identity"}


class Failed(Problem):
    status = 500


class BadGateway(Problem):
    status = 502


class Busy(Problem):
    status = 503

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "2"}


class Gone(Busy):
    """The snapshot that the query was to run on, or its process, has been replaced; the next one is there."""


class TimedOut(Problem):
    status = 503


class GatewayTimeout(Problem):
    status = 504


class Interrupted(NewsgraphError):
    """An answer that had begun can't be completed: the connection must end without its last chunk."""
