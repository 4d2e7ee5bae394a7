"""What a request of the SPARQL Protocol says: its parameters, in the URL and in a form, and its body."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import IO
from urllib.parse import parse_qsl

from flask import g, request
from pyoxigraph import NamedNode

from server.app import settings
from server.engine.engine import Dataset
from server.errors import BadRequest, TooLarge, Unsupported, UnsupportedCoding

FORM = "application/x-www-form-urlencoded"
_GZIP = 16 + zlib.MAX_WBITS
_PIECE = 1 << 16


def all_of(name: str) -> list[str]:
    """All values of a parameter. Raises BadRequest, TooLarge or Unsupported."""
    is_form = request.mimetype == FORM
    return [
        value for found, value in _pairs(request.query_string) + (_pairs(_form()) if is_form else []) if found == name
    ]


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise BadRequest("The parameters are not in UTF-8, percent-encoded.") from error
    except ValueError as error:
        raise BadRequest(f"The parameters can't be read: {error}.") from error


def _form() -> bytes:
    """The form that is the body. It is asked for several times."""
    form: bytes | None = getattr(g, "form", None)
    if form is None:
        form = g.form = data()
    return form


def one(name: str) -> str | None:
    """The one value of a parameter; None if it is not given. Raises BadRequest where it is given more than once."""
    values = all_of(name)
    if len(values) > 1:
        raise BadRequest(f"The parameter '{name}' is given {len(values)} times; give it once.")
    return values[0] if values else None


def dataset(default: str, named: str) -> Dataset | None:
    """The dataset that the request names in these two parameters; None if it names none. Raises BadRequest."""
    # A graph that is named twice is there once.
    graphs = tuple(tuple(dict.fromkeys(map(_checked, all_of(name)))) for name in (default, named))
    return (graphs[0], graphs[1]) if any(graphs) else None


def _checked(iri: str) -> str:
    try:
        return NamedNode(iri).value
    except ValueError as error:
        raise BadRequest(f"The graph {iri!r} is not an absolute IRI.") from error


def body() -> str:
    """The body of the request as text. Raises BadRequest, TooLarge or Unsupported."""
    try:
        # A byte order mark is none of the text.
        return data().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is not UTF-8: {error.reason} at byte {error.start}.") from error


def check_charset(parameters: Mapping[str, str]) -> None:
    """Raises Unsupported where the parameters of a media type tell a character set that is not read here."""
    charset = parameters.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise Unsupported(f"The character set is {charset}; it must be UTF-8.")


def data() -> bytes:
    """The body of the request, decompressed. Raises BadRequest, TooLarge or Unsupported."""
    check_charset(request.mimetype_params)
    coding = request.headers.get("Content-Encoding", "identity").lower()
    if coding == "identity":
        return request.get_data(cache=False)
    if coding not in ("gzip", "x-gzip"):
        raise UnsupportedCoding(f"The body is compressed with {coding}; send it plain, or with gzip.")
    try:
        return _decompress(request.stream, settings().body_size)
    except zlib.error as error:
        raise BadRequest(f"The body is not valid gzip: {error}.") from error


def _decompress(stream: IO[bytes], limit: int) -> bytes:
    found = bytearray()
    engine = zlib.decompressobj(_GZIP)
    while piece := stream.read(_PIECE):
        while piece:
            found += engine.decompress(piece, limit + 1 - len(found))
            if len(found) > limit:
                raise TooLarge(f"The body is longer than {limit:,} bytes when it is decompressed: the limit here.")
            piece = engine.unconsumed_tail
    if not engine.eof:
        raise BadRequest("The body ends before its gzip does.")
    return bytes(found)
