"""Speaks the SPARQL 1.1 protocol over HTTP; what goes wrong is said with what to do, and never with a password."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit, urlunsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from kg.errors import LateError, QueryError, StoreError, UsageError
from kg.responses import cause

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Parameters = list[tuple[str, str]]
_SECONDS = 60.0
_TO_CONNECT = 10.0
_CHUNK = 65_536
_SHOWN = 300
_NODE = b'"nodeID://'
_MALFORMED = (400, 413)
_FORBIDDEN = (401, 403)
_LATE = (408, 504)
_BUSY = (429, 503)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a store listens. `kind` is a name of `kg.stores`; `user` is None where nobody is named.

    `update` and `graphs` (the Graph Store) are None where the address does not tell.
    """

    kind: str
    query: str
    update: str | None
    graphs: str | None
    user: str | None
    password: str | None

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `https://user:password@host/sparql#update=URL&graphs=URL`, or `kind+https://…`.

        Raises `UsageError`.
        """
        kind, _, rest = text.partition("+") if "+" in text.partition("://")[0] else ("remote", "", text)
        try:
            parts = urlsplit(rest)
            port = parts.port
        except ValueError as error:
            raise UsageError(f"The address of the store is malformed: {error}.") from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"A store is reached over http or https, not {parts.scheme or 'nothing'}: name a URL.")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        place = host if port is None else f"{host}:{port}"
        query = urlunsplit((parts.scheme, place, parts.path or "/", parts.query, ""))
        others = dict(parse_qsl(parts.fragment))
        if unknown := sorted(others.keys() - {"update", "graphs"}):
            raise UsageError(f"The store's address may end in #update=URL&graphs=URL, not in {unknown[0]!r}.")
        update, graphs = (urljoin(query, others[name]) if name in others else None for name in ("update", "graphs"))
        user, password = (None if part is None else unquote(part) for part in (parts.username, parts.password))
        return cls(kind, query, update, graphs, user, password)

    @property
    def folder(self) -> Path:
        """Where on this machine is kept what newsgraph remembers of the graph: `KG_STATE`, or what the system says."""
        root = os.environ.get("KG_STATE")
        if root is None:
            home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
            root = str(Path(home) / "newsgraph")
        name = re.sub(r"[^a-z0-9]+", "-", self.query.partition("://")[2].lower()).strip("-")
        return Path(root) / f"{name[:60]}-{blake2b(self.query.encode(), digest_size=4).hexdigest()}"


def credentials(address: Address, is_digest: bool) -> AuthBase | None:
    """Who asks: as the address says, or `KG_STORE_TOKEN`, or `KG_STORE_USER` and `KG_STORE_PASSWORD`."""
    token = os.environ.get("KG_STORE_TOKEN")
    if address.user is None and token:
        return _Bearer(token)
    user = address.user if address.user is not None else os.environ.get("KG_STORE_USER")
    if not user:
        return None
    password = address.password if address.password is not None else os.environ.get("KG_STORE_PASSWORD", "")
    return HTTPDigestAuth(user, password) if is_digest else HTTPBasicAuth(user.encode(), password.encode())


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Endpoint:
    """A connection that is kept open between requests."""

    def __init__(self, query: str, update: str, auth: AuthBase | None) -> None:
        self.query_url = query
        self.update_url = update
        self._session = requests.Session()
        # Not what ~/.netrc may hold for the host.
        self._session.auth = auth or _nobody
        self._session.headers["User-Agent"] = "newsgraph"
        self.seconds = _timeout()

    def query(self, text: str, accept: str, parameters: Parameters) -> requests.Response:
        """The answer to a query, whose body is still to be read. Raises `QueryError` and `StoreError`."""
        form = [("query", text), *parameters]
        try:
            return self._post(self.query_url, form, {"Accept": accept})
        except _LostError:
            # The server may have closed a connection that was idle; asking again does no harm.
            return self._post(self.query_url, form, {"Accept": accept})

    def update(self, text: str, parameters: Parameters) -> None:
        """Carry out an update. Raises `QueryError` and `StoreError`."""
        self._post(self.update_url, [("update", text), *parameters], {}).close()

    def send(self, url: str, body: bytes | Iterator[bytes], media_type: str) -> None:
        """Add RDF to the store by the Graph Store protocol."""
        self._post(url, body, {"Content-Type": media_type}).close()

    def server(self) -> str:
        """What the server calls itself, whatever it answers. Raises `StoreError`."""
        try:
            with self._session.get(
                self.query_url, timeout=(_TO_CONNECT, self.seconds), stream=True, allow_redirects=False
            ) as response:
                return " ".join(response.headers.get(name, "") for name in ("Server", "X-Store"))
        except requests.RequestException as error:
            raise self.lost(error, self.query_url) from error

    def close(self) -> None:
        self._session.close()

    def _post(
        self, url: str, body: bytes | Iterable[bytes] | Parameters, headers: Mapping[str, str]
    ) -> requests.Response:
        try:
            response = self._session.post(
                url,
                data=body,
                headers=dict(headers),
                timeout=(_TO_CONNECT, self.seconds),
                stream=True,
                allow_redirects=False,
            )
            if not response.ok or response.is_redirect:
                with response:
                    raise self._refusal(url, response)
        except requests.RequestException as error:
            raise self.lost(error, url) from error
        return response

    def _refusal(self, url: str, response: requests.Response) -> QueryError | StoreError:
        """What an answer means that is none."""
        status = response.status_code
        lines = [line.strip() for line in response.text.splitlines() if line.strip()]
        is_text = "html" not in response.headers.get("Content-Type", "")
        reason = lines[0][:_SHOWN] if lines and is_text else response.reason
        if status in _FORBIDDEN or "SECURITY:" in reason:
            return StoreError(
                f"The store at {url} refuses access ({status} {reason}): set KG_STORE_USER and KG_STORE_PASSWORD, "
                "or KG_STORE_TOKEN, to what it accepts."
            )
        if response.is_redirect:
            return StoreError(
                f"The store at {url} is said to be at {_bare(response.headers.get('Location', ''))}: name that address."
            )
        if status in _MALFORMED:
            return QueryError(f"The store at {url} refuses the request ({status}): {reason}")
        if status in _LATE:
            return LateError(f"The store at {url} gave up within its own time limit ({status}): ask for less.")
        if status in _BUSY:
            return StoreError(f"The store at {url} is too busy ({status}): try again later.")
        if status in (404, 405):
            return StoreError(f"There is no SPARQL endpoint at {url} ({status}): check the store's address.")
        return StoreError(f"The store at {url} failed ({status}): {reason}")

    def lost(self, error: requests.RequestException, url: str) -> StoreError:
        """What it means that no answer came, or only its beginning."""
        if isinstance(error, requests.Timeout):
            return LateError(
                f"The store at {url} did not answer within {self.seconds:g} s: ask for less, or set KG_STORE_TIMEOUT."
            )
        if isinstance(error, requests.exceptions.SSLError):
            return StoreError(f"The certificate of {url} is not trusted: {cause(error)}.")
        if isinstance(error, requests.exceptions.ChunkedEncodingError):
            return StoreError(f"The answer of {url} broke off: the server failed, or was stopped.")
        if isinstance(error, requests.ConnectionError):
            return _LostError(f"The store at {url} can't be reached ({cause(error)}). Is it running?")
        return StoreError(f"The store at {url} can't be asked: {cause(error)}.")


class _LostError(StoreError):
    """No answer has begun."""


class Body(io.RawIOBase):
    """The body of an answer as a file, read as it comes. Raises `StoreError` where it breaks off."""

    def __init__(self, endpoint: Endpoint, response: requests.Response) -> None:
        self._endpoint = endpoint
        self._response = response
        self._chunks = self._plain_nodes(response.iter_content(_CHUNK))
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        try:
            while not self._rest:
                self._rest = next(self._chunks)
        except StopIteration:
            return 0
        except requests.RequestException as error:
            raise self._endpoint.lost(error, self._endpoint.query_url) from error
        found, self._rest = self._rest[: len(view)], self._rest[len(view) :]
        view[: len(found)] = found
        return len(found)

    def close(self) -> None:
        self._response.close()
        super().close()

    @staticmethod
    def _plain_nodes(chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Virtuoso calls blank nodes `nodeID://b1`, which is no name of one. (In strings the quotation mark is \\".)"""
        kept = b""
        for chunk in chunks:
            kept = (kept + chunk).replace(b'": ' + _NODE, b'": "')
            cut = max(0, len(kept) - len(_NODE) - 2)
            yield kept[:cut]
            kept = kept[cut:]
        yield kept


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _timeout() -> float:
    text = os.environ.get("KG_STORE_TIMEOUT", "")
    try:
        seconds = float(text or _SECONDS)
    except ValueError as error:
        raise UsageError(f"KG_STORE_TIMEOUT is a number of seconds, not {text!r}.") from error
    if not seconds > 0:
        raise UsageError(f"KG_STORE_TIMEOUT is a number of seconds above 0, not {text}.")
    return seconds


def _bare(url: str) -> str:
    """An address without credentials."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
