"""Asks a service as its operators wish: one question at a time, with a name and an address, patiently, and none twice.

https://www.mediawiki.org/wiki/API:Etiquette, https://foundation.wikimedia.org/wiki/Policy:User-Agent_policy
"""

from __future__ import annotations

import fcntl
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any

import requests
from urllib3.exceptions import HTTPError

from kg.errors import ServiceError, UsageError
from kg.link.settings import Linking
from kg.responses import USER_AGENT, cause, retry_after

_LONGEST_WAIT = 60.0
_TO_CONNECT = 10.0
_MOST_BYTES = 50_000_000
_CHUNK = 65_536
_SHOWN = 200
_AGAIN = (408, 425, 429, 500, 502, 503, 504)
_DAY = 86_400.0
_RESTS = 300.0
"""Seconds for which a service that could not be reached is not asked again."""
_MAXLAG = "maxlag"
_FILE, _TURN = "answers", "turn"


class Client:
    """A connection to one service, and the answers that it gave before, by what they answer."""

    def __init__(self, address: str, linking: Linking) -> None:
        self.address = address
        self._linking = linking
        self._session = requests.Session()
        contact = f"; {linking.contact}" if linking.contact else ""
        self._session.headers["User-Agent"] = f"{USER_AGENT.removesuffix(')')}{contact})"
        # Not what ~/.netrc may hold for the host.
        self._session.auth = lambda request: request
        self._kept = Kept(linking.kept, linking.keep)
        self._lost: tuple[float, str] | None = None

    def kept(self, question: str) -> Any:
        """The answer to a question that is known from another time; None where there is none."""
        return self._kept.get(f"{self.address}\n{question}")

    def keep(self, question: str, answer: Any) -> None:
        """Remember an answer."""
        self._kept.put(f"{self.address}\n{question}", answer)

    def get(self, parameters: Mapping[str, str], path: str = "") -> Any:
        """The JSON that stands at the address. Raises ServiceError where there is none, whatever is tried."""
        return self._patiently(lambda: self._answer("GET", path, params=parameters))

    def post(self, path: str = "", **body: Any) -> Any:
        """The JSON that answers what is sent. Raises ServiceError."""
        return self._patiently(lambda: self._answer("POST", path, **body))

    def download(self, into: IO[bytes], **request: Any) -> None:
        """Write the answer to what is sent into a file, however long it is. Raises ServiceError."""
        self._patiently(lambda: self._save(into, **request))

    def _patiently(self, ask: Callable[[], Any]) -> Any:
        if self._lost is not None and time.monotonic() < self._lost[0]:
            raise ServiceError(self._lost[1])
        wait = self._linking.wait
        with self._kept.turn():
            for left in range(self._linking.retries, -1, -1):
                try:
                    return ask()
                except _BusyError as error:
                    pause = max(wait, error.wait or 0.0)
                    if not left or pause > _LONGEST_WAIT:
                        self._lost = (time.monotonic() + _RESTS, f"{self.address} {error}")
                        raise ServiceError(self._lost[1]) from error
                    time.sleep(pause)
                    wait *= 2
        raise AssertionError("a question is asked at least once")

    def _answer(self, method: str, path: str, **request: Any) -> Any:
        seconds = self._linking.timeout
        end = time.monotonic() + seconds
        content = bytearray()
        with self._opened(method, path, request) as response:
            for chunk in _chunks(response):
                content += chunk
                if time.monotonic() > end or len(content) > _MOST_BYTES:
                    raise _BusyError(f"did not give its answer within {seconds:g} s and {_MOST_BYTES:,} bytes")
        return self._read(response, bytes(content))

    def _save(self, into: IO[bytes], **request: Any) -> None:
        into.seek(0)
        into.truncate()
        with self._opened("POST", "", request) as response:
            if response.status_code != HTTPStatus.OK:
                self._read(response, b"")
            for chunk in _chunks(response):
                into.write(chunk)

    @contextmanager
    def _opened(self, method: str, path: str, request: Mapping[str, Any]) -> Iterator[requests.Response]:
        seconds = self._linking.timeout
        try:
            with self._session.request(
                method,
                self.address + path,
                timeout=(min(_TO_CONNECT, seconds), seconds),
                stream=True,
                allow_redirects=False,
                **request,
            ) as response:
                yield response
        except requests.Timeout as error:
            raise _BusyError(f"did not answer within {seconds:g} s") from error
        except (requests.RequestException, HTTPError) as error:
            raise _BusyError(f"can't be reached ({cause(error)})") from error

    def _read(self, response: requests.Response, content: bytes) -> Any:
        try:
            found = json.loads(content)
        except ValueError:
            found = None
        refusal = found.get("error") if isinstance(found, dict) else None
        code = refusal.get("code") if isinstance(refusal, dict) else None
        if response.status_code in _AGAIN or code == _MAXLAG:
            status = code or f"{response.status_code} {response.reason}"
            raise _BusyError(f"is busy ({status})", retry_after(response))
        if response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise TooLargeError(f"{self.address} refuses so large a batch")
        if response.status_code != HTTPStatus.OK or refusal is not None or found is None:
            info = refusal.get("info", "") if isinstance(refusal, dict) else refusal or response.reason
            status = f"{response.status_code} {' '.join(str(info).split())}"[:_SHOWN]
            is_other = response.status_code == HTTPStatus.OK and found is None
            what = "gave something else than JSON" if is_other else f"refuses the question ({status})"
            message = f"{self.address} {what}: check the address under [link]"
            self._lost = (time.monotonic() + _RESTS, message)
            raise ServiceError(message)
        return found


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """The body as it comes, so that a server that drips is noticed."""
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        yield chunk


class _BusyError(Exception):
    """No answer came; it may come after `wait` seconds, or as the back-off says."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class TooLargeError(ServiceError):
    """A batch of fewer questions may be answered."""


class Kept:
    """Answers on disk, which several processes may use at once."""

    def __init__(self, folder: Path, days: float) -> None:
        self._folder, self._path = folder, folder / _FILE
        self._oldest = days * _DAY
        self._database: sqlite3.Connection | None = None

    def get(self, question: str) -> Any:
        row = self._run("SELECT answer FROM kept WHERE question = ? AND time > ?", question, time.time() - self._oldest)
        return None if row is None else json.loads(row[0])

    def put(self, question: str, answer: Any) -> None:
        self._run("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", question, time.time(), json.dumps(answer))

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The turn to ask, which one process has at a time."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = (self._folder / _TURN).open("a")
        except OSError as error:
            raise self._refused(error) from error
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _refused(self, error: OSError | sqlite3.Error) -> UsageError:
        return UsageError(
            f"answers can't be kept in {self._folder} ({cause(error)}): set cache under [link], or KG_LINK_CACHE, to "
            "another folder"
        )

    def _run(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        try:
            if self._database is None:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._database = sqlite3.connect(
                    self._path, timeout=30.0, isolation_level=None, check_same_thread=False
                )
                self._database.execute("PRAGMA synchronous = OFF")
                self._database.execute(
                    "CREATE TABLE IF NOT EXISTS kept (question TEXT PRIMARY KEY, time REAL, answer TEXT) WITHOUT ROWID"
                )
            row: tuple[Any, ...] | None = self._database.execute(statement, values).fetchone()
        except (OSError, sqlite3.Error) as error:
            raise self._refused(error) from error
        return row
