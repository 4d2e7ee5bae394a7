"""Asks other SPARQL endpoints on behalf of a query, within limits."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
import requests

from kg.errors import ServiceError
from kg.sparql.federation import Term

_ACCEPT = "application/sparql-results+json, application/sparql-results+xml;q=0.9"
_AGENT = "newsgraph (https://w3id.org/newsgraph)"
_CHUNK = 65_536
_LARGEST = 50_000_000
"""Bytes of an answer."""


@dataclass(frozen=True, slots=True)
class Services:
    """A client that gives each endpoint so many seconds."""

    seconds: float

    def fetch(self, address: str, query: str) -> tuple[Sequence[ox.Variable], Iterable[Sequence[Term | None]]]:
        """The variables and the rows of the answer. Raises `ServiceError`."""
        body, media_type = self._post(address, query)
        results = ox.QueryResultsFormat.from_media_type(media_type)
        if results is None:
            raise ServiceError(f"<{address}> answered with {media_type or 'no media type'}, which is no table.")
        try:
            answer = ox.parse_query_results(body, results)
            if not isinstance(answer, ox.QuerySolutions):
                raise ServiceError(f"<{address}> answered yes or no to a SELECT.")
            return answer.variables, [list(row) for row in answer]
        except (SyntaxError, ValueError) as error:
            raise ServiceError(f"The answer of <{address}> can't be read: {error}") from error

    def _post(self, address: str, query: str) -> tuple[bytes, str]:
        deadline = time.monotonic() + self.seconds
        try:
            # A redirect would lead to where nobody has allowed a query to go.
            with requests.post(
                address,
                data={"query": query},
                headers={"Accept": _ACCEPT, "User-Agent": _AGENT},
                timeout=self.seconds,
                stream=True,
                allow_redirects=False,
                auth=_nobody,
            ) as response:
                if response.status_code != requests.codes.ok:
                    reason = response.raw.read(300, decode_content=True).decode(errors="replace").strip()
                    raise ServiceError(f"<{address}> answered {response.status_code}: {' '.join(reason.split())}")
                found = bytearray()
                for chunk in response.iter_content(_CHUNK):
                    found += chunk
                    if len(found) > _LARGEST:
                        raise ServiceError(f"<{address}> answered with more than {_LARGEST:,} bytes.")
                    if time.monotonic() > deadline:
                        raise requests.Timeout
                return bytes(found), response.headers.get("Content-Type", "").partition(";")[0].strip()
        except requests.Timeout as error:
            message = f"<{address}> did not answer within {self.seconds:g} s. Ask for less, or again later."
            raise ServiceError(message, is_late=True) from error
        except requests.RequestException as error:
            raise ServiceError(f"<{address}> can't be asked: {error}") from error


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Not what ~/.netrc may hold for the host."""
    return request
