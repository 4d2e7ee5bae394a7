"""Answers are compressed with gzip for clients that accept it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator

from flask import Response, request

from server.formats import accepts_gzip

_GZIP = 16 + zlib.MAX_WBITS
_LEVEL = 1
"""The fastest: RDF and tables of results shrink to a tenth even so."""
_WORTH_IT = 1000
_TYPES = ("text/", "application/", "image/svg")
_files: dict[str, bytes] = {}
"""The files of pages in gzip, by their entity tags: they are few, and compressed well once."""


def compress(response: Response) -> Response:
    """The same response, compressed if that is accepted and worth it."""
    if not (response.mimetype or "").startswith(_TYPES):
        return response
    response.vary.add("Accept-Encoding")
    if (
        not accepts_gzip(request.headers.get("Accept-Encoding", ""))
        or "Content-Encoding" in response.headers
        or response.status_code in (204, 206, 304)
        or request.method == "HEAD"
    ):
        return response
    if response.is_streamed and not response.direct_passthrough:
        response.response = _pieces(response.iter_encoded())
    else:
        packed = _file(response) if response.direct_passthrough else pack(response.get_data())
        if packed is None:
            return response
        response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    return response


def _file(response: Response) -> bytes | None:
    """The file that is the response in gzip; None if that is not worth it. Another representation has no strong tag."""
    response.direct_passthrough = False
    content = response.get_data()
    tag, _ = response.get_etag()
    if tag is None or len(content) < _WORTH_IT:
        return None
    response.set_etag(tag, weak=True)
    if tag not in _files:
        _files[tag] = gzip.compress(content, mtime=0)
    return _files[tag]


def pack(content: bytes) -> bytes | None:
    """`content` in gzip; None if it is so short that it is not worth it."""
    return None if len(content) < _WORTH_IT else b"".join(_pieces([content]))


def _pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Each piece leaves as soon as it has come."""
    engine = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        compressed = engine.compress(piece) + engine.flush(zlib.Z_SYNC_FLUSH)
        yield compressed
    yield engine.flush()
