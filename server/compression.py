"""Answers are compressed with gzip for clients that accept it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from flask import Response, request

_GZIP = 16 + zlib.MAX_WBITS
_LEVEL = 1
"""The fastest: RDF and tables of results shrink to a tenth even so."""
_WORTH_IT = 1000
_TYPES = ("text/", "application/", "image/svg")


def compress(response: Response) -> Response:
    """The same response, compressed if that is accepted and worth it."""
    if not (response.mimetype or "").startswith(_TYPES) or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    if (
        request.accept_encodings.quality("gzip") <= 0
        or "Content-Encoding" in response.headers
        or response.status_code in (204, 304)
        or request.method == "HEAD"
    ):
        return response
    if response.is_streamed:
        response.response = _pieces(response.response)  # type: ignore[arg-type]
    else:
        content = response.get_data()
        if len(content) < _WORTH_IT:
            return response
        response.set_data(b"".join(_pieces([content])))
    response.headers["Content-Encoding"] = "gzip"
    return response


def _pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Each piece leaves as soon as it has come."""
    engine = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        compressed = engine.compress(piece) + engine.flush(zlib.Z_SYNC_FLUSH)
        yield compressed
    yield engine.flush()
