"""Who reviews in a browser: the token in a cookie that no script reads, and that no page elsewhere has sent along.

A form holds a key that is made of the token: who can't read a page of ours can't know it, and so sends no form of ours.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import request
from werkzeug.wrappers import Response

from server.app import settings
from server.errors import Forbidden
from server.tokens import name_of

_COOKIE = "newsgraph-token"
_PURPOSE = b"newsgraph review form"


def reviewer() -> str | None:
    """The name of the token that was signed in with. Raises Forbidden where there is none to sign in with."""
    if not settings().writable:
        raise Forbidden(
            "This server is read-only: it was started without a token for writing. Start it with one, by "
            "KG_TOKEN=… kg serve; docs/how-to/review.md of newsgraph has more."
        )
    return name_of(request.cookies.get(_COOKIE), settings().tokens)


def form_key() -> str:
    """What a form of this session must have sent along."""
    token = request.cookies.get(_COOKIE, "").encode("utf-8", "surrogatepass")
    return hmac.new(token, _PURPOSE, hashlib.sha256).hexdigest()


def author() -> str:
    """The name of the token under which a form was sent. Raises Forbidden where it was not sent from a page of ours."""
    name = reviewer()
    if name is None:
        raise Forbidden("Nobody is signed in here any more. Sign in at /review, and do it again.")
    if not hmac.compare_digest(form_key().encode(), request.form.get("key", "").encode("utf-8", "surrogatepass")):
        raise Forbidden("This form does not come from a page of this server, or from an old one. Load the page again.")
    return name


def keep(response: Response, token: str) -> None:
    """Sign in."""
    response.set_cookie(_COOKIE, token, path=_path(), secure=request.is_secure, httponly=True, samesite="Strict")


def drop(response: Response) -> None:
    """Sign out."""
    response.delete_cookie(_COOKIE, path=_path(), secure=request.is_secure, httponly=True, samesite="Strict")


def _path() -> str:
    return f"{request.script_root}/review"
