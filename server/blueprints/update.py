"""`/update`: the SPARQL Protocol's update operation."""

from __future__ import annotations

from flask import Blueprint, Response, request

from server.answers import author, only
from server.app import engine, settings
from server.blueprints.sparql import body, named_dataset
from server.engine.messages import Update
from server.errors import BadRequest, Unsupported

blueprint = Blueprint("update", __name__)

_FORM = "application/x-www-form-urlencoded"
_UPDATE = "application/sparql-update"


@blueprint.post("/update")
def update() -> Response:
    """Run an update: a form, or a body of application/sparql-update."""
    name = author()
    parameters = request.args
    if request.mimetype == _FORM:
        parameters = request.form
        text = only(parameters.getlist("update"), "update")
    elif request.mimetype == _UPDATE:
        text = body()
    else:
        raise Unsupported(f"An update is sent as {_FORM} or as {_UPDATE}, not as {request.mimetype or 'nothing'}.")
    if text is None:
        raise BadRequest("The parameter 'update' is missing.")
    dataset = named_dataset(parameters.getlist("using-graph-uri"), parameters.getlist("using-named-graph-uri"))
    if dataset is not None:
        raise BadRequest("using-graph-uri is not supported yet; write USING into the update.")
    engine().write(Update(text, settings().base, name))
    return Response(status=204)
