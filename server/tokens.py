"""The tokens that allow writing."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from werkzeug.datastructures import Authorization


def secret_in(header: str | None) -> str | None:
    """The secret that an Authorization header gives: the token of Bearer, or the password of Basic."""
    found = None if header is None else Authorization.from_header(header)
    return None if found is None else found.token or found.password


def name_of(secret: str | None, tokens: Mapping[str, str]) -> str | None:
    """The name of the token that a secret is; None if it is none of `tokens`."""
    if secret is None:
        return None
    given = secret.encode("utf-8", "surrogatepass")
    # All of them are compared, and each in the same time, so that the time tells nothing.
    same = [name for name, token in tokens.items() if hmac.compare_digest(token.encode(), given)]
    return same[0] if same else None
