"""`/decisions`, `/decision/…`: what people decided, whatever articles say."""

from __future__ import annotations

import dataclasses
import json

from flask import Blueprint, Response, request

from server.answers import author
from server.app import departure, engine, settings
from server.engine.messages import Decide
from server.errors import NotFound, Unsupported
from server.lookups import DECISIONS
from server.parameters import body

blueprint = Blueprint("decisions", __name__)

_JSON = "application/json"


@blueprint.get("/decisions")
def show_all() -> Response:
    """All decisions, the oldest first."""
    return _answer(json.dumps(_all(), ensure_ascii=False))


@blueprint.get("/decision/<identifier>")
def show(identifier: str) -> Response:
    """The decision with this IRI."""
    found = next((one for one in _all() if one["id"] == identifier), None)
    if found is None:
        raise NotFound(f"There is no decision {identifier!r}.")
    return _answer(json.dumps(found, ensure_ascii=False))


def _all() -> list[dict[str, object]]:
    found = engine().look_up(DECISIONS, departure=departure())
    assert isinstance(found, tuple)
    return [dataclasses.asdict(one) for one in found]


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
