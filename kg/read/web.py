"""Fetches a page or a feed from the web: http and https only, within limits of time and size.

What a page or a feed leads to is not trusted like what the user named: from a public address, neither a redirect nor
a link reaches an address of this machine or of its network.
"""

from __future__ import annotations

import http.client
import socket
import threading
import urllib.request
import zlib
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.error import URLError
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from kg.errors import ReadError
from kg.read.source import Options, Source, shown
from kg.responses import USER_AGENT

ACCEPT = "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, application/pdf, */*;q=0.5"
MOST_REDIRECTS = 5
_CHUNK = 65_536
_URL_CHARACTERS = "%/:=&?~#+!$,;'@()*[]"


class _RefusedError(OSError):
    """An address that may not be fetched, or an answer that can't be used; the message is a clause."""


def fetch(url: str, options: Options, linked_from: str | None = None) -> Source | ReadError:
    """What stands at `url`, after redirects. `linked_from` is the feed that led there, None if the user named it."""
    guard = _Guard()
    timer = threading.Timer(options.timeout, guard.expire)
    timer.daemon = True
    timer.start()
    try:
        guard.trusted = urlsplit(linked_from or url).hostname or ""
        return _follow(url, options, guard)
    except URLError as error:
        return ReadError(shown(url), guard.reason(error.reason))
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
        return ReadError(shown(url), guard.reason(error))
    finally:
        timer.cancel()


def _follow(url: str, options: Options, guard: _Guard) -> Source:
    opener = urllib.request.OpenerDirector()  # knows no other scheme, opens no file, follows no redirect by itself
    for handler in (urllib.request.ProxyHandler(), _Http(guard), _Https(guard)):
        opener.add_handler(handler)
    address = url
    for _ in range(MOST_REDIRECTS + 1):
        request = urllib.request.Request(_ascii(address), headers={"User-Agent": USER_AGENT, "Accept": ACCEPT})
        with opener.open(request, timeout=options.timeout) as response:
            target = response.headers.get("Location")
            if not (300 <= response.status < 400 and target):
                return _content(response, url, address, options, guard)
        address = urljoin(address, target.encode("latin-1").decode("utf-8", "replace").strip())
        if urlsplit(address).scheme not in ("http", "https"):
            raise _RefusedError(f"redirects to {shown(address)}: only http and https are fetched")
    raise _RefusedError(f"redirects more than {MOST_REDIRECTS} times")


def _content(response: http.client.HTTPResponse, named: str, address: str, options: Options, guard: _Guard) -> Source:
    if response.status != HTTPStatus.OK:
        raise _RefusedError(f"the server answered {response.status} {shown(response.reason)}".rstrip())
    return Source(
        name=shown(named),
        location=address,
        data=_body(response, options.max_bytes, guard),
        options=options,
        url=address,
        media_type=response.headers.get_content_type(),
        charset=response.headers.get_content_charset(),
    )


def _body(response: http.client.HTTPResponse, most: int, guard: _Guard) -> bytes:
    packed = (response.headers.get("Content-Encoding") or "").strip().lower() in ("gzip", "x-gzip", "deflate")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if packed else None
    body = bytearray()
    while chunk := response.read1(_CHUNK):
        body += unpack.decompress(chunk, most + 1) if unpack else chunk
        if len(body) > most:
            raise _RefusedError(f"is larger than {most:,} bytes")
    if response.length or guard.expired:
        raise _RefusedError("the connection ended before the whole of it was sent")
    return bytes(body)


def _ascii(url: str) -> str:
    """`url` in ASCII (RFC 3987, 3.1): what people copy from a browser may hold letters of any script."""
    parts = urlsplit(url)
    if parts.username is not None:
        raise _RefusedError("holds a user's name: only public addresses are fetched")
    host = (parts.hostname or "").encode("idna").decode() if not (parts.hostname or "").isascii() else parts.netloc
    netloc = f"{host}:{parts.port}" if host != parts.netloc and parts.port else host
    path, query = quote(parts.path, safe=_URL_CHARACTERS), quote(parts.query, safe=_URL_CHARACTERS)
    return urlunsplit((parts.scheme, netloc, path, query, ""))


class _Guard:
    """Watches the connections of one download: where they lead, and how long they take."""

    def __init__(self) -> None:
        self.trusted = ""  # the host that the user named
        self.expired = False
        self._socket: socket.socket | None = None

    def connected(self, connection: socket.socket, direct: bool) -> None:
        self._socket = connection
        address = connection.getpeername()[0]
        if direct and not _public(address) and _is_public(self.trusted):
            raise _RefusedError(f"leads to {address}, an address of this machine or its network")

    def expire(self) -> None:
        self.expired = True
        if self._socket:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # closed already: the download has ended by itself

    def reason(self, error: str | BaseException) -> str:
        """Why a download failed, as a clause."""
        if self.expired or isinstance(error, TimeoutError):
            return "took too long to answer"
        text = shown(str(error)) or type(error).__name__
        return text if isinstance(error, _RefusedError) else f"can't be fetched ({text})"


def _public(address: str) -> bool:
    found = ip_address(address.split("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_global


def _is_public(host: str) -> bool:
    return any(_public(str(entry[4][0])) for entry in socket.getaddrinfo(host, None))


class _Plain(http.client.HTTPConnection):
    watch: Callable[[socket.socket], None]

    def connect(self) -> None:
        super().connect()
        self.watch(self.sock)


class _Secure(http.client.HTTPSConnection):
    watch: Callable[[socket.socket], None]

    def connect(self) -> None:
        super().connect()
        self.watch(self.sock)


class _Http(urllib.request.HTTPHandler):
    def __init__(self, guard: _Guard) -> None:
        super().__init__()
        self.guard = guard

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        def connection(host: str, /, **options: Any) -> _Plain:
            made = _Plain(host, **options)
            made.watch = partial(self.guard.connected, direct=_is_direct(req))
            return made

        return self.do_open(connection, req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, guard: _Guard) -> None:
        super().__init__()
        self.guard = guard

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        def connection(host: str, /, **options: Any) -> _Secure:
            made = _Secure(host, **options)
            made.watch = partial(self.guard.connected, direct=_is_direct(req))
            return made

        return self.do_open(connection, req)


def _is_direct(request: urllib.request.Request) -> bool:
    """Whether the request goes to the address that it names, not to a proxy."""
    return request.host == urlsplit(request.full_url).netloc
