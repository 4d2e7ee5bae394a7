"""`/decisions`: what people decided, whatever articles say."""

from __future__ import annotations

import dataclasses
import json

from flask import Blueprint, Response, request

from server.answers import author
from server.app import departure, engine, settings
from server.engine.messages import Decide
from server.errors import Unsupported
from server.lookups import DECISIONS
from server.parameters import body

blueprint = Blueprint("decisions", __name__)

_JSON = "application/json"


@blueprint.get("/decisions")
def show() -> Response:
    """All decisions, the oldest first."""
    found = engine().look_up(DECISIONS, departure=departure())
    assert isinstance(found, tuple)
    return _answer(json.dumps([dataclasses.asdict(one) for one in found], ensure_ascii=False))


@blueprint.post("/decisions")
def decide() -> Response:
    """Make a decision; needs the token."""
    name = author()
    if request.mimetype != _JSON:
        raise Unsupported(f"A decision is sent as {_JSON}, not as {request.mimetype or 'nothing'}.")
    return _answer(engine().write(Decide(body(), settings().base, name)).told, 201)


@blueprint.delete("/decisions/<identifier>")
def undo(identifier: str) -> Response:
    """Undo a decision; needs the token."""
    name = author()
    text = json.dumps({"decide": "undo", "decision": identifier})
    return _answer(engine().write(Decide(text, settings().base, name)).told)


def _answer(text: str, status: int = 200) -> Response:
    return Response(text, status, content_type=_JSON)
