"""What all have in common that ask over HTTP: what they call themselves, and what answers mean."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests

USER_AGENT = "newsgraph/0.1 (reads news into a knowledge graph)"


def retry_after(response: requests.Response) -> float | None:
    """How many seconds the service asks to wait (RFC 9110, 10.2.3); None where it does not say."""
    text = response.headers.get("Retry-After", "").strip()
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def cause(error: BaseException) -> str:
    """The innermost reason, which names no object of a library."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
