"""Asks a service over HTTP, again where that may help, and says what went wrong where it does not.

https://platform.openai.com/docs/api-reference/chat; many other services and programs speak the same.
"""

from __future__ import annotations

import json
import time
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from kg.errors import ReadError, UsageError
from kg.extract.llm.kept import Answer
from kg.extract.llm.pace import Pace
from kg.extract.llm.service import KEY, Service
from kg.responses import cause, retry_after

_TO_CONNECT = 10.0
_LONGEST_WAIT = 300.0
_MOST_BYTES = 20_000_000
_CHUNK = 65_536
_SHOWN = 200
_AGAIN = (408, 409, 425, 429, 500, 502, 503, 504, 529)
_NO_KEY = (401, 403)
_NOT_THERE = (404, 405)
_PATIENCE = 3
"""After so many questions in a row that got no answer whatever was tried, the next ones are tried once only."""


class _FailedError(Exception):
    """A question got no answer; it may be asked again after `wait` seconds, or as the back-off says."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Client:
    """A connection to one service that is kept open between questions. Raises UsageError for a key that is none."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._url = service.address.rstrip("/") + "/chat/completions"
        self._key = service.key()
        self._pace = Pace(service.kept, service.requests_per_minute)
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "newsgraph"
        # Not what ~/.netrc may hold for the host.
        self._session.auth = self._sign
        self._lost = 0

    def ask(self, body: dict[str, Any], article: str) -> Answer:
        """The answer to one question.

        Raises ReadError, which names the article, where the service fails, and UsageError where it would fail for any
        article: it refuses the key, or knows no such model.
        """
        wait = self._service.wait
        tries = 1 if self._lost >= _PATIENCE else 1 + self._service.retries
        for left in range(tries - 1, -1, -1):
            try:
                self._pace.wait()
                found = self._answer(body, article)
            except _FailedError as error:
                pause = wait if error.wait is None else error.wait
                if not left or pause > _LONGEST_WAIT:
                    self._lost += 1
                    raise ReadError(article, f"the service at {self._service.address} {error}") from error
                if error.wait is not None:
                    self._pace.hold(pause)
                time.sleep(pause)
                wait *= 2
            else:
                self._lost = 0
                return found
        raise AssertionError("a question is asked at least once")

    def _answer(self, body: dict[str, Any], article: str) -> Answer:
        response, content = self._post(body)
        status = response.status_code
        if status in _AGAIN:
            raise _FailedError(f"failed ({self._reason(response, content)})", retry_after(response))
        if status in _NO_KEY:
            raise UsageError(
                f"the service at {self._service.address} refuses the key ({self._reason(response, content)}): "
                f"set {KEY}, or key_file under [llm]"
            )
        if status in _NOT_THERE or response.is_redirect:
            raise UsageError(
                f"the service at {self._service.address} has no such address, or no model "
                f"{self._service.model!r} ({self._reason(response, content)})"
            )
        if status != 200:
            reason = self._reason(response, content)
            raise ReadError(article, f"the service at {self._service.address} refuses the question ({reason})")
        return _read(content)

    def _post(self, body: dict[str, Any]) -> tuple[requests.Response, bytes]:
        """The response and its body, the whole of it within the time that an answer may take."""
        seconds = self._service.timeout
        late = _FailedError(f"did not answer within {seconds:g} s")
        end = time.monotonic() + seconds
        try:
            with self._session.post(
                self._url, json=body, timeout=(_TO_CONNECT, seconds), stream=True, allow_redirects=False
            ) as response:
                content = bytearray()
                # A chunk is what has come, not what was asked for: so a server that drips is noticed.
                while chunk := response.raw.read1(_CHUNK, decode_content=True):
                    content += chunk
                    if time.monotonic() > end:
                        raise late
                    if len(content) > _MOST_BYTES:
                        raise _FailedError(f"answered with more than {_MOST_BYTES:,} bytes")
        except requests.Timeout as error:
            raise late from error
        except (requests.RequestException, HTTPError, OSError) as error:
            raise _FailedError(f"can't be reached ({cause(error)})") from error
        return response, bytes(content)

    def _sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._key is not None:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request

    def _reason(self, response: requests.Response, content: bytes) -> str:
        """What the service says of an error, on one line and without the key."""
        text = content.decode("utf-8", "replace")
        try:
            found = json.loads(text)
            message = str(found["error"]["message"])
        except (ValueError, KeyError, TypeError):
            message = "" if "html" in response.headers.get("Content-Type", "") else text
        message = " ".join(message.split())
        if self._key:
            message = message.replace(self._key, "…")
        return f"{response.status_code} {message[:_SHOWN] or response.reason}".strip()


def _read(content: bytes) -> Answer:
    """What the model wrote. A refusal is one more answer that holds nothing, and is asked for again."""
    try:
        (choice, *_) = json.loads(content)["choices"]
        written, reason = choice["message"]["content"], choice.get("finish_reason")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _FailedError("answered with something else than the chat API gives") from error
    if not isinstance(written, str):
        raise _FailedError("gave no text: the model refused, or the service filtered it")
    if reason == "length":
        return Answer("", True)
    try:
        found = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise _FailedError("answered with malformed JSON") from error
    if not isinstance(found, dict):
        raise _FailedError("answered with JSON of another form than was asked for")
    return Answer(written, False)
