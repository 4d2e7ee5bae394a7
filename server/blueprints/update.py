"""`/update`: the SPARQL Protocol's update operation."""

from __future__ import annotations

from flask import Blueprint, Response, request

from server.answers import author
from server.app import engine, note, settings
from server.engine.messages import Update
from server.errors import BadRequest, Unsupported
from server.parameters import FORM, body, dataset, one

blueprint = Blueprint("update", __name__)

_UPDATE = "application/sparql-update"


@blueprint.post("/update")
def update() -> Response:
    """Run an update: a form, or a body of application/sparql-update."""
    name = author()
    if request.mimetype == FORM:
        text = one("update")
    elif request.mimetype == _UPDATE:
        text = body()
        if one("update") is not None:
            raise BadRequest("The update is in the body; there must be no parameter 'update' beside it.")
    else:
        raise Unsupported(f"An update is sent as {FORM} or as {_UPDATE}, not as {request.mimetype or 'nothing'}.")
    if one("query") is not None:
        raise BadRequest("Queries are sent to /sparql, and updates here; a request has one of them.")
    if text is None:
        raise BadRequest("The parameter 'update' is missing.")
    note(text)
    using = dataset("using-graph-uri", "using-named-graph-uri")
    engine().write(Update(text, settings().base, name, using))
    return Response(status=204)
