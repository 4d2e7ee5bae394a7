"""What is wrong with a request whatever it asks: RFC 9110 and 9112."""

from __future__ import annotations

import re
from http import HTTPStatus

from server.asgi_types import Scope

HEAD = 1 << 16
"""The most bytes of a request line with its headers; a query in a URL is a part of it."""
_HOST = re.compile(rb"(?:[\w.~!$&'()*+,;=%-]+|\[[\da-fA-F:.]+\])?(?::\d*)?")
Fault = tuple[HTTPStatus, str]
"""The status of the answer, and what it says."""


def is_host(value: bytes) -> bool:
    """Whether this may be the value of the header `Host`."""
    return _HOST.fullmatch(value) is not None


def too_long(target: int) -> Fault:
    """The fault of a head that is longer than `HEAD`, with a target (or what has come of it) of so many bytes."""
    if target > HEAD // 2:
        return HTTPStatus.REQUEST_URI_TOO_LONG, (
            f"The head of the request is longer than {HEAD:,} bytes, which is the limit here. Send the query by POST."
        )
    return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, (
        f"The headers of the request are longer than {HEAD:,} bytes, which is the limit here."
    )


def fault(scope: Scope) -> Fault | None:
    """What is wrong with a request, if anything is."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    target = len(scope["raw_path"]) + len(scope["query_string"])
    if target + sum(len(name) + len(value) + 4 for name, value in headers) > HEAD:
        return too_long(target)
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) > 1 or not all(map(is_host, hosts)) or (not hosts and scope["http_version"] == "1.1"):
        return HTTPStatus.BAD_REQUEST, "A request needs one header 'Host', with the name of the server."
    for name, value in headers:
        if name == b"transfer-encoding" and value.strip().lower() != b"chunked":
            return HTTPStatus.NOT_IMPLEMENTED, "The only transfer coding that is understood here is 'chunked'."
        if name == b"expect" and value.strip().lower() != b"100-continue":
            return HTTPStatus.EXPECTATION_FAILED, "The only expectation that is met here is '100-continue'."
    return None
