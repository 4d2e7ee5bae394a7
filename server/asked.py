"""What a request asks, if it is a plain query, found in its bytes without a parser.

All else is left to one: this takes only what every parser would take, and in the same way.
"""

from __future__ import annotations

import binascii
import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

from server import formats, jsonld
from server.faults import HEAD, is_host

_GET, _POST, _VERSION = b"GET /sparql?query=", b"POST /sparql", b" HTTP/1.1"
_FORM, _QUERY = b"application/x-www-form-urlencoded", b"application/sparql-query"
_HEADERS = 4096
"""The most bytes of headers that are read here."""
_HEADER = re.compile(rb"([a-z-]+):[ \t]*([\x20-\x7e\t]*)", re.IGNORECASE)
_VALUE = re.compile(rb"[^\x00-\x20\"#&<>\x7f-\xff]*")
"""The value of the one parameter that there is, as every parser of HTTP takes it."""
_RESULTS = tuple(formats.RESULTS.values())
_GRAPHS = tuple(formats.GRAPHS.values())
_ALL = (*_RESULTS, *_GRAPHS, formats.HTML)
_HANDLED = {b"accept", b"accept-encoding", b"host", b"user-agent", b"accept-language", b"origin", b"referer",
            b"cache-control", b"pragma", b"content-type", b"content-length", b"connection"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the headers of a request say: the formats of its answer as keys of `server.formats`, and of its body."""

    results: str | None
    graph: str | None
    packed: bool
    kind: bytes | None
    length: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and how its answer is wanted."""

    text: str
    wanted: Wanted


def asked(data: bytes) -> Asked | None:
    """What a request asks, if it has come whole and is a plain query."""
    head, end, body = data.partition(b"\r\n\r\n")
    line, _, headers = head.partition(b"\r\n")
    if not end or len(head) > HEAD or len(headers) > _HEADERS or not line.endswith(_VERSION):
        return None
    wanted = _wanted(headers)
    if wanted is None or wanted.length != len(body):
        return None
    target = line[: -len(_VERSION)]
    text = None
    if target.startswith(_GET):
        text = None if wanted.kind or body else _decoded(target[len(_GET) :])
    elif target == _POST and wanted.kind == _FORM and body.startswith(b"query="):
        text = _decoded(body[len(b"query=") :])
    elif target == _POST and wanted.kind == _QUERY:
        # A byte order mark is none of the query.
        text = _utf8(body.removeprefix(codecs.BOM_UTF8))
    return None if text is None else Asked(text, wanted)


def _decoded(value: bytes) -> str | None:
    """The value of a parameter; None where it is none, or needs more care.

    As `urllib.parse.unquote_plus`, in a tenth of its time: quoted-printable differs from percent-encoding in one sign.
    """
    if not _VALUE.fullmatch(value):
        return None
    text = binascii.a2b_qp(value.replace(b"=", b"=3D").replace(b"%", b"=").replace(b"+", b" "))
    # What is no pair of hexadecimal digits stays as it is.
    return _utf8(text) if len(text) == len(value) - 2 * value.count(b"%") else None


def _utf8(text: bytes) -> str | None:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return None


@lru_cache(maxsize=1024)
def _wanted(headers: bytes) -> Wanted | None:
    """What the headers say; None where they say more than is understood here."""
    found: dict[bytes, bytes] = {}
    for line in headers.split(b"\r\n"):
        match = _HEADER.fullmatch(line)
        name = match[1].lower() if match else b""
        if match is None or name not in _HANDLED or name in found:
            return None
        found[name] = match[2].strip()
    if b"host" not in found or not is_host(found[b"host"]):
        return None
    length = found.get(b"content-length", b"0")
    if not length.isdigit() or found.get(b"connection", b"keep-alive").lower() != b"keep-alive":
        return None
    chosen = _formats(found.get(b"accept", b"").decode())
    if chosen is None:
        return None
    packed = formats.accepts_gzip(found.get(b"accept-encoding", b"").decode())
    kind = found.get(b"content-type")
    return Wanted(*chosen, packed, kind and kind.lower(), int(length))


def _formats(accept: str) -> tuple[str | None, str | None] | None:
    """The formats of tables and of triples that a client prefers; None for one that wants a page, or nothing of these."""
    results, graph = formats.best(accept, _RESULTS), formats.best(accept, _GRAPHS)
    if (results is None and graph is None) or jsonld.PROFILE in accept or formats.best(accept, _ALL) is formats.HTML:
        return None
    return results.key if results else None, graph.key if graph else None
